"""What was asked for, checked: pages, queries, days. Every mistake is one sentence, and a slip in a query is pointed at."""

from __future__ import annotations

from datetime import date

from reftel.errors import ReftelError
from reftel.mcp.lines import words
from reftel.query import Query, QueryError, parse_query, point
from reftel.query.dates import read_date
from reftel.query.tree import And


def check_page(limit: int, offset: int, most: int) -> tuple[int, int]:
    """Limit and offset as they are served: never more than `most`. ReftelError if they ask for nothing."""
    if limit < 1:
        raise ReftelError(f"limit={limit} asks for nothing. Give 1 to {most}.")
    if offset < 0:
        raise ReftelError(f"offset={offset} is below zero. It says how many to pass over.")
    return min(limit, most), offset


def read_asked(text: str) -> Query:
    """The query that a text is."""
    try:
        return parse_query(text)
    except QueryError as error:
        raise ReftelError(f"{error}\n{point(text, error)}" if text.strip() else str(error)) from None


def read_days(date_from: str | None, date_to: str | None) -> tuple[date | None, date | None]:
    """The first and the last day of a stretch, each None where it is open."""
    low, high = _read_day("date_from", date_from), _read_day("date_to", date_to)
    first, last = low[0] if low else None, high[1] if high else None
    if first and last and first > last:
        raise ReftelError(f"date_from={date_from} lies behind date_to={date_to}. Exchange the two.")
    return first, last


def ask_days(field: str, date_from: str | None, date_to: str | None) -> Query | None:
    """The query for a stretch of days in a field of dates; None if both ends are open."""
    first, last = read_days(date_from, date_to)
    if first is None and last is None:
        return None
    return parse_query(f"{field}:{first.isoformat() if first else ''}..{last.isoformat() if last else ''}")


def ask_all(*queries: Query | None) -> Query:
    """What several queries ask together, one at least."""
    given = [query for query in queries if query is not None]
    if len(given) == 1:
        return given[0]
    notes = tuple(note for query in given for note in query.notes)
    return Query(" ".join(query.text for query in given), And(tuple(query.tree for query in given)), notes)


def _read_day(name: str, text: str | None) -> tuple[date, date] | None:
    if text is None or not text.strip():
        return None
    days = read_date(text)
    if days is None:
        raise ReftelError(f"{name}={words(text, 40)} is no date. Write it as 2008, 2008-12 or 2008-12-18.")
    return days
