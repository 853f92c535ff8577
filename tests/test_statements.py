"""Who is told to have said what: tables of sentences, what must hold of any text, and time on hostile text."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import msgspec
import pytest
import score_statements
from conftest import ROOT
from growth import grows_with_length
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.extract.statements import find_statements
from reftel.extract.statements.clauses import attribute_sentence
from reftel.extract.statements.drafts import Draft
from reftel.extract.statements.nesting import Row, find_holders
from reftel.extract.statements.sentences import MOST_TOKENS, split_sentences
from reftel.model import Cable, Paragraph, Provenance, Source, Span, Statement
from reftel.pipeline.read import parse_source

CASES = tomllib.loads((Path(__file__).parent / "cases" / "statements.toml").read_text("utf-8"))["case"]
# What stands between two pages, and belongs to no paragraph.
PAGE_BREAK = re.compile(r"\n\n[A-Z]+ \d{8}  \d{3} OF \d{3}\n\n")
EMPTY = parse_source(Source("", Provenance("case", "plain", "0")))


def as_cable(text: str, *, role: tuple[str, ...] = (), dtg: str | None = None) -> Cable:
    """Text as the body of a cable: blank lines part its paragraphs, page breaks its pieces."""
    paragraphs = []
    begin = 0
    breaks = [m.span() for m in PAGE_BREAK.finditer(text)]
    for match in [*re.finditer(r"\n\n(?![A-Z]+ \d{8}  )(?<!\d\n\n)", text), None]:
        end = match.start() if match else len(text)
        pieces, at = [], begin
        for start, stop in [b for b in breaks if begin <= b[0] < end] + [(end, end)]:
            pieces.append(Span(at, start))
            at = stop
        paragraphs.append(Paragraph(None, None, None, role, tuple(p for p in pieces if p[0] < p[1])))
        begin = match.end() if match else end
    return msgspec.structs.replace(EMPTY, text=text, paragraphs=tuple(paragraphs), dtg=dtg)


def shown(text: str, statement: Statement) -> str:
    """ "Kallaste | told | that it rained | indirect to Stratton": the statement as the cases print it."""

    def words(span: Span | None) -> str:
        return "-" if span is None else " ".join(text[span.start : span.end].split())

    facts = [statement.kind, "negated" if statement.negated else "", statement.polarity or ""]
    facts.append(f"to {statement.addressee}" if statement.addressee else "")
    facts.append(f"in {statement.nested_in}" if statement.nested_in is not None else "")
    content = " // ".join(words(span) for span in statement.content)
    return " | ".join((words(statement.source), words(statement.cue), content, " ".join(f for f in facts if f)))


def marked(case: dict[str, object]) -> object:
    known = [pytest.mark.xfail(reason="known limit")] if case.get("known") == "fails" else []
    return pytest.param(case, id=str(case["text"])[:60], marks=known)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_a_text_says_what_its_case_tells(case):
    cable = as_cable(case["text"], role=tuple(case.get("role", ())), dtg=case.get("dtg"))
    found = find_statements(cable)
    assert [shown(cable.text, s) for s in found] == case["made"]
    for fact, key in (("speaker", "speakers"), ("date", "dates"), ("voice", "voices")):
        if key in case:
            assert [getattr(s, fact) or "" for s in found] == case[key]


def test_the_cases_are_many_and_no_text_stands_twice():
    texts = [(case["text"], case.get("dtg"), *case.get("role", ())) for case in CASES]
    assert len(texts) >= 80
    assert len(set(texts)) == len(texts)


# ---- what holds of any text

_WORDS = (
    "Kallaste Stratton he she we they who said told asked noted noting adding was were to that whether expressed concern over according "
    "of the a port thin in and but or not never . , ; : ? ! \" “ ” ( ) -- ' 5 May Friday U.S. reportedly hoped would expected asked about "
    "view Oslo's call for"
)
_PIECES = st.sampled_from([*_WORDS.split(), "\n", "\n\n"])
_TEXTS = st.lists(_PIECES, max_size=60).map(" ".join) | st.text(max_size=200)


def is_within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start < inner.end <= outer.end


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_spans_lie_in_their_sentence_and_the_content_never_holds_its_own_cue(text):
    cable = as_cable(text)
    for statement in find_statements(cable):
        pieces = cable.paragraphs[statement.paragraph].spans
        for span in (statement.cue, *statement.content):
            if span is not None:
                assert is_within(span, statement.sentence)
        assert statement.content
        assert all(any(is_within(span, piece) for piece in pieces) for span in statement.content)
        if statement.cue is not None:
            assert not any(
                span.start < statement.cue.end and statement.cue.start < span.end for span in statement.content
            )


@given(_TEXTS)
@settings(max_examples=200, deadline=None)
def test_what_a_statement_is_nested_in_holds_its_cue_and_no_chain_comes_back(text):
    found = find_statements(as_cable(text))
    for i, statement in enumerate(found):
        seen = {i}
        at = statement.nested_in
        while at is not None:
            assert at not in seen
            seen.add(at)
            at = found[at].nested_in
        if statement.nested_in is not None:
            assert statement.cue is not None
            assert any(is_within(statement.cue, span) for span in found[statement.nested_in].content)


@given(_TEXTS)
@settings(max_examples=100, deadline=None)
def test_the_same_text_gives_the_same_statements(text):
    assert find_statements(as_cable(text)) == find_statements(as_cable(text))


@given(st.sampled_from(CASES), st.sampled_from(CASES))
@settings(max_examples=100, deadline=None)
def test_sentences_of_two_paragraphs_are_attributed_each_by_itself(one, other):
    first, second = (case["text"].split("\n\n")[0] for case in (one, other))
    alone = [draft for text in (first, second) for s in split_sentences(text) for draft in attribute_sentence(s)]
    cable = as_cable(f"{first}\n\n{second}")
    pieces = [span.of(cable.text) for p in cable.paragraphs for span in p.spans]
    assert [d for text in pieces for s in split_sentences(text) for d in attribute_sentence(s)] == alone


def test_two_statements_that_hold_each_other_are_in_neither():
    (draft,) = (d for s in split_sentences("Kallaste said it rained.") for d in attribute_sentence(s))
    rows = [Row(draft._replace(cue=(0, 1)), ((2, 4),)), Row(draft._replace(cue=(2, 3)), ((0, 2),))]
    assert isinstance(draft, Draft)
    assert find_holders(rows) == [None, None]


def test_a_sentence_without_an_end_is_read_in_pieces():
    assert max(len(s) for s in split_sentences("Kallaste said the ice was thin and " * 400)) == MOST_TOKENS


def test_the_score_tells_each_mark_that_is_missed():
    assert score_statements.find_misses(dict(score_statements.MARKS)) == []
    missed = score_statements.find_misses({**score_statements.MARKS, "cue overlap": 87.96})
    assert missed == ["cue overlap is 88.0, less than 88."]


def test_prose_that_is_no_cable_is_scored_too():
    text = "Kallaste said the ice was thin.\n\nHe added that it would not last."
    assert [score_statements.as_record(s)["cue"] for s in score_statements.predict(text)] == [[9, 13], [36, 41]]


def test_the_bench_prints_its_rates(capsys, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    assert importlib.import_module("statements").main(["--cables", "3", "--rounds", "1"]) == 0
    assert "| statements |" in capsys.readouterr().out


# ---- time

HOSTILE = {
    "cues": "said ",
    "cues with subjects": "Kallaste said that Stratton told Oks who asked whether Merivale hoped to note that ",
    "brackets": "(",
    "quotation marks": '"',
    "curly marks": "“",
    "he said": ", and he said",
    "postposed": "rain fell; Kallaste said, ",
    "owners": "Oslo's ",
    "names": "Kallaste and ",
    "titles": "Director of the Institute ",
    "blank lines": "’.\n\n",
    "one word": "x",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_length_alone(name):
    piece = HOSTILE[name]

    def prepare(size: int) -> Cable:
        text = (piece * (size // len(piece) + 1))[:size]
        paragraph = Paragraph(None, None, None, (), (Span(0, size),))
        return msgspec.structs.replace(as_cable(""), text=text, paragraphs=(paragraph,))

    assert grows_with_length(prepare, find_statements, 25_000, 200_000)
