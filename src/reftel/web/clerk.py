"""A process that makes pages: a request is a message, the whole answer another. Whoever asks has been let in already (door.py).

It has what a page depends on, the archive and the session that comes with the request, and nothing that only one process can have: no
logins, no jobs.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from anyio import to_thread
from starlette.types import ASGIApp, Message, Scope

from reftel.model import Record
from reftel.pipeline.child import Parent
from reftel.web.guard import Session
from reftel.web.settings import Settings


class Asked(Record, frozen=True):
    """A request that sends nothing. headers: as they came; server: by which host and port it is called."""

    method: str
    scheme: str
    path: str
    raw_path: bytes
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    server: tuple[str, int | None] | None
    session: Session


class Answered(Record, frozen=True):
    """An answer as a whole."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def encode(message: Settings | Asked | Answered) -> bytes:
    """A message as it goes through the pipe."""
    return msgspec.msgpack.encode(message, enc_hook=os.fsencode)  # a Path is bytes, which any of them can be


def decode_answer(message: bytes) -> Answered:
    """An answer out of the pipe."""
    return msgspec.msgpack.decode(message, type=Answered)


def main() -> None:
    """Answers until there is nobody left who asks. The first message says which room it is."""
    from reftel.web.app import make_clerk_app

    parent = Parent()
    messages = parent.messages()
    settings = msgspec.msgpack.decode(next(messages), type=Settings, dec_hook=lambda _, path: Path(os.fsdecode(path)))
    app = make_clerk_app(settings)
    gc.freeze()  # modules and tables stay; they need not be looked through for what can go
    asyncio.run(_answer_all(parent, messages, app))


async def _answer_all(parent: Parent, messages: Iterator[bytes], app: ASGIApp) -> None:
    while True:
        asked = msgspec.msgpack.decode(await to_thread.run_sync(next, messages), type=Asked)
        parent.answer(encode(await answer(app, asked)))


async def answer(app: ASGIApp, asked: Asked) -> Answered:
    """What an application answers to a request."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": asked.scheme,
        "path": asked.path,
        "raw_path": asked.raw_path,
        "root_path": "",
        "query_string": asked.query,
        "headers": asked.headers,
        "client": None,
        "server": asked.server,
        "state": {"session": asked.session},
    }
    status, headers, body = 500, tuple[tuple[bytes, bytes], ...](), bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], tuple((name, value) for name, value in message["headers"])
        else:
            body.extend(message.get("body", b""))

    with suppress(
        Exception
    ):  # that has been answered, and told in the log (problems.py); it comes out here for the server's own log
        await app(scope, receive, send)
    return Answered(status, headers, bytes(body))
