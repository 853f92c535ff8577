"""What the tables know of a word that is printed with a capital, as flags; and of phrases, by their first word."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from reftel.tables import cell_list, rows
from reftel.tables.holders import Holder, leaders
from reftel.tables.nations import countries_of_acronym, nations

# What a word may be; a word may be several.
FIRST, SURNAME, PARTICLE, SUFFIX, INITIAL = 1, 2, 4, 8, 16
TITLE, RANK, NOUN, MODIFIER, STAFF = 32, 64, 128, 256, 512
NATION, PLACE, ACRONYM, COMMON, CAPITAL = 1024, 2048, 4096, 8192, 16384
REDACTED, PHRASE = 32768, 65536

CALLED = TITLE | RANK
NAMED = FIRST | SURNAME | INITIAL
KNOWN = CALLED | NOUN | MODIFIER | STAFF | NATION | PLACE | ACRONYM | COMMON | CAPITAL | REDACTED | PARTICLE | SUFFIX
_KINDS = {"title": TITLE, "rank": RANK, "noun": NOUN, "modifier": MODIFIER, "staff": STAFF}
_FORMS = {"first": FIRST, "surname": SURNAME, "particle": PARTICLE, "suffix": SUFFIX}
_PREFIXES = ("al-", "el-", "ul-", "as-", "ash-", "at-", "an-", "ar-", "az-", "ad-", "Al-", "El-", "Ul-")


class Thing(NamedTuple):
    """What a phrase of the tables names."""

    kind: str
    name: str
    country: str | None
    rule: str


def is_staff(word: str) -> bool:
    """Whether a word is an office of the own mission: "Poloff"."""
    return bool(_words().get(word, 0) & STAFF)


def is_open(flags: int) -> bool:
    """Whether the tables know nothing that a word could be but a name."""
    return not flags & KNOWN


class Flags(dict[str, int]):
    """The flags of a word as printed, worked out once."""

    def __init__(self, capitals: bool) -> None:
        """capitals: the text is all in capitals, so that case tells nothing."""
        super().__init__()
        self._capitals = capitals

    def __missing__(self, word: str) -> int:
        flags = self[word] = _flags_in_capitals(word) if self._capitals else _flags_of(word)
        return flags


@cache
def titles() -> dict[str, str]:
    """A word of a title or office -> the office that it means: "FonMin" is "foreign minister"; "" of a modifier."""
    return {row["word"]: row["office"] for row in rows("person_titles")}


@cache
def rank_words() -> frozenset[str]:
    """Words before a name that tell a rank and no office: "Mr.", "Dr.", "Prince"."""
    return _of_kind("rank")


@cache
def noun_words() -> frozenset[str]:
    """Words in small letters that may head a title before a name: "leader", "police chief"."""
    return frozenset(word for word in _of_kind("noun") if word.islower())


@cache
def lower_modifiers() -> frozenset[str]:
    """Words in small letters that belong to the title behind them: "former", "opposition party"."""
    return frozenset(word for word in _of_kind("modifier") | noun_words() if word.islower())


@cache
def abbreviated() -> frozenset[str]:
    """Words that are printed with a point: "Gen", "Mr", "Jr"."""
    points = {row["word"][:-1] for row in rows("person_titles") if row["word"].endswith(".")}
    return frozenset(points | {row["name"][:-1] for row in rows("personal_names") if row["name"].endswith(".")})


def _of_kind(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in rows("person_titles") if kind in cell_list(row["kinds"]))


@cache
def thing_heads() -> dict[str, str]:
    """A word that tells what a name is of -> organisation, agreement or event: "Ministry", "Treaty", "Summit"."""
    return {row["word"]: row["kind"] for row in rows("thing_heads")}


@cache
def phrases() -> dict[str, tuple[tuple[tuple[str, ...], Thing], ...]]:
    """The first word of a phrase -> the phrases, longest first, as words and what they name."""
    found: dict[str, dict[tuple[str, ...], Thing]] = {}

    def add(text: str, thing: Thing) -> None:
        words = tuple(text.split())
        found.setdefault(words[0], {}).setdefault(words, thing)

    for row in rows("actors"):
        thing = Thing(row["kind"], row["name"], row["country"] or None, "actor")
        for text in (row["name"], *cell_list(row["aliases"])):
            add(text, thing)
    for nation in nations():
        add(nation.country, Thing("place", nation.country, nation.country, "country"))
        for capital in nation.capitals:
            add(capital, Thing("place", capital, nation.country, "capital"))
        for people in nation.people:
            add(people, Thing("people", nation.country, nation.country, "people"))
    for row in rows("country_aliases"):
        for alias in cell_list(row["aliases"]):
            country = "South Korea" if row["country"] == "Korea" else row["country"]
            text = alias if len(alias) < 5 else alias.title()
            add(text, Thing("place", country, country, "country"))
    add("U.S.", Thing("place", "United States", "United States", "country"))
    add("United States", Thing("place", "United States", "United States", "country"))
    add("Washington", Thing("place", "Washington", "United States", "capital"))
    return {first: tuple(sorted(items.items(), key=lambda item: -len(item[0]))) for first, items in found.items()}


def people_country(words: str) -> str | None:
    """The country of an adjective or people, or of the acronym of one government only: "Russian", "HMG"; None for others."""
    return _peoples().get(words)


@cache
def _peoples() -> dict[str, str]:
    found = {text: nation.country for nation in nations() for text in nation.people}
    found |= {text.upper(): country for text, country in found.items()}
    for acronym, countries in countries_of_acronym().items():
        if len(countries) == 1:
            found.setdefault(acronym, countries[0])
    return found


@cache
def leaders_by_word() -> dict[str, tuple[Holder, ...]]:
    """The folded surname, or an alias of one word, of a leader -> the terms of all who are called so."""
    found: dict[str, list[Holder]] = {}
    for holder in leaders():
        spellings = [holder.name.split()[-1], *(alias.split()[-1] for alias in holder.aliases)]
        if "-" in holder.name and holder.name.split()[-1].partition("-")[2].islower():
            spellings[0] = holder.name.split()[0]
        for word in {fold(spelling) for spelling in spellings}:
            found.setdefault(word, []).append(holder)
    return {word: tuple(held) for word, held in found.items()}


@cache
def leaders_by_name() -> dict[tuple[str, ...], tuple[Holder, ...]]:
    """The folded words of a leader's full name or alias -> the terms."""
    found: dict[tuple[str, ...], list[Holder]] = {}
    for holder in leaders():
        for name in (holder.name, *holder.aliases):
            found.setdefault(folded(name), []).append(holder)
    return {words: tuple(held) for words, held in found.items()}


