"""A citation as an OpenURL context object (ANSI/NISO Z39.88-2004, format "dc"): what reference managers find in a page as COinS."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from reftel.exports.entry import NO_SUBJECT, Entry, printable

_LETTER = urlencode({"ctx_ver": "Z39.88-2004", "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc", "rft.type": "letter"})


def coins(entry: Entry) -> str:
    """The value of the `title` attribute of a COinS span, not yet escaped. The type is `letter`, as in CSL-JSON."""
    day = entry.day.isoformat() if entry.day else None
    return coins_of(entry.title, entry.sender, day, entry.number, entry.archive, entry.tags)


def coins_of(
    title: str | None,
    sender: str | None,
    day: str | None,
    number: str | None,
    archive: str | None = None,
    tags: Iterable[str] = (),
) -> str:
    """The same of what a list knows of a cable; None where it does not."""
    pairs = [
        ("rft.title", printable(title or NO_SUBJECT)),
        ("rft.creator", printable(sender or "")),
        ("rft.date", day),
        ("rft.identifier", number),
        ("rft.source", archive),
        *(("rft.subject", tag) for tag in tags),
    ]
    return f"{_LETTER}&{urlencode([(name, value) for name, value in pairs if value])}"
