"""A small SQLite file beside an archive: made when something is first written, readable for its owner only, opened for each use.

Since it is opened anew each time, a server sees at once what a command has changed, and any thread may use it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from reftel.archive.store import said_of_damage
from reftel.errors import ReftelError

_BUSY = 30  # seconds that one process waits for another


class SideFile(NamedTuple):
    """path: where it lies; application, version: what SQLite's header says of it; tables: the statements that make it."""

    path: Path
    application: int
    version: int
    tables: str

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of one question; none where there is no file."""
        if not self.path.exists():
            return []
        with self._opened() as connection:
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection on which all is done or nothing; it is on disk when the block ends."""
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:  # a full disk has already rolled it back
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def is_whole(self) -> bool:
        """Whether every page of the file can be read; true where there is no file."""
        try:
            return self.rows("PRAGMA integrity_check") in ([], [("ok",)])
        except (ReftelError, sqlite3.DatabaseError):
            return False

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with said_of_damage(self.path):
            try:
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            except OSError as error:
                raise ReftelError(f"{self.path} cannot be opened: {error.strerror or error}.") from None
            with closing(sqlite3.connect(self.path, timeout=_BUSY, isolation_level=None)) as connection:
                self._prepare(connection)
                yield connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if (application, version) == (self.application, self.version):
            return
        connection.execute("BEGIN IMMEDIATE")  # of two that make it, the second finds it made
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            for statement in filter(str.strip, self.tables.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {self.application}")
            connection.execute(f"PRAGMA user_version = {self.version}")
            connection.execute("COMMIT")
            return
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("ROLLBACK")
        if application != self.application:
            raise ReftelError(f"{self.path.name} is no file of Reftel's. Move it out of the folder of the archive.")
        if version > self.version:
            raise ReftelError(f"{self.path.name} was made by a newer version of Reftel. Install that one.")
