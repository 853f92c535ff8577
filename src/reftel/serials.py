"""Serials: a post counts its cables up from 1 each year, so those that are held tell how many it sent.

Everywhere here a serial stands beside the day on which it was given, 1 to 366, as day_of_year has it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date

# Once January is over, a post's serials keep within two thirds and four thirds of its year's pace (seen in a corpus of 2,190 cables).
_FARTHEST = 3  # times the pace of the others, beyond which a serial is believed to be wrong
_SLACK = 50  # serials: in January, and where a post sends few, a pace says little
_SETTLED = 30  # days into a year, from which on a serial tells its pace

_WEEK = 7  # days


def day_of_year(day: date) -> int:
    """1 for 1 January."""
    return day.timetuple().tm_yday


def believable(serials: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The serials of one post and year without those that must be wrong, by day.

    Wrong is what lies more than three times above or below the pace of the others, as a serial with a digit too many does. Where
    no more than half are near one pace none is believed: of two that contradict each other nobody knows the wrong one.
    """
    known = sorted(serials)
    if not known:
        return []
    paces = sorted(serial / day for day, serial in known)
    pace = paces[(len(paces) - 1) // 2]
    near = [(day, serial) for day, serial in known if _is_near(serial, pace * day, day)]
    return near if 2 * len(near) > len(known) else []


def _is_near(serial: int, expected: float, day: int) -> bool:
    # posts are slow after New Year: 10STATE284 of 4 January is right
    is_enough = day < _SETTLED or serial >= expected / _FARTHEST - _SLACK
    return is_enough and serial <= expected * _FARTHEST + _SLACK


def in_line(serials: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row among believable serials that counts up with the days; what was sent late stands out of it."""
    tails: list[int] = []  # the lowest serial on which a row of each length can end
    ends: list[int] = []  # and where it stands
    before: list[int] = []  # what stands before each in the longest row that ends on it; -1 for nothing
    for i, (_, serial) in enumerate(serials):
        length = bisect_right(tails, serial)
        before.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(serial)
            ends.append(i)
        else:
            tails[length], ends[length] = serial, i
    row, at = [], ends[-1] if ends else -1
    while at >= 0:
        row.append(serials[at])
        at = before[at]
    return row[::-1]


def in_place(serials: Sequence[tuple[int, int]], known: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of a year's serials that stand no more than a week from where the row of in_line has them, in their order.

    A post whose cables count in two rows at once (Cairo, February 2010) is so found out.
    """
    row = set(known)
    return [one for one in serials if one in row or _is_in_place(one, known)]


def _is_in_place(one: tuple[int, int], known: Sequence[tuple[int, int]]) -> bool:
    day, serial = one
    before, after = _reached(known, max(day - _WEEK - 1, 0))[0], _reached(known, day + _WEEK)[0]
    return (before is None or before <= serial) and (after is None or serial <= after)


def sent_between(known: Sequence[tuple[int, int]], first: int, last: int) -> tuple[int | None, bool]:
    """How many cables a post sent from one day of a year to another, both included, and whether that is exact.

    known: what in_line gave of that year. It is exact, but for other cables of the two days, where a serial is held at each end;
    between two that are held the count is taken to be even, and behind the last one it goes on at the year's pace. None
    if too little is held to tell.
    """
    before, is_held = _reached(known, first - 1)
    after, is_held_too = _reached(known, last)
    if before is None or after is None:
        return None, False
    return max(after - before, 0), is_held and is_held_too


def _reached(known: Sequence[tuple[int, int]], day: int) -> tuple[int | None, bool]:
    """The serial that a post had reached when a day was over, and whether it is held rather than reckoned."""
    if not known:
        return None, False
    at = bisect_right(known, (day, _ENDLESS))
    then, low = known[at - 1] if at else (0, 0)
    if then == day:
        return low, True
    if at == len(known):
        return (round(low / then * day), False) if then >= _SETTLED else (None, False)
    later, high = known[at]
    if later == day + 1:
        return max(high - 1, low), True
    reckoned = low + round((high - low) * (day - then) / (later - then))
    return max(min(reckoned, high - 1), low), False


_ENDLESS = 1 << 62  # more than any serial
