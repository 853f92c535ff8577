CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- zstd dictionaries, trained on the archive's own first texts and records
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

-- What was done: a run is one call of add, retry or rebuild; a line is what became of one file, member or row in it.
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
