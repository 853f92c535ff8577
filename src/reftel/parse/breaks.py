"""Find what transmission and printing put inside the text: section and page lines, repeated heads, stray banners.

Each is a cut: a segment that the body's flow leaves out, so that a sentence reads on across it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reftel.model import Record, Segment, Span
from reftel.parse.class_line import ClassLine


class Break(Record, frozen=True):
    """One artefact. kind: a segment kind. section: the section that begins (or goes on) here, of `of`, page: its page;
    each None where not printed."""

    kind: str
    span: Span
    section: int | None
    of: int | None
    page: int | None


# "LONDON 00002499  002 OF 004", "TASHKENT 00000902  001.2 OF 002"
_SECTION = re.compile(
    r"(?P<serial>\d{4,8})[ \t]{1,3}(?P<section>\d{3})(?:\.(?P<page>\d{1,2}))?[ \t]{1,2}(?:OF|of)[ \t]{1,2}(?P<of>\d{3})(?!\d)"
)
# "PAGE 02        HARARE  02271  01 OF 07  271033Z"
_PAGE = re.compile(
    r"PAGE[ \t]+(?P<page>\d\d)[ \t]+(?P<station>[A-Z][A-Z ]{1,14}?)[ \t]+(?P<serial>\d{4,6})"
    r"(?:[ \t]+(?P<section>\d\d)[ \t]+OF[ \t]+(?P<of>\d\d))?(?:[ \t]+\d{6}Z)?"
)
_BANNER_BEFORE = re.compile(
    r"(?:^|[ \t\n])[ \t]*(?:UNCLASSIFIED|UNCLAS|LIMITED OFFICIAL USE|CONFIDENTIAL|SECRET)(?:[ \t]+P[TQ]{2}\d{3,5})?[\s>]*$"
)
_BANNER_LINE = re.compile(
    r"^[ \t]*(?:UNCLASSIFIED|LIMITED OFFICIAL USE|CONFIDENTIAL|SECRET)(?:[ \t]+P[TQ]{2}\d{3,5})?[ \t\r]*$|^[ \t]*P[TQ]{2}\d{4}[ \t\r]*$",
    re.MULTILINE,
)
# What may stand below the last banner: ">", "2002ROME01725 - Classification: CONFIDENTIAL"
_TRAILER_ROOM = 60
_ROW_MARK = re.compile(r"\\(?=\r?\n)")
_MISSING = re.compile(r"\*[ \t]*Missing Section \d{3}[ \t]*\*", re.IGNORECASE)
_REDACTED_AT_END = re.compile(r"X{6,}$")
_STATION_TAIL = re.compile(r"(?:^|(?<=[\s.\"')>]))[A-Z][A-Z]*(?:[ '][A-Z]+)*[ \t]*$")
_SIPDIS = re.compile(r"(?P<gap>[ \t]*(?:\n[ \t\\]*){0,2})SIPDIS(?P<rest>[ \t\\]*\n|[ ](?=[\w(\"“])|(?=\Z))")
_FIRST_NUMBER = re.compile(r"\n[ \t]*(?:¶[ ]?1\b|1\.[ ]{0,2}\(|1\.[ ])")


def find_breaks(text: str, body: tuple[Span, ...], station: str | None, heads: tuple[ClassLine, ...]) -> list[Break]:
    """All artefacts in the body's pieces, in order, not overlapping.

    station: the sender as its class line prints it; artefacts cut it at ten characters, page lines at six.
    heads: the class lines that begin the heads repeated by later sections.
    """
    found: list[Break] = []
    for start, end in body:
        found += _find_sections(text, start, end, station)
        found += _find_pages(text, start, end)
        found += _find_row_marks(text, start, end)
        found += _find_injected(text, start, end)
    for i, head in enumerate(heads):
        low = heads[i - 1].span.end if i else 0
        high = heads[i + 1].span.start if i + 1 < len(heads) else len(text)
        found += _find_repeated_head(text, head, body, low, high)
    found.sort(key=lambda b: (b.span.start, -b.span.end))
    kept: list[Break] = []
    for b in found:
        if kept and b.span.start < kept[-1].span.end:
            continue
        kept.append(b)
    return kept


def _find_row_marks(text: str, start: int, end: int) -> list[Break]:
    """The backslash that ends every line of a pasted tab row (06BERN1686)."""
    if text.find("\\", start, end) < 0:
        return []
    marks = text.count("\\\n", start, end) + text.count("\\\r\n", start, end)
    if 2 * marks < text.count("\n", start, end) or not marks:
        return []
    return [
        Break("wrapper", Span(m.start(), m.start() + 1), None, None, None) for m in _ROW_MARK.finditer(text, start, end)
    ]


def cuts(breaks: list[Break]) -> list[Segment]:
    """The segments of breaks."""
    return [Segment(b.kind, b.span) for b in breaks]


def holes(text: str, breaks: list[Break]) -> list[Span]:
    """What the flow leaves out: the breaks, and the blank lines round one that cuts a sentence, so that it reads on.

    Breaks with only white space between them are one. A sentence is cut where no stop precedes and the text goes on in
    lower case.
    """
    found: list[Span] = []
    for b in breaks:
        if b.kind not in ("section_break", "page_break", "repeated_head"):
            found.append(b.span)
        elif found and not text[found[-1].end : b.span.start].strip():
            found[-1] = Span(found[-1].start, b.span.end)
        else:
            found.append(b.span)
    small = {b.span for b in breaks if b.kind not in ("section_break", "page_break", "repeated_head")}
    return [span if span in small else _widened(text, span) for span in found]


def _widened(text: str, span: Span) -> Span:
    start, end = span
    while start > 0 and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end].isspace():
        end += 1
    before, after = text[start - 1 : start], text[end : end + 1]
    if not before or before in '.!?:"”)-=_*' or not after.islower() or start == span.start:
        return span
    return Span(start + 1, end)


def _find_sections(text: str, start: int, end: int, station: str | None) -> list[Break]:
    found = []
    for m in _section_marks(text, start, end):
        if m is None:
            continue
        begin = _station_start(text, m.start(), max(start, m.start() - 40), station)
        if begin is None:
            continue
        page = int(m["page"]) if m["page"] else None
        found.append(Break("section_break", Span(begin, m.end()), int(m["section"]), int(m["of"]), page))
    for m in _MISSING.finditer(text, start, end) if text.find("Missing S", start, end) >= 0 else ():
        found.append(Break("injected", Span(m.start(), m.end()), None, None, None))
    return found


def _section_marks(text: str, start: int, end: int) -> Iterator[re.Match[str] | None]:
    for core in (" OF 0", " of 0"):
        at = text.find(core, start, end)
        while at >= 0:
            yield _SECTION.search(text, max(at - 20, start), min(at + 12, end))
            at = text.find(core, at + 5, end)


def _station_start(text: str, at: int, low: int, station: str | None) -> int | None:
    """Where the station name that ends at `at` begins, not before `low`; None if no name is there.

    A name inline after capitals cannot be told by case ("IN LIBYA TRIPOLI 00000467"), so the known one is tried first.
    """
    before = text[low:at]
    stripped = before.rstrip(" \t")
    if station:
        name = station.upper()
        joined = before.rstrip()  # the name may have wrapped onto the line above (06SAOPAULO428)
        for cut in dict.fromkeys((name, name[:10].rstrip())):
            if joined.upper().endswith(cut):
                return low + len(joined) - len(cut)
    m = _REDACTED_AT_END.search(stripped)
    if m is not None:
        return low + m.start()
    line = stripped.rfind("\n")
    m = _STATION_TAIL.search(stripped[line + 1 :])
    if m is None:
        return None
    name = m[0]
    begin = line + 1 + m.start()
    if begin > line + 1 and stripped[line + 1 : begin].strip():
        begin += len(name) - len(name.split()[-1])  # inline: only its last word is sure
    return low + begin


def _find_pages(text: str, start: int, end: int) -> list[Break]:
    found: list[Break] = []
    at = text.find("PAGE ", start, end)
    if at < 0:
        return found
    while at >= 0:
        m = _PAGE.match(text, at, end)
        at = text.find("PAGE ", at + 5, end)
        if m is None:
            continue
        banner = _BANNER_BEFORE.search(text, max(start, m.start() - 120), m.start())
        begin = m.start()
        while banner is not None:  # a page may end with a banner and the next begin with one
            begin = banner.start()
            while text[begin] in " \t\n" and begin < m.start():
                begin += 1
            banner = _BANNER_BEFORE.search(text, max(start, begin - 120), begin)
        section, of = m["section"], m["of"]
        found.append(
            Break(
                "page_break",
                Span(begin, m.end()),
                int(section) if section else None,
                int(of) if of else None,
                int(m["page"]),
            )
        )
    for m in _BANNER_LINE.finditer(text, start, end):
        if len(text[m.end() : end].strip()) < _TRAILER_ROOM:
            break  # the closing banner belongs to the end of the cable
        begin = m.start() + len(m[0]) - len(m[0].lstrip())
        found.append(Break("injected", Span(begin, m.start() + len(m[0].rstrip())), None, None, None))
    return found


_GRID_LINE = re.compile(
    r"^(?:ACTION|INFO|ORIGIN)?[ \t]*(?:[A-Z]{1,4}-\d\d[ \t]*)+(?:/\d{3}[A-Z])?[ \t]*$|^[ \t]*-{6,}[0-9A-F]{6}[ \t]+\d{6}Z"
    r"|^[ \t]*(?:/\d{3}[A-Z])[ \t]*$|^[OPRZ]{1,2}(?: [OPRZ])? \d{6}Z|^(?:FM|TO|INFO) |^R[A-Z]{5,7}/|^(?:AMEMBASSY|AMCONSUL|USMISSION|SECSTATE|SECDEF) "
)
_CAPITALS = re.compile(r"[A-Z][A-Z0-9 /.]{2,60}$")
_FIRST_LINE = re.compile(r"[OPRZ]{1,2}(?: [OPRZ])? \d{6}Z|ACTION|FM ")
_HEAD_FIELD = re.compile(r"^(?:E\.?[ ]?[O0]\.?[ :]|TAGS?\b|SUBJ|REF\b)", re.IGNORECASE)
_HEAD_CAPTION = re.compile(r"^(?:SIPDIS|NOFORN|SENSITIVE|AIDAC|TERREP|EXDIS|NODIS|LIMDIS)\b|.*\b(?:FOR|PASS) [A-Z]")


def _find_repeated_head(text: str, head: ClassLine, body: tuple[Span, ...], low: int, high: int) -> list[Break]:
    """The head that a later section repeats: header block before its class line, captions to subject after it."""
    low = max(low, max((s.start for s in body if s.start <= head.span.start), default=head.span.start))
    high = min(high, min((s.end for s in body if s.end >= head.span.end), default=head.span.end))
    begin = at = _line_start(text, head.span.start, low)
    topped = False  # whether a first line of a header block has been met
    while at > low:
        previous = _line_start(text, at - 1, low)
        line = text[previous:at].strip()
        if not line:
            above = text[low:previous].rstrip()
            if topped and not _GRID_LINE.match(above[above.rfind("\n") + 1 :].strip()):
                break
        elif _PAGE.match(line):
            break
        elif _GRID_LINE.match(line) or _BANNER_LINE.match(line):
            begin = previous
            topped = topped or _FIRST_LINE.match(line) is not None
        elif not _CAPITALS.match(line):
            break
        at = previous
    end = _end_of_head(text, head.span.end, high)
    return [Break("repeated_head", Span(begin, end), head.section, head.sections, None)]


def _end_of_head(text: str, at: int, high: int) -> int:
    """Past the last head line after a class line: captions, passing lines, E.O., TAGS and SUBJECT with its wraps."""
    end = at
    at = _next_line(text, at, high)
    field = False
    while at < high:
        stop = _next_line(text, at, high)
        line = text[at:stop].strip()
        if not line:
            field = False
        elif _HEAD_FIELD.match(line):
            field, end = True, at + len(text[at:stop].rstrip())
        elif field or _HEAD_CAPTION.match(line):
            end = at + len(text[at:stop].rstrip())
        else:
            break
        at = stop
    return end


def _line_start(text: str, at: int, low: int) -> int:
    return max(text.rfind("\n", low, max(at, low)) + 1, low)


def _next_line(text: str, at: int, high: int) -> int:
    nl = text.find("\n", at, high)
    return high if nl < 0 else nl + 1


def _find_injected(text: str, start: int, end: int) -> list[Break]:
    """SIPDIS put inside running text (01HANOI3294, 00HARARE5461), below the first paragraph number.

    Where it cuts a sentence, the blank line that came with it is cut too, so that the sentence reads on.
    """
    first = _FIRST_NUMBER.search(text, start, end) if text.find("SIPDIS", start, end) >= 0 else None
    if first is None:
        return []
    found = []
    at = text.find("SIPDIS", first.end(), end)
    while at >= 0:
        m = _SIPDIS.search(text, max(at - 12, first.end()), min(at + 14, end))
        at = text.find("SIPDIS", at + 6, end)
        if m is None:
            continue
        word = m.end("gap"), m.start("rest")
        before = text[m.start() - 1 : m.start()]
        if "\n" not in m["gap"] and (not m["gap"] or "secret" not in text[max(0, m.start() - 160) : m.start()].lower()):
            continue  # it was put behind a line that the message software took for a classification, "... Secretary ..."
        if before in '.!?:)"”' or "\n" not in m["gap"]:
            span = Span(*word)
        else:
            span = Span(m.start() + m["gap"].index("\n") + 1, m.end())
        found.append(Break("injected", span, None, None, None))
    return found
