"""What the archive holds of what each post sent, by year and month; how many it sent is told by the serials."""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from reftel.archive.store import Store
from reftel.cite import parse_id
from reftel.model import Record
from reftel.serials import believable, day_of_year, in_line, in_place, sent_between
from reftel.tables import find_post
from reftel.tables.posts import station_key

# The serials of a delegation begin anew with each journey (06PARTO9).
_UNCOUNTED = "delegation"
_ENDLESS = 100_000_000  # a number of more than eight digits is no serial


class Month(Record, frozen=True):
    """A month of a post. month: "2008-12". sent: None if it cannot be told. exact: whether it is no estimate.

    lowest, highest: of the serials that are held and in their place among the others; None if there is none.
    """

    month: str
    held: int
    sent: int | None
    exact: bool
    lowest: int | None
    highest: int | None


class Year(Record, frozen=True):
    """A year of a post; see Month. until: the last day that `sent` counts, which is not beyond the last that the archive holds.

    odd: serials that are not in their place among the others; with one of them the year is not exact. months: those in which something is held, and all until then if it
    can be told how many were sent.
    """

    year: int
    held: int
    sent: int | None
    exact: bool
    lowest: int | None
    highest: int | None
    until: str | None
    odd: int
    months: tuple[Month, ...]


class PostHoldings(Record, frozen=True):
    """What is held of one post. name: canonical, or as its cables have it; key: the station as ids have it.

    station, country, kind: as in reftel.tables.Post, None if the tables do not know it. held: all of its cables; undated: those
    without a date; unnumbered: those with a date but without a serial that this post gave in that year. years: of the dates.
    """

    name: str
    key: str
    station: str | None
    country: str | None
    kind: str | None
    held: int
    undated: int
    unnumbered: int
    years: tuple[Year, ...]


class Holdings(Record, frozen=True):
    """What is held of all posts. cables: of the archive; senderless: those of which nobody tells the sender. posts: by name.

    first, last: days of the first and last cable whose id has the year of its date; None if there is none.
    """

    cables: int
    senderless: int
    first: str | None
    last: str | None
    posts: tuple[PostHoldings, ...]


def read_holdings(store: Store) -> Holdings:
    """What is held of every post, in one pass over the cables.

    A cable is held of the post that sent it, as in `from:`. Its serial counts for the post that its id names, and only if the
    id has the year of the date: a serial of a wrong year would tell of neither.
    """
    held: defaultdict[str | None, Counter[str]] = defaultdict(Counter)  # by sender, then by month
    undated: Counter[str | None] = Counter()
    unnumbered: Counter[str | None] = Counter()
    serials: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)  # by post and year
    days: set[str] = set()
    for (sender, start), found in _gather(store).items():
        named = _read_start(start) if start else None
        for day, serial in found:
            if day is None:
                undated[sender] += 1
                continue
            held[sender][day[:7]] += 1
            year, at = _read_day(day)
            if named is not None and named[1] == year and 0 < serial < _ENDLESS:
                serials[named].append((at, serial))
                unnumbered[sender] += named[0] != sender
                days.add(day)
            else:
                unnumbered[sender] += 1
    first, last = min(days, default=None), max(days, default=None)
    end = date.fromisoformat(last) if last else date.max
    return Holdings(
        cables=sum(months.total() for months in held.values()) + undated.total(),
        senderless=held[None].total() + undated[None],
        first=first,
        last=last,
        posts=tuple(
            _make_post(name, held[name], undated[name], unnumbered[name], serials, end)
            for name in sorted(name for name in {*held, *undated} if name is not None)
        ),
    )


def pick_post(holdings: Holdings, name: str) -> PostHoldings | None:
    """The post of a name, in any spelling; None if nothing of it is held."""
    post = find_post(name)
    wanted = post.name if post is not None else None
    key = station_key(name)
    return next((one for one in holdings.posts if one.name == wanted or (wanted is None and one.key == key)), None)


