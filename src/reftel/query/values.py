"""What stands behind a field's colon, turned into nodes of the tree: one reading function a kind of field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple, TypeAlias

from reftel.cite import full_year, make_id
from reftel.query.dates import day_number, read_dates
from reftel.query.slips import QueryError, did_you_mean, shorten
from reftel.query.tokens import exact_words, fold_words
from reftel.query.tree import And, At, Exact, Fuzzy, Near, Phrase, Prefix, Range, Term, TermPrefix, Tree, Word
from reftel.query.view import GAP, country_term, main_post, post_terms
from reftel.tables import find_country, find_tag, near_post, posts, rows, tags_meaning, true_id


class Value(NamedTuple):
    """A value as typed.

    form: word, phrase ("quoted"), prefix (ends with a star), near ("a b"~5), fuzzy (word~1) or exact (=Word). text: without
    those signs. number: behind the tilde, None if there is none. span: field and value; at: the value alone.
    """

    text: str
    form: str
    number: int | None
    span: At
    at: At


class Narrow(NamedTuple):
    """Not a node: `in:summary` asks that the words beside it stand in the field, or alone that the cable has the part."""

    field: str
    has: str
    span: At


# (name of the field, value, notes to add to) -> what is asked. QueryError if the value cannot be read.
Read: TypeAlias = Callable[[str, Value, list[str]], Tree | Narrow]

_SHORTEST_PREFIX = 2
_MOST_EDITS = 2
_DEFAULT_EDITS = 1
_DEFAULT_WITHIN = 5
_MOST_LISTED = 24
# A suggestion takes milliseconds; nobody reads more of them.
_MOST_NOTES = 12


def read_words(field: str, value: Value, notes: list[str]) -> Tree:
    """Words of a text field in any form."""
    words = tuple(fold_words(value.text))
    if not words:
        raise _slip(value, f"{_shown(value)} holds no letter or digit, so there is nothing to look for.")
    if "*" in value.text:
        if value.form != "phrase":
            raise _slip(value, "A star stands for letters at the end of a word only, as in miss*.")
        notes.append(f"The star in {_shown(value)} was left out: inside quotes it stands for nothing.")
    if value.form == "near":
        return _read_near(field, value, words)
    if value.form in ("word", "phrase"):
        return Word(field, words[0], value.span) if len(words) == 1 else Phrase(field, words, value.span)
    if value.form == "exact":
        return _read_exact(field, value, words)
    if len(words) > 1:
        raise _slip(
            value,
            f"{'A star' if value.form == 'prefix' else 'A tilde'} goes with one word, and {_shown(value)} is {len(words)}.",
        )
    if value.form == "prefix":
        if len(words[0]) < _SHORTEST_PREFIX:
            raise _slip(value, f"Too many words begin with {words[0]}. Write two letters at least before the star.")
        return Prefix(field, words[0], value.span)
    return _read_fuzzy(field, value, words[0])


def _read_near(field: str, value: Value, words: tuple[str, ...]) -> Tree:
    within = _DEFAULT_WITHIN if value.number is None else value.number
    if len(words) < 2:
        raise _slip(
            value, f"Near needs two words in the quotes. For a word spelled about so, leave them out: {words[0]}~1."
        )
    if within >= GAP:
        raise _slip(value, f"At most {GAP - 1} words can stand between. Leave the quotes out to find them anywhere.")
    return Near(field, words, within, value.span)


def _read_fuzzy(field: str, value: Value, word: str) -> Tree:
    edits = _DEFAULT_EDITS if value.number is None else value.number
    if not 1 <= edits <= _MOST_EDITS:
        raise _slip(value, f"A word can be one or two letters off: {word}~1 or {word}~2.")
    if len(word) < edits + 2:
        raise _slip(value, f"{word} is too short to be {edits} off: it would find nearly any short word.")
    return Fuzzy(field, word, edits, value.span)


def _read_exact(field: str, value: Value, words: tuple[str, ...]) -> Tree:
    if field != "text":
        raise _slip(value, "= keeps capitals in the text as a whole only. Leave it out here.")
    exact = tuple(Exact(word, value.span) for word in exact_words(value.text))
    return exact[0] if len(exact) == 1 else And((*exact, Phrase(field, words, value.span)), value.span)


def read_address(field: str, value: Value, notes: list[str]) -> Tree:
    """A post in any spelling, else a country, else words of the address."""
    if value.form not in ("word", "phrase"):
        return read_words(field, value, notes)
    post, country = main_post(value.text), find_country(value.text)
    if country is not None:
        inside = [p for p in posts() if p.country == country]
        if post is None or (post.country == country and len(inside) > 1):
            if post is not None:
                notes.append(
                    f'{field}:{value.text} was read as all posts in {country}; for the one post write {field}:"{post.name}".'
                )
            return Term(field, (country_term(country),), value.span)
    if post is not None:
        return Term(field, (post_terms(post)[0],), value.span)
    node = read_words(field, value, notes)
    if len(notes) >= _MOST_NOTES:
        return node
    notes.append(
        f'No post or country is known as "{shorten(value.text)}"; it was looked for as words of the address.{_meant(field, value)}'
    )
    return node


def _meant(field: str, value: Value) -> str:
    """The post or country whose name begins so, or is spelled nearly so."""
    known = [name for p in posts() for name in (p.station, p.country)]
    longer = next((name for name in known if name.upper().startswith(f"{value.text.upper()} ")), None)
    if longer is not None:
        return f' A name of several words goes in quotes, as in {field}:"{longer}".'
    near = near_post(value.text)
    return f" Did you mean {near.station}?" if near is not None else did_you_mean(value.text, known)


def read_tag(field: str, value: Value, notes: list[str]) -> Tree:
    """A tag by its code, else all tags whose meaning has the words. A tag that is itself words ("HUMAN RIGHTS") is read both ways."""
    if value.form == "prefix":
        return _prefix(field, value, str.upper)
    _refuse_signs(field, value)
    tag = find_tag(value.text)
    if tag is not None and tag.kind != "term":
        return Term(field, (tag.code,), value.span)
    codes = tuple(dict.fromkeys((*tags_meaning(value.text), *((tag.code,) if tag is not None else ()))))
    if codes:
        notes.append(f'{field}:"{shorten(value.text)}" was read by meaning: {", ".join(codes)}.')
        return Term(field, codes, value.span)
    meant = did_you_mean(value.text, [row["code"] for row in rows("tags")], field + ":{}")
    raise _slip(
        value,
        f'No tag is "{shorten(value.text)}" or has that meaning.{meant} A tag that only cables know is found with a star: {field}:{value.text[:12]}*.',
    )


def read_cable_id(field: str, value: Value, notes: list[str]) -> Tree:
    """A cable's id with or without blanks, zeros, a long year; or its beginning and a star."""
    if value.form == "prefix":
        return _prefix(field, value, lambda start: "".join(start.upper().split()))
    _refuse_signs(field, value)
    text = value.text.strip().upper()
    match = _CABLE_ID.fullmatch(text)
    year = full_year(match[1]) if match is not None else None
    if match is not None and year is not None:
        made = make_id(year, match[2], int(match[3]))
        if made is not None:
            return Term(field, (str(made),), value.span)
    compact = "".join(text.split())
    if not _LIKE_ID.fullmatch(compact):
        raise _slip(
            value, f'"{shorten(value.text)}" is no cable id. Write year, station and number: {field}:09LONDON2499.'
        )
    mended = true_id(compact)
    return Term(field, (compact, mended) if mended else (compact,), value.span)


