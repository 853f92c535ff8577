"""What went wrong, as an answer: a page to read, or problem+json (RFC 9457) for who asked for data."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from math import ceil
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reftel.errors import AmbiguousError, ProtectedError, ReftelError
from reftel.query import QueryError
from reftel.web.rendering import render
from reftel.web.wanted import wants_data

_log = logging.getLogger("reftel.web")


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error as data. type: a name that stays; code: the same, short; remedy: what to do; at: the place of a slip in the query.

    candidates: what was perhaps meant, where several fit.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str = ""
    at: tuple[int, int] | None = None
    candidates: tuple[str, ...] = ()


class RoomError(Exception):
    """An answer other than 200. code: short and lasting; title, detail, remedy: for who reads it."""

    status, code, title = 500, "error", "Something went wrong"

    def __init__(self, detail: str, remedy: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail, self.remedy, self.headers = detail, remedy, dict(headers or {})


class NotFoundError(RoomError):
    """There is nothing at this address."""

    status, code, title = 404, "not-found", "Not found"


class ForbiddenError(RoomError):
    """Whoever asks may not."""

    status, code, title = 403, "forbidden", "Not allowed"


class BadRequestError(RoomError):
    """The request cannot be read."""

    status, code, title = 400, "bad-request", "The request cannot be read"


class LoginError(RoomError):
    """Nobody is logged in, and somebody has to be."""

    status, code, title = 401, "login", "Log in first"

    def __init__(self, detail: str, remedy: str = "") -> None:
        super().__init__(detail, remedy, {"www-authenticate": 'Bearer realm="reftel"'})


class TooLargeError(RoomError):
    """More was sent than is taken."""

    status, code, title = 413, "too-large", "Too large"


class TooManyError(RoomError):
    """One address asks too often, or has failed to log in too often. wait: seconds."""

    status, code, title = 429, "too-many", "Too many requests"

    def __init__(self, detail: str, wait: float) -> None:
        seconds = max(1, ceil(wait))
        super().__init__(detail, f"Try again in {seconds:,} seconds.", {"retry-after": str(seconds)})


def make_problem(error: Exception) -> Problem:
    """What went wrong, for any error that a handler lets through. Of a bug of ours nothing is told but that it is one."""
    match error:
        case QueryError():
            return Problem(
                "about:query", "The query cannot be read", 400, str(error), "query", at=(error.at, error.end)
            )
        case AmbiguousError():
            named = f"Name one of them: {', '.join(error.candidates)}."
            return Problem(
                "about:ambiguous", "Several fit", 409, str(error), "ambiguous", named, candidates=error.candidates
            )
        case ProtectedError():
            return Problem(
                "about:protected",
                "Not to be told",
                403,
                "That would tell who a protected source is.",
                "protected",
                _SHOWN,
            )
        case ReftelError():
            return Problem("about:request", "That cannot be done", 400, str(error), "request")
        case RoomError():
            return Problem(f"about:{error.code}", error.title, error.status, error.detail, error.code, error.remedy)
        case HTTPException():
            titles = {404: ("not-found", "Not found"), 405: ("method", "Not that way"), 413: ("too-large", "Too large")}
            code, title = titles.get(error.status_code, ("http", "The request cannot be answered"))
            detail = {404: "There is no such page."}.get(error.status_code, error.detail)
            return Problem(f"about:{code}", title, error.status_code, detail, code)
    return Problem(
        "about:bug",
        "Reftel has failed",
        500,
        "This is a mistake of Reftel's, not yours. The terminal where it runs tells more.",
        "bug",
        "Go back and try something else; if it happens again, please report what the terminal says.",
    )


async def answer_error(request: Request, error: Exception) -> Response:
    """The answer to an error, in the form that was asked for. It names no path of this machine; the log does."""
    problem = make_problem(error)
    if problem.code == "bug":
        _log.error("While answering %s:", request.url.path, exc_info=error)
    shown = _without_paths(problem.detail, request.app.state.room.settings.folder)
    if shown != problem.detail:
        _log.error("While answering %s: %s", request.url.path, problem.detail)
        problem = msgspec.structs.replace(problem, detail=shown)
    headers = error.headers if isinstance(error, RoomError | HTTPException) else None
    if wants_data(request):
        return _as_data(problem, headers)
    return render(request, "problem.html", status=problem.status, headers=headers, problem=problem)


class Refusal:
    """An answer for who does not get past the guard: in plain words or as data, without a page of ours."""

    def __init__(self, error: RoomError) -> None:
        self.error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = self.error
        if wants_data(Request(scope)):
            answer = _as_data(make_problem(error), error.headers)
        else:
            said = f"{error.detail} {error.remedy}".strip()
            answer = Response(said, error.status, error.headers, media_type="text/plain; charset=utf-8")
        await answer(scope, receive, send)


def _as_data(problem: Problem, headers: Mapping[str, str] | None) -> Response:
    remedy = problem.remedy or _REMEDIES.get(problem.code, _REMEDY)
    body = msgspec.json.encode(msgspec.structs.replace(problem, remedy=remedy))
    return Response(body, problem.status, headers, media_type="application/problem+json")


def _without_paths(said: str, folder: Path) -> str:
    """A sentence in which what lies in the archive's folder has its name alone, and the folder itself none."""
    return said.replace(f"{folder}{os.sep}", "").replace(str(folder), "its folder")


# For programs: what to do, where the error itself does not say
_REMEDIES = {
    "query": "Mend the query at the place that `at` tells. How queries are written is told under /help.",
    "request": "Ask as the detail says. What each endpoint takes is told at /api/v1/docs.",
    "method": "Use one of the methods that the header Allow lists.",
}
_SHOWN = "Ask for somebody else. On the pages, a keeper may let the names be shown."
_REMEDY = "Check the address. What there is for programs is listed at /api/v1/docs."
