"""The text of a cable as a page shows it: headings and paragraphs, what stands in the margin, and how far one page goes."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup, escape

from reftel.errors import DEFECTS
from reftel.exports.body_text import body_parts
from reftel.model import SEGMENT_KINDS, Cable, Defect, Findings, Note, Paragraph, Span, Statement
from reftel.query import Query, find_tokens, highlight
from reftel.query.view import find_passages
from reftel.text import one_line
from reftel.web.saying import visible
from reftel.web.typesetting import GLOSS, LINK, MARK, NOTED, TINT, Block, Inserted, Layer, Layers, find_blocks, set_text

COLOURS = 6  # of speakers; those after the first six share one
_PAGE = 250_000  # characters of text on one page, about
_BLOCK = 40_000  # a longer block of print is cut
_LINKED = ("person", "office")
CUT_OUT = ("page_break", "section_break", "repeated_head", "injected", "truncated_copy", "foreign_cable")
_LINE = Markup('<br class="x">')
_REDACTION = "Taken out before publication; nobody here knows what stood there."


class Said(NamedTuple):
    """A statement in the margin. ordinal: index into Findings.statements. words: what attributes it, or what it is."""

    ordinal: int
    words: str
    kind: str
    polarity: str | None


class Voice(NamedTuple):
    """A speaker in the margin of a paragraph, and what he says there. colour: a class of the style sheet."""

    speaker: str
    colour: str
    said: list[Said]


class Set(NamedTuple):
    """A heading or paragraph as it is shown. place: index into Cable.paragraphs, None for a heading. id: what to link to.

    blocks: prose, or lines in columns; goes_on: it began on the page before. flaws: defects that lie in it. before: what was left out
    between it and the paragraph before.
    """

    place: int | None
    id: str
    number: int | None
    marking: str | None
    roles: tuple[str, ...]
    heading: str
    blocks: list[tuple[bool, Markup]]
    voices: list[Voice]
    flaws: list[Defect]
    goes_on: bool
    before: list[Markup]


class Leaf(NamedTuple):
    """One page of text. next: the offset from which the next page goes on, None on the last. hits: how many places are marked.

    after: what was left out behind the last paragraph.
    """

    parts: list[Set]
    next: int | None
    hits: int
    after: list[Markup]


def make_leaf(
    cable: Cable,
    findings: Findings | None,
    query: Query | None,
    at: Span | None,
    start: int = 0,
    extra: Iterable[Layer] = (),
) -> Leaf:
    """The text from an offset on. query: what is marked in it; at: a span that is marked and gone to; extra: layers of others."""
    colours = _colours(findings)
    hits = find_hits(cable, query, Span(start, start + 2 * _PAGE)) if query is not None else []
    extra = list(extra)
    layers = [*extra, *(Layer(span, MARK, "find") for span in hits)]
    layers += [Layer(note.span, GLOSS, "redacted", _REDACTION) for note in cable.redactions]
    inserted = [
        Inserted(one.span.start, Markup('<span class="x" id="n{}"></span>').format(one.value))
        for one in extra
        if one.kind == NOTED
    ]
    if at is not None:
        layers.append(Layer(at, MARK, "at"))
        inserted.append(Inserted(at.start, Markup('<span class="x" id="at"></span>')))
    if findings is not None:
        layers += _linked(findings)
        tints, anchors = _tints(cable, findings, colours)
        layers += tints
        inserted += anchors
    inserted += _signs(cable)
    inserted += [Inserted(start, _LINE) for paragraph in cable.paragraphs for start in _line_begins(cable, paragraph)]
    return _Setter(cable, findings, colours, Layers(layers, inserted)).set(start, hits)


def find_hits(cable: Cable, query: Query, within: Span) -> list[Span]:
    """Where the words of a query stand in a stretch of the headings and paragraphs of a cable, in order."""
    found = []
    for passage in find_passages(cable):
        if passage.kind not in ("heading", "paragraph"):
            continue
        tokens = [
            token
            for start, end in passage.spans
            if start < within.end and within.start < end
            for token in find_tokens(cable.text, max(start, within.start), min(end, within.end))
        ]
        found += [Span(tokens[i].start, tokens[i].end) for i in highlight(query.tree, tokens, cable.text)]
    return sorted(set(found))


def paragraph_ids(paragraphs: Sequence[Paragraph]) -> list[str]:
    """What each paragraph is called in an address: "p3" by its number, "p3-2" where a number stands again, "u1" without one."""
    seen: Counter[str] = Counter()
    ids = []
    for paragraph in paragraphs:
        stem = "u" if paragraph.number is None else f"p{paragraph.number}"
        seen[stem] += 1
        ids.append(f"u{seen[stem]}" if stem == "u" else stem if seen[stem] == 1 else f"{stem}-{seen[stem]}")
    return ids


class _Setter:
    """Sets one page of a cable."""

    def __init__(self, cable: Cable, findings: Findings | None, colours: dict[str, str], layers: Layers) -> None:
        self.cable, self.layers = cable, layers
        self.ids = paragraph_ids(cable.paragraphs)
        self.voices = _voices(cable, findings, colours) if findings is not None else {}
        self.ends = [segment.span.end for segment in cable.segments]
        self.room = _PAGE

    def set(self, start: int, hits: Sequence[Span]) -> Leaf:
        parts: list[Set] = []
        index = done = 0
        for part in body_parts(self.cable):
            if isinstance(part, Note):
                if part.span.end > start:
                    parts.append(self._heading(part))
                continue
            shown, following = self._paragraph(part, index, start)
            index += 1
            begins, ends = (part.spans[0].start, part.spans[-1].end) if part.spans else (done, done)
            if shown is not None:
                parts.append(shown._replace(before=self._left_out(Span(done, begins)) if index > 1 else []))
            done = max(done, ends)
            if following is not None:
                return Leaf(parts, following, len(hits), [])
        return Leaf(parts, None, len(hits), self._left_out(Span(done, len(self.cable.text))) if index else [])

    def _heading(self, note: Note) -> Set:
        return Set(
            None,
            "",
            None,
            None,
            (),
            one_line(note.text),
            [(False, set_text(self.cable.text, note.span, self.layers))],
            [],
            [],
            False,
            [],
        )

    def _paragraph(self, paragraph: Paragraph, index: int, start: int) -> tuple[Set | None, int | None]:
        """The paragraph as far as the page goes, None if all of it lies before; and where the next page goes on."""
        blocks: list[tuple[bool, Markup]] = []
        following = None
        for block in _cut(find_blocks(self.cable.text, paragraph.spans)):
            if block.spans[-1].end <= start:
                continue
            if self.room <= 0:
                following = block.spans[0].start
                break
            self.room -= sum(span.end - span.start for span in block.spans)
            blocks.append((block.is_table, self._block(block)))
        if not blocks and paragraph.spans:
            return None, following
        first, last = (paragraph.spans[0].start, paragraph.spans[-1].end) if paragraph.spans else (0, 0)
        made = Set(
            place=index,
            id=self.ids[index],
            number=paragraph.number,
            marking=paragraph.marking,
            roles=paragraph.role,
            heading="",
            blocks=blocks,
            voices=self.voices.get(index, []),
            flaws=[
                d
                for d in self.cable.defects
                if d.span and first <= d.span.start and d.span.end <= last and not _is_sign(d)
            ],
            goes_on=first < start,
            before=[],
        )
        return made, following

    def _block(self, block: Block) -> Markup:
        pieces = []
        for i, span in enumerate(block.spans):
            if i:
                pieces.append(self._gap(block.gaps[i - 1]))
            pieces.append(set_text(self.cable.text, span, self.layers))
        return Markup("").join(pieces)

    def _gap(self, gap: Span) -> Markup:
        """What was cut out between two pieces of a sentence: a sign that tells it."""
        said = "; ".join(f"{what}: {words}" for _, what, words in self._cut_out(gap))
        return _sign("break", "¦", f"Left out here: {said}") if said else Markup(" ")

    def _left_out(self, gap: Span) -> list[Markup]:
        """The same between two paragraphs, a sign for each kind of thing."""
        kinds: dict[tuple[str, str], list[str]] = {}
        for kind, what, words in self._cut_out(gap):
            kinds.setdefault((kind, what), []).append(words)
        return [
            _sign("break", f"¦ {kind.replace('_', ' ')}", f"Left out here: {what}: {'; '.join(words)}")
            for (kind, what), words in kinds.items()
        ]

    def _cut_out(self, gap: Span) -> Iterator[tuple[str, str, str]]:
        """Of each thing that was cut out in a gap the kind, what that is, and the words with which it begins."""
        segments = self.cable.segments
        for i in range(bisect_right(self.ends, gap.start), len(segments)):
            kind, (start, end) = segments[i].kind, segments[i].span
            if start >= gap.end:
                break
            if kind in CUT_OUT:
                yield kind, SEGMENT_KINDS[kind], one_line(self.cable.text[start : min(end, start + 400)])[:120]


def _cut(blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks, very long ones in parts."""
    for block in blocks:
        if len(block.spans) > 1 or block.spans[0].end - block.spans[0].start <= _BLOCK:
            yield block
            continue
        start, end = block.spans[0]
        for at in range(start, end, _BLOCK):
            yield Block(block.is_table, (Span(at, min(at + _BLOCK, end)),), ())


