"""The ledger: a line for every file, member or row of every run, and what can be counted from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reftel.archive.store import Store
from reftel.model import Record

ADDED, UNCHANGED, REPLACED, PARTIAL, FAILED = "added", "unchanged", "replaced", "partial", "failed"
EXTRACTED, UNEXTRACTED = "extracted", "unextracted"
# what becomes of a file, member or row; and of a text that is there
OUTCOMES = {
    ADDED: "a text that was not there before",
    UNCHANGED: "the same text is there already",
    REPLACED: "the file has changed; the older text is kept, but no longer leads",
    PARTIAL: "added, but something is cut off the text",
    FAILED: "nothing could be read, or the parser failed",
}
EXTRACTIONS = {
    EXTRACTED: "names and statements were looked for later than the text was added, or anew",
    UNEXTRACTED: "an extractor failed on the cable; the cable itself is kept",
}


class Line(NamedTuple):
    """What became of one file, member or row. at: UTC, ISO. trace: the traceback where Reftel itself failed.

    versions: of the extractors that looked through the text in this step, "names 1, statements 1"; None if none did.
    """

    locator: str
    outcome: str
    reason: str | None
    remedy: str | None
    parser: str
    at: str
    source: int | None = None
    cable_id: str | None = None
    trace: str | None = None
    versions: str | None = None


def begin_run(store: Store, command: str, at: str) -> int:
    """A new run; its key. A run that never ended was interrupted."""
    with store.transaction():
        key = store.execute("INSERT INTO runs(command, begun) VALUES(?, ?)", (command, at)).lastrowid
    assert key is not None
    return key


def end_run(store: Store, run: int, at: str, how: str, size: int) -> None:
    """how: "finished", "interrupted" or the sentence of what stopped it."""
    with store.transaction():
        store.execute("UPDATE runs SET ended = ?, how = ?, bytes = ? WHERE key = ?", (at, how, size, run))


def write_line(store: Store, run: int, line: Line) -> None:
    """Inside a transaction: the line is there if and only if what it reports is."""
    store.execute(
        "INSERT INTO ledger(run, locator, outcome, reason, remedy, parser, at, source, cable_id, trace,"
        " versions) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (run, *line),
    )


# The newest line of each locator that says more than that nothing has changed. A failure is over once the same place gave a
# text that was known, or once a later run read members or rows of the file ("box.zip!a.txt", "table.csv#3").
_LATEST = """
WITH newest AS (
    SELECT max(key) AS key FROM ledger WHERE outcome NOT IN ('unchanged', 'extracted', 'unextracted') GROUP BY locator
)
SELECT l.* FROM newest JOIN ledger l USING(key)
WHERE l.outcome <> 'failed' OR NOT EXISTS (
    SELECT 1 FROM ledger later
    WHERE later.locator = l.locator AND later.key > l.key AND later.outcome NOT IN ('extracted', 'unextracted')
    UNION ALL
    SELECT 1 FROM ledger later
    WHERE later.locator > l.locator || '!' AND later.locator < l.locator || '$' AND later.run > l.run
)
"""

# The newest line of each text whose extractor failed and that nothing has been found in since.
_UNEXTRACTED = """
SELECT * FROM ledger WHERE key IN (
    SELECT max(key) FROM ledger WHERE outcome = 'unextracted' AND source NOT IN (SELECT source FROM findings) GROUP BY source
)
"""


def _standing(outcome: str) -> str:
    return _UNEXTRACTED if outcome == UNEXTRACTED else _LATEST


def latest(store: Store, outcome: str) -> Iterator[Line]:
    """The newest lines of all locators, of one outcome, by locator; of UNEXTRACTED those that stand."""
    rows = store.rows(
        "SELECT locator, outcome, reason, remedy, parser, at, source, cable_id, trace, versions"
        f" FROM ({_standing(outcome)}) WHERE outcome = ? ORDER BY locator",
        (outcome,),
    )
    for row in rows:
        yield Line(*row)


def newest(
    store: Store, *, outcome: str | None = None, run: int | None = None, limit: int, offset: int = 0
) -> list[Line]:
    """The newest lines, the last one first, whatever has become of their files since; of one outcome, or of one run."""
    where, values = _where(outcome=outcome, run=run)
    rows = store.rows(
        "SELECT locator, outcome, reason, remedy, parser, at, source, cable_id, trace, versions"
        f" FROM ledger {where} ORDER BY key DESC LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    return [Line(*row) for row in rows]


def count_lines(store: Store, *, run: int | None = None) -> dict[str, int]:
    """Outcome -> how many lines there are of it, old ones too; of one run, or of all."""
    where, values = _where(run=run)
    return dict(store.rows(f"SELECT outcome, count(*) FROM ledger {where} GROUP BY outcome", values))


def _where(**asked: str | int | None) -> tuple[str, tuple[str | int, ...]]:
    held = {name: value for name, value in asked.items() if value is not None}
    return ("WHERE " + " AND ".join(f"{name} = ?" for name in held) if held else "", tuple(held.values()))


def count_outcomes(store: Store) -> dict[str, int]:
    """Outcome -> how many locators stand at it now."""
    return {row[0]: row[1] for row in store.rows(f"SELECT outcome, count(*) FROM ({_LATEST}) GROUP BY outcome")}


class Reason(Record, frozen=True):
    """A reason for failures or partial texts, how often it was met, what to do, and one locator as an example."""

    reason: str
    remedy: str | None
    times: int
    example: str


def count_reasons(store: Store, outcome: str) -> list[Reason]:
    """The reasons of the lines of one outcome, the most frequent first."""
    rows = store.rows(
        f"SELECT reason, min(remedy), count(*), min(locator) FROM ({_standing(outcome)}) WHERE outcome = ?"
        " GROUP BY reason ORDER BY count(*) DESC, reason",
        (outcome,),
    )
    return [Reason(*row) for row in rows]


class RunLine(Record, frozen=True):
    """One run; ended and how are None if it was interrupted without a word."""

    key: int
    command: str
    begun: str
    ended: str | None
    how: str | None


def last_run(store: Store) -> RunLine | None:
    """The newest run; None in a new archive."""
    row = store.execute("SELECT key, command, begun, ended, how FROM runs ORDER BY key DESC LIMIT 1").fetchone()
    return RunLine(*row) if row else None


def count_findings(store: Store) -> list[tuple[str | None, int]]:
    """By which versions of the extractors how many cables were looked through, most first; None: by none."""
    rows = store.rows(
        "SELECT f.versions, count(*) FROM cables c LEFT JOIN findings f INDEXED BY findings_by_source"
        " ON f.source = c.lead WHERE c.lead IS NOT NULL GROUP BY f.versions ORDER BY 2 DESC, 1"
    )
    return [(row[0], row[1]) for row in rows]


def count_by(store: Store, what: str) -> list[tuple[str | None, int]]:
    """How many cables there are by "carrier", "year", "post" or "classification"; of witnesses, each carrier counts."""
    if what == "carrier":
        sql = "SELECT reader, count(DISTINCT cable) FROM sources GROUP BY reader ORDER BY 2 DESC, 1"
    elif what == "year":
        sql = "SELECT substr(date, 1, 4), count(*) FROM cables WHERE lead IS NOT NULL GROUP BY 1 ORDER BY 1"
    else:
        sql = f"SELECT {what}, count(*) FROM cables WHERE lead IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    return [(row[0], row[1]) for row in store.rows(sql)]
