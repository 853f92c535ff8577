"""The commands that serve an archive to a browser or an assistant, and what their help says; each does its work in a module of its own."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from reftel.cli.options import archive_option, unmask_option

ROLES = ("reader", "editor", "keeper")
_password_option = click.option(
    "--password-stdin", "from_input", is_flag=True, help="Read the password from standard input, one line."
)


@click.command("serve")
@archive_option
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=8087, show_default=True, help="0 takes a free one.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser, too.")
@click.option("--login", is_flag=True, help="One has to log in, even on this machine.")
@click.option(
    "--hostname", "names", metavar="NAME", multiple=True, help="By which name others call it; several may be given."
)
@click.option("--tls-cert", metavar="FILE", help="The certificate for https, with --tls-key.")
@click.option("--tls-key", metavar="FILE", help="Its private key.")
@click.option("--proxy", metavar="ADDRESS", help="From where a reverse proxy calls, such as 127.0.0.1.")
@click.option(
    "--processes",
    type=click.IntRange(0, 64),
    help="That make pages, at most; 0 for none but the server.  [default: one a core, 4 at least]",
)
def serve_command(
    archive: str,
    host: str,
    port: int,
    opens: bool,
    login: bool,
    names: tuple[str, ...],
    tls_cert: str | None,
    tls_key: str | None,
    proxy: str | None,
    processes: int | None,
) -> None:
    """Open the reading room: the archive in a browser, until Ctrl-C.

    Only this machine can reach it, and nobody has to log in. With another --host, with --hostname or --proxy everybody has
    to: reftel user add.

    \b
      reftel serve
      reftel serve --port 9000 --open
      reftel serve --host 0.0.0.0 --hostname reading.example.org --tls-cert cert.pem --tls-key key.pem
      reftel serve --hostname reading.example.org --proxy 127.0.0.1
    """
    from reftel.cli.serve import Opening, serve

    opening = Opening(Path(archive), host, port, login, names, tls_cert, tls_key, proxy, processes)
    raise click.exceptions.Exit(serve(opening, opens))


@click.group("user")
def user_command() -> None:
    """Say who may come into a reading room that others can reach.

    A reader reads and searches. An editor also writes on the desk. A keeper also adds files, and may see protected names.
    A server that is running follows at once.

    \b
      reftel user add anna --role editor
      reftel user list
      reftel user log
    """


@user_command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=ROLES[0], show_default=True, help="What the user may do.")
@_password_option
@archive_option
def user_add_command(name: str, role: str, from_input: bool, archive: str) -> None:
    """Add a user; the password is asked for."""
    from reftel.cli.user import add_user

    add_user(archive, name, role, from_input)


@user_command.command("list")
@archive_option
def user_list_command(archive: str) -> None:
    """List the users, with role and last login."""
    from reftel.cli.user import list_users

    list_users(archive)


@user_command.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@archive_option
def user_role_command(name: str, role: str, archive: str) -> None:
    """Give a user another role."""
    from reftel.cli.user import give_role

    give_role(archive, name, role)


@user_command.command("password")
@click.argument("name")
@_password_option
@archive_option
def user_password_command(name: str, from_input: bool, archive: str) -> None:
    """Give a user another password; the user's sessions and tokens end."""
    from reftel.cli.user import change_password

    change_password(archive, name, from_input)


@user_command.command("token")
@click.argument("name")
@click.option("--drop", is_flag=True, help="Make no token; those that the user has are good for nothing any more.")
@archive_option
def user_token_command(name: str, drop: bool, archive: str) -> None:
    """Print a token with which a program is that user."""
    from reftel.cli.user import drop_tokens, make_token

    (drop_tokens if drop else make_token)(archive, name)


@user_command.command("drop")
@click.argument("name")
@archive_option
def user_drop_command(name: str, archive: str) -> None:
    """Drop a user, who is out at once."""
    from reftel.cli.user import drop_user

    drop_user(archive, name)


@user_command.command("log")
@archive_option
def user_log_command(archive: str) -> None:
    """Print who came in, failed to, saw protected names or took them away, and what was changed here."""
    from reftel.cli.user import print_log

    print_log(archive)


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


COMMANDS = (serve_command, user_command, mcp_command)
