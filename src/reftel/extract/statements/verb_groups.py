"""The words that belong to a verb of saying: auxiliaries and adverbs before it, the rest of its row and a second verb behind it."""

from __future__ import annotations

from reftel.extract.statements.lexicon import SPEAKING, cues_by_head, verb_forms
from reftel.extract.statements.words import AUX, NEGATED, QUOTES, is_adverb
from reftel.tables import word_class

# Adverbs that go with the noun before them: "Kallaste himself said", "the delegates all said".
_OF_THE_SUBJECT = frozenset(
    ("all", "both", "each", "himself", "herself", "themselves", "itself", "here", "there", "no")
)
# How many auxiliaries and adverbs a verb group may have.
_LONGEST_GROUP = 12


def group_start(low: list[str], i: int) -> tuple[int, list[str]]:
    """Where the verb group of the verb at i begins, and its auxiliaries in order: "had not yet said" begins at "had"."""
    start = i
    aux: list[str] = []
    while start > 0 and i - start < _LONGEST_GROUP:
        word = low[start - 1]
        if word in AUX:
            aux.append(word)
        elif word == "longer" and start > 1 and low[start - 2] == "no":
            start -= 1
        elif not (word in NEGATED or (is_adverb(word) and word not in _OF_THE_SUBJECT)):
            break
        start -= 1
    # "Separately, ..." without its comma: an adverb that opens the sentence is not the verb's
    if start == 0 and i > 0 and not aux and low[0] in word_class("sentence adverb"):
        start = 1
    aux.reverse()
    return start, aux


def match_rest(low: list[str], i: int, rest: tuple[str, ...]) -> int:
    """The end of the words `rest` at i, adverbs between allowed; i itself if rest is empty, -1 if they do not stand there."""
    count = len(low)
    for word in rest:
        skipped = 0
        while i < count and low[i] != word and skipped < 2 and is_adverb(low[i]):
            i += 1
            skipped += 1
        if i < count and low[i] in QUOTES:
            i += 1
        if i >= count or low[i] != word:
            return -1
        i += 1
    return i


def by_saying(low: list[str], end: int, takes: str) -> tuple[int, str]:
    """ "responded by saying": the second verb is part of the cue, and what it takes counts."""
    if end + 1 < len(low) and low[end] == "by":
        for base, form in verb_forms().get(low[end + 1], ()):
            if form == "ing":
                cues = [cue for cue in cues_by_head()[base] if not cue.rest and cue.group in SPEAKING]
                if cues:
                    return end + 2, "".join(dict.fromkeys("".join(cue.takes for cue in cues)))
    return end, takes


def past_adverbs(low: list[str], end: int) -> int:
    """Past adverbs between the verb and its "that": "stated very clearly that", "stressed several times that"; else `end`."""
    i = end
    while i < len(low) and i < end + 4:
        word = low[i]
        if not (is_adverb(word) or word in ("several", "times", "many") or (word == "and" and i > end)):
            break
        i += 1
    return i if i > end and i < len(low) and low[i] == "that" else end


def chain_start(low: list[str], to: int) -> tuple[int, str] | None:
    """ "went on to say": where the chain before the "to" at `to` begins, and its shape; None if no chain verb stands there."""
    if to < 1 or low[to] != "to":
        return None
    i = to - 1
    if low[i] == "on" and i:
        i -= 1
    for base, form in verb_forms().get(low[i], ()):
        if form in ("past", "third", "ing") and any(cue.group == "chain" for cue in cues_by_head()[base]):
            start, _ = group_start(low, i)
            return start, "ing" if form == "ing" else "finite"
    return None
