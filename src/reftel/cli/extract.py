"""`reftel extract`: names and statements looked for in an archive, or printed of files."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from reftel.cli.add import INTERRUPTED, open_archive, watch
from reftel.cli.errors import said
from reftel.cli.output import Lines
from reftel.cli.run import Run
from reftel.exports.findings import encode_findings
from reftel.extract.names import load_people
from reftel.pipeline.read import find_in


def extract_archive(folder: str, workers: int | None, people: str | None) -> int:
    """Looks through what is left in an archive, with a list of people to be kept with it; the exit code."""
    with open_archive(folder) as archive:
        if people is not None:
            with said():
                archive.take_people(people)
        return watch(
            archive,
            lambda tally: archive.extracting(workers=workers, tally=tally),
            none="Nothing was left to look through.",
        )


def print_findings(paths: Sequence[str], reader: str | None, people: str | None) -> int:
    """Prints one JSON object a cable, in input order; the exit code."""
    with said():
        listed = load_people(people) if people is not None else None
    try:
        with Run(paths, reader, bar=not sys.stdout.isatty()) as run:
            with Lines() as lines:
                for cable in run.cables():
                    lines.write(encode_findings(cable, find_in(cable, listed)))
            return run.end()
    except KeyboardInterrupt:
        return INTERRUPTED
