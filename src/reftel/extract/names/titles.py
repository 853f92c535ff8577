"""Titles: which office a title means, and which country it tells."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from reftel.extract.names.lexicon import people_country, titles
from reftel.tables.nations import spoken_country

# "Special Envoy for North Korean Human Rights": what an office is for is not whom it acts for
_OBJECT = re.compile(r"\s(?:for|to|on|in)\s.*", re.DOTALL)
_AMERICAS = re.compile(r"\b(?:North|South|Latin|Central) America\b|\bHouse of Commons\b")
_BRACKETS = re.compile(r"\([^()]*\)")
_PAST = {
    "former",
    "then",
    "ex",
    "acting",
    "the",
    "new",
    "current",
    "outgoing",
    "incoming",
    "late",
    "a",
    "an",
    "his",
    "her",
    "then-",
    "ex-",
}
_DOMAINS = {"external": "foreign", "defence": "defense", "home affairs": "home"}


@lru_cache(maxsize=8192)
def office_of(title: str) -> str:
    """What a title means, apart from country and person: "Russian FM" and "former Foreign Minister" are "foreign minister"."""
    known = titles()
    words = []
    for word in re.split(r"[\s,]+", _BRACKETS.sub("", title).strip()):
        bare = word.strip('()"').removesuffix("'s").removesuffix("’s").removeprefix("then-").removeprefix("ex-")
        if not bare or bare.lower() in _PAST or people_country(bare) or spoken_country(bare):
            continue
        words.append(bare)
    if not words:
        return ""
    means = [known.get(word, "") for word in words]
    long = [m for m in means if " " in m]
    if long and len(words) <= 2:
        return long[-1]
    lower = [word.lower().rstrip(".") for word in words]
    heads = {m for m in means if m}
    if "minister" in lower and "prime" not in lower:
        domain = [
            w for w in lower if w not in ("minister", "of", "for", "the", "affairs", "and", "state") and not w.isdigit()
        ]
        first = " ".join(domain[:3])
        return f"{_DOMAINS.get(first, first)} minister".strip()
    if "prime" in lower and ({"minister", "minster"} & set(lower)):
        return "deputy prime minister" if "deputy" in lower else "prime minister"
    if "vice" in lower and "president" in lower:
        return "vice president"
    if len(words) == 1:
        return means[0] or lower[0]
    if len(heads) == 1 and "ambassador" in heads:
        return "ambassador"
    text = " ".join(lower)
    if "under secretary" in text or "undersecretary" in text:
        return "under secretary"
    return text if heads else ""


@lru_cache(maxsize=8192)
def country_in(title: str) -> str | None:
    """The country that a title tells: "Russian FM", "PRC FM", "Foreign Minister of Spain"; None if it tells none."""
    title = _AMERICAS.sub("", _OBJECT.sub("", title))
    words = re.split(r"[\s,()]+", title.replace("’s", "").replace("'s", ""))
    for a, b in itertools.pairwise(words):
        country = people_country(f"{a} {b}") or (
            spoken_country(f"{a} {b}") if a[:1].isupper() and b[:1].isupper() else None
        )
        if country is not None:
            return country
    for word in words:
        country = people_country(word)
        if country is not None:
            return country
    for word in words:
        if len(word) > 2 or word in ("US", "UK", "EU", "UN"):
            country = spoken_country(word)
            if country is not None:
                return country
    return None
