"""How far what is said reaches: back before a cue behind it, forward to the next statement, to the end of its clause."""

from __future__ import annotations

from collections.abc import Set

from reftel.extract.statements.drafts import Placed, Range
from reftel.extract.statements.lexicon import SPEAKING
from reftel.extract.statements.phrases import is_capital
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import AUX, DETERMINERS, PERSONAL, is_adverb
from reftel.tables import word_class

_WITH_SUBJECT = ("np", "pronoun", "apposition")
_SUBORDINATE_HEADS = frozenset(("while", "although", "though", "when", "since", "because", "as", "if", "after"))
_NOTES = frozenset(("note", "comment", "begin", "embassy"))
_NOT_BEFORE_ACT = frozenset(("that", "who", "which", "what", "how", "to"))
_LINKS_CLAUSE = frozenset(("that", "who", "which", "whether", "if", "what", "how", "when", "where", "because", "as"))
# Words in -ed behind "and" that go on with a list of things: "reduced tariffs and increased quotas".
_ALSO_ADJECTIVES = frozenset(("increased", "improved", "continued", "expanded", "limited", "enhanced"))


# ---- back


def back_start(sentence: Sentence, placed: list[Placed], post: int) -> int:
    """Where the content before the cue `post` behind it begins: at the sentence's start, or behind the statement before it."""
    low = sentence.low
    end = placed[post].clause - 1
    floor = _after_semicolon(sentence, placed, post, end)
    for one in reversed(placed[:post]):
        if one.how == "post":
            behind = one.source is not None and one.source[0] >= one.found.end
            floor = one.source[1] if behind and one.source is not None else max(floor, one.found.end)
            break
    i = floor
    while i < end and low[i] in (",", ";", ":", "and", "but", ")", "--"):
        i += 1
    return past_label(low, i)


def _after_semicolon(sentence: Sentence, placed: list[Placed], post: int, end: int) -> int:
    """Behind the last semicolon before `end` that a statement stands before: "Oks said X; Y, Stratton said"; else 0."""
    first = min(
        (
            p.found.start
            for p in placed[:post]
            if p.how in (*_WITH_SUBJECT, "trail", "lead") and p.found.group in SPEAKING
        ),
        default=end,
    )
    for i in range(end - 1, first, -1):
        if sentence.low[i] == ";" and not sentence.quoted[i]:
            return i + 1
    return 0


def quotation_start(sentence: Sentence, begin: int, end: int) -> int:
    """Where a quotation opens that ends right before `end`, if a clause ends before it; else `begin`."""
    low = sentence.low
    i = end - 1
    while i > begin and low[i] in (",", "."):
        i -= 1
    if not sentence.quoted[i]:
        return begin
    while i > begin and sentence.quoted[i - 1] and low[i] != "“":
        i -= 1
    return i if i > begin and low[i - 1] in (",", ";", ":", ".", "that", "(", "--") else begin


def past_label(low: list[str], i: int) -> int:
    """Past "Moreover," and the like at i, and past a bracket or dash."""
    while i < len(low) and low[i] in ("(", "-", "--"):
        i += 1
    if i + 1 < len(low) and low[i + 1] == "," and (is_adverb(low[i]) or low[i] in word_class("sentence opener")):
        return i + 2
    return i


# ---- forward


def forward_end(sentence: Sentence, placed: list[Placed], n: int, outer: Set[int]) -> int:
    """Where the content behind cue n ends: at the next statement outside of it, at its own verb's next act, else with the sentence."""
    low = sentence.low
    one = placed[n]
    limit = _next_outer(sentence, placed, n, outer)
    if one.begin < 0:
        return limit
    if one.clause <= 3 and one.how in ("np", "pronoun") and low[0] in _SUBORDINATE_HEADS:
        limit = _first_clause_end(sentence, one.begin, limit)
    if one.how == "relative" and one.found.start > 1 and low[one.found.start - 2] == ",":
        limit = _relative_end(low, one.begin, limit)
    if one.frame in ("n", "g", "t", "o"):
        limit = _next_act(sentence, one.begin, limit)
    for i in range(one.begin, limit):  # "(Note: ..."
        if low[i] == "(" and i + 1 < len(low) and low[i + 1] in _NOTES:
            return i
    if low[0] == "(" and limit == len(low):
        return _closing_bracket(low, one.begin)
    return limit


