"""Measures the archive: adding made-up cables, its size, every kind of query, cold start; then the same in its peers.

    python bench/archive.py --cables 20000                 some minutes
    python bench/archive.py --cables 251287 --dir BIG      the size of the whole collection, about half an hour

docs/performance.md says what each figure means and what is aimed at.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from compose import make_world
from make_cables import make_records, write_dump
from measure import Range, Spell, describe_machine, find_range, time_call
from memory import Held, Watch
from peers import format_timings, show_peers
from queries import FACETS, PAGE, Query, make_queries, time_queries
from rates import read_sources
from records import RecordFile, load_records, thin
from schedule import MOST

import reftel
from reftel.model import Source
from reftel.pipeline.read import parse_source

PARSED = 300  # cables of each sort, to compare them
MORE = 1000  # cables added to an archive that is there
FULL = 251_287  # cables of the whole collection; the aims for adding are scaled from it
ADD_SECONDS, ADD_MEMORY = 300, 1_500_000_000
QUERY_SECONDS, COLD_SECONDS = 0.05, 0.25
_YARDSTICK = re.compile(r"\b[A-Z]{4,}\b")


class Added(NamedTuple):
    """What one `reftel add` took: seconds by the clock, and memory of all its processes (None if it is not told)."""

    seconds: float
    peak: Held | None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cables", type=int, default=20_000, help="how many (default 20,000)")
    parser.add_argument("--queries", type=int, default=100, help="how many of each kind (default 100)")
    parser.add_argument("--starts", type=int, default=20, help="how many processes to start for the cold start (20)")
    parser.add_argument(
        "--dir", type=Path, help="an empty folder to work in, kept afterwards (default: a temporary one)"
    )
    asked = parser.parse_args(arguments)
    if not 0 < asked.cables <= MOST - MORE:
        parser.error(f"--cables is a number from 1 to {MOST - MORE:,}.")
    print(describe_machine())
    with TemporaryDirectory() as spare:
        folder = asked.dir or Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        if next(folder.iterdir(), None):
            parser.error(f"{folder} is not empty. Name a new folder with --dir.")
        for line in show_all(folder, asked.cables, asked.queries, asked.starts):
            print(line, flush=True)
    return 0


def show_all(folder: Path, cables: int, number: int, starts: int) -> Iterator[str]:
    """The lines of the report."""
    before = _yardstick()
    begun = time.perf_counter()
    size = write_dump(folder / "cables", cables)
    seconds = time.perf_counter() - begun
    yield f"{cables:,} cables made, {size / 1e6:,.0f} MB, in {seconds:.1f} s ({cables / seconds:,.0f} cables/s)"
    yield show_parse(min(cables, PARSED))
    yield ""
    home = folder / "archive"
    yield from show_add(home, folder / "cables", cables, size)
    yield ""
    with reftel.Archive.open(home) as archive:
        if len(archive) != cables:
            yield f"WRONG: the archive holds {len(archive):,} cables instead of {cables:,}"
        queries = make_queries(make_world(), cables, archive.count, number)
        yield from show_queries(archive, queries)
    yield ""
    yield from show_starts(home, queries, starts)
    write_dump(folder / "more", MORE, first=cables)
    more = add_cables(home, folder / "more")
    yield f"adding {MORE:,} more: {more.seconds:.1f} s ({MORE / more.seconds:,.0f} cables/s)"
    yield ""
    yield from show_peers(folder / "cables", folder, number, queries)
    yield ""
    noise = find_range([*before, *_yardstick()])
    yield (
        f"noise: one regular expression over the same texts took {_milliseconds(noise)} ms before and after; "
        f"differences of less than {noise.noise:.0%} say nothing"
    )


def show_parse(number: int) -> str:
    """Whether made-up cables are as hard to parse as others: microseconds for a thousand characters of both."""
    what, others = load_records(None)
    made = [RecordFile("made", record.encode()) for record in make_records(number)]
    both = [read_sources(made), read_sources(thin(others, number))]
    sizes = [sum(len(source.text) for source in sources) for sources in both]
    rounds = [[time_call(partial(_parse_all, sources)).cpu for sources in both] for _ in range(3)]
    ours, theirs = (min(taken) / size * 1e9 for taken, size in zip(zip(*rounds, strict=True), sizes, strict=True))
    return f"parsing takes {ours:.0f} microseconds for 1,000 characters; of {what} it takes {theirs:.0f}"


def _parse_all(sources: list[Source]) -> None:
    for source in sources:
        parse_source(source)


def show_add(home: Path, cables: Path, number: int, size: int) -> Iterator[str]:
    """Adding to a new archive, and how large it is then."""
    added = add_cables(home, cables)
    yield (
        f"reftel add: {added.seconds:.1f} s ({number / added.seconds:,.0f} cables/s, "
        f"{size / added.seconds / 1e6:.1f} MB/s), aim {ADD_SECONDS * number / FULL:.1f} s"
        f"{_judge(added.seconds, ADD_SECONDS * number / FULL)}"
    )
    if added.peak is None:
        yield "peak memory: this system does not tell it"
    else:
        yield (
            f"peak memory of all processes: {added.peak.own / 1e6:,.0f} MB of their own, {added.peak.whole / 1e6:,.0f} MB "
            f"with mapped files, aim {ADD_MEMORY / 1e6:,.0f} MB{_judge(added.peak.own, ADD_MEMORY)}"
        )
    store = sum(path.stat().st_size for path in home.glob("archive.sqlite*"))
    index = sum(path.stat().st_size for path in (home / "index").rglob("*") if path.is_file())
    yield (
        f"on disk: store {store / 1e6:,.0f} MB ({store / size:.0%} of the text), "
        f"index {index / 1e6:,.0f} MB ({index / size:.0%})"
    )


def show_queries(archive: Any, queries: list[Query]) -> Iterator[str]:
    """A table of latencies in this process, and which kinds are slower than is aimed at."""
    timings = time_queries(queries, lambda query: run_archive(archive, query))
    yield from format_timings(timings)
    slow = [timing.kind for timing in timings if timing.p95 > QUERY_SECONDS]
    aim = f"aim: p95 under {QUERY_SECONDS * 1e3:.0f} ms for every kind"
    yield f"{aim}: MISSED by {', '.join(slow)}" if slow else f"{aim}: reached"


def run_archive(archive: Any, query: Query) -> int:
    """The number of hits; the first page is looked at as a list of results would show it."""
    result = archive.search(
        query.text,
        limit=PAGE,
        sort="-date" if query.by_date else "relevance",
        facets=FACETS if query.facets else (),
    )
    for hit in result.hits:
        _ = (hit.id, hit.date, hit.score)
        if query.snippets:
            _ = hit.snippet
    return int(result.total)


def add_cables(home: Path, cables: Path) -> Added:
    """`reftel add --no-extract` in a process of its own, as a user calls it; names and statements have a bench of their own."""
    command = [sys.executable, "-m", "reftel", "add", "--no-extract", "--archive", str(home), str(cables)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    with Watch(process.pid) as watch:
        _, errors = process.communicate()
    if process.returncode:
        raise SystemExit(f"reftel add ended with {process.returncode}:\n{errors[-2000:]}")
    return Added(time.perf_counter() - begun, watch.peak)


def show_starts(home: Path, queries: list[Query], starts: int) -> Iterator[str]:
    """`reftel search` as a process, beside the least that such a process takes; the jobs take turns."""
    words = [query.text for query in queries if query.kind == "rare word"]
    jobs = {
        "python -c pass": [["-c", "pass"]],
        'python -c "import tantivy"': [["-c", "import tantivy"]],
        "reftel search": [["-m", "reftel", "search", "--archive", str(home), word] for word in words],
    }
    # With bytecode kept, as an installed program has it, whatever this shell asks for.
    kept = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    spells: dict[str, list[Spell]] = {name: [] for name in jobs}
    for turn in range(-1, starts):
        for name, commands in jobs.items():
            command = [sys.executable, *commands[turn % len(commands)]]
            spell = time_call(partial(subprocess.run, command, check=True, capture_output=True, env=kept))
            if turn >= 0:  # the turn before wrote the bytecode
                spells[name].append(spell)
    for name, taken in spells.items():
        wall = find_range([spell.wall for spell in taken])
        aim = (
            f" ms, aim {COLD_SECONDS * 1e3:.0f} ms{_judge(wall.median, COLD_SECONDS)}"
            if name == "reftel search"
            else " ms"
        )
        yield f"cold start, {name:28}{_milliseconds(wall)}{aim}"


def _yardstick() -> list[float]:
    """Seconds of a job that has nothing to do with the archive, three times."""
    texts = list(make_records(300))
    jobs = [time_call(lambda: [sum(1 for _ in _YARDSTICK.finditer(text)) for text in texts]) for _ in range(3)]
    return [spell.wall for spell in jobs]


def _judge(value: float, aim: float) -> str:
    return ": reached" if value <= aim else ": MISSED"


def _milliseconds(found: Range) -> str:
    return f"{found.median * 1e3:.0f} ({found.low * 1e3:.0f} to {found.high * 1e3:.0f})"


if __name__ == "__main__":
    sys.exit(main())
