"""accounts.sqlite: who may come in, by which sessions and tokens, and the log of what somebody has to answer for.

No secret is in it: of a password there is the Argon2 hash (passwords.py), of a session or token the SHA-256. Times are UTC, ISO,
and passed in.
"""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from reftel.archive.side_file import SideFile
from reftel.errors import ReftelError

FILE = "accounts.sqlite"
READER, EDITOR, KEEPER = "reader", "editor", "keeper"
ROLES = {
    READER: "reads and searches",
    EDITOR: "also writes on the desk: notes, tags, saved searches, the basket",
    KEEPER: "also adds files, and may see the names that drafters asked to protect",
}
LOCAL = "local"  # who did it, where nobody had to log in
LOGIN, FAILED, LOGOUT = "login", "failed login", "logout"
SHOWN, HIDDEN, EXPORTED = "names shown", "names hidden", "export with names"
ADDED, RANKED, CHANGED, DROPPED = "user added", "role changed", "password changed", "user dropped"
TOKEN, NO_TOKENS = "token made", "tokens dropped"
# what the log holds, and what stands behind it
LOGGED = {
    LOGIN: "the address",
    FAILED: "the address; a name that nobody has is not noted, since it may be a password",
    LOGOUT: "the address",
    SHOWN: "the address",
    HIDDEN: "the address",
    EXPORTED: "what was asked for",
    ADDED: "name and role",
    RANKED: "name and role",
    CHANGED: "the name",
    DROPPED: "the name",
    TOKEN: "the name",
    NO_TOKENS: "the name",
}
_APPLICATION = 0x52656641  # "RefA"
_TABLES = """
CREATE TABLE users(
    name TEXT PRIMARY KEY, role TEXT NOT NULL, secret TEXT NOT NULL, made TEXT NOT NULL, changed TEXT NOT NULL, seen TEXT
) WITHOUT ROWID;
CREATE TABLE sessions(
    token BLOB PRIMARY KEY, user TEXT NOT NULL, begun TEXT NOT NULL, seen TEXT NOT NULL, address TEXT NOT NULL,
    unmasked INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE tokens(token BLOB PRIMARY KEY, user TEXT NOT NULL, made TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE log(key INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL);
"""


class User(NamedTuple):
    """Somebody who may come in. changed: when role or password last did; seen: the last login, None if there was none."""

    name: str
    role: str
    made: str
    changed: str
    seen: str | None


class Held(NamedTuple):
    """A session that has not ended. seen: the last time that was noted; unmasked: whether protected names are shown in it."""

    user: str
    role: str
    seen: str
    unmasked: bool


class LogLine(NamedTuple):
    """who: a user, LOCAL, or empty for a name that nobody has. what: one of LOGGED."""

    at: str
    who: str
    what: str
    detail: str


