"""Masking: a cable and its findings with protected persons under pseudonyms, every length and so every span kept.

What is hashed stays what it was: `sha256` is of the text as delivered, so a masked text has another hash than it says.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

import msgspec

from reftel.model import Cable, Entity, Findings, Record, Span

_R = TypeVar("_R", bound=Record)

_CONSONANTS = "bcdfghjklmnpqrstvwz"
_PSEUDONYM = re.compile(r"[A-Z][a-z]\d[a-z]x*")
_REDACTED = re.compile(r"[Xx]{4,}")
_LETTERS = re.compile(r"[^\W\d_]+")
# Words of a name that are no name by themselves
PARTICLES = {
    "al", "el", "ul", "bin", "bint", "ibn", "ben", "van", "von", "der", "den", "de", "da", "das", "do", "dos", "du",
    "la", "le", "del", "di", "ould", "abu", "umm", "of", "the", "and", "jr", "sr", "ii", "iii", "iv", "st", "mr",
    "mrs", "ms", "dr",
}  # fmt: skip
_JOINING = "|".join(sorted(PARTICLES - {"and", "of", "the", "mr", "mrs", "ms", "dr"}))
_CAPITAL = re.compile(r"(?<!\w)[A-Z][\w'-]*[ \n]$")
_KEPT = frozenset("\n\r")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{0,255}\w")
_TELLING = 4  # letters of a name that tell it within an e-mail address


def pseudonym(name: str, secret: str) -> str:
    """Four characters for a name, always the same under one secret: "Pk7q". A pseudonym is its own.

    The secret belongs to an archive and is not given away: who has it can try names.
    """
    if _PSEUDONYM.fullmatch(name):
        return name[:4]
    digest = hashlib.blake2b(
        " ".join(name.split()).casefold().encode(), key=secret.encode()[:64], digest_size=8
    ).digest()
    number = int.from_bytes(digest, "big")
    number, first = divmod(number, len(_CONSONANTS))
    number, second = divmod(number, len(_CONSONANTS))
    number, digit = divmod(number, 10)
    last = number % len(_CONSONANTS)
    return f"{_CONSONANTS[first].upper()}{_CONSONANTS[second]}{digit}{_CONSONANTS[last]}"


def is_pseudonym(name: str) -> bool:
    """Whether a name is one that stands for another."""
    return _PSEUDONYM.fullmatch(name) is not None


def mask_cable(
    cable: Cable, findings: Findings, is_protected: Callable[[Entity], bool], secret: str
) -> tuple[Cable, Findings]:
    """The cable and its findings with the protected persons and offices masked, in the text and in every other string.

    is_protected: which entities are; an archive protects a person in all its cables if a drafter does in one. A word of a protected
    name is masked wherever it stands as a word, also outside the mentions that were found; its small-letter homonym is not
    ("Hill", not "hill"). A bare office is masked where it is mentioned. Redaction marks stay. Masking again changes nothing.
    """
    protected = _protected(findings, is_protected)
    if not protected:
        return cable, findings
    names = _Names(protected, cable.text, secret)
    told: dict[str, Any] = msgspec.to_builtins(cable)
    text = names.fill(names.mask_spans(told.pop("text")))
    masked = _walk(told, names.fill)
    masked["text"] = text
    hidden = {id(e) for e in protected}
    identities = {e.identity for e in protected if e.identity}
    entities = tuple(
        _mask_entity(e, names, secret) if id(e) in hidden else _forget(_through(e, names.swap), identities)
        for e in findings.entities
    )
    statements = tuple(_through(s, names.swap) for s in findings.statements)
    found = msgspec.structs.replace(findings, entities=entities, statements=statements)
    return msgspec.convert(masked, Cable), found


def mask_words(
    text: str, findings: Findings, is_protected: Callable[[Entity], bool], secret: str
) -> Callable[[str], str]:
    """What does the same to loose words of a cable, wrapped or not, at their own length: its subject, a snippet of it.

    text: of the cable. A bare office goes wherever it stands so.
    """
    protected = _protected(findings, is_protected)
    names = _Names(protected, text, secret)
    return lambda text: names.fill(names.mask_offices(text))


def _protected(findings: Findings, is_protected: Callable[[Entity], bool]) -> list[Entity]:
    protected = [e for e in findings.entities if is_protected(e) and not _REDACTED.fullmatch(e.name)]
    return protected + _namesakes(protected, findings.entities)


def _namesakes(protected: list[Entity], entities: Iterable[Entity]) -> list[Entity]:
    """The other persons of the cable with a protected surname: half masked ("Eva Pk7q") they would tell whose it is."""
    lasts = {_plain(words[-1]).lower() for e in protected if e.kind == "person" and (words := _words(e.name))}
    hidden = {id(e) for e in protected}
    return [
        e
        for e in entities
        if e.kind == "person"
        and id(e) not in hidden
        and (words := _words(e.name))
        and _plain(words[-1]).lower() in lasts
    ]


def _mask_entity(entity: Entity, names: _Names, secret: str) -> Entity:
    """A protected entity under its pseudonym, without anything that leads to it."""
    return msgspec.structs.replace(
        _through(entity, names.swap), name=pseudonym(entity.name, secret), identity=None, candidates=(), evidence=None
    )


def _forget(entity: Entity, identities: set[str]) -> Entity:
    """An entity without protected persons among its candidates."""
    if not identities.intersection(entity.candidates):
        return entity
    return msgspec.structs.replace(
        entity, candidates=tuple(key for key in entity.candidates if key not in identities), evidence=None
    )


def _through(record: _R, change: Callable[[str], str]) -> _R:
    return msgspec.convert(_walk(msgspec.to_builtins(record), change), type(record))


def _walk(value: Any, change: Callable[[str], str]) -> Any:
    """A value of plain lists and mappings with every string changed, keys of mappings apart."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _walk(held, change) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_walk(held, change) for held in value]
    return value


