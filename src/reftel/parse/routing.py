"""The transmission header: who sent the cable to whom, when, how fast, and the message centre's own lines.

Header lines are reliable, so each is read by its first word; find_cells has cut apart what a carrier glued.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import msgspec

from reftel.model import Addressee, Defect, DeLine, Note, Office, Record, Segment, Span, Station
from reftel.parse.addresses import is_indicator, read_addressees, read_tail
from reftel.parse.cells import EXTRACT_NOTE, find_cells
from reftel.parse.dtg import DTG_LINE, Dtg, find_dtg, find_instant, find_precedence, parse_dtg
from reftel.parse.grid import BANNER, PAGE_LINE, is_message_centre, opens_drafting, read_grid_line
from reftel.text import as_span

__all__ = ["Dtg", "Routing", "find_dtg", "parse_dtg", "parse_routing"]


class Routing(Record, frozen=True):
    """What the transmission header says.

    transmission: `VZCZCXRO0105`. relay: the relay indicators. security: the letters as printed, `CCCCC`.
    signals: operating signals and communicators' remarks as printed: `ZDK`, `ZUI RUEHSD 0065W 1252226`,
    `(CCY ADX..)`, `ZEN/..`, and `XMT ..`, which names posts that do NOT get the cable. ZNR, ZNY and the
    constant ZZH are the security line itself and are not among them.
    precedence: the words for the letters before the date-time group, action then information.
    origin: its indicator is that of the FM line, else that of the DE line.
    attention: passing lines that stand among the addresses. segments: tile the header's span.
    partial: whether the carrier says that the record is a partial extract.
    """

    transmission: str | None
    relay: tuple[str, ...]
    de: DeLine | None
    security: str | None
    signals: tuple[Note, ...]
    dtg: str | None
    precedence: tuple[str, ...]
    origin: Station | None
    to: tuple[Addressee, ...]
    info: tuple[Addressee, ...]
    distribution: tuple[Office, ...]
    attention: tuple[Note, ...]
    segments: tuple[Segment, ...]
    defects: tuple[Defect, ...]
    partial: bool


@dataclass(slots=True)
class _Found:
    """What has been read so far. reading: what a line without a first word of its own goes on with."""

    reading: str = ""
    transmission: str | None = None
    relay: list[str] = field(default_factory=list)
    de: DeLine | None = None
    security: str | None = None
    signals: list[Note] = field(default_factory=list)
    dtg: str | None = None
    dtg_print: Note | None = None
    precedence: tuple[str, ...] = ()
    origin: Station | None = None
    repeated: bool = False
    addressees: dict[str, list[Addressee]] = field(default_factory=lambda: {"to": [], "info": []})
    wrapped: Note | None = None
    grid: str | None = None
    distribution: list[Office] = field(default_factory=list)
    attention: list[Note] = field(default_factory=list)
    extract_note: Span | None = None


_TRANSMISSION = re.compile(r"VZCZC[A-Z]{3}\d{3,4}\Z")
# "NN RUEHWEB" (08STATE88235), "PP RUEHC GIPNC RUEHBY" (10MADRID192): misprints and nicknames are relayed too
_RELAY = re.compile(r"(?:([A-Z])\1?\s+)?(R[UH][A-Z]{2,6}(?:\s+[A-Z]{4,8})*+)\Z")
_DE = re.compile(r"DE\s+(R[A-Z]{3,6})\b\s*#?\s*(\d{1,5})?(?:/(\d{1,2}))?(?:\s+(\d{3})(\d\d)(\d\d))?(?!\d)")
_SECURITY = re.compile(r"ZN[RY]\s*([A-Z]{3,5})\b(?:\s+ZZH\b)?")
_SIGNAL = re.compile(r"\([^()]*+\)?|(?<![A-Z])(Z[A-Z]{2}\d?)(?![A-Z])(?:\s\1\b)*+")
_ADDRESS = re.compile(r"R[A-Z]{3,7}/")
_NO_ADDRESS = re.compile(r"[a-z¶_=*\t:?|]|--|\d\d[A-Z]+\d+\Z")  # "09KHARTOUM378" is a carrier's list of references
_CAPTION = re.compile(r"(?:SENSITIVE|SIPDIS|NOFORN|EFTO|NODIS|EXDIS|AIDAC|TERREP)\b")
_ATTENTION = re.compile(
    r"(?:STATE|SECSTATE|DEPT|DEPARTMENT|NSC|USDOC|[A-Z]{1,4}/[A-Z/]+)\b[A-Z0-9 /,.]{0,60}?\b(?:FOR|PASS)\b"
)
_MAIL = re.compile(r"(?:From|Sent|To|Cc|Subject):")
_WRAPPER = re.compile(r"Telegram|Cable dated:|null\Z|Cable Text:")
_DAY = 24 * 60
_LONGEST = 200  # no address is longer, with all its offices
_JUNK = " \t\\\"'>,;"  # a row's own marks: a backslash at every line end, a closing quote


def parse_routing(text: str, span: Span) -> Routing:
    """The transmission header in text[span], which ends where the class line begins; it may be empty.

    Total: whatever the text is, the segments tile the span, and what fits nothing is `unknown`. Defects:
    partial-extract, missing-header, missing-header-lines, missing-dtg, julian-disagrees, glued-fields.
    """
    found = _Found()
    segments: list[tuple[str, int, int]] = []
    cells, glued = find_cells(text, span)
    for i, (start, end) in enumerate(cells):
        cell = text[start:end].rstrip(_JUNK)
        kind = _read(found, start, cell) if cell else "wrapper"
        if kind == "banner":  # it belongs to the page line below it
            below = text[slice(*cells[i + 1])] if i + 1 < len(cells) else ""
            kind = "page_break" if PAGE_LINE.match(below) else "message_centre"
        segments.append((kind, start, end))
    return Routing(
        transmission=found.transmission,
        relay=tuple(found.relay),
        de=found.de,
        security=found.security,
        signals=tuple(found.signals),
        dtg=found.dtg,
        precedence=found.precedence,
        origin=_origin(found),
        to=tuple(found.addressees["to"]),
        info=tuple(found.addressees["info"]),
        distribution=tuple(found.distribution),
        attention=tuple(found.attention),
        segments=_tile(segments, span),
        defects=tuple(_defects(found, {kind for kind, _, _ in segments}, glued, text)),
        partial=found.extract_note is not None,
    )


def _read(found: _Found, start: int, cell: str) -> str:
    """Read one cell into what was found; the kind of its segment."""
    listing = found.reading in found.addressees
    if listing and _ADDRESS.match(cell):
        return _read_address(found, start, cell)
    reader = _READERS.get(cell.partition(" ")[0])
    if reader is not None and (kind := reader(found, start, cell)):
        return kind
    kind = _read_dtg(found, start, cell) or _read_bare(found, start, cell) or _read_centre(found, start, cell)
    if kind:
        return kind
    if listing and len(cell) <= _LONGEST and not _NO_ADDRESS.search(cell.partition("//")[0]):
        return _read_address(found, start, cell)
    return "unknown"


def _read_bare(found: _Found, start: int, cell: str) -> str | None:
    """A line told by its form: the transmission id, relay indicators, the carrier's and passing lines."""
    if _TRANSMISSION.match(cell):
        found.transmission = found.transmission or cell
        return "transmission"
    relay = _RELAY.match(cell)
    if relay and (relay[1] or found.reading == "relay"):
        return _read_relay(found, relay)
    if cell.startswith(EXTRACT_NOTE):
        found.extract_note = Span(start, start + len(cell))
        return "wrapper"
    if _MAIL.match(cell):
        found.reading = "mail"
    if found.reading == "mail" and not BANNER.match(cell):  # a long Subject: of a printed mail wraps (08TRIPOLI126)
        return "wrapper"
    if _WRAPPER.match(cell):
        return "wrapper"
    if _CAPTION.match(cell):
        return "caption"
    if _ATTENTION.match(cell):
        found.attention.append(Note(" ".join(cell.split()), Span(start, start + len(cell))))
        return "attention"
    return None


