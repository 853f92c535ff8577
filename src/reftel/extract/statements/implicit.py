"""Sentences that go on with the last speaker's words without saying so."""

from __future__ import annotations

from collections.abc import Container
from functools import cache

from reftel.extract.statements.drafts import Draft, Range
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import AUX, SUBORDINATORS, is_person_noun
from reftel.tables import cell_list, rows, word_class

_LABELS = frozenset(("end", "begin", "note", "comment", "summary", "text", "participants"))
_JUDGED = frozenset(("it", "this", "these", "that", "those", "such"))
_PEOPLES = ("ians", "ans", "is", "ese", "ish", "ch")
_BEFORE = frozenset(("had", "would", "could", "might", "hadn't", "wouldn't", "couldn't", "'s"))
_ORDINALS = frozenset(("first", "second", "third", "fourth", "finally", "firstly", "secondly"))
_PAPERS = frozenset(
    ("press", "media", "report", "reports", "observers", "analysts", "newspaper", "newspapers", "poll", "polls")
)
_PRESENT = frozenset(("has", "have", "is", "are"))
# Among so many words at its beginning the verb of a plain event stands.
_EARLY = 12


def reads_on(sentence: Sentence, start: int, end: int, chained: bool) -> bool:
    """Whether tokens without a cue may be the last speaker's: back-shifted, or a judgement; not the drafter's, no plain event.

    chained: right before them stands what a person said, so that any tense will do.
    """
    low = sentence.low
    words = low[start:end]
    while words and words[-1] in (".", "?", "!", ")"):
        words.pop()
    if len(words) < 4 or words[0] in _LABELS or words[0] in ("-", "--") or words[-1] == ":":
        return False
    whole = sentence.quoted[start]
    if not whole and not word_class("drafter word").isdisjoint(words):
        return False
    if whole and sentence.quoted[start + len(words) - 1]:
        return True
    if not word_class("event verb").isdisjoint(words[:_EARLY]) or "http" in words:
        return False
    first = sentence.words[start][0]
    if not (first.isupper() or whole or first == "(" or not first.isalpha()):
        return False
    if _counts(words) and word_class("shifted verb").isdisjoint(words):
        return False
    shifted = not (word_class("shifted verb").isdisjoint(words) and word_class("judgement").isdisjoint(words))
    present = chained and not AUX.isdisjoint(words)
    # a plain past tells what happened, unless it is a judgement on something
    if not (shifted or present or (chained and _is_judgement(sentence, start, words))):
        return False
    pasts = word_class("irregular finite")
    return any(word in AUX or word in pasts or (word.endswith("ed") and len(word) > 4) for word in words)


def is_about(sentence: Sentence, start: int, speakers: Container[str]) -> bool:
    """Whether a sentence tells of one of the speakers: "He seemed tired.", "Although he is a friend, Merivale was late."

    "He had been in Oslo" and "Merivale would not come" may be in his own words.
    """
    low = sentence.low
    if low[start] in SUBORDINATORS and "," in low:
        start = low.index(",", start) + 1
    end = start
    while end < len(low) and (sentence.words[end][0].isupper() or low[end] in ("the", "a")) and end < start + 8:
        end += 1
    if start < len(low) and low[start] in ("he", "she"):
        end = start + 1
    elif end == start or low[end - 1] not in speakers or _is_collective(sentence, (start, end)):
        return False
    if end < len(low) and low[end] == ",":  # "Merivale, who is a friend, was late"
        return True
    return end < len(low) and low[end] not in _BEFORE and "had" not in low[end : end + 3]


def _is_judgement(sentence: Sentence, start: int, words: list[str]) -> bool:
    """Whether a sentence in a plain past judges: its subject is a thing or a country, and it counts nothing."""
    return _is_of_things(sentence, start) and not any(word[0].isdigit() for word in words)


def _counts(words: list[str]) -> bool:
    """ "First, ...", "The second concern is": a list, of the drafter's own unless it is back-shifted."""
    return words[0] in _ORDINALS or (words[0] == "the" and words[1] in _ORDINALS)


