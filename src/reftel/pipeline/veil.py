"""What a query finds for somebody to whom protected names may not be told: what it would find if the pseudonyms stood in the cables.

Masked answers alone do not hide a name: who asks for it, and is given a cable in which a pseudonym stands, knows whose it is. Only a query with a
word of a protected name can ask so. What it finds is asked again of the masked cables, and the difference goes to the search.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from reftel.archive.index import place_of
from reftel.archive.search import Moved, Search
from reftel.model import Cable, Findings
from reftel.pipeline.mask import Mask
from reftel.query import Query, Tree, fold_words, matches, matches_statement, view_with_statements
from reftel.query.edits import within_edits
from reftel.query.tree import And, Exact, Fuzzy, Near, Not, Or, Phrase, Prefix, Said, Word, children

_FIELDS = ("text", "said-by", "said-to")  # of the query language, in which a name may be found


class MaskedView:
    """The veil of an archive (search.Veil). search: of the same archive, without a veil."""

    def __init__(self, search: Search, mask: Mask) -> None:
        self._search, self._store, self._mask = search, search.store, mask
        self._words = mask.words()

    def show(self, cable: Cable, findings: Findings | None) -> tuple[Cable, Findings] | None:
        """A cable and its findings, masked; None if nobody has to be. findings: as in Mask.cable."""
        masked, found = self._mask.cable(cable, findings)
        return None if masked is cable else (masked, found)

    def hides(self, tag: str) -> bool:
        """Whether a tag is the name of a protected person."""
        return self._mask.hides(tag)

    def cables(self, tree: Tree) -> Moved:
        """The keys of cables that a query finds only by a protected name, and of those that it finds only without."""
        moved = Moved([], [])
        for key, found in self._in_question(tree):
            known = self._store.findings(key)
            veiled = self.show(self._store.cable(key), known)
            if veiled is None:
                continue
            findings = veiled[1] if known is not None else None  # else the index has no statement either
            holds = matches(tree, view_with_statements(veiled[0], findings, self._store.carriers(key)))
            if holds != found:
                (moved.gained if holds else moved.lost).append(key)
        return moved

    def statements(self, tree: Tree) -> Moved:
        """The places of statements likewise."""
        moved = Moved([], [])
        for key, _ in self._in_question(tree):
            cable, findings = self._store.cable(key), self._store.findings(key)
            veiled = self.show(cable, findings)
            if veiled is None or findings is None:
                continue
            carriers = self._store.carriers(key)
            plain = view_with_statements(cable, findings, carriers)
            masked = view_with_statements(*veiled, carriers)
            for ordinal, (one, other) in enumerate(zip(plain.statements, masked.statements, strict=True)):
                found, holds = matches_statement(tree, one, plain), matches_statement(tree, other, masked)
                if holds != found:
                    (moved.gained if holds else moved.lost).append(place_of(key, ordinal))
        return moved

    def _in_question(self, tree: Tree) -> Iterator[tuple[int, bool]]:
        """The cables in which a name that is asked for may be masked, each with whether the query finds it as it is."""
        asked = frozenset(word for leaf in _leaves(tree) for word in self._asked(leaf))
        if not asked:
            return
        found = set(self._search.keys(Query("", tree)))
        keys = self._keys_with(asked)
        if not _leaves_out(tree):
            keys &= found  # a cable that is not found by the name is not found without it
        for key in sorted(keys):
            yield key, key in found

    def _asked(self, leaf: Tree) -> frozenset[str]:
        """The words of protected names that a leaf of a query would find."""
        match leaf:
            case Word(_, word):
                return self._words & {word}
            case Phrase(_, words) | Near(_, words):
                return self._words.intersection(words)
            case Exact(word):
                return self._words.intersection(fold_words(word))
            case Prefix(_, start):
                return frozenset(word for word in self._words if word.startswith(start))
            case Fuzzy(_, wanted, edits):
                return frozenset(word for word in self._words if within_edits(word, wanted, edits))
        return frozenset()

    def _keys_with(self, words: frozenset[str]) -> set[int]:
        """The keys of cables in which a protected name with one of the words may stand: in the text, or as whom an office was resolved to."""
        full, surnames = self._mask.names_with(words)
        tree = Or(tuple(_named(name.split(), field) for name in full for field in _FIELDS))
        keys = set(self._search.keys(Query("", tree))) if full else set()
        folded = msgspec.json.encode([*full, *{last for _, last in surnames}]).decode()
        keys.update(
            self._store.column("SELECT cable FROM protected WHERE folded IN (SELECT value FROM json_each(?))", folded)
        )
        rows = self._store.rows(
            "SELECT e.cable, c.post, e.folded FROM entities e JOIN cables c ON c.key = e.cable"
            " WHERE e.folded IN (SELECT value FROM json_each(?))",
            (folded,),
        )
        names = set(full)
        keys.update(key for key, post, name in rows if name in names or (post, name) in surnames)
        for post, last in self._mask.bare_surnames(words):
            told = Query("", Or(tuple(_named([last], field) for field in _FIELDS)))
            keys.update(set(self._search.keys(told)).intersection(self._sent_by(post)))
        return keys

    def _sent_by(self, post: str | None) -> list[int]:
        return self._store.column("SELECT key FROM cables WHERE post IS ?", post)


def _named(words: list[str], field: str) -> Tree:
    every = And(tuple(Word(field, word) for word in words))
    return every if field == "text" else Said(every)


def _leaves(tree: Tree) -> Iterator[Tree]:
    below = children(tree)
    if not below:
        yield tree
    for part in below:
        yield from _leaves(part)


def _leaves_out(tree: Tree) -> bool:
    return isinstance(tree, Not) or any(map(_leaves_out, children(tree)))
