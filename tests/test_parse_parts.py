"""The parts of the parser, each by its own function: class lines, heads, values, breaks, bodies, scopes, endings."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.cite import parse_id
from reftel.model import SEGMENT_KINDS, Claims, DeLine, PortionMark, Span
from reftel.parse.authority import find_date, parse_authority, parse_declassification, parse_order
from reftel.parse.body import Body, read_body
from reftel.parse.breaks import Break, cuts, find_breaks
from reftel.parse.checks import check_claims, check_header, check_marks, check_order, check_sections
from reftel.parse.class_line import LEVELS, ClassLine, find_class_lines
from reftel.parse.ending import find_ending
from reftel.parse.head import read_head
from reftel.parse.identity import claimed_id, tell_identity
from reftel.parse.items import read_items
from reftel.parse.layout import is_own, same_station
from reftel.parse.loose import captions_of, is_cancellation, read_loose
from reftel.parse.marks import mark_rank, match_mark, normal_mark
from reftel.parse.scopes import read_scopes
from reftel.parse.tags import split_tags
from reftel.parse.tiles import tile
from reftel.text import Flow

CASES = Path(__file__).parent / "cases"


def told(claims: Claims, *rest: Any) -> Any:
    """tell_identity with the id that the claims give."""
    return tell_identity(claims, claimed_id(claims), *rest)


def table(file: str, name: str = "case") -> list[Any]:
    """The rows of a table as parameters; a row `known = "fails"` is a strict expected failure."""
    rows = tomllib.loads((CASES / file).read_text("utf-8"))[name]
    return [
        pytest.param(
            row,
            id=row.get("name", str(i)),
            marks=[pytest.mark.xfail(reason="known limit", strict=True)] if row.get("known") == "fails" else [],
        )
        for i, row in enumerate(rows)
    ]


def pairs(file: str, name: str) -> list[Any]:
    """Each [input, expected] of the `reads` of a table's rows."""
    return [
        pytest.param(given_, expected, id=given_ or "nothing", marks=param.marks)
        for param in table(file, name)
        for given_, expected in param.values[0]["reads"]
    ]


def one_line(text: str) -> str:
    return " ".join(text.split())


def same(case: dict[str, Any], got: dict[str, Any]) -> None:
    """Compare what the case names, and nothing else."""
    named = {key: got[key] for key in got if key in case}
    assert named == {key: case[key] for key in named}


# --- class lines


def flags(line: ClassLine) -> list[str]:
    return [name for name in ("efto", "noforn", "damaged") if getattr(line, name)]


@pytest.mark.parametrize("case", table("parse_class_line.toml"))
def test_class_lines_are_found(case: dict[str, Any]) -> None:
    text = case["text"]
    lines = find_class_lines(text, 0, len(text))
    got = {
        "lines": [
            [
                x.level,
                f"{x.section}/{x.sections}" if x.section else "",
                x.station or "",
                "" if x.serial is None else str(x.serial),
            ]
            for x in lines
        ],
        "prints": [x.span.of(text) for x in lines],
        "flags": flags(lines[0]) if lines else [],
    }
    same(case, got)


def test_a_class_line_outside_the_range_is_not_read() -> None:
    text = "S E C R E T LIMA 000811\nS E C R E T LIMA 000812\nS E C R E T LIMA 000813\n"
    assert [x.serial for x in find_class_lines(text, 24, 47)] == [812]


@given(st.text(alphabet="CONFIDETALSRU 01234\nXOF/\\", max_size=120))
def test_class_lines_lie_in_the_text_in_order(text: str) -> None:
    lines = find_class_lines(text, 0, len(text))
    assert all(x.level in LEVELS and 0 <= x.span.start < x.span.end <= len(text) for x in lines)
    assert all(a.span.end <= b.span.start for a, b in pairwise(lines))


# --- the head


