"""Everything of one statement that can be asked for: the index of statements is made from it, and `match` reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from reftel.model import Cable, Entity, Findings, Span, Statement
from reftel.query.dates import day_number, read_date
from reftel.query.tokens import fold_pieces, fold_words
from reftel.query.view import LAST, View, view_cable

# What a statement is about, in the order in which it counts: the places of View.words["about"].
CONTENT, SENTENCE, HEADING, PARAGRAPH = range(4)


def view_with_statements(cable: Cable, findings: Findings | None, carriers: Collection[str] = ()) -> View:
    """The view of a cable with those of its statements; without findings it has none. carriers: as in view_cable."""
    view = view_cable(cable, carriers)
    if findings is not None:
        view.statements = view_statements(cable, view, findings)
    return view


def view_statements(cable: Cable, view: View, findings: Findings) -> tuple[View, ...]:
    """The views of the statements of a cable, in order; `view` is the cable's.

    words: `said-by` and `said-to` have a passage for each name, source phrase and office; `about` has four: see CONTENT.
    terms: `kind`, `stance` (none where the text does not make it plain), `voice`. numbers: `said`, the first day as yyyymmdd, and
    `said-last` where only month or year of the speech are told.
    """
    paragraphs = {p.paragraph: words for p, words in zip(view.passages, view.words["text"], strict=True)}
    sent = view.numbers.get("date")
    names = _Names()
    texts = [text for statement in findings.statements for text in _texts(cable, statement)]
    folded = iter(fold_pieces(texts))  # all at once: of many short texts that is twice as fast
    found = []
    for statement in findings.statements:
        content, sentence, source = next(folded), next(folded), next(folded)
        by = [*(statement.speaker or "").split(";"), *_told(findings.entities, statement.speakers)]
        to = [*(statement.addressee or "").split(";"), *_told(findings.entities, statement.addressees)]
        heading = names.fold(cable.paragraphs[statement.paragraph].heading or "")
        words = {
            "said-by": _each_once([source, *map(names.fold, by)]),
            "said-to": _each_once(map(names.fold, to)),
            "about": [content, sentence, heading, paragraphs.get(statement.paragraph, [])],
        }
        terms = {
            "kind": frozenset([statement.kind]),
            "stance": frozenset([statement.polarity] if statement.polarity else ()),
            "voice": frozenset([statement.voice]),
        }
        found.append(View([], words, frozenset(), terms, _said(statement, sent)))
    return tuple(found)


def statement_spans(cable: Cable, statement: Statement) -> tuple[Span, ...]:
    """The sentence of a statement, page breaks left out."""
    return _within(cable.paragraphs[statement.paragraph].spans, statement.sentence)


def _texts(cable: Cable, statement: Statement) -> Iterator[str]:
    """Content, sentence and source, page breaks left out; a blank keeps the words of two pieces apart."""
    source = statement.source
    spans = cable.paragraphs[statement.paragraph].spans
    for pieces in (
        statement.content,
        _within(spans, statement.sentence),
        _within(spans, source) if source is not None else (),
    ):
        yield " ".join([piece.of(cable.text) for piece in pieces])


def _said(statement: Statement, sent: int | None) -> dict[str, int]:
    days = read_date(statement.date) if statement.date else None
    if days is None:
        return {} if sent is None else {"said": sent}
    first, last = map(day_number, days)
    return {"said": first} if first == last else {"said": first, "said" + LAST: last}


def _told(entities: tuple[Entity, ...], indices: Iterable[int]) -> Iterator[str]:
    for i in indices:
        yield entities[i].name
        yield entities[i].role or ""


class _Names:
    """The folded words of names and headings, which come again and again."""

    def __init__(self) -> None:
        self._known: dict[str, list[str]] = {}

    def fold(self, name: str) -> list[str]:
        if name not in self._known:
            self._known[name] = fold_words(name)
        return self._known[name]


def _each_once(names: Iterable[list[str]]) -> list[list[str]]:
    """The words of each name, those with the same words once."""
    return list({tuple(words): words for words in names if words}.values())


def _within(spans: Iterable[Span], hull: Span) -> tuple[Span, ...]:
    cut = [Span(max(span.start, hull.start), min(span.end, hull.end)) for span in spans]
    return tuple(span for span in cut if span.start < span.end)
