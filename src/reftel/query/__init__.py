"""The query language: parse_query reads it, match answers it in memory; the archive's index answers the same tree."""

from __future__ import annotations

from reftel.query.fields import FIELDS, Field
from reftel.query.grammar import parse_query
from reftel.query.has import HAS
from reftel.query.match import (
    highlight,
    mark,
    match,
    matches,
    matches_statement,
    score_passage,
    topic_places,
    wanted_statements,
    wanted_topics,
    wanted_words,
)
from reftel.query.said import view_statements, view_with_statements
from reftel.query.say import say
from reftel.query.slips import QueryError, point
from reftel.query.tokens import Token, exact_words, find_tokens, fold, fold_words
from reftel.query.tree import Query, Tree, parts
from reftel.query.view import Passage, View, passage_texts, sender_post, view_cable

__all__ = [
    "FIELDS",
    "HAS",
    "Field",
    "Passage",
    "Query",
    "QueryError",
    "Token",
    "Tree",
    "View",
    "exact_words",
    "find_tokens",
    "fold",
    "fold_words",
    "highlight",
    "mark",
    "match",
    "matches",
    "matches_statement",
    "parse_query",
    "parts",
    "passage_texts",
    "point",
    "say",
    "score_passage",
    "sender_post",
    "topic_places",
    "view_cable",
    "view_statements",
    "view_with_statements",
    "wanted_statements",
    "wanted_topics",
    "wanted_words",
]
