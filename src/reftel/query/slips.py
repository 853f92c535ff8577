"""What is wrong with a query, where, and what may have been meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from reftel.errors import ReftelError

_WIDEST = 76
_LONGEST_SLIP = 40


class QueryError(ReftelError):
    """A query that cannot be read. at, end: the place of the slip in its text, half-open."""

    def __init__(self, message: str, at: int, end: int) -> None:
        super().__init__(message)
        self.at = at
        self.end = end


def point(text: str, error: QueryError) -> str:
    """The query on one line, cut to some 76 characters round the slip, and a line of carets below the slip."""
    line = "".join(" " if c.isspace() or not c.isprintable() else c for c in text)
    at = min(error.at, len(line))
    end = max(min(error.end, len(line), at + _LONGEST_SLIP), at + 1)
    first = max(end - _WIDEST, 0)
    shown = line[first : first + _WIDEST]
    return f"{shown}\n{' ' * _width(line[first:at])}{'^' * max(_width(line[at:end]), 1)}"


def did_you_mean(word: str, known: Iterable[str], form: str = "{}") -> str:
    """ " Did you mean tag:PARM?" with a blank before it, or nothing where no known word is near. form: of the suggestion."""
    by_fold = {name.casefold(): name for name in known}
    near = get_close_matches(word[:_LONGEST_SLIP].casefold(), by_fold, n=1)
    if not near:
        return ""
    name = by_fold[near[0]]
    if " " in name and form != "{}":
        name = f'"{name}"'
    return f" Did you mean {form.format(name)}?"


def shorten(text: str) -> str:
    """The text as a message shows it: on one line, at most 40 characters of it."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SLIP else f"{line[: _LONGEST_SLIP - 3]}..."


def _width(text: str) -> int:
    """Columns that a terminal gives to the text."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
