"""The body of a clean telegram: headings over a rule, paragraphs with number and mark, lines that can be read."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator
from textwrap import wrap

from reftel.model import Cable, Item, Note, Paragraph, Segment, Span


def render_body(cable: Cable) -> list[list[str]]:
    """Headings with a rule below, and paragraphs, in the order of the text."""
    blocks = [
        _render_heading(part) if isinstance(part, Note) else _render_paragraph(cable, part)
        for part in body_parts(cable)
    ]
    if blocks and cable.signer is None and any(n.text.startswith("...") for n in cable.trailer):
        blocks[-1][-1] += " ..."  # the text breaks off
    return blocks


def body_parts(cable: Cable) -> Iterator[Note | Paragraph]:
    """Headings and paragraphs in the order of the text, each heading before the first paragraph under it."""
    headings = deque(cable.headings)
    under: str | None = None
    for paragraph in cable.paragraphs:
        while headings and _precedes(headings[0], paragraph, under):
            under = headings[0].text
            yield headings.popleft()
        yield paragraph
    yield from headings


def _precedes(heading: Note, paragraph: Paragraph, under: str | None) -> bool:
    """Whether a heading stands before a paragraph; of one without text the heading itself must tell."""
    if paragraph.spans:
        return heading.span.start < paragraph.spans[0].start
    return paragraph.heading not in (None, under)


_WIDTH = 70
_LONG = 100
_RULE = 45


def _render_heading(heading: Note) -> list[str]:
    lines = wrap(heading.text, _WIDTH - 5, break_long_words=False, break_on_hyphens=False)
    return [*lines, "-" * min(max(map(len, lines), default=0), _RULE)]


def _render_paragraph(cable: Cable, paragraph: Paragraph) -> list[str]:
    number = f"{paragraph.number}." if paragraph.number is not None else ""
    mark = f"({paragraph.marking})" if paragraph.marking else ""
    lines = " ".join(filter(None, (number, mark, paragraph_text(cable, paragraph)))).split("\n")
    return [cut for line in lines for cut in _wrap(line)]


def paragraph_text(cable: Cable, paragraph: Paragraph) -> str:
    """The text of a paragraph, page breaks gone, with its own line breaks; sub-paragraphs begin a line."""
    return _with_items_on_lines(cable, paragraph.items, join_pieces(cable, paragraph.spans))


def _with_items_on_lines(cable: Cable, items: tuple[Item, ...], text: str) -> str:
    """Each sub-paragraph begins a line, those too that lost their line breaks."""
    pieces: list[str] = []
    done = at = 0
    for item in items:
        first = item.spans[0].of(cable.text)[:_ITEM_TOLD_BY].partition("\n")[0]
        label = re.compile(rf"{re.escape(item.label)}\s*(?={re.escape(first)})").search(text, at)
        if label is None:
            continue
        before = text[done : label.start()]
        kept = before.rstrip()
        gap = before[len(kept) :]
        pieces += [kept, gap if "\n" in gap or label.start() == 0 else "\n"]
        done, at = label.start(), label.end()
    return "".join([*pieces, text[done:]])


_ITEM_TOLD_BY = 12
_CUTS = ("section_break", "page_break", "injected", "repeated_head")
_MARKS_OF_CARRIERS = ("wrapper", "pilcrow")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_CLOSED = re.compile(r"[.!?:;\"”)\]]\Z")


def join_pieces(cable: Cable, spans: tuple[Span, ...]) -> str:
    """The text of some spans with its own line breaks; where a page break was cut out, a sentence reads on."""
    pieces: list[str] = []
    done = 0
    tail = ""  # the white space that the piece before ends with
    for span in spans:
        piece = span.of(cable.text)
        begun = piece.lstrip()
        if pieces:
            lead = piece[: len(piece) - len(begun)]
            pieces.append(_joint(cable, Span(done, span.start), (tail, lead), bool(_CLOSED.search(pieces[-1]))))
        text = begun.rstrip()
        tail = begun[len(text) :]
        pieces.append(text)
        done = span.end
    lines = [line.rstrip() for line in "".join(pieces).replace("\r", "").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _joint(cable: Cable, gap: Span, around: tuple[str, str], closed: bool) -> str:
    """What to put between two pieces of a paragraph: a blank line only where one is printed and a sentence has ended.

    06BERN1971 has one below every line, and round a page break there are always some. around: the white space that
    the pieces themselves end and begin with.
    """
    between = _segments_in(cable, gap)
    if rule := next((s for s in between if s.kind == "rule"), None):
        return f"\n{rule.span.of(cable.text).strip()}\n"
    blank = "".join(_within(s, gap).of(cable.text) for s in between if s.kind not in (*_CUTS, *_MARKS_OF_CARRIERS))
    blank = around[0] + blank + around[1]
    if "\n" not in blank:
        return " " if blank or any(s.kind in _CUTS for s in between) else ""
    return "\n\n" if closed and _BLANK_LINE.search(blank) else "\n"


def _segments_in(cable: Cable, span: Span) -> tuple[Segment, ...]:
    first = bisect_right(cable.segments, span.start, key=lambda s: s.span.end)
    last = bisect_left(cable.segments, span.end, key=lambda s: s.span.start)
    return cable.segments[first:last]


def _within(segment: Segment, span: Span) -> Span:
    return Span(max(segment.span.start, span.start), min(segment.span.end, span.end))


# What begins no line of running text: it would look like a number, an item, a rule, a label or a caption.
_NO_BEGINNING = re.compile(r"[-\d¶(*•=_]|[A-Za-z][.)]|[A-Za-z]+:$|(?:SIPDIS|NOFORN|SENSITIVE)\b")


def _wrap(line: str) -> Iterator[str]:
    """A line of a cable whose line breaks were lost, broken again; any other as it is."""
    if len(line) <= _LONG:
        yield line
        return
    current: list[str] = []
    width = 0
    for word in re.findall(r" *[^ ]+", line):
        if width + len(word) > _WIDTH and current and not _NO_BEGINNING.match(word.lstrip()):
            yield "".join(current)
            current, width, word = [], 0, word.lstrip()
        current.append(word)
        width += len(word)
    yield "".join(current)
