"""The tool that finds who said what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from reftel.archive.explain import say_why
from reftel.errors import ReftelError
from reftel.mcp.asked import ask_all, ask_days, check_page, read_asked
from reftel.mcp.lines import at, barred, hull, numbered, tell_page, tell_rest, words
from reftel.mcp.room import Room
from reftel.model import Attribution

MOST = 50
LONGEST = 900  # characters of a sentence
STANCES = {"+": "for", "-": "against"}
_MARKS = str.maketrans("«»", "<>")  # a cable's own must not look like ours


def find_statements(
    room: Room,
    query: str | None = None,
    speaker: str | None = None,
    about: str | None = None,
    date_from: str | None = None,
    date_to: str | None = None,
    limit: int = 10,
    offset: int = 0,
    sort: Literal["relevance", "date", "-date"] = "relevance",
) -> str:
    """Finds statements: who is told to have said what, when, in which paragraph. The total is exact.

    speaker: a name or office, or a part of it; alternatives with OR. about: words of what is said, "a phrase", OR.
    Without sort those come first in whose own words it stands, last those in whose paragraph.
    query: further fields: said-to:ambassador stance:- kind:direct from:moscow class:secret voice:drafter (the drafters' own words, else left out).
    date_from, date_to: of the speech, else of the cable; as 2008, 2008-12 or 2008-12-18. Give at least one of these. limit: at most 50.
    «» hold what is attributed to the speaker and are no part of the text; what stands outside of them is the drafter's.
    """
    limit, offset = check_page(limit, offset, MOST)
    given = (
        read_asked(query) if query and query.strip() else None,
        read_asked(f"said-by:({speaker})") if speaker and speaker.strip() else None,
        read_asked(f"about:({about})") if about and about.strip() else None,
        ask_days("said", date_from, date_to),
    )
    if not any(given):
        raise ReftelError("Nothing is asked for. Give a speaker, what it is about, a query or dates.")
    asked = ask_all(*given)
    result = room.archive.said(asked, limit=limit, offset=offset, sort=sort, masked=room.masked)
    answer = [tell_page(result.total, offset, len(result.hits), "statement")]
    for i, hit in enumerate(result.hits):
        answer += _tell(offset + i + 1, hit, result.hits[i - 1] if i else None)
    answer += [f"Note: {words(note)}" for note in asked.notes]
    if not result.total:
        why = say_why(room.archive.explain_said(asked, masked=room.masked), "statement")
        answer += [words(sentence) for sentence in why]
    return "\n".join([*answer, *tell_rest(result.total, offset, len(result.hits))])


def _tell(number: int, hit: Attribution, before: Attribution | None) -> Iterator[str]:
    """Who and how, where, and the sentence; of one that the statement before was in only the content."""
    statement = hit.statement
    day = statement.date or f"{hit.date or 'no date'} (cable's date)"
    speaker = words(statement.speaker or hit.source or "speaker not told")
    to = f" to {words(statement.addressee)}" if statement.addressee else ""
    yield f"{number}. {day} {speaker}{to}, {', '.join(tell_kind(hit))}"
    again = before is not None and (before.key, before.statement.sentence) == (hit.key, statement.sentence)
    span = hull(statement.content) if again and statement.content else statement.sentence
    yield f"   {hit.cable or f'#{hit.key}'} {numbered(hit.number, hit.marking)} {at(span)}{', in the same sentence' if again else ''}"
    told = _mark([(hit.content, "content")] if again and hit.content else hit.pieces)
    yield from (f"   {line}" for line in barred(words(told, LONGEST)))


def tell_kind(hit: Attribution) -> Iterator[str]:
    """What to know of a statement before it is quoted: the word that attributes, kind, stance, and what weakens it."""
    statement = hit.statement
    if hit.cue:
        yield f'"{words(hit.cue)}"'
    yield statement.kind
    if statement.negated:
        yield "negated"
    if statement.polarity:
        yield STANCES[statement.polarity]
    if statement.voice == "drafter":
        yield "the drafter's own words"
    if statement.kind == "implicit":
        yield f"no word says who speaks ({round(100 * statement.confidence)} % sure)"
    if hit.teller is not None:
        yield f"second-hand, as {words(hit.teller)} tells it"


def _mark(pieces: Iterable[tuple[str, str]]) -> str:
    """The pieces of a sentence, its content between «»."""
    return "".join(
        f"«{text.translate(_MARKS)}»" if role == "content" else text.translate(_MARKS) for text, role in pieces
    )
