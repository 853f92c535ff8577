"""Words and letters of the header and the head: captions, precedence, orders, months, collectives."""

from __future__ import annotations

import re
from functools import cache

from reftel.tables.load import cell_list, rows

_NOT_WORD = re.compile(r"[^A-Z0-9]+")


def find_caption(word: str) -> dict[str, str] | None:
    """The row of the caption printed as `word`: "E F T O" is EFTO, "SBU" is SENSITIVE. None if it is none."""
    return _captions().get(_words(word))


def precedence_word(letter: str) -> str | None:
    """The precedence that a letter stands for, once or doubled: "O" and "OO" are IMMEDIATE.

    A precedence word is itself; a known misprint ("PRIORTY") is the word meant. None for anything else.
    """
    return _precedences().get(letter.strip().upper())


def true_order(number: str) -> str | None:
    """The executive order on classification meant by `number`: "12598" is a known misprint of "12958".

    None if no order of that number ever governed classification.
    """
    return _orders().get(number)


def month_number(word: str) -> int | None:
    """1 to 12 for a month in letters, short or long, in any case ("SEPT", "October"); else None."""
    return _months().get(word.strip().rstrip(".").upper())


def is_collective(plad: str) -> bool:
    """Whether an address stands for many posts: "EUROPEAN POLITICAL COLLECTIVE", "ALDAC"."""
    key = _words(plad)
    return key == "COLLECTIVE" or key.endswith(" COLLECTIVE") or key in _collectives()


def _words(text: str) -> str:
    return _NOT_WORD.sub(" ", text.upper()).strip()


@cache
def _captions() -> dict[str, dict[str, str]]:
    return {_words(word): row for row in rows("captions") for word in (row["word"], *cell_list(row["aliases"]))}


@cache
def _precedences() -> dict[str, str]:
    known = {}
    for row in rows("precedences"):
        letter, word = row["letter"], row["word"]
        known.update(dict.fromkeys((letter, letter * 2, word, *cell_list(row["misprints"])), word))
    return known


@cache
def _orders() -> dict[str, str]:
    return {number: row["number"] for row in rows("orders") for number in (row["number"], *cell_list(row["misprints"]))}


@cache
def _months() -> dict[str, int]:
    return {
        word: int(row["number"])
        for row in rows("months")
        for word in (row["month"], row["name"], *cell_list(row["misprints"]))
    }


@cache
def _collectives() -> frozenset[str]:
    return frozenset(_words(name) for row in rows("collectives") for name in (row["name"], *cell_list(row["aliases"])))
