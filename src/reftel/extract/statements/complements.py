"""What follows a cue: where its content begins, and which letter of its `takes` that is."""

from __future__ import annotations

from reftel.extract.statements.addressed import read_addressed, read_adjunct, read_day, read_told_body
from reftel.extract.statements.drafts import NOTHING, Complement, Found
from reftel.extract.statements.finite import has_finite, opens_clause
from reftel.extract.statements.objects import find_object
from reftel.extract.statements.phrases import is_capital
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import (
    AUX,
    DETERMINERS,
    MODALS,
    PERSONAL,
    POSSESSIVES,
    PREPOSITIONS,
    QUOTES,
    SELVES,
    SUBJECT_PRONOUNS,
    WH,
    is_adverb,
)
from reftel.tables import word_class

# Cues whose joined preposition leads to a person: "agreed with Stratton that".
_WITH_PERSON = frozenset(("agree with", "disagree with", "concur with", "side with"))
# Verbs that take an object and a predicate: "called the offer a first step"; the first are not followed by a person alone.
_NAMING = frozenset(("call", "consider", "deem", "term", "label", "dub", "brand"))
_OBLIGED = frozenset(("should", "must", "can", "cannot", "could", "might", "may"))
_LONGEST_OBJECT = 40


def read_complement(sentence: Sentence, found: Found) -> Complement:
    """What stands behind a cue; its `frame` is "" if that is no content."""
    low = sentence.low
    i = found.end
    if i >= len(low):
        return NOTHING
    if found.joined:
        return _read_joined(sentence, found, i)
    word = low[i]
    if found.group in ("say", "ask") and word != "that" and word not in QUOTES and _is_obliged(low, found):
        return NOTHING
    takes = found.takes
    if ("a" in takes or "o" in takes) and word not in ("that", "to", "whether", "how") and word not in QUOTES:
        addressed = read_addressed(sentence, found, i)
        if addressed is not None:
            return addressed
    for read in (read_told_body, _read_object, read_day, read_adjunct, _read_opening):
        complement = read(sentence, found, i)
        if complement is not None:
            return complement
    return _read_phrase(sentence, found, i)


def _is_obliged(low: list[str], found: Found) -> bool:
    """ "should not repeat the mistake": nobody has said it."""
    return not _OBLIGED.isdisjoint(low[found.start : found.verb])


def _read_joined(sentence: Sentence, found: Found, i: int) -> Complement:
    """Behind a preposition of the cue a noun phrase stands: "complained about the delay"."""
    low = sentence.low
    count = len(low)
    if low[i] in (",", ".", ";", ")", ":") or low[i] in AUX or low[i] in ("at", "in", "on", "by", "during"):
        return NOTHING  # "the annex agreed to at the plenary"
    if found.rule in _WITH_PERSON:
        stop = find_object(sentence, i, count)
        if stop > i and (stop >= count or low[stop] in (",", ".", "and", "but", ";", ")")):
            return NOTHING  # "agreed with Stratton."
        if stop > i and low[stop] == "that":
            return Complement(stop, "c", (i, stop))
    return Complement(i, "n")


# ---- an object with "to", "as" or a predicate


def _read_object(sentence: Sentence, found: Found, i: int) -> Complement | None:
    """ "urged the mission to reconsider", "described the talks as frank", "called the plan a mistake"."""
    if "o" not in found.takes:
        return None
    if _has_object_frame(sentence, found, i) or _has_predicate(sentence, found, i):
        return Complement(i, "o")
    return None


def _has_object_frame(sentence: Sentence, found: Found, i: int) -> bool:
    low = sentence.low
    with_to = found.group in ("urge", "ask", "think", "tell")
    with_as = found.group == "desc"
    depth = 0
    for j in range(i, min(len(low), i + _LONGEST_OBJECT)):
        word = low[j]
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        if depth:
            continue
        if j > i and ((with_as and word == "as") or (with_to and word == "to" and _is_infinitive(sentence, j, i))):
            return True
        if word in (".", ";", ":", "that", "--", "who", "which") or word in AUX:
            return False
    return False


