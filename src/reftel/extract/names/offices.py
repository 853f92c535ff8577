"""Offices: what a title means, the places where one stands without a name, and who held it on the cable's day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from reftel.extract.names.beside import extend_title
from reftel.extract.names.lexicon import ACRONYM, CALLED, NATION, PLACE, STAFF, TITLE, folded, people_country, titles
from reftel.extract.names.titles import country_in, office_of
from reftel.extract.names.words import NEXT, OF, Word
from reftel.model import Cable
from reftel.tables import find_post
from reftel.tables.holders import Holder, chiefs_of_mission, department_officers, leaders_in
from reftel.tables.nations import spoken_country

# Offices of the post itself, which cables print without an article
OWN = {"ambassador", "charge", "consul general", "principal officer", "deputy principal officer"}
_STAFF_LOWER = re.compile(r"\b(?:poloff|econoff|emboff|conoff|polcouns|poleconoff|laboff)s?\b")
_LOWER = re.compile(
    r"\b[Tt]he\s((?:deputy )?(?:foreign|prime|defense|defence|interior|finance|justice|home) minister|(?:vice )?president|ambassador|"
    r"chancellor|attorney general|secretary general|king|emir|sultan|governor)\b(?![’']s? [A-Z]|\s(?:of|for|to|and|[A-Z]))"
)
_TITLED = TITLE | STAFF
_LOWER_HEADS = (
    " minister",
    " president",
    " ambassador",
    " chancellor",
    "attorney g",
    "secretary g",
    "he king",
    "he emir",
    "he sultan",
    "he governor",
)
_STATION = re.compile(r"\d\d([A-Z]+)\d+$")
_NOT_BARE = {
    "member", "officer", "candidate", "deputy", "expert", "owner", "assistant", "representative", "manager", "reporter", "analyst",
    "member of parliament", "founder", "editor", "delegate", "commissioner", "general", "head", "chief", "leader", "judge", "inspector",
    "counselor", "adviser", "spokesman", "consul", "coordinator", "administrator", "prosecutor", "colonel", "captain", "lieutenant",
    "major", "chairman", "minister", "senator", "congressman", "director", "secretary general", "viceroy", "rapporteur", "quaestor",
}  # fmt: skip
_AMERICAN = {
    "secretary of defense": "Secretary of Defense",
    "president of the united states": "President",
    "vice president of the united states": "Vice President",
    "attorney general of the united states": "Attorney General",
}
_DEPARTMENT = {"secretary": "Secretary of State", "secretary of state": "Secretary of State"}


class Bare(NamedTuple):
    """An office without a name. start, end: in the paragraph; title: as printed; office: what it means; country: that it tells."""

    start: int
    end: int
    title: str
    office: str
    country: str | None


class Setting(NamedTuple):
    """Where and when a cable was written: what offices are resolved by. date: ISO, "" if unknown; own: it is a post abroad."""

    date: str
    post: str | None
    country: str | None
    signer: str | None
    classifier: str | None
    classifier_title: str | None


def setting_of(cable: Cable) -> Setting:
    """The day, the post and the country of a cable, with who signed and classified it."""
    post = find_post(cable.origin.post) if cable.origin is not None and cable.origin.post else None
    if post is None and cable.source.claims.origin:
        post = find_post(cable.source.claims.origin)
    if post is None and cable.id and (station := _STATION.match(cable.id)):
        post = find_post(station[1])
    by = cable.classified_by
    return Setting(
        date=(cable.dtg or cable.source.claims.date or "")[:10],
        post=post.name if post else None,
        country=spoken_country(post.country) if post else None,
        signer=cable.signer,
        classifier=by.name if by else None,
        classifier_title=by.title if by else None,
    )


def find_bare(text: str, words: Sequence[Word], taken: set[int]) -> list[Bare]:
    """The offices of a paragraph that stand without a name, in order of their kinds of print."""
    found: list[Bare] = []
    for i, word in enumerate(words):
        if not word.flags & _TITLED or i in taken:
            continue
        after = words[i + 1] if i + 1 < len(words) else None
        if (
            after is not None
            and after.link == NEXT
            and not word.owns
            and after.flags & (CALLED | STAFF)
            and i + 1 not in taken
        ):
            continue  # the last word of the title speaks for all
        bare = _bare_at(text, words, i)
        if bare is not None:
            found.append(bare)
    if "off" in text or "polcouns" in text:
        found += [
            Bare(m.start(), m.end(), m[0], titles().get(m[0], m[0].rstrip("s")), "United States")
            for m in _STAFF_LOWER.finditer(text)
        ]
    if any(word in text for word in _LOWER_HEADS):
        found += [Bare(m.start(), m.end(), m[1], office_of(m[1]), None) for m in _LOWER.finditer(text)]
    return found


def _bare_at(text: str, words: Sequence[Word], i: int) -> Bare | None:
    word = words[i]
    end = word.end
    start, first = extend_title(text, words, word.start, i)
    title = " ".join(text[start:end].split())
    if word.flags & STAFF and (not word.flags & TITLE or word.text.isupper()):
        means = titles().get(word.text, "")
        return Bare(word.start, end, word.text, means, "United States")
    if word.text.endswith("s") and titles().get(word.text[:-1]):
        return None
    if i + 1 < len(words) and words[i + 1].link == OF and not word.owns:
        j = i + 1
        while j + 1 < len(words) and words[j + 1].link == NEXT and j - i < 4:
            j += 1
        if words[j].flags & (NATION | PLACE) or titles().get(word.text) == "minister":
            end = words[j].end
            title = " ".join(text[start:end].split())
    office = office_of(title)
    before = text[max(0, start - 5) : start].lower().split()
    article = bool(before) and before[-1] == "the"
    if office in OWN:
        if first < i and words[first].flags & (NATION | PLACE | ACRONYM) and people_country(words[first].text) is None:
            return None
        return Bare(start, end, title, office, country_in(title) or "United States")
    if not article or not office or office in _NOT_BARE or not word.flags & TITLE:
        return None
    return Bare(start, end, title, office, country_in(title))


def holders_on(bare: Bare, setting: Setting) -> tuple[tuple[Holder, ...], str]:
    """Who held an office on the cable's day by the tables, and a sentence on it; no holder and "" if the tables cannot tell."""
    if not setting.date:
        return (), ""
    if bare.office in ("ambassador", "charge") and bare.country in (None, "United States"):
        held = chiefs_of_mission(setting.country, setting.post, setting.date)
        held = tuple(h for h in held if (h.office == "Ambassador") == (bare.office == "ambassador"))
        return held, _sentence(
            f"Ambassador in {_place(setting)}" if bare.office == "ambassador" else "Charge", held, setting
        )
    if bare.office in _DEPARTMENT and bare.country in (None, "United States"):
        held = department_officers(_DEPARTMENT[bare.office], setting.date)
        return held, _sentence("Secretary of State", held, setting)
    if bare.office in _AMERICAN:
        office = _AMERICAN[bare.office]
        held = leaders_in(office, "United States", setting.date)
        return held, _sentence(f"{office} of the United States", held, setting)
    countries = [bare.country] if bare.country else [setting.country, "United States"]
    if bare.office not in ("president", "vice president") and not bare.country:
        countries = countries[:1]
    held = tuple(
        h
        for c in dict.fromkeys(c for c in countries if c)
        for h in leaders_in(_as_told(bare.office, c), c, setting.date)
    )
    return held, _sentence(f"{bare.title} of {' or '.join(dict.fromkeys(h.country for h in held))}", held, setting)


