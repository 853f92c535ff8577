"""Malformed cable ids and the true ids behind them."""

from __future__ import annotations

import re
from functools import cache

from reftel.tables.load import rows
from reftel.tables.posts import find_post, near_post

# An id as the tables want it: two digits of the year, station, serial without leading zeros.
_ID = re.compile(r"(\d\d)([A-Z]+)([1-9][0-9]*)", re.ASCII)
_LONGEST = 80


def true_id(malformed_id: str) -> str | None:
    """The id that was meant: "09SECTION01OF03SANJOSE525" is "09SANJOSE525".

    First the oddities, then the id rules, from the first to the last, then the station: it must be known, a
    known misspelling, or a single letter away from exactly one ("07SECTION02OF03EIJING483").
    None if the id is well formed, and if it cannot be mended.
    """
    if len(malformed_id) > _LONGEST:
        return None
    mended = _oddities().get(malformed_id) or _with_known_station(_by_rules(malformed_id))
    return mended if mended != malformed_id else None


def _by_rules(cable_id: str) -> str:
    for pattern, becomes in _rules():
        if pattern.search(cable_id):  # a substitution that finds nothing costs five times as much
            cable_id = pattern.sub(becomes, cable_id)
    return cable_id


def _with_known_station(cable_id: str) -> str | None:
    found = _ID.fullmatch(cable_id)
    if found is None:
        return None
    year, station, serial = found.groups()
    post = find_post(station) or near_post(station)
    return f"{year}{post.key}{serial}" if post else None


@cache
def _oddities() -> dict[str, str]:
    return {row["malformed"]: row["true_id"] for row in rows("oddities")}


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"], re.ASCII), row["becomes"]) for row in rows("id_rules"))
