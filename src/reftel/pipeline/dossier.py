"""A basket -> a dossier: each item with its cable, the place of its words now, and the notes on what is quoted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from reftel.archive.anchors import place
from reftel.archive.basket import Item
from reftel.archive.desk import Note
from reftel.cite import split_address
from reftel.exports.dossier import Dossier, Excerpt, Remark
from reftel.model import Cable, Span
from reftel.pipeline.mask import Mask


def make_dossier(
    items: Iterable[Item],
    find: Callable[[str], Cable | None],
    notes: Callable[[str], Sequence[Note]],
    *,
    title: str,
    made: str,
    mask: Mask | None,
) -> Dossier:
    """What lies in a basket, in its order.

    find: the cable of an address, not masked, None if there is none; notes: those on a cable. mask: None leaves all names.
    """
    excerpts = []
    for item in items:
        address, number = split_address(item.address)
        cable = find(address)
        if cable is None:
            # whom a cable protects that is not held, nobody can tell: its words are left out
            lost = item.anchor.quote if item.anchor is not None and mask is None else None
            [remark] = mask.loose_words(None, [item.remark]) if mask is not None else [item.remark]
            excerpts.append(Excerpt(item.address, None, number, lost=lost, remark=remark))
            continue
        span = place(item.anchor, cable) if item.anchor is not None else None
        told = [note for note in notes(address) if note.text and _is_on(note, cable, number, span, item)]
        gone = item.anchor.quote if item.anchor is not None and span is None else ""
        loose = [item.remark, gone, *(note.text for note in told)]
        remark, gone, *texts = mask.loose_words(cable, loose) if mask is not None else loose
        excerpts.append(
            Excerpt(
                address=item.address,
                cable=mask.cable(cable)[0] if mask is not None else cable,
                number=number,
                span=span,
                lost=gone or None,
                remark=remark,
                notes=tuple(
                    Remark(text, note.written[:10], note.author) for text, note in zip(texts, told, strict=True)
                ),
            )
        )
    return Dossier(title, made, tuple(excerpts))


def _is_on(note: Note, cable: Cable, number: int | None, span: Span | None, item: Item) -> bool:
    """Whether a note is on what an item quotes: on the same words or some of them, the same paragraph, or anything of a whole cable."""
    if number is None and item.anchor is None:
        return True
    if note.anchor is not None:
        at = place(note.anchor, cable)
        return at is not None and any(_overlap(at, part) for part in _parts(cable, number, span))
    return item.anchor is None and split_address(note.address)[1] == number


def _parts(cable: Cable, number: int | None, span: Span | None) -> list[Span]:
    if span is not None:
        return [span]
    return [piece for paragraph in cable.paragraphs if paragraph.number == number for piece in paragraph.spans]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
