"""The query language: text in, tree out.

    query    = either
    either   = both { "OR" both }
    both     = one { ["AND"] one }                 words beside each other must all be there
    one      = ["-" | "NOT"] item
    item     = "(" either ")" | field ":" value | value
    field    = a name or alias of FIELDS, in any case
    value    = word | word "*" | word "~" [1 | 2] | "=" word | quoted [ "~" [number] ] | "(" either ")" | date
    quoted   = any text between double quotes

OR, AND and NOT count in capitals only. In brackets behind a field every word is a value of that field. `*` alone is every cable.
A word or quoted text of several words ("U.S.", "non-proliferation") is a phrase. A date needs no field: 2008, 2008-12, dec 2008,
2008-12..2009-11. `in:summary` narrows the words of its own `both`, those in brackets too.

Fields of statements (said-by, about, stance ...) beside each other are asked of one statement: they become one Said, with groups of
nothing but such fields among alternatives or left out. `(said-by:a about:b) (said-by:c)` asks for two statements in one cable: brackets
round fields that must all hold have a Said of their own. A field left out with none beside it is left out of the cable:
`-said-by:a nato` is Not(Said(a)). The rules are in gather.py.
"""

from __future__ import annotations

import re

from reftel.query.dates import find_date
from reftel.query.fields import FIELDS, Field, field_names, find_field
from reftel.query.gather import bracket, gather, gather_any, settle, unbracket
from reftel.query.slips import QueryError, did_you_mean, shorten
from reftel.query.tokens import fold_words
from reftel.query.tree import And, Everything, Exact, Fuzzy, Near, Not, Or, Phrase, Prefix, Query, Term, Tree, Word
from reftel.query.values import Narrow, Value

LONGEST_QUERY = 10_000
DEEPEST = 50

# Signs as other keyboards, word processors and web pages write them, each of one character.
_SIGNS = str.maketrans("“”„‟«»＂：（）－−＊～＝", '""""""":()--*~=')
_NAME = re.compile(r"([^\W\d_][^\W_]*(?:[-_][^\W_]+)*):")
_RAW = re.compile(r"[^\s()\"]+")
_BLANK = re.compile(r"\s*")
_OPERATOR = re.compile(r"(?:OR|AND|NOT)(?![^\s()\"])")
_TILDE = re.compile(r"~(\d*)", re.ASCII)
_FUZZY = re.compile(r"([^~]*)~(\d*)", re.ASCII)
_FOREIGN = {"|": "OR", "||": "OR", "&&": "AND"}
_MINUS = re.compile(r"-(?![^\s()\"])")
_MOST_DIGITS = 6


def parse_query(text: str) -> Query:
    """The query that a text is. QueryError, with the place of the slip, if it cannot be read."""
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"A query has at most {LONGEST_QUERY:,} characters; this one has {len(text):,}.", 0, 1)
    parser = _Parser(text.translate(_SIGNS))
    tree = parser.read_either(None, 0)
    if parser.at < len(text):
        raise parser.slip("This bracket closes nothing. Leave it out, or open one before it.", 1)
    if tree is None:
        raise QueryError(
            'Nothing is asked for. Write words, a "phrase" or a field such as from:london; * is every cable.', 0, 1
        )
    if isinstance(tree, Narrow):
        tree = _has(tree)
    return Query(text, settle(tree), tuple(dict.fromkeys(parser.notes)))


