"""What a statement or a drafter's sentence tells of a position: the rows of tables/position_signals.tsv, found in its words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from reftel.model import Cable, Span, Statement
from reftel.positions.records import Signal
from reftel.query import Token, find_tokens, fold_words
from reftel.tables import cell_list, rows
from reftel.text import one_line

_NOT = frozenset(("not", "never", "no", "nor", "without", "t"))
_REACH = 3  # words before a phrase in which a "not" concerns it
_SOFTENERS = ("", "wish", "interest", "courtesy")  # "": a phrase that means nothing here
_SELF = frozenset(("he", "she", "i", "we"))
_SUBJECTS = frozenset(("this", "that", "it"))
_PRONOUNS = frozenset(("he", "she", "his", "her"))
_NEAR = 8  # words before a drafter's phrase, among which its subject must be
_TURNED = "drafter: turned"  # the row of phrases that need no subject
_CLAUSE = 8  # words behind it that are taken for the verb and what goes with it
_SURE = 0.5  # a statement found with less confidence is a weak witness
LONGEST_QUOTE = 90
MOODS = ("mood: hopeful", "mood: worried")  # rows of feelings, which are no stand by themselves
SOFT = "wish or courtesy"  # the rule of a statement's sign that says little of the position


class Row(NamedTuple):
    """One row of the table. a kind of _SOFTENERS is no signal; see _is_soft."""

    name: str
    kind: str
    value: str
    where: str
    strong: bool


class _Hit(NamedTuple):
    place: str
    row: Row
    first: int
    last: int
    denied: bool


def statement_signals(cable: Cable, statement: Statement, ordinal: int) -> Iterator[Signal]:
    """The signals of one statement, in the order of polarity, then as they stand in the text.

    Its own polarity counts before that of its words, but is strong only if these agree: the extractor's sign may be of some detail.
    A wish ("hoped that") or a courtesy ("thanked") is for something, but says little of the position: its polarity is weak.
    """
    cue = find_tokens(cable.text, *statement.cue) if statement.cue else []
    content = [token for span in statement.content for token in find_tokens(cable.text, *span)]
    whole = sorted({*cue, *content})
    own = _own_clause(content)
    found = [*_find(cue, "cue"), *_find(own, "own"), *_find(content, "content"), *_find(whole, "said")]
    soft = _is_soft(statement, found, content)
    sure = statement.confidence >= _SURE
    told = statement.polarity
    if told:
        span = statement.cue or _first_span(content) or statement.sentence
        agree = [h.row.name for h in found if h.place in ("cue", "own") and h.row.strong and _sign(h) == told]
        rule = SOFT if soft else agree[0] if agree else "statement"
        strong = sure and bool(agree) and not soft
        yield Signal("polarity", told, strong, _quote(cable.text, span), "cue", rule, cable.id, ordinal, span)
    places = {"cue": cue, "own": own, "content": content, "said": whole}
    for hit in sorted(found, key=lambda hit: (hit.row.kind != "polarity", places[hit.place][hit.first].start)):
        row, tokens = hit.row, places[hit.place]
        if row.kind in _SOFTENERS or (row.kind == "polarity" and told):
            continue
        if hit.denied and (row.kind != "polarity" or hit.place == "content"):
            continue
        value = _sign(hit) if row.kind == "polarity" else row.value
        strong = row.strong and sure and not (row.kind == "polarity" and soft)
        where = "cue" if tokens[hit.first] in cue else "content"
        yield _signal(cable, row, value, strong, where, ordinal, tokens[hit.first : hit.last])


def signs_of(signals: Iterable[Signal]) -> set[str]:
    """The signs among some signals, be they weak; but for wishes and courtesies, and single words of a content."""
    return {s.value for s in signals if s.kind == "polarity" and (s.strong or s.rule == "statement")}


def _sign(hit: _Hit) -> str:
    """The sign of a row of polarity, turned by a "not" before it; "" of any other row."""
    if hit.row.kind != "polarity":
        return ""
    return hit.row.value if not hit.denied else "-" if hit.row.value == "+" else "+"


def remark_signals(cable: Cable, span: Span, names: Collection[str] = (), *, pronouns: bool = True) -> Iterator[Signal]:
    """What a sentence of the drafter's says of a position as such: that it changed, or did not.

    names: folded words of the actor's name. pronouns: whether "he" can be nobody else. Strong is only what is said of him or of "this": "a free zone for the first time" is not.
    """
    tokens = find_tokens(cable.text, *span)
    subjects = {*names, *_SUBJECTS, *(_PRONOUNS if pronouns else ())}
    for hit in _find(tokens, "remark"):
        if not hit.denied and hit.row.kind:
            near = {token.word for token in tokens[max(hit.first - _NEAR, 0) : hit.first]}
            strong = hit.row.strong and (hit.row.name == _TURNED or not near.isdisjoint(subjects))
            yield _signal(cable, hit.row, "", strong, "remark", None, tokens[hit.first : hit.last])


def _signal(
    cable: Cable, row: Row, value: str, strong: bool, where: str, ordinal: int | None, tokens: Sequence[Token]
) -> Signal:
    span = Span(tokens[0].start, tokens[-1].end)
    return Signal(row.kind, value, strong, _quote(cable.text, span), where, row.name, cable.id, ordinal, span)


def _quote(text: str, span: Span) -> str:
    """The words of a span, on one line and not too long."""
    words = one_line(span.of(text))
    return words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 3]}..."


def _first_span(tokens: Sequence[Token]) -> Span | None:
    return Span(tokens[0].start, tokens[min(len(tokens), 8) - 1].end) if tokens else None


def _is_soft(statement: Statement, found: Sequence[_Hit], content: Sequence[Token]) -> bool:
    """Whether it is a courtesy, or a wish that something be otherwise: "hoped that", "Hopefully, ...".

    An interest in a thing ("sought a treaty", a stance) is no such wish.
    """
    kinds = {hit.row.kind for hit in found}
    if statement.cue is None:
        kinds.update(hit.row.kind for hit in _find(content[:4], "cue"))
    return not kinds.isdisjoint(("wish", "courtesy")) or ("interest" in kinds and statement.kind != "stance")


def _own_clause(content: Sequence[Token]) -> Sequence[Token]:
    """What the speaker says of himself, "that he no longer opposed it": the words behind the pronoun with which a content begins."""
    start = 1 if content and content[0].word == "that" else 0
    if len(content) > start and content[start].word in _SELF:
        return content[start + 1 : start + 1 + _CLAUSE]
    return ()


def _find(tokens: Sequence[Token], place: str) -> list[_Hit]:
    """The phrases of the rows for a place, the longest first where several begin at one word; they do not overlap.

    In his own clause those of a cue count.
    """
    begins = _phrases().get("cue" if place == "own" else place, {})
    found = []
    i = 0
    while i < len(tokens):
        for phrase, row in begins.get(tokens[i].word, ()):
            last = i + len(phrase)
            if last <= len(tokens) and all(t.word == w for t, w in zip(tokens[i:last], phrase, strict=True)):
                denied = any(token.word in _NOT for token in tokens[max(i - _REACH, 0) : i])
                found.append(_Hit(place, row, i, last, denied))
                i = last - 1
                break
        i += 1
    return found


@cache
def _phrases() -> dict[str, dict[str, list[tuple[list[str], Row]]]]:
    """place -> first word -> the phrases that begin with it, the longest first."""
    known: dict[str, dict[str, list[tuple[list[str], Row]]]] = {}
    for row in rows("position_signals"):
        for phrase in cell_list(row["phrases"]):
            words = fold_words(phrase)
            entry = (words, Row(row["name"], row["kind"], row["value"], row["where"], row["strong"] == "yes"))
            known.setdefault(row["where"], {}).setdefault(words[0], []).append(entry)
    for begins in known.values():
        for entries in begins.values():
            entries.sort(key=lambda entry: -len(entry[0]))
    return known
