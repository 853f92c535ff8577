"""Result lists as data: JSON a page at a time, CSV and JSON Lines whole, as they stream out of the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import msgspec
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from reftel.archive.hits import COLUMNS, hit_row
from reftel.exports import EXPORTS
from reftel.exports.statements import NAMES, describe, stream_rows
from reftel.query import Query
from reftel.web.discretion import as_shown
from reftel.web.guard import Session
from reftel.web.room import Room
from reftel.web.wanted import FORMS
from reftel.workbench import Archive

# suffix -> media type; the names of EXPORTS
BIBLIOGRAPHIES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl": "application/vnd.citationstyles.csl+json",
}
_PIECE = 64_000  # bytes, about, that are sent at once


async def answer_hits(
    room: Room, query: Query, form: str, sort: str, offset: int, limit: int, session: Session
) -> Response:
    """The cables that a query finds: as JSON or as a bibliography one page of them, as CSV or JSON Lines all."""
    masked = not session.unmasked
    if form in BIBLIOGRAPHIES:

        def cite_page(archive: Archive) -> bytes:
            hits = archive.search(query, limit=limit, offset=offset, sort=sort, masked=masked).hits
            cables = (archive.get(hit.address) for hit in hits)
            out = BytesIO()
            EXPORTS[form].write((as_shown(archive, cable, None, session)[0] for cable in cables), out)
            return out.getvalue()

        name = f'attachment; filename="cables.{EXPORTS[form].extension}"'
        return Response(
            await room.run(cite_page), media_type=BIBLIOGRAPHIES[form], headers={"content-disposition": name}
        )
    if form == "json":

        def look(archive: Archive) -> bytes:
            result = archive.search(query, limit=limit, offset=offset, sort=sort, masked=masked)
            return _page(query, result.total, offset, [msgspec.to_builtins(hit) for hit in result.hits])

        return Response(await room.run(look), media_type=FORMS["json"])

    def all_rows(archive: Archive) -> Iterator[bytes]:
        return stream_rows(form, map(hit_row, archive.search_all(query, sort=sort, masked=masked)), COLUMNS)

    return await _stream(room, form, "cables", all_rows)


async def answer_statements(
    room: Room, query: Query, form: str, sort: str, offset: int, limit: int, session: Session
) -> Response:
    """The statements that a query finds, likewise."""
    masked = not session.unmasked
    if form == "json":

        def look(archive: Archive) -> bytes:
            result = archive.said(query, limit=limit, offset=offset, sort=sort, masked=masked)
            return _page(query, result.total, offset, [describe(one) for one in result.hits])

        return Response(await room.run(look), media_type=FORMS["json"])

    def all_rows(archive: Archive) -> Iterator[bytes]:
        return stream_rows(form, map(describe, archive.said_all(query, sort=sort, masked=masked)), NAMES)

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
