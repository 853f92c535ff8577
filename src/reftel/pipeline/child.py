"""A process of ours that is asked by pipe, and takes no part in anything else.

It is started by command line, not with multiprocessing: that would import the user's own script again on macOS and Windows, and its
processes outlive a parent that is killed. It reads frames from standard input, and answers on standard output; when the input ends, so does it. A
frame is its length and its number in eight bytes each, little endian, then the message. An answer has the number of what it answers.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO, NamedTuple, cast

_EIGHT = 8


class Child:
    """The process that a module's `main` is, started when it is first told something. For one thread at a time."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._number = 0

    def begin(self) -> None:
        """Starts the process, if there is none. OSError if it cannot be."""
        self._process = self._process or start(self._module)

    def tell(self, message: bytes) -> None:
        """Sends what needs no answer. OSError if the process has died."""
        self.begin()
        assert self._process is not None
        self._number += 1
        _write(cast(BinaryIO, self._process.stdin), _Frame(self._number, message))

    def ask(self, message: bytes) -> bytes | None:
        """The answer to a message; None if the process died over it. After any other error it is ended: an answer may still be in the pipe."""
        try:
            self.tell(message)
            assert self._process is not None
            answer = _read(cast(BinaryIO, self._process.stdout))
        except OSError:
            return None
        except BaseException:
            self.kill()
            self.end()
            raise
        if answer is not None and answer.number != self._number:
            self.kill()
            self.end()
            return None
        return answer.message if answer is not None else None

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
    """Within such a process, who asks. What is printed goes to standard error from now on, and Ctrl-C is not for it."""

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._out = os.fdopen(os.dup(1), "wb")  # buffered, whatever the environment says of standard output
        with suppress(OSError):  # there may be none
            os.dup2(2, 1)
        sys.stdout = sys.stderr
        self._came: SimpleQueue[_Frame] = SimpleQueue()
        self._number = 0

    def messages(self) -> Iterator[bytes]:
        """What comes. When nobody is left to answer the process ends, whatever it is doing."""
        Thread(target=self._listen, daemon=True).start()
        while True:
            self._number, message = self._came.get()
            yield message

    def answer(self, message: bytes) -> None:
        """The answer to the last message."""
        try:
            _write(self._out, _Frame(self._number, message))
        except OSError:
            os._exit(0)

    def _listen(self) -> None:
        try:
            while (frame := _read(sys.stdin.buffer)) is not None:
                self._came.put(frame)
        finally:
            os._exit(0)


def start(module: str) -> subprocess.Popen[bytes]:
    """The process of a module, with the path of this one, so that it finds the same Reftel however this one was found."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from {module} import main; main()"
    command = [sys.executable, "-c", code]
    if os.name == "nt":
        group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=group)
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


class _Frame(NamedTuple):
    number: int
    message: bytes


def _write(stream: BinaryIO, frame: _Frame) -> None:
    stream.write(len(frame.message).to_bytes(_EIGHT, "little") + frame.number.to_bytes(_EIGHT, "little"))
    stream.write(frame.message)
    stream.flush()


def _read(stream: BinaryIO) -> _Frame | None:
    """The next frame; None where the stream ends, also in the middle of one: then the other side is gone."""
    head = stream.read(2 * _EIGHT)
    if len(head) < 2 * _EIGHT:
        return None
    size = int.from_bytes(head[:_EIGHT], "little")
    message = stream.read(size)
    return _Frame(int.from_bytes(head[_EIGHT:], "little"), message) if len(message) == size else None
