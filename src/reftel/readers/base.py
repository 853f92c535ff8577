"""What all of reading shares: a document and how far reading has come, a reader's row, and the Source it leads to."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from reftel.model import Claims, Provenance, Record, Repair, Segment, Source

MAX_DOCUMENT = 64 << 20  # bytes of one document that is read as a whole, and of an archive held in memory
HIDDEN = "hidden files and folders"


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


class Failure(Record, frozen=True):
    """A file, member or row that gave no Source. reason: whole sentences that name it and say what to do."""

    locator: str
    reason: str


class Delivery(Record, frozen=True):
    """What a reader makes of one decoded text. repairs: its own steps, after the decoding."""

    text: str
    claims: Claims = Claims()
    furniture: tuple[Segment, ...] = ()
    header_end: int | None = None
    repairs: tuple[Repair, ...] = ()


class Reader(Record, frozen=True):
    """One row of READERS.

    sniff: how sure the reader is of a decoded text: NO, PLAUSIBLE or CERTAIN; the surest reader takes it.
        UnreadableError if the text is of a form that cannot be looked into safely.
    read: one decoded text to its Delivery; UnreadableError if the text is not of this form at all.
    stream: for a form that holds many cables in one file: (head, stream, locator) -> sources and failures.
    """

    name: str
    description: str
    sniff: Callable[[str], int]
    read: Callable[[str], Delivery]
    stream: Callable[[bytes, BinaryIO, str], Iterator[Source | Failure]] | None = None


NO, PLAUSIBLE, CERTAIN = 0, 1, 2


def make_source(delivery: Delivery, reader: str, locator: str, repairs: Iterable[Repair] = ()) -> Source:
    """The Source of a delivery; repairs are the steps before the reader's own (the decoding)."""
    return Source(
        text=delivery.text,
        provenance=Provenance(
            locator=locator,
            reader=reader,
            sha256=hashlib.sha256(delivery.text.encode()).hexdigest(),
            claims=delivery.claims,
            repairs=(*repairs, *delivery.repairs),
        ),
        furniture=delivery.furniture,
        header_end=delivery.header_end,
    )


def clean_locator(path: str) -> str:
    """The path with forward slashes; a name that is no UTF-8 loses the bytes that cannot be shown."""
    name = PurePosixPath(path.replace(os.sep, "/")).as_posix()
    return "".join(c if c.isprintable() else "\ufffd" for c in name)
