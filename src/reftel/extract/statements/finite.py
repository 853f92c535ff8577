"""Whether a clause, and not a noun phrase alone, stands at a place."""

from __future__ import annotations

from functools import cache

from reftel.extract.statements.lexicon import verb_forms
from reftel.extract.statements.words import AUX, DETERMINERS, POSSESSIVES, PREPOSITIONS, SUBJECT_PRONOUNS, SUBORDINATORS
from reftel.tables import word_class

# How many tokens are looked at.
_WINDOW, _SHORT_WINDOW = 40, 25
_ENDS = frozenset((".", ";", "?"))
_RELATIVES = frozenset(("who", "which", "that"))


def has_finite(low: list[str], i: int, count: int) -> bool:
    """Whether a finite verb seems to follow in the clause at i, before `count`: an auxiliary, or a verb in -ed or -s."""
    irregular, cue_verbs = word_class("irregular finite"), _finite_cues()
    for j in range(i, min(count, i + _WINDOW)):
        word = low[j]
        if word in AUX:
            return True
        if j > i:
            before = low[j - 1]
            if before not in PREPOSITIONS:
                if word in irregular:
                    return True
                if before not in DETERMINERS and (word.endswith("ed") and len(word) > 4):
                    return True
                if before not in DETERMINERS and before not in POSSESSIVES and word in cue_verbs:
                    return True
            if word in _RELATIVES:
                return False
        if word in _ENDS:
            return False
    return False


@cache
def _finite_cues() -> frozenset[str]:
    """The forms of cue verbs that are finite by themselves: "said", "says", not "say"."""
    return frozenset(
        word for word, forms in verb_forms().items() if any(form in ("past", "third") for _, form in forms)
    )


def opens_clause(low: list[str], i: int) -> bool:
    """Whether a clause begins at i: a pronoun, or an auxiliary before any comma or "that"."""
    if low[i] in SUBJECT_PRONOUNS or low[i] == "there":
        return True
    for j in range(i, min(len(low), i + _SHORT_WINDOW)):
        if low[j] in AUX:
            return True
        if low[j] in (",", ".", ";", "to", "(") or low[j] in SUBORDINATORS:
            return False
    return False
