"""The application: its routes, its layers, and what is opened and closed with it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files

from anyio import to_thread
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from reftel.archive.accounts import Accounts
from reftel.errors import ReftelError
from reftel.web.api import API
from reftel.web.clerks import Clerks, Delegate
from reftel.web.door import Door
from reftel.web.guard import Guard
from reftel.web.jobs import Jobs
from reftel.web.pages import PAGES
from reftel.web.problems import NotFoundError, RoomError, answer_error
from reftel.web.room import Room
from reftel.web.sessions import Sessions
from reftel.web.settings import Settings

_log = logging.getLogger("reftel.web")
_SMALL, _EFFORT = 1000, 4  # bytes below which nothing is compressed, and how hard it is tried
_HANDLERS = dict.fromkeys((ReftelError, RoomError, 404, 405, 500), answer_error)
_MEDIA = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
}


def make_app(
    settings: Settings, *, hasher: PasswordHasher | None = None, clock: Callable[[], float] = time.time
) -> ASGIApp:
    """The reading room of one archive. ReftelError if there is no archive, or nobody could log in where somebody has to.

    hasher: what checks passwords, and at which cost new hashes are made. clock: seconds since 1970.
    """
    settings = settings._replace(folder=settings.folder.resolve())  # so that it is known in messages, and left out
    room = Room(settings)
    with room.archive():
        pass  # there is one, and it can be opened

    sessions = Sessions(settings, Accounts(settings.folder), hasher or PasswordHasher(), clock)
    jobs = Jobs(settings.folder)
    clerks = Clerks(settings) if settings.processes else None

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        beginning = asyncio.create_task(clerks.begin()) if clerks is not None else None
        yield
        if beginning is not None:
            beginning.cancel()
        await to_thread.run_sync(jobs.close)
        if clerks is not None:
            await clerks.close()
        room.close()

    app = Starlette(
        routes=ROUTES,
        middleware=[
            Middleware(Door, sessions),
            *([Middleware(Delegate, clerks)] if clerks is not None else []),
            Middleware(GZipMiddleware, minimum_size=_SMALL, compresslevel=_EFFORT),
        ],
        exception_handlers=_HANDLERS,
        lifespan=lifespan,
    )
    app.state.room, app.state.sessions, app.state.jobs = room, sessions, jobs
    return Guard(app, settings, clock)


def make_clerk_app(settings: Settings) -> ASGIApp:
    """The pages of the archive alone, for a process that makes nothing else (clerk.py)."""
    app = Starlette(
        routes=[*PAGES, *API],
        middleware=[Middleware(GZipMiddleware, minimum_size=_SMALL, compresslevel=_EFFORT)],
        exception_handlers=_HANDLERS,
    )
    app.state.room = Room(settings._replace(threads=1))
    return app


async def send_static(request: Request) -> Response:
    """A static file. The digest in its address is of its content, so it may be kept for a year."""
    name = request.path_params["name"]
    known = files("reftel.web").joinpath("static")
    path = known.joinpath(*name.split("/"))
    media = _MEDIA.get(name.rpartition(".")[2])
    if ".." in name.split("/") or media is None or not path.is_file():
        raise NotFoundError(f"There is no file {name}.")
    return Response(
        path.read_bytes(), media_type=media, headers={"cache-control": "public, max-age=31536000, immutable"}
    )


async def be_alive(request: Request) -> Response:
    """Whether the process answers at all."""
    return PlainTextResponse("ok\n")


async def be_ready(request: Request) -> Response:
    """Whether the archive can be asked; 503 if not."""
    try:
        await request.app.state.room.run(lambda archive: len(archive))
    except ReftelError as error:
        _log.error("Not ready: %s", error)
        return PlainTextResponse("not ready\n", 503)
    return PlainTextResponse("ready\n")


ROUTES: tuple[BaseRoute, ...] = (
    *PAGES,
    *API,
    Route("/static/{digest}/{name:path}", send_static),
    Route("/healthz", be_alive),
    Route("/readyz", be_ready),
)
