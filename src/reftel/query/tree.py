"""The query as a tree: what is asked for, free of any engine's syntax. The index and `match` answer the same tree.

Text fields (View.words) are asked by Word, Phrase, Near, Prefix, Fuzzy and Exact; keyword fields (View.terms) by Term and
TermPrefix; number fields (View.numbers) by Range. Below Said all of these are asked of one statement, not of the cable.
`span` is the node's place in the text of the query.
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
    """A number from low to high, both included; None where open. A cable without the number is never in it.

    A statement that is told to be of a month is in what holds the whole month.
    """

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


class Said(Record, frozen=True):
    """Every cable with a statement of which the part holds, all of it of the one statement; of a statement, that the part holds."""

    part: Tree
    span: At = (0, 0)


Tree: TypeAlias = (
    Everything | Word | Phrase | Near | Prefix | Fuzzy | Exact | Term | TermPrefix | Range | And | Or | Not | Said
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
    return (node.part,) if isinstance(node, Not | Said) else ()


def parts(tree: Tree) -> list[Tree]:
    """The nodes worth counting one by one, in order: what must all hold, and below each what it is made of."""
    found: list[Tree] = []
    for part in tree.parts if isinstance(tree, And) else (tree,):
        found += (part, *below(part))
    return found


def below(node: Tree) -> tuple[Tree, ...]:
    """What a node is made of, each fit to be asked by itself: below a Said, what is asked of the statement, as Saids."""
    if isinstance(node, Said):
        return tuple(Said(part, part.span) for part in children(node.part)) if isinstance(node.part, And | Or) else ()
    return children(node)


def said_leaves(tree: Tree) -> list[Tree]:
    """The leaves that are asked of statements, in order."""
    if isinstance(tree, Said):
        return _leaves(tree.part)
    return [leaf for part in children(tree) for leaf in said_leaves(part)]


def _leaves(tree: Tree) -> list[Tree]:
    return [leaf for part in children(tree) for leaf in _leaves(part)] or [tree]


def without_not(tree: Tree) -> Tree:
    """A tree that finds all that the tree does and perhaps more: without what is left out by a Not."""
    match tree:
        case Not():
            return Everything()
        case And(parts):
            return And(tuple(without_not(part) for part in parts))
        case Or(parts):
            return Or(tuple(without_not(part) for part in parts))
    return tree
