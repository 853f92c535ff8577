"""Individuals and bare offices -> entities: who of the tables they are, with the evidence shown; what is not sure stays open."""

from __future__ import annotations

from collections.abc import Iterable

from reftel.extract.names.individuals import Individual
from reftel.extract.names.lexicon import fold, folded, leaders_by_name, leaders_by_word
from reftel.extract.names.offices import OWN, Bare, Setting, classifier_has, holders_on
from reftel.extract.names.people import People
from reftel.extract.names.titles import country_in, office_of
from reftel.model import Entity, Mention, Span
from reftel.tables.holders import Holder, chiefs_of_mission, department_officers

# How long after leaving office a leader is still called by surname without introduction, in years
REMEMBERED = 6
_AMERICAN = {"assistant secretary", "deputy assistant secretary", "principal deputy assistant secretary"}
_NATIONAL = ("minister", "president", "king", "chancellor", "attorney general", "speaker")
_FORMER = ("former", "then-", "ex-", "then ", "late ")


class Resolved:
    """An entity while it is put together, with the titles that may call it."""

    __slots__ = (
        "candidates",
        "country",
        "evidence",
        "identity",
        "individual",
        "kind",
        "mentions",
        "name",
        "offices",
        "protected",
        "role",
        "rule",
    )

    def __init__(self, kind: str, name: str, role: str | None, country: str | None, rule: str) -> None:
        self.kind = kind
        self.name = name
        self.role = role
        self.country = country
        self.rule = rule
        self.mentions: list[Mention] = []
        self.offices: set[str] = set()
        self.identity: str | None = None
        self.candidates: tuple[str, ...] = ()
        self.evidence: str | None = None
        self.protected = False
        self.individual: Individual | None = None

    def entity(self) -> Entity:
        """The record."""
        return Entity(
            kind=self.kind,
            name=self.name,
            role=self.role,
            country=self.country,
            mentions=tuple(sorted(set(self.mentions), key=lambda mention: mention.span)),
            identity=self.identity,
            candidates=self.candidates,
            evidence=self.evidence,
            protected=self.protected,
            rule=self.rule,
        )


def resolve_individuals(
    individuals: Iterable[Individual], setting: Setting, people: People | None = None
) -> list[Resolved]:
    """The persons of a cable, with identity where exactly one of the tables fits."""
    found = [_resolve(person, setting, people) for person in individuals]
    for p in found:
        if p.country is None and p.offices & _AMERICAN:
            p.country = "United States"
    return found


def _resolve(person: Individual, setting: Setting, people: People | None) -> Resolved:
    role = max(person.titles, key=len) if person.titles else None
    found = Resolved("person", person.name, role, None, person.rule)
    found.individual = person
    found.mentions = list(person.mentions)
    found.protected = person.protected
    found.offices = {office_of(title) for title in person.titles if not title.lower().startswith(_FORMER)} - {""}
    told = next((c for c in map(country_in, person.titles) if c is not None), None)
    if person.redacted:
        found.evidence = "Redacted: one mark may stand for several people."
        found.country = told
        return found
    if people is None or not _on_list(found, person, setting, people):
        _identify(found, person, told, setting)
    found.country = found.country or told
    return found


def _on_list(found: Resolved, person: Individual, setting: Setting, people: People) -> bool:
    """Whether the user's list has the person; sets identity or candidates, and what the cable does not tell."""
    rows = people.named(person.words, setting.date)
    if not rows:
        return False
    keys = tuple(dict.fromkeys(row.key for row in rows))
    if len(keys) > 1:
        found.candidates = keys
        found.evidence = f"{person.name} may be " + " or ".join(row.name for row in rows) + " (your list)."
        return True
    found.identity = keys[0]
    found.evidence = f"{rows[0].name}: " + ", ".join(filter(None, (rows[0].role, rows[0].country))) + " (your list)"
    found.role = found.role or rows[0].role
    found.country = rows[0].country
    if rows[0].role:
        found.offices.add(office_of(rows[0].role))
    return True


