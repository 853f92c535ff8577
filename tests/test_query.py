"""The query language: what each query is read as, and where a slip is pointed at."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from reftel.errors import ReftelError
from reftel.query import FIELDS, HAS, QueryError, parse_query, parts, point, say
from reftel.query.fields import CLASSES, PARTS, field_names, find_field
from reftel.query.grammar import DEEPEST, LONGEST_QUERY
from reftel.query.tree import (
    And,
    Everything,
    Exact,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Said,
    Term,
    TermPrefix,
    Tree,
    Word,
    children,
)

CASES = tomllib.loads((Path(__file__).parent / "cases" / "query.toml").read_text("utf-8"))
EXAMPLES = [example for field in FIELDS.values() for example in field.examples]


def shape(node: Tree) -> str:
    """A tree as the cases write it."""
    match node:
        case Everything():
            return "*"
        case And(below):
            return f"({' & '.join(map(shape, below))})"
        case Or(below):
            return f"({' | '.join(map(shape, below))})"
        case Not(part):
            return f"!{shape(part)}"
        case Word(field, word):
            return f"{field}:{word}"
        case Phrase(field, words):
            return f'{field}:"{" ".join(words)}"'
        case Near(field, words, within):
            return f'{field}:"{" ".join(words)}"~{within}'
        case Prefix(field, start):
            return f"{field}:{start}*"
        case Fuzzy(field, word, edits):
            return f"{field}:{word}~{edits}"
        case Exact(word):
            return f"={word}"
        case Term(field, values):
            return f"{field}{{{'|'.join(values)}}}"
        case TermPrefix(field, start):
            return f"{field}{{{start}*}}"
        case Said(part):
            return f"<{shape(part)}>"
        case Range(field, low, high):
            return f"{field}[{'' if low is None else low},{'' if high is None else high}]"


def every_node(node: Tree) -> list[Tree]:
    return [node, *(below for child in children(node) for below in every_node(child))]


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["query"])
def test_a_query_is_read(case: dict[str, Any]) -> None:
    query = parse_query(case["query"])
    assert shape(query.tree) == case["tree"]
    assert query.text == case["query"]
    if "note" in case:
        assert case["note"] in " ".join(query.notes)
    else:
        assert query.notes == ()


@pytest.mark.parametrize("case", CASES["slip"], ids=lambda case: case["query"])
def test_a_slip_is_pointed_at(case: dict[str, Any]) -> None:
    with pytest.raises(ReftelError) as caught:
        parse_query(case["query"])
    error = caught.value
    assert isinstance(error, QueryError)
    assert case["says"] in str(error)
    assert case["query"][error.at : error.end] == case["at"]


def test_no_two_fields_share_a_name() -> None:
    assert len(field_names()) == sum(1 + len(field.aliases) for field in FIELDS.values())
    assert all(name == field.name for name, field in FIELDS.items())


@pytest.mark.parametrize("name", field_names())
def test_a_field_is_found_by_any_of_its_names_in_any_case(name: str) -> None:
    field = find_field(name)
    assert field is not None
    assert name == field.name or name in field.aliases
    assert find_field(name.upper()) is field


def test_a_suggested_value_can_be_used() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("caption:eyesonly")
    suggestion = re.search(r"Did you mean (.+)\?", str(caught.value))
    assert suggestion is not None
    assert shape(parse_query(suggestion[1]).tree) == "caption{EYES ONLY}"


# ---- limits


def test_a_long_query_is_refused_with_a_sentence() -> None:
    with pytest.raises(QueryError, match="at most 10,000 characters"):
        parse_query("a" * (LONGEST_QUERY + 1))
    assert shape(parse_query("a" * LONGEST_QUERY).tree) == "text:" + "a" * 80


@pytest.mark.parametrize("opening", ["(", "-(", "NOT (", "subject:("])
def test_deep_brackets_are_refused_with_a_sentence(opening: str) -> None:
    with pytest.raises(QueryError, match="50 deep"):
        parse_query(opening * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1))
    say(parse_query(opening * DEEPEST + "a" + ")" * DEEPEST).tree)


def test_a_query_of_many_unknown_posts_takes_no_longer_for_its_suggestions() -> None:
    query = parse_query(" ".join(f"from:q{number:x}" for number in range(1000)))
    assert len(query.notes) < 20


@pytest.mark.parametrize("query", ["x" * 9000 + ":y", "id:" + "1a" * 4000, "tag:" + "y" * 9000, '"' + "." * 9000 + '"'])
def test_a_sentence_stays_short_however_long_the_slip(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    assert len(str(caught.value)) < 300


# ---- pointing


def test_the_caret_stands_below_the_slip() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("oil frm:x")
    assert point("oil frm:x", caught.value) == "oil frm:x\n    ^^^"


def test_the_caret_of_a_slip_far_to_the_right_is_on_the_screen() -> None:
    text = "oil " * 100 + "frm:x" + " gas" * 100
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    shown, carets = point(text, caught.value).split("\n")
    assert len(shown) <= 80
    assert shown[carets.index("^") :][:3] == "frm"


def test_wide_letters_take_two_columns() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("北京 frm:x")
    assert point("北京 frm:x", caught.value).split("\n")[1] == "     ^^^"


# ---- in words


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("missile -defence", '"missile" AND NOT "defence"'),
        ("(a OR b) c", '("a" OR "b") AND "c"'),
        ("minister in:summary", '"minister" in the summary'),
        ("from:uk", "sent from a post in the United Kingdom"),
        ("from:london", "sent from Embassy London"),
        ("info:nsc", '"nsc" in the addresses of info:'),
        ("tag:PARM", "tagged PARM (arms control and disarmament)"),
        ("date:2008-12", "dated 2008-12-01 to 2008-12-31"),
        ("before:2008", "dated up to 2007-12-31"),
        ("section:>1", "of at least 2 sections"),
        ("-has:summary", "NOT having a summary"),
        ('"a b"~1', '"a b" near each other (at most 1 word between)'),
        ("*", "every cable"),
        ("said-by:lavrov", 'a statement said by "lavrov"'),
        ("said-by:lavrov stance:- nato", 'a statement (said by "lavrov" AND with a negative stance) AND "nato"'),
        ("-said-to:king", 'NOT a statement said to "king"'),
        ("kind:implicit voice:drafter", "a statement (of the kind implicit AND the drafter's own)"),
        ("said:2008-12 -about:nato", 'a statement (of the days 2008-12-01 to 2008-12-31 AND NOT about "nato")'),
    ],
)
def test_a_query_in_words(query: str, said: str) -> None:
    assert say(parse_query(query).tree) == said


def test_the_parts_worth_counting_are_what_must_hold_and_what_that_is_made_of() -> None:
    tree = parse_query("gas (oil OR coal) -from:london").tree
    assert [shape(part) for part in parts(tree)] == [
        "text:gas",
        "(text:oil | text:coal)",
        "text:oil",
        "text:coal",
        "!from{post:LONDON}",
        "from{post:LONDON}",
    ]
    assert [shape(part) for part in parts(parse_query("gas").tree)] == ["text:gas"]


# ---- properties

PIECES = st.sampled_from(
    [
        "oil",
        "=Gas",
        "mis*",
        "word~1",
        '"a b"~3',
        "OR",
        "AND",
        "NOT",
        "-",
        "(",
        ")",
        '"',
        "~",
        "*",
        ":",
        "2008",
        "..",
        "x y",
    ]
    + [f"{name}:" for name in FIELDS]
    + EXAMPLES
)
QUERIES = st.lists(PIECES, max_size=8).flatmap(lambda some: st.sampled_from(["", " "]).map(lambda gap: gap.join(some)))


@given(st.one_of(st.text(max_size=60), QUERIES))
def test_any_text_is_a_query_or_a_slip_with_its_place(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError as error:
        assert 0 <= error.at <= error.end <= len(text) or not text
        point(text, error)
        return
    assert say(query.tree)
    assert parse_query(text) == query
    for node in every_node(query.tree):
        assert 0 <= node.span[0] < node.span[1] <= len(text)
    for part in parts(query.tree):
        say(part)


# ---- the docs

PAGE = (ROOT / "docs" / "query.md").read_text("utf-8")


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_in_the_docs_with_its_aliases_and_examples(name: str) -> None:
    field = FIELDS[name]
    row = next((line for line in PAGE.splitlines() if line.startswith(f"| `{name}:`")), "")
    assert field.sentence in row
    assert field.values in row
    for alias in field.aliases:
        assert f"`{alias}:`" in row
    for example in field.examples:
        assert f"`{example}`" in row


@pytest.mark.parametrize("name", HAS)
def test_a_value_of_has_is_in_the_docs(name: str) -> None:
    assert f"| `has:{name}` | {HAS[name].sentence} |" in PAGE


@pytest.mark.parametrize("name", [*PARTS, *CLASSES])
def test_a_part_and_a_class_are_in_the_docs(name: str) -> None:
    assert name.lower() in PAGE


def test_the_docs_name_no_field_that_is_not_there() -> None:
    assert set(re.findall(r"^\| `([a-z-]+):`", PAGE, re.MULTILINE)) == set(FIELDS)


@pytest.mark.parametrize("query", sorted({*EXAMPLES, *re.findall(r"^    (\S.*?)(?:\s{2,}.*)?$", PAGE, re.MULTILINE)}))
def test_an_example_can_be_read(query: str) -> None:
    say(parse_query(query).tree)
