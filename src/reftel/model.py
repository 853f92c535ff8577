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


class Mention(Record, frozen=True):
    """One place where an entity is named.

    span: from the first to the last character, a page break inside it included. form: one of MENTION_FORMS.
    """

    span: Span
    form: str


class Entity(Record, frozen=True):
    """Someone or something a cable speaks of; within a cable one person is one entity. kind: one of ENTITY_KINDS.

    name: the fullest name known for it, without a title ("Sergey Lavrov"); for an office whose holder is not known, the office.
    role: its office or title as the cable prints it, fullest form; country: that it acts for; both None where not told.
    identity: its key in tables/ or in the user's own list, only if exactly one candidate remains; candidates: the keys that fit.
    evidence: a sentence on what identity or candidates rest on, else None. protected: the drafter asks to protect this source.
    rule: what found it.
    """

    kind: str
    name: str
    role: str | None
    country: str | None
    mentions: tuple[Mention, ...]
    identity: str | None = None
    candidates: tuple[str, ...] = ()
    evidence: str | None = None
    protected: bool = False
    rule: str = ""


class Statement(Record, frozen=True):
    """One attribution: somebody, by a word that says so, is told to hold or say something.

    source: the noun phrase of the speaker; None if implicit or not told. speaker: canonical, "A; B" for joint ones, None if the
    text does not tell. speakers: indices into Findings.entities, as far as the speakers are entities. cue: the words that attribute,
    one span; None if implicit. content: what is attributed, in order, without cue and page breaks. sentence: where it all stands.
    kind: one of STATEMENT_KINDS. quoted: quotation marks occur in the content. negated: the cue itself is negated, or a refusal.
    polarity: "+" or "-", the speaker's attitude to the content where the text makes it plain, else None.
    addressee: canonical name, and its entities. nested_in: index into Findings.statements of the smallest one whose content holds the cue.
    date: of the speech, ISO, cut as far as it is told ("2008-12"), date_span: the words that tell it; both None where not told.
    paragraph: index into Cable.paragraphs. voice: "reported", or "drafter" for the drafter's own. confidence: 0 to 1, of the rule.
    """

    source: Span | None
    speaker: str | None
    speakers: tuple[int, ...]
    cue: Span | None
    content: tuple[Span, ...]
    sentence: Span
    kind: str
    quoted: bool
    negated: bool
    polarity: str | None
    addressee: str | None
    addressees: tuple[int, ...]
    nested_in: int | None
    date: str | None
    date_span: Span | None
    paragraph: int
    voice: str
    confidence: float
    rule: str


class Findings(Record, frozen=True):
    """What the extractors found in one cable. sha256: of its text; versions: extractor -> its version."""

    cable: str | None
    sha256: str
    versions: dict[str, str]
    entities: tuple[Entity, ...]
    statements: tuple[Statement, ...]


class Attribution(Record, frozen=True):
    """A statement with where it stands: what lists, ledgers and exports show of it.

    cable, date, post, classification: of the cable, each None where it is not known; date is the cable's day, ISO. key: of the cable in
    its archive, 0 outside one. sha256: of the text that the spans point into. ordinal: index into Findings.statements.
    number, marking, heading: of the paragraph. pieces: the sentence in order, page breaks left out, as (text, role); role is
    "source", "cue", "content" or "" for what is none of them. versions: of the extractors. source, cue, content: the words of the
    statement's spans, page breaks left out, blanks single, " ... " between parts of the content that do not touch; None where it has none.
    teller: who is told to have said that it was said, the nearest speaker around it who is another; None if nobody is.
    """

    cable: str | None
    key: int
    ordinal: int
    date: str | None
    post: str | None
    classification: str | None
    sha256: str
    number: int | None
    marking: str | None
    heading: str | None
    statement: Statement
    pieces: tuple[tuple[str, str], ...]
    versions: dict[str, str]
    source: str | None = None
    cue: str | None = None
    content: str | None = None
    teller: str | None = None


STATEMENT_KINDS = {
    "direct": "the whole content is one quotation",
    "mixed": "part of the content is quoted",
    "indirect": "reported speech, and neutral verbs with a noun phrase: noted, recalled, raised",
    "stance": "an attitude to a thing: welcomed, criticized, complained about",
    "implicit": "a sentence that goes on with the last speaker's words, without a cue",
}
ENTITY_KINDS = {
    "person": "a person, by name or by an office that one person holds",
    "office": "an office or title whose holder is not known",
    "organisation": "a government, ministry, party, company, body, or a country or capital that acts as one",
    "place": "a place",
    "agreement": "a treaty, agreement, resolution or other instrument",
    "event": "a meeting, summit, election, war or other event with a name",
}
MENTION_FORMS = {
    "name": "a name, with or without first name",
    "title": "a title and a name",
    "office": "a bare title or office of a person who is named elsewhere, or whose holder is known",
    "pronoun": "a pronoun that the sentence settles",
}

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
