"""How a query was read, and which of its parts is to blame where it finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reftel.model import Record
from reftel.query import Tree
from reftel.query.tree import And, Said, below


class Part(Record, frozen=True):
    """One part of a query. said: in words. at: its place in the text of the query. count: how many cables match it alone.

    depth: 0 for what must all hold, 1 for what such a part is made of. without: how many cables the rest of the query finds;
    None for parts that are not simply left out. Of statements (`Archive.explain_said`) both count statements.
    """

    said: str
    at: tuple[int, int]
    count: int
    depth: int
    without: int | None


def explain_tree(tree: Tree, count: Callable[[Tree], int], say: Callable[[Tree], str]) -> list[Part]:
    """The parts of a query, in order. count: how many a tree finds. say: a tree in words."""
    whole = tree.parts if isinstance(tree, And) else (tree,)
    found = []
    for node in whole:
        others = tuple(one for one in whole if one is not node)
        found.append(Part(say(node), node.span, count(node), 0, count(_all(others)) if others else None))
        for part in below(node):
            without = None
            if isinstance(node, Said) and isinstance(node.part, And):
                rest = tuple(one for one in node.part.parts if isinstance(part, Said) and one is not part.part)
                without = count(_all((*others, Said(_all(rest)))))
            found.append(Part(say(part), part.span, count(part), 1, without))
    return found


def say_why(parts: Sequence[Part], noun: str) -> Iterator[str]:
    """Why nothing was found, in sentences: the parts that match nothing at all, else those without which something would be found.

    noun: what was looked for, "cable" or "statement".
    """
    whole = [part for part in parts if part.depth == 0]
    nothing = [part for part in whole if not part.count]
    freeing = [part for part in parts if part.without]
    colon = ":" if noun == "statement" else ""
    for part in nothing:
        yield f"No {noun} matches{colon} {part.said}."
    for part in freeing:
        yield f"Without {part.said}: {part.without:,} {noun}{'' if part.without == 1 else 's'}."
    if not nothing and not freeing and len(whole) > 1:
        for part in whole:
            yield f"{part.count:,} match {part.said}."


def part_statements(tree: Tree) -> Tree:
    """The tree with each thing that one statement is asked as a part of its own: for where everything is asked of a statement."""
    parts = tuple(_part(tree))
    return And(parts, tree.span) if len(parts) > 1 else parts[0]


def _part(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, And):
        for part in tree.parts:
            yield from _part(part)
    elif isinstance(tree, Said) and isinstance(tree.part, And):
        for part in tree.part.parts:
            yield from _part(Said(part, part.span))
    else:
        yield tree


def _all(nodes: tuple[Tree, ...]) -> Tree:
    return And(nodes) if len(nodes) > 1 else nodes[0]
