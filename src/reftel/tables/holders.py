"""Office holders: who held an office on a day, and whom a surname on its own may mean.

Two tables: `office_holders` (chiefs of U.S. missions and principal officers of the Department) and `leaders` (heads of state and
government, ministers and others whom cables name without introduction).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple, TypeVar

from reftel.tables.load import cell_list, rows

_K = TypeVar("_K")


_UNENDED = 4


class Holder(NamedTuple):
    """A term in an office. key: of the person, the same for all terms. start, end: ISO dates, end "" while it lasts.

    country: that the office is of, or where a chief of mission is; post: of a mission that is not to a country; table: where it is told.
    """

    key: str
    name: str
    office: str
    country: str
    post: str
    start: str
    end: str
    aliases: tuple[str, ...]
    table: str

    def on(self, date: str) -> bool:
        """Whether the term holds on an ISO date. Of a term in the register without an end no more is believed than four years."""
        end = self.end
        if not end and self.table == "office_holders":
            end = f"{int(self.start[:4]) + _UNENDED}{self.start[4:]}"
        return self.start <= date and (not end or date <= end)


def chiefs_of_mission(country: str | None, post: str | None, date: str) -> tuple[Holder, ...]:
    """Who headed the U.S. mission of that name, or else to that country, on an ISO date; none where the register has a gap."""
    found = _missions().get(("", post or "")) or _missions().get((country or "", ""), ())
    return tuple(h for h in found if h.on(date))


def department_officers(office: str, date: str) -> tuple[Holder, ...]:
    """Who held an office of the Department ("Secretary of State") on an ISO date."""
    return tuple(h for h in _officers().get(office, ()) if h.on(date))


def leaders_in(office: str, country: str, date: str) -> tuple[Holder, ...]:
    """Who of the table of leaders held an office of a country on an ISO date: ("foreign minister", "Russia", "2008-12-22")."""
    return tuple(h for h in _leaders_by_office().get((office.lower(), country), ()) if h.on(date))


def leaders() -> tuple[Holder, ...]:
    """Every term of the table of leaders."""
    return _leaders()


@cache
def _leaders() -> tuple[Holder, ...]:
    return tuple(
        Holder(
            row["key"],
            row["name"],
            row["office"],
            row["country"],
            "",
            row["start"],
            row["end"],
            cell_list(row["aliases"]),
            "leaders",
        )
        for row in rows("leaders")
    )


@cache
def _leaders_by_office() -> dict[tuple[str, str], tuple[Holder, ...]]:
    return _grouped(((h.office.lower(), h.country), h) for h in _leaders())


@cache
def _register() -> tuple[Holder, ...]:
    return tuple(
        Holder(
            row["key"],
            row["name"],
            row["office"],
            row["country"],
            row["post"],
            row["start"],
            row["end"],
            (),
            "office_holders",
        )
        for row in rows("office_holders")
    )


@cache
def _missions() -> dict[tuple[str, str], tuple[Holder, ...]]:
    return _grouped(((h.country, h.post), h) for h in _register() if h.post != "Secretary of State")


@cache
def _officers() -> dict[str, tuple[Holder, ...]]:
    return _grouped((h.office, h) for h in _register() if h.post == "Secretary of State")


def _grouped(pairs: Iterable[tuple[_K, Holder]]) -> dict[_K, tuple[Holder, ...]]:
    found: dict[_K, list[Holder]] = {}
    for key, holder in pairs:
        found.setdefault(key, []).append(holder)
    return {key: tuple(held) for key, held in found.items()}
