"""Posts: which post an address, a class line, a reference or a misspelling names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from reftel.tables.load import cell_list, rows

# No spelling of a post is longer; what is longer is no post.
_LONGEST = 60
_NOT_KEY = re.compile(r"[^A-Z0-9]+")
# Section breaks print ten characters of the station ("BUENOS AIR"), PAGE lines six ("VATICA").
_CUTS = (10, 6)


class Post(NamedTuple):
    """A U.S. post. name: "Embassy Kyiv". station: as cables print it. key: the station in ids, no blanks.

    A post that changed its station has one name and several stations: cables of 2006 say KIEV, of 2009 KYIV,
    and their ids say so too, so `find_post("KIEV")` has the name "Embassy Kyiv" and the key "KIEV".
    """

    name: str
    station: str
    key: str
    kind: str
    country: str


def find_post(text: str) -> Post | None:
    """The post that `text` names, in any spelling known to the tables; None if none or more than one fits.

    Known spellings: station, id key, name, address ("AMEMBASSY LONDON", "SECSTATE WASHDC"), listed misprints,
    and the cuts of section breaks and PAGE lines ("BUENOS AIR", "CAPE T"). Case, blanks, points and what
    follows "//" do not matter. A wrong letter is not mended: see near_post.
    """
    if len(text) > _LONGEST:
        text = text[: 2 * _LONGEST].partition("//")[0]
    return _find(text) if len(text) <= _LONGEST else None


def near_post(text: str) -> Post | None:
    """The one post whose station is a single letter away from `text` (lost, doubled, wrong or swapped).

    None if find_post knows the text, if no station or more than one is that near, or if the text has fewer
    than five letters: one is too much of it. For places where a station must stand: an id, a reference.
    """
    word = station_key(text[:_LONGEST])
    if len(word) < 5 or find_post(text) is not None:
        return None
    near = {post for shape in _shapes(word) for post in _stations_by_shape().get(shape, ()) if _apart(word, post.key)}
    return near.pop() if len(near) == 1 else None


def posts() -> tuple[Post, ...]:
    """All posts, each with its main station, in table order."""
    return tuple(_post(row, row["station"]) for row in rows("posts"))


def post_of_indicator(indicator: str) -> Post | None:
    """The post a routing indicator names: RUEHLO is London; None if unknown or shared, as RUEHBS is."""
    return _posts_by_indicator().get(indicator)


def station_key(text: str) -> str:
    """The letters and digits of `text` in upper case, accents dropped: "São Paulo" is "SAOPAULO"."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return _NOT_KEY.sub("", text.upper())


@lru_cache(maxsize=16384)
def _find(text: str) -> Post | None:
    known = _posts_by_key()
    key = station_key(text.partition("//")[0])
    if key in known:
        return known[key]
    for word, kinds in _address_words():
        if key.startswith(word):
            post = known.get(key[len(word) :])
            if post is not None and post.kind in kinds:
                return post
    return None


def _post(row: dict[str, str], station: str) -> Post:
    return Post(row["name"], station, station_key(station), row["kind"], row["country"])


def _stations(row: dict[str, str]) -> tuple[str, ...]:
    return (row["station"], *cell_list(row["other_stations"]))


@cache
def _posts_by_key() -> dict[str, Post | None]:
    """Every spelling -> its post; None where a cut is another post's cut too, or is refused by its row."""
    known: dict[str, Post | None] = {}
    for row in rows("posts"):
        main = _post(row, row["station"])
        for station in _stations(row):
            known[station_key(station)] = _post(row, station)
        for spelling in (row["name"], *cell_list(row["aliases"]), *cell_list(row["plads"])):
            known.setdefault(station_key(spelling), main)
    cuts: dict[str, Post | None] = {}
    for row in rows("posts"):
        for cut, post in _cuts(row):
            cuts[cut] = None if cut in cuts and cuts[cut] != post else post
    for row in rows("posts"):
        for cut in cell_list(row["not_cuts"]):
            cuts[station_key(cut)] = None
    return {**cuts, **known}


def _cuts(row: dict[str, str]) -> Iterator[tuple[str, Post]]:
    for station in _stations(row):
        for length in _CUTS:
            if len(station) > length:
                yield station_key(station[:length]), _post(row, station)


@cache
def _address_words() -> tuple[tuple[str, frozenset[str]], ...]:
    """The words before a station, longest first, each with the kinds of post it may stand before."""
    words = [(station_key(row["word"]), frozenset(cell_list(row["kinds"]))) for row in rows("address_words")]
    return tuple(sorted(words, key=lambda word: -len(word[0])))


@cache
def _posts_by_indicator() -> dict[str, Post | None]:
    known: dict[str, Post | None] = {}
    for row in rows("posts"):
        for indicator in cell_list(row["indicators"]):
            known[indicator] = None if indicator in known else _post(row, row["station"])
    return known


@cache
def _stations_by_shape() -> dict[str, frozenset[Post]]:
    """Each station key, whole and with any one letter left out -> its posts."""
    shapes: dict[str, set[Post]] = {}
    for row in rows("posts"):
        for station in _stations(row):
            post = _post(row, station)
            for shape in _shapes(post.key):
                shapes.setdefault(shape, set()).add(post)
    return {shape: frozenset(found) for shape, found in shapes.items()}


def _shapes(key: str) -> set[str]:
    return {key, *(key[:i] + key[i + 1 :] for i in range(len(key)))}


def _apart(word: str, key: str) -> bool:
    """Whether one letter lost, added, replaced, or one pair swapped turns `word` into `key`."""
    if len(word) != len(key):
        return abs(len(word) - len(key)) == 1  # they share a shape, so one holds one letter more
    wrong = [i for i, (a, b) in enumerate(zip(word, key, strict=True)) if a != b]
    if len(wrong) == 1:
        return True
    return (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and word[wrong[0]] + word[wrong[1]] == key[wrong[1]] + key[wrong[0]]
    )
