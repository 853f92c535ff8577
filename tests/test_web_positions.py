"""Positions in the reading room: the ledger, its chart, two actors side by side."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from archives import demo_home, shared_archive
from rooms import open_room, page
from starlette.testclient import TestClient

ASKED = "who=kallaste&about=amber+OR+pipeline+OR+survey"


@pytest.fixture(scope="module")
def room() -> Iterator[TestClient]:
    with open_room(demo_home()) as client:
        yield client


def test_each_claim_is_one_click_from_its_sentence(room: TestClient) -> None:
    tree = page(room, f"/positions?{ASKED}")
    ledger = shared_archive().position("kallaste", "amber OR pipeline OR survey")
    links = [node.attributes["href"] or "" for node in tree.css(".told a")]
    assert len(links) == sum(len(occasion.entries) for occasion in ledger.occasions)
    dots = {node.attributes["href"] for node in tree.css(".chart svg a")}
    assert dots == set(links)
    for link in dict.fromkeys(links):
        path, _, anchor = (link or "").partition("#")
        assert page(room, path).css_first(f"#{anchor}") is not None


def test_verdicts_are_those_of_the_archive(room: TestClient) -> None:
    tree = page(room, f"/positions?{ASKED}")
    ledger = shared_archive().position("kallaste", "amber OR pipeline OR survey")
    assert [node.text() for node in tree.css(".step .verdict")] == [step.verdict for step in ledger.steps]
    held = [held for step in ledger.steps for held in step.held]
    assert len(tree.css(".held")) == len(held)


def test_two_actors_stand_side_by_side_by_day(room: TestClient) -> None:
    tree = page(room, "/positions?who=kallaste&other=ozdurak&about=amber+OR+lease")
    heads = [node.text() for node in tree.css(".sides thead th")]
    assert heads == ["Day", "Arvo Kallaste", "Nihat Ozdurak"]
    days = [node.text() for node in tree.css(".sides tbody th")]
    assert len(days) == len(set(days)) > 5


def test_a_ledger_as_data(room: TestClient) -> None:
    told = room.get(f"/positions.json?{ASKED}").json()
    assert [one["name"] for one in told] == ["Arvo Kallaste"]
    rows = list(csv.DictReader(io.StringIO(room.get(f"/positions.csv?{ASKED}").text)))
    assert len(rows) == sum(len(occasion["entries"]) for occasion in told[0]["occasions"])
    assert rows[-1]["verdict"] == "shifted"


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("", 200, "What somebody said on a question"),
        ("?who=zeppelin&about=x", 200, "No statement of zeppelin"),
        ("?who=kallaste&about=from:(", 400, "The query cannot be read"),
        ("?who=kallaste&about=x&from=soon", 400, "which is no date"),
        ("?who=kallaste&about=x&from=2009&to=2008", 400, "Exchange the two"),
    ],
)
def test_what_is_asked_is_read_with_care(room: TestClient, asked: str, status: int, said: str) -> None:
    answer = room.get(f"/positions{asked}")
    assert (answer.status_code, said in answer.text) == (status, True)


def test_the_picture_has_no_style_of_its_own(room: TestClient) -> None:
    assert " style=" not in room.get(f"/positions?{ASKED}").text
