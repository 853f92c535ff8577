"""Asking behind the veil: what is found is what the masked cables say, so that no question tells whose a pseudonym is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import new_archive, write_dump

from reftel.query import match, matches_statement, parse_query, view_with_statements
from reftel.query.tree import Said
from reftel.workbench import Archive

TEXTS = {
    1: "Osk Tamm (strictly protect) said the ferry is late. Ida Roos said the bridge is open.",
    2: "Osk Tamm said the ferry is early. Ida Roos said it is not.",
    3: "Nobody but Osk Tamm knows the tamarind market.",
    4: "Ida Roos said it is not.",
    5: "It is late, Tamm said yesterday. The ferry waits.",
    6: "Eva Tamm said the ferry is late. Osk Lepp denied it.",
}
QUERIES = (
    "tamm", "osk", '"osk tamm"', "osk tamm", '"tamm said"~3', "tam*", "tamn~1", "=Tamm", "=tamm", "-tamm", "ferry -tamm", "tamm OR bridge",
    "ferry tamm", "-(tamm OR bridge)", "said-by:tamm", "said-by:tamm about:ferry", "-said-by:tamm", "said-by:(tamm OR roos)", "said-by:tam*",
    "about:ferry -said-by:tamm", "ferry", "said-by:roos", "*", "lisbon", "eva", "said-by:(eva tamm)", "tamm id:09LISBON2",
)  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Six cables of Lisbon; the first protects Osk Tamm. 09OSLO5 has another Tamm."""
    home = tmp_path_factory.mktemp("veil")
    for number, words in TEXTS.items():
        write_dump(home / "in" / f"{number}.txt", number, words=words)
    oslo = (home / "in" / "5.txt").read_text("utf-8").replace("LISBON", "OSLO").replace("Lisbon", "Oslo")
    (home / "in" / "oslo.txt").write_text(oslo, "utf-8")
    with new_archive(home) as archive:
        archive.add(home / "in", workers=0)
        yield archive


@pytest.mark.parametrize("text", QUERIES)
def test_a_search_finds_what_the_masked_cables_say(archive: Archive, text: str) -> None:
    query = parse_query(text)
    store = archive.store
    keys = store.column("SELECT key FROM cables ORDER BY key")
    masked = {key: archive._mask().cable(store.cable(key), store.findings(key)) for key in keys}
    result = archive.search(query, limit=100, masked=True)
    assert sorted(hit.key for hit in result.hits) == [key for key in keys if match(query, *masked[key])]
    assert result.total == len(result.hits)


@pytest.mark.parametrize("text", QUERIES)
def test_statements_are_those_of_the_masked_cables(archive: Archive, text: str) -> None:
    store = archive.store
    asked = archive.said(text, limit=0).query.tree
    wanted = []
    for key in store.column("SELECT key FROM cables ORDER BY key"):
        view = view_with_statements(*archive._mask().cable(store.cable(key), store.findings(key)))
        found = [i for i, one in enumerate(view.statements) if matches_statement(asked, one, view)]
        wanted += [(key, i) for i in found]
    result = archive.said(text, limit=100, masked=True)
    assert sorted((hit.key, hit.ordinal) for hit in result.hits) == wanted
    assert result.total == len(wanted)
    assert "Osk Tamm" not in repr(result.hits)


@pytest.mark.parametrize(
    "query", ["tamm", "said-by:tamm", '"osk tamm"', "tam* ferry", "-tamm", "ferry OR tamm", "ferry -tamm"]
)
def test_a_protected_name_is_answered_like_one_that_stands_nowhere(archive: Archive, query: str) -> None:
    others = "from:lisbon -id:09LISBON6 -tamarind"  # without a Tamm whom nobody protects
    mine, strangers = (f"({name}) {others}" for name in (query, query.replace("tam", "zum")))
    for_mine, for_strangers = (archive.search(q, sort="date", limit=100, masked=True) for q in (mine, strangers))
    assert for_mine.hits == for_strangers.hits
    assert for_mine.total == for_strangers.total
    counts = [[part.count for part in archive.explain(q, masked=True) if part.depth == 0] for q in (mine, strangers)]
    assert counts[0][1:] == counts[1][1:]


def test_pages_and_totals_agree_behind_the_veil(archive: Archive) -> None:
    whole = [hit.id for hit in archive.search("tamm OR ferry", sort="date", limit=100, masked=True).hits]
    pages = [archive.search("tamm OR ferry", sort="date", limit=2, offset=i, masked=True) for i in range(0, 8, 2)]
    assert [hit.id for page in pages for hit in page.hits] == whole
    assert {page.total for page in pages} == {len(whole)}


def test_a_snippet_is_chosen_and_marked_as_in_the_masked_cable(archive: Archive) -> None:
    [hit] = archive.search("(tamm OR bridge) id:09LISBON1", masked=True).hits
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["bridge"]
    [plain] = archive.search("(tamm OR bridge) id:09LISBON1").hits
    assert "Tamm" in [plain.snippet.text[start:end] for start, end in plain.snippet.marks]


def test_without_a_veil_all_is_found(archive: Archive) -> None:
    assert archive.search("tamm").total == 6
    assert archive.said("said-by:tamm").total > archive.said("said-by:tamm", masked=True).total


def test_a_query_without_a_protected_word_is_asked_once(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    from reftel.archive.search import Search

    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Search, "keys", fail)
    assert archive.search("ferry -bridge said-by:roos", masked=True).total >= 0
    assert isinstance(parse_query("said-by:roos").tree, Said)


def test_a_surname_that_is_flagged_alone_is_hidden_with_any_first_name_at_that_post(tmp_path: Path) -> None:
    texts = {
        1: "tram is late, Mr. Vepp (strictly protect) said.",
        2: "tram is early, Juhan Vepp said. Ida Roos said it is not.",
        3: "Ida Roos said it is not.",
    }
    for number, words in texts.items():
        write_dump(tmp_path / "in" / f"{number}.txt", number, words=words)
    oslo = (tmp_path / "in" / "2.txt").read_text("utf-8").replace("LISBON", "OSLO").replace("Lisbon", "Oslo")
    (tmp_path / "in" / "oslo.txt").write_text(oslo, "utf-8")
    with new_archive(tmp_path) as archive:
        archive.add(tmp_path / "in", workers=0)
        assert archive.search("juhan", masked=False).total == 2
        assert "Juhan" not in archive.mask(archive.get("09LISBON2")).text
        assert "Vepp" not in archive.mask(archive.get("09LISBON2")).text
        assert "Juhan Vepp" in archive.mask(archive.get("09OSLO2")).text
        assert [hit.address for hit in archive.search("vepp", masked=True).hits] == ["09OSLO2"]
        assert {hit.cable for hit in archive.said("said-by:vepp", masked=True).hits} == {"09OSLO2"}
