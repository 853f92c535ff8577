"""A stretch of a cable's text as HTML, with everything that is known of it laid over: linear in text and layers.

The text itself is never changed: in a block, the text of the elements with `data-o` is the text of the source from that offset on,
character for character, but for elements of the class `x`, which are ours. A control character stands as one visible character.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from reftel.model import Span
from reftel.web.saying import visible

MARK, LINK, TINT, GLOSS, NOTED = "mark", "link", "tint", "gloss", "noted"


class Layer(NamedTuple):
    """Something that holds of a span.

    kind: MARK (what was looked for), LINK (leads to `value`), TINT (a statement: `value` its number, `name` its class), GLOSS (`value`
    says what it is) or NOTED (a note of a user's: `value` its number). name: of the class in the style sheet. Links do not overlap each other.
    """

    span: Span
    kind: str
    name: str
    value: str = ""


class Inserted(NamedTuple):
    """Markup of ours that stands before the character at an offset. It must be of the class `x`."""

    at: int
    markup: Markup


class Layers:
    """The layers of one cable, to be asked for stretch after stretch; quickest in the order of the text."""

    def __init__(self, layers: Iterable[Layer], inserted: Iterable[Inserted] = ()) -> None:
        self._layers = sorted((one for one in layers if one.span.start < one.span.end), key=_outer_first)
        self._inserted = sorted(inserted, key=lambda one: one.at)
        self._places = [one.at for one in self._inserted]
        self._next, self._begun, self._open = 0, 0, list[Layer]()

    def of(self, span: Span) -> list[Layer]:
        """The layers that touch a stretch, outer ones first."""
        if span.start < self._begun:
            self._next, self._open = 0, []
        self._begun = span.start
        while self._next < len(self._layers) and self._layers[self._next].span.start < span.end:
            self._open.append(self._layers[self._next])
            self._next += 1
        self._open = [one for one in self._open if one.span.end > span.start]
        return [one for one in self._open if one.span.start < span.end]

    def inserted(self, start: int, end: int) -> list[Inserted]:
        """What stands before the characters of a stretch, its end left out."""
        return self._inserted[bisect_left(self._places, start) : bisect_left(self._places, end)]


def _outer_first(layer: Layer) -> tuple[int, int]:
    return layer.span.start, -layer.span.end


def set_text(text: str, span: Span, layers: Layers) -> Markup:
    """A stretch of the text as one element with `data-o`, its layers and what is inserted."""
    pieces: list[str] = [f'<span data-o="{span.start}">']
    touching = layers.of(span)
    starts: dict[int, list[Layer]] = {}
    ends: dict[int, list[Layer]] = {}
    for one in touching:
        starts.setdefault(max(one.span.start, span.start), []).append(one)
        ends.setdefault(min(one.span.end, span.end), []).append(one)
    inserted: dict[int, list[Markup]] = {}
    for thing in layers.inserted(span.start, span.end):
        inserted.setdefault(thing.at, []).append(thing.markup)
    active: dict[str, dict[int, Layer]] = {MARK: {}, LINK: {}, TINT: {}, GLOSS: {}, NOTED: {}}
    cuts = sorted({span.start, span.end, *starts, *ends, *inserted})
    linked: Layer | None = None
    for at, then in zip(cuts, [*cuts[1:], span.end], strict=True):
        for one in ends.get(at, ()):
            active[one.kind].pop(id(one), None)
        for one in starts.get(at, ()):
            active[one.kind][id(one)] = one
        link = _last(active[LINK])
        if link is not linked:
            pieces.append("</a>" if linked is not None else "")
            linked = None
        pieces += inserted.get(at, ())
        if at >= then:
            continue
        if link is not linked and link is not None:
            pieces.append(f'<a class="{escape(link.name)}" href="{escape(link.value)}">')
            linked = link
        pieces.append(_set_run(text[at:then], active))
    if linked is not None:
        pieces.append("</a>")
    pieces.append("</span>")
    return Markup("".join(pieces))


def _set_run(text: str, active: Mapping[str, Mapping[int, Layer]]) -> str:
    """A run in which nothing begins or ends."""
    said = str(escape(visible(text)))
    tint = _last(active[TINT])
    gloss = _last(active[GLOSS])
    mark = _last(active[MARK])
    if gloss is not None:
        said = f'<span class="{escape(gloss.name)}" title="{escape(gloss.value)}">{said}</span>'
    if mark is not None:
        said = f'<mark class="{escape(mark.name)}">{said}</mark>'
    if tint is not None:
        said = f'<span class="{escape(tint.name)}" data-s="{escape(tint.value)}">{said}</span>'
    if noted := list(active[NOTED].values()):
        numbers = " ".join(one.value for one in noted)
        said = f'<mark class="{escape(noted[-1].name)}" data-n="{escape(numbers)}">{said}</mark>'
    return said


def _last(layers: Mapping[int, Layer]) -> Layer | None:
    """The innermost: the one that began last."""
    return next(reversed(layers.values()), None) if layers else None  # type: ignore[call-overload]


# What ends a sentence, at the end of a piece; a blank line; a line that is set in columns
_CLOSED = re.compile(r"[.!?:;\"”)\]]\s*\Z")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_COLUMNS = re.compile(r"[^\s.?!:;] {3,}\S")


class Block(NamedTuple):
    """A paragraph of print: prose, or lines in columns. spans: its pieces, in order; gaps: what was cut out before each but the first."""

    is_table: bool
    spans: tuple[Span, ...]
    gaps: tuple[Span, ...]


def find_blocks(text: str, spans: Sequence[Span]) -> Iterator[Block]:
    """The blocks of some pieces of text: a blank line ends one, also at a cut, if a sentence has ended there."""
    pieces: list[Span] = []
    gaps: list[Span] = []
    for i, span in enumerate(spans):
        if i and pieces:
            gap = Span(spans[i - 1].end, span.start)
            joint = text[max(pieces[-1].start, gap.start - 200) : gap.start]
            around = joint[len(joint.rstrip()) :] + text[span.start : span.start + 200]
            lead = around[: len(around) - len(around.lstrip())]
            if _CLOSED.search(joint) and _BLANK_LINE.search(lead):
                yield _block(text, pieces, gaps)
                pieces, gaps = [], []
            else:
                gaps.append(gap)
        start = span.start
        for blank in _BLANK_LINE.finditer(text, span.start, span.end):
            at_cut = blank.end() == span.end and i + 1 < len(spans)
            if text[start : blank.start()].strip() and not at_cut:
                pieces.append(Span(start, blank.end()))
                yield _block(text, pieces, gaps)
                pieces, gaps = [], []
                start = blank.end()
        if start < span.end:
            pieces.append(Span(start, span.end))
        elif gaps and len(gaps) > len(pieces) - 1:
            gaps.pop()
    if pieces:
        yield _block(text, pieces, gaps)


def _block(text: str, pieces: list[Span], gaps: list[Span]) -> Block:
    lines = [line for span in pieces for line in text[span.start : min(span.end, span.start + 20_000)].split("\n")]
    return Block(sum(1 for line in lines if _COLUMNS.search(line)) > 1, tuple(pieces), tuple(gaps[: len(pieces) - 1]))
