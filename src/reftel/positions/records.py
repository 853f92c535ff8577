"""The records of a position: what an actor said on a question, by occasion, and how one occasion stands to the next."""

from __future__ import annotations

from typing import NamedTuple

from reftel.model import Attribution, Cable, Findings, Record, Span

UNCHANGED, SHIFTED, UNCLEAR = "unchanged", "shifted", "not enough evidence"
VERDICTS = {
    UNCHANGED: "the cables say so, or sign and wording agree, and nothing speaks against it",
    SHIFTED: "a strong signal says so, and nothing speaks against it",
    UNCLEAR: "too few signals, only weak ones, or some that disagree",
}
SIGNAL_KINDS = {
    "polarity": "the attitude: `+` for, `-` against",
    "commitment": "how far the speaker binds himself: `-` refuses, `+` is ready, agrees or pledges",
    "condition": "what is said holds only if something else does",
    "same": "the cable's own word that it was said before: reiterated, as before",
    "changed": "the cable's own word that it is new: no longer, a marked change",
    "overlap": "how many of the words of the contents the two occasions share",
}


class Case(NamedTuple):
    """A cable and what was found in it. key: of the cable in its archive, 0 outside one."""

    cable: Cable
    findings: Findings
    key: int = 0


class Signal(Record, frozen=True):
    """One thing that a verdict may rest on. kind: one of SIGNAL_KINDS; value: `+` or `-`, else empty.

    words: as printed, on one line; span: where they stand in the text of the cable. ordinal: index into Findings.statements, None for
    a sentence of the drafter's. strong: counts by itself. where: cue, content or remark; rule: the row of the table, "statement" for a sign that only the extractor
    gives, or signals.SOFT.
    """

    kind: str
    value: str
    strong: bool
    words: str
    where: str
    rule: str
    cable: str | None
    ordinal: int | None
    span: Span


class Entry(Record, frozen=True):
    """A statement on the question.

    about: content, sentence, heading or paragraph: by which of them it is on the question. via: who tells it, outermost first, where
    it is told second-hand. acting: the country in whose name a part of it is put. part: "summary" or "comment" where it stands
    in one. repeats: paragraph numbers of the summary that say the same, folded into this one. content: on one line.
    """

    said: Attribution
    speaker: str
    about: str
    via: tuple[str, ...]
    acting: str | None
    part: str
    content: str
    signals: tuple[Signal, ...]
    repeats: tuple[int | None, ...] = ()


class Occasion(Record, frozen=True):
    """What was said on one day or at one meeting.

    date: ISO, cut as far as it is known; told: the text tells it, else it is the cable's own. remarks: what the drafters say of the
    position as such.
    """

    date: str | None
    told: bool
    cables: tuple[str, ...]
    posts: tuple[str, ...]
    entries: tuple[Entry, ...]
    remarks: tuple[Signal, ...] = ()


class Held(Record, frozen=True):
    """How many cables of a post the archive holds of a stretch of time, by their serial numbers, both days left out.

    sent: about how many the post sent, None if that cannot be told; exact: both ends of the stretch lie on serials held.
    """

    post: str
    start: str
    end: str
    held: int
    sent: int | None
    exact: bool


class Difference(Record, frozen=True):
    """Two contents compared word by word: pieces of text in order, each with whether the other lacks it."""

    before: tuple[tuple[str, bool], ...]
    after: tuple[tuple[str, bool], ...]


class Step(Record, frozen=True):
    """From one occasion to the next. verdict: one of VERDICTS; why: a sentence; signals: those it rests on.

    against: the day of the occasion that it was compared with, where that is an earlier one, because those between tell nothing of the
    position; else None. differs: of the two statements that are nearest to each other, None where one side has no words.
    """

    verdict: str
    why: str
    signals: tuple[Signal, ...]
    differs: Difference | None
    against: str | None = None
    held: tuple[Held, ...] = ()


class Ledger(Record, frozen=True):
    """An actor's dated statements on a question. steps: one less than occasions. names: how the cables call the actor.

    name: the fullest that is known from elsewhere, or None. omitted: statements whose paragraph only touches the question, and which were left out. notes: sentences on what else was left out.
    """

    who: str
    question: str
    names: tuple[str, ...]
    occasions: tuple[Occasion, ...]
    steps: tuple[Step, ...]
    name: str | None = None
    omitted: int = 0
    notes: tuple[str, ...] = ()
