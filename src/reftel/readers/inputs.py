"""Paths to streams: files, folders, globs, standard input, archives and the members inside them.

Nothing is unpacked to disk, nothing outside what was named is opened, and what grows out of proportion is
refused. One bad file or member is a Failure; the others go on.
"""

from __future__ import annotations

import bz2
import glob
import gzip
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple, cast

from reftel.errors import RefusedError, UnreadableError
from reftel.readers.base import Failure

HEAD = 64 << 10  # bytes read ahead, to see what a file is
MAX_DOCUMENT = 64 << 20  # bytes of one document that is read as a whole, and of an archive held in memory
MAX_MEMBER = 4 << 30  # expanded bytes of one member
MAX_TOTAL = 16 << 30  # expanded bytes of everything inside one file on disk
MAX_RATIO = 200  # expanded to compressed bytes; text stays below 30, and a bomb goes to 1,000 and beyond
RATIO_FLOOR = 16 << 20  # expanded bytes below which the ratio is not looked at
MAX_DEPTH = 2  # an archive, and an archive inside it (`.tar.gz` counts once)
_ZST_READ = 1 << 10  # packed bytes expanded at once; four of them can stand for 128 KB
_TAR_READ = 1 << 20  # bytes tarfile may ask for at once: more is a header that lies about its size

HIDDEN = "hidden files and folders"
_PAGE_PARTS = (
    ".css",
    ".gif",
    ".ico",
    ".jpeg",
    ".jpg",
    ".js",
    ".map",
    ".png",
    ".svg",
    ".ttf",
    ".woff",
    ".woff2",
)
_DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError)


@dataclass
class Progress:
    """How far read_sources has come, for whoever draws a bar: pass one in, look at it after each item.

    bytes_total: size on disk of all files found, known from the first item on; standard input counts nothing.
    bytes_done: how much of that was read. skipped: what was passed over on purpose -> how many.
    """

    bytes_total: int = 0
    bytes_done: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


class Input(NamedTuple):
    """One document to be read, its first bytes and the stream of the rest. found: not named by the user."""

    locator: str
    head: bytes
    rest: BinaryIO
    found: bool


def open_inputs(paths: Iterable[str | Path], stdin: BinaryIO | None, progress: Progress) -> Iterator[Input | Failure]:
    """Every document under the paths, in order; each must be read before the next is asked for."""
    found: list[_File | Failure] = []
    for path in map(str, paths):
        try:
            found.extend(_list_files(path, progress))
        except (OSError, ValueError) as error:  # a name too long, or one with a NUL
            found.append(Failure(_locator(path), f"{_locator(path)} cannot be looked at: {error}. Check the path."))
    progress.bytes_total += sum(file.size for file in found if isinstance(file, _File))
    for file in found:
        if isinstance(file, Failure):
            yield file
            continue
        before = progress.bytes_done
        yield from _open_file(file, stdin, progress)
        progress.bytes_done = before + file.size


# --- what the user named -----------------------------------------------------------------------------


class _File(NamedTuple):
    path: str
    locator: str
    size: int
    found: bool


def _list_files(typed: str, progress: Progress) -> Iterator[_File | Failure]:
    if typed == "-":
        yield _File("-", "stdin", 0, False)
        return
    path = Path(typed)
    if not typed:
        yield Failure("", "An empty path was given. Name a file, or . for the folder you are in.")
    elif path.is_dir():
        yield from _walk(path, progress)
    elif path.exists():
        yield _file(path, _locator(typed), found=False)
    elif glob.has_magic(typed):
        matches = sorted(glob.glob(typed, recursive=True))  # noqa: PTH207 (a pattern may be absolute)
        if not matches:
            yield Failure(_locator(typed), f"Nothing matches {_locator(typed)}. Check the pattern.")
        for match in matches:
            if Path(match).is_dir():
                if "**" not in typed:  # which already lists every file below
                    yield from _walk(Path(match), progress)
            else:
                yield _file(Path(match), _locator(match), found=True)
    else:
        yield Failure(_locator(typed), f"There is no file or folder {_locator(typed)}. Check the path.")


