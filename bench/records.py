"""The records that are measured: a collection of yours, the shared corpus, or copies of the demo's cables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count, cycle, islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from reftel.errors import ReftelError
from reftel.readers.base import Input, Progress
from reftel.readers.inputs import open_inputs

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "corpus" / "dump.tar.xz"
DEMO = ROOT / "demo" / "collection" / "dump"
COPIES = 2000  # cables made from the demo's where there is no corpus

Row = TypeVar("Row")


class RecordFile(NamedTuple):
    """One file's bytes, in memory, and where they came from."""

    locator: str
    raw: bytes


def load_records(path: str | None) -> tuple[str, list[RecordFile]]:
    """What the records are, in words, and the records.

    path: a folder, file, pattern or archive with one cable a file; else the shared corpus if it lies beside the
    checkout, else COPIES records made from the demo collection. ReftelError if there is nothing at the path.
    """
    if path is None and not SHARED.exists():
        return f"{COPIES:,} records made from the demo collection", make_records(COPIES)
    found = _read_all(path or str(SHARED))
    if not found:
        raise ReftelError(f"There are no files to measure at {path}. Name a folder or archive of cables with --corpus.")
    return f"{len(found):,} files of {path or 'the shared corpus'}", found


def make_records(number: int) -> list[RecordFile]:
    """That many dump records: the demo's in turn, each copy with a serial of its own, the same ones every time."""
    demo = _read_all(str(DEMO))
    turns = zip(count(), cycle(demo))
    return [_renumber(record, turn // len(demo)) for turn, record in islice(turns, number)]


def thin(rows: Sequence[Row], number: int) -> list[Row]:
    """That many of the rows, spread over all of them so that every era is there."""
    step = max(len(rows) // max(number, 1), 1)
    return list(rows[::step][:number])


def _read_all(path: str) -> list[RecordFile]:
    return [
        RecordFile(item.locator, item.head + item.rest.read())
        for item in open_inputs([path], None, Progress())
        if isinstance(item, Input)
    ]


def _renumber(record: RecordFile, copy: int) -> RecordFile:
    """A copy with another serial wherever the cable prints its own, as wide as it was printed."""
    serial = re.search(rb"\A\d\d[A-Z]+(\d+)", record.raw)
    if copy == 0 or serial is None:
        return record
    other = b"%d" % (int(serial[1]) + copy)
    raw = re.sub(rb"(?<![0-9])0*" + serial[1] + rb"(?![0-9])", lambda found: other.zfill(len(found[0])), record.raw)
    return RecordFile(f"{record.locator}+{copy}", raw)
