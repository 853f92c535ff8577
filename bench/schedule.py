"""Which cable a made-up one is: its post, year, serial and day, and the earlier ones it cites.

Everything follows from the seed and the cable's number alone, so cable 17 is the same among twenty as among
250,000, and a reference always names a cable with a lower number, which is therefore there too.

A year of a post is a `Run` of places. One table of SLOTS (run, rank) pairs is gone through ROUNDS times; each round
takes another sixteenth of every place, so that few cables are spread over the year as well as many.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from reftel.tables import cell_list, rows

SLOTS, ROUNDS = 16_384, 16
MOST = SLOTS * ROUNDS  # cables
POSTS = 274
_BUSIEST = "ANKARA BAGHDAD TOKYO STATE AMMAN PARIS KUWAIT MOSCOW MADRID ISLAMABAD LONDON KABUL BEIJING CAIRO"
_PLADS = {"embassy": "AMEMBASSY", "consulate": "AMCONSUL"}
# share of the cables; the rest of 1985 to 2010 has a little each
_YEARS = {2003: 3, 2004: 6, 2005: 11, 2006: 16, 2007: 16, 2008: 18, 2009: 21, 2010: 3.5}
_REVERSED = [int(f"{number:04b}"[::-1], 2) for number in range(ROUNDS)]


class Station(NamedTuple):
    """A post as cables print it: origin "Embassy London", station "LONDON", plad "AMEMBASSY LONDON", ri "RUEHLO"."""

    origin: str
    station: str
    plad: str
    ri: str

    @property
    def key(self) -> str:
        """The station as ids have it."""
        return self.station.replace(" ", "")


class Run(NamedTuple):
    """The cables of one post in one year. slots: their numbers in the first round; ranks: of each, where in the year."""

    post: Station
    year: int
    slots: list[int]
    ranks: list[int]


class Numbered(NamedTuple):
    """A cable's number and what its id is made of."""

    number: int
    post: Station
    year: int
    serial: int

    @property
    def id(self) -> str:
        """`09LONDON2499`."""
        return f"{self.year % 100:02d}{self.post.key}{self.serial}"


class Slip(NamedTuple):
    """What the schedule says of a cable. hour and minute are of its date-time group."""

    cable: Numbered
    day: date
    hour: int
    minute: int
    cites: list[Numbered]


class Schedule(NamedTuple):
    """posts: the busiest first. places: slot -> its run and where in the run it is."""

    posts: list[Station]
    runs: dict[tuple[str, int], Run]
    places: list[tuple[Run, int]]


@cache
def make_schedule(seed: int) -> Schedule:
    """The same schedule for the same seed."""
    dice = random.Random(f"schedule {seed}")
    posts = _list_posts(dice)
    years = {year: _YEARS.get(year, 0.35) for year in range(1985, 2011)}
    by_post = dice.choices(posts, [1 / (rank + 8) for rank in range(len(posts))], k=SLOTS)
    by_year = dice.choices(list(years), list(years.values()), k=SLOTS)
    runs: dict[tuple[str, int], Run] = {}
    places = []
    for slot, (post, year) in enumerate(zip(by_post, by_year, strict=True)):
        run = runs.setdefault((post.station, year), Run(post, year, [], []))
        places.append((run, len(run.slots)))
        run.slots.append(slot)
    for run in runs.values():
        run.ranks.extend(range(len(run.slots)))
        dice.shuffle(run.ranks)
    return Schedule(posts, runs, places)


def plan_cable(schedule: Schedule, number: int, dice: random.Random) -> Slip:
    """Cable `number`, from 0 to MOST - 1."""
    cable = cable_of(schedule, number)
    turn, slot = divmod(number, SLOTS)
    run, at = schedule.places[slot]
    part = _part(run, at, turn)
    minutes = int(part * 365 * 1440)
    day = date(run.year, 1, 1) + timedelta(minutes // 1440)
    cites: dict[int, Numbered] = {}
    for _ in range(dice.choice((0, 0, 1, 1, 2, 2, 3, 4, 5))):
        cited = _cite(schedule, cable, part, dice)
        if cited:
            cites[cited.number] = cited
    return Slip(cable, day, minutes // 60 % 24, minutes % 60, list(cites.values()))


def cable_of(schedule: Schedule, number: int) -> Numbered:
    """Post, year and serial of cable `number`; no two have the same."""
    turn, slot = divmod(number, SLOTS)
    return _cable(*schedule.places[slot], turn)


def _cite(schedule: Schedule, own: Numbered, part: float, dice: random.Random) -> Numbered | None:
    """A cable with a lower number and an earlier date, most often of the same post and year. None if none is met."""
    chance = dice.random()
    post, year = own.post, own.year
    if 0.6 <= chance < 0.75:
        year -= 1
    elif chance >= 0.75:
        post = schedule.posts[int(dice.random() ** 2 * len(schedule.posts))]
    run = schedule.runs.get((post.station, year))
    if run is None:
        return None
    turns, slot = divmod(own.number, SLOTS)
    for _ in range(3):
        turn = int(dice.random() * (turns + 1))
        at = int(dice.random() * (len(run.slots) if turn < turns else bisect_left(run.slots, slot)))
        if (turn < turns or run.slots[at] < slot) and (year < own.year or _part(run, at, turn) < part):
            return _cable(run, at, turn)
    return None


def _cable(run: Run, at: int, turn: int) -> Numbered:
    place = run.ranks[at] * ROUNDS + _step(run, turn)
    # Small posts send more than is kept here, too: their serials have gaps.
    step = max(2, min(20, 3000 // (len(run.slots) * ROUNDS)))
    serial = place * step + 1 + place * 7 % step
    return Numbered(turn * SLOTS + run.slots[at], run.post, run.year, serial)


def _part(run: Run, at: int, turn: int) -> float:
    """How much of the year is over."""
    return (run.ranks[at] + _step(run, turn) / ROUNDS) / len(run.slots)


def _step(run: Run, turn: int) -> int:
    """Which sixteenth of its place a round takes: not the same for all runs, or half of them would begin in January."""
    return _REVERSED[(turn + run.year + len(run.post.station)) % ROUNDS]


def _list_posts(dice: random.Random) -> list[Station]:
    known = [row for row in rows("posts") if row["kind"] in _PLADS or row["plads"]]
    known.sort(key=lambda row: not row["indicators"])  # the sort is stable: table order otherwise
    posts = [_station(row) for row in known[:POSTS]]
    busiest = [next(post for post in posts if post.station == station) for station in _BUSIEST.split()]
    others = [post for post in posts if post not in busiest]
    dice.shuffle(others)
    return busiest + others


def _station(row: dict[str, str]) -> Station:
    word = _PLADS.get(row["kind"])
    plad = f"{word} {row['station']}" if word else cell_list(row["plads"])[0]
    station = row["station"]
    ri = (*cell_list(row["indicators"]), f"RUEH{station.replace(' ', '')[:3]}")[0]
    return Station(row["name"], station, plad, ri)
