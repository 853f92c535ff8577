"""Cues behind or inside of what is said: "X, Stratton said", "X", said Stratton, "X, she noted, Y"."""

from __future__ import annotations

from reftel.extract.statements.drafts import Found, Placed, Range
from reftel.extract.statements.finite import has_finite
from reftel.extract.statements.lexicon import is_participle
from reftel.extract.statements.objects import find_object
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import (
    DETERMINERS,
    MODALS,
    PREPOSITIONS,
    QUOTES,
    SUBORDINATORS,
    is_adverb,
    is_person_noun,
)
from reftel.tables import word_class

_SPEAKING = ("say", "tell", "ask")
_BEFORE_INVERTED = (",", "”", '"', "?", "!", "--")
_AFTER_INVERTED = (",", ".", ";", ":", ")", "“", '"', "--", "?", "and", "who")
# Verbs that agree rather than say, wherever they stand.
_AGREEING = frozenset(("agree", "disagree", "concur", "consent", "demur"))
_OCCASIONS = ("point", "passing", "response", "private", "one", "turn")
# What may follow a postposed cue and still be the drafter's: "X, Stratton said during the call".
_OPENS_ADJUNCT = frozenset(("while", "during", "when", "in", "at", "on", "after", "over"))


def place_inverted(sentence: Sentence, found: Found) -> Placed | None:
    """ "..., said Stratton." None if no subject follows the verb, or something else follows that."""
    low = sentence.low
    if found.group not in _SPEAKING or found.start == 0 or found.end >= len(low):
        return None
    before = low[found.start - 1]
    if before not in _BEFORE_INVERTED:
        return None
    end = find_object(sentence, found.end, len(low))
    following = low[end] if end < len(low) else "."
    if end == found.end or following not in _AFTER_INVERTED:
        return None
    after = low[end + 1] if end + 1 < len(low) else "."
    quoting = found._replace(takes="q")
    if following == "," and before in (",", "”", '"') and sentence.quoted[found.start - 2] and _opens_apposition(after):
        end = _apposition_end(sentence, end)
        return Placed(quoting, (found.end, end), "post", None, -1, "q", found.start)
    if following in (",", "--") and not is_participle(after) and after not in ("and", "but", "who", "."):
        return Placed(quoting, (found.end, end), "mid", None, end + 1, "q", found.start)
    return Placed(quoting, (found.end, end), "post", None, -1, "q", found.start)


def _opens_apposition(word: str) -> bool:
    """ "said Oks, a member of the committee": whether a word behind the comma goes on with who he is."""
    return word in DETERMINERS or word == "who" or is_person_noun(word)


def _apposition_end(sentence: Sentence, comma: int) -> int:
    """The end of an apposition behind a comma: the next comma that a quotation, a participle or a conjunction follows, or the end."""
    low = sentence.low
    for i in range(comma + 1, len(low)):
        if low[i] in (".", ";", ":") or low[i] in QUOTES:
            return i
        if low[i] == "," and i + 1 < len(low):
            after = low[i + 1]
            if after in QUOTES or after in ("and", "but") or is_participle(after):
                return i
    return len(low)


def place_postposed(sentence: Sentence, found: Found, subject: Range) -> Placed | None:
    """ "X, Merivale said." and "X, Merivale said, Y": a subject behind a comma, and nothing of a content behind the cue."""
    low = sentence.low
    start = subject[0]
    if start == 0 or not _can_follow(low, found):
        return None
    before = low[start - 1]
    if before in QUOTES and start >= 2:
        before = ","
    if before not in (",", "--", "?", "!", "-", ";"):
        return None
    mark = start - 2 if low[start - 1] == "," else start - 1
    closed = before == "," and mark >= 0 and low[mark] in QUOTES and sentence.quoted[mark]
    if closed and found.group in _SPEAKING and low[found.end : found.end + 1] != ["that"]:
        return _after_quotation(sentence, found, subject)
    addressee, end = _past_addressee(sentence, found)
    following = low[end] if end < len(low) else "."
    if following in (".", ")", ";", "?", "!"):
        return Placed(found, subject, "post", addressee, -1, "c", start)
    if following in (",", "--") and before != ";":
        after = low[end + 1] if end + 1 < len(low) else "."
        if is_participle(after) or after in ("and", "but", "who", "although", "though"):
            return Placed(found, subject, "post", addressee, -1, "c", start)
        return Placed(found, subject, "mid", addressee, end + 1, "c", start)
    if before == "," and _is_drafters_adjunct(low, start, end):
        return Placed(found, subject, "post", addressee, -1, "c", start)
    return None


def _can_follow(low: list[str], found: Found) -> bool:
    """Whether a cue may stand behind what is said: no plain attitude, no "would say", no "did not say", no "agreed"."""
    if not ("c" in found.takes or "q" in found.takes) or found.joined or found.negated or found.rule in _AGREEING:
        return False
    if found.weak and found.group != "think":
        return False
    return MODALS.isdisjoint(low[found.start : found.verb])


def _past_addressee(sentence: Sentence, found: Found) -> tuple[Range | None, int]:
    """Who is told, and the end of that, of "of Stratton" and of "at one point", behind a postposed cue."""
    low = sentence.low
    count = len(low)
    end = found.end
    addressee = None
    if "a" in found.takes:
        stop = find_object(sentence, end, count)
        if stop > end:
            addressee, end = (end, stop), stop
    if end + 1 < count and low[end] == "of":  # "he said of Stratton"
        stop = find_object(sentence, end + 1, count)
        end = stop if stop > end + 1 else end
    while end < count:
        occasion = low[end] in ("at", "in", "on") and end + 1 < count and low[end + 1] in _OCCASIONS
        if not (occasion or is_adverb(low[end])):
            break
        end += 1
    return addressee, end


def _is_drafters_adjunct(low: list[str], start: int, end: int) -> bool:
    """Whether a clause stands before the subject at `start`, and behind the cue only when or where: "X, she said during the call"."""
    following = low[end]
    if not (following in _OPENS_ADJUNCT or following in word_class("day word")) or start < 5 or low[end - 1] == ",":
        return False
    if low[0] in PREPOSITIONS or low[0] in SUBORDINATORS or "that" in low[end : end + 12]:
        return False
    return "," not in low[end:] and has_finite(low, 0, start)


def _after_quotation(sentence: Sentence, found: Found, subject: Range) -> Placed:
    """ "..., Stratton told reporters in Oslo." and "..., Stratton said, "...": whatever follows, the content is the quotation."""
    low = sentence.low
    addressee = None
    if "a" in found.takes:
        stop = find_object(sentence, found.end, len(low))
        addressee = (found.end, stop) if stop > found.end else None
    for i in range(found.end, len(low)):
        if low[i] in QUOTES and sentence.quoted[i]:
            return Placed(found, subject, "mid", addressee, i, "q", subject[0])
        if low[i - 1] == "," and is_participle(low[i]):
            break
    return Placed(found, subject, "post", addressee, -1, "q", subject[0])
