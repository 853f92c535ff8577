"""Addresses in the reading room: the path of a cable, of a search, and the same page with something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

from starlette.requests import Request

from reftel.model import Span

# What stands in the head of every page: path, name
NAVIGATION = (
    ("/search", "Cables"),
    ("/statements", "Statements"),
    ("/positions", "Positions"),
    ("/people", "People"),
    ("/posts", "Posts"),
    ("/desk", "Desk"),
    ("/status", "Status"),
)


def cable_path(
    address: str,
    *,
    query: str = "",
    paragraph: int | None = None,
    statement: int | None = None,
    span: Span | tuple[int, int] | None = None,
) -> str:
    """Where a cable is read. paragraph: index into Cable.paragraphs; statement: into Findings.statements; span: marked, and gone to."""
    wanted = {"q": query} if query else {}
    fragment = ""
    if span is not None:
        wanted["at"], fragment = f"{span[0]}-{span[1]}", "#at"
    elif statement is not None:
        fragment = f"#s{statement}"
    elif paragraph is not None:
        fragment = f"#i{paragraph + 1}"
    asked = f"?{urlencode(wanted)}" if wanted else ""
    return f"/cable/{address_segment(address)}{asked}{fragment}"


def address_segment(address: str) -> str:
    """An address as a part of a path: "#17" is "_17"."""
    return quote(address.replace("#", "_", 1), safe="~")


def address_of(segment: str) -> str:
    """The address that address_segment made a part of a path of."""
    return f"#{segment[1:]}" if segment.startswith("_") else segment


def as_asked(request: Request) -> str:
    """Path and query of a request, as they came."""
    path = request.scope.get("raw_path", request.scope["path"].encode()).decode("latin-1")
    return f"{path}?{request.url.query}" if request.url.query else path


def own_path(text: str) -> str:
    """A path of this reading room, to be gone to next; "/" for anything that a browser might take for another place."""
    is_own = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if is_own and text.isprintable() and " " not in text and len(text) <= 4000 else "/"


def search_path(query: str = "", *, filters: Iterable[str] = (), statements: bool = False) -> str:
    """Where a query is answered."""
    pairs = ([("q", query)] if query else []) + [("f", one) for one in filters]
    return ("/statements" if statements else "/search") + (f"?{urlencode(pairs)}" if pairs else "")


def person_path(name: str) -> str:
    """Where somebody is told of; name: as people and who have it, or an office."""
    return f"/person?{urlencode({'name': name})}"


def with_changed(here: str, asked: str, changes: Mapping[str, str | None], *, form: str = "") -> str:
    """The same page with some parameters set, or left out (None). asked: the query string. form: a suffix, "csv"."""
    kept = [(name, value) for name, value in parse_qsl(asked, keep_blank_values=False) if name not in changes]
    pairs = kept + [(name, value) for name, value in changes.items() if value is not None]
    path = f"{here}.{form}" if form else here
    return f"{path}?{urlencode(pairs)}" if pairs else path


def adding(request: Request, name: str) -> Callable[[str], str]:
    """For a value, the first page of the same list with it as one more value of a parameter that may stand several times."""
    pairs = [(key, held) for key, held in request.query_params.multi_items() if key != "page" and held]
    path = "/search" if request.url.path == "/" else request.url.path
    held = {value for key, value in pairs if key == name}
    before = f"{path}?{urlencode(pairs)}{'&' if pairs else ''}{name}="
    return lambda value: before + _in_query(value) if value not in held else f"{path}?{urlencode(pairs)}"


def without(request: Request, name: str, value: str) -> str:
    """The first page of the same list without it."""
    pairs = [
        (key, held)
        for key, held in request.query_params.multi_items()
        if key != "page" and (key, held) != (name, value)
    ]
    return f"{request.url.path}?{urlencode(pairs)}"


_in_query = lru_cache(1 << 14)(quote_plus)  # the values of facets, hundreds to a page and the same on most
