"""A cable as a clean telegram: header, head, numbered paragraphs, signature; page breaks and damage of carriers gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from reftel.cite import CableId, parse_id
from reftel.exports.body_text import render_body
from reftel.model import Addressee, Cable, Reference
from reftel.tables import find_post


def render(cable: Cable) -> str:
    """The telegram, ending in a line break; parsing it again gives the same fields.

    Nothing is filled in: a field that is None has no line. What only the carrier says of id and classification cannot
    stand in a telegram, so there the five lines of a dump record go before it. Of sections the first alone is named,
    "SECTION 01 OF 04"; where no class line is printed, a section line keeps their number: "MOSCOW 00003707  001 OF 003".
    """
    blocks = [
        _render_record(cable),
        [*_render_header(cable), *_render_class_line(cable), *cable.captions],
        [note.text for note in cable.corrected_copy],
        *([note.text] for note in cable.attention),
        _render_head(cable),
        _render_references(cable.references),
        _render_classified_by(cable),
        _render_section_line(cable),
        *render_body(cable),
        [cable.signer] if cable.signer else [],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _render_record(cable: Cable) -> list[str]:
    """The lines of a dump record where the carrier alone tells id or classification; none if it gives no real date."""
    claims = cable.source.claims
    day = _day(claims.date)
    if "carrier" not in (cable.basis.get("id"), cable.basis.get("classification")) or not (day and cable.id):
        return []
    stamp = f"{_WEEKDAYS[day.weekday()]} {_MONTHS[day.month - 1]} {day.day:02d} 00:00:00 +0000 {day.year:04d}"
    return [cable.id, claims.subject or "", stamp, claims.classification or "", claims.origin or ""]


def _day(claimed: str | None) -> date | None:
    try:
        return date.fromisoformat((claimed or "")[:10])
    except ValueError:
        return None


_LETTERS = {"FLASH": "Z", "IMMEDIATE": "O", "PRIORITY": "P", "ROUTINE": "R"}


def _render_header(cable: Cable) -> Iterator[str]:
    if cable.transmission:
        yield cable.transmission
    if cable.relay:
        yield f"{_printed(cable, 'relay')[:2]} {' '.join(cable.relay)}"
    if cable.de:
        yield _render_de(cable)
    if cable.security:
        yield " ".join(
            ["ZNR" if cable.security[0] == "U" else "ZNY", cable.security, "ZZH", *_signals(cable, "security")]
        )
    if cable.dtg:
        yield " ".join([*(_LETTERS[word] for word in cable.precedence), _print_dtg(cable.dtg), *_signals(cable, "dtg")])
    elif impossible := _printed(cable, "dtg"):
        yield impossible
    if cable.origin and cable.origin.span:
        implied = cable.de is not None and cable.de.ri == cable.origin.ri
        yield f"FM {_print_address(None if implied else cable.origin.ri, cable.origin.plad)}"
    for word, addressees in (("TO", cable.to), ("INFO", cable.info)):
        for i, one in enumerate(addressees):
            yield f"{word} {_print_addressee(one)}" if i == 0 else _print_addressee(one)
    yield from (note.text for note in cable.signals if note.text.startswith("XMT"))


def _render_de(cable: Cable) -> str:
    assert cable.de is not None
    line = f"DE {cable.de.ri}"
    if cable.de.serial is not None:
        line += f" #{cable.de.serial:04d}"
    if cable.de.section is not None:
        line += f"/{cable.de.section:02d}"
    if cable.de.julian is not None and cable.de.time is not None:
        line += f" {cable.de.julian:03d}{cable.de.time.replace(':', '')}"
    return " ".join([line, *_signals(cable, "de_line")])


def _signals(cable: Cable, kind: str) -> list[str]:
    """The operating signals that stand on the line of one kind."""
    lines = [s.span for s in cable.segments if s.kind == kind]
    return [n.text for n in cable.signals if any(s.start <= n.span.start and n.span.end <= s.end for s in lines)]


def _print_dtg(dtg: str) -> str:
    """ "2009-11-05T15:47Z" as a telegram prints it: "051547Z NOV 09"."""
    return f"{dtg[8:10]}{dtg[11:13]}{dtg[14:16]}Z {_MONTHS[int(dtg[5:7]) - 1].upper()} {dtg[2:4]}"


def _print_addressee(one: Addressee) -> str:
    return " ".join(filter(None, (_print_address(one.ri, one.plad), one.precedence, one.mcn)))


def _print_address(ri: str | None, plad: str) -> str:
    return f"{ri}/{plad}" if ri else plad


_LEVELS = {"UNCLASSIFIED": "UNCLAS", "CONFIDENTIAL": "C O N F I D E N T I A L", "SECRET": "S E C R E T"}


def _render_class_line(cable: Cable) -> list[str]:
    """From the cable's id where that is the printed one, else as it is printed."""
    printed = _printed(cable, "class_line")
    if not printed or cable.classification is None:
        return []
    own = parse_id(cable.id) if cable.id and cable.basis.get("id") == "printed" else None
    if own is None:
        return [printed]
    sections = f" SECTION 01 OF {cable.sections:02d}" if cable.sections else ""
    return [f"{_LEVELS[cable.classification]}{sections} {_station(own)} {own.serial:06d}"]


