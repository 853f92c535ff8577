"""What is in an archive, and what could not be put in: the figures that the command line, the pages and the API show."""

from __future__ import annotations

from collections.abc import Iterable

from reftel.archive.ledger import (
    FAILED,
    PARTIAL,
    UNEXTRACTED,
    Reason,
    RunLine,
    count_by,
    count_findings,
    count_outcomes,
    count_reasons,
    last_run,
)
from reftel.archive.store import Store
from reftel.model import Record

UNKNOWN = "not known"


class Status(Record, frozen=True):
    """The state of an archive.

    sources: texts, superseded ones too. outcomes: outcome -> files, members and rows that stand at it. by_carrier, by_classification,
    by_year, by_post: value -> cables, UNKNOWN where it cannot be told. failures: why what could not be read. partial: why something is cut
    off. statements: how many are told. findings: versions of the extractors -> cables looked through by them, "none" for those by none.
    unextracted: why cables could not be looked through. parsers: version of the parser -> sources. last_run: None in a new archive.
    """

    cables: int
    sources: int
    outcomes: dict[str, int]
    by_carrier: dict[str, int]
    by_classification: dict[str, int]
    by_year: dict[str, int]
    by_post: dict[str, int]
    failures: tuple[Reason, ...]
    partial: tuple[Reason, ...]
    findings: dict[str, int]
    statements: int
    unextracted: tuple[Reason, ...]
    parsers: dict[str, int]
    last_run: RunLine | None


def read_status(store: Store) -> Status:
    """The state of an archive as it is now."""
    return Status(
        cables=len(store),
        sources=int(store.column("SELECT count(*) FROM sources")[0]),
        outcomes=count_outcomes(store),
        by_carrier=_named(count_by(store, "carrier")),
        by_classification=_named(count_by(store, "classification")),
        by_year=_named(count_by(store, "year")),
        by_post=_named(count_by(store, "post")),
        failures=tuple(count_reasons(store, FAILED)),
        partial=tuple(count_reasons(store, PARTIAL)),
        findings=_named(count_findings(store), "none"),
        statements=int(store.column("SELECT count(*) FROM statements")[0]),
        unextracted=tuple(count_reasons(store, UNEXTRACTED)),
        parsers=_named(store.rows("SELECT parser, count(*) FROM sources GROUP BY parser ORDER BY 2 DESC, 1")),
        last_run=last_run(store),
    )


def _named(counts: Iterable[tuple[str | None, int]], unknown: str = UNKNOWN) -> dict[str, int]:
    return {name or unknown: count for name, count in counts}
