"""What the steps from a sentence to its statements hand on: a cue found, a cue placed, a statement in tokens."""

from __future__ import annotations

from typing import NamedTuple

# First token, and one past the last.
Range = tuple[int, int]


class Found(NamedTuple):
    """A candidate for a cue. start, end: its tokens, auxiliaries and joined preposition included; verb: the token that carries it.

    form: finite, ing, to, passive, according, view, hearsay or noun. group, takes: see docs/tables.md; takes is for what stands
    behind `end`. joined: whether a preposition is part of it, so that a noun phrase must follow. attitude: "+", "-" or "". weak:
    takes things as often as words. rule: the row that found it. tense: past, third, base, participle or ing.
    """

    start: int
    end: int
    verb: int
    form: str
    group: str
    takes: str
    joined: bool
    attitude: str
    weak: bool
    negated: bool
    rule: str
    tense: str = ""


class Complement(NamedTuple):
    """Where a content begins, the letter of `takes` that it fits, and who is addressed. frame: "" if nothing of a content follows."""

    begin: int
    frame: str
    addressee: Range | None = None


NOTHING = Complement(-1, "")


class Placed(NamedTuple):
    """A cue with its place in the sentence.

    how: np, pronoun, relative or apposition (the subject stands before it), inherit (with another verb), lead or trail (a participle
    before or behind its clause), reduced ("officials saying"), post or mid (behind or inside of its content), wh ("which he said"),
    according, hearsay, noun, purpose ("to stress that"), passive, asked ("Asked about"). begin: where the content behind the cue begins;
    -1 if there is none. frame: the letter of `takes` that fits it. clause: where the clause of the subject begins, so that what stands
    before can end there.
    """

    found: Found
    source: Range | None
    how: str
    addressee: Range | None
    begin: int
    frame: str
    clause: int


class Draft(NamedTuple):
    """A statement in tokens of its sentence. outer: in no other's content. inherited: the source stands with another cue.

    clause: where the clause of its subject begins.
    """

    source: Range | None
    cue: Range
    content: tuple[Range, ...]
    found: Found
    kind: str
    addressee: Range | None
    outer: bool
    inherited: bool
    attitude: str
    clause: int