@pytest.mark.parametrize("case", table("parse_head.toml"))
def test_a_head_is_split_into_its_fields(case: dict[str, Any]) -> None:
    text = case["text"]
    head = read_head(text, 0)
    got = {
        "fields": [[f.kind, one_line(text[f.value : f.end])] for f in head.fields],
        "loose": [one_line(text[s:e]) for s, e in head.loose],
        "rest": text[head.end :].strip()[: len(case.get("rest", ""))],
    }
    same(case, got)


@given(st.text(max_size=200))
def test_a_head_stays_in_order_on_any_text(text: str) -> None:
    head = read_head(text, 0)
    ends = [p for f in head.fields for p in (f.start, f.value, f.end)]
    assert all(0 <= p <= len(text) for p in ends) and all(a.end <= b.start for a, b in pairwise(head.fields))
    assert 0 <= head.end <= len(text)


# --- values of the head


@pytest.mark.parametrize("case", table("parse_authority.toml", "order"))
def test_an_order_is_read(case: dict[str, Any]) -> None:
    order = parse_order(case["label"], case["value"])
    assert [order.number or "", order.declassify_on or ""] == case["reads"]


@pytest.mark.parametrize(("value", "reads"), pairs("parse_authority.toml", "declassify"))
def test_a_declassification_is_read(value: str, reads: str) -> None:
    assert (parse_declassification(value) or "") == reads


def test_a_date_is_found_where_it_stands() -> None:
    assert find_date("CLOSED ON 03/04/2019") == ("2019-03-04", 10)
    assert find_date("CLOSED ON 13/13/2019") is None


@pytest.mark.parametrize("case", table("parse_authority.toml", "authority"))
def test_a_classified_by_line_is_read(case: dict[str, Any]) -> None:
    authority = parse_authority(case["value"])
    assert list(authority.reasons) == case["reasons"]
    assert ([authority.by.name or "", authority.by.title or ""] if authority.by else []) == case["by"]


@pytest.mark.parametrize(("printed", "reads"), pairs("parse_authority.toml", "reasons"))
def test_reasons_are_read_in_every_spelling(printed: str, reads: str) -> None:
    assert " ".join(parse_authority(f"Classified By: Ruth Hale, DCM, reasons {printed}").reasons) == reads


@pytest.mark.parametrize(
    "printed", tomllib.loads((CASES / "parse_authority.toml").read_text("utf-8"))["reasons"][0]["must_not_match"]
)
def test_what_is_no_reason_gives_none(printed: str) -> None:
    assert parse_authority(f"Classified By: Ruth Hale, DCM, reasons {printed}").reasons == ()


@pytest.mark.parametrize(("value", "reads"), pairs("parse_authority.toml", "tags"))
def test_a_tags_line_is_split(value: str, reads: str) -> None:
    assert "|".join(split_tags(value)) == reads


@pytest.mark.parametrize(("text", "reads"), pairs("parse_authority.toml", "marks"))
def test_a_portion_mark_is_read_at_the_start(text: str, reads: str) -> None:
    found = match_mark(text, 0)
    assert (found[0] if found else "") == reads


@given(st.text(alphabet="()CSUNF/OIGrel to-,. \n", max_size=40))
def test_the_normal_form_of_a_mark_is_its_own_normal_form(text: str) -> None:
    found = match_mark(text, 0)
    if found is not None:
        assert normal_mark(found[0]) == found[0] and 0 < found[1] <= len(text)


def test_marks_are_ranked_as_their_levels_are() -> None:
    case = tomllib.loads((CASES / "parse_authority.toml").read_text("utf-8"))["rank"][0]
    assert [mark_rank(m) for m in case["order"]] == [0, 1, 2, 3]
    assert all(len({mark_rank(m) for m in group}) == 1 for group in case["same"])


@pytest.mark.parametrize(("line", "reads"), pairs("parse_authority.toml", "captions"))
def test_captions_of_a_line(line: str, reads: str) -> None:
    assert "|".join(captions_of(line)) == reads


