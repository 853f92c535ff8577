"""The file of the desk: its tables, the step from each version to the next, and the one connection to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reftel.archive.anchors import Anchor
from reftel.archive.side_file import prepare_side_file
from reftel.archive.store import said_of_damage
from reftel.model import Span

FILE = "desk.sqlite"
# Of the tables that anchors are kept in; all NULL where there is none. start, stop: code points of the text of that sha256.
ANCHOR = "sha256, start, stop, quote, before, after"
_ANCHOR_COLUMNS = "sha256 TEXT, start INTEGER, stop INTEGER, quote TEXT, before TEXT, after TEXT"
_APPLICATION = 0x52656644  # "RefD"
_BUSY = 30  # seconds that one who writes waits for another

_FIRST = """
CREATE TABLE searches(name TEXT PRIMARY KEY, query TEXT NOT NULL, saved TEXT NOT NULL, seen TEXT, total INTEGER);
CREATE TABLE notes(key INTEGER PRIMARY KEY, address TEXT NOT NULL, text TEXT NOT NULL, written TEXT NOT NULL);
CREATE INDEX notes_by_address ON notes(address);
CREATE TABLE tags(address TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(address, tag)) WITHOUT ROWID;
"""
# archive, newest: in which archive a search was last seen, and the highest key of a cable that it could have found there.
# author: NULL where there is one user only, and owner: empty. place: counts up within the basket of one owner.
# AUTOINCREMENT: a number that was thrown away never comes again, so that a page which is out of date does not hit another note.
_SECOND = f"""
ALTER TABLE searches ADD COLUMN archive TEXT;
ALTER TABLE searches ADD COLUMN newest INTEGER;
ALTER TABLE notes RENAME TO notes_1;
DROP INDEX notes_by_address;
CREATE TABLE notes(
    key INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL, text TEXT NOT NULL, written TEXT NOT NULL,
    changed TEXT, author TEXT, {_ANCHOR_COLUMNS}
);
INSERT INTO notes(key, address, text, written) SELECT key, address, text, written FROM notes_1;
DROP TABLE notes_1;
CREATE INDEX notes_by_address ON notes(address);
CREATE TABLE basket(
    key INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, place INTEGER NOT NULL, address TEXT NOT NULL,
    remark TEXT NOT NULL, added TEXT NOT NULL, {_ANCHOR_COLUMNS}
);
CREATE INDEX basket_by_owner ON basket(owner, place);
CREATE INDEX tags_by_tag ON tags(tag);
"""


class DeskFile:
    """One connection to the desk of an archive, for one thread; the file is made when something is first kept.

    Its journal is the plain one of SQLite: between two writes the file is whole by itself, and can be copied. Who writes waits for
    others to end; nobody writes for longer than an instant.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Gives the connection back; what asks again opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a question; none where there is no file."""
        if self._connection is None and not self.path.exists():
            return []
        with said_of_damage(self.path):
            return self._open().execute(sql, values).fetchall()

    def write(self, sql: str, *values: object) -> sqlite3.Cursor:
        """Changes something; on disk when it returns, outside of a transaction."""
        with said_of_damage(self.path):
            return self._open().execute(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing, and nobody else writes meanwhile."""
        self.write("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._open().in_transaction:
                self.write("ROLLBACK")
            raise
        self.write("COMMIT")

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self.path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
            try:
                prepare_side_file(connection, FILE, _APPLICATION, (_FIRST, _SECOND))
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection


def anchor_values(anchor: Anchor | None) -> tuple[object, ...]:
    """An anchor as the columns ANCHOR hold it."""
    if anchor is None:
        return (None,) * 6
    return (anchor.sha256, *anchor.span, anchor.quote, anchor.before, anchor.after)


def read_anchor(values: tuple[Any, ...]) -> Anchor | None:
    """The anchor in the columns ANCHOR."""
    sha256, start, stop, quote, before, after = values
    return None if sha256 is None else Anchor(sha256, Span(start, stop), quote, before, after)


def literal(text: str) -> str:
    """The text as a pattern of LIKE that means just it."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
