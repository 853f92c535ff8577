"""All that is read from a source before it is put together as a Cable."""

from __future__ import annotations

from typing import NamedTuple

from reftel.cite import CableId
from reftel.model import Source, Span
from reftel.parse.body import Body, read_body
from reftel.parse.breaks import Break, find_breaks, holes
from reftel.parse.class_line import ClassLine
from reftel.parse.ending import Ending, find_ending
from reftel.parse.fields import Copy, Placed, place_fields, read_copy, read_heads
from reftel.parse.head import Head
from reftel.parse.identity import Identity, claimed_id, tell_identity
from reftel.parse.layout import Layout, lay_out
from reftel.parse.loose import Loose, read_loose_lines
from reftel.parse.routing import Routing, parse_routing
from reftel.tables import find_post
from reftel.text import Flow, without


class Reading(NamedTuple):
    """The readings of one source. flow: the cable's own body without its breaks; offsets of head, early, ending, body and
    loose are the flow's. early: what of the head stands above the class line. copies: cut copies in front of the full one.
    fields: the first field of each kind, wherever it was kept."""

    source: Source
    layout: Layout
    routing: Routing
    breaks: list[Break]
    flow: Flow
    identity: Identity
    head: Head
    early: Head
    ending: Ending
    body: Body
    loose: list[Loose]
    copies: list[Copy]
    fields: dict[str, Placed]

    @property
    def line(self) -> ClassLine | None:
        """The cable's own classification line."""
        return self.layout.class_line

    @property
    def whole(self) -> Span:
        """The cable's own body from first to last character; empty, at the text's end, if it has none."""
        body = self.layout.body
        end = len(self.source.text)
        return Span(body[0].start, body[-1].end) if body else Span(end, end)

    @property
    def signer(self) -> str | None:
        """The signature as printed, of the full copy or of a cut one."""
        if self.ending.signer:
            return self.flow.text[slice(*self.ending.signer)]
        return next((copy.signer for copy in self.copies if copy.signer), None)


def read_all(source: Source) -> Reading:
    """Read a source from the outside in: carrier, header, breaks, head, ending, body."""
    text, claims = source.text, source.provenance.claims
    claimed = claimed_id(claims)
    layout = lay_out(source, claimed)
    routing = parse_routing(text, layout.header)
    line = layout.class_line
    sender = routing.origin.plad if routing.origin else None
    station = line.station if line is not None else _station_of(claimed, sender)
    breaks = find_breaks(text, layout.body, station, layout.section_heads)
    flow = Flow(text, without(layout.body, holes(text, breaks)))
    identity = tell_identity(claims, claimed, line, routing.dtg, routing.de, sender, breaks, text)
    head, early = read_heads(flow, line)
    ending = find_ending(flow.text, head.end)
    body = read_body(flow.text, head.end, ending.text_end, layout.flattened)
    copies = [read_copy(text, span) for span in layout.copies]
    return Reading(
        source=source,
        layout=layout,
        routing=routing,
        breaks=breaks,
        flow=flow,
        identity=identity,
        head=head,
        early=early,
        ending=ending,
        body=body,
        loose=read_loose_lines(flow.text, head, body),
        copies=copies,
        fields=place_fields([(flow, head), (flow, early), *((c.flow, c.head) for c in copies)]),
    )


def _station_of(claimed: CableId | None, sender: str | None) -> str | None:
    post = find_post(claimed.post) if claimed else find_post(sender) if sender else None
    return post.station if post else None
