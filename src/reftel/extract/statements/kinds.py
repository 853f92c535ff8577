"""The kind of a statement, and the speaker's attitude to what he says."""

from __future__ import annotations

from reftel.extract.statements.drafts import Placed, Range
from reftel.extract.statements.sentences import Sentence
from reftel.tables import word_class

# Verbs of description that judge: "denounced the raid as theft".
_JUDGING = frozenset(("call", "characterize", "view", "see", "regard", "denounce", "condemn", "dismiss", "hail")) | {
    "praise", "criticize",
}  # fmt: skip


def find_kind(sentence: Sentence, one: Placed, content: tuple[Range, ...]) -> tuple[str, str]:
    """The kind of a statement, see STATEMENT_KINDS, and its attitude to the content, "+", "-" or "".

    A negation turns an attitude round: "did not want" is "-", "had no objection" "+". "refused" is "-" by itself.
    """
    found = one.found
    attitude = found.attitude
    if found.negated and attitude and sentence.low[found.verb] not in word_class("refusal"):
        attitude = "-" if attitude == "+" else "+"
    quoted = sum(sentence.quotes(start, end) for start, end in content)
    total = sum(end - start for start, end in content)
    if quoted and quoted >= total - 1 - (sentence.low[content[0][0]] == "that"):
        return "direct", attitude
    if _is_stance(one):
        return "stance", attitude
    return ("mixed" if quoted else "indirect"), attitude


def _is_stance(one: Placed) -> bool:
    """ "praised the accord", "expressed regret over", "described it as theft": an attitude to a thing, not to a clause."""
    found = one.found
    if one.frame in ("n", "g"):
        return found.group == "stance" or (found.attitude != "" and found.group != "tell")
    return one.frame == "o" and found.group == "desc" and found.rule in _JUDGING
