"""The process of a job: `reftel add`, with limits on what it may use.

Limits are on memory, processor time and the size of a file. Windows has no such limits, and macOS none on memory: there only the clock
stops a process that goes astray.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

_WORKERS = 4  # processes that parse, at most: others want to be answered meanwhile


class Limits(NamedTuple):
    """Of each process of a job: bytes of memory, seconds of processor time, bytes of one file. seconds: of a job, on the clock."""

    memory: int = 2 << 30
    cpu: int = 12 * 3600
    file: int = 64 << 30
    seconds: float = 24 * 3600.0


def start_adding(folder: Path, paths: Sequence[Path], limits: Limits) -> subprocess.Popen[bytes]:
    """A process that adds some paths to an archive and tells of it on its standard output."""
    command = make_command(folder, paths, limits)
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **_apart())


def make_command(folder: Path, paths: Sequence[Path], limits: Limits) -> list[str]:
    """The command line that adds some paths to an archive, with limits where the system has any."""
    workers = min(_WORKERS, os.cpu_count() or 1)
    add = ["add", "--archive", str(folder), "--workers", str(workers), "--progress", "json", "--"]
    # -P: no module is taken from the folder where the server happens to have been started
    command = [sys.executable, "-P", "-m", "reftel", *add, *map(str, paths)]
    if os.name != "posix":
        return command
    most = map(str, (limits.memory, limits.cpu, limits.file))
    return [sys.executable, "-P", str(Path(__file__).with_name("limited.py")), *most, *command]


def ask_to_end(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does."""
    process.send_signal(signal.SIGINT if os.name == "posix" else getattr(signal, "CTRL_BREAK_EVENT"))  # noqa: B009


def read_events(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    """What the process tells, as it comes; see `reftel add --progress json` in docs/commands.md."""
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            try:
                event = msgspec.json.decode(line)
            except msgspec.DecodeError:
                continue  # the process was killed in the middle of a line
            yield event


def say_code(code: int) -> str:
    """How a process ended, in words."""
    return f"exit code {code}" if code >= 0 else f"signal {-code}"


def _apart() -> dict[str, Any]:
    """In a group of its own: a Ctrl-C is the server's, which then ends its jobs in order."""
    if os.name == "posix":
        return {"start_new_session": True}
    return {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
