"""What is done again: files that failed, sources that an older version parsed, an index that lags or is lost."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from itertools import islice
from pathlib import Path

from reftel.archive import ledger
from reftel.archive.index import Index
from reftel.archive.ledger import Line
from reftel.archive.store import Store
from reftel.parse import VERSION
from reftel.pipeline.add import crash_line
from reftel.pipeline.crew import Crew
from reftel.pipeline.follow import follow, needs_crew
from reftel.pipeline.runs import stored_dictionaries
from reftel.pipeline.tally import Tally
from reftel.pipeline.work import Crash, Parsed, StoredRecord

_CHUNK = 64
_MARK = re.compile("[!#]")
_ROW = re.compile(r"#\d{1,12}\Z", re.ASCII)


def retry_paths(store: Store, folder: Path) -> list[str]:
    """The files behind all locators that stand at failed, each once; a member's or row's whole file."""
    found = dict.fromkeys(
        _file_of(line.locator, folder)
        for line in ledger.latest(store, ledger.FAILED)
        if line.locator and not line.locator.startswith("stdin")
    )
    return list(found)


def _file_of(locator: str, folder: Path) -> str:
    """The file of a locator. `!` and `#` part a member or row from it, but stand in names of files too: what exists tells."""
    cuts = [len(locator), *(mark.start() for mark in reversed([*_MARK.finditer(locator)]))]
    paths = [os.path.normpath(folder / locator[:cut]) for cut in cuts]
    likely = os.path.normpath(folder / _ROW.sub("", locator.partition("!")[0]))
    return next(filter(os.path.isfile, paths), likely)


def follow_up(store: Store, index: Index, workers: int | None, tally: Tally) -> None:
    """Lets the index catch up with the truth. Needs the lock."""
    with Crew(_crew_size(store, index, workers), stored_dictionaries(store)) as crew:
        follow(store, index, crew, tally)


def parse_again(store: Store, index: Index, clock: Callable[[], str], workers: int | None, tally: Tally) -> int:
    """Parses what another version of the parser made, and makes the index anew; how many sources were parsed. Needs the lock."""
    run = ledger.begin_run(store, "rebuild", clock())
    old = iter(store.execute("SELECT key, locator FROM sources WHERE parser <> ? ORDER BY key", (VERSION,)).fetchall())
    count = 0
    with Crew(_all_cores(workers), stored_dictionaries(store)) as crew:
        waiting: deque[tuple[list[tuple[int, str]], Future[tuple[Parsed | Crash, ...]]]] = deque()
        while chunk := list(islice(old, _CHUNK)):
            waiting.append((chunk, crew.parse_again([_read(store, key) for key, _ in chunk])))
            if len(waiting) > 2 * crew.size + 1:
                count += _write(store, run, clock, *waiting.popleft(), tally)
        while waiting:
            count += _write(store, run, clock, *waiting.popleft(), tally)
        index.clear()
        tally.stage = "indexing"
        follow(store, index, crew, tally)
    ledger.end_run(store, run, clock(), "finished", 0)
    return count


def _write(
    store: Store,
    run: int,
    clock: Callable[[], str],
    chunk: list[tuple[int, str]],
    parsed: Future[tuple[Parsed | Crash, ...]],
    tally: Tally,
) -> int:
    count = 0
    with store.transaction():
        for (key, locator), made in zip(chunk, parsed.result(), strict=True):
            if isinstance(made, Crash):
                line = Line(locator, ledger.FAILED, made.reason, None, VERSION, clock(), key, trace=made.trace)
            else:
                store.reparsed(key, made.entry, VERSION)
                said = "Parsed again by a newer version."
                versions = made.entry.found.versions if made.entry.found is not None else None
                line = Line(locator, ledger.REPLACED, said, None, VERSION, clock(), key, versions=versions)
                count += 1
                if made.crash is not None:
                    ledger.write_line(store, run, crash_line(line, made.crash))
            ledger.write_line(store, run, line)
            tally.outcomes[line.outcome] = tally.outcomes.get(line.outcome, 0) + 1
    return count


def _read(store: Store, source: int) -> StoredRecord:
    return StoredRecord(source, *store.packed(source), store.packed_findings(source))


def _crew_size(store: Store, index: Index, workers: int | None) -> int:
    return _all_cores(workers) if needs_crew(store, index) else 0


def _all_cores(workers: int | None) -> int:
    return workers if workers is not None else os.cpu_count() or 1
