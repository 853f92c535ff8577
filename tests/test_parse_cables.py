"""Whole cables through `parse`: what is read, what is told to be odd, and what holds of any of them."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.errors import DEFECTS
from reftel.model import SEGMENT_KINDS, Cable, Provenance, Source, Span
from reftel.parse import parse
from reftel.readers import read_text

ROWS = tomllib.loads((Path(__file__).parent / "cases" / "parse_cables.toml").read_text("utf-8"))["cable"]
HEADER = """VZCZCXRO4711
PP RUEHAO
DE RUEHPE #0812/01 1631500
ZNY CCCCC ZZH
P 121500Z JUN 09
FM AMEMBASSY LIMA
TO RUEHC/SECSTATE WASHDC PRIORITY 1890
"""
HEADER_END = "INFO RUEHQT/AMEMBASSY QUITO 4039"
HEAD = """C O N F I D E N T I A L LIMA 000812

SIPDIS

E.O. 12958: DECL: 06/12/2019
TAGS: PREL PGOV PE
SUBJECT: FERRIES IN PORT

REF: QUITO 77

Classified By: Ruth Hale, Ambassador, reasons 1.4 (b,d).
"""
CARRIER = ["09LIMA812", "FERRIES IN PORT", "Fri Jun 12 00:00:00 +0200 2009", "CONFIDENTIAL", "Embassy Lima"]


def print_of(row: dict[str, Any]) -> str:
    """The text of the file that a row describes."""
    if "whole" in row:
        return str(row["whole"])
    carrier = list(row.get("carrier", CARRIER))
    carrier[1] = row.get("carrier_subject", carrier[1])
    carrier[3] = row.get("carrier_class", carrier[3])
    header = str(row.get("header", HEADER + row.get("header_end", HEADER_END)))
    text = str(row["text"] if "text" in row else HEAD + row["body"])
    return "".join(f"{line}\n" for line in carrier) + header + text


def cable_of(row: dict[str, Any]) -> Cable:
    return parse(read_text(print_of(row), "case.txt", row.get("reader", "dump")))


def one_line(text: str) -> str:
    return " ".join(text.split())


def printed(cable: Cable, spans: tuple[Span, ...]) -> str:
    return one_line(" ".join(one_line(s.of(cable.text)) for s in spans))


def view(cable: Cable) -> dict[str, Any]:
    """All that a row may name of a cable."""
    by = cable.classified_by
    return {
        "id": cable.id or "",
        "dtg": cable.dtg or "",
        "classification": cable.classification or "",
        "captions": list(cable.captions),
        "sections": cable.sections or 0,
        "eo": cable.eo or "",
        "declassify_on": cable.declassify_on or "",
        "by": [by.name or "", by.title or ""] if by else [],
        "reasons": list(cable.reasons),
        "tags": list(cable.tags),
        "subject": cable.subject or "",
        "refs": [[r.label or "", r.kind, r.target or ""] for r in cable.references],
        "numbers": [p.number or 0 for p in cable.paragraphs],
        "marks": [p.marking or "" for p in cable.paragraphs],
        "headings": [p.heading or "" for p in cable.paragraphs],
        "all_headings": [h.text for h in cable.headings],
        "roles": ["+".join(p.role) for p in cable.paragraphs],
        "texts": [printed(cable, p.spans) for p in cable.paragraphs],
        "signer": cable.signer or "",
        "trailers": [t.text for t in cable.trailer],
        "attention": [a.text for a in cable.attention],
        "corrected": [c.text for c in cable.corrected_copy],
        "redactions": [r.text for r in cable.redactions],
        "embedded": [e.id or "" for e in cable.embedded],
        "defects": sorted(d.code for d in cable.defects),
        "unnamed": sum(s.kind == "unknown" for s in cable.segments),
        "lost": [int(d.detail.split()[1]) for d in cable.defects if d.code == "lost-text"],
    }


def rows(key: str = "known") -> list[Any]:
    """The rows as parameters; one whose `key` says "fails" is a strict expected failure."""
    return [
        pytest.param(
            row,
            id=row["name"],
            marks=[pytest.mark.xfail(reason="known limit", strict=True)] if row.get(key) == "fails" else [],
        )
        for row in ROWS
    ]


@pytest.mark.parametrize("row", rows())
def test_a_cable_is_read_as_its_row_says(row: dict[str, Any]) -> None:
    cable = cable_of(row)
    got = view(cable)
    named = {key: got[key] for key in got if key in row}
    assert named == {key: row[key] for key in named}
    codes = set(got["defects"])
    assert set(row.get("has", ())) <= codes
    assert not codes & set(row.get("not_defects", ()))
    assert {key: cable.basis.get(key, "") for key in row.get("basis", {})} == row.get("basis", {})
    segments = [[s.kind, one_line(s.span.of(cable.text))] for s in cable.segments]
    assert [pair for pair in row.get("kinds", ()) if pair not in segments] == []


@pytest.mark.parametrize("row", [pytest.param(row, id=row["name"]) for row in ROWS])
def test_a_cable_accounts_for_every_character(row: dict[str, Any]) -> None:
    hold(cable_of(row))


@pytest.mark.parametrize("row", rows("segment_kinds"))
def test_every_segment_kind_is_one_of_the_table(row: dict[str, Any]) -> None:
    assert {s.kind for s in cable_of(row).segments} <= set(SEGMENT_KINDS)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["name"]) for row in ROWS])
def test_the_same_text_gives_the_same_record(row: dict[str, Any]) -> None:
    assert msgspec.json.encode(cable_of(row)) == msgspec.json.encode(cable_of(row))


@pytest.mark.parametrize("row", rows("crlf"))
def test_line_ends_of_windows_change_no_field(row: dict[str, Any]) -> None:
    text = print_of(row)
    reader = row.get("reader", "dump")
    plain, windows = (view(parse(read_text(t, "case.txt", reader))) for t in (text, text.replace("\n", "\r\n")))
    assert windows == plain


@pytest.mark.parametrize("row", [pytest.param(row, id=row["name"]) for row in ROWS])
def test_a_blank_at_each_line_s_end_changes_no_field(row: dict[str, Any]) -> None:
    """Clean bodies of the release have a blank before every newline (field guide, section 7)."""
    text = print_of(row)
    at = text.index("C O N F") if "C O N F" in text else len(text)
    padded = text[:at] + text[at:].replace("\\\n", "\n").replace("\n", " \n")
    plain = text[:at] + text[at:].replace("\\\n", "\n")
    reader = row.get("reader", "dump")
    assert view(parse(read_text(padded, "case.txt", reader))) == view(parse(read_text(plain, "case.txt", reader)))


def hold(cable: Cable) -> None:
    """What holds of every cable: the segments tile, codes are known, spans lie in the text."""
    text = cable.text
    assert "".join(s.span.of(text) for s in cable.segments) == text
    assert {d.code for d in cable.defects} <= set(DEFECTS)
    notes = (*cable.headings, *cable.attention, *cable.corrected_copy, *cable.redactions, *cable.trailer)
    assert all(one_line(n.span.of(text)) == one_line(n.text) for n in notes if n.span.end - n.span.start == len(n.text))
    spans = [
        *(d.span for d in cable.defects if d.span is not None),
        *(n.span for n in notes),
        *(e.span for e in cable.embedded),
        *(m.span for m in cable.portion_marks),
        *(s for p in cable.paragraphs for s in p.spans),
        *(s for scope in cable.scopes for s in scope.spans),
        *(s for p in cable.paragraphs for i in p.items for s in i.spans),
    ]
    assert all(0 <= s.start <= s.end <= len(text) for s in spans)
    pieces = [s for p in cable.paragraphs for s in p.spans]
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    assert set(cable.basis.values()) <= {"printed", "carrier", "inferred"}
    assert cable.signer is None or cable.signer in text


def bare(text: str) -> Source:
    return Source(text, Provenance("text", "telegram", ""))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_cable(text: str) -> None:
    hold(parse(bare(text)))


PIECES = [
    *HEAD.split("\n"),
    *HEADER.split("\n"),
    "\n",
    "\n\n",
    " \n",
    "¶1. (C) The line opened. ",
    "2. (SBU) Summary: It rains. End summary.\n",
    "Comment: We doubt it.",
    "LIMA 00000812  002 OF 003",
    "PAGE 02 LIMA 00812 01 OF 02 271458Z",
    "S E C R E T SECTION 02 OF 02 QUITO 000077\nTAGS: PREL\n",
    "--------\n",
    "THE SHIPS WAIT\n",
    "XXXXXXXXXXXX",
    "...",
    "HALE\n",
    "NNNN\n",
    "78299\t2009-06-12 15:00:00\t09LIMA812\t",
    "SIPDIS",
    "E.O. 12958: DECL: ",
    "REF: A. QUITO 77 B. ",
    "\u00a0",
    "\r\n",
    "\\\n",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=24))
def test_any_shuffle_of_a_cable_s_pieces_gives_a_cable(pieces: list[str]) -> None:
    hold(parse(bare("".join(pieces))))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_cable_cut_anywhere_gives_a_cable(data: st.DataObject) -> None:
    text = print_of(data.draw(st.sampled_from(ROWS)))
    a = data.draw(st.integers(0, len(text)))
    b = data.draw(st.integers(a, len(text)))
    hold(parse(bare(text[a:b])))
