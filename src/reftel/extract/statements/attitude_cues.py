"""Nouns and adjectives of attitude that attribute: with a light verb, with a copula, or with their owner alone."""

from __future__ import annotations

from reftel.extract.statements.drafts import Found
from reftel.extract.statements.lexicon import attitudes
from reftel.extract.statements.objects import find_object
from reftel.extract.statements.phrases import is_capital
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.verb_groups import group_start
from reftel.extract.statements.words import (
    AUX,
    BE,
    COMPLEMENTIZERS,
    COORDINATORS,
    DETERMINERS,
    NEGATED,
    PERSONAL,
    POSSESSIVES,
    PREPOSITIONS,
    PUNCTUATION,
    QUOTES,
    SELVES,
    SUBJECT_PRONOUNS,
    is_adverb,
    is_possessive,
)
from reftel.tables import word_class

# What follows an attitude as a content of its own, and the letter of it.
_FRAMES = {"that": "c", "to": "t", "whether": "w", "as": "n"}
# What may join any attitude to its object.
_ALWAYS_JOINS = frozenset(("regarding", "concerning", "against", "whether"))
_ADJECTIVE_JOINS = frozenset(
    ("about", "by", "with", "of", "over", "at", "on", "for", "in", "against", "toward", "towards", "regarding")
)
_INTENSIFIERS = frozenset(("more", "most", "less", "to"))
# Verbs that with a noun of attitude tell what one has as often as what one says.
_HAVING = frozenset(("have", "make", "give", "take", "hold", "remain"))


# ---- a light verb and a noun


def light_cue(sentence: Sentence, i: int, begin: int, shape: str, negated: bool, head: str) -> Found | None:
    """ "expressed his deep concern over": a light verb at i, modifiers, a noun of attitude, and what joins it to its object.

    begin: where its verb group begins. None if no such noun follows.
    """
    low = sentence.low
    nouns = attitudes("noun")
    j = i + 1
    limit = min(len(low) - 1, i + 7)
    while j < limit:
        word = low[j]
        if word in nouns and not (j + 1 < len(low) and low[j + 1] in nouns):
            return None if shape == "passive" else _joined_noun(sentence, i, j, begin, shape, negated, head)
        if _ends_phrase(low, j):
            if word not in ("with", "to") or j != i + 1:
                return None
            stop = find_object(sentence, j + 1, limit)  # "raised with Stratton the view that"
            if stop == j + 1:
                return None
            j = stop
            limit = min(len(low), j + 5)
            continue
        j += 1
    return None


def _ends_phrase(low: list[str], j: int) -> bool:
    """Whether no modifier of a noun to come can stand at j; "and" can: "voiced deep and abiding concern"."""
    word = low[j]
    if word in COORDINATORS:
        return word != "and" or low[j + 1] in DETERMINERS
    return (
        word in COMPLEMENTIZERS
        or word in AUX
        or word in (",", ".", ";", ":", "(", ")")
        or word in PREPOSITIONS
        or word in PERSONAL
        or word in SELVES
    )


def _joined_noun(sentence: Sentence, i: int, j: int, begin: int, shape: str, negated: bool, head: str) -> Found | None:
    """The cue of a light verb at i and its noun at j, if something joins the noun to an object."""
    low = sentence.low
    noun = attitudes("noun")[low[j]]
    rule = f"{head} {noun.word}"
    end = j + 1
    if end < len(low) and low[end] in QUOTES:
        end += 1
    if end + 1 < len(low) and low[end] == "and" and low[end + 1] in attitudes("noun"):  # "concern and frustration over"
        end += 2
    if end >= len(low) or (not noun.attitude and low[j - 1] == "the" and noun.word not in word_class("view")):
        return None
    join = low[end]
    if join == "to":  # "had given his assurance to the Secretary that"
        stop = find_object(sentence, end + 1, len(low))
        if stop > end + 1 and stop < len(low) and low[stop] == "that":
            return Found(begin, end, i, shape, "say", "c", False, noun.attitude, False, negated, rule, "past")
    subject = join in SUBJECT_PRONOUNS
    if not (join in noun.joins or join in _ALWAYS_JOINS or (subject and noun.attitude)):
        return None
    joined = join not in _FRAMES and not subject
    if not noun.attitude and _is_had(head, noun.word, join, joined):
        return None
    return Found(
        begin,
        end + 1 if joined else end,
        i,
        shape,
        "stance" if joined and noun.attitude else "say",
        "ng" if joined else _FRAMES.get(join, "c"),
        joined,
        noun.attitude,
        head in _HAVING,
        negated or "no" in low[i + 1 : j],
        rule,
        "past",
    )


