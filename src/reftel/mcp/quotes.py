"""Whether some words stand in a text: as they are, but for how they are set, or nearly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from reftel.mcp.visible import visible
from reftel.model import Record, Span
from reftel.query import Token, find_tokens
from reftel.text import Flow, one_line

LONGEST = 1_500  # characters of a quote
_MOST = 5  # places that are told
_MOST_DIFFER = 12  # words, or runs of words, that differ
_LIKE = 0.6  # share of the words from which on a passage is near
_FEWEST = 4  # words of a quote that can be near anything
_OMITTED = re.compile(r"\s*(?:\[\s?\.{3}\s?\]|\(\.{3}\)|\.{3,4}|\u2026)\s*")
_ENDS = ".,;:!?'\" "

# What writers and programs set otherwise than a telegram prints it. The marks of find_statements are no part of a text.
_ALIKE = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    "\u2026": "...",
    **dict.fromkeys("\u00ab\u00bb", ""),
}
_UNSEEN = frozenset(["\ufffd", *map(chr, range(0x2400, 0x2422))])  # as `visible` shows them


class Found(Record, frozen=True):
    """A quote that stands in a text. how: what differs, "" if nothing does. places: of each its pieces, in order; more: that are left out."""

    how: str
    places: tuple[tuple[Span, ...], ...]
    more: int = 0


class Near(Record, frozen=True):
    """The passage nearest to a quote. share: of its words that stand there. differs: (words of the quote, words of the text), either of
    them "" where the other has more; more: such pairs that are left out.
    """

    span: Span
    share: float
    differs: tuple[tuple[str, str], ...]
    more: int = 0


def find_quote(text: str, flow: Flow, quote: str) -> Found | None:
    """Where a quote stands in a text, or in its flow, which leaves breaks out; None if it does not.

    Tried in this order: as it is; apart from white space, breaks, the form of quotation marks and dashes, and capitals; with omissions
    ("..."), each part behind the other. Always in whole words: "able to agree" does not stand in "unable to agree".
    """
    exact = _find_all(text, quote)
    if exact:
        return _found("", [(Span(i, i + len(quote)),) for i in exact])
    folded, wanted = _Folded(flow.text, _joints(flow)), _fold(quote)
    for part, said in ((wanted, ""), (wanted.strip(_ENDS), ", and the signs at its ends")):
        starts = _find_all(folded.text, part) if part.strip(_ENDS) else []
        if starts:
            places = [_merged(flow.spans(*folded.back(i, i + len(part)))) for i in starts]
            return _found(_how(text, places[0], quote) + said, places)
    return _find_parts(folded, flow, [_fold(part).strip(_ENDS) for part in _OMITTED.split(quote)])


def find_near(flow: Flow, quote: str) -> Near | None:
    """The passage that has most of the words of a quote; None if none has most of them, or the quote is too short to tell."""
    wanted = find_tokens(quote)
    tokens = find_tokens(flow.text)
    if len(wanted) < _FEWEST or not tokens:
        return None
    begin, share = _densest([t.word for t in tokens], [t.word for t in wanted])
    if share < _LIKE:
        return None
    slack = len(wanted) // 4 + 2
    window = tokens[max(begin - slack, 0) : begin + len(wanted) + slack]
    matcher = SequenceMatcher(None, [t.word for t in wanted], [t.word for t in window], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    low = max(blocks[0].b - blocks[0].a, 0)
    high = min(blocks[-1].b + len(wanted) - blocks[-1].a, len(window))
    differs = []
    for kind, a, b, c, d in matcher.get_opcodes():
        c, d = max(c, low), min(d, high)
        if kind != "equal" and (a < b or c < d):
            differs.append((_between(quote, wanted, a, b), _between(flow.text, window, c, d)))
    return Near(
        flow.hull(window[low].start, window[high - 1].end),
        share,
        tuple(differs[:_MOST_DIFFER]),
        max(len(differs) - _MOST_DIFFER, 0),
    )


def _found(how: str, places: Sequence[tuple[Span, ...]]) -> Found:
    return Found(how, tuple(places[:_MOST]), max(len(places) - _MOST, 0))


def _find_all(text: str, part: str) -> list[int]:
    """Where a part stands in whole words."""
    found, at = [], text.find(part)
    while at >= 0:
        if not _runs_on(text, at) and not _runs_on(text, at + len(part)):
            found.append(at)
        at = text.find(part, at + 1)
    return found


def _runs_on(text: str, at: int) -> bool:
    """Whether a word runs on over a place of the text; a number is one word with its points, so that "5 percent" is no part of "1.5 percent"."""
    before, after = text[max(at - 2, 0) : at], text[at : at + 2]
    if not before or not after:
        return False
    if before[-1].isalnum() and after[0].isalnum():
        return True
    pointed = before[-1] in ".," and before[:-1].isdigit() and after[0].isdigit()
    return pointed or (before[-1].isdigit() and after[0] in ".," and after[1:].isdigit())


class _Folded:
    """A text as it is compared, and for each of its characters where it stands in the text. joints: where a page break was cut out."""

    def __init__(self, text: str, joints: Collection[int] = ()) -> None:
        signs: list[str] = []
        self._at: list[int] = []
        for i, char in enumerate(text):
            for sign in f" {_sign(char)}" if i in joints else _sign(char):
                if sign in " -" and signs and signs[-1] in (sign, "-"):
                    continue
                if sign == "-" and signs and signs[-1] == " ":
                    signs.pop()  # "a -- b" is "a-b"
                    self._at.pop()
                signs.append(sign)
                self._at.append(i)
        self.text = "".join(signs)

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The range of the text that a range of the folded one was made of."""
        return self._at[start], self._at[end - 1] + 1


