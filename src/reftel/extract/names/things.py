"""Things: organisations, places, agreements and events of a paragraph, by the tables and by the word that names their kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reftel.extract.names.lexicon import (
    ACRONYM,
    COMMON,
    MODIFIER,
    NATION,
    PHRASE,
    PLACE,
    Thing,
    people_country,
    phrases,
    thing_heads,
)
from reftel.extract.names.offices import Setting
from reftel.extract.names.words import NEXT, OF, OPENS, Word
from reftel.tables.nations import countries_of_acronym

ORGANISATION, PLACE_KIND, AGREEMENT, EVENT = "organisation", "place", "agreement", "event"

_NUMBERED = re.compile(r"\b(?:(?:UN )?Security Council Resolutions?|UNSCRs?|[Rr]esolutions?)\s+(\d{3,4})\b")
_MEETING = re.compile(r"\b(?:(?:[A-Z][\w.-]+|G-?\d{1,2})\s(?:summit|ministerial|conference)\b|2\+2\b)")
_SAYS = re.compile(
    r"(?:,\s[^,.;]{1,60},)?\s+(?:had|has|have|would|will|was|is|were|are|did|does|could|should|must|may|might|said|wants?|wanted|sees?|"
    r"seeks?|sought|hoped?|believed?|supports?|supported|opposed|welcomed|remained|continued?|agreed|needs?|needed|intends?|announced|"
    r"considers?|considered|views?|viewed|expects?|expected|told|claimed|refused|insisted|noted|proposed|decided|offered|and)\b"
)
_WHERE = re.compile(
    r"\b(?:in|at|from|near|throughout|across|inside|through|into|outside|around|visit(?:ed|ing)?|to|for|of)\s(?:the\s)?$"
)
_BODY = re.compile(r"\s(?:government|administration|authorities|regime|side|officials|leadership|delegation)\b")
_THE = ("the ", "The ")
_PLURAL_ENDS = "s"
_LONGEST_RUN = 8
_KNOWN = PHRASE | ACRONYM


Phrases = tuple[tuple[tuple[str, ...], Thing], ...]


class Found(NamedTuple):
    """A place of a paragraph that names a thing. name: its own; aka: how else the paragraph says that it is called."""

    start: int
    end: int
    kind: str
    name: str
    country: str | None
    rule: str
    candidates: tuple[str, ...] = ()


def find_things(
    text: str,
    words: Sequence[Word],
    taken: set[int],
    setting: Setting,
    called: dict[str, Found],
    listed: Mapping[str, Phrases],
) -> list[Found]:
    """The things of a paragraph. called: acronyms that the cable has explained so far, added to as it explains more.

    listed: the phrases of the user's list, by their first word.
    """
    found: list[Found] = []
    kinds = thing_heads()
    heads = [i for i, word in enumerate(words) if word.text in kinds]
    heads.append(len(words) + _LONGEST_RUN)
    next_head = 0
    i = 0
    while i < len(words):
        while heads[next_head] < i:
            next_head += 1
        headed = heads[next_head] - i < _LONGEST_RUN
        if i in taken or not (headed or words[i].flags & _KNOWN or words[i].text in listed or words[i].text == "Post"):
            i += 1
            continue
        own = _by_table(text, words, i, setting, listed[words[i].text]) if words[i].text in listed else None
        thing, after = own or _thing_at(text, words, i, taken, setting, called, headed)
        if thing is not None:
            found.append(thing)
        i = after
    if "esolution" in text or "UNSCR" in text:
        found += [
            Found(m.start(), m.end(), AGREEMENT, f"UNSCR {m[1]}", None, "resolution") for m in _NUMBERED.finditer(text)
        ]
    if "ummit" in text or "inisterial" in text or "onference" in text or "2+2" in text:
        found += [
            Found(m.start(), m.end(), EVENT, " ".join(m[0].split()), None, "meeting") for m in _MEETING.finditer(text)
        ]
    return found


def _thing_at(
    text: str, words: Sequence[Word], i: int, taken: set[int], setting: Setting, called: dict[str, Found], headed: bool
) -> tuple[Found | None, int]:
    """The thing that begins at word i, and the index behind it. headed: a word that tells a kind is not far."""
    head = None
    if headed:
        run = _run_from(words, i, taken)
        head = next((j for j in range(run, i - 1, -1) if words[j].text in thing_heads()), None)
    if head is not None and (
        head > i
        or words[head].text in ("MFA", "Embassy", "MOD", "MOI", "MOFA", "Parliament")
        or _goes_on_of(words, head)
    ):
        return _by_head(text, words, i, head, taken, setting, called)
    word = words[i]
    if word.flags & PHRASE:
        by_table = _by_table(text, words, i, setting, phrases().get(word.text, ()))
        if by_table is not None:
            return by_table
    if word.flags & ACRONYM:
        if word.text in called:
            known = called[word.text]
            return known._replace(start=word.start, end=word.end), i + 1
        acting = _government(word, setting)
        if acting is not None:
            return acting, i + 1
    if word.text == "Post" and word.link != NEXT and setting.post and _SAYS.match(text, word.end):
        return Found(word.start, word.end, ORGANISATION, setting.post, "United States", "post"), i + 1
    return None, i + 1


def _run_from(words: Sequence[Word], i: int, taken: set[int]) -> int:
    """The index of the last word that goes on from word i by white space alone."""
    j = i
    while (
        j + 1 < len(words)
        and words[j + 1].link == NEXT
        and j + 1 not in taken
        and j - i < _LONGEST_RUN - 1
        and not words[j + 1].opens
    ):
        j += 1
    return j


def _goes_on_of(words: Sequence[Word], head: int) -> bool:
    return words[head].text != "Government" and head + 1 < len(words) and words[head + 1].link == OF


def _by_head(
    text: str, words: Sequence[Word], i: int, head: int, taken: set[int], setting: Setting, called: dict[str, Found]
) -> tuple[Found | None, int]:
    """The thing whose kind word `head` tells: "Russian Foreign Ministry", "Ministry of Energy", "Moscow Treaty"."""
    kind = thing_heads()[words[head].text]
    first = i
    if first < head and words[first].text == "The" and words[first + 1].text != "Hague":
        first += 1
    if (
        first < head
        and words[first].opens
        and words[first].flags & COMMON
        and not words[first].flags & (NATION | PLACE | MODIFIER)
    ):
        first += 1
    last = head
    if head + 1 < len(words) and words[head + 1].link == OF and not words[head].owns and head + 1 not in taken:
        last = _run_from(words, head + 1, taken)
    start, end = words[first].start, words[last].end
    if first == last and words[first].text not in ("MFA", "MOD", "MOI", "MOFA", "Embassy", "Parliament"):
        return None, head + 1
    name = " ".join(text[start:end].split())
    country = next((c for c in (people_country(w.text) for w in words[first:head]) if c), None)
    if words[head].text in ("Embassy", "Consulate", "Mission"):
        if first == last:
            name = setting.post or name
            country = "United States" if setting.post else country
    elif first == last or (
        kind == ORGANISATION and words[head].text in ("Ministry", "Parliament", "MFA", "MOD") and country is None
    ):
        country = setting.country if setting.country != "United States" else None
    found = Found(start, end, kind, name, country, "head")
    after = last + 1
    if (
        after < len(words)
        and words[after].link == OPENS
        and words[after].flags & ACRONYM
        and text[words[after].end : words[after].end + 1] == ")"
    ):
        called.setdefault(words[after].text, found)
    return found, after


def _by_table(
    text: str, words: Sequence[Word], i: int, setting: Setting, known: Phrases
) -> tuple[Found | None, int] | None:
    word = words[i]
    for parts, thing in known:
        length = len(parts)
        if length > 1:
            phrase = " ".join(parts)
            printed = text[word.start : word.start + len(phrase) + 3]
            if " ".join(printed.split())[: len(phrase)] != phrase:
                continue
            j = i
            want = word.start + len(phrase)
            while j + 1 < len(words) and words[j + 1].end <= want + 2 and words[j + 1].start < want:
                j += 1
            if parts[-1][0].isupper() and words[j].text != parts[-1]:
                continue
            end = words[j].end if parts[-1][0].isupper() else want
        else:
            j, end = i, word.end
        return _as_actor(text, words, i, j, end, thing, setting)
    return None


def _as_actor(
    text: str, words: Sequence[Word], i: int, j: int, end: int, thing: Thing, setting: Setting
) -> tuple[Found | None, int]:
    """What a phrase of the tables names here: a country or capital may be a place or act as a government."""
    start = words[i].start
    if thing.kind == "people":
        return _people(text, words, i, j, end, thing), j + 1
    if thing.kind != "place":
        return Found(start, end, thing.kind, thing.name, thing.country, thing.rule), j + 1
    where = _WHERE.search(text, max(0, start - 12), start)
    owned = words[j].owns
    follows = j + 1 < len(words) and words[j + 1].link == NEXT and not owned
    acts = not follows and not where and (owned or bool(_SAYS.match(text, end)))
    if thing.rule == "country" and not where and not follows:
        acts = True
    if thing.country == "United States" and thing.rule == "country":
        body = _BODY.match(text, end)
        if body:
            return Found(start, body.end(), ORGANISATION, "United States", "United States", "government"), j + 1
    if acts and thing.country:
        return Found(start, end, ORGANISATION, thing.country, thing.country, f"{thing.rule} acts"), j + 1
    return Found(start, end, PLACE_KIND, thing.name, thing.country, thing.rule), j + 1


def _people(text: str, words: Sequence[Word], i: int, j: int, end: int, thing: Thing) -> Found | None:
    """ "the Russians" and "the Russian government" act as Russia; an adjective by itself names nothing."""
    body = _BODY.match(text, end)
    start = words[i].start
    if body:
        return Found(start, body.end(), ORGANISATION, thing.name, thing.country, "government")
    the = text[max(0, start - 4) : start] in _THE
    follows = j + 1 < len(words) and words[j + 1].link == NEXT
    if follows or not the:
        return None
    if (text[end - 1] == _PLURAL_ENDS and words[j].text not in ("Swiss",)) or _SAYS.match(text, end):
        return Found(start, end, ORGANISATION, thing.name, thing.country, "people")
    return None


def _government(word: Word, setting: Setting) -> Found | None:
    """The government that an acronym stands for: the host's if it may, else the only one, else one of several."""
    countries = countries_of_acronym().get(word.text.upper())
    if not countries or (word.text.isupper() is False and not word.text.startswith("G")):
        return None
    if setting.country in countries or len(countries) == 1:
        country = setting.country if setting.country in countries else countries[0]
        return Found(word.start, word.end, ORGANISATION, country or word.text, country, "government")
    return Found(word.start, word.end, ORGANISATION, word.text, None, "government", countries)
