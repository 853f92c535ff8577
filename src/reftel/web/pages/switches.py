"""What a session shows otherwise: protected names, and the colours."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reftel.web.forms import read_field
from reftel.web.guard import KEEPER, demand
from reftel.web.places import own_path
from reftel.web.rendering import THEMES, render

_YEAR = 365 * 24 * 3600


async def show_names(request: Request) -> Response:
    """What it means to show protected names, and the button that does."""
    demand(request, KEEPER)
    return render(request, "names.html", after=own_path(request.query_params.get("back", "/")))


async def switch_names(request: Request) -> Response:
    """Protected names are shown in this session (field `show`), or hidden again."""
    form = await request.form(max_files=0)
    await request.app.state.sessions.show_names(request, bool(read_field(form, "show")))
    return RedirectResponse(own_path(read_field(form, "back")), 303)


async def switch_theme(request: Request) -> Response:
    """The colours of all pages in this browser, for a year."""
    form = await request.form(max_files=0)
    theme = read_field(form, "theme")
    answer = RedirectResponse(own_path(read_field(form, "back")), 303)
    answer.set_cookie(
        "theme",
        theme if theme in THEMES else THEMES[0],
        max_age=_YEAR,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer
