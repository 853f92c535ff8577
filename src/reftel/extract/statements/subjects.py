"""The noun phrase that speaks: right before a verb of saying, with its apposition and its joint speakers."""

from __future__ import annotations

from reftel.extract.statements.drafts import Range
from reftel.extract.statements.phrases import STOPS, is_capital, phrase_start
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import (
    COORDINATORS,
    DETERMINERS,
    PERSONAL,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    is_adverb,
    is_person_noun,
)

# What may stand between a person's noun and the rest of his title: "Director of the Institute at the Academy".
_TITLE_JOINS = frozenset(("of", "for", "at", "in", "from", "to", "on", "with", "within", "among"))
_BEFORE_CLAUSE = (
    frozenset((",", ";", ":", "(", "that", "both", "and", "but", "while", "--", "“", '"', ".")) | SUBORDINATORS
)
_LONGEST_APPOSITION = 30


def find_subject(sentence: Sentence, verb: int) -> tuple[Range | None, str]:
    """The noun phrase right before the verb group that begins at `verb`, and how it was found.

    how: np, pronoun, relative, apposition, inherit (a coordinated verb, whose subject stands before) or none.
    """
    low = sentence.low
    p = verb - 1
    if p < 0:
        return None, "none"
    word = low[p]
    if word in ("who", "which", "that"):
        return (p, p + 1), "relative"
    if word in COORDINATORS or (word == "then" and p and low[p - 1] in COORDINATORS):
        return None, "inherit"
    if word == ",":
        return _before_comma(sentence, p)
    if word in SUBJECT_PRONOUNS:
        start = p
        while start and low[start - 1] in ("both", "all", "many", "most", "some"):
            start -= 1
        return (start, p + 1), "pronoun"
    phrase = noun_phrase_before(sentence, p + 1)
    return (None, "none") if phrase is None else ((phrase, p + 1), "np")


def _before_comma(sentence: Sentence, comma: int) -> tuple[Range | None, str]:
    """ "Kallaste, Director of the Institute, said": the apposition is part of it; what only interrupts is not."""
    low = sentence.low
    opening = comma - 1
    while opening > 0 and comma - opening < _LONGEST_APPOSITION and low[opening] not in (",", ";", ":", "--"):
        opening -= 1
    if opening <= 0 or low[opening] != ",":
        return None, "inherit"
    start = noun_phrase_before(sentence, opening)
    if start is None:
        return ((opening - 1, opening), "pronoun") if low[opening - 1] in SUBJECT_PRONOUNS else (None, "inherit")
    inside = low[opening + 1]
    if not (is_capital(sentence, start) or is_person_noun(low[opening - 1])):
        return None, "inherit"
    if inside in PREPOSITIONS or is_adverb(inside) or inside.endswith(("ing", "ed")) or inside in SUBORDINATORS:
        return (start, opening), "np"
    return (None, "inherit") if inside in COORDINATORS else ((start, comma + 1), "apposition")


def noun_phrase_before(sentence: Sentence, end: int) -> int | None:
    """Where the noun phrase that ends at token `end` (exclusive) begins, prepositions and joint parts included; None if there is none."""
    low = sentence.low
    i = end - 1
    if i > 0 and low[i] in ("here", "there", "today"):
        i -= 1
    if i < 0:
        return None
    if low[i] == ")":  # "Kallaste (Centre Party)"
        while i > 0 and low[i] != "(":
            i -= 1
        i -= 1
    start = phrase_start(sentence, i)
    if start is None:
        return None
    return _joint_start(sentence, _title_start(sentence, start, strict=False))


def _title_start(sentence: Sentence, start: int, *, strict: bool) -> int:
    """Left over a title with prepositions: of "Director of the Institute at the Academy" the "Director".

    strict: only nouns for persons; else a body's name with "of" as well: "the Chamber of Commerce".
    """
    low = sentence.low
    while start > 1 and low[start - 1] in _TITLE_JOINS:
        person = is_person_noun(low[start - 2])
        if strict and not person:
            break
        left = phrase_start(sentence, start - 2)
        if left is None:
            break
        body = low[start - 1] == "of" and (is_capital(sentence, start - 2) or low[left] in DETERMINERS)
        if not (person or body):
            break
        start = left
    return start


def _joint_start(sentence: Sentence, start: int) -> int:
    """ "Kallaste and the Tallinn leadership", "Stratton, Merivale and Oks": where the whole of it begins, if a clause can begin there."""
    low = sentence.low
    at = best = start
    serial = False  # a comma before "and", or between the parts
    while at > 1 and (low[at - 1] in ("and", "or", "&") or (low[at - 1] == "," and at != start)):
        end = at - 1
        if end > 1 and low[end - 1] == ",":
            end -= 1
            serial = True
        left = _part_start(sentence, end)
        if left is None:
            break
        noun = is_person_noun(low[end - 1]) and not serial
        if not (is_capital(sentence, end - 1) or noun or low[left] in PERSONAL):
            break
        at = left
        if serial and at > 0 and low[at - 1] != "," and best == start:
            continue
        if at == 0 or low[at - 1] in _BEFORE_CLAUSE:
            best = at - 1 if at and low[at - 1] == "both" else at
    return best


def _part_start(sentence: Sentence, end: int) -> int | None:
    """Where one of several joint speakers begins that ends before `end`; None if nobody stands there."""
    if sentence.low[end - 1] in ("he", "she", "they", "we", "i"):
        return end - 1
    if sentence.low[end - 1] in STOPS:
        return None
    left = phrase_start(sentence, end - 1)
    return None if left is None else _title_start(sentence, left, strict=True)
