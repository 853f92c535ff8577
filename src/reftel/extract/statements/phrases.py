"""Where a noun phrase begins that ends at a token: names with their titles, nouns with their determiners and owners."""

from __future__ import annotations

from functools import cache

from reftel.extract.statements.lexicon import verb_forms
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import (
    AUX,
    COMPLEMENTIZERS,
    COORDINATORS,
    DETERMINERS,
    NEGATED,
    POSSESSIVES,
    PREPOSITIONS,
    PUNCTUATION,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    is_adverb,
    is_person_noun,
)
from reftel.tables import word_class

# What ends a noun phrase to the left, whatever it is.
STOPS = PUNCTUATION | SUBORDINATORS | AUX | NEGATED | {"to", "then", "also", "not"}
_BETWEEN = STOPS | PREPOSITIONS | COORDINATORS | DETERMINERS | SUBJECT_PRONOUNS
# Determiners that can be a noun phrase by themselves: "several said".
_ALONE = frozenset(("others", "some", "many", "most", "several", "all", "both", "one", "this", "these", "another")) | {
    "two",
    "three",
    "four",
    "five",
    "six",
}
_NUMBERS = frozenset(("two", "three", "four", "five", "six"))
_ARTICLES_OF_NAMES = ("al-", "as-", "ad-", "an-", "ar-", "el-", "d'a")
# How far to the left a noun without a capital may have its determiner.
_FAR = 12


def is_capital(sentence: Sentence, i: int) -> bool:
    """Whether a token is printed with a capital, or stands for a redacted name ("xxxxxxxxxxxx")."""
    word = sentence.words[i]
    if word[0].isupper():
        return True
    return word.startswith("xxx") or (word[:3].lower() in _ARTICLES_OF_NAMES and word[3:4].isupper())


def phrase_start(sentence: Sentence, last: int) -> int | None:
    """Where the noun phrase without prepositions begins that ends with token `last`; None if `last` ends none.

    Its owners are part of it: of "the minister's two deputies" the first "the".
    """
    start = _bare_start(sentence, last)
    low = sentence.low
    while start is not None and start > 0 and _is_owner(low[start - 1]):
        further = _bare_start(sentence, start - 1)
        if further is None:
            break
        start = further
    return start


def possessor_start(sentence: Sentence, end: int) -> int | None:
    """Where the noun phrase begins whose last token, before `end`, is a possessive: "his", "the prime minister's"."""
    return end - 1 if sentence.low[end - 1] in POSSESSIVES else phrase_start(sentence, end - 1)


def _is_owner(word: str) -> bool:
    return word.endswith(("'s", ",s", "s'")) and word not in ("it's", "that's")


def _bare_start(sentence: Sentence, last: int) -> int | None:
    low = sentence.low
    if last < 0 or not _can_end_phrase(sentence, last):
        return None
    if low[last] in _NUMBERS and last > 0 and low[last - 1] in ("the", "all"):
        return last - 1
    i = _name_start(sentence, last) if is_capital(sentence, last) else _noun_start(sentence, last)
    while i > 0 and low[i - 1] in DETERMINERS and low[i - 1] != "that":
        i -= 1
        if low[i] in ("the", "a", "an") and i > 0 and low[i - 1] not in ("both", "all", "one"):
            break
    return i


def _can_end_phrase(sentence: Sentence, last: int) -> bool:
    word = sentence.low[last]
    if word in STOPS or word in PREPOSITIONS or word in COORDINATORS or (word in DETERMINERS and word not in _ALONE):
        return False
    return word[0].isalnum() and (not is_adverb(word) or is_capital(sentence, last))


def _noun_start(sentence: Sentence, last: int) -> int:
    """Left of a plain noun past its modifiers: "security forces (PSF) commanders"."""
    low, words = sentence.low, sentence.words
    i = last
    while i > 0 and last - i <= _FAR:
        before = low[i - 1]
        if before == ")" and i > 3 and "(" in low[max(0, i - 6) : i - 1]:
            while low[i - 1] != "(":
                i -= 1
            i -= 1
            continue
        if before in _BETWEEN or before in COMPLEMENTIZERS or words[i - 1][0] in '"“”':
            break
        if is_adverb(before) and not is_capital(sentence, i - 1):
            break
        if before.endswith("ed") and before in verb_forms() and not (i > 1 and low[i - 2] in DETERMINERS):
            break
        i -= 1
    return i


def _name_start(sentence: Sentence, last: int) -> int:
    """Left of a name past its titles: "former deputy foreign minister Ando Kallaste"."""
    low = sentence.low
    i = _capitals_start(sentence, last)
    while i > 0 and _is_title(sentence, i - 1):
        i -= 1
        if is_capital(sentence, i):
            i = _capitals_start(sentence, i)
    # a plain modifier between determiner and name: "the energetic Kallaste"
    if i > 1 and low[i - 2] in DETERMINERS:
        before = low[i - 1]
        if before not in _BETWEEN and before not in verb_forms() and not is_adverb(before):
            return i - 1
    return i


def _is_title(sentence: Sentence, i: int) -> bool:
    """Whether a token before a name is of its title: "visiting", "minister"; a verb in -ed is none."""
    word = sentence.low[i]
    if word in STOPS or not (word in word_class("title modifier") or is_person_noun(word)):
        return False
    return not (word.endswith("ed") and word in verb_forms() and not is_capital(sentence, i))


def _capitals_start(sentence: Sentence, last: int) -> int:
    """Left over words with capitals and what links them: "Institute of the Arctic", "Ben R. Stratton", "Bank for Trade and Industry"."""
    i = last
    while i > 0:
        step = _step_left(sentence, i)
        if not step:
            break
        i -= step
    return i


def _step_left(sentence: Sentence, i: int) -> int:
    """How many tokens before i go on with a name that begins at i; 0 if none do."""
    low, words = sentence.low, sentence.words
    before = low[i - 1]
    if before == "." and i >= 2 and len(words[i - 2]) <= 4 and words[i - 2][0].isupper():
        return 2
    if is_capital(sentence, i - 1) and _goes_on(low, i):
        return 1
    if i < 2 or not is_capital(sentence, i - 2):
        if before == "the" and i >= 3 and low[i - 2] in ("of", "for") and is_capital(sentence, i - 3):
            return 3
        return 0
    two = low[i - 2]
    if before in _links():
        inner = before not in ("and", "for", "the") or (before == "for" and two in word_class("body head"))
        if inner and two not in PREPOSITIONS and two not in DETERMINERS and two not in SUBORDINATORS:
            return 2
    if before == "the" and i >= 3 and two in ("of", "for") and is_capital(sentence, i - 3):
        return 3
    return 2 if before == "and" and i >= 3 and low[i - 3] in ("of", "for") else 0


@cache
def _links() -> frozenset[str]:
    return word_class("name link")


def _goes_on(low: list[str], i: int) -> bool:
    """Whether the capital before token i is of its name, and not the first word of the sentence or a preposition."""
    before = low[i - 1]
    if before in STOPS or before in DETERMINERS or before in SUBJECT_PRONOUNS:
        return False
    if before in PREPOSITIONS and not (before == "under" and low[i] == "secretary"):
        return False
    return not (i == 1 and (before in COORDINATORS or is_adverb(before)))
