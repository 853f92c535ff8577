"""The pages on people: who is named most, one of them, an office, and what is told of a protected source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import demo_home, shared_archive, write_telegram
from rooms import open_room, page, texts
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from reftel.archive import persons
from reftel.archive.persons import most_named
from reftel.masking import is_pseudonym
from reftel.positions.offices import split_office
from reftel.web.guard import Session
from reftel.web.months import draw_years
from reftel.workbench import Archive

PROTECTED = "Sarpkaya"  # the demo collection's source whom a drafter asks to protect


@pytest.fixture(scope="module")
def room() -> Iterator[TestClient]:
    with open_room(demo_home()) as client:
        yield client


# ---- the list


def test_the_list_has_those_in_most_cables_first_and_leads_to_each(room: TestClient) -> None:
    tree = page(room, "/people")
    held = shared_archive().people(masked=True)[:60]
    rows = tree.css(".persons tbody tr")
    assert [row.css_first("td.number").text() for row in rows] == [str(one.cables) for one in held]
    assert [
        row.css_first("th").text().strip().split("  ")[0].startswith(one.name)
        for row, one in zip(rows, held, strict=True)
    ]
    first = page(room, rows[0].css_first("a").attributes["href"] or "")
    assert texts(first, "h1") == [held[0].name]


def test_the_list_as_data_is_that_of_the_archive(room: TestClient) -> None:
    told = room.get("/people.json").json()["people"]
    assert [one["name"] for one in told] == [one.name for one in shared_archive().people(masked=True)[:300]]
    assert page(room, "/people?page=2").css_first("nav.pages") is not None
    assert room.get("/people?page=0").status_code == 400


def test_a_big_archive_lists_names_instead_and_counts_each_right(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = shared_archive()
    monkeypatch.setattr(persons, "FEW", 0)
    found = {one.name: one for one in archive.most_named()}
    assert list(found) == [one.name for one in most_named(archive.store, 300)]
    kallaste = found["Kallaste"]
    cables, mentions, statements = archive.store.rows(
        "SELECT count(DISTINCT cable), sum(mentions), sum(statements) FROM entities WHERE kind = 'person' AND folded = 'kallaste'"
    )[0]
    assert (kallaste.cables, kallaste.mentions, kallaste.statements) == (cables, mentions, statements)
    counts = [one.cables for one in found.values()]
    assert counts == sorted(counts, reverse=True)
    assert len(archive.most_named(3)) == 3


# ---- a person


def test_a_person_in_full(room: TestClient) -> None:
    tree = page(room, "/person?name=arvo+kallaste")
    profile, _ = shared_archive().who("arvo kallaste", masked=True)
    assert profile is not None
    person = profile.person
    assert texts(tree, "h1") == [person.name]
    assert f"Named {person.mentions} times in {person.cables} cables" in texts(tree, ".lead")[0]
    roles = texts(tree, "section[aria-labelledby=offices] tbody th")
    assert [role.startswith(office.role) for role, office in zip(roles, person.offices, strict=True)] == [True] * len(
        roles
    )
    first = tree.css("section[aria-labelledby=offices] tbody a")
    assert [node.text() for node in first] == [office.cable for office in person.offices]
    aside = texts(tree, ".person > aside li")
    assert {f"{post}{cables}" for post, cables in profile.reported_by} <= set(aside)
    assert {f"{name}{cables}" for name, cables in profile.with_whom} <= set(aside)


def test_the_bars_of_a_person_are_its_mentions_by_year(room: TestClient) -> None:
    tree = page(room, "/person?name=arvo+kallaste")
    profile, _ = shared_archive().who("arvo kallaste")
    assert profile is not None
    said = [node.attributes["aria-label"] for node in tree.css(".years a")]
    assert said == [f"{year}: {mentions} mentions" for year, _, mentions in profile.years]


def test_the_latest_statements_are_its_own_and_lead_to_their_place(room: TestClient) -> None:
    tree = page(room, "/person?name=arvo+kallaste")
    told = room.get("/person.json?name=arvo+kallaste").json()
    assert told["statements"]
    assert all("Kallaste" in one["speaker"] for one in told["statements"])
    days = [one["day"] or one["date"] if "day" in one else one["date"] for one in told["statements"]]
    assert days == sorted(days, reverse=True)
    links = [node.attributes["href"] or "" for node in tree.css(".hit a")]
    assert len(links) == len(told["statements"])
    assert all("#s" in link and link.startswith("/cable/") for link in links)


def test_a_form_asks_for_the_position_on_a_question(room: TestClient) -> None:
    form = page(room, "/person?name=arvo+kallaste").css_first("form[action='/positions']")
    assert form.css_first("input[name=who]").attributes["value"] == "Arvo Kallaste"
    assert form.css_first("input[name=about]") is not None


def test_a_name_that_fits_several_asks_which_one(room: TestClient) -> None:
    tree = page(room, "/person?name=minister")
    _, candidates = shared_archive().who("minister", masked=True)
    assert texts(tree, "h1") == ["Which one?"]
    rows = tree.css(".persons tbody tr")
    assert len(rows) == min(60, len(candidates))
    links = [a.attributes["href"] or "" for row in rows if (a := row.css_first("th a")) is not None]
    assert links
    for link in links:
        assert texts(page(room, link), "h1") != ["Nobody of this name"], link


def test_nobody_of_a_name(room: TestClient) -> None:
    tree = page(room, "/person?name=zorglub+%3Cb%3E", status=404)
    assert texts(tree, "h1") == ["Nobody of this name"]
    assert "zorglub <b>" in texts(tree, ".lead")[0]
    assert room.get("/person?name=", follow_redirects=False).headers["location"] == "/people"
    assert room.get(f"/person?name={'a' * 300}").status_code == 400


# ---- an office


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("foreign minister of Estonia", ("foreign minister", "Estonia")),
        ("Estonian foreign minister", ("foreign minister", "Estonia")),
        ("prime minister of the UK", ("prime minister", "United Kingdom")),
        ("minister of foreign affairs of Portugal", ("minister of foreign affairs", "Portugal")),
        ("foreign minister", None),
        ("minister of defence", None),
        ("Estonia", None),
        ("", None),
    ],
)
def test_an_office_and_its_country(text: str, parts: tuple[str, str] | None) -> None:
    assert split_office(text) == parts


def test_an_office_of_a_country_has_its_holders(room: TestClient) -> None:
    tree = page(room, "/person?name=foreign+minister+of+Estonia")
    assert texts(tree, "h1") == ["Foreign minister, Estonia"]
    assert [text.startswith("Arvo Kallaste") for text in texts(tree, "section[aria-labelledby=holders] tbody th")] == [
        True
    ]
    told = room.get("/person.json?name=foreign+minister+of+Estonia").json()
    assert [one["name"] for one in told["office"]["holders"]] == ["Arvo Kallaste"]
    assert all("Kallaste" in one["speaker"] for one in told["statements"])


def test_a_deputy_holds_another_office(tmp_path: Path) -> None:
    words = "Prime Minister Jonas Fjeld of Norway told Deputy Prime Minister Karl Fjord of Norway that he agreed"
    with Archive.open(tmp_path / "archive", create=True) as archive:
        archive.add(write_telegram(tmp_path / "a.txt", 1, words=words), workers=0)
        plain, deputy = archive.office("prime minister of Norway"), archive.office("deputy prime minister of Norway")
    assert plain is None or "Karl Fjord" not in [one.name for one in plain.holders]
    assert deputy is None or "Jonas Fjeld" not in [one.name for one in deputy.holders]


# ---- protected sources


def test_who_knows_the_name_of_a_protected_source_is_not_told_that_it_is_one(room: TestClient) -> None:
    for name in (PROTECTED, PROTECTED.upper(), f"Vedat {PROTECTED}", f"general {PROTECTED}"):
        answer = room.get(f"/person?name={name}", headers={"accept": "text/html"})
        nobody = room.get("/person?name=Zorglub", headers={"accept": "text/html"})
        assert answer.status_code == nobody.status_code == 404
        assert texts(LexborHTMLParser(answer.text), "h1") == texts(LexborHTMLParser(nobody.text), "h1")
        assert "protect" not in LexborHTMLParser(answer.text).css_first("main").text()
        told = room.get(f"/person.json?name={name}").json()
        assert told == {"name": name, "profile": None, "office": None, "candidates": [], "statements": []}


def test_a_protected_source_stands_under_a_pseudonym_that_leads_nowhere(room: TestClient) -> None:
    hidden = {one.name for one in shared_archive().most_named(masked=True)} - {
        one.name for one in shared_archive().most_named()
    }
    assert hidden
    assert all(map(is_pseudonym, hidden))
    for path in ("/people", "/people?page=2", "/people.json"):
        assert PROTECTED not in room.get(path).text
    for name in hidden:
        assert room.get(f"/person?name={name}").status_code == 404
    rows = [row for at in (1, 2, 3) for row in page(room, f"/people?page={at}").css(".persons tbody tr")]
    found = [row for row in rows if row.css_first("th").text().strip().split()[0] in hidden]
    assert found
    assert all(row.css_first("a") is None for row in found)


def test_who_shows_the_names_sees_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reftel.web.pages.people.session_of", lambda request: Session(None, "keeper", True, "x" * 43))
    with open_room(demo_home()) as room:
        tree = page(room, f"/person?name={PROTECTED}")
        assert PROTECTED in texts(tree, "h1")[0]
        assert "A drafter asks to protect this source" in texts(tree, "main p.soft")[0]
        assert PROTECTED in room.get("/people").text


def test_bars_of_years() -> None:
    bars = draw_years([("2005", 3), ("2008", 6), ("no date", 2)])
    assert [(bar.said, bar.cables) for bar in bars] == [("2005", 3), ("2006", 0), ("2007", 0), ("2008", 6)]
    assert bars[3].height == 2 * bars[0].height
    assert draw_years([("no date", 2)]) == []
