"""The files of the index: which ones the last commit names, whether they are whole, and whether somebody touched them."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import Any

PARTS = ("cables", "passages", "statements")
STATE = "state.json"

# Name -> bytes and time of the last writing, in nanoseconds.
Stamps = dict[str, tuple[int, int]]


def verify_files(folder: Path) -> list[str]:
    """The names of index files that are missing, whose own checksum does not hold, or that cannot be read; empty if all is well.

    Only what the last commit names is looked at: a segment that was under way when its process was killed is no damage.
    Each file of Tantivy's ends in a footer: JSON with the CRC-32 of what stands before it, the footer's length
    and a magic number, both four bytes, little endian.
    """
    bad: list[str] = []
    for part in PARTS if (folder / STATE).exists() else ():
        try:
            names = _committed(folder / part)
        except (OSError, ValueError, KeyError, TypeError):
            names = ["meta.json"]
        bad += [f"{part}/{name}" for name in names if not is_whole(folder / part / name)]
    return bad


def stamp_files(folder: Path) -> Stamps:
    """Size and time of all files that the last commit names; none where they cannot be told."""
    stamps: Stamps = {}
    for part in PARTS:
        try:
            for name in _committed(folder / part):
                told = (folder / part / name).stat()
                stamps[f"{part}/{name}"] = (told.st_size, told.st_mtime_ns)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return stamps


def touched_files(folder: Path, stamps: Stamps) -> list[str]:
    """The files that are not as they were stamped; one that is gone because it was merged into another is none of them."""
    now = stamp_files(folder)
    lost = [name for part in PARTS if not _is_told(folder / part) for name in [f"{part}/meta.json"]]
    return [*lost, *(name for name, stamp in now.items() if stamps.get(name, stamp) != stamp)]


def _is_told(folder: Path) -> bool:
    """Whether all files that the last commit names are there."""
    try:
        return all((folder / name).exists() for name in _committed(folder))
    except (OSError, ValueError, KeyError, TypeError):
        return False


_MAGIC = 1337
_KINDS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
_READ = 1 << 20


def _committed(folder: Path) -> list[str]:
    """The files of all segments that the last commit of a Tantivy index names."""
    names = []
    for segment in json.loads((folder / "meta.json").read_bytes())["segments"]:
        name = segment["segment_id"].replace("-", "")
        names += [f"{name}.{kind}" for kind in _KINDS]
        names += [f"{name}.{segment['deletes']['opstamp']}.del"] if segment["deletes"] else []
    return names


def is_whole(path: Path) -> bool:
    """Whether a file's own checksum holds."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(-8, os.SEEK_END)
            tail = file.read(8)
            length = int.from_bytes(tail[:4], "little")
            if int.from_bytes(tail[4:], "little") != _MAGIC or length + 8 > size:
                return False
            file.seek(size - 8 - length)
            claimed: dict[str, Any] = json.loads(file.read(length))
            file.seek(0)
            left, crc = size - 8 - length, 0
            while left:
                piece = file.read(min(_READ, left))
                crc = zlib.crc32(piece, crc)
                left -= len(piece)
        return bool(crc == claimed["crc"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
