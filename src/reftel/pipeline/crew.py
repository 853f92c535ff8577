"""Jobs over the cores: worker processes, each of them idle or over one job."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from reftel.archive.entry import Document
from reftel.archive.findings import Found
from reftel.errors import ReftelError
from reftel.model import Source
from reftel.pipeline.child import Child
from reftel.pipeline.work import (
    Crash,
    Dictionaries,
    Hand,
    Job,
    Parsed,
    StoredRecord,
    ToExtract,
    ToIndex,
    ToParse,
    ToParseAgain,
    decode_documents,
    decode_found,
    decode_parsed,
    encode,
)

_Answer = TypeVar("_Answer")
_Made = TypeVar("_Made", Parsed, Found)


class Crew:
    """Does jobs, several at once; `parse`, `parse_again`, `extract` and `index` give futures in the order they were asked.

    size: how many processes; 0 does everything here and at once, which is quicker for a handful of cables.
    """

    def __init__(self, size: int, dictionaries: Dictionaries) -> None:
        self.size = size
        self._dictionaries = dictionaries
        self._here = Hand(dictionaries) if not size else None
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(max(size, 1), "reftel-crew")
        for _ in range(size):
            self._idle.put(_Worker())

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().end()

    def learn(self, dictionaries: Dictionaries) -> None:
        """Jobs given from now on are packed with these dictionaries; to be called when no job is under way."""
        self._dictionaries = dictionaries
        if self._here is not None:
            self._here.learn(dictionaries)

    def parse(self, sources: list[Source], extracts: bool) -> Future[tuple[Parsed | Crash, ...]]:
        """The entries of some sources. extracts: whether names and statements are looked for too."""
        job = ToParse(tuple(sources), extracts)
        if self._here is not None:
            return _done(self._here.parse(job))
        singly = [ToParse((source,), extracts) for source in sources]
        return self._threads.submit(lambda: self._each(job, singly, decode_parsed))

    def parse_again(self, records: list[StoredRecord]) -> Future[tuple[Parsed | Crash, ...]]:
        """The entries of some stored sources, parsed anew."""
        job = ToParseAgain(tuple(records))
        if self._here is not None:
            return _done(self._here.parse_again(job))
        singly = [ToParseAgain((record,)) for record in records]
        return self._threads.submit(lambda: self._each(job, singly, decode_parsed))

    def extract(self, records: list[StoredRecord]) -> Future[tuple[Found | Crash, ...]]:
        """What is found in some stored records."""
        job = ToExtract(tuple(records))
        if self._here is not None:
            return _done(self._here.extract(job))
        singly = [ToExtract((record,)) for record in records]
        return self._threads.submit(lambda: self._each(job, singly, decode_found))

    def index(self, records: list[StoredRecord]) -> Future[tuple[Document, ...]]:
        """The documents of some stored records."""
        job = ToIndex(tuple(records))
        if self._here is not None:
            return _done(self._here.index(job))
        return self._threads.submit(lambda: self._documents(job))

    def _each(
        self, job: Job, singly: Sequence[Job], decode: Callable[[bytes], tuple[_Made | Crash, ...] | str]
    ) -> tuple[_Made | Crash, ...]:
        """All at once; if that kills the worker, one by one, so that only the one that does it is lost."""
        answer = self._ask(job)
        if answer is not None:
            return _said(decode(answer))
        found: list[_Made | Crash] = []
        for one in singly:
            answer = self._ask(one)
            found += _said(decode(answer)) if answer is not None else [_KILLED]
        return tuple(found)

    def _documents(self, job: Job) -> tuple[Document, ...]:
        answer = self._ask(job) or self._ask(job)
        if answer is None:
            raise ReftelError(
                "The process that reads cables for the index was killed twice, most likely for want of memory. "
                "End other programs and run the same command again."
            )
        return _said(decode_documents(answer))

    def _ask(self, job: Job) -> bytes | None:
        """The answer of the next worker that is idle; None if it died over the job."""
        worker = self._idle.get()
        answer = worker.ask(job, self._dictionaries)
        if answer is None:
            worker.end()
            worker = _Worker()
        self._idle.put(worker)
        return answer


_KILLED = Crash("The process that worked on it was killed, most likely for want of memory", "")


class _Worker:
    """One process."""

    def __init__(self) -> None:
        self._child = Child("reftel.pipeline.worker")
        self._knows: Dictionaries | None = None

    def ask(self, job: Job, dictionaries: Dictionaries) -> bytes | None:
        """The answer to a job; None if the process died."""
        if self._knows is not dictionaries:
            try:
                self._child.tell(encode(dictionaries))
            except OSError:
                return None
            self._knows = dictionaries
        return self._child.ask(encode(job))

    def end(self) -> None:
        """Lets the process end; kills it if it does not."""
        self._child.end()


def _said(answer: _Answer | str) -> _Answer:
    """The answer; ReftelError if it is the sentence that a stored text cannot be read."""
    if isinstance(answer, str):
        raise ReftelError(answer)
    return answer


def _done(value: _Answer) -> Future[_Answer]:
    future: Future[_Answer] = Future()
    future.set_result(value)
    return future
