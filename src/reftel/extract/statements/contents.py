"""What a statement attributes, as ranges of tokens: its segments before, round and behind the cue."""

from __future__ import annotations

from collections.abc import Set

from reftel.extract.statements.bounds import back_start, clause_bounds, forward_end, lead_end, quotation_start
from reftel.extract.statements.drafts import Placed, Range
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import is_adverb
from reftel.tables import word_class

_BEFORE = frozenset((",", ";", ":", ".", "--", "-", ")"))
_BEHIND = frozenset((",", ";", ":", ".", "(", "--", "-", "and", "but", "or", "while", "although", "then", "also", "by")) | {
    "though", "yet", "whereas",
}  # fmt: skip


def find_content(sentence: Sentence, placed: list[Placed], n: int, outer: Set[int]) -> tuple[Range, ...]:
    """The content of a statement, in order; empty if nothing is left of it."""
    one = placed[n]
    how = one.how
    if how == "post":
        begin = quotation_start(sentence, back_start(sentence, placed, n), one.clause)
        return _trim(sentence, (begin, one.clause))
    if how == "mid":
        return _round_cue(sentence, placed, n, outer)
    if how == "according":
        return _of_according(sentence, placed, n, outer)
    if how == "hearsay":  # "the talks had reportedly failed"
        start, end = clause_bounds(sentence.low, one.found.start)
        return _trim(sentence, (start, one.found.start), (one.found.end, end))
    if one.begin < 0:
        return ()
    end = forward_end(sentence, placed, n, outer)
    if how == "wh":
        return _trim(sentence, (one.clause, one.clause + 1), (one.begin, end))
    if how == "passive" and one.frame == "t":  # "prices were expected to rise"
        return _trim(sentence, (one.clause, one.found.start), (one.begin, end))
    if how in ("lead", "asked"):
        end = lead_end(sentence, placed, n, end)
    return _trim(sentence, (one.begin, end))


def _round_cue(sentence: Sentence, placed: list[Placed], n: int, outer: Set[int]) -> tuple[Range, ...]:
    """ "X, Merivale said, Y": X unless it only connects ("In addition, Merivale said, Y") or Y alone is quoted."""
    one = placed[n]
    begin = back_start(sentence, placed, n)
    behind = (one.begin, forward_end(sentence, placed, n, outer))
    words = [word for word in sentence.low[begin : one.clause] if word != ","]
    quoted_behind = one.begin < len(sentence) and sentence.quoted[one.begin] and not sentence.quoted[begin]
    if quoted_behind or " ".join(words) in word_class("connective") or all(is_adverb(word) for word in words):
        return _trim(sentence, behind)
    return _trim(sentence, (begin, one.clause), behind)


def _of_according(sentence: Sentence, placed: list[Placed], n: int, outer: Set[int]) -> tuple[Range, ...]:
    """ "According to Oks, X", "X, according to Oks", "X, according to Oks, Y"."""
    low = sentence.low
    one = placed[n]
    comma = one.begin < len(low) and low[one.begin] == ","
    behind = one.begin + 1 if comma else one.begin
    if one.clause <= 1:
        return _trim(sentence, (behind, forward_end(sentence, placed, n, outer)))
    before = (back_start(sentence, placed, n), one.found.start)
    return _trim(sentence, before, (behind, len(low))) if comma else _trim(sentence, before)


def _trim(sentence: Sentence, *ranges: Range) -> tuple[Range, ...]:
    """The ranges without points, commas and conjunctions at their ends, quotation marks kept; empty ones dropped."""
    low = sentence.low
    found: list[Range] = []
    for start, end in ranges:
        while start < end and low[start] in _BEFORE:
            start += 1
        while end > start and (low[end - 1] in _BEHIND or (low[end - 1] == ")" and "(" not in low[start:end])):
            end -= 1
        if any(low[i][0].isalnum() for i in range(start, end)):
            found.append((start, end))
    return tuple(found)
