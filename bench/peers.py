"""The same cables in SQLite's full-text search, and under grep: what an archive has to be better than.

    python bench/peers.py DIR

DIR: what `make_cables.py --cables N DIR` wrote (with the seed that is the default).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from compose import make_world
from measure import describe_machine
from queries import FACETS, PAGE, Query, Timing, make_queries, time_queries

from reftel.tables import find_post

_TAGS = re.compile(r"^TAGS: (.*)$", re.MULTILINE)
_TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -200000;
CREATE VIRTUAL TABLE cables USING fts5(subject, text, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(cables, 'row');
CREATE TABLE cards(
    key INTEGER PRIMARY KEY, id TEXT, date TEXT, year TEXT, post TEXT, station TEXT, country TEXT, classification TEXT,
    carrier TEXT
);
CREATE TABLE tags(cable INTEGER, tag TEXT, PRIMARY KEY(cable, tag)) WITHOUT ROWID;
CREATE INDEX cards_by_station ON cards(station, year);
CREATE INDEX tags_by_tag ON tags(tag, cable);
"""
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


class Row(NamedTuple):
    """A dump record as the tables take it."""

    id: str
    subject: str
    date: str
    classification: str
    origin: str
    tags: list[str]
    text: str


class Built(NamedTuple):
    """cables and bytes that went in, the seconds it took, and the bytes of the file."""

    cables: int
    bytes: int
    seconds: float
    size: int


class GrepRun(NamedTuple):
    """One `grep -rc`: what for, the seconds, and how many files hold it."""

    words: str
    seconds: float
    files: int


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("dir", type=Path, help="a folder of made-up dump records")
    parser.add_argument("--queries", type=int, default=100, help="how many of each kind (default 100)")
    asked = parser.parse_args(arguments)
    if not next(asked.dir.rglob("*.txt"), None):
        print(f"There are no dump records in {asked.dir}. Make some with bench/make_cables.py.", file=sys.stderr)
        return 1
    print(describe_machine())
    with TemporaryDirectory() as folder:
        for line in show_peers(asked.dir, Path(folder), asked.queries):
            print(line, flush=True)
    return 0


def show_peers(cables: Path, folder: Path, number: int, queries: list[Query] | None = None) -> Iterator[str]:
    """The lines of the report. queries: else `number` of each kind are made. folder: where the database is put."""
    path = folder / "fts5.sqlite"
    built = build_fts(cables, path)
    yield (
        f"SQLite FTS5 {sqlite3.sqlite_version}: {built.cables:,} cables, {built.bytes / 1e6:,.0f} MB in {built.seconds:.1f} s "
        f"({built.cables / built.seconds:,.0f} cables/s, {built.bytes / built.seconds / 1e6:.1f} MB/s); "
        f"{built.size / 1e6:,.0f} MB on disk"
    )
    connection = sqlite3.connect(path)
    try:
        if queries is None:
            queries = make_queries(make_world(), built.cables, lambda word: count_word(connection, word), number)
        timings = time_queries((query for query in queries if query.match), lambda query: run_fts(connection, query))
    finally:
        connection.close()
    yield from format_timings(timings)
    yield "fuzzy: FTS5 has no such search"
    yield from show_grep(cables, queries)


def format_timings(timings: list[Timing]) -> Iterator[str]:
    """A table, in milliseconds."""
    yield f"{'milliseconds':24}{'p50':>10}{'p95':>10}{'p99':>10}{'hits of the median':>20}"
    for kind, p50, p95, p99, hits in timings:
        yield f"{kind:24}{p50 * 1e3:10.2f}{p95 * 1e3:10.2f}{p99 * 1e3:10.2f}{hits:20,}"


def build_fts(cables: Path, path: Path) -> Built:
    """Puts all dump records under `cables` into a new database."""
    begun = time.perf_counter()
    connection = sqlite3.connect(path)
    connection.executescript(_TABLES)
    key = size = 0
    try:
        with connection:
            for key, row in enumerate(read_rows(cables), start=1):
                size += len(row.text.encode())
                _insert(connection, key, row)
    finally:
        connection.close()
    return Built(key, size, time.perf_counter() - begun, path.stat().st_size)


