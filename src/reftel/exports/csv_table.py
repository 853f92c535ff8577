"""A table of cables as CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import StringIO
from typing import BinaryIO

from reftel.exports.columns import COLUMNS, Value, row
from reftel.model import Cable

# A spreadsheet takes a cell that begins so for a formula and runs it.
_FORMULA = re.compile(r"'*+[=+\-@＝＋－＠]")


def write_csv(cables: Iterable[Cable], out: BinaryIO) -> int:
    """Writes a head line and one row a cable, and returns how many: UTF-8 without mark, lines ending in CR LF."""
    count = 0
    out.write(_line([column.name for column in COLUMNS]))
    for cable in cables:
        out.write(_line([_cell(value) for value in row(cable)]))
        count += 1
    return count


def _line(cells: list[str]) -> bytes:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _cell(value: Value) -> str:
    """A list is joined by semicolons, one inside an entry is a comma. What could be a formula gets an apostrophe before it."""
    text = ";".join(one.replace(";", ",") for one in value) if isinstance(value, tuple) else str(value or "")
    if isinstance(value, int):
        return str(value)
    return guard_cell(text)


def guard_cell(text: str) -> str:
    """The text of a cell, with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text
