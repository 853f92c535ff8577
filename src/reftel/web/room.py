"""The archives that requests work with: one a thread, since SQLite and the index are used by one thread at a time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from reftel.errors import ReftelError
from reftel.web.settings import Settings
from reftel.workbench import Archive

T = TypeVar("T")
_KEPT = 300  # answers that are kept; the largest are facets of all cables, some hundred kilobytes

_PATIENCE = 20


class _Thing:
    """What is kept. changed: the number of the archive's change that it was made of, None before; until: how long it does, be it older."""

    __slots__ = ("changed", "lock", "made", "until")

    def __init__(self) -> None:
        self.lock, self.until = Lock(), 0.0
        self.made: Any = None
        self.changed: int | None = None


class Room:
    """A reading room's archives. Closed with the application."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings, self._clock = settings, clock
        self._free: SimpleQueue[Archive] = SimpleQueue()
        self._kept: OrderedDict[tuple[object, ...], _Thing] = OrderedDict()
        self._lock = Lock()
        self._limiter = CapacityLimiter(settings.threads)

    async def run(self, work: Callable[[Archive], T]) -> T:
        """What `work` makes of an archive, on a thread. Never more at once than there are threads; others wait in line."""
        return await to_thread.run_sync(self._work, work, limiter=self._limiter)

    @contextmanager
    def archive(self) -> Iterator[Archive]:
        """An archive to oneself, until the block ends. ReftelError if it cannot be opened."""
        try:
            archive = self._free.get_nowait()
        except Empty:
            archive = Archive.open(self.settings.folder)
        try:
            yield archive
        except ReftelError:  # a slip of whoever asked; the archive is as it was
            self._give_back(archive)
            raise
        except BaseException:
            archive.close()  # who knows in what state it is
            raise
        self._give_back(archive)

    def remember(self, archive: Archive, what: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made once for all threads and anew when the archive has changed. what: tells it from others.

        While the archive changes all the time, an older thing does for twenty times as long as it took to make: a page that is asked
        for again and again then costs a twentieth of one processor at most.
        """
        with self._lock:
            thing = self._kept.setdefault(what, _Thing())
            self._kept.move_to_end(what)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        with thing.lock:
            begun, changed = self._clock(), archive.store.last_change()
            if thing.changed is None or (thing.changed != changed and begun >= thing.until):
                thing.made, thing.changed = make(), changed
                ended = self._clock()
                thing.until = ended + _PATIENCE * (ended - begun)
            made: T = thing.made
            return made

    def close(self) -> None:
        """Closes the archives that nobody is using."""
        while True:
            try:
                self._free.get_nowait().close()
            except Empty:
                return

    def _give_back(self, archive: Archive) -> None:
        archive.notes.clear()
        self._free.put(archive)

    def _work(self, work: Callable[[Archive], T]) -> T:
        with self.archive() as archive:
            return work(archive)
