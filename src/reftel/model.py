"""Every record type: frozen, typed, and the very shape that is written as JSON.

Spans are half-open ranges [start, end) of code points of `Cable.text`, the text as the reader
delivered it; that text is never edited, only labelled.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class Span(NamedTuple):
    """A half-open range of code points of the source's text; written as `[start, end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of `text` that the span holds."""
        return text[self.start : self.end]


class Record(msgspec.Struct, frozen=True, gc=False):
    """What all records share: frozen, compared by value, encoded by msgspec."""


class Segment(Record, frozen=True):
    """A stretch of the text and what it is; the segments of a cable tile its text. Kinds: SEGMENT_KINDS."""

    kind: str
    span: Span


class Defect(Record, frozen=True):
    """Something odd, damaged or contradictory. Codes: errors.DEFECTS. span is None where nothing is printed."""

    code: str
    span: Span | None
    detail: str


class Repair(Record, frozen=True):
    """One step by which a reader turned bytes into text, so that it can be replayed (readers.replay)."""

    step: str
    detail: str


class Claims(Record, frozen=True):
    """What the carrier says of the cable, kept apart from what the cable prints. None where it says nothing.

    date: ISO date or `YYYY-MM-DDTHH:MM`, as far as the carrier's can be trusted (a dump's is a date only).
    references: cable ids as the carrier lists them.
    """

    id: str | None = None
    date: str | None = None
    classification: str | None = None
    origin: str | None = None
    subject: str | None = None
    references: tuple[str, ...] = ()


class Provenance(Record, frozen=True):
    """Where a text came from.

    locator: path, or `archive.zip!member.txt`, or `cables.csv#3`; always with forward slashes.
    sha256: of the text as delivered, encoded as UTF-8.
    """

    locator: str
    reader: str
    sha256: str
    claims: Claims = Claims()
    repairs: tuple[Repair, ...] = ()


class Source(Record, frozen=True):
    """What a reader yields: a text fixed from now on.

    furniture: what the reader knows to be the carrier's and not the cable's (record lines, page noise), in order.
    header_end: where the carrier itself ends the header block and begins the body; None where they are glued.
    """

    text: str
    provenance: Provenance
    furniture: tuple[Segment, ...] = ()
    header_end: int | None = None


class Station(Record, frozen=True):
    """The sender: routing indicator and plain-language address as printed; post is the canonical post name."""

    ri: str | None
    plad: str
    post: str | None = None
    span: Span | None = None


class Addressee(Record, frozen=True):
    """One action or info addressee.

    precedence: the word printed after it, else None. mcn: the running number(s) as printed, "2992" or "2276-2279".
    post: canonical name where the address is a post known to the tables. offices: what follows "//".
    """

    ri: str | None
    plad: str
    precedence: str | None
    mcn: str | None
    post: str | None = None
    offices: str | None = None
    span: Span | None = None


class DeLine(Record, frozen=True):
    """`DE RUEHLO #2499/01 3091547`: sender's indicator, serial mod 10000, section mark, Julian day and time."""

    ri: str
    serial: int | None
    section: int | None
    julian: int | None
    time: str | None
    span: Span


class Office(Record, frozen=True):
    """One cell of a distribution grid, `EUR-00`: office and number of copies; action is True on the ACTION line."""

    name: str
    copies: int
    action: bool


class Note(Record, frozen=True):
    """A printed stretch kept as it stands: an attention line, a heading, a redaction, a corrected-copy mark."""

    text: str
    span: Span


class PortionMark(Record, frozen=True):
    """A classification mark of a portion, `(C/NF)`: the print, its normal form (`C/NF`), where, and what it marks."""

    text: str
    marking: str
    span: Span
    marks: str


class ClassifiedBy(Record, frozen=True):
    """Who classified the cable, as printed, blanks single."""

    name: str | None
    title: str | None


class Reference(Record, frozen=True):
    """One entry of the REF block.

    kind: one of REFERENCE_KINDS. target: a cable id only if exactly one candidate remains, else None.
    text: the entry as printed without label, blanks single. label: "A", or None.
    """

    label: str | None
    text: str
    kind: str
    target: str | None
    candidates: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    span: Span | None = None


class Item(Record, frozen=True):
    """A sub-paragraph: its label as printed (`a.`, `(1)`, `--`) and its spans without the label."""

    label: str
    spans: tuple[Span, ...]


