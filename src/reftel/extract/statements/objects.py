"""The noun phrase of a person behind a verb: who is told, who is asked, who "said Stratton" means."""

from __future__ import annotations

from reftel.extract.statements.phrases import is_capital
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import is_person_noun
from reftel.tables import word_class

_OBJECT_PRONOUNS = frozenset(("us", "him", "her", "them", "me", "you"))
_SUBJECT_ONLY = frozenset(("he", "she", "they", "we", "it", "i"))
# What may stand before the head: "the two visiting senators".
_LEADS = frozenset(
    ("the", "a", "an", "his", "her", "its", "their", "our", "my", "both", "visiting", "all", "several", "some", "other")
) | {"two", "three", "four", "five"}
# After these "her" is told something; before anything else it owns that.
_AFTER_HER = frozenset(("that", "to", "about", "of", "whether", "he", "she", "they", "the", "if", "on"))
_LONGEST = 25


def find_object(sentence: Sentence, at: int, limit: int) -> int:
    """The end of the noun phrase of a person that begins at token `at`; `at` itself if none stands there before `limit`."""
    low = sentence.low
    if at >= limit:
        return at
    if low[at] in _OBJECT_PRONOUNS and not (low[at] == "her" and _owns(low, at, limit)):
        return at + 1
    i = at
    headed = False
    while i < limit and i - at < _LONGEST:
        after = _past_head_word(sentence, i, headed)
        if after > i:
            headed, i = True, after
            continue
        after = _past_joined(sentence, i, limit) if headed else _past_modifier(low, i, at)
        if after == i:
            break
        i = after
    return i if headed else at


def _owns(low: list[str], at: int, limit: int) -> bool:
    """Whether "her" at `at` owns what follows: "told her staff"."""
    return at + 1 < limit and low[at + 1] not in _AFTER_HER and low[at + 1][0] not in ",.;"


def _past_head_word(sentence: Sentence, i: int, headed: bool) -> int:
    """Past a name or a noun for a person at i; i itself if it is none, or a determiner before any head."""
    word = sentence.low[i]
    if word in _LEADS and not headed:
        return i
    named = word not in _SUBJECT_ONLY and is_capital(sentence, i)
    return i + 1 if named or is_person_noun(word) else i


def _past_modifier(low: list[str], i: int, at: int) -> int:
    """Past a determiner or an adjective before the head: "the outgoing Finnish (minister)"."""
    word = low[i]
    if word in _LEADS:
        return i + 1
    adjective = word in word_class("title modifier") or word.endswith(("'s", "ish", "an", "ese"))
    return i + 1 if adjective and i > at else i


def _past_joined(sentence: Sentence, i: int, limit: int) -> int:
    """Past what joins a head to the rest of its phrase: the point of an initial, "of the", "and", or a bracket; i if nothing does."""
    low = sentence.low
    word = low[i]
    if word == "(":
        for close in range(i, min(limit, i + _LONGEST)):
            if low[close] == ")":
                return close + 1
        return i
    if i + 1 >= limit:
        return i
    named = is_capital(sentence, i + 1)
    if word == ".":
        return i + 1 if named and len(sentence.words[i - 1]) <= 4 else i
    if word in ("of", "at") or (word == "for" and not is_capital(sentence, i - 1)):
        if named and low[i + 1] != "the":
            return i + 1
        return i + 2 if low[i + 1] == "the" and (named or (i + 2 < limit and is_capital(sentence, i + 2))) else i
    if word in ("and", "&"):
        if named or is_person_noun(low[i + 1]):
            return i + 1
        again = low[i + 1] in ("the", "other", "visiting") and i + 2 < limit
        return i + 1 if again and (is_capital(sentence, i + 2) or is_person_noun(low[i + 2])) else i
    return i
