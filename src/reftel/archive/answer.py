"""The query tree as Tantivy is asked it. Whether a cable is found is just what `query.match` says of it, and so for statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

import tantivy

from reftel.archive.entry import ONLY_OTHERWISE, SAID_TERMS, SAID_WORDS
from reftel.archive.index import ABOUT, Index, number_field, said_of_reading, term_field, text_field
from reftel.query import FIELDS, fold, fold_words
from reftel.query.said import CONTENT, HEADING, PARAGRAPH, SENTENCE
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
    Said,
    Term,
    TermPrefix,
    Tree,
    Word,
    children,
)
from reftel.query.view import LAST

Asked = tantivy.Query
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_SUBJECT_WEIGHT = 1.5  # what a word in the subject adds to the rank, beside the same word in the text
# What each place adds to the rank of a statement: all that is in the content comes before all that is in the sentence alone, and so on.
_WEIGHTS = {CONTENT: 8.0, SENTENCE: 4.0, HEADING: 2.0, PARAGRAPH: 1.0}
_MANY = 20_000  # where more than these answer in the one index, it is seen whether fewer do in the other
_MOST_KEPT = 8  # answers of statements, each a key for every cable that answers
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$#&~-]")
_Words = Word | Phrase | Near | Prefix | Fuzzy

# Which of some cables (by key), or statements (by place), a node really finds: asked where the index alone cannot tell.
Check = Callable[[Tree, Iterable[int]], list[int]]


class Checks:
    """How to ask the stored records. cables: by key; statements: by place (see index.place_of)."""

    __slots__ = ("cables", "statements")

    def __init__(self, cables: Check, statements: Check) -> None:
        self.cables, self.statements = cables, statements


def ask(tree: Tree, index: Index, checks: Checks) -> Asked:
    """The query for the index of cables. What is no word of the text counts nothing towards the rank."""
    return _CableAsker(index, checks).ask(tree)


def ask_statements(tree: Tree, index: Index, checks: Checks) -> Asked:
    """The query for the index of statements: those that hold, in cables that hold. Only what they are about is ranked."""
    return _StatementAsker(index, checks).ask(tree)


def ask_passages(leaves: Iterable[Tree], index: Index, key: int) -> Asked:
    """The query for the passages of one cable that hold any of the words that some leaves ask for."""
    schema = index.passages.schema
    here = Asked.const_score_query(Asked.term_query(schema, "key", key), 0.0)
    return Asked.boolean_query(
        [(_MUST, here), (_MUST, _any([asked for leaf in leaves for asked in _ask_words(leaf, schema)]))]
    )


def came_after(asked: Asked, index: Index, key: int) -> Asked:
    """What is asked of the index of cables, of those of a higher key alone; the rank is the same."""
    later = Asked.range_query(index.cables.schema, "key", tantivy.FieldType.Integer, key, None, include_lower=False)
    return Asked.boolean_query([(_MUST, asked), (_MUST, _unranked(later))])


def ask_less(asked: Asked, schema: tantivy.Schema, name: str, lost: list[int], gained: list[int]) -> Asked:
    """The same query without some that it finds, and with some that it does not. name: of the field by which they are told."""
    if gained:
        asked = _any([asked, _unranked(_one_of(schema, name, gained))])
    return Asked.boolean_query([(_MUST, asked), (_NOT, _one_of(schema, name, lost))]) if lost else asked


class _Asker:
    """What the indexes of cables and of statements are asked alike. name: the field that tells one document from the others."""

    def __init__(self, index: Index, part: tantivy.Index, name: str, check: Check) -> None:
        self.index, self.part, self.name, self.check = index, part, name, check
        self.schema = part.schema

    def ask(self, tree: Tree) -> Asked:
        match tree:
            case Everything():
                return _unranked(Asked.all_query())
            case And(parts):
                return self.ask_and(parts)
            case Or(parts):
                return Asked.boolean_query([(_SHOULD, self.ask(part)) for part in parts])
            case Not():
                return self.ask_and((tree,))
            case Term(field, values):
                each = [Asked.term_query(self.schema, term_field(field), value, "basic") for value in values]
                return _unranked(each[0] if len(each) == 1 else _any(each))
            case TermPrefix(field, start):
                return _unranked(Asked.regex_query(self.schema, term_field(field), _starting(start)))
            case Range(field, low, high):
                return self.ask_range(number_field(field), low, high)
            case Word() | Phrase() | Near() | Prefix() | Fuzzy():
                return self.ask_words(tree)
        raise TypeError(f"{tree!r} is no node of a query")

    def ask_and(self, parts: Sequence[Tree]) -> Asked:
        asked = [(_NOT, self.ask(p.part)) if isinstance(p, Not) else (_MUST, self.ask(p)) for p in parts]
        if all(isinstance(part, Not) for part in parts):
            asked.append((_MUST, _unranked(Asked.all_query())))
        return Asked.boolean_query(asked)

    def ask_range(self, name: str, low: int | None, high: int | None) -> Asked:
        return _unranked(Asked.range_query(self.schema, name, tantivy.FieldType.Integer, low, high))

    def ask_words(self, node: _Words) -> Asked:
        return self.ask_in(text_field(node.field), node)

    def ask_in(self, field: str, node: _Words) -> Asked:
        """The words of a node in a field of the index."""
        match node:
            case Word(_, word):
                kept = "basic" if field == ABOUT[PARAGRAPH] else "freq"
                return Asked.term_query(self.schema, field, word, kept)
            case Phrase(_, words):
                return _ask_phrase(self.schema, field, words)
            case Prefix(_, start):
                return Asked.regex_query(self.schema, field, _starting(start))
            case Fuzzy(_, word, edits):
                return Asked.fuzzy_term_query(self.schema, field, word, edits, True)
            case Near():
                return self._ask_near(field, node)

    def count(self, asked: Asked) -> int:
        with said_of_reading():
            found: int = self.part.searcher().search(asked, 1, True).count  # type: ignore[attr-defined]
        return found

    def numbers(self, asked: Asked, name: str) -> list[int]:
        """The number that a fast field has for each that is found."""
        searcher = self.part.searcher()
        with said_of_reading():
            found = searcher.search(_unranked(asked), limit=max(searcher.num_docs, 1), count=False)
            numbers = searcher.fast_field_values(name, [address for _, address in found.hits])
        return [number for number in numbers if isinstance(number, int)]

    def numbers_there(
        self, there: _Asker, wanted: Asked, beside: Asked | None, name: str = "key", name_here: str = "key"
    ) -> list[int]:
        """The number that a field has for each that is found in the other index. beside: what must hold here too; asked first if that is less.

        name, name_here: the field by which one index knows what is in the other.
        """
        if beside is not None:
            many = there.count(wanted)
            if many > _MANY and self.count(beside) < many:
                here = list(dict.fromkeys(self.numbers(beside, name_here)))
                wanted = _both(wanted, _one_of(there.schema, name, here))
        return list(dict.fromkeys(there.numbers(wanted, name)))

    # ---- below

    def _ask_near(self, field: str, node: Near) -> Asked:
        """Two words: in either order. Tantivy's slop is not to be trusted with more than two, or with one twice."""
        if len(node.words) == 2 and node.words[0] != node.words[1]:
            return self._ask_pair(field, node.words[0], node.words[1], node.within)
        apart = sorted(set(node.words))
        if len(node.words) == 2:  # a word and itself
            places = range(1, node.within + 2)
            return _any([Asked.phrase_query(self.schema, field, [(0, apart[0]), (i, apart[0])]) for i in places])
        wide = node.within + len(node.words) - 2
        likely = [self._ask_pair(field, one, other, wide) for one, other in combinations(apart, 2)]
        likely = likely or [Asked.term_query(self.schema, field, apart[0], "freq")]
        found = self.numbers(Asked.boolean_query([(_MUST, each) for each in likely]), self.name)
        return _one_of(self.schema, self.name, self.check(node, found))

    def _ask_pair(self, field: str, one: str, other: str, within: int) -> Asked:
        return _any([_ask_phrase(self.schema, field, words, within) for words in ((one, other), (other, one))])


