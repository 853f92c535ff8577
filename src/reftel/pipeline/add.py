"""Files into an archive: read here, parsed by the crew, written here, one batch a transaction.

What is yielded is on disk. Killed at any instant, the archive holds what was yielded, and the next run goes on: what is there
already is told by its digest and not parsed again.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from reftel.archive import ledger
from reftel.archive.entry import Entry, digest_source
from reftel.archive.index import Index
from reftel.archive.ledger import Line
from reftel.archive.store import Store
from reftel.errors import DEFECTS
from reftel.model import Source
from reftel.parse import VERSION
from reftel.pipeline.crew import Crew
from reftel.pipeline.follow import follow
from reftel.pipeline.runs import REPORT, REPORT_EXTRACTOR, Run, running, sentence, stored_dictionaries
from reftel.pipeline.tally import Tally
from reftel.pipeline.work import Crash, Parsed
from reftel.readers import Failure, read_sources

_FEW = 48  # sources that are parsed here, without workers: starting those takes as long
_CHUNK, _CHUNK_CHARACTERS = 32, 1 << 20
_BATCH_SECONDS = 0.5  # how long what is written may wait to be on disk
_INDEX_SECONDS = (2.0, 60.0)  # how far the index may lag behind, at first and later
_LEARN_FROM = 512  # entries
_FULLER = "If you have a fuller copy, add it too: the best text leads."


class Missing(NamedTuple):
    """A path that somebody typed and that is not there: told, but no line of the ledger, which is of files."""

    failure: Failure


Item = Failure | Missing | Source


def add_sources(
    store: Store,
    index: Index,
    folder: Path,
    paths: Iterable[str | Path],
    *,
    clock: Callable[[], str],
    command: str = "add",
    reader: str | None = None,
    stdin: BinaryIO | None = None,
    workers: int | None = None,
    extracts: bool = True,
    tally: Tally | None = None,
) -> Iterator[Line]:
    """Adds all that is found under the paths; a line for each, once it is on disk. Needs the archive's lock.

    folder: the archive's; locators are kept relative to it. clock: gives the time, UTC, ISO. workers: processes that parse;
    None is one a core, 0 none. extracts: whether names and statements are looked for too. Closing the generator ends the run as interrupted; what was yielded is kept.
    """
    tally = tally if tally is not None else Tally()
    with running(store, index, command, clock, tally) as run:
        found = read_sources(paths, reader=reader, stdin=stdin, progress=tally.reading)
        items = (_relocate(item, folder) for item in found)
        first = list(islice(items, _FEW))
        few = len(first) < _FEW
        size = 0 if few else workers if workers is not None else os.cpu_count() or 1
        with Crew(size, stored_dictionaries(store)) as crew:
            writer = _Writer(store, index, crew, run, tally)
            yield from writer.write(_parse_ahead(chain(first, items), crew, store, extracts))
            tally.stage = "indexing"
            follow(store, index, crew, tally)


def relative_locator(locator: str, folder: Path) -> str:
    """The path of a locator as seen from the archive's folder, so that the two can be moved together.

    Where there is no way from the one to the other (two drives), the path without the drive.
    """
    path, mark, member = locator.partition("!")
    try:
        seen = os.path.relpath(path, folder)
    except ValueError:
        seen = os.path.splitdrive(path)[1].lstrip("\\/")
    return seen.replace(os.sep, "/") + mark + member


def _relocate(item: Item, folder: Path) -> Item:
    """The item with its locator as the archive keeps it. Standard input is told apart by what came through it."""
    if isinstance(item, Missing):
        return item
    if isinstance(item, Failure):
        if item.locator == "stdin":
            return item
        if not any(map(os.path.lexists, _files_of(item.locator))):
            return Missing(item)
        return Failure(relative_locator(item.locator, folder), item.reason.replace(item.locator, "the file"))
    provenance = item.provenance
    if provenance.locator == "stdin":
        locator = f"stdin:{provenance.sha256[:12]}"
    else:
        locator = relative_locator(provenance.locator, folder)
    return msgspec.structs.replace(item, provenance=msgspec.structs.replace(provenance, locator=locator))


def _files_of(locator: str) -> list[str]:
    """The files that a locator may be of: all of it, or what stands before the mark of a member or a row."""
    marks = [i for i, character in enumerate(locator) if character in "!#"]
    return [locator, *(locator[:i] for i in marks)]


class _Task(NamedTuple):
    """A chunk under way. new: which of its items are being parsed."""

    items: list[Item]
    new: set[int]
    parsed: Future[tuple[Parsed | Crash, ...]]


def _parse_ahead(
    items: Iterable[Item], crew: Crew, store: Store, extracts: bool
) -> Iterator[tuple[Item, Parsed | Crash | None]]:
    """Each item with what was parsed from it, in order; None for what needs no parsing. At most a few chunks wait."""
    tasks: deque[_Task] = deque()
    for chunk in _chunks(items):
        new = [
            i
            for i, item in enumerate(chunk)
            if isinstance(item, Source) and store.find_digest(digest_source(item)) is None
        ]
        sources = [item for i in new if isinstance(item := chunk[i], Source)]
        tasks.append(_Task(chunk, set(new), crew.parse(sources, extracts)))
        if len(tasks) > 2 * crew.size + 1:
            yield from _pair(tasks.popleft())
    while tasks:
        yield from _pair(tasks.popleft())


def _pair(task: _Task) -> Iterator[tuple[Item, Parsed | Crash | None]]:
    parsed = iter(task.parsed.result())
    for i, item in enumerate(task.items):
        yield item, next(parsed) if i in task.new else None


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    chunk: list[Item] = []
    characters = 0
    for item in items:
        chunk.append(item)
        characters += len(item.text) if isinstance(item, Source) else 0
        if len(chunk) >= _CHUNK or characters > _CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


class _Writer:
    """Writes what was parsed; it holds what all items of a run share."""

    def __init__(self, store: Store, index: Index, crew: Crew, run: Run, tally: Tally) -> None:
        self.store, self.index, self.crew, self.run, self.tally = store, index, crew, run, tally
        self.samples: dict[str, list[bytes]] | None = None if store.has_learnt else {"text": [], "record": []}
        if self.samples is not None and not store.knows_findings:
            self.samples["findings"] = []
        self.indexed_at = time.monotonic()
        self.lag = _INDEX_SECONDS[0]

    def write(self, pairs: Iterable[tuple[Item, Parsed | Crash | None]]) -> Iterator[Line]:
        """A line for each item, once its transaction is on disk."""
        pairs = iter(pairs)
        while batch := self._write_batch(pairs):
            self._learn()
            if time.monotonic() - self.indexed_at > self.lag:
                follow(self.store, self.index, self.crew, self.tally)
                self.indexed_at = time.monotonic()
                self.lag = min(2 * self.lag, _INDEX_SECONDS[1])
            yield from batch

    def _write_batch(self, pairs: Iterator[tuple[Item, Parsed | Crash | None]]) -> list[Line]:
        """What comes in half a second, in one transaction; then the new cables go to the index."""
        lines: list[Line] = []
        fresh: list[tuple[int, int, Entry]] = []
        first = next(pairs, None)
        if first is None:
            return lines
        with self.store.transaction():
            begun = time.monotonic()
            for item, parsed in chain([first], pairs):
                written = self._write_item(item, parsed, fresh)
                if not isinstance(item, Missing):
                    for line in written:
                        self.run.write(line)
                lines += written
                if time.monotonic() - begun > _BATCH_SECONDS:
                    break
        for line in lines:  # at once: what is on disk is counted, even if the run is stopped now
            self.tally.outcomes[line.outcome] = self.tally.outcomes.get(line.outcome, 0) + 1
        for key, changed, entry in fresh:
            self.index.add(key, changed, entry.document, (entry.provenance.reader,), collides=False)
        return lines

    def _write_item(self, item: Item, parsed: Parsed | Crash | None, fresh: list[tuple[int, int, Entry]]) -> list[Line]:
        """Its line, and another one where an extractor failed on the cable."""
        at = self.run.clock()
        if isinstance(item, Missing):
            item = item.failure
        if isinstance(item, Failure):
            said, _, advice = item.reason.partition(". ")
            return [Line(item.locator, ledger.FAILED, sentence(said), advice or None, VERSION, at)]
        locator = item.provenance.locator
        if isinstance(parsed, Crash):
            return [Line(locator, ledger.FAILED, sentence(parsed.reason), REPORT, VERSION, at, trace=parsed.trace)]
        known = self.store.find_digest(digest_source(item))
        if known is not None:
            return [self._write_known(locator, *known, at)]
        assert parsed is not None
        entry = parsed.entry
        self.tally.characters += entry.characters
        kept = self.store.put(entry, VERSION)
        if kept.fresh:
            fresh.append((kept.cable, kept.changed, entry))
        self._sample(item, entry)
        outcome = ledger.ADDED
        reason: str | None = None
        remedy: str | None = None
        if kept.replaced:
            outcome, reason = ledger.REPLACED, "The file has changed since it was added."
        if entry.cut:
            outcome, remedy = ledger.PARTIAL, _FULLER
            reason = " ".join(DEFECTS[code] for code in entry.cut)
        versions = entry.found.versions if entry.found is not None else None
        line = Line(locator, outcome, reason, remedy, VERSION, at, kept.source, entry.id, versions=versions)
        return [line, crash_line(line, parsed.crash)] if parsed.crash is not None else [line]

    def _sample(self, source: Source, entry: Entry) -> None:
        """Keeps what dictionaries are to be learnt from, as long as there is not enough of it."""
        if self.samples is None or len(self.samples["text"]) >= _LEARN_FROM:
            return
        codecs = self.store.codecs
        self.samples["text"].append(source.text.encode())
        self.samples["record"].append(codecs.record.unpack(entry.record, entry.record_dictionary))
        if entry.found is not None and "findings" in self.samples:
            self.samples["findings"].append(codecs.findings.unpack(entry.found.packed, entry.found.dictionary))

    def _write_known(self, locator: str, source: int, held_at: str, superseded: bool, at: str) -> Line:
        """A text that the archive holds: at this place, at another, or one that was here before and is here again."""
        replaced = (superseded or held_at != locator) and self.store.found_again(source, locator)
        if superseded and held_at == locator:
            return Line(locator, ledger.REPLACED, "An earlier text is at its place again.", None, VERSION, at, source)
        reason = None if held_at == locator else f"{ledger.SAME}{held_at}."
        return Line(locator, ledger.REPLACED if replaced else ledger.UNCHANGED, reason, None, VERSION, at, source)

    def _learn(self) -> None:
        """Once there is enough to learn from, texts are packed with what they have in common."""
        if self.samples is None or len(self.samples["text"]) < _LEARN_FROM:
            return
        with self.store.transaction():
            self.store.learn({kind: samples for kind, samples in self.samples.items() if samples})
        self.samples = None
        self.crew.learn(stored_dictionaries(self.store))


def crash_line(line: Line, crash: Crash) -> Line:
    """The line that says of a source, whose own line is given, that an extractor failed on it."""
    return line._replace(
        outcome=ledger.UNEXTRACTED,
        reason=sentence(crash.reason),
        remedy=REPORT_EXTRACTOR,
        trace=crash.trace or None,
        versions=None,
    )
