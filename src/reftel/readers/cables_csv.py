"""cables.csv: one cable a row, eight columns; read as a stream, never as a whole.

    "1","12/28/1966 18:48","66BUENOSAIRES2481","Embassy Buenos Aires","UNCLASSIFIED","66STATE1","P R","UN"

A first row of column names is passed over. Quotes inside a field are escaped with a backslash (`\\"`) or doubled. Fields run over many lines.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from reftel.errors import UnreadableError
from reftel.model import Claims, Repair, Source
from reftel.readers.base import CERTAIN, NO, Delivery, Failure, make_source
from reftel.readers.decoding import decode_as, guess_single_byte

COLUMNS = 8
MAX_ROW = 64 << 20  # bytes; the longest real cable is well under one megabyte
_BLOCK = 1 << 20

# A row begins with number, date and time. Inside a field such a line can be part of a cable (partners pasted
# csv rows into bodies: 04THEHAGUE2735), so it ends an open field only where an unescaped, quoted origin
# follows, or where the number is the next one.
_START = re.compile(rb'\n"?\d{1,9}"?,"?\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d"?,')
_SURE = re.compile(rb'"?\d{1,9}"?,"?\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d"?,"?[^",\\\n]{1,80}"?,"(?!")[^"\\\n]{1,120}",')
_LONGEST_START = 80  # bytes; no match of _START is longer
_QUOTE = re.compile(rb'(?:[^"\\]|\\.)++|\\\Z', re.DOTALL)  # all that is no open or closing quote
_DIGITS = re.compile(rb'"?(\d{1,9})')
_NAMES = re.compile(rb'\s*+"?[A-Za-z_ ]{1,30}+"?(?:,"?[A-Za-z_ ]{1,30}+"?){7}\s*+\Z')  # of the columns
_FIRST = re.compile(
    r'(?:[A-Za-z_ ",]{15,300}+\r?\n)?\s{0,20}"?\d{1,9}"?,"?\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d"?,"?\d\d[A-Z]'
)
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d\d)")


def sniff_csv(text: str) -> int:
    """CERTAIN where the first line begins with a number, `m/d/yyyy hh:mm` and an id."""
    return CERTAIN if _FIRST.match(text) else NO


def stream_csv(head: bytes, rest: BinaryIO, locator: str) -> Iterator[Source | Failure]:
    """One Source a row, `cables.csv#3` for the third; a broken row is a Failure and the others go on.

    head: what was already read of the file. Memory holds one block and one row, whatever the file's size.
    """
    for ordinal, (line, row) in enumerate(_rows(_blocks(head, rest)), start=1):
        here = f"{locator}#{ordinal}"
        try:
            encoding, delivery = _read_row(row, ordinal)
        except UnreadableError as error:
            yield Failure(here, f"Row {ordinal} of {locator}, line {line}: {error}")
        else:
            yield make_source(delivery, "cables-csv", here, [Repair("decode", encoding)])


def read_csv(text: str) -> Delivery:
    """The only row of a text. UnreadableError if it holds no row, more than one, or a broken one."""
    rows = list(_rows([text.encode()]))
    if len(rows) != 1:
        raise UnreadableError(f"One row was expected here, but there are {len(rows)}. Read them from a file.")
    return _read_row(rows[0][1], 1)[1]


def row_text(raw: bytes, ordinal: int) -> str:
    """The text of row `ordinal` (from 1) of a whole file, for readers.replay. UnreadableError if none."""
    for number, (_, row) in enumerate(_rows([raw]), start=1):
        if number == ordinal:
            return _read_row(row, ordinal)[1].text
    raise UnreadableError(f"The file has no row {ordinal}.")


def _blocks(head: bytes, rest: BinaryIO) -> Iterator[bytes]:
    yield head
    while block := rest.read(_BLOCK):
        yield block


def _rows(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Line number and bytes of each row. A broken row ends where the next one surely begins.

    Of a row longer than MAX_ROW only so much is kept that _read_row refuses it.
    """
    row: list[bytes] = []
    size, quotes, counted, row_line, line = 0, 0, 0, 1, 1
    for piece, is_start in _pieces(blocks):
        goes_on = not is_start
        if is_start and row and not _SURE.match(piece) and size <= MAX_ROW:
            quotes += sum(len(_QUOTE.sub(b"", part)) for part in row[counted:])
            counted = len(row)
            goes_on = quotes % 2 == 1 and _number(piece) != _number(row[0]) + 1
        if not goes_on:
            if row and not (row_line == 1 and _NAMES.match(row[0])):
                yield row_line, b"".join(row)
            row, size, quotes, counted, row_line = [], 0, 0, 0, line
        if size <= MAX_ROW and (row or piece.strip()):
            row.append(piece)
            size += len(piece)
        line += piece.count(b"\n")
    if row:
        yield row_line, b"".join(row)


