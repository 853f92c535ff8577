"""Split what stands between two numbers into headings, rules, captions and prose.

A heading stands over a rule, between two, or bare on a short line of its own; in flattened text its rules stand inline.
"""

from __future__ import annotations

import re

from reftel.parse.marks import match_mark
from reftel.text import tight

RULE_LINE = re.compile(
    r"[ \t]*[-=_]{2,}[ \t\r]*$|[ \t]*-(?: -){2,}+[ \t\r]*$|[ \t]*[-=_*~#+.•](?:[ ]{0,2}[-=_*~#+.•]){3,}[ \t\r]*$"
)
_INLINE_RULE = re.compile(r"(?:(?<=\s)|\A)(?:[-=_*]{4}(?:[ ]{0,2}[-=_*])*+|[-=_*]{1,3}(?: [-=_*]{1,3}){2,}+)(?=\s|\Z)")
# A run is taken whole and then looked at: searched for directly, one that ends in a word is begun again at each of its marks.
# Its look-behind stands after the first mark: see cells.py.
_INLINE_RUN = re.compile(r"[-=_*](?<!\S[-=_*])(?:[ ]{0,2}[-=_*])*+(?P<ends>(?!\S))?")
_INLINE_BEGINS = tuple((mark, re.compile(rf"\{mark}(?:[-=_*]{{3}}| [-=_*])")) for mark in "-=_*")
_DASHES = re.compile(r"-(?:-| -)")
_MARKS_OF_RULES = frozenset("-=_*~#+.•")
# "... to be determined. Comment" / paragraph (04BRASILIA2017)
_HEADING_AT_END = re.compile(
    r"[.!?\"”)](\s+)((?:\.\.\. ?)?[A-Z](?:[^.!?\n]|\.\.\.|(?<=\b[A-Z])\.(?=[A-Z]\.)|(?<=\.[A-Z])\.){3,90})$"
)
_CLOSING_RULE = re.compile(r"\s[-=_*]{4}(?:[ ]{0,2}[-=_*])*+\Z")
_SCOPE_WORD_AT_END = re.compile(r"[.!?\"”)]\s+((?:COMMENT|SUMMARY|Comment|Summary):?)$")
_SCOPE_WORDS = ("COMMENT", "SUMMARY", "Comment", "Summary", "COMMENT:", "SUMMARY:", "Comment:", "Summary:")
_SCOPE_END = re.compile(r"\(?END\s(?:OF\s)?(?:SUMMARY|COMMENT|NOTE|TEXT)\b", re.IGNORECASE)
_ITEM = re.compile(
    r"[ \t]*(?:--+|-|\*|•|o(?=[ ]{2})|\([a-zA-Z]\)|\([ivx]{1,4}\)|\(\d{1,2}\)|[a-zA-Z][.)]|\d{1,2}\)|¶?[A-Z]\.)[ \t]"
)
_CAPTION_ONLY = re.compile(
    r"[ \t]*(?:(?:SENSITIVE(?: BUT UNCLASSIFIED)?|SIPDIS|NOFORN|NOT FOR INTERNET DISTRIBUTION|(?:PLEASE )?PROTECT ACCORDINGLY|FOR OFFICIAL USE ONLY|NOT FOR INTERNET PUBLICATION|PLEASE HANDLE ACCORDINGLY|AIDAC|TERREP)[ \t,;./\-]*)+\r?$",
    re.IGNORECASE,
)
# What a line of captions may begin with, in any case.
_FIRST_OF_CAPTION = frozenset("SNPFATsnpfat\u017f")
_CAPTION_CORES = ("SENSITIVE", "SIPDIS", "NOFORN", "NOT FOR", "ACCORDINGLY", "OFFICIAL USE ONLY", "AIDAC", "TERREP")
_LINE_OF_MARKS = re.compile(r"\n[ \t]*+[-=_*~#+.•]")
_YEAR_FIRST = re.compile(r"\d{4}\s")
_STOP_INSIDE = re.compile(r"[a-z]{2}\. [A-Z]")
_NO_HEADING = re.compile(r"https?://|@|\bEnd (?:Summary|Comment|Note|text)\b", re.IGNORECASE)
_NO_HEADING_CORES = ("://", "@", "end ")
_STOP_BEFORE_BLANK = re.compile(r"[a-z]{3}[.!?][ ]")
_BEGINS_ANEW = re.compile(r"(?:[.!?\"”)]\s{1,4}|\s{2,})(?=[A-Z\"“])")
_NO_STOP = re.compile(r"(?:\b[A-Z]\.[A-Z]\.|\.\.\.)$")
_LONG_WORD = re.compile(r"[A-Za-z][\w’'\-]{3,}")
_INK = re.compile(r"\S")
BLANK_LINE = re.compile(r"\n[^\S\n]*+\n")
TWO_BLANK_LINES = re.compile(r"\n[^\S\n]*+\n[^\S\n]*+\n")
_MAX_HEADING = 160
# A block shorter than this may be a line of captions.
_CAPTION_ROOM = 200


