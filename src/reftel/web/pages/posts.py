"""Posts: a map and a list of what is held of each, and one post by year and month, beside what it sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from reftel.archive.holdings import Holdings, Month, PostHoldings, Year, pick_post
from reftel.exports.statements import stream_rows
from reftel.tables import Place, find_place, find_post
from reftel.tables.posts import station_key
from reftel.web.asked import read_choice
from reftel.web.globe import REGIONS, Spot, draw_dots, letters_in, outline, view_of
from reftel.web.places import search_path
from reftel.web.problems import BadRequestError, NotFoundError
from reftel.web.rendering import render
from reftel.web.room import Room
from reftel.web.wanted import FORMS, wanted_form

# order of the list -> what it says in its heading
ORDERS = {"held": "Cables", "name": "Post", "country": "Country"}
_COUNTS = ("held", "sent", "exact", "lowest", "highest")
COLUMNS = ("name", "key", "country", "kind", "year", *_COUNTS, "until", "odd")
MONTH_COLUMNS = ("name", "key", "month", *_COUNTS)
_SHADES = 5  # of the cells of the months, from few cables to many


class Row(NamedTuple):
    """A post of the list. first, last: years of its cables, None if none has a date. sent: of the years of which it can be told, and held of
    these; None if of none. share: what is held of what was sent, in per cent.
    """

    post: PostHoldings
    first: int | None
    last: int | None
    sent: int | None
    held_of_sent: int
    share: float
    is_placed: bool


class Cell(NamedTuple):
    """A month or year of a post: what is held and was sent, in which shade, and the search that finds it; no path if nothing is held."""

    part: Month | Year
    path: str
    shade: int
    share: float


class Line(NamedTuple):
    """A year of a post with its months; or years of which nothing is held, from `year` to `last`: then there are no cells."""

    year: int
    last: int
    whole: Cell | None
    months: list[Cell | None]


async def show_posts(request: Request) -> Response:
    """The map and the list, of all posts or those of a country; as a page, or as JSON, CSV or JSON Lines."""
    order = read_choice(request, "sort", tuple(ORDERS))
    region = read_choice(request, "region", tuple(REGIONS))
    holdings = await _holdings(request)
    countries = sorted({post.country for post in holdings.posts if post.country})
    country = request.query_params.get("country", "").strip()
    if country and country not in countries:
        raise BadRequestError(f"No post in {country[:60]} sent a cable that is held.", "Choose one of the list.")
    chosen = _sort((post for post in holdings.posts if not country or post.country == country), order)
    form = wanted_form(request)
    if form == "json":
        told = {**_plain(holdings), "posts": [_describe(post) for post in chosen]}
        return Response(msgspec.json.encode(told) + b"\n", media_type=FORMS["json"])
    if form != "html":
        return _send((row for post in chosen for row in _year_rows(post)), COLUMNS, form, "posts")
    view = view_of(region)
    return render(
        request,
        "posts.html",
        holdings=holdings,
        rows=[_make_row(post) for post in chosen],
        held=sum(post.held for post in chosen),
        countries=countries,
        country=country,
        order=order,
        orders=ORDERS,
        region=region,
        regions=REGIONS,
        view=view,
        dots=draw_dots(_spots(chosen), view),
        land=outline(),
        letters=letters_in(view),
    )


async def show_post(request: Request) -> Response:
    """One post, by year and month; likewise. The post may be named in any spelling."""
    name = request.path_params["station"]
    holdings = await _holdings(request)
    post = pick_post(holdings, name)
    if post is None:
        raise NotFoundError(f"This archive holds no cable of a post {name[:60]}.", "Which posts it has: see Posts.")
    form = wanted_form(request)
    if form == "json":
        return Response(msgspec.json.encode(_describe(post, months=True)) + b"\n", media_type=FORMS["json"])
    if form != "html":
        return _send(_month_rows(post), MONTH_COLUMNS, form, post.key.lower())
    sender = _sender(post)
    return render(
        request,
        "post.html",
        post=post,
        row=_make_row(post),
        city=_city_apart(post),
        lines=list(_lines(post)),
        everything=search_path(sender),
        undated=search_path(f"{sender} -date:1900..2100"),
        odd=sum(year.odd for year in post.years),
        last=holdings.last,
    )


async def _holdings(request: Request) -> Holdings:
    room: Room = request.app.state.room
    return await room.run(lambda archive: room.remember(archive, ("holdings",), archive.holdings))


def _sort(posts: Iterable[PostHoldings], order: str) -> list[PostHoldings]:
    keys: Mapping[str, Any] = {
        "held": lambda post: (-post.held, post.name),
        "name": lambda post: _plain_name(post.name),
        "country": lambda post: (post.country or "\uffff", -post.held, post.name),
    }
    return sorted(posts, key=keys[order])


def _plain_name(name: str) -> tuple[str, str]:
    """By the city: "Embassy London" stands under L."""
    kind, _, city = name.partition(" ")
    return (city, kind) if kind in ("Embassy", "Consulate", "Mission", "REO") else (name, "")


def _make_row(post: PostHoldings) -> Row:
    told = [year for year in post.years if year.sent is not None]
    sent = sum(year.sent or 0 for year in told)
    held = sum(year.held for year in told)
    years = [year.year for year in post.years]
    return Row(
        post,
        min(years, default=None),
        max(years, default=None),
        sent if told else None,
        held,
        _share(held, sent),
        _place_of(post) is not None,
    )


def _spots(posts: Iterable[PostHoldings]) -> Iterator[Spot]:
    for post in posts:
        place = _place_of(post)
        if place is not None:
            yield Spot(post.key, post.name, place.latitude, place.longitude, post.held)


def _place_of(post: PostHoldings) -> Place | None:
    found = find_post(post.name)
    return find_place(found) if found is not None else None


def _city_apart(post: PostHoldings) -> str | None:
    """The city of a post whose name does not tell it: Brussels of Mission USNATO."""
    place = _place_of(post)
    return place.city if place is not None and station_key(place.city) not in station_key(post.name) else None


def _lines(post: PostHoldings) -> Iterator[Line]:
    """The years of a post, and the gaps between them."""
    most = max((month.held for year in post.years for month in year.months), default=0)
    before = None
    for year in post.years:
        if before is not None and year.year > before + 1:
            yield Line(before + 1, year.year - 1, None, [])
        before = year.year
        cells = {month.month: _make_cell(post, month, month.month, most) for month in year.months}
        whole = _make_cell(post, year, str(year.year), 0)
        yield Line(year.year, year.year, whole, [cells.get(f"{year.year}-{n:02}") for n in range(1, 13)])


def _make_cell(post: PostHoldings, part: Month | Year, date: str, most: int) -> Cell:
    path = search_path(f"{_sender(post)} date:{date}") if part.held else ""
    shade = -(-part.held * _SHADES // most) if most else 0
    return Cell(part, path, shade, _share(part.held, part.sent or 0))


def _share(held: int, sent: int) -> float:
    return round(100 * held / sent, 2) if sent else 0.0


def _sender(post: PostHoldings) -> str:
    """The query for the cables of a post. Its full name, since `from:mexico` would be all posts in Mexico."""
    return 'from:"{}"'.format(post.name.replace('"', " "))


def _plain(holdings: Holdings) -> dict[str, Any]:
    return {name: getattr(holdings, name) for name in ("cables", "senderless", "first", "last")}


def _describe(post: PostHoldings, *, months: bool = False) -> dict[str, Any]:
    """A post as data, with its place; its years without the months unless these are asked for."""
    told: dict[str, Any] = msgspec.to_builtins(post)
    place = _place_of(post)
    for year in told["years"] if not months else ():
        del year["months"]
    return {**told, "place": place._asdict() if place is not None else None}


def _year_rows(post: PostHoldings) -> Iterator[dict[str, Any]]:
    for year in post.years:
        told = msgspec.to_builtins(year)
        yield {**{name: getattr(post, name) for name in ("name", "key", "country", "kind")}, **told}


def _month_rows(post: PostHoldings) -> Iterator[dict[str, Any]]:
    for year in post.years:
        for month in year.months:
            yield {"name": post.name, "key": post.key, **msgspec.to_builtins(month)}


def _send(rows: Iterable[dict[str, Any]], columns: Sequence[str], form: str, name: str) -> Response:
    chosen = [{column: row[column] for column in columns} for row in rows]
    return Response(
        b"".join(stream_rows(form, chosen, columns)),
        media_type=FORMS[form],
        headers={"content-disposition": f'attachment; filename="{name}.{form}"'},
    )