def _colours(findings: Findings | None) -> dict[str, str]:
    """Speaker -> class, those who say most first."""
    if findings is None:
        return {}
    counts = Counter(one.speaker for one in findings.statements if one.speaker and one.voice == "reported")
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    return {name: f"s{min(i, COLOURS)}" for i, name in enumerate(ranked)}


def _colour(statement: Statement, colours: dict[str, str]) -> str:
    return "sd" if statement.voice == "drafter" else colours.get(statement.speaker or "", f"s{COLOURS}")


def _tints(cable: Cable, findings: Findings, colours: dict[str, str]) -> tuple[list[Layer], list[Inserted]]:
    """Contents underlined by speaker, cues and sources set apart; and a place to go to for each statement."""
    layers: list[Layer] = []
    anchors: list[Inserted] = []
    for ordinal, one in enumerate(findings.statements):
        colour, number = _colour(one, colours), str(ordinal)
        layers += [Layer(_tight(cable.text, span), TINT, f"content {colour}", number) for span in one.content]
        if one.source is not None:
            layers.append(Layer(one.source, TINT, f"source {colour}", number))
        if one.cue is not None:
            layers.append(Layer(one.cue, TINT, f"cue {colour}", number))
        first = min(
            (span.start for span in (one.source, one.cue, *one.content) if span is not None), default=one.sentence.start
        )
        anchors.append(Inserted(first, Markup(f'<span class="x" id="s{ordinal}"></span>')))
    return layers, anchors


