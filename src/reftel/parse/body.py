"""Read the text of a cable: which paragraph holds what, under which number, mark and heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from reftel.model import Record
from reftel.parse.blocks import BLANK_LINE, TWO_BLANK_LINES, is_double_spaced, split_blocks
from reftel.parse.marks import match_mark
from reftel.parse.numbers import Number, choose_numbers, find_numbers
from reftel.text import tight, trim_end


class Block(Record, frozen=True):
    """A stretch of the body, flow offsets. kind: paragraph, heading, rule, number, mark, caption."""

    kind: str
    start: int
    end: int


class Part(Record, frozen=True):
    """One paragraph, flow offsets: number and mark as in the record, text ranges in order, index of its heading or None."""

    number: int | None
    mark: str | None
    heading: int | None
    ranges: tuple[tuple[int, int], ...]


class Body(NamedTuple):
    """parts and blocks in order; headings: (start, end) of each; false_pilcrows: where a pilcrow numbers nothing;
    gaps, repeats: (flow offset, what) for the defects."""

    parts: tuple[Part, ...]
    blocks: tuple[Block, ...]
    headings: tuple[tuple[int, int], ...]
    false_pilcrows: tuple[tuple[int, int], ...]
    gaps: tuple[tuple[int, str], ...]
    repeats: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class _Found:
    """What has been read of a text so far. gap: what parts its blocks. heading: index of the heading in force."""

    text: str
    gap: re.Pattern[str]
    parts: list[Part] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)
    heading: int | None = None


_PILCROW_NUMBER = re.compile(r"¶ ?\d+\.?")
_AGAIN = re.compile(r"\s{1,6}+(?P<n>\d{1,3})\.\s{0,3}")
_OPENS_SCOPE = re.compile(
    r"(?:BEGIN )?(?:SUMMARY|COMMENT|ACTION REQUEST(?:ED)?)(?: AND [A-Z ]{4,20})?[ ]?[:.]", re.IGNORECASE
)


def read_body(text: str, start: int, end: int, flattened: bool) -> Body:
    """The body of a flow between two offsets."""
    breaks = text.count("\n", start, end)
    candidates = find_numbers(text, start, end, breaks, flattened)
    chosen, gaps, repeats = choose_numbers(candidates)
    found = _Found(text, TWO_BLANK_LINES if is_double_spaced(text, start, end, breaks) else BLANK_LINE)
    _read_region(found, start, chosen[0].start if chosen else end, None, bool(chosen))
    for i, number in enumerate(chosen):
        stop = chosen[i + 1].start if i + 1 < len(chosen) else end
        found.blocks.append(Block("paragraph_number", number.start, trim_end(text, number.start, number.end)))
        _read_region(found, number.end, stop, number, i + 1 < len(chosen))
    false = _find_false_pilcrows(text, start, end, {n.start for n in chosen if n.pilcrow})
    return Body(tuple(found.parts), tuple(found.blocks), tuple(found.headings), false, tuple(gaps), tuple(repeats))


def _find_false_pilcrows(text: str, start: int, end: int, true: set[int]) -> tuple[tuple[int, int], ...]:
    """The pilcrows before a number that numbers nothing, each with its number. true: where the others stand."""
    if text.count("¶", start, end) == len(true):
        return ()
    return tuple([m.span() for m in _PILCROW_NUMBER.finditer(text, start, end) if m.start() not in true])


def _read_region(found: _Found, start: int, end: int, opened_by: Number | None, more: bool) -> None:
    """Read what stands between two numbers, the first of which opens it. more: another number follows.

    The first prose belongs to the number. Prose after a heading, or with a portion mark of its own, is a paragraph
    without number; other prose goes on with the paragraph before it.
    """
    text, blocks = found.text, found.blocks
    ranges: list[tuple[int, int]] = []
    own_heading = found.heading
    number, mark = (opened_by.value, opened_by.mark) if opened_by is not None else (None, None)
    begun = opened_by is not None

    def close() -> None:
        nonlocal number, mark, ranges
        if begun and (ranges or number is not None):
            found.parts.append(Part(number, mark, own_heading, tuple(ranges)))
        number, mark, ranges = None, None, []

    at = _read_marks(found, opened_by, end) if opened_by is not None else start
    for kind, s, e in split_blocks(text, at, end, begun, more, found.gap):
        if kind == "heading":
            close()
            begun = False
            found.headings.append((s, e))
            found.heading = own_heading = len(found.headings) - 1
            blocks.append(Block("heading", s, e))
        elif kind in ("rule", "caption"):
            blocks.append(Block(kind, s, e))
        else:
            own = match_mark(text, s)
            if ranges and own is None and _OPENS_SCOPE.match(text, s):
                close()
            if own is not None and own[1] <= e and (ranges or not begun):
                close()
                mark = own[0]
                blocks.append(Block("portion_mark", s, own[1]))
                s, _ = tight(text, own[1], e)
            begun = True
            for piece in _between_pilcrows(text, s, e):
                blocks.append(piece)
                if piece.kind == "paragraph":
                    ranges.append((piece.start, piece.end))
    close()


def _read_marks(found: _Found, number: Number, end: int) -> int:
    """Past the portion mark behind a number, and past the second print of both: "¶1. (C)  1. (C) The next" (07SANJOSE361)."""
    text, blocks = found.text, found.blocks
    if number.mark is None or number.mark_end > end:
        return number.end
    blocks.append(Block("portion_mark", number.end, number.mark_end))
    again = _AGAIN.match(text, number.mark_end, end)
    if again is None or int(again["n"]) != number.value or (second := match_mark(text, again.end())) is None:
        return number.mark_end
    blocks.append(Block("paragraph_number", again.start("n"), trim_end(text, again.start("n"), again.end())))
    blocks.append(Block("portion_mark", again.end(), second[1]))
    return second[1]


def _between_pilcrows(text: str, s: int, e: int) -> Iterator[Block]:
    """The stretches between paragraph signs that number nothing, and each sign as a block of its own."""
    while (at := text.find("¶", s, e)) >= 0:
        if at > s:
            yield Block("paragraph", s, at)
        yield Block("pilcrow", at, at + 1)
        s = at + 1
    if s < e:
        yield Block("paragraph", s, e)
