"""Where a cue stands in its sentence: behind its subject, before it, in a participle, in a passive, in a relative clause."""

from __future__ import annotations

from reftel.extract.statements.complements import read_complement
from reftel.extract.statements.cues import view_start
from reftel.extract.statements.drafts import Found, Placed, Range
from reftel.extract.statements.objects import find_object
from reftel.extract.statements.phrases import is_capital, possessor_start
from reftel.extract.statements.postposed import place_inverted, place_postposed
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.subjects import find_subject, noun_phrase_before
from reftel.extract.statements.words import (
    AUX,
    DETERMINERS,
    PREPOSITIONS,
    QUOTES,
    SUBJECT_PRONOUNS,
    WH,
    is_person_noun,
)

# Before a participle that opens its clause: "In reply, while noting that".
_BEFORE_LEAD = frozenset(("(", "“", '"', "while", "after", "in", "by", "before", "when", "despite", "on")) | {
    "upon", "besides", "although", "then", "again",
}  # fmt: skip
# Before a participle behind its clause: "..., adding that".
_BEFORE_TRAIL = frozenset((",", "--", ";", "while", "by", "and", "but", "then", "before", "after", "when")) | {
    "or", "also", "with",
}  # fmt: skip
# Participles that are prepositions, or tell what one does rather than says.
_NO_PARTICIPLE = frozenset(("consider", "regard", "respond to", "reply to", "react to", "respond", "follow"))
# Determiners and the like that stand for persons by themselves.
_PERSONS_ALONE = frozenset(("others", "some", "many", "several", "most"))
_BEFORE_ASKED = ("and", "when", "if", "but", "once", "(")
_LONGEST_SOURCE = 20


def place(sentence: Sentence, found: Found) -> Placed | None:
    """A candidate with its subject and what follows it; None if neither makes it a statement."""
    form = found.form
    if form == "according":
        end = _according_end(sentence, found.end)
        return Placed(found, (found.end, end), "according", None, end, "c", found.start) if end > found.end else None
    if form == "view":
        first = view_start(sentence.low, found.start)
        if first is None:
            return None
        return Placed(found, (first + 1, found.start), "according", None, found.end, "c", first)
    if form == "hearsay":
        return Placed(found, None, form, None, found.end, "c", found.start)
    if form == "noun":
        start = possessor_start(sentence, found.start)
        return (
            None if start is None else Placed(found, (start, found.start), form, None, found.end, found.takes[0], start)
        )
    if form == "passive":
        return _place_passive(sentence, found)
    if form == "ing":
        return _place_participle(sentence, found)
    return place_inverted(sentence, found) or _place_finite(sentence, found)


def _according_end(sentence: Sentence, at: int) -> int:
    """The end of the noun phrase behind "according to"."""
    low = sentence.low
    for i in range(at, min(len(low), at + _LONGEST_SOURCE)):
        if low[i] in (",", ".", ";", "--", ")") or (i > at and low[i] in AUX):
            return i
    return min(len(low), at + _LONGEST_SOURCE)


# ---- behind a subject


def _place_finite(sentence: Sentence, found: Found) -> Placed | None:
    if found.form == "to":  # "called again to stress that"
        follows = read_complement(sentence, found)
        if not follows.frame:
            return None
        return Placed(found, None, "purpose", follows.addressee, follows.begin, follows.frame, found.start)
    subject, how = find_subject(sentence, found.start)
    if how == "none" or (
        subject is not None and subject[0] and sentence.low[subject[0] - 1] in ("than", "if", "unless")
    ):
        return None  # "more likely than she thought", "if he confirmed"
    if how == "pronoun" and subject is not None and _is_in_relative(sentence, found, subject):
        return Placed(found, subject, "wh", None, found.end, "c", subject[0] - 1)
    if how == "np" and subject is not None and not _may_speak(sentence, subject, found):
        return None
    postposed = place_postposed(sentence, found, subject) if subject is not None else None
    if postposed is not None:
        return postposed
    follows = read_complement(sentence, found)
    if not follows.frame:
        return None
    clause = subject[0] if subject is not None and how != "relative" else found.start
    return Placed(found, subject, how, follows.addressee, follows.begin, follows.frame, clause)


def _is_in_relative(sentence: Sentence, found: Found, subject: Range) -> bool:
    """ "..., which he said were the opening salvo": the relative pronoun and what follows are the content."""
    low = sentence.low
    if not subject[0] or low[subject[0] - 1] not in ("which", "who", "whom", "what"):
        return False
    if found.end >= len(low) or low[found.end] in (",", ".", ";", "that"):
        return False
    return "c" in found.takes or "o" in found.takes