class _CableAsker(_Asker):
    def __init__(self, index: Index, checks: Checks) -> None:
        super().__init__(index, index.cables, "key", checks.cables)
        self.checks = checks

    def ask(self, tree: Tree) -> Asked:
        match tree:
            case Exact(word):
                return self._ask_exact(word)
            case Said():
                return self._ask_said(tree, None)
        return super().ask(tree)

    def ask_and(self, parts: Sequence[Tree]) -> Asked:
        rest = [part for part in parts if not isinstance(part, Said) or _is_of_cables(part)]
        asked = super().ask_and(rest) if rest else None
        joined = [self._ask_said(part, asked) for part in parts if isinstance(part, Said) and not _is_of_cables(part)]
        return Asked.boolean_query([(_MUST, one) for one in (asked, *joined) if one is not None])

    def ask_words(self, node: _Words) -> Asked:
        asked = super().ask_words(node)
        if not isinstance(node, Word) or node.field != "text":
            return asked
        heavier = Asked.term_query(self.schema, text_field("subject"), node.word, "freq")
        return Asked.boolean_query([(_MUST, asked), (_SHOULD, Asked.boost_query(heavier, _SUBJECT_WEIGHT))])

    def _ask_said(self, node: Said, beside: Asked | None) -> Asked:
        """The cables of the statements that answer; at once where cables have the field too. beside: what they must answer as well."""
        if _is_of_cables(node):
            return _unranked(super().ask(node.part))
        keys = self.index.kept.get(node)
        if keys is None:
            statements = _StatementAsker(self.index, self.checks)
            keys = self.numbers_there(statements, statements.ask(node), beside)
            if beside is None and len(self.index.kept) < _MOST_KEPT:
                self.index.kept[node] = keys
        return _unranked(_one_of(self.schema, "key", keys))

    def _ask_exact(self, word: str) -> Asked:
        """See entry.exact_terms. The rank is that of the folded word."""
        folded = fold(word)
        found = Asked.term_query(self.schema, text_field("text"), folded, "freq")
        if folded == word:
            only_otherwise = Asked.term_query(self.schema, "exact", ONLY_OTHERWISE + folded, "basic")
            return Asked.boolean_query([(_MUST, found), (_NOT, only_otherwise)])
        printed = Asked.term_query(self.schema, "exact", word, "basic")
        return Asked.boolean_query([(_MUST, found), (_MUST, _unranked(printed))])


