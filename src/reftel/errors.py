"""What can go wrong: ReftelError for a user's mistake, DEFECTS for what is odd in a document.

Our own bugs are neither: they crash.
"""

from __future__ import annotations


class ReftelError(Exception):
    """A mistake the user can mend; the message is one or two sentences that say what to do."""


class UnreadableError(ReftelError):
    """A file that no reader recognises, or that more than one recognises equally."""


class RefusedError(ReftelError):
    """A file that is refused for safety: a bomb, a member outside its archive, binary junk."""


class ProtectedError(ReftelError):
    """What would tell who a protected source is."""


class AmbiguousError(ReftelError):
    """A name that fits several. candidates: what names each of them."""

    def __init__(self, message: str, candidates: tuple[str, ...]) -> None:
        super().__init__(message)
        self.candidates = candidates


DEFECTS = {
    # the carrier and the print
    "id-malformed": "The carrier's id is malformed; the true one was rebuilt from the print.",
    "id-disagrees": "The carrier's id and the cable's own class line disagree.",
    "date-disagrees": "The carrier's date and the printed date-time group are on different days.",
    "classification-disagrees": "The carrier's classification and the cable's own class line disagree.",
    "subject-disagrees": "The carrier's subject is not how the printed subject begins.",
    # contradictions inside the print
    "julian-disagrees": "The Julian day of the DE line and the date-time group are more than a day apart.",
    "serial-disagrees": "The serial of the DE line and the cable's own serial disagree.",
    "year-disagrees": "The year of the date-time group and the year of the id disagree.",
    "section-count-disagrees": "The section marks in the text and the section count of the class line disagree.",
    "section-missing": "A section that the section marks announce is not in the text.",
    "section-marks-missing": "The class line counts several sections, but the marks between them are gone.",
    "page-missing": "A page that the page marks announce is not in the text.",
    "paragraph-gap": "A paragraph number is skipped.",
    "paragraph-repeated": "A paragraph number stands twice.",
    "mark-above-class": "A portion mark is higher than the classification of the whole cable.",
    "eo-number": "The number of the executive order is not one that ever governed classification.",
    "declassify-year": "The declassification date is not later than the cable itself.",
    # what is missing
    "missing-header": "No transmission header is printed.",
    "missing-header-lines": "Lines of the transmission header are missing.",
    "missing-dtg": "No date-time group is printed.",
    "missing-class-line": "No classification line is printed.",
    "missing-eo": "No executive-order line is printed.",
    "missing-tags": "No TAGS line is printed.",
    "missing-subject": "No subject line is printed.",
    "missing-signature": "No signature is printed.",
    "missing-text": "The record has no text below its header.",
    # damage
    "partial-extract": "The carrier says that this is a partial extract of the cable.",
    "truncated-text": "The text breaks off.",
    "truncated-copy": "A cut copy of the cable stands in front of the full one.",
    "lost-text": "Text is lost at the end of the paragraph: it ends without a full stop before a blank line.",
    "foreign-cable": "The text of another cable stands under this id.",
    "flattened": "The line breaks of the body are lost.",
    "glued-fields": "Fields of the head stand on one line without anything between them.",
    "class-line-damaged": "Letters of the classification line are lost, doubled or garbled.",
    "injected-line": "A line that is not the drafter's stands inside the text.",
    "false-pilcrow": "A paragraph sign was put before a number that is no paragraph number.",
    "cancelled": "The message cancels itself or a duplicate and has no text of its own.",
    "reference-missplit": "The software that sent the cable split its references in the wrong places.",
    "reference-ambiguous": "More than one cable fits a reference; none is chosen.",
    "control-characters": "The text holds control characters that no telegram has.",
    "encoding-guessed": "The encoding of the file is not declared and was guessed.",
    # the archive
    "id-collides": "Another cable of the archive has the same id and a different text.",
    "unnamed-text": "A stretch of the text fits no part of a cable.",
}
