"""What went wrong, as an answer: a page to read, or problem+json (RFC 9457) for who asked for data."""

from __future__ import annotations

import logging

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reftel.errors import ReftelError
from reftel.query import QueryError
from reftel.web.rendering import render
from reftel.web.wanted import wants_data

_log = logging.getLogger("reftel.web")


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error as data. type: a name that stays; code: the same, short; remedy: what to do; at: the place of a slip in the query."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str = ""
    at: tuple[int, int] | None = None


class RoomError(Exception):
    """An answer other than 200. code: short and lasting; title, detail, remedy: for who reads it."""

    status, code, title = 500, "error", "Something went wrong"

    def __init__(self, detail: str, remedy: str = "") -> None:
        super().__init__(detail)
        self.detail, self.remedy = detail, remedy


class NotFoundError(RoomError):
    """There is nothing at this address."""

    status, code, title = 404, "not-found", "Not found"


class ForbiddenError(RoomError):
    """Whoever asks may not."""

    status, code, title = 403, "forbidden", "Not allowed"


class BadRequestError(RoomError):
    """The request cannot be read."""

    status, code, title = 400, "bad-request", "The request cannot be read"


def make_problem(error: Exception) -> Problem:
    """What went wrong, for any error that a handler lets through. Of a bug of ours nothing is told but that it is one."""
    match error:
        case QueryError():
            return Problem(
                "about:query", "The query cannot be read", 400, str(error), "query", at=(error.at, error.end)
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
    """The answer to an error, in the form that was asked for."""
    problem = make_problem(error)
    if problem.code == "bug":
        _log.error("While answering %s:", request.url.path, exc_info=error)
    if wants_data(request):
        return Response(msgspec.json.encode(problem), problem.status, media_type="application/problem+json")
    return render(request, "problem.html", status=problem.status, problem=problem)


class Refusal:
    """An answer for who does not get past the guard: told in plain words, without a page of ours."""

    def __init__(self, status: int, said: str) -> None:
        self._response = Response(said, status, media_type="text/plain; charset=utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._response(scope, receive, send)
