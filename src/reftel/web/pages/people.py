"""The persons in the cables: who is named most, and one of them, or an office of a country, in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reftel.archive.persons import FEW, Frequent
from reftel.exports.statements import describe
from reftel.masking import is_pseudonym
from reftel.model import Attribution
from reftel.positions.actors import speakers_of
from reftel.positions.offices import Office
from reftel.positions.people import Person, Profile
from reftel.query import fold_words
from reftel.web.asked import read_number
from reftel.web.guard import Session, session_of
from reftel.web.months import Bar, draw_years
from reftel.web.places import person_path, search_path
from reftel.web.problems import BadRequestError
from reftel.web.rendering import render
from reftel.web.room import Room
from reftel.web.wanted import FORMS, wanted_form
from reftel.workbench import Archive

MOST = 300  # persons that are listed
_PAGE = 60
_CANDIDATES = 60
_NAMES, _LOOKED, _STATEMENTS = 8, 80, 8  # names that are asked by; statements that are looked at, and shown
_LONGEST = 200


class Row(NamedTuple):
    """A person in a list. path: None for a source that is not to be known; what: offices and countries."""

    name: str
    path: str | None
    cables: int
    mentions: int
    statements: int
    what: str


class Ranked(NamedTuple):
    """A name and how many cables. path: None if it leads nowhere."""

    name: str
    cables: int
    path: str | None


class Told(NamedTuple):
    """All that the page of a person or office shows. who: whom a position is asked of. paths: of the holders of an office. query: finds all statements; searched: the cables.

    latest: statements, the newest first; addresses: of their cables, in the same order.
    """

    name: str
    who: str
    office: Office | None
    paths: list[str | None]
    profile: Profile
    others: list[Row]
    bars: list[Bar]
    reported_by: list[Ranked]
    with_whom: list[Ranked]
    query: str
    searched: str
    total: int
    latest: list[Attribution]
    addresses: list[str]


async def show_people(request: Request) -> Response:
    """The persons whom most cables name; as a page, or as JSON."""
    room: Room = request.app.state.room
    masked = not session_of(request).unmasked

    def look(archive: Archive) -> tuple[list[Frequent], int, bool]:
        found = room.remember(archive, ("most named", masked), lambda: archive.most_named(MOST, masked=masked))
        return found, archive.count_unextracted(), len(archive) > FEW

    found, left, by_name = await room.run(look)
    if wanted_form(request) == "json":
        return Response(msgspec.json.encode({"people": found}) + b"\n", media_type=FORMS["json"])
    page = read_number(request, "page", 1, 1, MOST)
    offset = (page - 1) * _PAGE
    rows = [
        Row(one.name, _path(one.name), one.cables, one.mentions, one.statements, one.country or "")
        for one in found[offset : offset + _PAGE]
    ]
    return render(
        request,
        "people.html",
        rows=rows,
        total=len(found),
        offset=offset,
        limit=_PAGE,
        left=left,
        by_name=by_name,
        most=MOST,
    )


async def show_person(request: Request) -> Response:
    """Who somebody is, the candidates if the name fits several, or the holders of an office; as a page, or as JSON."""
    name = " ".join(request.query_params.get("name", "").split())
    if not name:
        return RedirectResponse("/people", 303)
    if len(name) > _LONGEST:
        raise BadRequestError(f"The name is longer than {_LONGEST} characters.", "Leave some of it out.")
    session, room = session_of(request), request.app.state.room
    told, candidates, hidden, left = await room.run(lambda archive: _look(archive, name, session))
    if wanted_form(request) == "json":
        return Response(msgspec.json.encode(_as_data(name, told, candidates, hidden)) + b"\n", media_type=FORMS["json"])
    rows = [_row(person, name, candidates) for person in candidates[:_CANDIDATES]]
    status = 200 if told is not None or candidates or hidden else 404
    return render(
        request,
        "person.html",
        status=status,
        name=name,
        told=told,
        rows=rows,
        count=len(candidates),
        hidden=hidden,
        left=left,
    )


def _look(archive: Archive, name: str, session: Session) -> tuple[Told | None, list[Person], bool, int]:
    """What is told of a name, whom it fits, whether it is a source that must not be told of, and how many cables wait to be looked through."""
    masked = not session.unmasked
    profile, candidates = archive.who(name, masked=masked)
    left = 0 if candidates else archive.count_unextracted()
    open_to_all = [one for one in candidates if not is_pseudonym(one.name)]
    if profile is not None and masked and is_pseudonym(profile.person.name):
        return None, open_to_all, True, left
    if profile is not None:
        others = [one for one in open_to_all if one != candidates[0]]
        return _tell(archive, name, profile, None, others, session), open_to_all, False, left
    office = archive.office(name, masked=masked)
    if office is not None:
        return _tell(archive, name, office.profile, office, [], session), open_to_all, False, left
    return None, open_to_all, is_pseudonym(name) or (bool(candidates) and not open_to_all), left


def _tell(
    archive: Archive, name: str, profile: Profile, office: Office | None, others: Sequence[Person], session: Session
) -> Told:
    person = profile.person
    shown = f"{office.name[:1].upper()}{office.name[1:]}, {office.country}" if office is not None else person.name
    asked = _any_of(person.names)
    query = f"said-by:{asked}"
    found = archive.said(query, limit=_LOOKED, sort="-date")
    latest = [one for one in found.hits if _speaks(one, person, office)][:_STATEMENTS]
    if not session.unmasked:
        latest = list(archive.masked(latest))
    return Told(
        shown,
        max(office.holders, key=lambda one: one.last or "").name if office is not None else person.name,
        office,
        [_path(one.name) for one in office.holders] if office is not None else [],
        profile,
        [_row(one, name, others) for one in others],
        draw_years([(year, mentions) for year, _, mentions in profile.years]),
        [Ranked(post, cables, _post_path(post, asked)) for post, cables in profile.reported_by],
        [Ranked(other, cables, _path(other)) for other, cables in profile.with_whom],
        query,
        asked,
        found.total,
        latest,
        archive.addresses([one.key for one in latest]),
    )


def _speaks(said: Attribution, person: Person, office: Office | None) -> bool:
    """Whether a statement is of the person, or of a holder of the office in the time in which cables give it to him."""
    speakers = set(speakers_of(said.statement))
    if office is None:
        return not speakers.isdisjoint(person.names)
    day = said.date or ""
    return any(
        not speakers.isdisjoint(one.names) and (one.first or "") <= day <= (one.last or "") for one in office.holders
    )


def _any_of(names: Iterable[str]) -> str:
    """Names as a value of a query: any of them, each word by word."""
    phrases = dict.fromkeys(" ".join(fold_words(name)) for name in names)
    quoted = [f'"{phrase}"' for phrase in phrases if phrase][:_NAMES]
    return quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"


def _row(person: Person, typed: str, among: Sequence[Person]) -> Row:
    offices = sorted(person.offices, key=lambda office: -office.cables)[:2]
    what = "; ".join([*dict.fromkeys(office.role for office in offices), *person.countries[:2]])
    return Row(person.name, _own_path(person, typed, among), person.cables, person.mentions, person.statements, what)


def _own_path(person: Person, typed: str, among: Sequence[Person]) -> str | None:
    """An address that leads to this one of several; None if none does."""
    if is_pseudonym(person.name):
        return None
    words = set(fold_words(person.name))
    fits = [one for one in among if words <= {word for name in one.names for word in fold_words(name)}]
    if len(fits) < 2 and words != set(fold_words(typed)):
        return person_path(person.name)
    if person.identity is not None:
        return person_path(person.identity)
    roles = [office.role for office in person.offices if not words >= set(fold_words(office.role))]
    return person_path(f"{roles[0]} {person.name}") if roles and f"{roles[0]} {person.name}" != typed else None


def _path(name: str) -> str | None:
    return None if is_pseudonym(name) else person_path(name)


def _post_path(post: str, asked: str) -> str | None:
    return (
        search_path(asked, filters=['from:"{}"'.format(post.replace('"', " "))]) if post != "unknown sender" else None
    )


def _as_data(name: str, told: Told | None, candidates: list[Person], hidden: bool) -> dict[str, Any]:
    """name: None where a source is protected, so that an answer that is passed on does not tell whose it is."""
    return {
        "name": None if hidden else name,
        "protected": hidden,
        "profile": told.profile if told is not None else None,
        "office": {"name": told.office.name, "country": told.office.country, "holders": told.office.holders}
        if told is not None and told.office is not None
        else None,
        "candidates": candidates,
        "statements": [describe(one) for one in told.latest] if told is not None else [],
    }
