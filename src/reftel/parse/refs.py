"""The REF block: what a cable refers to, each entry typed, with the cable meant where exactly one fits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reftel.cite import CableId, make_id
from reftel.model import Defect, Reference
from reftel.parse.ref_items import QUALIFIERS, Item, can_be_whole, cites_cable, find_items
from reftel.parse.ref_labels import split_entries
from reftel.parse.ref_years import RefContext, possible_years, station_of_bare_number
from reftel.tables import find_post
from reftel.text import Flow

__all__ = ["RefContext", "parse_references"]


def parse_references(
    flow: Flow, start: int, end: int, context: RefContext
) -> tuple[tuple[Reference, ...], tuple[Defect, ...]]:
    """The references of a REF block, and what is odd about them.

    flow range [start, end) is what follows the label `REF:`, up to the next field; an end a little too late
    does no harm. context: the citing cable, for the year of references that print none.

    "05 PARIS 5459 AND 5460" is two references with the year and post of the first. "STATE 100-103" is one
    without target, its members the candidates (of a long range its two ends). "REF: NONE" is no reference.
    """
    start, end = max(start, 0), min(end, len(flow.text))
    block = _without_noise(flow.text[start:end])
    block = _MARK_AT_END.sub("", block[: _find_end(block)].rstrip())
    if _NONE.fullmatch(block):
        return (), ()
    split = split_entries(
        block,
        is_citation=lambda at: cites_cable(block, at),
        is_complete=lambda first, last: can_be_whole(block, first, last),
    )
    found = find_items(split.text, split.entries, context.year)
    items = [item for item in found if not _is_break(item, context)]
    cut = _cut_serials(items)
    references: list[Reference] = []
    defects: list[Defect] = []
    if split.missplit:
        span = flow.hull(start, start + len(block))
        defects.append(Defect("reference-missplit", span, "the letters set by the software are not the drafter's"))
    for item in items:
        ids = [] if cut and item in cut else _find_candidates(item, context)
        reference = _reference(flow, start, split.text, item, tuple(map(str, ids)))
        references.append(reference)
        if len(ids) > 1 and item.last is None:
            detail = f"{reference.text}: {' or '.join(reference.candidates)}"
            defects.append(Defect("reference-ambiguous", reference.span, detail))
    return tuple(references), tuple(defects)


def _reference(flow: Flow, start: int, text: str, item: Item, candidates: tuple[str, ...]) -> Reference:
    printed = " ".join(text[item.start : item.end].split())
    return Reference(
        label=item.label,
        text=printed,
        kind="cable" if item.digits is not None else _kind(printed),
        target=candidates[0] if len(candidates) == 1 else None,
        candidates=candidates,
        qualifiers=_find_qualifiers(printed),
        span=flow.hull(start + item.start, start + item.end),
    )


_QUALIFIER_CORES = ("NOTAL", "AND", "ET", "DIS")


def _find_qualifiers(printed: str) -> tuple[str, ...]:
    """NOTAL, AND PREVIOUS, EXDIS and the like, in capitals, blanks single."""
    capitals = printed.upper()
    if not any(core in capitals for core in _QUALIFIER_CORES):
        return ()
    return tuple(" ".join(match[0].upper().split()) for match in QUALIFIERS.finditer(printed))


_NONE = re.compile(r"[\s:.]*+(?:(?:NONE|N/?A|NIL)[\s.]*+)?", re.IGNORECASE)
# Pilcrows of the publishing site, backslashes of the tab-row form: blanks to a reader.
_BLANK = re.compile(r"[¶\\\t\r\f\v\xa0]")
_BLANKS = str.maketrans("¶\\\t\r\f\v\xa0", "       ")
# A section or page break left inside: "TASHKENT 00000902  001.2 OF 002" (06TASHKENT902),
# "CONFIDENTIAL / PAGE 02 HARARE 05461 01 OF 02 271458Z" (00HARARE5461).
_BREAK = re.compile(r"(?<![^\W\d_])(?:[A-Z]{1,20}+\s){1,4}\d{8}\s{1,3}\d{3}(?:\.\d{1,2})?\s{1,2}OF\s{1,2}\d{1,3}\b")
_PAGE = re.compile(
    r"(?:\b(?:CONFIDENTIAL|SECRET|UNCLASSIFIED|LIMITED OFFICIAL USE)\s{1,9})?"
    r"\bPAGE\s\d\d\s{1,9}(?:[A-Z]{1,12}\s{1,9}){1,3}\d{4,5}\s{1,9}\d\d\sOF\s\d\d\s{1,9}\d{6}Z"
)


def _without_noise(block: str) -> str:
    """The block, of the same length, its pilcrows, backslashes, section and page breaks turned to blanks."""
    if _BLANK.search(block):
        block = block.translate(_BLANKS)
    if "PAGE" in block:
        block = _PAGE.sub(lambda match: " " * len(match[0]), block)
    return _BREAK.sub(_blank_break, block) if "OF" in block else block


def _blank_break(match: re.Match[str]) -> str:
    """Blanks for a section break; what stands before its station, "TELCON TRIPOLI 00000564 ...", stays."""
    words = match[0].rstrip("0123456789 .OF\n")
    station = words
    while find_post(station) is None and " " in station:
        station = station.partition(" ")[2]
    keep = len(words) - len(station) if find_post(station) is not None else 0
    return words[:keep] + " " * (len(match[0]) - keep)


# The fields that may follow, for a block cut too late. Look-behinds stand after the first letters: see cells.py.
_FIELD_WORDS = (
    r"CLASS[IJ]FIED\s{1,3}BY|DERIVED\s{1,3}FROM|SENSITIVE\s{1,3}BUT\s{1,3}UNCLAS|E(?<!\wE)\.\s?O\.\s?:?\s?1\d{4}"
    r"|THIS(?<!\wTHIS)\s(?:CABLE|MESSAGE)\sIS\s|TAG(?<!\wTAG)S?:|SUBJ(?<!\wSUBJ)(?:ECT)?:|REASON(?<!\wREASON)S?:"
    r"|UNCLAS(?<!\wUNCLAS)|SIPDIS(?<!\wSIPDIS)\b"
    r"|C O N F I D E N T|S E C R E T|\n\s{0,8}(?:CONFIDENTIAL|SECRET|SENSITIVE|SUMMARY|BEGIN\sSUMMARY|-{5})"
    r"|\d(?<!\d\d)\d?\.\s{0,8}\([CSU][A-Z/]{0,5}\)"
)
_FIELD = re.compile(_FIELD_WORDS, re.IGNORECASE)
_FIELD_IN_CAPITALS = re.compile(_FIELD_WORDS)
# A paragraph without number: "(SBU) Poloff delivered reftel points to ...".
_MARKED_PROSE = re.compile(r"\((?:[CSU]|SBU|[CS]//?NF)\)\s++(?:\S++\s++){0,8}?(?:[a-z]++\s++){3}")
_MARK_AT_END = re.compile(r"\n[ ]*+\((?:[CSU]|SBU|[CS]//?NF)\)\Z")
_BLANK_LINE = re.compile(r"\n[ ]*+\n\s*+")
_ENTRY_BEGINS = re.compile(r"\(?[A-Z]\s?[).:]|REF\b|[^\n]{0,24}\d", re.IGNORECASE)
_LONG_PROSE = 120


def _find_end(block: str) -> int:
    """Where the block ends by its own look: before the next field or the text."""
    # a search that heeds the case is much faster; only ASCII is sure to keep its length in capitals
    field = _FIELD_IN_CAPITALS.search(block.upper()) if block.isascii() else _FIELD.search(block)
    ends = [match.start() for match in (field, _MARKED_PROSE.search(block)) if match is not None]
    end = min(ends, default=len(block))
    gaps = list(_BLANK_LINE.finditer(block, 0, end))
    for i, gap in enumerate(gaps):
        until = gaps[i + 1].start() if i + 1 < len(gaps) else end
        is_prose = until - gap.end() > _LONG_PROSE and _ENTRY_BEGINS.match(block, gap.end()) is None
        if is_prose and block[: gap.start()].strip():
            return gap.start()
    return end


_PADDED = 8


def _is_break(item: Item, context: RefContext) -> bool:
    """Whether an item is what is left of the cable's own section break: "TRIPOLI 00000268" (09TRIPOLI268)."""
    if item.digits is None or item.station is None:
        return False
    return len(item.digits) == _PADDED and (item.station, int(item.digits)) == (context.post, context.serial)


