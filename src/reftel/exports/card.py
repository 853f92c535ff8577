"""What the head of a cable says, as names and values: the card above its text."""

from __future__ import annotations

from collections.abc import Iterator

from reftel.exports.entry import printable, recipient_name, sender_of
from reftel.exports.notes import say_day
from reftel.model import Cable
from reftel.query.view import sent_day

_SHOWN = 8  # addressees of a list before it is folded


def card(cable: Cable) -> Iterator[tuple[str, str]]:
    """Name and value of each line; a field that is not there has none. Values are one line, not yet escaped."""
    day, supplied = sent_day(cable)
    said = say_day(day, supplied)
    yield "Date", f"{said}, {cable.dtg[11:16]} UTC" if cable.dtg else f"{said} (the carrier's)" if day else said
    if sender := sender_of(cable):
        yield "From", sender
    for name, addressees in (("To", cable.to), ("Info", cable.info)):
        names = [recipient_name(one) for one in addressees[:_SHOWN]]
        if len(addressees) > _SHOWN:
            names.append(f"and {len(addressees) - _SHOWN} more")
        if names:
            yield name, "; ".join(names)
    fields = (
        ("Classification", ", ".join(filter(None, (cable.classification, *cable.captions)))),
        ("Precedence", ", ".join(cable.precedence)),
        ("Tags", "; ".join(cable.tags)),
        ("Subject", cable.subject),
        ("References", "; ".join(f"{one.label}. {one.text}" if one.label else one.text for one in cable.references)),
        ("Found in", f"{cable.source.locator} (read as {cable.source.reader})"),
    )
    yield from ((name, printable(value)) for name, value in fields if value)
