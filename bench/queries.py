"""Queries of every kind, drawn from the words that made-up cables are made of; the same ones every time."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from compose import World
from make_cables import make_records
from measure import find_percentile

FACETS = ("year", "post", "country", "classification", "tag", "carrier")
PAGE = 10  # hits
_LINE = re.compile(r"^[a-z]{3,}(?: [a-z]{2,}){5,}", re.MULTILINE)  # of running text; header lines are in capitals
_LETTERS = "abcdefghijklmnoprstuvwyz"


class Filter(NamedTuple):
    """Which cables are asked for beside the words: a station ("LONDON"), a tag, a year."""

    station: str
    tag: str
    year: int


class Query(NamedTuple):
    """A query. text: as `reftel search` takes it. match: for FTS5; None where it has nothing like it.

    by_date: the newest first. facets: all FACETS are counted over all hits. snippets: of the first page.
    """

    kind: str
    text: str
    match: str | None
    filter: Filter | None = None
    by_date: bool = False
    facets: bool = False
    snippets: bool = False


class Timing(NamedTuple):
    """What the queries of one kind took, in seconds, and how many cables the median one hits."""

    kind: str
    p50: float
    p95: float
    p99: float
    hits: int


def make_queries(world: World, cables: int, count: Callable[[str], int], number: int) -> list[Query]:
    """`number` queries of each kind. count: how many of the cables hold a word; it decides what is rare.

    In a small collection the word nearest to rare or frequent is taken.
    """
    dice = random.Random(f"queries {world.seed}")
    words = world.words
    often_filled = words.fills[:3000]  # for a small collection
    fills = [*dice.sample(words.fills, k=number * 40), *dice.sample(often_filled, k=len(often_filled))]
    rare = _choose([fill for fill in fills if fill.isalpha()], count, 5, 50, number)
    common = [word for word in words.words[:1200] if len(word) > 2]
    often = _choose(dice.sample(common, k=len(common)), count, cables // 10, cables, number)
    middle = words.words[300:4000]
    made: list[Query] = []
    made += [Query("rare word", word, _quote(word)) for word in rare]
    made += [Query("frequent word", word, _quote(word)) for word in often]
    made += [_join("two or three words", dice.sample(middle[:1200], k=dice.choice((2, 3)))) for _ in range(number)]
    made += [Query("phrase", f'"{phrase}"', f'"{phrase}"') for phrase in _phrases(world, cables, dice, number)]
    starts = [word[:4] for word in dice.sample(middle, k=number)]
    made += [Query("prefix", f"{start}*", f'"{start}"*') for start in starts]
    longer = [word for word in middle if len(word) > 5]
    made += [Query("fuzzy", f"{_misspell(word, dice)}~1", None) for word in dice.sample(longer, k=number)]
    made += [_narrow(word, world, dice) for word in _cycle(often, number)]
    made += [Query("by date", word, _quote(word), by_date=True) for word in _cycle(often, number)]
    made += [Query("all facets", word, _quote(word), facets=True) for word in _cycle(often, number)]
    pairs = [dice.sample(often, k=min(2, len(often))) for _ in range(number)]
    made += [_join("page with snippets", pair)._replace(snippets=True) for pair in pairs]
    return made


def time_queries(queries: Iterable[Query], run: Callable[[Query], int]) -> list[Timing]:
    """Each query once. run: gives the number of hits; what it takes is measured."""
    spent: dict[str, list[float]] = {}
    hits: dict[str, list[float]] = {}
    for query in queries:
        begun = time.perf_counter()
        total = run(query)
        spent.setdefault(query.kind, []).append(time.perf_counter() - begun)
        hits.setdefault(query.kind, []).append(total)
    return [
        Timing(
            kind,
            find_percentile(seconds, 0.5),
            find_percentile(seconds, 0.95),
            find_percentile(seconds, 0.99),
            int(find_percentile(hits[kind], 0.5)),
        )
        for kind, seconds in spent.items()
    ]


def _choose(candidates: Sequence[str], count: Callable[[str], int], low: int, high: int, number: int) -> list[str]:
    """The first `number` words that low to high cables hold; where there are too few, those that come nearest."""
    found: list[str] = []
    others: list[tuple[int, str]] = []
    for word in candidates:
        if len(found) == number:
            break
        cables = count(word)
        if low <= cables <= high:
            found.append(word)
        elif cables:
            others.append((min(abs(cables - low), abs(cables - high)), word))
    return found + [word for _, word in sorted(others)[: number - len(found)]]


def _phrases(world: World, cables: int, dice: random.Random, number: int) -> list[str]:
    """Two to four words that stand together in a cable that is there."""
    phrases: list[str] = []
    while len(phrases) < number:
        first = dice.randrange(cables)
        record = next(make_records(1, world.seed, first))
        lines = _LINE.findall(record)
        if lines:
            line = dice.choice(lines).split()
            begin = dice.randrange(len(line) - 4)
            phrases.append(" ".join(line[begin : begin + dice.choice((2, 3, 4))]))
    return phrases


def _misspell(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word))
    return word[:at] + dice.choice(_LETTERS) + word[at + 1 :]


def _narrow(word: str, world: World, dice: random.Random) -> Query:
    """`minister from:london tag:PREL date:2008`."""
    station = dice.choice(world.schedule.posts[:20]).station
    asked = Filter(station, dice.choice(world.common_tags), dice.randint(2005, 2009))
    post = station.lower() if station.isalpha() else f'"{station.lower()}"'
    return Query("filtered", f"{word} from:{post} tag:{asked.tag} date:{asked.year}", _quote(word), filter=asked)


def _join(kind: str, words: list[str]) -> Query:
    return Query(kind, " ".join(words), " ".join(map(_quote, words)))


def _quote(word: str) -> str:
    return f'"{word}"'


def _cycle(words: list[str], number: int) -> Iterator[str]:
    return islice((word for _ in range(number) for word in words), number)
