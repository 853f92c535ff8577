"""The prose of a paragraph as sentences of tokens, each token with its place in the paragraph's flow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reftel.tables import word_class

# One token: letters with inner points ("U.S."), a word with inner marks ("Econ/C", "Russia's", "al-Qaeda"), or one other sign.
# ",s" stands for "'s" in cables that lost their apostrophes.
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,8}(?:['’]s\b)?"
    r"|\w+(?:(?:['’/&\-]|\.(?=[a-z])|(?<=\d)\.(?=\d)|--?(?=[A-Z]))\w+)*(?:,s\b)?(?:['’](?=\s)(?!'))?"
    r"|--+|\.{2,}|\"\"|''(?!')|[^\w\s]"
)
# A blank line ends a sentence only where one seems to end: some copies have one behind every line.
_BREAK = re.compile(r"(?<=[.?!:\"”)])[ \t\r]*\n[ \t\r]*\n|\n[ \t]*(?:--?|[a-z][.)]|\([a-z0-9]\))[ \t]")
_MARKS = frozenset(('"', '""', "''"))
_AFTER_END = _MARKS | {"”", "’", "'", ")", "»", "]"}
_OPENERS = _MARKS | {"“", "(", "[", "«", "'", "‘", "-", "--", "¶", "*"}
# After these a point ends a sentence only before something else than a number: "no. 5".
_NUMBERED = frozenset(("no", "nos", "para", "paras", "fig"))
# A quotation of more characters than these is cut into its sentences, and a mark not closed so long opened nothing.
_LONG_QUOTE = 700
# A sentence of more tokens is none: a list, or text that lost its full stops. It is read in pieces of so many.
MOST_TOKENS = 400


class Sentence:
    """Tokens of one sentence. words: as printed; low: folded to small letters; starts, ends: places in the flow; quoted: in quotes."""

    __slots__ = ("ends", "low", "quoted", "starts", "words")

    def __init__(
        self, words: list[str], low: list[str], starts: list[int], ends: list[int], quoted: list[bool]
    ) -> None:
        self.words, self.low, self.starts, self.ends, self.quoted = words, low, starts, ends, quoted

    def __len__(self) -> int:
        return len(self.words)

    def quotes(self, start: int, end: int) -> int:
        """How many of the tokens from start to end stand in quotation marks."""
        return self.quoted[start:end].count(True)


def split_sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a flow's text, in order; blank lines and item labels end a sentence too."""
    begin = 0
    for match in _BREAK.finditer(text):
        yield from _split(text, begin, match.start())
        begin = match.end()
    yield from _split(text, begin, len(text))


def _split(text: str, begin: int, end: int) -> Iterator[Sentence]:
    spans = [match.span() for match in _TOKEN.finditer(text, begin, end)]
    if not spans:
        return
    words = [text[start:stop] for start, stop in spans]
    starts, ends = [start for start, _ in spans], [stop for _, stop in spans]
    low = [word.lower() for word in words]
    if text.find("’", begin, end) >= 0 or '""' in words or "''" in words:
        low = ['"' if word in _MARKS else word.replace("’", "'") for word in low]
    quoted = _find_quoted(words, starts)
    first = 0
    for last in (*_sentence_ends(words, low, starts, ends, quoted), len(words) - 1):
        while first <= last:
            cut = min(last + 1, first + MOST_TOKENS)
            yield Sentence(words[first:cut], low[first:cut], starts[first:cut], ends[first:cut], quoted[first:cut])
            first = cut


def _find_quoted(words: list[str], starts: list[int]) -> list[bool]:
    """For each token whether it stands in double quotation marks, the marks included.

    A mark that is not closed opens nothing, unless it is a curly one: that quotation goes on in the next paragraph.
    """
    quoted = [False] * len(words)
    opened = -1
    for i in [i for i, word in enumerate(words) if word in _MARKS or word in ("“", "”", "«", "»")]:
        if words[i] in ("“", "«") or (words[i] in _MARKS and opened < 0):
            opened = i
            continue
        if opened >= 0:
            if starts[i] - starts[opened] <= _LONG_QUOTE:
                quoted[opened : i + 1] = [True] * (i + 1 - opened)
            opened = -1
    if opened >= 0 and words[opened] in ("“", "«"):
        quoted[opened:] = [True] * (len(words) - opened)
    return quoted


# ---- where a sentence ends


def _sentence_ends(
    words: list[str], low: list[str], starts: list[int], ends: list[int], quoted: list[bool]
) -> Iterator[int]:
    """The last token of each sentence, closing quotation marks and brackets included."""
    count = len(words)
    done = -1
    for i in [i for i, word in enumerate(words) if word[-1] in ".?!"]:
        apart = i + 1 < count and starts[i + 1] - ends[i] > 1 and words[i + 1][0].isupper()
        if i <= done or not (_may_end(words, low, i) or (apart and low[i].count(".") > 1)):  # "in the U.S.  Two"
            continue
        if quoted[i] and i + 1 < count and quoted[i + 1] and words[i + 1] not in _AFTER_END:
            continue  # inside a quotation, which stays whole
        last = i
        while last + 1 < count and starts[last + 1] == ends[last] and _closes(words, quoted, last + 1):
            last += 1
        done = last
        if last + 1 < count and _begins(words[last + 1]):
            yield last


def _may_end(words: list[str], low: list[str], i: int) -> bool:
    """Whether a sentence may end with token i: not after "Mr.", an initial or "no." before a number."""
    word = words[i]
    if word in ("?", "!"):
        return True
    if word == ".":
        if not i:
            return True
        before = words[i - 1]
        if low[i - 1] in _NUMBERED:
            return i + 1 < len(words) and not words[i + 1][0].isdigit()
        if low[i - 1] in word_class("abbreviation"):
            return i > 1 and f"{low[i - 2]} {low[i - 1]}" in word_class("name like a title")
        initial = len(before) == 1 and before.isalpha() and before.isupper()
        return not (initial and (i == 1 or words[i - 2][0].isupper()))
    if len(word) > 2 and word[0].isupper():  # U.S.
        return i + 1 == len(words) or (words[i + 1][0].isupper() and low[i + 1] in word_class("sentence starter"))
    return False


def _closes(words: list[str], quoted: list[bool], i: int) -> bool:
    return words[i] in _AFTER_END and (words[i] not in _MARKS or (quoted[i] and quoted[i - 1]))


def _begins(word: str) -> bool:
    return word in _OPENERS or word[0].isupper() or word[0].isdigit()
