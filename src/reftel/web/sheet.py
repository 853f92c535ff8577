"""The source of a cable as it was found: every character, each stretch with what it is."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import NamedTuple

from markupsafe import Markup, escape

from reftel.model import SEGMENT_KINDS, Cable
from reftel.web.saying import visible

_PAGE = 250_000  # characters on one page
_TEXT = ("paragraph", "heading", "subject", "references")
_HEAD = (
    "transmission", "relay", "de_line", "security", "dtg", "from", "to", "info", "message_centre", "class_line", "caption",
    "corrected_copy", "attention", "stamp", "eo", "tags", "classified_by", "paragraph_number", "portion_mark", "signature", "trailer",
)  # fmt: skip


class Sheet(NamedTuple):
    """A page of a source. kinds: (kind, what it means, how often, class) of the whole text. next: where the next page begins, or None."""

    markup: Markup
    kinds: list[tuple[str, str, int, str]]
    start: int
    next: int | None


def make_sheet(cable: Cable, start: int = 0) -> Sheet:
    """The text from an offset on, its segments in elements with `data-o`."""
    end = min(start + _PAGE, len(cable.text))
    ends = [segment.span.end for segment in cable.segments]
    pieces = []
    for segment in cable.segments[bisect_right(ends, start) :]:
        first, last = max(segment.span.start, start), min(segment.span.end, end)
        if first >= last:
            break
        said = escape(visible(cable.text[first:last]))
        kind = segment.kind
        if kind == "blank":
            pieces.append(f'<span data-o="{first}">{said}</span>')
            continue
        told = escape(f"{kind.replace('_', ' ')}: {SEGMENT_KINDS[kind]}")
        pieces.append(f'<span class="seg {_class(kind)}" data-o="{first}" title="{told}">{said}</span>')
    counts = Counter(segment.kind for segment in cable.segments if segment.kind != "blank")
    kinds = [(kind, SEGMENT_KINDS[kind], count, _class(kind)) for kind, count in counts.most_common()]
    return Sheet(Markup("".join(pieces)), kinds, start, end if end < len(cable.text) else None)


def _class(kind: str) -> str:
    """text, head, or carrier: whose the stretch is."""
    if kind in _TEXT:
        return "seg-text"
    return "seg-head" if kind in _HEAD else "seg-carrier"
