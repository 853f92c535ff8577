"""Summary, comment, action request and note: which paragraphs they are, and from where to where they run."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from reftel.parse.body import Body


class Scoped(NamedTuple):
    """roles: of each part, in the body's order. scopes: (kind, flow ranges)."""

    roles: tuple[tuple[str, ...], ...]
    scopes: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]


_OPENING = re.compile(
    r"""[\s("'“\-]{0,6}(?:\((?:C|S|U|SBU)[^)]{0,8}\)\s{0,3})?(?:BEGIN\s{1,2})?(?:(?:EXECUTIVE|BRIEF)\s)?
        (?P<word>(?:INTRODUCTION\s(?:AND|&)\s)?SUMMARY|INTRODUCTION|(?-i:(?:(?!F(?:OR|or)\b|N(?:O|o|OT|ot)\b)[A-Z][\w/'’]{0,14}\s){0,3}?)COMMENT|ACTION\s{1,2}REQUEST(?:ED)?|NOTE)
        (?:\s{1,2}(?:AND|&|/|/\s)\s{0,2}(?P<also>COMMENT|ACTION\sREQUEST(?:ED)?|ANALYSIS|INTRODUCTION|BACKGROUND|ACTION)|\sCONTINUED|\s\(CONT[^)]{0,8}\))?
        \s{0,3}[:.;\-–)]""",
    re.VERBOSE | re.IGNORECASE,
)
# Inside a paragraph: "(Comment: ...", "... elections. Comment: ..."; not "commented", "asked the Embassy for comment."
_INLINE = re.compile(
    r"(?P<open>[(\[])?(?:(?<=[(\[])\s{0,2}|(?<=[.!?\"”’)\]])\s{1,4}|\n\s{0,4})(?P<begin>BEGIN\s)?(?:(?!END\b)[A-Z][A-Za-z./'’]{1,14}\s){0,2}?(?P<word>COMMENT|NOTE)(?:\s(?:AND|CONTINUED)[\sA-Z]{0,24})?\s{0,2}(?P<stop>[:.\-–])",
    re.IGNORECASE,
)
_END = re.compile(
    r"END\s{1,2}(?:OF\s{1,2})?(?P<word>(?:EXECUTIVE\s)?SUMMARY|(?:[A-Z][\w./'’]{0,14}\s){0,2}?COMMENT|ACTION\sREQUEST|NOTE)(?:\s(?:AND|&)\s(?P<also>COMMENT|ACTION\sREQUEST|NOTE|SUMMARY|INTRODUCTION|ANALYSIS|BACKGROUND))?",
    re.IGNORECASE,
)
_HEADING_KIND = (
    ("summary", "SUMMARY", re.compile(r"\bSUMMARY\b", re.IGNORECASE)),
    ("comment", "COMMENT", re.compile(r"(?<!NO )(?<!FOR )\bCOMMENT\b(?!\s+(?:ON|BY|FROM)\b)", re.IGNORECASE)),
    ("action", "ACTION", re.compile(r"\bACTION\s+REQUEST(?:ED)?\b|\bACTION\s+(?:REQUIRED|ITEMS?)\b", re.IGNORECASE)),
)
_AUTHORITY = re.compile(r"\s{0,3}(?:\(U\)\s{0,3})?CLASSIFIED\s{1,2}BY\b", re.IGNORECASE)
_OPENING_ROOM = 130  # more than _OPENING, _AUTHORITY and _REQUEST can take
_OPENING_CORES = ("SUMMARY", "COMMENT", "ACTION", "NOTE", "NTRODUCT")
_REQUEST = re.compile(r"\s{0,3}THIS\s(?:IS|CABLE\sCONTAINS)\s(?:AN\s)?ACTION\s(?:REQUEST|CABLE|MESSAGE)", re.IGNORECASE)
# Every core costs a search of the whole text, so there are few, and each begins with a letter, which is what a pattern is
# quickest to find; "note" in lower case only where it can open one.
_INLINE_CORES = (re.compile("OMMENT"), re.compile("omment"), re.compile("N(?:OTE|ote)"), re.compile("note:"))
_END_CORES = (re.compile("E(?:ND|nd)"), re.compile("end [scn]"))
_BRACKET = re.compile(r"[()\[\]]")
_BRACKET_REACH = 4000
_SUMMARY_REACH = 6
_ORDER = ("summary", "comment", "action", "note")