def _is_of_things(sentence: Sentence, start: int) -> bool:
    """Whether a sentence begins with a thing or a country as its subject, to judge by its first words."""
    first = sentence.low[start]
    # "In the case of Oslo, the port ..."
    if first in ("in", "on", "for", "as") and "," in sentence.low[start : start + 8]:
        start = sentence.low.index(",", start) + 1
        first = sentence.low[start] if start + 1 < len(sentence) else ""
    if first in _JUDGED:
        return True
    return _is_actor(sentence.words[start]) or (
        first in ("the", "a", "an", "multiple")
        and not is_person_noun(sentence.low[start + 1])
        and sentence.words[start + 1].islower()
    )


def carries_speech(sentence: Sentence, draft: Draft, active: bool, chained: bool, speakers: Container[str]) -> bool:
    """Whether an outer statement is reported by the drafter, and not part of what the last speaker goes on to say.

    While somebody's speech is being reported, "Norway hoped" and "Merivale had told" are what he tells of others. active: whether it
    is; chained: in the words right before. speakers: the last words of the sources that say something anywhere in the cable, folded.
    """
    found, source, low = draft.found, draft.source, sentence.low
    if found.form in ("hearsay", "noun"):
        return False
    if not active or found.form != "finite" or source is None:
        return True
    head = low[source[1] - 1]
    if low[source[0]] in ("who", "which", "that"):
        return False
    if found.group in ("think", "stance") and not _may_be_reported(sentence, source, speakers):
        return False
    group = low[draft.cue[0] : found.verb]
    present = found.tense == "third" or not _PRESENT.isdisjoint(group)
    if present and chained and _is_collective(sentence, source):
        return False  # "Norway tells the region" in what Merivale says
    if low[0] in SUBORDINATORS and draft.clause <= 1 and head not in ("he", "she"):
        return False
    told_before = "had" in group or "would" in group
    return draft.inherited or not told_before or head in ("he", "she", "they")


def _may_be_reported(sentence: Sentence, source: Range, speakers: Container[str]) -> bool:
    """Whether what somebody thinks is the drafter's report: of a pronoun or of one who speaks in the cable, not of a body."""
    head = sentence.low[source[1] - 1]
    if head in ("it", "they") or head in word_class("collective noun") or _is_collective(sentence, source):
        return False
    return head in ("he", "she", "i", "we") or head in speakers


def names_person(sentence: Sentence, draft: Draft) -> bool:
    """Whether the source of a statement is one person, to judge by its last word."""
    if draft.source is None:
        return True
    head = sentence.low[draft.source[1] - 1]
    if head in ("he", "she"):
        return True
    if sentence.low[draft.source[0]] in ("some", "there", "many", "one") or (head in _PAPERS):
        return False
    return not _is_collective(sentence, draft.source) and (
        sentence.words[draft.source[1] - 1][0].isupper() or is_person_noun(head)
    )


def _is_collective(sentence: Sentence, source: Range) -> bool:
    """Whether a source is a country, government or body rather than a person: "Norway", "the GON", "the Finns"."""
    head, word = sentence.low[source[1] - 1], sentence.words[source[1] - 1]
    if word.isupper() and 2 <= len(word.strip(".")) <= 5:
        return True
    if sentence.low[source[0]] == "the" and head.endswith(_PEOPLES):
        return True
    printed = " ".join(sentence.words[source[0] : source[1]])
    return _is_actor(printed[4:] if printed[:4].lower() == "the " else printed)


def _is_actor(name: str) -> bool:
    """Whether a name is that of a country, a capital that stands for one, or an organisation of the tables."""
    return name.strip().lower() in _actors()


@cache
def _actors() -> frozenset[str]:
    found = {"us", "u.s.", "u.s", "uk", "eu", "un"}
    for row in rows("nations"):
        found.update(cell.lower() for column in row for cell in cell_list(row[column]) if column != "seen")
    for row in rows("actors"):
        found.update(
            cell.lower() for column in row for cell in cell_list(row[column]) if column not in ("seen", "kind")
        )
    return frozenset(found - {""})
