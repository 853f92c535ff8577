"""A dossier: what somebody has gathered from cables, as one document, each quotation with its citation, the sources last."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from reftel.exports.body_text import body_parts, join_pieces, paragraph_text
from reftel.exports.entry import NO_SUBJECT, entry, printable
from reftel.exports.notes import chicago, say_day
from reftel.model import Cable, Note, Paragraph, Record, Span
from reftel.query.view import sent_day
from reftel.text import without

# The parts of a document, in which order each comes
TITLE, MADE, CABLE, ABOUT, HEADING, QUOTE, CITATION, REMARK, NOTE, LOST, SOURCES, SOURCE = (
    "title", "made", "cable", "about", "heading", "quote", "citation", "remark", "note", "lost", "sources", "source",
)  # fmt: skip
_BREAKS_IN = ("section_break", "page_break", "injected", "repeated_head", "wrapper", "pilcrow")


class Remark(Record, frozen=True):
    """A note on what is quoted. day: ISO, when it was written. author: None where there is one user."""

    text: str
    day: str
    author: str | None = None


class Excerpt(Record, frozen=True):
    """One item of a dossier: a whole cable, or a paragraph of it by its number, or the words of a span.

    address: as it was gathered. cable: None if it is not held any more. lost: words that do not stand in its text any more, instead of
    a span. remark: "" without one. notes: those on what is quoted, in order.
    """

    address: str
    cable: Cable | None
    number: int | None = None
    span: Span | None = None
    lost: str | None = None
    remark: str = ""
    notes: tuple[Remark, ...] = ()


class Dossier(Record, frozen=True):
    """What is to become one document. made: when, ISO, passed in."""

    title: str
    made: str
    excerpts: tuple[Excerpt, ...]

    @property
    def cables(self) -> list[Cable]:
        """The cables it quotes, each once, in their order."""
        held = {one.cable.source.sha256: one.cable for one in self.excerpts if one.cable is not None}
        return list(held.values())


class Part(NamedTuple):
    """A piece of the document. kind: one of the names above.

    number, marking, labels: of the paragraph that is quoted, and what its sub-paragraphs begin with.
    """

    kind: str
    text: str
    number: int | None = None
    marking: str | None = None
    labels: tuple[str, ...] = ()


def lay_out(dossier: Dossier) -> Iterator[Part]:
    """The whole document, part by part. Texts are as they stand, not yet escaped; those of quotations, remarks and notes have lines."""
    yield Part(TITLE, printable(dossier.title))
    yield Part(MADE, _say_made(dossier))
    for (address, _), group in groupby(dossier.excerpts, lambda one: (_of(one), one.cable is None)):
        excerpts = list(group)
        cable = excerpts[0].cable
        if cable is None:
            yield Part(CABLE, printable(address))
        else:
            yield Part(CABLE, entry(cable).title or NO_SUBJECT)
            yield Part(ABOUT, _say_head(cable))
        for excerpt in excerpts:
            yield from _lay_out_one(excerpt)
    if dossier.cables:
        yield Part(SOURCES, "Sources")
        for cable in sorted(
            dossier.cables, key=lambda cable: (cable.dtg or cable.source.claims.date or "9", cable.id or "")
        ):
            told = entry(cable)
            yield Part(
                SOURCE,
                f"{chicago(told, None)} {told.archive[:1].upper()}{told.archive[1:]}, {told.location}. {told.remarks[-1]}.",
            )


def _of(excerpt: Excerpt) -> str:
    return excerpt.address if excerpt.cable is None else excerpt.cable.source.sha256


def _say_made(dossier: Dossier) -> str:
    quoted, cables = len(dossier.excerpts), len(dossier.cables)
    said = (
        f"{quoted:,} {'excerpt' if quoted == 1 else 'excerpts'} from {cables:,} {'cable' if cables == 1 else 'cables'}"
    )
    return f"{said}, gathered with Reftel, {dossier.made[:10]}."


def _say_head(cable: Cable) -> str:
    """One line: id, sender, day, marks."""
    told = entry(cable)
    marks = ", ".join(map(printable, filter(None, (cable.classification, *cable.captions))))
    return " · ".join(filter(None, (told.number, told.sender, say_day(*sent_day(cable)), marks)))


def quote(excerpt: Excerpt) -> list[Part]:
    """What an excerpt quotes: headings and paragraphs, as far as they are in it. Nothing where it is not there any more."""
    if excerpt.cable is None or excerpt.lost is not None:
        return []
    return list(_quote(excerpt, excerpt.cable))


def _lay_out_one(excerpt: Excerpt) -> Iterator[Part]:
    quotes = quote(excerpt)
    yield from quotes
    if excerpt.lost is not None:
        yield Part(QUOTE, excerpt.lost)
    if excerpt.cable is not None and quotes:
        numbers = [part.number for part in quotes if part.number is not None]
        yield Part(CITATION, _cite(excerpt, excerpt.cable, numbers))
    else:
        yield Part(LOST, say_lost(excerpt))
    if excerpt.remark:
        yield Part(REMARK, excerpt.remark)
    for note in excerpt.notes:
        yield Part(NOTE, f"{printable(', '.join(filter(None, (note.author, note.day))))}: {note.text}")


def say_lost(excerpt: Excerpt) -> str:
    """Why an excerpt quotes nothing."""
    if excerpt.cable is None:
        return "This cable is not in the archive any more."
    if excerpt.lost is not None:
        return "These words do not stand in the text of the cable that leads now."
    what = f"no paragraph {excerpt.number}" if excerpt.number is not None else "no text"
    return f"There is {what} in the text of the cable that leads now."


def _cite(excerpt: Excerpt, cable: Cable, numbers: list[int]) -> str:
    """The citation of what is quoted: with its paragraphs, and of words with their place in the text."""
    whole = excerpt.number is None and excerpt.span is None
    first, last = (None, None) if whole or not numbers else (numbers[0], numbers[-1])
    said = chicago(entry(cable), first, last)
    if excerpt.span is None:
        return said
    return f"{said} Characters {excerpt.span.start} to {excerpt.span.end} of the text."


def _quote(excerpt: Excerpt, cable: Cable) -> Iterator[Part]:
    """What is quoted, paragraph by paragraph, headings between them; nothing if it is not there."""
    span = excerpt.span
    found = False
    for part in body_parts(cable):
        if isinstance(part, Note):
            if excerpt.number is None and (span is None or _overlap(part.span, span)):
                found = True
                yield Part(HEADING, part.text)
        elif excerpt.number is None or part.number == excerpt.number:
            text = _words_of(cable, part, span)
            if text:
                found = True
                labels = tuple(dict.fromkeys(item.label for item in part.items))
                yield Part(QUOTE, text, part.number, part.marking, labels)
    if span is not None and not found:  # words of the head, the signature, or what no paragraph has
        holes = [segment.span for segment in cable.segments if segment.kind in _BREAKS_IN]
        pieces = tuple(without([span], holes)) or (span,)
        yield Part(QUOTE, join_pieces(cable, pieces).strip())


def _words_of(cable: Cable, paragraph: Paragraph, span: Span | None) -> str:
    """The text of a paragraph, or what of it lies in a span."""
    if span is None:
        return paragraph_text(cable, paragraph)
    pieces = tuple(
        Span(max(piece.start, span.start), min(piece.end, span.end))
        for piece in paragraph.spans
        if _overlap(piece, span)
    )
    return join_pieces(cable, pieces).strip() if pieces else ""


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
