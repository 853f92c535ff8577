"""CSL-JSON, the data of Zotero, pandoc and every CSL processor."""

from __future__ import annotations

import json
from typing import Any

from reftel.exports.entry import NO_SUBJECT, Entry


def csl(entry: Entry) -> dict[str, Any]:
    """The item of a cable, type `personal_communication`; a key that nothing is known for is left out."""
    item: dict[str, Any] = {
        "id": entry.key,
        "type": "personal_communication",
        "genre": "Telegram",
        "title": entry.title or NO_SUBJECT,
        "author": [{"literal": entry.sender}] if entry.sender else None,
        "recipient": [{"literal": name} for name in entry.recipients],
        "number": entry.number,
        "issued": {"date-parts": [[entry.day.year, entry.day.month, entry.day.day]]} if entry.day else None,
        "archive": entry.archive,
        "archive_location": entry.location,
        "keyword": ", ".join(tag.replace(",", " ") for tag in entry.tags),
        "note": "; ".join(entry.remarks),
    }
    return {key: value for key, value in item.items() if value}


def csl_text(entry: Entry, paragraph: int | None) -> str:
    """The item on one line; of a paragraph, the citation item with the locator beside the item and not inside it."""
    found = csl(entry)
    if paragraph is not None:
        found = {"id": entry.key, "label": "paragraph", "locator": str(paragraph), "itemData": found}
    return json.dumps(found, ensure_ascii=False)
