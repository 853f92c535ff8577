"""Who is asking, by the cookie or token that came with a request; and how a session begins and ends.

Where nobody has to log in there is a cookie too, but nothing behind it except, in memory, whether it shows protected names.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import NamedTuple

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from reftel.archive.accounts import HIDDEN, KEEPER, LOCAL, SHOWN, Accounts
from reftel.archive.passwords import check_password, fold_name, nobodys
from reftel.errors import ReftelError
from reftel.web.guard import NOBODY, Session, address_of_client
from reftel.web.limits import Failures, network_of
from reftel.web.problems import LoginError, TooManyError
from reftel.web.settings import Settings

IDLE, LONGEST = 12 * 3600, 7 * 24 * 3600  # seconds after which a session has ended: unused, and however much it is used
_NOTED = 60  # seconds between two notes that a session is in use
_AT_ONCE = 2  # passwords that are checked at the same time: each takes 64 MB
_MOST = 1000  # browsers that may show names where nobody logs in
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Caller(NamedTuple):
    """fresh: the cookie that the browser has to be given; None if it has one. by_token: whether a program's own token was sent."""

    session: Session
    fresh: str | None
    by_token: bool


class Sessions:
    """The sessions of one reading room. ReftelError if somebody has to log in, but nobody could."""

    def __init__(
        self, settings: Settings, accounts: Accounts, hasher: PasswordHasher, clock: Callable[[], float]
    ) -> None:
        self.demands_login = settings.demands_login
        self.accounts, self.clock, self._hasher = accounts, clock, hasher
        self._checking = CapacityLimiter(_AT_ONCE)
        self._shown: dict[str, float] = {}
        self._by_name, self._by_address = Failures(free=5, longest=60), Failures(free=20, longest=900)
        if self.demands_login:
            if not accounts.users():
                raise ReftelError(
                    "Nobody could log in: there are no users yet. Add one: reftel user add NAME --role keeper"
                )
            nobodys(hasher)

    async def find(self, request: Request) -> Caller:
        """Who is asking. LoginError for a program's token that is no longer good."""
        kind, _, said = request.headers.get("authorization", "").partition(" ")
        if self.demands_login and kind.lower() == "bearer":
            user = await to_thread.run_sync(self.accounts.find_token, said.strip())
            if user is None:
                raise LoginError("This token is not good, or not any more.", "Make another: reftel user token NAME.")
            return Caller(Session(*user, False, ""), None, True)
        held = cookie_of(request)
        cookie = held or secrets.token_urlsafe(32)
        session = NOBODY
        if not self.demands_login:
            unmasked = self._shown.get(cookie, 0) > self.clock() - LONGEST
            session = Session(None, KEEPER, unmasked, "")
        elif held:
            session = await to_thread.run_sync(self._look_up, held)
        return Caller(session._replace(token=form_token(cookie)), None if held else cookie, False)

    async def log_in(self, request: Request, name: str, password: str) -> str | None:
        """The cookie of a session that begins now; None if name or password is wrong. TooManyError for who has failed too often."""
        address = address_of_client(request)
        try:
            folded = fold_name(name)
        except ReftelError:
            folded = ""
        key, network, now = folded or name[:64], network_of(address), self.clock()
        wait = max(self._by_name.wait(key, now), self._by_address.wait(network, now))
        if wait:
            raise TooManyError("Too many logins have failed.", wait)
        self._by_name.count(key, now)
        self._by_address.count(network, now)
        token = await to_thread.run_sync(self._log_in, folded, password, address, limiter=self._checking)
        if token is not None:
            self._by_name.forgive(key, all_of_them=True)
            self._by_address.forgive(network, all_of_them=False)
        return token

    async def log_out(self, request: Request) -> None:
        """The session ends; its cookie is good for nothing."""
        await to_thread.run_sync(self.accounts.end_session, cookie_of(request), self.now())

    async def show_names(self, request: Request, shows: bool) -> None:
        """Protected names are shown in this session from now on, or no longer. It is in the log before."""
        await to_thread.run_sync(self._show_names, cookie_of(request), shows, address_of_client(request))

    async def log(self, who: str | None, what: str, detail: str) -> None:
        """One more line of the log. who: None where nobody has to log in."""
        await to_thread.run_sync(self.accounts.log, self.now(), who or LOCAL, what, detail)

    def now(self) -> str:
        """The time, as it is kept."""
        return _moment(self.clock())

    def _look_up(self, cookie: str) -> Session:
        now = self.clock()
        since = _moment(now - IDLE), _moment(now - LONGEST)
        held = self.accounts.find_session(cookie, *since)
        if held is None:
            return NOBODY
        if held.seen <= _moment(now - _NOTED):
            self.accounts.see_session(cookie, _moment(now), *since)
        return Session(held.user, held.role, held.unmasked and held.role == KEEPER, "")

    def _log_in(self, name: str, password: str, address: str) -> str | None:
        if not check_password(self.accounts, name, password, self._hasher):
            self.accounts.log_failure(name, address, self.now())
            return None
        token = secrets.token_urlsafe(32)
        self.accounts.begin_session(token, name, address, self.now())
        return token

    def _show_names(self, cookie: str, shows: bool, address: str) -> None:
        if self.demands_login:
            self.accounts.show_names(cookie, shows, address, self.now())
            return
        self.accounts.log(self.now(), LOCAL, SHOWN if shows else HIDDEN, address)
        self._shown.pop(cookie, None)
        if shows:
            self._shown[cookie] = self.clock()
            if len(self._shown) > _MOST:
                del self._shown[next(iter(self._shown))]


def cookie_of(request: Request) -> str:
    """The secret of the session, out of the cookie; empty if there is none."""
    found = request.cookies.get(_name(request), "")
    return found if _TOKEN.fullmatch(found) else ""


def write_cookie(headers: MutableHeaders, request: Request, cookie: str) -> None:
    """Gives the browser a cookie, until it is closed. Lax, so that a link in a letter opens the room for who is logged in."""
    secure = "; Secure" if request.url.scheme == "https" else ""
    headers.append("set-cookie", f"{_name(request)}={cookie}; Path=/; HttpOnly; SameSite=Lax{secure}")


def form_token(cookie: str) -> str:
    """What forms carry: made of the cookie, which can not be made of it. A page that is saved holds no session."""
    return blake2b(b"form", key=cookie.encode(), digest_size=20).hexdigest()


def _name(request: Request) -> str:
    return "__Host-reftel" if request.url.scheme == "https" else "reftel"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
