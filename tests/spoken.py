"""Cables with statements marked by hand, for tests: "Kallaste [complained] {that the maps came late}." """

from __future__ import annotations

import re
from typing import Any

import msgspec
from conftest import demo_sources

from reftel.model import Cable, Entity, Findings, Paragraph, Span, Statement
from reftel.pipeline.read import parse_source
from reftel.positions import Case

_MARK = re.compile(r"(?:(?P<source>\w[\w. ]*?) )?\[(?P<cue>[^\]]*)\] \{(?P<content>[^}]*)\}(?P<polarity>[+-])?")


def case(
    *paragraphs: str,
    id: str = "08TALLINN96",
    date: str = "2008-02-06",
    heading: str | None = None,
    speaker: str = "Arvo Kallaste",
    said: str | None = None,
    entities: tuple[Entity, ...] = (),
    **values: Any,
) -> Case:
    """A cable of some paragraphs and the statements marked in them: `[cue] {content}` and a polarity behind it.

    `[]` is an implicit statement. A paragraph that begins with "Summary" or "Comment" is of that role. said: the date of the speech.
    """
    text = ""
    spans, found = [], []
    for i, paragraph in enumerate(paragraphs):
        start = len(text)
        at = 0
        for mark in _MARK.finditer(paragraph):
            text += paragraph[at : mark.start()]
            source = _put(text, mark["source"])
            text = source[0] + (" " if mark["source"] else "")
            cue = _put(text, mark["cue"])
            text = cue[0] + (" " if mark["cue"] else "")
            content = _put(text, mark["content"])
            text = content[0]
            found.append((i, source[1], cue[1], content[1], mark["polarity"]))
            at = mark.end()
        text += paragraph[at:]
        spans.append(Span(start, len(text)))
        text += "\n"
    statements = tuple(
        _statement(text, spans[i], i, source, cue, content, polarity, speaker, said, values)
        for i, source, cue, content, polarity in found
    )
    cable = _cable(text, id, date, heading, spans, [_role(paragraph) for paragraph in paragraphs])
    return Case(cable, Findings(id, cable.source.sha256, {"statements": "1"}, entities, statements))


def _put(text: str, words: str | None) -> tuple[str, Span | None]:
    return (text + words, Span(len(text), len(text) + len(words))) if words else (text, None)


def _statement(
    text: str,
    paragraph: Span,
    ordinal: int,
    source: Span | None,
    cue: Span | None,
    content: Span | None,
    polarity: str | None,
    speaker: str,
    said: str | None,
    values: dict[str, Any],
) -> Statement:
    assert content is not None
    stop = text.rfind(". ", paragraph.start, content.start)
    begin = stop + 2 if stop >= 0 else paragraph.start
    end = text.find(".", content.end, paragraph.end)
    one = Statement(
        source=source,
        speaker=speaker,
        speakers=(),
        cue=cue,
        content=(content,),
        sentence=Span(begin, end + 1 if end > 0 else paragraph.end),
        kind="indirect" if cue else "implicit",
        quoted=False,
        negated=False,
        polarity=polarity,
        addressee=None,
        addressees=(),
        nested_in=None,
        date=said,
        date_span=None,
        paragraph=ordinal,
        voice="reported",
        confidence=0.9,
        rule="by hand",
    )
    return msgspec.structs.replace(one, **values)


def _role(paragraph: str) -> tuple[str, ...]:
    return tuple(role for role in ("summary", "comment") if paragraph.lower().startswith(role))


def _cable(
    text: str, id: str, date: str, heading: str | None, spans: list[Span], roles: list[tuple[str, ...]]
) -> Cable:
    base = parse_source(demo_sources()["dump/08TALLINN96.txt"])
    return msgspec.structs.replace(
        base,
        id=id,
        dtg=f"{date}T12:00Z",
        subject=None,
        references=(),
        headings=(),
        portion_marks=(),
        scopes=(),
        redactions=(),
        trailer=(),
        attention=(),
        signals=(),
        segments=(),
        defects=(),
        paragraphs=tuple(
            Paragraph(i, "C", heading, role, (span,))
            for i, (span, role) in enumerate(zip(spans, roles, strict=True), 1)
        ),
        text=text,
    )
