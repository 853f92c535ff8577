"""A citation as an OpenURL context object (ANSI/NISO Z39.88-2004, format "dc"): what reference managers find in a page as COinS."""

from __future__ import annotations

from urllib.parse import urlencode

from reftel.exports.entry import NO_SUBJECT, Entry


def coins(entry: Entry) -> str:
    """The value of the `title` attribute of a COinS span, not yet escaped. The type is `letter`, as in CSL-JSON."""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", "letter"),
        ("rft.title", entry.title or NO_SUBJECT),
        ("rft.creator", entry.sender),
        ("rft.date", entry.day.isoformat() if entry.day else None),
        ("rft.identifier", entry.number),
        ("rft.source", entry.archive),
        *(("rft.subject", tag) for tag in entry.tags),
    ]
    return urlencode([(name, value) for name, value in pairs if value])
