"""The processes that make pages, several at once: Python makes only one page at a time in each.

Whoever asks has been let in by the door, which stays in the server, with the sessions, the jobs and whatever is sent.
"""

from __future__ import annotations

from contextlib import suppress
from queue import LifoQueue

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from reftel.pipeline.child import Child
from reftel.web.clerk import Answered, Asked, decode_answer, encode
from reftel.web.guard import session_of
from reftel.web.problems import RoomError, answer_error
from reftel.web.rules import SAFE, is_page_of_archive
from reftel.web.settings import Settings
from reftel.web.wanted import wants_rows


class Clerks:
    """As many as the settings say, each started when all others are busy for the first time. To be closed."""

    def __init__(self, settings: Settings) -> None:
        self._first = encode(settings)
        self._idle: LifoQueue[_Clerk] = LifoQueue()  # who was busy last has the most at hand
        for _ in range(settings.processes):
            self._idle.put(_Clerk(self._first))
        self._limiter = CapacityLimiter(settings.processes)

    def begin(self) -> None:
        """Starts the first, so that it has opened the archive when the first reader comes."""
        clerk = self._idle.get()
        with suppress(OSError):
            clerk.start()
        self._idle.put(clerk)

    async def answer(self, asked: Asked) -> Answered:
        """What the next one that is idle answers; others wait in line. RoomError if it cannot be answered."""
        return await to_thread.run_sync(self._answer, encode(asked), limiter=self._limiter)

    def close(self) -> None:
        """Ends those that are idle; the others end with the server."""
        while not self._idle.empty():
            self._idle.get().end()

    def _answer(self, asked: bytes) -> Answered:
        clerk = self._idle.get()
        try:
            answer = clerk.ask(asked) or clerk.ask(asked)  # it may have been killed while it was idle
        finally:
            self._idle.put(clerk)
        if answer is None:
            raise _KilledError(
                "The process that made this page was killed twice, most likely for want of memory.",
                "End other programs on the machine where the reading room runs, and try again.",
            )
        return decode_answer(answer)


class _KilledError(RoomError):
    status, code, title = 503, "killed", "Not now"


class _Clerk:
    """One of them."""

    def __init__(self, first: bytes) -> None:
        self._first = first
        self._child: Child | None = None

    def ask(self, asked: bytes) -> bytes | None:
        """The answer; None if the process died, in whose place another is started when it is asked again."""
        try:
            answer = self.start().ask(asked)
        except OSError:
            answer = None
        if answer is None:
            self.end()
        return answer

    def start(self) -> Child:
        """Its process. OSError if that dies at once."""
        if self._child is None:
            self._child = Child("reftel.web.clerk")
            self._child.tell(self._first)
        return self._child

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
        except RoomError as error:
            await (await answer_error(request, error))(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": found.status, "headers": list(found.headers)})
        await send({"type": "http.response.body", "body": found.body})


def _is_for_a_clerk(request: Request) -> bool:
    """All but what is sent as it is found: who reads that slowly would keep a clerk for as long."""
    return request.method in SAFE and is_page_of_archive(request.scope["path"]) and not wants_rows(request)
