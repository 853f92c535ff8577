"""The tool that finds cables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from reftel.archive.explain import say_why
from reftel.archive.search import Hit
from reftel.mcp.asked import ask_all, ask_days, check_page, read_asked
from reftel.mcp.lines import at, barred, hull, numbered, tell_page, tell_rest, words
from reftel.mcp.room import Room

MOST = 50


def search_cables(
    room: Room,
    query: str,
    limit: int = 10,
    offset: int = 0,
    date_from: str | None = None,
    date_to: str | None = None,
    sort: Literal["relevance", "date", "-date"] = "relevance",
) -> str:
    """Finds cables: id, date, sender, class, subject, and the words that match with their paragraph. The total is exact.

    query: words must all be there; "a phrase", OR in capitals, -word, (brackets), "near words"~5, miss*, wording~1. Fields narrow:
    from:moscow to:secstate subject:iran tag:PARM class:secret ref:09LONDON2499 id:09LONDON* has:redaction, words in:comment or
    in:summary. said-by:lavrov and about:nato ask for a cable with such a statement. * is every cable.
    date_from, date_to: first and last day, as 2008, 2008-12 or 2008-12-18. limit: at most 50.
    To find who said what, use find_statements.
    """
    limit, offset = check_page(limit, offset, MOST)
    asked = ask_all(read_asked(query), ask_days("date", date_from, date_to))
    result = room.archive.search(asked, limit=limit, offset=offset, sort=sort, masked=room.masked)
    answer = [tell_page(result.total, offset, len(result.hits), "cable")]
    for i, hit in enumerate(result.hits, offset + 1):
        answer += _tell(room, i, hit)
    answer += [f"Note: {words(note)}" for note in asked.notes]
    if not result.total:
        answer += [words(sentence) for sentence in say_why(room.archive.explain(asked, masked=room.masked), "cable")]
    return "\n".join([*answer, *tell_rest(result.total, offset, len(result.hits))])


def _tell(room: Room, number: int, hit: Hit) -> Iterator[str]:
    head = (hit.date or "no date", words(hit.post or "unknown sender"), words(hit.classification))
    yield f"{number}. {hit.address} {', '.join(filter(None, head))}: {words(hit.subject or 'no subject')}"
    snippet = hit.snippet
    if snippet.kind == "subject" or not snippet.text:
        return
    if snippet.paragraph is None:
        where = f"{snippet.kind} {at(hull(snippet.spans))}" if snippet.spans else snippet.kind
    else:
        spans = room.archive.store.cable(hit.key).paragraphs[snippet.paragraph].spans
        where = f"{numbered(snippet.number, snippet.marking)} {at(hull(spans))}"
    yield f"   {where}"
    yield from (f"   {line}" for line in barred(words(snippet.text, 1_000)))
