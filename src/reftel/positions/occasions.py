"""The statements of one actor on one question, found in cables, dated, and gathered by the day on which they were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec

from reftel.model import Attribution, Span, Statement
from reftel.positions.about import Question, split_sentences
from reftel.positions.actors import Actor, enclosing, how_told, is_own_country
from reftel.positions.differ import overlap, telling_words
from reftel.positions.records import Case, Entry, Occasion, Signal
from reftel.positions.signals import remark_signals, signs_of, statement_signals
from reftel.query import Query, fold_words
from reftel.query.attributions import attribute
from reftel.text import Flow, one_line

_SAME_THING = 0.5  # share of telling words from which on a summary repeats what the body says
_VISIT = timedelta(3)
_RECENT = timedelta(45)  # a cable's own meeting is not longer ago
_POINTS_BACK = frozenset(["this", "that", "it", "he", "she", "his", "her", "these", "such"])
_BACK = frozenset(("ago", "once", "previously", "formerly"))
_OF_THE_POSITION = ("same", "changed", "condition")


def find_entries(case: Case, actor: Actor, query: Query, wide: bool) -> tuple[list[Entry], int]:
    """The actor's statements on the question in one cable, in order, and how many were left out because only their paragraph is on it.

    What is told inside another entry ("Lavrov said he welcomed ...", "Russia hoped ..." in Lavrov's words) is part of that entry.
    """
    cable, findings, key = case
    question = Question(query, cable)
    said: dict[int, Attribution] = {}
    found: dict[int, Entry] = {}
    omitted = 0
    for ordinal, statement in enumerate(findings.statements):
        speaker = actor.speaks(statement, findings.entities)
        home = _home(statement, case, actor, found)
        if home is not None and (speaker is not None or is_own_country(statement, actor, case)):
            acting = None if speaker is not None else statement.speaker
            found[home] = _with_part(found[home], tuple(statement_signals(cable, statement, ordinal)), acting)
            continue
        if speaker is None:
            continue
        about = question.about(ordinal, findings)
        if about is None or (about == "paragraph" and not wide):
            omitted += about is not None
            continue
        said = said or {one.ordinal: one for one in attribute(cable, findings, key)}
        role = cable.paragraphs[statement.paragraph].role
        found[ordinal] = Entry(
            said=said[ordinal],
            speaker=speaker,
            about=about,
            via=how_told(actor, statement, findings),
            acting=None,
            part=next((part for part in ("summary", "comment") if part in role), ""),
            content=one_line(" ".join(span.of(cable.text) for span in statement.content)),
            signals=tuple(
                _weakened(
                    statement_signals(cable, statement, ordinal), about == "paragraph" or _looks_back(said[ordinal])
                )
            ),
        )
    return list(found.values()), omitted


def find_remarks(case: Case, actor: Actor, query: Query) -> Iterator[Signal]:
    """What the drafters say of the position as such: "This is a marked change from February".

    A sentence counts if it is on the question and names the actor, or follows one that does, and is on the question or points back
    ("This", "He"; "he" is a hint where another person is named). Words that somebody is reported to have said do not: "complained that U.S. positions had hardened" is about others.
    """
    cable, findings, _ = case
    question = Question(query, cable)
    said = [span for one in findings.statements if one.voice == "reported" for span in one.content]
    names = frozenset(fold_words(actor.who))
    others = {fold_words(e.name)[-1] for e in findings.entities if e.kind == "person" and fold_words(e.name)}
    others -= {word for name in (actor.who, *actor.names) for word in fold_words(name)}
    for paragraph in cable.paragraphs:
        flow = Flow(cable.text, paragraph.spans)
        before, strangers = False, False
        for start, end in split_sentences(flow.text):
            sentence = one_line(flow.text[start:end])
            words = fold_words(sentence)
            named, back = not names.isdisjoint(words), bool(words) and words[0] in _POINTS_BACK
            on_it = question.holds(sentence)
            if (on_it and (named or before)) or (before and (back or named)):
                pronouns = not (strangers or (not named and not others.isdisjoint(words)))
                signals = remark_signals(cable, flow.hull(start, end), names, pronouns=pronouns)
                yield from (signal for signal in signals if not _lies_in(signal.span, said))
            before = (on_it and (named or before)) or (before and back)
            strangers = not others.isdisjoint(words) or (strangers and back and not named)


def gather_occasions(found: Iterable[tuple[Case, list[Entry], list[Signal]]]) -> list[Occasion]:
    """The entries of many cables by the day on which they were said, in order; those without any date last."""
    days: dict[tuple[str, str], list[tuple[Case, Entry, bool]]] = {}
    remarks: dict[tuple[str, str], list[Signal]] = {}
    for case, entries, signals in found:
        dated = list(_dated(case, entries))
        for entry, day, told in dated:
            days.setdefault(_when(day, case), []).append((case, entry, told))
        own = [_when(day, case) for _, day, _ in dated]
        if signals and own:
            remarks.setdefault(max(own, key=own.count), []).extend(signals)
    occasions = []
    for when, parts in sorted(days.items()):
        parts.sort(key=lambda part: (part[1].said.date or "", part[1].said.cable or "", part[1].said.ordinal))
        cables = dict.fromkeys(entry.said.cable or f"#{entry.said.key}" for _, entry, _ in parts)
        posts = dict.fromkeys(entry.said.post for _, entry, _ in parts if entry.said.post)
        occasions.append(
            Occasion(
                date=parts[0][1].said.date if when[0] == _UNDATED else when[0],
                told=any(told for *_, told in parts),
                cables=tuple(cables),
                posts=tuple(posts),
                entries=tuple(fold_summary([entry for _, entry, _ in parts])),
                remarks=tuple(remarks.get(when, ())),
            )
        )
    return occasions


_UNDATED = "9999"


def _when(day: str | None, case: Case) -> tuple[str, str]:
    """What sorts and parts occasions: the day, else the cable."""
    return (day, "") if day else (_UNDATED, case.cable.id or f"#{case.key}")


def fold_summary(entries: list[Entry]) -> list[Entry]:
    """The entries without those of a summary that repeat one of the body; that one notes it, and takes over what only they tell."""
    body = [entry for entry in entries if entry.part != "summary"]
    words = [telling_words(entry.content) for entry in body]
    left = []
    for entry in entries:
        if entry.part != "summary":
            continue
        own = telling_words(entry.content)
        shares = [_share(own, words[i]) if _may_repeat(entry, body[i]) else 0.0 for i in range(len(body))]
        best = max(range(len(body)), key=shares.__getitem__, default=None)
        if best is None or shares[best] < _SAME_THING:
            left.append(entry)
            continue
        home = body[best]
        known = {(signal.kind, signal.value) for signal in home.signals}
        wanted = _OF_THE_POSITION if signs_of(home.signals) else (*_OF_THE_POSITION, "polarity")
        more = tuple(s for s in entry.signals if s.kind in wanted and (s.kind, s.value) not in known)
        body[best] = msgspec.structs.replace(
            home, signals=(*home.signals, *more), repeats=(*home.repeats, entry.said.number)
        )
    return [*left, *body]


def _may_repeat(summary: Entry, entry: Entry) -> bool:
    """Whether both are of one cable, and not one for and the other against."""
    signs, others = signs_of(summary.signals), signs_of(entry.signals)
    return summary.said.cable == entry.said.cable and (not signs or not others or bool(signs & others))


def _share(words: frozenset[str], others: frozenset[str]) -> float:
    """The overlap of two contents; none where it is one word."""
    return overlap(words, others) if len(words & others) > 1 else 0.0


def _home(statement: Statement, case: Case, actor: Actor, found: dict[int, Entry]) -> int | None:
    """The entry that a statement is told in, with only the actor's own words between; None if there is none."""
    ordinal = statement.nested_in
    for outer in enclosing(statement, case.findings):
        if actor.speaks(outer, case.findings.entities) is None:
            return None
        if ordinal in found:
            return ordinal
        ordinal = outer.nested_in
    return None


def _with_part(entry: Entry, signals: tuple[Signal, ...], acting: str | None) -> Entry:
    known = {(signal.kind, signal.value, signal.strong) for signal in entry.signals}
    more = tuple(signal for signal in signals if (signal.kind, signal.value, signal.strong) not in known)
    return msgspec.structs.replace(entry, signals=(*entry.signals, *more), acting=entry.acting or acting)


def _weakened(signals: Iterable[Signal], weak: bool) -> Iterator[Signal]:
    """The signals; all of them weak if the statement is a weak witness."""
    for signal in signals:
        yield msgspec.structs.replace(signal, strong=False) if weak else signal


def _looks_back(said: Attribution) -> bool:
    """Whether the sentence tells of an earlier time: "a year ago he called it ..."."""
    return not _BACK.isdisjoint(fold_words(" ".join(text for text, role in said.pieces if role != "content")))


def _lies_in(span: Span, spans: Iterable[Span]) -> bool:
    return any(one.start <= span.start and span.end <= one.end for one in spans)


def _dated(case: Case, entries: list[Entry]) -> Iterator[tuple[Entry, str | None, bool]]:
    """Each entry with the day it was said and whether the text tells it.

    A statement without a date of its own is of the meeting that the cable last told the day of, else of the only one it tells. What one
    cable tells of a few days running is one visit, and of the day that most of it has.
    """
    told = [(s.sentence.start, s.date) for s in case.findings.statements if s.date and _is_recent(s.date, entries)]
    told.sort()
    only = {day for _, day in told}
    dated: list[tuple[Entry, str | None, bool]] = []
    for entry in entries:
        own, sent = entry.said.statement.date, entry.said.date
        if own and (len(own) == 10 or not (sent or "").startswith(own)):
            dated.append((entry, own, True))
            continue
        here = entry.said.statement.sentence.start
        before = [day for start, day in told if start <= here]
        day = next(iter(only)) if len(only) == 1 else before[-1] if before else None
        dated.append((entry, day or sent, day is not None))
    visit = _visit_day([(entry, day) for entry, day, is_told in dated if is_told and day and len(day) == 10])
    for entry, day, is_told in dated:
        yield (entry, visit, True) if visit and is_told and _is_near(day, visit) else (entry, day, is_told)


def _visit_day(told: list[tuple[Entry, str]]) -> str | None:
    """The day that most statements have, those of summaries last; of several the first."""
    counts = Counter(day for entry, day in told if entry.part != "summary") or Counter(day for _, day in told)
    return min(counts, key=lambda day: (-counts[day], day), default=None)


def _is_near(day: str | None, visit: str) -> bool:
    if day is None or len(day) != 10:
        return False
    return abs(date.fromisoformat(day) - date.fromisoformat(visit)) <= _VISIT


def _is_recent(day: str, entries: list[Entry]) -> bool:
    """Whether a day can be that of the cable's own meeting."""
    sent = entries[0].said.date if entries else None
    if sent is None or len(day) != 10:
        return False
    return timedelta(0) <= date.fromisoformat(sent) - date.fromisoformat(day) <= _RECENT