@pytest.mark.parametrize("case", table("parse_authority.toml", "loose"))
def test_lines_without_keyword_are_told_apart(case: dict[str, Any]) -> None:
    text = case["text"]
    got = [[kind, one_line(text[s:e])] for kind, s, e in read_loose(text, 0, len(text))]
    if case.get("contains"):
        assert all(row in got for row in case["reads"])
    else:
        assert got == case["reads"]


def test_cancellations_are_told_by_the_signal_said_over_and_over() -> None:
    case = tomllib.loads((CASES / "parse_authority.toml").read_text("utf-8"))["cancel"][0]
    assert [text for text in case["yes"] if not is_cancellation(text)] == []
    assert [text for text in case["no"] if is_cancellation(text)] == []


# --- breaks


@pytest.mark.parametrize("case", table("parse_breaks.toml"))
def test_breaks_are_found(case: dict[str, Any]) -> None:
    text = case["text"]
    body = (Span(0, len(text)),)
    breaks = find_breaks(text, body, case.get("station", "LIMA"), ())
    left, at = [], 0
    for b in breaks:
        left.append(text[at : b.span.start])
        at = b.span.end
    got = {
        "finds": [[b.kind, one_line(b.span.of(text))] for b in breaks],
        "numbers": [[b.section or 0, b.of or 0, b.page or 0] for b in breaks],
        "flow": one_line("".join([*left, text[at:]])),
    }
    same(case, got)
    assert [s.kind in SEGMENT_KINDS for s in cuts(breaks)] == [True] * len(breaks)


def test_a_later_section_s_whole_head_is_one_break() -> None:
    head = """FM AMEMBASSY HARARE
TO SECSTATE WASHDC IMMEDIATE 7212
INFO NSC WASHDC IMMEDIATE

C O N F I D E N T I A L SECTION 02 OF 02 HARARE 005461

SIPDIS

E.O. 12958: DECL: 09/21/10
TAGS: PGOV ZI
SUBJECT: FERRIES"""
    text = f"The port was never\n\n{head}\n\nOPENED BY THE MINISTER."
    line = find_class_lines(text, 0, len(text))[0]
    breaks = find_breaks(text, (Span(0, len(text)),), "HARARE", (line,))
    assert [b.span.of(text) for b in breaks] == [head]
    assert breaks[0].section == 2


def test_a_sentence_in_capitals_above_a_repeated_head_stays_text() -> None:
    text = "THE PORT WAS NEVER\n\nFM AMEMBASSY HARARE\nTO SECSTATE WASHDC\n\nSECRET SECTION 02 OF 02 HARARE 005461\n\nOPENED.\n"
    line = find_class_lines(text, 0, len(text))[0]
    breaks = find_breaks(text, (Span(0, len(text)),), "HARARE", (line,))
    assert breaks[0].span.of(text).startswith("FM AMEMBASSY HARARE")


# --- the body


def read(text: str, flattened: bool = False) -> Body:
    return read_body(text, 0, len(text), flattened)


def view_body(text: str, body: Body) -> dict[str, Any]:
    titles = [one_line(text[s:e]) for s, e in body.headings]
    return {
        "numbers": [p.number or 0 for p in body.parts],
        "marks": [p.mark or "" for p in body.parts],
        "headings": ["" if p.heading is None else titles[p.heading] for p in body.parts],
        "texts": [one_line(" ".join(text[s:e] for s, e in p.ranges)) for p in body.parts],
        "all_headings": titles,
        "false": [one_line(text[s:e]) for s, e in body.false_pilcrows],
        "gaps": len(body.gaps),
        "repeats": len(body.repeats),
    }


@pytest.mark.parametrize("case", table("parse_body.toml"))
def test_a_body_is_read(case: dict[str, Any]) -> None:
    text = case["text"]
    same(case, view_body(text, read(text, case.get("flattened", False))))


@pytest.mark.parametrize("case", [pytest.param(*row.values, id=row.id) for row in table("parse_body.toml")])
def test_no_print_of_a_body_is_dropped(case: dict[str, Any]) -> None:
    text = case["text"]
    covered = [0] * len(text)
    for block in read(text, case.get("flattened", False)).blocks:
        for i in range(block.start, block.end):
            covered[i] += 1
    assert all(n == 1 for n, c in zip(covered, text, strict=True) if not c.isspace())


