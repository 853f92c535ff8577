"""The persons, offices, organisations, places, agreements and events of a cable."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache

from reftel.extract.names.individuals import Placed, gather
from reftel.extract.names.lexicon import Flags, abbreviated, leaders_by_word
from reftel.extract.names.lookup import Known
from reftel.extract.names.offices import Bare, find_bare, setting_of
from reftel.extract.names.people import People, load_people, read_people
from reftel.extract.names.persons import find_candidates
from reftel.extract.names.protected import find_protected, find_unnamed
from reftel.extract.names.resolving import REMEMBERED, Resolved, attach_offices, resolve_individuals
from reftel.extract.names.things import Found, find_things
from reftel.extract.names.titles import country_in
from reftel.extract.names.words import read_words
from reftel.model import Cable, Entity, Mention, Span
from reftel.text import Flow, as_span

__all__ = ["VERSION", "Known", "People", "find_names", "load_people", "read_people"]

VERSION = "1"
_MOST_WORDS = 200_000


def find_names(cable: Cable, people: People | None = None) -> tuple[Entity, ...]:
    """The entities of a cable, in the order of their first mention.

    people: the user's own list; its rows come before the tables.
    """
    setting = setting_of(cable)
    flows = [Flow(cable.text, _spaced(cable.text, paragraph.spans)) for paragraph in cable.paragraphs]
    capitals = sum(f.text.count("E") for f in flows) > sum(f.text.count("e") for f in flows)
    flags = _flags(capitals)
    placed: list[Placed] = []
    bare: list[tuple[Bare, Span]] = []
    things: list[tuple[Found, Span]] = []
    called: dict[str, Found] = {}
    for flow in flows:
        words = read_words(flow.text, flags, abbreviated())
        candidates, taken = find_candidates(flow.text, words, capitals, people.by_first if people else {})
        starts = {word.start: word for word in words}
        for candidate in candidates:
            word = starts[candidate.name_start]
            placed.append(Placed(candidate, flow, len(placed), word.opens, word.flags))
        bare += [(office, flow.hull(office.start, office.end)) for office in find_bare(flow.text, words, taken)]
        found = find_things(flow.text, words, taken, setting, called, people.things if people else {})
        things += [(thing, flow.hull(thing.start, thing.end)) for thing in found]
    persons = resolve_individuals(gather(placed, _well_known(setting.date[:4])), setting, people)
    attach_offices(persons, _apart(bare, persons), setting, people)
    _protect(flows, persons)
    entities = [person.entity() for person in persons if person.mentions]
    entities += _things(things, entities)
    return tuple(sorted(entities, key=lambda entity: entity.mentions[0].span))


def _spaced(text: str, spans: Sequence[Span]) -> Sequence[Span]:
    """The pieces of a paragraph, each with a blank behind it if the text has one: no word runs into the next over a page break."""
    if len(spans) < 2:
        return spans
    return [as_span((s, e + 1 if text[e : e + 1].isspace() else e)) for s, e in spans[:-1]] + [spans[-1]]


@lru_cache(maxsize=2)
def _all_flags(capitals: bool) -> Flags:
    return Flags(capitals)


def _flags(capitals: bool) -> Flags:
    """The flags of words, kept from cable to cable while they are not too many."""
    flags = _all_flags(capitals)
    if len(flags) > _MOST_WORDS:
        flags.clear()
    return flags


@lru_cache(maxsize=64)
def _well_known(year: str) -> dict[str, str]:
    """The folded surname of everyone in the table who was in office around a year ("" for any) -> a full name."""
    known = {}
    for word, terms in leaders_by_word().items():
        for term in terms:
            if not year or (
                term.start[:4] <= str(int(year) + 1) and (not term.end or int(term.end[:4]) + REMEMBERED >= int(year))
            ):
                known[word] = term.name
                break
    return known


def _apart(bare: Iterable[tuple[Bare, Span]], persons: Sequence[Resolved]) -> list[tuple[Bare, Span]]:
    """The bare offices, in order, that are not part of a person's title and name, each place once."""
    covered = _Cover(m.span for person in persons for m in person.mentions)
    left = []
    end = -1
    for office, span in sorted(bare, key=lambda item: (item[1].start, -item[1].end)):
        if span.start >= end and not covered.meets(span):
            left.append((office, span))
            end = span.end
    return left


def _things(things: Iterable[tuple[Found, Span]], others: Sequence[Entity]) -> list[Entity]:
    """The things of a cable as entities, one a kind and name, their mentions apart from those of persons and from each other."""
    covered = _Cover(m.span for entity in others for m in entity.mentions)
    grouped: dict[tuple[str, str], list[tuple[Found, Span]]] = {}
    end = -1
    for thing, span in sorted(things, key=lambda item: (item[1].start, -item[1].end)):
        if span.start >= end and not covered.meets(span):
            grouped.setdefault((thing.kind, thing.name), []).append((thing, span))
            end = span.end
    return [
        Entity(
            kind=kind,
            name=name,
            role=None,
            country=held[0][0].country,
            mentions=tuple(Mention(span=span, form="name") for _, span in held),
            candidates=held[0][0].candidates,
            rule=held[0][0].rule,
        )
        for (kind, name), held in grouped.items()
    ]


def _protect(flows: Iterable[Flow], persons: list[Resolved]) -> None:
    """Flags the persons and offices whom a mark protects, and adds the sources without a name. Nobody of the own post is one."""
    for flow in flows:
        if "rotect" not in flow.text and "ROTECT" not in flow.text:
            continue
        first, last = flow.pieces[0].start, flow.pieces[-1].end
        here = sorted(
            (flow.index(m.span.end - 1) + 1, flow.index(m.span.start), i)
            for i, person in enumerate(persons)
            for m in person.mentions
            if first <= m.span.start and m.span.end <= last
            if m.form != "office" or person.country != "United States"
        )
        covered = _Cover(m.span for person in persons for m in person.mentions)
        for i in find_protected(flow.text, [(start, end) for end, start, _ in here]):
            persons[here[i][2]].protected = True
        for start, end in find_unnamed(flow.text):
            span = flow.hull(start, end)
            if covered.meets(span):
                continue
            role = " ".join(flow.text[start:end].split())
            unnamed = Resolved("office", role, role, country_in(role), "protected")
            unnamed.mentions.append(Mention(span=span, form="office"))
            unnamed.protected = True
            persons.append(unnamed)


class _Cover:
    """Spans, to be asked whether another meets one of them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans)
        self._starts = [span.start for span in self._spans]
        ends = 0
        self._ends = [ends := max(ends, span.end) for span in self._spans]

    def meets(self, span: Span) -> bool:
        """Whether a span overlaps one of them."""
        low = bisect_right(self._ends, span.start)
        return low < bisect_left(self._starts, span.end)
