"""Addresses: `RUEHMO/AMEMBASSY MOSCOW PRIORITY 2992`: indicator, address, precedence and number."""

from __future__ import annotations

import re
from functools import lru_cache

from reftel.model import Addressee, Span
from reftel.tables import find_post, month_number
from reftel.text import as_span

_INDICATOR = re.compile(r"R[A-Z]{3,7}\Z")
_GLUED_INDICATOR = re.compile(r"(R[UH][A-Z]{3,5}?)(AMEMBASSY|AMCONSUL|USMISSION|SECSTATE)\Z")
_NICKNAME = re.compile(r"[A-Z]{4,7}\Z")
_NUMBER = re.compile(r"\d{3,4}(?:-\d{1,4})?\Z")
_GLUED_NUMBER = re.compile(r"(FLASH|IMMEDIATE|PRIORITY|ROUTINE)(\d{3,4}(?:-\d{1,4})?)\Z")
_WORDS = {word: word for word in ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE")}
# "PRIORTY", "IMMEDIAE": no address ends in a word that begins so
_MISPRINTS = {word[:4]: word for word in ("IMMEDIATE", "PRIORITY", "ROUTINE")}


def read_addressees(line: str, start: int) -> list[Addressee]:
    """The addressees of one printed address: one, or two where a carrier ate what was between them.

    start: where the line begins in the source. The plad keeps the offices as printed, `DIA WASHDC//TWC//`,
    which also stand in `offices`. A line that is only a precedence or a number gives none: see read_tail.
    """
    # the number is new in every cable, the address before it seldom is: what an address says is kept
    address, _, number = line.rpartition(" ")
    if not (address and _NUMBER.match(number)):
        address, number = line, ""
    read = _read_address(address, number != "")
    end = start + len(line)
    if not read:
        return []
    if len(read) == 1:
        return [_place(read[0], number or read[0].mcn, as_span((start, end)))]
    first, second = read
    cut = start + line.rindex(second.plad.partition(" ")[0])
    return [
        _place(first, None, as_span((start, cut))),
        _place(second, number or second.mcn, as_span((cut, end))),
    ]


def read_tail(line: str) -> tuple[str | None, str | None]:
    """Precedence and number of a line that holds nothing else: it is wrapped from its address."""
    words = line.split()
    mcn = _pop_number(words)
    return _pop_precedence(words), mcn


def is_indicator(word: str) -> bool:
    """Whether a word has the form of a routing indicator: "RUEHMO"."""
    return _INDICATOR.match(word) is not None


@lru_cache(maxsize=8192)
def _read_address(address: str, numbered: bool) -> tuple[Addressee, ...]:
    """What an address says, without spans. numbered: its number stood behind it and is not part of `address`."""
    words = address.split()
    mcn = None if numbered else _pop_number(words)
    precedence = _pop_precedence(words)
    ri = _pop_indicator(words) if words else None
    month = _swallowed(words) if len(words) > 2 and not precedence else 0
    if month:
        # "LA PAZ NOV LIMA 4494": the Z of PAZ was taken for that of a date-time group, and the month put
        # in place of number, line break, indicator and AMEMBASSY (06BOGOTA10596); in "LA PAZ JUN 4903"
        # only the precedence is lost (08LIMA1107)
        rest = words[month + 1 :]
        del words[month:]
        if rest:
            return _addressee(ri, words, None, None), _addressee(None, rest, precedence, mcn)
    return (_addressee(ri, words, precedence, mcn),) if words else ()


def _place(one: Addressee, mcn: str | None, span: Span) -> Addressee:
    return Addressee(one.ri, one.plad, one.precedence, mcn, one.post, one.offices, span)


def _pop_indicator(words: list[str]) -> str | None:
    """Take the indicator off the front of an address: "RUEHMO/AMEMBASSY", "RUEHMO/ AMEMBASSY".

    ZEN is no indicator: the message goes by other means. "GIPNC/GLOBAL .. COLLECTIVE" has a nickname there.
    """
    head, slash, rest = words[0].partition("/")
    if not slash:
        # "RUEHSGAMEMBASSY SANTIAGO": the stroke is lost (07BRASILIA1568)
        glued = _GLUED_INDICATOR.match(head)
        if glued is None:
            return None
        head, rest = glued.groups()
    elif head == "ZEN":
        pass
    elif not _INDICATOR.match(head) and not (words[-1] == "COLLECTIVE" and _NICKNAME.match(head)):
        return None
    words[:1] = [rest] if rest else []
    return None if head == "ZEN" else head


def _pop_number(words: list[str]) -> str | None:
    """Take the number off the end of an address."""
    if not words or not words[-1][-1].isdigit():
        return None
    if _NUMBER.match(words[-1]):
        return words.pop()
    glued = _GLUED_NUMBER.match(words[-1])
    if glued is None:
        return None
    words[-1], mcn = glued.groups()
    return mcn


def _pop_precedence(words: list[str]) -> str | None:
    """Take the precedence off the end of an address."""
    if not words:
        return None
    last = words[-1]
    if "//" in last and last.rpartition("//")[2] in _WORDS:  # "FL//POLAD//PRIORITY"
        office, _, last = last.rpartition("//")
        words[-1:] = [f"{office}//", last]
    precedence = _WORDS.get(last) or _MISPRINTS.get(last[:4])
    if precedence is None:
        return None
    words.pop()
    if words and words[-1] == "NIACT":
        precedence = f"{words.pop()} {precedence}"
    return precedence


def _swallowed(words: list[str]) -> int:
    """Where a month stands after a word in Z, or 0."""
    for i in range(2, len(words)):
        if words[i - 1][-1] == "Z" and len(words[i]) == 3 and month_number(words[i]):
            return i
    return 0


def _addressee(ri: str | None, words: list[str], precedence: str | None, mcn: str | None) -> Addressee:
    plad = " ".join(words)
    station, slashes, offices = plad.partition("//")
    post = find_post(station)
    return Addressee(
        ri=ri,
        plad=plad,
        precedence=precedence,
        mcn=mcn,
        post=post.name if post else None,
        offices=offices.removesuffix("//").strip() or None if slashes else None,
    )
