"""Result lists as data: JSON a page at a time, CSV and JSON Lines whole, as they stream out of the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from reftel.archive.hits import COLUMNS, hit_row
from reftel.exports.statements import NAMES, describe, stream_rows
from reftel.query import Query
from reftel.web.guard import Session
from reftel.web.room import Room
from reftel.web.wanted import FORMS
from reftel.workbench import Archive

_PIECE = 64_000  # bytes, about, that are sent at once


async def answer_hits(
    room: Room, query: Query, form: str, sort: str, offset: int, limit: int, session: Session
) -> Response:
    """The cables that a query finds: as JSON one page of them, as CSV or JSON Lines all."""
    if form == "json":

        def look(archive: Archive) -> bytes:
            result = archive.search(query, limit=limit, offset=offset, sort=sort)
            hits = result.hits if session.unmasked else archive.masked_hits(result.hits)
            return _page(query, result.total, offset, [msgspec.to_builtins(hit) for hit in hits])

        return Response(await room.run(look), media_type=FORMS["json"])

    def all_rows(archive: Archive) -> Iterator[bytes]:
        hits = archive.search_all(query, sort=sort)
        return stream_rows(form, map(hit_row, hits if session.unmasked else archive.masked_hits(hits)), COLUMNS)

    return await _stream(room, form, "cables", all_rows)


async def answer_statements(
    room: Room, query: Query, form: str, sort: str, offset: int, limit: int, session: Session
) -> Response:
    """The statements that a query finds, likewise."""
    if form == "json":

        def look(archive: Archive) -> bytes:
            result = archive.said(query, limit=limit, offset=offset, sort=sort)
            hits = result.hits if session.unmasked else archive.masked(result.hits)
            return _page(query, result.total, offset, [describe(one) for one in hits])

        return Response(await room.run(look), media_type=FORMS["json"])

    def all_rows(archive: Archive) -> Iterator[bytes]:
        found = archive.said_all(query, sort=sort)
        return stream_rows(form, map(describe, found if session.unmasked else archive.masked(found)), NAMES)

    return await _stream(room, form, "statements", all_rows)


def _page(query: Query, total: int, offset: int, hits: list[object]) -> bytes:
    said = {"query": query.text, "notes": query.notes, "total": total, "offset": offset, "hits": hits}
    return msgspec.json.encode(said) + b"\n"


async def _stream(room: Room, form: str, name: str, rows: Callable[[Archive], Iterator[bytes]]) -> Response:
    """Rows as they come, by an archive that is held until the last of them is sent."""

    def pieces() -> Iterator[bytes]:
        with room.archive() as archive:
            waiting: list[bytes] = []
            size = 0
            for row in rows(archive):
                waiting.append(row)
                size += len(row)
                if size >= _PIECE:
                    yield b"".join(waiting)
                    waiting, size = [], 0
            yield b"".join(waiting)

    return StreamingResponse(
        iterate_in_threadpool(pieces()),
        media_type=FORMS[form],
        headers={"content-disposition": f'attachment; filename="{name}.{form}"'},
    )
