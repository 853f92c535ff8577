"""The printed stretches of a header: its lines, cut further where a carrier lost the breaks between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from reftel.model import Span

EXTRACT_NOTE = "This record is a partial extract of the original cable."
EXTRACT_END = "is not available."

# What begins a field or an address though no line begins there. The look-behinds stand after the first
# letters, and each alternative has letters of its own, so that the search stays a hunt for those letters;
# a date-time group is found by its Z.
_FIELD = re.compile(
    r"VZCZC(?<!\nVZCZC)[A-Z]{3}\d"
    r"|ZZ\ (?<![\nA-Z]...)(?=RU[A-Z]{2})|OO\ (?<![\nA-Z]...)(?=RU[A-Z]{2})"
    r"|PP\ (?<![\nA-Z]...)(?=RU[A-Z]{2})|RR\ (?<![\nA-Z]...)(?=RU[A-Z]{2})"
    r"|DE\ R(?<!\nDE\ R)[A-Z]{3,6}\ ?\#\d"
    r"|ZN[RY](?<!\nZN.)\ [A-Z]{4,5}\b"
    r"|Z(?<=\d{6}Z)(?<!\n.{7})(?<!\n.{9})(?<!\n.{11})\ ?[A-Za-z]{3,4}\ ?\d\d"
    r"|FM\ (?<!\nFM\ )(?=[A-Z])"
    r"|XMT\ (?<![\nA-Z]XMT\ )(?=[A-Z])"
    r"|TO\ (?<!\nTO\ )(?!TO\ |INFO\ )(?=[A-Z])"
    r"|INFO\ (?<!\nINFO\ )(?=[A-Z])"
    r"|RU(?<!\nRU)(?<!\nTO\ RU)(?<!\nINFO\ RU)[A-Z]{2,5}/(?=[A-Z0-9])"
    r"|RH(?<!\nRH)(?<!\nTO\ RH)(?<!\nINFO\ RH)[A-Z]{2,5}/(?=[A-Z0-9])"
    r"|ZEN/(?<!\nZEN/)(?=[A-Z0-9])"
    r"|AMEMBASSY\ (?<![\n/]AMEMBASSY\ )(?=[A-Z])"
    r"|AMCONSUL\ (?<![\n/]AMCONSUL\ )(?=[A-Z])"
    r"|PAGE\ (?<!\nPAGE\ )\d\d\s"
)
_DTG_TIME = re.compile(r"\d{6}Z")
_DTG_PREFIX = re.compile(r"(?:(?:(?<![A-Z])|(?<=ZZH))[ZOPR]{1,2}\ ?(?:[ZOPR]{1,2}\ ?)?)?\d{6}\Z")
# what may stand before an address on its own line: then nothing is glued
_OPENER = re.compile(r"(?:TO|INFO|FM|XMT|ZEN)?/?\s*(?:R[UH][A-Z]{2,5}/?)?\Z")
_PROSE = re.compile(r"\bPASS\b|^\S+ FOR\b")
# "SECSTATE WASHDC 8035 NSC WASHDC JOINT STAFF WASHDC": where one address ends and the next begins on a line
_NEXT_STATION = re.compile(
    r"(?:WASHDC|WASHINGTON DC|COLLECTIVE|FLASH|IMMEDIATE|PRIORITY|ROUTINE|\d{4})[ \t]*+"
    r"(?=[A-Z])(?!(?:NIACT|FLASH|IMMEDIATE|PRIORITY|ROUTINE|Z[A-Z]{2})\b)"
    r"|[ \t](?=(?:SECSTATE|SECDEF|JOINT STAFF|CIA|DIA|USMISSION|USINT|CDR|USCINC[A-Z]+|DEPT OF) )"
)
_ADDRESS = re.compile(r"(?:TO|INFO)\ |R[UH][A-Z]{2,5}/|AMEMBASSY|AMCONSUL|SECSTATE")


def find_cells(text: str, span: Span) -> tuple[list[tuple[int, int]], Span | None]:
    """The printed stretches of a header in order, without the white space between them.

    Beside them the first line that held more than one: "R 122107Z FEB 10FM AMEMBASSY QUITOTO RUEHC/SECSTATE".
    """
    cuts = [_begin(text, field) for field in _FIELD.finditer(text, *span)]
    cells: list[tuple[int, int]] = []
    glued = None
    done = 0
    begin = span.start
    for line in text[span.start : span.end].replace("\r", "\n").split("\n"):
        cell = line.strip()
        start = begin + line.find(cell)
        end = start + len(cell)
        begin += len(line) + 1
        if not cell:
            continue
        if cell.startswith(EXTRACT_NOTE):
            note = text.find(EXTRACT_END, start, end)
            if 0 <= note < end - len(EXTRACT_END):
                cells.append((start, note + len(EXTRACT_END)))
                start = note + len(EXTRACT_END)
        if done == len(cuts) or cuts[done] >= end:
            cells.append((start, end))
            continue
        inner: list[int] = []
        while done < len(cuts) and cuts[done] < end:
            inner.append(cuts[done])
            done += 1
        pieces = _cut(text, start, end, inner)
        if len(pieces) > 1 and glued is None:
            glued = Span(start, end)
        cells += pieces
    return cells, glued


def _begin(text: str, field: re.Match[str]) -> int:
    """Where a field begins: a date-time group, found by its Z, with its precedence letters."""
    if field[0][0] != "Z" or field[0].startswith(("ZZ", "ZN", "ZEN")):
        return field.start()
    prefix = _DTG_PREFIX.search(text, max(field.start() - 12, 0), field.start())
    return prefix.start() if prefix else field.start()


def _cut(text: str, start: int, end: int, cuts: Sequence[int]) -> list[tuple[int, int]]:
    pieces, last = [], start
    for cut in cuts:
        if cut > last and _divides(text, last, cut):
            pieces.append((last, cut))
            last = cut
    pieces.append((last, end))
    if len(pieces) == 1:
        return pieces
    parted: list[tuple[int, int]] = []
    for s, e in pieces:
        bounds = [s, e]
        if _ADDRESS.match(text, s, e):
            bounds[1:1] = _stations(text, s, e)
        parted += [(a, a + len(text[a:b].rstrip())) for a, b in pairwise(bounds)]
    return parted


def _divides(text: str, last: int, cut: int) -> bool:
    """Whether what begins at `cut` is a field of its own, given what stands before it, from `last` on."""
    head, tail = text[last : min(cut, last + 60)].strip(), text[max(last, cut - 60) : cut].strip()
    if not tail or _PROSE.search(head):
        return False
    if text.startswith("PAGE", cut):  # "INFO PAGE 02" (09STATE37566)
        return True
    apart = not text[cut - 1].isalpha()
    if text.startswith("TO ", cut):  # "FM AMEMBASSY LIMATO SECSTATE", but "AMEMBASSY SANTO DOMINGO" goes on
        address = _ADDRESS.match(text, cut + 3) is not None
        return (apart and (address or head.startswith("FM"))) or (address and head.startswith("FM"))
    if text.startswith("FM ", cut):
        return apart or _DTG_TIME.search(tail) is not None
    return cut - last > 60 or _OPENER.match(head) is None


def _stations(text: str, start: int, end: int) -> list[int]:
    """Where further addresses begin in a stretch that holds several."""
    found = []
    last = start
    for station in _NEXT_STATION.finditer(text, start, end):
        if station.end() < end and not _OPENER.match(text[last : station.end()].strip()):
            last = station.end()
            found.append(last)
    return found