def _identify(found: Resolved, person: Individual, told: str | None, setting: Setting) -> None:
    """Sets identity or candidates, evidence and country, as far as the tables have the person."""
    terms = _terms_of(person, told, setting)
    if not terms:
        return
    keys = tuple(dict.fromkeys(h.key for h in terms))
    if len(keys) > 1 or not _agrees(person, terms, told, setting):
        found.candidates = keys
        found.evidence = (
            f"{person.name} may be "
            + " or ".join(f"{h.name}, {h.office}" for h in _one_a_key(terms))
            + f" ({terms[0].table})."
        )
        return
    past = [h for h in terms if not setting.date or h.start <= setting.date]
    best = next((h for h in terms if setting.date and h.on(setting.date)), past[-1] if past else terms[0])
    found.identity = keys[0]
    place = best.country or best.post
    if best.post == "Secretary of State":
        place = ""
    span = f"{best.start[:4]}-{best.end[:4]}"
    office = (
        f"{best.office} of {place}"
        if best.table == "leaders" and place
        else f"{best.office} in {place}"
        if place
        else best.office
    )
    found.evidence = f"{best.name}: {office} {span} ({best.table})"
    found.offices |= {best.office.lower()} if best.table == "leaders" and best.on(setting.date) else set()
    found.country = told or ("United States" if best.table == "office_holders" else best.country or None)
    if len(person.words) == 1 and person.rule == "well known":
        found.role = None


def _agrees(person: Individual, terms: tuple[Holder, ...], told: str | None, setting: Setting) -> bool:
    """Whether what the cable tells of a person speaks for the only one in the tables of that name, and no more than the name does.

    Tariq Aziz, adviser of a president of Pakistan, is not the minister of Iraq.
    """
    offices = {office_of(title) for title in person.titles} - {""}
    if any(h.office.lower() in offices or any(_near(h.office, office) for office in offices) for h in terms):
        return told is None or any(h.country in (told, "") or h.table == "office_holders" for h in terms)
    if told is not None or offices:
        return any(h.country == (told or setting.country) or h.table == "office_holders" for h in terms)
    year = int(setting.date[:4]) if setting.date else None
    return year is None or any(int(h.start[:4]) - 8 <= year <= int(h.end[:4] or 9999) + 8 for h in terms)


def _one_a_key(terms: Iterable[Holder]) -> list[Holder]:
    return list({h.key: h for h in terms}.values())


def _terms_of(person: Individual, told: str | None, setting: Setting) -> tuple[Holder, ...]:
    """The terms of the tables that fit what the cable tells of a person."""
    date = setting.date
    offices = {office_of(title) for title in person.titles}
    surname = person.surname()
    if setting.country and offices & {"ambassador", "charge"} and told in (None, "United States"):
        held = tuple(
            h for h in chiefs_of_mission(setting.country, setting.post, date) if fold(h.name.split()[-1]) == surname
        )
        if held:
            return held
    if offices & {"secretary", "secretary of state"}:
        held = tuple(h for h in department_officers("Secretary of State", date) if fold(h.name.split()[-1]) == surname)
        if held:
            return held
    if len(person.words) > 1:
        named = leaders_by_name().get(person.words, ())
        return tuple(h for h in named if not date or h.start <= f"{int(date[:4]) + 12}")

    # who is elected or named is called so some months before taking office
    soon = f"{int(date[:4]) + 1}{date[4:]}" if date else ""
    fits = [h for h in leaders_by_word().get(surname, ()) if not date or h.start <= soon]
    if told is not None:
        fits = [h for h in fits if h.country == told]
    same = [h for h in fits if any(h.office.lower() == office or _near(h.office, office) for office in offices)]
    now = [h for h in fits if date and h.on(date)]
    if offices:
        if not same and person.rule == "title":
            return ()
        both = [h for h in same if h in now]
        return tuple(both or same)
    # several who were in office about then are candidates, also if one of them is
    about = [h for h in fits if not h.end or not date or int(h.end[:4]) + REMEMBERED >= int(date[:4])]
    return tuple(about or now or fits)


def _near(held: str, office: str) -> bool:
    """Whether two names of an office are one: "President" and "president-elect"."""
    if office == "secretary":
        return held.startswith("Secretary of")
    return office.startswith(held.lower()) or {held.lower(), office} in (
        {"president", "prime minister"},
        {"foreign secretary", "foreign minister"},
    )


def attach_offices(
    persons: list[Resolved], bare: Iterable[tuple[Bare, Span]], setting: Setting, people: People | None = None
) -> None:
    """Adds the bare offices: as mentions of the persons who hold them, else as persons by the tables, else as offices."""
    made: dict[tuple[str, str | None], Resolved] = {}
    for office, span in bare:
        key = (office.office, office.country)
        entity = made.get(key)
        if entity is None:
            entity = _listed_holder(persons, office, setting, people) or _holder(persons, office, setting)
            made[key] = entity
            if entity not in persons:
                persons.append(entity)
            if entity.country is None and entity.kind == "person" and office.office.endswith(_NATIONAL):
                entity.country = setting.country  # "the Foreign Minister" is the host's
        entity.mentions.append(Mention(span=span, form="office"))


