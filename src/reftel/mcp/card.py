"""The tool that gives the card of a cable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reftel.errors import DEFECTS
from reftel.mcp.lines import at, count_of, hull, place, words
from reftel.mcp.room import Opened, Room, open_document
from reftel.model import Addressee, Cable, Paragraph, Reference
from reftel.query.view import sender_name, sent_day
from reftel.tables import find_caption, find_tag

_LISTED = 60  # paragraphs of a card
_SHOWN = 12  # of any other list
_FIRST = 70  # characters of a paragraph's beginning


def get_document(room: Room, doc_id: str) -> str:
    """The card of a cable: date, sender, addressees, class, tags, subject, references, and its paragraphs with first words and offsets.

    doc_id: as 09LONDON2499, or as a search gives it (09LONDON2499~2, #17).
    """
    opened = open_document(room, doc_id)
    cable = opened.cable
    subject = words(cable.subject or cable.source.claims.subject) or "no subject"
    answer = [f"{opened.address}{_basis(cable, 'id')}: {subject}"]
    answer += [f"{name}: {value}" for name, value in _card(room, opened) if value]
    listed = cable.paragraphs[:_LISTED]
    answer.append(f"Text: {count_of(len(cable.text), 'character')}, {count_of(len(cable.paragraphs), 'paragraph')}:")
    heading = None
    for paragraph in listed:
        if paragraph.heading != heading:
            heading = paragraph.heading
            answer += [f"heading: {words(heading)}"] if heading else []
        answer.append(f"{place(paragraph)} {at(hull(paragraph.spans))} {words(_text(cable, paragraph), _FIRST)}")
    if len(listed) < len(cable.paragraphs):
        start = hull(cable.paragraphs[len(listed)].spans).start
        answer.append(f"Cut: {len(cable.paragraphs) - len(listed)} more. Read on with read_document, offset={start}.")
    return "\n".join(answer)


def _card(room: Room, opened: Opened) -> Iterator[tuple[str, str]]:
    cable = opened.cable
    day, supplied = sent_day(cable)
    if cable.dtg:
        yield "Date", cable.dtg.replace("T", " ")
    else:
        yield "Date", f"{day} (the carrier's; none is printed)" if day and supplied else "not known"
    yield "From", words(sender_name(cable))
    yield "To", _addressees(cable.to)
    yield "Info", _addressees(cable.info)
    yield "Class", words(cable.classification) + _basis(cable, "classification")
    yield "Captions", _list([_explain(word, (find_caption(word) or {}).get("meaning")) for word in cable.captions])
    yield "Tags", _list([_explain(code, tag.meaning if (tag := find_tag(code)) else None) for code in cable.tags])
    yield "References", _list([_reference(room, one) for one in cable.references])
    if cable.id is not None:
        citing = room.archive.search(f"ref:{cable.id}", limit=_SHOWN, sort="date")
        yield "Cited by", ", ".join(hit.address for hit in citing.hits) + _more(citing.total, len(citing.hits))
    yield "Signed", words(cable.signer)
    yield "Found as", _list(sorted({witness.reader for witness in room.archive.witnesses(opened.named)}))
    found = Counter(defect.code for defect in cable.defects)
    yield "Defects", " ".join(f"{DEFECTS[code]}{f' ({n} times)' if n > 1 else ''}" for code, n in found.items())


def _basis(cable: Cable, field: str) -> str:
    """Where a field is from that is not printed."""
    if cable.basis.get(field) == "carrier":
        return " (the carrier's word; none is printed)"
    return " (inferred; none is printed)" if cable.basis.get(field) == "inferred" else ""


def _addressees(addressees: tuple[Addressee, ...]) -> str:
    return _list([words(one.post or one.plad) for one in addressees])


def _reference(room: Room, one: Reference) -> str:
    """ "A. 08 STATE 9214 = 08STATE9214 (not in this archive)"."""
    told = words(f"{one.label}. {one.text}" if one.label else one.text)
    if one.target is None:
        return f"{told} (one of {', '.join(map(words, one.candidates))})" if one.candidates else f"{told} ({one.kind})"
    return f"{told} = {words(one.target)}{'' if room.archive.find(one.target) else ' (not in this archive)'}"


def _explain(word: str, meaning: str | None) -> str:
    return f"{words(word)} ({meaning})" if meaning else words(word)


def _list(items: list[str]) -> str:
    return "; ".join(items[:_SHOWN]) + _more(len(items), _SHOWN)


def _more(total: int, shown: int) -> str:
    return f" and {total - shown} more" if total > shown else ""


def _text(cable: Cable, paragraph: Paragraph) -> str:
    return " ".join(span.of(cable.text) for span in paragraph.spans)
