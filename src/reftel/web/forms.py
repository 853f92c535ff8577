"""That a form was sent by a page of ours: its origin, and the token of the session. And that it is not too large.

The token is read before a handler sees anything, out of the header, or out of the form as far as needed: of an upload only the
first field is waited for, and what was read is handed on.
"""

from __future__ import annotations

import re
from hmac import compare_digest
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.types import Message, Receive

from reftel.web.problems import BadRequestError, ForbiddenError, TooLargeError

HEADER = "x-reftel-token"
_FIRST = 4096  # bytes of an upload within which its first field has to end
_NAME = re.compile(rb';\s*name="token"', re.IGNORECASE)
_FORM = b"application/x-www-form-urlencoded"
# What a browser sends to another site without asking it first (the "simple" requests of the Fetch standard).
_SIMPLE = (_FORM, b"multipart/form-data", b"text/plain", b"")


def check_origin(request: Request) -> None:
    """ForbiddenError for what a page of another site has a browser send."""
    origin = request.headers.get("origin")
    is_foreign = origin is not None and origin.partition("://")[2].lower() != request.headers.get("host", "").lower()
    if is_foreign or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForbiddenError(
            "A form of another site was sent here.", "Go back to the reading room, and send it from there."
        )


def needs_asking(request: Request) -> bool:
    """Whether a browser would first ask whether another site's page may send this; it is never told yes."""
    is_simple = request.method == "POST" and _content_type(request)[0] in _SIMPLE
    return not is_simple or "authorization" in request.headers


def is_read_whole(request: Request) -> bool:
    """Whether the body is of a form that nobody reads piece by piece: a form without files, or JSON."""
    return _content_type(request)[0] in (_FORM, b"application/json")


async def check_token(request: Request, receive: Receive, token: str) -> Receive:
    """What the handler is to receive, once the token has been found and is right; ForbiddenError else."""
    said = request.headers.get(HEADER, "")
    read: list[Message] = []
    if not said:
        kind, options = _content_type(request)
        if kind == _FORM:
            said = await _token_of_form(receive, read)
        elif kind == b"multipart/form-data":
            said = await _token_of_upload(receive, read, options.get(b"boundary", b""))
    if not compare_digest(said.encode("utf-8", "replace"), token.encode()):
        raise ForbiddenError(
            "This form is out of date, or no page of this reading room has sent it.",
            f"Go back, load the page again and send it once more. A program sends the header {HEADER}, or a token of its own.",
        )

    async def hand_on() -> Message:
        return read.pop(0) if read else await receive()

    return hand_on


def bound(request: Request, receive: Receive, most: int) -> Receive:
    """The same, but TooLargeError as soon as more than some bytes have come, or are announced."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > most:
        raise _too_large(most)
    come = 0

    async def count() -> Message:
        nonlocal come
        message = await receive()
        come += len(message.get("body", b""))
        if come > most:
            raise _too_large(most)
        return message

    return count


def read_field(form: FormData, name: str) -> str:
    """A field of a form; empty if it is not there, or is a file."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


async def _token_of_form(receive: Receive, read: list[Message]) -> str:
    while not read or read[-1].get("more_body"):
        read.append(await _next(receive))
    body = b"".join(message.get("body", b"") for message in read)
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=1000)
    except ValueError:
        raise BadRequestError("The form has more than 1,000 fields.") from None
    return next((value for name, value in fields if name == "token"), "")


async def _token_of_upload(receive: Receive, read: list[Message], boundary: bytes) -> str:
    """The token has to be the first field."""
    if not boundary:
        return ""
    begun = b""
    mark = b"--" + boundary
    while begun.count(mark) < 2 and len(begun) < _FIRST and (not read or read[-1].get("more_body")):
        read.append(await _next(receive))
        begun += read[-1].get("body", b"")
    pieces = begun[: 2 * _FIRST].split(mark, 2)
    if len(pieces) < 3:
        return ""
    head, _, value = pieces[1].partition(b"\r\n\r\n")
    return value.removesuffix(b"\r\n").decode("utf-8", "replace") if _NAME.search(head) else ""


async def _next(receive: Receive) -> Message:
    message = await receive()
    if message["type"] != "http.request":
        raise BadRequestError("The request broke off.")
    return message


def _content_type(request: Request) -> tuple[bytes, dict[bytes, bytes]]:
    return parse_options_header(request.headers.get("content-type", ""))


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(f"What was sent is larger than {most:,} bytes, which is the most that is taken here.")
