"""Individuals: which candidates of a cable name the same person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reftel.extract.names.lexicon import COMMON, SURNAME, fold
from reftel.extract.names.persons import LIKELY, SURE, Candidate
from reftel.model import Mention
from reftel.text import Flow

# Generic ranks that say nothing of which person a surname means
_GENERIC = {"mr", "dr", "sheikh", "sir", "", "don", "cleric"}
_FAMILY_FIRST = {
    "kim", "lee", "park", "choi", "yu", "wi", "chen", "li", "wang", "zhang", "hu", "wen", "yang", "jiang", "dai",
    "xi", "deng", "mao", "zhou", "lin", "ma", "roh", "ban", "han", "hun", "goh", "liu", "zhao", "huang", "xu", "sun",
    "zhu", "guo", "luo", "song", "tang", "peng", "zeng", "xiao", "dong", "yuan", "hsieh", "su", "chiang", "nguyen",
    "tran",
}  # fmt: skip


_HYPHENED = re.compile(r"-([A-Z][^\W\d_]{3,})")
_PARTS = re.compile(r"[^\W\d_]+")


class Individual:
    """One person of a cable while it is put together. words: of the fullest name, folded; offices: that the titles mean."""

    __slots__ = (
        "bare",
        "key",
        "last",
        "mentions",
        "name",
        "offices",
        "protected",
        "rank",
        "redacted",
        "rule",
        "titles",
        "words",
    )

    def __init__(self, name: str, words: tuple[str, ...], rule: str) -> None:
        self.name = name
        self.words = words
        self.rule = rule
        self.mentions: list[Mention] = []
        self.titles: list[str] = []
        self.offices: set[str] = set()
        self.protected = False
        self.redacted = False
        self.rank = False
        self.key: str | None = None
        self.bare = 0
        self.last = -1

    def surname(self) -> str:
        """The folded word that the person is called by."""
        words = self.words
        if (
            len(words) > 1
            and words[0] in _FAMILY_FIRST
            and ("-" in words[-1] or len(words) == 3 or words[0] in ("hun",))
        ):
            return words[0]
        return words[-1] if words[-1] not in ("jr", "sr", "ii", "iii", "iv", "vi") or len(words) < 2 else words[-2]


class Placed:
    """A candidate with its place in the cable: the flow it is read from, its ordinal; whether it opens a sentence.

    plain: its first word is an everyday word too; surname: it is one of those known to be surnames.
    """

    __slots__ = ("candidate", "flow", "opens", "order", "plain", "surname")

    def __init__(self, candidate: Candidate, flow: Flow, order: int, opens: bool, flags: int) -> None:
        self.candidate = candidate
        self.flow = flow
        self.order = order
        self.opens = opens
        self.plain = bool(flags & COMMON)
        self.surname = bool(flags & SURNAME)


def gather(placed: Sequence[Placed], known: dict[str, str]) -> list[Individual]:
    """The individuals that the candidates name, in the order of their first mention.

    known: folded surname -> name, of people whom the tables know to be called so without introduction.
    """
    found: list[Individual] = []
    index: dict[str, list[Individual]] = {}
    owner: dict[int, Individual] = {}
    _full_names(placed, found, index, owner)
    _titled_surnames(placed, found, index, owner)
    _likely(placed, found, index, owner)
    _bare_surnames(placed, found, index, owner, known)
    for item in placed:
        person = owner.get(item.order)
        if person is None:
            continue
        candidate = item.candidate
        form = "title" if candidate.title is not None and candidate.start < candidate.name_start else "name"
        person.mentions.append(Mention(span=item.flow.hull(candidate.start, candidate.end), form=form))
        if candidate.title is not None and candidate.title not in person.titles:
            person.titles.append(candidate.title)
        if candidate.office:
            person.offices.add(candidate.office)
    return sorted((p for p in found if p.mentions), key=lambda p: p.mentions[0].span)


def _new(item: Placed, found: list[Individual], index: dict[str, list[Individual]], rule: str) -> Individual:
    person = Individual(" ".join(item.candidate.words), item.candidate.folds, rule)
    person.redacted = item.candidate.redacted
    person.rank = item.candidate.ranked
    if item.candidate.redacted:
        person.name = item.candidate.words[0]
    found.append(person)
    _note(person, index)
    return person


def _note(person: Individual, index: dict[str, list[Individual]]) -> None:
    names = {*person.words, " ".join(person.words)}
    if not person.redacted:
        names |= {fold(part) for part in _HYPHENED.findall(person.name)}
        initials = "".join([part[0] for part in _PARTS.findall(person.name)])
        if len(initials) > 2:
            names.add(initials.upper())
    for word in names:
        held = index.setdefault(word, [])
        if person not in held:
            held.append(person)


def _full_names(
    placed: Iterable[Placed], found: list[Individual], index: dict[str, list[Individual]], owner: dict[int, Individual]
) -> None:
    """Names of two words and more, and redactions."""
    for item in placed:
        candidate = item.candidate
        if candidate.redacted:
            if candidate.sure >= LIKELY:
                same = index.get(candidate.folds[0])
                owner[item.order] = same[0] if same else _new(item, found, index, "redaction")
            continue
        if len(candidate.folds) < 2 or candidate.sure < SURE:
            continue
        person = _same_full(candidate.folds, index)
        if person is None:
            person = _new(item, found, index, "full name")
        elif len(candidate.folds) > len(person.words) or (
            len(candidate.folds) == len(person.words) and len(" ".join(candidate.words)) > len(person.name)
        ):
            person.words = candidate.folds
            person.name = " ".join(candidate.words)
            _note(person, index)
        owner[item.order] = person


def _same_full(folds: tuple[str, ...], index: dict[str, list[Individual]]) -> Individual | None:
    """Who of the persons so far has that name, shorter or longer or with initials; None if nobody or several."""
    fits = [
        person
        for person in dict.fromkeys([*index.get(folds[-1], ()), *index.get(folds[0], ())])
        if len(person.words) > 1 and _fits(folds, person.words)
    ]
    return fits[0] if len(fits) == 1 else next((p for p in fits if p.words == folds), None)


def _fits(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two names may be one person's: the words of the shorter occur in the longer in order, initials for words."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    at = 0
    for word in short:
        while at < len(long) and not _like(word, long[at]):
            at += 1
        if at == len(long):
            return False
        at += 1
    return _like(a[-1], b[-1]) or (len(short) > 1 and short[0] == long[0])


def _like(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) == 1 and a[:1] == b[:1])


def _titled_surnames(
    placed: Sequence[Placed], found: list[Individual], index: dict[str, list[Individual]], owner: dict[int, Individual]
) -> None:
    """A title and a surname: of a full name that has it, else a person of their own."""
    for item in placed:
        candidate = item.candidate
        if item.order in owner or candidate.redacted or candidate.sure < SURE or len(candidate.folds) > 1:
            continue
        person = _called(candidate, index, item.order, owner, placed)
        owner[item.order] = person if person is not None else _new(item, found, index, "title")


def _called(
    candidate: Candidate,
    index: dict[str, list[Individual]],
    order: int,
    owner: dict[int, Individual],
    placed: Sequence[Placed],
) -> Individual | None:
    """The person whom a title and a surname call; None if nobody so far."""
    word = candidate.folds[0]
    fits = [p for p in index.get(word, ()) if not p.redacted]
    if not fits:
        return None
    offices = {id(p): _offices_of(p, owner, placed) for p in fits}
    same = [p for p in fits if candidate.office and candidate.office in offices[id(p)]]
    if same:
        return same[0]
    by_surname = [p for p in fits if p.surname() == word]
    generic = candidate.office in _GENERIC
    if len(by_surname) == 1 and not (candidate.ranked and not generic and by_surname[0].words[0] != word):
        return by_surname[0]
    if by_surname and generic:
        return by_surname[0]
    if len(fits) == 1 and (generic or fits[0].rank):
        return fits[0]
    return None


def _offices_of(person: Individual, owner: dict[int, Individual], placed: Sequence[Placed]) -> set[str]:
    if not person.offices:
        person.offices = {placed[order].candidate.office for order, who in owner.items() if who is person} - {""}
    return person.offices


def _likely(
    placed: Sequence[Placed], found: list[Individual], index: dict[str, list[Individual]], owner: dict[int, Individual]
) -> None:
    """Names of two words and more that the context speaks for, or of which a word comes again by itself."""
    singles = {
        item.candidate.folds[0] for item in placed if len(item.candidate.folds) == 1 and not item.candidate.redacted
    }
    for item in placed:
        candidate = item.candidate
        if item.order in owner or candidate.redacted or len(candidate.folds) < 2:
            continue
        person = _same_full(candidate.folds, index)
        if person is None and (candidate.sure >= LIKELY or candidate.folds[-1] in singles):
            person = _new(item, found, index, "context")
        if person is not None:
            owner[item.order] = person


def _bare_surnames(
    placed: Sequence[Placed],
    found: list[Individual],
    index: dict[str, list[Individual]],
    owner: dict[int, Individual],
    known: dict[str, str],
) -> None:
    """Surnames and first names by themselves: of who has them, of who is well known, or of who is told to speak."""
    for item in placed:
        candidate = item.candidate
        person = owner.get(item.order)
        if person is not None:
            person.last = item.order
            if len(candidate.folds) == 1:
                person.bare += 1
            continue
        if candidate.redacted or len(candidate.folds) > 1:
            continue
        word = candidate.folds[0]
        if candidate.words[0].isupper() and 2 < len(word) < 5:
            person = _bearer(word.upper(), index)
            if person is None and word not in known:
                continue
        else:
            person = _bearer(word, index)
        if person is None:
            near = _misprint(word, index)
            if near is not None:
                person = near
            elif (alias := _alias(word, known, index)) is not None:
                person = alias
            elif word in known and not (item.plain and item.opens):
                person = _new(item, found, index, "well known")
                person.name = " ".join(candidate.words)
            elif candidate.sure >= LIKELY:
                person = _new(item, found, index, "speaks")
        elif item.plain and not item.surname and item.opens and candidate.sure < LIKELY:
            continue
        if person is not None:
            owner[item.order] = person
            person.last = item.order
            person.bare += 1


def _alias(word: str, known: dict[str, str], index: dict[str, list[Individual]]) -> Individual | None:
    """The person of the cable whom a byname of the tables means: SBY is Yudhoyono; None if there is none."""
    name = known.get(word, "")
    return _bearer(fold(name.split()[-1]), index) if name else None


def _bearer(word: str, index: dict[str, list[Individual]]) -> Individual | None:
    """Whom a name by itself means: who has it as surname, most often called so, else named last."""
    fits = [p for p in index.get(word, ()) if not p.redacted]
    if len(fits) < 2:
        return fits[0] if fits else None
    called = [p for p in fits if p.surname() == word] or fits
    return max(called, key=lambda p: (p.bare, p.last))


def _misprint(word: str, index: dict[str, list[Individual]]) -> Individual | None:
    """The one person whose surname is a letter away from a long word; None if there is none or several."""
    if len(word) < 6:
        return None
    near = {
        id(person): person
        for known, held in index.items()
        if known[0] == word[0]
        and abs(len(known) - len(word)) <= 1
        and known[:3] == word[:3]
        and len(known) >= 6
        and _one_apart(word, known)
        for person in held
        if person.surname() == known
    }
    return next(iter(near.values())) if len(near) == 1 else None


def _one_apart(a: str, b: str) -> bool:
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    i = 0
    while i < len(short) and short[i] == long[i]:
        i += 1
    return short[i:] == long[i + 1 :] or (len(short) == len(long) and short[i + 1 :] == long[i + 1 :])


__all__ = ["Individual", "Placed", "gather"]
