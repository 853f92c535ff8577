"""What the archive holds, what could not be put in and why, and the ledger of all that was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from reftel.archive.ledger import EXTRACTIONS, FAILED, OUTCOMES, PARTIAL, UNEXTRACTED, Line, Reason, count_lines, newest
from reftel.archive.status import UNKNOWN, Status
from reftel.web.asked import read_choice, read_number, read_offset
from reftel.web.jobs import RUNNING, STATES, Job, Jobs
from reftel.web.locators import short_locator, without_paths
from reftel.web.places import cable_path
from reftel.web.rendering import render
from reftel.web.room import Room
from reftel.web.uploads import MOST_FILES
from reftel.web.wanted import FORMS, wanted_form
from reftel.workbench import Archive

# heading -> the part of Status, and the field of the query language that finds those cables
COUNTED = {
    "Carrier": ("by_carrier", "carrier"),
    "Classification": ("by_classification", "class"),
    "Post": ("by_post", "from"),
    "Year": ("by_year", "date"),
}
TROUBLES = {
    FAILED: ("Could not be read", "failures"),
    UNEXTRACTED: ("Could not be looked through for names and statements", "unextracted"),
    PARTIAL: ("Added, but something is cut off", "partial"),
}
_SHOWN = 12  # values of a count
_MOST_REASONS = 50
_SAID = {**OUTCOMES, **EXTRACTIONS}


class Count(NamedTuple):
    """How many cables have a value. query: what finds them, empty where it cannot be told."""

    name: str
    cables: int
    query: str


class Trouble(NamedTuple):
    """Why something was not, or not wholly, put in; how often. path: of the cable that is the example; None if there is none."""

    reason: str
    remedy: str | None
    times: int
    example: str
    path: str | None


class Told(NamedTuple):
    """A line of the ledger as it is shown. path: of its cable, None if it has none; address: what the cable is called."""

    what: str
    outcome: str
    reason: str
    remedy: str
    at: str
    address: str
    path: str | None


class Holdings(NamedTuple):
    """All that the page shows. left: cables that this version's extractors have not looked through. more: heading -> values not shown."""

    status: Status
    left: int
    counts: dict[str, list[Count]]
    more: dict[str, int]
    troubles: dict[str, list[Trouble]]
    how: str


async def show_status(request: Request) -> Response:
    """What the archive holds, and what could not be put in; as a page, or as JSON."""
    room: Room = request.app.state.room
    jobs: Jobs = request.app.state.jobs
    folder = room.settings.folder
    adds = any(job.state == RUNNING for job in jobs.all())
    held = await room.run(lambda archive: _look(archive, folder, adds))
    if wanted_form(request) == "json":
        return Response(msgspec.json.encode(_as_data(held, jobs.all())) + b"\n", media_type=FORMS["json"])
    return render(
        request,
        "status.html",
        held=held,
        jobs=jobs.all(),
        states=STATES,
        troubles={outcome: heading for outcome, (heading, _) in TROUBLES.items()},
        most_files=MOST_FILES,
    )


async def show_ledger(request: Request) -> Response:
    """What became of each file, member and row, the newest first; as a page, or as JSON."""
    room: Room = request.app.state.room
    outcome = read_choice(request, "outcome", ("", *_SAID)) or None
    run = read_number(request, "run", 0, 0, 1 << 53) or None
    offset, limit = read_offset(request)
    folder = room.settings.folder

    def look(archive: Archive) -> tuple[list[Told], dict[str, int]]:
        lines = newest(archive.store, outcome=outcome, run=run, limit=limit, offset=offset)
        return _tell(archive, folder, lines), count_lines(archive.store, run=run)

    lines, counts = await room.run(look)
    total = counts.get(outcome, 0) if outcome else sum(counts.values())
    if wanted_form(request) == "json":
        told = {"total": total, "offset": offset, "counts": counts, "lines": [one._asdict() for one in lines]}
        return Response(msgspec.json.encode(told) + b"\n", media_type=FORMS["json"])
    return render(
        request,
        "ledger.html",
        lines=lines,
        counts=counts,
        total=total,
        everything=sum(counts.values()),
        outcome=outcome,
        outcomes=_SAID,
        run=run,
        offset=offset,
        limit=limit,
    )


def _look(archive: Archive, folder: Path, adds: bool) -> Holdings:
    """adds: whether a job of this room is writing."""
    status = archive.status()
    run = status.last_run
    how = without_paths(run.how or "", folder) if run is not None else ""
    if run is not None and not how:
        how = "under way" if adds or archive.is_being_written() else "interrupted"
    counts = {heading: _count(getattr(status, part), field) for heading, (part, field) in COUNTED.items()}
    counts["Year"].reverse()
    return Holdings(
        status,
        archive.count_unextracted(),
        {heading: values[:_SHOWN] for heading, values in counts.items()},
        {heading: len(values) - _SHOWN for heading, values in counts.items() if len(values) > _SHOWN},
        {outcome: _troubles(archive, folder, getattr(status, part)) for outcome, (_, part) in TROUBLES.items()},
        how.rstrip("."),
    )


def _count(values: Mapping[str, int], field: str) -> list[Count]:
    return [
        Count(name, cables, "" if name == UNKNOWN else f"{field}:{_value(name)}") for name, cables in values.items()
    ]


def _value(name: str) -> str:
    return name.lower() if name.isalnum() else '"{}"'.format(name.replace('"', " "))


def _troubles(archive: Archive, folder: Path, reasons: Sequence[Reason]) -> list[Trouble]:
    shown = reasons[:_MOST_REASONS]
    examples = [reason.example for reason in shown]
    marks = ", ".join("?" * len(examples))
    keys = dict(archive.store.rows(f"SELECT locator, cable FROM sources WHERE locator IN ({marks})", examples))
    paths = _paths(archive, [keys.get(example) for example in examples])
    return [
        Trouble(without_paths(one.reason, folder), one.remedy, one.times, short_locator(one.example), path)
        for one, (_, path) in zip(shown, paths, strict=True)
    ]


def _tell(archive: Archive, folder: Path, lines: Sequence[Line]) -> list[Told]:
    sources = [line.source for line in lines if line.source is not None]
    marks = ", ".join("?" * len(sources))
    keys = dict(archive.store.rows(f"SELECT key, cable FROM sources WHERE key IN ({marks})", sources))
    paths = _paths(archive, [keys.get(line.source) for line in lines])
    return [
        Told(
            short_locator(line.locator),
            line.outcome,
            without_paths(line.reason or "", folder),
            line.remedy or "",
            line.at,
            address,
            path,
        )
        for line, (address, path) in zip(lines, paths, strict=True)
    ]


def _paths(archive: Archive, keys: Sequence[int | None]) -> list[tuple[str, str | None]]:
    """What cables are called and where they are read; ("", None) for those that there are not."""
    held = [key for key in keys if key is not None]
    called = dict(zip(held, archive.addresses(held), strict=True))
    found = [called.get(key, "") if key is not None else "" for key in keys]
    return [(address, cable_path(address) if address else None) for address in found]


def _as_data(held: Holdings, jobs: Sequence[Job]) -> dict[str, Any]:
    status = held.status
    told = msgspec.to_builtins(status)
    told |= {part: [one._asdict() for one in held.troubles[outcome]] for outcome, (_, part) in TROUBLES.items()}
    if status.last_run is not None:
        told["last_run"]["how"] = held.how
    return {**told, "left": held.left, "jobs": jobs}
