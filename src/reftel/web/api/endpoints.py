"""ENDPOINTS: what a program can ask. Routes, the OpenAPI document, its page and the docs are made from this table."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from reftel.archive.said import SAID_SORTS
from reftel.archive.search import SORTS, SPREADS
from reftel.exports import STYLES
from reftel.exports.record import MEANINGS
from reftel.web.api import answers, cables, persons, searching, state
from reftel.web.api.calls import Call
from reftel.web.api.parameters import Parameter
from reftel.workbench import Archive

PREFIX = "/api/v1"
Handler: TypeAlias = Callable[[Archive, Call], Struct]


class Endpoint(NamedTuple):
    """One row. path: below PREFIX. name: of the operation. sentence: what comes back. errors: statuses beside those of all endpoints.

    asked: parameters of the example, by name.
    """

    path: str
    name: str
    sentence: str
    parameters: tuple[Parameter, ...]
    answer: type[Struct]
    handler: Handler
    errors: tuple[int, ...]
    asked: tuple[str, ...]


_MOST = 500


def _query(meaning: str, example: str, required: bool = True) -> Parameter:
    return Parameter("query", "query", f"{meaning} The language is told under /help.", example, required)


def _sort(sorts: dict[str, str]) -> Parameter:
    meaning = "The order: " + "; ".join(f"`{name}` {sentence}" for name, sentence in sorts.items()) + "."
    return Parameter("sort", "name", meaning, "date", default=next(iter(sorts)), choices=tuple(sorts))


_ID = Parameter(
    "id", "path", "The id of a cable in any usual form, such as 09LONDON2499; `id~2` or `#17` where an id names none or several.",
    "08TALLINN402", required=True,
)  # fmt: skip
_PAGING = (
    Parameter("limit", "number", "How many a page holds at most.", "5", default=20, low=1, high=_MOST),
    Parameter("cursor", "cursor", "Where to go on: `next` of the page before.", ""),
)
_DATES = (
    Parameter("date_from", "date", "The first day: a day, or the first one of a month or year.", "2008-02"),
    Parameter("date_to", "date", "The last day: a day, or the last one of a month or year.", "2009"),
)

ENDPOINTS = (
    Endpoint(
        "/search", "search", "The cables that a query finds, with snippets, and how they spread.",
        (
            _query("What to look for.", "pipeline"),
            *_DATES,
            _sort(SORTS),
            Parameter("facets", "names", "How all hits spread: over which values of these.", "year,post", choices=SPREADS),
            *_PAGING,
        ),
        answers.SearchPage, searching.search, (), ("query", "facets", "limit"),
    ),
    Endpoint(
        "/explain", "explain", "How a query was read: its parts, and how many each of them finds.",
        (
            _query("The query.", "pipeline -from:tallinn"),
            Parameter("of", "name", "What is counted.", "statements", default="cables", choices=("cables", "statements")),
        ),
        answers.Explanation, searching.explain, (), ("query",),
    ),
    Endpoint(
        "/cables/{id}", "cable", "The record of a cable, as docs/record.md has it.",
        (
            _ID,
            Parameter("text", "flag", "Whether the text comes with it, too.", "true", default=False),
            Parameter("parts", "names", "Only these keys of the record.", "id,subject,tags", choices=tuple(MEANINGS)),
        ),
        answers.CableRecord, cables.show_cable, (404, 409), ("id",),
    ),
    Endpoint(
        "/cables/{id}/paragraphs", "paragraphs", "The paragraphs of a cable, each with its text and where it stands.",
        (_ID,),
        answers.CableParagraphs, cables.show_paragraphs, (404, 409), ("id",),
    ),
    Endpoint(
        "/cables/{id}/statements", "cable_statements", "The statements of a cable: who is told to have said what.",
        (_ID, *_PAGING),
        answers.CableStatements, cables.show_statements, (404, 409), ("id", "limit"),
    ),
    Endpoint(
        "/cables/{id}/references", "references", "What a cable cites, what of it is held, and which cables cite it.",
        (_ID, *_PAGING),
        answers.CableReferences, cables.show_references, (404, 409), ("id",),
    ),
    Endpoint(
        "/cables/{id}/citation", "citation", "How to cite a cable, or one of its paragraphs.",
        (
            _ID,
            Parameter("style", "name", "The style.", "bibtex", default=next(iter(STYLES)), choices=tuple(STYLES)),
            Parameter("paragraph", "number", "The printed number of a paragraph.", "3", low=0, high=9_999),
        ),
        answers.Citation, cables.show_citation, (404, 409), ("id", "style"),
    ),
    Endpoint(
        "/statements", "statements", "The statements that a query finds: who is told to have said what to whom, with offsets.",
        (_query("What to look for, and in which cables.", "said-by:minister about:pipeline"), *_DATES, _sort(SAID_SORTS), *_PAGING),
        answers.StatementPage, searching.list_statements, (), ("query", "limit"),
    ),
    Endpoint(
        "/positions", "positions", "What somebody said on a question, by occasion, and whether it moved; two actors side by side.",
        (
            Parameter("who", "text", "The speaker.", "Kallaste", required=True),
            Parameter("other", "text", "A second speaker, to be laid beside.", "Wekulo"),
            Parameter("about", "query", "The question, in the query language.", "pipeline", required=True),
            *_DATES,
            Parameter("wide", "flag", "Whether statements count that only their paragraph puts on the question.", "true", default=False),
        ),
        answers.Positions, persons.lay_out, (409,), ("who", "about"),
    ),
    Endpoint(
        "/people", "people", "The persons in the cables that a query finds, or in all.",
        (_query("In which cables.", "from:tallinn", required=False), *_PAGING),
        answers.PeoplePage, persons.list_people, (), ("limit",),
    ),
    Endpoint(
        "/people/who", "who", "The person whom a name or office means, in full, and all whom it fits.",
        (Parameter("name", "text", "A name, or an office.", "Kallaste", required=True),),
        answers.Who, persons.tell_who, (404,), ("name",),
    ),
    Endpoint(
        "/coverage", "coverage", "What is held of what each post sent, by year and month, as far as serials tell it.",
        (
            Parameter("post", "text", "One post, in any spelling.", "tallinn"),
            Parameter("by", "name", "How finely it is told.", "month", default="year", choices=("year", "month")),
            *_PAGING,
        ),
        answers.CoveragePage, state.show_coverage, (404,), ("limit",),
    ),
    Endpoint(
        "/status", "status", "What is in the archive, what could not be put in and why, and the versions that made it.",
        (),
        answers.ArchiveStatus, state.show_status, (), (),
    ),
)  # fmt: skip
