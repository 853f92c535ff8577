"""The day on which something was said, where the sentence or the meeting it tells of has one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from reftel.extract.statements.drafts import Range
from reftel.extract.statements.sentences import Sentence
from reftel.model import Cable, Span
from reftel.query.view import sent_day
from reftel.tables import month_number, word_class
from reftel.text import Flow

_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_DAY = re.compile(
    rf"\b(?:(?P<month>{_MONTH})\.?\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s{{0,2}}(?:-|to)\s?\d)(?:,?\s{{1,3}}(?P<year>(?:19|20)\d\d))?"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s{{1,3}}(?P<month2>{_MONTH})\b(?:,?\s{{1,3}}(?P<year2>(?:19|20)\d\d))?)",
    re.IGNORECASE,
)
_MONTH_START = re.compile(rf"\b{_MONTH}", re.IGNORECASE)
# What makes a day that of a conversation.
_TALK = re.compile(
    r"\b(?:meeting|meetings|met|meet|lunch|luncheon|dinner|breakfast|call|called|conversation|conversations|discussion|discussions|talks|told|said|visit|"
    r"briefing|briefed|interview|speech|address|remarks|press conference|session|encounter|reception|statement|letter|readout|consultations|demarche|asked|discussed)\b",
    re.IGNORECASE,
)
# Further back than this a day without a year is not looked for.
_LAST_YEAR = timedelta(days=330)
# A conversation longer ago is not what a cable is about.
_RECENT = timedelta(days=31)
# What opens a content with the day on which it was said, and of how many tokens such a phrase is.
_BEFORE_DAY = frozenset(("during", "in", "at", "on", "after"))
_DAY_PHRASE = 5

# A day, ISO, and the words that tell it.
Told = tuple[str, Span]


class Days:
    """The days of one cable's conversations.

    opening: the sentences of its first two paragraphs, each with its flow and what is said in it, as ranges of tokens: a day there
    is that of the whole cable if it is the only one.
    """

    def __init__(self, cable: Cable, opening: Iterable[tuple[Flow, Sentence, list[Range]]]) -> None:
        self.sent, _ = sent_day(cable)
        self._paragraph: Flow | None = None
        self._dated = False  # the paragraph names a month
        self._meeting: Told | None = None  # of the paragraph
        self._only = self._only_meeting(opening) if self.sent is not None else None

    def of(self, flow: Flow, sentence: Sentence, content: list[Range]) -> tuple[str | None, Span | None]:
        """The day of what a sentence reports, ISO, and the words that tell it; (None, None) if nothing does.

        Its own, outside of what is said; else that of the conversation told of in the same paragraph; else the only one of the cable.
        """
        if self.sent is None:
            return None, None
        self._meeting = self._told(flow, sentence, content) or self._meeting
        return self._meeting or self._only or (None, None)

    def _told(self, flow: Flow, sentence: Sentence, content: list[Range]) -> Told | None:
        """The first day of a conversation that a sentence tells outside of what is said in it."""
        if flow is not self._paragraph:
            self._paragraph, self._meeting = flow, None
            self._dated = _MONTH_START.search(flow.text) is not None
        if not self._dated or word_class("month start").isdisjoint(word[:3] for word in sentence.low):
            return None
        held = [_held(sentence, tokens) for tokens in content]
        first, last = sentence.starts[0], sentence.ends[-1]
        for match in _DAY.finditer(flow.text, first, last):
            if any(start <= match.start() < end for start, end in held):
                continue
            day = self._day(match)
            if day is not None and _is_of_talk(flow.text, match, first, last):
                return day, flow.hull(*match.span())
        return None

    def _only_meeting(self, opening: Iterable[tuple[Flow, Sentence, list[Range]]]) -> Told | None:
        """The day of the one conversation that the opening tells of; None if it tells of several or of none."""
        assert self.sent is not None
        found: dict[str, Span] = {}
        for flow, sentence, content in opening:
            told = self._told(flow, sentence, content)
            if told is not None and self.sent - date.fromisoformat(told[0]) <= _RECENT:
                found.setdefault(*told)
        return next(iter(found.items())) if len(found) == 1 else None

    def _day(self, match: re.Match[str]) -> str | None:
        """The day of a match: with its year, or the last such day before the cable was sent; None if there is no such day."""
        assert self.sent is not None
        month = month_number((match["month"] or match["month2"])[:3].upper())
        number = int(match["day"] or match["day2"])
        year = match["year"] or match["year2"]
        if month is None:
            return None
        try:
            if year:
                day = date(int(year), month, number)
            else:
                day = date(self.sent.year, month, number)
                if day > self.sent + timedelta(days=1):
                    day = date(self.sent.year - 1, month, number)
        except ValueError:
            return None
        if day > self.sent + timedelta(days=1) or (self.sent - day > _LAST_YEAR and not year):
            return None
        return day.isoformat()


def _held(sentence: Sentence, tokens: Range) -> tuple[int, int]:
    """Where the days in a content are its own, as flow offsets: not in the first words of "told us May 3 ...", "said in a May 5 call ..."."""
    start, end = tokens
    first = sentence.low[start]
    if first in _BEFORE_DAY or first in word_class("day word"):
        start = min(start + _DAY_PHRASE, end - 1)
    return sentence.starts[start], sentence.ends[end - 1]


def _is_of_talk(text: str, match: re.Match[str], first: int, last: int) -> bool:
    """Whether a word for a conversation stands within some words of a day: "in a May 5 meeting", "told us May 3"."""
    return _TALK.search(text, max(first, match.start() - 60), min(last, match.end() + 45)) is not None
