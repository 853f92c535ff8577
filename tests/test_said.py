"""Who said what: queries of statements in memory and in the index, `reftel said`, what is shown of it."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from archives import reftel
from conftest import demo_sources
from hypothesis import given, settings
from hypothesis import strategies as st
from told import TOLD, find_told, names_of, told_archive

from reftel.archive import answer
from reftel.archive.index import Index, place_of, split_place
from reftel.archive.said import SAID_SORTS, SaidSearch, as_reported
from reftel.archive.search import Search
from reftel.errors import ReftelError
from reftel.model import Attribution, Cable, Findings
from reftel.pipeline.read import parse_source
from reftel.query import (
    FIELDS,
    Query,
    QueryError,
    View,
    match,
    matches,
    matches_statement,
    parse_query,
    parts,
    say,
    view_with_statements,
)
from reftel.query.attributions import attribute
from reftel.query.say import say_of_statement
from reftel.query.tree import Tree, children
from reftel.workbench import Archive

CASES = TOLD["case"]
EXAMPLES = [example for field in FIELDS.values() if field.of == "statement" for example in field.examples]
QUERIES = sorted({*EXAMPLES, *(case["query"] for case in CASES), "*", "-*", "from:tallinn", "-from:tallinn"})


@cache
def told_home() -> Path:
    """An archive of the demo collection with the statements of statements.py; not to be written to."""
    return told_archive(Path(tempfile.mkdtemp()))


@cache
def archive() -> Archive:
    return Archive.open(told_home())


@cache
def searches() -> Search:
    return Search(archive().store, Index(told_home(), archive().store.meta("archive") or ""))


@cache
def told() -> list[tuple[Cable, Findings, View]]:
    """The two cables for which statements are written down."""
    ids = dict.fromkeys(row["cable"] for row in TOLD["statement"])
    cables = [parse_source(demo_sources()[f"dump/{name}.txt"]) for name in ids]
    return [(c, find_told(c), view_with_statements(c, find_told(c))) for c in cables]


@cache
def held() -> list[tuple[int, View]]:
    """Every cable of the archive as the second evaluator sees it."""
    store = archive().store
    keys = store.column("SELECT key FROM cables WHERE lead IS NOT NULL ORDER BY key")
    return [(key, view_with_statements(store.cable(key), store.findings(key), store.carriers(key))) for key in keys]


def places_in_memory(query: Query) -> list[int]:
    return [
        place_of(key, i)
        for key, view in held()
        for i, statement in enumerate(view.statements)
        if matches_statement(query.tree, statement, view)
    ]


# ---- what a query means


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"])
def test_a_query_finds_statements(case: dict[str, Any]) -> None:
    tree = as_reported(parse_query(case["query"])).tree
    found = [
        name
        for cable, _, view in told()
        for name, statement in zip(names_of(cable.id or ""), view.statements, strict=True)
        if matches_statement(tree, statement, view)
    ]
    assert sorted(found) == sorted(case["finds"])


@pytest.mark.parametrize("case", [c for c in CASES if "cables" in c], ids=lambda case: case["query"])
def test_a_query_finds_the_cables_with_such_statements(case: dict[str, Any]) -> None:
    query = parse_query(case["query"])
    assert [cable.id for cable, findings, _ in told() if match(query, cable, findings)] == case["cables"]


@pytest.mark.parametrize("query", [c["query"] for c in CASES])
def test_without_findings_a_cable_has_no_statement(query: str) -> None:
    tree = parse_query(query).tree
    for cable, _, view in told():
        bare = view_with_statements(cable, None)
        assert bare.statements == ()
        if matches(tree, bare):
            assert matches(tree, view) or "-" in query


# ---- the index and the second evaluator


def check(text: str) -> None:
    """The index finds the same statements, and the same cables, as the second evaluator."""
    query = parse_query(text)
    search, said = searches(), SaidSearch(searches())
    in_memory = [key for key, view in held() if matches(query.tree, view)]
    assert sorted(search.keys(query)) == in_memory
    assert search.count(query.tree) == len(in_memory)
    reported = as_reported(query)
    found = [place_of(hit.key, hit.ordinal) for hit in said.all(query)]
    assert sorted(found) == places_in_memory(reported)
    assert said.count(reported.tree) == len(found)
    assert said.count(query.tree) == len(places_in_memory(query))


@pytest.mark.parametrize("text", QUERIES)
def test_index_and_memory_find_the_same_statements(text: str) -> None:
    check(text)


WORD = st.sampled_from(
    ["the", "pipeline", "kallaste", "ministry", "a", "of", "summary", "said", "ambassador", "triin", "minister", "not"]
)
ANY = st.sampled_from(
    (
        "kind:direct",
        "kind:implicit",
        "stance:+",
        "stance:-",
        "voice:drafter",
        "voice:reported",
        "kind:in*",
        "from:tallinn",
        "has:summary",
        "2008",
        "kallaste",
        "tag:PREL",
    )
)
WORDS_FIELD = st.sampled_from(("said-by:", "said-to:", "about:"))


@st.composite
def leaves(draw: st.DrawFn) -> str:
    word, field = draw(WORD), draw(WORDS_FIELD)
    phrase = " ".join(draw(st.lists(WORD, min_size=2, max_size=3)))
    return {
        0: draw(ANY),
        1: draw(ANY),
        2: field + word,
        3: f'{field}"{phrase}"',
        4: f'{field}"{phrase}"~{draw(st.integers(1, 20))}',
        5: f"{field}{word[:3]}*" if len(word) > 1 else field + word,
        6: f"{field}{word}~1" if len(word) > 2 else field + word,
        7: f"{field}({word} OR {draw(WORD)})",
        8: f"said:{draw(st.integers(2002, 2010))}" + draw(st.sampled_from(("", "..2009", "..", "-02", "-02-04"))),
    }[draw(st.integers(0, 8))]


def joined(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(children, min_size=2, max_size=3).map(" ".join),
        st.lists(children, min_size=2, max_size=3).map(" OR ".join),
        children.map(lambda text: f"-({text})"),
        children.map(lambda text: f"({text})"),
    )


@pytest.mark.parametrize("many", [0, 20_000])
@settings(max_examples=80)
@given(text=st.recursive(leaves(), joined, max_leaves=6))
def test_index_and_memory_agree_on_any_query_of_statements(many: int, text: str) -> None:
    """many: from how many answers on the one index is asked only for what the other has; 0: always."""
    try:
        parse_query(text)
    except QueryError:
        return
    searches().index.kept.clear()
    with patch.object(answer, "_MANY", many):
        check(text)


@given(text=st.recursive(leaves(), joined, max_leaves=8))
def test_every_node_has_its_place_in_the_query(text: str) -> None:
    def walk(node: Tree) -> None:
        assert 0 <= node.span[0] < node.span[1] <= len(text)
        for child in children(node):
            walk(child)

    try:
        tree = parse_query(text).tree
    except QueryError:
        return
    walk(tree)
    say(tree)
    say_of_statement(tree)
    for part in parts(tree):
        say(part)


def test_a_place_is_key_and_ordinal() -> None:
    for key, ordinal in ((1, 0), (17, 4095), (1 << 30, (1 << 20) - 1)):
        assert split_place(place_of(key, ordinal)) == (key, ordinal)


# ---- order and pages


@pytest.mark.parametrize("sort", SAID_SORTS)
@pytest.mark.parametrize("text", ["about:the", "said-by:kallaste", "from:tallinn", "*"])
def test_pages_hold_every_statement_once_and_in_the_order_of_the_stream(sort: str, text: str) -> None:
    whole = [(hit.key, hit.ordinal) for hit in archive().said_all(text, sort=sort)]
    paged: list[tuple[int, int]] = []
    while hits := archive().said(text, limit=11, offset=len(paged), sort=sort).hits:
        paged += [(hit.key, hit.ordinal) for hit in hits]
    assert paged == whole
    assert len(set(whole)) == len(whole) == archive().count_said(text) == archive().said(text, limit=0).total


def day_of(hit: Attribution) -> str | None:
    return hit.statement.date or hit.date


def test_dates_are_those_of_the_speech_else_of_the_cable_and_undated_ones_come_last() -> None:
    up = [day_of(hit) for hit in archive().said_all("*", sort="date")]
    down = [day_of(hit) for hit in archive().said_all("*", sort="-date")]
    dated = [day for day in up if day]
    assert up == dated + [None] * (len(up) - len(dated))
    first_days = [f"{day}-01-01"[:10] if len(day) == 4 else f"{day}-01"[:10] for day in dated]
    assert first_days == sorted(first_days)
    assert down[: len(dated)][0] == max(dated) and down[len(dated) :] == [None] * (len(up) - len(dated))


def test_what_is_said_of_it_comes_before_what_stands_round_it() -> None:
    hits = archive().said_all("about:pipeline said-by:kallaste id:08TALLINN96")
    names = names_of("08TALLINN96")
    # in the content; only in the paragraph
    assert [names[hit.ordinal] for hit in hits] == ["against", "permit", "patrol"]


def test_nothing_about_is_asked_so_the_oldest_comes_first() -> None:
    hits = list(archive().said_all("said-by:kallaste"))
    assert [(hit.key, hit.ordinal) for hit in hits] == [
        (hit.key, hit.ordinal) for hit in archive().said_all("said-by:kallaste", sort="date")
    ]


def test_a_hit_is_the_attribution_of_the_cable() -> None:
    [hit] = archive().said("said-by:maasik kind:mixed id:08TALLINN96").hits
    store = archive().store
    findings = store.findings(hit.key)
    assert findings is not None
    assert hit == list(attribute(store.cable(hit.key), findings, hit.key))[hit.ordinal]
    assert "".join(text for text, _ in hit.pieces).startswith("In a separate meeting")


def test_what_cannot_be_asked_is_said() -> None:
    with pytest.raises(ReftelError, match="below zero"):
        archive().said("*", offset=-1)
    with pytest.raises(ReftelError, match="cannot be sorted by 'length'"):
        archive().said("*", sort="length")
    with pytest.raises(ReftelError, match="cannot be sorted by 'length'"):
        list(archive().said_all("*", sort="length"))


def test_a_query_of_cables_says_that_nothing_was_asked_of_statements() -> None:
    assert "Nothing is asked of statements" in archive().said("from:tallinn").query.notes[-1]
    assert archive().said("said-by:kallaste").query.notes == ()


# ---- in an archive that changes


def test_statements_follow_their_cable(tmp_path: Path) -> None:
    with Archive.open(told_archive(tmp_path)) as one:
        assert one.count_said("said-by:maasik id:08TALLINN96") == 2
        assert one.count("about:views") == len(
            {hit.key for hit in one.said_all("about:views voice:(drafter OR reported)")}
        )
        before = one.count("about:views")
        [named] = one.find("08TALLINN96")
        [lead] = one.store.column("SELECT lead FROM cables WHERE key = ?", named.key)
        with one.store.transaction():
            one.store.drop_findings(lead)
        assert one.count_said("id:08TALLINN96") == 0
        assert one.count("said-by:maasik id:08TALLINN96") == 0
        assert one.count("about:views") == before - 1
        assert one.count("id:08TALLINN96") == 1
        assert one.count_said("said-by:raudvere id:09TALLINN214") == 1
        assert one.doctor().findings == ()


# ---- snippets and explanations


def test_a_hit_of_search_shows_the_statement_that_answers_best() -> None:
    [hit] = archive().search("said-by:kallaste about:permit munitions id:08TALLINN96").hits
    snippet = hit.snippet
    assert (snippet.kind, snippet.number, snippet.marking) == ("statement", 1, "C")
    assert snippet.text.startswith("He said Estonia would not grant")
    assert [snippet.text[s:e] for s, e in snippet.marks] == ["He", "said", "permit"]
    cable = archive().store.cable(hit.key)
    assert [span.of(cable.text) for span in snippet.spans] == ["He", "said", "permit"]


def test_where_only_words_answer_the_snippet_is_of_the_words() -> None:
    [hit] = archive().search("id:08TALLINN96 (said-by:nobody OR munitions)").hits
    assert hit.snippet.kind == "paragraph"


def test_each_thing_asked_of_a_statement_is_counted_for_itself() -> None:
    parts = archive().explain_said("said-by:kallaste about:permit stance:+ id:08TALLINN96")
    assert [(part.said, part.depth) for part in parts] == [
        ('said by "kallaste"', 0),
        ('about "permit"', 0),
        ("with a positive stance", 0),
        ("with the id 08TALLINN96", 0),
        ("reported of others", 0),
    ]
    assert [part.without for part in parts] == [0, 0, 2, parts[3].without, 0]
    for part, tree in zip(parts, ("said-by:kallaste", "about:permit", "stance:+"), strict=False):
        assert part.count == SaidSearch(searches()).count(parse_query(tree).tree)


def test_search_tells_what_of_a_statement_is_to_blame() -> None:
    whole, *asked = archive().explain("said-by:kallaste about:permit stance:+")
    assert (whole.depth, whole.without) == (0, None)
    assert [part.depth for part in asked] == [1, 1, 1]
    assert asked[2].said == "a statement with a positive stance"
    assert asked[2].without == archive().count("said-by:kallaste about:permit")


# ---- the command


def run(*args: str) -> tuple[int, str, str]:
    done = reftel("said", *args, folder=told_home())
    return done.returncode, done.stdout, done.stderr


def test_a_card_shows_who_says_what_to_whom_and_where() -> None:
    code, out, err = run("said-by:kallaste", "said-to:stratton", "id:08TALLINN96")
    assert code == 0
    assert out.splitlines() == [
        "  1  2008-02-04  Arvo Kallaste -> Helen Stratton  mixed, negative",
        "     08TALLINN96 paragraph 1 (C)",
        "     [Foreign Minister Arvo Kallaste] *told* the Ambassador on February 4 that",
        '     <the planned Amber Link gas pipeline was "a project against its neighbors">',
        "     and complained that the operator, Baltgaz Transit, had ignored three",
        "     Estonian requests for a sea-bed survey.",
        "",
    ]
    assert err == "1 statement.\n"


def test_a_card_says_what_is_inferred() -> None:
    _, out, _ = run("about:escorts", "id:09TALLINN214", "kind:implicit")
    assert "2009-07-15 (cable)" in out
    assert "Implicit: no word says who speaks" in out and "60 %" in out
    assert "<The agreement forbade naval escorts>, he noted" in out


def test_a_card_says_who_tells_what_another_said() -> None:
    _, out, _ = run("said-by:finnish", "id:08TALLINN96")
    assert "a Finnish official -> Triin Maasik" in out
    assert "     Second hand: as told by Triin Maasik.\n" in out
    _, out, _ = run("said-by:maasik", "id:08TALLINN96")
    assert "Second hand" not in out


def test_the_drafters_own_words_are_shown_when_asked_for() -> None:
    _, out, _ = run("about:refusal", "voice:drafter", "id:08TALLINN96")
    assert "the drafter's own" in out and "[We] *believe* <the refusal is meant" in out


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_no_line_is_wider_than_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("archives").PLAIN_ENV, "COLUMNS", str(columns))
    _, out, _ = run("--all", "from:tallinn")
    longest = max((line for line in out.splitlines() if " " in line.strip()), key=len)
    assert len(longest) <= min(columns, 100)


def test_json_and_csv_hold_the_words_and_their_offsets() -> None:
    code, out, _ = run("--json", "said-by:kallaste", "kind:direct", "id:08TALLINN96")
    assert code == 0
    row = json.loads(out)
    cable = archive().get("08TALLINN96")
    [[start, end]] = row["content_at"]
    assert " ".join(cable.text[start:end].split()) == row["content"]
    _, out, _ = run("--csv", "--all", "said-by:kallaste", "--sort", "date")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == archive().count_said("said-by:kallaste")
    assert all(row["sha256"] and row["sentence_at"] for row in rows)


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_a_protected_source_has_a_pseudonym_in_what_can_be_given_away(form: str) -> None:
    asked = ("said-by:ojaland", "id:08TALLINN96")
    _, out, _ = run(form, *asked)
    assert "Ojaland" not in out and "six months" in out
    _, out, _ = run(form, "--unmask", *asked)
    assert "Ojaland" in out
    _, out, _ = run(*asked)
    assert "Peeter Ojaland" in out


def test_pages_are_told() -> None:
    _, out, err = run("--limit", "2", "--offset", "1", "id:08TALLINN96")
    assert out.startswith("  2  ")
    assert err.splitlines()[-1] == "2 to 3 of 8 statements. More: --offset 3; all: --all."
    assert "Nothing is asked of statements" in err


def test_why_nothing_was_found_is_told() -> None:
    code, out, err = run("said-by:kallaste", "stance:+", "about:permit", "id:08TALLINN96")
    assert (code, out) == (1, "")
    assert "0 statements." in err
    assert "Without with a positive stance: 2 statements." in err
    code, _, err = run("said-by:xylophone")
    assert code == 1
    assert 'No statement matches: said by "xylophone".' in err


def test_an_explanation_counts_statements() -> None:
    code, out, _ = run("--explain", "said-by:maasik", "id:08TALLINN96")
    assert code == 0
    assert [line.split(None, 1)[1] for line in out.splitlines()] == [
        'said by "maasik"',
        "with the id 08TALLINN96",
        "reported of others",
        "all of it",
    ]
    assert out.splitlines()[-1].split()[0] == "2"


def test_a_slip_is_pointed_at() -> None:
    code, _, err = run("kind:dirct")
    assert code == 2
    assert "Did you mean kind:direct?" in err and "^^^^^" in err
