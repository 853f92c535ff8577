"""Protected sources: the marks by which a drafter asks that a source be protected, and whom each marks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from reftel.extract.names.lexicon import lower_modifiers, noun_words

_MARK = re.compile(
    r"[(\[]\s*(?:(?:please|pls|strictly|source|sources|both|all)[\s,:-]+)*protect(?:ed)?"
    r"(?:[\s,]+(?:throughout|source|sources|identity|identities|strictly|accordingly|please|both|all|name|names|his|her|their|the|as|well))*\s*[)\]]"
    r"|[,;(-]\s*(?:please|pls|strictly)\s+protect(?:\s+(?:throughout|source|identity|strictly|both))*(?=\s*[,.;:)\]-])"
    r"|[(,;-]\s*protect\s+(?:source|identity|throughout)s?(?=\s*[,.;:)\]-])",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\bprotect\s+(?:the\s+)?(?:identity|name|anonymity)\s+of\s+"
    r"|[(\[]\s*(?:(?:please|pls|strictly|source)\s+)*protect\s*:\s*",
    re.IGNORECASE,
)
# "(per XXXX, strictly protect)" behind a name protects whom it is from
_FROM = re.compile(r"[(\[]\s*(?:per|from|according\s+to|as\s+told\s+by|source)\b[^)\]]*$", re.IGNORECASE)
_BOTH = re.compile(r"\bboth\b", re.IGNORECASE)
_END = re.compile(r"[.?!][\"”]?\s+(?=[A-Z(])")
_SHORT = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sen|Rep|Amb|Gov|Prof|Jr|Sr|St|[A-Z])\.\s+$")
_CLAUSE = re.compile(
    r"\b(?:told|said|says|asked|that|would|had|has|have|was|were|is|are|will|did|not|claimed|complained|agreed?)\b"
)
_NOUN = re.compile(r"([A-Za-z][\w-]*)\s*$")
_WORD = re.compile(r"([A-Za-z][\w.'’/-]*|\"[^\"\n]{1,25}\")\s{1,2}$")
# How far before its mark a name may stand, its apposition between them
_REACH = 240


def find_protected(text: str, mentions: Sequence[tuple[int, int]]) -> set[int]:
    """The indices of the mentions (ranges of the text, in order of their ends) that a mark protects.

    "Ibrahim el-Meyet (strictly protect)", also behind an apposition; of "A and B (protect both)" both, else the nearer. Behind a
    clause, "told us he would resign (protect)", whom the sentence names first. "(strictly protect: Osk Tamm)" marks whom it names.
    "to protect the pipeline" marks nobody.
    """
    if "rotect" not in text and "ROTECT" not in text:
        return set()
    ends = [end for _, end in mentions]
    found: set[int] = set()
    for m in _MARK.finditer(text):
        last = bisect_left(ends, m.start() + 1) - 1
        if last < 0 or not _reaches(text, ends[last], m.start()) or _FROM.search(text, ends[last], m.start()):
            continue
        if _CLAUSE.search(text, ends[last], m.start()):
            while last > 0 and _reaches(text, ends[last - 1], m.start()):
                last -= 1
        found.add(last)
        if _BOTH.search(m[0]) and last > 0 and _reaches(text, ends[last - 1], m.start()):
            found.add(last - 1)
    for m in _OF.finditer(text):
        found |= {i for i, (start, _) in enumerate(mentions) if m.end() <= start < m.end() + 8}
    return found


def find_unnamed(text: str) -> list[tuple[int, int]]:
    """Where a mark stands directly behind a source without a name: "the UK ambassador (please protect)"; ranges without article."""
    if "rotect" not in text and "ROTECT" not in text:
        return []
    found = []
    nouns = noun_words()
    for m in _MARK.finditer(text):
        before = _NOUN.search(text, max(0, m.start() - 40), m.start())
        if before is None or before[1].lower() not in nouns:
            continue
        start = before.start(1)
        for _ in range(5):
            word = _WORD.search(text, max(0, start - 30), start)
            if word is None or (word[1].islower() and word[1] not in lower_modifiers()):
                break
            start = word.start(1)
        found.append((start, before.end(1)))
    return found


def _reaches(text: str, end: int, mark: int) -> bool:
    """Whether a mark belongs to the name that ends at `end`: in the same sentence, and near."""
    if mark - end > _REACH:
        return False
    between = text[end:mark]
    return all(_SHORT.search(between[: m.end()]) for m in _END.finditer(between))
