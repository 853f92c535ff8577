"""`reftel verify`: an export of statements against the texts it quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from reftel.cli.errors import said
from reftel.cli.output import Lines, count_of, prepare_text, printable
from reftel.pipeline.verify import VERDICTS, Checked, verify_file
from reftel.workbench import Archive

HOLDS, DOES_NOT_HOLD = 0, 1


def verify_export(file: str, folder: str, texts: Sequence[str]) -> int:
    """Prints each row that does not hold, and how many do; the exit code. texts: files to be asked instead of the archive."""
    prepare_text()
    counts: Counter[str] = Counter()
    wrong = 0
    with said(), ExitStack() as stack:
        archive = None if texts else stack.enter_context(Archive.open(folder))
        rows = archive.verify(file) if archive is not None else verify_file(Path(file), None, texts)
        lines = stack.enter_context(Lines())
        for row in rows:
            counts[row.verdict] += 1
            wrong += not row.is_true
            if not row.is_true:
                lines.print(printable(_say(row)))
    told = "; ".join(f"{counts[verdict]:,} {verdict}" for verdict in VERDICTS if counts[verdict])
    click.echo(f"{count_of(counts.total(), 'row')}: {told}.", err=True)
    return DOES_NOT_HOLD if wrong else HOLDS


def _say(row: Checked) -> str:
    """ "row 3  09LONDON2499  differs  speaker is 'A', and 'B' now"."""
    return "  ".join(filter(None, (row.place, row.cable, row.verdict, row.detail)))
