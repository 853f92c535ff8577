"""Questions about statements: how many answer, which, in what order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec
import tantivy

from reftel.archive.answer import ask_less, ask_statements
from reftel.archive.index import said_of_reading, split_place
from reftel.archive.search import Search, find
from reftel.errors import ReftelError
from reftel.model import Attribution, Record
from reftel.query import Query, Tree, wanted_topics
from reftel.query.attributions import attribute
from reftel.query.tree import And, Said, Term, said_leaves

# How statements can be sorted
SAID_SORTS = {
    "relevance": "by where the words of about: stand: content, sentence, heading, paragraph; without about: as date",
    "date": "the oldest first, undated ones last",
    "-date": "the newest first, undated ones last",
}
_PAGE = 500
_REPORTED = Said(Term("voice", ("reported",)))


class SaidResult(Record, frozen=True):
    """One page of statements. total: how many the query finds, exactly. query: as it was asked, see as_reported."""

    query: Query
    total: int
    hits: tuple[Attribution, ...]


def as_reported(query: Query) -> Query:
    """The query as it is asked of statements: for what is reported of others, unless it says itself whose words (voice:) it wants.

    A note is added where it asks nothing of statements.
    """
    leaves = said_leaves(query.tree)
    if any(getattr(leaf, "field", None) == "voice" for leaf in leaves):
        return query
    parts = query.tree.parts if isinstance(query.tree, And) else (query.tree,)
    notes = query.notes if leaves else (*query.notes, _ALL)
    return msgspec.structs.replace(query, tree=And((*parts, _REPORTED), query.tree.span), notes=notes)


_ALL = "Nothing is asked of statements, so all those of the cables found are listed. To ask: said-by:, said-to:, about:, kind:, stance:, said:."


class SaidSearch:
    """Questions about the statements in one archive, as the index last saw it."""

    def __init__(self, search: Search) -> None:
        self.search, self.store, self.index = search, search.store, search.index

    def page(self, query: Query, *, limit: int = 10, offset: int = 0, sort: str = "relevance") -> SaidResult:
        """Some statements that a query finds. ReftelError for an unknown sort."""
        query = as_reported(query)
        sort = _sorting(query, sort)
        if offset < 0:
            raise ReftelError(f"The offset {offset} is below zero: it says how many statements to pass over.")
        searcher = self.index.statements.searcher()
        total, scored = find(searcher, self._ask(query.tree), sort, limit, offset)
        return SaidResult(query, total, tuple(self._hits(searcher, [address for _, address in scored])))

    def all(self, query: Query, sort: str = "relevance") -> Iterator[Attribution]:
        """Every statement that a query finds, in order, of the state in which the index was when this was asked."""
        query = as_reported(query)
        sort = _sorting(query, sort)
        searcher = self.index.statements.searcher()
        scored = iter(find(searcher, self._ask(query.tree), sort, searcher.num_docs)[1])
        while page := list(islice(scored, _PAGE)):
            yield from self._hits(searcher, [address for _, address in page])

    def count(self, tree: Tree) -> int:
        """How many statements a tree finds; reported or not."""
        return find(self.index.statements.searcher(), self._ask(tree), "relevance", 0)[0]

    # ---- below

    def _ask(self, tree: Tree) -> tantivy.Query:
        asked = ask_statements(tree, self.index, self.search.checks)
        veil = self.search.veil
        return asked if veil is None else ask_less(asked, self.index.statements.schema, "place", *veil.statements(tree))

    def _hits(self, searcher: tantivy.Searcher, addresses: Sequence[tantivy.DocAddress]) -> Iterator[Attribution]:
        with said_of_reading():
            places = [split_place(int(place or 0)) for place in searcher.fast_field_values("place", list(addresses))]
        ordinals: dict[int, set[int]] = {}
        for key, ordinal in places:
            ordinals.setdefault(key, set()).add(ordinal)
        made: dict[tuple[int, int], Attribution] = {}
        named = self.store.names(ordinals)
        for key, wanted in ordinals.items():
            findings = self.store.findings(key) if key in named else None
            if findings is None:
                continue  # taken out of the truth since; the index follows
            cable, veil = self.store.cable(key), self.search.veil
            cable, findings = (veil.show(cable, findings) if veil is not None else None) or (cable, findings)
            made.update(((key, one.ordinal), one) for one in attribute(cable, findings, key, wanted))
        yield from (made[place] for place in places if place in made)


def _sorting(query: Query, sort: str) -> str:
    if sort not in SAID_SORTS:
        raise ReftelError(f"Statements cannot be sorted by {sort!r}. There are: {', '.join(SAID_SORTS)}.")
    return "date" if sort == "relevance" and not wanted_topics(query.tree) else sort