def _as_told(office: str, country: str) -> str:
    """The table has the head of the Spanish government as its people call him."""
    if country == "Spain" and office == "prime minister":
        return "president"
    return {"national security adviser": "national security advisor"}.get(office, office)


def _place(setting: Setting) -> str:
    if setting.post is not None and setting.post.startswith("Embassy "):
        return setting.post.removeprefix("Embassy ")
    return setting.country or setting.post or "the post"


def _sentence(what: str, held: tuple[Holder, ...], setting: Setting) -> str:
    if not held:
        return ""
    names = " or ".join(dict.fromkeys(h.name for h in held))
    said = f"{what} on {setting.date}: {names} ({held[0].table})"
    if setting.signer and len(held) == 1 and what.startswith("Ambassador"):
        same = folded(setting.signer)[-1:] == folded(held[0].name)[-1:]
        said += f"; signed by {setting.signer}" + ("" if same else ", who is not the ambassador")
    return said


def classifier_has(setting: Setting, office: str) -> bool:
    """Whether who classified the cable holds the office: "Classified By: Econ/C Gene Young"."""
    if not setting.classifier or not setting.classifier_title:
        return False
    title = setting.classifier_title.partition(",")[0]
    if office_of(title) == office:
        return True
    return any(form in title.lower() for form in _FORMS.get(office, (office,))) and len(title) < 60


_FORMS = {
    "dcm": ("dcm", "deputy chief of mission"),
    "charge": ("charge", "cda"),
    "political counselor": ("political counselor", "polcouns", "pol/c", "political minister"),
    "economic counselor": ("economic counselor", "econ/c", "econcouns", "economic minister"),
    "political-economic counselor": ("pol/econ", "p/e", "political-economic", "political/economic"),
    "consul general": ("consul general", "cg"),
    "principal officer": ("principal officer",),
    "poloff": ("poloff", "political officer"),
    "econoff": ("econoff", "economic officer"),
    "public affairs officer": ("public affairs officer", "pao"),
}
