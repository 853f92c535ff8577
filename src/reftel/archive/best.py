"""Which passage of a cable answers a query best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tantivy

from reftel.archive.answer import ask_passages
from reftel.archive.index import Index, said_of_reading, split_place
from reftel.model import Cable, Span
from reftel.query import Passage, Tree, fold_words, passage_texts, score_passage, wanted_words
from reftel.query.view import SCOPES

_CANDIDATES = 8  # passages that the index ranks first, from which the best is taken


def rank_passages(index: Index, keys: Iterable[int], tree: Tree) -> dict[int, list[int]]:
    """For some cables the passages that hold any of the words a query asks of the text, by their rank; ordinals among the cable's passages.

    Empty where it asks for no words of the text.
    """
    leaves = wanted_words(tree)
    if "text" not in _fields(leaves):
        return {}
    searcher = index.passages.searcher()
    found: list[tuple[int, tantivy.DocAddress]] = []
    with said_of_reading():
        for key in keys:
            hits = searcher.search(ask_passages(leaves, index, key), limit=_CANDIDATES, count=False).hits
            found += [(key, address) for _, address in hits]
        places = searcher.fast_field_values(
            "place", [address for _, address in found]
        )  # at once: it opens every segment
    ranked: dict[int, list[int]] = {}
    for (key, _), place in zip(found, places, strict=True):
        ranked.setdefault(key, []).append(split_place(int(place or 0))[1])
    return ranked


def best_passage(cable: Cable, passages: Sequence[Passage], tree: Tree, ranked: Sequence[int] | None) -> Passage | None:
    """The passage that holds most of what a query asks for; where it asks for no words, the summary or the beginning.

    Where all its words are asked of a part (`in:comment`, `subject:`), a passage of that part. None if the cable has none at all.
    ranked: of rank_passages; None for a masked cable, whose words are not those of the index.
    """
    leaves = wanted_words(tree)
    fields = _fields(leaves)
    if "text" not in fields:
        likely = [passage for passage in passages if any(_is_of(cable, passage, field) for field in fields)]
    elif ranked is None:
        likely = [passage for passage in passages if _score(cable, passage, tree)]
    else:
        likely = [passages[ordinal] for ordinal in ranked if ordinal < len(passages)]
    if len(likely) > 1 and (len(leaves) > 1 or hasattr(leaves[0], "words") or "text" not in fields):
        return max(likely, key=lambda p: (_score(cable, p, tree), p.paragraph is not None))
    paragraphs = [p for p in passages if p.paragraph is not None]
    summaries = [p for p in paragraphs if "summary" in cable.paragraphs[p.paragraph or 0].role]
    if likely:
        return next((p for p in likely if p.paragraph is not None), likely[0])
    return next(iter(summaries or paragraphs or passages), None)


def _fields(leaves: Iterable[Tree]) -> set[str]:
    """The text fields of which words are asked."""
    return {getattr(leaf, "field", "text") for leaf in leaves}


def _is_of(cable: Cable, passage: Passage, field: str) -> bool:
    """Whether a passage is, or holds some of, what the text field means."""
    if field not in SCOPES:
        return passage.kind == field
    scopes = [scope for scope in cable.scopes if scope.kind == field]
    if not scopes:
        return passage.paragraph is not None and field in cable.paragraphs[passage.paragraph].role
    return any(_overlap(one, other) for scope in scopes for one in scope.spans for other in passage.spans)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _score(cable: Cable, passage: Passage, tree: Tree) -> float:
    return score_passage(tree, fold_words(" ".join(passage_texts(cable, passage))))
