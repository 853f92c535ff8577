"""What an archive keeps of one source: its texts packed, its rows, and the document for the index; made in the workers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import NamedTuple

import msgspec

from reftel.archive.codec import Codec
from reftel.archive.findings import Found, pack_findings
from reftel.archive.witnesses import CUT, Weight, weigh
from reftel.model import Cable, Findings, Provenance, Record, Segment, Source
from reftel.query import View, fold, sender_post, view_cable, view_statements
from reftel.query.said import CONTENT, PARAGRAPH, SENTENCE
from reftel.query.view import sender_name, sent_day

_encoder = msgspec.msgpack.Encoder()
_cables = msgspec.msgpack.Decoder(Cable)


class Delivered(Record, frozen=True):
    """What the reader said of the text beside its claims; with it the source can be parsed again."""

    furniture: tuple[Segment, ...]
    header_end: int | None


class StatementDocument(Record, frozen=True):
    """A statement as the index takes it.

    words: text field -> its passages, as in Document; of `about` content, sentence, heading, and of the paragraph each word once that
    neither content nor sentence has. paragraph: index into the passages of the cable's `text`, where that stands; None if it has no
    words. terms, numbers: as in View.
    """

    words: dict[str, tuple[str, ...]]
    paragraph: int | None
    terms: dict[str, tuple[str, ...]]
    numbers: dict[str, int]


class Document(Record, frozen=True):
    """A cable as the index takes it.

    words: text field -> its passages, each the folded words with single blanks; those of `text` are also found one by one.
    exact: see exact_terms.
    terms, numbers: as in View; terms without `carrier` and the collision, which hang on other sources.
    facets: facet -> values as they are shown. statements: of the cable, in order; what they are asked by one at a time, `words` and
    `terms` hold of all of them.
    """

    words: dict[str, tuple[str, ...]]
    exact: str
    terms: dict[str, tuple[str, ...]]
    numbers: dict[str, int]
    facets: dict[str, tuple[str, ...]]
    statements: tuple[StatementDocument, ...] = ()


class Rows(Record, frozen=True):
    """The rows of one cable in the tables paragraphs, cable_references and defects, without its key."""

    paragraphs: tuple[tuple[int, int | None, str | None, str | None, str, str], ...]
    references: tuple[tuple[int, str | None, str, str, str | None], ...]
    defects: tuple[tuple[int, str, int | None, int | None, str], ...]


class Card(Record, frozen=True):
    """What lists show of a cable. date: ISO, of the print or else of the carrier; post: canonical name; all may be None."""

    date: str | None
    post: str | None
    country: str | None
    classification: str | None
    subject: str | None


class Entry(Record, frozen=True):
    """All that the writer needs of one source. cut: codes of the defects that make it partial. found: None if nobody looked."""

    provenance: Provenance
    digest: bytes
    characters: int
    id: str | None
    cut: tuple[str, ...]
    weight: Weight
    card: Card
    text: bytes
    text_dictionary: int
    record: bytes
    record_dictionary: int
    rows: Rows
    document: Document
    found: Found | None


class Codecs(NamedTuple):
    """How texts, records and findings are packed."""

    text: Codec
    record: Codec
    findings: Codec


def digest_source(source: Source) -> bytes:
    """16 bytes that are the same for the same text, read the same way, of which the carrier claims the same."""
    provenance = source.provenance
    said = _encoder.encode((provenance.reader, provenance.sha256, provenance.claims))
    return hashlib.blake2b(said, digest_size=16).digest()


def make_entry(source: Source, cable: Cable, codecs: Codecs, findings: Findings | None = None) -> Entry:
    """The entry of a source, the cable that was parsed from it, and what was found in that; None if nobody looked."""
    view = view_cable(cable)
    return Entry(
        provenance=source.provenance,
        digest=digest_source(source),
        characters=len(source.text),
        id=cable.id,
        cut=tuple(sorted({defect.code for defect in cable.defects if defect.code in CUT})),
        weight=weigh(cable, len(own_words(view))),
        card=make_card(cable),
        text=codecs.text.pack(source.text.encode()),
        text_dictionary=codecs.text.key,
        record=codecs.record.pack(encode_record(source, cable)),
        record_dictionary=codecs.record.key,
        rows=make_rows(cable),
        document=make_document(cable, view, findings),
        found=pack_findings(cable, findings, codecs.findings) if findings is not None else None,
    )


class _Stored(Record, frozen=True):
    cable: Cable
    delivered: Delivered


_stored = msgspec.msgpack.Decoder(_Stored)


def encode_record(source: Source, cable: Cable) -> bytes:
    """The cable without its text, and what the reader delivered beside it."""
    bare = msgspec.structs.replace(cable, text="")
    return _encoder.encode(_Stored(bare, Delivered(source.furniture, source.header_end)))


def decode_record(record: bytes, text: str) -> tuple[Cable, Source]:
    """The cable with its text, and the source it was parsed from."""
    stored = _stored.decode(record)
    cable = msgspec.structs.replace(stored.cable, text=text)
    return cable, Source(text, cable.source, stored.delivered.furniture, stored.delivered.header_end)


def make_rows(cable: Cable) -> Rows:
    """The rows of the cable's paragraphs, references and defects."""
    return Rows(
        paragraphs=tuple(
            (i, p.number, p.marking, p.heading, " ".join(p.role), msgspec.json.encode(p.spans).decode())
            for i, p in enumerate(cable.paragraphs)
        ),
        references=tuple((i, r.label, r.text, r.kind, r.target) for i, r in enumerate(cable.references)),
        defects=tuple((i, d.code, *(d.span or (None, None)), d.detail) for i, d in enumerate(cable.defects)),
    )


