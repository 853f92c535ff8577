"""Which statements of a sentence stand outside of each other, and which lie in what another one says."""

from __future__ import annotations

from reftel.extract.statements.bounds import back_start, quotation_start
from reftel.extract.statements.drafts import Placed
from reftel.extract.statements.lexicon import SPEAKING
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.words import AUX, COORDINATORS, DETERMINERS, PREPOSITIONS, QUOTES, SUBORDINATORS
from reftel.tables import word_class

_WITH_SUBJECT = ("np", "pronoun", "apposition")
_THINGS = ("n", "g", "o", "t")
_CONTRASTS = ("and", "but", "while", "although", "though", "yet", "whereas", "as", "so")
# What goes on after "and" without a comma is the drafter's again with these.
_GOES_ON = frozenset(("say", "tell", "add", "note", "reply", "respond", "stress", "emphasize"))


def find_outer(sentence: Sentence, placed: list[Placed]) -> set[int]:
    """The indices of the statements that lie in no other's content."""
    outer: set[int] = set()
    last = -1  # the outer statement before
    covered = _covered_behind(sentence, placed)
    for n, one in enumerate(placed):
        if n in covered or one.how == "noun":
            continue
        if one.how == "reduced":
            stands = last < 0 and one.found.group in SPEAKING and one.frame in ("c", "q", "w")
        else:
            stands = last < 0 or _breaks(sentence, one, placed[last])
        if stands:
            outer.add(n)
            if last >= 0 or one.how != "hearsay":
                last = n
    return outer


def _covered_behind(sentence: Sentence, placed: list[Placed]) -> set[int]:
    """The statements inside the content of one whose cue stands behind it: "X, Stratton said"."""
    covered: set[int] = set()
    for post, one in enumerate(placed):
        if one.how == "post":
            begin = quotation_start(sentence, back_start(sentence, placed, post), one.clause)
            covered.update(n for n in range(post) if placed[n].how != "lead" and placed[n].found.start >= begin)
    return covered


def _breaks(sentence: Sentence, one: Placed, prior: Placed) -> bool:
    """Whether a statement stands outside the content of the outer statement before it."""
    low = sentence.low
    how, start = one.how, one.found.start
    if prior.begin >= 0 and start < prior.begin:
        return how != "relative"
    if how in ("post", "mid"):
        return True
    if how in ("according", "relative", "hearsay"):
        return False
    if prior.how == "post":
        return True
    if sentence.quoted[one.found.verb] and not sentence.quoted[prior.found.verb]:
        return False
    before_clause = low[one.clause - 1] if one.clause else ""
    if how == "wh":
        return prior.frame in ("n", "g", "o") and before_clause == ","
    if prior.how == "asked":
        return how in _WITH_SUBJECT and before_clause == ","
    if how == "purpose":
        return False
    if prior.how == "lead":
        return _breaks_from_lead(low, one, before_clause)
    if how == "trail":
        return _trails(low, one, prior)
    if how == "inherit":
        return _is_coordinated(low, one, prior)
    if how in _WITH_SUBJECT:
        return _opens_clause(low, one, prior)
    return how == "passive" and (before_clause == ";" or (prior.frame == "n" and low[start - 1] == "and"))


# Fewer tokens between two cues are hardly a sentence that lost its point.
_LONG_ENOUGH = 5


def _breaks_from_lead(low: list[str], one: Placed, before_clause: str) -> bool:
    """ "Noting X and praising Y, Kallaste said Z": the main clause of a leading participle, or another participle beside it."""
    start = one.found.start
    before = low[start - 1] if start else ""
    if one.how in _WITH_SUBJECT and before_clause in (",", "-", "--"):
        return True
    if one.how == "inherit" and one.found.form == "ing" and before == "and":
        return True
    return one.how == "lead" or (one.how == "trail" and before == ",")


def _trails(low: list[str], one: Placed, prior: Placed) -> bool:
    """ "..., adding that": whether a participle behind a clause is the speaker's next act."""
    start, group = one.found.start, one.found.group
    before = low[start - 1] if start else ""
    if before in (",", "--", "while") or (before in ("by", "then") and start >= 2 and low[start - 2] == ","):
        if group in SPEAKING:
            return True
        return group in ("stance", "light", "think") and one.found.rule not in word_class("inner act")
    if before == "and":
        return prior.how == "trail" and group in SPEAKING
    return before == "by" and prior.frame != "c"


def _is_coordinated(low: list[str], one: Placed, prior: Placed) -> bool:
    """ "stressed X, praised Y, and said Z": whether the verb goes on with the speaker's acts, not with what he tells of."""
    found = one.found
    start = found.start
    if prior.how == "mid" and start <= prior.begin + 3:
        return False
    if {found.tense, prior.found.tense} == {"third", "past"}:
        return False
    if prior.frame in _THINGS:
        return True
    comma = start >= 2 and (low[start - 1] == "," or low[start - 2] == ",")
    has_aux = not AUX.isdisjoint(low[start : found.verb])
    if found.group in SPEAKING:
        return comma or not has_aux
    if found.group != "stance" or low[start - 1] != "and" or has_aux or found.rule in word_class("inner act"):
        return False
    return comma or (found.rule not in word_class("held attitude") and not found.rule.startswith(("be ", "have ")))


def _opens_clause(low: list[str], one: Placed, prior: Placed) -> bool:
    """ "..., but Stratton said": whether a subject of its own opens a clause beside the statement before."""
    found, at = one.found, one.clause
    if prior.begin >= 0 and at <= prior.begin + 1:
        return False
    before = low[at - 1] if at else ""
    two = low[at - 2] if at > 1 else ""
    strong = found.group in SPEAKING and (one.frame in "cqw" or found.group in ("tell", "ask") or prior.frame != "c")
    he = one.how == "pronoun" and low[at] in ("he", "she")
    if before in (";", "--"):
        return strong or found.group == "stance" or he
    if before in QUOTES or (before in ("which", "whom") and two == "to"):
        return strong
    if before in _CONTRASTS:
        if two in (",", ";"):
            contrast = before in ("but", "while", "although") and found.group in ("think", "stance")
            return strong or he or (contrast and _is_same_person(low, one, prior))
        told = found.rule in _GOES_ON and found.tense == "past"
        return before in ("and", "but") and strong and (prior.frame != "c" or told)
    if before == "," and two not in ("and", "but"):
        if low[0] in SUBORDINATORS:  # "While X said that, Y noted"
            return True
        return strong and found.tense == "past" and one.how != "pronoun" and prior.frame != "c"
    return strong and _lost_its_point(low, one, prior, before)


def _lost_its_point(low: list[str], one: Placed, prior: Placed, before: str) -> bool:
    """ "Oks recalled the storm of 2006 Stratton said that": a copy lost the point between two sentences."""
    if one.how != "np" or one.found.tense != "past" or one.begin >= len(low) or low[one.begin] != "that":
        return False
    plain = before.isalnum() and before not in PREPOSITIONS | SUBORDINATORS | COORDINATORS | AUX | DETERMINERS
    return plain and prior.begin >= 0 and one.clause - prior.begin > _LONG_ENOUGH


def _is_same_person(low: list[str], one: Placed, prior: Placed) -> bool:
    """Whether two statements name their speaker by the same last word."""
    if one.source is None or prior.source is None:
        return False
    return low[one.source[1] - 1] == low[prior.source[1] - 1]