class _Names:
    """The words of protected names, and what stands for each."""

    def __init__(self, protected: Iterable[Entity], text: str, secret: str) -> None:
        self._spans: list[tuple[Span, str]] = []
        self._offices: list[tuple[str, str]] = []
        self._for: dict[str, str] = {}
        for entity in protected:
            alias = pseudonym(entity.name, secret)
            words = set(_words(entity.name)) if entity.kind == "person" else set()
            for mention in entity.mentions:
                printed = mention.span.of(text)
                if mention.form == "name":
                    words.update(_words(printed))
                    if (
                        printed.partition(" ")[0].lower() in PARTICLES
                    ):  # "Osk" before "Ben Tamm" may not have been found
                        before = _CAPITAL.search(text, max(0, mention.span.start - 30), mention.span.start)
                        start = before.start() if before else mention.span.start
                        self._spans.append((Span(start, mention.span.end), alias))
                elif mention.form == "title":
                    words.update(_words(printed.split()[-1] if printed.split() else ""))
                elif mention.form == "office":
                    self._spans.append((mention.span, alias))
                    self._offices.append((" ".join(printed.split()), alias))
            for word in words:
                plain = _plain(word)
                for form in (plain, plain.upper(), plain.capitalize(), plain.title()):
                    self._for.setdefault(form, alias)
        some = "|".join(re.escape(form) for form in sorted(self._for, key=lambda form: (-len(form), form)))
        between = rf"(?:\s++(?:[A-Z]\.|(?:{_JOINING})(?=\s))){{0,2}}\s++"
        self._run = (
            re.compile(rf"(?<![^\W\d_])(?:{some})(?:{between}(?:{some})(?![^\W\d_]))*(?![^\W\d_])") if some else None
        )
        self._lower = {form.lower(): alias for form, alias in self._for.items() if len(form) >= _TELLING}

    def fill(self, text: str) -> str:
        """The text with every protected name replaced at its own length."""
        return self._replace(text, _filled)

    def swap(self, text: str) -> str:
        """The text with every protected name replaced by its pseudonym."""
        return self._replace(text, lambda _, alias: alias)

    def mask_spans(self, text: str) -> str:
        """The text with the bare offices of protected persons replaced at their own length."""
        for (start, end), alias in self._spans:
            text = text[:start] + _filled(text[start:end], alias) + text[end:]
        return text

    def mask_offices(self, text: str) -> str:
        """The text with the same replaced wherever they stand so."""
        for printed, alias in self._offices:
            text = text.replace(printed, _filled(printed, alias))
        return text

    def _replace(self, text: str, fill: Callable[[str, str], str]) -> str:
        """The text with each run of protected names, accents or not, and each address with one, as `fill` gives it for the alias."""
        if self._run is None:
            return text
        if "@" in text:
            text = _ADDRESS.sub(lambda m: fill(m[0], alias) if (alias := self._alias_in(m[0])) else m[0], text)
        pieces, done = [], 0
        for m in self._run.finditer(_plain(text)):
            pieces += [text[done : m.start()], fill(text[m.start() : m.end()], self._alias(m[0]))]
            done = m.end()
        return "".join([*pieces, text[done:]]) if pieces else text

    def _alias_in(self, address: str) -> str | None:
        """The alias for whose name is in an e-mail address, in small letters as it may be."""
        plain = _plain(address).lower()
        return next((alias for word, alias in self._lower.items() if word in plain), None)

    def _alias(self, run: str) -> str:
        first = run.split()[0]
        if first in self._for:
            return self._for[first]
        return next(alias for form, alias in self._for.items() if run.startswith(form))


def _plain(text: str) -> str:
    """The text without accents, character for character: "é" is "e", whatever has no such letter is itself."""
    return text if text.isascii() else "".join(c if c.isascii() else _bare(c) for c in text)


@cache
def _bare(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[:1]
    return base if base.isalpha() else char


def _words(name: str) -> list[str]:
    """What of a name may stand for it: its words, and the parts of compounds that begin with a capital."""
    found = []
    for word in name.split():
        bare = word.strip(".,;:()[]\"'’“”&")
        if any(c.isdigit() for c in bare) or _REDACTED.fullmatch(bare):  # a pseudonym, or a piece of one
            continue
        if len(bare) > 1 and bare.lower() not in PARTICLES and not bare.islower():
            found.append(bare)
        found += [
            part
            for part in _LETTERS.findall(bare)
            if len(part) > 1 and part[0].isupper() and part.lower() not in PARTICLES
        ]
    return found


def _filled(printed: str, alias: str) -> str:
    """A pseudonym in the place of what is printed: cut or filled with x, line breaks kept; small x alone where it is too short."""
    length = len(printed)
    new = alias + "x" * (length - len(alias)) if length >= len(alias) else "x" * length
    return "".join([old if old in _KEPT else c for old, c in zip(printed, new, strict=True)])
