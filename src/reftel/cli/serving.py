"""The commands that serve an archive to others, and what their help says; each does its work in a module of its own."""

from __future__ import annotations

from contextlib import suppress

import click

from reftel.cli.options import archive_option, unmask_option


@click.command("mcp")
@archive_option
@click.option("--http", is_flag=True, help="Over streamable HTTP, not over standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --http: an address of this machine alone.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="With --http; 0 for any.")
@unmask_option
def mcp_command(archive: str, http: bool, host: str, port: int, unmask: bool) -> None:
    """Serve an archive to an assistant, by the Model Context Protocol.

    Ten tools that read: search, cards, texts, statements, positions, persons, citations, whether a quote is true. Protected
    sources have pseudonyms, and cannot be asked for. Without --http an assistant starts the command itself; docs/mcp.md
    tells how. Needs: pip install "reftel[mcp]".

    \b
      reftel mcp
      reftel mcp --http --port 8765
    """
    from reftel.cli.errors import said
    from reftel.mcp.room import Room
    from reftel.mcp.server import load_sdk
    from reftel.mcp.transport import serve_http, serve_stdio
    from reftel.workbench import Archive

    with said(), suppress(KeyboardInterrupt):
        load_sdk()
        with Archive.open(archive) as opened:
            room = Room(opened, masked=not unmask)
            if http:
                serve_http(room, host, port, lambda address: click.echo(f"Listening at {address}", err=True))
            else:
                serve_stdio(room)


COMMANDS = (mcp_command,)
