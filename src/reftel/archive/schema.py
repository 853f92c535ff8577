"""The tables of archive.sqlite, their versions, and the step from each version to the next."""

from __future__ import annotations

import sqlite3

from reftel.errors import ReftelError

APPLICATION = 0x52656674  # "Reft"
VERSION = 2

_FINDINGS = """
-- What the extractors found in one text: Findings, zstd in the dictionary named. versions: "names 1, statements 1".
CREATE TABLE findings(
    source INTEGER PRIMARY KEY,
    versions TEXT NOT NULL,
    packed BLOB NOT NULL, dictionary INTEGER NOT NULL
);
CREATE INDEX findings_by_source ON findings(source, versions);

-- Of the leading source of each cable. folded: the name as queries have it. date: of the speech. spans: JSON, offsets into its text:
-- [source, cue, content, sentence, date], where content is a list of spans. statements: how many the entity is a speaker of.
CREATE TABLE statements(
    cable INTEGER NOT NULL, ordinal INTEGER NOT NULL,
    speaker TEXT, folded TEXT, addressee TEXT,
    kind TEXT NOT NULL, polarity TEXT, negated INTEGER NOT NULL, voice TEXT NOT NULL,
    date TEXT, paragraph INTEGER NOT NULL, cue TEXT, nested_in INTEGER, spans TEXT NOT NULL,
    confidence REAL NOT NULL, rule TEXT NOT NULL,
    PRIMARY KEY(cable, ordinal)
) WITHOUT ROWID;
CREATE INDEX statements_by_speaker ON statements(folded);
CREATE TABLE entities(
    cable INTEGER NOT NULL, ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, role TEXT, country TEXT, identity TEXT,
    protected INTEGER NOT NULL, mentions INTEGER NOT NULL, statements INTEGER NOT NULL,
    PRIMARY KEY(cable, ordinal)
) WITHOUT ROWID;
CREATE INDEX entities_by_name ON entities(folded);
CREATE INDEX entities_by_identity ON entities(identity) WHERE identity IS NOT NULL;

-- Whom a drafter asks to protect, and in which cable.
CREATE TABLE protected(
    folded TEXT NOT NULL, cable INTEGER NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY(folded, cable)
) WITHOUT ROWID;
CREATE INDEX protected_by_cable ON protected(cable);

CREATE INDEX sources_by_sha256 ON sources(sha256);

-- versions: of the extractors that looked through the text in the same step; NULL if none did
ALTER TABLE ledger ADD COLUMN versions TEXT;
"""

_TABLES = (
    """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- zstd dictionaries, trained on the archive's own first texts, records and findings
CREATE TABLE dictionaries(key INTEGER PRIMARY KEY, kind TEXT NOT NULL, data BLOB NOT NULL);

-- One row a cable. lead: the source whose text stands for it; null once no source is left that tells of it.
-- collides: another cable of the same id has a different text. changed: counts up with every change that the index must follow.
CREATE TABLE cables(
    key INTEGER PRIMARY KEY,
    id TEXT,
    lead INTEGER,
    collides INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL,
    date TEXT, post TEXT, country TEXT, classification TEXT, subject TEXT
);
CREATE INDEX cables_by_id ON cables(id);
CREATE INDEX cables_by_change ON cables(changed);
CREATE INDEX cables_by_lead ON cables(lead);

-- One row a text that was found somewhere. digest: of text, reader and claims; what has the same digest is the same thing.
-- superseded: its file has since changed; the text is kept. weight: see witnesses.py.
CREATE TABLE sources(
    key INTEGER PRIMARY KEY,
    cable INTEGER NOT NULL,
    locator TEXT NOT NULL,
    reader TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    characters INTEGER NOT NULL,
    parser TEXT NOT NULL,
    superseded INTEGER NOT NULL DEFAULT 0,
    weight TEXT NOT NULL
);
CREATE INDEX sources_by_cable ON sources(cable);
CREATE INDEX sources_by_locator ON sources(locator);

-- text: the source's text; record: the parsed cable without it; both zstd, in the dictionaries named (0: none)
CREATE TABLE texts(
    source INTEGER PRIMARY KEY,
    text BLOB NOT NULL, text_dictionary INTEGER NOT NULL,
    record BLOB NOT NULL, record_dictionary INTEGER NOT NULL
);

-- Of the leading source of each cable. spans: JSON, offsets into its text.
CREATE TABLE paragraphs(
    cable INTEGER NOT NULL, ordinal INTEGER NOT NULL,
    number INTEGER, marking TEXT, heading TEXT, role TEXT, spans TEXT NOT NULL,
    PRIMARY KEY(cable, ordinal)
) WITHOUT ROWID;
CREATE TABLE cable_references(
    cable INTEGER NOT NULL, ordinal INTEGER NOT NULL,
    label TEXT, text TEXT NOT NULL, kind TEXT NOT NULL, target TEXT,
    PRIMARY KEY(cable, ordinal)
) WITHOUT ROWID;
CREATE INDEX references_by_target ON cable_references(target) WHERE target IS NOT NULL;
CREATE TABLE defects(
    cable INTEGER NOT NULL, ordinal INTEGER NOT NULL,
    code TEXT NOT NULL, start INTEGER, stop INTEGER, detail TEXT NOT NULL,
    PRIMARY KEY(cable, ordinal)
) WITHOUT ROWID;

-- What was done: a run is one call of add, extract, retry or rebuild; a line is what became of one file, member or row in it.
CREATE TABLE runs(
    key INTEGER PRIMARY KEY, command TEXT NOT NULL, begun TEXT NOT NULL, ended TEXT, how TEXT,
    bytes INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE ledger(
    key INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    locator TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT, remedy TEXT, trace TEXT,
    parser TEXT NOT NULL,
    at TEXT NOT NULL,
    source INTEGER, cable_id TEXT
);
CREATE INDEX ledger_by_locator ON ledger(locator, key);
CREATE INDEX ledger_by_run ON ledger(run, outcome);
"""
    + _FINDINGS
)

# version -> the statements that lead from it to the next
MIGRATIONS: dict[int, str] = {1: _FINDINGS}


def prepare(connection: sqlite3.Connection, name: str) -> None:
    """Makes the tables of an empty file, or brings those of an older version up to date, in one transaction.

    ReftelError if the file is another program's, or a newer version's.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application == APPLICATION and version == VERSION:
        return
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if application != APPLICATION and not empty:
        raise ReftelError(f"{name} is no archive of Reftel's. Name another folder with --archive.")
    if version > VERSION:
        raise ReftelError(f"{name} was made by a newer version of Reftel. Install that one (pip install -U reftel).")
    if not empty and not all(step in MIGRATIONS for step in range(version, VERSION)):
        raise ReftelError(f"{name} is damaged: it says that version {version} made it. Put back a copy of it.")
    steps = [_TABLES] if empty else [MIGRATIONS[step] for step in range(version, VERSION)]
    script = "\n".join(steps)
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{script}\nPRAGMA application_id = {APPLICATION};\nPRAGMA user_version = {VERSION};\nCOMMIT;"
        )
    except sqlite3.OperationalError:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            raise  # else another process was quicker
