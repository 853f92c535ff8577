"""Countries: how the table of posts calls the one that a word means."""

from __future__ import annotations

from functools import cache

from reftel.tables.load import cell_list, rows
from reftel.tables.posts import station_key


def find_country(text: str) -> str | None:
    """The country or organisation of posts that `text` names, as the posts table has it: "uk" is "United Kingdom".

    Case, blanks, points and accents do not matter. None if no post is there.
    """
    return _countries().get(station_key(text[:60]))


@cache
def _countries() -> dict[str, str]:
    known = {station_key(row["country"]): row["country"] for row in rows("posts")}
    for row in rows("country_aliases"):
        for alias in cell_list(row["aliases"]):
            known[station_key(alias)] = row["country"]
    return known
