"""A query in words, for `--explain` and for saying why nothing was found."""

from __future__ import annotations

from reftel.query.fields import FIELDS
from reftel.query.tree import (
    And,
    Everything,
    Exact,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Said,
    Term,
    TermPrefix,
    Tree,
    Word,
)


def say(node: Tree) -> str:
    """The node in words: `"missile" in the summary`, `sent from a post in France`, `tagged PARM (arms control ...)`."""
    match node:
        case Everything():
            return "every cable"
        case And(parts):
            return " AND ".join(map(_inner, parts)) if parts else "every cable"
        case Or(parts):
            return " OR ".join(map(_inner, parts)) if parts else "no cable"
        case Not(part):
            return f"NOT {_inner(part)}"
        case Said(part):
            return f"a statement {_inner(part)}"
        case Term(field, values):
            return _said(field, " or ".join(FIELDS[field].tell(value) for value in values))
        case TermPrefix(field, start):
            return _said(field, f"{start}...")
        case Range(field, low, high):
            return _said(field, _days(low, high) if FIELDS[field].kind == "date" else _numbers(low, high))
        case _:
            field = "text" if isinstance(node, Exact) else node.field
            if FIELDS[field].kind == "keyword":
                return f"{_words(node)} in the addresses of {field}:"
            return _said(field, _words(node))


def say_of_statement(node: Tree) -> str:
    """The same of a query whose fields of statements are asked of a statement that is at hand."""
    return say(_bare(node))


def _bare(node: Tree) -> Tree:
    match node:
        case Said(part):
            return part
        case And(parts):
            return And(tuple(map(_bare, parts)))
        case Or(parts):
            return Or(tuple(map(_bare, parts)))
        case Not(part):
            return Not(_bare(part))
    return node


def _inner(node: Tree) -> str:
    return f"({say(node)})" if isinstance(node, And | Or) and len(node.parts) > 1 else say(node)


def _said(field: str, value: str) -> str:
    return FIELDS[field].said.format(value)


def _words(node: Word | Phrase | Near | Prefix | Fuzzy | Exact) -> str:
    match node:
        case Word(_, word):
            return f'"{word}"'
        case Phrase(_, words):
            return f'the phrase "{" ".join(words)}"'
        case Near(_, words, within):
            return f'"{" ".join(words)}" near each other (at most {_count(within, "word")} between)'
        case Prefix(_, start):
            return f'words that begin with "{start}"'
        case Fuzzy(_, word, edits):
            return f'words like "{word}" (at most {_count(edits, "letter")} off)'
        case Exact(word):
            return f'"{word}" with these capitals'


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _numbers(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return f"at most {high}" if low is None else f"at least {low}"
    return str(low) if low == high else f"{low} to {high}"


def _days(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return f"up to {_day(high or 0)}" if low is None else f"from {_day(low)} on"
    return _day(low) if low == high else f"{_day(low)} to {_day(high)}"


def _day(number: int) -> str:
    """20081218 as 2008-12-18."""
    return f"{number // 10000:04d}-{number // 100 % 100:02d}-{number % 100:02d}"