class _Parser:
    """Reads on from `at`. Each reading function leaves `at` behind what it read; None means that nothing was there.

    field: the one whose brackets the reading is in; None outside of any, where words are of the text and dates are dates.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.notes: list[str] = []

    def slip(self, message: str, length: int) -> QueryError:
        return QueryError(message, self.at, min(self.at + length, len(self.text)))

    def read_either(self, field: Field | None, depth: int) -> Tree | Narrow | None:
        part = self.read_both(field, depth)
        parts = [part]
        while self.operator() == "OR":
            if part is None:
                raise self.slip("OR needs something on both sides. To look for the word, write it in small letters.", 2)
            here = self.at
            self.at += 2
            part = self.read_both(field, depth)
            if part is None:
                self.at = here
                raise self.slip("OR needs something on both sides. To look for the word, write it in small letters.", 2)
            parts.append(part)
        if len(parts) == 1:
            return part
        nodes = [_has(p) if isinstance(p, Narrow) else p for p in parts if p is not None]
        return Or(tuple(gather_any(nodes)), (nodes[0].span[0], nodes[-1].span[1]))

    def read_both(self, field: Field | None, depth: int) -> Tree | Narrow | None:
        parts: list[Tree | Narrow] = []
        while not self.ended():
            operator = self.operator()
            if operator == "OR":
                break
            if operator == "AND":
                here = self.at
                self.at += 3
                if not parts or self.ended() or self.operator() in ("AND", "OR"):
                    self.at = here
                    raise self.slip(
                        "AND needs something on both sides. To look for the word, write it in small letters.", 3
                    )
                continue
            part = self.read_one(field, depth)
            if part is not None:
                parts.append(part)
        return _narrowed(parts, self.notes) if parts else None

    def read_one(self, field: Field | None, depth: int) -> Tree | Narrow | None:
        start = self.at
        sign = "NOT" if self.operator() == "NOT" else "-" if self.text[start] == "-" else ""
        if not sign:
            return self.read_item(field, depth)
        self.at += len(sign)
        alone = self.ended() or self.operator() or self.text[self.at] == "-"
        if alone or (sign == "-" and self.at != start + 1):
            self.at = start
            raise self.slip(
                f"{sign} leaves out what stands right behind it, as in -word or -from:london; here nothing does.",
                len(sign),
            )
        part = self.read_item(field, depth)
        if part is None:
            self.at = start
            raise self.slip(f"{sign} leaves out a word, and none stands behind it.", len(sign))
        if isinstance(part, Narrow):
            name = self.text[part.span[0] : part.span[1]]
            self.notes.append(
                f"-{name} leaves out cables that have the part. For words outside of it, negate the words: -{part.field}:word."
            )
            part = _has(part)
        return Not(unbracket(part), (start, self.at))

    def read_item(self, field: Field | None, depth: int) -> Tree | Narrow | None:
        start = self.at
        if self.text[start] == "(":
            return self.read_group(field, depth)
        name = _NAME.match(self.text, start)
        if name is not None:
            return self.read_field(name, depth)
        end = find_date(self.text, start) if field is None else None
        if end is not None:
            dates = self.text[start:end].strip()
            self.at = end
            self.notes.append(f'{dates} was read as a date; for the word write "{dates}".')
            return FIELDS["date"].read("date", Value(dates, "word", None, (start, end), (start, end)), self.notes)
        raw = _RAW.match(self.text, start)
        if raw is not None and field is None:
            if raw[0] == "*":
                self.at = raw.end()
                return Everything((start, self.at))
            if raw[0] in _FOREIGN:
                raise self.slip(f"{raw[0]} means nothing here. Write {_FOREIGN[raw[0]]}.", len(raw[0]))
            if not fold_words(raw[0]) and not raw[0].startswith("="):
                self.at = raw.end()
                self.notes.append(f"{shorten(raw[0])} holds no letter or digit and was left out.")
                return None
            if raw[0] in ("or", "and", "not"):
                self.notes.append(
                    f"{raw[0]} in small letters is a word like any other; as an operator write {raw[0].upper()}."
                )
        row = field or FIELDS["text"]
        return row.read(row.name, self.read_value(start), self.notes)

    def read_field(self, name: re.Match[str], depth: int) -> Tree | Narrow | None:
        """A field and its value; what stands in brackets behind it is read with that field."""
        start = self.at
        field = find_field(name[1])
        if field is None:
            meant = did_you_mean(name[1], field_names(), "{}:")
            raise self.slip(
                f"There is no field '{shorten(name[1])}'.{meant} For the words themselves, put them in quotes.",
                len(name[1]),
            )
        self.at = name.end()
        if self.ended() or self.operator():
            self.at = start
            raise self.slip(f"{name[0]} needs a value, as in {field.examples[0]}.", len(name[0]))
        if self.text[self.at] == "-" and not (field.name == "stance" and _MINUS.match(self.text, self.at)):
            raw = _RAW.match(self.text, self.at + 1)
            raise self.slip(
                f"The minus goes before the field: -{name[0]}{shorten(raw[0]) if raw is not None else ''}", 1
            )
        if self.text[self.at] == "(":
            return self.read_group(field, depth)
        end = find_date(self.text, self.at) if field.kind == "date" else None
        if end is not None:
            value = Value(self.text[self.at : end], "word", None, (start, end), (self.at, end))
            self.at = end
        else:
            value = self.read_value(start)
        return field.read(field.name, value, self.notes)

    def read_group(self, field: Field | None, depth: int) -> Tree:
        opened = self.at
        if depth >= DEEPEST:
            raise self.slip(f"Brackets go at most {DEEPEST} deep.", 1)
        self.at += 1
        inside = self.read_either(field, depth + 1)
        if self.at >= len(self.text):
            self.at = opened
            raise self.slip("This bracket is not closed. Write ) behind what belongs together.", 1)
        self.at += 1
        if inside is None:
            raise QueryError("Nothing stands in these brackets. Leave them out, or put words in.", opened, self.at)
        if isinstance(inside, Narrow):
            return _has(inside)
        return bracket(inside) if field is None else inside

    def read_value(self, start: int) -> Value:
        """The word or quoted text at `at`; start: where its field begins."""
        at = self.at
        if self.text[at] == '"':
            return self.read_quoted(start)
        raw = _RAW.match(self.text, at)
        assert raw is not None  # brackets, blanks and quotes were dealt with
        self.at = raw.end()
        word, form, number = raw[0], "word", None
        fuzzy = _FUZZY.fullmatch(word)
        if fuzzy is not None:
            word, form, number = fuzzy[1], "fuzzy", self.number(fuzzy[2])
        elif word.startswith("="):
            word, form = word[1:], "exact"
        elif word.endswith("*"):
            word, form = word[:-1], "prefix"
        if form == "exact" and not word and self.text[self.at : self.at + 1] == '"':
            quoted = self.read_quoted(start)
            return quoted._replace(form="exact", at=(at, self.at))
        return Value(word, form, number, (start, self.at), (at, self.at))

    def read_quoted(self, start: int) -> Value:
        at = self.at
        close = self.text.find('"', at + 1)
        if close < 0:
            raise self.slip("This quote is not closed. Write another behind the last word.", 1)
        words = self.text[at + 1 : close]
        self.at = close + 1
        tilde = _TILDE.match(self.text, self.at)
        if tilde is not None:
            self.at = tilde.end()
            return Value(words, "near", self.number(tilde[1]), (start, self.at), (at, self.at))
        if self.text[self.at : self.at + 1] == "*":
            raise self.slip(
                "A star goes with one word, not with a quoted text. Write it behind a word without quotes.", 1
            )
        return Value(words, "phrase", None, (start, self.at), (at, self.at))

    def number(self, digits: str) -> int | None:
        return int(digits[:_MOST_DIGITS]) if digits else None

    def ended(self) -> bool:
        """Whether blanks and then the end or a closing bracket come next; goes on to there."""
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank is not None else self.at
        return self.at >= len(self.text) or self.text[self.at] == ")"

    def operator(self) -> str | None:
        operator = _OPERATOR.match(self.text, self.at)
        return operator[0] if operator is not None else None


def _has(narrow: Narrow) -> Tree:
    return Term("has", (narrow.has,), narrow.span)


def _narrowed(parts: list[Tree | Narrow], notes: list[str]) -> Tree | Narrow:
    """The parts that must all hold, each `in:` among them applied to the words beside it."""
    narrows = [p for p in parts if isinstance(p, Narrow)]
    nodes = [p for p in parts if not isinstance(p, Narrow)]
    span = (parts[0].span[0], parts[-1].span[1])
    if narrows and not nodes and len(narrows) == 1:
        return narrows[0]
    if narrows:
        if len({n.field for n in narrows}) > 1:
            notes.append("More than one in: stands in one group; the words must stand in each of the parts.")
        words = [node for node in nodes if _asks_text(node)]
        rest: list[Tree] = [node for node in nodes if not _asks_text(node)]
        for n in {n.field: n for n in narrows}.values():
            rest += [_within(node, n) for node in words]
            if all(isinstance(node, Not) for node in words):
                rest.append(_has(n))
        nodes = rest
    nodes = gather(nodes)
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes), span)


def _asks_text(node: Tree) -> bool:
    """Whether a node asks for words of the text as a whole."""
    if isinstance(node, And | Or):
        return any(map(_asks_text, node.parts))
    if isinstance(node, Not):
        return _asks_text(node.part)
    if isinstance(node, Word | Phrase | Near | Prefix | Fuzzy):
        return node.field == "text"
    return isinstance(node, Exact)


def _within(node: Tree, narrow: Narrow) -> Tree:
    """The node with its words of the text asked for in the field of the `in:`."""
    field = narrow.field
    match node:
        case And(parts, span):
            return And(tuple(_within(part, narrow) for part in parts), span)
        case Or(parts, span):
            return Or(tuple(_within(part, narrow) for part in parts), span)
        case Not(part, span):
            return Not(_within(part, narrow), span)
        case Word("text", word, span):
            return Word(field, word, span)
        case Phrase("text", words, span):
            return Phrase(field, words, span)
        case Near("text", words, within, span):
            return Near(field, words, within, span)
        case Prefix("text", start, span):
            return Prefix(field, start, span)
        case Fuzzy("text", word, edits, span):
            return Fuzzy(field, word, edits, span)
        case Exact(_, span):
            raise QueryError(
                "= keeps capitals in the text as a whole only, not in a part of it. Leave in: or the = out.", *span
            )
    return node
