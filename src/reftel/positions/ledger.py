"""The ledger: what an actor said on a question, occasion by occasion, how each stands to the last, and what is not held between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise

import msgspec

from reftel.cite import CableId, parse_id
from reftel.errors import AmbiguousError, ReftelError
from reftel.positions.actors import Actor, group_names, is_among
from reftel.positions.coverage import coverage
from reftel.positions.occasions import find_entries, find_remarks, gather_occasions
from reftel.positions.records import Case, Entry, Held, Ledger, Occasion, Signal
from reftel.positions.verdict import judge_all
from reftel.query import Query, fold_words, parse_query, wanted_words
from reftel.query.tree import Near, Phrase, Prefix, Word

_FEW = 20  # a name with less than a twentieth of the statements is told of, not asked back about


def make_ledger(
    cases: Iterable[Case],
    who: str,
    about: str | Query,
    *,
    names: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    wide: bool = False,
    held: Callable[[str], Iterable[tuple[CableId, date]]] | None = None,
) -> Ledger:
    """The dated statements of `who` on a question, from cables in any order.

    about: a query, asked of each statement (see Question.about). names: those that are known to be the speaker's,
    the fullest first. since, until: the first and last day, both included. wide: also
    what only its paragraph puts on the question. held: gives the ids and days of all the
    cables that the archive holds of a post ("LONDON"), for what lies between occasions; without it nothing is said of that.
    ReftelError if the name fits several persons, or has no letters.
    """
    if not fold_words(who):
        raise ReftelError("Whose position? Name a speaker: reftel position Lavrov --about 'missile defense'.")
    query = parse_query(about) if isinstance(about, str) else about
    actor = Actor(who, names)
    found: list[tuple[Case, list[Entry], list[Signal]]] = []
    omitted = 0
    for case in cases:
        entries, loose = find_entries(case, actor, query, wide)
        omitted += loose
        if entries:
            found.append((case, entries, list(find_remarks(case, actor, query))))
    called, notes = _settle_names(actor, found)
    found = [(case, [one for one in entries if one.speaker in called], signals) for case, entries, signals in found]
    occasions = [occasion for occasion in gather_occasions(found) if _is_within(occasion.date, since, until)]
    asked = question_words(query)
    steps = tuple(
        msgspec.structs.replace(step, held=_held_between(one, other, held))
        for step, (one, other) in zip(judge_all(occasions, asked), pairwise(occasions), strict=True)
    )
    name = names[0] if names else None
    return Ledger(who, query.text, tuple(sorted(called)), tuple(occasions), steps, name, omitted, tuple(notes))


def question_words(query: Query) -> frozenset[str]:
    """The words that a query asks for."""
    words: set[str] = set()
    for leaf in wanted_words(query.tree):
        match leaf:
            case Word(_, word):
                words.add(word)
            case Phrase(_, phrase) | Near(_, phrase, _):
                words.update(phrase)
            case Prefix(_, start):
                words.add(start)
    return frozenset(words)


def _settle_names(actor: Actor, found: list[tuple[Case, list[Entry], list[Signal]]]) -> tuple[set[str], list[str]]:
    """The names that are the actor's, and sentences on those left out; ReftelError if the name fits several persons alike."""
    counts: dict[str, int] = {}
    for _, entries, _ in found:
        for entry in entries:
            counts[entry.speaker] = counts.get(entry.speaker, 0) + 1
    if actor.names:
        own = {name for name in counts if is_among(name, actor.names)}
    else:
        groups = sorted(group_names(counts), key=lambda group: -sum(counts[name] for name in group))
        own = groups[0] if groups else set()
        if any(_FEW * sum(counts[name] for name in group - own) >= sum(counts.values()) for group in groups[1:]):
            several = [(max(group, key=len), sum(counts[name] for name in group)) for group in groups[:6]]
            told = ", ".join(f"{name} ({count})" for name, count in several)
            raise AmbiguousError(
                f"The name {actor.who} fits several speakers: {told}. Name one of them in full.",
                tuple(name for name, _ in several),
            )
    others = sorted(set(counts) - own)
    return own, [f"Left out, as perhaps somebody else: {', '.join(others)}."] if others else []


def _is_within(day: str | None, since: date | None, until: date | None) -> bool:
    """Whether a day, cut as it may be ("2008-12"), can lie between two; undated only if nothing is asked."""
    if since is None and until is None:
        return True
    if day is None:
        return False
    return (since is None or day >= since.isoformat()[: len(day)]) and (
        until is None or day <= until.isoformat()[: len(day)]
    )


def _held_between(
    one: Occasion, other: Occasion, held: Callable[[str], Iterable[tuple[CableId, date]]] | None
) -> tuple[Held, ...]:
    """What is held between the last cable on one occasion and the first on the other, of each post that sent one of them."""
    sent = [entry.said.date for entry in one.entries if entry.said.date]
    sent_later = [entry.said.date for entry in other.entries if entry.said.date]
    if held is None or not sent or not sent_later:
        return ()
    start, end = date.fromisoformat(max(sent)), date.fromisoformat(min(sent_later))
    if end <= start:
        return ()
    ids = [parse_id(cable) for occasion in (one, other) for cable in occasion.cables]
    return tuple(coverage(held(post), post, start, end) for post in dict.fromkeys(i.post for i in ids if i is not None))
