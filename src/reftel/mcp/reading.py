"""The tool that reads the text of a cable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reftel.errors import ReftelError
from reftel.exports.body_text import body_parts
from reftel.mcp.lines import at, barred, count_of, place, words
from reftel.mcp.room import Opened, Room, open_document
from reftel.model import Cable, Paragraph, Span

MOST = 40_000  # characters of text
# What else is read, beside headings and paragraphs; page breaks and the marks of paragraphs are not.
_ALSO = {
    "signature": "signature",
    "trailer": "ending",
    "foreign_cable": "another cable's text",
    "truncated_copy": "cut copy",
    "unknown": "unknown",
}


class Piece(NamedTuple):
    """A stretch of the text that is read as one. label: "para 4 (C)", "heading", "header"."""

    label: str
    span: Span


def read_document(
    room: Room,
    doc_id: str,
    from_paragraph: int | None = None,
    offset: int | None = None,
    max_chars: int = 6_000,
) -> str:
    """Reads the text of a cable: headings and paragraphs, each with number, mark, and offsets [start,end) of the cable's text.

    from_paragraph: begin with the paragraph of this number. offset: begin at this character; 0 is the header, which is else left out.
    max_chars: how much text, at most 40,000.
    """
    if max_chars < 1:
        raise ReftelError(f"max_chars={max_chars} asks for nothing. Give 1 to {MOST}.")
    if offset is not None and from_paragraph is not None:
        raise ReftelError("Give either from_paragraph or offset, not both.")
    opened = open_document(room, doc_id)
    start = _begin(opened, from_paragraph) if offset is None else _check(opened, offset)
    return "\n".join(_read(opened, start, min(max_chars, MOST)))


def _begin(opened: Opened, number: int | None) -> int:
    """Where the body begins, or its paragraph of a number."""
    paragraphs = [one for one in opened.cable.paragraphs if one.spans]
    if number is None:
        headings = [note.span.start for note in opened.cable.headings]
        return min([*headings, *(one.spans[0].start for one in paragraphs)], default=0)
    for one in paragraphs:
        if one.number == number:
            return one.spans[0].start
    numbers = sorted({one.number for one in paragraphs if one.number is not None})
    known = f"Its numbers run from {numbers[0]} to {numbers[-1]}." if numbers else "None of its paragraphs is numbered."
    raise ReftelError(f"{opened.address} has no paragraph {number}. {known}")


def _check(opened: Opened, offset: int) -> int:
    length = len(opened.cable.text)
    if not 0 <= offset < length:
        raise ReftelError(f"{opened.address} has no character {offset}: its offsets run from 0 to {length - 1}.")
    return offset


def _read(opened: Opened, start: int, most: int) -> Iterator[str]:
    """The pieces from an offset on. A paragraph that does not fit is cut only where most of the room would be left empty."""
    cable = opened.cable
    yield f"{opened.address}: {words(cable.subject or 'no subject')} ({words(cable.classification or 'no class')})"
    left = most
    for label, span in list_pieces(cable):
        if span.end <= start:
            continue
        begin = max(span.start, start)
        if left < span.end - begin and left < most // 2:
            yield f"Cut: {_rest(cable, begin)} more. Go on with offset={begin}."
            return
        shown = Span(begin, min(span.end, begin + left))
        yield f"{label} {at(shown)}"
        yield from barred(shown.of(cable.text).rstrip())
        left -= shown.end - shown.start
        if shown.end < span.end:
            yield f"Cut inside: {_rest(cable, shown.end)} more. Go on with offset={shown.end}."
            return


def _rest(cable: Cable, offset: int) -> str:
    return count_of(len(cable.text) - offset, "character")


def list_pieces(cable: Cable) -> list[Piece]:
    """What can be read of a cable, in the order of its text. A paragraph that a page break cuts is several pieces."""
    pieces = [Piece(_ALSO[s.kind], s.span) for s in cable.segments if s.kind in _ALSO and s.span.of(cable.text).strip()]
    for part in body_parts(cable):
        if isinstance(part, Paragraph):
            label = place(part)
            pieces += [Piece(f"{label}, goes on" if i else label, span) for i, span in enumerate(part.spans)]
        else:
            pieces.append(Piece("heading", part.span))
    pieces.sort(key=lambda piece: piece.span)
    first = min(
        (piece.span.start for piece in pieces if piece.label not in ("cut copy", "ending")), default=len(cable.text)
    )
    return [Piece("header", Span(0, first)), *(piece for piece in pieces if piece.span.start >= first)]
