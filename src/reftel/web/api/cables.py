"""Endpoints on one cable: its record, paragraphs, statements, references, citation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from reftel.archive.store import Named
from reftel.exports import cite
from reftel.exports.body_text import paragraph_text
from reftel.model import Cable, Paragraph
from reftel.query.attributions import attribute
from reftel.web.api.answers import (
    CableCard,
    CableParagraphs,
    CableRecord,
    CableReferences,
    CableStatements,
    Citation,
    ParagraphText,
)
from reftel.web.api.calls import Call
from reftel.web.api.cursors import tell_page
from reftel.web.api.searching import make_rows
from reftel.web.problems import NotFoundError
from reftel.workbench import Archive


def show_cable(archive: Archive, call: Call) -> CableRecord:
    """The record, or some of its keys; the text only if it is asked for."""
    cable, _ = call.show_cable(archive, call.find_cable(archive))
    parts = call.values["parts"]
    wanted = {
        field.name
        for field in msgspec.structs.fields(Cable)
        if (parts is None and field.name != "text") or field.encode_name in (parts or ())
    }
    if call.values["text"]:
        wanted.add("text")
    return CableRecord(**{name: getattr(cable, name) for name in wanted})


def show_paragraphs(archive: Archive, call: Call) -> CableParagraphs:
    """Every paragraph with its text."""
    named = call.find_cable(archive)
    cable, _ = call.show_cable(archive, named)
    told = tuple(_tell_paragraph(cable, index, paragraph) for index, paragraph in enumerate(cable.paragraphs))
    return CableParagraphs(archive.store.address(named), cable.id, cable.source.sha256, told)


def show_statements(archive: Archive, call: Call) -> CableStatements:
    """A page of the statements, the drafter's own among them."""
    named, place = call.find_cable(archive), call.place(archive)
    cable, findings = call.show_cable(archive, named)
    total = len(findings.statements) if findings is not None else 0
    wanted = range(place.offset, min(place.offset + place.limit, total))
    told = attribute(cable, findings, named.key, wanted) if findings is not None else ()
    return CableStatements(
        **tell_page(archive, place, total),
        address=archive.store.address(named),
        extracted=findings is not None,
        statements=tuple(make_rows(archive, told)),
    )


def show_references(archive: Archive, call: Call) -> CableReferences:
    """All that it cites, and a page of what cites it."""
    named, place = call.find_cable(archive), call.place(archive)
    cable, _ = call.show_cable(archive, named)
    outgoing, incoming = archive.references(named)
    shown = islice(incoming, place.offset, place.offset + place.limit)
    return CableReferences(
        **tell_page(archive, place, len(incoming)),
        address=archive.store.address(named),
        outgoing=tuple(
            msgspec.structs.replace(one, reference=reference)  # as it may be shown
            for one, reference in zip(outgoing, cable.references, strict=True)
        ),
        incoming=tuple(_tell_cards(archive, call, shown)),
    )


def show_citation(archive: Archive, call: Call) -> Citation:
    """The citation of a cable or paragraph. NotFoundError if no paragraph has the number."""
    named = call.find_cable(archive)
    cable, _ = call.show_cable(archive, named)
    style, number = call.values["style"], call.values["paragraph"]
    numbers = sorted({one.number for one in cable.paragraphs if one.number is not None})
    if number is not None and number not in numbers:
        known = f"Its numbers run from {numbers[0]} to {numbers[-1]}." if numbers else "Cite the whole cable."
        raise NotFoundError(f"{archive.store.address(named)} has no paragraph {number}.", known)
    return Citation(archive.store.address(named), style, number, cite(cable, style, number))


def _tell_paragraph(cable: Cable, index: int, paragraph: Paragraph) -> ParagraphText:
    return ParagraphText(
        index,
        paragraph.number,
        paragraph.marking,
        paragraph.heading,
        paragraph.role,
        paragraph.spans,
        paragraph_text(cable, paragraph),
    )


def _tell_cards(archive: Archive, call: Call, found: Iterable[Named]) -> Iterator[CableCard]:
    shown = found if not call.masked else archive.masked_names(found)
    for named in shown:
        card = named.card
        yield CableCard(archive.store.address(named), named.id, card.date, card.post, card.classification, card.subject)
