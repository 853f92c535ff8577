"""What a request asks for, out of its parameters: a query with its filters, a page, an order. A slip is a ReftelError."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request

from reftel.query import Query, parse_query
from reftel.query.tree import And
from reftel.web.problems import BadRequestError

PAGE, MOST = 20, 500
EVERYTHING = parse_query("*")
_LONGEST = 4000  # characters of a query; the language itself has no bound


class Asked(NamedTuple):
    """text: the query as typed; filters: queries added to it by facets, the months or a saved search; whole: all of it as one query.

    text and filters are what the address of the page holds; whole is what is answered, saved and exported.
    """

    text: str
    filters: tuple[str, ...]
    whole: Query


def read_asked(request: Request) -> Asked | None:
    """What is looked for; None if nothing is."""
    text = request.query_params.get("q", "").strip()
    filters = tuple(dict.fromkeys(one.strip() for one in request.query_params.getlist("f") if one.strip()))
    if len(text) + sum(map(len, filters)) > _LONGEST:
        raise BadRequestError(f"The query is longer than {_LONGEST:,} characters.", "Leave some of it out.")
    if not text and not filters:
        return None
    return Asked(text, filters, combine(text, filters))


def combine(text: str, filters: tuple[str, ...] = ()) -> Query:
    """One query of a query and its filters. A slip in the text is told with its place in the text."""
    asked = parse_query(text) if text else None
    if not filters:
        assert asked is not None
        return asked
    bracketed = f"({text})" if asked is not None and not isinstance(asked.tree, And) else text
    return parse_query(" ".join(filter(None, (bracketed, *filters))))


def read_number(request: Request, name: str, default: int, low: int, high: int) -> int:
    """A whole number of a parameter, between two bounds."""
    text = request.query_params.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text[:10]) <= high:
        raise BadRequestError(f"{name} is {text!r}.", f"Give a whole number from {low:,} to {high:,}.")
    return int(text)


def read_offset(request: Request) -> tuple[int, int]:
    """How many hits to pass over, and how many to show: `page` counts from 1, `limit` says how many a page has."""
    limit = read_number(request, "limit", PAGE, 1, MOST)
    return (read_number(request, "page", 1, 1, 1_000_000) - 1) * limit, limit


def read_choice(request: Request, name: str, known: tuple[str, ...]) -> str:
    """One of some words; the first where none is given."""
    text = request.query_params.get(name, "").strip() or known[0]
    if text not in known:
        raise BadRequestError(f"{name} is {text!r}.", f"Give one of: {', '.join(known)}.")
    return text
