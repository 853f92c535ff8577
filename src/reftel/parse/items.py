"""Find sub-paragraphs: "a.", "(1)", "--", each on a line of its own or, in flattened text, behind a stop."""

from __future__ import annotations

import re

from reftel.text import tight

_ITEM_START = re.compile(
    r"\n[ \t]*(--+(?=[ \t]|[A-Z])|-|\*|•|\([a-zA-Z]\)|\([ivx]{1,4}\)|\(\d{1,2}\)|[a-zA-Z][.)]|\d{1,2}\))(?:[ \t]+|(?<=--))(?=\S)"
)
_REF_BEFORE = re.compile(r"\brefs?(?:tels?)?$|\band$", re.IGNORECASE)
_FIRST_ITEM = re.compile(_ITEM_START.pattern.removeprefix(r"\n"))
# How far before an item its forerunner on the same line is looked for.
_ITEM_REACH = 300
# "Key points: -- The company ... -- Its rivals ...": dashes behind the end of a sentence, in paragraphs of one line
_INLINE_DASH = re.compile(r"-(?<=\s-)(?P<more>-++)\s*+(?=[A-Z\"“(])")
_BEFORE_DASH = frozenset('.:;)"”')


def read_items(text: str, ranges: tuple[tuple[int, int], ...]) -> list[tuple[str, int, int]]:
    """The sub-paragraphs of a paragraph's ranges: label as printed, start and end of the text after it.

    A lone padding hyphen ("-" on a line of its own) is none; an item runs to the next one or to the end of its range.
    """
    found: list[tuple[str, int, int]] = []
    last = ""
    for s, e in ranges:
        first = _FIRST_ITEM.match(text, s, e)
        if not first and text.find("\n", s, e) < 0:
            found += _read_inline_items(text, s, e)
            continue
        starts = [*((first,) if first else ()), *_ITEM_START.finditer(text, s, e)]
        if not starts:
            continue
        starts = _real_items(text, s, starts, last)
        for i, m in enumerate(starts):
            stop = starts[i + 1].start() if i + 1 < len(starts) else e
            begin, end = tight(text, m.end(), stop)
            if begin < end:
                found.append((m[1], begin, end))
        if starts:
            last = _bare(starts[-1][1])
    return found


def _real_items(text: str, low: int, starts: list[re.Match[str]], last: str) -> list[re.Match[str]]:
    """The starts less those of wrapped lines: "(2)" without "(1)", a lone dash after a line that ends no clause.

    last: the label of the item before them, "" if there is none.
    """
    real: list[re.Match[str]] = []
    for m in starts:
        label = _bare(m[1])
        near = max(low, m.start() - _ITEM_REACH)
        before = text[near : m.start()].rstrip()
        closed = not before or before[-1] in '.:;,?!)"”' or text.count("\n", near + len(before), m.start(1)) >= 2
        if not label and not closed and not (real and not last):
            continue
        if label and _REF_BEFORE.search(before):
            continue  # "(ref" / "A)"
        opens = label in ("a", "1", "i") or not label
        if not opens and label != _next_label(last):
            # "(A)" may stand inside the line before (09THEHAGUE514)
            hidden = rf"[(\s]{_label_before(label)}[.)]\s" if len(label) == 1 and not last else None
            if hidden is None or not re.search(hidden, text[near : m.start()], re.IGNORECASE):
                continue
        real.append(m)
        last = label
    return real


def _bare(label: str) -> str:
    return label.strip("().-*• ").lower()


def _label_before(label: str) -> str:
    return chr(ord(label) - 1)


def _next_label(label: str) -> str:
    if label.isdigit():
        return str(int(label) + 1)
    if len(label) == 1 and label.isalpha():
        return chr(ord(label) + 1)
    romans = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
    return romans[romans.index(label) + 1] if label in romans[:-1] else ""


def _read_inline_items(text: str, s: int, e: int) -> list[tuple[str, int, int]]:
    """Items of a paragraph that lost its line breaks; one dash alone is prose."""
    if text.find("-", s, e) < 0:
        return []
    starts = [
        (m, at) for m in _INLINE_DASH.finditer(text, s, e) if (at := _blank_before(text, s, m.start())) is not None
    ]
    if len(starts) < 2:
        return []
    stops = [*(at for _, at in starts[1:]), e]
    return [("-" + m["more"], *tight(text, m.end(), stop)) for (m, _), stop in zip(starts, stops, strict=True)]


def _blank_before(text: str, low: int, dash: int) -> int | None:
    """Where the white space before a dash begins, not below `low`; None if no sentence ends there."""
    at = dash
    while at > low and text[at - 1].isspace():
        at -= 1
    return at if 0 < at < dash and text[at - 1] in _BEFORE_DASH else None