def _is_had(head: str, noun: str, join: str, joined: bool) -> bool:
    """Whether a neutral noun is had or made rather than uttered: "made a proposal to sell", "has a plan for"."""
    if joined:
        return head == "have" and noun not in ("view", "views", "impression", "opinion")
    return join == "to" and head in word_class("light holder")


# ---- an adjective, and a noun with its owner


def adjective_cue(sentence: Sentence, i: int) -> Found | None:
    """ "was deeply concerned about": a copula at i, adverbs, an adjective of attitude, and what joins it to its object."""
    low = sentence.low
    adjectives = attitudes("adjective")
    j = i + 1
    while j < len(low) and j < i + 6 and _modifies_adjective(low[j]):
        j += 1
    adjective = adjectives.get(low[j]) if j < len(low) else None
    if adjective is None:
        return None
    k = j + 1
    if k + 1 < len(low) and low[k] in ("and", "or") and low[k + 1] in adjectives:
        k += 2
    if k < len(low) and low[k] in QUOTES:
        k += 1
    if k >= len(low):
        return None
    join = low[k]
    joined = join in _ADJECTIVE_JOINS or (join == "to" and _opens_thing(sentence, k + 1))
    if not (joined or join in ("that", "whether", "to") or join in SUBJECT_PRONOUNS):
        return None
    start, aux = group_start(low, i)
    before = low[start - 1] if start else ""
    if before in ("to", "it", "this", "that", "there", "what") or (low[i] in ("be", "been", "being") and not aux):
        return None
    return Found(
        start,
        k + 1 if joined else k,
        j,
        "finite",
        "stance" if joined and adjective.attitude else "think",
        "ng" if joined else _FRAMES.get(join, "c"),
        joined,
        adjective.attitude,
        True,
        not NEGATED.isdisjoint(low[start:j]),
        f"be {adjective.word}",
        "past",
    )


def _opens_thing(sentence: Sentence, i: int) -> bool:
    """Whether a thing and no infinitive stands behind the "to" before i: "opposed to the sale", "committed to reopening"."""
    if i >= len(sentence):
        return False
    word = sentence.low[i]
    named = is_capital(sentence, i) and not is_capital(sentence, i - 1)  # in a text of capitals nothing is told by them
    return named or word in DETERMINERS or word in POSSESSIVES or word.endswith("ing")


def _modifies_adjective(word: str) -> bool:
    return word in NEGATED or word in BE or word in QUOTES or word in _INTENSIFIERS or is_adverb(word)


def noun_cue(sentence: Sentence, i: int) -> Found | None:
    """ "Oslo's call for": a noun of attitude with its owner before it and its object behind; only inside what another says."""
    low = sentence.low
    noun = attitudes("noun")[low[i]]
    if i + 1 >= len(low) or low[i + 1] not in noun.joins:
        return None
    for j in range(i - 1, max(i - 4, -1), -1):
        word = low[j]
        if is_possessive(word):
            break
        if word in PREPOSITIONS or word in AUX or word in PUNCTUATION or word in DETERMINERS:
            return None
    else:
        return None
    joined = low[i + 1] not in _FRAMES
    return Found(
        j + 1,
        i + 2 if joined else i + 1,
        i,
        "noun",
        "stance" if joined and noun.attitude else "say",
        "ng" if joined else "ct",
        joined,
        noun.attitude,
        False,
        low[i] in word_class("refusal"),
        f"'s {noun.word}",
    )
