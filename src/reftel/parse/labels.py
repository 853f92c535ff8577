"""Name every stretch of the head and the body with its segment kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reftel.parse.breaks import cuts
from reftel.parse.loose import read_loose
from reftel.parse.reading import Reading

_PRINTER = re.compile(
    r"\bCable\s{1,6}Text:|DB/Inbox|No Action Addressee|^(?:DISSEMINATION|CX[A-Z]{3,9}):", re.MULTILINE
)
_FIELD_KIND = {"eo": "eo", "tags": "tags", "subject": "subject", "ref": "references", "by": "classified_by"}


def label_all(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of everything that has been read, in source offsets and no order."""
    layout, routing = reading.layout, reading.routing
    for segment in (*reading.source.furniture, *layout.segments, *cuts(reading.breaks)):
        yield segment.span.start, segment.span.end, segment.kind
    printed = _PRINTER.search(reading.source.text, *layout.header) is not None
    for segment in routing.segments:
        # what a message database prints above a telegram: who printed it, and its own list of fields
        kind = "wrapper" if printed and segment.kind == "unknown" else segment.kind
        yield segment.span.start, segment.span.end, kind
    if reading.line is not None:
        yield (*reading.line.span, "class_line")
    flow = reading.flow
    for start, end, kind in _label_flow(reading):
        for s, e in flow.spans(start, end):
            yield s, e, kind


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
