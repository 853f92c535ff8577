"""An office of a country, "foreign minister of Estonia": who held it as the cables tell, and all of them as one."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from reftel.model import Record
from reftel.positions.people import Naming, Person, Profile, Sighting, rename, rename_profile, sum_up
from reftel.query import fold_words
from reftel.tables.nations import nations, spoken_country

# Words by which an office is not the one that is named without them
_APART = frozenset(["vice", "deputy", "former", "ex", "acting", "assistant", "shadow", "elect", "designate"])
_OF = re.compile(r"\s(?:of|in|for)\s(?:the\s)?", re.IGNORECASE)


class Office(Record, frozen=True):
    """An office of a country. holders: in the order of time, each as far as cables give it the office. profile: of all of them as one."""

    name: str
    country: str
    holders: tuple[Person, ...]
    profile: Profile


def split_office(text: str) -> tuple[str, str] | None:
    """Office and country of "foreign minister of Estonia" or "Estonian foreign minister"; None if it names no country."""
    words = text[:200].split()
    line = " ".join(words)
    for found in _OF.finditer(
        line
    ):  # "minister of foreign affairs of Portugal": the first that a country stands behind
        country = spoken_country(line[found.end() :])
        if country is not None:
            return line[: found.start()], country
    for size in (1, 2):
        people = " ".join(words[:size]).casefold()
        if len(words) > size:
            for nation in nations():
                if people in (one.casefold() for one in nation.people):
                    return " ".join(words[size:]), nation.country
    return None


def gather_office(
    name: str, country: str, found: Sequence[tuple[Person, list[Sighting]]]
) -> tuple[list[Person], list[Sighting]]:
    """Who is told to have held an office, in the order of time, and their sightings in it.

    found: the persons whom the office fits, of any country. A deputy, or a former one, holds another office.
    """
    words = set(fold_words(name))
    apart = _APART - words
    held: list[list[Sighting]] = []
    for person, sightings in found:
        if any(spoken_country(one) == country or one == country for one in person.countries):
            told = [(one, set(fold_words(one.role))) for one in sightings if one.role]
            held.append([one for one, role in told if words <= role and not apart & role])
    groups = [group for group in held if group]
    holders = sorted(map(sum_up, groups), key=lambda person: (person.first or "9999", person.name))
    return holders, [one for group in groups for one in group]


def rename_office(office: Office, name: Naming) -> Office:
    """The office as it may be given away; see rename."""
    holders = tuple(rename(holder, name) for holder in office.holders)
    return msgspec.structs.replace(office, holders=holders, profile=rename_profile(office.profile, name))
