"""Verbs that attribute: the group of auxiliaries and adverbs round one, and what it is in its clause."""

from __future__ import annotations

from reftel.extract.statements.attitude_cues import light_cue
from reftel.extract.statements.drafts import Found
from reftel.extract.statements.lexicon import Cue, cues_by_head, verb_forms
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.verb_groups import by_saying, chain_start, group_start, match_rest, past_adverbs
from reftel.extract.statements.words import (
    AUX,
    BE,
    COORDINATORS,
    DETERMINERS,
    DO,
    HAVE,
    MODALS,
    NEGATED,
    PERSONAL,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    SUBJECT_PRONOUNS,
)
from reftel.tables import word_class

_ADDRESSING = ("tell", "ask", "urge")
# Determiners that can stand alone as a subject: "most said".
_AS_SUBJECT = frozenset(
    ("this", "these", "all", "both", "some", "many", "several", "most", "two", "three", "four", "five", "six")
) | {"another", "neither"}
# Subjects after which a bare verb is one: "they say", "others note".
_PLURAL_SUBJECTS = frozenset(("they", "we", "i", "you", "who", "others", "many", "some", "both", "most", "several"))
# Pasts that are the base as well.
_SAME_FORMS = frozenset(("let", "set", "read", "put", "hit"))


def verb_cue(sentence: Sentence, i: int) -> Found | None:
    """The candidate that the verb at token i carries: "did not rule out"; None if it is no verb there or takes nothing."""
    low = sentence.low
    start, aux = group_start(low, i)
    before = low[start - 1] if start else ""
    if low[i] in ("state", "states", "judge", "judges") and not aux and not _states(low, i, before):
        return None
    negated = not NEGATED.isdisjoint(low[start:i]) or "longer" in low[start:i]
    for base, form in verb_forms()[low[i]]:
        shape = _shape(sentence, i, start, form, aux, before)
        if shape is None:
            continue
        begin = start
        if shape == "to" and (chain := chain_start(low, start - 1)) is not None:
            begin, shape = chain
        cues = cues_by_head()[base]
        for cue in cues:
            if cue.group == "light":
                light = light_cue(sentence, i, begin, shape, negated, cue.head)
                if light is not None:
                    return light
        for cue in cues:
            if cue.group in ("chain", "light") or (base == "like" and "would" not in aux and "wouldn't" not in aux):
                continue
            end = match_rest(low, i + 1, cue.rest)
            if end < 0 or not _fits_shape(low, i, end, shape, cue.group):
                continue
            return _as_found(low, i, begin, end, shape, form, negated, cue)
    return None


def _as_found(low: list[str], i: int, begin: int, end: int, shape: str, form: str, negated: bool, cue: Cue) -> Found:
    takes = cue.all_takes
    if not cue.joined:
        end, takes = by_saying(low, end, takes)
        end = past_adverbs(low, end)
    refused = negated or not word_class("refusal").isdisjoint(low[begin : i + 1])  # "refused", "failed to say"
    return Found(
        begin, end, i, shape, cue.group, takes, cue.joined, cue.attitude, cue.weak, refused, cue.rule, form
    )  # fmt: skip


def _fits_shape(low: list[str], i: int, end: int, shape: str, group: str) -> bool:
    """Whether a verb of a group may be an infinitive ("to stress that") or a passive ("is expected", "was told") that attributes."""
    if shape == "to":
        return group in ("say", "ask", "urge") and end < len(low) and low[end] in ("that", "whether")
    return shape != "passive" or group in _ADDRESSING or low[i] in word_class("held passive")


def _states(low: list[str], i: int, before: str) -> bool:
    """Whether "state" or "judge" is the verb: after a personal pronoun, or before "that" behind a noun that is no plural."""
    if before in PERSONAL:
        return True
    return (
        low[i + 1 : i + 2] == ["that"]
        and before[:1].isalpha()
        and before not in DETERMINERS
        and not before.endswith("s")
    )


# ---- what a verb form is in its clause


def _shape(sentence: Sentence, i: int, start: int, form: str, aux: list[str], before: str) -> str | None:
    """What the verb form at i is: finite, ing, to or passive; None if it is no verb here. start: of its group; before: the word before it."""
    last = aux[-1] if aux else ""
    if form == "ing":
        if last in BE and last != "being":
            return "finite"
        return None if before in DETERMINERS or before in POSSESSIVES or before.endswith("'s") else "ing"
    if form == "base":
        return _shape_of_base(sentence, i, start, last, before)
    if form == "third":
        return None if aux else _shape_of_third(sentence.low, i, before)
    if form == "past" and not aux and _opens_with_asked(sentence.low, i, before):
        return "passive"
    if last in HAVE:
        return "finite"
    if last in BE:
        return "passive"
    if last in MODALS or last in DO or before == "to":
        return "finite" if sentence.low[i] in _SAME_FORMS else None
    if form == "participle" and before not in SUBJECT_PRONOUNS:
        return None
    return None if before in POSSESSIVES or (before in DETERMINERS and before not in _AS_SUBJECT) else "finite"


def _opens_with_asked(low: list[str], i: int, before: str) -> bool:
    """ "Asked about", "When pressed on": a participle that opens a sentence or its clause."""
    return low[i] in word_class("asked") and (before in ("when", "if", "once", "(") or i == 0)


def _shape_of_base(sentence: Sentence, i: int, start: int, last: str, before: str) -> str | None:
    """Of the bare form: "would say" and "they say" are finite, "to say" is not, "press reports contain" is none."""
    low, words = sentence.low, sentence.words
    following = low[i + 1] if i + 1 < len(low) else "."
    if not last and before != "to" and any(kind == "third" for _, kind in verb_forms().get(following, ())):
        return None  # "the state press contains"
    if last in MODALS or last in DO or last == "have":
        return "finite"
    if before == "to":
        return "to"
    if last:
        return None
    if before in _PLURAL_SUBJECTS:
        return "finite"
    plain = before not in PREPOSITIONS and before not in DETERMINERS and before not in PRONOUNS
    if start >= 2 and plain and before not in COORDINATORS and before[0].isalpha():
        named = words[start - 1][0].isupper()
        if (before.endswith(("sh", "ch", "ese")) and named) or before in ("people", "police", "public"):
            return "finite"  # "the Dutch believe"
        if "and" in low[max(0, start - 7) : start - 1] and (named or before in word_class("person noun")):
            return "finite"  # "Kallaste and the Tallinn leadership now believe"
    plural = before.endswith("s") and not before.endswith(("'s", "ss")) and before not in ("was", "is", "has", "does")
    return "finite" if plural and plain else None


def _shape_of_third(low: list[str], i: int, before: str) -> str | None:
    """Of "says": None where it is a noun, as in "press reports indicate"."""
    if before in DETERMINERS or before in POSSESSIVES or before.endswith("'s") or before in PREPOSITIONS:
        return None
    after = low[i + 1] if i + 1 < len(low) else "."
    if after in AUX or any(kind in ("base", "past") for _, kind in verb_forms().get(after, ())):
        return None
    return "finite"
