"""Searching: the index against the second evaluator, totals, order, pages, facets, snippets."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest
from archives import demo_home, new_archive, shared_archive, views, write_dump, write_telegram
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.archive.index import FACETS, Index
from reftel.archive.search import SORTS, Hit, Search
from reftel.errors import ReftelError
from reftel.query import FIELDS, Query, QueryError, View, find_tokens, fold, matches, parse_query
from reftel.workbench import Archive

CASES = tomllib.loads((Path(__file__).parent / "cases" / "query_match.toml").read_text("utf-8"))["case"]
EXAMPLES = [example for field in FIELDS.values() for example in field.examples]
ASKED = sorted({*EXAMPLES, *(case["query"] for case in CASES), "*", "-*", "the", "the -the", "carrier:site"})


@cache
def demo_views() -> list[tuple[int, View]]:
    return list(views(shared_archive()))


@cache
def demo_search() -> Search:
    archive = shared_archive()
    archive.count("*")
    return Search(archive.store, Index(demo_home(), archive.store.meta("archive") or ""))


def keys_in_memory(query: Query) -> list[int]:
    return [key for key, view in demo_views() if matches(query.tree, view)]


# ---- the index and the second evaluator


@pytest.mark.parametrize("text", ASKED)
def test_index_and_memory_find_the_same_cables(text: str) -> None:
    query = parse_query(text)
    assert sorted(demo_search().keys(query)) == keys_in_memory(query)
    assert demo_search().count(query.tree) == len(keys_in_memory(query))


WORDS = st.sampled_from(
    [
        "the",
        "port",
        "ferry",
        "ministry",
        "energy",
        "a",
        "not",
        "end",
        "estonia",
        "ambassador",
        "summary",
        "u.s.",
        "1.4",
        "kallaste",
        "café",
        "mines",
        "said",
        "of",
        "de",
    ]
)
FIELD = st.sampled_from(
    (
        "subject:",
        "in:summary ",
        "in:comment ",
        "signer:",
        "from:",
        "to:",
        "info:",
        "tag:",
        "class:",
        "has:",
        "mark:",
        "",
    )
)
VALUE = st.sampled_from(
    (
        "tallinn",
        "lisbon",
        "prel",
        "enrg",
        "confidential",
        "defect",
        "references",
        "c",
        "u",
        "estonia",
        "washdc",
        "kall*",
        "p*",
    )
)


@st.composite
def leaves(draw: st.DrawFn) -> str:
    kind = draw(st.integers(0, 9))
    word = draw(WORDS)
    phrase = " ".join(draw(st.lists(WORDS, min_size=2, max_size=3)))
    near = draw(st.integers(1, 12))
    return {
        0: word,
        1: word,
        2: f'"{phrase}"',
        3: f'"{phrase}"~{near}',
        4: f"{word[:3]}*",
        5: f"{word}~{draw(st.integers(1, 2))}",
        6: f"={word.upper()}",
        7: draw(FIELD) + draw(VALUE),
        8: draw(FIELD) + word,
        9: f"date:{draw(st.integers(2002, 2010))}" + draw(st.sampled_from(("", "..2009", "..", "-03", "-12-31"))),
    }[kind]


def joined(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(children, min_size=2, max_size=3).map(" ".join),
        st.lists(children, min_size=2, max_size=3).map(" OR ".join),
        children.map(lambda text: f"-({text})"),
        children.map(lambda text: f"({text})"),
    )


@settings(max_examples=150)
@given(st.recursive(leaves(), joined, max_leaves=5))
def test_index_and_memory_agree_on_any_query(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError:
        return
    found = demo_search().keys(query)
    assert len(found) == len(set(found)) == demo_search().count(query.tree)
    assert sorted(found) == keys_in_memory(query)


@settings(max_examples=12)
@given(st.recursive(leaves(), joined, max_leaves=3))
def test_total_pages_and_stream_agree_on_any_query(text: str) -> None:
    try:
        parse_query(text)
    except QueryError:
        return
    archive = shared_archive()
    assert archive.search(text, limit=1).total == len(list(archive.search_all(text))) == archive.count(text)


# ---- order and pages


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", ["the", "*", "tallinn OR lisbon"])
def test_pages_hold_every_hit_once_and_in_the_order_of_the_stream(sort: str, text: str) -> None:
    archive = shared_archive()
    whole = [hit.address for hit in archive.search_all(text, sort=sort)]
    paged: list[str] = []
    while hits := archive.search(text, limit=7, offset=len(paged), sort=sort).hits:
        paged += [hit.address for hit in hits]
    assert paged == whole
    assert len(set(whole)) == len(whole) == archive.count(text)


def test_undated_cables_come_last_whichever_way_dates_are_sorted() -> None:
    archive = shared_archive()
    up = [hit.date for hit in archive.search_all("*", sort="date")]
    down = [hit.date for hit in archive.search_all("*", sort="-date")]
    assert up[-1] is down[-1] is None and None not in up[:-1]
    assert up[:-1] == sorted(up[:-1]) == down[:-1][::-1]  # type: ignore[type-var]


def test_length_sorts_by_the_number_of_words() -> None:
    archive = shared_archive()
    words = {key: view.numbers["length"] for key, view in demo_views()}
    lengths = [words[hit.key] for hit in archive.search_all("*", sort="length")]
    assert lengths == sorted(lengths)
    assert lengths == [words[hit.key] for hit in archive.search_all("*", sort="-length")][::-1]


def test_relevance_puts_the_better_match_first() -> None:
    hits = list(shared_archive().search_all("kallaste"))
    assert len(hits) > 1
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].score > hits[-1].score > 0


@pytest.mark.parametrize(
    ("limit", "offset", "count"), [(0, 0, 0), (1, 0, 1), (1 << 60, 0, 50), (5, 49, 1), (5, 50, 0), (5, 1 << 60, 0)]
)
def test_limit_and_offset_beyond_all_measure_are_no_harm(limit: int, offset: int, count: int) -> None:
    for sort in ("relevance", "date"):
        result = shared_archive().search("*", limit=limit, offset=offset, sort=sort)
        assert (result.total, len(result.hits)) == (50, count)


def test_what_cannot_be_asked_is_said() -> None:
    archive = shared_archive()
    with pytest.raises(ReftelError, match="below zero"):
        archive.search("*", offset=-1)
    with pytest.raises(ReftelError, match="cannot be sorted by 'size'"):
        archive.search("*", sort="size")
    with pytest.raises(ReftelError, match="no facet 'colour'"):
        archive.search("*", facets=["colour"])
    with pytest.raises(QueryError):
        archive.search('"open')


# ---- facets


@pytest.mark.parametrize("text", ["*", "the", "from:tallinn", "carrier:dump", "nosuchwordanywhere"])
def test_facets_count_all_hits_not_those_of_the_page(text: str) -> None:
    archive = shared_archive()
    result = archive.search(text, limit=1, facets=FACETS)
    hits = list(archive.search_all(text))
    for name, value_of in (
        ("year", lambda hit: hit.date and hit.date[:4]),
        ("classification", lambda hit: hit.classification),
    ):
        values = [value for hit in hits if (value := value_of(hit))]  # type: ignore[no-untyped-call]
        assert dict(result.facets[name]) == {value: values.count(value) for value in set(values)}
    assert sum(count for _, count in result.facets["post"]) == sum(hit.post is not None for hit in hits)
    tags = [tag for hit in hits for tag in dict.fromkeys(archive.store.cable(hit.key).tags)]
    assert dict(result.facets["tag"]) == {tag: tags.count(tag) for tag in set(tags)}
    carriers = [name for hit in hits for name in archive.store.carriers(hit.key)]
    assert dict(result.facets["carrier"]) == {name: carriers.count(name) for name in set(carriers)}
    assert result.facets == archive.facets(text)


def test_years_come_in_order_and_other_facets_by_count() -> None:
    spread = shared_archive().facets("*")
    assert spread["year"] == sorted(spread["year"])
    assert [count for _, count in spread["post"]] == sorted((count for _, count in spread["post"]), reverse=True)


# ---- snippets


def hits_of(text: str) -> list[Hit]:
    return list(shared_archive().search_all(text))


@pytest.mark.parametrize(
    "text",
    [
        "kallaste",
        "the",
        '"foreign minister"',
        '"minister kallaste"~5',
        "port*",
        "energy OR ministry",
        "kalaste~1",
        "=NATO",
    ],
)
def test_every_mark_of_a_snippet_is_a_word_asked_for(text: str) -> None:
    archive = shared_archive()
    asked = {fold(word) for word in ("kallaste", "the", "foreign", "minister", "energy", "ministry", "nato")}
    marks = 0
    for hit in hits_of(text):
        cable, snippet = archive.store.cable(hit.key), hit.snippet
        assert len(snippet.marks) == len(snippet.spans)
        for mark, span in zip(snippet.marks, snippet.spans, strict=True):
            marks += 1
            assert snippet.text[mark.start : mark.end] == span.of(cable.text)
            folded = [token.word for token in find_tokens(cable.text, span.start, span.end)]
            assert all(word in asked or word.startswith("port") for word in folded), folded
        assert list(snippet.marks) == sorted(snippet.marks)
        assert "\n" not in snippet.text
    assert marks


def test_a_hit_on_words_of_the_text_has_a_mark() -> None:
    for text in ("kallaste", '"foreign minister"', "port*"):
        assert all(hit.snippet.marks or hit.snippet.kind == "subject" for hit in hits_of(text))


def test_the_paragraph_that_matched_best_is_the_one_that_is_shown(tmp_path: Path) -> None:
    path = write_telegram(tmp_path / "a.txt", 1, words="The submarine surfaced beside the submarine tender.")
    with new_archive(tmp_path) as archive:
        archive.add([path], workers=0)
        [hit] = archive.search("submarine tender").hits
        assert (hit.snippet.kind, hit.snippet.number) == ("paragraph", 4)
        assert "submarine tender" in hit.snippet.text
        [hit] = archive.search("telegram").hits
        assert hit.snippet.kind == "subject"


# ---- in an archive that changes


def test_an_archive_found_open_sees_what_another_one_added(tmp_path: Path) -> None:
    with new_archive(tmp_path) as one:
        one.add([write_dump(tmp_path / "a.txt", 1)], workers=0)
        assert one.count("*") == 1
        with Archive.open(tmp_path / "archive") as other:
            other.add([write_dump(tmp_path / "b.txt", 2)], workers=0)
        assert one.count("*") == len(one) == 2
        with Archive.open(tmp_path / "archive") as other:
            other.rebuild(workers=0)
        assert one.count("*") == 2
        one.add([write_dump(tmp_path / "c.txt", 3)], workers=0)
        assert one.count("*") == 3 and one.notes == []
        assert one.doctor().findings == ()


def test_two_cables_with_the_same_words_are_ranked_the_same_way_twice() -> None:
    archive = shared_archive()
    assert [hit.key for hit in archive.search_all("the")] == [hit.key for hit in archive.search_all("the")]
