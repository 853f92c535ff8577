"""A news site's page of a cable, as text or as HTML: the cable stays, the page round it becomes furniture.

Furniture is told by where it stands and how it is built, never by what today's headlines say: what precedes
the title, an `Advertisement` line and the promotion below it, the copyright line and all that follows. When
a block could as well be the cable's, it is left to the cable. The cable's own numbered paragraphs and
telegraph lines are never furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from reftel.model import Claims, Repair, Segment, Span
from reftel.readers.base import CERTAIN, NO, PLAUSIBLE, Delivery
from reftel.readers.dump import sniff_dump
from reftel.readers.page import is_html, visible_text
from reftel.readers.site import sniff_site
from reftel.readers.telegram import CABLE_LINE, CABLE_WORDS, sniff_telegram

_TOP_LINES = 60  # the title stands among the first lines that are not blank
_PROMOTION = 260  # characters; a cable's paragraph on one line is longer

# `Cablegate: Lower House Votes`, `Leaked cable: ...`: the label speaks of cables or leaks.
_TITLE = re.compile(
    r"[ \t]*(?:[a-z]{1,12} )?(?:cables?|cablegate|wikileaks|leaks?)[ \t]?[:\u2013\u2014][ \t]*(\S.*)", re.I
)
_NUMBERED = re.compile(r"[ \t]*¶?[ \t]*\d{1,3}\.[ \t]*(?:\(|[A-Z\"“])|[ \t]*¶")
_NUMBER = re.compile(r"[ \t]*¶?[ \t]*(\d{1,3})\.[ \t]")
_MARKED = re.compile(r"^[ \t]*+¶?[ \t]*+\d{1,3}\.[ \t]{0,12}\((?:C|S|U|SBU|C/NF|S/NF)\)", re.MULTILINE)
_BREAK = re.compile(r"[ \t]*[A-Z][A-Z ]{2,12} \d{8}[ ]{1,3}\d{3}(?:\.\d{1,2})? OF \d{3}\b")
_HEAD_FIELD = re.compile(
    r"[ \t]*(?:E\.?O\.? ?\d{5}|TAGS?:|SUBJECT:|SUBJ:|REFS?[: (]|SIPDIS|NOFORN|SENSITIVE\b|CLASSIFIED BY\b)",
    re.I,
)
# What may stand between the title and the cable: a date line, a by-line and the name it credits.
_DATELINE = re.compile(
    r"[ \t]*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?|\d{1,2}(?:st|nd|rd|th)?)[ ]?(?:\d{1,2} )?"
    r"[a-z]{3,9}[ ,]{0,2}(?:\d{1,2}, ?)?\d{4}\b.{0,40}\Z",
    re.I,
)
_BYLINE = re.compile(
    r"[ \t]*(?:(?i:by) [A-Z].{0,60}|(?i:cable|source|author|published|posted|updated|filed|article)[ \t]*:.{0,80}"
    r"|(?i:published|posted|updated|filed)\b.{0,40}\d.{0,40})\Z"
)
_CREDIT = re.compile(r"[ \t]*(?:by|cable|source|author)[ \t]?:?[ \t]*(\S.{0,60})", re.I)

# A bare "Advertising" or "Sponsored by Tehran" can be a cable's heading.
_ADVERT = re.compile(
    r"[ \t]*\W{0,3}(?:advertisement|(?:advertise?ments?|advertising)[ \t]*[\u2013\u2014|:(-].{0,60}"
    r"|(?:sponsored|promoted|paid) (?:content|links?|post))\W{0,3}\Z",
    re.I,
)
_GOES_ON = re.compile(
    r"[ \t]*\W{0,3}(?:(?:story|article) continues? (?:below|after)\b"
    r"|scroll (?:down )?to (?:continue|read)\b|(?:keep|continue) (?:scrolling|reading)\b).{0,40}\Z",
    re.I,
)
# Sure enough to be taken out of a block of several lines.
_ADVERT_LINE = re.compile(r"[ \t]*advertisement\W{1,5}(?:scroll|story|article|continue)\b.{0,40}\Z", re.I)
# Never a bare "(c)": that is a portion mark.
_COPYRIGHT = re.compile(
    r"[ \t]*(?:copyright[ \t]*)?(?:©|(?<=ght )\(c\)|\(c\) (?=(?:19|20)\d\d\b[^.]*\Z)).{0,100}\Z"
    r"|[ \t]*copyright\b.{0,80}\ball rights reserved.{0,20}\Z",
    re.I,
)
# What is offered, and the reader being addressed.
_OFFER = re.compile(
    r"\b(?:news-?letters?|subscribe|subscribers?|subscriptions?|inbox|sign(?:ing|ed)? up|log ?in|donate"
    r"|membership|paywall|licen[cs]es? (?:needed|required)|register|podcasts?|apps?|alerts?"
    r"|whatsapp|facebook|twitter|instagram|(?:daily|weekly|morning) (?:briefing|digest|e-?mail))\b",
    re.I,
)
_INVITES = re.compile(r"\W{0,3}(?:subscribe|sign up|register|log in|donate|join|follow|download|get)\b", re.I)
_ADDRESS = re.compile(r"\b(?:[Yy]ou|YOU|[Yy]ours?|YOURS?|[Oo]ur|OUR|us)\b|\b(?i:now|here)\W{0,3}\Z")
_TEASER = re.compile(r".{80,}(?:\bMore|\bRead more|»|…)[ \t]*\Z")


class _Block(NamedTuple):
    """Lines between blank lines. span: of its lines, the last line end included."""

    lines: tuple[str, ...]
    span: Span


def sniff_news(text: str) -> int:
    """CERTAIN for a page with a `Cablegate:`-like title or advert and copyright lines, round a cable.

    A plain HTML page with a cable in it is PLAUSIBLE; a text without any page noise is none.
    """
    if sniff_dump(text) or sniff_site(text):
        return NO  # whatever was pasted into them, those carriers are no news site
    if is_html(text):
        visible, _ = visible_text(text)
        if _has_noise(visible):
            return CERTAIN if _holds_cable(visible, marked=1) else NO
        return PLAUSIBLE if _holds_cable(visible, marked=2) else NO
    return CERTAIN if _has_noise(text) and _holds_cable(text, marked=1) else NO


def read_news(text: str) -> Delivery:
    """The page's text (of HTML: the visible text of its main part), what the site added as furniture.

    claims.subject: the title as displayed, without its label. The site's own damage to the cable (lines of
    one word or of capitals are lost) is not mended here.
    """
    repairs: tuple[Repair, ...] = ()
    if is_html(text):
        visible, main = visible_text(text)
        left_out = max(len(text) - len(visible), 0)
        repairs = (Repair("visible-text", f"{main} taken, {left_out:,} characters of page left out"),)
        text = visible
    title, pieces = _find_furniture(text)
    return Delivery(
        text=text,
        claims=Claims(subject=title),
        furniture=tuple(Segment("furniture", span) for span in _joined(pieces, text)),
        repairs=repairs,
    )


def page_text(text: str) -> str:
    """What read_news delivers of a decoded page, for readers.replay."""
    return visible_text(text)[0]


def _holds_cable(text: str, marked: int) -> bool:
    """Whether a cable is in the text; where the site lost its head, so many marked paragraphs tell."""
    if sniff_telegram(text):
        return True
    return sum(1 for _ in islice(_MARKED.finditer(text), marked)) == marked


def _has_noise(text: str) -> bool:
    blocks = list(_blocks(text))
    if _title_of(blocks) is not None:
        return True
    singles = [block.lines[0] for block in blocks if len(block.lines) == 1]
    adverts = sum(bool(_ADVERT.match(line)) for line in singles)
    copyrights = sum(bool(_COPYRIGHT.match(line)) for line in singles)
    return adverts + copyrights >= 2


def _find_furniture(text: str) -> tuple[str | None, list[Span]]:
    """The title and the spans of all that is the site's, in order."""
    blocks = list(_blocks(text))
    begin, title, top = _find_top(blocks, text)
    end = _find_end(blocks, begin)
    spans = list(top)
    after_advert = False
    for block in blocks[begin:end]:
        adverts = [span for line, span in _lines(block, text) if _ADVERT_LINE.match(line)]
        if len(block.lines) > 1 and adverts:
            spans.extend(adverts)
            after_advert = False
            continue
        after_advert = not _is_cable(block) and (_is_advert(block) or _is_promotion(block, after_advert))
        if after_advert:
            spans.append(block.span)
    if end < len(blocks):
        spans.append(Span(blocks[end].span.start, blocks[-1].span.end))
    return title, spans


