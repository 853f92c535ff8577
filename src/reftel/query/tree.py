"""The query as a tree: what is asked for, free of any engine's syntax. The index and `match` answer the same tree.

Text fields (View.words) are asked by Word, Phrase, Near, Prefix, Fuzzy and Exact; keyword fields (View.terms) by Term and
TermPrefix; number fields (View.numbers) by Range. `span` is the node's place in the text of the query.
"""

from __future__ import annotations

from typing import TypeAlias

from reftel.model import Record

At: TypeAlias = tuple[int, int]


class Everything(Record, frozen=True):
    """Every cable."""

    span: At = (0, 0)


class Word(Record, frozen=True):
    """A folded word."""

    field: str
    word: str
    span: At = (0, 0)


class Phrase(Record, frozen=True):
    """Folded words, one right behind the other."""

    field: str
    words: tuple[str, ...]
    span: At = (0, 0)


class Near(Record, frozen=True):
    """All the folded words, in any order, with at most `within` other words among them.

    Each stands at a place of its own: with k words, last place - first place - (k - 1) <= within.
    """

    field: str
    words: tuple[str, ...]
    within: int
    span: At = (0, 0)


class Prefix(Record, frozen=True):
    """A word that begins with the folded `start`."""

    field: str
    start: str
    span: At = (0, 0)


class Fuzzy(Record, frozen=True):
    """A word at most `edits` (1 or 2) letters away: lost, added, wrong, or two neighbours swapped (see edits.distance)."""

    field: str
    word: str
    edits: int
    span: At = (0, 0)


class Exact(Record, frozen=True):
    """A word of the field `text` as printed, case and accents kept."""

    word: str
    span: At = (0, 0)


class Term(Record, frozen=True):
    """Any one of the values of a keyword field."""

    field: str
    values: tuple[str, ...]
    span: At = (0, 0)


class TermPrefix(Record, frozen=True):
    """A value of a keyword field that begins with `start`."""

    field: str
    start: str
    span: At = (0, 0)


class Range(Record, frozen=True):
    """A number from low to high, both included; None where open. A cable without the number is never in it."""

    field: str
    low: int | None
    high: int | None
    span: At = (0, 0)


class And(Record, frozen=True):
    """Every part."""

    parts: tuple[Tree, ...]
    span: At = (0, 0)


class Or(Record, frozen=True):
    """At least one part."""

    parts: tuple[Tree, ...]
    span: At = (0, 0)


class Not(Record, frozen=True):
    """Every cable but those of the part."""

    part: Tree
    span: At = (0, 0)


Tree: TypeAlias = (
    Everything | Word | Phrase | Near | Prefix | Fuzzy | Exact | Term | TermPrefix | Range | And | Or | Not
)


class Query(Record, frozen=True):
    """A query that was read. notes: sentences on what was read in a way that one might not expect."""

    text: str
    tree: Tree
    notes: tuple[str, ...] = ()


def children(node: Tree) -> tuple[Tree, ...]:
    """The nodes right below a node, in order; none below a leaf."""
    if isinstance(node, And | Or):
        return node.parts
    return (node.part,) if isinstance(node, Not) else ()


def parts(tree: Tree) -> list[Tree]:
    """The nodes worth counting one by one, in order: what must all hold, and below each what it is made of."""
    found: list[Tree] = []
    for part in tree.parts if isinstance(tree, And) else (tree,):
        found += (part, *children(part))
    return found
