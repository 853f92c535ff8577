"""Standard output: bytes in big chunks, text that any terminal can take, and a quiet end when nobody reads on."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

CHUNK = 256 << 10  # bytes written at once where no one is watching
# 128 + SIGPIPE: what a shell reports of a program whose reader went away, as in `reftel parse cables/ | head`.
READER_GONE = 141
WIDEST = 100  # columns; longer lines of prose are hard to read


class Lines:
    """Bytes to standard output in chunks; on a terminal line by line."""

    def __enter__(self) -> Lines:
        self._waiting: list[bytes] = []
        self._size = 0
        self._chunk = 0 if sys.stdout.isatty() else CHUNK
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not click.exceptions.Exit:
            self._flush()

    def write(self, line: bytes) -> None:
        """One line, without its line end: always a single \\n, on Windows too."""
        self._waiting += (line, b"\n")
        self._size += len(line) + 1
        if self._size > self._chunk:
            self._flush()

    def print(self, line: str) -> None:
        """One line of text, in the encoding of standard output."""
        self.write(line.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))

    def _flush(self) -> None:
        with ends_quietly():
            sys.stdout.buffer.write(b"".join(self._waiting))
            sys.stdout.buffer.flush()
        self._waiting.clear()
        self._size = 0


@contextmanager
def ends_quietly() -> Iterator[None]:
    """Ends the program without a word if whoever read its output has gone, with one sentence if the disk is full."""
    try:
        yield
    except OSError as error:
        # Windows says EINVAL of a closed pipe.
        if error.errno not in (errno.EPIPE, errno.EINVAL):
            _discard()
            raise click.ClickException(f"The output cannot be written: {error.strerror}.") from None
        _discard()
        raise click.exceptions.Exit(READER_GONE) from None


def _discard() -> None:
    """Python flushes once more at exit; that must not complain either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def prepare_text() -> None:
    """Makes standard output take any character: what its encoding lacks is written as \\u2014.

    A file or pipe on Windows gets UTF-8, not the code page of the machine.
    """
    for stream in (sys.stdout, sys.stderr):
        if os.name == "nt" and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        else:
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def open_console() -> Console:
    """Standard output: colours only on a terminal, lines of at most 100 columns."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
    return console


def count_of(number: int, noun: str) -> str:
    """ "1 cable", "2,190 cables"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def printable(text: str) -> str:
    """The text with its control characters made visible: a cable must not steer the terminal it is shown on."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n \u00a0" else _escape(c) for c in text)


def _escape(character: str) -> str:
    if character in "\t\r":
        return " "
    return (
        character.encode("ascii", "backslashreplace").decode() if ord(character) > 127 else f"\\x{ord(character):02x}"
    )
