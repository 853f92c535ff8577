"""What every reader shares: its row in the table, what it delivers, and the Source made of that."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from reftel.model import Claims, Provenance, Record, Repair, Segment, Source


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
