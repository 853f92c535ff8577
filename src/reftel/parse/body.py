"""Read the text of a cable: which paragraph holds what, under which number, mark and heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from reftel.parse.blocks import BLANK_LINE, TWO_BLANK_LINES, is_double_spaced, split_blocks
from reftel.parse.marks import match_mark
from reftel.parse.numbers import choose_numbers, find_numbers
from reftel.text import tight, trim_end


class Block(NamedTuple):
    """A stretch of the body, flow offsets. kind: paragraph, heading, rule, number, mark, caption."""

    kind: str
    start: int
    end: int


class Part(NamedTuple):
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
_AGAIN = re.compile(r"\s{1,6}(?P<n>\d{1,3})\.\s{0,3}")
_OPENS_SCOPE = re.compile(
    r"(?:BEGIN )?(?:SUMMARY|COMMENT|ACTION REQUEST(?:ED)?)(?: AND [A-Z ]{4,20})?[ ]?[:.]", re.IGNORECASE
)


def read_body(text: str, start: int, end: int, flattened: bool) -> Body:
    """The body of a flow between two offsets."""
    candidates = find_numbers(text, start, end, flattened)
    chosen, gaps, repeats = choose_numbers(candidates)
    found = _Found(text, TWO_BLANK_LINES if is_double_spaced(text, start, end) else BLANK_LINE)
    _read_region(found, start, chosen[0].start if chosen else end, None, None, bool(chosen))
    for i, number in enumerate(chosen):
        stop = chosen[i + 1].start if i + 1 < len(chosen) else end
        found.blocks.append(Block("paragraph_number", number.start, trim_end(text, number.start, number.end)))
        _read_region(found, number.end, stop, number.value, number.mark, i + 1 < len(chosen))
    taken = {n.start for n in chosen}
    false = tuple((m.start(), m.end()) for m in _PILCROW_NUMBER.finditer(text, start, end) if m.start() not in taken)
    return Body(tuple(found.parts), tuple(found.blocks), tuple(found.headings), false, tuple(gaps), tuple(repeats))


def _read_region(found: _Found, start: int, end: int, number: int | None, mark: str | None, more: bool) -> None:
    """Read what stands between two numbers. more: another number follows.

    The first prose belongs to the number. Prose after a heading, or with a portion mark of its own, is a paragraph
    without number; other prose goes on with the paragraph before it.
    """
    text, blocks = found.text, found.blocks
    ranges: list[tuple[int, int]] = []
    own_heading = found.heading
    begun = number is not None

    def close() -> None:
        nonlocal number, mark, ranges
        if begun and (ranges or number is not None):
            found.parts.append(Part(number, mark, own_heading, tuple(ranges)))
        number, mark, ranges = None, None, []

    at = _read_marks(found, start, end, number) if begun else start
    for kind, s, e in split_blocks(text, at, end, number is not None, more, found.gap):
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
            for piece_start, piece_end in _between_pilcrows(text, s, e, blocks):
                blocks.append(Block("paragraph", piece_start, piece_end))
                ranges.append((piece_start, piece_end))
    close()


def _read_marks(found: _Found, at: int, end: int, number: int | None) -> int:
    """Past the portion mark behind a number, and past the second print of both: "¶1. (C)  1. (C) The next" (07SANJOSE361)."""
    text, blocks = found.text, found.blocks
    mark = match_mark(text, at)
    if mark is None or mark[1] > end:
        return at
    blocks.append(Block("portion_mark", at, mark[1]))
    again = _AGAIN.match(text, mark[1], end)
    if again is None or int(again["n"]) != number or (second := match_mark(text, again.end())) is None:
        return mark[1]
    blocks.append(Block("paragraph_number", again.start("n"), trim_end(text, again.start("n"), again.end())))
    blocks.append(Block("portion_mark", again.end(), second[1]))
    return second[1]


def _between_pilcrows(text: str, s: int, e: int, blocks: list[Block]) -> Iterator[tuple[int, int]]:
    """The stretches between paragraph signs that number nothing; each sign becomes a block of its own."""
    while (at := text.find("¶", s, e)) >= 0:
        if at > s:
            yield s, at
        blocks.append(Block("pilcrow", at, at + 1))
        s = at + 1
    if s < e:
        yield s, e