def _next_outer(sentence: Sentence, placed: list[Placed], n: int, outer: Set[int]) -> int:
    """Where the first outer statement begins that stands behind the beginning of n's content; the end if none does."""
    for k in range(n + 1, len(placed)):
        if k in outer:
            at = _begin_of(sentence, placed, k, placed[n].found.start)
            if at > placed[n].begin:
                return at
    return len(sentence)


def _begin_of(sentence: Sentence, placed: list[Placed], k: int, cue: int) -> int:
    """Where statement k begins, its content included if that stands first and behind `cue`; with "to whom" before its subject."""
    low = sentence.low
    other = placed[k]
    if other.how == "post":
        at = back_start(sentence, placed, k)
        return at if at > cue else other.clause
    if other.how in ("mid", "passive"):
        return other.clause
    if other.how not in _WITH_SUBJECT:
        return other.found.start
    at = other.clause
    return at - 2 if at > 2 and low[at - 1] in ("which", "whom") and low[at - 2] == "to" else at


def _closing_bracket(low: list[str], begin: int) -> int:
    """The bracket that closes a sentence in brackets, where no other one is closed last; else the sentence's end."""
    for i in range(len(low) - 1, begin, -1):
        if low[i] == ")":
            opened, closed = low[1:i].count("("), low[1:i].count(")")
            return i if opened in (0, closed) else len(low)
    return len(low)


def _first_clause_end(sentence: Sentence, begin: int, end: int) -> int:
    """The comma that ends a subordinate clause at the head of a sentence: "While he condemned the plan, the groups say ..."."""
    low = sentence.low
    for i in range(begin + 1, end - 1):
        if low[i] == "," and not sentence.quoted[i]:
            after = low[i + 1]
            if after in PERSONAL or after in DETERMINERS or is_capital(sentence, i + 1):
                return i
    return end


def _relative_end(low: list[str], begin: int, end: int) -> int:
    """The comma that closes a relative clause, before the verb of the main one: "Oks, who said the ice was thin, left early"."""
    for i in range(begin + 1, end - 1):
        if low[i] == ",":
            return i if _opens_act(low[i + 1], True) else end
    return end


def _next_act(sentence: Sentence, begin: int, end: int) -> int:
    """Where the speaker's next act begins, that is no cue: "worried about the strike and was engaged with both sides"."""
    low = sentence.low
    plain = linked = False  # words that open a clause in the content so far
    for i in range(begin, end - 1):
        word = low[i]
        if i > begin and not sentence.quoted[i]:
            if word in ("during", "while", "when") and i > begin + 1 and not plain:
                return i
            if word in ("and", "but"):
                comma = low[i - 1] == ","
                if comma and low[i + 1] in PERSONAL and i + 2 < end and _is_past(low[i + 2]):
                    return i
                if not linked and _opens_act(low[i + 1], comma):
                    return i
        plain = plain or word in _NOT_BEFORE_ACT
        linked = linked or word in _LINKS_CLAUSE
    return end


def _is_past(word: str) -> bool:
    return word in AUX or word.endswith("ed")


def _opens_act(word: str, comma: bool) -> bool:
    """Whether a word behind "and" is the verb of a further act: an auxiliary, an irregular past, after a comma one in -ed."""
    if word in AUX or (word in word_class("irregular finite") and word not in word_class("plain noun verb")):
        return True
    return comma and word.endswith("ed") and word not in _ALSO_ADJECTIVES


def lead_end(sentence: Sentence, placed: list[Placed], n: int, end: int) -> int:
    """The comma before the main clause of a leading participle: "Citing the delay, Stratton said ..."."""
    low = sentence.low
    for one in placed[n + 1 :]:
        if one.how in (*_WITH_SUBJECT, "mid") and one.clause and low[one.clause - 1] in (",", "-", "--"):
            return min(end, one.clause - 1)
    # the main verb is no cue: the first comma before a capital, a pronoun or a determiner
    for i in range(placed[n].found.end, end - 1):
        if low[i] == "," and (is_capital(sentence, i + 1) or low[i + 1] in ("he", "she", "they", "we", "the", "it")):
            return i if i > 0 else end
    return end


def clause_bounds(low: list[str], at: int) -> Range:
    """The clause round token `at`: "The talks, which reportedly failed" begins behind the comma."""
    start = at
    while start > 0 and low[start - 1] not in (",", ";", ":", "(", "that", "--"):
        start -= 1
    for end in range(at, len(low)):
        if low[end] in (";", ":", ")", ".") or (
            low[end] == "," and low[end + 1 : end + 2] in (["and"], ["but"], ["while"])
        ):
            return start, end
    return start, len(low)