def read_scopes(text: str, body: Body) -> Scoped:
    """Roles and scopes of a body, from opening words, headings and the words that end them."""
    ranges = [(s, e, i) for i, part in enumerate(body.parts) for s, e in part.ranges]
    found = _Found(body, _read_ends(text, ranges))
    inline: dict[int, list[tuple[re.Match[str], int]]] = {}
    for m, i, e in _in_parts(_INLINE, text, ranges, _INLINE_CORES, 40):
        inline.setdefault(i, []).append((m, e))
    _read_headed(text, found)
    for i, part in enumerate(body.parts):
        if not part.ranges:
            continue
        at = part.ranges[0][0]
        opening = text[at : at + _OPENING_ROOM].upper()
        if "CLASSIFIED" in opening and _AUTHORITY.match(text, at):
            found.roles[i].clear()  # paragraph 1 is the Classified By line (96ANKARA12278)
            continue
        if "ACTION" in opening and _REQUEST.match(text, at):
            found.roles[i].add("action")
        may_open = any(word in opening for word in _OPENING_CORES)
        opened = _read_opening(text, found, i, at) if may_open else at
        for m, e in inline.get(i, ()):
            begin = m.start() + len(m[0]) - len(m[0].lstrip())
            if m.start("word") < opened or (m["stop"] in ".-–" and m["word"][0].islower() and not m["open"]):
                continue
            kind = m["word"].lower()
            if kind == "comment":
                found.roles[i].add(kind)
            if not found.covers(kind, begin):
                found.append(kind, ((begin, _inline_end(text, begin, e, found.end_of(kind, i, begin))),))
    _read_ends_only(found)
    found.scopes.sort(key=lambda scope: scope[1][0] if scope[1] else (0, 0))
    return Scoped(tuple(tuple(sorted(r, key=_ORDER.index)) for r in found.roles), tuple(found.scopes))


class _End(NamedTuple):
    """An "End summary." and the like: its part, and where it stands."""

    part: int
    start: int
    end: int


class _Found:
    """Roles and scopes found so far, and the ends they may run to, in order, by kind."""

    def __init__(self, body: Body, ends: dict[str, list[_End]]) -> None:
        self.body = body
        self.ends = ends
        self.roles: list[set[str]] = [set() for _ in body.parts]
        self.scopes: list[tuple[str, tuple[tuple[int, int], ...]]] = []
        self._headed: dict[str, list[tuple[int, int]]] = {}
        self._reach: dict[str, int] = {}

    def end_of(self, kind: str, part: int, after: int = 0) -> _End | None:
        """The first end of a kind in or behind a part that begins behind `after`."""
        ends = self.ends.get(kind, [])
        i = bisect_right(ends, (part, after, 0))
        return ends[i] if i < len(ends) else None

    def append(self, kind: str, ranges: tuple[tuple[int, int], ...], headed: bool = False) -> None:
        """Add a scope; those of one sort come in the order of the text."""
        self.scopes.append((kind, ranges))
        if ranges and headed:
            self._headed.setdefault(kind, []).append((ranges[0][0], ranges[-1][1]))
        elif ranges:
            self._reach[kind] = max(self._reach.get(kind, 0), ranges[-1][1])

    def covers(self, kind: str, at: int) -> bool:
        """Whether a scope of the kind already holds the place."""
        if at < self._reach.get(kind, 0):
            return True
        headed = self._headed.get(kind, [])
        i = bisect_right(headed, (at, 1 << 62)) - 1
        return i >= 0 and at < headed[i][1]

    def ranges(self, first: int, at: int, last: int, end: int) -> tuple[tuple[int, int], ...]:
        """What parts first to last hold between two offsets."""
        found = []
        for part in self.body.parts[first : last + 1]:
            for s, e in part.ranges:
                s2, e2 = max(s, at), min(e, end)
                if s2 < e2:
                    found.append((s2, e2))
        return tuple(found)


def _read_opening(text: str, found: _Found, i: int, at: int) -> int:
    """Read the word that opens part i, if one does; returns where it ends, else `at`."""
    part = found.body.parts[i]
    m = _OPENING.match(text, at)
    if m is None or m.end() > part.ranges[-1][1] + 1:
        return at
    kinds = _kinds(m["word"], m["also"])
    if kinds == ["note"] and text[m.end() - 1] not in ":;.":
        return at
    stop = found.end_of(kinds[0], i)
    if stop is not None and stop.part > i + _SUMMARY_REACH:
        stop = None
    last, end = (stop.part, stop.end) if stop is not None else (i, part.ranges[-1][1])
    for kind in kinds:
        for j in range(i, last + 1):
            found.roles[j].add(kind)
        if not found.covers(kind, at):
            found.append(kind, found.ranges(i, at, last, end))
    return m.end()