def _find_top(blocks: list[_Block], text: str) -> tuple[int, str | None, list[Span]]:
    """The first block that may be the cable's, the title, and the furniture before that block."""
    labelled = _title_of(blocks)
    if labelled is None:
        first = next((i for i, block in enumerate(blocks) if _is_cable(block)), 0)
        if first == 0 or sum(len(block.lines) for block in blocks[:first]) > _TOP_LINES:
            return 0, None, []
        title = _unlabelled_title(blocks[:first])
        if title is None:
            return 0, None, []
        return first, title, [Span(blocks[0].span.start, blocks[first - 1].span.end)]
    number, row, title = labelled
    block = blocks[number]
    # Title, by-line and cable may stand without a blank line between them.
    start = block.span.start
    lines = text[start : block.span.end].splitlines(keepends=True)
    end = start + sum(len(line) for line in lines[: row + 1])
    credited: str | None = None
    for i in range(number, len(blocks)):
        rest = lines[row + 1 :] if i == number else text[slice(*blocks[i].span)].splitlines(keepends=True)
        at = end if i == number else blocks[i].span.start
        for line in rest:
            plain = line.strip()
            known = _DATELINE.match(plain) or _BYLINE.match(plain) or (credited and plain == credited)
            if not known or _line_is_cable(line):
                return i if at == blocks[i].span.start else i + 1, title, [Span(blocks[0].span.start, end)]
            if by := _CREDIT.match(plain):
                credited = by[1].strip()
            at += len(line)
            end = at
    return len(blocks), title, [Span(blocks[0].span.start, end)]


