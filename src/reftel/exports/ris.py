"""RIS records, as Zotero, EndNote and Mendeley take them."""

from __future__ import annotations

from collections.abc import Iterator

from reftel.exports.entry import NO_SUBJECT, Entry


def ris(entry: Entry, paragraph: int | None) -> str:
    """One record of type PCOMM (personal communication), a tag a line, lines parted by CR LF."""
    return "\r\n".join(f"{tag}  - {value}" for tag, value in _lines(entry, paragraph))


def _lines(entry: Entry, paragraph: int | None) -> Iterator[tuple[str, str]]:
    yield "TY", "PCOMM"
    yield "ID", entry.key
    if entry.sender:
        yield "AU", entry.sender
    for name in entry.recipients:
        yield "A2", name
    yield "TI", entry.title or NO_SUBJECT
    if entry.day:
        yield "PY", f"{entry.day.year:04d}"
        yield "DA", f"{entry.day.isoformat().replace('-', '/')}/"
    yield "M3", "Telegram"
    if entry.number:
        yield "M1", entry.number
    for tag in entry.tags:
        yield "KW", tag
    if paragraph is not None:
        yield "N1", f"para. {paragraph}"
    for remark in entry.remarks:
        yield "N1", remark
    yield "DB", entry.archive
    yield "AV", entry.location
    yield "ER", ""
