"""Date-time groups: `O R 051547Z NOV 09` is 15:47 UTC on 5 November 2009, IMMEDIATE and ROUTINE."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import NamedTuple

from reftel.model import Span
from reftel.tables import month_number, precedence_word

PIVOT = 40
"""Two-digit years below this are of the 21st century."""

DTG_PRINT = re.compile(
    r"(?<!\d)(\d\d)(\d\d)(\d\d)[ \t]?[Zz][ \t]{0,9}([A-Za-z]{3,9})\.?[ \t]{0,9}"
    r"((?:19|20)\d\d(?!\d)|\d\d(?!\d))"
)
"""What looks like a date-time group, possible or not: day, hour, minute, month, year."""

DTG_LINE = re.compile(r"[ZOPR ]*+" + DTG_PRINT.pattern)
"""A line that begins with precedence letters, if any, and what DTG_PRINT finds."""

# "P281848Z": the letter may be glued to the digits; "ZZHR 122107Z": the security line to the letter
_LETTERS = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=ZZH))([ZOPR])\1?(?:[ \t]{0,2}([ZOPR])\2?)?[ \t]{0,3}\Z")


class Dtg(NamedTuple):
    """A date-time group: `2009-11-05T15:47Z`, the precedence words before it (action, info), and where."""

    when: str
    precedence: tuple[str, ...]
    span: Span


def parse_dtg(text: str) -> Dtg | None:
    """The first possible date-time group of a text, or None: "051547Z NOV 09", "R 271036Z Apr 2000"."""
    return find_dtg(text, 0, len(text))


def find_dtg(text: str, start: int, end: int) -> Dtg | None:
    """The first possible date-time group in text[start:end] with the precedence letters before it.

    None if no group is printed, or none that a calendar knows: "321547Z NOV 09". The span runs from the
    precedence letters, if there are any, to the year; what follows (`ZDK`, `ZFF4`) is not part of it.
    """
    for print_ in DTG_PRINT.finditer(text, start, end):
        when = find_instant(print_)
        if when is not None:
            return Dtg(when, *_precedence(text, start, print_))
    return None


def find_precedence(text: str, start: int, print_: re.Match[str]) -> tuple[str, ...]:
    """The precedence words before a group that DTG_PRINT or DTG_LINE found, whether the calendar knows it or not."""
    return _precedence(text, start, print_)[0]


def _precedence(text: str, start: int, print_: re.Match[str]) -> tuple[tuple[str, ...], Span]:
    letters = _LETTERS.search(text, max(start, print_.start(1) - 9), print_.start(1))
    if letters is None:
        return (), Span(print_.start(1), print_.end())
    words = tuple([word for letter in letters.groups() if letter and (word := precedence_word(letter))])
    return words, Span(letters.start(), print_.end())


def find_instant(print_: re.Match[str]) -> str | None:
    """What a group that DTG_PRINT or DTG_LINE found says, `2009-11-05T15:47Z`; None if no calendar knows it."""
    day, hour, minute, month, year = print_.groups()
    number = month_number(month)
    if number is None:
        return None
    years = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < PIVOT else 1900)
    if not (1 <= int(day) <= monthrange(years, number)[1] and int(hour) < 24 and int(minute) < 60):
        return None
    return f"{years:04d}-{number:02d}-{day}T{hour}:{minute}Z"
