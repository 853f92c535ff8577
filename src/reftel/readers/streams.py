"""Streams that are read once, forward: joined, expanded, and refused where they grow out of proportion."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, cast

from reftel.errors import RefusedError, UnreadableError
from reftel.readers.base import Progress

MAX_MEMBER = 4 << 30  # expanded bytes of one member
MAX_TOTAL = 16 << 30  # expanded bytes of everything inside one file on disk
MAX_RATIO = 200  # expanded to compressed bytes; text stays below 30, and a bomb goes to 1,000 and beyond
RATIO_FLOOR = 16 << 20  # expanded bytes below which the ratio is not looked at
_ZST_READ = 1 << 10  # packed bytes expanded at once; four of them can stand for 128 KB
_TAR_READ = 1 << 20  # bytes tarfile may ask for at once: more is a header that lies about its size

# What the standard library raises of an archive that is broken.
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError)


@dataclass
class Budget:
    """How much came out of one file on disk."""

    expanded: int = 0


def read_up_to(stream: BinaryIO, size: int) -> bytes:
    """The next `size` bytes, fewer only at the end: a pipe or an archive may give less than asked for."""
    data = stream.read(size)
    if len(data) == size or not data:
        return data
    parts = [data]
    missing = size - len(data)
    while missing and (data := stream.read(missing)):
        parts.append(data)
        missing -= len(data)
    return b"".join(parts)


class Counted:
    """A file that tells the progress how much of it was read."""

    def __init__(self, stream: BinaryIO, progress: Progress | None) -> None:
        self._stream, self._progress = stream, progress

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if self._progress:
            self._progress.bytes_done += len(data)
        return data


class Joined:
    """What was read ahead, then the rest of its stream. taken: bytes handed out."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest, self.taken = head, rest, 0

    def read(self, size: int = -1) -> bytes:
        if self._head:
            cut = len(self._head) if size < 0 else size
            data, self._head = self._head[:cut], self._head[cut:]
        else:
            data = self._rest.read(size)
        self.taken += len(data)
        return data


class Zst:
    """A zstd stream, expanded. (zstandard's own reader takes a stream that breaks off for one that ends.)"""

    def __init__(self, stream: Joined) -> None:
        import zstandard

        self._stream = stream
        # 128 MB of window is what `zstd --long=27` makes; larger ones are for those with memory to spare.
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        self._error = zstandard.ZstdError
        self._frame = self._decompressor.decompressobj()
        self._ready = memoryview(b"")
        self._in_frame = False

    def read(self, size: int) -> bytes:
        while not self._ready and self._feed(self._stream.read(_ZST_READ)):
            pass
        data, self._ready = self._ready[:size], self._ready[size:]
        return bytes(data)

    def _feed(self, packed: bytes) -> bool:
        """Expands some bytes into _ready; False at the end."""
        if not packed and self._in_frame:
            raise EOFError("the stream breaks off")
        parts = []
        while packed:
            try:
                parts.append(self._frame.decompress(packed))
            except self._error as error:
                raise OSError(str(error)) from None
            packed, self._in_frame = b"", not self._frame.eof
            if self._frame.eof:
                packed = self._frame.unused_data
                self._frame = self._decompressor.decompressobj()
        if not parts:
            return False
        self._ready = memoryview(b"".join(parts))
        return True


class Member:
    """A member of a tar archive; when it cannot be read, the error says which one."""

    def __init__(self, stream: BinaryIO | object, locator: str) -> None:
        self._stream, self._locator = cast(BinaryIO, stream), locator

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(min(size, _TAR_READ) if size >= 0 else _TAR_READ)
        except (*DAMAGED, NotImplementedError) as error:
            raise UnreadableError(
                f"{self._locator} is damaged ({error or 'it breaks off'}). Get another copy."
            ) from None


class Expanded(Member):
    """What comes out of a compressed stream, as long as it stays in proportion to what went in."""

    def __init__(self, stream: object, locator: str, budget: Budget, packed: Callable[[], int]) -> None:
        super().__init__(stream, locator)
        self._budget, self._packed, self._expanded = budget, packed, 0

    def read(self, size: int = -1) -> bytes:
        data = super().read(size)
        self._expanded += len(data)
        self._budget.expanded += len(data)
        if self._expanded > RATIO_FLOOR and self._expanded > MAX_RATIO * self._packed():
            raise RefusedError(refused(self._locator, f"expands to more than {MAX_RATIO} times its size"))
        if self._expanded > MAX_MEMBER:
            raise RefusedError(refused(self._locator, f"expands to more than {MAX_MEMBER >> 30} GB"))
        if self._budget.expanded > MAX_TOTAL:
            raise RefusedError(refused(self._locator, f"and what came before expand to more than {MAX_TOTAL >> 30} GB"))
        return data


class Forward:
    """A stream that can be sought forward only: what tarfile needs, and no more.

    tarfile reads a long header as a whole; one that claims more than _TAR_READ is refused.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._at = stream, 0
        self.last = b""  # the last read; at the end of a whole archive, zeros or nothing

    def tell(self) -> int:
        return self._at

    def seek(self, to: int, whence: int = 0) -> int:
        if whence or to < self._at:
            raise tarfile.ReadError("its headers point back into it")
        while self._at < to and self.read(min(to - self._at, _TAR_READ)):
            pass
        return self._at

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _TAR_READ:
            raise tarfile.ReadError("a header claims to be longer than any real one")
        self.last = read_up_to(self._stream, size)
        self._at += len(self.last)
        return self.last


def refused(member: str, why: str) -> str:
    return f"{member} {why}, so it was not read. Unpack the archive yourself if you trust it."
