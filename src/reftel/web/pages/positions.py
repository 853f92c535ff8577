"""Positions: what somebody said on a question, occasion by occasion, with its chart; two actors side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from reftel.exports.statements import stream_rows
from reftel.positions.chart import draw_chart, entry_sign, name_of
from reftel.positions.coverage import say_held
from reftel.positions.records import Entry, Held, Ledger, Occasion, Step
from reftel.positions.rows import COLUMNS, describe_ledger, list_rows
from reftel.query import parse_query
from reftel.query.dates import read_date
from reftel.tables import find_post
from reftel.web.discretion import position_as_shown
from reftel.web.guard import session_of
from reftel.web.places import cable_path
from reftel.web.problems import BadRequestError
from reftel.web.rendering import render
from reftel.web.saying import visible
from reftel.web.wanted import FORMS, wanted_form
from reftel.workbench import Archive

_BY = {
    "heading": "only the heading puts it on the question",
    "paragraph": "only the paragraph puts it on the question",
}


class Asked(NamedTuple):
    """Whose position on what, from when to when. other: "" for one actor alone."""

    who: str
    other: str
    about: str
    since: date | None
    until: date | None
    wide: bool


class Told(NamedTuple):
    """A statement in a ledger, ready to be read. remarks: what is to be known of it."""

    path: str
    place: str
    marking: str
    sign: str
    cue: str
    content: str
    remarks: str


class Day(NamedTuple):
    """An occasion: its statements, what the drafters remark, and the step from the one before; step is None for the first."""

    occasion: Occasion
    told: list[Told]
    step: Step | None
    held: list[tuple[str, int, int | None]]


class Laid(NamedTuple):
    """A ledger laid out. statements, cables: how many."""

    ledger: Ledger
    name: str
    days: list[Day]
    statements: int
    cables: int


async def show_positions(request: Request) -> Response:
    """The form, and the ledger or ledgers that it asks for: as a page, or as JSON, CSV or JSON Lines."""
    asked = _read(request)
    form = wanted_form(request)
    if not asked.who or not asked.about:
        if form != "html":
            raise BadRequestError("who and about are needed.", "Give a name and a question: who=...&about=...")
        return render(request, "positions.html", asked=asked, sides=None, chart=None, rows=[], notes=[])
    masked = not session_of(request).unmasked

    def look(archive: Archive) -> tuple[list[Ledger], dict[int, str], list[str]]:
        query = parse_query(asked.about)
        ledgers = [
            position_as_shown(archive, who, query, masked, since=asked.since, until=asked.until, wide=asked.wide)
            for who in (asked.who, asked.other)
            if who
        ]
        keys = list({entry.said.key for ledger in ledgers for o in ledger.occasions for entry in o.entries})
        return ledgers, dict(zip(keys, archive.addresses(keys), strict=True)), [*query.notes, *archive.notes]

    ledgers, addresses, notes = await request.app.state.room.run(look)
    if form != "html":
        return _send(ledgers, form)
    sides = [_lay_out(ledger, addresses) for ledger in ledgers]
    chart = draw_chart(ledgers, lambda entry: _path(entry, addresses)) if any(side.days for side in sides) else None
    return render(
        request, "positions.html", asked=asked, sides=sides, chart=Markup(visible(chart)) if chart else None,
        rows=list(_align(sides)), notes=notes,
    )  # fmt: skip


def _send(ledgers: Sequence[Ledger], form: str) -> Response:
    if form == "json":
        data = msgspec.json.encode([describe_ledger(ledger) for ledger in ledgers])
        return Response(data, media_type=FORMS["json"])
    rows = [row for ledger in ledgers for row in list_rows(ledger)]
    return Response(
        b"".join(stream_rows(form, rows, COLUMNS)),
        media_type=FORMS[form],
        headers={"content-disposition": f'attachment; filename="position.{form}"'},
    )


def _read(request: Request) -> Asked:
    def said(name: str) -> str:
        return request.query_params.get(name, "").strip()[:300]

    since, until = _day(said("from"), "from", first=True), _day(said("to"), "to", first=False)
    if since is not None and until is not None and since > until:
        raise BadRequestError("The first day lies behind the last one.", "Exchange the two.")
    return Asked(said("who"), said("other"), said("about"), since, until, said("wide") == "1")


def _day(text: str, name: str, *, first: bool) -> date | None:
    if not text:
        return None
    days = read_date(text)
    if days is None:
        raise BadRequestError(f"{name} is {text!r}, which is no date.", "Write it as 2008, 2008-12 or 2008-12-18.")
    return days[0] if first else days[1]


def _lay_out(ledger: Ledger, addresses: dict[int, str]) -> Laid:
    steps: list[Step | None] = [None, *ledger.steps]
    days = [
        Day(
            occasion,
            [_tell(entry, addresses, len(occasion.cables) > 1) for entry in occasion.entries],
            step,
            _held(step),
        )
        for occasion, step in zip(ledger.occasions, steps, strict=False)
    ]
    cables = {cable for occasion in ledger.occasions for cable in occasion.cables}
    return Laid(ledger, name_of(ledger), days, sum(len(day.told) for day in days), len(cables))


def _tell(entry: Entry, addresses: dict[int, str], several: bool) -> Told:
    said = entry.said
    number = f"paragraph {said.number}" if said.number is not None else ""
    remarks = [f"as {' and '.join(entry.via)} tells it"] if entry.via else []
    remarks += [f"for {entry.acting}"] if entry.acting else []
    remarks += [f"no cue; {round(100 * said.statement.confidence)} % sure"] if said.statement.kind == "implicit" else []
    remarks += [f"in the {entry.part}"] if entry.part else []
    if entry.repeats:
        numbers = ["unnumbered" if one is None else str(one) for one in dict.fromkeys(entry.repeats)]
        remarks.append(f"so in the summary too ({', '.join(numbers)})")
    remarks += [_BY[entry.about]] if entry.about in _BY else []
    place = " ".join(filter(None, (said.cable if several else "", number)))
    return Told(
        _path(entry, addresses),
        place,
        said.marking or "",
        entry_sign(entry),
        said.cue or "",
        entry.content,
        "; ".join(remarks),
    )


def _path(entry: Entry, addresses: dict[int, str]) -> str:
    return cable_path(addresses.get(entry.said.key, ""), statement=entry.said.ordinal)


def _held(step: Step | None) -> list[tuple[str, int, int | None]]:
    """What is held between two occasions: the sentence, and the two numbers of the band."""
    return [(_say_held(held), held.held, held.sent) for held in step.held] if step is not None else []


def _say_held(held: Held) -> str:
    post = find_post(held.post)
    return f"{say_held(held, post.name if post else None)}."


def _align(sides: Sequence[Laid]) -> Iterator[tuple[str, list[Day | None]]]:
    """A row a date on which either speaks, in order; undated ones last."""
    by_day = [{day.occasion.date or "": day for day in side.days} for side in sides]
    for date_ in sorted({day for one in by_day for day in one}, key=lambda day: (not day, day)):
        yield date_, [one.get(date_) for one in by_day]
