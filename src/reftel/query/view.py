"""Everything of one cable that can be asked for: the index is made from it, and `match` reads it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from reftel.cite import parse_id
from reftel.model import Addressee, Cable, Span
from reftel.query.dates import day_number
from reftel.query.has import find_has
from reftel.query.tokens import exact_words, fold_pieces
from reftel.tables import Post, find_caption, find_post, find_tag
from reftel.text import one_line

# Places between the last word of a passage and the first of the next, so that no phrase and no `near` joins two.
GAP = 100
SCOPES = ("summary", "comment", "action")
# Behind the name of a number that is a range: its end, where that is not its beginning.
LAST = "-last"
# The kinds of segment that are passages of their own, and the kind of passage they make.
_SEGMENTS = {"subject": "subject", "references": "references", "foreign_cable": "embedded"}
_LABEL = re.compile(r"\s{0,8}(?:SUBJ|REF)[A-Z]{0,12}\s{0,3}:", re.IGNORECASE)


class Passage(NamedTuple):
    """A stretch of the cable's own words.

    kind: subject, attention, references, heading, paragraph or embedded. paragraph: index into cable.paragraphs, or None.
    spans: where it stands, in order; none for a subject that only the carrier gives. See passage_texts.
    """

    kind: str
    paragraph: int | None
    spans: tuple[Span, ...]


class View:
    """What can be asked of one cable, or of one statement (see said.py).

    passages: in the order of the text, first a subject that is not printed. words: of each text field the folded words,
    passage by passage; those of `text` go with `passages`. exact: the words of `text` as printed. terms: of each keyword field its
    normal values. numbers: `date` as yyyymmdd, `length` in words, `section`; no key where the number is not known. statements: the
    views of the cable's statements, in order; none where they were not asked for.

    Passage i of a text field begins at place (words before it) + i * GAP.
    """

    __slots__ = ("exact", "numbers", "passages", "statements", "terms", "words")

    def __init__(
        self,
        passages: list[Passage],
        words: dict[str, list[list[str]]],
        exact: frozenset[str],
        terms: dict[str, frozenset[str]],
        numbers: dict[str, int],
        statements: tuple[View, ...] = (),
    ) -> None:
        self.passages = passages
        self.words = words
        self.exact = exact
        self.terms = terms
        self.numbers = numbers
        self.statements = statements


def view_cable(cable: Cable, carriers: Collection[str] = ()) -> View:
    """The view of a cable. carriers: the readers of all its witnesses; none given means the cable's own."""
    passages = find_passages(cable)
    texts = [passage_texts(cable, passage) for passage in passages]
    folded = fold_pieces([" ".join(pieces) for pieces in texts])  # the blank keeps the words of two pieces apart
    sender = sender_post(cable)
    words = {
        "text": folded,
        "subject": [w for p, w in zip(passages, folded, strict=True) if p.kind == "subject"],
        "heading": [w for p, w in zip(passages, folded, strict=True) if p.kind == "heading"],
        **_scopes(cable, passages, folded),
        **_names(cable, sender),
    }
    numbers = {"length": sum(map(len, folded)), "section": cable.sections or 1}
    day, _ = sent_day(cable)
    if day is not None:
        numbers["date"] = day_number(day)
    exact = frozenset(exact_words("\n".join([piece for pieces in texts for piece in pieces])))
    return View(passages, words, exact, _terms(cable, sender, carriers), numbers)


def find_passages(cable: Cable) -> list[Passage]:
    """The passages of a cable in the order of its text; see Passage."""
    found = [Passage("paragraph", i, p.spans) for i, p in enumerate(cable.paragraphs) if p.spans]
    found += [Passage("heading", None, (note.span,)) for note in cable.headings]
    found += [Passage("attention", None, (note.span,)) for note in cable.attention]
    spans: dict[str, list[Span]] = {}
    for kind, span in [(s.kind, s.span) for s in cable.segments if s.kind in _SEGMENTS]:
        spans.setdefault(kind, []).append(span)
    for kind, pieces in spans.items():
        if kind == "foreign_cable":
            found += [Passage("embedded", None, (span,)) for span in pieces]
        else:
            found.append(Passage(_SEGMENTS[kind], None, (_without_label(cable.text, pieces[0]), *pieces[1:])))
    found.sort(key=lambda passage: passage.spans[0].start)
    if "subject" not in spans and _subject(cable):
        found.insert(0, Passage("subject", None, ()))
    return found


def passage_texts(cable: Cable, passage: Passage) -> list[str]:
    """The text of a passage, piece by piece: words never run on over a page break that was cut out."""
    if passage.spans:
        text = cable.text
        return [text[start:end] for start, end in passage.spans]
    return [_subject(cable)]


def sender_post(cable: Cable) -> Post | None:
    """The post that sent the cable: of the FM line, else the carrier's word, else the station of the id.

    Always under its main station, also where the cable prints another (KIEV is KYIV). None if no such post is known.
    """
    parsed = parse_id(cable.id) if cable.id else None
    printed = cable.origin.post if cable.origin else None
    for name in (printed, cable.source.claims.origin, parsed.post if parsed else None):
        post = main_post(name) if name else None
        if post is not None:
            return post
    return None


def sender_name(cable: Cable) -> str | None:
    """The sender's name: of the post that sender_post finds, else as the carrier or the FM line has it. None if nobody tells."""
    post = sender_post(cable)
    if post is not None:
        return post.name
    return cable.source.claims.origin or (cable.origin.plad if cable.origin else None)


