"""How cables and results show themselves in a notebook. The records know nothing of HTML; they are taught it here."""

from __future__ import annotations

from typing import Any

from reftel.archive.search import Hit, Result
from reftel.model import Cable


def teach() -> None:
    """Gives Cable and Result the method that notebooks call. What renders them is loaded when it is first called."""
    shown: tuple[tuple[Any, Any], ...] = ((Cable, _show_cable), (Result, _show_result))
    for kind, show in shown:
        kind._repr_html_ = show


def _show_cable(cable: Cable) -> str:
    from reftel.exports.html import cable_html

    return cable_html(cable)


def _show_result(result: Result) -> str:
    from reftel.exports.html import ResultRow, table_html

    def row(hit: Hit) -> ResultRow:
        return ResultRow(hit.address, hit.date, hit.post, hit.subject, hit.classification, hit.snippet.text)

    shown, noun = len(result.hits), "cable" if result.total == 1 else "cables"
    return f"{table_html(map(row, result.hits))}<p>{shown:,} of {result.total:,} {noun}</p>"
