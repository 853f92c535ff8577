"""Templates -> pages: one environment, everything escaped, undefined names an error."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from reftel.errors import DEFECTS
from reftel.exports.entry import printable
from reftel.web.places import NAVIGATION, adding, as_asked, cable_path, search_path, with_changed, without
from reftel.web.saying import coded, mark_up, say_count, say_day, say_many, say_moment, say_size, visible

THEMES = ("auto", "light", "dark")


def render(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page. Beside the values a template has `request`, `session`, `theme`, and `back`: where a switch leads back to."""
    theme = request.cookies.get("theme", "auto")
    page = (
        environment()
        .get_template(template)
        .render(
            request=request,
            session=request.scope["state"]["session"],
            room=request.app.state.room.settings,
            theme=theme if theme in THEMES else "auto",
            here=request.url.path,
            back=as_asked(request),
            **values,
        )
    )
    return HTMLResponse(page, status, dict(headers or {}))


@cache
def environment() -> Environment:
    """The environment that all pages are made in."""
    made = Environment(
        loader=PackageLoader("reftel.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(count=say_count, many=say_many, day=say_day, printable=printable, mark_up=mark_up, coded=coded)
    made.filters.update(moment=say_moment, size=say_size)
    made.filters["visible"] = visible
    made.globals.update(
        defects=DEFECTS,
        navigation=NAVIGATION,
        cable_path=cable_path,
        search_path=search_path,
        with_changed=with_changed,
        adding=adding,
        without=without,
        asset=asset,
    )
    return made


@cache
def asset(name: str) -> Markup:
    """The address of a static file, with a digest, so that browsers may keep it for good."""
    data = files("reftel.web").joinpath("static", name).read_bytes()
    return Markup(f"/static/{blake2b(data, digest_size=6).hexdigest()}/{name}")