def _number(piece: bytes) -> int:
    """The row's number: an open quote or not, the row after 41 is 42."""
    found = _DIGITS.match(piece)
    return int(found[1]) if found else 0


def _pieces(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The file cut at every line that could begin a row, and whether the piece begins with such a line."""
    pending, searched, is_start = b"", 0, True
    for number, block in enumerate(blocks):
        pending += block.removeprefix(b"\xef\xbb\xbf") if number == 0 else block
        begin = 0
        for found in _START.finditer(pending, searched):
            yield pending[begin : found.start() + 1], is_start
            begin, is_start = found.start() + 1, True
        pending = pending[begin:]
        searched = max(len(pending) - _LONGEST_START, 0)
        if len(pending) > MAX_ROW:
            yield pending[:searched], is_start
            pending, searched, is_start = pending[searched:], 0, False
    if pending:
        yield pending, is_start


def _read_row(row: bytes, ordinal: int) -> tuple[str, Delivery]:
    """The row's encoding and what it delivers. UnreadableError, saying what is wrong, if it is broken."""
    if len(row) > MAX_ROW:
        raise UnreadableError(f"the row is longer than {MAX_ROW >> 20} MB; a quote is probably never closed.")
    encoding = "utf-8"
    try:
        text = row.decode()
    except UnicodeDecodeError:
        encoding = guess_single_byte(row)
        text = decode_as(row, encoding)
    fields = _fields(text)
    if len(fields) != COLUMNS:
        raise UnreadableError(f"{len(fields)} columns instead of {COLUMNS}.")
    _, date, cable_id, origin, classification, references, header, body = fields
    return encoding, Delivery(
        text=f"{header}\n\n{body}" if header and body else header + body,
        claims=Claims(
            id=cable_id.strip() or None,
            date=_iso_minute(date),
            classification=classification.strip() or None,
            origin=origin.strip() or None,
            references=tuple(name for part in references.split("|") if (name := part.strip())),
        ),
        header_end=len(header),
        repairs=(Repair("row", str(ordinal)),),
    )


def _fields(text: str) -> list[str]:
    if csv.field_size_limit() < MAX_ROW:  # the limit belongs to the whole process, and is too low for a cable
        csv.field_size_limit(MAX_ROW)
    # The row goes in as one "line": inside quotes the csv module takes line ends as they are.
    lines = [text.rstrip("\r\n")]
    try:
        rows = list(csv.reader(lines, escapechar="\\", doublequote=True, strict=True))
    except csv.Error as error:
        raise UnreadableError(f"the quotes of the row are broken ({error}).") from None
    return rows[0] if rows else []


def _iso_minute(printed: str) -> str | None:
    """`6/13/2005 15:12` is `2005-06-13T15:12`, as the date-time group has it (09THEHAGUE418)."""
    date = _DATE.fullmatch(printed.strip())
    if date is None:
        return None
    month, day, year, hour, minute = (int(part) for part in date.groups())
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}"
