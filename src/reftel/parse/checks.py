"""Hold a cable against itself and against its carrier; every disagreement is a defect."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from reftel.cite import CableId
from reftel.model import Claims, Defect, DeLine, PortionMark, Span
from reftel.parse.breaks import Break
from reftel.parse.class_line import ClassLine
from reftel.parse.marks import mark_rank
from reftel.tables import rows

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LEVEL_OF_CLAIM = re.compile(r"UNCLASSIFIED|CONFIDENTIAL|SECRET")


def check_claims(
    claims: Claims, dtg: str | None, line: ClassLine | None, subject: str | None, subject_span: Span | None
) -> list[Defect]:
    """What the carrier says against what is printed: date, classification, subject."""
    found = []
    if claims.date and dtg and claims.date[:10] != dtg[:10]:
        found.append(Defect("date-disagrees", None, f"the carrier says {claims.date[:10]}, the print {dtg[:10]}"))
    if claims.classification and line is not None:
        m = _LEVEL_OF_CLAIM.search(claims.classification.upper())
        if m is not None and m[0] != line.level:
            found.append(
                Defect(
                    "classification-disagrees",
                    line.span,
                    f"the carrier says {claims.classification}, the print {line.level}",
                )
            )
    if claims.subject and subject:
        claimed, printed = _letters(claims.subject), _letters(subject)
        # a carrier's subject is only the first printed line, and loses an opening bracket (field guide, section 1)
        short = min(len(claimed), len(printed), 24)
        if claimed and printed and claimed[:short] not in printed and printed[:short] not in claimed:
            found.append(
                Defect(
                    "subject-disagrees",
                    subject_span,
                    f"the carrier says {' '.join(claims.subject.split())[:120]!r}",
                )
            )
    return found


_NOT_LETTER = re.compile(r"[^A-Z0-9]+")
_MARK_IN_FRONT = re.compile(r"^\W*\(?(?:C|S|U|SBU|C/NF|S/NF)\)")


def _letters(text: str) -> str:
    return _NOT_LETTER.sub("", _MARK_IN_FRONT.sub("", text.strip().upper()))


def check_header(identity: CableId | None, dtg: str | None, de: DeLine | None, header: Span) -> list[Defect]:
    """Date-time group, DE line and id against each other. (The Julian day is checked where the header is read.)"""
    found = []
    if identity is not None and dtg and identity.year != int(dtg[:4]):
        found.append(Defect("year-disagrees", header, f"the id says {identity.year}, the date-time group {dtg[:10]}"))
    if (
        identity is not None
        and de is not None
        and de.serial is not None
        and de.serial % 10000 != identity.serial % 10000
    ):
        found.append(Defect("serial-disagrees", de.span, f"the DE line says {de.serial:04d}, the id {identity.serial}"))
    return found


def check_sections(
    text: str, line: ClassLine | None, heads: tuple[ClassLine, ...], breaks: list[Break], body: Span
) -> list[Defect]:
    """Section and page marks against the class line's count.

    A section is present if its artefact or its repeated head is; the first needs none.
    """
    found: list[Defect] = []
    if line is None:
        return found
    seen = {1} | {h.section for h in heads if h.section} | {b.section for b in breaks if b.section}
    totals = {b.of for b in breaks if b.of and b.kind in ("section_break", "page_break")}
    count = line.sections
    if totals and (count or 1) not in totals:
        printed = ", ".join(str(t) for t in sorted(totals))
        found.append(
            Defect(
                "section-count-disagrees",
                line.span,
                f"the class line says {count or 'nothing'}, the marks {printed}",
            )
        )
    total = count or max(totals, default=0)
    missing = [n for n in range(2, min(total, 99) + 1) if n not in seen]
    if missing and seen == {1} and not any(b.kind == "injected" and "issing" in b.span.of(text) for b in breaks):
        # partners took the marks out of many bodies that are whole
        found.append(Defect("section-marks-missing", line.span, f"{total} sections, and no mark of any"))
    elif missing and total > 1:
        found.append(
            Defect("section-missing", Span(body.end, body.end), f"no mark of section {_list(missing)} of {total}")
        )
    pages: dict[int, set[int]] = {}
    for b in breaks:
        if b.kind == "page_break" and b.page is not None:
            pages.setdefault(b.section or 1, set()).add(b.page)
    for section, numbers in sorted(pages.items()):
        gone = [n for n in range(min(numbers), max(numbers)) if n not in numbers]
        if gone:
            found.append(Defect("page-missing", None, f"page {_list(gone)} of section {section}"))
    return found


def _list(numbers: list[int]) -> str:
    return ", ".join(str(n) for n in numbers)


def check_marks(level: str | None, marks: list[PortionMark]) -> list[Defect]:
    """Portion marks above the cable's own classification, once a kind (08TRIPOLI467)."""
    if level is None:
        return []
    found = []
    seen = set()
    rank = mark_rank(level)
    for mark in marks:
        if mark.marking in seen:
            continue
        seen.add(mark.marking)
        if mark_rank(mark.marking) > rank:
            found.append(Defect("mark-above-class", mark.span, f"({mark.marking}) in a cable classified {level}"))
    return found


@cache
def _orders() -> frozenset[str]:
    return frozenset(row["number"] for row in rows("orders"))


def check_order(
    number: str | None,
    printed: str | None,
    declassify_on: str | None,
    dtg: str | None,
    span: Span | None,
) -> list[Defect]:
    """The executive order's number, and a declassification date that is not after the cable."""
    found = []
    if printed is not None and printed not in _orders():
        detail = f"{printed} is printed" + (f", {number} is meant" if number != printed else "")
        found.append(Defect("eo-number", span, detail))
    if declassify_on and dtg and _ISO_DATE.fullmatch(declassify_on):
        sent = date.fromisoformat(dtg[:10])
        if date.fromisoformat(declassify_on) <= sent and sent.year > 1980:
            found.append(Defect("declassify-year", span, f"{declassify_on} for a cable of {sent}"))
    return found
