"""Statements as a table, each quoted cell with what is needed to find it again: `reftel verify` does.

write_attributions("csv", archive.said_all(query), sys.stdout.buffer)      one row a statement, the columns of COLUMNS
write_rows("csv", [{**describe(a), "verdict": "shifted"} for a in ...], out, (*NAMES, "verdict"))      with columns of your own

`describe` gives one statement as a JSON object of those columns. It may stand anywhere in a JSON file of yours: `reftel verify` looks for
every object that has `sha256` and offsets.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from io import StringIO
from itertools import islice
from typing import Any, BinaryIO

import msgspec

from reftel.errors import ReftelError
from reftel.exports.csv_table import guard_cell
from reftel.model import Attribution, Record, Span
from reftel.text import one_line

FORMS = ("csv", "jsonl", "json", "parquet")
Spans = tuple[Span, ...]
_ROW_GROUP = 1_000
_SPANS = re.compile(r"\d{1,12}-\d{1,12}(?:;\d{1,12}-\d{1,12}){0,9999}", re.ASCII)


class Column(Record, frozen=True):
    """One column. kind: `text`, `number`, `share`, `flag`, `spans` or `versions`. value: of an attribution; None where there is none."""

    name: str
    kind: str
    meaning: str
    value: Callable[[Attribution], Any]


def write_attributions(form: str, attributions: Iterable[Attribution], out: BinaryIO) -> int:
    """Writes one row a statement, pulled one by one, and returns how many. form: one of FORMS."""
    return write_rows(form, map(describe, attributions), out)


def describe(attribution: Attribution) -> dict[str, Any]:
    """The row of a statement: column -> value, as it stands in JSON (spans as lists of [start, end])."""
    return {column.name: column.value(attribution) for column in COLUMNS}


def write_rows(form: str, rows: Iterable[Mapping[str, Any]], out: BinaryIO, names: Iterable[str] = ()) -> int:
    """Writes rows that `describe` began, and returns how many. names: the columns in order; none: those of COLUMNS.

    A column that is not in COLUMNS is text, a number or a flag. ReftelError if pyarrow is not there for "parquet".
    """
    columns = tuple(names) or NAMES
    if form == "parquet":
        return _write_parquet(rows, out, columns)
    counted = _Counted(rows)
    for piece in stream_rows(form, counted, columns):
        out.write(piece)
    return counted.count


def stream_rows(form: str, rows: Iterable[Mapping[str, Any]], names: Iterable[str] = ()) -> Iterator[bytes]:
    """The same, piece by piece: a piece for what stands before the rows, for each row, and for what stands after. Not for parquet."""
    return _STREAMS[form](rows, tuple(names) or NAMES)


class _Counted:
    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for row in self.rows:
            self.count += 1
            yield row


def read_spans(cell: str) -> Spans | None:
    """The spans of a cell, "123-160;170-180"; () of an empty one, None if it holds anything else."""
    if not cell:
        return ()
    if not _SPANS.fullmatch(cell):
        return None
    return tuple(Span(*map(int, span.split("-"))) for span in cell.split(";"))


def say_versions(versions: Mapping[str, str]) -> str:
    """ "names 1, statements 3"."""
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _stream_csv(rows: Iterable[Mapping[str, Any]], names: tuple[str, ...]) -> Iterator[bytes]:
    """UTF-8 without mark, lines ending in CR LF. What could be a formula gets an apostrophe before it."""
    yield _line(names)
    for row in rows:
        yield _line([_cell(row.get(name)) for name in names])


def _line(cells: Iterable[str]) -> bytes:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return say_versions(value)
    if isinstance(value, (tuple, list)):
        return ";".join(f"{start}-{end}" for start, end in value)
    text = str(value)
    return guard_cell(text) if len(text) > 1 and not isinstance(value, (int, float)) else text


def _stream_jsonl(rows: Iterable[Mapping[str, Any]], names: tuple[str, ...]) -> Iterator[bytes]:
    for row in rows:
        yield msgspec.json.encode({name: row.get(name) for name in names}) + b"\n"


def _stream_json(rows: Iterable[Mapping[str, Any]], names: tuple[str, ...]) -> Iterator[bytes]:
    """One array, an object a line."""
    yield b"["
    before = b"\n"
    for row in rows:
        yield before + msgspec.json.encode({name: row.get(name) for name in names})
        before = b",\n"
    yield b"]\n" if before == b"\n" else b"\n]\n"


def _write_parquet(rows: Iterable[Mapping[str, Any]], out: BinaryIO, names: tuple[str, ...]) -> int:
    """Row groups of a thousand; spans are lists of lists, versions one text, a column of the caller's own is text."""
    arrow, parquet = _load()
    kinds = {
        "text": arrow.string(),
        "number": arrow.int32(),
        "share": arrow.float64(),
        "flag": arrow.bool_(),
        "spans": arrow.list_(arrow.list_(arrow.int32())),
        "versions": arrow.string(),
    }
    known = {column.name: column.kind for column in COLUMNS}
    schema = arrow.schema([(name, kinds[known.get(name, "text")]) for name in names])
    count = 0
    waiting = iter(rows)
    with parquet.ParquetWriter(out, schema) as writer:
        while group := list(islice(waiting, _ROW_GROUP)):
            columns = [
                arrow.array([_typed(row.get(name), known.get(name, "text")) for row in group], schema.field(name).type)
                for name in names
            ]
            writer.write_table(arrow.Table.from_arrays(columns, schema=schema), row_group_size=_ROW_GROUP)
            count += len(group)
    return count