def _cut_serials(items: Iterable[Item]) -> set[Item]:
    """Items whose serial lost its end: "SAN JOSE 01" beside "SAN JOSE 0800" (09SECTION01OF03SANJOSE525).

    A serial padded to fewer than three digits is cut where others of its post are padded to four or more.
    """
    padded = [item for item in items if item.digits is not None and item.digits.startswith("0")]
    if not padded:
        return set()
    wide = {item.station for item in padded if len(item.digits or "") >= 4}
    return {item for item in padded if len(item.digits or "") < 3 and item.station in wide}


_LONGEST_RANGE = 20


def _find_candidates(item: Item, context: RefContext) -> list[CableId]:
    """The cables an item may mean: one where print and number settle it."""
    if item.digits is None:
        return []
    serial = int(item.digits)
    station = item.station or station_of_bare_number(serial, context)
    if station is None or serial == 0:
        return []
    post = find_post(station)
    key = post.key if post is not None else station
    years = (item.year,) if item.year is not None else possible_years(key, serial, context)
    serials: Iterable[int] = (serial,)
    if item.last is not None:
        is_long = item.last - serial >= _LONGEST_RANGE
        serials = (serial, item.last) if is_long else range(serial, item.last + 1)
    ids = [make_id(year, key, number) for year in years for number in serials]
    return [one for one in ids if one is not None]


# In order: the first that is found names the kind.
_KINDS = (
    ("email", re.compile(r"E-?\s?MAIL", re.IGNORECASE)),
    (
        "call",
        re.compile(r"\bTELE?CON|\bPHONE|\bTELEPHONE|\bS?VTC\b|\bDVC\b|VIDEO-?\s?CONF|CONFERENCE CALL", re.IGNORECASE),
    ),
    ("intelligence report", re.compile(r"\bIIR\b|\bTDX?\s?-|\bTDX?\s\d", re.IGNORECASE)),
    ("daily report", re.compile(r"\b(?:DAILY|Daily|POINTS|Points)\b")),
    ("airgram", re.compile(r"\bAIRGRAM\b|\b(?:CA|A)-\d", re.IGNORECASE)),
    ("septel", re.compile(r"\bSEPTEL", re.IGNORECASE)),
    (
        "cable",
        re.compile(r"\b(?:CABLE|TELEGRAM|SECTO|PARTO|TOSEC|[A-Z]{2,6}TEL)S?\b", re.IGNORECASE),
    ),
)
_YEAR_BEFORE = re.compile(r"^(?:19|20)?\d\d\s+")


def _kind(text: str) -> str:
    """The kind of a reference without a cable's number; a post's bare name is a cable, its number lost."""
    for kind, pattern in _KINDS:
        if pattern.search(text):
            return kind
    station = _YEAR_BEFORE.sub("", text).strip(" .()")
    return "cable" if find_post(station) is not None else "other"