def _is_infinitive(sentence: Sentence, to: int, i: int) -> bool:
    """Whether a verb follows the "to" at `to`, in an object that begins at i: not "access to the port", not "the road to Oslo"."""
    low = sentence.low
    if to + 1 >= len(low):
        return False
    after = low[to + 1]
    if after in DETERMINERS or after in POSSESSIVES or after in SUBJECT_PRONOUNS:
        return False
    if after.endswith("ing") or not after[0].isalpha():
        return False
    return not is_capital(sentence, to + 1) or is_capital(sentence, to)


def _has_predicate(sentence: Sentence, found: Found, i: int) -> bool:
    """ "called the plan a mistake": an object of a verb of naming that is no person rung up, and no day."""
    low = sentence.low
    if found.rule not in _NAMING or low[i] in ("that", "to", "for", "on", "in", "at", "of", "by", "with", ",", "."):
        return False
    if low[i] in word_class("day word"):
        return False
    stop = find_object(sentence, i, len(low))
    if stop == i:
        return True
    return stop < len(low) and low[stop] not in PREPOSITIONS and low[stop] not in (",", ".", "and", ";", "that")


# ---- by the first word, and by whether a clause follows


def _read_opening(sentence: Sentence, found: Found, i: int) -> Complement | None:
    """What the first word behind the cue settles: "that", a quotation mark, "whether", "to"; None if it is a plain word."""
    low = sentence.low
    word, following = low[i], low[i + 1] if i + 1 < len(low) else ""
    takes = set(found.takes)
    if word == "that":
        return _if(i, "c", bool(takes & {"c", "n"}) or found.group in ("say", "think"))
    if word in QUOTES:
        return Complement(i, "q") if takes & {"q", "c"} else _if(i, "n", bool(takes & {"n", "o"}))
    if word in (":", ",") and following in QUOTES and takes & {"q", "c"}:
        return Complement(i + 1, "q")
    if word == ":" and takes & {"q", "c", "n"}:
        return Complement(i + 1, "c")
    if word in WH:
        return _if(i, "w", bool(takes & {"w", "c", "n"}))
    if word == "to":
        return _if(i, "t", "t" in takes)
    if word in (",", "--") and "c" in takes and following in ("however", "though", "moreover"):
        return Complement(i + 3, "c")
    if word in (".", ",", ";", ")", "(", "--", "?", "!") or word in ("and", "or", "but", "by", "than") or word in AUX:
        return NOTHING
    if is_adverb(word) and following in ("", ".", ",", ";"):
        return NOTHING
    if word in SELVES or (word in PREPOSITIONS and word not in word_class("clause preposition")):
        return NOTHING
    if word.endswith("ing") and len(word) > 5:
        return Complement(i, "g") if "g" in takes else _if(i, "n", bool(takes & {"n", "c"}))
    return None


def _if(begin: int, frame: str, fits: bool) -> Complement:
    return Complement(begin, frame) if fits else NOTHING


def _read_phrase(sentence: Sentence, found: Found, i: int) -> Complement:
    """Behind a cue a plain word: a clause without "that" if the cue takes one and a finite verb follows, else a noun phrase."""
    low = sentence.low
    word, takes = low[i], found.takes
    noun = Complement(i, "n") if "n" in takes else NOTHING
    finite = has_finite(low, i, len(low))
    if (
        found.group == "think"
        and "c" in takes
        and not finite
        and not (found.start and low[found.start - 1] in PERSONAL)
    ):
        return noun
    if "c" in takes and (word not in PREPOSITIONS or low[i + 1 : i + 2] == ["least"]) and (finite or "n" not in takes):
        acts = (found.weak and "n" in takes) or found.rule in word_class("act with object")
        if not acts or opens_clause(low, i):
            return Complement(i, "c")
    if word in PREPOSITIONS or _is_agenda(low, found, i):
        return NOTHING
    if found.rule in ("express", "voice", "convey") and low[i + 1 : i + 2] in ([","], ["."], [";"]):
        return NOTHING  # "expressed concern."
    if found.group == "say" and not MODALS.isdisjoint(low[found.start : found.verb]):
        return NOTHING
    return noun


def _is_agenda(low: list[str], found: Found, i: int) -> bool:
    """ "they discussed the visit", "discussed it with Stratton": what a meeting was about, said by nobody."""
    if found.rule not in ("discuss", "review"):
        return False
    start = found.start
    together = (start > 0 and low[start - 1] in ("they", "we", "both")) or "and" in low[max(0, start - 8) : start]
    return together or "with" in low[i:]
