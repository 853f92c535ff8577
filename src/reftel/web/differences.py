"""Two texts of one cable, paragraph by paragraph, with the words that differ. Bounded: what is too long is told as different whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple

from reftel.exports.body_text import body_parts, join_pieces
from reftel.model import Cable, Note
from reftel.text import one_line

_BLOCKS = 1500  # headings and paragraphs of a text that are compared
_WORDS = 1200  # words of a stretch that are compared one by one
_REACH = 40  # blocks ahead in which the mate of one is looked for
_BUDGET = 20_000_000  # pairs of words that are compared in all
_LIKE = 0.3  # two paragraphs that share less of their words stand apart

Pieces = tuple[tuple[str, bool], ...]  # words, and whether the other text lacks them


class Row(NamedTuple):
    """What stands side by side. kind: same, changed, left or right (only there). number: of the paragraph, as printed."""

    kind: str
    number: int | None
    left: Pieces
    right: Pieces


class Compared(NamedTuple):
    """rows: same ones too, in order. left_only, right_only: how many words only one of the texts has. left_out: blocks not compared."""

    rows: list[Row]
    left_only: int
    right_only: int
    left_out: int


def compare_texts(left: Cable, right: Cable) -> Compared:
    """The own text of two cables, headings and paragraphs, white space and page breaks apart."""
    one, other = _blocks(left), _blocks(right)
    left_out = max(len(one) - _BLOCKS, 0) + max(len(other) - _BLOCKS, 0)
    rows = list(_Aligner().align(one[:_BLOCKS], other[:_BLOCKS]))
    return Compared(rows, _count(row.left for row in rows), _count(row.right for row in rows), left_out)


class _Block(NamedTuple):
    number: int | None
    words: tuple[str, ...]


def _blocks(cable: Cable) -> list[_Block]:
    found = []
    for part in body_parts(cable):
        number = None if isinstance(part, Note) else part.number
        text = part.text if isinstance(part, Note) else join_pieces(cable, part.spans)
        words = tuple(one_line(text).split())
        if words:
            found.append(_Block(number, words))
    return found


class _Aligner:
    """Puts blocks side by side. left: how many pairs of words may still be compared; beyond it, what begins alike is told as different."""

    def __init__(self) -> None:
        self.left = _BUDGET

    def align(self, left: Sequence[_Block], right: Sequence[_Block]) -> Iterator[Row]:
        matcher = SequenceMatcher(None, [b.words for b in left], [b.words for b in right], autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal":
                yield from (Row("same", block.number, _whole(block.words), ()) for block in left[a:b])
            else:
                yield from self._pair(left[a:b], right[c:d])

    def _pair(self, left: Sequence[_Block], right: Sequence[_Block]) -> Iterator[Row]:
        """Blocks that are not the same: by their number where both have it, else in order as far as they are alike."""
        waiting = deque(right)
        for block in left:
            ahead = next((i for i, other in enumerate(islice(waiting, _REACH)) if _are_mates(block, other)), None)
            if ahead is None:
                yield Row("left", block.number, _whole(block.words, True), ())
                continue
            for _ in range(ahead):
                passed = waiting.popleft()
                yield Row("right", passed.number, (), _whole(passed.words, True))
            yield Row("changed", block.number, *self._differ(block.words, waiting.popleft().words))
        yield from (Row("right", block.number, (), _whole(block.words, True)) for block in waiting)

    def _differ(self, left: tuple[str, ...], right: tuple[str, ...]) -> tuple[Pieces, Pieces]:
        self.left -= len(left) * len(right)
        if max(len(left), len(right)) > _WORDS or self.left < 0:
            same = next(
                (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
            )
            return (
                _joined([(left[:same], False), (left[same:], True)]),
                _joined([(right[:same], False), (right[same:], True)]),
            )
        before: list[tuple[Sequence[str], bool]] = []
        after: list[tuple[Sequence[str], bool]] = []
        for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
            before.append((left[a:b], kind != "equal"))
            after.append((right[c:d], kind != "equal"))
        return _joined(before), _joined(after)


def _are_mates(left: _Block, right: _Block) -> bool:
    if left.number is not None and left.number == right.number:
        return True
    shared = len(set(left.words) & set(right.words))
    return shared >= _LIKE * max(len(set(left.words)), len(set(right.words)))


def _whole(words: Sequence[str], other: bool = False) -> Pieces:
    return _joined([(words, other)])


def _joined(pieces: Sequence[tuple[Sequence[str], bool]]) -> Pieces:
    return tuple((" ".join(words), other) for words, other in pieces if words)


def _count(sides: Iterable[Pieces]) -> int:
    return sum(len(words.split()) for side in sides for words, other in side if other)