def _read_centre(found: _Found, start: int, cell: str) -> str | None:
    """The message centre's lines, and the page lines of its print."""
    if PAGE_LINE.match(cell):
        return "page_break"
    if BANNER.match(cell):
        return "banner"
    grid = read_grid_line(cell, found.grid)
    if grid is not None:
        found.grid = grid[0]
        found.distribution += grid[1]
    elif found.reading == "drafting" or opens_drafting(cell):
        found.reading = "drafting"
    elif not is_message_centre(cell):
        return None
    return "message_centre"


def _read_relay(found: _Found, relay: re.Match[str]) -> str:
    found.reading = "relay"
    found.relay += relay[2].split()
    return "relay"


def _read_dtg(found: _Found, start: int, cell: str) -> str | None:
    print_ = DTG_LINE.match(cell, 0, 40)
    if print_ is None:
        return None
    if found.dtg is None:
        found.dtg = find_instant(print_)
        found.dtg_print = Note(cell[: print_.end()], Span(start, start + print_.end()))
        found.precedence = find_precedence(cell, 0, print_)
        _read_signals(found, start, cell, print_.end())
    found.reading = ""
    return "dtg"


def _read_de(found: _Found, start: int, cell: str) -> str | None:
    line = _DE.match(cell)
    if line is None:
        return None
    ri, serial, section, julian, hour, minute = line.groups()
    if found.de is None:
        found.de = DeLine(
            ri=ri,
            serial=int(serial) if serial else None,
            section=int(section) if section else None,
            julian=int(julian) if julian else None,
            time=f"{hour}:{minute}" if hour else None,
            span=Span(start, start + line.end()),
        )
        _read_signals(found, start, cell, line.end())
    found.reading = ""
    return "de_line"


