"""Citations: ids of cables, and how one text names another: "06 TBILISI 2601", "REF B", "septel"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from reftel.tables import find_post

# Two-digit years: 66..99 are of the 20th century, 00..40 of the 21st; no telegram here is of 1941 to 1965.
_FIRST_YEAR = 1966
_LAST_YEAR = 2040


class CableId(NamedTuple):
    """A cable's id: four-digit year, station without blanks, serial. `str` gives "09LONDON2499"."""

    year: int
    post: str
    serial: int

    def __str__(self) -> str:
        return f"{self.year % 100:02d}{self.post}{self.serial}"


class Citation(NamedTuple):
    """One citation in running text, [start, end).

    kind: `cable` ("STATE 12345"), `label` ("REF B", one citation a letter), `reftel` or `septel`.
    label: the letter of `label`. year: four digits, None if not printed. station: the id key of a `cable`.
    """

    start: int
    end: int
    kind: str
    label: str | None = None
    year: int | None = None
    station: str | None = None
    serial: int | None = None


class Print(NamedTuple):
    """A cable's number as it stands in a text: "(06) SAN JOSE 00431".

    year: four digits, None if not printed. station: as printed, blanks single. digits: the serial's.
    """

    start: int
    end: int
    year: int | None
    station: str
    digits: str


def full_year(digits: str) -> int | None:
    """The year that two or four digits mean: "09" is 2009, "86" is 1986; None outside 1966 to 2040.

    A letter O for the zero is read as one: "O9 CAIRO 2129" (10CAIRO79).
    """
    year = int(digits.upper().replace("O", "0"))
    if len(digits) == 2:
        year += 1900 if year >= _FIRST_YEAR % 100 else 2000
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else None


_ID = re.compile(r"(\d\d)([A-Z]+)([1-9][0-9]{0,7})", re.ASCII)


def parse_id(text: str) -> CableId | None:
    """The id that `text` is, strictly: "09LONDON2499"; None for anything else, "09LONDON02499" included."""
    match = _ID.fullmatch(text)
    if match is None:
        return None
    year = full_year(match[1])
    return CableId(year, match[2], int(match[3])) if year is not None else None


_NOT_LETTER = re.compile(r"[^A-Z]+")
_REDACTED = "XXXX"


def make_id(year: int, station: str, serial: int) -> CableId | None:
    """The id of a cable named by year, station and serial: 2008, "SAN JSE", 71 is 08SANJOSE71.

    The station is the id key of the post it names, in any spelling (SECSTATE is STATE); of an unknown station
    its letters. None if the station is redacted or has no letters, or the serial is 0.
    """
    post = find_post(station)
    key = post.key if post is not None else _NOT_LETTER.sub("", station.upper())
    if not key or _REDACTED in key or serial < 1 or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    return CableId(year, key, serial)


# A word of a station; a zero typed for its last letter belongs to it ("SANTIAG0 465", 06SANTIAGO439).
_WORD = r"[^\W\d_](?:[^\W\d_]|[.'’-]){0,23}+(?:0(?=\s\d))?+"
_PRINT = re.compile(
    r"(?:\(?['’‘]?(?P<year>(?:19|20)\d\d|[O\d]\d)\)?(?:\s|-)*+)?"
    rf"(?P<station>{_WORD}(?:\s++{_WORD}){{0,4}})"
    r"\s*+\#?(?P<digits>\d{3,8}|\d{1,2}(?!\d|/\d))"
    # no part of a longer number, of a date (11/3/09, 7-28-08) or of a date-time group
    r"(?!\d|[/-]\d{1,2}[/-]\d|Z\b|\.\d)",
    re.IGNORECASE,
)


def match_print(text: str, start: int, end: int) -> Print | None:
    """The words and number at `start` in the shape of a citation, whatever the words name; else None."""
    match = _PRINT.match(text, start, end)
    if match is None:
        return None
    year_digits, station, digits = match.groups()
    year = full_year(year_digits) if year_digits else None
    if year_digits and year is None:
        return None
    return Print(match.start(), match.end(), year, " ".join(station.split()), digits)


