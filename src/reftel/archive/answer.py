"""The query tree as Tantivy is asked it. Whether a cable is found is just what `query.match` says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import combinations

import tantivy

from reftel.archive.entry import ONLY_OTHERWISE
from reftel.archive.index import Index, number_field, said_of_reading, term_field, text_field
from reftel.query import fold, fold_words
from reftel.query.tree import (
    And,
    Everything,
    Exact,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
    TermPrefix,
    Tree,
    Word,
)

Asked = tantivy.Query
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_SUBJECT_WEIGHT = 1.5  # what a word in the subject adds to the rank, beside the same word in the text
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$#&~-]")

# Which of some cables (by key) a node really finds: asked where the index alone cannot tell.
Check = Callable[[Tree, Iterable[int]], list[int]]


def ask(tree: Tree, index: Index, check: Check) -> Asked:
    """The query for the index of cables. What is no word of the text counts nothing towards the rank."""
    return _Asker(index, check).ask(tree)


def ask_passages(leaves: Iterable[Tree], index: Index, key: int) -> Asked:
    """The query for the passages of one cable that hold any of the words that some leaves ask for."""
    schema = index.passages.schema
    here = Asked.const_score_query(Asked.term_query(schema, "key", key), 0.0)
    return Asked.boolean_query(
        [(_MUST, here), (_MUST, _any([asked for leaf in leaves for asked in _ask_words(leaf, schema)]))]
    )


class _Asker:
    def __init__(self, index: Index, check: Check) -> None:
        self.index, self.check = index, check
        self.schema = index.cables.schema

    def ask(self, tree: Tree) -> Asked:
        match tree:
            case Everything():
                return _unranked(Asked.all_query())
            case And(parts):
                return self._ask_and(parts)
            case Or(parts):
                return Asked.boolean_query([(_SHOULD, self.ask(part)) for part in parts])
            case Not():
                return self._ask_and((tree,))
            case Term(field, values):
                each = [Asked.term_query(self.schema, term_field(field), value, "basic") for value in values]
                return _unranked(each[0] if len(each) == 1 else _any(each))
            case TermPrefix(field, start):
                return _unranked(Asked.regex_query(self.schema, term_field(field), _starting(start)))
            case Range(field, low, high):
                name, kind = number_field(field), tantivy.FieldType.Integer
                return _unranked(Asked.range_query(self.schema, name, kind, low, high))
            case Exact(word):
                return self._ask_exact(word)
            case Word(field, word):
                return self._ask_word(field, word)
            case Phrase(field, words):
                return _ask_phrase(self.schema, text_field(field), words)
            case Prefix(field, start):
                return Asked.regex_query(self.schema, text_field(field), _starting(start))
            case Fuzzy(field, word, edits):
                return Asked.fuzzy_term_query(self.schema, text_field(field), word, edits, True)
            case Near():
                return self._ask_near(tree)
        raise TypeError(f"{tree!r} is no node of a query")

    def _ask_and(self, parts: tuple[Tree, ...]) -> Asked:
        asked = [(_NOT, self.ask(p.part)) if isinstance(p, Not) else (_MUST, self.ask(p)) for p in parts]
        if all(isinstance(part, Not) for part in parts):
            asked.append((_MUST, _unranked(Asked.all_query())))
        return Asked.boolean_query(asked)

    def _ask_word(self, field: str, word: str) -> Asked:
        asked = Asked.term_query(self.schema, text_field(field), word, "freq")
        if field != "text":
            return asked
        heavier = Asked.term_query(self.schema, text_field("subject"), word, "freq")
        return Asked.boolean_query([(_MUST, asked), (_SHOULD, Asked.boost_query(heavier, _SUBJECT_WEIGHT))])

    def _ask_exact(self, word: str) -> Asked:
        """See entry.exact_terms. The rank is that of the folded word."""
        folded = fold(word)
        found = Asked.term_query(self.schema, text_field("text"), folded, "freq")
        if folded == word:
            only_otherwise = Asked.term_query(self.schema, "exact", ONLY_OTHERWISE + folded, "basic")
            return Asked.boolean_query([(_MUST, found), (_NOT, only_otherwise)])
        printed = Asked.term_query(self.schema, "exact", word, "basic")
        return Asked.boolean_query([(_MUST, found), (_MUST, _unranked(printed))])

    def _ask_near(self, node: Near) -> Asked:
        """Two words: in either order. Tantivy's slop is not to be trusted with more than two, or with one twice."""
        field = text_field(node.field)
        if len(node.words) == 2 and node.words[0] != node.words[1]:
            return self._ask_pair(field, node.words[0], node.words[1], node.within)
        apart = sorted(set(node.words))
        if len(node.words) == 2:  # a word and itself
            places = range(1, node.within + 2)
            return _any([Asked.phrase_query(self.schema, field, [(0, apart[0]), (i, apart[0])]) for i in places])
        wide = node.within + len(node.words) - 2
        likely = [self._ask_pair(field, one, other, wide) for one, other in combinations(apart, 2)]
        likely = likely or [Asked.term_query(self.schema, field, apart[0], "freq")]
        found = self.check(node, self._keys(Asked.boolean_query([(_MUST, each) for each in likely])))
        return Asked.term_set_query(self.schema, "key", found) if found else Asked.empty_query()

    def _ask_pair(self, field: str, one: str, other: str, within: int) -> Asked:
        return _any([_ask_phrase(self.schema, field, words, within) for words in ((one, other), (other, one))])

    def _keys(self, asked: Asked) -> list[int]:
        searcher = self.index.cables.searcher()
        with said_of_reading():
            found = searcher.search(asked, limit=max(searcher.num_docs, 1), count=False)
            return [int(key or 0) for key in searcher.fast_field_values("key", [address for _, address in found.hits])]


def _ask_words(leaf: Tree, schema: tantivy.Schema) -> list[Asked]:
    match leaf:
        case Word(_, word):
            return [Asked.term_query(schema, "words", word, "freq")]
        case Phrase(_, words) | Near(_, words):
            return [Asked.term_query(schema, "words", word, "freq") for word in words]
        case Prefix(_, start):
            return [Asked.regex_query(schema, "words", _starting(start))]
        case Fuzzy(_, word, edits):
            return [Asked.fuzzy_term_query(schema, "words", word, edits, True)]
        case Exact(word):
            return [Asked.term_query(schema, "words", each, "freq") for each in fold_words(word)]
        case _:
            return []


def _ask_phrase(schema: tantivy.Schema, field: str, words: Iterable[str], slop: int = 0) -> Asked:
    return Asked.phrase_query(schema, field, [*words], slop)


def _unranked(asked: Asked) -> Asked:
    return Asked.const_score_query(asked, 0.0)


def _any(each: list[Asked]) -> Asked:
    return Asked.boolean_query([(_SHOULD, one) for one in each])


def _starting(start: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", start) + ".*"
