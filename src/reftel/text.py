"""Flow: pieces of a source joined for reading, with the way back to the source's offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from reftel.model import Span


class Flow:
    """Some spans of a text joined into one string, each character knowing where it came from.

    Nothing is inserted between the pieces. Offsets into `flow.text` are turned into source offsets by
    `at`, `spans` and `hull`.
    """

    __slots__ = ("_begins", "pieces", "text")

    def __init__(self, source: str, spans: Iterable[Span]) -> None:
        self.pieces = [Span(*s) for s in spans if s[0] < s[1]]
        self._begins: list[int] = []
        length = 0
        for piece in self.pieces:
            self._begins.append(length)
            length += piece.end - piece.start
        self.text = "".join([source[s:e] for s, e in self.pieces])

    def at(self, offset: int) -> int:
        """The source offset of the character at `offset`; of the flow's end, one past its last character.

        ValueError if the flow is empty.
        """
        if not self.pieces:
            raise ValueError("an empty flow has no offsets")
        i = max(bisect_right(self._begins, offset) - 1, 0)
        piece = self.pieces[i]
        return min(piece.start + offset - self._begins[i], piece.end)

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The source pieces of flow range [start, end), in order; empty where the range is."""
        if start >= end:
            return ()
        found = []
        i = max(bisect_right(self._begins, start) - 1, 0)
        while i < len(self.pieces) and self._begins[i] < end:
            piece, begin = self.pieces[i], self._begins[i]
            s = piece.start + max(start - begin, 0)
            e = min(piece.start + end - begin, piece.end)
            if s < e:
                found.append(Span(s, e))
            i += 1
        return tuple(found)

    def hull(self, start: int, end: int) -> Span:
        """One source span from the first to past the last character of flow range [start, end)."""
        if start >= end:
            here = self.at(start)
            return Span(here, here)
        return Span(self.at(start), self.at(end - 1) + 1)
