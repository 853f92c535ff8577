"""Searching: the cables that answer a query, how they spread, and why there are none; the entrance hall."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reftel.archive.desk import Saved
from reftel.archive.explain import Part
from reftel.archive.search import MONTH, SORTS, Result
from reftel.cite import parse_id
from reftel.exports.openurl import coins_of
from reftel.query import Query
from reftel.tables import find_tag
from reftel.web.asked import EVERYTHING, Asked, read_asked, read_choice, read_offset
from reftel.web.data import BIBLIOGRAPHIES, answer_hits
from reftel.web.guard import Session, session_of
from reftel.web.months import Bar, draw_months
from reftel.web.places import cable_path
from reftel.web.rendering import render
from reftel.web.room import Room
from reftel.web.wanted import wanted_form
from reftel.workbench import Archive

# facet -> its heading, the field of the query language
FACETS = {
    "year": ("Year", "date"),
    "post": ("Post", "from"),
    "country": ("Country of the post", "from"),
    "classification": ("Classification", "class"),
    "tag": ("Tag", "tag"),
    "carrier": ("Carrier", "carrier"),
}
_SHOWN = 8  # values of a facet that stand open
_MOST = 40
_TYPED = 200  # characters before the cursor that are looked at


class Value(NamedTuple):
    """A value of a facet. name: as it is shown; cables: how many have it; query: what finds just these; is_taken: it is a filter already."""

    name: str
    cables: int
    query: str
    is_taken: bool


class Facet(NamedTuple):
    """A facet: the values that stand open, those that are folded away, and how many more there are."""

    heading: str
    shown: list[Value]
    folded: list[Value]
    left: int


class Hall(NamedTuple):
    """What the entrance shows. cables: how many the archive holds."""

    cables: int
    facets: list[Facet]
    bars: list[Bar]
    saved: list[Saved]


class Found(NamedTuple):
    """All that a result page shows. parts: how the query was read, only where nothing is found."""

    result: Result
    facets: list[Facet]
    bars: list[Bar]
    notes: tuple[str, ...]
    parts: list[Part]


async def show_home(request: Request) -> Response:
    """The entrance hall: what the archive holds, and where to begin."""
    room: Room = request.app.state.room
    masked = not session_of(request).unmasked

    def look(archive: Archive) -> Hall:
        spread = _spread(room, archive, EVERYTHING, masked) if len(archive) else {}
        with archive.desk() as desk:
            saved = desk.searches()
        return Hall(len(archive), _facets(spread, ()), draw_months(spread.get(MONTH, [])), saved)

    return render(request, "home.html", hall=await room.run(look))


async def show_hits(request: Request) -> Response:
    """The cables that a query finds, as a page, as JSON, CSV or JSON Lines, or as a bibliography."""
    asked = read_asked(request)
    form = wanted_form(request, BIBLIOGRAPHIES)
    if asked is None and form == "html":
        return await show_home(request)
    asked = asked or Asked("", (), EVERYTHING)
    sort = read_choice(request, "sort", tuple(SORTS))
    offset, limit = read_offset(request)
    session = session_of(request)
    room: Room = request.app.state.room
    if form != "html":
        return await answer_hits(room, asked.whole, form, sort, offset, limit, session)
    found = await room.run(lambda archive: _find(room, archive, asked, sort, offset, limit, session))
    if isinstance(found, str):
        return RedirectResponse(cable_path(found), 303)
    return render(
        request,
        "search.html",
        asked=asked,
        sort=sort,
        sorts=SORTS,
        offset=offset,
        limit=limit,
        found=found,
        coins_of=coins_of,
        bibliographies=BIBLIOGRAPHIES,
    )


async def complete(request: Request) -> Response:
    """What may be meant by the last word of `q`, as JSON."""
    typed = request.query_params.get("q", "")[-_TYPED:]
    before = len(request.query_params.get("q", "")) - len(typed)
    masked = not session_of(request).unmasked
    found = await request.app.state.room.run(lambda archive: archive.complete(typed, masked=masked))
    told = [msgspec.structs.replace(one, at=one.at + before) for one in found]
    return Response(
        msgspec.json.encode(told), media_type="application/json", headers={"cache-control": "private, max-age=60"}
    )


def _find(
    room: Room, archive: Archive, asked: Asked, sort: str, offset: int, limit: int, session: Session
) -> Found | str:
    """What the page shows; or the address of the one cable whose id is all that is asked for."""
    masked = not session.unmasked
    is_id = not asked.filters and parse_id("".join(asked.text.split()).upper()) is not None
    meant = archive.find(asked.text) if is_id else []
    if len(meant) == 1:
        return archive.store.address(meant[0])
    spread = _spread(room, archive, asked.whole, masked)
    result = archive.search(asked.whole, limit=limit, offset=offset, sort=sort, masked=masked)
    return Found(
        result,
        _facets(spread, asked.filters),
        draw_months(spread[MONTH]),
        (*asked.whole.notes, *archive.notes),
        [] if result.total else archive.explain(asked.whole, masked=masked),
    )


def _spread(room: Room, archive: Archive, query: Query, masked: bool) -> dict[str, list[tuple[str, int]]]:
    """How all hits spread, kept for a state of the archive."""
    what = ("facets", query.text, masked)
    return room.remember(archive, what, lambda: archive.facets(query, (*FACETS, MONTH), masked=masked))


def _facets(spread: dict[str, list[tuple[str, int]]], filters: Iterable[str]) -> list[Facet]:
    made = []
    for name, (heading, field) in FACETS.items():
        values = list(spread.get(name, ()))
        if name == "year":
            values.reverse()
        told = [_value(name, field, value, count, set(filters)) for value, count in values[:_MOST]]
        if told:
            made.append(Facet(heading, told[:_SHOWN], told[_SHOWN:], len(values) - len(told)))
    return made


def _value(facet: str, field: str, value: str, count: int, filters: set[str]) -> Value:
    name = value
    if facet == "tag":
        tag = find_tag(value)
        name = f"{value} · {tag.meaning}" if tag is not None and tag.meaning and tag.meaning.upper() != value else value
    said = value if facet == "year" else _quoted(value)
    query = f"{field}:{said.lower() if facet in ('classification', 'carrier') else said}"
    return Value(name, count, query, query in filters)


def _quoted(value: str) -> str:
    return value if value.isalnum() else '"{}"'.format(value.replace('"', " "))
