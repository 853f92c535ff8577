"""How much of what a post sent is held: serials count up through a year, so two of them tell how many lie between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from reftel.cite import CableId
from reftel.positions.records import Held

_SETTLED = 30  # days into a year, from which on its highest serial tells the pace of the year


def coverage(ids: Iterable[tuple[CableId, date]], post: str, start: date, end: date) -> Held:
    """The cables of a post between two days, neither of them included: how many are held, and about how many were sent.

    ids: all that is held, in any order; those of other posts are passed over. post: as ids have it ("LONDON").

    Where a serial is held at each end of the stretch, the number between is exact but for the cables of the two days; where one
    is missing, the year's pace (highest serial over days gone) stands in. Serials begin anew each year.
    """
    years: dict[int, list[tuple[date, int]]] = {}
    for cable, day in ids:
        if cable.post == post and cable.year == day.year:
            years.setdefault(cable.year, []).append((day, cable.serial))
    first, last = start + timedelta(1), end - timedelta(1)
    held, sent, exact, known = 0, 0, True, first <= last
    for year in range(first.year, last.year + 1) if first <= last else ():
        serials = sorted(years.get(year, []))
        low, high = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        held += sum(low <= day <= high for day, _ in serials)
        before, is_held = _reached(serials, year, low - timedelta(1))
        after, is_held_too = _reached(serials, year, high)
        if before is None or after is None:
            known = False
            continue
        sent += max(after - before, 0)
        exact = exact and is_held and is_held_too
    sent = max(sent, held)
    return Held(post, start.isoformat(), end.isoformat(), held, sent if known else None, exact and known)


def _reached(serials: list[tuple[date, int]], year: int, day: date) -> tuple[int | None, bool]:
    """The serial that the post had reached when a day was over, and whether it is held rather than reckoned.

    serials: those held of the year, by day. None if too little of the year is held to reckon by.
    """
    if day.year < year:
        return 0, True
    before = [serial for then, serial in serials if then <= day]
    after = [serial for then, serial in serials if then > day]
    on_it = [serial for then, serial in serials if then == day]
    next_day = [serial for then, serial in serials if then == day + timedelta(1)]
    if on_it or next_day:
        return (max(on_it) if on_it else min(next_day) - 1), True
    pace = _pace(serials)
    if pace is None:
        return None, False
    reckoned = round(pace * (day - date(year, 1, 1) + timedelta(1)).days)
    if after:
        reckoned = min(reckoned, min(after) - 1)
    return max(reckoned, max(before, default=0)), False


def _pace(serials: list[tuple[date, int]]) -> float | None:
    """Cables a day, by the highest serial held of the year; None if none is late enough to tell."""
    if not serials:
        return None
    day, serial = max(serials, key=lambda one: one[1])
    gone = (day - date(day.year, 1, 1)).days + 1
    return serial / gone if gone >= _SETTLED else None


def say_held(held: Held, name: str | None = None) -> str:
    """The sentence: "Of about 1,240 cables that Moscow sent between them, this archive holds 3"."""
    who = name or held.post.title()
    count = "none" if not held.held else f"{held.held:,}"
    if held.sent is None:
        return f"How many cables {who} sent between them cannot be told; this archive holds {count}"
    about = "" if held.exact else "about "
    if not held.sent:
        return f"{who} sent none between them, by its serials"
    return f"Of {about}{held.sent:,} cables that {who} sent between them, this archive holds {count}"
