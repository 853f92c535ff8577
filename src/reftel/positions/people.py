"""Persons across cables: who they are, in what offices, and where; nobody is merged with anybody by guess.

Two sightings are one person if the tables give both the same key, or if they have the same name and no two keys and no two
countries stand against it. A bare surname belongs to a full name if that is the only one with this surname, and both are of one
country or have a word of their offices in common; else it is a person of its own, to be told apart by whoever reads the cables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from reftel.model import Findings, Record
from reftel.positions.actors import Actor, speakers_of
from reftel.query import fold_words

_FAR = 8
_MOST = 12  # companions and evidence that a profile keeps


_MARK = frozenset("Xx ")

# A name, and whether it is to be hidden whatever it is -> the name as it is shown
Naming = Callable[[str, bool], str]


class Sighting(NamedTuple):
    """A person as one cable has it. mentions: places where it is named; statements: how many it makes there."""

    key: int
    cable: str | None
    date: str | None
    post: str | None
    name: str
    role: str | None
    country: str | None
    identity: str | None
    protected: bool
    mentions: int
    statements: int
    evidence: str | None = None


class Look(NamedTuple):
    """What was found in one cable, with what a list shows of the cable."""

    key: int
    cable: str | None
    date: str | None
    post: str | None
    findings: Findings


class Tenure(Record, frozen=True):
    """An office that cables give somebody. first, last: dates of the first and last of them; cable: the first, as evidence.

    evidence: what resolved the person there, None if the name is printed.
    """

    role: str
    country: str | None
    first: str | None
    last: str | None
    cables: int
    cable: str | None
    evidence: str | None = None


class Person(Record, frozen=True):
    """Somebody across cables. name: the fullest; names: all, most frequent first; identity: the key in the tables, if any.

    cables, mentions, statements: how many. first, last: dates of the first and last cable.
    """

    name: str
    names: tuple[str, ...]
    identity: str | None
    protected: bool
    countries: tuple[str, ...]
    offices: tuple[Tenure, ...]
    cables: int
    mentions: int
    statements: int
    first: str | None
    last: str | None


class Profile(Record, frozen=True):
    """A person in full. years: (year, cables, mentions). reported_by: posts with their cables. with_whom: other persons, by cables.

    kinds: its statements by kind. evidence: sentences on what resolved it, each with a cable that has it.
    """

    person: Person
    years: tuple[tuple[str, int, int], ...]
    reported_by: tuple[tuple[str, int], ...]
    with_whom: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    evidence: tuple[tuple[str, str | None], ...]


def list_persons(sightings: Iterable[Sighting]) -> list[Person]:
    """The persons, those in most cables first, then by mentions and name."""
    persons = [sum_up(group) for group in _group(sightings)]
    return sorted(persons, key=lambda person: (-person.cables, -person.mentions, person.name))


def find_persons(sightings: Iterable[Sighting], name: str) -> list[tuple[Person, list[Sighting]]]:
    """The persons whom a name or office fits, with their sightings, those in most cables first."""
    actor = Actor(name)
    found = []
    for group in _group(sightings):
        if any(_fits(actor, name, one) for one in group):
            found.append((sum_up(group), group))
    return sorted(found, key=lambda pair: (-pair[0].cables, -pair[0].mentions, pair[0].name))


def the_one(found: list[tuple[Person, list[Sighting]]]) -> tuple[Person, list[Sighting]] | None:
    """Of the persons whom a name fits, the one that is meant: the only one, or one in far more cables than all others together."""
    if not found:
        return None
    others = sum(person.cables for person, _ in found[1:])
    return found[0] if found[0][0].cables >= _FAR * others else None


def make_profile(person: Person, sightings: list[Sighting], looks: Iterable[Look]) -> Profile:
    """A person in full. looks: the cables of its sightings, in any order."""
    years: dict[str, list[int]] = {}
    posts, company, kinds = Counter[str](), Counter[str](), Counter[str]()
    evidence: dict[str, str | None] = {}
    for one in sightings:
        count = years.setdefault((one.date or "no date")[:4] if one.date else "no date", [0, 0])
        count[0] += 1
        count[1] += one.mentions
        posts[one.post or "unknown sender"] += 1
        if one.evidence:
            evidence.setdefault(one.evidence, one.cable)
    names = set(person.names)
    for look in looks:
        entities = look.findings.entities
        own = {i for i, entity in enumerate(entities) if entity.kind == "person" and entity.name in names}
        others = {e.name for i, e in enumerate(entities) if e.kind == "person" and i not in own}
        company.update(name for name in others if not _MARK.issuperset(name))
        for statement in look.findings.statements:
            if own.intersection(statement.speakers) or (
                not statement.speakers and names.intersection(speakers_of(statement))
            ):
                kinds[statement.kind] += 1
    return Profile(
        person=person,
        years=tuple((year, *count) for year, count in sorted(years.items())),  # type: ignore[misc]
        reported_by=_ranked(posts),
        with_whom=_ranked(company)[:_MOST],
        kinds=_ranked(kinds),
        evidence=tuple(evidence.items())[:_MOST],
    )


def rename(person: Person, name: Naming) -> Person:
    """The person as it may be given away: of somebody to be protected under one name, no other name may tell whose it is.

    Somebody with a key in the tables is public: a bare surname that is hidden may be another's, and is left out. Of anybody else all
    names are hidden, without key and evidence.
    """
    shown = tuple(one for one in person.names if name(one, False) == one)
    hidden = set(person.names) - set(shown)
    if not hidden and not person.protected:
        return person
    if person.identity is not None and shown and all(len(fold_words(one)) < 2 for one in hidden):
        first = person.name if person.name in shown else shown[0]
        return msgspec.structs.replace(person, name=first, names=shown, protected=False)
    names = tuple(dict.fromkeys(name(one, True) for one in person.names))
    offices = tuple(msgspec.structs.replace(office, evidence=None) for office in person.offices)
    return msgspec.structs.replace(person, name=name(person.name, True), names=names, identity=None, offices=offices)


def rename_profile(profile: Profile, name: Naming) -> Profile:
    """The profile likewise, its companions too; without the evidence, which quotes names."""
    with_whom = tuple((name(other, False), count) for other, count in profile.with_whom)
    person = rename(profile.person, name)
    evidence = profile.evidence if person.name == profile.person.name and not person.protected else ()
    return msgspec.structs.replace(profile, person=person, with_whom=with_whom, evidence=evidence)


def look_sightings(look: Look) -> Iterator[Sighting]:
    """The persons of one cable."""
    speaks = Counter(i for statement in look.findings.statements for i in statement.speakers)
    for i, entity in enumerate(look.findings.entities):
        if entity.kind == "person":
            yield Sighting(
                look.key, look.cable, look.date, look.post, entity.name, entity.role, entity.country, entity.identity,
                entity.protected, len(entity.mentions), speaks[i], entity.evidence,
            )  # fmt: skip


def _fits(actor: Actor, name: str, one: Sighting) -> bool:
    if one.identity is not None and one.identity.casefold() == name.strip().casefold():
        return True
    return actor.is_called(one.name) or (one.role is not None and actor.is_called(f"{one.role} {one.name}"))


def _group(sightings: Iterable[Sighting]) -> list[list[Sighting]]:
    """The sightings of each person; see the module's rule."""
    named: dict[tuple[str, ...], list[Sighting]] = {}
    keyed: dict[str, list[Sighting]] = {}
    for one in sightings:
        if _MARK.issuperset(one.name):
            continue  # a redaction: whom two such marks hide nobody can tell
        if one.identity is not None:
            keyed.setdefault(one.identity, []).append(one)
        else:
            named.setdefault(tuple(fold_words(one.name)), []).append(one)
    homes = _Homes()
    for group in keyed.values():
        homes.add(group)
    for words in sorted(named, key=len, reverse=True):
        for part in _by_country(named[words]):
            home = homes.find(words, part)
            if home is None:
                homes.add(part)
            else:
                home += part
    return homes.groups


