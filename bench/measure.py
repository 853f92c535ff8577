"""Time and memory of this process, and the machine they were measured on."""

from __future__ import annotations

import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple


class Spell(NamedTuple):
    """How long something took, in seconds: on the processor and on the clock."""

    cpu: float
    wall: float


class Range(NamedTuple):
    """What several rounds gave. The distance of low and high is the noise of the machine."""

    low: float
    median: float
    high: float

    @property
    def noise(self) -> float:
        """The spread as a share of the median."""
        return (self.high - self.low) / self.median if self.median else 0.0


def time_call(work: Callable[[], object]) -> Spell:
    """How long one call takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spell(time.process_time() - cpu, time.perf_counter() - wall)


def find_range(values: list[float]) -> Range:
    """Lowest, median and highest of some values."""
    return Range(min(values), statistics.median(values), max(values))


def find_percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not less than that share of all: 0.95 of a hundred is the 95th."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def peak_memory() -> int | None:
    """Bytes of memory this process held at its worst; None where the system does not say (Windows)."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: on Linux a new program begins with the peak of the process that started it.
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10


def describe_machine() -> str:
    """One line: processor, cores, system, Python, and how busy the machine is with other work."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}{load}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
