"""One dump record: five lines about the cable, then its header and body, glued."""

from __future__ import annotations

import re

from reftel.errors import UnreadableError
from reftel.model import Claims, Segment, Span
from reftel.readers.base import CERTAIN, NO, Delivery

# `Thu Nov 05 00:00:00 +0100 2009`
_DATE = re.compile(
    r"[ \t]*[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) \d\d:\d\d:\d\d (?:[+-]\d{4}|[A-Z]{1,5}) (\d{4})[ \t]*\r?\n?"
)
_ID = re.compile(r"[ \t]*(\d\d[A-Za-z][A-Za-z0-9 ()/.'-]{0,60})\r?\n")
# in the third line of a record further down, after an id and a subject
_MIDNIGHT = re.compile(r"00:00:00(?=\s[-+A-Z])")
_BEFORE_DATE = re.compile(r"(?:\A|\n)[ \t>]*(\d\d[A-Z][A-Z0-9]{2,30})\r?\n[^\n]*\n\Z")
_LINE = re.compile(r"[^\n]*\n?")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def sniff_dump(text: str) -> int:
    """CERTAIN where the first line is an id and the third a dump's date."""
    begin = _begin(text)
    if not _ID.match(text, begin):
        return NO
    lines = _record_lines(text, begin)
    return CERTAIN if len(lines) == 5 and _DATE.fullmatch(lines[2].of(text)) else NO


def read_dump(text: str) -> Delivery:
    """The text as it stands; its five lines, newline included, are `record_line` segments.

    UnreadableError if there are fewer than five lines, or several records. An id or a date that cannot be read is not claimed.
    """
    lines = _record_lines(text, _begin(text))
    if len(lines) < 5:
        raise UnreadableError(
            "A dump record begins with five lines (id, subject, date, classification, origin); "
            f"there are only {len(lines)}. Name another reader with --reader (see: reftel readers)."
        )
    cable_id, subject, date, classification, origin = (span.of(text).strip() or None for span in lines)
    below = {_record_id(text, midnight.start()) for midnight in _MIDNIGHT.finditer(text, lines[4].end)}
    further = len(below - {None, cable_id})
    if further:
        raise UnreadableError(
            f"The file holds {further + 1} dump records one after another. Save each as a file of its own."
        )
    return Delivery(
        text=text,
        claims=Claims(
            id=cable_id,
            subject=subject,
            date=_iso_day(date or ""),
            classification=classification,
            origin=origin,
        ),
        furniture=tuple(Segment("record_line", span) for span in lines),
    )


def _begin(text: str) -> int:
    """Where the first line that is not blank begins: a copied record may have gained blank lines on top."""
    return len(text) - len(text.lstrip("\r\n"))


def _record_id(text: str, at: int) -> str | None:
    """The id two lines above, if the time of day at `at` is in the third line of a record further down.

    It may be the cable's own: bodies of the dump do hold their record's lines once more.
    """
    line = text.rfind("\n", max(at - 20, 0), at) + 1
    subject = text.rfind("\n", max(line - 2000, 0), max(line - 1, 0)) + 1
    if not 0 < subject < line or not _DATE.match(text, line):
        return None
    above = _BEFORE_DATE.search(text, max(subject - 40, 0), line)
    return above[1] if above is not None else None


def _record_lines(text: str, begin: int) -> list[Span]:
    spans = []
    for _ in range(5):
        line = _LINE.match(text, begin)
        if line is None or line.end() == begin:
            break
        spans.append(Span(begin, line.end()))
        begin = line.end()
    return spans


def _iso_day(printed: str) -> str | None:
    """The day as printed. The offset is never applied: at UTC the record would slip to the day before."""
    date = _DATE.fullmatch(printed)
    if date is None or date[1] not in _MONTHS:
        return None
    return f"{date[3]}-{_MONTHS.index(date[1]) + 1:02d}-{date[2]}"