def _walk(folder: Path, progress: Progress) -> Iterator[_File | Failure]:
    """The files of a folder and of those below it, by name; hidden ones are counted and passed over."""
    below: list[Path] = []
    unlisted: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=unlisted.append):
        hidden = [name for name in folders if name.startswith(".")]
        folders[:] = [name for name in folders if not name.startswith(".")]
        visible = [name for name in files if not name.startswith(".")]
        if passed_over := len(hidden) + len(files) - len(visible):
            progress.skipped[HIDDEN] += passed_over
        below.extend(Path(here, name) for name in visible)
    for error in unlisted:
        locator = _locator(str(error.filename))
        yield Failure(locator, f"The folder {locator} cannot be listed: {error.strerror}.")
    for path in sorted(below, key=lambda path: path.parts):
        locator = _locator(str(path))
        if path.is_file():
            yield _file(path, locator, found=True)
        else:
            yield Failure(locator, f"{locator} is a broken link or a device, not a file. Remove it or name another.")


def _file(path: Path, locator: str, *, found: bool) -> _File:
    try:
        about = path.stat()
        size = about.st_size if stat.S_ISREG(about.st_mode) else 0
    except OSError:
        size = 0  # opening it will say what is wrong
    return _File(str(path), locator, size, found)


def _locator(path: str) -> str:
    """The path with forward slashes; a name that is no UTF-8 loses the bytes that cannot be shown."""
    name = PurePosixPath(path.replace(os.sep, "/")).as_posix()
    return "".join(c if c.isprintable() else "\ufffd" for c in name)


def _open_file(file: _File, stdin: BinaryIO | None, progress: Progress) -> Iterator[Input | Failure]:
    if file.path == "-":
        if stdin is None:
            yield Failure("stdin", "There is no standard input to read here. Name a file.")
        else:
            yield from _expand(file.locator, stdin, _Budget(), 0, False, progress)
        return
    try:
        with Path(file.path).open("rb") as stream:
            if zipfile_begins(stream.peek(4)) and file.size:
                yield from _expand_zip(file.locator, stream, file.size, _Budget(), 0, progress, top=True)
            else:
                counted = cast(BinaryIO, _Counted(stream, progress if file.size else None))
                yield from _expand(file.locator, counted, _Budget(), 0, file.found, progress)
    except OSError as error:
        yield Failure(file.locator, f"{file.locator} cannot be read: {error.strerror or error}.")


# --- archives ----------------------------------------------------------------------------------------


@dataclass
class _Budget:
    """How much came out of one file on disk."""

    expanded: int = 0


def _expand(
    locator: str, stream: BinaryIO, budget: _Budget, depth: int, found: bool, progress: Progress
) -> Iterator[Input | Failure]:
    """The stream as one document, or what is inside it if it is an archive."""
    try:
        head = read_up_to(stream, HEAD)
        is_zip = zipfile_begins(head)
        opener = _opener(head)
        is_tar = not is_zip and opener is None and _is_tar(head)
        if not (is_zip or opener or is_tar):
            yield Input(locator, head, stream, found)
            return
        if depth >= MAX_DEPTH:
            raise RefusedError(
                f"{locator} is an archive inside an archive inside an archive. Unpack the outer ones first."
            )
        joined = _Joined(head, stream)
        if is_zip:
            raw = head + read_up_to(stream, MAX_DOCUMENT + 1 - len(head))
            if len(raw) > MAX_DOCUMENT:
                raise RefusedError(
                    f"{locator} is a zip archive of more than {MAX_DOCUMENT >> 20} MB that is not a file on "
                    "disk, so it would have to be held in memory. Unpack what it is in first."
                )
            yield from _expand_zip(locator, BytesIO(raw), len(raw), budget, depth, progress)
        elif opener:
            inner = cast(BinaryIO, _Expanded(opener(joined), locator, budget, lambda: joined.taken))
            inner_head = read_up_to(inner, HEAD)
            rest = cast(BinaryIO, _Joined(inner_head, inner))
            if _is_tar(inner_head):
                yield from _expand_tar(locator, rest, budget, depth, progress)
            else:
                name = PurePosixPath(locator.rpartition("!")[2]).name
                member = f"{locator}!{name.rpartition('.')[0] or name}"
                yield from _expand(member, rest, budget, depth + 1, found, progress)
        else:
            yield from _expand_tar(locator, cast(BinaryIO, joined), budget, depth, progress)
    except (RefusedError, UnreadableError) as error:
        yield Failure(locator, str(error))


