"""How a query was read, and which of its parts is to blame where it finds nothing."""

from __future__ import annotations

from reftel.archive.search import Search
from reftel.model import Record
from reftel.query import Query, Tree, parts, say
from reftel.query.tree import And


class Part(Record, frozen=True):
    """One part of a query. said: in words. at: its place in the text of the query. count: how many cables match it alone.

    depth: 0 for what must all hold, 1 for what such a part is made of. without: how many cables the rest of the query finds;
    None for parts that are not simply left out.
    """

    said: str
    at: tuple[int, int]
    count: int
    depth: int
    without: int | None


def explain_query(search: Search, query: Query) -> list[Part]:
    """The parts of a query, in order."""
    tree = query.tree
    whole = tree.parts if isinstance(tree, And) else (tree,)
    found = []
    for node in parts(tree):
        is_whole = any(node is one for one in whole)
        without = search.count(_others(whole, node)) if is_whole and len(whole) > 1 else None
        found.append(Part(say(node), node.span, search.count(node), 0 if is_whole else 1, without))
    return found


def _others(whole: tuple[Tree, ...], node: Tree) -> Tree:
    rest = tuple(one for one in whole if one is not node)
    return And(rest) if len(rest) > 1 else rest[0]
