"""How much of what a post sent is held: serials count up through a year, so two of them tell how many lie between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from reftel.cite import CableId
from reftel.positions.records import Held
from reftel.serials import believable, day_of_year, in_line, sent_between


def coverage(ids: Iterable[tuple[CableId, date]], post: str, start: date, end: date) -> Held:
    """The cables of a post between two days, neither of them included: how many are held, and about how many were sent.

    ids: all that is held, in any order; those of other posts are passed over. post: as ids have it ("LONDON").

    Where a serial is held at each end of the stretch, the number between is exact but for the cables of the two days; where one
    is missing, it is reckoned from the serials held before and after. Serials begin anew each year.
    """
    years: dict[int, list[tuple[int, int]]] = {}
    for cable, day in ids:
        if cable.post == post and cable.year == day.year:
            years.setdefault(cable.year, []).append((day_of_year(day), cable.serial))
    first, last = start + timedelta(1), end - timedelta(1)
    held, sent, exact, known = 0, 0, True, first <= last
    for year in range(first.year, last.year + 1) if first <= last else ():
        serials = years.get(year, [])
        low = day_of_year(max(first, date(year, 1, 1)))
        high = day_of_year(min(last, date(year, 12, 31)))
        held += sum(low <= day <= high for day, _ in serials)
        between, is_exact = sent_between(in_line(believable(serials)), low, high)
        known = known and between is not None
        sent += between or 0
        exact = exact and is_exact
    sent = max(sent, held)
    return Held(post, start.isoformat(), end.isoformat(), held, sent if known else None, exact and known)


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
