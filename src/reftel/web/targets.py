"""What a form of the desk is about: a cable, a paragraph, or some words of its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from reftel.archive.anchors import Anchor, make_anchor
from reftel.model import Cable, Span
from reftel.text import Flow
from reftel.web.discretion import as_shown
from reftel.web.guard import Session
from reftel.web.leaf import paragraph_ids
from reftel.web.pages.cable import find_one
from reftel.web.places import cable_path
from reftel.web.problems import BadRequestError, RoomError
from reftel.workbench import Archive

_MOST_WORDS = 300  # characters that may be typed to say where a note stands


class StaleError(RoomError):
    """What the form was made for has changed meanwhile."""

    status, code, title = 409, "stale", "It has changed meanwhile"


class Target(NamedTuple):
    """What a form is about. address: of a cable or paragraph; place: its path, with the fragment to go to."""

    address: str
    anchor: Anchor | None
    place: str


def read_target(archive: Archive, form: Mapping[str, str], session: Session, *, marks: bool = False) -> Target:
    """`start` and `end`: some words of the text; `paragraph`: an index into the paragraphs, with `words` only these of it; else the cable.

    marks: a paragraph is to be highlighted, so all its words are meant, not its number.
    """
    named = find_one(archive, form.get("address", ""))
    address = archive.store.address(named)
    path = cable_path(address)
    if not form.get("start") and not form.get("paragraph"):
        return Target(address, None, f"{path}#notes")
    whole = archive.cable(named)
    if form.get("sha256") != whole.source.sha256:
        raise StaleError(
            "Another text of this cable leads since you opened the page.",
            "Open the cable again, and look where your words are now.",
        )
    if form.get("start"):
        anchor = make_anchor(whole, _number(form, "start"), _number(form, "end"))
        return Target(address, anchor, f"{path}#{_id_at(whole, anchor.span)}")
    index = _number(form, "paragraph")
    if index >= len(whole.paragraphs):
        raise BadRequestError(f"This cable has no paragraph at place {index}.")
    name = paragraph_ids(whole.paragraphs)[index]
    paragraph = whole.paragraphs[index]
    words = form.get("words", "").strip()
    if words:
        shown = as_shown(archive, whole, None, session)[0]
        return Target(address, make_anchor(whole, *_find_words(shown, paragraph.spans, words)), f"{path}#{name}")
    if (
        not marks
        and paragraph.number is not None
        and sum(one.number == paragraph.number for one in whole.paragraphs) == 1
    ):
        return Target(f"{address}:{paragraph.number}", None, f"{path}#{name}")
    return Target(address, make_anchor(whole, paragraph.spans[0].start, paragraph.spans[-1].end), f"{path}#{name}")


def _find_words(shown: Cable, spans: tuple[Span, ...], words: str) -> Span:
    """Where words stand in a paragraph as it is shown, whatever its lines and capitals."""
    flow = Flow(shown.text, spans)
    pattern = r"\s+".join(map(re.escape, words[:_MOST_WORDS].split()))
    found = re.search(pattern, flow.text, re.IGNORECASE)
    if found is None:
        raise BadRequestError(
            f"The paragraph has no words {words[:80]!r}.",
            "Give them as they stand there, or none for the whole paragraph.",
        )
    return flow.hull(*found.span())


def _id_at(cable: Cable, span: Span) -> str:
    """The id of the paragraph in which a span begins; of what stands below the text where it is in none."""
    for paragraph, name in zip(cable.paragraphs, paragraph_ids(cable.paragraphs), strict=True):
        if paragraph.spans and paragraph.spans[0].start <= span.start < paragraph.spans[-1].end:
            return name
    return "notes"


def _number(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequestError(f"{name} is {text!r}.", "Select the words again.")
    return int(text)
