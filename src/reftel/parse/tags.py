"""Split a TAGS line: "PREL PGOV", "ECON, PHUM, RS", "KFRDCVISCMGTCASC", "OVIP (RICE, CONDOLEEZZA)"."""

from __future__ import annotations

import re

from reftel.tables import find_tag

_TOKEN = re.compile(r"\((?P<in>[^()]{2,40})\)|(?P<word>[^\s,;()]+)")
# Stands for the blank inside a term while the line is split.
_TERM_BLANK = "\x1f"
_COMMA = re.compile(r"\s*,\s*")
_CODE = re.compile(r"[A-Z]{4,}$")


def split_tags(value: str) -> tuple[str, ...]:
    """The tags in order, upper case, a repeated one once.

    A bracketed person is one tag ("RICE,CONDOLEEZZA"). Words that run together are cut into codes of four letters with a
    country at the end, if every piece is a known tag. A person's name that lost its brackets after OVIP stays two words
    joined by a comma (06PARTO9 "OVIP RICE CONDOLEEZZA").
    """
    found: list[str] = []
    tokens: list[str] = []
    for m in _TOKEN.finditer(_keep_terms(value.upper().replace("\xa0", " "))):
        if m["in"]:
            inside = m["in"].strip()
            tokens.append(_COMMA.sub(",", " ".join(inside.split())))
        else:
            word = m["word"].strip(".:¶'\"\\").replace(_TERM_BLANK, " ")
            if word:
                tokens.append(word)
    for token in _rejoin_person(tokens):
        for tag in _cut(token):
            if tag and tag not in found:
                found.append(tag)
    return tuple(found)


def _keep_terms(value: str) -> str:
    """Terms of two or three words between commas ("EUN, USEU BRUSSELS") held together; not "PREL PGOV", two known tags."""
    if "," not in value or "(" in value:
        return value
    kept = []
    for element in value.split(","):
        words = element.split()
        if 2 <= len(words) <= 3 and element.count("\n") == 0 and not all(find_tag(w) for w in words):
            element = _TERM_BLANK.join(words)
        kept.append(element)
    return ",".join(kept)


def _rejoin_person(tokens: list[str]) -> list[str]:
    """After OVIP two words that are no tags are a person: surname, first name."""
    joined = []
    i = 0
    while i < len(tokens):
        if (
            tokens[i] == "OVIP"
            and i + 2 < len(tokens)
            and all(t.isalpha() and len(t) > 2 and find_tag(t) is None for t in tokens[i + 1 : i + 3])
        ):
            joined += ["OVIP", f"{tokens[i + 1]},{tokens[i + 2]}"]
            i += 3
            continue
        joined.append(tokens[i])
        i += 1
    return joined


def _cut(token: str) -> list[str]:
    if "," in token or "/" in token or len(token) <= 4 or find_tag(token) is not None or not _CODE.match(token):
        return [token] if "/" not in token or find_tag(token) else _cut_slash(token)
    pieces = [token[i : i + 4] for i in range(0, len(token) - len(token) % 4, 4)]
    rest = token[len(pieces) * 4 :]
    if rest:
        pieces.append(rest)
    known = [p for p in pieces if find_tag(p) is not None]
    if len(known) == len(pieces) and len(pieces) > 1:
        return pieces
    return [token]


def _cut_slash(token: str) -> list[str]:
    """ "UNGA/C-3" is one tag; "PREL/PGOV" are two."""
    pieces = token.split("/")
    return pieces if all(find_tag(p) is not None for p in pieces) else [token]
