"""The title beside a name: before it, "Kenya Anti-Corruption Commission Director", or in apposition behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reftel.extract.names.lexicon import (
    ACRONYM,
    CALLED,
    CAPITAL,
    COMMON,
    FIRST,
    MODIFIER,
    NAMED,
    NATION,
    NOUN,
    PHRASE,
    PLACE,
    STAFF,
    TITLE,
    is_open,
    is_staff,
    lower_modifiers,
    noun_words,
    titles,
)
from reftel.extract.names.words import CLOSES, COMMA, NEXT, OF, OPENS, Word

_BRACKETED = re.compile(r"\s\([A-Z][A-Za-z]{1,9}\)$")
_APPOSED = re.compile(
    r"(?:\s*\([^()\n]{1,40}\))?,\s+((?:(?:the|a|an|one of|who is|who was|then|former|formerly|now)\s)*[^,;.()]{3,90})"
)
_STOP = re.compile(
    r"\s(?:who|which|whom|that|told|said|says|has|had|have|was|is|were|but|on|met|will|would|noted|in his|to)\b"
)
_PARTS = re.compile(r"[A-Za-z][\w’'/-]*")
_LONGEST_TITLE = 12
_LEADING = frozenset(
    ("the", "a", "an", "one", "of", "who", "is", "was", "then", "former", "formerly", "now", "and", "his", "her", "our")
)
_JOINS = {
    "of", "for", "at", "in", "from", "to", "and", "the", "on", "with", "de", "la", "du", "und", "y", "e", "del", "by",
    "under", "a", "an",
}  # fmt: skip
_NO_VERBS = {"united", "retired", "based", "related", "armed", "unified", "hundred", "red", "need"}


def title_before(text: str, words: Sequence[Word], i: int, last: int) -> tuple[int, int, str]:
    """Where the title before word i begins, the index of its first word with a capital, and its head; ("", i) if there is none."""
    start, first = words[i].start, i
    head = ""
    k = i - 1
    if (
        k >= 0
        and (words[i].link == NEXT or (words[i].link == COMMA and last > i))
        and words[k].flags & (CALLED | STAFF)
    ):
        if words[k].owns or (words[i].link == COMMA and not words[k].flags & TITLE):
            return start, first, ""
        head = words[k].text
        start, first = words[k].start, k
    elif (k >= 0 and words[i].link == CLOSES and k > 0 and words[k].link == OPENS and words[k - 1].flags & CALLED) or (
        k > 0 and words[i].link == COMMA and last > i and words[k].link == OF and words[k - 1].flags & TITLE
    ):
        head = words[k - 1].text
        start, first = words[k - 1].start, k - 1
    elif k > 0 and words[i].link in (NEXT, COMMA) and last > i and (of := _titled_of(words, k)) is not None:
        head = words[of].text
        start, first = words[of].start, of
    else:
        before = _lower_before(text, start, last > i)
        if before is not None and before[0] in noun_words():
            head, start = before
    if not head:
        return start, first, ""
    return (*extend_title(text, words, start, first), head)


def title_behind(text: str, end: int) -> tuple[str | None, str]:
    """The title in apposition behind a name, ", head of the Afghanistan Group,", and what its head means."""
    m = _APPOSED.match(text, end, end + 150)
    if m is None:
        return None, ""
    said = m[1]
    stop = _STOP.search(said)
    if stop is not None:
        said = said[: stop.start()]
    said = " ".join(said.split())
    known = titles()
    for part in _PARTS.findall(said)[:8]:
        if part in known and part[0].isupper() and is_staff(part):
            return None, ""
        if part == "heads" or (part == "who" and said.startswith("who heads")):
            return None, ""
        if part.islower() and part not in known and part not in _LEADING:
            return None, ""
        if part in ("and", "accompanied") and not said.startswith(("the ", "a ", "an ")):
            return None, ""
        if known.get(part):
            role = _role(said, part)
            for article in ("the ", "a ", "an ", "one of ", "who is ", "who was "):
                role = role.removeprefix(article)
            return role, known[part]
    return None, ""


def extend_title(text: str, words: Sequence[Word], start: int, first: int) -> tuple[int, int]:
    """The title that begins at `start` with what stands before it: "opposition party", "Kenya Anti-Corruption Commission"."""
    steps = 0
    while steps < _LONGEST_TITLE:
        steps += 1
        lower = _lower_before(text, start, False)
        if lower is not None and lower[0] in lower_modifiers():
            start = lower[1]
            continue
        k = first - 1
        while k >= 0 and words[k].start >= start:
            k -= 1
        if k < 0 or start - words[k].end > 9 or words[k].end > start:
            break
        gap = text[words[k].end : start].strip()
        if k + 1 < len(words) and words[k + 1].start == start and words[k + 1].opens:
            break
        word = words[k]
        if gap not in ("", "of", "for", "of the", "for the", "(", ")", "’s", "'s", ".", "&"):
            break
        if (
            word.text.isupper()
            and word.flags & COMMON
            and not word.flags & (CALLED | MODIFIER | NATION | PLACE | NOUN)
            and not (word.text in ("OF", "FOR") and k > 0 and words[k - 1].flags & CALLED)
        ):
            break
        if word.owns and (is_open(word.flags) or word.flags & NAMED) and not word.flags & (NATION | PLACE | ACRONYM):
            break  # "Holmvik's adviser": the name is another's
        # "Harbor Safety Commission Director" may open a sentence; of "Noting Director" the first word is not of the title
        noun = words[first].flags & (COMMON | CAPITAL) and not words[first].flags & (CALLED | MODIFIER | NATION | STAFF)
        if word.opens and word.flags & COMMON and not word.flags & (CALLED | MODIFIER | NATION) and not noun:
            break
        if word.flags & (
            CALLED | MODIFIER | NATION | PLACE | ACRONYM | CAPITAL | STAFF | PHRASE | COMMON | NOUN
        ) or is_open(word.flags):
            if word.flags & FIRST and is_open(word.flags & ~FIRST) and not word.owns:
                break
            start, first = word.start, k
            continue
        break
    return start, first


def _lower_before(text: str, start: int, comma: bool) -> tuple[str, int] | None:
    """The word in small letters right before a place, a bracketed acronym or a comma (if asked) between, and where it begins."""
    near = text[start - 2 : start - 1]
    if not (near.islower() or near.isspace() or near == ")" or (comma and near == ",")):
        return None
    before = text[max(0, start - 36) : start]
    bare = before.rstrip()
    if len(before) - len(bare) not in (1, 2, 3) or not bare:
        return None
    if bare[-1] == ")":
        m = _BRACKETED.search(bare)
        if m is None:
            return None
        bare = bare[: m.start()]
    elif comma and bare[-1] == ",":
        bare = bare[:-1]
    if not bare or not bare[-1].islower():
        return None
    at = max(bare.rfind(" "), bare.rfind("\n"), bare.rfind("("), bare.rfind('"'), bare.rfind("/")) + 1
    word = bare[at:]
    if not word[0].islower() or len(word) > 20:
        return None
    return word, start - len(before) + at


def _titled_of(words: Sequence[Word], k: int) -> int | None:
    """The title of "Minister of Foreign Affairs" that ends at word k; None if there is none."""
    for j in range(k, max(k - 6, -1), -1):
        if j > 0 and (words[j].link == OF or words[j].text in ("OF", "FOR")) and words[j - 1].flags & TITLE:
            return j - 1
        if words[j].link != NEXT or not words[j].flags & (MODIFIER | CAPITAL | COMMON | ACRONYM | NATION | PLACE):
            return None
    return None


def _role(said: str, head: str) -> str:
    """What is said behind a name as far as it is a title: "head of the Russia desk" of "head of the Russia desk hinted that"."""
    words = said.split()
    past = False
    for i, word in enumerate(words):
        bare = word.strip(',;()"')
        if past and bare.islower() and bare.endswith("ed") and bare not in _NO_VERBS:
            words = words[:i]
            break
        past = past or head in bare
    while words and words[-1] in _JOINS:
        words.pop()
    return " ".join(words)