def _expand_zip(
    locator: str,
    stream: BinaryIO,
    size: int,
    budget: _Budget,
    depth: int,
    progress: Progress,
    *,
    top: bool = False,
) -> Iterator[Input | Failure]:
    before = progress.bytes_done
    taken = 0
    archive_start = budget.expanded
    try:
        archive = zipfile.ZipFile(stream)
    except (*_DAMAGED, ValueError, NotImplementedError) as error:
        yield Failure(locator, f"{locator} is a damaged zip archive ({error}). Get another copy.")
        return
    with archive:
        names = archive.namelist()
        if "[Content_Types].xml" in names:
            yield Failure(locator, f"{locator} is an Office document. Save it as plain text first.")
            return
        for info in archive.infolist():
            if info.is_dir() or _is_hidden(info.filename, progress):
                continue
            taken += info.compress_size
            member = f"{locator}!{_locator(info.filename)}"
            refusal = _refuse_name(info.filename) or _refuse_zip(info)
            if not refusal and budget.expanded - archive_start > max(MAX_RATIO * size, RATIO_FLOOR):
                refusal = "stands in an archive whose members overlap or expand out of proportion"
            if refusal:
                yield Failure(member, _refused(member, refusal))
                continue
            try:
                opened = archive.open(info)
            except (*_DAMAGED, ValueError, NotImplementedError, RuntimeError) as error:
                yield Failure(member, f"{member} is damaged or packed in an unknown way ({error}). Unpack it first.")
                continue
            with opened:
                guarded = cast(BinaryIO, _Expanded(opened, member, budget, partial(int, info.compress_size)))
                yield from _expand(member, guarded, budget, depth + 1, True, progress)
            if top:
                progress.bytes_done = before + min(taken, size)


def _expand_tar(
    locator: str, stream: BinaryIO, budget: _Budget, depth: int, progress: Progress
) -> Iterator[Input | Failure]:
    forward = _Forward(stream)
    try:
        archive = tarfile.TarFile(fileobj=cast(BinaryIO, forward), mode="r")
        while (info := archive.next()) is not None:
            cast(Any, archive).members = []  # tarfile keeps them all, for jumping back
            if info.isdir() or _is_hidden(info.name, progress):
                continue
            member = f"{locator}!{_locator(info.name)}"
            refusal = _refuse_name(info.name) or _refuse_tar(info)
            if refusal:
                yield Failure(member, _refused(member, refusal))
                continue
            opened = archive.extractfile(info)
            if opened is not None:
                yield from _expand(member, cast(BinaryIO, _Member(opened, member)), budget, depth + 1, True, progress)
        if forward.last.strip(b"\x00"):
            raise tarfile.ReadError("a header is broken")
    except (*_DAMAGED, ValueError) as error:
        yield Failure(locator, f"{locator} is a damaged tar archive ({error}). What came before was read.")
    except (RefusedError, UnreadableError) as error:
        yield Failure(locator, str(error))


def _refused(member: str, why: str) -> str:
    return f"{member} {why}, so it was not read. Unpack the archive yourself if you trust it."


