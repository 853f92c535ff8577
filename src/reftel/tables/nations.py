"""Nations: which country a people, a government's acronym or a capital speaks for."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from reftel.tables.countries import find_country
from reftel.tables.load import cell_list, rows

# The posts call it as the Department does; cables and readers tell the two Koreas apart.
_SPOKEN = {"Korea": "South Korea"}


class Nation(NamedTuple):
    """A country as cables speak of it. people: adjectives and peoples; government: "GOR", "HMG"; capitals: as actors."""

    country: str
    people: tuple[str, ...]
    government: tuple[str, ...]
    capitals: tuple[str, ...]


@cache
def nations() -> tuple[Nation, ...]:
    """All nations, in table order."""
    return tuple(
        Nation(row["country"], cell_list(row["people"]), cell_list(row["government"]), cell_list(row["capitals"]))
        for row in rows("nations")
    )


@cache
def countries_of_acronym() -> dict[str, tuple[str, ...]]:
    """The acronym of a government in capitals -> the countries it may stand for: GOR is Romania's and Russia's."""
    found: dict[str, tuple[str, ...]] = {}
    for nation in nations():
        for acronym in nation.government:
            found[acronym.upper()] = (*found.get(acronym.upper(), ()), nation.country)
    return found


def spoken_country(text: str) -> str | None:
    """The country that `text` names, as entities are called: "ROK" is "South Korea", "uk" is "United Kingdom".

    None if the tables know none.
    """
    country = find_country(text)
    return None if country is None else _SPOKEN.get(country, country)
