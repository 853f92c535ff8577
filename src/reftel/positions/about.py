"""Whether a statement is on a question, and by what: its content, its sentence, its heading, or only its paragraph."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from reftel.model import Cable, Findings, Paragraph, Span, Statement
from reftel.query import Query, Tree, View, exact_words, fold_words, matches, view_cable
from reftel.text import Flow, one_line, without

ABOUT = ("content", "sentence", "heading", "paragraph")
_CROWD = 60  # contents in one sentence
_SHORT = 70  # words of a paragraph that is about one thing
_SENTENCE_END = re.compile(r"""(?<![\s.(][A-Z])(?<!Mr|Ms|Dr|vs|St)[.!?]["')\]]{0,3}+\s++(?=["'(\[]?[A-Z])""")
_LEAD = re.compile(r"([A-Z][^.:\n]{1,70}):\s")
_TOPICS = re.compile(r"\s(?:and|AND|&)\s|[,;]")  # "NATO Enlargement/Georgia" is one matter


class Question:
    """A query asked of the statements of one cable, once for each heading and paragraph."""

    def __init__(self, query: Query | Tree, cable: Cable) -> None:
        self.cable = cable
        self._tree = query.tree if isinstance(query, Query) else query
        self._view: View | None = None
        self._contents: list[tuple[Span, int]] | None = None
        self._headings: dict[str, str | None] = {}
        self._sentences: dict[Span, bool] = {}
        self._paragraphs: dict[int, bool] = {}

    def about(self, ordinal: int, findings: Findings) -> str | None:
        """The first of ABOUT by which the statement of an index is on the question; None if it is not.

        Of its sentence the contents of other statements do not count: "praised A and deplored B" is two things. A heading that
        names several topics counts only if all of them are asked for, a paragraph only if it is short or mostly on the question;
        what falls short of that is on the question by "paragraph" at most.
        """
        text, statement = self.cable.text, findings.statements[ordinal]
        if self.holds(" ".join(span.of(text) for span in statement.content)):
            return "content"
        if not self._in_sentence(statement):
            return self._by_place(statement)
        own = without(self._pieces(statement), self._others(ordinal, findings))
        if self.holds(" ".join(span.of(text) for span in own)):
            return "sentence"
        return self._by_place(statement) or "paragraph"

    def holds(self, words: str) -> bool:
        """Whether a text answers the query; fields that are not of the text are asked of the cable."""
        if self._view is None:
            self._view = view_cable(self.cable)
        view = self._view
        view.words = {**view.words, "text": [fold_words(words)]}
        view.exact = frozenset(exact_words(words))
        return matches(self._tree, view)

    def _by_place(self, statement: Statement) -> str | None:
        """By heading or paragraph."""
        by_heading = self._by_heading(statement.paragraph)
        if by_heading == "heading":
            return "heading"
        return "paragraph" if by_heading or self._by_paragraph(statement.paragraph) else None

    def _in_sentence(self, statement: Statement) -> bool:
        """Whether the whole sentence answers; asked once, however many statements stand in it."""
        if statement.sentence not in self._sentences:
            self._sentences[statement.sentence] = self.holds(
                " ".join(s.of(self.cable.text) for s in self._pieces(statement))
            )
        return self._sentences[statement.sentence]

    def _pieces(self, statement: Statement) -> list[Span]:
        flow = Flow(self.cable.text, self.cable.paragraphs[statement.paragraph].spans)
        return list(flow.spans(flow.index(statement.sentence.start), flow.index(statement.sentence.end)))

    def _others(self, ordinal: int, findings: Findings) -> list[Span]:
        """The contents of the other statements of its sentence, but of those told inside this one, or in which it is told.

        Of a sentence with more contents than a sentence has, all of it.
        """
        if self._contents is None:
            self._contents = sorted((span, i) for i, one in enumerate(findings.statements) for span in one.content)
        statement = findings.statements[ordinal]
        first = bisect_left(self._contents, (Span(statement.sentence.start, 0), 0))
        if bisect_left(self._contents, (Span(statement.sentence.end, 0), 0)) - first > _CROWD:
            return [statement.sentence]
        holes = []
        for span, i in islice(self._contents, first, None):
            if span.start >= statement.sentence.end:
                break
            other = findings.statements[i]
            if i != ordinal and other.nested_in != ordinal and not _cross(other.content, statement.content):
                holes.append(span)
        return _merged(holes)

    def _by_heading(self, ordinal: int) -> str | None:
        """ "heading" if the whole of it is on the question, "paragraph" if one of its topics is."""
        paragraph = self.cable.paragraphs[ordinal]
        heading = lead_of(self.cable, paragraph) or paragraph.heading
        if heading is None:
            return None
        if heading not in self._headings:
            topics = [topic for topic in _TOPICS.split(heading) if topic.strip()]
            whole = bool(topics) and all(self.holds(topic) for topic in topics)
            # `"nato enlargement"` is asked for as a whole, `disarmament and missile` as words of one heading
            self._headings[heading] = (
                "heading"
                if whole or (len(topics) == 1 and self.holds(heading))
                else "paragraph"
                if self.holds(heading)
                else None
            )
        return self._headings[heading]

    def _by_paragraph(self, ordinal: int) -> bool:
        if ordinal not in self._paragraphs:
            said = one_line(Flow(self.cable.text, self.cable.paragraphs[ordinal].spans).text)
            found = self.holds(said)
            if found and len(said.split()) > _SHORT:
                sentences = [said[s:e] for s, e in split_sentences(said)]
                found = 2 * sum(map(self.holds, sentences)) >= len(sentences)
            self._paragraphs[ordinal] = found
        return self._paragraphs[ordinal]


def lead_of(cable: Cable, paragraph: Paragraph) -> str | None:
    """The heading inside a paragraph, "Piracy" of "Piracy: The Minister ..."; None if it begins with none."""
    if not paragraph.spans:
        return None
    start = one_line(Flow(cable.text, paragraph.spans).text[:120])
    match = _LEAD.match(start)
    return match[1] if match and len(match[1].split()) <= 6 and match[1].lower() not in _NO_TOPIC else None


_NO_TOPIC = frozenset(
    ("summary", "comment", "note", "begin summary", "begin comment", "action request", "introduction")
)


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends, white space left out: at a stop, blank and capital, not after a lone capital ("U.S. Navy")."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield start, match.start() + len(match[0].rstrip())
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _cross(spans: Iterable[Span], others: Sequence[Span]) -> bool:
    return any(a.start < b.end and b.start < a.end for a in spans for b in others)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that overlap as one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
