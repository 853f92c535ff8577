"""`reftel parse`: cables as JSON Lines."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import msgspec

from reftel.cli.output import Lines
from reftel.cli.run import Run
from reftel.exports.record import encode


def print_records(paths: Sequence[str], reader: str | None, pretty: bool) -> int:
    """Prints one JSON object a cable, in input order; the exit code."""
    # A bar between the records on a terminal would only garble both.
    with Run(paths, reader, bar=not sys.stdout.isatty()) as run:
        with Lines() as lines:
            for cable in run.cables():
                record = encode(cable)
                lines.write(msgspec.json.format(record, indent=2) if pretty else record)
        return run.end()