_REF = re.compile(
    r"(?P<word>[RrSs](?:ef(?:s|tels?)?|EF(?:S|TELS?)?|eptels?|EPTELS?))\b"
    r"(?P<labels>\.?\s{0,3}\(?(?P<first>[A-Za-z])\b(?!['’.]\w)"
    r"(?:(?:\s?[,/]|\s?-|\s{1,3}(?:[Aa]nd|AND|&|[Tt]hrough|TO|to))?+\s{0,3}[A-Za-z]\b(?!['’.]\w)){0,26}+)?"
)
_LABEL_PART = re.compile(r"(?P<range>-|\b(?:through|to)\b)?\s*(?P<letter>\b[A-Z]\b)", re.IGNORECASE)
_ARTICLE = re.compile(r"\s+[a-z]{2}")


def find_citations(text: str) -> list[Citation]:
    """Every citation in running text, in order: numbered cables of known posts, "ref B", "reftel", "septel".

    A station counts only if the tables know it and it is not merely a place with a year ("in PARIS 1973"):
    the number needs three digits and must not look like a year, unless a year stands before the station.
    "Refs A-C" is three citations; that of B, which is not printed, has the span of "A-C".
    """
    found = [*_find_cables(text), *_find_refs(text)]
    found.sort(key=lambda citation: (citation.start, citation.label or ""))
    return found


def _find_refs(text: str) -> Iterator[Citation]:
    for match in _REF.finditer(text):
        word = match["word"].lower()
        # a boundary at the head of the pattern would cost half its speed
        if text[max(match.start() - 1, 0) : match.start()].isalnum() or word.startswith(("sef", "rep")):
            continue
        if word.startswith("septel"):
            yield Citation(match.start(), match.end("word"), "septel")
            continue
        labels = list(_find_labels(text, match)) if match["labels"] else []
        if labels:
            yield from labels
        elif "tel" in word:
            yield Citation(match.start(), match.end("word"), "reftel")


def _find_labels(text: str, match: re.Match[str]) -> Iterator[Citation]:
    """The letters after "ref": "A", "B and D", "A-C"; the article in "ref a demarche" is none."""
    if match["first"] == "a" and _ARTICLE.match(text, match.end("first")):
        return
    last, start = "", 0
    for part in _LABEL_PART.finditer(text, match.start("labels"), match.end("labels")):
        letter = part["letter"].upper()
        if letter <= last or (letter == "I" and last not in ("", "H") and not part["range"]):
            return  # "ref B, a copy of which", "per ref A, I told him"
        if part["range"]:
            for code in range(ord(last) + 1, ord(letter)) if last else ():
                yield Citation(start, part.end(), "label", chr(code))
        last, start = letter, part.start("letter")
        yield Citation(start, part.end(), "label", letter)


_NUMBER = re.compile(r"\d++")
_LONGEST_NUMBER = 8
# A section break's "LONDON 00002499  002 OF 004", dates and amounts are no serials.
_NOT_SERIAL = re.compile(
    r"[/:%]|[.,-]\d|\s{1,3}\d{2,3}(?:\.\d{1,2})?\s[Oo][Ff]\s|(?:st|nd|rd|th)\b|Z\b",
)
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’-])*|\d+|\S")
# The next numbers of a list: "(The Hague 3008, 3064 and 3069)" (06THEHAGUE374).
_LIST = re.compile(r"(?:\s?,(?:\sand)?\s?|\s(?:and|AND|&)\s)(\d{3,6})(?=\s?[,;()]|\s(?:and|AND|&)\s\d)")
_YEAR_BEHIND = re.compile(r"\s?\(((?:19|20)?\d\d)\)")
_WIDEST_GAP = 4
_REACH = 48
_MOST_WORDS = 4
_YEAR_LIKE = range(1900, 2041)
_STATE_DIGITS = 5


