"""The statements of one sentence: each cue with its source and its content, by how clauses follow each other."""

from __future__ import annotations

from reftel.extract.statements.contents import find_content
from reftel.extract.statements.cues import find_cues
from reftel.extract.statements.drafts import Draft, Placed, Range
from reftel.extract.statements.kinds import find_kind
from reftel.extract.statements.layers import find_outer
from reftel.extract.statements.placing import place
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.sources import find_source

_SPEAKING = ("say", "tell", "ask", "urge")
_FIRST_PERSON = frozenset(("i", "we", "you", "my", "our"))


def attribute_sentence(sentence: Sentence) -> list[Draft]:
    """The statements of a sentence in the order of their cues, sources and contents as ranges of tokens."""
    placed = [one for found in find_cues(sentence) if (one := place(sentence, found)) is not None]
    if not placed:
        return []
    outer = find_outer(sentence, placed)
    drafts: list[Draft] = []
    for n, one in enumerate(placed):
        content = find_content(sentence, placed, n, outer)
        if not content or _says_nothing(sentence, one, content):
            continue
        source, inherited = find_source(sentence, placed, n, outer)
        if not _is_somebodys(sentence, one, source, n in outer):
            continue
        kind, attitude = find_kind(sentence, one, content)
        cue = (one.found.start, one.found.end)
        drafts.append(
            Draft(source, cue, content, one.found, kind, one.addressee, n in outer, inherited, attitude, one.clause)
        )
    return drafts


def _says_nothing(sentence: Sentence, one: Placed, content: tuple[Range, ...]) -> bool:
    """ "jump when he says jump": a single word without quotation marks, but for yes, no and "it"."""
    (start, end), *more = content
    if more or end - start > 1 or one.frame not in ("c", "q") or one.found.group != "say":
        return False
    return not sentence.quoted[start] and sentence.low[start] not in ("yes", "no", "so", "it", "this", "that")


def _is_somebodys(sentence: Sentence, one: Placed, source: Range | None, outer: bool) -> bool:
    """Whether a statement has a speaker that counts: not "you", nor "I" within a quotation that stands alone."""
    if source is None:
        return one.how != "inherit" or (outer and one.found.group in _SPEAKING)
    start, end = source
    word = sentence.low[start]
    if word == "you" and end - start == 1:
        return False
    return not (outer and word in _FIRST_PERSON and sentence.quoted[start] and _is_quotation(sentence))


def _is_quotation(sentence: Sentence) -> bool:
    """Whether a sentence begins and ends in quotation marks, but for its full stop."""
    last = len(sentence) - 1
    return sentence.quoted[0] and sentence.quoted[last - 1 if sentence.low[last] == "." else last]
