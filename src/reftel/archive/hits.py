"""Hits as the rows of a table, for the command line and the reading room."""

from __future__ import annotations

from reftel.archive.search import Hit

COLUMNS = ("address", "date", "post", "classification", "subject", "paragraph", "mark", "snippet")


def hit_row(hit: Hit) -> dict[str, str | int | None]:
    """One row: a value for each of COLUMNS, None where there is none. paragraph and mark are of where the snippet stands."""
    snippet = hit.snippet
    cells = (
        hit.address,
        hit.date,
        hit.post,
        hit.classification,
        hit.subject,
        snippet.number,
        snippet.marking,
        snippet.text,
    )
    return dict(zip(COLUMNS, cells, strict=True))
