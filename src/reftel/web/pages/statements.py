"""Statements: who is told to have said what, in answer to a query."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from reftel.archive.explain import Part
from reftel.archive.said import SAID_SORTS
from reftel.model import Attribution
from reftel.web.asked import EVERYTHING, Asked, read_asked, read_choice, read_offset
from reftel.web.data import answer_statements
from reftel.web.guard import Session, session_of
from reftel.web.rendering import render
from reftel.web.wanted import wanted_form
from reftel.workbench import Archive


class Found(NamedTuple):
    """A page of statements. addresses: of their cables, in the same order. parts: how the query was read, where nothing is found."""

    total: int
    hits: list[Attribution]
    addresses: list[str]
    notes: tuple[str, ...]
    parts: list[Part]


async def show_statements(request: Request) -> Response:
    """The statements that a query finds, as a page, or as JSON, CSV or JSON Lines."""
    asked = read_asked(request)
    session, room, form = session_of(request), request.app.state.room, wanted_form(request)
    sort = read_choice(request, "sort", tuple(SAID_SORTS))
    offset, limit = read_offset(request)
    if form != "html":
        whole = asked.whole if asked is not None else EVERYTHING
        return await answer_statements(room, whole, form, sort, offset, limit, session)
    found = await room.run(lambda archive: _find(archive, asked, sort, offset, limit, session)) if asked else None
    return render(
        request,
        "statements.html",
        asked=asked,
        sort=sort,
        sorts=SAID_SORTS,
        offset=offset,
        limit=limit,
        found=found,
    )


def _find(archive: Archive, asked: Asked, sort: str, offset: int, limit: int, session: Session) -> Found:
    masked = not session.unmasked
    result = archive.said(asked.whole, limit=limit, offset=offset, sort=sort, masked=masked)
    hits = list(result.hits)
    return Found(
        result.total,
        hits,
        archive.addresses([one.key for one in hits]),
        (*result.query.notes, *archive.notes),
        [] if result.total else archive.explain_said(asked.whole, masked=masked),
    )
