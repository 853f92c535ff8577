"""How to ask: the query language out of its own table, the keys, and who may do what."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from reftel.model import STATEMENT_KINDS
from reftel.query import FIELDS, HAS
from reftel.web.guard import ROLES
from reftel.web.places import search_path
from reftel.web.rendering import render

# what one writes -> what it finds
WORDS = {
    "permit": "the word, in capitals or not, with or without accents",
    "permit survey": "both words, anywhere in the cable",
    "permit OR survey": "either of them; OR is written in capitals",
    "permit -survey": "the first without the second; NOT does the same",
    "(permit OR licence) survey": "brackets keep together what belongs together",
    '"sea bed"': "the words one right behind the other",
    '"survey permit"~5': "both words in any order, with at most five others among them",
    "pipe*": "words that begin so",
    "permitt~1": "the word with one slip: a letter lost, added or wrong, or two swapped; ~2 for two",
    "=Turkey": "the word as printed, with these capitals and accents",
    "minister in:summary": "the word in the summary; also in:comment, in:heading and in:action",
    "2008-02": 'a date; the word itself is in quotes: "2008"',
    "*": "every cable",
}
KEYS = {
    "/": "to the box in which one asks",
    "j": "the next result",
    "k": "the result before",
    "n": "in a cable, the next place that was found",
    "p": "the place before",
    "c": "cites the cable, or the paragraph one is at",
    "?": "this page",
}


class Entry(NamedTuple):
    """A field as the page shows it. names: itself and its aliases. examples: query, and where it is answered."""

    name: str
    aliases: tuple[str, ...]
    sentence: str
    values: str
    examples: list[tuple[str, str]]


async def show_help(request: Request) -> Response:
    """Everything that can be asked for, with examples to click on."""
    return render(
        request,
        "help.html",
        words=[(written, meaning, search_path(written)) for written, meaning in WORDS.items()],
        cables=_entries("cable"),
        statements=_entries("statement"),
        has=[(f"has:{name}", one.sentence, search_path(f"has:{name}")) for name, one in HAS.items()],
        kinds=[
            (f"kind:{name}", said, search_path(f"kind:{name}", statements=True))
            for name, said in STATEMENT_KINDS.items()
        ],
        keys=KEYS,
        roles=ROLES,
    )


def _entries(of: str) -> list[Entry]:
    return [
        Entry(
            field.name,
            field.aliases,
            field.sentence,
            field.values,
            [(example, search_path(example, statements=of == "statement")) for example in field.examples],
        )
        for field in FIELDS.values()
        if field.of == of
    ]