_CABLE_ID = re.compile(r"\(?((?:19|20)?\d\d)\)?[\s-]{0,3}([^\W\d][^\d]{0,60}?)[\s-]{0,3}(\d{1,8})", re.ASCII)
_LIKE_ID = re.compile(r"\d\d[0-9A-Z]{3,60}", re.ASCII)


def read_dated(field: str, value: Value, notes: list[str]) -> Tree:
    """On the days of a date or range."""
    low, high = _read_days(field, value)
    return Range("date", day_number(low) if low else None, day_number(high) if high else None, value.span)


def read_said(field: str, value: Value, notes: list[str]) -> Tree:
    """Said on the days of a date or range."""
    low, high = _read_days(field, value)
    return Range(field, day_number(low) if low else None, day_number(high) if high else None, value.span)


def read_before(field: str, value: Value, notes: list[str]) -> Tree:
    """Before the first day of a date."""
    low, _ = _read_days(field, value)
    if low is None:
        raise _slip(value, f"{field}: needs a day, month or year to count from, as in {field}:2009.")
    return Range("date", None, day_number(low, -1), value.span)


def read_after(field: str, value: Value, notes: list[str]) -> Tree:
    """After the last day of a date."""
    _, high = _read_days(field, value)
    if high is None:
        raise _slip(value, f"{field}: needs a day, month or year to count from, as in {field}:2008-12.")
    return Range("date", day_number(high, 1), None, value.span)


