"""Portion marks: "(C/NF)", "(S//FGI//NF)", "(C - ENTIRE TEXT)", "SECRET - ENTIRE TEXT"."""

from __future__ import annotations

import re
from functools import lru_cache

_CAVEAT = r"""(?:\s{0,2}(?:/{1,2}|-|,|\s)\s{0,2}
    (?:NOFORN|NF|N\s?F|FOUO|FGI|SF|NC|OC|ORCON|PROPIN|SBU|SENSITIVE|NODIS|EXDIS|ENTIRE\s{1,2}TEXT|[CSU]\b))"""
# "(C//REL TO USA, KEN, GBR//NF)": what follows REL runs to the bracket, so it stands once and last
_RELEASE = r"(?:\s{0,2}(?:/{1,2}|-|,|\s)\s{0,2}REL(?:EASABLE)?\b[^()\n]{0,120})?"
# A level alone or with caveats; "(Sabah)", "(U.S.)", "(Iran)" are none (field guide, section 7).
PORTION_MARK = re.compile(
    rf"""\(\s{{0,2}}(?P<level>TS|SBU|LOU|FOUO|UNCLASSIFIED|UNCLAS|UNCLAS{{1,2}}IFIED|CONFIDENTIAL|SECRET|N/SF|U//FOUO|[CSUcsu])
        (?P<caveats>{_CAVEAT}{{0,4}}{_RELEASE})\s{{0,2}}\)""",
    re.VERBOSE | re.IGNORECASE,
)
# "SECRET - ENTIRE TEXT.", "1.Secret - Entire Text": unbracketed, at a paragraph's start only
ENTIRE_TEXT = re.compile(
    r"\(?(?P<mark>(?:CONFIDENTIAL|SECRET|UNCLASSIFIED|[CSU])\s{0,2}-\s{0,2}ENTIRE\s{1,2}TEXT)\)?[.:]?",
    re.IGNORECASE,
)
# What either may begin with, in any case; nearly every paragraph that has no mark begins with something else.
_FIRST_OF_MARK = frozenset("(CSUcsu\u017f")
_LONGEST_MARK = 300

_RANK = {
    "U": 0,
    "UNCLAS": 0,
    "UNCLASSIFIED": 0,
    "FOUO": 0,
    "SBU": 0,
    "LOU": 0,
    "C": 1,
    "CONFIDENTIAL": 1,
    "S": 2,
    "SECRET": 2,
    "N": 2,
    "TS": 3,
}


def match_mark(text: str, at: int) -> tuple[str, int] | None:
    """The portion mark that begins at `at`: its normal form ("C/NF") and where it ends; None if there is none."""
    first = text[at : at + 1]
    if first not in _FIRST_OF_MARK:
        return None
    if first == "(":
        end = text.find(")", at, at + _LONGEST_MARK) + 1
        mark = _read_mark(text[at:end]) if end else None
        if mark is not None:
            if text[end : end + 1] in (".", ":") and text[end + 1 : end + 2].isspace():
                end += 1  # "(C/NF).   Summary." (09LONDON2186)
            return mark, end
    m = ENTIRE_TEXT.match(text, at)
    if m is not None:
        return normal_mark(m["mark"]), m.end()
    return None


@lru_cache(maxsize=4096)
def _read_mark(printed: str) -> str | None:
    """The normal form of what is printed from a bracket to the first that closes; None if it is no portion mark."""
    return normal_mark(printed) if PORTION_MARK.fullmatch(printed) else None


@lru_cache(maxsize=4096)
def normal_mark(printed: str) -> str:
    """Upper case, one slash between parts, no brackets: "(s//nf)" is "S/NF", "(C - ENTIRE TEXT)" is "C/ENTIRE TEXT"."""
    inner = " ".join(printed.strip("() \t\r\n.:").upper().split())
    parts = [p.strip() for p in re.split(r"\s*/{1,2}\s*|\s*-\s*|\s*,\s*(?=NF)", inner)]
    if len(parts) == 1 and " " in inner:
        head, _, rest = inner.partition(" ")
        if head in _RANK and rest in ("NF", "NOFORN"):  # "C NF"
            parts = [head, rest]
    return "/".join(p for p in parts if p)


def mark_rank(mark: str) -> int:
    """0 for unclassified, 1 confidential, 2 secret, 3 above: of a mark's normal form or a level's name."""
    return _RANK.get(mark.split("/", 1)[0].split(" ", 1)[0], 0)
