"""The index after the truth: what changed since its last commit is taken out and put in anew."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from itertools import islice

from reftel.archive.entry import Document
from reftel.archive.index import Index
from reftel.archive.store import Store
from reftel.pipeline.crew import Crew
from reftel.pipeline.tally import Tally
from reftel.pipeline.work import StoredRecord

_CHUNK = 64
_FEW = 200  # cables whose documents are made here, without workers


def follow(store: Store, index: Index, crew: Crew, tally: Tally) -> None:
    """Brings the index up to the last change. Needs the lock; can be broken off and done again at any instant.

    What was handed to the index directly (Index.add) since its last commit is not made again.
    """
    try:
        _follow(store, index, crew, tally)
    except BaseException:
        index.drop_writers()
        raise


def needs_crew(store: Store, index: Index) -> bool:
    """Whether so much has changed that workers are worth their start."""
    return len(store.changes(index.changed)) > _FEW


def _follow(store: Store, index: Index, crew: Crew, tally: Tally) -> None:
    last = store.last_change()
    if index.exists and index.changed == last:
        return
    behind = [change for change in store.changes(index.changed) if index.pending.get(change[0]) != change[1]]
    tally.indexed, tally.to_index = 0, len(behind)
    waiting: deque[tuple[list[tuple[int, int]], Future[tuple[Document, ...]]]] = deque()
    for key, _, _ in behind:
        index.remove(key)
    there = iter([(key, changed) for key, changed, is_there in behind if is_there])
    while chunk := list(islice(there, _CHUNK)):
        waiting.append((chunk, crew.index(list(read_records(store, [key for key, _ in chunk])))))
        if len(waiting) > 2 * crew.size + 1:
            _take(store, index, *waiting.popleft(), tally)
    while waiting:
        _take(store, index, *waiting.popleft(), tally)
    index.commit(last)


def read_records(store: Store, cables: list[int]) -> Iterator[StoredRecord]:
    """The leading record of each cable, under the cable's key."""
    for key in cables:
        [lead] = store.column("SELECT lead FROM cables WHERE key = ?", key)
        yield StoredRecord(key, *store.packed(lead), store.packed_findings(lead))


def _take(
    store: Store,
    index: Index,
    chunk: list[tuple[int, int]],
    documents: Future[tuple[Document, ...]],
    tally: Tally,
) -> None:
    for (key, changed), document in zip(chunk, documents.result(), strict=True):
        collides = bool(store.column("SELECT collides FROM cables WHERE key = ?", key)[0])
        index.add(key, changed, document, store.carriers(key), collides)
        tally.indexed += 1
