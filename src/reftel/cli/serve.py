"""`reftel serve`: the reading room, from the address that is printed until Ctrl-C."""

from __future__ import annotations

import os
import socket
import ssl
import webbrowser
from contextlib import suppress
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import NamedTuple

import click
import uvicorn

from reftel.cli.errors import said
from reftel.errors import ReftelError
from reftel.web import Settings, make_app

_AT_ONCE = 500  # connections, where others can reach it


class Opening(NamedTuple):
    """How a room is opened. port: 0 for any that is free. names: by which others call it. proxy: the address it calls from.

    processes: that make pages; None for as many as suit the machine.
    """

    folder: Path
    host: str
    port: int
    login: bool
    names: tuple[str, ...]
    tls_cert: str | None
    tls_key: str | None
    proxy: str | None
    processes: int | None


def serve(opening: Opening, opens: bool) -> int:
    """Serves until Ctrl-C; the exit code."""
    with said():
        _check(opening)
        listener = listen(opening.host, opening.port)
        port = listener.getsockname()[1]
        login = opening.login or opening.proxy is not None
        processes = _suitable() if opening.processes is None else opening.processes
        settings = Settings(opening.folder, opening.host, port, hosts=opening.names, login=login, processes=processes)
        config = _configure(opening, settings)
    name = opening.names[0] if opening.names and not opening.proxy else opening.host
    scheme = "https" if opening.tls_cert else "http"
    address = f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}/"
    if not settings.is_local and not opening.tls_cert and not opening.proxy:
        click.echo(
            "Warning: without TLS passwords and texts can be read on their way. Give --tls-cert and --tls-key, or put a "
            "proxy in front (--proxy).",
            err=True,
        )
    click.echo(f"The reading room is open at {address} (Ctrl-C closes it)")
    if opens:
        webbrowser.open(address)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    click.echo("Closed.")
    return 0


def _suitable() -> int:
    """One a core, and a few for what takes long."""
    return max(4, min(os.cpu_count() or 1, 16))


def _check(opening: Opening) -> None:
    """ReftelError for what does not go together."""
    with suppress(ValueError):
        if ip_address(opening.host).is_unspecified and not opening.names:
            raise ReftelError(
                f"Nobody can call {opening.host}. Say by which name others call this machine: --hostname NAME."
            )
    if bool(opening.tls_cert) != bool(opening.tls_key):
        raise ReftelError("--tls-cert and --tls-key go together. Give both.")
    if opening.proxy is not None:
        try:
            ip_network(opening.proxy)
        except ValueError:
            raise ReftelError(
                f"{opening.proxy} is no address. Give that from which the proxy calls, such as --proxy 127.0.0.1."
            ) from None


def _configure(opening: Opening, settings: Settings) -> uvicorn.Config:
    config = uvicorn.Config(
        make_app(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        limit_concurrency=_AT_ONCE if settings.demands_login else None,
        proxy_headers=opening.proxy is not None,
        forwarded_allow_ips=opening.proxy or "",
        ssl_certfile=opening.tls_cert,
        ssl_keyfile=opening.tls_key,
    )
    try:
        config.load()
    except ssl.SSLError:
        raise ReftelError(
            f"{opening.tls_cert} and {opening.tls_key} are no certificate and its private key. Give two PEM files that belong together."
        ) from None
    except OSError as error:
        raise ReftelError(f"The certificate or its key cannot be read: {error.strerror or error}.") from None
    return config


def listen(host: str, port: int) -> socket.socket:
    """A socket on the address. ReftelError if it cannot be had."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # with its protocol, else asyncio leaves Nagle's algorithm on, and every other answer waits 40 ms for an acknowledgement
        listener = socket.socket(family, kind, protocol)
        if os.name == "posix":  # elsewhere it would let others take the same port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen()  # who follows the printed address at once is kept waiting, not turned away
    except OSError as error:
        raise ReftelError(
            f"Nothing can listen on {host}, port {port}: {error.strerror or error}. Name another with --port."
        ) from None
    return listener
