"""`reftel serve`: the reading room, from the address that is printed until Ctrl-C."""

from __future__ import annotations

import os
import socket
import webbrowser
from contextlib import suppress
from pathlib import Path

import click
import uvicorn

from reftel.cli.errors import said
from reftel.errors import ReftelError
from reftel.web import Settings, make_app


def serve(folder: str, host: str, port: int, opens: bool) -> int:
    """Serves until Ctrl-C; the exit code. port: 0 for any that is free."""
    with said():
        listener = _listen(host, port)
        settings = Settings(Path(folder), host, listener.getsockname()[1])
        app = make_app(settings)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{settings.port}/"
    click.echo(f"The reading room is open at {address} (Ctrl-C closes it)")
    if opens:
        webbrowser.open(address)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
    )
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    click.echo("Closed.")
    return 0


def _listen(host: str, port: int) -> socket.socket:
    """A socket on the address. ReftelError if it cannot be had."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
        if os.name == "posix":  # elsewhere it would let others take the same port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
    except OSError as error:
        raise ReftelError(
            f"Nothing can listen on {host}, port {port}: {error.strerror or error}. Name another with --port."
        ) from None
    return listener
