"""Who and what a cable names: persons, offices, things, protected sources, the user's own list."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import demo_sources
from growth import grows_with_length
from hypothesis import given
from hypothesis import strategies as st

from reftel.errors import ReftelError
from reftel.extract.names import Known, find_names, load_people
from reftel.extract.names.titles import country_in, office_of
from reftel.model import ENTITY_KINDS, MENTION_FORMS, Cable, Entity, Provenance, Source
from reftel.parse import parse

CASES = Path(__file__).parent / "cases"
HEAD = """R 061412Z FEB 08
FM AMEMBASSY TALLINN
TO SECSTATE WASHDC
C O N F I D E N T I A L TALLINN 000096

SIPDIS

E.O. 12958: N/A
TAGS: PREL
SUBJECT: QUIET

1. (C) """
END = "\n\nSTRATTON\n"


def cable_of(text: str, head: str = HEAD, end: str = END) -> Cable:
    """A cable from Tallinn of 6 February 2008 with one paragraph, signed by someone who is not the ambassador."""
    return parse(Source(head + text + end, Provenance("text", "telegram", "")))


def cases() -> list[Any]:
    rows = tomllib.loads((CASES / "names.toml").read_text("utf-8"))["case"]
    return [
        pytest.param(
            row,
            id=row["name"],
            marks=[pytest.mark.xfail(reason="known limit", strict=True)] if row.get("known") == "fails" else [],
        )
        for row in rows
    ]


def persons_of(entities: tuple[Entity, ...]) -> list[Entity]:
    return [e for e in entities if e.kind == "person"]


@pytest.mark.parametrize("case", cases())
def test_names_are_found(case: dict[str, Any]) -> None:
    cable = cable_of(case["text"])
    entities = find_names(cable)
    persons = persons_of(entities)
    expected = [[part.strip() for part in row.split("|")] for row in case["persons"]]
    assert [p.name for p in persons] == [row[0] for row in expected]
    for person, row in zip(persons, expected, strict=True):
        if len(row) > 1 and row[1]:
            assert person.role == row[1]
        if len(row) > 2 and (row[2] or case.get("country_none")):
            assert person.country == (row[2] or None)
    for key, told in {
        "mentions": [len(p.mentions) for p in persons],
        "identities": [p.identity or "" for p in persons],
        "candidates": sorted(c for p in persons for c in p.candidates),
        "offices": [e.name for e in entities if e.kind == "office"],
        "spans": [m.span.of(cable.text) for p in persons for m in p.mentions],
        "protected": [e.name for e in entities if e.protected],
    }.items():
        if key in case:
            assert told == case[key], key
    things = {f"{e.kind} {e.name}" for e in entities}
    assert set(case.get("things", ())) <= things
    assert not set(case.get("no_things", ())) & things


def check(cable: Cable, entities: tuple[Entity, ...]) -> None:
    """All that is promised of entities."""
    text = cable.text
    inside = [(p.spans[0].start, p.spans[-1].end) for p in cable.paragraphs if p.spans]
    spans = []
    for entity in entities:
        assert entity.kind in ENTITY_KINDS
        assert entity.name
        assert entity.mentions
        assert not (entity.identity and entity.candidates)
        assert (
            (entity.evidence is not None)
            or not (entity.identity or entity.candidates)
            or entity.kind not in ("person", "office")
        )
        for mention in entity.mentions:
            assert mention.form in MENTION_FORMS
            assert any(s <= mention.span.start < mention.span.end <= e for s, e in inside)
            assert text[mention.span.start : mention.span.end].strip() == mention.span.of(text)
            spans.append(mention.span)
        assert list(entity.mentions) == sorted(entity.mentions, key=lambda m: m.span)
    starts = [e.mentions[0].span for e in entities]
    assert starts == sorted(starts)
    spans.sort()
    assert all(a.end <= b.start for a, b in pairwise(spans)), "two mentions overlap"


def test_what_is_promised_holds_for_the_demo_collection() -> None:
    for source in demo_sources().values():
        cable = parse(source)
        entities = find_names(cable)
        check(cable, entities)
        assert entities == find_names(cable)


PIECES = (
    "Foreign Minister ", "Arvo ", "Kallaste", "'s ", " said ", "XXXXXXXXXXXX ", "(protect) ", "(", ")", ", ", ". ", "the ", "Ambassador ",
    "of ", "al-", "bin ", "Moscow ", "NATO ", "\n", "Putin ", "P. ", "head of the ", "-", "’", "Ministry of Energy (MOE) ", "President ",
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)))
def test_what_is_promised_holds_for_any_text(text: str) -> None:
    cable = cable_of(text)
    check(cable, find_names(cable))


@pytest.mark.parametrize(
    "piece",
    [
        "A",
        "Aa-",
        "Minister of ",
        "John ",
        "(protect",
        "X" * 40 + " ",
        "de la ",
        "Mr. ",
        "Aa, ",
        "Al-",
        "the President of ",
        "A.",
        "x",
        "J. ",
    ],
)
def test_time_grows_with_length_only(piece: str) -> None:
    assert grows_with_length(lambda count: cable_of(piece * count), find_names, 2_000, 20_000)


def test_a_name_cut_by_a_page_break_is_one_mention() -> None:
    text = (
        "All was quiet.  Foreign Minister Arvo \n\nTALLINN 00000096  002 OF 003 \n\nKallaste said the port would open."
    )
    head = HEAD.replace("TALLINN 000096", "SECTION 01 OF 03 TALLINN 000096")
    cable = cable_of(text, head)
    (person,) = persons_of(find_names(cable))
    assert person.name == "Arvo Kallaste"
    assert person.mentions[0].span.of(cable.text).startswith("Foreign Minister Arvo")


def test_the_evidence_says_who_signed() -> None:
    (person,) = persons_of(find_names(cable_of("The Ambassador left.")))
    assert person.evidence == (
        "Ambassador in Tallinn on 2008-02-06: Stanley Davis Phillips (office_holders); signed by STRATTON, who is not the ambassador"
    )


def test_who_classified_the_cable_holds_the_office_told_there() -> None:
    head = HEAD.replace(
        "SUBJECT: QUIET", "SUBJECT: QUIET\n\nClassified By: Econ/C Priscilla Doane for reasons 1.4 (b) and (d)."
    )
    (person,) = persons_of(find_names(cable_of("Econ/C asked for the letter.", head)))
    assert (person.name, person.country, person.mentions[0].form) == ("Priscilla Doane", "United States", "office")
    assert person.evidence is not None
    assert person.evidence.startswith("Classified by Priscilla Doane")


def test_a_gap_in_the_register_leaves_the_office_open() -> None:
    head = HEAD.replace("FEB 08", "FEB 31").replace("061412Z", "311412Z")
    entities = find_names(cable_of("The Ambassador left.", head))
    assert [(e.kind, e.identity) for e in entities] == [("office", None)]


# ---- the user's list


def listed(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "people.tsv"
    path.write_text("\n".join(("kind\tname\taliases\trole\tcountry\tpost\tstart\tend\tkey", *rows)) + "\n", "utf-8")
    return path


def test_the_users_list_comes_before_the_tables(tmp_path: Path) -> None:
    people = load_people(
        listed(
            tmp_path,
            "person\tArvo Kallaste\tthe Old Fox;Kalle\tForeign Minister\tEstonia\t\t2007\t2011-04\tkallaste",
            "organisation\tBaltgaz Transit\tBGT\t\tEstonia\t\t\t\t",
        )
    )
    cable = cable_of("The Foreign Minister left. Kalle said so to BGT. Baltgaz Transit denied it.")
    entities = find_names(cable, people)
    (person,) = persons_of(entities)
    assert (person.identity, person.country, len(person.mentions)) == ("kallaste", "Estonia", 2)
    assert person.evidence is not None
    assert "(your list)" in person.evidence
    (company,) = [e for e in entities if e.kind == "organisation"]
    assert (company.name, len(company.mentions)) == ("Baltgaz Transit", 2)


def test_a_term_that_is_over_names_nobody(tmp_path: Path) -> None:
    people = load_people(listed(tmp_path, "person\tArvo Kallaste\t\tForeign Minister\tEstonia\t\t2001\t2003\tk"))
    entities = find_names(cable_of("The Foreign Minister left."), people)
    assert [e.kind for e in entities] == ["office"]


def test_two_of_one_name_stay_candidates(tmp_path: Path) -> None:
    people = load_people(
        listed(tmp_path, "person\tArvo Kallaste\t\t\t\t\t\t\ta", "person\tArvo Kallaste\t\t\t\t\t\t\tb")
    )
    (person,) = persons_of(find_names(cable_of("Arvo Kallaste left."), people))
    assert (person.identity, person.candidates) == (None, ("a", "b"))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("persons\tArvo Kallaste", "row 2, column kind: 'persons' is none of person,"),
        ("person\t", "row 2, column name: it is empty"),
        ("person\tA B\t\t\t\tATLANTIS\t\t", "row 2, column post: 'ATLANTIS' is no post"),
        ("person\tA B\t\t\t\t\tspring\t", "row 2, column start: 'spring' is no date; write 2008,"),
    ],
)
def test_a_wrong_row_is_told_with_row_and_column(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(ReftelError, match=says.replace("(", r"\(")):
        load_people(listed(tmp_path, row))


def test_a_wrong_or_empty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "people.tsv"
    with pytest.raises(ReftelError, match="cannot be read"):
        load_people(path)
    path.write_text("", "utf-8")
    with pytest.raises(ReftelError, match="is empty"):
        load_people(path)
    path.write_text("kind\tnom\n", "utf-8")
    with pytest.raises(ReftelError, match="has no column 'nom'"):
        load_people(path)
    path.write_bytes(b"kind\tname\nperson\tJos\xe9\n")
    with pytest.raises(ReftelError, match="not UTF-8"):
        load_people(path)


# ---- what a phrase names


def test_the_head_of_a_phrase_comes_first() -> None:
    text = "Triin Maasik, head of the MFA's Russia desk, met Arvo Kallaste's adviser Peeter Ojaland."
    cable = cable_of(text)
    entities = find_names(cable)
    known = Known(entities, cable.text)
    begin = len(HEAD)

    def names(phrase: str) -> list[str]:
        at = cable.text.index(phrase, begin)
        return [entities[i].name for i in known.at(at, at + len(phrase))]

    assert names("Triin Maasik, head of the MFA's Russia desk")[0] == "Triin Maasik"
    assert names("Arvo Kallaste's adviser Peeter Ojaland") == ["Peeter Ojaland", "Arvo Kallaste"]
    assert names("met") == []
    assert [entities[i].name for i in known.near(begin + 6, begin + 7)] == ["Triin Maasik"]


@pytest.mark.parametrize(
    ("title", "office", "country"),
    [
        ("Russian FM", "foreign minister", "Russia"),
        ("former Foreign Minister", "foreign minister", None),
        ("Minister of Foreign Affairs", "foreign minister", None),
        ("External Affairs Minister", "foreign minister", None),
        ("Deputy Prime Minister", "deputy prime minister", None),
        ("PRC FM", "foreign minister", "China"),
        ("Director for Latin America", "director", None),
        ("Special Envoy to Sudan", "special envoy", None),
    ],
)
def test_what_a_title_means(title: str, office: str, country: str | None) -> None:
    assert country_in(title) == country
    if title != "Director for Latin America" and title != "Special Envoy to Sudan":
        assert office_of(title) == office
