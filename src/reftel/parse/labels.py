"""Name every stretch of the head and the body with its segment kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reftel.model import Segment
from reftel.parse.breaks import cuts
from reftel.parse.loose import read_loose
from reftel.parse.reading import Reading

_PRINTER = re.compile(
    r"\bCable\s{1,6}Text:|DB/Inbox|No Action Addressee|^(?:DISSEMINATION|CX[A-Z]{3,9}):", re.MULTILINE
)
_FIELD_KIND = {"eo": "eo", "tags": "tags", "subject": "subject", "ref": "references", "by": "classified_by"}


def label_all(reading: Reading) -> list[tuple[int, int, str]]:
    """(start, end, kind) of everything that has been read, in source offsets and no order."""
    layout = reading.layout
    segments = (*reading.source.furniture, *layout.segments, *cuts(reading.breaks), *_label_header(reading))
    found = [(s.span[0], s.span[1], s.kind) for s in segments]
    if reading.line is not None:
        found.append((*reading.line.span, "class_line"))
    return found + reading.flow.follow(_label_flow(reading))


def _label_header(reading: Reading) -> Iterable[Segment]:
    """The routing's segments. What a message database prints above a telegram is its wrapper: who printed it, and its own
    list of fields."""
    segments = reading.routing.segments
    unknown = any(s.kind == "unknown" for s in segments)
    if not unknown or _PRINTER.search(reading.source.text, *reading.layout.header) is None:
        return segments
    return [Segment("wrapper", s.span) if s.kind == "unknown" else s for s in segments]


def _label_flow(reading: Reading) -> Iterator[tuple[int, int, str]]:
    for f in (*reading.early.fields, *reading.head.fields):
        yield f.start, f.end, _FIELD_KIND[f.kind]
    for x in reading.loose:
        yield x.start, x.end, x.kind
    for start, end in reading.early.loose:
        for kind, s, e in read_loose(reading.flow.text, start, end):
            yield s, e, kind
    for b in reading.body.blocks:
        yield b.start, b.end, b.kind
    ending = reading.ending
    for s, e in (*((ending.signer,) if ending.signer else ()), *ending.again):
        yield s, e, "signature"
    for s, e in ending.trailers:
        yield s, e, "trailer"