def _read_security(found: _Found, start: int, cell: str) -> str | None:
    line = _SECURITY.match(cell)
    if line is None:
        return None
    if found.security is None:
        found.security = line[1]
        _read_signals(found, start, cell, line.end())
    found.reading = ""
    return "security"


def _read_signals(found: _Found, start: int, cell: str, begin: int) -> None:
    """What follows a field on its line, cut before each signal: "ZUI RUEHSD 0065W 1252226 H/W", "ZDS"."""
    if begin == len(cell):
        return
    begins = [begin, *[m.start() for m in _SIGNAL.finditer(cell, begin)], len(cell)]
    for a, b in pairwise(begins):
        words = cell[a:b].split()
        if words:
            s = a + len(cell[a:b]) - len(cell[a:b].lstrip())
            found.signals.append(Note(" ".join(words), Span(start + s, start + a + len(cell[a:b].rstrip()))))


def _read_from(found: _Found, start: int, cell: str) -> str | None:
    rest = cell[2:].lstrip()
    if len(rest) > _LONGEST:
        return None
    sender = read_addressees(rest, start + len(cell) - len(rest))
    if not sender:
        return None
    if found.origin is None:
        one = sender[0]
        found.origin = Station(one.ri, one.plad, one.post, one.span)
    elif any(found.addressees.values()):
        found.repeated = True  # a page or a second section prints the header again: read it once
    found.reading = ""
    return "from"


def _read_list(found: _Found, start: int, cell: str) -> str | None:
    """`TO ...` or `INFO ...`: the first addressee of a list."""
    word, _, rest = cell.partition(" ")
    rest = rest.lstrip()
    if word == "INFO" and read_grid_line(cell, found.grid) is not None:
        return _read_centre(found, start, cell)
    found.reading = word.lower()
    return _read_address(found, start + len(cell) - len(rest), rest) if rest else found.reading


def _read_exempt(found: _Found, start: int, cell: str) -> str:
    """`XMT AMCONSUL STRASBOURG`: a member of a collective that does not get the cable (10SARAJEVO134)."""
    found.signals.append(Note(" ".join(cell.split()), Span(start, start + len(cell))))
    return found.reading or "info"


