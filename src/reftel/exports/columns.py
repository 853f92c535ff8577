"""The columns of a table of cables: one row a cable, for spreadsheets and data frames."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from reftel.exports.body_text import join_pieces, paragraph_text
from reftel.exports.entry import Entry, entry, printable, recipient_name
from reftel.exports.notes import chicago
from reftel.model import Cable, Record
from reftel.query.view import sent_day
from reftel.tables import find_post

Value = str | int | date | tuple[str, ...] | None


class Column(Record, frozen=True):
    """One column. kind: `text`, `list` (of texts), `number` or `date`. value: of a cable and its entry; None where unknown."""

    name: str
    kind: str
    meaning: str
    value: Callable[[Cable, Entry], Value]


def row(cable: Cable) -> tuple[Value, ...]:
    """The values of a cable in the order of COLUMNS."""
    cited = entry(cable)
    return tuple(column.value(cable, cited) for column in COLUMNS)


def summary_of(cable: Cable) -> str | None:
    """What the summary says, on one line; None if the cable has none."""
    found = (printable(join_pieces(cable, scope.spans)) for scope in cable.scopes if scope.kind == "summary")
    return " ".join(filter(None, found)) or None


def _country(cable: Cable, cited: Entry) -> str | None:
    post = find_post(cited.sender) if cited.sender else None
    return post.country if post else None


def _references(cable: Cable) -> tuple[str, ...]:
    return tuple(one.target or printable(one.text) for one in cable.references)


def _words(cable: Cable) -> int:
    return sum(len(paragraph_text(cable, one).split()) for one in cable.paragraphs)


COLUMNS = (
    Column("id", "text", "`09LONDON2499`; empty if it cannot be told", lambda c, e: c.id),
    Column("date", "date", "day of the date-time group, else the carrier's", lambda c, e: sent_day(c)[0]),
    Column("time", "text", "`15:47`, UTC, of the date-time group", lambda c, e: c.dtg[11:16] if c.dtg else None),
    Column("from_post", "text", "the sender, by the name of the post", lambda c, e: e.sender),
    Column("from_country", "text", "the country of that post, or the organisation it is sent to", _country),
    Column("to", "list", "action addressees, by the names of the posts; others as printed", lambda c, e: e.recipients),
    Column("info", "list", "information addressees likewise", lambda c, e: tuple(map(recipient_name, c.info))),
    Column("classification", "text", "`CONFIDENTIAL`", lambda c, e: c.classification),
    Column("captions", "list", "`SIPDIS`, `NOFORN` ...", lambda c, e: c.captions),
    Column("tags", "list", "in order; a person is one tag", lambda c, e: e.tags),
    Column("subject", "text", "as printed, on one line", lambda c, e: printable(c.subject) if c.subject else None),
    Column("references", "list", "ids where they can be told, else the print", lambda c, e: _references(c)),
    Column("signer", "text", "the signature as printed", lambda c, e: printable(c.signer) if c.signer else None),
    Column("summary", "text", "the summary, on one line", lambda c, e: summary_of(c)),
    Column("words", "number", "words of all paragraphs", lambda c, e: _words(c)),
    Column("redactions", "number", "places where a name was taken out", lambda c, e: len(c.redactions)),
    Column("defects", "list", "codes, each once", lambda c, e: tuple(dict.fromkeys(d.code for d in c.defects))),
    Column("carrier", "text", "the reader: `dump`, `site` ...", lambda c, e: c.source.reader),
    Column("locator", "text", "the file, or the member of an archive", lambda c, e: e.location),
    Column("sha256", "text", "of the text as delivered", lambda c, e: c.source.sha256),
    Column("citation", "text", "the Chicago note", lambda c, e: chicago(e, None)),
)
