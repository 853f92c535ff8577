"""Names and statements looked for in what an archive holds: what nobody has looked through yet, or an older version did.

What is yielded is on disk. Killed at any instant, the next call goes on: what a text was looked through by stands beside it.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from itertools import islice
from typing import NamedTuple

from reftel.archive import ledger
from reftel.archive.findings import Found, say_versions
from reftel.archive.index import Index
from reftel.archive.ledger import Line
from reftel.archive.store import Store
from reftel.extract import versions_with
from reftel.extract.names import People
from reftel.parse import VERSION
from reftel.pipeline.add import crash_line
from reftel.pipeline.crew import Crew
from reftel.pipeline.follow import follow
from reftel.pipeline.runs import Run, own_people, running, stored_dictionaries
from reftel.pipeline.tally import Tally
from reftel.pipeline.work import Crash, StoredRecord

_CHUNK = 32
_FEW = 48  # texts that are looked through here, without workers: starting those takes as long
_LEARN_FROM = 512  # findings


class _Asked(NamedTuple):
    source: int
    locator: str
    characters: int
    cable_id: str | None
    again: bool


def current_versions(store: Store) -> str:
    """The versions of the extractors there are, with the archive's list of people, as they stand beside what they found."""
    return say_versions(versions_with(own_people(store)))


def take_people(store: Store, people: People) -> None:
    """Keeps a list of people with the archive, in the place of the one it had; one without rows takes that away."""
    with store.transaction():
        store.set_meta("people", people.text if people.listed else "")


def count_unextracted(store: Store) -> int:
    """How many cables are not looked through by the extractors there are, or not at all."""
    now = current_versions(store)
    return sum(count for versions, count in ledger.count_findings(store) if versions != now)


def extract_stored(
    store: Store, index: Index, *, clock: Callable[[], str], workers: int | None = None, tally: Tally | None = None
) -> Iterator[Line]:
    """Looks through what is not looked through by this version; a line for each text, once it is on disk. Needs the archive's lock.

    Closing the generator ends the run as interrupted; what was yielded is kept. workers: as in add_sources.
    """
    tally = tally if tally is not None else Tally()
    tally.stage = "extracting"
    asked = _what_is_left(store)
    if not asked:
        return
    tally.reading.bytes_total = sum(one.characters for one in asked)
    size = 0 if len(asked) < _FEW else workers if workers is not None else os.cpu_count() or 1
    with running(store, index, "extract", clock, tally) as run, Crew(size, stored_dictionaries(store)) as crew:
        begun = 0
        if not store.knows_findings and len(asked) >= _LEARN_FROM:
            yield from _extract(store, crew, run, asked[:_LEARN_FROM], tally)
            _learn(store, crew, [one.source for one in asked[:_LEARN_FROM]])
            begun = _LEARN_FROM
        yield from _extract(store, crew, run, asked[begun:], tally)
        tally.stage = "indexing"
        follow(store, index, crew, tally)


def _what_is_left(store: Store) -> list[_Asked]:
    """What leads comes first: the statements of a cable are those of its leading text."""
    rows = store.rows(
        "SELECT s.key, s.locator, s.characters, c.id, f.versions IS NOT NULL FROM sources s JOIN cables c ON c.key = s.cable"
        " LEFT JOIN findings f INDEXED BY findings_by_source ON f.source = s.key WHERE f.versions IS NULL OR f.versions <> ?"
        " ORDER BY c.lead IS NOT s.key, s.key",
        (current_versions(store),),
    )
    return [_Asked(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]


def _extract(store: Store, crew: Crew, run: Run, asked: list[_Asked], tally: Tally) -> Iterator[Line]:
    left = iter(asked)
    waiting: deque[tuple[list[_Asked], Future[tuple[Found | Crash, ...]]]] = deque()
    while chunk := list(islice(left, _CHUNK)):
        records = [StoredRecord(one.source, *store.packed(one.source)) for one in chunk]
        waiting.append((chunk, crew.extract(records)))
        if len(waiting) > 2 * crew.size + 1:
            yield from _write(store, run, *waiting.popleft(), tally)
    while waiting:
        yield from _write(store, run, *waiting.popleft(), tally)


def _write(
    store: Store, run: Run, chunk: list[_Asked], made: Future[tuple[Found | Crash, ...]], tally: Tally
) -> list[Line]:
    """The lines of a chunk, which is on disk then."""
    lines = []
    with store.transaction():
        for one, found in zip(chunk, made.result(), strict=True):
            line = _line(one, found, run.clock())
            if isinstance(found, Found):
                store.put_found(one.source, found)
            run.write(line)
            lines.append(line)
    for one, line in zip(chunk, lines, strict=True):
        tally.outcomes[line.outcome] = tally.outcomes.get(line.outcome, 0) + 1
        tally.characters += one.characters
        tally.reading.bytes_done += one.characters
    return lines


def _line(one: _Asked, found: Found | Crash, at: str) -> Line:
    reason = "Looked through again: another version of the extractors had done it." if one.again else None
    line = Line(one.locator, ledger.EXTRACTED, reason, None, VERSION, at, one.source, one.cable_id)
    return crash_line(line, found) if isinstance(found, Crash) else line._replace(versions=found.versions)


def _learn(store: Store, crew: Crew, sources: list[int]) -> None:
    """Once there is enough to learn from, findings are packed with what they have in common."""
    packed = (store.packed_findings(source) for source in sources)
    samples = [store.codecs.findings.unpack(*one) for one in packed if one is not None]
    if len(samples) < _LEARN_FROM // 2:
        return
    with store.transaction():
        store.learn({"findings": samples})
    crew.learn(stored_dictionaries(store))
