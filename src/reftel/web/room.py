"""The archives that requests work with: one a thread, since SQLite and the index are used by one thread at a time."""

from __future__ import annotations

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


class Room:
    """A reading room's archives. Closed with the application."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._free: SimpleQueue[Archive] = SimpleQueue()
        self._kept: OrderedDict[tuple[object, ...], Any] = OrderedDict()
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
        """What `make` gives, made once for each state of the archive; the last few hundred are kept. what: tells it from others."""
        key = (archive.store.last_change(), *what)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[no-any-return]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
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
