"""The search pages of the reading room, and their answers as data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from archives import demo_home, shared_archive
from rooms import open_room, page, texts
from starlette.testclient import TestClient

from reftel.web.asked import combine
from reftel.web.months import draw_months
from reftel.web.saying import mark_up, say_day


@pytest.fixture(scope="module")
def room() -> Iterator[TestClient]:
    with open_room(demo_home()) as client:
        yield client


def test_a_search_lists_what_the_archive_finds_in_its_order(room: TestClient) -> None:
    tree = page(room, "/search?q=kallaste+pipeline&sort=date")
    hits = shared_archive().search("kallaste pipeline", sort="date", limit=20)
    assert [node.text() for node in tree.css(".hit .meta a")] == [hit.address for hit in hits.hits]
    assert f"{hits.total} cables" in texts(tree, ".tabs a")[0]
    assert {text.lower() for text in texts(tree, ".snippet mark")} <= {
        "kallaste",
        "kallaste's",
        "pipeline",
        "pipelines",
    }


@pytest.mark.parametrize("text", ["08TALLINN96", "08 tallinn 96", " 08tallinn96 "])
def test_an_id_leads_to_its_cable(room: TestClient, text: str) -> None:
    answer = room.get("/search", params={"q": text}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cable/08TALLINN96")


@pytest.mark.parametrize("text", ["08TALLINN97", "tallinn 96", "08TALLINN96 kallaste", "id:08TALLINN96", "96"])
def test_what_is_no_id_of_a_cable_is_searched_for(room: TestClient, text: str) -> None:
    assert room.get("/search", params={"q": text}, follow_redirects=False).status_code == 200


def test_a_facet_narrows_and_leaves_out(room: TestClient) -> None:
    tree = page(room, "/search?q=kallaste")
    links = {node.text().strip(): node.attributes["href"] for node in tree.css(".facets li a:first-child")}
    count = {
        node.css_first("a").text().strip(): int(node.css_first(".number").text()) for node in tree.css(".facets li")
    }
    within = page(room, links["Embassy Tallinn"] or "")
    assert texts(within, ".tabs a")[0] == f"{count['Embassy Tallinn']} cables"
    assert texts(within, "a.chip") == ['from:"Embassy Tallinn" ×']
    without = page(room, "/search?q=kallaste&f=-from:%22Embassy+Tallinn%22")
    total = shared_archive().count("kallaste")
    assert texts(without, ".tabs a")[0] == f"{total - count['Embassy Tallinn']} cables"


def test_every_facet_value_finds_as_many_as_it_says(room: TestClient) -> None:
    tree = page(room, "/search?q=minister")
    for node in tree.css(".facets li"):
        href = node.css_first("a").attributes["href"]
        answer = room.get((href or "").replace("/search?", "/search.json?"))
        assert answer.json()["total"] == int(node.css_first(".number").text()), href


def test_every_bar_finds_as_many_as_it_says(room: TestClient) -> None:
    tree = page(room, "/search?q=kallaste")
    bars = tree.css(".months a")
    assert len(bars) > 3
    for bar in bars:
        said = (bar.attributes["aria-label"] or "").rpartition(": ")[2]
        found = room.get((bar.attributes["href"] or "").replace("/search?", "/search.json?")).json()["total"]
        assert said == f"{found} cable{'s' if found > 1 else ''}"


def test_the_same_address_as_data(room: TestClient) -> None:
    told = room.get("/search.json?q=kallaste&sort=date&limit=3&page=2").json()
    held = shared_archive().search("kallaste", sort="date", limit=3, offset=3)
    assert told["total"] == held.total
    assert [hit["address"] for hit in told["hits"]] == [hit.address for hit in held.hits]
    assert (
        room.get("/search?q=kallaste&sort=date&limit=3&page=2", headers={"accept": "application/json"}).json() == told
    )


def test_csv_and_json_lines_hold_all_hits(room: TestClient) -> None:
    total = shared_archive().count("minister")
    rows = list(csv.DictReader(io.StringIO(room.get("/search.csv?q=minister&limit=2").text)))
    assert len(rows) == total
    assert len(room.get("/search.jsonl?q=minister&limit=2").text.splitlines()) == total
    said = shared_archive().count_said("said-by:kallaste")
    assert len(room.get("/statements.jsonl?q=said-by:kallaste").text.splitlines()) == said


def test_reference_managers_find_each_hit_and_the_bibliography_of_the_page(room: TestClient) -> None:
    tree = page(room, "/search?q=kallaste&limit=3")
    ids = [node.text() for node in tree.css(".hit .meta a")]
    assert [
        f"rft.identifier={one}" in (node.attributes["title"] or "")
        for one, node in zip(ids, tree.css(".Z3988"), strict=True)
    ] == [True] * 3
    links = {node.attributes["title"]: node.attributes["href"] for node in tree.css("link[rel=alternate][title]")}
    for form in ("bib", "ris", "csl"):
        text = room.get(links[form] or "").text
        assert all(one in text for one in ids)
        assert "demo/collection" not in text
    assert room.get("/search.exe?q=a").status_code == 404


def test_statements_show_source_cue_and_content(room: TestClient) -> None:
    tree = page(room, "/statements?q=said-by:kallaste+about:survey&sort=date")
    first = shared_archive().said("said-by:kallaste about:survey", sort="date").hits[0]
    assert texts(tree, ".hit .role-cue")[0] == first.cue
    assert texts(tree, ".hit .role-source")[0] == first.source


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/search?q=from:(", 400, "The query cannot be read"),
        ("/search?q=a&sort=size", 400, "Give one of"),
        ("/search?q=a&page=0", 400, "Give a whole number"),
        ("/search?q=a&limit=9999", 400, "Give a whole number"),
        (f"/search?q={'a' * 5000}", 400, "longer than"),
        ("/nowhere", 404, "There is no such page"),
        ("/static/x/../app.py", 404, ""),
        ("/static/x/%2e%2e/app.py", 404, ""),
    ],
)
def test_a_slip_is_told_in_a_sentence(room: TestClient, path: str, status: int, said: str) -> None:
    answer = room.get(path)
    assert answer.status_code == status
    assert said in answer.text
    assert "Traceback" not in answer.text


def test_a_slip_in_data_is_a_problem(room: TestClient) -> None:
    answer = room.get("/search.json?q=kallaste%20class:x")
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"], told["at"]) == (400, "query", [15, 16])


def test_where_nothing_is_found_it_is_told_why(room: TestClient) -> None:
    tree = page(room, "/search?q=kallaste+zeppelin")
    assert any("zeppelin" in text for text in texts(tree, ".said li"))


def test_a_query_is_shown_and_never_run(room: TestClient) -> None:
    answer = room.get("/search", params={"q": '"<script>alert(1)</script>'})
    assert "<script>alert" not in answer.text


def test_every_answer_forbids_what_a_page_does_not_need(room: TestClient) -> None:
    for path in ("/", "/search?q=a", "/nowhere", "/healthz"):
        policy = room.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_another_name_for_this_machine_is_refused(room: TestClient) -> None:
    assert room.get("/", headers={"host": "evil.example"}).status_code == 421
    assert room.get("/", headers={"host": "localhost:9"}).status_code == 200


@pytest.mark.parametrize(
    ("text", "filters", "whole"),
    [
        ("a b", (), "a b"),
        ("a b", ("tag:PREL",), "a b tag:PREL"),
        ("a OR b", ("tag:PREL",), "(a OR b) tag:PREL"),
        ("", ("date:2008", "-tag:PREL"), "date:2008 -tag:PREL"),
    ],
)
def test_filters_hold_beside_the_whole_query(text: str, filters: tuple[str, ...], whole: str) -> None:
    assert combine(text, filters).text == whole


def test_bars_stand_for_every_month_between() -> None:
    bars = draw_months([("2008-11", 2), ("2009-02", 4)])
    assert [bar.said for bar in bars] == ["2008-11", "2008-12", "2009-01", "2009-02"]
    assert [bar.cables for bar in bars] == [2, 0, 0, 4]
    assert [bar.label for bar in bars] == ["", "", "2009", ""]
    assert draw_months([("2008-11", 2)]) == []


def test_bars_of_many_years_are_years() -> None:
    bars = draw_months([("1966-12", 1), ("2009-01", 2), ("2009-12", 3)])
    assert (len(bars), bars[0].said, bars[-1].cables) == (44, "1966", 5)


@pytest.mark.parametrize(
    ("day", "said"),
    [("2008-12-18", "18 December 2008"), ("2008-12", "December 2008"), ("2008", "2008"), (None, "no date")],
)
def test_days_in_words(day: str | None, said: str) -> None:
    assert say_day(day) == said


def test_what_is_marked_is_escaped_and_as_long_as_before() -> None:
    assert str(mark_up("a <b> \u202ec", [(2, 5)])) == "a <mark>&lt;b&gt;</mark> \ufffdc"


@pytest.mark.parametrize(
    ("typed", "text", "at"),
    [
        ("kallaste from:tal", 'from:"Embassy Tallinn"', 9),
        ("-from:helsi", '-from:"Embassy Helsinki"', 0),
        ("tag:energ", "tag:ENRG", 0),
        ("kind:ind", "kind:indirect", 0),
        ("(pipel", "pipeline", 1),
        ("summ", "summary:", 0),
        ("said-by:kall", "said-by:kallaste", 0),
    ],
)
def test_what_is_typed_is_completed(room: TestClient, typed: str, text: str, at: int) -> None:
    told = {(one["text"], one["at"]): one for one in room.get("/complete.json", params={"q": typed}).json()}
    assert (text, at) in told
    query = text.removeprefix("-").removesuffix(":")
    if told[text, at]["cables"] is not None:
        assert told[text, at]["cables"] == shared_archive().count(query)


@pytest.mark.parametrize("typed", ["", "   ", "nosuchfield:x", "zzzzqqq", "date:2008", '"', "a" * 3000, "from:\x00"])
def test_nothing_is_suggested_where_nothing_fits(room: TestClient, typed: str) -> None:
    assert room.get("/complete.json", params={"q": typed}).json() == []


def test_a_protected_name_is_not_suggested_and_finds_nothing(room: TestClient) -> None:
    held = shared_archive()
    name = held.store.column("SELECT folded FROM protected ORDER BY 1")[0].split()[-1]
    assert name not in [one["text"] for one in room.get("/complete.json", params={"q": name[:4]}).json()]
    assert held.count(name) > 0
    assert room.get("/search.json", params={"q": name}).json()["total"] == 0
