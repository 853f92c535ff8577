"""Coming in and going out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reftel.web.forms import read_field
from reftel.web.guard import session_of
from reftel.web.places import own_path
from reftel.web.rendering import render
from reftel.web.sessions import Sessions, write_cookie


async def show_login(request: Request) -> Response:
    """The login; for who is in already, the page that he wanted."""
    after = own_path(request.query_params.get("next", "/"))
    if session_of(request).role:
        return RedirectResponse(after, 303)
    return render(request, "login.html", after=after, name="", failed=False)


async def log_in(request: Request) -> Response:
    """A new session with a new cookie, or the login again."""
    form = await request.form(max_files=0)
    sessions: Sessions = request.app.state.sessions
    after, name = own_path(read_field(form, "next")), read_field(form, "name")
    if session_of(request).role:
        return RedirectResponse(after, 303)
    cookie = await sessions.log_in(request, name, read_field(form, "password"))
    if cookie is None:
        return render(request, "login.html", status=403, after=after, name=name, failed=True)
    answer = RedirectResponse(after, 303)
    write_cookie(answer.headers, request, cookie)
    return answer


async def log_out(request: Request) -> Response:
    """The session ends."""
    await request.app.state.sessions.log_out(request)
    return RedirectResponse("/", 303)
