"""A process of ours that is asked by pipe, and takes no part in anything else.

It is started by command line, not with multiprocessing: that would import the user's own script again on macOS and Windows, and its
processes outlive a parent that is killed. It reads frames from standard input until that ends, and answers on standard output. A frame is its length in
eight bytes, little endian, then the message.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, cast

_LENGTH = 8


class Child:
    """The process that a module's `main` is, started when it is first told something. For one thread at a time."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None

    def tell(self, message: bytes) -> None:
        """Sends what needs no answer. OSError if the process has died."""
        process = self._process = self._process or start(self._module)
        _write(cast(BinaryIO, process.stdin), message)

    def ask(self, message: bytes) -> bytes | None:
        """The answer to a message; None if the process died over it."""
        try:
            self.tell(message)
            assert self._process is not None
            return _read(cast(BinaryIO, self._process.stdout))
        except OSError:
            return None

    def kill(self) -> None:
        """Ends the process at once, from any thread; whoever asks it gets None."""
        process = self._process
        if process is not None:
            process.kill()

    def end(self) -> None:
        """Lets the process end; kills it if it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            cast(BinaryIO, process.stdin).close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        cast(BinaryIO, process.stdout).close()


class Parent:
    """Within such a process, who asks. What it prints goes to standard error from now on, and Ctrl-C is not for it."""

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._in, self._out = sys.stdin.buffer, sys.stdout.buffer
        sys.stdout = sys.stderr

    def messages(self) -> Iterator[bytes]:
        """What comes, until there is nobody left to answer."""
        while (message := _read(self._in)) is not None:
            yield message

    def answer(self, message: bytes) -> None:
        """The answer to the last message."""
        _write(self._out, message)


def start(module: str) -> subprocess.Popen[bytes]:
    """The process of a module, with the path of this one, so that it finds the same Reftel however this one was found."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from {module} import main; main()"
    command = [sys.executable, "-c", code]
    if os.name == "nt":
        group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=group)
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def _write(stream: BinaryIO, message: bytes) -> None:
    stream.write(len(message).to_bytes(_LENGTH, "little"))
    stream.write(message)
    stream.flush()


def _read(stream: BinaryIO) -> bytes | None:
    """The next message; None where the stream ends, also in the middle of one: then the other side is gone."""
    length = stream.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    size = int.from_bytes(length, "little")
    message = stream.read(size)
    return message if len(message) == size else None
