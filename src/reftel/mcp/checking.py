"""The tools for what is passed on: citations, and whether a quote stands in a cable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from reftel.errors import ReftelError
from reftel.exports import cite as make_citation
from reftel.mcp.lines import at, barred, count_of, hull, place, words
from reftel.mcp.quotes import LONGEST, Found, Near, find_near, find_quote
from reftel.mcp.room import Opened, Room, open_document
from reftel.mcp.statements import tell_kind
from reftel.mcp.visible import visible
from reftel.model import Span
from reftel.query.attributions import attribute
from reftel.text import Flow

# What no reader sees as words of the text: breaks, and the marks of paragraphs.
_CUT = {
    "page_break", "section_break", "injected", "repeated_head", "pilcrow", "paragraph_number", "portion_mark", "furniture", "wrapper",
}  # fmt: skip
_MOST = 4  # statements that are told of a place
_SHOWN = 700  # characters of a passage


def cite(
    room: Room,
    doc_id: str,
    paragraph: int | None = None,
    style: Literal["chicago", "turabian", "bibtex", "ris", "csl"] = "chicago",
) -> str:
    """The citation of a cable, or of one of its paragraphs."""
    return visible(make_citation(open_document(room, doc_id).cable, style, paragraph))


def verify_quote(room: Room, doc_id: str, quote: str) -> str:
    """Tells whether a quote stands in a cable: exactly; apart from white space, page and paragraph breaks, quotation marks, dashes, capitals; with omissions marked "...";
    or else the nearest passage and the words that differ. With offsets, paragraph, and whose words they are. Check every quote before you give it.
    """
    if not visible(quote).strip():
        raise ReftelError("There are no words to look for. Give the quote.")
    if len(quote) > LONGEST:
        raise ReftelError(
            f"The quote has {len(quote):,} characters; at most {LONGEST:,} can be checked at once. Check it in parts."
        )
    opened = open_document(room, doc_id)
    text = opened.cable.text
    cuts = [segment.span for segment in opened.cable.segments if segment.kind not in _CUT]
    flow = Flow(text, cuts)
    found = find_quote(text, flow, quote.strip())
    if found is not None:
        return "\n".join(_tell_found(room, opened, found))
    near = find_near(flow, quote)
    if near is not None:
        return "\n".join(_tell_near(room, opened, near))
    return f"No: these words do not stand in {opened.address}, and nothing like them."


def _tell_found(room: Room, opened: Opened, found: Found) -> Iterator[str]:
    yield f"Yes, {found.how or 'exactly'}: it stands in {opened.address}{_times(found)}."
    for spans in found.places:
        yield from _tell_place(room, opened, spans)
        if found.how:
            yield from barred(words(" ... ".join(span.of(opened.cable.text) for span in spans), 2 * LONGEST))


def _times(found: Found) -> str:
    times = len(found.places) + found.more
    return f" {times} times{f', the first {len(found.places)} here' if found.more else ''}" if times > 1 else ""


def _tell_near(room: Room, opened: Opened, near: Near) -> Iterator[str]:
    yield f"No: it does not stand so in {opened.address}. Nearest, with {round(100 * near.share)} % of its words:"
    yield from _tell_place(room, opened, (near.span,))
    yield from barred(words(near.span.of(opened.cable.text), _SHOWN))
    for mine, theirs in near.differs:
        yield f'differs: quote "{words(mine, 80)}", cable "{words(theirs, 80)}"'
    if near.more:
        yield f"and in {count_of(near.more, 'place')} more."


def _tell_place(room: Room, opened: Opened, spans: Sequence[Span]) -> Iterator[str]:
    """Id, paragraphs, offsets; and who is told to have said it."""
    where = hull(spans)
    paragraphs = [p for p in opened.cable.paragraphs if any(_cross(p.spans, span) for span in spans)]
    inside = ", ".join(map(place, paragraphs)) or "outside of the paragraphs"
    yield f"{opened.address} {inside} {' '.join(map(at, spans))}"
    if len(paragraphs) > 1:
        yield f"It runs over {len(paragraphs)} paragraphs, which may be of different speakers."
    if any("comment" in paragraph.role for paragraph in paragraphs):
        yield "It stands in the drafter's comment."
    yield from _tell_speakers(room, opened, where)


def _tell_speakers(room: Room, opened: Opened, where: Span) -> Iterator[str]:
    findings = room.archive.findings(opened.named)
    if findings is None:
        return
    there = [
        one
        for one in attribute(room.archive.cable(opened.named), findings, opened.named.key)
        if _cross(one.statement.content, where)
    ]
    for one in list(room.archive.masked(there) if room.masked else there)[:_MOST]:
        yield f"attributed {at(hull(one.statement.content))} to {words(one.statement.speaker or one.source or 'nobody who is named')}: {', '.join(tell_kind(one))}"
    if len(there) > _MOST:
        yield f"and {count_of(len(there) - _MOST, 'statement')} more."


def _cross(spans: Sequence[Span], where: Span) -> bool:
    return any(span.start < where.end and where.start < span.end for span in spans)