def _listed_holder(persons: list[Resolved], bare: Bare, setting: Setting, people: People | None) -> Resolved | None:
    """The person who has the office by the user's list; None if it names nobody or several."""
    if people is None or not setting.date:
        return None
    country = bare.country or ("United States" if bare.office in OWN else setting.country)
    rows = people.holding(bare.office, country, setting.date)
    if bare.office in OWN:  # "the Ambassador" is that of this post
        rows = tuple(row for row in rows if row.post in (None, setting.post))
    if len({row.key for row in rows}) != 1:
        return None
    found = next((p for p in persons if p.identity == rows[0].key), None)
    found = found or _by_name(
        persons, rows[0].name, bare, f"{rows[0].role} on {setting.date}: {rows[0].name} (your list)"
    )
    found.identity = rows[0].key
    found.country = found.country or rows[0].country
    return found


def _holder(persons: list[Resolved], bare: Bare, setting: Setting) -> Resolved:
    own = bare.office in OWN and bare.country in (None, "United States")
    if not own:
        here = _only_one(persons, bare, setting)
        if here is not None:
            return here
    held, evidence = holders_on(bare, setting)
    if (own or (not held and bare.country == "United States")) and classifier_has(setting, bare.office):
        classifier = setting.classifier or ""
        if not any(
            folded(h.name)[-1] in folded(classifier) for h in held
        ):  # what the cable prints counts before a register
            return _by_name(persons, classifier, bare, f"Classified by {classifier}, {setting.classifier_title}.")
    keys = tuple(dict.fromkeys(h.key for h in held))
    if len(keys) == 1:
        same = [p for p in persons if p.identity == keys[0]]
        found = same[0] if same else _by_name(persons, held[0].name, bare, evidence)
        found.identity = found.identity or keys[0]
        found.country = found.country or ("United States" if held[0].table == "office_holders" else held[0].country)
        return found
    if own:
        here = _only_one(persons, bare, setting)
        if here is not None and not keys:
            return here
    found = Resolved("office", bare.title, bare.title, bare.country or ("United States" if own else None), "office")
    found.offices = {bare.office}
    if keys:
        found.candidates = keys
        found.evidence = evidence
    return found


def _only_one(persons: Iterable[Resolved], bare: Bare, setting: Setting) -> Resolved | None:
    """The one person of the cable who has the office; None if none or several do."""
    fits = [
        p
        for p in persons
        if p.individual is not None
        and any(_calls(bare.office, office) for office in p.offices)
        and (bare.country is None or p.country is None or p.country == bare.country)
    ]
    if len(fits) > 1 and bare.country is None:
        fits = [p for p in fits if p.country == setting.country] or fits
    return fits[0] if len(fits) == 1 else None


def _calls(bare: str, office: str) -> bool:
    """Whether a bare office may call who has an office: "the Director" the FBI Director, "the Home Minister" the home minister."""
    return bare == office or (
        office.endswith(f" {bare}")
        and bare not in ("minister", "president", "general", "officer", "deputy", "secretary")
    )


def _by_name(persons: list[Resolved], name: str, bare: Bare, evidence: str) -> Resolved:
    """The person of that name, known in the cable by surname or not yet."""
    words = name.replace(",", " ").split()
    last = fold(words[-1]) if words else ""
    if last in ("jr", "sr", "ii", "iii") and len(words) > 1:
        last = fold(words[-2])
    for p in persons:
        if (
            p.individual is not None
            and p.individual.surname() == last
            and (len(p.individual.words) == 1 or p.individual.words[0][:1] == fold(words[0])[:1])
        ):
            p.evidence = p.evidence or evidence
            return p
        if p.individual is None and p.kind == "person" and p.name == name:
            return p
    name = " ".join(word.capitalize() if word.isupper() and len(word) > 2 else word for word in name.split())
    american = bare.country == "United States" or (bare.office in OWN and bare.country is None)
    found = Resolved("person", name, bare.title, "United States" if american else None, "office")
    found.offices = {bare.office}
    found.evidence = evidence
    return found
