"""What the extractors found, as an archive keeps it: all of it packed, and rows by which names and speakers are looked up."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from reftel.archive.codec import Codec
from reftel.model import Cable, Entity, Findings, Record, Statement
from reftel.query import fold_words
from reftel.text import Flow, one_line

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Findings)

StatementRow = tuple[
    int, str | None, str | None, str | None, str, str | None, bool, str, str | None, int, str | None, int | None, str, float, str
]  # fmt: skip
EntityRow = tuple[int, str, str, str, str | None, str | None, str | None, bool, int, int]


class FindingRows(Record, frozen=True):
    """The rows of one cable in the tables statements, entities and protected, without its key.

    protected: (folded, name) of persons. A source that is only told by an office is protected in its own cable, where it is an entity.
    """

    statements: tuple[StatementRow, ...]
    entities: tuple[EntityRow, ...]
    protected: tuple[tuple[str, str], ...]


class Found(Record, frozen=True, tag=True):
    """Findings as the writer takes them: packed with a dictionary, by which versions, and their rows."""

    packed: bytes
    dictionary: int
    versions: str
    rows: FindingRows


def say_versions(versions: Mapping[str, str]) -> str:
    """ "names 1, statements 3": what tells findings of one version from those of another."""
    return ", ".join(f"{name} {versions[name]}" for name in sorted(versions))


def fold_name(name: str) -> str:
    """A name as it is looked up: its words as queries fold them, "al maliki" for "Al-Maliki"."""
    return " ".join(fold_words(name))


def pack_findings(cable: Cable, findings: Findings, codec: Codec) -> Found:
    """The findings of a cable, to be kept."""
    packed = codec.pack(encode_findings(findings))
    return Found(packed, codec.key, say_versions(findings.versions), make_finding_rows(cable, findings))


def encode_findings(findings: Findings) -> bytes:
    """As they are packed."""
    return _encoder.encode(findings)


def decode_findings(raw: bytes) -> Findings:
    """From what encode_findings gave. msgspec.DecodeError if it is nothing of the kind."""
    return _decoder.decode(raw)


def make_finding_rows(cable: Cable, findings: Findings) -> FindingRows:
    """The rows of some findings."""
    speaks = Counter(entity for statement in findings.statements for entity in statement.speakers)
    flagged = [entity.name for entity in findings.entities if entity.protected and entity.kind == "person"]
    protected = {fold_name(name): name for name in flagged}
    return FindingRows(
        statements=tuple(_statement_row(cable, i, one) for i, one in enumerate(findings.statements)),
        entities=tuple(_entity_row(i, one, speaks[i]) for i, one in enumerate(findings.entities)),
        protected=tuple(sorted(protected.items())),
    )


def _statement_row(cable: Cable, ordinal: int, said: Statement) -> StatementRow:
    spans = (said.source, said.cue, said.content, said.sentence, said.date_span)
    cue = None
    if said.cue is not None:
        flow = Flow(cable.text, cable.paragraphs[said.paragraph].spans)
        cue = one_line(flow.text[flow.index(said.cue.start) : flow.index(said.cue.end)])
    return (
        ordinal,
        said.speaker,
        fold_name(said.speaker) if said.speaker else None,
        said.addressee,
        said.kind,
        said.polarity,
        said.negated,
        said.voice,
        said.date,
        said.paragraph,
        cue,
        said.nested_in,
        msgspec.json.encode(spans).decode(),
        float(said.confidence),
        said.rule,
    )


def _entity_row(ordinal: int, entity: Entity, statements: int) -> EntityRow:
    return (
        ordinal,
        entity.kind,
        entity.name,
        fold_name(entity.name),
        entity.role,
        entity.country,
        entity.identity,
        entity.protected,
        len(entity.mentions),
        statements,
    )


NO_ROWS = FindingRows((), (), ())


def write_finding_rows(connection: sqlite3.Connection, cable: int, rows: FindingRows) -> None:
    """Puts the rows in the place of those the cable had."""
    for table in ("statements", "entities", "protected"):
        connection.execute(f"DELETE FROM {table} WHERE cable = ?", (cable,))
    _insert(connection, "statements", 16, ((cable, *row) for row in rows.statements))
    _insert(connection, "entities", 11, ((cable, *row) for row in rows.entities))
    _insert(connection, "protected", 3, ((folded, cable, name) for folded, name in rows.protected))


def _insert(connection: sqlite3.Connection, table: str, width: int, rows: Iterable[tuple[object, ...]]) -> None:
    connection.executemany(f"INSERT INTO {table} VALUES({', '.join('?' * width)})", rows)


def read_finding_rows(connection: sqlite3.Connection, cable: int) -> FindingRows:
    """The rows that a cable has, to be compared."""
    statements = [
        (*row[:6], bool(row[6]), *row[7:])
        for row in connection.execute(
            "SELECT ordinal, speaker, folded, addressee, kind, polarity, negated, voice, date, paragraph, cue, nested_in, spans,"
            " confidence, rule FROM statements WHERE cable = ? ORDER BY ordinal",
            (cable,),
        )
    ]
    entities = [
        (*row[:7], bool(row[7]), *row[8:])
        for row in connection.execute(
            "SELECT ordinal, kind, name, folded, role, country, identity, protected, mentions, statements"
            " FROM entities WHERE cable = ? ORDER BY ordinal",
            (cable,),
        )
    ]
    protected = connection.execute("SELECT folded, name FROM protected WHERE cable = ? ORDER BY folded", (cable,))
    return FindingRows(tuple(statements), tuple(entities), tuple(protected.fetchall()))