def _read_address(found: _Found, start: int, cell: str) -> str:
    """One address of the list that is being read, or what was wrapped from the line above."""
    listed = found.addressees[found.reading]
    if len(cell) > _LONGEST:
        return "unknown"
    if found.repeated:
        return found.reading
    if cell[-1] == "/" and is_indicator(cell[:-1]):
        found.wrapped = Note(cell, Span(start, start + len(cell)))
        return found.reading
    if found.wrapped is not None:
        whole = Span(found.wrapped.span.start, start + len(cell))
        for one in read_addressees(found.wrapped.text + cell, start):
            listed.append(msgspec.structs.replace(one, span=whole))
        found.wrapped = None
        return found.reading
    read = read_addressees(cell, start)
    listed += read
    if cell.startswith("ZEN"):
        found.signals.append(Note(" ".join(cell.split()), Span(start, start + len(cell))))
    if not read and listed and (listed[-1].precedence, listed[-1].mcn) == (None, None):
        precedence, mcn = read_tail(cell)
        whole = Span((listed[-1].span or (start, 0))[0], start + len(cell))
        listed[-1] = msgspec.structs.replace(listed[-1], precedence=precedence, mcn=mcn, span=whole)
    return found.reading


_READERS: dict[str, Callable[[_Found, int, str], str | None]] = {
    "FM": _read_from,
    "TO": _read_list,
    "INFO": _read_list,
    "XMT": _read_exempt,
    "DE": _read_de,
    "ZNR": _read_security,
    "ZNY": _read_security,
}


def _origin(found: _Found) -> Station | None:
    if found.origin is None or found.origin.ri or found.de is None:
        return found.origin
    return msgspec.structs.replace(found.origin, ri=found.de.ri)


def _defects(found: _Found, kinds: set[str], glued: Span | None, text: str) -> list[Defect]:
    defects = []
    if found.extract_note:
        defects.append(Defect("partial-extract", found.extract_note, found.extract_note.of(text)))
    if not kinds & {"transmission", "relay", "de_line", "security", "dtg", "from", "to", "info"}:
        defects.append(Defect("missing-header", None, ""))
    elif lost := [name for name, kind in (("FM", "from"), ("TO", "to")) if kind not in kinds]:
        defects.append(Defect("missing-header-lines", None, ", ".join(lost)))
    if found.dtg is None:
        impossible = found.dtg_print
        at, what = (impossible.span, impossible.text) if impossible else (None, "")
        defects.append(Defect("missing-dtg", at, what))
    elif found.de is not None and _days_apart(found.dtg, found.de) > 1:
        day = f"{found.de.julian} {found.de.time}, {found.dtg}"
        defects.append(Defect("julian-disagrees", found.de.span, day))
    if glued is not None:
        defects.append(Defect("glued-fields", glued, ""))
    return defects


def _days_apart(dtg: str, de: DeLine) -> float:
    """Days between the date-time group and the DE line, which prints no year: the nearest year is taken."""
    if de.julian is None or de.time is None or not (1 <= de.julian <= 366 and de.time < "24:00"):
        return 0
    year = int(dtg[:4])
    into_year = (de.julian - 1) * _DAY + _minutes(de.time)
    sent = date(year, int(dtg[5:7]), int(dtg[8:10])).toordinal() * _DAY + _minutes(dtg[11:16])
    years = [date(near, 1, 1).toordinal() * _DAY for near in (year - 1, year, year + 1)]
    return min([abs(begin + into_year - sent) for begin in years]) / _DAY


def _minutes(time: str) -> int:
    """Minutes gone by at "15:47"."""
    return int(time[:2]) * 60 + int(time[3:])


def _tile(cells: list[tuple[str, int, int]], span: Span) -> tuple[Segment, ...]:
    """Neighbouring cells of one kind joined, and the white space between segments named."""
    joined: list[tuple[str, int, int]] = []
    last = ""
    for kind, start, end in cells:
        if kind == last:
            joined[-1] = (kind, joined[-1][1], end)
        else:
            joined.append((kind, start, end))
            last = kind
    tiles: list[Segment] = []
    at = span.start
    for kind, start, end in joined:
        if at < start:
            tiles.append(Segment("blank", as_span((at, start))))
        tiles.append(Segment(kind, as_span((start, end))))
        at = end
    if at < span.end:
        tiles.append(Segment("blank", Span(at, span.end)))
    return tuple(tiles)
