"""What is asked of a text before a slow pattern is tried never hides what the pattern finds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Span
from reftel.parse import blocks, damage, ending, head, items, layout, marks, numbers
from reftel.text import Flow

FRAGMENTS = (
    *"-=_*~#.:;,()\"'\n \t¶X1",
    *("1.", "¶12. ", "(C)", "(S//NF)", "Secret - Entire Text", "  2. ", "\n\n", "2008"),
    *("COMMENT", "Summary:", "Executive Summary.\n", "End of comment", "A word", "word. ", "U.S.", "http://", "Note: "),
    *(
        "Visit our site",
        "please visit",
        "MINIMIZE considered",
        "You can also access this site",
        ".sgov",
        "SMITH",
        "Jones",
    ),
    *(
        "SIPDIS",
        "NOFORN",
        "SENSITIVE BUT UNCLASSIFIED",
        "9 06LIMA12",
        "date:",
        "CONFIDENTIAL\n",
        "Tuesday, 3 June 2008",
    ),
    *("xxxxx", "XXXXXXX", "xX", "\x07", "\ufffd", "\u20ac", "é"),
)
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join)

GATES: list[tuple[Callable[[str], object], re.Pattern[str]]] = [
    (blocks._may_hold_inline_rule, blocks._INLINE_RULE),
    (damage._has_controls, damage._CONTROL),
    (layout._may_hold_row, layout._ROW),
]


@pytest.mark.parametrize(("gate", "pattern"), GATES, ids=lambda x: getattr(x, "__name__", ""))
@given(text=texts)
def test_a_gate_lets_through_what_its_pattern_finds(
    gate: Callable[[str], object], pattern: re.Pattern[str], text: str
) -> None:
    assert gate(text) or pattern.search(text) is None


@given(texts)
def test_a_notice_of_a_web_site_is_found_from_its_words_on(text: str) -> None:
    reach = ending._first_of_web(text)
    plain = [m.span() for m in ending._WEB.finditer(text)][:1]
    assert plain == ([m.span() for m in ending._WEB.finditer(text, reach)][:1] if reach is not None else [])


@given(texts)
def test_a_mark_is_found_by_its_first_character(text: str) -> None:
    printed = marks.PORTION_MARK.match(text) or marks.ENTIRE_TEXT.match(text)
    assert (marks.match_mark(text, 0) is None) == (printed is None)


@given(texts)
def test_a_line_is_a_rule_if_the_pattern_says_so(text: str) -> None:
    assert blocks.is_rule(text) == (blocks.RULE_LINE.match(text) is not None)


@given(texts)
def test_a_short_block_without_rule_or_caption_has_neither(text: str) -> None:
    kinds = {blocks._line_kind(text, s, e) for s, e in blocks._lines(text, 0, len(text))}
    assert blocks._may_hold_line_apart(text) or kinds <= {"text"}


@pytest.mark.parametrize(
    ("pattern", "core"), [(head._NUMBER_ONE, head._ONE), (head._ANY_NUMBER, head._PILCROW)], ids=["one", "any"]
)
@given(text=texts, start=st.integers(0, 6))
def test_a_number_is_found_by_its_figure(
    pattern: re.Pattern[str], core: re.Pattern[str], text: str, start: int
) -> None:
    m = pattern.search(text, start)
    found = head._find_first(pattern, core, text, start, len(text), len(text))
    assert found == (m.start() if m is not None else len(text))


@given(texts)
def test_a_flat_number_is_found_by_its_point(text: str) -> None:
    plain = [m.span() for m in numbers._FLAT_NUMBER.finditer(text)]
    assert [m.span() for m in numbers._find_flat_numbers(text, 0, len(text))] == plain


@given(st.lists(st.sampled_from(["--", "---", " - ", " ", "\n", ".", ")", "A", "b ", "“"]), max_size=14).map("".join))
def test_items_behind_dashes_are_those_behind_a_sentence(text: str) -> None:
    plain = [(m[1], m.end()) for m in re.finditer(r"(?<=[.:;)\"”])\s+(--+)\s*(?=[A-Z\"“(])", text)]
    found = items._read_inline_items(text, 0, len(text))
    assert [label for label, _, _ in found] == ([label for label, _ in plain] if len(plain) > 1 else [])
    assert all(start >= end for (_, start, _), (_, end) in zip(found, plain, strict=False))


@given(
    st.lists(st.integers(0, 5), min_size=2, max_size=12),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6),
)
def test_labels_are_followed_back_as_each_range_is(steps: list[int], ranges: list[tuple[int, int]]) -> None:
    edges = [sum(steps[: i + 1]) for i in range(len(steps))]
    flow = Flow("abcdefghij" * 6, [Span(s, e) for s, e in zip(edges[::2], edges[1::2], strict=False)])
    inside = [(s, e, str(i)) for i, (s, e) in enumerate(ranges) if s < e <= len(flow.text)]
    assert flow.follow(inside) == [(*span, label) for s, e, label in inside for span in flow.spans(s, e)]
    for s, e, _ in inside:
        assert "".join(span.of("abcdefghij" * 6) for span in flow.spans(s, e)) == flow.text[s:e]
        assert flow.hull(s, e) == (flow.at(s), flow.at(e - 1) + 1)
