"""`reftel status`: what is in an archive, by carrier, year, post and class, and what could not be put in."""

from __future__ import annotations

import msgspec

from reftel.archive.ledger import (
    FAILED,
    PARTIAL,
    UNEXTRACTED,
    count_by,
    count_findings,
    count_outcomes,
    count_reasons,
    last_run,
    latest,
)
from reftel.cli.errors import said
from reftel.cli.output import Lines, count_of, prepare_text, printable
from reftel.workbench import Archive

_MOST = 12  # posts that are listed
_BY = ("carrier", "classification", "year", "post")


def print_status(folder: str, failed: bool, partial: bool, as_json: bool) -> None:
    """Prints the state of an archive, or every line of one outcome."""
    prepare_text()
    with said(), Archive.open(folder) as archive, Lines() as lines:
        if as_json:
            lines.write(msgspec.json.encode(_describe(archive)))
        elif failed or partial:
            for outcome, asked in ((FAILED, failed), (UNEXTRACTED, failed), (PARTIAL, partial)):
                for line in latest(archive.store, outcome) if asked else ():
                    told = " ".join(filter(None, (line.reason, line.remedy)))
                    lines.print("\t".join(map(printable, (line.locator, outcome, told))))
        else:
            for text in _report(archive):
                lines.print(printable(text))


def _describe(archive: Archive) -> dict[str, object]:
    store = archive.store
    run = last_run(store)
    return {
        "cables": len(archive),
        "sources": archive.count_sources(),
        "outcomes": count_outcomes(store),
        **{f"by_{what}": {name or "not known": count for name, count in count_by(store, what)} for what in _BY},
        "failures": [reason._asdict() for reason in count_reasons(store, FAILED)],
        "findings": {versions or "none": count for versions, count in count_findings(store)},
        "statements": int(store.column("SELECT count(*) FROM statements")[0]),
        "unextracted": [reason._asdict() for reason in count_reasons(store, UNEXTRACTED)],
        "last_run": run._asdict() if run else None,
    }


def _report(archive: Archive) -> list[str]:
    store = archive.store
    sources = archive.count_sources()
    told = [f"{count_of(len(archive), 'cable')} from {count_of(sources, 'source')}."]
    run = last_run(store)
    if run is not None:
        how = run.how or ("under way" if archive.is_being_written() else "interrupted")
        told.append(f"Last run: reftel {run.command}, {run.begun}, {how.rstrip('.')}.")
    told += _report_findings(archive) if len(archive) else []
    for what in _BY:
        counts = count_by(store, what)
        shown = counts[:_MOST] if what == "post" else counts
        told += ["", f"By {what}"]
        told += [f"  {name or 'not known':<32}{count:>9,}" for name, count in shown]
        if len(counts) > len(shown):
            told.append(f"  and {len(counts) - len(shown):,} more (reftel facets --by {what} '*')")
    for outcome, title, option in (
        (FAILED, "Could not be read", "failed"),
        (UNEXTRACTED, "Could not be looked through", "failed"),
        (PARTIAL, "Added, but something is cut off", "partial"),
    ):
        reasons = count_reasons(store, outcome)
        if not reasons:
            continue
        told += ["", f"{title} (each one: reftel status --{option})"]
        for reason in reasons:
            told.append(f"{reason.times:>9,}  {reason.reason}")
            told += [f"{'':11}{reason.remedy}"] if reason.remedy else []
            told.append(f"{'':11}such as {reason.example}")
    return told


def _report_findings(archive: Archive) -> list[str]:
    """By which versions the cables were looked through for names and statements."""
    statements = int(archive.store.column("SELECT count(*) FROM statements")[0])
    told = ["", f"Names and statements ({count_of(statements, 'statement')})"]
    told += [
        f"  {versions or 'not looked for yet (reftel extract)':<32}{count:>9,}"
        for versions, count in count_findings(archive.store)
    ]
    left = archive.count_unextracted()
    return [*told, f"  Of another version, or none: {left:,} (reftel extract)"] if left else told