def _title_of(blocks: list[_Block]) -> tuple[int, int, str] | None:
    """Block, line and wording of a labelled title above the first line that is the cable's."""
    seen = 0
    for number, block in enumerate(blocks):
        for row, line in enumerate(block.lines):
            if (found := _TITLE.match(line)) and len(line) <= 300 and not _BYLINE.match(line):
                return number, row, found[1].strip()
            if _line_is_cable(line) or seen > _TOP_LINES:
                return None
            seen += 1
    return None


def _unlabelled_title(blocks: list[_Block]) -> str | None:
    """The last line in Title Case above the cable, on its own and no date line, by-line or promotion."""
    for block in reversed(blocks):
        line = block.lines[0].strip()
        if len(block.lines) > 1 or _DATELINE.match(line) or _BYLINE.match(line):
            continue
        if _is_title_case(line) and not _is_advert(block) and not _is_promotion(block, after_advert=True):
            return line
    return None


def _is_title_case(line: str) -> bool:
    long_words = [word for word in re.findall(r"[A-Za-z]+", line) if len(word) > 3]
    capitalised = sum(word[0].isupper() and not word.isupper() for word in long_words)
    return len(long_words) >= 3 and capitalised >= 0.6 * len(long_words) and len(line) <= 200 and line[-1] != "."


