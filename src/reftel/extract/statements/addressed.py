"""What may stand between a cue and its content: who is told, the day, an occasion."""

from __future__ import annotations

from reftel.extract.statements.drafts import NOTHING, Complement, Found, Range
from reftel.extract.statements.finite import has_finite
from reftel.extract.statements.lexicon import verb_forms
from reftel.extract.statements.objects import find_object
from reftel.extract.statements.phrases import is_capital
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import (
    AUX,
    COORDINATORS,
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
    QUOTES,
    SUBJECT_PRONOUNS,
    is_adverb,
)
from reftel.tables import word_class

_LONGEST_ADJUNCT = 16


def read_addressed(sentence: Sentence, found: Found, i: int) -> Complement | None:
    """ "told Stratton that", "asked her to wait": a person at i, and the content behind; None if that does not fit."""
    low = sentence.low
    stop = find_object(sentence, i, len(low))
    if stop == i or stop >= len(low):
        return None
    if "a" in found.takes:
        told = _read_told(sentence, found, (i, stop))
        if told is not None:
            return told
    if (
        "o" in found.takes
        and low[stop] in ("to", "not")
        and stop + 1 < len(low)
        and not _opens_phrase(sentence, stop + 1)
    ):
        return Complement(stop, "o", (i, stop))
    return None


def _opens_phrase(sentence: Sentence, i: int) -> bool:
    word = sentence.low[i]
    return word in DETERMINERS or word in POSSESSIVES or is_capital(sentence, i)


def _read_told(sentence: Sentence, found: Found, person: Range) -> Complement | None:
    """What somebody is told, behind him: a clause, a quotation, "about" something; None if nothing of it follows."""
    low = sentence.low
    stop = person[1]
    after = low[stop]
    skip = _past_adjuncts(sentence, stop)
    if low[skip] == "that":
        return Complement(skip, "c", person)
    if after in ("whether", "if", "how", "why", "what", "when"):
        return Complement(stop, "c", person)
    if after in ("about", "for", "on", "of", "to") and found.group != "urge":
        return Complement(stop, "t" if after == "to" else "n", person)
    if after in SUBJECT_PRONOUNS or after in QUOTES or after in ("there", ":") or _opens_phrase(sentence, stop):
        return Complement(stop, "c", person)
    if found.group != "tell":
        return None
    if after == "," and stop + 1 < len(low):
        return Complement(stop + 1, "c", person)
    if after in (",", "."):
        return NOTHING
    if after not in PREPOSITIONS and after not in COORDINATORS and has_finite(low, stop, len(low)):
        return Complement(stop, "c", person)
    return Complement(skip, "c", person) if low[skip] not in (".", ",") else None


def read_told_body(sentence: Sentence, found: Found, i: int) -> Complement | None:
    """ "tells the region that": one who is told and has no name."""
    low = sentence.low
    if found.group != "tell" or "a" not in found.takes or low[i] not in DETERMINERS:
        return None
    for j in range(i + 1, min(len(low) - 1, i + 5)):
        if low[j] == "that":
            return Complement(j, "c", (i, j))
        if low[j] == "," and low[j + 1] in QUOTES:
            return Complement(j + 1, "c", (i, j))
        if low[j] in PREPOSITIONS or low[j] in AUX:
            break
    return None


# ---- the day and the occasion


_NO_CLAUSE = frozenset(
    ("that", "in", "at", "during", "with", "to", "when", "while", "after", "before", "as", "by", "and")
)


def read_day(sentence: Sentence, found: Found, i: int) -> Complement | None:
    """ "said on Friday he had met": the content begins behind the day."""
    low = sentence.low
    if low[i] != "on" or i + 2 >= len(low) or low[i + 1] not in word_class("day word") or "c" not in found.takes:
        return None
    after = i + 3 if low[i + 2][0].isdigit() else i + 2
    if after >= len(low) or not low[after][0].isalpha() or low[after] in _NO_CLAUSE:
        return None
    return Complement(after, "c") if has_finite(low, after, len(low)) else None


def read_adjunct(sentence: Sentence, found: Found, i: int) -> Complement | None:
    """ "explained to the consul that": the addressee is the one behind "to" or "with"."""
    low = sentence.low
    skip = _past_adjuncts(sentence, i)
    if skip == i or low[skip] not in ("that", "whether") or not ("c" in found.takes or "w" in found.takes):
        return None
    addressee = None
    if low[i] in ("to", "with"):
        end = find_object(sentence, i + 1, skip)
        addressee = (i + 1, end) if end > i + 1 else None
    return Complement(skip, "c", addressee)


def _past_adjuncts(sentence: Sentence, i: int) -> int:
    """Past "to Poloff", "on March 3", "in passing", "repeatedly", with commas, to a "that" or "whether" soon after; else i."""
    low = sentence.low
    if not _opens_adjunct(low[i]):
        return i
    for j in range(i, min(len(low) - 1, i + _LONGEST_ADJUNCT)):
        word = low[j]
        behind_preposition = low[j - 1] in PREPOSITIONS
        if word in ("that", "whether") and not behind_preposition:
            return j
        if word in AUX or word in (".", ";", ":") or word in ("said", "told"):
            return i
        if word in SUBJECT_PRONOUNS and word != "it" and not behind_preposition:
            return i
        if word.endswith("ed") and word in verb_forms():
            return i
    return i


def _opens_adjunct(word: str) -> bool:
    if word in PREPOSITIONS or word in (",", "-", "--", "however") or is_adverb(word):
        return True
    return word[0].isdigit() or word in word_class("day word")
