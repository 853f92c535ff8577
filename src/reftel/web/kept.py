"""Notes and highlights as pages show them: where they stand now, in the words that whoever asks may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reftel.archive.anchors import place_all
from reftel.archive.desk import Note
from reftel.archive.store import Named
from reftel.cite import split_address
from reftel.model import Cable, Span
from reftel.text import one_line
from reftel.web.discretion import as_shown
from reftel.web.guard import Session
from reftel.web.places import cable_path
from reftel.web.problems import ForbiddenError
from reftel.web.typesetting import NOTED, Layer
from reftel.workbench import Archive


class Kept(NamedTuple):
    """A note as it is shown.

    words: those it stands at, as they were noted where it is loose. place: index of the paragraph it stands in; number: the printed
    number of that. span: None where it has none, or is loose. may_change: its text is all shown, and it is one's own; may_drop: or one
    keeps the archive.
    """

    key: int
    address: str
    path: str
    text: str
    words: str
    day: str
    is_changed: bool
    author: str | None
    span: Span | None
    place: int | None
    number: int | None
    is_loose: bool
    may_change: bool
    may_drop: bool

    def holds(self, words: str) -> bool:
        """Whether all words stand in it, as far as it is shown."""
        told = f"{self.text} {self.words} {self.address}".casefold()
        return all(word in told for word in words.casefold().split())


class OnCable(NamedTuple):
    """What somebody has kept on a cable. margin: index of a paragraph -> notes beside it; below: those that stand in none.

    layers: the marks in the text. tags: on the cable; known_tags: all that there are; in_basket: the cable as a whole is.
    """

    margin: dict[int, list[Kept]]
    below: list[Kept]
    layers: list[Layer]
    tags: list[str]
    known_tags: list[str]
    in_basket: bool


def show_cable_notes(archive: Archive, named: Named, whole: Cable, shown: Cable, session: Session) -> OnCable:
    """What is kept on a cable that is read. whole, shown: as in show_notes."""
    address = archive.store.address(named)
    with archive.desk() as desk:
        kept = show_notes(archive, desk.notes(address, named.id or address), whole, shown, session)
        tags, known = desk.tags(address), [tag for tag, _ in desk.all_tags()]
        in_basket = any(item.address == address and item.anchor is None for item in desk.basket(session.user).items())
    margin: dict[int, list[Kept]] = {}
    for one in kept:
        if one.place is not None:
            margin.setdefault(one.place, []).append(one)
    layers = [
        Layer(one.span, NOTED, "noted" if one.text else "noted bare", str(one.key))
        for one in kept
        if one.span is not None
    ]
    return OnCable(margin, [one for one in kept if one.place is None], layers, tags, known, in_basket)


def show_notes(
    archive: Archive, notes: Sequence[Note], whole: Cable | None, shown: Cable | None, session: Session
) -> list[Kept]:
    """Notes on one cable. whole: as it is stored; shown: as it may be seen; both None where it is not held.

    Where protected names are not shown, the user's own words are masked too: they may tell one.
    """
    if not notes:
        return []
    texts = [text for note in notes for text in (note.text, note.anchor.quote if note.anchor else "")]
    texts = texts if session.unmasked else archive.mask_words(whole, texts)
    spans: list[Span | None] = [None] * len(notes)
    if whole is not None:
        found = iter(place_all((note.anchor for note in notes if note.anchor), whole))
        spans = [next(found) if note.anchor else None for note in notes]
    elif not session.unmasked:  # whom a cable protects that is not held, nobody can tell: its words are left out
        texts[1::2] = [""] * len(notes)
    return [
        _show(note, text, words, span, shown, session)
        for note, text, words, span in zip(notes, texts[::2], texts[1::2], spans, strict=True)
    ]


def show_all(archive: Archive, notes: Iterable[Note], session: Session) -> list[Kept]:
    """Notes on any cables, in their order."""
    notes = list(notes)
    by_cable: dict[str, list[Note]] = {}
    for note in notes:
        by_cable.setdefault(split_address(note.address)[0], []).append(note)
    made: dict[int, Kept] = {}
    for address, some in by_cable.items():
        found = archive.find(address)
        whole = archive.cable(found[0]) if found else None
        shown = as_shown(archive, whole, None, session)[0] if whole is not None else None
        made |= {kept.key: kept for kept in show_notes(archive, some, whole, shown, session)}
    return [made[note.key] for note in notes]


def demand_own(session: Session, note: Note) -> None:
    """ForbiddenError unless a note is one's own, or one keeps the archive."""
    if not _may_drop(session, note):
        raise ForbiddenError(
            f"This note is {note.author or 'somebody else'}'s.", "Only its author, or who keeps the archive, may."
        )


def _may_drop(session: Session, note: Note) -> bool:
    return session.may_edit and (note.author == session.user or session.is_keeper)


def _show(note: Note, text: str, words: str, span: Span | None, shown: Cable | None, session: Session) -> Kept:
    address, number = split_address(note.address)
    place = None
    if shown is not None:
        place = _paragraph_at(shown, span) if span is not None else _paragraph_of(shown, number)
        if span is not None:
            words = span.of(shown.text)
        if place is not None:
            number = shown.paragraphs[place].number
    is_loose = shown is None or (note.anchor is not None and span is None) or (number is not None and place is None)
    own = _may_drop(session, note)
    return Kept(
        key=note.key,
        address=note.address,
        path=cable_path(address) + (f"#n{note.key}" if not is_loose else "#notes"),
        text=text,
        words=one_line(words),
        day=(note.changed or note.written)[:10],
        is_changed=note.changed is not None,
        author=note.author,
        span=span,
        place=place,
        number=number,
        is_loose=is_loose,
        may_change=own and text == note.text,
        may_drop=own,
    )


def _paragraph_at(cable: Cable, span: Span) -> int | None:
    for i, paragraph in enumerate(cable.paragraphs):
        if any(piece.start < span.end and span.start < piece.end for piece in paragraph.spans):
            return i
    return None


def _paragraph_of(cable: Cable, number: int | None) -> int | None:
    if number is None:
        return None
    return next((i for i, paragraph in enumerate(cable.paragraphs) if paragraph.number == number), None)
