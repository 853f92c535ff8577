"""The text of a cable, set for reading: numbers and marks in the margin, breaks and damage as remarks in their place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from itertools import dropwhile
from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reftel.cli.glyphs import Glyphs
from reftel.cli.output import printable
from reftel.model import Cable, Paragraph, Segment, Span

_MARGIN = 12
_REMARK, _DAMAGE = "dim italic", "bold yellow"
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_COLUMNS = re.compile(r"\S {3,}\S")

# What is said of segments that are no text of the cable's drafter; "{}" is the print.
_REMARKS = {
    "section_break": ("section break: {}", _REMARK),
    "page_break": ("page break: {}", _REMARK),
    "injected": ("injected: {}", _DAMAGE),
    "unknown": ("cannot be named: {}", _DAMAGE),
    "stamp": ("stamp: {}", _REMARK),
}
_FOLDED = {
    "foreign_cable": "here stands the text of another cable, {:,} characters",
    "truncated_copy": "here stands a cut or second copy of this cable, {:,} characters",
    "furniture": "here stand {:,} characters of the page that are not the cable's",
}
_BREAKS = ("section_break", "page_break")
_SHOWN = ("foreign_cable", "truncated_copy", "heading", "paragraph", "signature", "trailer")
_SAID_IN_PLACE = {
    "lost-text": "the rest of this line is lost",
    "truncated-text": "the text breaks off here",
    "section-missing": "a section is missing here",
    "page-missing": "a page is missing here",
}


def render_body(cable: Cable, glyphs: Glyphs) -> Iterator[RenderableType]:
    """Headings, paragraphs and whatever else stands there, in the order of the text."""
    setter = _Setter(cable, glyphs)
    for event in setter.events():
        if isinstance(event, Paragraph):
            yield setter.set_paragraph(event)
            yield ""
        else:
            line = setter.set_segment(event)
            if line is not None:
                yield Padding(line, (0, 0, 0, _MARGIN))
                yield ""


def render_paragraph(cable: Cable, paragraph: Paragraph, glyphs: Glyphs) -> RenderableType:
    """One paragraph of a cable, with its number and mark in the margin."""
    return _Setter(cable, glyphs).set_paragraph(paragraph)


class _Cut(NamedTuple):
    """A place inside a paragraph where something is said or a new line begins. remark: None for a sub-paragraph."""

    at: int
    remark: Text | None


class _Setter:
    """Sets one cable; it holds what all its paragraphs share."""

    def __init__(self, cable: Cable, glyphs: Glyphs) -> None:
        self.cable = cable
        self.text = cable.text
        self.glyphs = glyphs
        self.redacted = sorted({printable(note.text) for note in cable.redactions if note.text})
        self.breaks = [s for s in cable.segments if s.kind in _REMARKS or s.kind in _FOLDED]
        self.break_starts = [s.span.start for s in self.breaks]
        self.damage = [
            _Cut(d.span.start, Text(glyphs.remark(_SAID_IN_PLACE[d.code]), _DAMAGE))
            for d in cable.defects
            if d.code in _SAID_IN_PLACE and d.span is not None
        ]

    def events(self) -> list[Paragraph | Segment]:
        """Paragraphs, and the segments that no paragraph holds, as they follow each other."""
        hulls = [Span(p.spans[0].start, p.spans[-1].end) for p in self.cable.paragraphs if p.spans]
        placed: list[tuple[int, int, Paragraph | Segment]] = []
        at = 0
        for paragraph in self.cable.paragraphs:
            at = paragraph.spans[0].start if paragraph.spans else at
            placed.append((at, 1, paragraph))
        next_hull = 0
        for segment in self.cable.segments:
            while next_hull < len(hulls) and hulls[next_hull].end <= segment.span.start:
                next_hull += 1
            inside = next_hull < len(hulls) and hulls[next_hull].start <= segment.span.start
            if inside or not self._is_shown(segment):
                continue
            last = placed[-1][2] if placed else None
            if segment.kind in _FOLDED and isinstance(last, Segment) and last.kind == segment.kind:
                # Its own lines and blanks part another cable into many segments; it is told of once.
                segment = Segment(segment.kind, Span(last.span.start, segment.span.end))
                placed.pop()
            placed.append((segment.span.start, 0, segment))
        events = [event for _, _, event in sorted(placed, key=lambda item: item[:2])]
        # Breaks inside the header and the head (PAGE 01, or between REF and Classified By) cut nothing that is shown.
        begun = dropwhile(lambda event: isinstance(event, Segment) and event.kind in _BREAKS, events)
        return list(begun)

    def _is_shown(self, segment: Segment) -> bool:
        return segment.kind in _REMARKS or segment.kind in _SHOWN

    def set_segment(self, segment: Segment) -> Text | None:
        """One line for a segment outside the paragraphs."""
        said = _squash(segment.span.of(self.text))
        if not said:
            return None
        if segment.kind == "heading":
            return self._redactions_marked(Text(said, "bold"))
        if segment.kind == "signature":
            return Text(said, "bold")
        if segment.kind == "paragraph":
            return self._redactions_marked(Text(said))
        if segment.kind == "trailer":  # boxes of stars are left out
            return Text(said, "dim") if any(map(str.isalnum, said)) else None
        return self._remark(segment)

    def set_paragraph(self, paragraph: Paragraph) -> RenderableType:
        """Number, mark and roles in the margin; the text beside them, sub-paragraphs on lines of their own."""
        row = Table.grid(padding=0)
        row.add_column(width=_MARGIN)
        row.add_column(ratio=1)
        number = f"{paragraph.number}." if paragraph.number is not None else ""
        margin = Text().append(f"{number:>3} ", "bold").append(printable(paragraph.marking or ""), "cyan")
        for role in paragraph.role:
            margin.append(f"\n{role}", "dim")
        row.add_row(margin, Group(*self._set_text(paragraph)))
        return row

    def _set_text(self, paragraph: Paragraph) -> list[RenderableType]:
        lines: list[_Line] = [_Line(Text(), 0)]
        cuts = deque(self._cuts(paragraph))
        for i, span in enumerate(paragraph.spans):
            if i:
                self._say_breaks(lines, paragraph.spans[i - 1].end, span.start)
            at = span.start
            while cuts and cuts[0].at <= span.end:
                cut = cuts.popleft()
                if cut.at < at:  # between the pieces, where a break is told of already
                    continue
                self._add(lines, self.text[at : cut.at])
                if cut.remark is None:
                    lines.append(_Line(Text(), 2))
                else:
                    lines[-1].text.append(" ").append_text(cut.remark)
                at = cut.at
            self._add(lines, self.text[at : span.end])
        lines = [line for line in lines if line.text]
        return [
            Padding(self._redactions_marked(line.text), (int(line.apart and i > 0), 0, 0, line.indent))
            for i, line in enumerate(lines)
        ]

    def _cuts(self, paragraph: Paragraph) -> list[_Cut]:
        if not paragraph.spans:
            return []
        found = []
        for item in paragraph.items:
            if item.spans:
                begin = item.spans[0].start
                at = self.text.rfind(item.label, max(begin - len(item.label) - 20, 0), begin)
                found.append(_Cut(at if at >= 0 else begin, None))
        first, last = paragraph.spans[0].start, paragraph.spans[-1].end
        found += [cut for cut in self.damage if first < cut.at <= last]
        return sorted(found, key=lambda cut: cut.at)

    def _say_breaks(self, lines: list[_Line], start: int, end: int) -> None:
        told = self.breaks[bisect_left(self.break_starts, start) : bisect_left(self.break_starts, end)]
        if not told and _BLANK_LINE.search(self.text, start, end):
            lines.append(_Line(Text(), lines[-1].indent, apart=True))
            return
        text = lines[-1].text
        text.rstrip()
        for segment in told:
            text.append(" ").append_text(self._remark(segment))
        text.append(" ")

    def _add(self, lines: list[_Line], piece: str) -> None:
        """The piece, its line breaks undone; blank lines and columns stay."""
        for i, block in enumerate(_BLANK_LINE.split(piece)):
            if i and block.strip():
                lines.append(_Line(Text(), lines[-1].indent, apart=True))
            rows = block.splitlines()
            if sum(1 for row in rows if _COLUMNS.search(row)) > 1:
                columns = "\n".join(printable(row.rstrip()) for row in rows if row.strip())
                lines.append(_Line(Text(columns, no_wrap=True, overflow="fold"), 0))
                lines.append(_Line(Text(), lines[-2].indent))
                continue
            last = lines[-1].text
            if last and not last.plain.endswith(" ") and block[:1].isspace():
                last.append(" ")
            last.append(_squash(block))
            if block[-1:].isspace():
                last.append(" ")

    def _remark(self, segment: Segment) -> Text:
        if segment.kind in _FOLDED:
            size = segment.span.end - segment.span.start
            return Text(self.glyphs.remark(_FOLDED[segment.kind].format(size)), _DAMAGE)
        said, style = _REMARKS[segment.kind]
        return Text(self.glyphs.remark(said.format(_squash(segment.span.of(self.text)))), style)

    def _redactions_marked(self, text: Text) -> Text:
        text.rstrip()
        if self.redacted:
            text.highlight_words(self.redacted, "reverse")
        return text


class _Line(NamedTuple):
    """One line of a paragraph before it is wrapped. apart: whether a blank line stands before it."""

    text: Text
    indent: int
    apart: bool = False


def _squash(text: str) -> str:
    return printable(" ".join(text.split()))
