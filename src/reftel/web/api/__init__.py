"""The API: one row of ENDPOINTS an endpoint, from which its route and its place in the OpenAPI document are made."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from reftel.web.api.calls import Call
from reftel.web.api.document import encode_document
from reftel.web.api.endpoints import ENDPOINTS, PREFIX, Endpoint
from reftel.web.api.manual import show_manual
from reftel.web.api.parameters import read_parameters
from reftel.web.guard import session_of
from reftel.web.problems import NotFoundError
from reftel.web.room import Room
from reftel.workbench import Archive

_METHODS = ("GET", "HEAD", "OPTIONS")


def _route(endpoint: Endpoint) -> Route:
    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return _tell_methods()
        room: Room = request.app.state.room
        call = Call(endpoint.name, read_parameters(endpoint.parameters, request), session_of(request), room)

        def work(archive: Archive) -> bytes:
            return msgspec.json.encode(endpoint.handler(archive, call))

        return Response(await room.run(work), media_type="application/json")

    return Route(PREFIX + endpoint.path, answer, methods=_METHODS, name=endpoint.name)


async def send_document(request: Request) -> Response:
    """The OpenAPI document."""
    if request.method == "OPTIONS":
        return _tell_methods()
    return Response(encode_document(), media_type="application/json")


async def find_nothing(request: Request) -> Response:
    """There is no such endpoint."""
    raise NotFoundError(
        f"There is nothing at {request.url.path}.",
        f"The endpoints are listed at {PREFIX}/docs and {PREFIX}/openapi.json.",
    )


def _tell_methods() -> Response:
    return Response(status_code=204, headers={"allow": ", ".join(_METHODS)})


API: tuple[BaseRoute, ...] = (
    *map(_route, ENDPOINTS),
    Route(f"{PREFIX}/openapi.json", send_document, methods=_METHODS),
    Route(f"{PREFIX}/docs", show_manual),
    Route("/api/{rest:path}", find_nothing, methods=_METHODS),
)
