"""Lay labelled stretches side by side so that they tile the text, naming the gaps."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from reftel.model import Segment
from reftel.text import as_span


def tile(text: str, labelled: Iterable[tuple[int, int, str]]) -> tuple[Segment, ...]:
    """Segments from 0 to len(text) without gap or overlap.

    labelled: (start, end, kind); where two overlap, the one that begins first keeps the common part (of two that begin
    together, the longer). A gap of white space is `blank`, any other `unknown`, its outer white space split off.
    """
    found: list[Segment] = []
    at = 0
    by_end = sorted(labelled, key=itemgetter(1), reverse=True)
    for start, end, kind in sorted(by_end, key=itemgetter(0)):
        if start < at:
            start = at
        if start >= end:
            continue
        if start > at and text[at:start].isspace():
            found.append(Segment("blank", as_span((at, start))))
        elif start > at:
            _fill(text, at, start, found)
        found.append(Segment(kind, as_span((start, end))))
        at = end
    if at < len(text):
        _fill(text, at, len(text), found)
    return tuple(found)


def _fill(text: str, start: int, end: int, found: list[Segment]) -> None:
    piece = text[start:end]
    if piece.isspace():
        found.append(Segment("blank", as_span((start, end))))
        return
    stripped = piece.strip()
    lead = len(piece) - len(piece.lstrip())
    if lead:
        found.append(Segment("blank", as_span((start, start + lead))))
    stop = start + lead + len(stripped)
    found.append(Segment("unknown", as_span((start + lead, stop))))
    if stop < end:
        found.append(Segment("blank", as_span((stop, end))))
