"""Flow: pieces of a source joined for reading, with the way back to the source's offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import partial

from reftel.model import Span

as_span: Callable[[tuple[int, int]], Span] = partial(tuple.__new__, Span)
"""The Span of a start and an end. Calling Span runs Python code, this does not, and a cable has hundreds of spans."""


def one_line(text: str) -> str:
    """The text with every run of white space as one blank, none at its ends."""
    return " ".join(text.split())


def tight(text: str, s: int, e: int) -> tuple[int, int]:
    """The range [s, e) without white space at its ends; [e, e) where it holds nothing else."""
    while s < e and text[s] in " \t\r\n\xa0":
        s += 1
    while e > s and text[e - 1] in " \t\r\n\xa0":
        e -= 1
    return s, e


def trim_end(text: str, s: int, e: int) -> int:
    """The end of range [s, e) without white space before it, not below s."""
    while e > s and text[e - 1] in " \t\r\n\xa0":
        e -= 1
    return e


def without(spans: Iterable[Span], holes: list[Span]) -> list[Span]:
    """The spans less the holes; both in order, the holes apart."""
    left: list[Span] = []
    i = 0
    for start, end in spans:
        at = start
        while i < len(holes) and holes[i].end <= at:
            i += 1
        j = i
        while j < len(holes) and holes[j].start < end:
            if holes[j].start > at:
                left.append(as_span((at, holes[j].start)))
            at = max(at, holes[j].end)
            j += 1
        if at < end:
            left.append(as_span((at, end)))
    return left


class Flow:
    """Some spans of a text joined into one string, each character knowing where it came from.

    Nothing is inserted between the pieces. Offsets into `flow.text` are turned into source offsets by
    `at`, `spans` and `hull`.
    """

    __slots__ = ("_begins", "_ends", "_shifts", "pieces", "text")

    def __init__(self, source: str, spans: Iterable[Span]) -> None:
        self.pieces = [s for s in spans if s[0] < s[1]]
        # where each piece begins and ends in the flow, and how far it is moved there
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._shifts: list[int] = []
        length = 0
        for start, end in self.pieces:
            self._begins.append(length)
            self._shifts.append(start - length)
            length += end - start
            self._ends.append(length)
        self.text = "".join([source[s:e] for s, e in self.pieces])

    def at(self, offset: int) -> int:
        """The source offset of the character at `offset`; of the flow's end, one past its last character.

        ValueError if the flow is empty.
        """
        if not self.pieces:
            raise ValueError("an empty flow has no offsets")
        i = max(bisect_right(self._begins, offset) - 1, 0)
        start, end = self.pieces[i]
        return min(start + offset - self._begins[i], end)

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The source pieces of flow range [start, end), in order; empty where the range is."""
        if start >= end:
            return ()
        i = bisect_right(self._begins, start) - 1
        if i >= 0 and end <= self._ends[i]:  # most ranges lie in one piece
            shift = self._shifts[i]
            return (as_span((start + shift, end + shift)),)
        found = []
        i = max(i, 0)
        while i < len(self.pieces) and self._begins[i] < end:
            (first, last), begin = self.pieces[i], self._begins[i]
            s = first + max(start - begin, 0)
            e = min(first + end - begin, last)
            if s < e:
                found.append(as_span((s, e)))
            i += 1
        return tuple(found)

    def follow(self, labelled: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """The pieces of many flow ranges, each range with its label, in their order."""
        begins, ends, shifts = self._begins, self._ends, self._shifts
        found = []
        for start, end, label in labelled:
            i = bisect_right(begins, start) - 1
            if i >= 0 and end <= ends[i]:
                found.append((start + shifts[i], end + shifts[i], label))
            else:
                found += [(s, e, label) for s, e in self.spans(start, end)]
        return found

    def hull(self, start: int, end: int) -> Span:
        """One source span from the first to past the last character of flow range [start, end)."""
        if start >= end:
            here = self.at(start)
            return as_span((here, here))
        pieces = self.spans(start, end)
        return pieces[0] if len(pieces) == 1 else as_span((self.at(start), self.at(end - 1) + 1))

    def index(self, offset: int) -> int:
        """The flow offset of a source offset; inside a gap or outside, of the next character that the flow has."""
        for piece, begin in zip(self.pieces, self._begins, strict=True):
            if offset < piece.end:
                return begin + max(offset - piece.start, 0)
        return len(self.text)
