"""The outermost layer: by which name the room is called, how often, and what an answer may load. And who is asking.

Who may come in and what he may do is seen to one layer further in (door.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from reftel.archive.accounts import EDITOR, KEEPER, READER, ROLES
from reftel.web.limits import Rate
from reftel.web.problems import ForbiddenError, Refusal, RoomError, TooManyError
from reftel.web.settings import Settings, is_loopback

__all__ = [
    "EDITOR",
    "KEEPER",
    "NOBODY",
    "READER",
    "ROLES",
    "Guard",
    "Session",
    "address_of_client",
    "demand",
    "session_of",
]
_RANKS = ("", *ROLES)
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer a browser calls the origin of our own forms "null"
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


NOBODY = Session(None, "", False, "")


def session_of(request: Request) -> Session:
    """Who is asking."""
    session: Session = request.scope["state"]["session"]
    return session


def demand(request: Request, role: str) -> None:
    """ForbiddenError for who has less than a role; "" is anybody."""
    held = session_of(request).role
    if _RANKS.index(held) < _RANKS.index(role):
        raise ForbiddenError(
            f"This takes the role {role}, which {ROLES[role]}. Yours is {held}.",
            "Whoever keeps the archive can give it: reftel user role.",
        )


def address_of_client(request: Request) -> str:
    """From where is asked; empty where the server cannot tell."""
    return request.client.host if request.client else ""


class Guard:
    """Lets through what is called by a name of ours, by no hidden way and not too often; seals every answer."""

    def __init__(self, app: ASGIApp, settings: Settings, clock: Callable[[], float]) -> None:
        self.app, self.settings, self._clock = app, settings, clock
        self._rate = Rate(settings.per_minute)
        self._sealed = _HEADERS | {"cache-control": "private, no-store" if settings.demands_login else "no-cache"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._sealed.items():
                    headers.setdefault(name, value)
            await send(message)

        scope.setdefault("state", {})["session"] = NOBODY
        refusal = self._refuse(Request(scope))
        app = self.app if refusal is None else Refusal(refusal)
        await app(scope, receive, send_sealed)

    def _refuse(self, request: Request) -> RoomError | None:
        host = request.headers.get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        if name.lower() not in self.settings.known_hosts:
            names = ", ".join(self.settings.known_hosts)
            return _MisdirectedError(f"This reading room is not called {name}. It answers to: {names}.")
        if not self.settings.demands_login:
            if any(name in request.headers for name in _FORWARDED):
                return ForbiddenError(
                    "This came through a proxy, and nobody has to log in here.",
                    "Start it with: reftel serve --proxy ADDRESS",
                )
            return None
        address = address_of_client(request)
        wait = 0.0 if is_loopback(address) else self._rate.take(address, self._clock())
        return TooManyError("Too much is asked from your address.", wait) if wait else None


class _MisdirectedError(RoomError):
    status, code, title = 421, "host", "Not the name of this room"
