"""Values of the E.O. line and of the Classified By line (field guide, section 4)."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import NamedTuple

from reftel.model import ClassifiedBy
from reftel.tables import rows


class Order(NamedTuple):
    """number: of the executive order, misprints put right ("12598" is 12958), None if unreadable; printed: as it stands;
    declassify_on: ISO date, or the text in upper case, None if none is set (N/A)."""

    number: str | None
    printed: str | None
    declassify_on: str | None


_MONTHS = {
    m: i + 1 for i, m in enumerate(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
}
_NUMBER = re.compile(r"1[ ]?(\d{4})")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{2,4})(?!\d)")
_WORDED = re.compile(r"(?<!\d)(\d{1,2})(?:ST|ND|RD|TH)?[ ,]{1,2}([A-Z]{3})[A-Z]*\.?[ ,]{1,2}(\d{2,4})(?!\d)")
_WORDED_US = re.compile(r"\b([A-Z]{3})[A-Z]*\.?[ ]{1,2}(\d{1,2})(?:ST|ND|RD|TH)?[ ,]{1,3}(\d{4})(?!\d)")
_DOWNGRADE = re.compile(r"\bDNG\s*:?\s*(?:CO|C|CONFIDENTIAL|UN|U)?\b")
_CONDITION = re.compile(r"\bGDS\b|\bUPON\b|\bAFTER\b")
_LABEL = re.compile(r"^(?:[\s:;,.\-]|AS AMENDED|DECL(?:ASSIFY|ASSIFIED|L)?(?:\s?ON)?\b|DCL\b|DELC\b|DEL\b)+[\s:.]*")
_NONE = re.compile(r"^(?:N\s?/?\s?A|NONE|NA\.|N\.A\.)\b\.?", re.IGNORECASE)


def parse_order(label: str, value: str) -> Order:
    """Read an E.O. line: label "E.O. 12958:", value "DECL: 09/22/2019"."""
    m = _NUMBER.search(label.replace("O.", " "))
    printed = f"1{m[1]}" if m else None
    return Order(_known_order(printed), printed, parse_declassification(value))


@cache
def _known_order(printed: str | None) -> str | None:
    if printed is None:
        return None
    for row in rows("orders"):
        if printed == row["number"] or printed in row["misprints"].split("|"):
            return row["number"]
    return printed


def parse_declassification(value: str) -> str | None:
    """ "DECL: 09/22/2019" is "2019-09-22", "GDS" stays "GDS", "DNG: CO 03/31/2018" too (a downgrade is no
    declassification), "N/A" is None."""
    text = " ".join(value.upper().split()).strip(" .;,")
    if not text or _NONE.match(text):
        return None
    if _DOWNGRADE.search(text):
        return text
    found = find_date(text)
    if found is not None:
        head = text[: found[1]]
        if not _CONDITION.search(head):
            return found[0]
    rest = _LABEL.sub("", text).strip(" :;,.")
    if _NONE.match(rest):
        return None
    return rest or None


def find_date(text: str) -> tuple[str, int] | None:
    """The first date in upper-case text as ISO and where it stands; American order, two-digit years pivot at 66."""
    for pattern, order in ((_NUMERIC, "mdy"), (_WORDED, "dwy"), (_WORDED_US, "wdy")):
        for m in pattern.finditer(text):
            iso = _iso(m.groups(), order)
            if iso is not None:
                return iso, m.start()
    return None


def _iso(parts: tuple[str, ...], order: str) -> str | None:
    a, b, c = parts
    if order == "dwy":
        month, day, year = _MONTHS.get(b), int(a), int(c)
    elif order == "wdy":
        month, day, year = _MONTHS.get(a), int(b), int(c)
    elif len(a) == 4:
        month, day, year = int(b), int(c), int(a)
    elif len(a) == 3:
        return None
    else:
        month, day, year = int(a), int(b), int(c)
    if year < 100:
        year += 1900 if year >= 66 else 2000
    if month is not None and month > 12 >= day:
        month, day = day, month
    if month is None or not 1900 <= year <= 2099:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


class Authority(NamedTuple):
    """by: who classified, None if the line gives neither name nor title; reasons: "1.4(b)", in order, each once."""

    by: ClassifiedBy | None
    reasons: tuple[str, ...]


_BY_LABEL = re.compile(
    r"^(?:[\s:;.,\-]|\(?U\)|C\s?L\s?A\s?S\s?S\s?I\s?F\s?I\s?E\s?D\s{1,2}BY\b|CLASS(?:\.|IFIED)?\s?BY\b|BY:)+",
    re.IGNORECASE,
)
_REASON_LABEL = re.compile(
    r"[\s;,.(]*\b(?:for|per|under|pursuant\s+to|on\s+the\s+basis\s+of|due\s+to|by|e\.?o\.?\s?12958)?\s*(?:the\s+)?(?:following\s+)?"
    r"(?:r\s?e\s?a\s?s\s?o\s?n\s?s?|section(?=\s*1))\b",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"(?:\s|,|;)*\b(?:for|per|under|by|and|reasons?|E\.? ?O\.? ?12958:?)$", re.IGNORECASE)
_SECTION = re.compile(r"(?<![\d/])1\s?\.\s{0,2}([4-6])?")
_LETTERS = re.compile(r"\(?\s?([A-Ha-h])\s?\)?(?![A-Za-z'’])")
_THROUGH = re.compile(r"\)?\s?(?:-|through|thru)\s?\(?")
_BETWEEN = re.compile(r"[\s,;/&()+.\-]*(?:through\b|thru\b|a\s?n\s?d\b|or\b|AND\b)?[\s,;/&()+.]*", re.IGNORECASE)

# the copy was cut inside the name: "AMBASSADOR ROLAND ARN..." (06THEHAGUE1184)
_CUT_WORD = re.compile(r"\w\.\.\.\Z")


def parse_authority(value: str) -> Authority:
    """Read a Classified By line without its keyword: "Deputy Chief of Mission Richard LeBaron, reasons 1.4 (b,d)."."""
    text = " ".join(value.split())
    derived = text.upper().startswith("DERIVED")
    text = _BY_LABEL.sub("", text)
    derived = derived or text.upper().startswith("DERIVED")
    reasons, reason_at = _parse_reasons(text)
    cut = reason_at if reason_at is not None else len(text)
    m = _REASON_LABEL.search(text)
    if m is not None and m.start() < cut:
        cut = m.start()
    who = text[:cut].strip(" .,;:-(/")
    who = _LEADS_ON.sub("", who).strip(" .,;:-(")
    by = None if derived else _split_who(who)
    if by is not None and not reasons and _CUT_WORD.search(text):
        by = ClassifiedBy(None, by.title) if by.title else None
    return Authority(by, reasons)


def _parse_reasons(text: str) -> tuple[tuple[str, ...], int | None]:
    """Reasons and where their print begins. Letters follow a section number: "1.4 (b,d)", "1.4(b) an d (d)", "1.5 B/D"."""
    found: list[str] = []
    begin: int | None = None
    for m in _SECTION.finditer(text):
        section = m[1] or "4"
        at = m.end()
        letters: list[str] = []
        previous_end = at
        while True:
            gap = _BETWEEN.match(text, at)
            at2 = gap.end() if gap else at
            # a second section number may stand before the next letter: "1.4 (b) and 1.4 (d)"
            letter = _LETTERS.match(text, at2)
            if letter is None or (
                letter[1].islower() and letter.end() < len(text) and text[letter.start() :][:2].isalpha()
            ):
                break
            between = text[previous_end:at2]
            if letters and _THROUGH.fullmatch(between):
                letters += [chr(c) for c in range(ord(letters[-1]) + 1, ord(letter[1].lower()))]
            letters.append(letter[1].lower())
            at = previous_end = letter.end()
        if letters or m[1]:
            begin = m.start() if begin is None else begin
        for letter_name in letters:
            reason = f"1.{section}({letter_name})"
            if reason not in found:
                found.append(reason)
    return tuple(found), begin


@cache
def _title_words() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("titles"))


# "Charge d,Affaires", "Charge d' Affaires": the apostrophe printed as a comma, or a blank behind it
_BEFORE_PLACES = frozenset(("EMBASSY", "CONSULATE", "GENERAL", "MISSION", "AMEMBASSY", "AMCONSUL", "POST", "OF"))
_APOSTROPHE = re.compile(r"\bd[,'’´] ?(?=A)", re.IGNORECASE)
_INITIAL = re.compile(r"[A-Z]\.?")
_OFFICE = re.compile(r"[A-Z/]{2,4}:?")
_SUFFIX = re.compile(r"^(?:JR|SR|II|III|IV|PHD|PH\.D)\.?$", re.IGNORECASE)


def _split_who(who: str) -> ClassifiedBy | None:
    """Name and title from "Title Name", "Name, Title" or "Title Name, Office"; the name is the run of words that are no
    words of a title."""
    who = _APOSTROPHE.sub("d'", who.strip())
    if not who:
        return None
    words = _title_words()
    pieces = [p.strip() for p in who.split(",") if p.strip()]
    if not pieces:
        return None
    while len(pieces) > 1 and _SUFFIX.match(pieces[1]):
        pieces[0] += ", " + pieces.pop(1)
    for i, piece in enumerate(pieces):
        tokens = piece.split()
        begin, end = _name_run(tokens, words)
        if begin == end:
            continue
        if i and ((begin == 0 and len(tokens) < 2) or (begin and tokens[begin - 1].upper() in _BEFORE_PLACES)):
            continue  # "Ambassador, Lima", "Ambassador, Embassy Lima": a place
        name = " ".join(tokens[begin:end])
        if i == 0 and begin == 0 and end == 1 == len(tokens) and len(pieces) > 2 and _is_one_name(pieces[1], words):
            return ClassifiedBy(f"{name},{pieces[1]}", ", ".join(pieces[2:]))  # "Berliner,Nicholas, PolEcon-Chief"
        title = [*pieces[:i], " ".join([*tokens[:begin], *tokens[end:]]), *pieces[i + 1 :]]
        return ClassifiedBy(name, ", ".join(t for t in title if t).strip(" ,:-") or None)
    return ClassifiedBy(None, ", ".join(pieces))


def _name_run(tokens: list[str], words: frozenset[str]) -> tuple[int, int]:
    """Where the name stands among the tokens of one piece: the last run of words that are no words of a title.

    A short word in capitals before a name in mixed case is an office ("AF Johnnie Carson"); a word of a title right
    behind an initial is a surname ("Damian R. Leader").
    """
    end = len(tokens)
    while end > 0 and _is_title_word(tokens[end - 1], words):
        end -= 1
    begin = end
    while begin > 0 and not _is_title_word(tokens[begin - 1], words):
        begin -= 1
    if 0 < end < len(tokens) and _INITIAL.fullmatch(tokens[end - 1]) and end - begin > 1:
        end += 1
    if end - begin > 1 and _OFFICE.fullmatch(tokens[begin]) and not tokens[begin + 1].isupper():
        begin += 1
    return begin, end


def _is_one_name(piece: str, words: frozenset[str]) -> bool:
    return " " not in piece and piece.isalpha() and not _is_title_word(piece, words)


def _is_title_word(token: str, words: frozenset[str]) -> bool:
    bare = token.strip(".,:;()\"'").upper()
    if not bare:
        return True
    if bare in words or bare.rstrip("'S") in words:
        return True
    if "/" in bare or any(c.isdigit() for c in bare):
        return True
    return "-" in bare and all(part in words for part in bare.split("-"))