class _StatementAsker(_Asker):
    def __init__(self, index: Index, checks: Checks) -> None:
        super().__init__(index, index.statements, "place", checks.statements)
        self.checks = checks
        self.beside: Asked | None = None  # what must hold as well of all that is asked for: it may be used to ask less

    def ask(self, tree: Tree) -> Asked:
        if isinstance(tree, Said):
            return self.ask(tree.part)
        if not isinstance(tree, Everything | Not) and _asks_cables(tree):
            return self._ask_cables(tree)
        return super().ask(tree)

    def ask_and(self, parts: Sequence[Tree]) -> Asked:
        """First what this index knows, then the cables, all at once, last the paragraphs: each is asked for no more than is needed."""
        of_cables = [part for part in parts if _asks_cables(part) and not isinstance(part, Everything)]
        rest = [part for part in parts if not _asks_cables(part) or isinstance(part, Everything)]
        if any(not isinstance(part, Not) for part in of_cables):
            of_cables = [And(tuple(of_cables))]
        own = [part for part in rest if not _asks_topics(part)]
        before = self.beside
        asked: list[tuple[tantivy.Occur, Asked]] = []
        for part in (*own, *of_cables, *(part for part in rest if _asks_topics(part))):
            musts = asked if before is None else [*asked, (_MUST, before)]
            self.beside = Asked.boolean_query(musts) if any(occur == _MUST for occur, _ in musts) else None
            asked.append((_NOT, self.ask(part.part)) if isinstance(part, Not) else (_MUST, self.ask(part)))
        self.beside = before
        if all(isinstance(part, Not) for part in parts):
            asked.append((_MUST, _unranked(Asked.all_query())))
        return Asked.boolean_query(asked)

    def ask_range(self, name: str, low: int | None, high: int | None) -> Asked:
        """A day told only by its month or year must lie in the range as a whole."""
        first = super().ask_range(name, low, high)
        if high is None:
            return first
        last = super().ask_range(number_field(f"said{LAST}"), None, high)
        return Asked.boolean_query([(_MUST, first), (_MUST, last)])

    def ask_words(self, node: _Words) -> Asked:
        if node.field != "about":
            return _unranked(super().ask_words(node))
        each = {at: self.ask_in(field, node) for at, field in ABOUT.items() if at != PARAGRAPH}
        if isinstance(node, Phrase | Near):
            each[PARAGRAPH] = self._ask_paragraphs(node)
        else:
            each[PARAGRAPH] = self.ask_in(ABOUT[PARAGRAPH], node)
        return _any([Asked.const_score_query(asked, _WEIGHTS[at]) for at, asked in each.items()])

    def _ask_paragraphs(self, node: Phrase | Near) -> Asked:
        """The statements in whose paragraphs words stand beside each other."""
        passages = _PassageAsker(self.index)
        wanted = passages.ask_in("words", node)
        found = self.numbers_there(passages, wanted, self.beside, "place", "passage")
        asked = _one_of(self.schema, "passage", found)
        if _is_certain(node):
            return asked
        return _one_of(self.schema, self.name, self.check(node, self.numbers(asked, self.name)))

    def _ask_cables(self, tree: Tree) -> Asked:
        cables = _CableAsker(self.index, self.checks)
        return _unranked(_one_of(self.schema, "key", self.numbers_there(cables, cables.ask(tree), self.beside)))