def _fold(text: str) -> str:
    return _Folded(text).text.strip()


@lru_cache(4096)
def _sign(char: str) -> str:
    """What a character is compared by: nothing for one that cannot be seen, a blank for white space."""
    shown = visible(char)
    if shown in _UNSEEN:
        return ""
    return " " if shown.isspace() else _ALIKE.get(shown, shown).casefold()


def _joints(flow: Flow) -> frozenset[int]:
    """Where in a flow two pieces meet that do not touch in the source."""
    joints, length = set(), 0
    for i, piece in enumerate(flow.pieces):
        if i and flow.pieces[i - 1].end != piece.start:
            joints.add(length)
        length += piece.end - piece.start
    return frozenset(joints)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans, those that touch as one."""
    merged: list[Span] = []
    for span in spans:
        if merged and merged[-1].end == span.start:
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return tuple(merged)


def _how(text: str, place: Iterable[Span], quote: str) -> str:
    """What the two differ in, least first."""
    there = " ".join(span.of(text) for span in place)
    if one_line(there) == one_line(quote):
        return "apart from white space and breaks"
    if _plain(there) == _plain(quote):
        return "apart from white space, breaks, quotation marks and dashes"
    return "apart from white space, breaks, quotation marks, dashes and capitals"


def _plain(text: str) -> str:
    """With capitals, without white space, signs in one form."""
    return _FREE.sub("", "".join(_ALIKE.get(char, char) for char in visible(text))).strip(_ENDS)


_FREE = re.compile(r"[\s\-]+")


def _find_parts(folded: _Folded, flow: Flow, parts: list[str]) -> Found | None:
    """The parts of a quote with omissions, each behind the other."""
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return None
    spans: list[Span] = []
    at = 0
    for part in parts:
        at = next((i for i in _find_all(folded.text, part) if i >= at), -1)
        if at < 0:
            return None
        spans += _merged(flow.spans(*folded.back(at, at + len(part))))
        at += len(part)
    return Found("with the omissions that it marks", (tuple(spans),))


def _densest(words: Sequence[str], wanted: Sequence[str]) -> tuple[int, float]:
    """Where the stretch begins that has most of the words, as many as are wanted long, and the share it has of them."""
    left = Counter(wanted)
    held = best = begin = 0
    for i, word in enumerate(words):
        held += left[word] > 0
        left[word] -= 1
        if i >= len(wanted):
            gone = words[i - len(wanted)]
            left[gone] += 1
            held -= left[gone] > 0
        if held > best:
            best, begin = held, max(i - len(wanted) + 1, 0)
    return begin, best / len(wanted)


def _between(text: str, tokens: Sequence[Token], first: int, last: int) -> str:
    return one_line(visible(text[tokens[first].start : tokens[last - 1].end])) if first < last else ""
