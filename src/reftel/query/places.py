"""Where phrases and words near each other stand in a run of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence


def find_phrase(words: Sequence[str], phrase: Sequence[str]) -> Iterator[int]:
    """Each place at which the words of a phrase, of one word at least, stand one behind the other."""
    wanted = list(phrase)
    first, length = wanted[0], len(wanted)
    for i in range(len(words) - length + 1):
        if words[i] == first and list(words[i : i + length]) == wanted:
            yield i


def find_near(words: Sequence[str], wanted: Sequence[str], within: int) -> Iterator[range]:
    """Windows that hold all the wanted words with at most `within` others among them; the places in them may overlap.

    A word wanted twice must stand there twice.
    """
    needed = Counter(wanted)
    widest = within + len(wanted)
    held: Counter[str] = Counter()
    missing = len(wanted)
    hits: list[int] = []
    first = 0
    for place, word in enumerate(words):
        if word not in needed:
            continue
        hits.append(place)
        held[word] += 1
        missing -= held[word] <= needed[word]
        while place - hits[first] >= widest:
            left = words[hits[first]]
            missing += held[left] <= needed[left]
            held[left] -= 1
            first += 1
        if missing == 0:
            yield range(hits[first], place + 1)
