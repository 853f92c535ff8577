"""Paths to documents: files, folders, globs, standard input, and what is inside the archives among them.

Nothing outside what was named is opened. One bad file is a Failure; the others go on.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple, cast

from reftel.readers.base import HIDDEN, Failure, Input, Progress, clean_locator
from reftel.readers.containers import expand, expand_zip, zipfile_begins
from reftel.readers.streams import Budget, Counted

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


# What an archive's folder holds. Opening its database here would undo the locks that this process has on it.
_ARCHIVE = {"archive.sqlite", "writer.lock"}
_ARCHIVE_FILES = ("archive.sqlite", "desk.sqlite", "writer.lock")


def open_inputs(paths: Iterable[str | Path], stdin: BinaryIO | None, progress: Progress) -> Iterator[Input | Failure]:
    """Every document under the paths, in order; each must be read before the next is asked for."""
    found: list[_File | Failure] = []
    for path in map(str, paths):
        try:
            found.extend(_list_files(path, progress))
        except (OSError, ValueError) as error:  # a name too long, or one with a NUL
            found.append(
                Failure(clean_locator(path), f"{clean_locator(path)} cannot be looked at: {error}. Check the path.")
            )
    progress.bytes_total += sum(file.size for file in found if isinstance(file, _File))
    for file in found:
        if isinstance(file, Failure):
            yield file
            continue
        before = progress.bytes_done
        yield from _open_file(file, stdin, progress)
        progress.bytes_done = before + file.size


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
        yield _file(path, clean_locator(typed), found=False)
    elif glob.has_magic(typed):
        matches = sorted(glob.glob(typed, recursive=True))  # noqa: PTH207 (a pattern may be absolute)
        if not matches:
            yield Failure(clean_locator(typed), f"Nothing matches {clean_locator(typed)}. Check the pattern.")
        for match in matches:
            if Path(match).is_dir():
                if "**" not in typed:  # which already lists every file below
                    yield from _walk(Path(match), progress)
            else:
                yield _file(Path(match), clean_locator(match), found=True)
    else:
        yield Failure(clean_locator(typed), f"There is no file or folder {clean_locator(typed)}. Check the path.")


def _walk(folder: Path, progress: Progress) -> Iterator[_File | Failure]:
    """The files of a folder and of those below it, by name; hidden ones are counted and passed over."""
    below: list[str] = []  # no Paths: of a quarter of a million files they would take 200 MB
    unlisted: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=unlisted.append):
        hidden = [name for name in folders if name.startswith(".")]
        folders[:] = [name for name in folders if not name.startswith(".")]
        if set(files) >= _ARCHIVE:  # an archive of Reftel's may lie among the cables, or they in its folder
            folders[:] = [name for name in folders if name != "index"]
            files = [name for name in files if not name.startswith(_ARCHIVE_FILES)]
        visible = [name for name in files if not name.startswith(".")]
        if passed_over := len(hidden) + len(files) - len(visible):
            progress.skipped[HIDDEN] += passed_over
        below.extend(os.path.join(here, name) for name in visible)  # noqa: PTH118
    for error in unlisted:
        locator = clean_locator(str(error.filename))
        yield Failure(locator, f"The folder {locator} cannot be listed: {error.strerror}.")
    for name in sorted(below, key=lambda name: name.split(os.sep)):  # noqa: PTH206 (no Paths)
        path, locator = Path(name), clean_locator(name)
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


def _open_file(file: _File, stdin: BinaryIO | None, progress: Progress) -> Iterator[Input | Failure]:
    if file.path == "-" and stdin is None:
        yield Failure("stdin", "There is no standard input to read here. Name a file.")
        return
    try:
        if file.path == "-":
            yield from expand(file.locator, cast(BinaryIO, stdin), Budget(), 0, False, progress)
            return
        with Path(file.path).open("rb") as stream:
            if zipfile_begins(stream.peek(4)) and file.size:
                yield from expand_zip(file.locator, stream, file.size, Budget(), 0, progress, top=True)
            else:
                counted = cast(BinaryIO, Counted(stream, progress if file.size else None))
                yield from expand(file.locator, counted, Budget(), 0, file.found, progress)
    except OSError as error:
        yield Failure(file.locator, f"{file.locator} cannot be read: {error.strerror or error}.")


def is_page_part(locator: str) -> bool:
    """Whether the name is that of an image, a style or a script: parts of a saved page, not documents."""
    return PurePosixPath(locator).suffix.lower() in _PAGE_PARTS