def _find_cables(text: str) -> Iterator[Citation]:
    """From each number look back for a station, longest first, and a year before it."""
    free = 0
    for number in _NUMBER.finditer(text):
        start, end = number.span()
        before = text[max(start - _WIDEST_GAP, free) : start].rstrip()
        if not before[-1:].isalpha() or end - start > _LONGEST_NUMBER or _NOT_SERIAL.match(text, end):
            continue
        tokens = list(_TOKEN.finditer(text, max(start - _REACH, free), start))
        citation = _read_back(text, tokens, start, number[0]) if tokens[-1][0][0].isupper() else None
        while citation is not None:
            printed = _with_year_behind(text, citation)
            yield printed
            free = printed.end
            listed = _LIST.match(text, free)
            if listed is None or _looks_like_year(listed[1]):
                break
            citation = citation._replace(start=listed.start(1), end=listed.end(1), serial=int(listed[1]))


def _with_year_behind(text: str, citation: Citation) -> Citation:
    """The citation with the year that follows its number in brackets, "The Hague 2599 (2005)"."""
    match = _YEAR_BEHIND.match(text, citation.end) if citation.year is None else None
    year = full_year(match[1]) if match is not None else None
    return citation._replace(year=year, end=match.end()) if match is not None and year is not None else citation


def _read_back(text: str, tokens: list[re.Match[str]], number_start: int, digits: str) -> Citation | None:
    words = 0
    while words < min(_MOST_WORDS, len(tokens)) and tokens[-1 - words][0][0].isalpha():
        words += 1
    for count in range(words, 0, -1):
        first = tokens[-count]
        if not first[0][0].isupper():
            continue
        station = text[first.start() : number_start]
        post = find_post(station)
        if post is None:
            continue
        before = tokens[: len(tokens) - count]
        year, start = _year_before(text, before, first.start())
        if not (_is_year(before) if year is not None else _stands_alone(text, start, station, digits)):
            return None
        serial = int(digits)
        return Citation(start, number_start + len(digits), "cable", None, year, post.key, serial) if serial else None
    return None


def _is_year(before: list[re.Match[str]]) -> bool:
    """Whether the digits before a station are a year: not so in "SECTION 02 OF 03 ROME", "PAGE 02 ROME"."""
    return len(before) < 2 or before[-2][0].upper() not in ("OF", "PAGE")


def _year_before(text: str, tokens: list[re.Match[str]], station_start: int) -> tuple[int | None, int]:
    """The year printed before a station and where the citation then begins."""
    if tokens:
        token = tokens[-1]
        gap = text[token.end() : station_start]
        digits = token[0]
        near = not gap or (gap.isspace() and len(gap) < 4)
        whole = token.start() == 0 or not text[token.start() - 1].isalnum()
        if near and whole and digits.isdecimal() and len(digits) in (2, 4):
            year = full_year(digits)
            if year is not None:
                return year, token.start()
    return None, station_start


def _stands_alone(text: str, start: int, station: str, digits: str) -> bool:
    """Whether a yearless number is a cable's: "LONDON 1997" may be a place and a year."""
    if len(digits) < 3 or _looks_like_year(digits):
        return False
    is_state = len(digits) >= _STATE_DIGITS and station.strip().upper() == "STATE"
    return station.isupper() or is_state or text[max(start - 1, 0) : start] in ("(", "[")


def _looks_like_year(digits: str) -> bool:
    return len(digits) == 4 and int(digits) in _YEAR_LIKE


_ADDRESS = re.compile(
    r"#\d{1,12}|\(?(?:\d\d|(?:19|20)\d\d)\)?[ -]?[A-Za-z][A-Za-z .'-]{1,40} ?\d{1,8}(?:~\d{1,4})?", re.ASCII
)


def looks_like_address(text: str) -> bool:
    """Whether a text has the form by which a cable of an archive is called: "09LONDON2499", "09 London 2499~2", "#17"."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def split_address(text: str) -> tuple[str, int | None]:
    """The address of a cable, and the number behind its colon: "09LONDON2499:3" is paragraph 3 of 09LONDON2499."""
    address, colon, number = text.rpartition(":")
    if address and colon and number.isascii() and number.isdigit() and len(number) < 6:
        return address, int(number)
    return text, None
