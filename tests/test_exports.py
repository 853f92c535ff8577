"""Exports: the record as JSON, and the clean telegram that reads the same again."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from conftest import ROOT, demo_sources
from hypothesis import given
from hypothesis import strategies as st
from views import fields_kept_by_cable_text

from reftel.exports import record
from reftel.exports.cable_text import render
from reftel.exports.record_docs import with_generated_part
from reftel.model import REFERENCE_KINDS, SEGMENT_KINDS, Cable, Claims, Provenance, Source
from reftel.parse import parse
from reftel.readers import read_text

HEADER = """VZCZCXRO1234
PP RUEHXD RUEHMO
DE RUEHTL #0096/01 0371412
ZNY CCCCC ZZH
O P 061412Z FEB 08 ZDK
FM AMEMBASSY TALLINN
TO RUEHC/SECSTATE WASHDC IMMEDIATE 2992
INFO RUEHHE/AMEMBASSY HELSINKI PRIORITY 0102
RUCNDT/USMISSION USUN NEW YORK 0300-0301
"""
HEAD = """C O N F I D E N T I A L SECTION 01 OF 02 TALLINN 000096

SIPDIS

E.O. 12958: DECL: 02/05/2018
TAGS: PREL ENRG OVIP (MAREK,JOLANTA) EN
SUBJECT: A PIPE TOO FAR

REF: A. 07 HELSINKI 902
     B. STATE 9214 AND 9215

Classified By: Ambassador Ruth Stratton for reasons 1.4 (b) and (d).

"""
BODY = """¶1. (C) SUMMARY: The minister was cross about the survey and

TALLINN 00000096  002 OF 002

would not sign.  END SUMMARY.

