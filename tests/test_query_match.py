"""The query answered in memory: words, views of cables, highlights."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import demo_sources
from hypothesis import given
from hypothesis import strategies as st
from told import find_told

from reftel.model import Cable
from reftel.pipeline.read import parse_source
from reftel.query import (
    FIELDS,
    View,
    exact_words,
    find_tokens,
    fold,
    fold_words,
    highlight,
    match,
    matches,
    parse_query,
    passage_texts,
    score_passage,
    view_cable,
    view_with_statements,
)
from reftel.query.edits import within_edits
from reftel.query.places import find_near, find_phrase
from reftel.query.tokens import LONGEST_WORD, fold_pieces
from reftel.query.tree import And, Near, Not, Or, Phrase, Tree, Word

CASES = tomllib.loads((Path(__file__).parent / "cases" / "query_match.toml").read_text("utf-8"))["case"]
EXAMPLES = [example for field in FIELDS.values() for example in field.examples]
TREES = [parse_query(query).tree for query in [*EXAMPLES, *(case["query"] for case in CASES)]]


@cache
def demo() -> list[tuple[Cable, View]]:
    cables = [parse_source(source) for source in demo_sources().values()]
    return [(cable, view_with_statements(cable, find_told(cable))) for cable in cables]


def cable_at(place: str) -> Cable:
    return parse_source(demo_sources()[place])


def ids_of(query: str) -> set[str]:
    tree = parse_query(query).tree
    return {cable.id or "" for cable, view in demo() if matches(tree, view)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"])
def test_a_query_finds_cables_of_the_demo_collection(case: dict[str, Any]) -> None:
    found = ids_of(case["query"])
    if "finds" in case:
        assert sorted(found) == sorted(case["finds"])
    assert set(case.get("among", ())) <= found
    assert not set(case.get("not", ())) & found


@pytest.mark.parametrize("query", EXAMPLES)
def test_an_example_finds_some_of_the_demo_collection_but_not_all(query: str) -> None:
    tree = parse_query(query).tree
    assert 0 < sum(matches(tree, view) for _, view in demo()) < len(demo())


def test_a_cable_is_matched_as_its_view_is() -> None:
    for cable, view in demo()[:8]:
        for tree in TREES:
            assert match(tree, cable, find_told(cable)) == matches(tree, view)


# ---- words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Russia's, Russia,s", ["russia", "s", "russia", "s"]),
        ("São Paulo, ZÜRICH", ["sao", "paulo", "zurich"]),
        ("¶3. “Straße” – 1.4(b)", ["3", "strasse", "1", "4", "b"]),
        ("snake_case A1B2", ["snake", "case", "a1b2"]),
        ("Иван ИВАН", ["иван", "иван"]),
        ("a\0b", ["a", "b"]),
        (" \0 ", []),
        ("x" * 200, ["x" * LONGEST_WORD]),
        ("é" * 200, ["e" * LONGEST_WORD]),
        ("", []),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert fold_words(text) == words


TEXTS = st.one_of(
    st.text(),
    st.text("aA 1é¶“-_\0\nßİﷺͺ½Σς北" + "x" * 3),
    st.text("aé", min_size=79, max_size=83),
    # more kinds of signs than are blanked one by one
    st.lists(st.characters(min_codepoint=0x2000, max_codepoint=0x2300), max_size=40).map("a".join),
)


@given(TEXTS)
def test_words_tokens_and_exact_words_agree(text: str) -> None:
    folded = fold_words(text)
    tokens = find_tokens(text)
    assert folded == [token.word for token in tokens]
    assert folded == [fold(word) for word in exact_words(text)]
    assert [text[t.start : t.end][:LONGEST_WORD] for t in tokens] == exact_words(text)
    for word in folded:
        assert word and word.split() == [word]
        assert len(word) <= LONGEST_WORD
        assert fold(word) == word


@given(st.lists(TEXTS, max_size=5))
def test_pieces_fold_as_each_alone(texts: list[str]) -> None:
    assert fold_pieces(texts) == [fold_words(text) for text in texts]


@given(TEXTS, st.integers(0, 20), st.integers(0, 20))
def test_tokens_of_a_range_are_those_of_the_slice(text: str, start: int, length: int) -> None:
    end = min(start + length, len(text))
    start = min(start, end)
    assert [t.word for t in find_tokens(text, start, end)] == fold_words(text[start:end])


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_edits_are_counted_as_by_the_plain_rule(word: str, other: str) -> None:
    def distance(a: str, b: str) -> int:
        if not a or not b:
            return len(a) + len(b)
        least = min(distance(a[1:], b) + 1, distance(a, b[1:]) + 1, distance(a[1:], b[1:]) + (a[0] != b[0]))
        if len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0]:
            least = min(least, distance(a[2:], b[2:]) + 1)
        return least

    true = distance(word, other)
    for edits in (1, 2):
        assert within_edits(word, other, edits) == (true <= edits)


def test_a_letter_takes_part_in_one_slip_only() -> None:
    assert not within_edits("ca", "abc", 2)
    assert within_edits("wrod", "word", 1)


WORDS = st.lists(st.sampled_from("abcd"), max_size=12)


@given(WORDS, st.lists(st.sampled_from("abc"), min_size=2, max_size=3), st.integers(0, 4))
def test_near_is_a_window_with_so_few_others(words: list[str], wanted: list[str], within: int) -> None:
    width = within + len(wanted)
    windows = [words[i : i + width] for i in range(len(words))]
    true = any(all(window.count(w) >= wanted.count(w) for w in wanted) for window in windows)
    found = list(find_near(words, wanted, within))
    assert bool(found) == true
    for window in found:
        assert len(window) <= width
        assert all([words[i] for i in window].count(w) >= wanted.count(w) for w in wanted)


@given(WORDS, st.lists(st.sampled_from("abc"), min_size=2, max_size=3))
def test_a_phrase_is_near_without_others_among(words: list[str], phrase: list[str]) -> None:
    if any(True for _ in find_phrase(words, phrase)):
        assert any(True for _ in find_near(words, phrase, 0))


# ---- views


@pytest.mark.parametrize("place", list(demo_sources()))
def test_a_view_holds_together(place: str) -> None:
    cable = cable_at(place)
    view = view_cable(cable)
    texts = [passage_texts(cable, passage) for passage in view.passages]
    assert view.words["text"] == [[w for piece in pieces for w in fold_words(piece)] for pieces in texts]
    assert view.exact == {w for pieces in texts for piece in pieces for w in exact_words(piece)}
    assert view.numbers["length"] == sum(map(len, view.words["text"]))
    begins = [passage.spans[0].start for passage in view.passages if passage.spans]
    assert begins == sorted(begins)
    for passage in view.passages:
        if passage.paragraph is not None:
            assert passage.spans == cable.paragraphs[passage.paragraph].spans
    for part in ("summary", "comment", "action"):
        assert bool(view.words[part]) == (part in view.terms["has"])
        # what a part holds, its paragraphs hold too
        assert {w for words in view.words[part] for w in words} <= {w for words in view.words["text"] for w in words}
    # every field of the table that is asked by the tree is there
    assert {f.name for f in FIELDS.values() if f.kind == "text" and f.of == "cable"} <= set(view.words)
    assert {f.name for f in FIELDS.values() if f.kind == "keyword" and f.of == "cable"} <= set(view.terms)
    for statement in view_with_statements(cable, find_told(cable)).statements:
        assert {f.name for f in FIELDS.values() if f.kind == "text" and f.of == "statement"} == set(statement.words)
        assert {f.name for f in FIELDS.values() if f.kind == "keyword" and f.of == "statement"} == set(statement.terms)


def test_the_carriers_of_all_witnesses_can_be_given() -> None:
    cable = cable_at("dump/08TALLINN96.txt")
    assert view_cable(cable).terms["carrier"] == {"dump"}
    assert view_cable(cable, ("dump", "site")).terms["carrier"] == {"dump", "site"}


def test_a_phrase_runs_on_over_a_page_break_but_no_word_does() -> None:
    cut = next(c for c, _ in demo() if any(len(p.spans) > 1 for p in c.paragraphs))
    paragraph = next(p for p in cut.paragraphs if len(p.spans) > 1)
    before, after = fold_words(paragraph.spans[0].of(cut.text))[-1], fold_words(paragraph.spans[1].of(cut.text))[0]
    assert match(Phrase("text", (before, after)), cut)
    assert not match(Word("text", before + after), cut)


def test_a_station_of_other_times_is_the_same_post() -> None:
    cable = cable_at("dump/08TALLINN96.txt")
    claims = type(cable.source.claims)(origin="Embassy Kyiv")
    source = type(cable.source)("x", "dump", "", claims)
    values = {f: getattr(cable, f) for f in cable.__struct_fields__} | {"origin": None, "source": source}
    for cable_id in ("06KIEV12", "09KYIV12", None):
        moved = Cable(**{**values, "id": cable_id})
        assert view_cable(moved).terms["from"] == {"post:KYIV", "country:ukraine"}
        assert match(parse_query("from:kiev"), moved)


# ---- the laws of and, or, not

SOME_TREES = st.lists(st.sampled_from(TREES), min_size=1, max_size=4)


@given(SOME_TREES, st.integers(0, 1000))
def test_and_or_and_not_keep_their_laws(trees: list[Tree], which: int) -> None:
    view = demo()[which % len(demo())][1]
    each = [matches(tree, view) for tree in trees]
    assert matches(And(tuple(trees)), view) == all(each)
    assert matches(Or(tuple(trees)), view) == any(each)
    assert matches(Not(Or(tuple(trees))), view) == matches(And(tuple(Not(tree) for tree in trees)), view)
    assert matches(Not(Not(trees[0])), view) == each[0]


# ---- highlights and scores


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("gas", "Gas, oil and GAS", ["Gas", "GAS"]),
        ('"gas oil"', "gas and oil; gas, oil", ["gas", "oil"]),
        ('"oil gas"~1', "gas and oil, then the gas", ["gas", "oil"]),
        ("gas -oil", "gas and oil", ["gas"]),
        ("mis* OR wrod~1", "missile word misty", ["missile", "word", "misty"]),
        ("=Turkey", "Turkey, turkey", ["Turkey"]),
        ("gas from:oslo signer:oil", "gas oslo oil", ["gas"]),
        ("oil in:comment", "oil", ["oil"]),
        ("has:summary 2008", "2008", []),
        ("*", "gas", []),
    ],
)
def test_what_is_marked_in_a_passage(query: str, text: str, marked: list[str]) -> None:
    tokens = find_tokens(text)
    found = highlight(parse_query(query).tree, tokens, text)
    assert [text[tokens[i].start : tokens[i].end] for i in found] == marked


def test_without_the_text_an_exact_word_is_marked_in_any_case() -> None:
    assert highlight(parse_query("=Turkey").tree, find_tokens("Turkey, turkey")) == [0, 1]


@pytest.mark.parametrize(
    ("query", "score"),
    [("gas", 1), ("gas coal", 1), ("gas oil", 2), ('"gas oil"', 2), ('gas "gas oil"', 3), ("-gas", 0), ("coal", 0)],
)
def test_a_passage_scores_by_what_it_holds(query: str, score: float) -> None:
    assert score_passage(parse_query(query).tree, ["gas", "oil"]) == score


def test_a_word_near_itself_must_stand_twice() -> None:
    assert list(find_near(["a", "b"], ["a", "a"], 5)) == []
    assert list(find_near(["a", "b", "a"], ["a", "a"], 1)) == [range(0, 3)]
    assert isinstance(parse_query('"a a"~5').tree, Near)
