"""Anchors: where in the text of a cable a note or highlight stands, kept so that its words are found again in another text of it.

A text is never edited, so in the text it was made on an anchor needs its offsets alone: no new parse can move it. When another text
leads (a better witness came, or the file was replaced), its words are looked for, with what stood round them.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable

from reftel.errors import ReftelError
from reftel.model import Cable, Record, Span
from reftel.text import as_span, tight, without

LONGEST = 20_000  # characters that one anchor may hold
CONTEXT = 32  # characters that are kept on either side


class Anchor(Record, frozen=True):
    """A span of one text, and what it takes to find its words in another.

    sha256: of the text, as in Provenance. span: in that text. quote: its words, page breaks and what else breaks into a sentence left
    out; before, after: what stands on either side of it, likewise.
    """

    sha256: str
    span: Span
    quote: str
    before: str
    after: str


def make_anchor(cable: Cable, start: int, end: int) -> Anchor:
    """The anchor of a range of a cable's text, white space at its ends left out.

    cable: as it is stored, not masked. ReftelError if there is nothing in the range, or too much.
    """
    if not 0 <= start <= end <= len(cable.text):
        raise ReftelError(f"The text has {len(cable.text):,} characters; there is no place {start} to {end} in it.")
    span = as_span(tight(cable.text, start, end))
    if span.start == span.end:
        raise ReftelError("There are no words at that place. Select some.")
    if span.end - span.start > LONGEST:
        raise ReftelError(f"At most {LONGEST:,} characters can be marked at once. Mark the paragraphs one by one.")
    holes = [segment.span for segment in cable.segments if segment.kind in _BREAKS_IN]

    def words(start: int, end: int) -> str:
        return "".join(piece.of(cable.text) for piece in without([Span(start, end)], holes))

    return Anchor(
        sha256=cable.source.sha256,
        span=span,
        quote=words(*span) or span.of(cable.text),
        before=words(0, span.start)[-CONTEXT:],
        after=words(span.end, len(cable.text))[:CONTEXT],
    )


def place(anchor: Anchor, cable: Cable) -> Span | None:
    """Where an anchor stands in a text of its cable; None if its words are not there.

    In the text it was made on, at its own offsets. In another, letters and digits alone are compared, small and capital alike, so
    that other line breaks, page breaks and marks do no harm. If the words stand there several times, the place counts where most of
    what stood before and behind them agrees, and of several such the nearest. What is looked for has twelve letters or more, its
    neighbours counted in: a short word is not found without any neighbour. cable: not masked.
    """
    return place_all([anchor], cable)[0]


def place_all(anchors: Iterable[Anchor], cable: Cable) -> list[Span | None]:
    """As place, of many anchors; the text is made ready once, and only if it is another than that of an anchor."""
    anchors = list(anchors)
    here = cable.source.sha256
    plain = _Plain(cable) if any(anchor.sha256 != here for anchor in anchors) else None
    return [anchor.span if plain is None or anchor.sha256 == here else _find(anchor, plain) for anchor in anchors]


# What stands inside a sentence without being of it, and what is a copy of text that stands elsewhere.
_BREAKS_IN = frozenset({"section_break", "page_break", "repeated_head", "injected", "wrapper", "pilcrow"})
_LEFT_OUT = _BREAKS_IN | {"furniture", "truncated_copy"}
_NEIGHBOURS = (CONTEXT, 16, 8, 4, 0)  # letters of a neighbour that must agree, most first
_TELLING = 12  # letters: fewer may stand anywhere
_WORD = re.compile(r"[^\W_]+")


class _Plain:
    """The letters and digits of a cable's text without artefacts, folded, with the way back."""

    def __init__(self, cable: Cable) -> None:
        self.cable = cable
        self._starts, self._begins = array("Q"), array("Q")  # where each word begins in the text, and here
        holes = [segment.span for segment in cable.segments if segment.kind in _LEFT_OUT]
        words = []
        length = 0
        for start, end in without([Span(0, len(cable.text))], holes):
            for match in _WORD.finditer(cable.text, start, end):
                self._starts.append(match.start())
                self._begins.append(length)
                words.append(_fold(match[0]))
                length += len(match[0])
        self.text = "".join(words)
        self.backwards = self.text[::-1]

    def source(self, at: int) -> int:
        """The offset in the cable's text of the character at a place."""
        i = bisect_right(self._begins, at) - 1
        return self._starts[i] + at - self._begins[i]

    def at(self, source: int) -> int:
        """About which character stands at an offset of the cable's text."""
        i = max(bisect_right(self._starts, source) - 1, 0)
        return self._begins[i] + max(source - self._starts[i], 0) if self._begins else 0


def _fold(word: str) -> str:
    """A word in small letters without accents, of the same length."""
    if word.isascii():
        return word.lower()
    return "".join(unicodedata.normalize("NFD", c)[0].casefold()[0] for c in word)


def _find(anchor: Anchor, plain: _Plain) -> Span | None:
    quote, before, after = (
        "".join(map(_fold, _WORD.findall(words))) for words in (anchor.quote, anchor.before, anchor.after)
    )
    if not quote or quote not in plain.text:
        return None
    at = plain.at(anchor.span.start)
    for size in _NEIGHBOURS:
        lead, tail = before[len(before) - size :] if size < len(before) else before, after[:size]
        for first, last in ((lead, tail), (lead, ""), ("", tail)):
            wanted = first + quote + last
            if len(wanted) < _TELLING:
                continue
            found = _nearest(wanted, plain, at - len(first))
            if found is not None:
                begin = found + len(first)
                span = Span(plain.source(begin), plain.source(begin + len(quote) - 1) + 1)
                return _with_ends(anchor.quote, span, plain.cable.text)
    return None


def _nearest(wanted: str, plain: _Plain, at: int) -> int | None:
    """Where a string stands nearest to a place. Two searches in C, each linear; str.rfind is not."""
    later = plain.text.find(wanted, max(at, 0))
    backwards = plain.backwards.find(wanted[::-1], max(len(plain.text) - max(at, 0) - len(wanted) + 1, 0))
    earlier = len(plain.text) - backwards - len(wanted) if backwards >= 0 else -1
    if later < 0 or (earlier >= 0 and at - earlier < later - at):
        return earlier if earlier >= 0 else None
    return later


def _with_ends(quote: str, span: Span, text: str) -> Span:
    """The span with the points and brackets that the quote begins and ends with, where the text has them too."""
    words = list(_WORD.finditer(quote))
    lead, tail = quote[: words[0].start()], quote[words[-1].end() :]
    start = span.start - len(lead) if lead and text.endswith(lead, 0, span.start) else span.start
    end = span.end + len(tail) if tail and text.startswith(tail, span.end) else span.end
    return Span(start, end)