class Accounts:
    """The accounts beside an archive. Names are given as passwords.fold_name makes them."""

    def __init__(self, folder: Path) -> None:
        self.file = SideFile(folder / FILE, _APPLICATION, (_TABLES,))

    # ---- users

    def users(self) -> list[User]:
        """All users, by name."""
        return [User(*row) for row in self.file.rows("SELECT name, role, made, changed, seen FROM users ORDER BY name")]

    def demand(self, name: str) -> None:
        """ReftelError if there is nobody of that name."""
        names = [user.name for user in self.users()]
        if name not in names:
            raise ReftelError(f"There is no user {name}. There are: {', '.join(names) or 'none yet'}.")

    def secret(self, name: str) -> str | None:
        """The hash of somebody's password; None if there is nobody of that name."""
        found = self.file.rows("SELECT secret FROM users WHERE name = ?", name)
        return found[0][0] if found else None

    def add_user(self, name: str, role: str, secret: str, at: str) -> None:
        """ReftelError if there is one of that name."""
        with self.file.writing() as connection:
            if connection.execute("SELECT 1 FROM users WHERE name = ?", (name,)).fetchone():
                raise ReftelError(f"There is a user {name} already. To change it: reftel user role, or user password.")
            connection.execute("INSERT INTO users VALUES(?, ?, ?, ?, ?, NULL)", (name, role, secret, at, at))
            _log(connection, at, LOCAL, ADDED, f"{name}, {role}")

    def give_role(self, name: str, role: str, at: str) -> None:
        """Another role, from the next request on. Names that the user's sessions show are hidden."""
        self.demand(name)
        with self.file.writing() as connection:
            connection.execute("UPDATE users SET role = ?, changed = ? WHERE name = ?", (role, at, name))
            connection.execute("UPDATE sessions SET unmasked = 0 WHERE user = ?", (name,))
            _log(connection, at, LOCAL, RANKED, f"{name}, {role}")

    def change_password(self, name: str, secret: str, at: str) -> None:
        """Another password; the user's sessions and tokens end, since somebody else may have them."""
        self.demand(name)
        with self.file.writing() as connection:
            connection.execute("UPDATE users SET secret = ?, changed = ? WHERE name = ?", (secret, at, name))
            _end_all(connection, name)
            _log(connection, at, LOCAL, CHANGED, name)

    def renew_secret(self, name: str, old: str, new: str) -> None:
        """The same password, hashed at another cost."""
        with self.file.writing() as connection:
            connection.execute("UPDATE users SET secret = ? WHERE name = ? AND secret = ?", (new, name, old))

    def drop_user(self, name: str, at: str) -> None:
        """The user is out at once."""
        self.demand(name)
        with self.file.writing() as connection:
            connection.execute("DELETE FROM users WHERE name = ?", (name,))
            _end_all(connection, name)
            _log(connection, at, LOCAL, DROPPED, name)

    # ---- tokens of programs

    def add_token(self, name: str, token: str, at: str) -> None:
        """One more token with which a program is that user."""
        self.demand(name)
        with self.file.writing() as connection:
            connection.execute("INSERT INTO tokens VALUES(?, ?, ?)", (_digest(token), name, at))
            _log(connection, at, LOCAL, TOKEN, name)

    def drop_tokens(self, name: str, at: str) -> None:
        """None of the user's tokens is good any more."""
        self.demand(name)
        with self.file.writing() as connection:
            connection.execute("DELETE FROM tokens WHERE user = ?", (name,))
            _log(connection, at, LOCAL, NO_TOKENS, name)

    def find_token(self, token: str) -> tuple[str, str] | None:
        """Whose token it is, and the role; None if it is nobody's."""
        sql = "SELECT u.name, u.role FROM tokens t JOIN users u ON u.name = t.user WHERE t.token = ?"
        found = self.file.rows(sql, _digest(token))
        return (found[0][0], found[0][1]) if found else None

    # ---- sessions

    def begin_session(self, token: str, name: str, address: str, at: str) -> None:
        """A login: from now on who has the token is that user, for as long as there is one of that name."""
        with self.file.writing() as connection:
            connection.execute("UPDATE users SET seen = ? WHERE name = ?", (at, name))
            sql = "INSERT INTO sessions(token, user, begun, seen, address) VALUES(?, ?, ?, ?, ?)"
            connection.execute(sql, (_digest(token), name, at, at, address))
            _log(connection, at, name, LOGIN, address)

    def find_session(self, token: str, seen_since: str, begun_since: str) -> Held | None:
        """The session of a token, if it was begun and last seen after some times, and the user is still there."""
        found = self.file.rows(
            "SELECT u.name, u.role, s.seen, s.unmasked FROM sessions s JOIN users u ON u.name = s.user"
            " WHERE s.token = ? AND s.seen > ? AND s.begun > ?",
            *(_digest(token), seen_since, begun_since),
        )
        if not found:
            return None
        user, role, seen, unmasked = found[0]
        return Held(user, role, seen, bool(unmasked))

    def see_session(self, token: str, at: str, seen_since: str, begun_since: str) -> None:
        """Notes that a session is in use; those that have ended are forgotten."""
        with self.file.writing() as connection:
            connection.execute("UPDATE sessions SET seen = ? WHERE token = ?", (at, _digest(token)))
            connection.execute("DELETE FROM sessions WHERE seen <= ? OR begun <= ?", (seen_since, begun_since))

    def show_names(self, token: str, shows: bool, address: str, at: str) -> None:
        """Protected names are shown in a session, or hidden again; in the log before anybody sees them."""
        with self.file.writing() as connection:
            found = connection.execute("SELECT user FROM sessions WHERE token = ?", (_digest(token),)).fetchone()
            if found:
                connection.execute("UPDATE sessions SET unmasked = ? WHERE token = ?", (shows, _digest(token)))
                _log(connection, at, found[0], SHOWN if shows else HIDDEN, address)

    def end_session(self, token: str, at: str) -> None:
        """A logout."""
        with self.file.writing() as connection:
            sql = "DELETE FROM sessions WHERE token = ? RETURNING user, address"
            for user, address in connection.execute(sql, (_digest(token),)).fetchall():
                _log(connection, at, user, LOGOUT, address)

    # ---- the log

    def log(self, at: str, who: str, what: str, detail: str = "") -> None:
        """One more line."""
        with self.file.writing() as connection:
            _log(connection, at, who, what, detail)

    def log_failure(self, name: str, address: str, at: str) -> None:
        """A login failed. A name that nobody has is left out: it may be a password in the wrong box."""
        with self.file.writing() as connection:
            known = connection.execute("SELECT 1 FROM users WHERE name = ?", (name,)).fetchone()
            _log(connection, at, name if known else "", FAILED, address)

    def lines(self) -> list[LogLine]:
        """The log, the oldest first."""
        return [LogLine(*row) for row in self.file.rows("SELECT at, who, what, detail FROM log ORDER BY key")]


def _end_all(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("DELETE FROM sessions WHERE user = ?", (name,))
    connection.execute("DELETE FROM tokens WHERE user = ?", (name,))


def _log(connection: sqlite3.Connection, at: str, who: str, what: str, detail: str) -> None:
    connection.execute("INSERT INTO log(at, who, what, detail) VALUES(?, ?, ?, ?)", (at, who, what, detail[:500]))


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