class _PassageAsker(_Asker):
    """Of words near each other it tells where they may be."""

    def __init__(self, index: Index) -> None:
        super().__init__(index, index.passages, "place", lambda _, places: list(places))


def _asks_cables(tree: Tree) -> bool:
    """Whether a node asks nothing of statements."""
    if isinstance(tree, Said):
        return False
    if isinstance(tree, And | Or | Not):
        return all(map(_asks_cables, children(tree)))
    return isinstance(tree, Everything | Exact) or FIELDS[tree.field].of == "cable"


def _asks_topics(tree: Tree) -> bool:
    """Whether a node asks anywhere what a statement is about."""
    return getattr(tree, "field", None) == "about" or any(map(_asks_topics, children(tree)))


def _is_certain(node: _Words) -> bool:
    """Whether the index alone can tell where these words stand."""
    return not isinstance(node, Near) or len(node.words) == 2


def _is_of_cables(node: Said) -> bool:
    """Whether it asks one thing that is known of cables too: what any one of their statements has, they have."""
    part = node.part
    if isinstance(part, Term | TermPrefix):
        return part.field in SAID_TERMS
    return isinstance(part, Word | Phrase | Prefix | Fuzzy) and part.field in SAID_WORDS


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


def _one_of(schema: tantivy.Schema, field: str, numbers: list[int]) -> Asked:
    return Asked.term_set_query(schema, field, numbers) if numbers else Asked.empty_query()


def _both(one: Asked, other: Asked) -> Asked:
    return Asked.boolean_query([(_MUST, one), (_MUST, other)])


def _unranked(asked: Asked) -> Asked:
    return Asked.const_score_query(asked, 0.0)


def _any(each: list[Asked]) -> Asked:
    return Asked.boolean_query([(_SHOULD, one) for one in each])


def _starting(start: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", start) + ".*"
