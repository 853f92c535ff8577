"""What leaves an archive without the names that a drafter asked to protect, anywhere in it.

A person is protected in every cable once one cable flags them: by the full name anywhere, since a source that is named by mistake cannot be
unnamed; by a bare surname, which may be another's, only in cables of the same post, but there with any first name. Pseudonyms are the same throughout one archive and mean nothing outside it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

import msgspec

from reftel.archive.findings import fold_name
from reftel.archive.search import Hit
from reftel.archive.store import Named, Store
from reftel.errors import ReftelError
from reftel.extract import extract
from reftel.extract.names import People
from reftel.masking import PARTICLES, mask_cable, mask_words, pseudonym
from reftel.model import Attribution, Cable, Entity, Findings
from reftel.pipeline.runs import own_people
from reftel.query import fold_words
from reftel.query.attributions import attribute
from reftel.query.view import sender_name

_REDACTED = frozenset("x ")


class Mask:
    """The mask of an archive, as it stands when it is made."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._people = own_people(store)
        self._known_secret: str | None = None
        # full name, folded -> as printed; its last word -> such names; (post, surname), folded, of those flagged in cables of that post
        self._names: dict[str, str] = {}
        self._by_last: dict[str, list[str]] = {}
        # and of these the surnames with which nobody's full name is flagged there
        self._surnames: set[tuple[str | None, str]] = set()
        full: set[tuple[str | None, str]] = set()
        flagged = "SELECT p.folded, min(p.name), c.post FROM protected p JOIN cables c ON c.key = p.cable GROUP BY 1, 3"
        for folded, name, post in store.rows(f"{flagged} ORDER BY 1, 2, 3"):
            if _REDACTED.issuperset(folded):
                continue
            last = folded.rpartition(" ")[2]
            self._surnames.add((post, last))
            if last != folded:
                full.add((post, last))
            if last != folded and folded not in self._names:
                self._names[folded] = name
                self._by_last.setdefault(last, []).append(folded)
        self._bare = self._surnames - full
        self._lasts = {last for _, last in self._surnames}
        self._words = frozenset(self._lasts.union(*(name.split() for name in self._names))) - PARTICLES

    def cable(self, cable: Cable, findings: Findings | None = None) -> tuple[Cable, Findings]:
        """A cable and what was found in it, masked; the same records where nobody has to be.

        findings: None to take those of the archive, or to look for them where it has none and somebody may have to be masked.
        ReftelError if an extractor fails on it.
        """
        findings = findings or self._store.findings_of(cable) or self._look_through(cable)
        hidden, whole = self._hidden(cable, findings)
        if not hidden:
            return cable, findings
        masked, found = mask_cable(cable, whole, lambda one: id(one) in hidden, self._secret())
        return masked, msgspec.structs.replace(found, entities=found.entities[: len(findings.entities)])

    def hits(self, hits: Iterable[Hit]) -> Iterator[Hit]:
        """Hits of a search with subject and snippet masked; every length is kept, so that marks and spans stay true."""
        for hit in hits:
            cable = self._store.cable(hit.key)
            findings = self._store.findings(hit.key) or self._look_through(cable)
            hidden, whole = self._hidden(cable, findings)
            if not hidden:
                yield hit
                continue
            fill = mask_words(cable.text, whole, lambda one, hidden=hidden: id(one) in hidden, self._secret())  # type: ignore[misc]
            snippet = msgspec.structs.replace(hit.snippet, text=fill(hit.snippet.text))
            yield msgspec.structs.replace(hit, subject=fill(hit.subject) if hit.subject else None, snippet=snippet)

    def loose_words(self, cable: Cable | None, texts: Iterable[str]) -> list[str]:
        """What somebody has written about a cable, masked, each at its own length; None for one that is not held.

        Whom the cable protects has a pseudonym, and whom any other does, where he is named in full.
        """
        texts = list(texts)
        named = self._named_in(" ".join(texts))
        whole, hidden, text = Findings(None, "", {}, (), ()), set[int](), ""
        if cable is not None:
            findings = self._store.findings_of(cable) or self._look_through(cable)
            hidden, whole = self._hidden(cable, findings)
            text = cable.text
        if not hidden and not named:
            return texts
        hidden |= {id(one) for one in named}
        whole = msgspec.structs.replace(whole, entities=(*whole.entities, *named))
        fill = mask_words(text, whole, lambda one: id(one) in hidden, self._secret())
        return [fill(one) for one in texts]

    def named(self, some: Iterable[Named]) -> Iterator[Named]:
        """Cables in a list with their subjects masked, in their order."""
        words = self.words()
        for one in some:
            if words.isdisjoint(fold_words(one.card.subject or "")):
                yield one
                continue
            cable = self._store.cable(one.key)
            hidden, whole = self._hidden(cable, self._store.findings(one.key) or self._look_through(cable))
            fill = mask_words(cable.text, whole, lambda who, hidden=hidden: id(who) in hidden, self._secret())  # type: ignore[misc]
            yield one._replace(card=msgspec.structs.replace(one.card, subject=fill(one.card.subject or "")))

    def _look_through(self, cable: Cable) -> Findings:
        """What is in a cable that nobody has looked through; nothing, at once, where nobody in it can be one to be masked by a short name."""
        asks = "rotect" in cable.text or "ROTECT" in cable.text
        post = sender_name(cable)
        lasts = {last for where, last in self._surnames if where == post}
        if asks or (lasts and not lasts.isdisjoint(fold_words(cable.text))):
            return _look_through(cable, self._people)
        return Findings(cable.id, cable.source.sha256, {}, (), ())

    def _hidden(self, cable: Cable, findings: Findings) -> tuple[set[int], Findings]:
        """Who is to be masked in a cable, as ids of the entities in the findings that come with it: those given, and whom nobody found."""
        post = sender_name(cable)
        whole = msgspec.structs.replace(findings, entities=(*findings.entities, *self._named_in(cable.text)))
        return {id(one) for one in whole.entities if one.protected or self._hides(one.name, post)}, whole

    def attributions(self, attributions: Iterable[Attribution]) -> Iterator[Attribution]:
        """Statements of the archive, masked, in their order. Those of one cable are quickest side by side."""
        for key, group in groupby(attributions, key=lambda one: one.key):
            cable, some = self._store.cable(key), list(group)
            masked, found = self.cable(cable, self._store.findings(key))
            if masked is cable:  # nobody in it has to be
                yield from some
                continue
            shown = {one.ordinal: one for one in attribute(masked, found, key, {one.ordinal for one in some})}
            yield from (shown[one.ordinal] for one in some)

    def name(self, name: str, protected: bool = False) -> str:
        """A name that stands by itself as it may be given away: itself, or a pseudonym. A bare surname counts in any post's cables.

        protected: it is known to be that of somebody whom a drafter asks to protect, be it under another name.
        """
        return pseudonym(name, self._secret()) if protected or self.hides(name) else name

    def hides(self, name: str) -> bool:
        """Whether a name that stands by itself is that of a protected person; see name."""
        folded = _fold(name)
        return folded in self._lasts or self._is_full(folded)

    def words(self) -> frozenset[str]:
        """The folded words of all protected names."""
        return self._words

    def names_with(self, words: frozenset[str]) -> tuple[list[str], set[tuple[str | None, str]]]:
        """The protected names that have any of some words, folded: the full ones, and the surnames with the posts where they count."""
        full = [name for name in self._names if not words.isdisjoint(name.split())]
        return full, {(post, last) for post, last in self._surnames if last in words}

    def bare_surnames(self, words: frozenset[str]) -> set[tuple[str | None, str]]:
        """Of some folded words the surnames, each with its post, that are masked with any first name in cables of that post."""
        return {(post, last) for post, last in self._bare if last in words}

    def _secret(self) -> str:
        """Asked for when somebody has to be masked: a first time it has to be written."""
        if self._known_secret is None:
            self._known_secret = _secret_of(self._store)
        return self._known_secret

    def _hides(self, name: str, post: str | None) -> bool:
        folded = _fold(name)
        last = folded.rpartition(" ")[2]
        return (post, folded) in self._surnames or (post, last) in self._bare or self._is_full(folded)

    def _is_full(self, folded: str) -> bool:
        """Whether a name has all the words of a protected full one: "Mr. Osk A. Tamm" of "Osk Tamm"."""
        if folded in self._names:
            return True
        words = folded.split()
        full = (name for word in words for name in self._by_last.get(word, ()))
        return any(set(words).issuperset(name.split()) for name in full)

    def _named_in(self, text: str) -> list[Entity]:
        """The protected persons whom a text names in full, be it that nobody has found them there."""
        words = fold_words(text) if self._names else []
        likely = self._by_last.keys() & set(words)
        if not likely:
            return []
        whole = f" {' '.join(words)} "
        found = [folded for last in sorted(likely) for folded in self._by_last[last] if f" {folded} " in whole]
        return [Entity("person", self._names[folded], None, None, (), protected=True) for folded in found]


_fold = lru_cache(1 << 14)(fold_name)


def _look_through(cable: Cable, people: People | None) -> Findings:
    try:
        return extract(cable, people)
    except Exception as error:  # our own bug; it must not let a name slip through
        raise ReftelError(
            f"Whom {cable.id or cable.source.locator} protects cannot be told, since Reftel fails on it. Leave it out of the "
            "query (-id:...), or give --unmask."
        ) from error


def _secret_of(store: Store) -> str:
    """The archive's own secret, made when it is first needed."""
    secret = store.meta("secret")
    if secret is None:
        with store.transaction():
            secret = store.meta("secret") or secrets.token_hex(16)
            store.set_meta("secret", secret)
    return secret
