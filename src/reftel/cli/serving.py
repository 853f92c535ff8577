"""The commands that open an archive to a browser, and what their help says; each does its work in a module of its own."""

from __future__ import annotations

import click

from reftel.cli.options import archive_option


@click.command("serve")
@archive_option
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=8087, show_default=True, help="0 takes a free one.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser, too.")
def serve_command(archive: str, host: str, port: int, opens: bool) -> None:
    """Open the reading room: the archive in a browser, until Ctrl-C.

    Only this machine can reach it.

    \b
      reftel serve
      reftel serve --port 9000 --open
    """
    from reftel.cli.serve import serve

    raise click.exceptions.Exit(serve(archive, host, port, opens))


COMMANDS = (serve_command,)
