"""One writer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reftel.errors import ReftelError


class BusyError(ReftelError):
    """Another process is writing to the archive."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Holds the archive for writing; the lock goes with the process, however that ends. BusyError if another holds it."""
    from filelock import FileLock, Timeout  # only those who write need it

    lock = FileLock(folder / "writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError(
            "Another process is writing to this archive. Searching goes on meanwhile; to write, wait until it has ended."
        ) from None
    except OSError as error:
        raise ReftelError(f"The archive cannot be written to: {error.strerror or error}.") from None
    try:
        yield
    finally:
        lock.release()
