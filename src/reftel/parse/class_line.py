"""Find classification lines: "C O N F I D E N T I A L SECTION 01 OF 04 LONDON 002499"."""

from __future__ import annotations

import re
from typing import NamedTuple

from reftel.model import Span
from reftel.tables import find_post

LEVELS = ("UNCLASSIFIED", "CONFIDENTIAL", "SECRET")


class ClassLine(NamedTuple):
    """One classification line. span: from its first letter to the end of its serial.

    level: one of LEVELS. section, sections: of "SECTION 01 OF 04", else None. station: as printed, blanks single,
    None if not printed. serial: None if not printed. efto: "E F T O" follows the level; noforn likewise.
    damaged: letters are lost, doubled or garbled.
    """

    span: Span
    level: str
    section: int | None
    sections: int | None
    station: str | None
    serial: int | None
    efto: bool
    noforn: bool
    damaged: bool


# The level, spaced or plain, with the damages that were met: "CC O N F", "SS E C R E T", "CSE C R E T" (field guide 4.1),
# "E C R E T" (07SANAA473), "C ONFIDENTIAL" (09BAKU744), "NCLAS" (San Jose 2006-09).
_LEVEL = r"""
    (?P<c>C{1,2}[ ]?O[ ]?N[ ]?F[ ]?I[ ]?D[ ]?E[ ]?N[ ]?T[ ]?I[ ]?A[ ]?L)
  | (?P<s>(?:C?S{1,2}[ ]?)?E[ ]C[ ]R[ ]E[ ]T|S[ ]?ECRET(?![A-Za-z]))
  | (?P<u>U?NCLAS(?:SIFIED)?|U[ ]N[ ]C[ ]L[ ]A[ ]S(?:[ ]S[ ]I[ ]F[ ]I[ ]E[ ]D)?)
"""
_TAIL = r"""
    (?P<efto>[ \t]+E[ ]?F[ ]?T[ ]?O(?![A-Za-z]))?
    (?P<noforn>[ \t]*/{0,2}[ \t]*NOFORN)?
    (?:[ \t\\]*(?P<word>S[A-Z]{2,6}N|ECTION)[ \t]?(?P<section>[\dOI]{1,2})[ \t]+[OGFog][fFo]?[ \t]+(?P<sections>\d{1,2}))?
    [BLANK\\]{0,12}
    (?P<station>(?!SECTION|PAGE|P[A-Z]{2}\d|SIPDIS|NOFORN|SENSITIVE)[A-Z][A-Z.'\-]*(?:[BLANK]{1,2}(?!SIPDIS|NOFORN|SENSITIVE)[A-Z][A-Z.'\-]*){0,4})?
    (?:[BLANK]{0,8}(?P<serial>\d{3,8}))?
"""
_TAIL_SAME_LINE = _TAIL.replace("BLANK", r" \t")
_TAIL_WRAPPED = _TAIL.replace("BLANK", r" \t\n")
_PATTERN = re.compile(f"(?:{_LEVEL}){_TAIL_SAME_LINE}", re.VERBOSE)
_WRAPPED = re.compile(f"(?:{_LEVEL}){_TAIL_WRAPPED}", re.VERBOSE)
_ANY_CASE = re.compile(f"(?:{_LEVEL}){_TAIL_SAME_LINE}", re.VERBOSE | re.IGNORECASE)
# Letters in a row that every spelling of a level has; found by a plain search (a pattern that begins with a letter is as
# quick), then read by the pattern.
_CORES = tuple(re.compile(core) for core in ("D E N T", "C(?: R E T| L A S)", "N(?:CLAS|FIDENT)", "SECRET"))
_LOWER_CORES = ("d e n t i", "c r e t ")  # second copies were set in lower case (00TASHKENT4223)
_ROOM_BEFORE_CORE = 14
_GARBLED = re.compile(r"(?<![A-Za-z] )(?:[A-Z] ){4,12}[A-Z](?=[ ](?:SECTION|[A-Z]{3,}))")
_GARBLED_TAIL = re.compile(_TAIL_SAME_LINE, re.VERBOSE)
_WHOLE_WORD = re.compile(r"(?:PRIORITY|IMMEDIATE|ROUTINE|FLASH|COLLECTIVE|\d)$")
_FALLBACK_REACH = 6000
_LEAD = 200  # looked back for the line's start: a flattened body is one line