def split_blocks(
    text: str, start: int, end: int, in_paragraph: bool, more: bool, gap: re.Pattern[str]
) -> list[tuple[str, int, int]]:
    """The blocks of a region: ("heading" | "rule" | "caption" | "text", start, end) in order, white space apart."""
    found: list[tuple[str, int, int]] = []
    at = start
    ink = _INK.search(text, at, end)
    while ink is not None:
        at = max(at, text.rfind("\n", at, ink.start()) + 1)
        blank = gap.search(text, ink.start(), end)
        stop = end if blank is None else blank.start()
        ink = None if blank is None else _INK.search(text, stop, end)
        found += _read_block(text, at, stop, more and ink is None, bool(found) or not in_paragraph)
        at = stop
    return _settle_headings(text, found, more) if "heading?" in [kind for kind, _, _ in found] else found


def is_double_spaced(text: str, start: int, end: int, breaks: int) -> bool:
    """Whether a blank line stands after (nearly) every line (07BUENOSAIRES1352). breaks: how many line breaks there are."""
    if breaks < 12 or end - start >= 60 * breaks:
        return False
    single = sum(1 for _ in BLANK_LINE.finditer(text, start, end))
    return single >= 0.4 * breaks


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    at = start
    while at < end:
        nl = text.find("\n", at, end)
        stop = end if nl < 0 else nl
        found.append((at, stop))
        at = stop + 1
    return found


def _line_kind(text: str, s: int, e: int) -> str:
    line = text[s:e]
    if is_rule(line):
        return "rule"
    if line.lstrip(" \t")[:1] in _FIRST_OF_CAPTION and _CAPTION_ONLY.match(line):
        return "caption"
    return "text"


def is_rule(line: str) -> bool:
    """Whether a line holds nothing but a rule."""
    return line.lstrip(" \t")[:1] in _MARKS_OF_RULES and RULE_LINE.match(line) is not None


