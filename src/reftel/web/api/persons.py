"""Endpoints on persons: what they said on a question, and who they are."""

from __future__ import annotations

from typing import Any

import msgspec

from reftel.masking import is_pseudonym
from reftel.positions.people import Person, fits_as_told
from reftel.positions.rows import describe_ledger
from reftel.query import parse_query
from reftel.web.api.answers import ActorLedger, PeoplePage, Positions, Who
from reftel.web.api.calls import Call
from reftel.web.api.cursors import tell_page
from reftel.web.api.parameters import read_days
from reftel.web.discretion import position_as_shown
from reftel.web.problems import NotFoundError
from reftel.workbench import Archive


def lay_out(archive: Archive, call: Call) -> Positions:
    """The ledger of one actor, or of two."""
    values = call.values
    since, until = read_days(values)
    question = parse_query(values["about"])
    ledgers = [
        position_as_shown(archive, who, question, call.masked, since=since, until=until, wide=values["wide"])
        for who in (values["who"], values["other"])
        if who is not None
    ]
    told: list[dict[str, Any]] = [describe_ledger(ledger) for ledger in ledgers]
    return Positions(
        values["about"],
        (*question.notes, *archive.notes),
        tuple(msgspec.convert(one, ActorLedger) for one in told),
    )


def list_people(archive: Archive, call: Call) -> PeoplePage:
    """A page of the persons of an archive, or of the cables that a query finds."""
    place, asked = call.place(archive), call.values["query"]
    query = parse_query(asked) if asked is not None else None
    if query is None:  # those of all cables take long to tell apart, and are asked for page by page
        people = call.room.remember(archive, ("people", call.masked), lambda: archive.people(masked=call.masked))
    else:
        people = archive.people(query, masked=call.masked)
    return PeoplePage(
        **tell_page(archive, place, len(people)),
        query=asked,
        notes=(*(query.notes if query is not None else ()), *archive.notes),
        people=tuple(people[place.offset : place.offset + place.limit]),
    )


def tell_who(archive: Archive, call: Call) -> Who:
    """Whom a name means. NotFoundError if nobody in the archive has it."""
    name = call.values["name"]
    profile, candidates = archive.who(name, masked=call.masked)
    if call.masked:  # who knows the name of a protected source is not told that it is one
        candidates = [one for one in candidates if _is_told(one, name)]
        profile = profile if profile is not None and _is_told(profile.person, name) else None
    if not candidates:
        raise NotFoundError(
            f"Nobody in this archive is called {name}.", "Who is in it: /api/v1/people. A surname alone will do."
        )
    return Who(name, profile, tuple(candidates))


def _is_told(person: Person, name: str) -> bool:
    return not is_pseudonym(person.name) and fits_as_told(person, name)
