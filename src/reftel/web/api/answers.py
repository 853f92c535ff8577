"""The shapes of the answers. Records that have a shape already go out as they are; what is said of fields here goes into the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from reftel.archive.explain import Part
from reftel.archive.graph import Outgoing
from reftel.archive.holdings import PostHoldings
from reftel.archive.search import Hit
from reftel.archive.status import Status
from reftel.exports.record import MEANINGS
from reftel.exports.statements import COLUMNS
from reftel.model import Cable, Span
from reftel.positions.people import Person, Profile
from reftel.positions.records import Signal, Step

_KINDS = {
    "text": str | None,
    "number": int | None,
    "share": float | None,
    "flag": bool | None,
    "spans": tuple[Span, ...],
    "versions": dict[str, str],
}
_ROW: list[tuple[str, Any]] = [(column.name, _KINDS[column.kind]) for column in COLUMNS]
_ROW_MEANINGS = " ".join(f"{column.name}: {column.meaning}." for column in COLUMNS)

if TYPE_CHECKING:

    class StatementRow(Struct, frozen=True): ...

    class LedgerEntry(Struct, frozen=True): ...

    class CableRecord(Struct, frozen=True): ...

else:
    StatementRow = msgspec.defstruct(
        "StatementRow",
        [("address", str), ("ordinal", int), *_ROW],
        namespace={
            "__doc__": "A statement, with the columns of an export of statements. address: of its cable. ordinal: counts the "
            f"statements of the cable from 0. {_ROW_MEANINGS}"
        },
        frozen=True,
    )
    LedgerEntry = msgspec.defstruct(
        "LedgerEntry",
        [
            *_ROW,
            ("about", str),
            ("via", tuple[str, ...]),
            ("acting", str | None),
            ("part", str),
            ("signals", tuple[Signal, ...]),
            ("repeats", tuple[int | None, ...]),
        ],
        namespace={
            "__doc__": "A statement on the question, with the columns of an export of statements. "
            "about: content, sentence, heading or paragraph: by which of them it is on the question. "
            "via: who tells it, outermost first, where it is told second-hand. "
            "acting: the country in whose name a part of it is put. "
            "part: summary or comment where it stands in one. signals: what a verdict may rest on. "
            f"repeats: paragraphs of the summary that say the same. {_ROW_MEANINGS}"
        },
        frozen=True,
    )
    CableRecord = msgspec.defstruct(
        "CableRecord",
        [
            (field.name, field.type | UnsetType, msgspec.field(default=UNSET, name=field.encode_name))
            for field in msgspec.structs.fields(Cable)
        ],
        namespace={
            "__doc__": "The record of a cable, see docs/record.md; of its keys those that were asked for. "
            + " ".join(f"{name}: {meaning.rstrip('.')}." for name, meaning in MEANINGS.items())
        },
        frozen=True,
    )


class Page(Struct, frozen=True, kw_only=True):
    """A page of a list. total: how many there are in all, exactly. next: the cursor of the next page, null on the last.

    changed: whether the archive has changed since the first page, so that something may stand twice or be passed over.
    """

    total: int
    next: str | None
    changed: bool


class Count(Struct, frozen=True):
    """A value of a facet. cables: how many of all hits have it."""

    value: str
    cables: int


class SearchPage(Page, frozen=True, kw_only=True):
    """Cables that a query finds. query: as it was asked. notes: sentences on how it was read. hits: in the order asked for.

    facets: facet -> its values, over all hits and not only those of the page.
    total: how many there are in all, exactly. next: the cursor of the next page, null on the last.
    changed: whether the archive has changed since the first page.
    """

    query: str
    notes: tuple[str, ...]
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[Count, ...]]


class Explanation(Struct, frozen=True):
    """How a query was read. query: as it was asked. of: what is counted. total: how many the whole query finds. parts: in the order of the query.

    notes: sentences on what was read in a way that one might not expect.
    """

    query: str
    of: str
    total: int
    notes: tuple[str, ...]
    parts: tuple[Part, ...]


class StatementPage(Page, frozen=True, kw_only=True):
    """Statements that a query finds. query: as it was asked. notes: sentences on how it was read. statements: in the order asked for.

    total: how many there are in all, exactly. next: the cursor of the next page, null on the last.
    changed: whether the archive has changed since the first page.
    """

    query: str
    notes: tuple[str, ...]
    statements: tuple[StatementRow, ...]


class ParagraphText(Struct, frozen=True):
    """A paragraph with its text. index: counts from 0. number: as printed, null for an unnumbered one. marking: `C/NF`, null where none is printed.

    heading: the heading it stands under. role: any of `summary`, `comment`, `action`, `note`. spans: where it stands in the text of the cable, pieces in order.
    text: without number, mark and page breaks, with its own line breaks.
    """

    index: int
    number: int | None
    marking: str | None
    heading: str | None
    role: tuple[str, ...]
    spans: tuple[Span, ...]
    text: str


class CableParagraphs(Struct, frozen=True):
    """The paragraphs of a cable. address: what names the cable in this archive. id: null if it cannot be told. sha256: of the text as delivered."""

    address: str
    id: str | None
    sha256: str
    paragraphs: tuple[ParagraphText, ...]


class CableStatements(Page, frozen=True, kw_only=True):
    """The statements of a cable, in the order of its text. address: what names the cable in this archive.

    extracted: whether the cable was looked through for statements yet. statements: those of the drafter's own among them (`voice`).
    total: how many there are in all, exactly. next: the cursor of the next page, null on the last.
    changed: whether the archive has changed since the first page.
    """

    address: str
    extracted: bool
    statements: tuple[StatementRow, ...]


class LedgerOccasion(Struct, frozen=True):
    """What was said on one day or at one meeting. date: ISO, cut as far as it is known. told: the text tells it, else it is the cable's own.

    remarks: what the drafters say of the position as such.
    """

    date: str | None
    told: bool
    cables: tuple[str, ...]
    posts: tuple[str, ...]
    entries: tuple[LedgerEntry, ...]
    remarks: tuple[Signal, ...]


class ActorLedger(Struct, frozen=True):
    """An actor's dated statements on a question. who: as it was asked. names: how the cables call the actor. name: the fullest that is known, or null.

    steps: one less than occasions, from each to the next. omitted: statements whose paragraph only touches the question (wide=true has them).
    notes: sentences on what else was left out.
    """

    who: str
    question: str
    names: tuple[str, ...]
    occasions: tuple[LedgerOccasion, ...]
    steps: tuple[Step, ...]
    name: str | None
    omitted: int
    notes: tuple[str, ...]


class Positions(Struct, frozen=True):
    """Positions on a question. ledgers: one, or two where another actor was asked for too. notes: sentences on how the question was read."""

    about: str
    notes: tuple[str, ...]
    ledgers: tuple[ActorLedger, ...]


class PeoplePage(Page, frozen=True, kw_only=True):
    """Persons, those in most cables first. query: of the cables in which they were looked for, null for all.

    total: how many there are in all, exactly. next: the cursor of the next page, null on the last.
    changed: whether the archive has changed since the first page.
    """

    query: str | None
    notes: tuple[str, ...]
    people: tuple[Person, ...]


class Who(Struct, frozen=True):
    """Whom a name means. name: as it was asked. profile: null if no one stands out. candidates: all whom it fits."""

    name: str
    profile: Profile | None
    candidates: tuple[Person, ...]


class CableCard(Struct, frozen=True):
    """A cable in a list. address: what names it in this archive. date: ISO, null if it is not known."""

    address: str
    id: str | None
    date: str | None
    post: str | None
    classification: str | None
    subject: str | None


class CableReferences(Page, frozen=True, kw_only=True):
    """What a cable cites and what cites it. address: what names it in this archive. outgoing: all entries of its REF block, in order.

    incoming: a page of the cables that cite it, the oldest first. total: how many these are. next: the cursor of the next page of them, null on the last.
    changed: whether the archive has changed since the first page.
    """

    address: str
    outgoing: tuple[Outgoing, ...]
    incoming: tuple[CableCard, ...]


class Citation(Struct, frozen=True):
    """A citation. address: what names the cable in this archive. paragraph: its printed number, null for the whole cable."""

    address: str
    style: str
    paragraph: int | None
    citation: str


class CoveragePage(Page, frozen=True, kw_only=True):
    """What is held of what each post sent. cables: of the archive. senderless: those of which nobody tells the sender. first, last: days of the
    first and last cable.

    posts: by name; of their years the months only if they are asked for.
    total: how many there are in all, exactly. next: the cursor of the next page, null on the last.
    changed: whether the archive has changed since the first page.
    """

    cables: int
    senderless: int
    first: str | None
    last: str | None
    posts: tuple[PostHoldings, ...]


class ArchiveStatus(Struct, frozen=True):
    """The state of the archive. version: of Reftel. being_written: whether cables are coming in at this moment.

    left: cables that this version's extractors have not looked through.
    """

    version: str
    being_written: bool
    left: int
    status: Status
