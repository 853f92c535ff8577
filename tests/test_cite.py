"""Ids of cables and citations in running text."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.cite import CableId, Citation, find_citations, full_year, make_id, match_print, parse_id

CASES = tomllib.loads((Path(__file__).parent / "cases" / "cite.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_citations_are_found(case: dict[str, Any]) -> None:
    found = [[case["text"][c.start : c.end], c.kind, says(c)] for c in find_citations(case["text"])]
    assert found == case["found"]


def says(citation: Citation) -> str:
    if citation.kind != "cable":
        return citation.label or ""
    return " ".join(str(x) for x in (citation.year, citation.station, citation.serial) if x is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09LONDON2499", CableId(2009, "LONDON", 2499)),
        ("66BUENOSAIRES2481", CableId(1966, "BUENOSAIRES", 2481)),
        ("40STATE1", CableId(2040, "STATE", 1)),
        ("65STATE1", None),
        ("09LONDON02499", None),
        ("09LONDON0", None),
        ("09LONDON", None),
        ("9LONDON2499", None),
        ("2009LONDON2499", None),
        ("09london2499", None),
        ("09SAN JOSE525", None),
        ("09SECTION01OF03SANJOSE525", None),
        (" 09LONDON2499", None),
        ("09LONDON2499\n", None),
        ("٠٩LONDON2499", None),
    ],
)
def test_an_id_is_read_strictly(text: str, expected: CableId | None) -> None:
    assert parse_id(text) == expected


@pytest.mark.parametrize(
    ("year", "station", "serial", "expected"),
    [
        (2009, "LONDON", 2499, "09LONDON2499"),
        (2008, "SAN JSE", 71, "08SANJOSE71"),
        (2008, "SECSTATE", 12345, "08STATE12345"),
        (2008, "USUN", 614, "08USUNNEWYORK614"),
        (1990, "Rio de Janeiro", 5, "90RIODEJANEIRO5"),
        (2009, "CIA WASH", 542, "09CIAWASH542"),
        (2009, "XXXXXXXXXXXX", 167, None),
        (2009, "LONDON", 0, None),
        (2009, "123", 4, None),
        (1941, "LONDON", 4, None),
    ],
)
def test_an_id_is_made_of_year_station_and_serial(year: int, station: str, serial: int, expected: str | None) -> None:
    made = make_id(year, station, serial)
    assert (str(made) if made is not None else None) == expected


def test_a_number_in_print_is_matched_where_it_begins() -> None:
    text = "see (06) SAN JOSE 00431, and"
    found = match_print(text, 4, len(text))
    assert found is not None
    assert (text[found.start : found.end], found.year, found.station, found.digits) == (
        "(06) SAN JOSE 00431",
        2006,
        "SAN JOSE",
        "00431",
    )
    assert match_print(text, 3, len(text)) is None
    assert match_print("LONDON DAILY 11/3/09", 0, 20) is None


@given(st.integers(1966, 2040), st.sampled_from(["LONDON", "STATE", "SANJOSE"]), st.integers(1, 99_999_999))
def test_an_id_survives_being_printed(year: int, post: str, serial: int) -> None:
    assert parse_id(str(CableId(year, post, serial))) == CableId(year, post, serial)


@given(st.integers(0, 99))
def test_a_two_digit_year_has_one_meaning_or_none(digits: int) -> None:
    year = full_year(f"{digits:02d}")
    assert year is None if 41 <= digits <= 65 else year is not None and year % 100 == digits


PIECES = st.sampled_from(
    [
        "ref ",
        "REF A",
        "refs A-C",
        "reftel",
        "septel",
        " and ",
        "B",
        ", ",
        "LIMA ",
        "State ",
        "(The Hague ",
        "08",
        "2599",
        " (2005)",
        "12345",
        " ",
        "\n",
        "-",
        "I",
        "٣",
        "ª",
        ".",
        "OF 03 ",
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)))
@settings(max_examples=400, deadline=None)
def test_any_text_gives_citations_in_order_that_hold_together(text: str) -> None:
    found = find_citations(text)
    assert [c.start for c in found] == sorted(c.start for c in found)
    for c in found:
        assert 0 <= c.start < c.end <= len(text)
        assert c.kind in ("cable", "label", "reftel", "septel")
        assert (c.kind == "label") == (c.label is not None)
        assert (c.kind == "cable") == (c.serial is not None) == (c.station is not None)


@pytest.mark.parametrize(
    "text",
    [
        "ref A, " * 15_000,
        "A " * 50_000,
        "LIMA 1234, " + "1234, " * 20_000,
        "A" * 100_000,
        "ref " + "A-" * 50_000,
        "1" * 100_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_hostile_text_is_read_in_one_go(text: str) -> None:
    """Quadratic work on these would take minutes; nothing is timed."""
    find_citations(text)
