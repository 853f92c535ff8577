"""Divide a source: transmission header, the cable's own text, and what carriers pasted round it.

Partners pasted record rows, cut copies and whole foreign cables into the body (field guide, section 1). What is not the
cable's own text becomes a segment here, so that every later stage sees one header and one body.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from reftel.cite import CableId
from reftel.model import Defect, Embedded, Segment, Source, Span
from reftel.parse.class_line import ClassLine, find_class_lines
from reftel.parse.dtg import find_dtg
from reftel.tables import find_post
from reftel.text import without


class Layout(NamedTuple):
    """header: the routing block; body: the pieces of the cable's own text from its class line on (or from where that
    should stand), foreign text and copies left out. segments: what was put aside, in order.
    copies: cut copies of it, up to the row pasted after each. class_line: the cable's own, None if none is printed. section_heads: its class lines of sections two and later.
    flattened: the body's line breaks are lost.
    """

    header: Span
    body: tuple[Span, ...]
    copies: tuple[Span, ...]
    class_line: ClassLine | None
    section_heads: tuple[ClassLine, ...]
    segments: tuple[Segment, ...]
    embedded: tuple[Embedded, ...]
    defects: tuple[Defect, ...]
    flattened: bool


# Where a pasted record begins: a row number and date before the id, the field names of an id record, a date line.
# Rows are told by the date, so the id need not be known.
_ROW = re.compile(
    r"""(?:(?:\d{1,6}(?:,[ ]?|\s{1,3}))?
         (?:(?:\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{4})(?:[ ]\d{1,2}:\d\d(?::\d\d)?)?[\s,]{1,3}){1,2}
         \d\d[A-Z][A-Z\d]{3,28}(?=[\s,]))
      | (?:\d\d[ ]?[A-Z]{3,20}[ ]?\d{1,6},[ ]?"(?:Embassy|Consulate|Mission|US|Secretary)[ ])
      | (?:(?<=[A-Z\d])(?:UNCLASSIFIED(?://FOR[ ]OFFICIAL[ ]USE[ ]ONLY)?|(?:CONFIDENTIAL|SECRET)(?://NOFORN)?)[ ]*(?=[\n\t]))
      | (?:id:[ ]?\d+\s{1,2}date:[ ])
      | (?:Cable[ ]dated:[ ]?\d{4}-\d\d-\d\dT[\d:]{5,8})
      | (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,[ ]\d{1,2}[ ][A-Z][a-z]+[ ]\d{4}(?:,[ ]\d{1,2}:\d\d)?)
    """,
    re.VERBOSE,
)
# What every row has one of; each is looked for by itself, for a pattern of all of them is tried at every letter.
_ROW_WORDS = ("date:", "dated:", "day, ", '"Embassy', '"Consul')
_ROW_ID = re.compile(r"\d[\s,]{1,3}\d\d[A-Z]{4}")
_LEVEL_ENDS = ("IED", "ONLY", "TIAL", "CRET", "FORN")
_LEVEL_AT_END = re.compile(r"(?:IED|ONLY|TIAL|CRET|FORN)[ ]*[\n\t]")
# The first word of a body without class line, at a line's start or glued to the header's last word (08STATE43817).
_BODY_WORD = re.compile(
    r"(?:\A|(?<=\n)|(?<=[A-Z]{2})|(?<=available\.))[ \t]*(?:SIPDIS\b|Sipdis\b|SENSITIVE\b|NOFORN\b|E\.?[ ]?[O0o]\.?[ ]?1\d{4}|TAGS?:"
    r"|SUBJECT:|Subject:|(?:STATE|DEPT|DEPARTMENT) FOR\b|¶ ?1\b|1\.[ ]\()",
)
_PARTIAL = re.compile(r"The full text of the original cable is not available\.\s{0,4}(?:\d{6}Z [A-Z][A-Za-z]{2} \d\d)?")
_HEADER_LINE = re.compile(
    r"^(?:VZCZC|[OPRZ]{1,2} (?:[OPRZ] )?\d{6}Z|DE R|ZN[RY] |FM |TO |INFO |R[A-Z]{5,7}/|AMEMBASSY|AMCONSUL|USMISSION|[A-Z]{2} R[A-Z]{5})"
)
# What may stand between the ellipsis of a cut copy and the paste: a signature, a date
_SIGNATURE_ROOM = 60
_BANNER_REACH = 400
_HEADER_BEGINS = re.compile(r"^(?:VZCZC|[OPRZ]{1,2} (?:[OPRZ] )?\d{6}Z|FM [A-Z])", re.MULTILINE)
_HEAD_FIELD = re.compile(r"E\.?[O0o]\.? ?1\d{4}|TAGS|SUBJECT|Subject|¶ ?\d|^\d\.", re.MULTILINE)
_CLAIM_LINE = re.compile(r"(?:UNCLASSIFIED(?://FOR OFFICIAL USE ONLY)?|(?:CONFIDENTIAL|SECRET)(?://NOFORN)?)[ ]*\n")
_NOT_LETTER = re.compile(r"[^A-Z]+")
_CAPITALS = re.compile(r"[A-Z/ ]{3,60}\s*$")
_CAPITALS_AND_DIGITS = re.compile(r"[A-Z0-9/ ]{3,70}\s*$")
_HEAD_WORD = re.compile(r"SIPDIS|E\.?[O0o]\.? ?1\d{4}|TAGS|SUBJECT|Subject")


def lay_out(source: Source, claimed: CableId | None) -> Layout:
    """The layout of a source. claimed: the id that the carrier gives, if it gives a readable one."""
    text = source.text
    start = 0
    for piece in source.furniture:
        if piece.kind != "record_line":
            break
        start = piece.span.end
    end = len(text)
    all_lines = find_class_lines(text, source.header_end or start, end)
    banners = [x for x in all_lines if _is_banner(text, x)]
    lines = [x for x in all_lines if x not in banners]
    own = [x for x in lines if is_own(x, claimed)]
    defects: list[Defect] = []
    if not own and lines and _may_be_own(lines[0], claimed):
        own = [
            lines[0],
            *(x for x in lines[1:] if x.station == lines[0].station and x.serial == lines[0].serial),
        ]
        if claimed is not None:
            printed = " ".join(text[slice(*lines[0].span)].split())
            defects.append(
                Defect("id-disagrees", lines[0].span, f"the carrier says {claimed}, the class line {printed}")
            )
    own_starts = {x.span.start for x in own}
    foreign = [x for x in lines if x.span.start not in own_starts and _heads_a_cable(text, x)]

    header_end = source.header_end
    if header_end is None:
        glued = next((x.span.start for x in banners if _is_glued_to_header(text, start, x.span.start)), end)
        header_end = min(_find_header_end(text, start, end, lines), glued)
    header = Span(start, header_end)

    segments: list[Segment] = []
    embedded: list[Embedded] = []
    body_start = header_end
    wrapper_end = _wrapper_end(text, header_end, lines)
    if wrapper_end > header_end:
        segments.append(Segment("wrapper", Span(header_end, wrapper_end)))
        body_start = wrapper_end

    # Cut the rest at every class line that begins a copy of this cable or another cable.
    begins = sorted(
        [(x.span.start, x, True) for x in own if (x.section or 1) == 1 and x.span.start >= body_start]
        + [(x.span.start, x, False) for x in foreign if x.span.start >= body_start]
    )
    parts: list[tuple[Span, ClassLine | None, bool]] = []
    if not begins or begins[0][0] > body_start:
        first = begins[0] if begins else None
        lead_end = first[0] if first else end
        lead = text[body_start:lead_end]
        if first is None or len(lead.strip()) > 0:
            belongs = first is None or (first[2] and len(lead) < 600 and "\nFM " not in lead)
            if belongs and first is not None:
                begins[0] = (body_start, first[1], True)  # "TAGS: ..." before the class line (06MEXICO4238)
            elif first is None or first[2]:
                parts.append((Span(body_start, lead_end), None, True))
            else:
                parts.append((Span(body_start, lead_end), None, True))
    for i, (at, line, mine) in enumerate(begins):
        stop = begins[i + 1][0] if i + 1 < len(begins) else end
        parts.append((Span(at, stop), line, mine))

    mine_parts = [p for p in parts if p[2] and p[1] is not None] or [p for p in parts if p[2]]
    primary = max(mine_parts, key=lambda p: p[0].end - p[0].start, default=None)
    body: list[Span] = []
    copies: list[Span] = []
    for i, part in enumerate(parts):
        span, head, mine = part
        text_end = _end_before_paste(text, span) if i + 1 < len(parts) else span.end
        if part is primary:
            body.append(Span(span.start, text_end))
        elif mine:
            ellipsis = text.rfind("...", span.start, span.end)
            cut = ellipsis >= 0 and -3 <= text_end - ellipsis - 3 < _SIGNATURE_ROOM
            if cut:
                text_end = ellipsis + 3
            cut = cut or (head is not None and _HEAD_FIELD.search(text, span.start, text_end) is not None)
            segments.append(Segment("truncated_copy" if cut else "wrapper", Span(span.start, text_end)))
            if cut:
                row = _ROW.search(text, text_end, span.end)
                copies.append(Span(span.start, row.start() if row is not None else span.end))
                defects.append(Defect("truncated-copy", Span(span.start, text_end), "a fuller copy follows"))
        else:
            segments.append(Segment("foreign_cable", Span(span.start, text_end)))
            name = _name_of(head, text)
            embedded.append(Embedded(name, Span(span.start, text_end)))
            defects.append(Defect("foreign-cable", Span(span.start, text_end), name or "its id cannot be told"))
        if text_end < span.end:
            kind = "foreign_cable" if i + 1 < len(parts) and not parts[i + 1][2] else "wrapper"
            segments.append(Segment(kind, Span(text_end, span.end)))
    class_line = primary[1] if primary is not None else None
    heads = tuple(
        x
        for x in own
        if (x.section or 1) > 1 and primary is not None and primary[0].start <= x.span.start < primary[0].end
    )
    pieces = without(body, [s.span for s in source.furniture if s.span.start >= start])
    length = sum(e - s for s, e in pieces)
    breaks = sum(text.count("\n", s, e) for s, e in pieces)
    return Layout(
        header=header,
        body=tuple(pieces),
        copies=tuple(copies),
        class_line=class_line,
        section_heads=heads,
        segments=tuple(sorted(segments, key=lambda s: s.span)),
        embedded=tuple(embedded),
        defects=tuple(defects),
        flattened=length > 600 and length > 400 * max(breaks, 1),
    )


def is_own(line: ClassLine, claimed: CableId | None) -> bool:
    """Whether a class line is that of the claimed cable: same serial, and a station that can be the same.

    A station that is redacted (10SHENYANG4) or lost counts as the same; without a claim no line is known to be own.
    """
    if claimed is None or line.serial != claimed.serial:
        return False
    return same_station(line.station, claimed.post)


def same_station(printed: str | None, key: str) -> bool:
    """Whether a printed station can be that of id key `key`: equal, a table's alias, cut off, or redacted."""
    if printed is None:
        return True
    letters = _NOT_LETTER.sub("", printed.upper())
    if letters == key or not letters.strip("X"):
        return True
    post = find_post(printed)
    if post is not None and post.key == key:
        return True
    known = find_post(key)
    if post is not None and known is not None:
        return post.key == known.key
    return len(letters) >= 4 and (key.startswith(letters) or letters.startswith(key))


def _is_banner(text: str, line: ClassLine) -> bool:
    """Whether a class line stands above the header, not below it: "Telegram ... UNCLASSIFIED TRIPOLI 00000368" (08TRIPOLI368).

    In a printed telegram a distribution list may stand between the two (06TRIPOLI498).
    """
    after = text[line.span.end : line.span.end + _BANNER_REACH]
    if "Z" not in after and "FM " not in after:
        return False
    header = _HEADER_BEGINS.search(after)
    field = _HEAD_FIELD.search(after)
    return header is not None and (field is None or header.start() < field.start())


def _is_glued_to_header(text: str, start: int, at: int) -> bool:
    """Whether print at `at` follows a header's last word without a blank: "TRIPOLI 1366S E C R E T" (06TRIPOLI498)."""
    return text[at - 1 : at].isalnum() and "\nFM " in text[start:at]


def _may_be_own(line: ClassLine, claimed: CableId | None) -> bool:
    """A first class line is own unless it names another post than the carrier's id."""
    return claimed is None or same_station(line.station, claimed.post)


def _heads_a_cable(text: str, line: ClassLine) -> bool:
    """Whether a class line is followed by a head: a class line cited in running text is not."""
    if line.station is None or line.serial is None:
        return False
    after = text[line.span.end : line.span.end + 500]
    return _HEAD_WORD.search(after) is not None and find_post(line.station) is not None


def _name_of(line: ClassLine | None, text: str) -> str | None:
    """Id of a foreign cable: its class line gives station and serial, the print above it the year: the id in a pasted row
    or a date-time group. None if the year is not printed."""
    if line is None or line.station is None or line.serial is None:
        return None
    post = find_post(line.station)
    key = post.key if post is not None else line.station.replace(" ", "").upper()
    above = text[max(0, line.span.start - 2500) : line.span.start]
    row = re.search(rf"\b(\d\d){re.escape(key)}0*{line.serial}\b", above)
    if row is not None:
        return f"{row[1]}{key}{line.serial}"
    dtg = find_dtg(above, max(0, len(above) - 2500), len(above))
    if dtg is not None and f"FM {line.station}" in above.replace("AMEMBASSY ", "").replace("AMCONSUL ", ""):
        return f"{dtg.when[2:4]}{key}{line.serial}"
    return None


def _find_header_end(text: str, start: int, end: int, lines: list[ClassLine]) -> int:
    """Where the header block ends: at the class line, at a pasted record, or at the first word of a body."""
    stop = next((x.span.start for x in lines), end)
    if stop > start and _may_hold_row(text[start:stop]):
        m = _ROW.search(text, start, stop)
        if m is not None:
            return _split_glued_number(text, m.start(), start)
    if stop == end or "\nTAGS" in text[max(start, stop - 400) : stop]:
        m = _BODY_WORD.search(text, max(start - 1, 0), stop)
        if m is not None:
            return m.end() - len(m[0].lstrip())
        m = _PARTIAL.search(text, start, end)
        if m is not None:
            return m.end()
    if stop == end and not lines:
        # no class line and no word of a head: a header alone, or a text alone
        return _end_of_header_lines(text, start, end)
    return stop


def _may_hold_row(header: str) -> bool:
    """Whether a header has what every pasted row has one of."""
    return (
        any(word in header for word in _ROW_WORDS)
        or _ROW_ID.search(header) is not None
        or (any(end in header for end in _LEVEL_ENDS) and _LEVEL_AT_END.search(header) is not None)
    )


def _end_of_header_lines(text: str, start: int, end: int) -> int:
    at = start
    last = start
    while at < end:
        line_end = text.find("\n", at, end)
        line_end = end if line_end < 0 else line_end + 1
        line = text[at:line_end]
        if _HEADER_LINE.match(line):
            last = line_end
        elif (line.strip() and last > start) or (line.strip() and at - start > 400):
            break
        at = line_end
    return last


def _split_glued_number(text: str, at: int, start: int) -> int:
    """A row number glued to a four-digit serial, "STATE 0099" + "78299" (06BERN1686), begins after the fourth digit."""
    if not text[at].isdigit():
        return at
    first = at
    while first > start and text[first - 1].isdigit():
        first -= 1
    run = at
    while run < len(text) and text[run].isdigit():
        run += 1
    if first > start and text[first - 1] == " " and run - first > 4 and "\n" not in text[first - 1 : run]:
        return first + 4
    return first


def _wrapper_end(text: str, at: int, lines: list[ClassLine]) -> int:
    """Where the wrapper that begins at `at` ends: at the next class line (or its TAGS line); `at` if there is none."""
    ink = at
    while ink < len(text) and text[ink] in " \t\r\n\"',":
        ink += 1
    m = _ROW.match(text, ink) or _CLAIM_LINE.match(text, ink)
    if m is None:
        head = next((x.span.start for x in lines if x.span.start >= at), at)
        return head if head == ink and text[at:ink].strip() else at
    stop = next((x.span.start for x in lines if x.span.start >= at), None)
    if stop is None:
        word = _BODY_WORD.search(text, m.end())
        return word.end() - len(word[0].lstrip()) if word is not None else m.end()
    tags = text.rfind("\nTAGS", at, stop)
    return tags + 1 if tags >= 0 and stop - tags < 400 else stop


def _end_before_paste(text: str, span: Span) -> int:
    """Where the text of a copy ends and the paste before the next copy begins."""
    cut = text.rfind("...", span.start, span.end)
    tail_start = max(span.start, span.end - 4000)
    row = None
    for m in _ROW.finditer(text, max(cut, tail_start) if cut >= 0 else tail_start, span.end):
        row = m.start()
        break
    if row is not None:
        back = _split_glued_number(text, row, span.start)
        while back > span.start and text[back - 1] in " \t\r\n\",'":
            back -= 1
        return back
    if cut >= 0 and span.end - cut < 4000 and not text[cut + 3 : cut + 4].isalnum():
        after = cut + 3
        if _header_begins(text, after, span.end) is not None or not text[after : span.end].strip(" \t\r\n\"',"):
            return after
    header = _header_begins(text, tail_start, span.end)
    return header if header is not None else span.end


def _header_begins(text: str, start: int, end: int) -> int | None:
    """Where a header block that runs up to `end` begins, looking back line by line; None if none does."""
    at = end
    begin = None
    blanks = 0
    while at > start:
        line_start = text.rfind("\n", start, at - 1) + 1
        if line_start <= start:
            line_start = start
        line = text[line_start:at]
        if _HEADER_LINE.match(line):
            begin, blanks = line_start, 0
        elif line.strip():
            if begin is None and len(line.strip()) > 3 and not _CAPITALS.match(line):
                break
            if begin is not None and not _CAPITALS_AND_DIGITS.match(line):
                break
        else:
            blanks += 1
            if blanks > 4:
                break
        at = line_start
        if line_start == start:
            break
    return begin
