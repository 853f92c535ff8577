"""The lines of an answer: cable text behind a bar, places in a cable, and how a list goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reftel.mcp.visible import visible
from reftel.model import Paragraph, Span
from reftel.text import one_line

BAR = "> "


def barred(text: str) -> Iterator[str]:
    """Cable text line by line, each behind the bar: what a cable says can so never look like a line of the answer's own."""
    for line in visible(text).split("\n"):
        yield f"{BAR}{line}".rstrip()


def words(text: str | None, most: int = 300) -> str:
    """Some words of a cable on one line: visible, blanks single, at most so many characters, cut between words where that can be."""
    line = one_line(visible(text or ""))
    if len(line) <= most:
        return line
    cut = line.rfind(" ", most // 2, most - 3)
    return f"{line[: cut if cut > 0 else most - 4]} ..."


def at(span: Span) -> str:
    """ "[1203,1288)": offsets into the text of the cable, code points, the end not included."""
    return f"[{span.start},{span.end})"


def hull(spans: Iterable[Span]) -> Span:
    """From the first to the last character of some spans; [0,0) of none."""
    found = list(spans)
    return Span(min(s.start for s in found), max(s.end for s in found)) if found else Span(0, 0)


def place(paragraph: Paragraph) -> str:
    """ "para 4 (C)", "para 5 (C) comment"; "unnumbered para" where no number is printed."""
    return " ".join([numbered(paragraph.number, paragraph.marking), *paragraph.role])


def numbered(number: int | None, marking: str | None) -> str:
    """ "para 4 (C)"."""
    return (f"para {number}" if number is not None else "unnumbered para") + (f" ({words(marking)})" if marking else "")


def count_of(number: int, noun: str) -> str:
    """ "1 cable", "2,190 cables"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tell_page(total: int, offset: int, count: int, noun: str) -> str:
    """What a list shows: "57 cables; 11 to 20"."""
    told = count_of(total, noun)
    if not count:
        return f"{told}; none beyond {offset:,}." if total else f"{told}."
    return f"{told}." if count == total else f"{told}; {offset + 1:,} to {offset + count:,}."


def tell_rest(total: int, offset: int, count: int) -> Iterator[str]:
    """The last line of a list that was cut."""
    if count and offset + count < total:
        yield f"Cut: {total - offset - count:,} more. Go on with offset={offset + count}."
