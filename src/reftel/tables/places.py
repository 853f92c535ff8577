"""Places: where a post is, for a map.

A table of its own beside posts.tsv, since it comes from a source of its own, which its rows name, and since only a map asks for
it, while the spellings of posts are read with every citation.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from reftel.tables.load import rows
from reftel.tables.posts import Post


class Place(NamedTuple):
    """A city. latitude, longitude: in degrees with two decimals, south and west below zero."""

    city: str
    latitude: float
    longitude: float


def find_place(post: Post) -> Place | None:
    """Where a post is: London for Embassy London, Geneva for USTR Geneva; None for a delegation that travels."""
    return _places().get(post.name)


@cache
def _places() -> dict[str, Place]:
    return {
        row["post"]: Place(row["city"], float(row["latitude"]), float(row["longitude"]))
        for row in rows("post_places")
        if row["city"]
    }
