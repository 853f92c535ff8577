"""The processes that make pages, several at once: Python makes only one page at a time in each.

Whoever asks has been let in by the door, which stays in the server, with the sessions, the jobs and whatever is sent.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from reftel.pipeline.child import Child
from reftel.web.clerk import Answered, Asked, decode_answer, encode
from reftel.web.guard import NOBODY, session_of
from reftel.web.problems import RoomError, answer_error
from reftel.web.rules import SAFE, is_page_of_archive
from reftel.web.settings import Settings
from reftel.web.wanted import wants_rows

_log = logging.getLogger("reftel.web")
_HALL = Asked("GET", "http", "/", b"/", b"", (), None, NOBODY)
_LONGEST = 120.0  # seconds for a page; nobody waits for it that long


class Clerks:
    """As many as the settings say, each started when all others are busy for the first time. Used on one event loop, and to be closed."""

    def __init__(self, settings: Settings, longest: float = _LONGEST) -> None:
        self._first = encode(settings)
        self._idle = [_Clerk(self._first) for _ in range(settings.processes)]
        self._busy: list[_Clerk] = []
        self._free, self._threads = CapacityLimiter(settings.processes), CapacityLimiter(settings.processes)
        self._longest = longest
        self._is_closed = False

    async def begin(self) -> None:
        """Has the entrance hall made, for nobody, so that one of them has opened the archive when the first reader comes."""
        with suppress(RoomError):  # whoever asks first is told
            await self.answer(_HALL)

    async def answer(self, asked: Asked) -> Answered:
        """What one that is idle answers, rather the one that was busy last; others wait in line. RoomError if there is no answer."""
        message = encode(asked)
        async with self._free:
            clerk = free = self._idle.pop()
            self._busy.append(clerk)
            try:
                answer = await self._ask(clerk, message)
                if answer is None:  # it may have been killed while it was idle
                    _log.error("The process that should make %s was killed; another does it.", asked.path)
                    answer = await self._ask(clerk, message)
            except asyncio.CancelledError:
                clerk.kill()  # a thread still waits for its answer, which must be nobody's
                free = _Clerk(self._first)
                raise
            finally:
                self._busy.remove(clerk)
                self._idle.append(free)
        if answer is None:
            raise _KilledError(
                "The process that made this page was killed twice, most likely for want of memory.",
                "End other programs on the machine where the reading room runs, and try again.",
            )
        return decode_answer(answer)

    async def close(self) -> None:
        """Ends them all; a page that is being made is not."""
        self._is_closed = True
        for clerk in self._busy:
            clerk.kill()
        for clerk in self._idle.copy():
            await to_thread.run_sync(clerk.end)

    async def _ask(self, clerk: _Clerk, message: bytes) -> bytes | None:
        """The answer; None if the process died. RoomError if it takes too long, or the room is closed."""
        if self._is_closed:
            raise _closed()
        late = False

        def stop() -> None:
            nonlocal late
            late = True
            clerk.kill()

        timer = asyncio.get_running_loop().call_later(self._longest, stop)
        try:
            answer = await to_thread.run_sync(clerk.ask, message, limiter=self._threads)
        finally:
            timer.cancel()
        if answer is None and late:
            raise _LateError(f"This page took longer than {self._longest:g} seconds.", "Ask for less of it at a time.")
        return answer


class _KilledError(RoomError):
    status, code, title = 503, "killed", "Not now"


def _closed() -> RoomError:
    return _KilledError("The reading room is being closed.")


class _LateError(RoomError):
    status, code, title = 503, "late", "That took too long"


class _Clerk:
    """One of them."""

    def __init__(self, first: bytes) -> None:
        self._first = first
        self._child: Child | None = None

    def start(self) -> None:
        """Starts its process, if there is none, and tells it which room it is. RoomError if it cannot be."""
        if self._child is None:
            child = Child("reftel.web.clerk")
            try:
                child.begin()
            except OSError as error:
                _log.error("No process could be started to make pages: %s", error)
                raise _KilledError(
                    "No process could be started to make this page.",
                    "The terminal where the reading room runs tells why.",
                ) from None
            with suppress(OSError):  # it died at once, which is seen when it is asked
                child.tell(self._first)
            self._child = child

    def ask(self, message: bytes) -> bytes | None:
        """The answer; None if the process died, in whose place another is started when it is asked again."""
        self.start()
        assert self._child is not None
        answer = None
        try:
            answer = self._child.ask(message)
        finally:
            if answer is None:
                self.end()
        return answer

    def kill(self) -> None:
        """Ends its process at once, from any thread."""
        child = self._child
        if child is not None:
            child.kill()

    def end(self) -> None:
        """Lets its process end."""
        child, self._child = self._child, None
        if child is not None:
            child.end()


class Delegate:
    """Has the pages of the archive made by a clerk; everything else goes on to the application itself."""

    def __init__(self, app: ASGIApp, clerks: Clerks) -> None:
        self.app, self.clerks = app, clerks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_for_a_clerk(Request(scope)):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        asked = Asked(
            method=request.method,
            scheme=scope["scheme"],
            path=scope["path"],
            raw_path=scope.get("raw_path") or scope["path"].encode(),
            query=scope["query_string"],
            headers=tuple((name, value) for name, value in scope["headers"]),
            server=tuple(scope["server"]) if scope.get("server") else None,
            session=session_of(request),
        )
        try:
            found = await self.clerks.answer(asked)
        except (RoomError, asyncio.CancelledError) as error:
            # nothing cancels a request but a server that ends, and waits no longer
            refused = error if isinstance(error, RoomError) else _closed()
            await (await answer_error(request, refused))(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": found.status, "headers": list(found.headers)})
        await send({"type": "http.response.body", "body": found.body})


def _is_for_a_clerk(request: Request) -> bool:
    """All but what is sent as it is found: who reads that slowly would keep a clerk for as long."""
    return request.method in SAFE and is_page_of_archive(request.scope["path"]) and not wants_rows(request)