def _station(own: CableId) -> str:
    post = find_post(own.post)
    return post.station if post else own.post


def _render_section_line(cable: Cable) -> list[str]:
    own = parse_id(cable.id) if cable.id else None
    if cable.basis.get("sections") != "inferred" or own is None:
        return []
    return [f"{_station(own)[:10].rstrip()} {own.serial:08d}  001 OF {cable.sections:03d}"]


def _render_head(cable: Cable) -> list[str]:
    lines = []
    if cable.eo:
        lines.append(f"E.O. {cable.eo}: {_print_declassification(cable.declassify_on)}")
    elif cable.declassify_on:
        lines.append(f"E.O.: {_print_declassification(cable.declassify_on, 'DECL: ')}")
    if cable.tags:
        # a person is one tag: (RICE, CONDOLEEZZA)
        lines.append("TAGS: " + " ".join(f"({t})" if "," in t or " " in t else t for t in cable.tags))
    if cable.subject:
        lines.append(f"SUBJECT: {cable.subject}")
    return lines


def _print_declassification(when: str | None, label: str = "") -> str:
    if when is None:
        return "N/A"
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", when)
    return f"DECL: {iso[2]}/{iso[3]}/{iso[1]}" if iso else label + when


_BARE_NUMBER = re.compile(r"\d{1,8}\b")


def _render_references(references: tuple[Reference, ...]) -> list[str]:
    """One line a label; what shares a label, or has none, shares a line."""
    lines: list[str] = []
    last: str | None = None
    for i, one in enumerate(references):
        text = _print_reference(one)
        if i and one.label == last:
            lines[-1] += f"; {text}"
        else:
            lines.append(f"{one.label}. {text}" if one.label else text)
        last = one.label
    return [("REF: " if i == 0 else "     ") + line for i, line in enumerate(lines)]


def _print_reference(one: Reference) -> str:
    """As printed; the later numbers of a list, "PARIS 5459 AND 5460", with the year and station they take from the first."""
    cited = parse_id(one.candidates[0]) if one.candidates else None
    number = _BARE_NUMBER.match(one.text)
    if cited is None or number is None or int(number[0]) != cited.serial:
        return one.text
    return f"{cited.year % 100:02d} {_station(cited)} {one.text}"


def _render_classified_by(cable: Cable) -> list[str]:
    """The line as printed; put together from its fields where it stands in no segment of its own."""
    if printed := _printed(cable, "classified_by"):
        return [printed]
    if any(s.kind == "truncated_copy" for s in cable.segments) and cable.classified_by:
        who = ", ".join(filter(None, (cable.classified_by.name, cable.classified_by.title)))
        reasons = f". Reasons: {', '.join(cable.reasons)}" if cable.reasons else ""
        return [f"Classified By: {who}{reasons}."]
    return []


def _printed(cable: Cable, kind: str) -> str:
    """What the segments of one kind hold, on one line."""
    return " ".join(" ".join(s.span.of(cable.text) for s in cable.segments if s.kind == kind).split())
