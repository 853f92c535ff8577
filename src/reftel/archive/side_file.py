"""A small SQLite file beside an archive: made when something is first written, readable for its owner only, opened for each use.

Since it is opened anew each time, a server sees at once what a command has changed, and any thread may use it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from reftel.archive.store import said_of_damage
from reftel.errors import ReftelError

_BUSY = 30  # seconds that one process waits for another


class SideFile(NamedTuple):
    """path: where it lies; application: what SQLite's header says of it; steps: see prepare_side_file."""

    path: Path
    application: int
    steps: tuple[str, ...]

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
                prepare_side_file(connection, self.path.name, self.application, self.steps)
                yield connection


def prepare_side_file(connection: sqlite3.Connection, name: str, application: int, steps: Sequence[str]) -> None:
    """Makes the tables of an empty file, or brings those of an older version up to date, as a whole or not at all.

    steps: the statements that lead from each version to the next, the first from an empty file. ReftelError if the file is another
    program's, or a newer version's.
    """
    if _header(connection) == (application, len(steps)):
        return
    connection.execute("BEGIN IMMEDIATE")  # before anything is asked: of two that make it, the second finds it made
    try:
        version = _version(connection, name, application, len(steps))
        for step in steps[version:]:
            for statement in filter(str.strip, step.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {application}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection, name: str, application: int, newest: int) -> int:
    """0 for an empty file."""
    found, version = _header(connection)
    if found == application and 1 <= version <= newest:
        return version
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return 0
    if found == application and version > newest:
        raise ReftelError(f"{name} was made by a newer version of Reftel. Install that one.")
    raise ReftelError(f"{name} is no file of Reftel's. Move it out of the folder of the archive.")


def _header(connection: sqlite3.Connection) -> tuple[int, int]:
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return application, version
