"""How hits spread over the months, as bars: to look at, to click on, and to brush with a script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 960, 84
_TOP = 4
_WIDEST = 72.0  # of a year
_MOST = 240  # bars; over more months than these, each bar is a year


class Bar(NamedTuple):
    """A month or year. query: what finds it. x, width, y, height: in the picture. label: below the bar, or empty."""

    said: str
    query: str
    cables: int
    x: float
    width: float
    y: float
    height: float
    label: str


def draw_months(months: Sequence[tuple[str, int]]) -> list[Bar]:
    """The bars of ("2008-12", 17) and so on, in order, months without hits between them included. None of fewer than two months."""
    counts = dict(months)
    if len(counts) < 2:
        return []
    first, last = min(counts), max(counts)
    span = [_month(at) for at in range(_number(first), _number(last) + 1)]
    if len(span) > _MOST:
        years: dict[str, int] = {f"{year:04d}": 0 for year in range(int(first[:4]), int(last[:4]) + 1)}
        for month, count in counts.items():
            years[month[:4]] += count
        counts, span = years, list(years)
    most = max(counts.values())
    width = WIDTH / len(span)
    labelled = _labelled(span)
    bars = []
    for i, name in enumerate(span):
        count = counts.get(name, 0)
        height = max(2.0, count / most * (HEIGHT - _TOP)) if count else 0.0
        bars.append(
            Bar(
                name, f"date:{name}", count, round(i * width, 2), round(width, 2), round(HEIGHT - height, 2), round(height, 2),
                name[:4] if i in labelled else "",
            )
        )  # fmt: skip
    return bars


def draw_years(years: Sequence[tuple[str, int]]) -> list[Bar]:
    """The bars of ("2008", 17) and so on, years without any between them included. What is no year is left out."""
    counts = {year: count for year, count in years if year.isdecimal() and count}
    if not counts:
        return []
    span = [f"{year:04d}" for year in range(int(min(counts)), int(max(counts)) + 1)]
    width = min(WIDTH / len(span), _WIDEST)
    most = max(counts.values())
    every = -(-len(span) // 12)
    bars = []
    for i, year in enumerate(span):
        count = counts.get(year, 0)
        height = max(2.0, count / most * (HEIGHT - _TOP)) if count else 0.0
        label = year if i % every == 0 else ""
        bars.append(
            Bar(year, f"date:{year}", count, round(i * width, 2), round(width, 2), round(HEIGHT - height, 2), round(height, 2), label)
        )  # fmt: skip
    return bars


def _labelled(span: list[str]) -> set[int]:
    """Which bars have the year below them: Januaries, as many as there is room for; the first bar if there is none."""
    starts = [i for i, name in enumerate(span) if len(name) == 4 or name.endswith("-01")]
    every = max(1, -(-len(starts) // 16))
    return set(starts[::every]) or {0}


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
