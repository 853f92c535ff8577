"""Known: which entities a stretch of the text names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from reftel.model import Entity

# No mention is longer; `near` looks no further back.
_REACH = 400


class Known:
    """The mentions of some entities, to be asked by place. text: of the cable, to see possessives; without it none is seen."""

    __slots__ = ("_mentions", "_starts")

    def __init__(self, entities: Sequence[Entity], text: str = "") -> None:
        self._mentions = sorted(
            (
                m.span.start,
                m.span.end,
                text[m.span.end : m.span.end + 2] in ("'s", "’s"),
                e.kind not in ("person", "office"),
                i,
            )
            for i, e in enumerate(entities)
            for m in e.mentions
        )
        self._starts = [m[0] for m in self._mentions]

    def at(self, start: int, end: int) -> list[int]:
        """Indices of the entities with a mention inside the span, the likely head of the phrase first, each once.

        Whoever is named without a possessive comes before who has one ("Lavrov's adviser Ryabkov": Ryabkov), then persons and
        offices before all else ("the head of the FCO's Russia section, Michael Davenport"), then what stands first.
        """
        inside = [
            m for m in self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)] if m[1] <= end
        ]
        inside.sort(key=lambda m: (m[2] and m[1] + 2 < end, m[3], m[0], -m[1]))
        return list(dict.fromkeys(m[4] for m in inside))

    def near(self, start: int, end: int) -> list[int]:
        """Indices of the entities with a mention that overlaps the span, in order of place, each once."""
        low = bisect_right(self._starts, start - _REACH)
        found = [m[4] for m in self._mentions[low : bisect_left(self._starts, end)] if m[1] > start]
        return list(dict.fromkeys(found))