def _gather(store: Store) -> dict[tuple[str | None, str | None], list[tuple[str | None, int]]]:
    """Day and serial of every cable, by its sender and what stands before the serial in its id ("09LONDON"); 0 for no serial."""
    before = "rtrim(id, '0123456789')"
    gathered: defaultdict[tuple[str | None, str | None], list[tuple[str | None, int]]] = defaultdict(list)
    for sender, start, serial, day in store.rows(
        f"SELECT post, {before}, CAST(coalesce(substr(id, length({before}) + 1), 0) AS INTEGER), date "
        "FROM cables WHERE lead IS NOT NULL"
    ):
        gathered[sender, start].append((day, serial))
    return gathered


@lru_cache(maxsize=16384)
def _read_start(start: str) -> tuple[str, int] | None:
    """Post and year of the ids that begin so: "09LONDON" is Embassy London, 2009."""
    parsed = parse_id(f"{start}1")
    post = find_post(parsed.post) if parsed is not None else None
    return (post.name, parsed.year) if parsed is not None and post is not None else None


@lru_cache(maxsize=16384)
def _read_day(day: str) -> tuple[int, int]:
    found = date.fromisoformat(day)
    return found.year, day_of_year(found)


def _make_post(
    name: str,
    held: Counter[str],
    undated: int,
    unnumbered: int,
    serials: Mapping[tuple[str, int], list[tuple[int, int]]],
    end: date,
) -> PostHoldings:
    """held: cables by month. serials: by post and year, as they are. end: the last day that is reckoned with."""
    found = find_post(name)
    post = find_post(found.name) if found is not None else None  # under its main station
    years: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for month, count in held.items():
        years[int(month[:4])][month] = count
    counts = post is None or post.kind != _UNCOUNTED
    return PostHoldings(
        name=name,
        key=post.key if post is not None else station_key(name),
        station=post.station if post is not None else None,
        country=post.country if post is not None else None,
        kind=post.kind if post is not None else None,
        held=held.total() + undated,
        undated=undated,
        unnumbered=unnumbered,
        years=tuple(
            _make_year(year, years[year], serials.get((name, year), []) if counts else [], end)
            for year in sorted(years)
        ),
    )


def _make_year(year: int, held: Mapping[str, int], serials: Sequence[tuple[int, int]], end: date) -> Year:
    """held: cables by month. serials: as they are."""
    believed = believable(serials)
    known = in_line(believed)
    placed = in_place(believed, known)
    until = min(date(year, 12, 31), end)
    count = sum(held.values())
    months = tuple(_make_months(year, held, placed, known, until))
    sent, exact = _reckon(known, 1, day_of_year(until), count)
    lowest, highest = _ends(placed, 1, 366)
    odd = len(serials) - len(placed)
    return Year(
        year=year,
        held=count,
        sent=sent,
        exact=exact and not odd,
        lowest=lowest,
        highest=highest,
        until=until.isoformat() if sent is not None else None,
        odd=odd,
        months=months,
    )


def _make_months(
    year: int,
    held: Mapping[str, int],
    placed: Sequence[tuple[int, int]],
    known: Sequence[tuple[int, int]],
    until: date,
) -> Iterator[Month]:
    end = day_of_year(until) if until.year == year else 0
    first = 1
    for number in range(1, 13):
        month, last = f"{year}-{number:02}", first + monthrange(year, number)[1] - 1
        count = held.get(month, 0)
        sent, exact = _reckon(known, first, min(last, end), count) if first <= end else (None, False)
        if count or sent is not None:
            lowest, highest = _ends(placed, first, last)
            yield Month(month, count, sent, exact, lowest, highest)
        first = last + 1


def _reckon(known: Sequence[tuple[int, int]], first: int, last: int, held: int) -> tuple[int | None, bool]:
    """As sent_between, but never fewer than are held: two texts may have one id, and a cable another post's."""
    sent, exact = sent_between(known, first, last)
    return (None, False) if sent is None else (max(sent, held), exact and sent >= held)


def _ends(placed: Sequence[tuple[int, int]], first: int, last: int) -> tuple[int | None, int | None]:
    """The lowest and the highest serial from one day to another, both included; None if there is none."""
    start, stop = bisect_left(placed, (first,)), bisect_left(placed, (last + 1,))
    found = [serial for _, serial in placed[start:stop]]
    return min(found, default=None), max(found, default=None)
