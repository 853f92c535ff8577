"""The words that made-up cables are written in, and clauses made of them; no text of a real cable is here.

Words follow the frequencies of real cables: the most frequent is 6 % of a text, number 1,000 is 0.01 %, and half of
all that are ever used are seen once or twice in a few thousand cables. The first 400 are English, the others made up.
"""

from __future__ import annotations

import math
import random
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

WORDS = 60_000
NAMES = 100_000
CLAUSES = 16_000  # of each kind, openers and closers: 256 million sentences
_FLAT = 400  # ranks of fills that are nearly as frequent as the first
_CORE = 12_000  # words that clauses hold; rarer ones and names are filled in, cable by cable

COMMON = Path(__file__).with_name("common_words.txt")  # English, the most frequent first

_ONSETS = "b br d dr f g gr h j k kl l m n p pr r s sh st t tr v w y z"
_VOWELS = "a e i o u a e i o ai ea ou"
_CODAS = [*[""] * 8, "l", "n", "r", "s", "t", "nd", "rk", "m"]
_ENDINGS = {"": 4, "s": 2, "ed": 2, "ing": 2, "ion": 1, "al": 1, "ly": 1, "er": 1, "ment": 1}
_NAME_ENDINGS = ["a", "ov", "ic", "sen", "ez", "ani", "ian", "uk", "ley", "oglu", "e", "o", "ar", "eld", "in", "ura"]
_SYLLABLES = [onset + vowel + coda for onset in _ONSETS.split() for vowel in _VOWELS.split() for coda in _CODAS]
_PLACES = "Altmark Brezna Corvale Dunmora Estrand Farholm Gellin Horvat Isenmoor Jarveld Kestrin Lorrano Maravik"
_MONTHS = "January February March April May June July August September October November December"


class Vocabulary(NamedTuple):
    """words: the most frequent first. openers and closers: halves of sentences, each with slots (`%s`) for fills.

    fills: rare words, surnames, numbers and places, the most frequent first; see draw_fills.
    """

    words: list[str]
    names: list[str]
    openers: list[str]
    closers: list[str]
    fills: list[str]


@cache
def make_vocabulary(seed: int) -> Vocabulary:
    """The same vocabulary for the same seed."""
    dice = random.Random(f"vocabulary {seed}")
    words = _make_words(dice)
    names = _make_names(dice)
    core, weights = words[:_CORE], list(accumulate(_frequency(rank) for rank in range(_CORE)))
    openers = [_make_clause(dice, core, weights).capitalize() for _ in range(CLAUSES)]
    closers = [f"{dice.choice((',', '', ' -'))} {_make_clause(dice, core, weights)}." for _ in range(CLAUSES)]
    return Vocabulary(words, names, openers, closers, _make_fills(dice, words[_CORE:], names))


def draw_fills(dice: random.Random, fills: list[str], number: int) -> list[str]:
    """That many, the one of rank r about as often as 1 in r + _FLAT."""
    base = len(fills) / _FLAT + 1
    roll = dice.random
    return [fills[int(_FLAT * (base ** roll() - 1))] for _ in range(number)]


def _frequency(rank: int) -> float:
    """How often the word of that rank (from 0) is used, to within a factor; fitted to two thousand real cables."""
    return math.pow(rank + 2, -0.9) / (1 + rank / 2000)


def _make_words(dice: random.Random) -> list[str]:
    words = dict.fromkeys(COMMON.read_text("ascii").split())
    endings = dice.choices(list(_ENDINGS), list(_ENDINGS.values()), k=4 * WORDS)
    for ending in endings:
        if len(words) == WORDS:
            break
        # Frequent words are short.
        words[_make_stem(dice, 2 if len(words) < _CORE // 2 else 3) + ending] = None
    return list(words)


def _make_names(dice: random.Random) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < NAMES:
        names[(_make_stem(dice, 2) + dice.choice(_NAME_ENDINGS)).capitalize()] = None
    return list(names)


def _make_stem(dice: random.Random, most: int) -> str:
    """Two syllables, or up to `most`."""
    return "".join(dice.choices(_SYLLABLES, k=2 if most == 2 else dice.choice((2, 3))))


def _make_clause(dice: random.Random, words: list[str], weights: list[float]) -> str:
    """Some ten words, no word twice in a row, a slot in most; a slot never comes first or last."""
    drawn = dice.choices(words, cum_weights=weights, k=dice.randint(6, 16))
    clause = [drawn[0], *(word for before, word in pairwise(drawn) if word != before)]
    for _ in range(dice.choice((0, 0, 1, 1, 1))):
        clause.insert(dice.randrange(1, len(clause)), "%s")
    chance = dice.random()
    if chance < 0.05:
        clause[1] += "'s"
    elif chance < 0.1:
        clause[1], clause[-2] = f'"{clause[1]}', f'{clause[-2]}"'
    return " ".join(clause)


def _make_fills(dice: random.Random, rare: list[str], names: list[str]) -> list[str]:
    """Numbers, places and frequent names mixed; then all other names and rare words in turn."""
    months = _MONTHS.split()
    often = [
        *(str(number) for number in range(11, 100)),
        *(f"{number} percent" for number in range(1, 100)),
        *(f"{dice.randint(1, 999)},{dice.randint(0, 999):03d}" for _ in range(200)),
        *(f"{dice.choice(months)} {dice.randint(1, 28)}" for _ in range(200)),
        *(str(year) for year in range(1985, 2011)),
        *_PLACES.split() * 4,
        *names[:600],
    ]
    dice.shuffle(often)
    share = len(rare) / (len(rare) + len(names) - 600)
    seldom, others = iter(rare), iter(names[600:])
    # Whichever runs out first ends nothing: `next` falls back on the other one.
    return often + [
        next(seldom, None) or next(others) if dice.random() < share else next(others, None) or next(seldom)
        for _ in range(len(rare) + len(names) - 600)
    ]
