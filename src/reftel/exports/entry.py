"""What a citation says of a cable, whatever its style: who, to whom, about what, when, which telegram, where it lies."""

from __future__ import annotations

import re
from datetime import date

from reftel.exports.body_text import paragraph_text
from reftel.exports.title_case import headline
from reftel.model import Addressee, Cable, Record
from reftel.query.view import sender_name, sent_day
from reftel.text import one_line

NO_SUBJECT = "[no subject]"


class Entry(Record, frozen=True):
    """The parts of a citation; None or empty where neither cable nor carrier tells them.

    key: the id, or `telegram-` and twelve digits of the text's hash. number: the id.
    title: the subject as a headline. day: of the date-time group; `day_supplied`: only the carrier tells it.
    archive: in what form the cable was found. location: the locator of the file.
    remarks: classification and captions, what only the carrier says, the hash of the text.
    """

    key: str
    number: str | None
    sender: str | None
    recipients: tuple[str, ...]
    title: str | None
    day: date | None
    day_supplied: bool
    tags: tuple[str, ...]
    archive: str
    location: str
    remarks: tuple[str, ...]


def entry(cable: Cable) -> Entry:
    """What there is to cite of a cable."""
    day, supplied = sent_day(cable)
    title = _title(cable)
    marks = ", ".join(filter(None, (cable.classification, *cable.captions)))
    remarks = (
        f"Classification: {marks}" if marks else "",
        "Title from the carrier, none is printed" if title and not cable.subject else "",
        "Date from the carrier, none is printed" if day and supplied else "",
        f"SHA-256 of the text: {cable.source.sha256[:16]}",
    )
    return Entry(
        key=cable.id or f"telegram-{cable.source.sha256[:12]}",
        number=cable.id,
        sender=sender_of(cable),
        recipients=tuple(recipient_name(one) for one in cable.to),
        title=title,
        day=day,
        day_supplied=supplied,
        tags=tuple(printable(tag) for tag in cable.tags),
        archive=_CARRIERS.get(cable.source.reader, cable.source.reader),
        location=printable(cable.source.locator),
        remarks=tuple(filter(None, remarks)),
    )


# The readers' names in words that say something outside this program.
_CARRIERS = {
    "dump": "dump record",
    "site": "page of the 2011 release site",
    "cables-csv": "table of all cables (cables.csv)",
    "news": "page of a news site",
    "telegram": "text of the telegram",
}
# Marks that turn the direction of the text round them: they could make a citation read as another one.
_DIRECTION = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C], "")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def printable(text: str) -> str:
    """The text on one line, without control characters and marks of direction: a cable may hold anything."""
    return one_line(text if text.isprintable() else _CONTROL.sub(" ", text).translate(_DIRECTION))


def sender_of(cable: Cable) -> str | None:
    """The sender's name on one line; see query.view.sender_name."""
    return printable(sender_name(cable) or "") or None


def recipient_name(addressee: Addressee) -> str:
    """The post's name; an address that is no known post as printed."""
    return addressee.post or printable(addressee.plad)


# A point after a longer word ends a sentence; after a shorter one it may belong to it ("Inc.", "U.S.").
_FULL_STOP = re.compile(r"(?<=[^\W\d_]{5})\.\Z")


def _title(cable: Cable) -> str | None:
    """The subject, else the carrier's, in headline style, without its portion mark and without a full stop."""
    subject = printable(cable.subject or cable.source.claims.subject or "").rstrip("\\,;: ")
    subject = _FULL_STOP.sub("", subject)
    for mark in cable.portion_marks:
        if mark.marks == "subject" and subject.startswith(mark.text):
            subject = subject.removeprefix(mark.text).lstrip()
            break
    return headline(subject, (paragraph_text(cable, one) for one in cable.paragraphs)) or None
