"""Questions to an archive: how many cables answer, which, in what order, where in them, and how they spread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import NamedTuple, Protocol

import tantivy

from reftel.archive.answer import Checks, ask, ask_less, came_after
from reftel.archive.best import best_passage, rank_passages
from reftel.archive.entry import make_card
from reftel.archive.index import FACETS, Index, facet_field, number_field, said_of_reading, split_place
from reftel.archive.snippet import Snippet, make_said_snippet, make_snippet
from reftel.archive.store import Store
from reftel.errors import ReftelError
from reftel.model import Cable, Findings, Record
from reftel.query import Query, Tree, matches, topic_places, view_cable, view_with_statements, wanted_statements
from reftel.query.view import find_passages

# How hits can be sorted -> the field of the index, and whether downwards
SORTS = {
    "relevance": "by how well they match",
    "date": "the oldest first, undated ones last",
    "-date": "the newest first, undated ones last",
    "length": "the shortest first",
    "-length": "the longest first",
}
_ORDER = {
    "date": ("by_date_up", tantivy.Order.Asc),
    "-date": ("by_date", tantivy.Order.Desc),
    "length": ("by_length", tantivy.Order.Asc),
    "-length": ("by_length", tantivy.Order.Desc),
}
_MOST_VALUES = 60_000  # of one facet; there are fewer posts, tags and years
MONTH = "month"  # no field of its own: the months of the dates
SPREADS = (*FACETS, MONTH)
_IN_ORDER = ("year", MONTH)
_PAGE = 500


class Hit(Record, frozen=True):
    """A cable that a query finds. key: its number in this archive. score: 0 where nothing was ranked.

    address: what `Archive.get` takes: the id, or `id~2` where two cables have one id, or `#key` where none could be told.
    """

    key: int
    address: str
    id: str | None
    date: str | None
    post: str | None
    classification: str | None
    subject: str | None
    score: float
    snippet: Snippet


class Result(Record, frozen=True):
    """One page of hits. total: how many cables the query finds, exactly. facets: name -> values and how many cables have them."""

    query: Query
    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, list[tuple[str, int]]]


class Moved(NamedTuple):
    """Keys of cables, or places of statements, that a query finds only behind a veil or only without one."""

    lost: list[int]
    gained: list[int]


class Veil(Protocol):
    """How cables look to somebody to whom not all of them may be told. show: of a cable and what was found in it; None for one that looks as it is.

    hides: whether a tag is a name that may not be told.
    """

    def cables(self, tree: Tree) -> Moved: ...
    def statements(self, tree: Tree) -> Moved: ...
    def show(self, cable: Cable, findings: Findings | None) -> tuple[Cable, Findings] | None: ...
    def hides(self, tag: str) -> bool: ...


class Search:
    """Questions to one archive, as the index last saw it. veil: None for somebody who may know everything."""

    def __init__(self, store: Store, index: Index, veil: Veil | None = None) -> None:
        self.store, self.index, self.veil = store, index, veil

    def page(
        self,
        query: Query,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: str = "relevance",
        facets: Sequence[str] = (),
        after: int | None = None,
    ) -> Result:
        """Some hits of a query, and facets over all of them. ReftelError for an unknown sort or facet.

        after: only cables of a higher key, which came into the archive later.
        """
        self._check(sort, facets)
        if offset < 0:
            raise ReftelError(f"The offset {offset} is below zero: it says how many hits to pass over.")
        asked = self._ask(query.tree)
        if after is not None:
            asked = came_after(asked, self.index, after)
        searcher = self.index.cables.searcher()
        total, scored = find(searcher, asked, sort, limit, offset)
        return Result(query, total, tuple(self._hits(query.tree, scored)), self._facets(searcher, asked, facets))

    def all(self, query: Query, sort: str = "relevance") -> Iterator[Hit]:
        """Every hit, in order, of the state in which the index was when this was asked."""
        self._check(sort, ())
        searcher = self.index.cables.searcher()
        scored = iter(find(searcher, self._ask(query.tree), sort, searcher.num_docs)[1])
        while page := list(islice(scored, _PAGE)):
            yield from self._hits(query.tree, page, searcher)

    def keys(self, query: Query, sort: str = "relevance") -> list[int]:
        """The keys of all cables that a query finds, in order."""
        self._check(sort, ())
        searcher = self.index.cables.searcher()
        _, found = find(searcher, self._ask(query.tree), sort, searcher.num_docs)
        return keys_of(searcher, [address for _, address in found])

    def count(self, tree: Tree) -> int:
        """How many cables match a tree."""
        return find(self.index.cables.searcher(), self._ask(tree), "relevance", 0)[0]

    def newest(self, since: int = 0) -> int:
        """The key up to which every cable that came after `since` can be found.

        The highest of all, but while another process is adding: then those that the index lacks are still to come.
        """
        sql = "SELECT min(key) - 1 FROM cables WHERE changed > ? AND key > ?"
        held_up = self.store.column(sql, self.index.changed, since)[0]
        return int(held_up if held_up is not None else self.store.column("SELECT coalesce(max(key), 0) FROM cables")[0])

    def facets(self, query: Query, facets: Sequence[str] = FACETS) -> dict[str, list[tuple[str, int]]]:
        """How all hits of a query spread: facet -> values, those of most cables first (years in order)."""
        self._check("relevance", facets)
        return self._facets(self.index.cables.searcher(), self._ask(query.tree), facets)

    # ---- below

    def _ask(self, tree: Tree) -> tantivy.Query:
        asked = ask(tree, self.index, self.checks)
        return asked if self.veil is None else ask_less(asked, self.index.cables.schema, "key", *self.veil.cables(tree))

    @property
    def checks(self) -> Checks:
        """How the index asks the records where it alone cannot tell."""
        return Checks(self._really, self._really_said)

    def _really(self, tree: Tree, keys: Iterable[int]) -> list[int]:
        return [key for key in keys if matches(tree, view_cable(self.store.cable(key)))]

    def _really_said(self, tree: Tree, places: Iterable[int]) -> list[int]:
        found = []
        for key, some in groupby(sorted(places), lambda place: split_place(place)[0]):
            statements = view_with_statements(self.store.cable(key), self.store.findings(key)).statements
            known = [place for place in some if split_place(place)[1] < len(statements)]  # else the index follows
            found += [place for place in known if matches(tree, statements[split_place(place)[1]])]
        return found

    def _check(self, sort: str, facets: Sequence[str]) -> None:
        if sort not in SORTS:
            raise ReftelError(f"Hits cannot be sorted by {sort!r}. There are: {', '.join(SORTS)}.")
        for facet in facets:
            if facet not in SPREADS:
                raise ReftelError(f"There is no facet {facet!r}. There are: {', '.join(SPREADS)}.")

    def _hits(
        self, tree: Tree, scored: list[tuple[float, tantivy.DocAddress]], searcher: tantivy.Searcher | None = None
    ) -> Iterator[Hit]:
        searcher = searcher or self.index.cables.searcher()
        keys = keys_of(searcher, [address for _, address in scored])
        named = self.store.names(keys)
        ranked = rank_passages(self.index, keys, tree)
        for (score, _), key in zip(scored, keys, strict=True):
            if key not in named:
                continue  # taken out of the truth since; the index follows
            # Of the record, which has a checksum: the rows made from it have none.
            cable = self.store.cable(key)
            veiled = self.veil.show(cable, self.store.findings(key)) if self.veil is not None else None
            cable, findings = veiled or (cable, None)
            passages = ranked.get(key, []) if veiled is None else None
            card = make_card(cable)
            yield Hit(
                key=key,
                address=self.store.address(named[key]),
                id=cable.id,
                date=card.date,
                post=card.post,
                classification=card.classification,
                subject=card.subject,
                score=score,
                snippet=self._snippet(cable, key, tree, findings, passages),
            )

    def _snippet(
        self, cable: Cable, key: int, tree: Tree, veiled: Findings | None, ranked: Sequence[int] | None
    ) -> Snippet:
        """veiled: the findings of a cable that does not look as the index knows it, whose passages are not ranked then."""
        asked = wanted_statements(tree)
        findings = (veiled or self.store.findings(key)) if asked else None
        if findings is not None:
            views = view_with_statements(cable, findings).statements
            hits = [i for i, view in enumerate(views) if any(matches(part, view) for part in asked)]
            if hits:
                best = min(hits, key=lambda i: sum(topic_places(tree, views[i])))
                return make_said_snippet(cable, findings.statements[best], tree)
        return make_snippet(cable, best_passage(cable, find_passages(cable), tree, ranked), tree)

    def _facets(
        self, searcher: tantivy.Searcher, asked: tantivy.Query, facets: Sequence[str]
    ) -> dict[str, list[tuple[str, int]]]:
        if not facets:
            return {}
        wanted = {name: _MONTHS if name == MONTH else _values_of(name) for name in facets}
        with said_of_reading():
            found = searcher.aggregate(asked, wanted)
        spread = {}
        for name in facets:
            values = [(_said(bucket["key"]), int(bucket["doc_count"])) for bucket in found[name]["buckets"]]
            if name == "tag" and self.veil is not None:
                values = [(tag, count) for tag, count in values if not self.veil.hides(tag)]
            spread[name] = sorted(values) if name in _IN_ORDER else sorted(values, key=lambda v: (-v[1], v[0]))
        return spread


# Dates are numbers, yyyymmdd: a month is a hundred of them.
_MONTHS = {"histogram": {"field": number_field("date"), "interval": 100, "min_doc_count": 1}}


def _values_of(facet: str) -> dict[str, object]:
    return {"terms": {"field": facet_field(facet), "size": _MOST_VALUES, "segment_size": _MOST_VALUES}}


def _said(key: str | float) -> str:
    """A value as it is shown; 20081200.0 is 2008-12."""
    return key if isinstance(key, str) else f"{int(key) // 10000:04d}-{int(key) // 100 % 100:02d}"


def find(
    searcher: tantivy.Searcher, asked: tantivy.Query, sort: str, limit: int, offset: int = 0
) -> tuple[int, list[tuple[float, tantivy.DocAddress]]]:
    """How many cables or statements there are, and score (0 where a field sorts) and address of some; both in one pass over the index."""
    wanted = min(limit, searcher.num_docs - offset)  # Tantivy sets aside room for as many as it is asked for
    field, order = _ORDER.get(sort, (None, tantivy.Order.Desc))
    with said_of_reading():
        found = searcher.search(asked, max(wanted, 1), True, field, offset if wanted > 0 else 0, order)
    total: int = found.count  # type: ignore[attr-defined]  # which tantivy's types leave out
    hits = found.hits if wanted > 0 else []
    return total, [(0.0, address) for _, address in hits] if field else hits


def keys_of(searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress]) -> list[int]:
    """The keys of cables that were found, in their order."""
    with said_of_reading():
        return [int(key or 0) for key in searcher.fast_field_values("key", addresses)]
