"""The query answered in memory, without the index: for one cable, for highlights, and to check the index by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reftel.model import Cable, Findings
from reftel.query.edits import within_edits
from reftel.query.places import find_near, find_phrase
from reftel.query.said import view_with_statements
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
    Said,
    Term,
    TermPrefix,
    Tree,
    Word,
    children,
)
from reftel.query.view import LAST, SCOPES, View

# The fields whose words stand in the passages of a cable, so that they can be highlighted there.
_IN_PASSAGES = frozenset(("text", "subject", "heading", *SCOPES))


def match(query: Query | Tree, cable: Cable, findings: Findings | None = None) -> bool:
    """Whether a query finds the cable; just what the index answers. For many queries of one cable, see matches.

    findings: what was extracted from the cable; without them it has no statement.
    """
    return matches(query.tree if isinstance(query, Query) else query, view_with_statements(cable, findings))


def matches_statement(tree: Tree, statement: View, cable: View) -> bool:
    """Whether a query finds the statement of a cable: its fields of statements are asked of this one, the others of the cable."""
    match tree:
        case Said(part):
            return matches(part, statement)
        case And(parts):
            return all(matches_statement(part, statement, cable) for part in parts)
        case Or(parts):
            return any(matches_statement(part, statement, cable) for part in parts)
        case Not(part):
            return not matches_statement(part, statement, cable)
    return matches(tree, cable)


def matches(tree: Tree, view: View) -> bool:
    """Whether a tree finds the cable of the view; the part of a Said, whether it finds the statement of the view."""
    match tree:
        case Everything():
            return True
        case And(parts):
            return all(matches(part, view) for part in parts)
        case Or(parts):
            return any(matches(part, view) for part in parts)
        case Not(part):
            return not matches(part, view)
        case Said(part):
            return any(matches(part, statement) for statement in view.statements)
        case Term(field, values):
            return not view.terms.get(field, frozenset()).isdisjoint(values)
        case TermPrefix(field, start):
            return any(value.startswith(start) for value in view.terms.get(field, ()))
        case Range(field, low, high):
            number = view.numbers.get(field)
            if number is None:
                return False
            last = view.numbers.get(field + LAST, number)
            return (low is None or low <= number) and (high is None or last <= high)
        case Exact(word):
            return word in view.exact
        case _:
            return any(_holds(tree, words) for words in view.words.get(tree.field, ()))


def highlight(tree: Tree, tokens: Sequence[Token], text: str | None = None) -> list[int]:
    """The indices of the tokens that a query is about, ascending: of one passage, for marking.

    Phrases and words near each other count only where they stand as such; what a query leaves out does not count.
    text: what the tokens were found in, needed to tell the case of `=Word`; without it any case is marked.
    """
    return mark(wanted_words(tree), tokens, text)


def mark(leaves: Iterable[Tree], tokens: Sequence[Token], text: str | None = None) -> list[int]:
    """The indices of the tokens that any of some leaves ask for, as in highlight."""
    words = [token.word for token in tokens]
    found: set[int] = set()
    for node in leaves:
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


def wanted_statements(tree: Tree) -> list[Tree]:
    """What is asked of statements, each part to hold of one; those below a Not left out."""
    if isinstance(tree, Said):
        return [tree.part]
    return [] if isinstance(tree, Not) else [part for below in children(tree) for part in wanted_statements(below)]


def wanted_topics(tree: Tree) -> list[Tree]:
    """The leaves that ask what a statement is about, those below a Not left out."""
    if isinstance(tree, Word | Phrase | Near | Prefix | Fuzzy) and tree.field == "about":
        return [tree]
    return [] if isinstance(tree, Not) else [leaf for part in children(tree) for leaf in wanted_topics(part)]


def topic_places(tree: Tree, statement: View) -> list[int]:
    """For each leaf that asks what a statement is about, where it stands first (see said.CONTENT); of many statements the least is best."""
    about = statement.words["about"]
    return [
        next((place for place, words in enumerate(about) if _holds(leaf, words)), len(about))
        for leaf in wanted_topics(tree)
    ]


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
