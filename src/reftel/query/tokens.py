"""Words of a text: runs of letters and digits, folded or as printed. The index, `match` and highlights all read them here.

Apostrophes, commas, hyphens and points part words, so "Russia's" and the damaged "Russia,s" are both `russia` and `s`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import NamedTuple

LONGEST_WORD = 80


class Token(NamedTuple):
    """A word at [start, end) of the text it was found in; `word` is its folded form."""

    start: int
    end: int
    word: str


# What is no ASCII letter or digit becomes a blank; bytes above 127 stay, being parts of other characters.
_PRINTED = bytes(i if i > 127 or chr(i).isalnum() else 32 for i in range(256))
_LOWERED = b"\0" + bytes(ord(chr(i).lower()) if i < 128 else i for i in _PRINTED[1:])  # NUL parts texts in fold_pieces
_RUNS = bytes(32 if i == 32 else 97 for i in _PRINTED)
_LONG_RUN = b"a" * (LONGEST_WORD + 1)
_WORD = re.compile(r"[^\W_]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_FEW = 20


def fold_words(text: str) -> list[str]:
    """The folded words of a text, in order. See fold."""
    return _split(text.replace("\0", " ") if "\0" in text else text, _LOWERED, fold)


def exact_words(text: str) -> list[str]:
    """The same words as fold_words, in the same order, as printed."""
    return _split(text, _PRINTED, str)


def fold_pieces(texts: Collection[str]) -> list[list[str]]:
    """The fold_words of each text; of many short ones twice as fast as one by one."""
    joined = "".join([f"{text} \0 " for text in texts])
    if joined.count("\0") != len(texts):
        return [fold_words(text) for text in texts]
    words = _split(joined, _LOWERED, fold)
    found = []
    start = 0
    while start < len(words):
        end = words.index("\0", start)
        found.append(words[start:end])
        start = end + 1
    return found


def find_tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words of fold_words, each with its place in `text`; with start and end those of text[start:end] alone."""
    stop = len(text) if end is None else end
    return [Token(m.start(), m.end(), fold(m[0])) for m in _WORD.finditer(text, start, stop)]


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The form under which a word is found: without accents, in lower case, cut after 80 characters.

    Where that leaves nothing, or something with a blank in it (a few Arabic ligatures), the accents stay.
    """
    word = word[:LONGEST_WORD]
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word)
    folded = "".join([c for c in parts if not unicodedata.combining(c)]).casefold()
    return folded[:LONGEST_WORD] if folded and len(folded.split()) == 1 == len(folded.split(" ")) else word.lower()


def _split(text: str, table: bytes, shape: Callable[[str], str]) -> list[str]:
    """The text parted by blanks once the table has put them for ASCII signs; shape: for words with other letters.

    Five times as fast as a pattern for words. Signs beyond ASCII (pilcrows, curly quotes) become blanks too if their kinds are few.
    """
    if not text.isascii():
        signs = {c for c in _NOT_ASCII.findall(text) if not c.isalnum()}
        for sign in signs if len(signs) <= _FEW else ():
            text = text.replace(sign, " ")
    data = text.encode("utf-8", "surrogatepass")
    words = data.translate(table).decode("utf-8", "surrogatepass").split()
    if not text.isascii():
        words = [w for c in words for w in ((c,) if c.isascii() else map(shape, _WORD.findall(c)))]
    return [w[:LONGEST_WORD] for w in words] if _LONG_RUN in data.translate(_RUNS) else words