def make_card(cable: Cable) -> Card:
    """What lists show of it."""
    day, _ = sent_day(cable)
    post = sender_post(cable)
    return Card(
        date=day.isoformat() if day else None,
        post=sender_name(cable),
        country=post.country if post else None,
        classification=cable.classification or cable.source.claims.classification,
        subject=cable.subject or cable.source.claims.subject,
    )


def make_document(cable: Cable, view: View, findings: Findings | None = None) -> Document:
    """The document of a cable, from its view. findings: what was extracted from it; None if nothing was yet."""
    card = make_card(cable)
    said = view_statements(cable, view, findings) if findings is not None else ()
    facets = {
        "year": card.date[:4] if card.date else None,
        "post": card.post,
        "country": card.country,
        "classification": card.classification,
    }
    return Document(
        words=_joined(view.words) | {field: _of_all(said, field) for field in SAID_WORDS},
        exact=exact_terms(view.exact),
        terms={field: tuple(sorted(values)) for field, values in view.terms.items() if field != "carrier"}
        | {field: tuple(sorted({value for one in said for value in one.terms[field]})) for field in SAID_TERMS},
        numbers=view.numbers,
        facets={name: (value,) for name, value in facets.items() if value} | {"tag": tuple(dict.fromkeys(cable.tags))},
        statements=_statements(view, said, findings),
    )


# The fields of statements that cables have too: what any one of their statements has.
SAID_WORDS = ("said-by", "said-to")
SAID_TERMS = ("kind", "stance", "voice")


def _statements(view: View, said: tuple[View, ...], findings: Findings | None) -> tuple[StatementDocument, ...]:
    ordinals = {passage.paragraph: i for i, passage in enumerate(view.passages)}
    made = []
    for one, statement in zip(said, findings.statements if findings is not None else (), strict=True):
        about = one.words["about"]
        rest = dict.fromkeys(about[PARAGRAPH]).keys() - {*about[CONTENT], *about[SENTENCE]}
        words = _joined({**one.words, "about": [*about[:PARAGRAPH], sorted(rest)]})
        terms = {field: tuple(sorted(values)) for field, values in one.terms.items()}
        made.append(StatementDocument(words, ordinals.get(statement.paragraph), terms, one.numbers))
    return tuple(made)


def _of_all(said: tuple[View, ...], field: str) -> tuple[str, ...]:
    """The passages of all statements, those with the same words once."""
    return tuple(dict.fromkeys(" ".join(words) for one in said for words in one.words[field]))


def _joined(words: dict[str, list[list[str]]]) -> dict[str, tuple[str, ...]]:
    return {field: tuple(" ".join(words) for words in passages) for field, passages in words.items()}


ONLY_OTHERWISE = "~"


def exact_terms(printed: Collection[str]) -> str:
    """What the index needs to tell the case of words, a third of the words as printed.

    Each word that is not printed as it is folded (NATO, São); and for each word that is never printed as folded, `~` and its
    folded form: a cable that holds `may` and not `~may` prints "may" in small letters.
    """
    otherwise = {word: fold(word) for word in printed if not word.islower() or not word.isascii()}
    plain = {word for word, folded in otherwise.items() if word == folded}  # numbers, mostly
    held = set(printed)
    never = dict.fromkeys(ONLY_OTHERWISE + folded for folded in otherwise.values() if folded not in held)
    return " ".join(sorted({word for word in otherwise if word not in plain} | set(never)))


def own_words(view: View) -> list[str]:
    """The words of the cable's own paragraphs: what tells a copy of it from another text."""
    kinds: Collection[str] = ("paragraph",)
    found: list[str] = []
    for passage, words in zip(view.passages, view.words["text"], strict=True):
        if passage.kind in kinds:
            found += words
    return found