def _may_speak(sentence: Sentence, subject: Range, found: Found) -> bool:
    """Whether a noun phrase can be one who says or thinks: a name, a body, a person; anything for plain verbs of saying."""
    low = sentence.low
    start, end = subject
    head = end - 1
    if low[head] == ")":
        while head > start and low[head] != "(":
            head -= 1
        head -= 1
    if low[head] in DETERMINERS and low[head] not in _PERSONS_ALONE:
        return False
    if is_capital(sentence, head):
        return not low[head].endswith(("'s", ",s"))
    # the head may stand before a preposition: "members of the delegation"
    for i in range(start, end):
        if is_person_noun(low[i]) and (i + 1 == end or low[i + 1] in PREPOSITIONS or low[i + 1] == "("):
            return True
        if low[i] in PREPOSITIONS:
            break
    return found.rule in ("say", "tell", "state") and found.tense != "base"


# ---- participles


def _place_participle(sentence: Sentence, found: Found) -> Placed | None:
    """ "Noting X, Kallaste said Y, adding that Z": before its clause, or behind it; "with Oslo insisting that"."""
    low = sentence.low
    start = found.start
    before = low[start - 1] if start else ""
    if found.rule in _NO_PARTICIPLE:
        return None
    leads = start == 0 or before == ":" or (start == 1 and before in _BEFORE_LEAD)
    if not leads and before not in _BEFORE_TRAIL:
        return _place_reduced(sentence, found, before)
    follows = read_complement(sentence, found)
    if not follows.frame:
        return None
    how, clause = ("lead", start) if leads else ("trail", start - 1)
    return Placed(found, None, how, follows.addressee, follows.begin, follows.frame, clause)


def _place_reduced(sentence: Sentence, found: Found, before: str) -> Placed | None:
    """ "officials saying that": a participle right behind a noun phrase, which is its subject."""
    start = noun_phrase_before(sentence, found.start)
    if start is None:
        return None
    follows = read_complement(sentence, found)
    if not follows.frame:
        return None
    source = (start, found.start)
    if start and sentence.low[start - 1] == "with":
        return Placed(found, source, "np", follows.addressee, follows.begin, follows.frame, start - 1)
    if before in PREPOSITIONS or before in DETERMINERS or (follows.frame == "n" and found.group != "stance"):
        return None
    return Placed(found, source, "reduced", follows.addressee, follows.begin, follows.frame, start)


# ---- passives


def _place_passive(sentence: Sentence, found: Found) -> Placed | None:
    """ "was told that", "are expected to", "is believed": the source is not told, or stands behind "by"."""
    low = sentence.low
    following = low[found.end] if found.end < len(low) else "."
    before = low[found.start - 1] if found.start else ""
    start = noun_phrase_before(sentence, found.start)
    if start is None and (before in SUBJECT_PRONOUNS or before == "there"):
        start = found.start - 1
    if following == "by":
        return _place_passive_by(sentence, found, start)
    if found.group == "ask" and found.joined and before in ("", "when", "if", "once", "("):
        return Placed(found, None, "asked", None, found.end, "n", found.start)
    if found.group in ("tell", "ask", "urge") and "a" in found.takes:
        if not (following in WH or following in QUOTES or following in ("that", "about", "to", "for", "of")):
            return None
        joined = following in ("about", "for", "of")
        wider = found._replace(end=found.end + 1) if joined else found
        if start is not None:
            return Placed(wider, None, "passive", (start, found.start), wider.end, "c", found.start)
        opens = not before or before in _BEFORE_ASKED
        return Placed(wider, None, "asked", None, wider.end, "n" if joined else "c", found.start) if opens else None
    if following in ("to", "that") and start is not None:
        return Placed(found, None, "passive", None, found.end, "t" if following == "to" else "c", start)
    return None


def _place_passive_by(sentence: Sentence, found: Found, start: int | None) -> Placed | None:
    """ "was told by Stratton that"; None if the phrase behind "by" says nothing. start: where the subject begins."""
    low = sentence.low
    begin = found.end + 1
    stop = find_object(sentence, begin, len(low))
    if stop == begin or stop >= len(low) or not (low[stop] in WH or low[stop] in ("that", "about", "to")):
        return None
    addressee = (start, found.start) if start is not None else None
    return Placed(found, (begin, stop), "passive", addressee, stop, "c", found.start)
