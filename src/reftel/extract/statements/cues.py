"""Every word of a sentence that may attribute something to somebody, with the verb group round it."""

from __future__ import annotations

from functools import cache

from reftel.extract.statements.attitude_cues import adjective_cue, noun_cue
from reftel.extract.statements.drafts import Found
from reftel.extract.statements.lexicon import attitudes, verb_forms
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.verb_cues import verb_cue
from reftel.extract.statements.words import COPULAS, is_possessive

# "In Kallaste's view, ..."
_VIEWS = frozenset(("view", "opinion", "estimation", "judgment", "mind", "eyes"))
_HEARSAY = frozenset(("reportedly", "allegedly", "supposedly", "purportedly"))
# Of one sentence no more are looked at: the longest real ones have a dozen.
MOST_CUES = 40


def find_cues(sentence: Sentence) -> list[Found]:
    """The candidates of a sentence by their place; of several at one verb the longest that fits what follows."""
    triggers = _triggers()
    found: list[Found] = []
    taken = -1
    for i in [i for i, word in enumerate(sentence.low) if word in triggers]:
        if i <= taken:
            continue
        one = _cue_at(sentence, i)
        if one is not None:
            found.append(one)
            taken = one.end - 1
            if len(found) == MOST_CUES:
                break
    return found


def view_start(low: list[str], i: int) -> int | None:
    """Where "In Kallaste's view" begins whose noun is token i; None if nobody's view stands there."""
    if i < 2 or not is_possessive(low[i - 1]):
        return None
    for k in range(i - 2, max(i - 10, -1), -1):
        if low[k] == "in":
            return k
    return None


@cache
def _triggers() -> frozenset[str]:
    return frozenset(verb_forms()) | COPULAS | _VIEWS | _HEARSAY | frozenset(attitudes("noun")) | {"according"}


def _cue_at(sentence: Sentence, i: int) -> Found | None:
    low = sentence.low
    word = low[i]
    following = low[i + 1] if i + 1 < len(low) else ""
    if word in verb_forms() and (verb := verb_cue(sentence, i)) is not None:
        return verb
    if word in COPULAS and (adjective := adjective_cue(sentence, i)) is not None:
        return adjective
    if word == "according" and following == "to" and i + 2 < len(low):
        return Found(i, i + 2, i, "according", "say", "", True, "", False, False, "according to")
    if word in _VIEWS and following == "," and view_start(low, i) is not None:
        return Found(i, i + 1, i, "view", "say", "c", False, "", False, False, "in the view of")
    if word in _HEARSAY:
        return Found(i, i + 1, i, "hearsay", "say", "", False, "", False, False, word)
    return noun_cue(sentence, i) if word in attitudes("noun") else None
