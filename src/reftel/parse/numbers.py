"""Find the numbers that begin paragraphs.

The release site put a pilcrow before any number at a line's start, so that "December / ¶17." looks like a paragraph
(09SANAA2250), and lost it where no blank follows the point ("1.(C)"); in flattened bodies numbers stand inline. So every
number that may be one is weighed by what stands before and after it, and by the sequence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

import msgspec

from reftel.model import Record
from reftel.parse.blocks import is_rule
from reftel.parse.marks import match_mark
from reftel.text import trim_end


class Number(Record, frozen=True):
    """A number that may begin a paragraph, flow offsets: of itself (pilcrow included), and where the text after it begins.

    mark: the portion mark there; mark_end: where that ends, `end` if there is none.
    """

    value: int
    start: int
    end: int
    mark: str | None
    mark_end: int
    pilcrow: bool
    after_break: bool
    after_sentence: bool
    at_line_start: bool


_MARK_AHEAD = r"\(\s?(?:C|S|U|SBU|LOU|TS|N/SF|[csu])\b[^()\n]{0,40}\)"
_LINE_NUMBER = re.compile(
    rf"\n[ \t\xa0\u2028]*+(?=[¶\d])(?P<p>¶[ ]?)?(?P<n>\d{{1,3}})(?:[ ]?[.,:][)]?(?=[\s(A-Z\"“'‘\-]|X{{4}})|[ ]{{0,2}}(?={_MARK_AHEAD})|[)](?=[ ]{{0,2}}{_MARK_AHEAD}))"
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
_RULE_ENDS = ("----", "====", "****", "____")
_LONGEST_WORD = 14  # of _NO_NUMBER_AFTER, with its point and what stands before it
_POINT_BEHIND_NUMBER = re.compile(r"\.(?<=\d\.)[ ]{1,12}(?=[A-Z(\"“])")
_LONG_LINE = 250


def find_numbers(text: str, start: int, end: int, breaks: int, flattened: bool) -> list[Number]:
    """Every number in text[start:end] that may begin a paragraph, in order. breaks: how many line breaks there are."""
    found: dict[int, Number] = {}
    # where every paragraph is one line (newspaper copies), any line's start is a break
    long_lines = end - start > _LONG_LINE * (breaks + 1)
    first = _FIRST_NUMBER.match(text, start, end)
    for m in (*((first,) if first else ()), *_LINE_NUMBER.finditer(text, start, end)):
        number = _number(text, start, m, True)
        if long_lines and number.pilcrow:
            number = msgspec.structs.replace(number, after_break=True)
        found[m.start("n")] = number
    before_marks = {number.end for number in found.values()}
    for mark in _INLINE_MARK.finditer(text, start, end):
        at = mark.start()
        m = None if at in before_marks else _NUMBER_BEFORE_MARK.search(text, max(start, at - 22), at)
        if m is not None and m.start("n") not in found:
            found[m.start("n")] = _number(text, start, m, False)
    if flattened or len(found) < 2:
        for m in _find_flat_numbers(text, start, end):
            found.setdefault(m.start("n"), _number(text, start, m, False))
    return [found[k] for k in sorted(found)]


def _find_flat_numbers(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Every match of _FLAT_NUMBER, found by the point behind the number."""
    for point in _POINT_BEHIND_NUMBER.finditer(text, start, end):
        m = _FLAT_NUMBER.search(text, max(point.start() - 5, start), min(point.end() + 1, end))
        if m is not None:
            yield m


def _number(text: str, low: int, m: re.Match[str], at_line_start: bool) -> Number:
    begin = m.start("p") if m["p"] else m.start("n")
    after = m.end()
    while after < len(text) and text[after] in " \t\xa0":
        after += 1
    if text[after : after + 1] == "\n" and match_mark(text, after + 1):
        after += 1
    mark = match_mark(text, after)
    before_end = trim_end(text, low, begin)
    before = text[max(low, before_end - 90) : before_end]
    line = before[before.rfind("\n") + 1 :]
    after_break = before_end <= low or text.count("\n", before_end, begin) >= 2
    # a wrapped line never ends with a stop by rule, but a number after "by late" is one of the sentence
    closed = before[-1:] in ".!?\"”)]:;'’" or (len(line) < 50 and line.isupper())
    # a lone hyphen pads a blank line in cables of the 1980s (90CAPETOWN97)
    if not (after_break and closed) and (line.strip() == "-" or is_rule(line) or before.endswith(_RULE_ENDS)):
        after_break = closed = True
    open_word = closed and not after_break and _NO_NUMBER_AFTER.search(before, max(len(before) - _LONGEST_WORD, 0))
    return Number(
        value=int(m["n"]),
        start=begin,
        end=after,
        mark=mark[0] if mark else None,
        mark_end=mark[1] if mark else after,
        pilcrow=bool(m["p"]),
        after_break=after_break,
        after_sentence=closed and not open_word,
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