@pytest.mark.parametrize("case", table("parse_body.toml", "items"))
def test_items_of_a_paragraph(case: dict[str, Any]) -> None:
    text = case["text"]
    got = read_items(text, ((0, len(text)),))
    same(case, {"labels": [x[0] for x in got], "texts": [one_line(text[s:e]) for _, s, e in got]})


# --- scopes


@pytest.mark.parametrize("case", table("parse_scopes.toml"))
def test_scopes_and_roles_are_told(case: dict[str, Any]) -> None:
    text = case["text"]
    scoped = read_scopes(text, read(text))
    got = {
        "roles": ["+".join(r) for r in scoped.roles],
        "scopes": [[kind, one_line(" ".join(text[s:e] for s, e in ranges))] for kind, ranges in scoped.scopes],
    }
    same(case, got)


# --- the ending


@pytest.mark.parametrize("case", table("parse_ending.toml"))
def test_an_ending_is_read(case: dict[str, Any]) -> None:
    text = case["text"]
    ending = find_ending(text, 0)
    left = one_line(text[: ending.text_end])
    got = {
        "signer": text[slice(*ending.signer)] if ending.signer else "",
        "ends": left[-len(case.get("ends", "")) :] if case.get("ends") else left,
        "trailers": [one_line(text[s:e]) for s, e in ending.trailers],
        "cut": ending.cut,
        "again": len(ending.again),
    }
    same(case, got)


