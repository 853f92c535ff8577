"""What was found in a cable as one JSON object, without its text: the form of `reftel extract PATH`.

The keys of a statement are those of marked-up corpora (`source`, `cue`, `content`, `speaker`, `kind` ...), with the printed number of the
paragraph as `para`; Reftel's own follow.
"""

from __future__ import annotations

from typing import Any

import msgspec

from reftel.model import Cable, Entity, Findings, Statement

_encoder = msgspec.json.Encoder()


def encode_findings(cable: Cable, findings: Findings) -> bytes:
    """One JSON object on one line, without line break; the same findings give the same bytes."""
    return _encoder.encode(
        {
            "doc": cable.id,
            "locator": cable.source.locator,
            "sha256": findings.sha256,
            "versions": findings.versions,
            "entities": [_describe_entity(entity) for entity in findings.entities],
            "statements": [
                _describe_statement(cable, ordinal, statement) for ordinal, statement in enumerate(findings.statements)
            ],
        }
    )


def _describe_entity(entity: Entity) -> dict[str, Any]:
    return {
        "name": entity.name,
        "role": entity.role,
        "country": entity.country,
        "mentions": [mention.span for mention in entity.mentions],
        "forms": [mention.form for mention in entity.mentions],
        "kind": entity.kind,
        "identity": entity.identity,
        "candidates": entity.candidates,
        "evidence": entity.evidence,
        "protected": entity.protected,
        "rule": entity.rule,
    }


def _describe_statement(cable: Cable, ordinal: int, said: Statement) -> dict[str, Any]:
    """para: 0 where no number is printed. nested_in: the id of the statement it stands in."""
    paragraph = cable.paragraphs[said.paragraph]
    return {
        "id": _name(cable, ordinal),
        "para": paragraph.number or 0,
        "source": said.source,
        "speaker": said.speaker,
        "cue": said.cue,
        "content": said.content,
        "kind": said.kind,
        "addressee": said.addressee,
        "quoted": said.quoted,
        "negated": said.negated,
        "polarity": said.polarity,
        "nested_in": _name(cable, said.nested_in) if said.nested_in is not None else None,
        "sentence": said.sentence,
        "date": said.date,
        "date_span": said.date_span,
        "marking": paragraph.marking,
        "heading": paragraph.heading,
        "speakers": said.speakers,
        "addressees": said.addressees,
        "voice": said.voice,
        "confidence": said.confidence,
        "rule": said.rule,
    }


def _name(cable: Cable, ordinal: int) -> str:
    """ "09LONDON2499-001" is the first statement of a cable."""
    return f"{cable.id or 'cable'}-{ordinal + 1:03}"
