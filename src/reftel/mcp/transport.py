"""How the server is spoken to: over standard input and output, or over HTTP on this machine alone."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from reftel.errors import ReftelError
from reftel.mcp.room import Room
from reftel.mcp.server import make_server

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

PATH = "/mcp"
LOOPBACK = ("127.0.0.1", "::1")
# What a request may call this server by: a page of the web that leads a browser here has another name.
_NAMES = ("127.0.0.1", "localhost", "[::1]")


def serve_stdio(room: Room) -> None:
    """Answers on standard input and output until the input ends; nothing but the protocol is written there."""
    make_server(room).run("stdio")


def serve_http(room: Room, host: str, port: int, say: Callable[[str], object]) -> None:
    """Answers over HTTP on this machine alone until it is stopped. port: 0 for any that is free. say: told the address.

    ReftelError if the host is not a loopback address: there is no login.
    """
    server = make_server(room)
    bound = _bind(host, port)
    with bound:
        name = f"[{bound.getsockname()[0]}]" if bound.family == socket.AF_INET6 else bound.getsockname()[0]
        say(f"http://{name}:{bound.getsockname()[1]}{PATH}")
        import_module("anyio").run(partial(_listen, server, bound))


async def _listen(server: MCPServer[Any], bound: socket.socket) -> None:
    import uvicorn

    security = import_module("mcp.server.transport_security").TransportSecuritySettings(
        allowed_hosts=[f"{name}:*" for name in _NAMES],
        allowed_origins=[f"http://{name}:*" for name in _NAMES],
    )
    app = server.streamable_http_app(
        streamable_http_path=PATH, json_response=True, stateless_http=True, transport_security=security
    )
    config = uvicorn.Config(app, log_level="warning", access_log=False, ws="none")
    await uvicorn.Server(config).serve(sockets=[bound])


def _bind(host: str, port: int) -> socket.socket:
    """A socket that listens on a loopback address."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise ReftelError(f"There is no address {host!r}. Leave out --host, or give 127.0.0.1 or ::1.") from None
    family, kind, protocol, _, address = found[0]
    if address[0] not in LOOPBACK:
        raise ReftelError(
            f"{host} can be reached by other machines, and the MCP server has no login. Leave out --host, or give 127.0.0.1 or ::1."
        )
    bound = socket.socket(family, kind, protocol)  # with its protocol: else asyncio leaves Nagle's algorithm on
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()  # from now on nobody who calls is turned away
    except OSError as error:
        bound.close()
        raise ReftelError(
            f"Port {port} of {host} cannot be had: {error.strerror or error}. Name another with --port."
        ) from None
    return bound
