"""The words round a match, on one line, with the way back to the source."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from reftel.model import Cable, Record, Span, Statement
from reftel.query import Passage, Token, Tree, find_tokens, highlight, mark, passage_texts, wanted_topics
from reftel.query.said import statement_spans

_WORDS = 40  # words of a snippet
_WINDOW = 60_000  # characters that are looked at at once
_BEFORE = 8  # of them, at most, before the first match
_ENDING = re.compile(r"[^\w\s]{0,3}")


class _Written(NamedTuple):
    text: str
    marks: list[Span]
    spans: list[Span]


class Snippet(Record, frozen=True):
    """Some words of one passage.

    kind: the passage's (query.Passage), or `statement`. paragraph, number, marking: of the paragraph, if it is one; number and marking as printed.
    marks: the ranges of `text` that match; of a statement, who says it, the words that attribute, and what was asked about. spans: for each mark the range of the cable's text where it stands.
    """

    kind: str
    paragraph: int | None
    number: int | None
    marking: str | None
    text: str
    marks: tuple[Span, ...]
    spans: tuple[Span, ...]


def make_snippet(cable: Cable, passage: Passage | None, tree: Tree) -> Snippet:
    """The stretch of the passage that holds most of the matches; its beginning if it holds none."""
    if passage is None:
        return Snippet("nothing", None, None, None, "", (), ())
    for window in _windows(cable.text, passage):
        tokens = _tokens(cable, window)
        marked = highlight(tree, [token for _, token in tokens], cable.text)
        if marked:
            return _make(cable, window, tokens, marked)
    first = next(_windows(cable.text, passage))
    return _make(cable, first, _tokens(cable, first), [])


def make_said_snippet(cable: Cable, statement: Statement, tree: Tree) -> Snippet:
    """The stretch of the statement's sentence that holds most of who said it, how, and what was asked about."""
    passage = Passage("statement", statement.paragraph, statement_spans(cable, statement))
    tokens = _tokens(cable, passage)
    marked = set(mark(wanted_topics(tree), [token for _, token in tokens], cable.text))
    for span in (statement.source, statement.cue):
        if span is not None:
            marked.update(i for i, (_, t) in enumerate(tokens) if span.start <= t.start and t.end <= span.end)
    return _make(cable, passage, tokens, sorted(marked))


def _windows(text: str, passage: Passage) -> Iterator[Passage]:
    """A passage in stretches that are looked at one after the other, so that of millions of words only the first that match cost anything."""
    if sum(end - start for start, end in passage.spans) <= _WINDOW:
        yield passage
        return
    for start, end in passage.spans:
        while start < end:
            cut = min(start + _WINDOW, end)
            blank = text.rfind(" ", start + 1, cut) if cut < end else cut
            cut = blank if blank > 0 else cut
            yield passage._replace(spans=(Span(start, cut),))
            start = cut


def _tokens(cable: Cable, passage: Passage) -> list[tuple[int, Token]]:
    """The words of a passage, each with the piece of it that it stands in."""
    return [(i, token) for i, span in enumerate(passage.spans) for token in find_tokens(cable.text, *span)]


def _make(cable: Cable, passage: Passage, tokens: list[tuple[int, Token]], marked: list[int]) -> Snippet:
    text, marks, spans = _write(cable.text, tokens, _begin(marked, len(tokens)), set(marked))
    if not passage.spans:  # a subject that only the carrier gives
        text = " ".join(passage_texts(cable, passage))
    paragraph = cable.paragraphs[passage.paragraph] if passage.paragraph is not None else None
    return Snippet(
        passage.kind,
        passage.paragraph,
        paragraph.number if paragraph else None,
        paragraph.marking if paragraph else None,
        text,
        tuple(marks),
        tuple(spans),
    )


def _begin(marked: list[int], count: int) -> int:
    """The first word of the window that holds most matches."""
    if not marked:
        return 0
    best = max(range(len(marked)), key=lambda i: (bisect_left(marked, marked[i] + _WORDS - _BEFORE) - i, -i))
    return max(min(marked[best] - _BEFORE, count - _WORDS), 0)


def _write(source: str, tokens: list[tuple[int, Token]], begin: int, marked: set[int]) -> _Written:
    """The words from `begin` on. Between two pieces of a passage stands a page break or the like: nothing of it is shown."""
    written = _Written("... " if begin else "", [], [])
    end = min(begin + _WORDS, len(tokens))
    text = written.text
    for i in range(begin, end):
        piece, token = tokens[i]
        if i > begin:
            before, last = tokens[i - 1]
            text += _squash(source[last.end : token.start]) if before == piece else " "
        if i in marked:
            written.marks.append(Span(len(text), len(text) + token.end - token.start))
            written.spans.append(Span(token.start, token.end))
        text += source[token.start : token.end]
    if end < len(tokens):
        text += " ..."
    elif tokens:
        text += _ENDING.match(source, tokens[-1][1].end).group()  # type: ignore[union-attr]
    return written._replace(text=text)


def _squash(gap: str) -> str:
    if gap == " ":
        return gap
    said = " ".join(gap.split())
    return (" " if gap[:1].isspace() else "") + said + (" " if gap[-1:].isspace() and said else "")
