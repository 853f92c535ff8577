"""Find the numbers that begin paragraphs.

The release site put a pilcrow before any number at a line's start, so that "December / ¶17." looks like a paragraph
(09SANAA2250), and lost it where no blank follows the point ("1.(C)"); in flattened bodies numbers stand inline. So every
number that may be one is weighed by what stands before and after it, and by the sequence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from reftel.parse.blocks import RULE_LINE
from reftel.parse.marks import match_mark


class Number(NamedTuple):
    """A number that may begin a paragraph, flow offsets: of itself (pilcrow included), and where the text after it begins."""

    value: int
    start: int
    end: int
    mark: str | None
    pilcrow: bool
    after_break: bool
    after_sentence: bool
    at_line_start: bool


_MARK_AHEAD = r"\(\s?(?:C|S|U|SBU|LOU|TS|N/SF|[csu])\b[^()\n]{0,40}\)"
_LINE_NUMBER = re.compile(
    rf"\n[ \t\xa0\u2028]*+(?P<p>¶[ ]?)?(?P<n>\d{{1,3}})(?:[ ]?[.,:][)]?(?=[\s(A-Z\"“'‘\-]|X{{4}})|[ ]{{0,2}}(?={_MARK_AHEAD})|[)](?=[ ]{{0,2}}{_MARK_AHEAD}))"
)
_FIRST_NUMBER = re.compile(_LINE_NUMBER.pattern.removeprefix(r"\n"))
_INLINE_MARK = re.compile(_MARK_AHEAD)
_NUMBER_BEFORE_MARK = re.compile(r"(?<=[ \t.\-\"”)])(?P<p>¶[ ]?)?(?P<n>\d{1,3})[ ]?[.,][ \t\n]{0,12}$")
_FLAT_NUMBER = re.compile(r"(?:(?<=[ ]{2})|(?<=--[ ]))(?P<p>¶[ ]?)?(?P<n>\d{1,3})\.[ ]{1,12}(?=[A-Z(\"“])")
_NO_NUMBER_AFTER = re.compile(
    r"(?:\b(?:paras?|paragraphs?|sections?|articles?|chapters?|pages?|no|nos|number|numbers|tel|fax|ext|room|phone|of|and|to|from|in|on|by|the|about|until|since|than"
    r"|resolution|unscr|part|volume|vol|question|points?|item|version|article"
    r"|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?|[-–,(/$])$",
    re.IGNORECASE,
)
_LONG_LINE = 250


def find_numbers(text: str, start: int, end: int, flattened: bool) -> list[Number]:
    found = {}
    # where every paragraph is one line (newspaper copies), any line's start is a break
    long_lines = end - start > _LONG_LINE * (text.count("\n", start, end) + 1)
    first = _FIRST_NUMBER.match(text, start, end)
    for m in (*((first,) if first else ()), *_LINE_NUMBER.finditer(text, start, end)):
        number = _number(text, start, m, True)
        found[m.start("n")] = number._replace(after_break=True) if long_lines and number.pilcrow else number
    for mark in _INLINE_MARK.finditer(text, start, end):
        m = _NUMBER_BEFORE_MARK.search(text, max(start, mark.start() - 22), mark.start())
        if m is not None and m.start("n") not in found:
            found[m.start("n")] = _number(text, start, m, False)
    if flattened or len(found) < 2:
        for m in _FLAT_NUMBER.finditer(text, start, end):
            found.setdefault(m.start("n"), _number(text, start, m, False))
    return [found[k] for k in sorted(found)]


def _number(text: str, low: int, m: re.Match[str], at_line_start: bool) -> Number:
    begin = m.start("p") if m["p"] else m.start("n")
    after = m.end()
    while after < len(text) and text[after] in " \t\xa0":
        after += 1
    if after < len(text) and text[after] == "\n" and match_mark(text, after + 1):
        after += 1
    mark = match_mark(text, after)
    before_end = begin
    while before_end > low and text[before_end - 1] in " \t\r\n\xa0":
        before_end -= 1
    gap = text[before_end:begin]
    before = text[max(low, before_end - 90) : before_end]
    line = before[before.rfind("\n") + 1 :]
    # a lone hyphen pads a blank line in cables of the 1980s (90CAPETOWN97)
    is_rule = line.strip() == "-" or bool(RULE_LINE.match(line)) or before.endswith(("----", "====", "****", "____"))
    after_break = before_end <= low or gap.count("\n") >= 2 or is_rule
    # a wrapped line never ends with a stop by rule, but a number after "by late" is one of the sentence
    closed = is_rule or before[-1:] in ".!?\"”)]:;'’" or (len(line) < 50 and line.isupper())
    return Number(
        value=int(m["n"]),
        start=begin,
        end=after,
        mark=mark[0] if mark else None,
        pilcrow=bool(m["p"]),
        after_break=after_break,
        after_sentence=closed and not (not after_break and _NO_NUMBER_AFTER.search(before)),
        at_line_start=at_line_start,
    )


def choose_numbers(candidates: list[Number]) -> tuple[list[Number], list[tuple[int, str]], list[tuple[int, str]]]:
    """The numbers that begin paragraphs, with gaps and repeats in their sequence."""
    likely = [
        c for c in candidates if c.mark or c.after_break or (c.after_sentence and (c.at_line_start or not c.pilcrow))
    ]
    if not likely:
        return [], [], []
    marked = sum(c.mark is not None for c in likely)
    marks_rule = marked >= 3 and marked >= 0.5 * len({c.value for c in likely if c.value < 100})
    chosen: list[Number] = []
    gaps: list[tuple[int, str]] = []
    repeats: list[tuple[int, str]] = []
    positions: dict[int, list[int]] = {}
    for i, c in enumerate(likely):
        positions.setdefault(c.value, []).append(i)
    marked_at = {value: [i for i in places if likely[i].mark] for value, places in positions.items()}
    expected = 1 if 1 in positions else min(positions)
    for i, c in enumerate(likely):
        strong = c.mark is not None or (c.after_break and (c.pilcrow or not marks_rule))
        if c.value == expected:
            if marks_rule and c.mark is None and _better_later(marked_at, i, expected):
                continue
            if not strong and not c.after_sentence:
                continue
            if not chosen and expected > 1:
                if not strong:
                    continue
                gaps.append((c.start, f"the first number is {c.value}"))
        elif chosen and c.value == expected - 1 and c.mark is not None and c.after_break and c.at_line_start:
            repeats.append((c.start, f"{c.value} stands twice"))
        elif chosen and expected < c.value <= expected + 4 and strong:
            if positions.get(expected, [-1])[-1] > i:
                continue
            if c.mark is None and marks_rule:
                continue
            missing = ", ".join(str(n) for n in range(expected, c.value))
            gaps.append((c.start, f"{missing} missing before {c.value}"))
        elif (
            chosen
            and c.value > expected + 4
            and c.value < 150
            and c.mark is not None
            and c.after_break
            and (c.value + 1) in positions
        ):
            if positions.get(expected, [-1])[-1] > i:
                continue
            gaps.append((c.start, f"{expected} to {c.value - 1} missing"))
        else:
            continue
        chosen.append(c)
        expected = c.value + 1
    return chosen, gaps, repeats


def _better_later(marked_at: dict[int, list[int]], i: int, value: int) -> bool:
    """Whether a later candidate of the same value has a mark and comes before the next value's marked one."""
    later = _next_place(marked_at[value], i)
    if later is None:
        return False
    following = _next_place(marked_at.get(value + 1, []), i)
    return following is None or later < following


def _next_place(places: list[int], i: int) -> int | None:
    """The first of some ascending places after `i`; None if there is none."""
    k = bisect_right(places, i)
    return places[k] if k < len(places) else None
