"""Tell a cable's id: from its own print, from its carrier, or inferred from what is left of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from reftel.cite import CableId, make_id, parse_id
from reftel.model import Claims, Defect, DeLine
from reftel.parse.breaks import Break
from reftel.parse.class_line import ClassLine
from reftel.tables import find_post, post_of_indicator, true_id


class Identity(NamedTuple):
    """id: None if it cannot be told. basis: printed, carrier or inferred. evidence: what it was inferred from."""

    id: CableId | None
    basis: str | None
    evidence: str | None
    defects: tuple[Defect, ...]


def claimed_id(claims: Claims) -> CableId | None:
    """The id that a carrier gives, a malformed one mended by the tables' rules; None if there is none to be read."""
    if claims.id is None:
        return None
    mended = true_id(claims.id)
    return parse_id(mended or claims.id)


def tell_identity(
    claims: Claims,
    claimed: CableId | None,
    line: ClassLine | None,
    dtg: str | None,
    de: DeLine | None,
    sender: str | None,
    breaks: list[Break],
    text: str,
) -> Identity:
    """The id of a cable, the printed one preferred.

    claimed: claimed_id of the claims. sender: the FM line's address. The class line gives station and serial, the date-time group the year. Without a class
    line they are put together from the DE line, the section artefacts and the sender, as far as these agree.
    """
    defects = []
    if claims.id is not None and claimed is not None and str(claimed) != claims.id:
        defects.append(Defect("id-malformed", None, f"the carrier says {claims.id}, which is {claimed}"))
    year = int(dtg[:4]) if dtg else None
    if line is not None and line.station and line.serial is not None and year is not None:
        printed = make_id(year, line.station, line.serial)
        if printed is not None and (claimed is None or printed == claimed):
            return Identity(printed, "printed", None, tuple(defects))
    if claimed is not None:
        return Identity(claimed, "carrier", None, tuple(defects))
    year = year or (int(claims.date[:4]) if claims.date else None)
    if year is None:
        return Identity(None, None, None, tuple(defects))
    if line is not None and line.station and line.serial is not None:
        told = make_id(year, line.station, line.serial)
        if told is not None:
            return Identity(told, "inferred", "class line, and the carrier's date for the year", tuple(defects))
    found, evidence = _put_together(year, de, sender, breaks, text)
    if claims.id is not None and found is not None:
        defects.append(Defect("id-malformed", None, f"the carrier says {claims.id}, which is {found}"))
    return Identity(found, "inferred" if found else None, evidence, tuple(defects))


_ARTEFACT = re.compile(r"(?P<station>[A-Z][A-Z .'\-]*?)[ \t]+(?P<serial>\d{4,8})[ \t]+\d{3}")


def _put_together(
    year: int, de: DeLine | None, sender: str | None, breaks: list[Break], text: str
) -> tuple[CableId | None, str | None]:
    """An id from a section artefact and the DE line: the artefact's serial must end in the DE line's."""
    evidence = [f"year {year} of the date-time group"]
    station = serial = None
    for b in breaks:
        m = _ARTEFACT.match(b.span.of(text))
        if b.kind == "section_break" and m is not None:
            station, serial = m["station"], int(m["serial"])
            evidence.append(f"section line {' '.join(b.span.of(text).split())!r}")
            break
    if de is not None and de.serial is not None:
        if serial is None:
            serial = de.serial
        elif serial % 10000 != de.serial % 10000:
            return None, None
        evidence.append(f"DE line serial {de.serial:04d}")
    if station is None:
        post = find_post(sender) if sender else post_of_indicator(de.ri) if de is not None else None
        if post is None:
            return None, None
        station = post.station
        evidence.append(f"sender {sender}" if sender else f"indicator {de.ri}" if de else "")
    if serial is None:
        return None, None
    return make_id(year, station, serial), "; ".join(evidence)
