"""Cables that are near to one in content: those that share most of the words that are rare in the archive and frequent in it."""

from __future__ import annotations

import math
from collections import Counter

import tantivy

from reftel.archive.index import Index, text_field
from reftel.archive.search import Search, find, keys_of
from reftel.archive.store import Named
from reftel.model import Cable
from reftel.query import fold_words

_TRIED, _TERMS = 160, 24  # words that are weighed, and that are asked for
_LONGEST = 60_000  # characters of a cable that are read for it
_SHORTEST = 4  # letters of a word that tells what a cable is about
_FEW = 25  # in a small archive a word in so many cables still tells something
_COMMON = 30  # a word in more than one cable in so many says little, and costs most


def find_near(search: Search, cable: Cable, key: int, limit: int = 5) -> list[Named]:
    """The nearest cables, the nearest first; fewer than `limit` where few share anything that tells."""
    searcher = search.index.cables.searcher()
    terms = _telling(search.index, searcher.num_docs, cable)
    if not terms:
        return []
    schema = search.index.cables.schema
    field = text_field("text")
    some = tantivy.Query.boolean_query(
        [(tantivy.Occur.Should, tantivy.Query.term_query(schema, field, term, "freq")) for term in terms]
    )
    itself = tantivy.Query.term_query(schema, "key", key)
    asked = tantivy.Query.boolean_query([(tantivy.Occur.Must, some), (tantivy.Occur.MustNot, itself)])
    _, scored = find(searcher, asked, "relevance", limit)
    keys = keys_of(searcher, [address for _, address in scored])
    named = search.store.names(keys)
    return [named[one] for one in keys if one in named]


def _telling(index: Index, total: int, cable: Cable) -> list[str]:
    """The words of a cable that tell most of what it is about, by how often they stand in it and in how few others. total: cables."""
    text = " ".join(span.of(cable.text) for paragraph in cable.paragraphs for span in paragraph.spans)
    counts = Counter(
        word
        for word in fold_words(f"{cable.subject or ''} {text}"[:_LONGEST])
        if len(word) >= _SHORTEST and not word.isdigit()
    )
    weighed = []
    for word, count in counts.most_common(_TRIED):
        held = index.frequency(word)
        if 1 < held <= max(total // _COMMON, min(total // 2, _FEW)):
            weighed.append(((1 + math.log(count)) * math.log(total / held), word))
    return [word for _, word in sorted(weighed, reverse=True)[:_TERMS]]
