"""Lines of the head that have no keyword: captions, passing lines, corrected-copy marks, stamps, remarks."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from reftel.model import Note, Record
from reftel.parse.body import Body
from reftel.parse.class_line import ClassLine
from reftel.parse.head import Head
from reftel.tables import rows
from reftel.text import Flow, one_line

CORRECTED = re.compile(r"C ?O ?R ?R ?E ?C ?T ?(?:E ?D)?\s{1,3}C ?O ?P ?Y", re.IGNORECASE)
_STAMP = re.compile(
    r"declassified|released us department|systematic review|national archives|\bNARA\b|^\W*(?:authority|box|folder)\b",
    re.IGNORECASE,
)
_STAMP_WORDS = (
    "DECLASSIFIED",
    "RELEASED US",
    "SYSTEMATIC",
    "NATIONAL ARCHIVES",
    "NARA",
    "AUTHORITY",
    "BOX",
    "FOLDER",
)
_ZFR = re.compile(r"\bZ[ ]?F[ ]?R\b")
_GRID = re.compile(
    r"^(?:ACTION|ORIGIN)\s+[A-Z]{1,5}-\d\d\b|^(?:INFO)?\s*(?:[A-Z]{1,5}-\d\d\s*){2,}|^\s*-{6,}[0-9A-F]{4,6}\s"
)


def read_loose(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """(kind, start, end) of each line that holds print, in order; neighbours of one kind are one range.

    Kinds: caption, corrected_copy, stamp, message_centre, attention; what is nothing else is a passing line.
    """
    found: list[tuple[str, int, int]] = []
    at = start
    while at < end:
        nl = text.find("\n", at, end)
        stop = end if nl < 0 else nl
        line = text[at:stop]
        if line.strip():
            lead = len(line) - len(line.lstrip())
            s, e = at + lead, at + len(line.rstrip())
            for kind, ps, pe in _read_line(text, s, e):
                if found and found[-1][0] == kind == "attention" and _is_wrapped(text, found[-1][2], ps, pe):
                    found[-1] = (kind, found[-1][1], pe)
                else:
                    found.append((kind, ps, pe))
        at = stop + 1
    return found


_GLUED = re.compile(r"(?:SIPDIS|NOFORN|SENSITIVE)++(?=[A-Z]{2})")
_ADDRESSES = re.compile(r"\b(?:FOR|PASS|FROM|INFO)\b|^[A-Z/ ]{2,24}:", re.IGNORECASE)
_OPEN_END = re.compile(r"(?:[,/&:;(-]|(?<![/A-Z])(?:AND|FOR|TO|PASS|OF|THE))$", re.IGNORECASE)


def _is_wrapped(text: str, end: int, start: int, stop: int) -> bool:
    """Whether the passing line text[start:stop] goes on with the one that ends at `end`: the line before is open, or this
    one names nobody it is for."""
    if text.count("\n", end, start) >= 2:
        return False
    before = text[max(0, end - 80) : end].rstrip()
    return bool(_OPEN_END.search(before)) or not _ADDRESSES.search(text[start:stop])


def _read_line(text: str, s: int, e: int) -> list[tuple[str, int, int]]:
    line = text[s:e]
    capitals = line.upper()
    if ("PY" in capitals or "P Y" in capitals) and CORRECTED.search(line):
        return [("corrected_copy", s, e)]
    if any(word in capitals for word in _STAMP_WORDS) and _STAMP.search(line):
        return [("stamp", s, e)]
    if _GRID.match(line):
        return [("message_centre", s, e)]
    glued = _GLUED.match(line)
    if glued is not None:  # "NOFORNSIPDISPLEASE PASS TO EEB/TRA" (10LONDON255)
        return [("caption", s, s + glued.end()), ("attention", s + glued.end(), e)]
    m = _caption_line().match(line)
    if m is not None and m.end():
        if not line[m.end() :].strip(" ,;/.-()"):
            return [("caption", s, e)]
        if m.end() >= 6 and not re.match(
            r"FOR\b|PASS\b", line[m.end() :]
        ):  # flattened: "SIPDIS STATE FOR ..." (08TBILISI1342)
            head_end = s + len(line[: m.end()].rstrip(" ,;/"))
            return [("caption", s, head_end), ("attention", s + m.end(), e)]
    return [("attention", s, e)]


@cache
def _caption_words() -> tuple[str, ...]:
    words = {row["word"].upper() for row in rows("captions")}
    return tuple(sorted(words, key=len, reverse=True))


@cache
def _caption_line() -> re.Pattern[str]:
    words = "|".join(re.escape(w).replace(r"\ ", r"\s{1,2}") for w in _caption_words())
    also = r"SENSITIVE\s{1,2}BUT\s{1,2}UNCLASSIFIED|(?:NOT\s)?FOR\s(?:OFFICIAL\sUSE\sONLY|INTERNET\sDISTRIBUTION)|(?:PLEASE\s)?(?:PROTECT|HANDLE)\sACCORDINGLY|E\sF\sT\sO|SENSTIVE"
    return re.compile(rf"(?:(?:{also}|{words})\b[ \t,;/\-.]*)*", re.IGNORECASE)


@cache
def _caption_word() -> re.Pattern[str]:
    words = "|".join(re.escape(w).replace(r"\ ", r"\s{1,2}") for w in _caption_words())
    return re.compile(rf"(?:\b|(?<=SIPDIS)|(?<=NOFORN)|(?<=SENSITIVE))(?:{words}|E\sF\sT\sO|SENSTIVE)\b", re.IGNORECASE)


_LONGEST_CAPTIONS = 80  # of the lines whose captions are kept: "SIPDIS" stands in nearly every cable


def captions_of(line: str) -> tuple[str, ...]:
    """The caption words of a line, upper case, in order: "SENSITIVE, SIPDIS"; "E F T O" is EFTO."""
    return _kept_captions(line) if len(line) <= _LONGEST_CAPTIONS else _read_captions(line)


@lru_cache(maxsize=1024)
def _kept_captions(line: str) -> tuple[str, ...]:
    return _read_captions(line)


def _read_captions(line: str) -> tuple[str, ...]:
    found = []
    for m in _caption_word().finditer(line):
        word = " ".join(m[0].upper().split())
        found.append({"E F T O": "EFTO", "SENSTIVE": "SENSITIVE", "SBU": "SENSITIVE"}.get(word, word))
    return tuple(found)


def is_cancellation(text: str) -> bool:
    """Whether a text is the signal ZFR said over and over (field guide, section 3: the whole body is a cancellation)."""
    top = text[:2500]
    return top.count("Z") >= 2 and "CANCEL" in top.upper() and len(_ZFR.findall(top)) >= 2


class Loose(Record, frozen=True):
    """A line without keyword: its kind as of read_loose, and its flow range."""

    kind: str
    start: int
    end: int


def read_loose_lines(text: str, head: Head, body: Body) -> list[Loose]:
    """Lines without keyword in the head, and captions between the head and the first paragraph."""
    found = [Loose(*x) for s, e in head.loose for x in read_loose(text, s, e)]
    first = next((b.start for b in body.blocks if b.kind in ("paragraph", "paragraph_number")), None)
    for b in body.blocks:
        if b.kind == "caption" and (first is None or b.start < first):
            found.append(Loose("caption", b.start, b.end))
    return found


def notes(flow: Flow, loose: list[Loose], kind: str) -> tuple[Note, ...]:
    return tuple(Note(one_line(flow.text[x.start : x.end]), flow.hull(x.start, x.end)) for x in loose if x.kind == kind)


def find_captions(flow: Flow, line: ClassLine | None, loose: list[Loose]) -> tuple[str, ...]:
    found: list[str] = []
    if line is not None:
        found += ["EFTO"] * line.efto + ["NOFORN"] * line.noforn
    for x in loose:
        if x.kind == "caption":
            found += captions_of(flow.text[x.start : x.end])
    return tuple(dict.fromkeys(found))