class _Homes:
    """The persons told apart so far, by their names and surnames."""

    def __init__(self) -> None:
        self.groups: list[list[Sighting]] = []
        self._by_name: dict[tuple[str, ...], list[list[Sighting]]] = {}
        self._by_last: dict[str, list[list[Sighting]]] = {}

    def add(self, group: list[Sighting]) -> None:
        """A person of its own."""
        self.groups.append(group)
        names = {tuple(fold_words(one.name)) for one in group}
        for words in names:
            self._by_name.setdefault(words, []).append(group)
        known = any(one.identity is not None for one in group)
        for last in {words[-1] for words in names if len(words) > 1 or (words and known)}:
            self._by_last.setdefault(last, []).append(group)

    def find(self, words: tuple[str, ...], part: list[Sighting]) -> list[Sighting] | None:
        """The one person whose name, or whose surname, these words are, if nothing stands against it."""
        near = self._by_last.get(words[0], []) if len(words) == 1 else self._by_name.get(words, [])
        if len(near) != 1 or not _agree([*near[0], *part]):
            return None
        return near[0] if len(words) > 1 or _share(near[0], part) else None


def _share(group: list[Sighting], part: list[Sighting]) -> bool:
    """Whether both are of one country, or have a word of their offices in common."""
    countries = {one.country for one in group if one.country}
    return not countries.isdisjoint(one.country for one in part) or not _office_words(group).isdisjoint(
        _office_words(part)
    )


def _office_words(group: list[Sighting]) -> set[str]:
    return {word for one in group if one.role for word in fold_words(one.role) if len(word) > 2}


def _by_country(group: list[Sighting]) -> Iterator[list[Sighting]]:
    """Namesakes apart where cables put them in several countries; those that tell none stand alone then."""
    if _agree(group):
        yield group
        return
    parts: dict[str | None, list[Sighting]] = {}
    for one in group:
        parts.setdefault(one.country, []).append(one)
    yield from parts.values()


def _agree(group: list[Sighting]) -> bool:
    return len({one.country for one in group if one.country}) < 2


def sum_up(group: list[Sighting]) -> Person:
    """The sightings of one person, as one."""
    names = Counter(one.name for one in group)
    days = sorted(one.date for one in group if one.date)
    return Person(
        name=max(names, key=lambda name: (len(fold_words(name)), names[name], name)),
        names=tuple(name for name, _ in _ranked(names)),
        identity=next((one.identity for one in group if one.identity), None),
        protected=any(one.protected for one in group),
        countries=tuple(name for name, _ in _ranked(Counter(one.country for one in group if one.country))),
        offices=tuple(_offices(group)),
        cables=len({one.key for one in group}),
        mentions=sum(one.mentions for one in group),
        statements=sum(one.statements for one in group),
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )


def _offices(group: list[Sighting]) -> Iterator[Tenure]:
    """Each office as printed, in the order in which it is first met."""
    offices: dict[tuple[str, str | None], list[Sighting]] = {}
    for one in sorted(group, key=lambda one: (one.date or "9999", one.cable or "")):
        if one.role:
            offices.setdefault((" ".join(one.role.split()), one.country), []).append(one)
    for (role, country), held in offices.items():
        days = [one.date for one in held if one.date]
        yield Tenure(
            role,
            country,
            days[0] if days else None,
            days[-1] if days else None,
            len(held),
            held[0].cable,
            held[0].evidence,
        )


def _ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