def _read_block(text: str, start: int, end: int, last: bool, may_be_heading: bool) -> list[tuple[str, int, int]]:
    """One block of lines: rules cut headings off; a short line alone is a candidate heading ("heading?")."""
    piece = text[start:end]
    if len(piece) >= _CAPTION_ROOM:
        if not _may_hold_rule(piece):
            count = piece.count("\n") + 1 if may_be_heading else 0
            return _read_plain(text, *tight(text, start, end), may_be_heading, last, count)
    elif not _may_hold_line_apart(piece):
        count = piece.count("\n") + (piece[-1] != "\n")
        return _read_prose(text, *tight(text, start, end), may_be_heading, last, count)
    lines = _lines(text, start, end)
    kinds = [_line_kind(text, s, e) for s, e in lines]
    found: list[tuple[str, int, int]] = []
    run: list[int] = []

    def close(before_rule: bool) -> None:
        nonlocal run
        if not run:
            return
        s, e = tight(text, lines[run[0]][0], lines[run[-1]][1])
        head = _heading_lines(text, lines, run) if before_rule else 0
        if not found and not may_be_heading and head == len(run):
            head -= 1  # the first line behind a number is its paragraph's (08BAKU625)
        ruled_above = bool(found) and found[-1][0] == "rule"
        if before_rule and head:
            cut = lines[run[len(run) - head]][0]
            if head < len(run):
                found.append(("text", *tight(text, s, cut)))
            found.append(("heading", *tight(text, cut, e)))
        elif (
            not before_rule
            and ruled_above
            and not _CLOSING_RULE.search(text, s, e)
            and len(run) <= 3
            and e - s <= _MAX_HEADING
            and _looks_like_heading(text[s:e])
        ):
            found.append(("heading?", s, e))
        else:
            found.extend(_read_prose(text, s, e, may_be_heading or bool(found), last, len(run)))
        run = []

    for i, kind in enumerate(kinds):
        if kind == "rule":
            close(True)
            found.append(("rule", *tight(text, *lines[i])))
        elif kind == "caption" and not (run and text[slice(*lines[run[-1]])].rstrip()[-1:].islower()):
            close(False)
            found.append(("caption", *tight(text, *lines[i])))
        else:
            run.append(i)
    close(False)
    return found


def _may_hold_line_apart(piece: str) -> bool:
    """Whether a short block may hold a rule or a caption on a line of its own."""
    if piece.lstrip(" \t")[:1] in _MARKS_OF_RULES or _LINE_OF_MARKS.search(piece) is not None:
        return True
    capitals = piece.upper()
    return any(core in capitals for core in _CAPTION_CORES)


def _may_hold_rule(piece: str) -> bool:
    """Whether a block has the marks of a rule: plain searches, for prose is the rule and rules are the exception.

    A single character is found thirty times as fast as two in a row, and most of these are seldom printed.
    """
    return (
        ("-" in piece and _DASHES.search(piece) is not None)
        or "..." in piece
        or ("_" in piece and "__" in piece)
        or ("*" in piece and ("**" in piece or "* *" in piece))
        or ("=" in piece and ("==" in piece or "= =" in piece))
        or ("~" in piece and "~~" in piece)
        or ("#" in piece and "##" in piece)
        or ("+" in piece and "++" in piece)
        or ("•" in piece and "••" in piece)
    )


def _may_hold_inline_rule(piece: str) -> bool:
    """Whether four marks of rules stand in a row, or two with a blank between them."""
    return any(mark in piece and begin.search(piece) is not None for mark, begin in _INLINE_BEGINS)


def _heading_lines(text: str, lines: list[tuple[int, int]], run: list[int]) -> int:
    """How many lines above a rule are its heading: none if the line over it ends a sentence of prose."""
    count = 0
    length = 0
    for i in reversed(run):
        line = text[slice(*lines[i])].strip()
        length += len(line) + 1
        if length > _MAX_HEADING or count >= 3:
            return 0 if count >= 3 and length > _MAX_HEADING else count
        if count and line.endswith((".", "!", "?", ":", ";")) and not line.isupper():
            break
        if _SCOPE_END.match(line) or not line.strip("Xx "):
            break
        if not count and _ends_sentence(line) and not (line.isupper() and len(line) <= 40 and len(run) == 1):
            return 0
        if _ITEM.match(line + " ") and count == 0 and not match_mark(line, 0):
            return 0
        count += 1
        if count == 1 and len(run) > 3 and not line.isupper() and len(line) > 60:
            return 0
    return count


def _read_prose(text: str, s: int, e: int, may_be_heading: bool, last: bool, count: int) -> list[tuple[str, int, int]]:
    """A run of lines without rule lines: text, headings between rules on the same line, or a candidate heading."""
    piece = text[s:e]
    if _may_hold_inline_rule(piece) and _may_hold_rule(piece):
        found = _read_inline_rules(text, s, e)
        if found:
            return found
    return _read_plain(text, s, e, may_be_heading, last, count)


