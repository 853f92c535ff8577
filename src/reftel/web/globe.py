"""A map of posts: the outline of the land, a projection that is true to area, views of it, and posts as dots with their names.

The outline in world.txt was made of Natural Earth's (public domain), in the same projection and units.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

# Equal Earth (Šavrič, Patterson and Jenny, 2018), whose coefficients these are; the drawing is 5,000 units wide, its north pole at 0.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_WIDTH, _UNIT, _EQUATOR = 5000, 923.656, 1217
_RATIO = 2.3  # width of a view to its height
# name in addresses -> name, and south, west, north and east end in degrees
REGIONS = {
    "world": ("World", (-55, -180, 82, 180)),
    "europe": ("Europe", (35, -12, 67, 40)),
    "middle-east": ("Middle East", (11, 25, 43, 72)),
    "africa": ("Africa", (-36, -20, 37, 52)),
    "asia": ("South and East Asia", (-11, 64, 50, 148)),
    "pacific": ("Pacific", (-48, 110, 12, 180)),
    "north-america": ("North and Central America", (6, -125, 52, -58)),
    "south-america": ("South America", (-56, -84, 14, -33)),
}
_LEAST, _MOST = 3.0, 15.0  # radius of a dot, in thousandths of the view's width
_LETTERS = 11.5  # height of the letters of a name, likewise
_NAMED = 60  # names that are tried


class View(NamedTuple):
    """A part of the drawing. x, y: of its upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Spot(NamedTuple):
    """What a dot stands for: key and name of a post, where it is, and how many cables it has."""

    key: str
    name: str
    latitude: float
    longitude: float
    cables: int


class Dot(NamedTuple):
    """A spot in a view: its centre and radius. label: a short name beside it, from (label_x, label_y) on; empty if there is no room."""

    spot: Spot
    x: float
    y: float
    radius: float
    label: str
    label_x: float
    label_y: float


@cache
def outline() -> str:
    """The land, as the data of an SVG path."""
    return "".join(files("reftel.web").joinpath("world.txt").read_text("ascii").split("\n"))


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Where a place is in the drawing: x to the east, y to the south. Degrees, south and west below zero."""
    angle = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = angle * angle
    across = 3 * (9 * _A4 * square**4 + 7 * _A3 * square**3 + 3 * _A2 * square + _A1)
    x = 2 * sqrt(3) * radians(longitude) * cos(angle) / across
    y = angle * (_A4 * square**4 + _A3 * square**3 + _A2 * square + _A1)
    return _WIDTH / 2 + x * _UNIT, _EQUATOR - y * _UNIT


@cache
def view_of(region: str) -> View:
    """The part of the drawing that a row of REGIONS names, grown to the shape that all views have."""
    south, west, north, east = REGIONS[region][1]
    middle = (south + north) / 2
    corners = [project(lat, lon) for lat in (south, 0 if south < 0 < north else middle, north) for lon in (west, east)]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    width = max(right - left, (bottom - top) * _RATIO)
    height = width / _RATIO
    return View(
        round((left + right - width) / 2, 1), round((top + bottom - height) / 2, 1), round(width, 1), round(height, 1)
    )


def letters_in(view: View) -> float:
    """How high the letters of names are in a view, in units of the drawing."""
    return round(_LETTERS * view.width / 1000, 1)


def draw_dots(spots: Iterable[Spot], view: View) -> list[Dot]:
    """The spots that lie in a view, those with most cables first, so that small ones lie on top.

    The area of a dot is by its cables, beside a least size. Posts in one city stand round the one that has most.
    """
    unit = view.width / 1000
    known = sorted(spots, key=lambda spot: (-spot.cables, spot.name))
    most = max((spot.cables for spot in known), default=1)
    taken: dict[tuple[int, int], list[float]] = {}
    dots = []
    for spot in known:
        radius = unit * max(_LEAST, _MOST * sqrt(spot.cables / most))
        x, y = project(spot.latitude, spot.longitude)
        there = taken.setdefault((round(2 * spot.latitude), round(2 * spot.longitude)), [])
        right, down = _AROUND[len(there) % len(_AROUND)]
        away = there[0] + radius if there else 0.0
        there.append(radius)
        x, y = x + right * away, y + down * away
        if 0 <= x - view.x <= view.width and 0 <= y - view.y <= view.height:
            dots.append(Dot(spot, round(x, 1), round(y, 1), round(radius, 1), "", 0.0, 0.0))
    return list(_with_labels(dots, view))


# Where the second, third and further posts of a city stand: right, left, below, above, then aslant.
_AROUND = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def _with_labels(dots: Sequence[Dot], view: View) -> Iterable[Dot]:
    """The dots, with names where these meet neither a dot nor another name."""
    high = letters_in(view)
    taken = [_Box(dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius) for dot in dots]
    for i, dot in enumerate(dots):
        label = _short(dot.spot.name)
        box = _free_box(dot, label, high, taken, view) if i < _NAMED else None
        if box is None:
            yield dot
        else:
            taken.append(box)
            yield dot._replace(label=label, label_x=round(box.left, 1), label_y=round(box.bottom - 0.22 * high, 1))


def _free_box(dot: Dot, label: str, high: float, taken: Sequence[_Box], view: View) -> _Box | None:
    """Room for a name to the right of its dot, to the left, above or below; None if there is none."""
    wide, gap = 0.56 * high * len(label), 0.25 * high
    top = dot.y - high / 2
    for left, above in (
        (dot.x + dot.radius + gap, top),
        (dot.x - dot.radius - gap - wide, top),
        (dot.x - wide / 2, dot.y - dot.radius - gap - high),
        (dot.x - wide / 2, dot.y + dot.radius + gap),
    ):
        box = _Box(left, above, left + wide, above + high)
        is_inside = view.x <= box.left and box.right <= view.x + view.width and view.y <= box.top
        if is_inside and box.bottom <= view.y + view.height and not any(box.meets(other) for other in taken):
            return box
    return None


def _short(name: str) -> str:
    """ "Embassy Kuala Lumpur" is "Kuala Lumpur"."""
    for word in ("Embassy ", "Consulate ", "Mission ", "US Office "):
        if name.startswith(word):
            return name.removeprefix(word)
    return name
