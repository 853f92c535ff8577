"""`reftel user`: who may come into the reading room, and the log of what they did that has to be answered for."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import click
from argon2 import PasswordHasher

from reftel.archive.accounts import Accounts
from reftel.archive.passwords import fold_name, hash_password
from reftel.cli.errors import said
from reftel.cli.output import prepare_text, printable
from reftel.workbench import Archive


def add_user(folder: str, name: str, role: str, from_input: bool) -> None:
    """A new user, with a password that is asked for."""
    with said():
        accounts, folded = _open(folder), fold_name(name)
        accounts.add_user(folded, role, _ask_password(folded, from_input), _now())
    click.echo(f"{folded} may come in as {role}.")


def list_users(folder: str) -> None:
    """Name, role and last login of each."""
    prepare_text()
    with said():
        users = _open(folder).users()
    if not users:
        click.echo("There are no users yet. To add one: reftel user add NAME --role keeper")
    for user in users:
        click.echo("\t".join((user.name, user.role, f"last login {user.seen}" if user.seen else "never logged in")))


def give_role(folder: str, name: str, role: str) -> None:
    """Another role for a user."""
    _change(folder, name, lambda accounts, folded: accounts.give_role(folded, role, _now()))
    click.echo(f"{fold_name(name)} is {role} now.")


def change_password(folder: str, name: str, from_input: bool) -> None:
    """Another password for a user."""
    with said():
        accounts, folded = _open(folder), fold_name(name)
        accounts.demand(folded)  # before a password is asked for in vain
        accounts.change_password(folded, _ask_password(folded, from_input), _now())
    click.echo(f"{folded} has another password, and has to log in again. Tokens have to be made anew.")


def make_token(folder: str, name: str) -> None:
    """Prints a new token; it is kept nowhere else."""
    token = f"reftel_{secrets.token_urlsafe(32)}"
    _change(folder, name, lambda accounts, folded: accounts.add_token(folded, token, _now()))
    click.echo(token)
    click.echo('It is shown this once. A program sends it as the header "Authorization: Bearer ...".', err=True)


def drop_tokens(folder: str, name: str) -> None:
    """None of a user's tokens is good any more."""
    _change(folder, name, lambda accounts, folded: accounts.drop_tokens(folded, _now()))
    click.echo(f"{fold_name(name)} has no tokens any more.")


def drop_user(folder: str, name: str) -> None:
    """One user fewer."""
    _change(folder, name, lambda accounts, folded: accounts.drop_user(folded, _now()))
    click.echo(f"{fold_name(name)} may not come in any more.")


def print_log(folder: str) -> None:
    """The log, the oldest line first: when, who, what, and what stands behind it."""
    prepare_text()
    with said():
        lines = _open(folder).lines()
    if not lines:
        click.echo("Nothing is in the log yet.")
    for line in lines:
        click.echo("\t".join(map(printable, (line.at, line.who or "nobody's name", line.what, line.detail))).rstrip())


def _open(folder: str) -> Accounts:
    with Archive.open(folder) as archive:
        return Accounts(archive.folder)


def _change(folder: str, name: str, change: Callable[[Accounts, str], None]) -> None:
    with said():
        change(_open(folder), fold_name(name))


def _ask_password(name: str, from_input: bool) -> str:
    """The hash of a new password."""
    if from_input:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    return hash_password(name, password, PasswordHasher())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
