"""Runs: where a name that begins at a word ends."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reftel.extract.names.lexicon import (
    ACRONYM,
    CALLED,
    CAPITAL,
    COMMON,
    FIRST,
    INITIAL,
    MODIFIER,
    NAMED,
    NATION,
    NOUN,
    PARTICLE,
    PHRASE,
    PLACE,
    REDACTED,
    STAFF,
    SUFFIX,
    SURNAME,
    TITLE,
    fold,
    is_open,
)
from reftel.extract.names.words import COMMA, NEXT, PARTICLES, Word

# What follows whoever speaks; the mark of a protected source
SPEAKS = re.compile(
    r"(?:\s+\([^()]{1,40}\))?,?\s+(?:had |has |then |also |later |again |further |privately |publicly |repeatedly |recently |strongly )?"
    r"(?:said|says|told|noted|stressed|added|asked|argued|stated|explained|claimed|replied|responded|thanked|emphasized|"
    r"emphasised|complained|agreed|expressed|reiterated|insisted|acknowledged|admitted|confirmed|described|commented|"
    r"remarked|warned|urged|suggested|opined|observed|recalled|joked|concluded|countered|predicted|believes|believed|thinks|"
    r"denied|offered|promised|pledged|assured|informed|indicated|underscored|underlined|outlined|speculated|lamented|"
    r"criticized|praised|welcomed|hoped|assessed|asserted|maintained|continued|wondered|cautioned|declined|revealed|"
    r"conceded|mentioned|wanted|wants|sought|proposed|refused|called|advised|cited|repeated|characterized|dismissed|felt|feels|opposed|supported|nodded|smiled|pointed out|met with|who)\b"
)
PROTECTED = re.compile(r"\s*\((?:strictly |please )*protect", re.IGNORECASE)
_PART = re.compile(r"\s{0,3}([\w’'.-]+)")
_LONGEST_NAME = 7
_EVERYWHERE = frozenset(
    {"Al", "El", "De", "Van", "Von", "Bin", "Ben", "Abu", "Umm", "Da", "Di", "La", "Le", "Del", "Dos", "Ould"}
)
_PLACE_HEADS = {
    "San", "Santa", "Santo", "Sao", "Los", "Las", "Puerto", "Rio", "Port", "Fort", "Mount", "Mt", "Cape", "Lake",
    "New", "Saint", "St", "Hotel", "Camp", "Villa", "Ciudad", "Tel", "Addis", "Abu", "Kuala",
}  # fmt: skip


def listed_end(text: str, words: Sequence[Word], i: int, listed: Mapping[str, tuple[tuple[str, ...], ...]]) -> int:
    """The index of the last word of a listed name that begins at word i, or -1."""
    for name in listed.get(fold(words[i].text), ()):
        at = words[i].start
        for part in name:
            m = _PART.match(text, at)
            if m is None or fold(_possessed(m[1])) != part:
                break
            at = m.end()
        else:
            j = i
            while j + 1 < len(words) and words[j + 1].start < at:
                j += 1
            return j
    return -1


def name_end(text: str, words: Sequence[Word], i: int, capitals: bool) -> int:
    """The index of the last word of a name that begins at word i, or less than i if none may."""
    word = words[i]
    flags = word.flags
    titled = i > 0 and word.link == NEXT and bool(words[i - 1].flags & CALLED)
    if flags & REDACTED:
        return i
    if (
        flags & ACRONYM
        and not flags & (CALLED | STAFF | PHRASE | COMMON)
        and 2 < len(word.text) < 5
        and word.text.isalpha()
    ):
        return i if not capitals else i - 1
    if capitals and flags & SURNAME and flags & COMMON and not flags & FIRST:
        return i - 1
    nameable = is_open(flags) or flags & NAMED or (flags & PARTICLE and word.text in _EVERYWHERE)
    if not nameable and not (titled and _may_follow_title(text, word, capitals)):
        return i - 1
    if flags & CALLED and not flags & FIRST and not (flags & SURNAME and (titled or not _goes_on(words, i, capitals))):
        return i - 1
    if i > 0 and word.link == NEXT and words[i - 1].text in _PLACE_HEADS:
        return i - 1
    if flags & INITIAL and text[word.end - 1 : word.end + 1].strip()[-1:] != ".":
        return i - 1
    if flags & INITIAL and not _goes_on(words, i, capitals):
        return i - 1
    if (
        flags & (FIRST | SURNAME)
        and flags & (COMMON | CAPITAL | PLACE | NATION)
        and not titled
        and word.opens
        and not _goes_on(words, i, capitals)
    ):
        return i - 1 if flags & COMMON and not flags & SURNAME else i
    j = i
    while j + 1 < len(words) and j - i < _LONGEST_NAME and not words[j].owns and _continues(words, i, j + 1, capitals):
        j += 1
    while j > i and words[j].flags & PARTICLE and not words[j].flags & NAMED:
        j -= 1
    if j == i and flags & PARTICLE and not flags & NAMED:
        return i - 1
    return j


def is_no_name(words: Sequence[Word], i: int, last: int) -> bool:
    """Whether the first word of a run only opens the sentence before a name: "Canner Octavio Lertora"."""
    return (
        words[i].opens
        and last - i > 1
        and is_open(words[i].flags)
        and bool(words[i + 1].flags & FIRST)
        and words[i + 1].link == NEXT
    )


def _possessed(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word


def _may_follow_title(text: str, word: Word, capitals: bool) -> bool:
    """Whether a word that the tables know may still be a surname directly behind a title: "Ambassador Blunt told us"."""
    flags = word.flags
    if (
        flags & (COMMON | CAPITAL | PLACE)
        and not flags & (CALLED | NOUN | MODIFIER | STAFF | NATION | ACRONYM)
        and not capitals
    ) and (PROTECTED.match(text, word.end) or SPEAKS.match(text, word.end)):
        return True
    if flags & (CALLED | NOUN | MODIFIER | STAFF | NATION | ACRONYM | COMMON | PHRASE):
        return False
    return not capitals and not flags & PLACE and bool(flags & CAPITAL) and word.owns


def _goes_on(words: Sequence[Word], i: int, capitals: bool) -> bool:
    return i + 1 < len(words) and _continues(words, i, i + 1, capitals)


def _continues(words: Sequence[Word], first: int, j: int, capitals: bool) -> bool:
    """Whether word j goes on with the name that begins at word `first`."""
    word, flags = words[j], words[j].flags
    if word.link == COMMA:
        return bool(flags & SUFFIX) and word.text.startswith(("Jr", "Sr"))
    if word.link not in (NEXT, PARTICLES) or word.opens:
        return False
    if flags & SUFFIX:
        return True
    if flags & REDACTED:
        return False
    if is_open(flags) or flags & (INITIAL | SUFFIX):
        return True
    if flags & PARTICLE and not flags & (CALLED | NOUN):
        return j + 1 < len(words) and words[j + 1].link in (NEXT, PARTICLES)
    before = words[j - 1].flags
    if (
        flags & TITLE
        and len(word.text) < 5
        and before & FIRST | (j - first == 1 and is_open(before))
        and not word.text.isupper()
    ):
        # "Hun Sen", "Ahmad Min": a title cut short, if no name stands behind it
        return not (j + 1 < len(words) and words[j + 1].link == NEXT and not words[j + 1].flags & COMMON)
    if word.text == "San" and j + 1 < len(words) and words[j + 1].link == NEXT and is_open(words[j + 1].flags):
        return bool(before & FIRST)
    if flags & PLACE and before & FIRST and first > 0 and words[first].link == NEXT and words[first - 1].flags & CALLED:
        return True
    if flags & NAMED and not flags & (TITLE | STAFF | NATION):
        return not flags & COMMON or bool(before & (NAMED | PARTICLE)) or word.link == PARTICLES
    if word.link == PARTICLES:
        return not flags & (CALLED | STAFF | ACRONYM)
    if is_open(before) and words[first].flags & FIRST and flags & CAPITAL and not capitals:
        # "Antonio Delfim Netto": a word that else names no person ends the name
        ends = word.owns or j + 1 == len(words) or words[j + 1].link != NEXT
        return ends and not flags & (CALLED | NOUN | MODIFIER | STAFF | NATION | PHRASE | COMMON | ACRONYM)
    # a surname that is also a plain word or a place, behind a first name: "Jack Straw", "Eric Holder"
    if before & (FIRST | INITIAL) and not before & (COMMON | CAPITAL | PLACE) and not capitals:
        if flags & ACRONYM:
            return len(word.text) > 3 and word.text.isalpha() and not flags & PHRASE
        return not flags & (CALLED | NOUN | MODIFIER | STAFF | NATION | PHRASE) and not flags & COMMON
    return False
