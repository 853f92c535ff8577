"""The record of a cable as JSON, back again, and the schema of it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from reftel import model
from reftel.model import Cable

MEANINGS = {
    "id": "`09LONDON2499`: two-digit year, station without blanks, serial without leading zeros; null if it cannot be told",
    "source": "where the text came from, and what the carrier says of the cable",
    "dtg": "the date-time group, `2009-11-05T15:47Z`; null if none is printed, or none that a calendar knows",
    "precedence": "the words for the letters before the date-time group: of action, then of information addressees",
    "from": "the sender, of the FM line",
    "to": "action addressees in order",
    "info": "information addressees in order",
    "classification": "`UNCLASSIFIED`, `CONFIDENTIAL` or `SECRET`: of the cable's own class line, else the carrier's word",
    "captions": "`SIPDIS`, `NOFORN`, `SENSITIVE`, `EFTO` ... in the order of their print",
    "sections": "into how many sections the cable was cut for transmission; null if that is not printed",
    "eo": "number of the executive order, misprints put right: `12958`",
    "declassify_on": "ISO date, or the text where it is no date (`GDS`, `OADR`, `DNG: CO 03/31/2018`); null if there is none",
    "classified_by": "who classified the cable",
    "reasons": "`1.4(b)`, each once, in order",
    "tags": "in order, each once; a person is one tag, `RICE,CONDOLEEZZA`",
    "subject": "on one line",
    "references": "the entries of the REF block",
    "paragraphs": "in order, numbered and unnumbered ones",
    "signer": "the signature as printed",
    "transmission": "the transmission id, `VZCZCXRO0105`",
    "relay": "the relay indicators of the second header line",
    "de": "the DE line",
    "security": "the letters of the ZNR or ZNY line, `CCCCC`",
    "signals": "operating signals and communicators' remarks as printed: `ZDK`, `ZUI RUEHSD 0065W 1252226`; `XMT ...` "
    "names posts that do not get the cable",
    "attention": "passing and attention lines: `DEPARTMENT FOR EUR/WE`",
    "corrected_copy": "marks of a corrected copy",
    "distribution": "the cells of the office grids",
    "headings": "every heading, those too that no paragraph stands under",
    "portion_marks": "every classification mark of a portion",
    "scopes": "what summaries, comments, action requests and notes hold",
    "redactions": "runs of X and bracketed remarks where a name was taken out",
    "embedded": "other cables found under this id",
    "trailer": "what surrounds the signature: end marks, web notices, archive lines",
    "segments": "what each stretch of the text is; put together they are the text",
    "basis": "field -> `printed`, `carrier` (only the carrier says so) or `inferred` (put together from other print)",
    "evidence": "field -> what an inferred value was put together from",
    "defects": "what is odd, damaged or contradictory",
    "text": "the text as the reader delivered it; every span counts its code points",
}
"""What each key of a record holds."""

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Cable)


def encode(cable: Cable) -> bytes:
    """One JSON object on one line, without line break; the same cable gives the same bytes."""
    return _ENCODER.encode(cable)


def decode(raw: bytes) -> Cable:
    """The cable that `encode` wrote. msgspec.ValidationError if it is no record of this version."""
    return _DECODER.decode(raw)


def schema() -> dict[str, Any]:
    """The JSON Schema of a record; descriptions are MEANINGS and the docstrings of the records."""
    found = msgspec.json.schema(Cable)
    for name, definition in found["$defs"].items():
        kind = getattr(model, name)
        definition["description"] = " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
        meanings = MEANINGS if kind is Cable else field_meanings(kind)
        for key, shape in definition.get("properties", {}).items():
            if key in meanings:
                shape["description"] = meanings[key]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Reftel record", **found}


def field_meanings(kind: type) -> dict[str, str]:
    """What a record's docstring says of its fields: "mcn: the running number(s) as printed" -> under "mcn"."""
    return told_fields(" ".join((inspect.getdoc(kind) or "").split()), kind.__annotations__)


def told_fields(text: str, fields: Iterable[str]) -> dict[str, str]:
    """What a text on one line says of some fields, likewise."""
    names = "|".join(fields)
    begins = list(re.finditer(rf"(?:^|(?<=[.;] ))({names}): ", text)) if names else []
    ends = [*(m.start() for m in begins[1:]), len(text)]
    return {m[1]: text[m.end() : end].strip(" .;") for m, end in zip(begins, ends, strict=False)}
