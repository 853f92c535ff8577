"""Which passage of a cable answers a query best."""

from __future__ import annotations

from collections.abc import Sequence

from reftel.archive.answer import ask_passages
from reftel.archive.index import Index, said_of_reading, split_place
from reftel.model import Cable, Span
from reftel.query import Passage, Tree, fold_words, passage_texts, score_passage, wanted_words
from reftel.query.view import SCOPES

_CANDIDATES = 8  # passages that the index ranks first, from which the best is taken


def best_passage(
    index: Index | None, cable: Cable, key: int, passages: Sequence[Passage], tree: Tree
) -> Passage | None:
    """The passage that holds most of what a query asks for; where it asks for no words, the summary or the beginning.

    Where all its words are asked of a part (`in:comment`, `subject:`), a passage of that part. None if the cable has none at all.
    index: None for a masked cable, whose words are not those of the index.
    """
    leaves = wanted_words(tree)
    fields = {getattr(leaf, "field", "text") for leaf in leaves}
    if leaves and "text" in fields:
        scored = [passage for passage in passages if _score(cable, passage, tree)] if index is None else []
        likely = scored if index is None else _ranked(index, key, passages, leaves)
    else:
        likely = [passage for passage in passages if any(_is_of(cable, passage, field) for field in fields)]
    if len(likely) > 1 and (len(leaves) > 1 or hasattr(leaves[0], "words") or "text" not in fields):
        return max(likely, key=lambda p: (_score(cable, p, tree), p.paragraph is not None))
    paragraphs = [p for p in passages if p.paragraph is not None]
    summaries = [p for p in paragraphs if "summary" in cable.paragraphs[p.paragraph or 0].role]
    if likely:
        return next((p for p in likely if p.paragraph is not None), likely[0])
    return next(iter(summaries or paragraphs or passages), None)


def _ranked(index: Index, key: int, passages: Sequence[Passage], leaves: Sequence[Tree]) -> list[Passage]:
    """The passages that hold any of the words, by their rank."""
    searcher = index.passages.searcher()
    with said_of_reading():
        hits = searcher.search(ask_passages(leaves, index, key), limit=_CANDIDATES, count=False).hits
        places = searcher.fast_field_values("place", [address for _, address in hits])
    ordinals = [split_place(int(place or 0))[1] for place in places]
    return [passages[ordinal] for ordinal in ordinals if ordinal < len(passages)]


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