def find_class_lines(text: str, start: int, end: int) -> list[ClassLine]:
    """All classification lines in text[start:end], in order.

    A line counts if it stands at a line's start (white space apart), or its level is printed with spaced letters, or
    station and a padded serial follow it: so ones glued to what precedes ("PRIORITY 1298C O N F I D E N T I A L") are
    found too. It needs a station or a serial: a banner (`CONFIDENTIAL` alone) is none. Where none is found, lower-case
    and garbled ones are looked for in the first 6,000 characters.
    """
    found: list[ClassLine] = []
    done = start
    for at in sorted([m.start() for core in _CORES for m in core.finditer(text, start, end)]):
        if at < done:
            continue
        m = _PATTERN.search(text, max(at - _ROOM_BEFORE_CORE, done), min(end, at + 160))
        if m is None or m.start() > at:
            continue
        line = _read(m, text)
        if (line is None or line.serial is None) and " " in (m["c"] or m["s"] or m["u"]):
            wrapped = _WRAPPED.match(text, m.start(), min(end, at + 160))
            if wrapped is not None and wrapped["serial"] is not None:
                line = _read(wrapped, text)
        if line is not None:
            found.append(line)
            done = line.span.end
    for core in _LOWER_CORES:
        at = text.find(core, start, end)
        while at >= 0:
            m = _ANY_CASE.search(text, max(at - _ROOM_BEFORE_CORE, start), min(end, at + 160))
            line = _read(m, text) if m is not None and m.start() <= at else None
            if line is not None and line.serial is not None:
                found.append(line)
            at = text.find(core, at + len(core), end)
    if found:
        return sorted(found, key=lambda x: x.span)
    reach = min(end, start + _FALLBACK_REACH)
    for m in _ANY_CASE.finditer(text, start, reach):
        line = _read(m, text)
        if line is not None and line.serial is not None:
            found.append(line)
    return found or _find_garbled(text, start, reach)


def _read(m: re.Match[str], text: str) -> ClassLine | None:
    level = "CONFIDENTIAL" if m["c"] else "SECRET" if m["s"] else "UNCLASSIFIED"
    mark: str = m["c"] or m["s"] or m["u"]
    station, serial = m["station"], m["serial"]
    if station is None and serial is None and m["section"] is None:
        return None
    begin = m.start()
    spaced = " " in mark
    low = max(0, begin - _LEAD)
    line_start = text.rfind("\n", low, begin) + 1 or low
    at_line_start = not text[line_start:begin].strip(" \t\"'\\¶")
    placed = station is not None and serial is not None and (len(serial) >= 5 or mark.startswith("UNCLAS"))
    if not (at_line_start or spaced or placed):
        return None
    if m["u"] and mark[0] in "Nn" and not at_line_start:
        return None
    if not at_line_start and text[begin - 1 : begin].isalnum():
        # glued: a doubled first letter belongs to the address, "WASHDCC O N F", unless what it would leave there is a
        # whole word by itself: "PRIORITYCC O N F" (07BUENOSAIRES1673)
        doubled = mark[:1] == mark[1:2] or mark[:2] == "CS"
        if doubled and not _WHOLE_WORD.search(text[line_start:begin]):
            begin += 1
            mark = mark[1:]
    plain = not spaced and m["u"] is None and m["section"] is None
    if at_line_start and plain and not placed and (station is None or find_post(station) is None):
        return None  # "SECRET BALLOT OF JUNE 2009" is prose
    near = min(len(text), m.end() + _LEAD)
    line_end = text.find("\n", m.end(), near)
    line_end = near if line_end < 0 else line_end
    if serial is None and m["section"] is None:
        # only a line of its own: "S E C R E T TEL AVIV" (06TELAVIV4032), not "SECRET MEETING IN ..."
        rest = text[m.end() : line_end]
        if rest.strip().isdecimal() and station is not None and find_post(station) is not None:
            serial = rest.strip()  # "UNCLASSIFIED LIMA 12", unpadded in the 1970s
        elif not spaced or rest.strip():
            return None
    letters = mark.replace(" ", "").upper()
    word = m["word"]
    section = m["section"]
    return ClassLine(
        span=Span(begin, m.end() if m["serial"] or not serial else line_end),
        level=level,
        section=int(section.upper().replace("O", "0").replace("I", "1")) if section else None,
        sections=int(m["sections"]) if m["sections"] else None,
        station=" ".join(station.split()) if station else None,
        serial=int(serial) if serial else None,
        efto=m["efto"] is not None,
        noforn=m["noforn"] is not None,
        damaged=letters not in ("CONFIDENTIAL", "SECRET", "UNCLAS", "UNCLASSIFIED")
        or (word is not None and word.upper() != "SECTION"),
    )


def _find_garbled(text: str, start: int, end: int) -> list[ClassLine]:
    """Class lines whose level has other damage: spaced capitals within two letters of a level."""
    found = []
    for m in _GARBLED.finditer(text, start, end):
        letters = m[0].replace(" ", "")
        level = next((x for x in LEVELS if _within_two_letters(letters, x)), None)
        if level is None:
            continue
        t = _GARBLED_TAIL.match(text, m.end(), end)
        if t is None or (t["serial"] is None and t["section"] is None):
            continue
        found.append(
            ClassLine(
                span=Span(m.start(), t.end()),
                level=level,
                section=int(t["section"]) if t["section"] and t["section"].isdigit() else None,
                sections=int(t["sections"]) if t["sections"] else None,
                station=" ".join(t["station"].split()) if t["station"] else None,
                serial=int(t["serial"]) if t["serial"] else None,
                efto=t["efto"] is not None,
                noforn=t["noforn"] is not None,
                damaged=True,
            )
        )
    return found


def _within_two_letters(a: str, b: str) -> bool:
    """Whether the edit distance of two short words is two or less."""
    if abs(len(a) - len(b)) > 2:
        return False
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1] <= 2