def read_rows(cables: Path) -> Iterator[Row]:
    """The dump records under a folder, in the order of their names."""
    for path in sorted(cables.rglob("*.txt")):
        cable_id, subject, printed, classification, origin, text = path.read_text("utf-8").split("\n", 5)
        words = printed.split()
        date = f"{words[-1]}-{_MONTHS.index(words[1]) // 3 + 1:02d}-{words[2]}"
        tags = _TAGS.search(text)
        yield Row(cable_id, subject, date, classification, origin, tags[1].split() if tags else [], text)


def _insert(connection: sqlite3.Connection, key: int, row: Row) -> None:
    connection.execute("INSERT INTO cables(rowid, subject, text) VALUES(?, ?, ?)", (key, row.subject, row.text))
    station, country = _find_place(row.origin)
    connection.execute(
        "INSERT INTO cards VALUES(?, ?, ?, ?, ?, ?, ?, ?, 'dump')",
        (key, row.id, row.date, row.date[:4], row.origin, station, country, row.classification.partition("/")[0]),
    )
    connection.executemany("INSERT OR IGNORE INTO tags VALUES(?, ?)", [(key, tag) for tag in row.tags])


@lru_cache
def _find_place(origin: str) -> tuple[str, str]:
    post = find_post(origin)
    return (post.station, post.country) if post else ("", "")


def count_word(connection: sqlite3.Connection, word: str) -> int:
    """How many cables hold a word."""
    row = connection.execute("SELECT doc FROM vocabulary WHERE term = ?", (word.lower(),)).fetchone()
    return int(row[0]) if row else 0


def run_fts(connection: sqlite3.Connection, query: Query) -> int:
    """Does what an archive does for the query: all hits counted, the first page fetched. Gives the number of hits."""
    connection.execute("DROP TABLE IF EXISTS temp.hits")
    where, values = "cables MATCH ?", [query.match]
    if query.filter:
        where += (
            " AND rowid IN (SELECT key FROM cards JOIN tags ON cable = key WHERE station = ? AND year = ? AND tag = ?)"
        )
        values += [query.filter.station, str(query.filter.year), query.filter.tag]
    if query.facets:
        connection.execute(f"CREATE TEMP TABLE hits AS SELECT rowid AS key FROM cables WHERE {where}", values)
        for facet in FACETS:
            _count_facet(connection, facet)
    snippet = "snippet(cables, 1, '[', ']', '...', 30)" if query.snippets else "''"
    order = "(SELECT date FROM cards WHERE key = cables.rowid) DESC" if query.by_date else "rank"
    page = f"SELECT rowid, {snippet} FROM cables WHERE {where} ORDER BY {order} LIMIT {PAGE}"
    rows = connection.execute(page, values).fetchall()
    for key, _ in rows:
        connection.execute("SELECT id, date FROM cards WHERE key = ?", (key,)).fetchone()
    return int(connection.execute(f"SELECT count(*) FROM cables WHERE {where}", values).fetchone()[0])


def _count_facet(connection: sqlite3.Connection, facet: str) -> list[tuple[str, int]]:
    table, key = ("tags", "cable") if facet == "tag" else ("cards", "key")
    return connection.execute(
        f"SELECT {facet}, count(*) FROM hits JOIN {table} t ON t.{key} = hits.key GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()


def show_grep(cables: Path, queries: list[Query]) -> Iterator[str]:
    """grep over the files for three of each kind that it can look for, or a sentence where it is absent."""
    if shutil.which("grep") is None:
        yield "grep is not on this machine, and is not measured."
        return
    for kind in ("rare word", "frequent word", "phrase"):
        for query in [query for query in queries if query.kind == kind][:3]:
            run = run_grep(cables, query.text.strip('"'))
            yield f"grep -rc, {kind:16}{run.seconds * 1e3:12,.0f} ms{run.files:10,} files"


def run_grep(cables: Path, words: str) -> GrepRun:
    """How many files hold the words, in any case, as whole words on one line."""
    begun = time.perf_counter()
    command = ["grep", "-rciwF", "-e", words, str(cables)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    seconds = time.perf_counter() - begun
    return GrepRun(words, seconds, sum(not line.endswith(":0") for line in done.stdout.splitlines()))


if __name__ == "__main__":
    sys.exit(main())
