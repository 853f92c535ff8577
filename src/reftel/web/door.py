"""The layer inside the guard: who is asking, whether he may, and whether a form is ours. What is refused here gets a page."""

from __future__ import annotations

from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reftel.archive.accounts import EXPORTED, KEEPER
from reftel.errors import ReftelError
from reftel.web.forms import bound, check_origin, check_token, is_read_whole, needs_asking
from reftel.web.guard import demand, session_of
from reftel.web.places import as_asked
from reftel.web.problems import LoginError, RoomError, answer_error
from reftel.web.rules import FORM, IN_PASSING, SAFE, Rule, find_rule, is_below, is_open, is_read_only
from reftel.web.sessions import Caller, Sessions, write_cookie
from reftel.web.wanted import wants_data


class Door:
    """Lets a request through to its handler, with the session, or answers it."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self.app, self.sessions = app, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        fresh: str | None = None

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                # not in answer to a form of another site: it comes without our cookie, which must not be taken away
                if fresh and is_page and request.method in SAFE:
                    write_cookie(headers, request, fresh)
                leaves = not is_page or "content-disposition" in headers
                if leaves and 200 <= message["status"] < 300:
                    await self._note_export(request)
            await send(message)

        try:
            caller = await self.sessions.find(request)
            scope["state"]["session"], fresh = caller.session, caller.fresh
            receive = await self._let_in(request, receive, caller)
        except (RoomError, ReftelError) as error:
            answer = _ask_to_log_in(request, error) or await answer_error(request, error)
            await answer(scope, receive, send_noted)
            return
        await self.app(scope, receive, send_noted)

    async def _let_in(self, request: Request, receive: Receive, caller: Caller) -> Receive:
        """What the handler is to receive; an error for who may not come in."""
        path = request.scope["path"]  # what routes are found by; an address made of it might end at a "?" that it holds
        if not caller.session.role and not is_open(path):
            raise LoginError("Here one has to log in.", "A program sends a token: reftel user token NAME.")
        if request.method in SAFE or is_read_only(path):
            return receive
        rule = find_rule(path) or Rule(path, KEEPER)
        check_origin(request)
        demand(request, rule.role)
        most = FORM if is_read_whole(request) else rule.most
        if most is not None:
            receive = bound(request, receive, most)
        is_of_a_program = caller.by_token or (not self.sessions.demands_login and needs_asking(request))
        if is_of_a_program:
            return receive
        return await check_token(request, receive, caller.session.token)

    async def _note_export(self, request: Request) -> None:
        """What leaves the room with protected names in it is in the log before it leaves."""
        session, path = session_of(request), request.scope["path"]
        if session.unmasked and not any(is_below(path, one) for one in IN_PASSING):
            await self.sessions.log(session.user, EXPORTED, as_asked(request))


def _ask_to_log_in(request: Request, error: Exception) -> Response | None:
    """The way to the login, for a reader; None for a program, and for what is no matter of a login."""
    if not isinstance(error, LoginError) or wants_data(request) or "authorization" in request.headers:
        return None
    here = as_asked(request)
    asked = f"?next={quote(here, safe='/')}" if request.method in SAFE and here != "/" else ""
    return RedirectResponse(f"/login{asked}", 303)
