"""A cable's page of the 2011 release site: the two <pre> blocks, without the navigation."""

from __future__ import annotations

import re

from reftel.errors import UnreadableError
from reftel.model import Claims, Repair
from reftel.readers.base import CERTAIN, NO, Delivery
from reftel.readers.page import parse_page

_TABLE = re.compile(r"<table\s+class=['\"]cable['\"]")
_OWN_PAGE = re.compile(r"<title>\s*Cable Viewer\s*</title>", re.IGNORECASE)
_CREATED = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d):\d\d")
_VIEWING = re.compile(r"Viewing cable ([^\s,]+),[ \t]*(.*)")


def sniff_site(text: str) -> int:
    """CERTAIN where the page has the site's cable table and a <pre> block."""
    return CERTAIN if _TABLE.search(text) and "<pre" in text else NO


def is_navigation(text: str) -> bool:
    """Whether this is a page of the site that shows no cable: an index by date, tag or origin."""
    return _OWN_PAGE.search(text[:4096]) is not None and not sniff_site(text)


def read_site(text: str) -> Delivery:
    """Header + blank line + body, tags dropped and entities decoded, nothing else changed.

    header_end: the header's length; None if the page has one block only, which then is the text.
    claims.date: `2009-11-05T15`; the page's minutes are the hour again, in twelve-hour form.
    UnreadableError if the page has no <pre>, or shows several cables.
    """
    tables = len(_TABLE.findall(text))
    if tables > 1:
        raise UnreadableError(f"The file holds {tables} cable pages one after another. Save each as a file of its own.")
    page = parse_page(text[_content_begins(text) :])
    parts = [block.text(deep=True) for block in page.css("pre")]
    if not parts:
        raise UnreadableError(
            "The page has no <pre> block, so it is no cable page of the release site. "
            "Name another reader with --reader (see: reftel readers)."
        )
    cells = [cell.text(deep=True).strip() for cell in page.css("table.cable td")[:5]]
    cells += [""] * (5 - len(cells))
    titles = (_VIEWING.match(heading.text(deep=True).strip()) for heading in page.css("h3"))
    viewing = next(filter(None, titles), None)
    created = _CREATED.match(cells[1])
    whole, header_end = _join(parts[:2])
    return Delivery(
        text=whole,
        claims=Claims(
            id=cells[0] or (viewing[1] if viewing else None),
            date=f"{created[1]}T{created[2]}" if created else None,
            classification=cells[3] or None,
            origin=cells[4] or None,
            subject=(viewing[2].strip() or None) if viewing else None,
        ),
        header_end=header_end,
        repairs=(
            Repair(
                "pre",
                f"{'header and body' if len(parts) > 1 else 'one block'} taken, "
                f"{max(len(text) - len(whole), 0):,} characters of page left out",
            ),
        ),
    )


def _content_begins(text: str) -> int:
    """Where the heading above the cable's table begins; nine tenths of a page are navigation before it."""
    table = _TABLE.search(text)
    return max(text.rfind("<h3", 0, table.start()), 0) if table else 0


def _join(parts: list[str]) -> tuple[str, int | None]:
    if len(parts) == 1:
        return parts[0], None
    header, body = parts
    return (f"{header}\n\n{body}" if header and body else header + body), len(header)
