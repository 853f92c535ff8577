"""What every request passes: who may call, what an answer may load, and that a form comes from a page of ours."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reftel.web.problems import Refusal
from reftel.web.settings import Settings

READER, EDITOR, KEEPER = "reader", "editor", "keeper"
ROLES = {
    READER: "reads and searches",
    EDITOR: "also writes on the desk: notes, tags, saved searches, the basket",
    KEEPER: "also adds files, and may see the names that drafters asked to protect",
}
_COOKIE = "reftel"
_SAFE = ("GET", "HEAD", "OPTIONS")
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Session(NamedTuple):
    """Who is asking. user: None where nobody has to log in. role: one of ROLES. unmasked: whether protected names are shown.

    token: what every form must send back as `token`, or a script as the header `x-reftel-token`.
    """

    user: str | None
    role: str
    unmasked: bool
    token: str

    @property
    def may_edit(self) -> bool:
        """Whether the desk may be written on."""
        return self.role in (EDITOR, KEEPER)

    @property
    def is_keeper(self) -> bool:
        """Whether files may be added and protected names be shown."""
        return self.role == KEEPER


def session_of(request: Request) -> Session:
    """Who is asking."""
    session: Session = request.scope["state"]["session"]
    return session


class Guard:
    """The outermost layer. A request for another host's name, or a form that no page of ours sent, is refused."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        fresh = None
        token = request.cookies.get(_COOKIE, "")
        if len(token) != 43 or not token.isascii():
            token = fresh = secrets.token_urlsafe(32)
        scope.setdefault("state", {})["session"] = Session(None, KEEPER, False, token)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if fresh:
                    headers.append("set-cookie", f"{_COOKIE}={fresh}; HttpOnly; SameSite=Strict; Path=/")
            await send(message)

        refusal = self._refuse(request)
        app = self.app if refusal is None else refusal
        await app(scope, receive, send_guarded)

    def _refuse(self, request: Request) -> ASGIApp | None:
        host = Headers(scope=request.scope).get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        if name.lower() not in self.settings.known_hosts:
            return Refusal(
                421, f"This reading room is not called {name}. It answers to: {', '.join(self.settings.known_hosts)}."
            )
        if request.method not in _SAFE and request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return Refusal(
                403, "A form of another site was sent here. Go back to the reading room, and send it from there."
            )
        return None
