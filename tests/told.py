"""Findings for the tests: statements written down for some cables of the demo collection, and made-up ones for all others."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from archives import demo_archive

from reftel.archive.findings import pack_findings
from reftel.model import STATEMENT_KINDS, Cable, Entity, Findings, Mention, Span, Statement
from reftel.text import Flow
from reftel.workbench import Archive

TOLD = tomllib.loads((Path(__file__).parent / "cases" / "said.toml").read_text("utf-8"))
_SENTENCE = re.compile(r"[A-Z][^.]{20,300}\.")
_WORD = re.compile(r"\w+")
_DATES = (None, None, "2008", "2008-02", "2008-02-04", "2009-07-14")
_SPEAKERS = ("Arvo Kallaste", "Triin Maasik", "Arvo Kallaste; Triin Maasik", None, "the Ambassador")
_VERSIONS = {"names": "test", "statements": "test"}


def find_told(cable: Cable) -> Findings:
    """What is written down in cases/said.toml for a cable, in the order there; made-up statements for any other."""
    rows = [row for row in TOLD["statement"] if row["cable"] == cable.id]
    return _told(cable, rows) if rows else _made(cable)


def told_archive(tmp_path: Path) -> Path:
    """An archive of the demo collection in which these are the findings, whatever the extractors would find."""
    folder = demo_archive(tmp_path)
    with Archive.open(folder) as archive:
        with archive.store.transaction():
            for key, source in archive.store.rows("SELECT key, lead FROM cables WHERE lead IS NOT NULL"):
                cable = archive.store.cable(key)
                archive.store.put_found(source, pack_findings(cable, find_told(cable), archive.store.codecs.findings))
        archive.count("*")  # the index follows
    return folder


@cache
def names_of(cable_id: str) -> tuple[str, ...]:
    """How the cases call the statements of a cable, in order."""
    return tuple(row["is"] for row in TOLD["statement"] if row["cable"] == cable_id)


def _told(cable: Cable, rows: list[dict[str, Any]]) -> Findings:
    people = list(dict.fromkeys(name for row in rows for name in (*row.get("by", ()), *row.get("to", ()))))
    protected = {name for row in rows if row.get("protected") for name in row["by"]}
    entities = tuple(
        Entity("person", name, TOLD["roles"].get(name), None, (), protected=name in protected) for name in people
    )
    return _findings(cable, entities, tuple(_statement(cable, row, people) for row in rows))


def _statement(cable: Cable, row: dict[str, Any], people: list[str]) -> Statement:
    place, flow, start, end = _find(cable, row["sentence"])

    def within(words: str) -> Span:
        found = re.search(r"\s+".join(map(re.escape, words.split())), flow.text[start:end])
        assert found is not None, words
        return flow.hull(start + found.start(), start + found.end())

    return Statement(
        source=within(row["source"]) if "source" in row else None,
        speaker="; ".join(row["by"]) if "by" in row else None,
        speakers=tuple(people.index(name) for name in row.get("by", ())),
        cue=within(row["cue"]) if "cue" in row else None,
        content=tuple(map(within, row["content"])),
        sentence=flow.hull(start, end),
        kind=row["kind"],
        quoted='"' in "".join(row["content"]),
        negated=row.get("negated", False),
        polarity=row.get("polarity"),
        addressee="; ".join(row["to"]) if "to" in row else None,
        addressees=tuple(people.index(name) for name in row.get("to", ())),
        nested_in=row.get("nested_in"),
        date=row.get("date"),
        date_span=None,
        paragraph=place,
        voice=row.get("voice", "reported"),
        confidence=row.get("confidence", 0.9),
        rule="test",
    )


def _find(cable: Cable, words: str) -> tuple[int, Flow, int, int]:
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    for i, paragraph in enumerate(cable.paragraphs):
        flow = Flow(cable.text, paragraph.spans)
        found = pattern.search(flow.text)
        if found is not None:
            return i, flow, *found.span()
    raise AssertionError(f"{cable.id} does not have: {words}")


def _made(cable: Cable) -> Findings:
    """Every third sentence of the paragraphs: the first word speaks by the second, the rest is said."""
    entities = (
        Entity("person", "Arvo Kallaste", "Foreign Minister", "Estonia", (Mention(Span(0, 1), "name"),)),
        Entity("person", "Triin Maasik", None, None, ()),
    )
    found: list[Statement] = []
    for i, paragraph in enumerate(cable.paragraphs):
        flow = Flow(cable.text, paragraph.spans)
        for match in list(_SENTENCE.finditer(flow.text))[::3]:
            n = len(found)
            words = [w.span() for w in _WORD.finditer(flow.text, *match.span())]
            speaker = _SPEAKERS[n % 5]
            found.append(
                Statement(
                    source=flow.hull(*words[0]) if n % 4 else None,
                    speaker=speaker,
                    speakers=tuple(j for j, one in enumerate(entities) if speaker and one.name in speaker),
                    cue=flow.hull(*words[1]) if n % 4 else None,
                    content=flow.spans(words[2][0], words[-1][1]),
                    sentence=flow.hull(*match.span()),
                    kind=list(STATEMENT_KINDS)[n % 5],
                    quoted=False,
                    negated=False,
                    polarity=(None, "+", "-")[n % 3],
                    addressee="the Ambassador" if n % 7 == 0 else None,
                    addressees=(1,) if n % 7 == 1 else (),
                    nested_in=None,
                    date=_DATES[(n + len(cable.text)) % 6],
                    date_span=None,
                    paragraph=i,
                    voice="drafter" if "comment" in paragraph.role else "reported",
                    confidence=0.5,
                    rule="test",
                )
            )
    return _findings(cable, entities, tuple(found))


def _findings(cable: Cable, entities: tuple[Entity, ...], statements: tuple[Statement, ...]) -> Findings:
    return Findings(cable.id, cable.source.sha256, _VERSIONS, entities, statements)