def _read_headed(text: str, found: _Found) -> None:
    """Roles and scopes from headings: all paragraphs under "SUMMARY" to the one that ends it."""
    parts = found.body.parts
    i = 0
    while i < len(parts):
        heading = parts[i].heading
        j = i
        while j < len(parts) and parts[j].heading == heading:
            j += 1
        name = text[slice(*found.body.headings[heading])] if heading is not None else ""
        capitals = name.upper()
        for kind, word, pattern in _HEADING_KIND:
            if word not in capitals or not pattern.search(name):
                continue
            stop = found.end_of(kind, i)
            if stop is not None and stop.part >= j:
                stop = None
            # the last heading of a cable that never says where its summary ends: its first paragraph is sure
            open_end = kind == "summary" and j == len(parts)
            last = stop.part if stop is not None else i if open_end else j - 1
            for k in range(i, last + 1):
                found.roles[k].add(kind)
            first = next((k for k in range(i, last + 1) if parts[k].ranges), None)
            if first is not None:
                end = stop.end if stop is not None else max(r[1] for p in parts[first : last + 1] for r in p.ranges)
                found.append(kind, found.ranges(first, parts[first].ranges[0][0], last, end), headed=True)
        i = j


def _inline_end(text: str, begin: int, end: int, stop: _End | None) -> int:
    """Where an inline comment or note ends: at its closing bracket, at its "End comment.", else with its paragraph."""
    named = stop.end if stop is not None and stop.end <= end else None
    if text[begin] in "([":
        depth = 0
        for m in _BRACKET.finditer(text, begin, min(end, begin + _BRACKET_REACH)):
            depth += 1 if m[0] in "([" else -1
            if depth == 0:
                return m.end() if named is None or named > m.end() + 4 else max(m.end(), named)
    return named if named is not None else end


def _read_ends(text: str, ranges: list[tuple[int, int, int]]) -> dict[str, list[_End]]:
    """Every "End summary." and the like, by kind, the stop and bracket behind it included."""
    found: dict[str, list[_End]] = {}
    for m, i, e in _in_parts(_END, text, ranges, _END_CORES, 0):
        stop = m.end()
        while stop < e and text[stop] in ".)]":
            stop += 1
        for kind in _kinds(m["word"], m["also"]):
            found.setdefault(kind, []).append(_End(i, m.start(), stop))
    return found


def _read_ends_only(found: _Found) -> None:
    """A summary or comment of which only the end is printed (96ANKARA12278)."""
    for kind, ends in found.ends.items():
        if kind == "note":
            continue
        for end in ends:
            if kind in found.roles[end.part] or found.covers(kind, end.start):
                continue
            first = 0 if kind == "summary" and end.part <= _SUMMARY_REACH else end.part
            for j in range(first, end.part + 1):
                found.roles[j].add(kind)
            begin = next((r[0][0] for r in (p.ranges for p in found.body.parts[first : end.part + 1]) if r), end.start)
            found.append(kind, found.ranges(first, begin, end.part, end.end))


def _in_parts(
    pattern: re.Pattern[str],
    text: str,
    ranges: list[tuple[int, int, int]],
    cores: tuple[re.Pattern[str], ...],
    before: int,
) -> Iterator[tuple[re.Match[str], int, int]]:
    """(match, its part, the end of its range) of a pattern that holds one of the cores, looked for only round a core.

    ranges: (start, end, part) of all parts in order.
    """
    if not ranges:
        return
    hits = sorted([m.start() for core in cores for m in core.finditer(text, ranges[0][0], ranges[-1][1])])
    starts = [s for s, _, _ in ranges]
    done = 0
    for at in hits:
        s, e, part = ranges[max(bisect_right(starts, at) - 1, 0)]
        if at < done or at >= e:
            continue
        m = pattern.search(text, max(at - before, done, s - 1, 0), min(e, at + 80))
        if m is not None and m.start() <= at:
            yield m, part, e
            done = m.end()


def _kinds(word: str, also: str | None) -> list[str]:
    kinds = []
    for w in (word, also):
        if w:
            upper = w.upper()
            for kind, key in (
                ("summary", "SUMMARY"),
                ("summary", "INTRODUCTION"),
                ("comment", "COMMENT"),
                ("action", "ACTION"),
                ("note", "NOTE"),
            ):
                if upper.endswith(key) or (key == "ACTION" and upper.startswith(key)):
                    kinds.append(kind)
                    break
    return kinds or ["comment"]
