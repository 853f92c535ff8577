"""Defects in words: which line they stand on, what is printed there, what the code means."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from reftel.cli.output import printable
from reftel.model import Cable, Defect


class Finding(NamedTuple):
    """A defect as it is told. line: of the source's text, from 1; None where nothing is printed."""

    code: str
    line: int | None
    said: str


def list_findings(cable: Cable) -> Iterator[Finding]:
    """The defects of a cable, in its order; unnamed text is quoted in full."""
    if not cable.defects:
        return
    ends = [i for i, character in enumerate(cable.text) if character == "\n"]
    for defect in cable.defects:
        line = bisect_left(ends, defect.span.start) + 1 if defect.span else None
        yield Finding(defect.code, line, printable(_say(cable, defect)))


def _say(cable: Cable, defect: Defect) -> str:
    if defect.code == "unnamed-text" and defect.span:
        return f'"{" ".join(defect.span.of(cable.text).split())}"'
    return " ".join(defect.detail.split())
