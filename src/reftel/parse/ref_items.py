"""The single references of a REF entry: cables by year, station and number, lists, other things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from reftel.cite import full_year, match_print
from reftel.parse.ref_labels import Entry
from reftel.tables import find_post, near_post


class Item(NamedTuple):
    """One thing cited, [start, end) of the block; station and digits are None where it has no cable's number.

    station: id key of a known post, else as printed. year: as printed, or of the list it stands in.
    last: the last serial of a range "100-103".
    """

    label: str | None
    start: int
    end: int
    station: str | None = None
    digits: str | None = None
    year: int | None = None
    last: int | None = None


def find_items(text: str, entries: tuple[Entry, ...], year: int | None) -> Iterator[Item]:
    """The references of all entries in order.

    year: of the citing cable, to tell a year after the number from a list: "LIMA 4516 06".
    """
    previous: Item | None = None
    for i, entry in enumerate(entries):
        for item in _split_entry(text, entry, previous, year, is_last=i == len(entries) - 1):
            if item.digits is not None:
                previous = item
            yield item


def cites_cable(text: str, at: int) -> bool:
    """Whether a cable of a known post is cited at `at`, blanks and brackets before it aside."""
    return _read_known(text, _skip(text, at, len(text)), len(text)) is not None


def can_be_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch holds a number or the name of a paper, as every entry does."""
    start = max(start, end - _WHOLE)
    return _DIGIT.search(text, start, end) is not None or _OTHER.search(text, start, end) is not None


_DIGIT = re.compile(r"\d")
_WHOLE = 160
QUALIFIERS = re.compile(
    r"\b(?:(?:ALL\s++)?NOTAL|AND\s++(?:PREVIOUS|PRIOR|OTHERS|SUBSEQUENT|SERIES)|ET\.?\s?AL\b\.?|EXDIS|NODIS|LIMDIS|STADIS)",
    re.IGNORECASE,
)
# What stands between two references; "REF:" may be repeated inside.
_AND = r"\bAND\b(?!\s++(?:PREVIOUS|PRIOR|OTHERS|SUBSEQUENT|SERIES)\b)"
_BETWEEN = rf"(?:[\s;,:.&/|)\]-]|{_AND}|\bREF(?:TEL)?S?\b[ ]?[:.])*+"
_SKIP = re.compile(_BETWEEN, re.IGNORECASE)
_TRAILING = re.compile(r"(?:[\s;,:.&/|-]|(?<!\S)AND\b)++\Z", re.IGNORECASE)
_SEPARATORS = " \n;,:.&/|-"
_LONGEST_TAIL = 200


def _split_entry(text: str, entry: Entry, previous: Item | None, year: int | None, is_last: bool) -> Iterator[Item]:
    at = _skip(text, entry.start, entry.end)
    listed: Item | None = None  # the cable whose list goes on
    while at < entry.end:
        item = _read_item(text, at, entry, listed, previous, year)
        if item.digits is not None and _is_last_word(text, item.end, entry.end):
            yield item._replace(label=entry.label)
            return
        stop, following = _find_next(text, item, entry.end)
        if is_last and following >= entry.end and item.digits is not None:
            stop = _before_new_line(text, item.end, stop)
        tail = text[max(item.end, stop - _LONGEST_TAIL) : stop]
        trailing = _TRAILING.search(tail)
        stop -= len(trailing[0]) if trailing is not None else 0
        if tail[: stop - item.end] == ")":  # "(A) LIMA 160), (B) ..."
            stop -= 1
        yield item._replace(label=entry.label, end=stop)
        if item.digits is not None:
            listed = item
        at = _skip(text, following, entry.end)


def _is_last_word(text: str, at: int, end: int) -> bool:
    """The plain case: nothing follows in the entry but white space and stops."""
    return end - at <= _LONGEST_TAIL and not text[at:end].strip(_SEPARATORS)


