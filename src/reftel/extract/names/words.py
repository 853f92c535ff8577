"""The words of a paragraph that are printed with a capital, and how each hangs on the one before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

from reftel.extract.names.lexicon import INITIAL, Flags

# How a word hangs on the one before: not at all, by white space, a particle of a name ("bin", "de la"), "of" or "for",
# an opening bracket, a closing bracket, a comma.
APART, NEXT, PARTICLES, OF, OPENS, CLOSES, COMMA = range(7)

# Both begin with a class of letters, so that the search skips all else quickly; what stands before is looked at afterwards
_WORD = re.compile(r"[A-Z](?:(?:\.[A-Z])+(?![^\W\d_])\.?|[^\W\d_]*+(?:[-'’`/&][^\W\d_]++)*+)")
_WORD_OR_MARK = re.compile(
    r"x{4,}+(?![^\W\d_])|[A-Z](?:(?:\.[A-Z])+(?![^\W\d_])\.?|[^\W\d_]*+(?:[-'’`/&][^\W\d_]++)*+)"
)
_JOINED = re.compile(r"(?<![^\W_])[a-z]{1,4}[-'’]$")
_POSSESSIVE = frozenset(("'s", "’s", "`s"))
_BLANK = frozenset((" ", "\n", "(", '"', ""))
_OF = {"of", "of the", "for", "for the", "OF", "OF THE", "FOR", "&"}
_PARTICLES = {
    "bin", "bint", "ibn", "ben", "van", "von", "de", "der", "den", "da", "das", "do", "dos", "du", "la", "le", "del",
    "di", "ould", "e", "y", "zu", "al", "el", "ul", "abu", "ter", "ten", "arap", "uz",
}  # fmt: skip
_LONGEST_GAP = 12


class Word(NamedTuple):
    """A word: its range in the paragraph without a possessive, the print, its flags, how it hangs on the one before it.

    opens: it begins a sentence. owns: it has a possessive.
    """

    start: int
    end: int
    text: str
    flags: int
    link: int
    opens: bool
    owns: bool


_as_word: Callable[[tuple[int, int, str, int, int, bool, bool]], Word] = partial(tuple.__new__, Word)


def read_words(text: str, flags: Flags, abbreviated: frozenset[str]) -> list[Word]:
    """The capitalised words of a text, in order. abbreviated: words that are printed with a point, "Gen"."""
    found: list[Word] = []
    before, shortened = 0, False
    for m in (_WORD_OR_MARK if "xxxx" in text else _WORD).finditer(text):
        start, end = m.span()
        word = m[0]
        last = text[start - 1 : start]
        if last in _BLANK:
            pass
        elif last.isalnum():
            continue
        elif last in "-'’":  # "al-Jubeir", "d'Affaires", "then-President"
            joined = _JOINED.search(text, max(0, start - 6), start)
            if joined is not None:
                start = joined.start()
                word = text[start:end]
            elif text[start - 2 : start - 1].isalnum():
                continue
        owns = word[-2:] in _POSSESSIVE and len(word) > 3
        if owns:
            word = word[:-2]
        elif word[-1] in "'’`-":
            word = word.rstrip("'’`-")
        if start - before <= _LONGEST_GAP:
            link, opens = _link(text[before:start], True, shortened)
        else:
            link, opens = _link(text[start - 6 : start], False, False)
        if not found and not text[:start].strip(" \"'(“-"):
            link, opens = APART, True
        known = flags[word]
        found.append(_as_word((start, start + len(word), word, known, link, opens, owns)))
        before = end
        # behind a possessive nothing hangs on
        shortened = known & INITIAL > 0 or word in abbreviated
        if owns:
            before = -_LONGEST_GAP - 1
    return found


@lru_cache(maxsize=16384)
def _link(gap: str, near: bool, shortened: bool) -> tuple[int, bool]:
    """The link over a gap, and whether a sentence begins behind it. shortened: the word before may have a point of its own."""
    bare = gap.strip()
    if not bare:
        if "\n\n" in gap or not gap:
            return APART, True
        return (NEXT, False) if near else (APART, False)
    if bare == "." and shortened and near:
        return NEXT, False
    last = bare[-1]
    if last in ".?!:;" or (last in "\"”'" and len(bare) > 1 and bare[-2] in ".?!"):
        return APART, last != ";"
    if not near:
        return APART, False
    if bare in _OF:
        return OF, False
    if bare == "(":
        return OPENS, False
    if bare == ")":
        return CLOSES, False
    if bare == ",":
        return COMMA, False
    if bare == '"':
        return APART, False
    if all(word in _PARTICLES for word in bare.split()):
        return PARTICLES, False
    return APART, False