def folded(name: str) -> tuple[str, ...]:
    """The folded words of a name."""
    return tuple(fold(word) for word in name.split())


def fold(word: str) -> str:
    """A word of a name without case, accents, article and apostrophes: "Al-Jubeir" and "Jubeir" are one."""
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word)
        word = "".join([c for c in word if not unicodedata.combining(c)])
    if word.startswith(_PREFIXES):
        word = word.partition("-")[2]
    return word.lower().replace("'", "").replace("’", "").replace("`", "").strip(".-")


@cache
def _words() -> dict[str, int]:
    """Every word of the tables as printed there -> its flags."""
    found: dict[str, int] = {}
    for row in rows("personal_names"):
        found[row["name"]] = found.get(row["name"], 0) | _FORMS[row["kind"]]
    for row in rows("person_titles"):
        for kind in cell_list(row["kinds"]):
            found[row["word"]] = found.get(row["word"], 0) | _KINDS[kind]
    for row in rows("plain_words"):
        found[row["word"]] = found.get(row["word"], 0) | (COMMON if row["kind"] == "common" else CAPITAL)
    for row in rows("thing_heads"):
        found[row["word"]] = found.get(row["word"], 0) | CAPITAL
    for nation in nations():
        for text in nation.people:
            found[text.split()[-1]] = found.get(text.split()[-1], 0) | NATION
        for text in (nation.country, *nation.capitals):
            for word in text.split():
                if len(word) > 2 and word[0].isupper():
                    found[word] = found.get(word, 0) | PLACE
        for text in nation.government:
            found[text] = found.get(text, 0) | ACRONYM
    for first in phrases():
        found[first] = found.get(first, 0) | PHRASE
    return found


def _flags_of(word: str) -> int:
    known = _words()
    if word[:4] in ("XXXX", "xxxx"):
        return REDACTED
    flags = known.get(word, 0)
    if len(word) == 1 or (len(word) == 2 and word[1] == "."):
        return flags | INITIAL
    if word.startswith(_PREFIXES):
        return flags & (PHRASE | CAPITAL)
    flags |= known.get(word.lower(), 0) & COMMON
    if not flags and word[-1] == "s" and known.get(word[:-1], 0) & (TITLE | NOUN | MODIFIER):  # "Coordinators"
        flags = CAPITAL
    if "." in word or "/" in word or "&" in word or (len(word) > 1 and word.isupper() and "-" not in word):
        return flags | ACRONYM
    if len(word) > 2 and word[-1] == "s" and word[:-1].isupper():  # "POWs"
        return flags | ACRONYM
    if "-" in word and not flags:
        flags = _flags_of_compound(word)
    return flags


def _flags_of_compound(word: str) -> int:
    """ "Russian-led" is a plain word with a capital; "Myung-hwan" and "Alliot-Marie" are open."""
    known = _words()
    first, _, rest = word.partition("-")
    if first.lower() in ("then", "ex", "former"):
        return _flags_of(rest) if rest else 0
    ahead = known.get(first, 0) | known.get(first.lower(), 0)
    after = known.get(rest, 0) | known.get(rest.lower(), 0)
    if ahead & FIRST and after & FIRST:
        return FIRST
    if ahead & (NATION | PLACE | CAPITAL | COMMON | MODIFIER) and after & (
        NATION | PLACE | CAPITAL | COMMON | MODIFIER
    ):
        return CAPITAL
    if (first.isupper() and len(first) > 1) or ahead & (NATION | PLACE):
        return CAPITAL
    if rest.isupper() and len(rest) > 1:
        return ACRONYM
    return 0


def _flags_in_capitals(word: str) -> int:
    known = _words()
    if word[:4] in ("XXXX", "xxxx"):
        return REDACTED
    capital = word.capitalize()
    flags = known.get(capital, 0) | known.get(word, 0) | known.get(word.lower(), 0)
    if len(word) == 1 or (len(word) == 2 and word[1] == "."):
        return flags | INITIAL
    if "." in word or "/" in word or "&" in word:
        return flags | ACRONYM
    if "-" in word and not flags:
        first, _, rest = capital.partition("-")
        flags = (known.get(first, 0) | known.get(rest, 0)) & (CAPITAL | COMMON | NATION | PLACE) and CAPITAL
    return flags