class Paragraph(Record, frozen=True):
    """One paragraph.

    number: as printed; None for an unnumbered one. marking: `C/NF`, or None where none is printed.
    heading: the heading it stands under. role: any of `summary`, `comment`, `action`, `note`.
    spans: its text without number, mark and page breaks, pieces in order. items: its sub-paragraphs.
    """

    number: int | None
    marking: str | None
    heading: str | None
    role: tuple[str, ...]
    spans: tuple[Span, ...]
    items: tuple[Item, ...] = ()


class Scope(Record, frozen=True):
    """What a summary, comment, action request or note holds, from its opening word to its end."""

    kind: str
    spans: tuple[Span, ...]


class Embedded(Record, frozen=True):
    """Another cable's text found under this id. id: as its class line tells it, or None."""

    id: str | None
    span: Span


class Cable(Record, frozen=True):
    """Everything read from one source. The keys are the contract of `reftel parse`; see docs/record.md."""

    id: str | None
    source: Provenance
    dtg: str | None
    precedence: tuple[str, ...]
    origin: Station | None = msgspec.field(name="from")
    to: tuple[Addressee, ...]
    info: tuple[Addressee, ...]
    classification: str | None
    captions: tuple[str, ...]
    sections: int | None
    eo: str | None
    declassify_on: str | None
    classified_by: ClassifiedBy | None
    reasons: tuple[str, ...]
    tags: tuple[str, ...]
    subject: str | None
    references: tuple[Reference, ...]
    paragraphs: tuple[Paragraph, ...]
    signer: str | None
    transmission: str | None
    relay: tuple[str, ...]
    de: DeLine | None
    security: str | None
    signals: tuple[Note, ...]
    attention: tuple[Note, ...]
    corrected_copy: tuple[Note, ...]
    distribution: tuple[Office, ...]
    headings: tuple[Note, ...]
    portion_marks: tuple[PortionMark, ...]
    scopes: tuple[Scope, ...]
    redactions: tuple[Note, ...]
    embedded: tuple[Embedded, ...]
    trailer: tuple[Note, ...]
    segments: tuple[Segment, ...]
    basis: dict[str, str]
    evidence: dict[str, str]
    defects: tuple[Defect, ...]
    text: str


REFERENCE_KINDS = {
    "cable": "another telegram",
    "septel": "a separate telegram, named or to come",
    "email": "an e-mail",
    "call": "a telephone call, teleconference or video conference",
    "daily report": "a post's daily report or points",
    "airgram": "an airgram (A-19, CA-3400)",
    "intelligence report": "an intelligence report (IIR, TD, TDX)",
    "other": "anything else: a letter, a memorandum, an open-source item",
}

SEGMENT_KINDS = {
    # the carrier
    "record_line": "a line of the carrier's own record: id, subject, date, classification, origin",
    "furniture": "page noise: adverts, navigation, licence and newsletter lines",
    "wrapper": "what was pasted round the body: row numbers, field names, rules, notes on the record",
    "truncated_copy": "a cut or second copy of the cable",
    "foreign_cable": "the text of another cable",
    # the transmission header
    "transmission": "the transmission id, `VZCZCXRO0105`",
    "relay": "precedence and relay indicators",
    "de_line": "the DE line",
    "security": "the ZNR or ZNY line",
    "dtg": "precedence and date-time group",
    "from": "the FM line",
    "to": "the TO lines",
    "info": "the INFO lines",
    "message_centre": "office grids, queue and message-centre numbers, drafting and clearance lines",
    # the head of the body
    "class_line": "classification, section, station and serial",
    "caption": "captions: SIPDIS, NOFORN, SENSITIVE",
    "corrected_copy": "the mark of a corrected copy",
    "attention": "passing and attention lines",
    "stamp": "declassification and archive stamps",
    "eo": "the executive-order line",
    "tags": "the TAGS line",
    "subject": "the SUBJECT line",
    "references": "the REF block",
    "classified_by": "the Classified By line and its reasons",
    # the body
    "heading": "a heading",
    "rule": "a line of dashes, stars or the like",
    "paragraph_number": "number or pilcrow before a paragraph",
    "pilcrow": "a paragraph sign that numbers nothing: the release site put one before any number at a line's start",
    "portion_mark": "the classification mark of a portion",
    "paragraph": "the text of a paragraph",
    "injected": "a line that is not the drafter's, inside the text",
    "section_break": "the artefact between two transmission sections",
    "page_break": "the artefact between two pages",
    "repeated_head": "the header and head that a later section repeats",
    # the end
    "signature": "the signature",
    "trailer": "what follows or surrounds the signature: web trailers, end marks, archive lines",
    "blank": "white space between other segments",
    "unknown": "a stretch that could not be named",
}
