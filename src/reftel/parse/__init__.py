"""Source -> Cable: total and pure. Any text gives a cable; what is odd in it becomes defects with spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reftel.model import Cable, Defect, Item, Note, Paragraph, PortionMark, Scope, Source, Span
from reftel.parse.authority import Order
from reftel.parse.body import Body, Part
from reftel.parse.breaks import Break
from reftel.parse.checks import check_claims, check_header, check_marks, check_order, check_sections
from reftel.parse.class_line import ClassLine
from reftel.parse.damage import check_body, check_text
from reftel.parse.fields import Placed, field_span, field_value, read_authority, read_order, read_references
from reftel.parse.items import read_items
from reftel.parse.labels import label_all
from reftel.parse.loose import CORRECTED, find_captions, notes
from reftel.parse.marks import match_mark, normal_mark
from reftel.parse.reading import Reading, read_all
from reftel.parse.scopes import read_scopes
from reftel.parse.tags import split_tags
from reftel.parse.tiles import tile
from reftel.text import Flow, as_span, one_line

# Runs of X are taken whole, by their first letter, and looked at after.
_REDACTIONS = (re.compile(r"X(?<![Xx]X)[Xx]{5,}+"), re.compile(r"x(?<![Xx]x)[Xx]{4,}+"))
_SHORT_REDACTION = re.compile(r"(?<![A-Za-z0-9])x{5}(?![A-Za-z0-9])")
_BRACKETED = re.compile(r"\[[A-Za-z ]{0,24}(?:redacted|removed|deleted|withheld)[^\]\n]{0,24}\]", re.IGNORECASE)
_LEVEL = re.compile(r"UNCLASSIFIED|CONFIDENTIAL|SECRET")
_PRINTED, _CARRIER, _INFERRED = "printed", "carrier", "inferred"


# Counts up whenever the parser reads any text differently; an archive parses again what an older one made.
VERSION = "1"


def parse(source: Source) -> Cable:
    """The cable that a source holds.

    Spans are offsets into `source.text`. Never raises on any text; a field that cannot be told is None or empty, and
    `basis` says of each one that could whether it is printed, the carrier's word or inferred.
    """
    reading = read_all(source)
    flow, body, routing, fields = reading.flow, reading.body, reading.routing, reading.fields
    order = read_order(fields.get("eo"))
    authority = read_authority(flow, fields.get("by"), body)
    scoped = read_scopes(flow.text, body)
    marks = _portion_marks(flow, body, fields.get("subject"))
    references, reference_defects = read_references(
        [(flow, reading.head), *((c.flow, c.head) for c in reading.copies)], reading.identity.id, routing.dtg
    )
    classification, class_basis = _classification(reading)
    sections, sections_basis = _sections(reading.line, reading.breaks)
    subject = field_value(fields.get("subject"))
    headings = [Note(one_line(flow.text[s:e]), flow.hull(s, e)) for s, e in body.headings]
    segments = tile(source.text, label_all(reading))
    values: dict[str, Any] = {
        "id": str(reading.identity.id) if reading.identity.id else None,
        "dtg": routing.dtg,
        "precedence": routing.precedence,
        "origin": routing.origin,
        "to": routing.to,
        "info": routing.info,
        "classification": classification,
        "captions": find_captions(flow, reading.line, reading.loose),
        "sections": sections,
        "eo": order.number,
        "declassify_on": order.declassify_on,
        "classified_by": authority.by,
        "reasons": authority.reasons,
        "tags": split_tags(fields["tags"].text()) if "tags" in fields else (),
        "subject": subject,
        "references": references,
        "paragraphs": tuple(
            [_paragraph(flow, headings, p, role) for p, role in zip(body.parts, scoped.roles, strict=True)]
        ),
        "signer": reading.signer,
    }
    other = {"id": reading.identity.basis, "classification": class_basis, "sections": sections_basis}
    if routing.origin is not None and routing.origin.span is None:
        other["origin"] = _INFERRED
    return Cable(
        **values,
        source=source.provenance,
        transmission=routing.transmission,
        relay=routing.relay,
        de=routing.de,
        security=routing.security,
        signals=routing.signals,
        attention=(*routing.attention, *notes(flow, reading.loose, "attention")),
        corrected_copy=(*notes(flow, reading.loose, "corrected_copy"), *_corrections(reading)),
        distribution=routing.distribution,
        headings=tuple(headings),
        portion_marks=tuple(marks),
        scopes=tuple(Scope(kind, tuple(p for r in ranges for p in flow.spans(*r))) for kind, ranges in scoped.scopes),
        redactions=_redactions(source.text, reading.layout.body),
        embedded=reading.layout.embedded,
        trailer=tuple(Note(one_line(flow.text[s:e]), flow.hull(s, e)) for s, e in reading.ending.trailers),
        segments=segments,
        basis=_basis(values, other),
        evidence=_evidence(reading, sections_basis),
        defects=(
            *_contradictions(reading, order, subject, marks),
            *reference_defects,
            *check_body(reading),
            *check_text(source.text, source, segments),
        ),
        text=source.text,
    )


def _basis(values: dict[str, Any], other: dict[str, str | None]) -> dict[str, str]:
    """Where each field that could be told comes from: printed, unless `other` says so."""
    found = {}
    for name, value in values.items():
        if value not in (None, ()):
            found["from" if name == "origin" else name] = other.get(name) or _PRINTED
    return found


def _evidence(reading: Reading, sections_basis: str | None) -> dict[str, str]:
    """What the inferred fields rest on."""
    found = {}
    if reading.identity.evidence:
        found["id"] = reading.identity.evidence
    if sections_basis == _INFERRED:
        found["sections"] = "section lines in the text"
    if reading.routing.origin is not None and reading.routing.origin.span is None:
        found["from"] = "the DE line"
    return found


def _contradictions(reading: Reading, order: Order, subject: str | None, marks: list[PortionMark]) -> Iterator[Defect]:
    """What the carrier and the print, or the print and itself, disagree about."""
    routing, line, claims = reading.routing, reading.line, reading.source.provenance.claims
    yield from reading.identity.defects
    yield from reading.layout.defects
    yield from routing.defects
    yield from check_claims(claims, routing.dtg, line, subject, field_span(reading.fields.get("subject")))
    yield from check_header(reading.identity.id, routing.dtg, routing.de, reading.layout.header)
    yield from check_sections(reading.source.text, line, reading.layout.section_heads, reading.breaks, reading.whole)
    yield from check_marks(line.level if line else None, marks)
    where = field_span(reading.fields.get("eo"))
    yield from check_order(order.number, order.printed, order.declassify_on, routing.dtg, where)


def _classification(reading: Reading) -> tuple[str | None, str | None]:
    """The class line's level; without one, the carrier's word; and which of the two it is."""
    if reading.line is not None:
        return reading.line.level, _PRINTED
    claim = reading.source.provenance.claims.classification
    m = _LEVEL.search(claim.upper()) if claim else None
    return (m[0], _CARRIER) if m is not None else (None, None)


def _sections(line: ClassLine | None, breaks: list[Break]) -> tuple[int | None, str | None]:
    if line is not None and line.sections is not None:
        return line.sections, _PRINTED
    counts = {b.of for b in breaks if b.kind == "section_break" and b.of}
    if line is None and len(counts) == 1:
        return counts.pop(), _INFERRED
    return None, None


def _corrections(reading: Reading) -> list[Note]:
    """Marks of a corrected copy in the subject or in the first sentence (01STATE176819)."""
    flow, body, subject = reading.flow, reading.body, reading.fields.get("subject")
    places = [(subject.flow, subject.field.value, subject.field.end)] if subject is not None else []
    if body.parts and body.parts[0].ranges:
        first = body.parts[0].ranges[0]
        places.append((flow, first[0], min(first[1], first[0] + 120)))
    found = []
    for own, start, end in places:
        m = CORRECTED.search(own.text, start, end)
        if m is not None:
            found.append(Note(one_line(m[0]), own.hull(m.start(), m.end())))
    return found


def _portion_marks(flow: Flow, body: Body, subject: Placed | None) -> list[PortionMark]:
    found = []
    if subject is not None:
        own, field = subject
        at = field.value + len(subject.text()) - len(subject.text().lstrip())
        m = match_mark(own.text, at)
        if m is not None and m[1] <= field.end:
            found.append(PortionMark(own.text[at : m[1]], m[0], own.hull(at, m[1]), "subject"))
    for b in body.blocks:
        if b.kind == "portion_mark":
            printed = flow.text[b.start : b.end]
            found.append(PortionMark(printed, normal_mark(printed), flow.hull(b.start, b.end), "paragraph"))
        elif b.kind == "heading":
            m = match_mark(flow.text, b.start)
            if m is not None and m[1] <= b.end:
                found.append(PortionMark(flow.text[b.start : m[1]], m[0], flow.hull(b.start, m[1]), "heading"))
    return found


def _paragraph(flow: Flow, headings: list[Note], part: Part, role: tuple[str, ...]) -> Paragraph:
    return Paragraph(
        number=part.number,
        marking=part.mark,
        heading=headings[part.heading].text if part.heading is not None else None,
        role=role,
        spans=tuple([p for s, e in part.ranges for p in flow.spans(s, e)]),
        items=tuple([Item(label, flow.spans(s, e)) for label, s, e in read_items(flow.text, part.ranges)]),
    )


def _redactions(text: str, body: tuple[Span, ...]) -> tuple[Note, ...]:
    found = []
    for start, end in body:
        piece = text[start:end]
        matches = [m for pattern in _REDACTIONS for m in pattern.finditer(piece)]
        if any("XXXXXX" in m[0] or "xxxxx" in m[0] for m in matches):
            matches = [m for m in matches if len(m[0]) > 5 or _SHORT_REDACTION.match(piece, m.start())]
        else:
            matches = []
        if "[" in piece:
            matches += _BRACKETED.finditer(piece)
        found += [Note(m[0], as_span((start + m.start(), start + m.end()))) for m in matches]
    return tuple(sorted(found, key=lambda n: n.span))
