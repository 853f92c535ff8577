"""The memory of a process and all its children, sampled while they run."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

PAUSE = 0.25  # seconds between two samples; one takes some milliseconds of a core
_PROC = Path("/proc")


class Held(NamedTuple):
    """Bytes held by all processes together. Shared pages are counted once.

    whole: with the pages of mapped files, which the system may take back. own: without them.
    """

    whole: int
    own: int


class Watch:
    """Watches process `pid` and its children as a context; peak is then the worst, None where the system does not say."""

    def __init__(self, pid: int) -> None:
        self.peak: Held | None = None
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watch:
        if (_PROC / "self" / "smaps_rollup").exists():
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while True:
            held = [_read_held(pid) for pid in _family(self._pid)]
            now = Held(sum(one.whole for one in held), sum(one.own for one in held))
            peak = self.peak or now
            self.peak = Held(max(peak.whole, now.whole), max(peak.own, now.own))
            if self._done.wait(PAUSE):
                return


def _family(pid: int) -> list[int]:
    """The process and all below it that still run."""
    found, queue = [], [pid]
    while queue:
        parent = queue.pop()
        found.append(parent)
        for children in (_PROC / str(parent) / "task").glob("*/children"):
            try:
                queue += map(int, children.read_text("ascii").split())
            except OSError:  # it has ended meanwhile
                continue
    return found


def _read_held(pid: int) -> Held:
    """Nothing for a process that has ended."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return Held(0, 0)
    sizes = {line.partition(":")[0]: int(line.split()[1]) << 10 for line in lines[1:]}
    whole = sizes.get("Pss", 0)
    return Held(whole, sizes.get("Pss_Anon", whole))
