"""Candidates: the places of a paragraph where a person may be named, each with what speaks for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from reftel.extract.names.beside import title_before, title_behind
from reftel.extract.names.lexicon import (
    ACRONYM,
    CALLED,
    CAPITAL,
    COMMON,
    FIRST,
    INITIAL,
    KNOWN,
    MODIFIER,
    NAMED,
    NATION,
    NOUN,
    PARTICLE,
    PHRASE,
    PLACE,
    REDACTED,
    SURNAME,
    fold,
    is_open,
    rank_words,
    titles,
)
from reftel.extract.names.runs import PROTECTED, SPEAKS, is_no_name, listed_end, name_end
from reftel.extract.names.titles import office_of
from reftel.extract.names.words import NEXT, PARTICLES, Word

# How sure: a title or first name stands before; the context speaks for it; nothing but its shape
SURE, LIKELY, BARE = 3, 2, 1
# What a word that the tables know must be if it is to begin a name, unless a title stands before it
_MAY_BE = NAMED | REDACTED | ACRONYM | PARTICLE
_HEARD = re.compile(r"(?:told|asked|thanked|met|with|by|named|called|including|like)\s+$")


class Candidate(NamedTuple):
    """A place where a person may be named. start: of title and name; name_start: of the name; words: of the name.

    folds: the words without case and accents. sure: SURE, LIKELY or BARE. title: as printed before or behind, None if there is none;
    office: what it means; ranked: its head is a rank, "Mr.", "Prince"; redacted: the name is taken out.
    """

    start: int
    name_start: int
    end: int
    words: tuple[str, ...]
    folds: tuple[str, ...]
    sure: int
    title: str | None
    office: str
    ranked: bool
    redacted: bool


def find_candidates(
    text: str, words: Sequence[Word], capitals: bool, listed: Mapping[str, tuple[tuple[str, ...], ...]]
) -> tuple[list[Candidate], set[int]]:
    """The candidates of a paragraph in order, and the indices of the words that they take up, titles included.

    listed: the folded first word of a name of the user's list -> the names, folded.
    """
    found: list[Candidate] = []
    taken: set[int] = set()
    i = 0
    while i < len(words):
        word = words[i]
        if word.flags & KNOWN and not (
            word.flags & _MAY_BE or listed or (word.link == NEXT and i and words[i - 1].flags & CALLED)
        ):
            i += 1
            continue
        on_list = listed_end(text, words, i, listed) if listed else -1
        last = on_list if on_list >= i else name_end(text, words, i, capitals)
        if last < i:
            i += 1
            continue
        if on_list < i and is_no_name(words, i, last):
            i += 1
        candidate, first = _judge(text, words, i, last, capitals, on_list >= i)
        if candidate is not None:
            while found and found[-1].sure == BARE and found[-1].start >= candidate.start:
                found.pop()  # a word of the title
            if found and candidate.start < found[-1].end:
                candidate = candidate._replace(start=candidate.name_start)
            found.append(candidate)
            if candidate.sure > BARE:
                taken.update(range(first, last + 1))
        i = last + 1
    return [_in_company(text, found, k) for k in range(len(found))], taken


def _in_company(text: str, found: Sequence[Candidate], k: int) -> Candidate:
    """A candidate of two words of which only the shape speaks, as likely if it is named together with a sure person."""
    candidate = found[k]
    if candidate.sure > BARE or len(candidate.words) < 2:
        return candidate
    for a, b in ((k - 1, k), (k, k + 1)):
        if a < 0 or b == len(found):
            continue
        other = found[a] if b == k else found[b]
        if (
            other.sure == SURE
            and len(other.words) > 1
            and text[found[a].end : found[b].start].strip() in ("and", ", and")
        ):
            return candidate._replace(sure=LIKELY)
    return candidate


def _judge(
    text: str, words: Sequence[Word], i: int, last: int, capitals: bool, listed: bool
) -> tuple[Candidate | None, int]:
    """The candidate of words i to last, None if it is none; and the index of its first word, title included."""
    name_start, end = words[i].start, words[last].end
    known = words[i].flags
    start, first, head = title_before(text, words, i, last)
    if last == i and known & ACRONYM:
        start, first, head = name_start, i, ""
    redacted = bool(known & REDACTED)
    if not head and last == i and not listed and not redacted and _is_bare(text, words, i, known, capitals):
        word = words[i].text
        return Candidate(name_start, name_start, end, (word,), (fold(word),), BARE, None, "", False, False), i
    name = " ".join(text[name_start:end].split())
    pieces = tuple(part.rstrip(",") for part in name.split())
    folds = tuple(fold(piece) for piece in name.split()) if not redacted else (name,)
    behind = text[end : end + 60]
    title: str | None = " ".join(text[start:name_start].split()).rstrip(",") if start < name_start else None
    office = office_of(title) or titles().get(head, "") if head and title else ""
    if title is None and last > i:
        title, office = title_behind(text, end)
    sure = SURE if listed else _sureness(text, words, i, last, head, behind, capitals, title)
    if not sure:
        return None, i
    return (
        Candidate(start, name_start, end, pieces, folds, sure, title, office, head in rank_words(), redacted),
        first,
    )


def _sureness(
    text: str, words: Sequence[Word], i: int, last: int, head: str, behind: str, capitals: bool, title: str | None
) -> int:
    """How sure it is that words i to last name a person; 0 if they do not."""
    run = words[i : last + 1]
    flags = [word.flags for word in run]
    if flags[0] & REDACTED:
        heard = _HEARD.search(text[max(0, run[0].start - 14) : run[0].start])
        return SURE if head or heard or SPEAKS.match(behind) or PROTECTED.match(behind) else 0
    if head:
        return SURE
    if PROTECTED.match(behind):
        return SURE
    before = text[max(0, run[0].start - 12) : run[0].start]
    article = before.rstrip().rpartition(" ")[2] in ("the", "The", "a", "an", "THE") and before[-1:].isspace()
    linked = run[0].link == NEXT and i > 0 and not words[i - 1].opens
    follows = last + 1 < len(words) and words[last + 1].link == NEXT and not run[-1].owns and not words[last + 1].opens
    if len(run) == 1 and flags[0] & ACRONYM:
        return BARE
    if len(run) == 1:
        if (
            article
            and re.match(r"\s[a-z]", behind)
            and before.rstrip().endswith("the")
            and not flags[0] & (COMMON | PLACE)
        ):
            return BARE
        if article or (capitals and not flags[0] & FIRST):
            return 0 if article else BARE
        if linked and words[i - 1].flags & ACRONYM and not words[i - 1].flags & PHRASE and len(words[i - 1].text) < 4:
            return BARE
        if (
            linked
            and words[i - 1].flags & (CAPITAL | PLACE | ACRONYM | COMMON | PHRASE)
            and not words[i - 1].flags & (MODIFIER | NATION | NOUN)
        ):
            return 0
        if (
            follows
            and words[last + 1].flags & (COMMON | CAPITAL | PHRASE | PLACE | ACRONYM)
            and not words[last + 1].flags & CALLED
        ):
            return 0
        if is_open(flags[0]) and not linked and not follows and not flags[0] & PHRASE and SPEAKS.match(behind):
            return LIKELY if not (run[0].opens and behind[:1] == ",") else BARE
        return BARE
    if (
        follows
        and words[last + 1].flags & (CAPITAL | COMMON | PHRASE | MODIFIER)
        and not words[last + 1].flags & (NAMED | CALLED)
    ):
        return 0
    if flags[0] & INITIAL and any(is_open(f) or f & (FIRST | SURNAME) for f in flags):
        return SURE
    if flags[0] & FIRST and not (
        flags[0] & (COMMON | CAPITAL | PLACE) and not any(is_open(f) or f & NAMED for f in flags[1:])
    ):
        return 0 if article and not flags[-1] & NAMED else SURE
    if article:
        return 0
    if linked and words[i - 1].flags & (CAPITAL | ACRONYM | PHRASE) and not words[i - 1].flags & (MODIFIER | NATION):
        return 0
    if capitals:
        return 0
    if any(word.link == PARTICLES and _arabic(text[prev.end : word.start]) for prev, word in pairwise(run)):
        return SURE
    if any(word.text[:3] in ("al-", "el-", "Al-", "El-") for word in run[1:]):
        return SURE
    if _asian(run):
        return SURE
    if SPEAKS.match(behind) or title is not None or any(f & FIRST for f in flags):
        return LIKELY
    if _HEARD.search(text[max(0, run[0].start - 14) : run[0].start]):
        return LIKELY
    return BARE


def _is_bare(text: str, words: Sequence[Word], i: int, flags: int, capitals: bool) -> bool:
    """Whether a word without title, followed by no word that hangs on it, in no company that forbids it, is plainly BARE.

    What speaks for or against a single word is its company; most have none, and need no patterns.
    """
    word = words[i]
    if capitals or word.link == NEXT or (not flags & (FIRST | SURNAME) and is_open(flags)):
        return False
    if i + 1 < len(words) and words[i + 1].link == NEXT:
        return False
    return text[word.start - 4 : word.start].lower() not in ("the ", " an ") and text[word.end : word.end + 2] not in (
        " (",
        "(s",
        "(p",
    )


def _arabic(gap: str) -> bool:
    return gap.strip() in ("bin", "ibn", "bint", "abu", "ould", "arap", "al", "el")


def _asian(run: Sequence[Word]) -> bool:
    """ "Wi Sung-lac": a short word, then one with a hyphen and a small letter behind it."""
    _, _, rest = run[1].text.partition("-")
    return len(run) == 2 and len(run[0].text) <= 5 and rest.isalpha() and rest.islower() and len(run[1].text) <= 12