def _refuse_name(name: str) -> str | None:
    plain = name.replace("\\", "/")
    if plain.startswith("/") or plain[1:3] == ":/":
        return "has an absolute name"
    if ".." in plain.split("/"):
        return "has a name that leads out of its archive"
    return None


def _refuse_zip(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & 0x1:
        return "is encrypted"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    return None


def _refuse_tar(info: tarfile.TarInfo) -> str | None:
    if info.issym() or info.islnk():
        return "is a link"
    if info.issparse():
        return "is a sparse file"
    return None if info.isreg() else "is a device or a pipe"


def _is_hidden(name: str, progress: Progress) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts) or "__MACOSX" in parts
    if hidden:
        progress.skipped[HIDDEN] += 1
    return hidden


def is_page_part(locator: str) -> bool:
    """Whether the name is that of an image, a style or a script: parts of a saved page, not documents."""
    return PurePosixPath(locator).suffix.lower() in _PAGE_PARTS


def _opener(head: bytes) -> Callable[[_Joined], BinaryIO] | None:
    """What expands a stream that begins so; None if it is not compressed."""
    if head.startswith(b"\x1f\x8b\x08"):
        return lambda stream: cast(BinaryIO, gzip.GzipFile(fileobj=cast(BinaryIO, stream), mode="rb"))
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return lambda stream: cast(BinaryIO, bz2.BZ2File(cast(BinaryIO, stream)))
    if head.startswith(b"\xfd7zXZ\x00"):
        return lambda stream: cast(BinaryIO, lzma.LZMAFile(cast(BinaryIO, stream)))
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return lambda stream: cast(BinaryIO, _Zst(stream))
    return None


def zipfile_begins(head: bytes) -> bool:
    """Whether a file that begins so is a zip archive (an empty one included)."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _is_tar(head: bytes) -> bool:
    if len(head) < tarfile.BLOCKSIZE or not head[0]:
        return False
    try:
        tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


# --- streams -----------------------------------------------------------------------------------------


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


class _Counted:
    """A file that tells the progress how much of it was read."""

    def __init__(self, stream: BinaryIO, progress: Progress | None) -> None:
        self._stream, self._progress = stream, progress

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if self._progress:
            self._progress.bytes_done += len(data)
        return data


class _Joined:
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


class _Zst:
    """A zstd stream, expanded. (zstandard's own reader takes a stream that breaks off for one that ends.)"""

    def __init__(self, stream: _Joined) -> None:
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


class _Member:
    """A member of a tar archive; when it cannot be read, the error says which one."""

    def __init__(self, stream: BinaryIO | object, locator: str) -> None:
        self._stream, self._locator = cast(BinaryIO, stream), locator

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(min(size, _TAR_READ) if size >= 0 else _TAR_READ)
        except (*_DAMAGED, NotImplementedError) as error:
            raise UnreadableError(
                f"{self._locator} is damaged ({error or 'it breaks off'}). Get another copy."
            ) from None


class _Expanded(_Member):
    """What comes out of a compressed stream, as long as it stays in proportion to what went in."""

    def __init__(self, stream: object, locator: str, budget: _Budget, packed: Callable[[], int]) -> None:
        super().__init__(stream, locator)
        self._budget, self._packed, self._expanded = budget, packed, 0

    def read(self, size: int = -1) -> bytes:
        data = super().read(size)
        self._expanded += len(data)
        self._budget.expanded += len(data)
        if self._expanded > RATIO_FLOOR and self._expanded > MAX_RATIO * self._packed():
            raise RefusedError(_refused(self._locator, f"expands to more than {MAX_RATIO} times its size"))
        if self._expanded > MAX_MEMBER:
            raise RefusedError(_refused(self._locator, f"expands to more than {MAX_MEMBER >> 30} GB"))
        if self._budget.expanded > MAX_TOTAL:
            raise RefusedError(
                _refused(self._locator, f"and what came before expand to more than {MAX_TOTAL >> 30} GB")
            )
        return data


class _Forward:
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
