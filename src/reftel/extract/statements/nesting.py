"""Which statement of a sentence holds which: the smallest one whose content holds the cue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reftel.extract.statements.drafts import Draft, Range


class Row(NamedTuple):
    """What becomes a statement. draft: None of words that go on without a cue. content: its ranges of tokens."""

    draft: Draft | None
    content: tuple[Range, ...]


def find_holders(rows: Sequence[Row]) -> list[int | None]:
    """For each row the one with the smallest content that holds its cue; None if none does, or if each holds the other's."""
    sizes = [sum(end - start for start, end in row.content) for row in rows]
    holders: list[int | None] = []
    for i, row in enumerate(rows):
        held = [] if row.draft is None else [k for k in range(len(rows)) if k != i and _holds(rows[k], row)]
        holders.append(min(held, key=sizes.__getitem__, default=None))
    return holders


def order_of(holders: Sequence[int | None]) -> list[int]:
    """The rows in an order in which each stands behind the one that holds it, else as they stand."""
    return sorted(range(len(holders)), key=lambda i: _depth(holders, i))


def _holds(outer: Row, inner: Row) -> bool:
    if inner.draft is None or not _is_in(inner.draft.cue, outer.content):
        return False
    return outer.draft is None or not _is_in(outer.draft.cue, inner.content)


def _is_in(cue: Range, content: tuple[Range, ...]) -> bool:
    return any(start <= cue[0] and cue[1] <= end for start, end in content)


def _depth(holders: Sequence[int | None], i: int) -> int:
    depth = 0
    at = holders[i]
    while at is not None and depth <= len(holders):
        depth += 1
        at = holders[at]
    return depth
