"""Two contents word by word: what they share, and what only one has."""

from __future__ import annotations

from collections.abc import Collection
from difflib import SequenceMatcher

from reftel.positions.records import Difference
from reftel.query import Token, find_tokens

LONGEST = 120  # words of a content that are compared; the rest counts as different
# Words that say nothing of what is meant.
_QUIET = """
    a about after all also an and any are as at be been before being but by can could did do does for from had
    has have he her here him his i in into is it its itself just may me might more most much must my no nor of
    on only or our out over s shall she should so some such t than that the their them then there these they
    this those through to too under until up upon us very was we were what when where whether which while who
    whom whose why will with would you your
"""
QUIET = frozenset(_QUIET.split())


def telling_words(text: str, asked: Collection[str] = ()) -> frozenset[str]:
    """The words of a text that say something: without function words and those that the question itself has, plurals as singular."""
    stems = {stem(word) for word in asked}
    return frozenset(stem(t.word) for t in find_tokens(text) if t.word not in QUIET) - stems


def overlap(one: Collection[str], other: Collection[str]) -> float:
    """The share of the shorter one's words that the other has too, 0 to 1; 0 if one has fewer than two."""
    fewer = min(len(one), len(other))
    return len(set(one) & set(other)) / fewer if fewer > 1 else 0.0


def differ(before: str, after: str) -> Difference:
    """Both texts in pieces, marked where the other lacks the word; function words are never marked."""
    tokens, others = find_tokens(before)[:LONGEST], find_tokens(after)[:LONGEST]
    matcher = SequenceMatcher(None, [stem(t.word) for t in tokens], [stem(t.word) for t in others], autojunk=False)
    kept, kept_too = set[int](), set[int]()
    for block in matcher.get_matching_blocks():
        kept.update(range(block.a, block.a + block.size))
        kept_too.update(range(block.b, block.b + block.size))
    return Difference(_pieces(before, tokens, kept), _pieces(after, others, kept_too))


def stem(word: str) -> str:
    """The word without the endings of number and tense, roughly: enough to see that two are one."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e") if len(word) > 4 else word


def _pieces(text: str, tokens: list[Token], kept: set[int]) -> tuple[tuple[str, bool], ...]:
    """The text cut where marking begins or ends; marked words next to each other are one piece."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for i, token in enumerate(tokens):
        if i in kept or token.word in QUIET:
            continue
        glued = bool(pieces) and pieces[-1][1] and text[at : token.start].isspace()
        if glued:
            pieces[-1] = (pieces[-1][0] + text[at : token.end], True)
        else:
            if at < token.start:
                pieces.append((text[at : token.start], False))
            pieces.append((text[token.start : token.end], True))
        at = token.end
    return (*pieces, (text[at:], False)) if at < len(text) else tuple(pieces)
