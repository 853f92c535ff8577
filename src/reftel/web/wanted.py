"""In which form an answer is wanted: by the suffix of the path, else by what the client says it accepts."""

from __future__ import annotations

from collections.abc import Collection

from starlette.exceptions import HTTPException
from starlette.requests import Request

_MANUAL = "/api/v1/docs"  # the one page below /api/
# suffix -> media type
FORMS = {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
    "jsonl": "application/jsonl",
}
_ROWS = ("csv", "jsonl")
_ACCEPTED = {**{media: form for form, media in FORMS.items()}, "application/x-ndjson": "jsonl"}


def wanted_form(request: Request, more: Collection[str] = ()) -> str:
    """html, json, csv, jsonl, or one of `more`. A suffix decides; of the `Accept` header the first known type with the highest weight.

    A suffix that is none of these is no page.
    """
    suffix = str(request.path_params.get("form") or "")
    if suffix in FORMS or suffix in more:
        return suffix
    if suffix:
        raise HTTPException(404)
    return _accepts(request)


def wants_data(request: Request) -> bool:
    """Whether the client is a program rather than a reader."""
    path = request.url.path
    return (
        (path.startswith("/api/") and path != _MANUAL)
        or path.rpartition(".")[2] in ("json", "csv", "jsonl")
        or _accepts(request) != "html"
    )


def wants_rows(request: Request) -> bool:
    """Whether all rows of a list are wanted, which are sent as they are found."""
    suffix = request.url.path.rpartition(".")[2]
    return (suffix if suffix in FORMS else _accepts(request)) in _ROWS


def _accepts(request: Request) -> str:
    ranked = sorted(_accepted(request.headers.get("accept", "")), key=lambda pair: -pair[0])
    return next((form for _, media in ranked if (form := _ACCEPTED.get(media))), "html")


def _accepted(header: str) -> list[tuple[float, str]]:
    found = []
    for part in header[:1000].split(","):
        media, _, parameters = part.partition(";")
        weight = parameters.replace(" ", "").rpartition("q=")[2] if "q=" in parameters else "1"
        try:
            found.append((float(weight), media.strip().lower()))
        except ValueError:
            continue
    return found