def _tight(text: str, span: Span) -> Span:
    """The span without white space at its ends."""
    said = span.of(text)
    return Span(span.start + len(said) - len(said.lstrip()), span.end - (len(said) - len(said.rstrip())))


def _linked(findings: Findings) -> Iterator[Layer]:
    """Persons and offices, each leading to its page."""
    done = 0
    mentions = sorted(
        (mention.span, entity) for entity in findings.entities if entity.kind in _LINKED for mention in entity.mentions if mention.form != "pronoun"
    )  # fmt: skip
    for span, entity in mentions:
        if span.start >= done:
            yield Layer(span, LINK, "who", f"/person?{urlencode({'name': entity.identity or entity.name})}")
            done = span.end


def _voices(cable: Cable, findings: Findings, colours: dict[str, str]) -> dict[int, list[Voice]]:
    """Index of a paragraph -> who says what in it."""
    found: dict[int, dict[str, Voice]] = {}
    for ordinal, one in enumerate(findings.statements):
        speaker = "the drafter" if one.voice == "drafter" else one.speaker or "somebody"
        voices = found.setdefault(one.paragraph, {})
        voice = voices.setdefault(speaker, Voice(speaker, _colour(one, colours), []))
        words = one_line(one.cue.of(cable.text))[:40] if one.cue is not None else "goes on"
        voice.said.append(Said(ordinal, words, one.kind, one.polarity))
    return {index: list(voices.values()) for index, voices in found.items()}


def _is_sign(defect: Defect) -> bool:
    return defect.code in _SIGNS


# Defects that are shown at their place in the text: what stands for them
_SIGNS = {"lost-text": "[…]", "false-pilcrow": "¶", "unnamed-text": "[?]"}


def _signs(cable: Cable) -> Iterator[Inserted]:
    for defect in cable.defects:
        if defect.span is not None and defect.code in _SIGNS:
            said = f"{DEFECTS[defect.code]} {defect.detail}".strip()
            at = (
                defect.span.end - 1
                if defect.code == "lost-text" and defect.span.end > defect.span.start
                else defect.span.start
            )
            yield Inserted(at, _sign("flaw", _SIGNS[defect.code], said))


def _sign(name: str, shown: str, said: str) -> Markup:
    """A sign of ours in the text that tells, when it is pointed at or focused, what it stands for."""
    told = escape(visible(said))
    return Markup(
        f'<button type="button" class="x sign {name}" aria-label="{told}"><span aria-hidden="true">{shown}</span>'
        f'<span class="tip" aria-hidden="true">{told}</span></button>'
    )


def _line_begins(cable: Cable, paragraph: Paragraph) -> list[int]:
    """Where the sub-paragraphs of a paragraph begin, their labels included: each is set on a line of its own."""
    found = []
    for item in paragraph.items:
        start = item.spans[0].start
        at = cable.text.rfind(item.label, max(paragraph.spans[0].start, start - 60), start)
        found.append(at if at >= 0 else start)
    return found
