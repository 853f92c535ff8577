"""The query answered in memory, without the index: for one cable, for highlights, and to check the index by."""

from __future__ import annotations

from collections.abc import Sequence

from reftel.model import Cable
from reftel.query.edits import within_edits
from reftel.query.places import find_near, find_phrase
from reftel.query.tokens import Token, exact_words, fold
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
    Query,
    Range,
    Term,
    TermPrefix,
    Tree,
    Word,
    children,
)
from reftel.query.view import SCOPES, View, view_cable

# The fields whose words stand in the passages of a cable, so that they can be highlighted there.
_IN_PASSAGES = frozenset(("text", "subject", "heading", *SCOPES))


def match(query: Query | Tree, cable: Cable) -> bool:
    """Whether a query finds the cable; just what the index answers. For many queries of one cable, see matches."""
    return matches(query.tree if isinstance(query, Query) else query, view_cable(cable))


def matches(tree: Tree, view: View) -> bool:
    """Whether a tree finds the cable of the view."""
    match tree:
        case Everything():
            return True
        case And(parts):
            return all(matches(part, view) for part in parts)
        case Or(parts):
            return any(matches(part, view) for part in parts)
        case Not(part):
            return not matches(part, view)
        case Term(field, values):
            return not view.terms.get(field, frozenset()).isdisjoint(values)
        case TermPrefix(field, start):
            return any(value.startswith(start) for value in view.terms.get(field, ()))
        case Range(field, low, high):
            number = view.numbers.get(field)
            return number is not None and (low is None or low <= number) and (high is None or number <= high)
        case Exact(word):
            return word in view.exact
        case _:
            return any(_holds(tree, words) for words in view.words.get(tree.field, ()))


def highlight(tree: Tree, tokens: Sequence[Token], text: str | None = None) -> list[int]:
    """The indices of the tokens that a query is about, ascending: of one passage, for marking.

    Phrases and words near each other count only where they stand as such; what a query leaves out does not count.
    text: what the tokens were found in, needed to tell the case of `=Word`; without it any case is marked.
    """
    words = [token.word for token in tokens]
    found: set[int] = set()
    for node in wanted_words(tree):
        match node:
            case Phrase(_, phrase):
                for i in find_phrase(words, phrase):
                    found.update(range(i, i + len(phrase)))
            case Near(_, wanted, within):
                for window in find_near(words, wanted, within):
                    found.update(i for i in window if words[i] in wanted)
            case Exact(word) if text is not None:
                found.update(i for i, t in enumerate(tokens) if exact_words(text[t.start : t.end]) == [word])
            case _:
                found.update(i for i, word in enumerate(words) if _is(node, word))
    return sorted(found)


def score_passage(tree: Tree, words: Sequence[str]) -> float:
    """How much of a query stands in a passage: a point for each word asked for, two for a phrase or words near each other."""
    return float(
        sum((2 if isinstance(node, Phrase | Near) else 1) for node in set(wanted_words(tree)) if _holds(node, words))
    )


def wanted_words(tree: Tree) -> list[Tree]:
    """The leaves that ask for words of the passages, those below a Not left out."""
    if isinstance(tree, Exact) or (
        isinstance(tree, Word | Phrase | Near | Prefix | Fuzzy) and tree.field in _IN_PASSAGES
    ):
        return [tree]
    return [] if isinstance(tree, Not) else [leaf for part in children(tree) for leaf in wanted_words(part)]


def _holds(node: Tree, words: Sequence[str]) -> bool:
    """Whether a passage of these folded words answers a node that asks for words."""
    match node:
        case Word(_, word):
            return word in words
        case Phrase(_, phrase):
            return any(True for _ in find_phrase(words, phrase))
        case Near(_, wanted, within):
            return any(True for _ in find_near(words, wanted, within))
        case _:
            return any(_is(node, word) for word in set(words))


def _is(node: Tree, word: str) -> bool:
    """Whether one folded word is what a node asks for; of an Exact the case is not told."""
    match node:
        case Word(_, wanted):
            return word == wanted
        case Prefix(_, start):
            return word.startswith(start)
        case Fuzzy(_, wanted, edits):
            return within_edits(word, wanted, edits)
        case Exact(wanted):
            return word == fold(wanted)
    return False
