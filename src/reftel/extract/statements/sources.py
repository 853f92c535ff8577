"""Whose words they are where the cue has no subject of its own: the subject of another cue, or of the main clause."""

from __future__ import annotations

from collections.abc import Set

from reftel.extract.statements.bounds import past_label
from reftel.extract.statements.drafts import Placed, Range
from reftel.extract.statements.objects import find_object
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import PERSONAL, PREPOSITIONS, SUBORDINATORS

_OWN = ("np", "pronoun", "apposition", "mid", "post")


def find_source(sentence: Sentence, placed: list[Placed], n: int, outer: Set[int]) -> tuple[Range | None, bool]:
    """The source of a statement and whether it stands with another verb; None where it is not told."""
    one = placed[n]
    if one.source is not None:
        return one.source, False
    if one.how in ("passive", "hearsay", "asked"):
        return None, False
    if one.how == "purpose":
        return _main_subject(sentence, one), True
    shared = _source_behind(sentence, placed, n) if one.how == "lead" else _source_before(placed, n, outer)
    return shared or _main_subject(sentence, one), True


def _source_behind(sentence: Sentence, placed: list[Placed], n: int) -> Range | None:
    """ "Noting X, Kallaste said Y": the subject of the main clause."""
    for one in placed[n + 1 :]:
        if one.source is None or not one.clause or one.how not in _OWN:
            continue
        if one.how in ("mid", "post") or sentence.low[one.clause - 1] in (",", "-", "--"):
            return one.source
    return None


def _source_before(placed: list[Placed], n: int, outer: Set[int]) -> Range | None:
    """ "Kallaste said X, adding that Y": the nearest subject before, of an outer statement for an outer one."""
    for k in range(n - 1, -1, -1):
        one = placed[k]
        own = one.how in _OWN or one.how == "according"
        if own and one.source is not None and (k in outer or n not in outer):
            return one.source
        if one.how == "relative" and k in outer and n not in outer:
            return one.source
    return None


def _main_subject(sentence: Sentence, one: Placed) -> Range | None:
    """The subject of the main clause where its verb is no cue: "Director Merivale opened the meeting by expressing ..."."""
    low = sentence.low
    start, limit = 0, one.found.start
    if one.how == "lead":
        start, limit = _past_comma(low, one.found.end, len(low)), len(low)
    elif low[0] in PREPOSITIONS or low[0] in SUBORDINATORS or low[0].endswith("ing"):
        start = _past_comma(low, 0, limit)
        if start > limit:
            return None
    start = past_label(low, start)
    if start < len(low) and low[start] in PERSONAL:
        return (start, start + 1)
    end = find_object(sentence, start, min(limit, len(low)))
    return (start, end) if end > start else None


def _past_comma(low: list[str], at: int, limit: int) -> int:
    """Behind the first comma at or after `at`; one more than `limit` if none stands before it."""
    while at < limit and low[at] != ",":
        at += 1
    return at + 1
