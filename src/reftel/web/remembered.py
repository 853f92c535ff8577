"""What takes a while to make, kept until the archive has changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
_PATIENCE = 20


class Remembered(Generic[T]):
    """Makes a thing once for all threads.

    While the archive changes all the time, an older thing does for twenty times as long as it took to make: a page that is asked
    for again and again then costs a twentieth of one processor at most.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._held: tuple[T, int] | None = None
        self._until = 0.0

    def get(self, changed: int, make: Callable[[], T]) -> T:
        """The thing, made anew if need be. changed: the number of the archive's last change."""
        with self._lock:
            begun = self._clock()
            if self._held is None or (self._held[1] != changed and begun >= self._until):
                self._held = (make(), changed)
                ended = self._clock()
                self._until = ended + _PATIENCE * (ended - begun)
            return self._held[0]
