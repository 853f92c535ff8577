"""A subject in capitals as a headline: "MILIBAND'S TRIP TO THE UK" as "Miliband's Trip to the UK".

How a word is printed is told, in this order, by the cable's own text, by the tables, and by the rules of the Chicago
Manual of Style (18th edition): articles, conjunctions, "to", "as" and prepositions of up to four letters are small,
unless they are the first or last word of the title or of a part of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from reftel.tables import rows

# "U.S", "MILIBAND'S", "R&D"; the comma of "RUSSIA,S" is an apostrophe that was lost on the way.
_CORE = r"[^\W_]++(?:(?:['’]|\.|&)[^\W_]++|,S(?![^\W_]))*+"
_WORD = re.compile(rf"{_CORE}(?:[-‐‑]{_CORE})*+")
_PART = re.compile(_CORE)
_POSSESSIVE = re.compile(r"(?:['’,]S)\Z", re.IGNORECASE)
# What ends a part of a title: the next word is a first one, the word before it a last one.
_PART_ENDS = re.compile(r"[:;?!]|(?:^|\s)[-–—]+(?:\s|$)|--|—|…")


def headline(subject: str, body: Iterable[str] = ()) -> str:
    """The subject in headline style if it is printed in capitals; one with any small letter as it stands.

    body: the paragraphs of the cable. A word they print in one way with capitals inside ("LeBaron", "al-Maliki",
    "MoD") is printed so; one they print in capitals amid small letters ("GOK") keeps them. No such evidence, no such
    capitals: LEBARON alone is "Lebaron".
    """
    if any(c.islower() for c in subject):
        return subject
    found = list(_WORD.finditer(subject))
    forms = _forms_in(body, {key for word in found for key in _keys(word[0])})
    pieces: list[str] = []
    done = 0
    for i, word in enumerate(found):
        gap = subject[done : word.start()]
        after = subject[word.end() : found[i + 1].start()] if i + 1 < len(found) else ":"
        following = _bare(found[i + 1][0]) if after == " " else ""
        edge = i == 0 or _PART_ENDS.search(gap) is not None
        if (gap.endswith("/") or after.startswith("/")) and _is_office(word[0], forms):
            cased = word[0]
        else:
            cased = _cased(word[0], forms, following, edge or _PART_ENDS.search(after) is not None)
        pieces += [gap, cased[:1].upper() + cased[1:] if edge else cased]
        done = word.end()
    return "".join([*pieces, subject[done:]])


def _is_office(word: str, forms: Forms) -> bool:
    """Whether a word beside a slash is an abbreviation: "A/S", "C/T", "OAS/GA", not "AND/OR"."""
    return len(word) == 1 or (len(word) == 2 and word not in _small_words() and word not in forms)


Forms = Mapping[str, Counter[str]]


def _keys(word: str) -> list[str]:
    """What to look for in the text: a compound as a whole, and its parts."""
    bare = _bare(word)
    return [bare, *(_bare(part) for part in _PART.findall(word))] if "-" in bare else [bare]


def _bare(word: str) -> str:
    """The word in capitals, straight in its apostrophes, no longer possessive."""
    return _POSSESSIVE.sub("", word).upper().replace("’", "'")


def _forms_in(body: Iterable[str], wanted: set[str]) -> Forms:
    """Word in capitals -> how often the text prints it in each form; particles together with a name: "DE HOOP".

    A word in capitals counts only between words that are not: in a heading every word is, and tells nothing.
    """
    particles = wanted & _words("particle").keys()
    forms: dict[str, Counter[str]] = {}
    for paragraph in body:
        words = _WORD.findall(paragraph.replace("’", "'"))
        for i, printed in enumerate(words):
            word = printed[:-2] if printed[-2:-1] in ("'", ",") and printed[-1] in "sS" else printed
            key = word.upper()
            if key in wanted:
                before, after = words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
                if not (word == key and (_shouts(before) or _shouts(after))):
                    forms.setdefault(key, Counter())[word] += 1
                if key in particles and after[:1].isupper() and not _shouts(after):
                    forms.setdefault(f"{key} {_bare(after)}", Counter())[word] += 1
            if "-" in word:
                for part in _PART.findall(word):
                    if part.upper() in wanted:
                        forms.setdefault(part.upper(), Counter())[part] += 1
    return forms


def _shouts(neighbour: str) -> bool:
    """Whether a neighbour is in capitals, or is not there at all."""
    return not neighbour or (len(neighbour) > 1 and neighbour.isupper())


def _cased(word: str, forms: Forms, following: str, at_edge: bool) -> str:
    """A word or compound, without regard to its being the first of the title."""
    ending = _POSSESSIVE.search(word)
    tail = ending[0].lower() if ending else ""
    stem = word[: len(word) - len(tail)]
    if own := _printed_one_way(stem, forms):
        return own + tail
    if _bare(stem) in _acronyms():
        return _acronyms()[_bare(stem)] + tail
    parts = re.split(r"([-‐‑])", stem)
    if len(parts) == 1:
        return _cased_part(stem, forms, following, at_edge) + tail
    cased = [_cased_part(parts[0], forms, "", at_edge=True)]
    for i, part in enumerate(parts[1:], 1):
        after_prefix = parts[0] in _words("prefix") and _is_small(part, forms)
        cased.append(part.lower() if after_prefix else _cased_part(part, forms, "", at_edge and i == len(parts) - 1))
    return "".join(cased) + tail


def _printed_one_way(stem: str, forms: Forms) -> str | None:
    """The form with capitals inside that the text has of a word, "LeBaron" or "al-Maliki", if it has only that."""
    seen = [form for form in forms.get(_bare(stem), ()) if not form.isupper()]
    begun_small = {form for form in seen if form[:1].islower() and not form.islower()}
    # at the beginning of a sentence "al-Maliki" is "Al-Maliki"
    left = {form for form in seen if form[:1].lower() + form[1:] not in begun_small - {form}}
    form = left.pop() if len(left) == 1 else ""
    if "-" in stem:
        return form if form in begun_small and _bare(stem.partition("-")[0]) in _words("particle") else None
    return form if any(c.isupper() for c in form[1:]) and "." not in form else None


_DIGITS = re.compile(r"(\d++)(ST|ND|RD|TH)|(.*\d)(S)")
_INITIALS = re.compile(r"[^\W_](?:[.&][^\W_])++|[^\W_]*+&.*+")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")


def _cased_part(part: str, forms: Forms, following: str, at_edge: bool) -> str:
    """One word without hyphens. following: the next word, if only a blank parts them."""
    key = _bare(part)
    if own := _printed_one_way(part, forms):
        return own
    if key in _acronyms():
        return _acronyms()[key]
    if part.isdigit() or any(c.isdigit() for c in part):
        counted = _DIGITS.fullmatch(part)
        return (counted[1] or counted[3]) + (counted[2] or counted[4]).lower() if counted else part
    if _INITIALS.fullmatch(part):
        return part
    if "." in part:
        return ".".join(_cased_part(piece, forms, "", at_edge=True) for piece in part.split("."))
    if key in _words("abbreviation"):
        return _words("abbreviation")[key]
    if name := _words("name").get(f"{key} {following}"):
        return name
    if not at_edge and key in _small_words():
        return _small_words()[key]
    if key in _words("particle") and (printed := forms.get(f"{key} {following}")) and len(printed) == 1:
        return next(iter(printed))
    if _keeps_capitals(key, forms):
        return part
    return _capitalised(part)


def _keeps_capitals(key: str, forms: Forms) -> bool:
    """Whether the text prints a word mostly in capitals; if the text is silent, whether it has no vowel or is a number."""
    if seen := forms.get(key):
        return sum(n for form, n in seen.items() if form.isupper()) * 2 > seen.total()
    plain = unicodedata.normalize("NFKD", key)
    return len(key) > 1 and (not set(plain) & set("AEIOUY") or _ROMAN.fullmatch(key) is not None)


def _is_small(part: str, forms: Forms) -> bool:
    """Whether the text prints a word in small letters, and never else."""
    seen = forms.get(_bare(part), Counter())
    return bool(seen) and all(form.islower() for form in seen)


def _capitalised(part: str) -> str:
    """ "O'BRIEN" as "O'Brien", "DON'T" as "Don't": the letter after an apostrophe is great behind a single one."""
    pieces = re.split(r"(['’,])", part.lower())
    pieces[0] = pieces[0][:1].upper() + pieces[0][1:]
    if len(pieces) > 2 and len(pieces[0]) == 1 and len(pieces[2]) > 1:
        pieces[2] = pieces[2][:1].upper() + pieces[2][1:]
    return "".join(pieces)


@cache
def _acronyms() -> dict[str, str]:
    return {row["acronym"]: row["print"] for row in rows("acronyms")}


@cache
def _words(kind: str) -> dict[str, str]:
    return {row["word"]: row["print"] for row in rows("headline_words") if row["kind"] == kind}


@cache
def _small_words() -> dict[str, str]:
    return _words("article") | _words("conjunction") | _words("preposition")
