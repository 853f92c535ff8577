"""A user's mistake, said in one sentence and without a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from reftel.errors import ReftelError
from reftel.query import QueryError, point


class _Mistyped(click.ClickException):
    exit_code = 2


@contextmanager
def said(query: str | None = None) -> Iterator[None]:
    """Turns a ReftelError into the command's one sentence and exit code 1; a slip in `query` is pointed at, code 2."""
    try:
        yield
    except QueryError as error:
        message = (
            f"{error}\n\n  " + point(query, error).replace("\n", "\n  ")
            if query is not None and query.strip()
            else str(error)
        )
        raise _Mistyped(message) from None
    except ReftelError as error:
        raise click.ClickException(str(error)) from None
