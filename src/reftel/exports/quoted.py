"""The quoted rows of an export, read back: CSV, JSON Lines or JSON, as `write_rows` wrote them or with more around them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from reftel.errors import ReftelError
from reftel.exports.csv_table import guard_cell
from reftel.exports.statements import COLUMNS, read_spans, say_versions
from reftel.model import Record, Span

_KINDS = {column.name: column.kind for column in COLUMNS}
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Quoted(Record, frozen=True):
    """One row. place: "row 3", counted from 1 without the head line. spans: column such as `content_at` -> offsets.

    told: the other columns of a statement that the row has, as they stand in a CSV; versions among them.
    """

    place: str
    sha256: str
    spans: dict[str, tuple[Span, ...]]
    told: dict[str, str]


def read_quoted(path: Path) -> Iterator[Quoted]:
    """The rows of a file that quote a text. ReftelError if it cannot be read, or quotes nothing."""
    rows = _read_rows(path)
    count = 0
    for count, (place, row) in enumerate(rows, 1):  # noqa: B007
        yield _quoted(path, place, row)
    if not count:
        raise ReftelError(
            f"{path.name} quotes nothing: no row of it has a sha256 and offsets. Give an export of statements, "
            "CSV, JSON Lines or JSON."
        )


def _read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise ReftelError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise ReftelError(f"{path} is no UTF-8 text. Give an export of statements, CSV, JSON Lines or JSON.") from None
    if not text.lstrip().startswith(("{", "[")):
        yield from _read_csv(path, text)
        return
    count = 0
    for value in _read_json(path, text):
        for row in _objects(value):
            count += 1
            yield f"row {count}", row


def _read_csv(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        for count, row in enumerate(csv.DictReader(io.StringIO(text, newline="")), 1):
            if "sha256" in row:
                yield f"row {count}", {name: _unguard(cell or "") for name, cell in row.items() if name is not None}
    except csv.Error as error:
        raise ReftelError(f"{path.name} is no table that can be read ({error}). Export it again.") from None


def _unguard(cell: str) -> str:
    """What `guard_cell` put before a cell taken away."""
    return cell[1:] if cell.startswith("'") and len(cell) > 2 and guard_cell(cell[1:]) == cell else cell


def _read_json(path: Path, text: str) -> Iterator[Any]:
    try:
        yield msgspec.json.decode(text)
        return
    except (msgspec.DecodeError, RecursionError):
        pass  # several objects, one a line
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield msgspec.json.decode(line)
            except (msgspec.DecodeError, RecursionError):
                raise ReftelError(f"Line {number} of {path.name} is no JSON. Export it again.") from None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object with a sha256 and offsets, however deep it stands, in order."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "sha256" in one and any(name in one for name in _KINDS if name.endswith("_at")):
                yield one
            waiting += reversed([each for each in one.values() if isinstance(each, (dict, list))])
        elif isinstance(one, list):
            waiting += reversed([each for each in one if isinstance(each, (dict, list))])


def _quoted(path: Path, place: str, row: dict[str, Any]) -> Quoted:
    sha256 = row["sha256"]
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise ReftelError(f"The sha256 in {place} of {path.name} is none. Export it again.")
    spans: dict[str, tuple[Span, ...]] = {}
    told: dict[str, str] = {}
    for name, kind in _KINDS.items():
        if name not in row:
            continue
        if kind == "spans":
            found = read_spans(row[name]) if isinstance(row[name], str) else _spans(row[name])
            if found is None:
                raise ReftelError(f"{name} in {place} of {path.name} holds no offsets. Export it again.")
            spans[name] = found
        else:
            told[name] = as_cell(row[name])
    return Quoted(place, sha256, spans, told)


def _spans(value: Any) -> tuple[Span, ...] | None:
    try:
        return tuple(msgspec.convert(value or [], list[Span]))
    except msgspec.ValidationError:
        return None


def as_cell(value: Any) -> str:
    """A value as a CSV has it, so that a row of any form can be compared."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return say_versions(value) if isinstance(value, dict) else str(value)
