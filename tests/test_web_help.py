"""The help page has all that can be asked, and each of its examples is answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archives import demo_home
from rooms import open_room
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from reftel.model import STATEMENT_KINDS
from reftel.query import FIELDS, HAS
from reftel.web.guard import ROLES
from reftel.web.pages.help import KEYS, WORDS


@pytest.fixture(scope="module")
def room() -> Iterator[TestClient]:
    with open_room(demo_home()) as client:
        yield client


@pytest.fixture(scope="module")
def tree(room: TestClient) -> LexborHTMLParser:
    answer = room.get("/help")
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_on_the_page(tree: LexborHTMLParser, name: str) -> None:
    field = FIELDS[name]
    entry = tree.css_first(f"#field-{name}")
    said = " ".join(entry.text().split())
    assert [node.text() for node in entry.css("dt code")] == [f"{one}:" for one in (name, *field.aliases)]
    assert field.sentence in said
    assert field.values in said
    assert [node.text() for node in entry.css(".examples a")] == list(field.examples)


@pytest.mark.parametrize(
    "query", [*WORDS, *(f"has:{name}" for name in HAS), *(f"kind:{name}" for name in STATEMENT_KINDS)]
)
def test_every_form_of_a_query_is_on_the_page(tree: LexborHTMLParser, query: str) -> None:
    assert query in [node.text() for node in tree.css("dt a code")]


def test_every_example_is_answered(room: TestClient, tree: LexborHTMLParser) -> None:
    links = {node.attributes["href"] or "" for node in tree.css("main a") if "q=" in (node.attributes["href"] or "")}
    assert len(links) > 100
    for link in sorted(links):
        path, _, asked = link.partition("?")
        answer = room.get(f"{path}.json?{asked}&limit=1")
        assert answer.status_code == 200, (link, answer.text)
        assert path == ("/statements" if any(f"q={name}%3A" in asked for name in _asked_of_statements()) else "/search")


def _asked_of_statements() -> list[str]:
    return [field.name for field in FIELDS.values() if field.of == "statement"]


def test_keys_and_roles_are_told(tree: LexborHTMLParser) -> None:
    assert [node.text() for node in tree.css("kbd")] == list(KEYS)
    told = tree.css_first("section[aria-labelledby=roles]").text()
    for role, meaning in ROLES.items():
        assert role in told
        assert meaning in told


def test_every_place_on_the_page_is_there(tree: LexborHTMLParser) -> None:
    for node in tree.css(".guide nav a"):
        assert tree.css_first(node.attributes["href"] or "") is not None
