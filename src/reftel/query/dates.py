"""Dates as people type them: 2008, 2008-12, dec 2008, 18 december 2008, and ranges with two points."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from reftel.cite import full_year
from reftel.tables import month_number

_ONE = r"(?:\d{4}(?:-\d{1,2}(?:-\d{1,2})?)?|(?:\d{1,2}\s{1,3})?[A-Za-z]{3,9}\.?\s{1,3}\d{4})"
_BARE = re.compile(rf"(?:{_ONE}(?:\s?\.\.\s?{_ONE}|\.\.)?|\.\.{_ONE})(?![^\s()\"])", re.ASCII)
_SHAPES = (
    re.compile(r"(?P<y>\d{4})(?:-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?)?", re.ASCII),
    re.compile(r"(?:(?P<d>\d{1,2})\s+)?(?P<m>[A-Za-z]{3,9}\.?)\s+(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<m>[A-Za-z]{3,9}\.?)\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})", re.ASCII),
)


def find_date(text: str, start: int) -> int | None:
    """Where a date or range of dates that begins at `start` ends; None if there is none, or a calendar has none such."""
    match = _BARE.match(text, start)
    return match.end() if match is not None and read_dates(match[0]) is not None else None


def read_dates(text: str) -> tuple[date | None, date | None] | None:
    """First and last day of a date or range, None where it is open: "2008..dec 2009", "..2005", "2009..".

    None if the text is neither, or names a day that never was. Years: those that ids may have (cite.full_year).
    """
    first, points, last = text.strip().partition("..")
    if not points:
        return read_date(first)
    low, high = read_date(first), read_date(last)
    if (low is None and first.strip()) or (high is None and last.strip()) or (low is None and high is None):
        return None
    return (low[0] if low else None, high[1] if high else None)


def read_date(text: str) -> tuple[date, date] | None:
    """First and last day of a year, month or day; None if the text is none of them."""
    for shape in _SHAPES:
        match = shape.fullmatch(text.strip())
        if match is not None:
            return _days(full_year(match["y"]), match["m"], match["d"])
    return None


def day_number(day: date, shift: int = 0) -> int:
    """The day, or the one `shift` days later, as yyyymmdd."""
    day += timedelta(days=shift)
    return day.year * 10000 + day.month * 100 + day.day


def _days(year: int | None, month_text: str | None, day_text: str | None) -> tuple[date, date] | None:
    if year is None:
        return None
    if month_text is None:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(month_text) if month_text.isdecimal() else month_number(month_text)
    if month is None or not 1 <= month <= 12:
        return None
    longest = monthrange(year, month)[1]
    if day_text is None:
        return date(year, month, 1), date(year, month, longest)
    day = int(day_text)
    return (date(year, month, day), date(year, month, day)) if 1 <= day <= longest else None
