"""TAGS: what a tag means, and which tags mean something."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from reftel.tables.load import rows

_NOT_WORD = re.compile(r"[^A-Z0-9]+")


class Tag(NamedTuple):
    """A tag. kind: subject, program, geographic, region, organisation, term or person.

    meaning: "arms control and disarmament"; empty where the tables do not know it.
    """

    code: str
    kind: str
    meaning: str


def find_tag(code: str) -> Tag | None:
    """The tag printed as `code`, in any case; a known misprint gives the true tag: "MOPPS" is MOPS.

    None if unknown. Brackets and commas do not matter: "(RICE, CONDOLEEZZA)" is RICE CONDOLEEZZA, a person.
    """
    return _tags_by_key().get(_key(code))


def tags_meaning(words: str) -> tuple[str, ...]:
    """The codes whose meaning contains every word of `words`, in table order: "arms control": PARM, KACT."""
    wanted = set(_key(words).split())
    return tuple(code for code, meaning in _meanings() if wanted <= meaning) if wanted else ()


def _key(text: str) -> str:
    return _NOT_WORD.sub(" ", text.upper()).strip()


@cache
def _tags_by_key() -> dict[str, Tag]:
    true = {
        _key(row["code"]): Tag(row["code"], row["kind"], row["meaning"]) for row in rows("tags") if not row["typo_of"]
    }
    typos = {_key(row["code"]): true[_key(row["typo_of"])] for row in rows("tags") if row["typo_of"]}
    return typos | true


@cache
def _meanings() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((row["code"], frozenset(_key(row["meaning"]).split())) for row in rows("tags"))