-------
COMMENT
-------
¶2. (C/NF) He may come round in
¶2009. We shall see.
STRATTON
"""


def cable_of(text: str, **claims: str) -> Cable:
    provenance = Provenance("text", "telegram", hashlib.sha256(text.encode()).hexdigest(), Claims(**claims))
    return parse(Source(text, provenance))


@pytest.mark.parametrize("place", demo_sources())
def test_a_telegram_rendered_and_parsed_again_is_the_same_cable(place: str) -> None:
    cable = parse(demo_sources()[place])
    again = parse(read_text(render(cable)))
    assert fields_kept_by_cable_text(again) == fields_kept_by_cable_text(cable)


@pytest.mark.parametrize("place", demo_sources())
def test_a_telegram_rendered_twice_is_the_same_telegram(place: str) -> None:
    once = render(parse(demo_sources()[place]))
    assert render(parse(read_text(once))) == once


@pytest.mark.parametrize("place", demo_sources())
def test_a_record_comes_back_whole(place: str) -> None:
    cable = parse(demo_sources()[place])
    raw = record.encode(cable)
    assert record.decode(raw) == cable
    assert record.encode(record.decode(raw)) == raw
    assert b"\n" not in raw


def test_a_whole_telegram() -> None:
    assert render(cable_of(HEADER + HEAD + BODY)) == HEADER + HEAD.replace(
        "   B. STATE 9214 AND 9215", "   B. STATE 9214; 08 STATE 9215"
    ).replace("0096\n\nSIPDIS", "0096\nSIPDIS") + (
        "1. (C) SUMMARY: The minister was cross about the survey and\nwould not sign.  END SUMMARY.\n\n"
        "COMMENT\n-------\n\n"
        "2. (C/NF) He may come round in\n2009. We shall see.\n\n"
        "STRATTON\n"
    )


def test_lost_header_and_class_line_stay_lost() -> None:
    lines = render(
        cable_of("DE RUEHTL #0096/01 0371412\nP 061412Z FEB 08\n\nE.O. 12958: N/A\n\n1. (U) All quiet here.\n")
    )
    assert not any(line.startswith(("FM", "TO", "INFO", "UNCLAS", "TAGS", "SUBJECT")) for line in lines.splitlines())


def test_sections_without_a_class_line_are_kept_by_one_section_line() -> None:
    text = (
        "DE RUEHTL #0096/01 0371412\nP 061412Z FEB 08\n\nE.O. 12958: N/A\n\n1. (U) All was quiet when\n\n"
        "TALLINN 00000096  002 OF 003 \n\nthe minister left.\n\n2. (U) He went home.\n"
    )
    lines = render(cable_of(text)).splitlines()
    assert [line for line in lines if " OF " in line] == ["TALLINN 00000096  001 OF 003"]
    assert "the minister left." in lines


def test_what_only_the_carrier_says_goes_before_the_telegram() -> None:
    claims = {"id": "08TALLINN96", "date": "2008-02-06", "classification": "CONFIDENTIAL", "origin": "Embassy Tallinn"}
    cable = cable_of("SIPDIS\n\nE.O. 12958: N/A\nTAGS: PREL\nSUBJECT: QUIET\n\n1. (U) All quiet here.\n", **claims)
    rendered = render(cable)
    assert rendered.split("\n")[:5] == [
        "08TALLINN96",
        "",
        "Wed Feb 06 00:00:00 +0000 2008",
        "CONFIDENTIAL",
        "Embassy Tallinn",
    ]
    again = parse(read_text(rendered))
    assert (again.id, again.classification, again.subject) == ("08TALLINN96", "CONFIDENTIAL", "QUIET")


def test_a_carrier_s_impossible_date_gives_no_record_lines() -> None:
    cable = cable_of("E.O. 12958: N/A\nTAGS: PREL\n\n1. (U) All quiet here.\n", id="08TALLINN96", date="2008-13-45")
    assert cable.id == "08TALLINN96"
    assert "08TALLINN96" not in render(cable)


def test_sub_paragraphs_that_lost_their_line_breaks_get_them_again() -> None:
    text = (
        HEADER
        + HEAD
        + f"1. (C) The minister {'really ' * 12}asked for three things:  -- A ship.  -- A map.  -- A promise.\n\nSTRATTON\n"
    )
    lines = render(cable_of(text)).splitlines()
    assert {"-- A ship.", "-- A map.", "-- A promise."} <= set(lines)


def test_a_line_that_lost_its_breaks_is_broken_again_and_no_number_begins_a_line() -> None:
    words = " ".join(f"word{i} 2009. more" for i in range(60))
    lines = render(cable_of(HEADER + HEAD + f"1. (C) {words}\n\nSTRATTON\n")).splitlines()
    body = lines[lines.index("Classified By: Ambassador Ruth Stratton for reasons 1.4 (b) and (d).") + 2 : -2]
    assert len(body) > 5
    assert max(map(len, body)) < 100
    assert not any(line[0].isdigit() for line in body[1:])


def test_a_line_as_it_was_sent_is_not_broken() -> None:
    line = "1. (C) " + "w" * 40 + " " + "x" * 50
    assert line in render(cable_of(HEADER + HEAD + line + "\n\nSTRATTON\n"))


@given(st.text())
def test_any_text_can_be_rendered(text: str) -> None:
    assert render(cable_of(text)).endswith("\n")


def test_the_schema_says_what_each_field_of_a_cable_holds() -> None:
    fields = record.schema()["$defs"]["Cable"]["properties"]
    assert [key for key, shape in fields.items() if "description" not in shape] == []
    assert set(record.MEANINGS) == set(fields)


def test_records_fit_the_schema_in_keys() -> None:
    required = set(record.schema()["$defs"]["Cable"]["required"])
    for source in demo_sources().values():
        assert set(msgspec.json.decode(record.encode(parse(source)))) == required


def test_the_page_on_the_record_is_in_step() -> None:
    page = (ROOT / "docs" / "record.md").read_text("utf-8")
    assert with_generated_part(page) == page, "run: python -m reftel.exports.record_docs docs/record.md"


def test_every_kind_that_a_record_uses_is_named() -> None:
    for source in demo_sources().values():
        cable = parse(source)
        assert {s.kind for s in cable.segments} <= set(SEGMENT_KINDS)
        assert {r.kind for r in cable.references} <= set(REFERENCE_KINDS)
