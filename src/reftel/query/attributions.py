"""Findings as they are shown: each statement with its cable, its paragraph and its words."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from reftel.model import Attribution, Cable, Findings, Span, Statement
from reftel.query.view import sender_name, sent_day
from reftel.text import Flow, one_line

_APART = " ... "


def attribute(
    cable: Cable, findings: Findings, key: int = 0, ordinals: Container[int] | None = None
) -> Iterator[Attribution]:
    """Every statement of a cable with what lists show of it, in order. key: of the cable in its archive. ordinals: only these."""
    day, _ = sent_day(cable)
    for ordinal, statement in enumerate(findings.statements):
        if ordinals is not None and ordinal not in ordinals:
            continue
        paragraph = cable.paragraphs[statement.paragraph]
        flow = Flow(cable.text, paragraph.spans)
        yield Attribution(
            cable=cable.id,
            key=key,
            ordinal=ordinal,
            date=day.isoformat() if day else None,
            post=sender_name(cable),
            classification=cable.classification,
            sha256=findings.sha256,
            number=paragraph.number,
            marking=paragraph.marking,
            heading=paragraph.heading,
            statement=statement,
            pieces=_pieces(flow, statement),
            versions=findings.versions,
            source=words_at(flow, (statement.source,)) if statement.source else None,
            cue=words_at(flow, (statement.cue,)) if statement.cue else None,
            content=words_at(flow, statement.content) if statement.content else None,
            teller=_teller(findings.statements, statement),
        )


def _teller(statements: tuple[Statement, ...], statement: Statement) -> str | None:
    """The nearest speaker of those statements that hold this one who is not its own; by entity where both are known."""
    outer = statement
    for _ in statements:  # no statement is nested deeper than there are statements
        if outer.nested_in is None:
            return None
        outer = statements[outer.nested_in]
        is_same = set(outer.speakers) & set(statement.speakers) or outer.speaker == statement.speaker
        if outer.speaker is not None and not is_same:
            return outer.speaker
    return None


def words_at(flow: Flow, spans: Iterable[Span]) -> str:
    """The words that a flow has at some source spans, blanks single; " ... " where it has other words between two of them."""
    parts: list[tuple[int, int]] = []
    for span in spans:
        start, end = flow.index(span.start), flow.index(span.end)
        if parts and not flow.text[parts[-1][1] : start].strip():
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return _APART.join(one_line(flow.text[start:end]) for start, end in parts)


def _pieces(flow: Flow, statement: Statement) -> tuple[tuple[str, str], ...]:
    """The sentence cut where a role begins or ends; cue before source before content where they overlap."""
    first, last = flow.index(statement.sentence.start), flow.index(statement.sentence.end)
    roles = [""] * (last - first)
    marked = [(span, "content") for span in statement.content]
    marked += [(span, role) for span, role in ((statement.source, "source"), (statement.cue, "cue")) if span]
    for span, role in marked:
        for i in range(max(flow.index(span.start), first), min(flow.index(span.end), last)):
            roles[i - first] = role
    pieces: list[tuple[str, str]] = []
    start = 0
    for i in range(1, len(roles) + 1):
        if i == len(roles) or roles[i] != roles[start]:
            pieces.append((flow.text[first + start : first + i], roles[start]))
            start = i
    return tuple(pieces)
