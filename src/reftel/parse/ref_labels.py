"""The letters of a REF block: "A. X B. Y", "(A) X", "A. (A) X", "REF A: X", and where software set them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


class Entry(NamedTuple):
    """One lettered entry of a REF block: its letter, None where none is printed, and its range."""

    label: str | None
    start: int
    end: int


class Split(NamedTuple):
    """A REF block taken apart.

    text: the block, of the same length, with the software's own letters turned to blanks.
    missplit: the software put its letters where the drafter has none.
    """

    text: str
    entries: tuple[Entry, ...]
    missplit: bool


class _Letter(NamedTuple):
    """A letter that may be a label. strong: its form or its place says so; prefixed: "REF A"."""

    start: int
    end: int
    place: int
    bracketed: bool
    strong: bool
    prefixed: bool


_LETTER = re.compile(
    r"(?<![^\W\d_])(?<![/.&'’-])(?:(?P<prefix>REF(?:TEL)?S?)\b[\s.:]*+)?"
    r"(?:\(\s?(?P<open>[A-Z]{1,2})\s?[).:]|(?P<plain>[A-Z]{1,2})(?:(?P<close>\))|[.:])|(?(prefix)(?P<bare>[A-Z])(?=\s)|(?!)))",
    re.IGNORECASE,
)
_LABEL_FORM = re.compile(r"[).:]|[Rr][Ee][Ff]")  # every label has the one or the other
# What stands before a label without bracket, where it is no initial: "NOTAL B. LIMA 12", "1063 B. LIMA 12".
_BEFORE = re.compile(r"[\d;,)\]\"”\n¶\\]\s*\Z|\s\s\Z|(?:NOTAL|PREVIOUS)\s\Z", re.IGNORECASE)
_BARE = re.compile(r"\s*+([A-Z])(?=\s)", re.IGNORECASE)
_DAY = re.compile(r"\b(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]{0,6}\.?\s\d{1,2}\s*+\Z", re.IGNORECASE)
_DAY_REACH = 24
_YEAR_ALONE = re.compile(r"\s*+(?:19|20)\d\d(?=\s*+(?:\Z|[\n;,.(]|AND\s))", re.IGNORECASE)
_LETTERS = 26
_SKIPPED = 2


def split_entries(block: str, is_citation: Callable[[int], bool], is_complete: Callable[[int, int], bool]) -> Split:
    """The entries of a REF block in order; what stands before the first letter is an entry without label.

    Where the message software set its own letters before the drafter's ("A. (A) X", "A. A) X"), the drafter's
    count. is_citation: whether a cable is cited at an offset of the block; is_complete: whether a stretch of
    it can be a whole entry. They tell "A. QUILL TELCON B. LIMA 4" from "A. JOHN B. QUILL LETTER".
    """
    letters = _find_letters(block)
    chosen, noise, missplit = _choose(block, letters, is_citation, is_complete)
    text = _blank(block, noise)
    entries = []
    if not chosen or block[: chosen[0].start].strip(" \t\r\n:;,.¶\\-"):
        # The caller may have read "REF A:" as the label of the block.
        label = "A" if chosen and chosen[0].place == 1 else None
        entries.append(Entry(label, 0, chosen[0].start if chosen else len(block)))
    for i, letter in enumerate(chosen):
        end = chosen[i + 1].start if i + 1 < len(chosen) else len(block)
        entries.append(Entry(_print_label(letter.place), letter.end, end))
    return Split(text, tuple(entries), missplit)


def _find_letters(block: str) -> list[_Letter]:
    found: list[_Letter] = []
    if _LABEL_FORM.search(block) is None:
        return found
    for match in _LETTER.finditer(block):
        word = (match["open"] or match["plain"] or match["bare"]).upper()
        index = _index(word)
        if index is None:
            continue
        bracketed = match["open"] is not None or match["close"] is not None
        prefixed = match["prefix"] is not None
        before = block[max(match.start() - 12, 0) : match.start()]
        strong = bracketed or prefixed or not before.strip() or _BEFORE.search(before) is not None
        found.append(_Letter(match.start(), match.end(), index, bracketed, strong, prefixed))
    return found


def _index(word: str) -> int | None:
    """A is 0, Z is 25; after Z drafters write AA, BB or AA, AB."""
    if len(word) == 1:
        return ord(word) - ord("A") if "A" <= word <= "Z" else None
    if word == "AA":
        return _LETTERS
    return _LETTERS + ord(word[1]) - ord("A") if word[0] in ("A", word[1]) and "A" <= word[1] <= "Z" else None


def _print_label(index: int) -> str:
    return chr(ord("A") + index) if index < _LETTERS else "A" + chr(ord("A") + index - _LETTERS)


def _choose(
    block: str,
    letters: list[_Letter],
    is_citation: Callable[[int], bool],
    is_complete: Callable[[int, int], bool],
) -> tuple[list[_Letter], list[_Letter], bool]:
    """The drafter's labels, the software's, and whether the two disagree."""
    chosen: list[_Letter] = []
    noise: list[_Letter] = []
    missplit = False
    outer: _Letter | None = None  # the last letter of the software
    wanted, outer_wanted = 0, 0
    skip = False
    for i, letter in enumerate(letters):
        if skip:
            skip = False
            continue
        after = letters[i + 1] if i + 1 < len(letters) else None
        if outer is not None and (repeated := _with_bare_repeat(block, letter)) is not None:
            chosen.append(repeated)
            wanted = outer_wanted = letter.place + 1
        elif after is not None and _is_pair(block, letter, after, wanted):
            noise.append(letter)
            chosen.append(after)
            missplit = missplit or letter.place != after.place
            outer, wanted, outer_wanted = letter, after.place + 1, letter.place + 1
            skip = True
        elif outer is None and chosen and _is_split_date(block, letter):
            # "A. LONDON DAILY OF OCTOBER 31 / B. 2008": split at the comma (08LONDON2822)
            noise.append(letter)
            missplit = True
        elif outer is None:
            if _is_label(letter, chosen, wanted, is_citation, is_complete):
                chosen.append(letter)
                wanted = letter.place + 1
        elif letter.bracketed != outer.bracketed or letter.place != outer_wanted:
            if wanted <= letter.place <= wanted + _SKIPPED and (letter.strong or is_citation(letter.end)):
                chosen.append(letter)
                wanted = letter.place + 1
        elif letter.place == wanted and is_citation(letter.end):
            # the drafter left his own letter out: "C. C) STATE 5 D. 07 STATE 6" (08BRASILIA806)
            chosen.append(letter)
            wanted += 1
        elif letter.strong:
            # the software split an entry: "A. (A) LIMA 2 (NODIS / B. NOTAL) (B) LIMA 3" (09ISTANBUL399)
            noise.append(letter)
            outer_wanted += 1
            missplit = True
    return chosen, noise, missplit


def _is_pair(block: str, first: _Letter, second: _Letter, wanted: int) -> bool:
    """Whether the software's letter and the drafter's stand together: "A. (A)", "B. D.", "A. REF A:"."""
    if block[first.end : second.start].strip():
        return False
    if first.place == second.place == wanted:
        return True
    return (first.strong or second.strong) and first.place <= second.place in (first.place, wanted)


def _with_bare_repeat(block: str, letter: _Letter) -> _Letter | None:
    """The software's "B." and the drafter's bare "B" as one label (10HAVANA9); "A" may be an article."""
    match = _BARE.match(block, letter.end)
    if match is None or letter.place == 0 or _index(match[1].upper()) != letter.place:
        return None
    return letter._replace(end=match.end())


def _is_split_date(block: str, letter: _Letter) -> bool:
    day = _DAY.search(block[max(letter.start - _DAY_REACH, 0) : letter.start])
    return day is not None and _YEAR_ALONE.match(block, letter.end) is not None


def _is_label(
    letter: _Letter,
    chosen: list[_Letter],
    wanted: int,
    is_citation: Callable[[int], bool],
    is_complete: Callable[[int, int], bool],
) -> bool:
    if letter.prefixed:
        return True
    if not chosen:
        is_second = letter.place == 1 and letter.bracketed
        return letter.place == 0 or is_second or (letter.strong and is_citation(letter.end))
    if letter.place == wanted - 1:  # a letter used twice (09TRIPOLI64)
        return is_citation(letter.end)
    if not wanted <= letter.place <= wanted + _SKIPPED:
        return False
    if letter.strong or is_citation(letter.end):
        return True
    return letter.place == wanted and is_complete(chosen[-1].end, letter.start)


def _blank(block: str, noise: list[_Letter]) -> str:
    parts, done = [], 0
    for letter in noise:
        parts += [block[done : letter.start], " " * (letter.end - letter.start)]
        done = letter.end
    return "".join([*parts, block[done:]])
