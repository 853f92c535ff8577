"""What a cable can have: the values of `has:`, each with its sentence and how it is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from reftel.model import Cable


class Has(NamedTuple):
    """One value of `has:`; the sentence goes on from "a cable that has"."""

    sentence: str
    holds: Callable[[Cable], bool]


def find_has(cable: Cable) -> frozenset[str]:
    """The names of HAS that hold of the cable."""
    return frozenset([name for name, has in HAS.items() if has.holds(cable)])


def _part(kind: str) -> Callable[[Cable], bool]:
    return lambda cable: any(s.kind == kind for s in cable.scopes) or any(kind in p.role for p in cable.paragraphs)


HAS = {
    "action": Has("an action request", _part("action")),
    "attention": Has("an attention or passing line", lambda cable: bool(cable.attention)),
    "comment": Has("a comment", _part("comment")),
    "date": Has("a printed date-time group", lambda cable: cable.dtg is not None),
    "defect": Has("a defect", lambda cable: bool(cable.defects)),
    "embedded": Has("another cable's text in it", lambda cable: bool(cable.embedded)),
    "header": Has(
        "a printed sender (FM line)", lambda cable: cable.origin is not None and cable.origin.span is not None
    ),
    "headings": Has("headings", lambda cable: bool(cable.headings)),
    "info": Has("information addressees", lambda cable: bool(cable.info)),
    "items": Has("sub-paragraphs", lambda cable: any(p.items for p in cable.paragraphs)),
    "marks": Has("portion marks", lambda cable: bool(cable.portion_marks)),
    "note": Has("a note by the drafter", _part("note")),
    "paragraphs": Has("numbered paragraphs", lambda cable: any(p.number is not None for p in cable.paragraphs)),
    "redaction": Has("a redaction", lambda cable: bool(cable.redactions)),
    "references": Has("a REF block", lambda cable: bool(cable.references)),
    "signature": Has("a signature", lambda cable: cable.signer is not None),
    "subject": Has("a printed subject", lambda cable: cable.subject is not None),
    "summary": Has("a summary", _part("summary")),
    "tags": Has("TAGS", lambda cable: bool(cable.tags)),
}
