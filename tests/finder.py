"""An extractor of the tests' own, which no better rules will change."""

from __future__ import annotations

import re

from reftel.extract import EXTRACTORS
from reftel.model import Cable, Entity, Findings, Mention, Span, Statement

_SAYS = re.compile(
    r"(?P<source>(?:[A-Z]\w+ )?[A-Z]\w+) (?P<mark>\(strictly protect\) )?(?P<cue>said) (?P<content>[^.]+)\."
)


def found_by_test(cable: Cable, people: object = None) -> Findings:
    """One person and one statement for each "Osk Tamm said ..." or "Tamm said ..." of the text; "(strictly protect)" behind the name flags it."""
    entities: dict[str, Entity] = {}
    statements = []
    for i, paragraph in enumerate(cable.paragraphs):
        for start, end in paragraph.spans:
            for m in _SAYS.finditer(cable.text, start, end):
                name = m["source"]
                before = entities.get(name, Entity("person", name, None, None, ()))
                entities[name] = Entity(
                    "person",
                    name,
                    None,
                    None,
                    (*before.mentions, Mention(Span(*m.span("source")), "name")),
                    protected=before.protected or bool(m["mark"]),
                )
                statements.append(
                    Statement(
                        source=Span(*m.span("source")),
                        speaker=name,
                        speakers=(list(entities).index(name),),
                        cue=Span(*m.span("cue")),
                        content=(Span(*m.span("content")),),
                        sentence=Span(*m.span()),
                        kind="indirect",
                        quoted=False,
                        negated=False,
                        polarity="-" if "refuse" in m["content"] else None,
                        addressee=None,
                        addressees=(),
                        nested_in=None,
                        date=None,
                        date_span=None,
                        paragraph=i,
                        voice="reported",
                        confidence=0.5,
                        rule="test",
                    )
                )
    return Findings(cable.id, cable.source.sha256, dict(EXTRACTORS), tuple(entities.values()), tuple(statements))