@given(st.text(alphabet="AaBb. \n*-.>\"'Nx,0", max_size=80))
def test_an_ending_lies_in_the_text_and_apart(text: str) -> None:
    ending = find_ending(text, 0)
    spans = sorted([*([ending.signer] if ending.signer else []), *ending.again, *ending.trailers])
    assert all(0 <= s < e <= len(text) for s, e in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(s >= ending.text_end for s, _ in spans)


# --- identity, checks, layout helpers, tiles


def line_of(text: str) -> ClassLine:
    return find_class_lines(text, 0, len(text))[0]


def test_the_printed_id_is_preferred_to_the_carrier_s() -> None:
    line = line_of("UNCLAS LIMA 000812\n")
    found = told(Claims(id="09LIMA812"), line, "2009-06-12T15:00Z", None, None, [], "")
    assert (str(found.id), found.basis, found.defects) == ("09LIMA812", "printed", ())


def test_a_malformed_id_is_rebuilt() -> None:
    found = told(Claims(id="09SECTION01OF03SANJOSE525"), None, None, None, None, [], "")
    assert str(found.id) == "09SANJOSE525"
    assert [d.code for d in found.defects] == ["id-malformed"]
    assert claimed_id(Claims(id="09EFTOLONDON2618")) == parse_id("09LONDON2618")
    assert claimed_id(Claims()) is None and claimed_id(Claims(id="no id at all")) is None


def test_an_id_is_put_together_from_what_is_left() -> None:
    text = "text MOSCOW 00003707  002 OF 003 text"
    breaks = find_breaks(text, (Span(0, len(text)),), None, ())
    de = DeLine("RUEHMO", 3707, 1, 357, "06:11", Span(0, 0))
    found = told(Claims(), None, "2008-12-22T06:11Z", de, None, breaks, text)
    assert (str(found.id), found.basis) == ("08MOSCOW3707", "inferred")
    assert found.evidence and "DE line serial 3707" in found.evidence


def test_no_id_is_put_together_from_a_section_line_and_a_de_line_that_disagree() -> None:
    text = "text MOSCOW 00003707  002 OF 003 text"
    breaks = find_breaks(text, (Span(0, len(text)),), None, ())
    de = DeLine("RUEHMO", 3708, 1, 357, "06:11", Span(0, 0))
    assert told(Claims(), None, "2008-12-22T06:11Z", de, None, breaks, text).id is None


def test_no_id_is_put_together_without_a_year() -> None:
    de = DeLine("RUEHMO", 3707, 1, 357, "06:11", Span(0, 0))
    assert told(Claims(), None, None, de, "AMEMBASSY MOSCOW", [], "").id is None


def test_a_de_line_and_its_indicator_are_enough() -> None:
    de = DeLine("RUEHMO", 3707, None, 357, "06:11", Span(0, 0))
    assert str(told(Claims(), None, "2008-12-22T06:11Z", de, None, [], "").id) == "08MOSCOW3707"


@pytest.mark.parametrize(
    ("printed", "key", "expected"),
    [
        ("LIMA", "LIMA", True),
        ("SAN JOSE", "SANJOSE", True),
        ("XXXXXXXXXXXX", "SHENYANG", True),
        (None, "LIMA", True),
        ("BUENOS AIR", "BUENOSAIRES", True),
        ("SECSTATE", "STATE", True),
        ("QUITO", "LIMA", False),
        ("THE HAGUE", "LIMA", False),
        ("LIM", "LIMA", False),
        # one post's name begins another's
        ("GENEVA", "LIMA", False),
    ],
)
def test_whether_a_printed_station_can_be_the_post_of_an_id(printed: str | None, key: str, expected: bool) -> None:
    assert same_station(printed, key) is expected


def test_a_class_line_is_own_by_serial_and_station() -> None:
    claimed = parse_id("09LIMA812")
    assert is_own(line_of("UNCLAS LIMA 000812\n"), claimed)
    assert not is_own(line_of("UNCLAS LIMA 000813\n"), claimed)
    assert not is_own(line_of("UNCLAS QUITO 000812\n"), claimed)
    assert not is_own(line_of("UNCLAS LIMA 000812\n"), None)


NOWHERE = Span(0, 0)


@pytest.mark.parametrize(
    ("claims", "codes"),
    [
        (Claims(date="2009-06-12"), []),
        (Claims(date="2009-06-12T16:33"), []),
        (Claims(date="2009-06-13"), ["date-disagrees"]),
        (Claims(classification="UNCLASSIFIED"), []),
        (Claims(classification="UNCLASSIFIED//FOR OFFICIAL USE ONLY"), []),
        (Claims(classification="CONFIDENTIAL//NOFORN"), ["classification-disagrees"]),
        (Claims(subject="FERRIES IN PORT"), []),
        (Claims(subject="FERRIES IN PORT,"), []),
        # a carrier's subject loses an opening bracket, and is only the first printed line
        (Claims(subject="S) FERRIES IN PORT"), []),
        (Claims(subject="FERRIES"), []),
        (Claims(subject="THE BAND PLAYS IN THE RAIN"), ["subject-disagrees"]),
        (Claims(), []),
    ],
)
def test_claims_are_held_against_the_print(claims: Claims, codes: list[str]) -> None:
    line = line_of("UNCLAS LIMA 000812\n")
    found = check_claims(claims, "2009-06-12T15:00Z", line, "(S) FERRIES IN PORT, AND MORE", NOWHERE)
    assert [d.code for d in found] == codes


def test_the_header_is_held_against_the_id() -> None:
    identity = parse_id("09LIMA10812")
    de = DeLine("RUEHPE", 812, None, 163, "15:00", NOWHERE)
    assert check_header(identity, "2009-06-12T15:00Z", de, NOWHERE) == []
    other = DeLine("RUEHPE", 813, None, 163, "15:00", NOWHERE)
    assert [d.code for d in check_header(identity, "2008-06-12T15:00Z", other, NOWHERE)] == [
        "year-disagrees",
        "serial-disagrees",
    ]
    assert check_header(None, None, None, NOWHERE) == []


def section(number: int, of: int, kind: str = "section_break", page: int | None = None) -> Break:
    return Break(kind, NOWHERE, number, of, page)


@pytest.mark.parametrize(
    ("printed", "breaks", "codes"),
    [
        ("SECTION 01 OF 03 LIMA 000812", [section(2, 3), section(3, 3)], []),
        ("SECTION 01 OF 03 LIMA 000812", [section(3, 3)], ["section-missing"]),
        ("SECTION 01 OF 03 LIMA 000812", [section(2, 4), section(3, 4)], ["section-count-disagrees"]),
        ("SECTION 01 OF 03 LIMA 000812", [], ["section-marks-missing"]),
        ("LIMA 000812", [], []),
        ("LIMA 000812", [section(2, 2)], ["section-count-disagrees"]),
        ("LIMA 000812", [section(1, 1, "page_break", 2), section(1, 1, "page_break", 3)], []),
        ("LIMA 000812", [section(1, 1, "page_break", 1), section(1, 1, "page_break", 3)], ["page-missing"]),
    ],
)
def test_sections_and_pages_are_counted(printed: str, breaks: list[Break], codes: list[str]) -> None:
    line = line_of(f"UNCLAS {printed}\n")
    assert [d.code for d in check_sections("", line, (), breaks, NOWHERE)] == codes


def test_a_mark_above_the_class_is_told_once_a_kind() -> None:
    marks = [PortionMark(f"({m})", m, NOWHERE, "paragraph") for m in ("U", "C", "C", "S", "SBU")]
    assert [d.detail for d in check_marks("UNCLASSIFIED", marks)] == [
        "(C) in a cable classified UNCLASSIFIED",
        "(S) in a cable classified UNCLASSIFIED",
    ]
    assert check_marks("SECRET", marks) == [] and check_marks(None, marks) == []


@pytest.mark.parametrize(
    ("printed", "meant", "declassify_on", "dtg", "codes"),
    [
        ("12958", "12958", "2019-06-12", "2009-06-12T15:00Z", []),
        ("12598", "12958", "2019-06-12", "2009-06-12T15:00Z", ["eo-number"]),
        ("12958", "12958", "2009-06-12", "2009-06-12T15:00Z", ["declassify-year"]),
        ("12958", "12958", "OADR", "2009-06-12T15:00Z", []),
        # a stamp of the archives on an old cable is later by rule, or long past
        ("11652", "11652", "1979-01-01", "1979-06-12T15:00Z", []),
        (None, None, None, None, []),
    ],
)
def test_the_order_is_checked(
    printed: str | None, meant: str | None, declassify_on: str | None, dtg: str | None, codes: list[str]
) -> None:
    assert [d.code for d in check_order(meant, printed, declassify_on, dtg, NOWHERE)] == codes


def test_tiles_cover_gaps_and_cut_overlaps() -> None:
    text = "ab  cd ?? ef"
    labelled = [(0, 2, "paragraph"), (1, 4, "rule"), (10, 12, "signature")]
    assert [(s.kind, s.span.of(text)) for s in tile(text, labelled)] == [
        ("paragraph", "ab"),
        ("rule", "  "),
        ("unknown", "cd ??"),
        ("blank", " "),
        ("signature", "ef"),
    ]
    assert tile("", []) == ()


@given(
    st.text(alphabet="ab \n", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(["rule", "paragraph"])), max_size=8),
)
def test_tiles_always_tile(text: str, labelled: list[tuple[int, int, str]]) -> None:
    inside = [(s, min(e, len(text)), kind) for s, e, kind in labelled if s < len(text)]
    segments = tile(text, inside)
    assert "".join(s.span.of(text) for s in segments) == text
    assert all(s.span.start < s.span.end for s in segments)


@given(st.text(max_size=200))
def test_no_part_of_the_parser_raises_on_any_text(text: str) -> None:
    whole = Span(0, len(text))
    read_head(text, 0)
    find_breaks(text, (whole,), "LIMA", ())
    for flattened in (False, True):
        read_scopes(text, read(text, flattened))
    find_ending(text, 0)
    read_loose(text, 0, len(text))
    parse_authority(text)
    parse_declassification(text)
    parse_order(text, text)
    split_tags(text)
    captions_of(text)
    is_cancellation(text)
    read_items(text, ((0, len(text)),))
    assert Flow(text, [whole]).text == text
