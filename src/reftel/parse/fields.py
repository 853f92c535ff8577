"""Fields of the head read into values, wherever they were kept: below the class line, above it, or in a cut copy."""

from __future__ import annotations

import re
from typing import NamedTuple

from reftel.cite import CableId
from reftel.model import Defect, Reference, Span
from reftel.parse.authority import Authority, Order, parse_authority, parse_order
from reftel.parse.body import Body
from reftel.parse.class_line import ClassLine, find_class_lines
from reftel.parse.ending import find_ending
from reftel.parse.head import Field, Head, read_head
from reftel.parse.refs import RefContext, parse_references
from reftel.text import Flow, one_line


class Placed(NamedTuple):
    """A field of the head and the flow it stands in: the cable's own, or a cut copy's that has kept it."""

    flow: Flow
    field: Field

    def text(self) -> str:
        """Its value as it stands."""
        return self.flow.text[self.field.value : self.field.end]


class Copy(NamedTuple):
    """What a cut copy in front of the full one has kept (04THEHAGUE1923: the signature; 05PRAGUE470: SUBJECT and REF)."""

    flow: Flow
    head: Head
    signer: str | None


def read_heads(flow: Flow, line: ClassLine | None) -> tuple[Head, Head]:
    """The head below the class line, and what of it stands above (06MEXICO4238: TAGS)."""
    if line is None:
        return read_head(flow.text, 0), Head((), (), 0)
    above = flow.text[: flow.index(line.span.start)]
    early = read_head(above, 0) if above.strip() else Head((), (), 0)
    return read_head(flow.text, flow.index(line.span.end)), early


def read_copy(text: str, span: Span) -> Copy:
    flow = Flow(text, [span])
    lines = find_class_lines(text, span.start, span.end)
    head = read_head(flow.text, flow.index(lines[0].span.end) if lines else 0)
    ending = find_ending(flow.text, head.end)
    return Copy(flow, head, flow.text[slice(*ending.signer)] if ending.signer else None)


def place_fields(heads: list[tuple[Flow, Head]]) -> dict[str, Placed]:
    """The first field of each kind that has a value, in the order of the heads."""
    found: dict[str, Placed] = {}
    for flow, head in heads:
        for field in head.fields:
            if field.kind not in found and field.end > field.value:
                found[field.kind] = Placed(flow, field)
    return found


def field_value(placed: Placed | None) -> str | None:
    return None if placed is None else one_line(placed.text()).strip(" :") or None


def field_span(placed: Placed | None) -> Span | None:
    return None if placed is None else placed.flow.hull(placed.field.start, placed.field.end)


def read_order(placed: Placed | None) -> Order:
    if placed is None:
        return Order(None, None, None)
    return parse_order(placed.flow.text[placed.field.start : placed.field.value], placed.text())


_BY_PARAGRAPH = re.compile(r"\s{0,3}(?:\(U\)\s{0,3})?CLASSIFIED\s{1,2}BY\b", re.IGNORECASE)


def read_authority(flow: Flow, placed: Placed | None, body: Body) -> Authority:
    """From its line in the head, or from a paragraph that is nothing else (96ANKARA12278, 01VATICAN1261)."""
    if placed is not None:
        return parse_authority(placed.flow.text[placed.field.start : placed.field.end])
    for part in body.parts[:3]:
        if part.ranges:
            s, e = part.ranges[0]
            if _BY_PARAGRAPH.match(flow.text, s):
                return parse_authority(flow.text[s : min(e, s + 400)])
    return Authority(None, ())


def read_references(
    heads: list[tuple[Flow, Head]], identity: CableId | None, dtg: str | None
) -> tuple[tuple[Reference, ...], tuple[Defect, ...]]:
    """The references of the first head that has any."""
    year = int(dtg[:4]) if dtg else identity.year if identity else None
    month = int(dtg[5:7]) if dtg else None
    context = RefContext(year, month, identity.post if identity else None, identity.serial if identity else None)
    found: list[Reference] = []
    defects: list[Defect] = []
    for flow, head in heads:
        for field in head.fields:
            if field.kind == "ref" and field.end > field.value:
                more, odd = parse_references(flow, field.value, field.end, context)
                found += [r for r in more if not any(r.target == x.target and r.text == x.text for x in found)]
                defects += odd
        if found:
            break
    return tuple(found), tuple(defects)
