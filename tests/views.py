"""What the tests compare of a cable: fields without offsets, and short quotes in place of spans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from reftel.model import Cable, Span

# What stands inside the text and is no part of it; a sentence reads on across these.
CUT_KINDS = ("section_break", "page_break", "injected", "wrapper")


def squash(text: str) -> str:
    """Blanks single."""
    return " ".join(text.split())


def fields_kept_by_cable_text(cable: Cable) -> dict[str, Any]:
    """What must be the same again when a cable is rendered as a telegram and parsed."""
    sender = cable.origin if cable.origin and cable.origin.span else None
    return {
        "id": cable.id,
        "dtg": cable.dtg,
        "precedence": cable.precedence,
        "from": (sender.ri, sender.plad) if sender else None,
        "to": [(a.ri, a.plad, a.precedence, a.mcn) for a in cable.to],
        "info": [(a.ri, a.plad, a.precedence, a.mcn) for a in cable.info],
        "classification": cable.classification,
        "captions": cable.captions,
        "sections": cable.sections,
        "eo": cable.eo,
        "declassify_on": cable.declassify_on,
        "classified_by": cable.classified_by,
        "reasons": cable.reasons,
        "tags": cable.tags,
        "subject": cable.subject,
        "references": [(r.label, r.kind, r.target) for r in cable.references],
        "numbers": [p.number for p in cable.paragraphs],
        "markings": [p.marking for p in cable.paragraphs],
        "headings": [p.heading for p in cable.paragraphs],
        "roles": [p.role for p in cable.paragraphs],
        "text": [squash(" ".join(s.of(cable.text) for s in p.spans)) for p in cable.paragraphs],
        "signer": cable.signer,
    }


def with_quotes(cable: Cable, quote: Callable[[Span], str]) -> dict[str, Any]:
    """The record as plain objects, each span replaced by what `quote` makes of it."""

    def convert(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {k: convert(v, k) for k, v in value.items()}
        if key == "span":
            return None if value is None else quote(Span(*value))
        if key == "spans":
            return [quote(Span(*one)) for one in value]
        if isinstance(value, (list, tuple)):
            return [convert(one, "") for one in value]
        return value

    whole: dict[str, Any] = convert(msgspec.to_builtins(cable), "")
    return whole


def spans_of(value: Any, key: str = "") -> list[Span]:
    """Every span of a record given as plain objects."""
    if isinstance(value, dict):
        return [span for k, v in value.items() for span in spans_of(v, k)]
    if key == "span":
        return [] if value is None else [Span(*value)]
    if key == "spans":
        return [Span(*one) for one in value]
    return [span for one in value for span in spans_of(one)] if isinstance(value, (list, tuple)) else []


def print_of(cable: Cable, span: Span) -> str:
    """What a span holds, blanks single, without what was cut out of the text."""
    kept, at = [], span.start
    for segment in cable.segments:
        if segment.kind in CUT_KINDS and segment.span.end > span.start and segment.span.start < span.end:
            kept.append(cable.text[at : max(segment.span.start, at)])
            at = segment.span.end
    return squash("".join([*kept, cable.text[at : span.end]]))