def _skip(text: str, at: int, end: int) -> int:
    match = _SKIP.match(text, at, end)
    return match.end() if match is not None else at


def _read_item(text: str, at: int, entry: Entry, listed: Item | None, previous: Item | None, year: int | None) -> Item:
    """The reference that begins at `at`, as far as its number; of no length where it has none."""
    item = (
        _read_known(text, at, entry.end)
        or _read_misspelt(text, at, entry.end)
        or _read_bare(text, at, entry.end, listed or previous, listed is not None)
    )
    if item is None and _OTHER.search(text, at, _line_end(text, at, entry.end)) is None:
        item = _read_unknown(text, at, entry.end)
    if item is None:
        report = _REPORT.match(text, at, entry.end)
        return Item(None, at, report.end() if report is not None else at)
    return _read_tail(text, item, entry.end, year)


def _read_known(text: str, at: int, end: int) -> Item | None:
    found = match_print(text, at, end)
    if found is None:
        return None
    post = find_post(found.station) or find_post(_AROUND_STATION.sub("", found.station))
    return Item(None, at, found.end, post.key, found.digits, found.year) if post is not None else None


def _read_misspelt(text: str, at: int, end: int) -> Item | None:
    found = match_print(text, at, end)
    if found is None or not _WORDS.fullmatch(found.station):
        return None
    station = found.station.replace("0", "O")
    post = find_post(station) or near_post(station)
    return Item(None, at, found.end, post.key, found.digits, found.year) if post is not None else None


def _read_unknown(text: str, at: int, end: int) -> Item | None:
    """A number of a sender the tables do not know: "SECDEF 122723"."""
    found = match_print(text, at, end)
    if found is None or not _UNKNOWN.fullmatch(found.station) or _NO_STATION.search(found.station):
        return None
    is_glued = not text[found.end - len(found.digits) - 1].isspace()
    if is_glued or (found.year is None and len(found.digits) < 2):
        return None
    return Item(None, at, found.end, found.station, found.digits, found.year)


def _read_bare(text: str, at: int, end: int, model: Item | None, in_list: bool) -> Item | None:
    """A number alone: the next of a list, "PARIS 5459 AND 5460", or all of an entry (06CALCUTTA389)."""
    match = _BARE.match(text, at, end)
    if match is None:
        return None
    if not in_list and (len(match[0]) < 3 or _NOTHING_MORE.match(text, match.end(), end) is None):
        return None
    if model is None:
        return Item(None, at, match.end(), None, match[0])
    return Item(None, at, match.end(), model.station, match[0], model.year)


_NOTHING_MORE = re.compile(r"(?:[\s;,.)]|\((?:ALL\s)?NOTAL\))*+\Z", re.IGNORECASE)
# Words before and behind a station that are none of it.
_AROUND_STATION = re.compile(
    r"^(?:(?:SEE|ALSO|AND|IN|PER|PLUS|CABLE|REF[A-Z]?)\s)++|\s(?:NO\.?|NUMBER|CABLE|TELEGRAM)$", re.IGNORECASE
)
_WORDS = re.compile(r"(?:[^\W\d_]|[\s.'’])++0?")
_UNKNOWN = re.compile(r"[^\W\d_]{3,}+(?:\s[^\W\d_]{2,}+)?+")
_BARE = re.compile(r"\d{1,8}(?![\dZ]|[/.-]\d)(?=\s*+(?:\Z|[;,.()&/\n-]|AND\b|(?:ALL\s)?NOTAL\b))", re.IGNORECASE)
# Words that stand before a number without being a station.
_NO_STATION = re.compile(
    r"\b(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\b"
    r"|\b(?:OF|ON|FOR|FROM|TO|WITH|THE|AND|IN|BY|DTG|IIR|TDX?|OSC|FBIS|NO|PARA|PART|PAGE|FY|E\.?O|UNSCR|RESOLUTION|ARTICLE|SECTION|ITEM|MTG|MEETING|MEMO|NOTE|LETTER|LTR)\b|TEL$",
    re.IGNORECASE,
)
# What shows that a line names something other than a cable by number.
_OTHER = re.compile(
    r"E-?\s?MAIL|\bTELE?CON|\bPHONE|\bTELEPHONE|\bS?VTC\b|\bDVC\b|(?-i:\b(?:DAILY|Daily|POINTS|Points)\b)"
    r"|\bIIR\b|\bTDX?\s?-|\bOSC\b|\bFBIS\b|\bAIRGRAM\b|\b(?:CA|A)-\d|\bSEPTEL|\bLETTER\b|\bMEMO|\bDTG\b|\bO/I\b",
    re.IGNORECASE,
)
# An intelligence report's number: one digit, three, four and two of the year (10CAIRO255).
_REPORT = re.compile(r"[^\n;]{0,40}?\bIIR\s?(?:\d\s?){9}\d(?!\d)", re.IGNORECASE)
_PROSE = re.compile(r"(?:\b[a-z]{2,}+\s){3}")
_LINE = re.compile(r"[^\n;]{0,160}+")


