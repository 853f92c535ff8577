"""How many slips of a typist lie between two words."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65536)
def within_edits(word: str, other: str, edits: int) -> bool:
    """Whether at most `edits` slips turn one word into the other: a letter lost, added or wrong, or two neighbours swapped.

    A letter takes part in one slip only (optimal string alignment): "ca" and "abc" are three apart.
    """
    if abs(len(word) - len(other)) > edits:
        return False
    start, shorter = 0, min(len(word), len(other))
    while start < shorter and word[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and word[-1 - end] == other[-1 - end]:
        end += 1
    word, other = word[start : len(word) - end], other[start : len(other) - end]
    if edits == 1:
        return max(len(word), len(other)) <= 1 or (len(word) == 2 and word == other[::-1])
    return _distance(word, other, edits) <= edits


def _distance(word: str, other: str, most: int) -> int:
    """The slips between two words whose lengths differ by `most` or fewer; one more than `most` where there are more."""
    far = most + 1
    before: list[int] = []
    row = [min(j, far) for j in range(len(other) + 1)]
    for i, letter in enumerate(word, 1):
        below = [far] * (len(other) + 1)
        below[0] = min(i, far)
        # only cells this near the diagonal can hold few enough slips
        for j in range(max(i - most, 1), min(i + most, len(other)) + 1):
            cost = min(row[j] + 1, below[j - 1] + 1, row[j - 1] + (letter != other[j - 1]))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == other[j - 1]:
                cost = min(cost, before[j - 2] + 1)
            below[j] = min(cost, far)
        before, row = row, below
    return row[len(other)]
