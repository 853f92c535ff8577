"""Which parts of a query are asked of one statement: they are gathered below a Said.

A part is of statements if all its leaves are in fields of statements. Until it is known what stands beside it, it goes without
a Said; `gather` and `settle` put one round it.
"""

from __future__ import annotations

from reftel.query.fields import FIELDS
from reftel.query.tree import And, At, Everything, Exact, Not, Or, Said, Tree


def gather(nodes: list[Tree]) -> list[Tree]:
    """Parts that must all hold: those of statements as one Said if any of them is more than a Not, else each for itself.

    `-stance:+ said-by:kallaste` asks for one statement of his that is not positive; `-said-by:kallaste pipeline` for a cable
    without any statement of his. Where all parts are of statements, they stay as they are.
    """
    asked = [node for node in nodes if _is_of_statements(node)]
    if not asked or len(asked) == len(nodes):
        return nodes
    if all(isinstance(node, Not) for node in asked):
        return [settle(node) for node in nodes]
    one = Said(asked[0] if len(asked) == 1 else And(tuple(asked), _across(asked)), _across(asked))
    return [one if node is asked[0] else node for node in nodes if node is asked[0] or not _is_of_statements(node)]


def gather_any(nodes: list[Tree]) -> list[Tree]:
    """Parts of which one must hold: without Saids if all are of statements, else each settled. Brackets only part them here."""
    bare = [unbracket(node) for node in nodes]
    return bare if all(map(_is_of_statements, bare)) else [settle(node) for node in nodes]


def bracket(node: Tree) -> Tree:
    """What stands in brackets: words and fields beside each other are asked of a statement of their own."""
    return Said(node, node.span) if _is_of_statements(node) and not _is_open(node) else node


def unbracket(node: Tree) -> Tree:
    """The node without the Said that brackets put round it."""
    return node.part if isinstance(node, Said) else node


def settle(node: Tree) -> Tree:
    """The node as it is asked of cables: below a Said if it is of statements. A Not stays outside of it."""
    if not _is_of_statements(node):
        return node
    match node:
        case Not(part, span):
            return Not(settle(part), span)
        case And(parts, span) if _is_open(node):
            return And(tuple(map(settle, parts)), span)
        case Or(parts, span) if any(isinstance(part, Not) for part in parts):
            return Or(tuple(map(settle, parts)), span)
    return Said(node, node.span)


def _is_open(node: Tree) -> bool:
    """Whether it goes into the statement asked for beside it: alternatives, and what is only left out."""
    return isinstance(node, Or | Not) or (isinstance(node, And) and all(isinstance(part, Not) for part in node.parts))


def _is_of_statements(node: Tree) -> bool:
    match node:
        case And(parts) | Or(parts):
            return all(map(_is_of_statements, parts))
        case Not(part):
            return _is_of_statements(part)
        case Everything() | Exact() | Said():
            return False
    return FIELDS[node.field].of == "statement"


def _across(nodes: list[Tree]) -> At:
    return nodes[0].span[0], nodes[-1].span[1]