def sent_day(cable: Cable) -> tuple[date | None, bool]:
    """The day of the date-time group, in UTC, else of the carrier's date, and whether only the carrier tells it."""
    for printed, only_claimed in ((cable.dtg, False), (cable.source.claims.date, True)):
        try:
            return date.fromisoformat((printed or "")[:10]), only_claimed
        except ValueError:
            continue
    return None, False


@lru_cache(maxsize=16384)
def main_post(name: str) -> Post | None:
    """The post of that name or spelling under its main station; None if find_post knows none."""
    post = find_post(name)
    return find_post(post.name) if post is not None else None


def post_terms(post: Post) -> tuple[str, str]:
    """The values by which a post is found: `post:LONDON`, `country:united kingdom`."""
    return f"post:{post.key}", country_term(post.country)


def country_term(country: str) -> str:
    """The value by which a country's posts are found."""
    return f"country:{country.lower()}"


@lru_cache(maxsize=16384)
def tag_value(tag: str) -> str:
    """A tag as a value: its code if the tables know it, else as printed, in upper case with single blanks."""
    known = find_tag(tag)
    return known.code if known is not None else one_line(tag.upper())


@lru_cache(maxsize=16384)
def caption_value(caption: str) -> str:
    """A caption as a value: the word of the tables if they know it, else as printed in upper case."""
    known = find_caption(caption)
    return known["word"] if known is not None else one_line(caption.upper())


def _subject(cable: Cable) -> str:
    return cable.subject or cable.source.claims.subject or ""


def _without_label(text: str, span: Span) -> Span:
    """The span without its "SUBJECT:" or "REF:", which would else be a word of every cable."""
    label = _LABEL.match(text, *span)
    return Span(label.end(), span.end) if label is not None else span


def _scopes(cable: Cable, passages: list[Passage], folded: list[list[str]]) -> dict[str, list[list[str]]]:
    """The words of summary, comment and action: of its scopes, paragraph by paragraph, else of its paragraphs."""
    paragraphs = cable.paragraphs
    starts = [p.spans[0].start for p in passages if p.kind == "paragraph"]
    found: dict[str, list[list[str]]] = {kind: [] for kind in SCOPES}
    kinds: list[str] = []
    texts: list[str] = []
    for scope in cable.scopes:
        if scope.kind not in found:
            continue
        for _, spans in groupby(scope.spans, lambda span: bisect_right(starts, span.start)):
            kinds.append(scope.kind)
            texts.append(" ".join([cable.text[start:end] for start, end in spans]))
    for kind, words in zip(kinds, fold_pieces(texts), strict=True):
        found[kind].append(words)
    scoped = set(kinds)
    for passage, words in zip(passages, folded, strict=True):
        if passage.paragraph is not None:
            for kind in paragraphs[passage.paragraph].role:
                if kind in found and kind not in scoped:
                    found[kind].append(words)
    return found


def _names(cable: Cable, sender: Post | None) -> dict[str, list[list[str]]]:
    """The words of signer, classifier, sender and addressees: of each the print, then the name of its post."""
    by = cable.classified_by
    origin = [cable.origin.plad] if cable.origin is not None else []
    origin += [cable.source.claims.origin] if cable.source.claims.origin else []
    return {
        "signer": _fold_each([cable.signer or ""]),
        "classified-by": _fold_each([by.name or "", by.title or ""] if by is not None else []),
        "from": _fold_each([*origin, sender.name if sender is not None else ""]),
        "to": _fold_each(_address_lines(cable.to)),
        "info": _fold_each(_address_lines(cable.info)),
    }


def _address_lines(addressees: tuple[Addressee, ...]) -> Iterator[str]:
    for addressee in addressees:
        yield f"{addressee.plad} {addressee.offices}" if addressee.offices else addressee.plad
        yield addressee.post or ""


def _fold_each(lines: Iterable[str]) -> list[list[str]]:
    """The words of each line, a line once; one passage each."""
    return [words for words in fold_pieces(list(dict.fromkeys(lines))) if words]


def _terms(cable: Cable, sender: Post | None, carriers: Collection[str]) -> dict[str, frozenset[str]]:
    claimed = cable.source.claims.id
    return {
        "from": frozenset(post_terms(sender)) if sender is not None else frozenset(),
        "to": _addressee_terms(cable.to),
        "info": _addressee_terms(cable.info),
        "tag": frozenset(map(tag_value, cable.tags)),
        "class": frozenset([cable.classification.upper()] if cable.classification else ()),
        "caption": frozenset(map(caption_value, cable.captions)),
        "ref": frozenset([r.target for r in cable.references if r.target]),
        "mark": frozenset([m.marking for m in cable.portion_marks]),
        "has": find_has(cable),
        "defect": frozenset([d.code for d in cable.defects]),
        "precedence": frozenset(cable.precedence),
        "id": frozenset(filter(None, (cable.id, claimed and one_line(claimed.upper())))),
        "carrier": frozenset(carriers or (cable.source.reader,)),
    }


def _addressee_terms(addressees: tuple[Addressee, ...]) -> frozenset[str]:
    posts = [main_post(a.post) for a in addressees if a.post]
    return frozenset([value for post in posts if post is not None for value in post_terms(post)])