def _typed(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "spans":
        return [list(span) for span in value]
    return _cell(value) if kind in ("text", "versions") and not isinstance(value, str) else value


def _load() -> tuple[Any, Any]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise ReftelError('Parquet needs pyarrow. Install it with: pip install "reftel[parquet]"') from None


_STREAMS = {"csv": _stream_csv, "jsonl": _stream_jsonl, "json": _stream_json}


def _one(span: Span | None) -> Spans:
    return (span,) if span else ()


COLUMNS = (
    Column("cable", "text", "id of the cable", lambda a: a.cable),
    Column("date", "text", "day of the cable", lambda a: a.date),
    Column("post", "text", "its sender, by the name of the post", lambda a: a.post),
    Column("classification", "text", "of the whole cable", lambda a: a.classification),
    Column("paragraph", "number", "printed number of the paragraph; empty for an unnumbered one", lambda a: a.number),
    Column("marking", "text", "its portion mark, `C/NF`", lambda a: a.marking),
    Column("heading", "text", "the heading it stands under", lambda a: one_line(a.heading) if a.heading else None),
    Column("speaker", "text", "who says it, canonical; joint ones `A; B`", lambda a: a.statement.speaker),
    Column("addressee", "text", "to whom, canonical", lambda a: a.statement.addressee),
    Column("kind", "text", "`direct`, `mixed`, `indirect`, `stance` or `implicit`", lambda a: a.statement.kind),
    Column("quoted", "flag", "quotation marks occur in the content", lambda a: a.statement.quoted),
    Column("negated", "flag", "the cue is negated, or a refusal", lambda a: a.statement.negated),
    Column("polarity", "text", "`+` or `-` where the text makes it plain", lambda a: a.statement.polarity),
    Column("said", "text", "date of the speech, as far as it is told: `2008-12-18`", lambda a: a.statement.date),
    Column("voice", "text", "`reported`, or `drafter` for the drafter's own", lambda a: a.statement.voice),
    Column("source", "text", "the words that name the speaker", lambda a: a.source),
    Column("cue", "text", "the words that attribute", lambda a: a.cue),
    Column("content", "text", "the words that are attributed", lambda a: a.content),
    Column("sentence", "text", "all of it", lambda a: one_line("".join(text for text, _ in a.pieces))),
    Column("sha256", "text", "of the text that the offsets point into", lambda a: a.sha256),
    Column("source_at", "spans", "offsets of `source`: code points, end exclusive", lambda a: _one(a.statement.source)),
    Column("cue_at", "spans", "offsets of `cue`", lambda a: _one(a.statement.cue)),
    Column("content_at", "spans", "offsets of `content`, piece by piece", lambda a: a.statement.content),
    Column("sentence_at", "spans", "offsets of `sentence`", lambda a: _one(a.statement.sentence)),
    Column("said_at", "spans", "offsets of the words that tell `said`", lambda a: _one(a.statement.date_span)),
    Column("confidence", "share", "of the rule, 0 to 1", lambda a: a.statement.confidence),
    Column("rule", "text", "what found it", lambda a: a.statement.rule),
    Column("versions", "versions", "of the extractors, `names 1, statements 1`", lambda a: a.versions),
)
NAMES = tuple(column.name for column in COLUMNS)
