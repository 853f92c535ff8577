"""The tool that tells who somebody is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reftel.errors import ReftelError
from reftel.mcp.asked import check_page
from reftel.mcp.lines import count_of, tell_page, tell_rest, words
from reftel.mcp.room import Room
from reftel.positions.actors import Actor
from reftel.positions.people import Person, Profile, Tenure
from reftel.query import fold_words

MOST = 50
_SHOWN = 8  # of a list


def entity_lookup(room: Room, name: str, limit: int = 10, offset: int = 0) -> str:
    """Tells who a person is in these cables: offices over time, country, who reports them, with whom, how many statements.

    name: a name or office, or a part of it. If it fits several persons they are listed, and nobody is merged with anybody.
    limit: how many persons, at most 50. Countries and organisations are not looked up: use search_cables.
    """
    limit, offset = check_page(limit, offset, MOST)
    if not fold_words(name):
        raise ReftelError("Who? Give a name or an office.")
    profile, persons = _find(room, name)
    if not persons:
        told = f"Nobody of the name {words(name, 60)} is found among the persons of this archive."
        return f"{told} search_cables finds the words."
    answer = list(_tell_profile(profile)) if profile is not None and not offset else []
    others = [person for person in persons if profile is None or person != profile.person]
    shown = others[offset : offset + limit]
    if others:
        answer.append(
            f"{'Others whom it fits' if profile else 'It fits'}: {tell_page(len(others), offset, len(shown), 'person')}"
        )
    answer += [_tell_person(person) for person in shown]
    return "\n".join([*answer, *tell_rest(len(others), offset, len(shown))])


def _find(room: Room, name: str) -> tuple[Profile | None, list[Person]]:
    """The person meant and all whom the name fits. Masked, whom it fits only by a name that is not told is not found."""
    profile, persons = room.archive.who(name, masked=room.masked)
    if not room.masked:
        return profile, persons
    known = [person for person in persons if _fits(person, name)]
    if profile is not None and profile.person not in known:
        profile = None
    if profile is None and len(known) == 1 and len(persons) > 1:
        profile, _ = room.archive.who(known[0].name, masked=True)
    return profile, known


def _fits(person: Person, name: str) -> bool:
    if person.identity is not None and person.identity.casefold() == name.strip().casefold():
        return True
    actor = Actor(name)
    roles = ["", *(office.role for office in person.offices)]
    return any(actor.is_called(f"{role} {called}") for called in (person.name, *person.names) for role in roles)


def _tell_profile(profile: Profile) -> Iterator[str]:
    person = profile.person
    yield _tell_person(person)
    if others := [name for name in person.names if name != person.name]:
        yield f"also named: {words(', '.join(others[:_SHOWN]))}"
    if person.identity:
        yield f"key in the tables: {words(person.identity)}"
    yield from (f"office: {_tell_office(office)}" for office in person.offices[-_SHOWN:])
    years = (f"{year} in {count_of(cables, 'cable')}" for year, cables, _ in profile.years)
    yield f"by year: {', '.join(years)}"
    if profile.kinds:
        yield f"statements: {', '.join(f'{count} {kind}' for kind, count in profile.kinds)}"
    yield f"reported by: {_ranked(profile.reported_by)}"
    if profile.with_whom:
        yield f"named with: {_ranked(profile.with_whom)}"
    for sentence, cable in profile.evidence[:_SHOWN]:
        yield f"evidence: {words(sentence)} ({cable or 'no id'})"


def _tell_person(person: Person) -> str:
    """ "Arvo Kallaste (Foreign Minister; Estonia): 9 cables, 2008-02-06 to 2009-10-30, 21 statements"."""
    offices = sorted(person.offices, key=lambda office: -office.cables)[:2]
    what = "; ".join(map(words, [*dict.fromkeys(office.role for office in offices), *person.countries[:2]]))
    counts = f"{count_of(person.cables, 'cable')}, {_tell_time(person)}, {count_of(person.statements, 'statement')}"
    return f"{words(person.name)}{f' ({what})' if what else ''}: {counts}"


def _tell_time(met: Person | Tenure) -> str:
    """ "2008-02-06 to 2009-10-30", of the first and last cable."""
    if met.first is None or met.first == met.last:
        return met.first or "no date"
    return f"{met.first} to {met.last}"


def _tell_office(office: Tenure) -> str:
    country = f" ({words(office.country)})" if office.country else ""
    first = f", first in {office.cable}" if office.cable else ""
    return f"{words(office.role)}{country}, {_tell_time(office)}, {count_of(office.cables, 'cable')}{first}"


def _ranked(items: Sequence[tuple[str, int]]) -> str:
    shown = ", ".join(f"{words(name)} {count}" for name, count in items[:_SHOWN])
    return shown + (f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else "")
