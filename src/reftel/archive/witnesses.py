"""The same cable from several carriers: which sources are witnesses of one cable, and whose text leads.

Two sources with one id are witnesses of one cable unless both have text of their own and fewer than half of the runs of four
words in the shorter one stand in the other. Then they are two cables, and both have the defect `id-collides`.

The leading witness is the first of all in this order:

1. its file still holds it (a text whose file has changed since is kept, but does not lead);
2. it has text of its own, not only a header;
3. nothing is cut off it that is known of (CUT);
4. the most points: one for each word, less 20 for each missing part of the head (MISSING) and 10 for each damaged place (DAMAGE);
5. the one that was added first.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from reftel.model import Cable, Record

CUT = ("missing-text", "partial-extract", "truncated-text", "section-missing", "page-missing")
MISSING = (
    "missing-header",
    "missing-header-lines",
    "missing-dtg",
    "missing-class-line",
    "missing-eo",
    "missing-tags",
    "missing-subject",
    "missing-signature",
)
DAMAGE = (
    "lost-text",
    "flattened",
    "glued-fields",
    "class-line-damaged",
    "injected-line",
    "false-pilcrow",
    "paragraph-gap",
    "control-characters",
    "encoding-guessed",
    "unnamed-text",
)
_PER_MISSING, _PER_DAMAGE = 20, 10
_RUN = 4  # words
_ALIKE = 0.5
_TOO_SHORT = 8  # words: nothing can be told from fewer


class Weight(Record, frozen=True):
    """What a witness weighs. words: of its own text. cut, missing, damage: how many such defects it has."""

    words: int
    cut: int
    missing: int
    damage: int

    @property
    def points(self) -> int:
        """The sum of rule 4."""
        return self.words - _PER_MISSING * self.missing - _PER_DAMAGE * self.damage


def weigh(cable: Cable, words: int) -> Weight:
    """The weight of one parsed source; words: how many its own text has."""
    codes = [defect.code for defect in cable.defects]
    return Weight(
        words=words,
        cut=sum(code in CUT for code in codes),
        missing=sum(code in MISSING for code in codes),
        damage=sum(code in DAMAGE for code in codes),
    )


def rank(weight: Weight, superseded: bool, key: int) -> tuple[int, ...]:
    """Sorts witnesses: the leading one has the lowest rank."""
    return (superseded, weight.words < _TOO_SHORT, min(weight.cut, 1), -weight.points, key)


def are_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two texts, as words, are copies of one; true where either is too short to tell."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < _TOO_SHORT:
        return True
    runs = _runs(shorter)
    return len(runs & _runs(longer)) >= _ALIKE * len(runs)


def _runs(words: Sequence[str]) -> set[int]:
    return {hash(run) for run in zip(*(words[i:] for i in range(_RUN)), strict=False)}


def encode_weight(weight: Weight) -> str:
    """As it is stored."""
    return msgspec.json.encode(weight).decode()


def decode_weight(stored: str) -> Weight:
    """From what encode_weight gave."""
    return msgspec.json.decode(stored, type=Weight)