def _read_plain(text: str, s: int, e: int, may_be_heading: bool, last: bool, count: int) -> list[tuple[str, int, int]]:
    """A run of lines without any rule: text, with a heading behind it or not, or a candidate heading."""
    if may_be_heading and count <= 2 and e - s <= _MAX_HEADING and _looks_like_heading(text[s:e]):
        return [("heading?", s, e)]
    if not last:
        return [("text", s, e)]
    piece = text[s:e]
    if piece.endswith(_SCOPE_WORDS):
        m = _SCOPE_WORD_AT_END.search(piece, max(0, len(piece) - 40))
        if m is not None:
            return [("text", *tight(text, s, s + m.start(1))), ("heading", s + m.start(1), s + m.end(1))]
    if e - s > 200 or "\n" in piece:
        m = _find_heading_at_end(piece[-130:])
        if m is not None and _looks_like_heading(m[2]):
            cut = e - len(piece[-130:]) + m.start(2)
            one_line = "\n" not in piece[:-130]
            if (m[2].isupper() or (one_line and len(m[2]) < 70 and _title_case(m[2]))) and not _ends_open(m[2]):
                return [("text", *tight(text, s, cut)), ("heading", *tight(text, cut, e))]
    return [("text", s, e)]


def _find_heading_at_end(tail: str) -> re.Match[str] | None:
    """A heading behind the last sentence; "U.S." may stand in it or end the sentence before it (02ANKARA8305)."""
    if tail[-1:] in ".!?" and tail[-3:-2] != ".":
        return None  # prose: of a heading only "..." and the point of "U.S." may be the end
    m = _HEADING_AT_END.search(tail)
    while m is not None and not (m[2].isupper() or _title_case(m[2])):
        m = _HEADING_AT_END.search(tail, m.start(2))
    return m


def _read_inline_rules(text: str, s: int, e: int) -> list[tuple[str, int, int]]:
    """Rules that lost their own lines: "... long term. ------- Comment -------" (09CAIRO2007), "Iran ----" (09LONDON2499).

    What stands between two rules and is short is a heading; before a single closing rule, its last words are; after a
    single opening one, a short rest is. Empty where there is no rule.
    """
    rules = [
        m.span()
        for m in _INLINE_RUN.finditer(text, s, e)
        if m["ends"] is not None and _INLINE_RULE.fullmatch(text, *m.span())
    ]
    if not rules:
        return []
    found: list[tuple[str, int, int]] = []
    edges = [s, *(x for r in rules for x in r), e]
    for i in range(0, len(edges), 2):
        ps, pe = tight(text, edges[i], edges[i + 1])
        opened, closed = i > 0, i + 2 < len(edges)
        if text[ps:pe] in (".", "..", "-", "--"):
            found.append(("rule", ps, pe))  # a spacer (06MOSCOW9482)
        elif ps < pe:
            used = bool(found) and found[-1][0] == "rule" and len(found) > 1 and found[-2][0] == "heading"
            short = pe - ps <= _MAX_HEADING and _looks_like_heading(text[ps:pe])
            if closed and not (opened and used) and (short and opened):
                found.append(("heading", ps, pe))
            elif closed and not opened:
                head = None if _opens_heading(text, edges[i + 1], rules, e) else _inline_heading(text, ps, pe)
                if head is not None and _looks_like_heading(text[head:pe]):
                    if head > ps:
                        found.append(("text", *tight(text, ps, head)))
                    found.append(("heading", *tight(text, head, pe)))
                else:
                    found.append(("text", ps, pe))
            elif opened and not closed and not used and short:
                found.append(("heading?", ps, pe))
            else:
                found.append(("text", ps, pe))
        if closed:
            found.append(("rule", *tight(text, edges[i + 1], edges[i + 2])))
    return found