def read_number(field: str, value: Value, notes: list[str]) -> Tree:
    """A whole number, more or less than one, or a range."""
    _refuse_signs(field, value)
    match = _NUMBER.fullmatch(value.text.strip())
    if match is None:
        raise _slip(value, f'"{shorten(value.text)}" is no number. Write {field}:>2, {field}:..500 or {field}:3..9.')
    if match["number"]:
        number = int(match["number"])
        low = {">": number + 1, ">=": number, "": number}.get(match["sign"] or "")
        high = {"<": number - 1, "<=": number, "": number}.get(match["sign"] or "")
    else:
        low = int(match["low"]) if match["low"] else None
        high = int(match["high"]) if match["high"] else None
        if low is None and high is None:
            raise _slip(value, f"A range needs a number on one side: {field}:3.. or {field}:..9.")
        if low is not None and high is not None and low > high:
            raise _slip(value, f"The range runs backwards. Write {field}:{high}..{low}.")
    return Range(field, low, high, value.span)


_NUMBER = re.compile(r"(?P<sign>[<>]=?)?\s?(?P<number>\d{1,9})|(?P<low>\d{1,9})?\.\.(?P<high>\d{1,9})?", re.ASCII)


def one_of(
    normal: Callable[[str], str | None], known: Callable[[], Iterable[str]], case: Callable[[str], str] = str.upper
) -> Read:
    """Reads one value of a closed set. normal: the value as cables have it, None if it is none. case: of those values."""

    def read(field: str, value: Value, notes: list[str]) -> Tree:
        if value.form == "prefix":
            return _prefix(field, value, case)
        _refuse_signs(field, value)
        found = normal(value.text.strip())
        if found is None:
            raise _unknown(field, value, list(known()))
        return Term(field, (found,), value.span)

    return read


def free(normal: Callable[[str], str], case: Callable[[str], str] = str.upper) -> Read:
    """Reads any value of a keyword field, in its normal form."""
    return one_of(lambda text: normal(text) or None, tuple, case)


def read_narrow(places: dict[str, tuple[str, str]]) -> Read:
    """Reads the part that the words beside must stand in. places: name -> (text field, value of `has:`)."""

    def read(field: str, value: Value, notes: list[str]) -> Narrow:
        _refuse_signs(field, value)
        place = places.get(value.text.strip().lower())
        if place is None:
            raise _unknown(field, value, list(places))
        return Narrow(*place, value.span)

    return read


def _unknown(field: str, value: Value, known: list[str]) -> QueryError:
    meant = did_you_mean(value.text, known, field + ":{}")
    listed = f" Known are: {', '.join(known)}." if not meant and known and len(known) <= _MOST_LISTED else ""
    return _slip(value, f'{field}: knows no "{shorten(value.text)}".{meant or listed}')


def _prefix(field: str, value: Value, case: Callable[[str], str]) -> Tree:
    start = case(value.text.strip())
    if not start or "*" in start:
        raise _slip(
            value,
            "A star stands for the end of a value only. Write its beginning first; for any value at all see has:.",
        )
    return TermPrefix(field, start, value.span)


def _refuse_signs(field: str, value: Value) -> None:
    """Only words of text take a tilde, an equals sign or stars."""
    if value.form not in ("word", "phrase") or ("*" in value.text and value.form == "word"):
        raise _slip(
            value, f"~ and = go with words of the text, and a star with the end of a value. Leave them out of {field}:."
        )
    if not value.text.strip():
        raise _slip(value, f"{field}: needs a value.")


def _read_days(field: str, value: Value) -> tuple[date | None, date | None]:
    _refuse_signs(field, value)
    days = read_dates(value.text)
    if days is None:
        raise _slip(
            value,
            f'"{shorten(value.text)}" is no date that cables have. Write 2008, 2008-12, 2008-12-18 or 2008..2009-11.',
        )
    low, high = days
    if low is not None and high is not None and low > high:
        raise _slip(value, "The range runs backwards. Write the earlier date first.")
    return days


def _shown(value: Value) -> str:
    return f'"{shorten(value.text)}"' if value.form in ("phrase", "near") else shorten(value.text) or "This"


def _slip(value: Value, message: str) -> QueryError:
    return QueryError(message, *value.at)