def _line_end(text: str, at: int, end: int) -> int:
    match = _LINE.match(text, at, end)
    return match.end() if match is not None else at


_YEAR_SUFFIX = re.compile(
    r"\s?+\((?P<bracket>(?:19|20)?\d\d)\)|/(?P<slash>(?:19|20)?\d\d)(?![\d/])"
    r"|\s++(?P<bare>(?:19|20)\d\d|\d\d)(?=\s*+(?:\Z|[;,(\n]|AND\b))"
    r"|\s?,?\s?\(?DTG:?\s?\d{6}Z\s?[A-Z]{3}\s?(?P<dtg>\d\d)\b",
    re.IGNORECASE,
)
_REST_OF_NUMBER = re.compile(r" (\d{1,4})(?=\s*+(?:\Z|[;,)(\n]))")
_YEAR_INFIX = re.compile(r"\s(\d{3,6})(?!\d)")
_RANGE = re.compile(r"[ ]?(?:[-–]|THRU|THROUGH|TO)[ ]?(\d{1,8})(?=\s*+(?:\Z|[;,.)(\n]|AND\b|NOTAL\b))", re.IGNORECASE)
_OLDEST_SUFFIX = 15
_CLEARLY_SERIAL = 3


def _read_tail(text: str, item: Item, end: int, citing_year: int | None) -> Item:
    """The item with the year, the rest of a range or of a broken number that follow its digits."""
    assert item.digits is not None
    if _DIGIT.search(text, item.end, end) is None:  # each of these has a number
        return item
    broken = _REST_OF_NUMBER.match(text, item.end, end)
    if broken is not None and len(item.digits) == 1 and text[item.end - 2].isalpha():
        # the blank slipped: "Sao Paulo4 2" (06SAOPAULO551)
        return item._replace(digits=item.digits + broken[1], end=broken.end())
    ranged = _RANGE.match(text, item.end, end)
    if ranged is not None:
        last = _range_end(item.digits, ranged[1])
        if last is not None:
            return item._replace(last=last, end=ranged.end())
    if item.year is not None:
        return item
    suffix = _YEAR_SUFFIX.match(text, item.end, end)
    if suffix is not None and (year := _suffix_year(text, item, suffix, end, citing_year)) is not None:
        return item._replace(year=year, end=suffix.end())
    infix = _YEAR_INFIX.match(text, item.end, end)
    if infix is not None and _recent_year(infix[1], citing_year) is None:
        year = _recent_year(item.digits, citing_year)
        if year is not None:  # "SAN JOSE 07 1963" (09SANJOSE921)
            return item._replace(year=year, digits=infix[1], end=infix.end())
    return item


def _range_end(first: str, last: str) -> int | None:
    """The last serial of "12345-48" or "100-103", None if the numbers do not rise."""
    full = int(first[: max(len(first) - len(last), 0)] + last)
    return full if full > int(first) else None