def _opens_heading(text: str, at: int, rules: list[tuple[int, int]], e: int) -> bool:
    """Whether the rule that begins at `at` opens a heading that another rule closes."""
    i = next(k for k, r in enumerate(rules) if r[0] >= at)
    if i + 1 >= len(rules):
        return False
    s, stop = tight(text, rules[i][1], rules[i + 1][0])
    return s < stop <= s + _MAX_HEADING and _looks_like_heading(text[s:stop])


def _inline_heading(text: str, s: int, cut: int) -> int | None:
    """Where the heading that ends at `cut` begins, in text from `s`; None if it is too long to be one."""
    piece = text[s:cut]
    if len(piece) <= 110 and not _STOP_BEFORE_BLANK.search(piece):
        return s
    tail = piece[-130:]
    best = None
    for m in _BEGINS_ANEW.finditer(tail):
        best = m.end()
    if best is None:
        return None
    return cut - len(tail) + best


def _looks_like_heading(piece: str) -> bool:
    piece = piece.strip()
    if piece.startswith("//") and piece.endswith("//") and len(piece) > 5:
        return True  # "//COMMENT//" (06MADRID1914)
    if _YEAR_FIRST.match(piece) and not piece.isupper():
        return False  # an entry of a timetable (03THEHAGUE1910)
    if not piece.strip("Xx "):
        return False  # a redaction
    if _ends_sentence(piece) or _ITEM.match(piece + " ") or match_mark(piece, 0):
        return False
    first = piece.lstrip("\"'“‘(.… ")[:1]
    if not (first.isupper() or first.isdigit()):
        return False
    if piece.endswith(":") and len(piece) > 50:
        return False
    if ". " in piece and _STOP_INSIDE.search(piece):
        return False
    if any(core in piece.lower() for core in _NO_HEADING_CORES) and _NO_HEADING.search(piece):
        return False
    return len(piece.split()) <= 22


def _ends_sentence(line: str) -> bool:
    """Whether a line ends as prose does: "U.S." and an ellipsis end headings too."""
    return line.endswith((".", ",", ";")) and not _NO_STOP.search(line, max(0, len(line) - 4))


def _ends_open(piece: str) -> bool:
    return piece.rstrip()[-1:] in ",;-"


def _settle_headings(text: str, found: list[tuple[str, int, int]], more: bool) -> list[tuple[str, int, int]]:
    """Candidate headings become headings if something stands under them, else text."""
    settled: list[tuple[str, int, int]] = []
    below: list[tuple[bool, bool]] = []  # whether text, and whether a heading, stands anywhere under each
    text_below = heading_below = False
    for kind, _, _ in reversed(found):
        below.append((text_below, heading_below))
        text_below = text_below or kind == "text"
        heading_below = heading_below or kind in ("heading", "heading?")
    below.reverse()
    for (kind, s, e), (text_below, heading_below) in zip(found, below, strict=True):
        if kind != "heading?":
            settled.append((kind, s, e))
            continue
        under = text_below or heading_below or more
        previous = settled[-1][0] if settled else None
        piece = text[s:e]
        listish = not more and not text_below
        heads = under and not listish
        if heads and previous == "text" and text_below and not (piece.isupper() or _title_case(piece)):
            heads = False
        if heads and previous == "text" and text_below and _breaks_off(text, *settled[-1][1:]):
            heads = False  # the sentence above runs on (02ROME3639, all capitals, over a page break)
        settled.append(("heading" if heads else "text", s, e))
    return settled


def _breaks_off(text: str, s: int, e: int) -> bool:
    """Whether a long text ends without any stop."""
    return e - s > 200 and text[e - 1].isalnum()


def _title_case(piece: str) -> bool:
    words = _LONG_WORD.findall(piece)
    return bool(words) and sum(w[0].isupper() for w in words) >= 0.6 * len(words)
