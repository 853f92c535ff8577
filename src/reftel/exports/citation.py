"""Cable -> citation: one row of STYLES for each way to cite a telegram."""

from __future__ import annotations

from collections.abc import Callable

from reftel.errors import ReftelError
from reftel.exports.bibtex import bibtex
from reftel.exports.csl import csl_text
from reftel.exports.entry import Entry, entry
from reftel.exports.notes import chicago, turabian
from reftel.exports.ris import ris
from reftel.model import Cable, Record


class Style(Record, frozen=True):
    """One row of STYLES. render: an entry, and the paragraph that is cited or None, to text without a last line break."""

    name: str
    sentence: str
    render: Callable[[Entry, int | None], str]


STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style("chicago", "A full note after the Chicago Manual of Style.", chicago),
        Style("turabian", "A note after Turabian, in her form for unpublished letters.", turabian),
        Style("bibtex", "A BibTeX entry.", bibtex),
        Style("ris", "A RIS record, for Zotero, EndNote and the like.", ris),
        Style("csl", "A CSL-JSON item; of a paragraph, a citation item that holds it.", csl_text),
    )
}


def cite(cable: Cable, style: str, paragraph: int | None = None) -> str:
    """The citation of a cable, or of one of its numbered paragraphs, in a style of STYLES; no line break at its end.

    ReftelError if there is no such style, or the cable has no paragraph of that number.
    """
    if style not in STYLES:
        raise ReftelError(f"There is no citation style {style}. There are: {', '.join(STYLES)}.")
    if paragraph is not None:
        _demand(paragraph, cable)
    return STYLES[style].render(entry(cable), paragraph)


def _demand(paragraph: int, cable: Cable) -> None:
    numbers = sorted({one.number for one in cable.paragraphs if one.number is not None})
    if paragraph in numbers:
        return
    name = cable.id or "This cable"
    if not numbers:
        raise ReftelError(f"{name} has no numbered paragraphs. Cite the whole cable.")
    raise ReftelError(f"{name} has no paragraph {paragraph}: its numbers run from {numbers[0]} to {numbers[-1]}.")
