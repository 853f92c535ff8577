"""REF blocks: letters, lists, years, and everything that is no cable."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.cite import parse_id
from reftel.errors import DEFECTS
from reftel.model import REFERENCE_KINDS, Defect, Reference, Span
from reftel.parse.ref_items import find_items
from reftel.parse.ref_labels import split_entries
from reftel.parse.refs import RefContext, parse_references
from reftel.text import Flow

CASES = tomllib.loads((Path(__file__).parent / "cases" / "refs.toml").read_text("utf-8"))["case"]
CITING = "09LIMA3000"


def context(case: dict[str, Any]) -> RefContext:
    citing = parse_id(case.get("citing", CITING))
    month = case.get("month", 6)
    if citing is None:
        return RefContext(None, month, None, None)
    return RefContext(citing.year, month, citing.post, citing.serial)


def read(block: str, where: RefContext) -> tuple[tuple[Reference, ...], tuple[Defect, ...]]:
    return parse_references(Flow(block, [Span(0, len(block))]), 0, len(block), where)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case["name"],
            marks=[pytest.mark.xfail(reason="known limit")] if case.get("known") == "fails" else [],
        )
        for case in CASES
    ],
)
def test_a_block_is_read(case: dict[str, Any]) -> None:
    references, defects = read(case["block"], context(case))
    got = {
        "read": [[r.label or "", r.kind, r.target or ""] for r in references],
        "texts": [r.text for r in references],
        "qualifiers": [list(r.qualifiers) for r in references],
        "candidates": [list(r.candidates) for r in references],
        "labels": " ".join(r.label or "-" for r in references),
        "defects": [defect.code for defect in defects],
    }
    named = {key: got[key] for key in got if key in case}
    assert named == {key: case[key] for key in named}


def test_spans_lead_to_the_source_through_pieces_left_out() -> None:
    source = "REF: A. LIMA 12 -- break -- 34 \n     ¶B. STATE 5 (NOTAL)\nClassified"
    flow = Flow(source, [Span(4, 15), Span(28, len(source))])
    references, _ = parse_references(flow, 0, source.index("Classified") - 17, RefContext(2009, 6, "LIMA", 3000))
    assert [r.target for r in references] == ["09LIMA1234", "09STATE5"]
    assert [source[r.span.start : r.span.end] for r in references if r.span] == [
        "LIMA 12 -- break -- 34",
        "STATE 5 (NOTAL)",
    ]


def test_the_flow_outside_the_range_is_not_read() -> None:
    text = "LIMA 11 LIMA 12 LIMA 13"
    flow = Flow(text, [Span(0, len(text))])
    references, _ = parse_references(flow, 8, 16, RefContext(2009, 6, None, None))
    assert [(r.target, r.span) for r in references] == [("09LIMA12", Span(8, 15))]


PIECES = st.sampled_from(
    [
        "A. ",
        "(B) ",
        "c) ",
        "¶D. ",
        "REF A: ",
        "LIMA ",
        "08 ",
        "STATE",
        "THE HAGUE ",
        "12",
        "0034",
        " AND ",
        ", ",
        "; ",
        "\n",
        "   ",
        "(NOTAL",
        ")",
        "-",
        "/",
        "(2008)",
        "EMAIL ",
        "DAILY ",
        "IIR 6 899 0124 10",
        "PREVIOUS",
        ":",
        "’",
        "٣",
    ]
)
BLOCKS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join))
CONTEXTS = st.builds(
    RefContext,
    st.none() | st.integers(1966, 2012),
    st.none() | st.integers(1, 12),
    st.none() | st.sampled_from(["LIMA", "STATE"]),
    st.none() | st.integers(1, 300_000),
)


@given(BLOCKS, CONTEXTS, st.integers(-5, 90), st.integers(-5, 90))
@settings(max_examples=400, deadline=None)
def test_any_text_gives_references_that_hold_together(block: str, where: RefContext, start: int, end: int) -> None:
    flow = Flow("xx" + block, [Span(2, len(block) + 2)])
    for first, last in ((0, len(block)), (start, end)):
        references, defects = parse_references(flow, first, last, where)
        for reference in references:
            assert reference.kind in REFERENCE_KINDS
            assert reference.target is None or reference.candidates == (reference.target,)
            assert all(parse_id(one) is not None or not one.isascii() for one in reference.candidates)
            assert reference.span is not None
            assert 2 <= reference.span.start <= reference.span.end <= len(block) + 2
            assert not reference.target or reference.kind == "cable"
        spans = [r.span for r in references if r.span is not None]
        assert all(a.end <= b.start for a, b in pairwise(spans))
        assert all(defect.code in DEFECTS for defect in defects)


@given(BLOCKS)
@settings(max_examples=200, deadline=None)
def test_entries_and_items_keep_every_offset(block: str) -> None:
    split = split_entries(block, lambda at: False, lambda start, end: True)
    assert len(split.text) == len(block)
    ends = [(entry.start, entry.end) for entry in split.entries]
    assert all(0 <= start <= end <= len(block) for start, end in ends)
    for item in find_items(split.text, split.entries, 2009):
        assert 0 <= item.start <= item.end <= len(block)


@pytest.mark.parametrize(
    "block",
    [
        "A. " * 20_000,
        "(" * 100_000,
        "(A)" * 30_000,
        ",;" * 50_000,
        "STATE 1, " + "2, " * 10_000,
        "STATE 1; " + "x; " * 10_000,
        "A" * 100_000,
        "LIMA\n" * 20_000,
        "EMAIL " + "A1 " * 30_000,
        " \n" * 50_000,
        "AND " * 30_000,
        "REF: " * 20_000,
        "08 " * 30_000,
        "IIR 6 8 " * 12_000,
    ],
    ids=lambda block: repr(block[:12]),
)
def test_a_hostile_block_is_read_in_one_go(block: str) -> None:
    """Quadratic work on these would take minutes; nothing is timed."""
    read(block, RefContext(2009, 6, "LIMA", 3000))
