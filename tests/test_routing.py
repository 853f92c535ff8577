"""The transmission header: parse_routing, find_dtg."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from growth import grows_with_length
from hypothesis import given
from hypothesis import strategies as st

from reftel.errors import DEFECTS
from reftel.model import SEGMENT_KINDS, Addressee, Span
from reftel.parse.routing import Routing, find_dtg, parse_dtg, parse_routing

CASES = tomllib.loads((Path(__file__).parent / "cases" / "routing.toml").read_text(encoding="utf-8"))

VIEWS: dict[str, Callable[[Routing], Any]] = {
    "transmission": lambda r: r.transmission,
    "relay": lambda r: list(r.relay),
    "de": lambda r: [r.de.ri, r.de.serial, r.de.section or 0, r.de.julian, r.de.time],
    "security": lambda r: r.security,
    "dtg": lambda r: r.dtg or "",
    "precedence": lambda r: list(r.precedence),
    "from": lambda r: [r.origin.ri or "", r.origin.plad],
    "to": lambda r: [_address(a) for a in r.to],
    "info": lambda r: [_address(a) for a in r.info],
    "offices": lambda r: [a.offices or "" for a in r.to],
    "signals": lambda r: [note.text for note in r.signals],
    "attention": lambda r: [note.text for note in r.attention],
    "grid": lambda r: [[o.name, o.copies, o.action] for o in r.distribution],
    "kinds": lambda r: [s.kind for s in r.segments],
    "defects": lambda r: [d.code for d in r.defects],
    "partial": lambda r: r.partial,
}


def _address(addressee: Addressee) -> list[str]:
    return [addressee.ri or "", addressee.plad, addressee.precedence or "", addressee.mcn or ""]


def _whole(text: str) -> Routing:
    return parse_routing(text, Span(0, len(text)))


def _rows(table: str, label: str) -> list[Any]:
    return [
        pytest.param(row, id=row[label], marks=[pytest.mark.xfail(strict=True)] if row.get("known") == "fails" else [])
        for row in CASES[table]
    ]


@pytest.mark.parametrize("row", _rows("header", "name"))
def test_a_header_is_read_as_its_row_says(row: dict[str, Any]) -> None:
    routing = _whole(row["text"])
    wanted = {key: value for key, value in row.items() if key not in ("name", "text", "known")}
    assert {key: VIEWS[key](routing) for key in wanted} == wanted


@pytest.mark.parametrize("row", _rows("dtg", "text"))
def test_a_date_time_group_is_read_as_its_row_says(row: dict[str, Any]) -> None:
    dtg = parse_dtg(row["text"])
    assert (dtg.when if dtg else "") == row["when"]
    if dtg:
        assert list(dtg.precedence) == row["precedence"]
        assert parse_dtg(dtg.span.of(row["text"])) == (
            dtg.when,
            dtg.precedence,
            (0, dtg.span.end - dtg.span.start),
        )


def test_spans_point_at_what_was_read() -> None:
    before = "glued body of another O 010101Z JAN 01\n"
    header = "P 051259Z MAY 06 ZDK\nFM AMEMBASSY LIMA\nTO RUEHC/SECSTATE WASHDC PRIORITY 7201\n"
    header += "INFO RUEHLP/\nAMEMBASSY LA PAZ 0001"
    text = before + header + "C O N F I D E N T I A L LIMA 000001"
    routing = parse_routing(text, Span(len(before), len(before) + len(header)))
    assert routing.dtg == "2006-05-05T12:59Z"
    assert routing.origin is not None and routing.origin.span is not None
    assert routing.origin.span.of(text) == "AMEMBASSY LIMA"
    assert [a.span.of(text) for a in routing.to if a.span] == ["RUEHC/SECSTATE WASHDC PRIORITY 7201"]
    assert [a.span.of(text) for a in routing.info if a.span] == ["RUEHLP/\nAMEMBASSY LA PAZ 0001"]
    assert [note.span.of(text) for note in routing.signals] == ["ZDK"]


def test_an_address_that_is_a_post_carries_its_name() -> None:
    routing = _whole("R 070724Z MAY 08\nFM AMEMBASSY MINSK\nTO RUEHLO/AMEMBASSY LONDON 0001\nINFO RUEAIIA/CIA WASHDC")
    assert routing.origin is not None and routing.origin.post
    assert routing.to[0].post and not routing.info[0].post


def test_a_group_outside_the_stretch_is_not_found() -> None:
    text = "O 051547Z NOV 09 P 061547Z NOV 09"
    assert find_dtg(text, 17, len(text)) == ("2009-11-06T15:47Z", ("PRIORITY",), (17, 33))
    assert find_dtg(text, 17, 30) is None


HEADERS = [row["text"] for row in CASES["header"]]
WORDS = sorted({word for text in HEADERS for word in text.split()})
MARKS = ["\n", "\r\n", " ", "  ", "\t", "\\", "(", ")", "/", "//", "-", "0", "12", "Z", "A"]
PIECES = st.sampled_from(MARKS + WORDS)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join)), st.integers(0, 9))
def test_any_text_is_tiled_by_known_kinds(text: str, skip: int) -> None:
    span = Span(min(skip, len(text)), len(text))
    routing = parse_routing(text, span)
    assert "".join(s.span.of(text) for s in routing.segments) == span.of(text)
    assert all(s.kind in SEGMENT_KINDS and s.span.start < s.span.end for s in routing.segments)
    assert all(d.code in DEFECTS for d in routing.defects)
    for addressee in routing.to + routing.info:
        assert addressee.span and span.start <= addressee.span.start <= addressee.span.end <= span.end
        assert addressee.plad == " ".join(addressee.plad.split()) != ""
    for note in routing.signals + routing.attention:
        assert note.text == " ".join(note.span.of(text).split())


ADDRESSES = st.lists(
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["RUEHLO/", "RUEHQT/", "RHMFISS/", "RUCNAFG/"]),
        st.sampled_from(["AMEMBASSY QUITO", "AMCONSUL TORONTO", "HQ USEUCOM VAIHINGEN GE//J5//", "EU COLLECTIVE"]),
        st.sampled_from(["", " PRIORITY", " NIACT IMMEDIATE"]),
        st.sampled_from(["", " 0001", " 2276-2279"]),
    ),
    min_size=1,
    max_size=4,
)


@given(ADDRESSES, ADDRESSES, st.sampled_from([" ", "  ", "\n", "\r\n", "\n\n"]))
def test_lost_line_breaks_change_nothing_but_the_defects(to: list[str], info: list[str], between: str) -> None:
    head = ["VZCZCXRO4711", "OO RUEHDBU", "DE RUEHQT #2991/01 3091547", "ZNY CCCCC ZZH", "O R 051547Z NOV 09"]
    lines = [*head, "FM AMEMBASSY QUITO", f"TO {to[0]}", *to[1:], f"INFO {info[0]}", *info[1:]]
    whole, other = _whole("\n".join(lines)), _whole(between.join(lines))
    for key in ("transmission", "relay", "de", "security", "dtg", "precedence", "from", "to", "info"):
        assert VIEWS[key](whole) == VIEWS[key](other)
    assert ("glued-fields" in VIEWS["defects"](other)) == ("\n" not in between)
    assert len(whole.to) == len(to) and len(whole.info) == len(info)


@pytest.mark.parametrize(
    "piece",
    [
        "RUEHLO/AMEMBASSY LONDON 1234 ",
        "AMEMBASSY ",
        "(",
        "TO ",
        "A-00 ",
        "STATE PASS AMEMBASSY ",
        "123456Z ",
        "P ",
        "ZDK ",
        "-",
        " ",
        "\\\n",
    ],
)
@pytest.mark.parametrize("head", ["", "TO ", "FM ", "INFO ", "ZNR UUUUU ", "O 051547Z NOV 09 ", "DE RUEHLO #1 "])
def test_time_grows_with_the_text_and_not_faster(head: str, piece: str) -> None:
    assert grows_with_length(lambda count: "O 051547Z NOV 09\nTO " + head + piece * count, _whole, 1_000, 8_000)
