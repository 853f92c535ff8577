"""Whose statement it is: the actor asked for, by name, office or key; as told by others, and as a country in somebody's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from reftel.model import Entity, Findings, Statement
from reftel.positions.records import Case
from reftel.query import fold_words, sender_post
from reftel.tables import find_country, rows

# Titles as cables shorten them, which the lines that classify never do.
_RANKS = frozenset(
    [
        "fm",
        "dfm",
        "pm",
        "dpm",
        "fs",
        "fonmin",
        "primin",
        "gen",
        "col",
        "maj",
        "sen",
        "rep",
        "amb",
        "mr",
        "mrs",
        "ms",
        "dr",
    ]
)


class Actor:
    """The one asked for. A name fits if it has all the words asked for, in any order: "lavrov", "foreign minister lavrov".

    names: further ones that are known to be the same person's.
    """

    def __init__(self, who: str, names: Iterable[str] = ()) -> None:
        self.who = who
        self.names = frozenset(names)
        self._words = frozenset(fold_words(who))
        self._key = who.strip().casefold()

    def speaks(self, statement: Statement, entities: Sequence[Entity]) -> str | None:
        """The name under which the actor is a speaker of the statement; None if it is not."""
        parts = speakers_of(statement)
        named = [entities[i] for i in statement.speakers if i < len(entities)]
        for part in parts:
            if self.is_called(part):
                return part
        for one in named:
            if one.identity is not None and one.identity.casefold() == self._key:
                return one.name
            if self.is_called(one.name) or self.is_called(f"{one.role or ''} {one.name}"):
                return one.name
        return None

    def is_called(self, name: str) -> bool:
        """Whether all the words asked for are in a name, or it is one of the further names."""
        return name in self.names or (bool(self._words) and self._words <= set(fold_words(name)))


def speakers_of(statement: Statement) -> list[str]:
    """The speakers of a statement; of a joint one each."""
    return [part.strip() for part in (statement.speaker or "").split(";") if part.strip()]


def how_told(actor: Actor, statement: Statement, findings: Findings) -> tuple[str, ...]:
    """Who else tells it, outermost first: Davenport, of what Lavrov said to Miliband."""
    via = []
    for outer in enclosing(statement, findings):
        if actor.speaks(outer, findings.entities) is None:
            via += [name for name in speakers_of(outer) if name not in via]
    return tuple(reversed(via))


def enclosing(statement: Statement, findings: Findings) -> Iterator[Statement]:
    """The statements that a statement is told in, the innermost first."""
    seen = 0
    while statement.nested_in is not None and seen < len(findings.statements):
        statement = findings.statements[statement.nested_in]
        seen += 1
        yield statement


def is_own_country(statement: Statement, actor: Actor, case: Case) -> bool:
    """Whether the speaker is the actor's own country ("Russia hoped", in Lavrov's words): as the cable tells it, else the sender's."""
    entities = case.findings.entities
    told = {
        e.country for e in entities if e.country and e.kind == "person" and actor.is_called(f"{e.role or ''} {e.name}")
    }
    if not told:
        post = sender_post(case.cable)
        told = {post.country} if post is not None else set()
    homes = {find_country(country) or country for country in told}
    return any((find_country(part) or part) in homes for part in speakers_of(statement))


def group_names(names: Iterable[str]) -> list[set[str]]:
    """The names by whom they can be: "Lavrov", "Sergey Lavrov" and "FM Lavrov" are one, "Ed Miliband" and "David Miliband" two.

    A name that fits several groups ("Miliband") is in each of them.
    """
    full = sorted(set(names), key=lambda name: (-len(_core(name)), name))
    groups: list[tuple[frozenset[str], set[str]]] = []
    for name in full:
        core = _core(name)
        homes = [group for words, group in groups if core <= words or _is_spelt(core, words)]
        for group in homes:
            group.add(name)
        if not homes:
            groups.append((core, {name}))
    return [group for _, group in groups]


def is_among(name: str, names: Iterable[str]) -> bool:
    """Whether a name is one of some names, titles aside."""
    return any(_core(name) == _core(other) for other in names)


@cache
def _core(name: str) -> frozenset[str]:
    """The words of a name without titles; all of them if nothing else is left."""
    words = frozenset(fold_words(name))
    return frozenset(word for word in words - _titles() - _RANKS if len(word) > 1) or words


@cache
def _titles() -> frozenset[str]:
    return frozenset(word for row in rows("titles") for word in fold_words(row["word"]))


def _is_spelt(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names differ in the spelling of one long word only: Sergey, Sergei."""
    left, right = one - other, other - one
    if len(left) != 1 or len(right) != 1 or not one & other:
        return False
    (a,), (b,) = left, right
    return len(a) == len(b) >= 6 and a[:4] == b[:4] and sum(x != y for x, y in zip(a, b, strict=True)) == 1
