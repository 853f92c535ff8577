"""What the header of a cable says, set as a card: from whom, to whom, when, how secret, about what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rich.table import Table
from rich.text import Text

from reftel.cli.glyphs import Glyphs
from reftel.cli.output import printable
from reftel.model import Addressee, Cable, Reference
from reftel.tables import find_caption, find_tag, rows

_SHOWN = 8  # addressees of a list before it is folded
_LEVEL_STYLES = {"SECRET": "bold red", "CONFIDENTIAL": "bold blue", "UNCLASSIFIED": "bold green"}


def render_card(cable: Cable, glyphs: Glyphs) -> Table:
    """A two-column table: the fields that are there; what is not printed says whence it is."""
    card = Table.grid(padding=(0, 2, 0, 0))
    card.add_column(style="dim", no_wrap=True, min_width=13)
    card.add_column(ratio=1)
    for label, value in _list_fields(cable, glyphs):
        card.add_row(label, value)
    return card


def level_style(classification: str | None) -> str:
    """The colour of a classification."""
    return _LEVEL_STYLES.get(classification or "", "bold")


def say_date(dtg: str) -> str:
    """ "2008-06-10T13:40Z" as "10 June 2008, 13:40 UTC"; a date without time stays without."""
    day, _, clock = dtg.partition("T")
    try:
        then = date.fromisoformat(day)
    except ValueError:
        return printable(dtg)
    said = f"{then.day} {_month_names()[then.month - 1]} {then.year}"
    return f"{said}, {clock.removesuffix('Z')} UTC" if clock.endswith("Z") else said


def _month_names() -> tuple[str, ...]:
    return tuple(row["name"].capitalize() for row in rows("months"))


def _list_fields(cable: Cable, glyphs: Glyphs) -> Iterator[tuple[str, Text]]:
    yield "Id", _with_basis(cable, "id", cable.id or "cannot be told", "bold" if cable.id else "red")
    yield from _list_transmission(cable)
    if cable.to:
        yield "To", _list_addressees(cable.to)
    if cable.info:
        yield "Info", _list_addressees(cable.info)
    if cable.attention:
        yield "Attention", _lines(note.text for note in cable.attention)
    yield from _list_markings(cable)
    for note in cable.corrected_copy:
        yield "Corrected", _plain(note.text)
    if cable.tags:
        yield "Tags", _list_tags(cable.tags)
    if cable.references:
        yield "References", _list_references(cable.references, glyphs)
    for foreign in cable.embedded:
        yield "Also holds", _plain(f"the text of another cable, {foreign.id or 'which cannot be told'}")
    yield "Holds", _plain(_count_parts(cable))
    repairs = [f"; {repair.step}: {repair.detail}" for repair in cable.source.repairs if repair.detail != "utf-8"]
    yield "Found in", _plain(f"{cable.source.locator} (read as {cable.source.reader}{''.join(repairs)})")


def _list_transmission(cable: Cable) -> Iterator[tuple[str, Text]]:
    if cable.dtg:
        sent = Text(say_date(cable.dtg))
    elif cable.source.claims.date:
        sent = Text(say_date(cable.source.claims.date)).append(" (the carrier's date; none is printed)", "yellow")
    else:
        sent = Text("no date", "yellow")
    for role, word in zip(("", " for information"), cable.precedence, strict=False):
        sent.append(f"  {word}", "bold").append(role)
    yield "Sent", sent
    if cable.origin:
        post = cable.origin.post or cable.origin.plad
        printed = [part for part in (cable.origin.plad, cable.origin.ri) if part and part != post]
        sender = _plain(post)
        if printed:
            sender.append(printable(f" ({', '.join(printed)})"), "dim")
        yield "From", sender
    elif cable.source.claims.origin:
        yield "From", _plain(cable.source.claims.origin).append(" (the carrier's word; none is printed)", "yellow")


def _list_markings(cable: Cable) -> Iterator[tuple[str, Text]]:
    if cable.classification:
        level = _with_basis(cable, "classification", cable.classification, level_style(cable.classification))
        claimed = cable.source.claims.classification
        if claimed and claimed != cable.classification:
            level.append(printable(f"  (the carrier says {claimed})"), "dim")
        yield "Classified", level
    if cable.captions:
        yield "Captions", _lines(_explained(word, (find_caption(word) or {}).get("meaning")) for word in cable.captions)
    if cable.eo or cable.declassify_on:
        order = f"E.O. {cable.eo}" if cable.eo else "order not printed"
        when = cable.declassify_on or ""
        until = f"declassify on {when}" if when[:1].isdigit() else when or "no date of declassification"
        yield "Authority", _plain(f"{order}; {until}")
    by = cable.classified_by
    if by or cable.reasons:
        said = ", ".join(part for part in (by.name, by.title) if part) if by else "not printed"
        yield "Classified by", _plain(said or "not printed")
    if cable.reasons:
        meanings = {row["reason"]: row["meaning"] for row in rows("reasons")}
        yield "Reasons", _lines(_explained(reason, meanings.get(reason)) for reason in cable.reasons)


def _count_parts(cable: Cable) -> str:
    counts = [
        (len(cable.paragraphs), "paragraph"),
        (cable.sections or 0, "section"),
        (len(cable.redactions), "redaction"),
    ]
    said = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    if cable.signer:
        said.append(f"signed {cable.signer}")
    return ", ".join(said) or "no text"


def _list_addressees(addressees: tuple[Addressee, ...]) -> Text:
    said = Text()
    for i, addressee in enumerate(addressees[:_SHOWN]):
        said.append("; " if i else "")
        said.append(printable(addressee.plad))
        if addressee.precedence:
            said.append(printable(f" {addressee.precedence}"), "bold")
    folded = len(addressees) - _SHOWN
    return said.append(f"; and {folded} more", "dim") if folded > 0 else said


def _list_tags(tags: tuple[str, ...]) -> Text:
    said = []
    for code in tags:
        tag = find_tag(code)
        if tag is None:
            said.append(_explained(code, "not in the tables"))
        elif tag.code != code and tag.meaning:
            said.append(_explained(code, f"meant is {tag.code}: {tag.meaning}"))
        else:
            said.append(_explained(code, tag.meaning or tag.kind))
    return _lines(said)


def _list_references(references: tuple[Reference, ...], glyphs: Glyphs) -> Text:
    lines = []
    for reference in references:
        label = f"{reference.label}. " if reference.label else ""
        if reference.target:
            found = f"{glyphs.arrow} {reference.target}"
        elif reference.candidates:
            found = f"{glyphs.arrow} one of {', '.join(reference.candidates)}"
        elif reference.kind == "cable":
            found = "(a cable, but which cannot be told)"
        else:
            found = f"({reference.kind})"
        lines.append(f"{label}{reference.text}  {found}")
    return _lines(lines)


def _with_basis(cable: Cable, field: str, value: str, style: str) -> Text:
    """The value, and where it is from if it is not printed."""
    said = Text().append(printable(value), style)
    basis = cable.basis.get(field)
    if basis == "carrier":
        said.append("  (the carrier's word; none is printed)", "yellow")
    elif basis == "inferred":
        evidence = cable.evidence.get(field)
        said.append(printable(f"  (inferred{f' from {evidence}' if evidence else ''})"), "yellow")
    return said


def _explained(word: str, meaning: str | None) -> str:
    return f"{word:<6}  {meaning}" if meaning else word


def _lines(lines: Iterable[str]) -> Text:
    return Text("\n").join(_plain(line) for line in lines)


def _plain(text: str) -> Text:
    return Text(printable(text))
