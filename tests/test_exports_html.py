"""HTML for notebooks: whole, escaped, and readable on light and dark."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from conftest import demo_sources
from hypothesis import given
from hypothesis import strategies as st
from test_citation import SUBJECT, TELEGRAM, cable_of

from reftel.exports.html import ResultRow, cable_html, result_row, table_html
from reftel.parse import parse

VOID = {"br"}


class Fragment(HTMLParser):
    """Tags, their attributes, and the text of a fragment; says whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.styles: list[str] = []
        self.pieces: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.styles += [value or "" for _, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())


def harmless(text: str) -> Fragment:
    found = Fragment(text)
    assert found.open == []
    assert found.attributes <= {"style"}
    assert found.tags <= {
        "div", "table", "thead", "tbody", "tr", "th", "td", "p", "pre", "span", "br", "ul", "li", "code",
    }  # fmt: skip
    return found


HOSTILE = '<script>alert(1)</script> & "quoted" <img src=x onerror=alert(1)>'


def test_a_cable_shows_card_paragraphs_signature_and_citation() -> None:
    text = harmless(cable_html(cable_of(TELEGRAM))).text
    for part in (
        "08TALLINN96: Marek's Pipe Trip",
        "From Embassy Tallinn",
        "1. (C) The minister was cross about the survey.",
        "STRATTON",
        "telegram 08TALLINN96, February 6, 2008.",
    ):
        assert part in text


def test_defects_are_told_with_their_sentences() -> None:
    text = harmless(cable_html(cable_of(TELEGRAM.replace(SUBJECT, "")))).text
    assert "missing-subject No subject line is printed." in text


def test_a_hostile_cable_is_only_text() -> None:
    text = TELEGRAM.replace(SUBJECT, f"SUBJECT: {HOSTILE}\n").replace("STRATTON", "").replace("cross", HOSTILE)
    assert HOSTILE in harmless(cable_html(cable_of(text, locator="<b>.txt"))).text


def test_a_hostile_row_is_only_text() -> None:
    rows = [ResultRow(*[HOSTILE] * 6), ResultRow(None, None, None, None, None)]
    assert harmless(table_html(rows)).text.count(HOSTILE) == 6


def test_a_result_list_names_each_cable() -> None:
    text = harmless(table_html([result_row(cable_of(TELEGRAM), "was cross about")])).text
    assert text == (
        "Id Date From Subject Class 08TALLINN96 2008-02-06 Embassy Tallinn "
        "MAREK'S PIPE TRIP AIMS TO MOVE AMBER RELATIONSHIP FORWARD was cross about CONFIDENTIAL"
    )


def test_no_colour_but_grey_is_set() -> None:
    for fragment in (cable_html(cable_of(TELEGRAM)), table_html([result_row(cable_of(TELEGRAM))])):
        colours = re.findall(r"(?<![\w-])color:([^;\"]+)|rgba?\(([^)]*)\)|#[0-9a-f]{3,6}", fragment)
        assert {value for pair in colours for value in pair if value} <= {"inherit", "128,128,128,.45"}


@pytest.mark.parametrize("place", demo_sources())
def test_every_cable_of_the_collection_is_whole_html(place: str) -> None:
    harmless(cable_html(parse(demo_sources()[place])))


@given(st.text())
def test_any_text_is_whole_html(text: str) -> None:
    harmless(cable_html(cable_of(text)))
