"""desk.sqlite, the user's own: saved searches, notes and tags. Adding cables never touches it.

Notes and tags hang on the address of a cable ("09LONDON2499") or of a paragraph ("09LONDON2499:3"), so that they outlive a
new parse, a better witness and a rebuilt archive.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

from reftel.archive.store import said_of_damage
from reftel.errors import ReftelError

FILE = "desk.sqlite"
_APPLICATION = 0x52656644  # "RefD"
_VERSION = 1
_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE searches(name TEXT PRIMARY KEY, query TEXT NOT NULL, saved TEXT NOT NULL, seen TEXT, total INTEGER);
CREATE TABLE notes(key INTEGER PRIMARY KEY, address TEXT NOT NULL, text TEXT NOT NULL, written TEXT NOT NULL);
CREATE INDEX notes_by_address ON notes(address);
CREATE TABLE tags(address TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(address, tag)) WITHOUT ROWID;
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_VERSION};
COMMIT;
"""


class Saved(NamedTuple):
    """A saved search. seen: when it was last run; total: how many cables it found then; both None if it never was."""

    name: str
    query: str
    saved: str
    seen: str | None
    total: int | None


class Note(NamedTuple):
    """A note of the user's on a cable or a paragraph."""

    key: int
    address: str
    text: str
    written: str


class Desk:
    """The desk beside an archive; its file is made when something is first kept."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def save_search(self, name: str, query: str, at: str) -> None:
        """Keeps a search under a name; a search that had the name is replaced."""
        if not name.strip() or len(name) > 100:
            raise ReftelError("A saved search needs a name of at most 100 letters.")
        self._execute("INSERT OR REPLACE INTO searches(name, query, saved) VALUES(?, ?, ?)", name, query, at)

    def searches(self) -> list[Saved]:
        """All saved searches, by name."""
        return [Saved(*row) for row in self._rows("SELECT name, query, saved, seen, total FROM searches ORDER BY name")]

    def search_named(self, name: str) -> Saved:
        """One saved search. ReftelError if there is none of that name."""
        found = next((saved for saved in self.searches() if saved.name == name), None)
        if found is None:
            names = ", ".join(saved.name for saved in self.searches()) or "none yet"
            raise ReftelError(f"There is no saved search {name!r}. There are: {names}.")
        return found

    def saw_search(self, name: str, total: int, at: str) -> None:
        """Notes that a saved search was run and what it found."""
        self._execute("UPDATE searches SET seen = ?, total = ? WHERE name = ?", at, total, name)

    def drop_search(self, name: str) -> None:
        """Forgets a saved search. ReftelError if there is none of that name."""
        self._execute("DELETE FROM searches WHERE name = ?", self.search_named(name).name)

    def add_note(self, address: str, text: str, at: str) -> None:
        """Writes a note on a cable or paragraph."""
        self._execute("INSERT INTO notes(address, text, written) VALUES(?, ?, ?)", address, text, at)

    def notes(self, address: str) -> list[Note]:
        """The notes on a cable and on its paragraphs, the oldest first."""
        sql = (
            "SELECT key, address, text, written FROM notes WHERE address = ? OR address LIKE ? ESCAPE '\\' ORDER BY key"
        )
        return [Note(*row) for row in self._rows(sql, address, f"{_literal(address)}:%")]

    def drop_note(self, key: int) -> None:
        """Throws a note away."""
        self._execute("DELETE FROM notes WHERE key = ?", key)

    def tag(self, address: str, tag: str) -> None:
        """Tags a cable or paragraph; twice is once."""
        self._execute("INSERT OR IGNORE INTO tags VALUES(?, ?)", address, tag.strip())

    def untag(self, address: str, tag: str) -> None:
        """Takes a tag away again."""
        self._execute("DELETE FROM tags WHERE address = ? AND tag = ?", address, tag.strip())

    def tags(self, address: str) -> list[str]:
        """The tags of a cable or paragraph."""
        return [row[0] for row in self._rows("SELECT tag FROM tags WHERE address = ? ORDER BY tag", address)]

    def tagged(self, tag: str) -> list[str]:
        """The addresses that have a tag."""
        return [row[0] for row in self._rows("SELECT address FROM tags WHERE tag = ? ORDER BY address", tag.strip())]

    def is_whole(self) -> bool:
        """Whether every page of the file can be read; true where there is no file."""
        if not self.path.exists():
            return True
        try:
            return self._rows("PRAGMA integrity_check") == [("ok",)]
        except (ReftelError, sqlite3.DatabaseError):
            return False

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        if self._connection is None and not self.path.exists():
            return []
        with said_of_damage(self.path):
            return self._open().execute(sql, values).fetchall()

    def _execute(self, sql: str, *values: object) -> None:
        with said_of_damage(self.path):
            self._open().execute(sql, values)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
            try:
                _prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection


def _prepare(connection: sqlite3.Connection) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application == _APPLICATION and version == _VERSION:
        return
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        if application == _APPLICATION and version > _VERSION:
            raise ReftelError(f"{FILE} was made by a newer version of Reftel. Install that one.")
        raise ReftelError(f"{FILE} is no desk of Reftel's. Move it out of the folder of the archive.")
    connection.executescript(_TABLES)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
