"""Archives to the documents inside them: zip, tar, gz, bz2, xz, zst, and one inside another.

Nothing is unpacked to disk. What leads out of its archive, links, or grows out of proportion is refused; one bad member is
a Failure and the others go on.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from reftel.errors import RefusedError, UnreadableError
from reftel.readers.base import HIDDEN, MAX_DOCUMENT, Failure, Input, Progress, clean_locator
from reftel.readers.streams import (
    DAMAGED,
    MAX_RATIO,
    RATIO_FLOOR,
    Budget,
    Expanded,
    Forward,
    Joined,
    Member,
    Zst,
    read_up_to,
    refused,
)

MAX_DEPTH = 2  # an archive, and an archive inside it (`.tar.gz` counts once)
_HEAD = 64 << 10  # bytes read ahead, to see what a file is


def expand(
    locator: str, stream: BinaryIO, budget: Budget, depth: int, found: bool, progress: Progress
) -> Iterator[Input | Failure]:
    """The stream as one document, or what is inside it if it is an archive."""
    try:
        head = read_up_to(stream, _HEAD)
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
        joined = Joined(head, stream)
        if is_zip:
            raw = head + read_up_to(stream, MAX_DOCUMENT + 1 - len(head))
            if len(raw) > MAX_DOCUMENT:
                raise RefusedError(
                    f"{locator} is a zip archive of more than {MAX_DOCUMENT >> 20} MB that is not a file on "
                    "disk, so it would have to be held in memory. Unpack what it is in first."
                )
            yield from expand_zip(locator, BytesIO(raw), len(raw), budget, depth, progress)
        elif opener:
            inner = cast(BinaryIO, Expanded(opener(joined), locator, budget, lambda: joined.taken))
            inner_head = read_up_to(inner, _HEAD)
            rest = cast(BinaryIO, Joined(inner_head, inner))
            if _is_tar(inner_head):
                yield from _expand_tar(locator, rest, budget, depth, progress)
            else:
                name = PurePosixPath(locator.rpartition("!")[2]).name
                member = f"{locator}!{name.rpartition('.')[0] or name}"
                yield from expand(member, rest, budget, depth + 1, found, progress)
        else:
            yield from _expand_tar(locator, cast(BinaryIO, joined), budget, depth, progress)
    except (RefusedError, UnreadableError) as error:
        yield Failure(locator, str(error))


def expand_zip(
    locator: str,
    stream: BinaryIO,
    size: int,
    budget: Budget,
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
    except (*DAMAGED, ValueError, NotImplementedError) as error:
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
            member = f"{locator}!{clean_locator(info.filename)}"
            refusal = _refuse_name(info.filename) or _refuse_zip(info)
            if not refusal and budget.expanded - archive_start > max(MAX_RATIO * size, RATIO_FLOOR):
                refusal = "stands in an archive whose members overlap or expand out of proportion"
            if refusal:
                yield Failure(member, refused(member, refusal))
                continue
            try:
                opened = archive.open(info)
            except (*DAMAGED, ValueError, NotImplementedError, RuntimeError) as error:
                yield Failure(member, f"{member} is damaged or packed in an unknown way ({error}). Unpack it first.")
                continue
            with opened:
                guarded = cast(BinaryIO, Expanded(opened, member, budget, partial(int, info.compress_size)))
                yield from expand(member, guarded, budget, depth + 1, True, progress)
            if top:
                progress.bytes_done = before + min(taken, size)


def _expand_tar(
    locator: str, stream: BinaryIO, budget: Budget, depth: int, progress: Progress
) -> Iterator[Input | Failure]:
    forward = Forward(stream)
    try:
        archive = tarfile.TarFile(fileobj=cast(BinaryIO, forward), mode="r")
        while (info := archive.next()) is not None:
            cast(Any, archive).members = []  # tarfile keeps them all, for jumping back
            if info.isdir() or _is_hidden(info.name, progress):
                continue
            member = f"{locator}!{clean_locator(info.name)}"
            refusal = _refuse_name(info.name) or _refuse_tar(info)
            if refusal:
                yield Failure(member, refused(member, refusal))
                continue
            opened = archive.extractfile(info)
            if opened is not None:
                yield from expand(member, cast(BinaryIO, Member(opened, member)), budget, depth + 1, True, progress)
        if forward.last.strip(b"\x00"):
            raise tarfile.ReadError("a header is broken")
    except (*DAMAGED, ValueError) as error:
        yield Failure(locator, f"{locator} is a damaged tar archive ({error}). What came before was read.")
    except (RefusedError, UnreadableError) as error:
        yield Failure(locator, str(error))


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


def _opener(head: bytes) -> Callable[[Joined], BinaryIO] | None:
    """What expands a stream that begins so; None if it is not compressed."""
    if head.startswith(b"\x1f\x8b\x08"):
        return lambda stream: cast(BinaryIO, gzip.GzipFile(fileobj=cast(BinaryIO, stream), mode="rb"))
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return lambda stream: cast(BinaryIO, bz2.BZ2File(cast(BinaryIO, stream)))
    if head.startswith(b"\xfd7zXZ\x00"):
        return lambda stream: cast(BinaryIO, lzma.LZMAFile(cast(BinaryIO, stream)))
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return lambda stream: cast(BinaryIO, Zst(stream))
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
