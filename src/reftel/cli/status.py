"""`reftel status`: what is in an archive, by carrier, year, post and class, and what could not be put in."""

from __future__ import annotations

import msgspec

from reftel.archive.ledger import FAILED, PARTIAL, UNEXTRACTED, latest
from reftel.archive.status import Status
from reftel.cli.errors import said
from reftel.cli.output import Lines, count_of, prepare_text, printable
from reftel.workbench import Archive

_MOST = 12  # posts that are listed


def print_status(folder: str, failed: bool, partial: bool, as_json: bool) -> None:
    """Prints the state of an archive, or every line of one outcome."""
    prepare_text()
    with said(), Archive.open(folder) as archive, Lines() as lines:
        if as_json:
            lines.write(msgspec.json.encode(archive.status()))
        elif failed or partial:
            for outcome, asked in ((FAILED, failed), (UNEXTRACTED, failed), (PARTIAL, partial)):
                for line in latest(archive.store, outcome) if asked else ():
                    told = " ".join(filter(None, (line.reason, line.remedy)))
                    lines.print("\t".join(map(printable, (line.locator, outcome, told))))
        else:
            for text in _report(archive, archive.status()):
                lines.print(printable(text))


def _report(archive: Archive, status: Status) -> list[str]:
    told = [f"{count_of(status.cables, 'cable')} from {count_of(status.sources, 'source')}."]
    run = status.last_run
    if run is not None:
        how = run.how or ("under way" if archive.is_being_written() else "interrupted")
        told.append(f"Last run: reftel {run.command}, {run.begun}, {how.rstrip('.')}.")
    told += _report_findings(archive, status) if status.cables else []
    for what, counts in (
        ("carrier", status.by_carrier),
        ("classification", status.by_classification),
        ("year", status.by_year),
        ("post", status.by_post),
    ):
        shown = list(counts.items())[: _MOST if what == "post" else None]
        told += ["", f"By {what}"]
        told += [f"  {name:<32}{count:>9,}" for name, count in shown]
        if len(counts) > len(shown):
            told.append(f"  and {len(counts) - len(shown):,} more (reftel facets --by {what} '*')")
    for reasons, title, option in (
        (status.failures, "Could not be read", "failed"),
        (status.unextracted, "Could not be looked through", "failed"),
        (status.partial, "Added, but something is cut off", "partial"),
    ):
        if not reasons:
            continue
        told += ["", f"{title} (each one: reftel status --{option})"]
        for reason in reasons:
            told.append(f"{reason.times:>9,}  {reason.reason}")
            told += [f"{'':11}{reason.remedy}"] if reason.remedy else []
            told.append(f"{'':11}such as {reason.example}")
    return told


def _report_findings(archive: Archive, status: Status) -> list[str]:
    """By which versions the cables were looked through for names and statements."""
    told = ["", f"Names and statements ({count_of(status.statements, 'statement')})"]
    told += [
        f"  {'not looked for yet (reftel extract)' if versions == 'none' else versions:<32}{count:>9,}"
        for versions, count in status.findings.items()
    ]
    left = archive.count_unextracted()
    return [*told, f"  Of another version, or none: {left:,} (reftel extract)"] if left else told
