"""Citations: titles, notes, and what bibliographies read back."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib

import pytest
from conftest import ROOT, demo_sources
from hypothesis import given
from hypothesis import strategies as st

from reftel.errors import ReftelError
from reftel.exports import STYLES, cite
from reftel.exports.title_case import headline
from reftel.model import Cable, Claims, Provenance, Source
from reftel.parse import parse
from reftel.readers import READERS

CASES = tomllib.loads((ROOT / "tests" / "cases" / "citation.toml").read_text("utf-8"))
TELEGRAM = """DE RUEHTL #0096/01 0371412
O P 061412Z FEB 08
FM AMEMBASSY TALLINN
TO RUEHC/SECSTATE WASHDC IMMEDIATE 2992
C O N F I D E N T I A L TALLINN 000096

SIPDIS

E.O. 12958: DECL: 02/05/2018
TAGS: PREL ENRG OVIP (MAREK,JOLANTA) EN
SUBJECT: MAREK'S PIPE TRIP AIMS TO MOVE AMBER RELATIONSHIP FORWARD

1. (C) The minister was cross about the survey.

2. (C) He may come round.
STRATTON
"""
SUBJECT = "SUBJECT: MAREK'S PIPE TRIP AIMS TO MOVE AMBER RELATIONSHIP FORWARD\n"
# All names of an item in the CSL-JSON schema that a telegram could have.
CSL_NAMES = {
    "archive", "archive_location", "author", "genre", "id", "issued", "keyword", "note", "number", "recipient", "title",
    "type",
}  # fmt: skip


def cable_of(text: str, locator: str = "cables/a.txt", **claims: str) -> Cable:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return parse(Source(text, Provenance(locator, "telegram", digest, Claims(**claims))))


def with_subject(subject: str) -> Cable:
    return cable_of(TELEGRAM.replace(SUBJECT, f"SUBJECT: {subject}\n"))


@pytest.mark.parametrize("case", CASES["headline"], ids=lambda case: case["name"])
def test_headline(case: dict[str, str]) -> None:
    assert headline(case["subject"], [case["body"]] if "body" in case else []) == case["want"]


@pytest.mark.parametrize("style", ["chicago", "turabian"])
@pytest.mark.parametrize("case", CASES["note"], ids=lambda case: case["name"])
def test_note(case: dict, style: str) -> None:
    text = TELEGRAM
    for old, new in case.get("change", {}).items():
        assert old in text
        text = text.replace(old, new)
    assert cite(cable_of(text, **case.get("claims", {})), style, case.get("paragraph")) == case[style]


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))), st.lists(st.text(max_size=40), max_size=3))
def test_a_headline_changes_nothing_but_the_case_of_letters(subject: str, body: list[str]) -> None:
    assert headline(subject, body).casefold() == subject.casefold()


@given(st.text(alphabet="AaBIS'’,.-/ :&1X", max_size=60), st.text(alphabet="AaBbIS'’,.-/ :&1Xx", max_size=60))
def test_a_headline_of_damage_has_the_same_letters(subject: str, body: str) -> None:
    assert headline(subject, [body]).upper() == subject.upper()


def test_the_record_keeps_the_print() -> None:
    cable = cable_of(TELEGRAM)
    cite(cable, "chicago")
    assert cable.subject == SUBJECT.removeprefix("SUBJECT: ").strip()


def test_an_unknown_style_is_told_with_those_there_are() -> None:
    with pytest.raises(ReftelError, match="There are: chicago, turabian, bibtex, ris, csl"):
        cite(cable_of(TELEGRAM), "harvard")


def test_a_paragraph_that_is_not_there_is_told() -> None:
    with pytest.raises(ReftelError, match="08TALLINN96 has no paragraph 9: its numbers run from 1 to 2"):
        cite(cable_of(TELEGRAM), "chicago", 9)
    bare = cable_of(TELEGRAM.replace("1. ", "").replace("2. ", ""))
    with pytest.raises(ReftelError, match="no numbered paragraphs"):
        cite(bare, "chicago", 1)


@pytest.mark.parametrize("style", STYLES)
def test_every_cable_of_the_collection_can_be_cited(style: str) -> None:
    assert STYLES[style].sentence.endswith(".")
    for source in demo_sources().values():
        text = cite(parse(source), style)
        assert text == text.rstrip("\r\n")
        assert "None" not in text


def test_every_reader_has_words_for_what_it_reads() -> None:
    for name in READERS:
        cable = parse(Source(TELEGRAM, Provenance("a.txt", name, "0" * 64)))
        assert " " in json.loads(cite(cable, "csl"))["archive"]


# ---- BibTeX


def read_bibtex(text: str) -> list[tuple[str, dict[str, str]]]:
    """Entries as BibTeX itself sees them: braces are counted, those after a backslash too."""
    found = []
    at = 0
    while (begin := text.find("@misc{", at)) >= 0:
        key, at = text[begin + 6 : (comma := text.index(",", begin))], comma + 1
        fields = {}
        while (field := re.compile(r"\s*(\w+) = ").match(text, at)) is not None:
            at = field.end()
            if text[at] != "{":
                at, value = (end := re.compile(r"[,\n]").search(text, at).start()), text[at:end]
            else:
                depth, start = 0, at
                while True:
                    depth += {"{": 1, "}": -1}.get(text[at], 0)
                    at += 1
                    if depth == 0:
                        break
                value = text[start + 1 : at - 1]
            fields[field[1]] = value
            at += text[at] == ","
        assert text[at : at + 2] == "\n}"
        found.append((key, fields))
    return found


LATEX = {
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}", r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^", r"\textless{}": "<", r"\textgreater{}": ">", r"\textbar{}": "|", r"\$": "$",
    r"\&": "&", r"\#": "#", r"\%": "%", r"\_": "_", "``": '"', "''": '"',
}  # fmt: skip


def unescaped(text: str) -> str:
    inner = text[1:-1] if text.startswith("{") else text
    pattern = "|".join(re.escape(key) for key in sorted(LATEX, key=len, reverse=True))
    return re.sub(pattern, lambda m: LATEX[m[0]], inner)


def test_a_bibtex_entry() -> None:
    [(key, fields)] = read_bibtex(cite(cable_of(TELEGRAM), "bibtex", 2))
    assert key == "08TALLINN96"
    assert fields == {
        "author": "{Embassy Tallinn}",
        "title": "{Marek's Pipe Trip Aims to Move Amber Relationship Forward}",
        "howpublished": "Telegram 08TALLINN96 to Secretary of State",
        "date": "2008-02-06",
        "year": "2008",
        "month": "feb",
        "keywords": "PREL, ENRG, OVIP, MAREK JOLANTA, EN",
        "note": f"para. 2; Classification: CONFIDENTIAL, SIPDIS; SHA-256 of the text: {cable_of(TELEGRAM).source.sha256[:16]}",
        "library": "text of the telegram: cables/a.txt",
    }


def test_a_date_of_the_carrier_is_told_as_such_and_none_is_nd() -> None:
    text = TELEGRAM.replace("O P 061412Z FEB 08\n", "")
    [(_, fields)] = read_bibtex(cite(cable_of(text, date="2008-02-06"), "bibtex"))
    assert fields["date"] == "2008-02-06"
    assert "Date from the carrier, none is printed" in fields["note"]
    [(_, fields)] = read_bibtex(cite(cable_of(text), "bibtex"))
    assert fields["year"] == "n.d."
    assert "date" not in fields and "month" not in fields


@pytest.mark.parametrize(
    "subject",
    [
        "50% of $9 & #1 in a_b ~ x^2 \\ <y> | z",
        "one } and } again {",
        'the "last" ship (and "a map")',
        "São Bento, Ōsaka and Москва",
    ],
)
def test_specials_of_latex_come_back(subject: str) -> None:
    [(_, fields)] = read_bibtex(cite(with_subject(subject), "bibtex"))
    assert unescaped(fields["title"]) == with_subject(subject).subject


# ---- RIS


def read_ris(text: str) -> list[tuple[str, str]]:
    lines = text.split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines), lines
    return [(line[:2], line[6:]) for line in lines]


def test_a_ris_record() -> None:
    lines = read_ris(cite(cable_of(TELEGRAM), "ris", 1))
    assert lines[0] == ("TY", "PCOMM")
    assert lines[-1] == ("ER", "")
    assert ("AU", "Embassy Tallinn") in lines
    assert ("A2", "Secretary of State") in lines
    assert ("DA", "2008/02/06/") in lines
    assert ("M1", "08TALLINN96") in lines
    assert [value for tag, value in lines if tag == "KW"] == ["PREL", "ENRG", "OVIP", "MAREK,JOLANTA", "EN"]
    assert ("N1", "para. 1") in lines


# U+2028 parts lines for many programs; the last turns the text round
BREAKS = "A\u2028ER  - \x85TY  - BOOK \x0b \x1b[31m RED \u202eDER"


def test_no_subject_breaks_a_line_or_the_terminal() -> None:
    for style in STYLES:
        cable = cable_of(TELEGRAM.replace(SUBJECT, ""), subject=BREAKS)
        text = cite(cable, style)
        assert not re.search("[\u2028\x85\x0b\x1b\u202e]", text)
    assert [tag for tag, _ in read_ris(cite(cable, "ris"))].count("ER") == 1


# ---- CSL


def test_a_csl_item() -> None:
    item = json.loads(cite(cable_of(TELEGRAM), "csl"))
    assert set(item) <= CSL_NAMES
    assert item["type"] == "personal_communication"
    assert item["genre"] == "Telegram"
    assert item["number"] == item["id"] == "08TALLINN96"
    assert item["author"] == [{"literal": "Embassy Tallinn"}]
    assert item["recipient"] == [{"literal": "Secretary of State"}]
    assert item["issued"] == {"date-parts": [[2008, 2, 6]]}
    assert item["archive_location"] == "cables/a.txt"


def test_the_locator_of_csl_stands_beside_the_item() -> None:
    found = json.loads(cite(cable_of(TELEGRAM), "csl", 2))
    assert set(found) == {"id", "label", "locator", "itemData"}
    assert (found["label"], found["locator"]) == ("paragraph", "2")
    assert found["itemData"] == json.loads(cite(cable_of(TELEGRAM), "csl"))


def test_what_is_unknown_is_left_out_of_a_csl_item() -> None:
    item = json.loads(cite(cable_of("E.O. 12958: N/A\nTAGS: PREL\n\n1. (U) All quiet here.\n"), "csl"))
    assert item["id"].startswith("telegram-")
    assert not {"author", "recipient", "issued", "number"} & set(item)
    assert item["title"] == "[no subject]"