def _find_end(blocks: list[_Block], begin: int) -> int:
    """The block from which on all is the site's: its copyright line, or an advert with teasers below it.

    Only where the cable does not go on below: no marked paragraph, section break or telegraph line follows,
    nor the next paragraph by number. (`1. Most read` below paragraph 14 is the site's.)
    """
    numbers = [next((number for line in block.lines if (number := _number(line))), 0) for block in blocks]
    following = [0] * (len(blocks) + 1)  # the next number at or below each block
    teasers = [False] * (len(blocks) + 1)  # whether a teaser stands there
    for i in range(len(blocks) - 1, -1, -1):
        following[i] = numbers[i] or following[i + 1]
        teasers[i] = teasers[i + 1] or (len(blocks[i].lines) == 1 and bool(_TEASER.match(blocks[i].lines[0])))
    sure = (i for i in range(len(blocks) - 1, -1, -1) if any(map(_line_is_surely_cable, blocks[i].lines)))
    begin = max(begin, next(sure, -1) + 1)
    number = next((numbers[i] for i in range(begin - 1, -1, -1) if numbers[i]), 0)
    ends: dict[bool, int] = {}
    for i in range(begin, len(blocks)):
        goes_on = 0 < following[i] == number + 1
        number = numbers[i] or number
        if goes_on:
            continue
        is_copyright = len(blocks[i].lines) <= 2 and bool(_COPYRIGHT.match(blocks[i].lines[0]))
        if is_copyright or (_is_advert(blocks[i]) and teasers[i + 1]):
            ends.setdefault(is_copyright, i)
    return ends.get(True, ends.get(False, len(blocks)))


def _number(line: str) -> int:
    found = _NUMBER.match(line)
    return int(found[1]) if found else 0


def _line_is_surely_cable(line: str) -> bool:
    return bool(_MARKED.match(line) or _BREAK.match(line) or CABLE_LINE.match(line) or CABLE_WORDS.search(line))


def _is_advert(block: _Block) -> bool:
    line = block.lines[0]
    return bool(_ADVERT.match(line) or _GOES_ON.match(line) or _COPYRIGHT.match(line)) and (
        len(block.lines) == 1 or _is_promotion(_Block(block.lines[1:], block.span), after_advert=True)
    )


def _is_promotion(block: _Block, after_advert: bool) -> bool:
    """Whether the block offers the reader of the page something to read, join or pay for.

    Below an advert one offer is enough; elsewhere, where a cable may speak of newspapers and their readers,
    there must be two, in one line.
    """
    words = " ".join(block.lines)
    if len(block.lines) > (2 if after_advert else 1) or len(words) > _PROMOTION:
        return False
    offers = {found.lower() for found in _OFFER.findall(words)}
    addresses = {found.lower() for found in _ADDRESS.findall(words)}
    if after_advert and offers and _INVITES.match(words):
        return True  # "Subscribe to Scoop's ..." need not say "you"
    return len(offers) >= (1 if after_advert else 2) and len(addresses) >= (1 if after_advert else 2)


def _is_cable(block: _Block) -> bool:
    return any(_line_is_cable(line) for line in block.lines)


def _line_is_cable(line: str) -> bool:
    return bool(_NUMBERED.match(line) or _HEAD_FIELD.match(line)) or _line_is_surely_cable(line)


def _blocks(text: str) -> Iterator[_Block]:
    lines: list[str] = []
    start = at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            if not lines:
                start = at
            lines.append(line.rstrip("\r\n"))
        elif lines:
            yield _Block(tuple(lines), Span(start, at))
            lines = []
        at += len(line)
    if lines:
        yield _Block(tuple(lines), Span(start, at))


def _lines(block: _Block, text: str) -> Iterator[tuple[str, Span]]:
    """The lines of a block with their spans, line ends included."""
    at = block.span.start
    for line in text[at : block.span.end].splitlines(keepends=True):
        yield line.rstrip("\r\n"), Span(at, at + len(line))
        at += len(line)


def _joined(spans: list[Span], text: str) -> Iterator[Span]:
    """Spans with nothing but white space between them made one."""
    held: Span | None = None
    for span in spans:
        if held is not None and not text[held.end : span.start].strip():
            held = Span(held.start, span.end)
            continue
        if held is not None:
            yield held
        held = span
    if held is not None:
        yield held
