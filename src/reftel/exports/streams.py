"""Many cables one after another: each form written while the cables come, one cable in memory at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import msgspec

from reftel.exports import cable_text, record
from reftel.exports.bibtex import bibtex
from reftel.exports.csl import csl_text
from reftel.exports.entry import Entry, entry
from reftel.exports.ris import ris
from reftel.model import Cable


def write_jsonl(cables: Iterable[Cable], out: BinaryIO) -> int:
    """Writes the records, one a line, and returns how many; as all writers of this module do."""
    count = 0
    for cable in cables:
        out.write(record.encode(cable) + b"\n")
        count += 1
    return count


def write_text(cables: Iterable[Cable], out: BinaryIO) -> int:
    """Clean telegrams, between two of them a line that is a form feed; no telegram holds another one."""
    count = 0
    for cable in cables:
        if count:
            out.write(b"\f\n")
        out.write(cable_text.render(cable).replace("\f", "\n").encode())
        count += 1
    return count


def write_bibtex(cables: Iterable[Cable], out: BinaryIO) -> int:
    """Entries with a blank line between them."""
    count = 0
    keys = _Keys()
    for cable in cables:
        out.write((b"\n" if count else b"") + bibtex(keys.unique(entry(cable)), None).encode() + b"\n")
        count += 1
    return count


def write_ris(cables: Iterable[Cable], out: BinaryIO) -> int:
    """Records with a blank line between them, every line ending in CR LF."""
    count = 0
    for cable in cables:
        out.write((b"\r\n" if count else b"") + ris(entry(cable), None).encode() + b"\r\n")
        count += 1
    return count


def write_csl(cables: Iterable[Cable], out: BinaryIO) -> int:
    """One JSON array, an item a line."""
    count = 0
    keys = _Keys()
    out.write(b"[")
    for cable in cables:
        out.write((b",\n" if count else b"\n") + csl_text(keys.unique(entry(cable)), None).encode())
        count += 1
    out.write(b"\n]\n" if count else b"]\n")
    return count


class _Keys:
    """The keys given so far: a second copy of a cable gets the id and `-2`, since a bibliography may hold a key once.

    About a hundred bytes a cable are kept.
    """

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def unique(self, cited: Entry) -> Entry:
        n = self._given[cited.key] = self._given.get(cited.key, 0) + 1
        return cited if n == 1 else msgspec.structs.replace(cited, key=f"{cited.key}-{n}")
