"""The statements of a cable: what each sentence attributes, what goes on without a cue, who is meant, and what is nested in what."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from reftel.extract.names.lookup import Known
from reftel.extract.statements.clauses import attribute_sentence
from reftel.extract.statements.days import Days
from reftel.extract.statements.drafts import Draft, Range
from reftel.extract.statements.implicit import carries_speech, is_about, names_person, reads_on
from reftel.extract.statements.nesting import Row, find_holders, order_of
from reftel.extract.statements.sentences import Sentence, split_sentences
from reftel.extract.statements.speakers import NOBODY, Named, Speakers
from reftel.model import Cable, Entity, Span, Statement
from reftel.text import Flow, as_span

# How sure a rule is, by how the source was found.
_SURE = {"own": 0.9, "inherited": 0.8, "none": 0.6, "nested": 0.7, "quote": 0.6, "implicit": 0.5}
_SPEAKING = ("say", "tell", "ask", "urge")
# Fewer tokens than these before the first cue are no clause that goes on with what was said.
_SHORTEST_CLAUSE = 5


def find_statements(cable: Cable, entities: Sequence[Entity] = ()) -> tuple[Statement, ...]:
    """The statements of a cable, in the order of its paragraphs and sentences; entities: of the same cable, see names."""
    drafted = _Drafted(cable)
    speakers = Speakers(cable, entities, Known(entities, cable.text))
    flows = [Flow(cable.text, paragraph.spans) for paragraph in cable.paragraphs]
    read = [[(sentence, attribute_sentence(sentence)) for sentence in split_sentences(flow.text)] for flow in flows]
    voices = frozenset(_speaking(read))
    days = Days(cable, _opening(flows, read))
    found: list[Statement] = []
    carried = False
    for ordinal, (paragraph, flow) in enumerate(zip(cable.paragraphs, flows, strict=True)):
        if not flow.text:
            continue
        speakers.begin_paragraph(carried)
        comment = "comment" in paragraph.role and not drafted
        reader = _Reader(flow, ordinal, speakers, days, voices, len(found), carried)
        for sentence, drafts in read[ordinal]:
            if reader.goes_on(sentence):
                found[reader.quoting] = reader.extend(found[reader.quoting], sentence)
            else:
                found += reader.read(sentence, drafts, comment or drafted.holds(flow.at(sentence.starts[0])))
        carried = reader.chained
    return tuple(found)


def _opening(
    flows: list[Flow], read: list[list[tuple[Sentence, list[Draft]]]]
) -> Iterator[tuple[Flow, Sentence, list[Range]]]:
    """The sentences of the first two paragraphs with what is said in them."""
    for flow, sentences in zip(flows[:2], read, strict=False):
        for sentence, drafts in sentences:
            yield flow, sentence, [tokens for draft in drafts for tokens in draft.content]


def _speaking(read: list[list[tuple[Sentence, list[Draft]]]]) -> Iterator[str]:
    """The last words of all sources that say, tell or ask something."""
    for sentences in read:
        for sentence, drafts in sentences:
            for draft in drafts:
                if draft.source is not None and draft.outer and draft.found.group in _SPEAKING:
                    yield sentence.low[draft.source[1] - 1]


class _Drafted:
    """Where the drafter speaks himself: comments and requests for action. False if nowhere."""

    def __init__(self, cable: Cable) -> None:
        self.spans = sorted(
            span for scope in cable.scopes if scope.kind in ("comment", "action") for span in scope.spans
        )
        self._ends: list[int] = []  # the furthest end of the spans so far
        for span in self.spans:
            self._ends.append(max(span.end, self._ends[-1]) if self._ends else span.end)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def holds(self, at: int) -> bool:
        """Whether a source offset lies in one of them."""
        i = bisect_right(self.spans, at, key=lambda span: span.start) - 1
        return i >= 0 and at < self._ends[i]


class _Reader:
    """Reads the sentences of one paragraph in order.

    voices: the last words of all sources of the cable. first: how many statements it has so far. carried: whether the paragraph
    before ended with somebody's speech, which the first sentence may go on with.
    """

    def __init__(
        self,
        flow: Flow,
        paragraph: int,
        speakers: Speakers,
        days: Days,
        voices: frozenset[str],
        first: int,
        carried: bool,
    ) -> None:
        self.flow, self.paragraph = flow, paragraph
        self.speakers, self.days, self.voices = speakers, days, voices
        self.count = first
        self.active = carried  # somebody's speech is being reported
        self.quoting = -1  # the statement whose quotation stands right before
        self.spoken = False  # in this paragraph already
        self.chained = False  # what stands right before is what a person said

    def goes_on(self, sentence: Sentence) -> bool:
        """Whether a sentence goes on with the quotation of statement `quoting`: '"X," he said. "Y."'"""
        return self.quoting >= 0 and all(sentence.quoted)

    def extend(self, statement: Statement, sentence: Sentence) -> Statement:
        """The statement with the quotation that goes on in a sentence."""
        spans = self._spans(sentence, (0, len(sentence)))
        hull = as_span((statement.sentence.start, self.flow.hull(sentence.starts[0], sentence.ends[-1]).end))
        return msgspec.structs.replace(statement, content=(*statement.content, *spans), sentence=hull)

    def read(self, sentence: Sentence, drafts: list[Draft], drafted: bool) -> list[Statement]:
        """The statements of the next sentence, from its drafts. drafted: the drafter speaks himself."""
        drafts = [d for d in drafts if d.source is not None or d.found.form in ("passive", "hearsay") or self.active]
        strong = [d for d in drafts if d.outer and carries_speech(sentence, d, self.active, self.chained, self.voices)]
        implied = self._implied(sentence, strong) if self.active and not drafted else None
        if implied is None:
            rows = [Row(d, d.content) for d in drafts if d.found.form != "noun" or not d.outer]
        else:
            rows = [Row(None, (implied,)), *(Row(d, d.content) for d in drafts)]
        statements = self._make(sentence, rows, drafted)
        self.quoting = self._open_quotation(sentence, rows, statements)
        self.active = bool(strong) or (self.active and (self.spoken or implied is not None))
        self.spoken = self.spoken or bool(strong) or implied is not None
        self.chained = names_person(sentence, strong[-1]) if strong else implied is not None
        self.count += len(statements)
        return statements

    def _open_quotation(self, sentence: Sentence, rows: list[Row], statements: list[Statement]) -> int:
        """The statement of the last outer cue if it is a quotation that the next sentence may go on with; else -1."""
        last = max((i for i, row in enumerate(rows) if row.draft is not None and row.draft.outer), default=-1)
        whole = last >= 0 and len(statements) == len(rows) and not sentence.quoted[-1]
        return self.count + last if whole and statements[last].kind == "direct" else -1

    def _implied(self, sentence: Sentence, strong: list[Draft]) -> Range | None:
        """The tokens that go on with the last speaker's words without a cue: the sentence, or the clause before the first cue."""
        low = sentence.low
        if not strong:
            end = len(low)
            while end > 1 and low[end - 1] in (".", ")"):
                end -= 1
            start = 1 if low[0] == "(" else 0
            if is_about(sentence, start, self.voices):
                return None
            return (start, end) if reads_on(sentence, start, end, self.chained) else None
        first = min(strong, key=lambda draft: draft.cue)
        at = first.clause if first.source is not None and not first.inherited else first.cue[0]
        joined = at > _SHORTEST_CLAUSE and (low[at - 1] in ("but", "and", "with") or low[at] == "with")
        if not joined or first.content[0][0] < at:
            return None
        end = at - 1
        while end > 1 and low[end - 1] in (",", "and", "but"):
            end -= 1
        return (0, end) if reads_on(sentence, 0, end, False) else None

    def _make(self, sentence: Sentence, rows: list[Row], drafted: bool) -> list[Statement]:
        """The statements of a sentence, implied speech first, then by cue."""
        day = self.days.of(self.flow, sentence, [tokens for row in rows for tokens in row.content])
        if not rows:
            return []
        holders = find_holders(rows)
        who = self._name(sentence, rows, holders)
        return [
            self._statement(
                sentence,
                row,
                named,
                None if holder is None else self.count + holder,
                day,
                drafted,
                _is_asked(rows, holder),
            )
            for row, named, holder in zip(rows, who, holders, strict=True)
        ]

    def _statement(
        self,
        sentence: Sentence,
        row: Row,
        named: Named,
        nested: int | None,
        day: tuple[str | None, Span | None],
        drafted: bool,
        asked: bool,
    ) -> Statement:
        draft = row.draft
        addressee = NOBODY if draft is None else self.speakers.address(self.flow, sentence, draft, named[0])
        kind, rule, confidence = _tell_rule(sentence, row, nested)
        own = drafted or (nested is None and self.speakers.is_drafter(named[0]))
        return Statement(
            source=self._hull(sentence, draft.source) if draft and draft.source else None,
            speaker=named[0],
            speakers=named[1],
            cue=self._hull(sentence, draft.cue) if draft else None,
            content=tuple(span for tokens in row.content for span in self._spans(sentence, tokens)),
            sentence=self.flow.hull(sentence.starts[0], sentence.ends[-1]),
            kind=kind,
            quoted=any(sentence.quotes(start, end) for start, end in row.content),
            negated=draft is not None and draft.found.negated,
            polarity=(draft.attitude or None) if draft and not asked else None,
            addressee=addressee[0],
            addressees=addressee[1],
            nested_in=nested,
            date=day[0],
            date_span=day[1],
            paragraph=self.paragraph,
            voice="drafter" if own else "reported",
            confidence=confidence,
            rule=rule,
        )

    def _name(self, sentence: Sentence, rows: list[Row], holders: list[int | None]) -> list[Named]:
        """Who speaks, of each row; what holds another is named before it, whatever their order."""
        who = [NOBODY] * len(rows)
        for i in order_of(holders):
            draft, holder = rows[i].draft, holders[i]
            if draft is None:
                who[i] = self.speakers.last
                continue
            who[i] = self.speakers.name(self.flow, sentence, draft, None if holder is None else who[holder])
            if holder is None:
                self.speakers.remember(sentence, draft, who[i])
        return who

    def _hull(self, sentence: Sentence, tokens: Range) -> Span:
        return self.flow.hull(sentence.starts[tokens[0]], sentence.ends[tokens[1] - 1])

    def _spans(self, sentence: Sentence, tokens: Range) -> tuple[Span, ...]:
        return self.flow.spans(sentence.starts[tokens[0]], sentence.ends[tokens[1] - 1])


def _is_asked(rows: list[Row], holder: int | None) -> bool:
    """Whether what holds a statement is a question: "asked if he supported the ferry" supports nothing."""
    draft = rows[holder].draft if holder is not None else None
    return draft is not None and draft.found.group == "ask" and draft.kind != "stance"


def _tell_rule(sentence: Sentence, row: Row, nested: int | None) -> tuple[str, str, float]:
    """The kind of a statement, the rule that found it, and how sure that is."""
    draft = row.draft
    if draft is None:
        start, end = row.content[0]
        if sentence.quotes(start, end) == end - start:
            return "direct", "quotation alone", _SURE["quote"]
        return "implicit", "goes on", _SURE["implicit"]
    sure = "inherited" if draft.inherited else "own"
    if nested is not None:
        sure = "nested"
    elif draft.source is None:
        sure = "none"
    return draft.kind, f"{draft.found.rule} ({draft.found.form})", _SURE[sure]