def _recent_year(digits: str, citing_year: int | None) -> int | None:
    """The year two or four digits mean, if the citing cable may look back at it."""
    year = full_year(digits) if len(digits) in (2, 4) else None
    if year is None or citing_year is None:
        return year
    return year if citing_year - _OLDEST_SUFFIX <= year <= citing_year else None


def _suffix_year(text: str, item: Item, suffix: re.Match[str], end: int, citing_year: int | None) -> int | None:
    digits = suffix["bracket"] or suffix["slash"] or suffix["bare"] or suffix["dtg"]
    year = _recent_year(digits, citing_year)
    if suffix["bare"] and len(digits) == 2 and len(item.digits or "") < 3:
        return None
    if suffix["bracket"]:
        # "BRASILIA 709 (08) SAO PAULO 542": the year of what follows, unless that has its own behind it too
        after = _read_known(text, _skip(text, suffix.end(), end), end)
        if after is not None and not text[suffix.end() : after.start].strip(" "):
            own = _YEAR_SUFFIX.match(text, after.end, end)
            if own is None or not own["bracket"]:
                return None
    return year


_STOP = re.compile(
    rf"(?P<note>\([^()]*+\)|{QUALIFIERS.pattern})"
    rf"|(?P<sep>(?:\s*+(?:[;,:&/]|{_AND})|[^\S\n]*+\n|\s\s){_BETWEEN})",
    re.IGNORECASE,
)


def _find_next(text: str, item: Item, end: int) -> tuple[int, int]:
    """Where a reference ends and where the next begins; both are `end` if it is the last of its entry."""
    at = item.end
    plain = item.end > item.start  # nothing but notes stood between the number and here
    if plain and _read_known(text, _skip_blanks(text, at, end), end) is not None:
        return at, at
    for match in _STOP.finditer(text, item.end, end):
        plain = plain and not text[at : match.start()].strip()
        at = match.end()
        following = _skip_blanks(text, at, end) if match["note"] is not None else at
        if following < end and _begins_item(text, following, end, match["sep"], plain, item.digits is not None):
            return match.start() if match["note"] is None else at, following
    return end, end


def _begins_item(text: str, at: int, end: int, separator: str | None, plain: bool, listing: bool) -> bool:
    known = _read_known(text, at, end)
    if known is not None:
        return plain or not _is_place_and_year(known)
    if separator is None or QUALIFIERS.match(text, at, end):
        return False
    if ";" in separator and plain:
        return True
    if not plain and ";" not in separator:
        return False
    if separator.isspace() and "\n" not in separator:
        return False
    if _read_misspelt(text, at, end) is not None:
        return True
    if listing and not separator.isspace() and _BARE.match(text, at, end):
        return True
    unknown = _read_unknown(text, at, end)
    if listing and unknown is not None and len(unknown.digits or "") >= _CLEARLY_SERIAL:
        return True
    line_end = _line_end(text, at, end)
    if ":" in separator or _PROSE.search(text, at, line_end) is not None:
        return False
    return _OTHER.search(text, at, line_end) is not None


def _is_place_and_year(item: Item) -> bool:
    """ "PARIS 2009" within a title."""
    return item.year is None and item.digits is not None and item.digits[:2] in ("19", "20") and len(item.digits) == 4


def _skip_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


_NEW_LINE = re.compile(r"(?:[ ,.;]|\([^()]*+\)|" + QUALIFIERS.pattern + r")*+(?=\n)", re.IGNORECASE)
_NOTE_LINE = re.compile(r"\s*+[(\"“-]")


def _before_new_line(text: str, at: int, end: int) -> int:
    """Where the last reference ends if prose begins on the line below it: a block cut too late."""
    match = _NEW_LINE.match(text, at, end)
    if match is None or _NOTE_LINE.match(text, match.end(), end):
        return end
    return match.end()
