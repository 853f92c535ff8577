"""Split the head of the body into its fields: from the class line to the first word of the text.

Fields are found by their keywords, not by their lines: in flattened bodies several share one line (09LONDON2499
"ECON, PHUM, RS, ... UK SUBJECT: ...  REF: ...  Classified By: ..."), and some are glued to what precedes (06TELAVIV687
"SIPDISE.O. 12958:").
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from reftel.model import Record
from reftel.parse.marks import PORTION_MARK
from reftel.text import trim_end


class Field(Record, frozen=True):
    """A field of the head, flow offsets. start: of its keyword; value: where its value begins; end: past its value."""

    kind: str
    start: int
    value: int
    end: int


class Head(NamedTuple):
    """fields in order; loose: ranges between them that hold print, by line; end: where the text may begin."""

    fields: tuple[Field, ...]
    loose: tuple[tuple[int, int], ...]
    end: int

    def first(self, kind: str) -> Field | None:
        """The first field of a kind, or None."""
        return next((f for f in self.fields if f.kind == kind), None)


# The keyword of each kind of field; the group's name is the kind.
_KEYWORDS = {
    kind: re.compile(pattern, re.VERBOSE | re.IGNORECASE)
    for kind, pattern in {
        "eo": r"""(?P<eo>[¶]?[ ]?E\.?[ ]?[O0]\.?[ :]{0,3}1[ ]?[0-9]{4}\b[ ]?:{0,2}
            | E\.[ ]?[O0]\.[ ]{0,2}:(?=[ ]*(?:DECL|1\d{4})) )""",
        "tags": r"""(?P<tags>\bTAGS?[ \xa0]{0,3}[:;][ \xa0]? | (?<=\n)[ \t]{0,6}TAGS?(?=[ \xa0]{1,4}[A-Z]{2,6}\b)
            | (?<=[\da-z])TAGS?:[ ]? | TAGS:[ ]? )""",
        "subject": r"""(?P<subject>(?:\bSUBJECT|\bSUBJ|\bSUBECT|(?<=\n)UBJECT|SUBJECT)[ \t]{0,2}:[ ]?:?
            | (?<=\n)[ ]{0,4}(?:SUBJECT|SUBJ)(?=[ ]{1,4}\S) )""",
        "ref": r"""(?P<ref>(?:\bREF(?:TEL|ERENCE)?S?(?:\(S\))?|(?<=[A-Z])REFS?)[ ]{0,2}:[ ]?
            | (?-i:(?<=\n)[ ]{0,6}REF(?:TEL|ERENCE)?S?(?:\.{1,3}(?=[ ]?[(]?[A-Z0-9])|(?=[ ]{1,4}[(]?[A-Z0-9])))
            | (?-i:(?<=\n)REFTELS?[ ]{0,2}(?=\n)) | (?-i:(?<=\n)[ ]{0,6}Ref(?:s|tel)?(?=[ ]{1,3}[(]?[A-Z][:.)])) )""",
        "by": r"""(?P<by>(?:\(U\)[ ]{0,2})?\bC[ ]?L[ ]?A[ ]?S[ ]?S[ ]?I[ ]?F[ ]?I[ ]?E[ ]?D[ ]{1,2}BY\b[ ]?:{0,2}
            | \bCLASS(?:\.|[A-Z]{2,7})?[ ]BY\b:? | \bDERIVED[ ]FROM\b:? | (?<=\n)BY:[ ]
            | (?<=\n)[ ]{0,3}REASONS?[ ]{0,2}: )""",
    }.items()
}
_NUMBER_ONE = re.compile(
    r"""(?:(?<=\n)|\A)[ \t]{0,12}(?:¶[ ]?1[ ]?[.,:)]? | 1[ ]?[.,:)])[ \t]{0,14}(?=[("“'‘\-A-Za-z]|X{4}|\n|[$0-9]{2})
      | [ ]1[.,][ ]{0,12}(?=\((?:C|S|U|SBU|LOU|TS)\b)
      | [ ]{2}1\.[ ]{1,12}(?=[A-Z(“"])
    """,
    re.VERBOSE,
)
_ANY_NUMBER = re.compile(r"(?<=\n)[ \t]{0,8}¶[ ]?\d{1,2}[ ]?[.,:]?[ \t]{0,12}(?=[(\"“A-Z])")
# The figure in each match of _NUMBER_ONE, found by itself: the pattern begins with white space that may be none.
_ONE = re.compile(r"1(?:(?<=¶1)|(?<=¶ 1)|(?<!\S1)(?=[ ]?[.,:)]))")
_PILCROW = re.compile("¶")
_SUMMARY = re.compile(
    r"(?:(?<=\n)[ \t]{0,30}|(?<=[ ]{2}))(?:\((?:C|S|U|SBU|C/NF|S/NF)\)[ ]{0,3})?(?:BEGIN[ ])?(?:EXECUTIVE[ ])?(?:SUMMARY|INTRODUCTION|OVERVIEW)\b"
    r"(?:[ ](?:AND|/)[ ][A-Z ]{3,30})?[ \t]{0,3}(?:[:.\-]|\r?\n)",
    re.IGNORECASE,
)
_SUMMARY_CORES = ("UMMARY", "NTRODUCT", "OVERV")
_BLANK_LINE = re.compile(r"\n[ \t\r\xa0]*\n")
_RULE = re.compile(r"\n[ \t]*[-=_*]{5,}[ \-=_*]*[\r\n]")
_CAPTION_LINE = re.compile(
    r"(?:(?:SENSITIVE|SIPDIS|NOFORN|AIDAC|TERREP|EXDIS|NODIS|LIMDIS|STADIS|ALDAC|EFTO|NOCONTRACT)[ \t,/]*)+\r?$",
    re.IGNORECASE,
)
# "1.4 (b,d)", "1.5 (B) AND (D)", and cut words: "1.4(b) an / d (d)", "(B) a / nd (D)", "(B) A ND (D)"
_HANDLING = re.compile(
    r"\bSENSI?TIVE BUT UNCLASSIFIED\b|\bNOT FOR INTERNET\b|\bPLEASE PROTECT ACCORDINGLY\b", re.IGNORECASE
)
_REASON_END = re.compile(
    r"1\s?\.\s{0,2}[456]?\s{0,2}(?:\ba\s{0,2}n\s{0,2}d\b|\bor\b|\(?\s?[a-h](?!\s{0,2}n\s{0,2}d\b)\s?\)?(?![A-Za-z])|[\s,;/&]|\.(?!\s*\S{0,3}[A-Z]))*+\s{0,3}[).]?\.?",
    re.IGNORECASE,
)
_REF_GOES_ON = re.compile(
    # "(U) Post passed reftel points" is text, "(C) 05 Sao Paulo 975" an entry (09TRIPOLI254)
    r"(?![ \t]*\((?:C|S|U|SBU)\)[ ]{1,2}(?!(?:\d{2,4}[ ])?[A-Z][A-Za-z .]{2,24}[ ]\d{2,7}\b))[ \t]*(?:¶[ ]?)?(?:\(?[A-Za-z][.):][ ]{0,3}\(?[A-Z0-9]|[A-Z]\)[ ]|REF\b|(?:\d{2,4}[ ])?[A-Z][A-Z .]{2,24}[ ]\d{2,7}\b[^\n]{0,40}\r?(?:\n|\Z))"
)
_TAG_TOKEN = re.compile(r"[(]?[A-Z][A-Z0-9\-/&]{1,11}[)]?$")
_HEAD_REACH = 9000
_HEAD_WINDOW = 3000
_HEAD_STEP = 500
_FIELD_GAP = 1500
# Letters in a row that every spelling of a keyword has, and how far before them it may begin. In prose "therefore" and
# "advantage" are common, so lower-case spellings are only looked for where a field can begin. Each begins with a
# character and not with a choice: that is what a pattern is quickest to find.
_KEYWORD_CORES = tuple(
    (re.compile(core), before, kind)
    for kind, before, cores in (
        ("tags", 8, ("T(?:AG|ag)", "\ntag", " tags:")),
        ("subject", 8, ("S(?:UBJ|ubj|UBECT)", "\nsubj", " subject:", "U(?:BJECT|bject):")),
        ("ref", 8, ("R(?:EF|ef(?:[:.( s]|tel|erence))", "\nref", " refs?:")),
        ("by", 26, ("E ?D BY", "ed [Bb]y", "D  (?:BY|by)", "d  by")),
        ("by", 12, (r"C(?:LASS\.? BY|lass\.? by)", "S BY", "\nBY:")),
        ("by", 6, ("D(?:ERIVED FROM|erived [fF]rom)", "R(?:EASON|eason)", "\nreason")),
        ("eo", 3, (r"E(?:\.[O0o]|\. O|O {0,2}1|o 1)", r"e\.[oO]")),
    )
    for core in cores
)
_LONGEST_CORE = 12
_FARTHEST_CORE = 26  # how far behind its keyword's start a core may stand
_ROOM_AFTER_KEYWORD = 40


def read_head(text: str, start: int) -> Head:
    """The head of a body's flow. start: past the class line, or where the body begins if it has none."""
    reach = min(len(text), start + _HEAD_REACH)
    keywords, limit = _find_keywords(text, start, reach)
    anchors = _choose_anchors(text, start, [m for m in keywords if m.start() < limit])
    fields: list[Field] = []
    for i, (kind, at, value) in enumerate(anchors):
        stop = anchors[i + 1][1] if i + 1 < len(anchors) else limit
        end = _FIELD_END[kind](text, value, stop)
        if kind == "subject" and i + 1 < len(anchors):
            end = _subject_goes_on(text, value, end, stop)
        fields.append(Field(kind, at, value, end))
    fields = _joined(fields)
    loose = []
    at = start
    for f in fields:
        if text[at : f.start].strip():
            loose.append((at, f.start))
        at = f.end
    return Head(tuple(fields), tuple(loose), at)


def _find_keywords(text: str, start: int, reach: int) -> tuple[list[re.Match[str]], int]:
    """The keywords of a head in order, and where its text begins at the latest.

    All keyword matches in text[start:reach], as far as one follows another within the gap of fields. They are looked for
    in steps, and no further than the text begins: heads are short.
    """
    found: list[re.Match[str]] = []
    done = past = start
    limit = None
    for step in range(start, reach, _HEAD_STEP):
        step_end = min(step + _HEAD_STEP, reach)
        for hit, before, kind in _find_cores(text, step, step_end, reach):
            if not done <= hit < step_end:
                continue
            m = _KEYWORDS[kind].search(text, max(hit - before, done), min(reach, hit + _ROOM_AFTER_KEYWORD))
            if m is not None and m.start() <= hit + 2:
                found.append(m)
                done = m.end()
        if limit is None:
            past, is_last = _find_obligatory(found, start)
            limit = _text_start(text, past, reach) if is_last else None
        if limit is not None and limit + _FARTHEST_CORE <= step_end:
            return found, limit
        if (step_end - start) % _HEAD_WINDOW == 0 and (not found or step_end - done > _FIELD_GAP):
            break
    return found, _text_start(text, past, reach) if limit is None else limit


def _find_cores(text: str, start: int, end: int, reach: int) -> list[tuple[int, int, str]]:
    """(where, how far before it the keyword may begin, kind) of every core that begins in text[start:end], in order, and of
    some right behind it. reach: where the cores must end."""
    last = min(end + _LONGEST_CORE, reach)
    hits = [
        (m.start(), before, kind) for core, before, kind in _KEYWORD_CORES for m in core.finditer(text, start, last)
    ]
    hits.sort()
    return hits


def _find_obligatory(keywords: list[re.Match[str]], start: int) -> tuple[int, bool]:
    """Where the last obligatory keyword ends, `start` if there is none, and whether no later one can be another."""
    past = start
    wanted = {"eo", "tags", "subject"}
    for m in keywords:
        if m.start() - past > _FIELD_GAP:
            return past, True
        if m.lastgroup in wanted:
            wanted.remove(m.lastgroup)
            past = m.end()
    return past, not wanted


def _text_start(text: str, past: int, reach: int) -> int:
    """Where the text begins at the latest: its first number, or a summary's heading, after the last obligatory field."""
    stop = _find_first(_NUMBER_ONE, _ONE, text, past, reach, reach)
    stop = _find_first(_ANY_NUMBER, _PILCROW, text, past, stop, reach)
    above = text[past:stop].upper()
    summary = _SUMMARY.search(text, past, stop) if any(core in above for core in _SUMMARY_CORES) else None
    return summary.start() if summary is not None else stop


def _find_first(pattern: re.Pattern[str], core: re.Pattern[str], text: str, start: int, stop: int, end: int) -> int:
    """Where the first match of a pattern in text[start:end] begins, if before `stop`; else `stop`.

    Every match holds its core, which is found quickly, no more than 16 characters behind its start and 24 before its end.
    """
    for hit in core.finditer(text, start, stop):
        m = pattern.search(text, max(hit.start() - 16, start), min(hit.start() + 24, end))
        if m is not None and m.start() <= hit.start() < m.end():
            return m.start()
    return stop


def _choose_anchors(text: str, start: int, keywords: list[re.Match[str]]) -> list[tuple[str, int, int]]:
    """Keyword, its start, and where its value begins, in order; second copies of a keyword inside its value left out."""
    found: list[tuple[str, int, int]] = []
    for m in keywords:
        kind = m.lastgroup or ""
        at, value = m.start(), m.end()
        at += len(text[at:value]) - len(text[at:value].lstrip())
        at_line_start = not text[text.rfind("\n", start, at) + 1 : at].strip()
        first = not any(k in ("eo", "tags", "subject") for k, _, _ in found)
        if first and (kind == "by" or (kind == "ref" and not at_line_start)):
            continue  # "STATE FOR REF: ..." in a passing line
        if kind == "eo" and not at_line_start and any(k == "eo" for k, _, _ in found):
            continue
        if kind == "eo" and any(k in ("subject", "ref", "by") for k, _, _ in found):
            line = text[text.rfind("\n", start, at) + 1 : at]
            if line.strip():
                continue  # an order named in the subject
        if (
            kind in ("ref", "by")
            and found
            and found[-1][0] == kind
            and (kind == "by" or _same_block(text, found[-1][2], at))
        ):
            continue  # "REF: REF: A.", "A. REF: X", "REF A: X; REF B: Y"; "Classified By: Classified By: ...", "REASON: 1.4 (b)"
        found.append((kind, at, value))
    return found


def _same_block(text: str, value: int, at: int) -> bool:
    """Whether a second REF keyword stands in the block of the first: no blank line between them."""
    return _BLANK_LINE.search(text, value, at) is None


def _joined(fields: list[Field]) -> list[Field]:
    """Fields with the end of each not beyond the start of the next."""
    joined = [
        f if f.end <= after.start else Field(f.kind, f.start, f.value, after.start) for f, after in pairwise(fields)
    ]
    return joined + fields[-1:]


def _blank_after(text: str, value: int, stop: int) -> int:
    """The first blank line after a value that has begun; `stop` if none."""
    at = value
    while at < stop and text[at] in " \t\r\n\xa0":
        at += 1
    m = _BLANK_LINE.search(text, at, stop)
    return m.start() if m else stop


_ORDER_GOES_ON = re.compile(r"[ \t]{0,4}(?:UNIFICATION|REUNIFICATION|\d{1,2}/|AFTER |\(|\d{4}\b|YEARS)", re.IGNORECASE)


def _eo_end(text: str, value: int, stop: int) -> int:
    line_end = text.find("\n", value, stop)
    first = text[value : line_end if line_end >= 0 else stop]
    end = _blank_after(text, value, stop) if first.strip() else stop
    if line_end >= 0 and first.strip():
        # the value may wrap, but captions and passing lines do not belong to it
        after = text[line_end + 1 : end]
        if not _ORDER_GOES_ON.match(after):
            end = line_end
    return trim_end(text, value, end)


def _tags_end(text: str, value: int, stop: int) -> int:
    line_end = text.find("\n", value, stop)
    if line_end < 0:
        return trim_end(text, value, stop)
    end = line_end
    while True:
        nxt = text.find("\n", end + 1, stop)
        line = text[end + 1 : nxt if nxt >= 0 else stop]
        if not _is_tag_line(line):
            break
        if nxt < 0:
            end = stop
            break
        end = nxt
    return trim_end(text, value, end)


def _is_tag_line(line: str) -> bool:
    """Whether a line goes on with the tags above it: "ECON, PHUM, RS", "cf"; not a caption, not a passing line."""
    words = line.replace(",", " ").replace(";", " ").split()
    if not words or len(words) > 30 or _CAPTION_LINE.match(line.strip()) or "FOR" in words or "PASS" in words:
        return False
    cased = words if line.isupper() else [w.upper() for w in words] if line.islower() else []
    return bool(cased) and all(_TAG_TOKEN.match(w) for w in cased)


def _subject_end(text: str, value: int, stop: int) -> int:
    end = _blank_after(text, value, stop)
    rule = _RULE.search(text, value, end)
    if rule is not None:
        # "SUBJECT: X" / "SUMMARY" / "-------": the line over the rule is a heading, not the subject
        heading = text.rfind("\n", value, rule.start())
        end = heading if heading >= 0 else rule.start()
    m = PORTION_MARK.search(text, value, end)
    while m is not None:
        line = text[text.rfind("\n", 0, m.start()) + 1 : m.start()]
        if m.start() > value + 3 and not line.strip() and "\n" in text[value : m.start()]:
            end = text.rfind("\n", value, m.start())
            break
        m = PORTION_MARK.search(text, m.end(), end)
    lines = text[value:end].split("\n")
    kept = 0
    for i, line in enumerate(lines):
        if i and _CAPTION_LINE.match(line.strip()):
            break
        kept += len(line) + 1
    end = trim_end(text, value, min(end, value + max(kept - 1, 0)))
    handling = _HANDLING.search(text, value + 1, end)
    if handling is not None:
        end = trim_end(text, value, handling.start())
    if text.endswith("\n...", value, end) or text.endswith("\n ...", value, end):  # a copy that was cut here
        end = trim_end(text, value, end - 3)
    return end


_SPACED_LINE = re.compile(r"[ \t\r\xa0]*(?:\n[ \t\r\xa0]*){2,3}(?P<line>[^\n]{2,75})(?=\n|\Z)")
_BREAK_LINE = re.compile(r"\d{3}(?:\.\d+)? OF \d{3}|\d{6}")
_PASSING = re.compile(r"\b(?:FOR|PASS|FROM)\b|[A-Z]{1,4}/[A-Z]{2}")


def _subject_goes_on(text: str, value: int, end: int, stop: int) -> int:
    """The end of a subject whose lines stand apart ("... CORRUPTION" / blank / "AND ECONOMIC NATIONALISM ALLEGED",
    07BUENOSAIRES1352): the next line is in capitals like it, another field follows, and it is no caption or passing line."""
    if not text[value:end].isupper():
        return end
    for _ in range(3):
        m = _SPACED_LINE.match(text, end, stop)
        if m is None:
            break
        line = m["line"].strip()
        if _BREAK_LINE.search(line) or line in text[value:end]:
            break
        if not line.isupper() or _CAPTION_LINE.match(line) or _PASSING.search(line) or _RULE.match("\n" + line + "\n"):
            break
        end = m.start("line") + len(m["line"].rstrip())
    return end


def _ref_end(text: str, value: int, stop: int) -> int:
    end = _blank_after(text, value, stop)
    while end < stop:
        at = end
        while at < stop and text[at] in " \t\r\n\xa0":
            at += 1
        line_start = text.rfind("\n", 0, at) + 1
        if at >= stop or not _REF_GOES_ON.match(text, line_start, stop):
            break
        end = _blank_after(text, at, stop)
    handling = _HANDLING.search(text, value, end)
    return trim_end(text, value, handling.start() if handling is not None else end)


_REASON = re.compile(r"1\s?\.\s?[456]")
_REASONS_BELOW = re.compile(r"\s*REASONS?\b[^\n]{0,80}", re.IGNORECASE)
_REASON_LETTER = re.compile(r"[A-Ha-h\d]")


def _by_end(text: str, value: int, stop: int) -> int:
    end = _blank_after(text, value, stop)
    # the reasons may stand below a blank line: "CLASSIFIED BY: X" / "" / "REASON: 1.4 (b), (d)"
    if end < stop and not _REASON.search(text, value, end):
        m = _REASONS_BELOW.match(text, end, stop)
        if m is not None:
            end = _blank_after(text, m.end(), stop)
    last = None
    for m in _REASON_END.finditer(text, value, end):
        last = m
        if text[m.end() : end].lstrip()[:1].isalpha():
            break
    if last is not None and _REASON_LETTER.search(last[0], 2):
        end = max(last.end(), value)
    return trim_end(text, value, end)


_FIELD_END = {"eo": _eo_end, "tags": _tags_end, "subject": _subject_end, "ref": _ref_end, "by": _by_end}
