"""Endpoints that answer a query: search, explain, statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from reftel.archive.said import as_reported
from reftel.exports.statements import describe
from reftel.model import Attribution
from reftel.query import Query, parse_query
from reftel.query.dates import day_number
from reftel.query.tree import And, Range, Said
from reftel.web.api.answers import Count, Explanation, SearchPage, StatementPage, StatementRow
from reftel.web.api.calls import Call
from reftel.web.api.cursors import tell_page
from reftel.web.api.parameters import read_days
from reftel.workbench import Archive


def search(archive: Archive, call: Call) -> SearchPage:
    """A page of the cables that a query finds. date_from and date_to are asked of the day of the cable."""
    values, place = call.values, call.place(archive)
    query = _within(parse_query(values["query"]), "date", *read_days(values))
    result = archive.search(
        query,
        limit=place.limit,
        offset=place.offset,
        sort=values["sort"],
        facets=values["facets"] or (),
        masked=call.masked,
    )
    return SearchPage(
        **tell_page(archive, place, result.total),
        query=values["query"],
        notes=(*query.notes, *archive.notes),
        hits=result.hits,
        facets={name: tuple(Count(*one) for one in spread) for name, spread in result.facets.items()},
    )


def explain(archive: Archive, call: Call) -> Explanation:
    """The parts of a query, with how many cables or statements each finds."""
    query, masked = parse_query(call.values["query"]), call.masked
    if call.values["of"] == "statements":
        query = as_reported(query)
        parts, total = archive.explain_said(query, masked=masked), archive.count_said(query, masked=masked)
    else:
        parts, total = archive.explain(query, masked=masked), archive.count(query, masked=masked)
    return Explanation(call.values["query"], call.values["of"], total, (*query.notes, *archive.notes), tuple(parts))


def list_statements(archive: Archive, call: Call) -> StatementPage:
    """A page of the statements that a query finds. date_from and date_to are asked of the day on which it was said."""
    values, place = call.values, call.place(archive)
    query = _within(parse_query(values["query"]), "said", *read_days(values))
    result = archive.said(query, limit=place.limit, offset=place.offset, sort=values["sort"], masked=call.masked)
    return StatementPage(
        **tell_page(archive, place, result.total),
        query=values["query"],
        notes=(*result.query.notes, *archive.notes),
        statements=tuple(make_rows(archive, result.hits)),
    )


def make_rows(archive: Archive, attributions: Iterable[Attribution]) -> Iterator[StatementRow]:
    """Statements as they are answered, in their order."""
    told = list(attributions)
    for one, address in zip(told, archive.addresses([one.key for one in told]), strict=True):
        yield StatementRow(address=address, ordinal=one.ordinal, **describe(one))


def _within(query: Query, field: str, low: date | None, high: date | None) -> Query:
    """The query, asked of what lies between two days only; of statements, where the field is theirs."""
    if low is None and high is None:
        return query
    days = Range(field, day_number(low) if low else None, day_number(high) if high else None)
    return Query(query.text, And((query.tree, Said(days) if field == "said" else days)), query.notes)
