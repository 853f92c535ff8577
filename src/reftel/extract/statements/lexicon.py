"""The cue table as look-ups by word form: which words may attribute, in which form, and what each takes."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from reftel.extract.statements.words import PREPOSITIONS
from reftel.tables import cell_list, rows

# The groups of cues by which something is said, and not only held.
SPEAKING = frozenset(("say", "tell", "ask", "urge", "desc"))
_VOWELS = "aeiou"
# Verbs that double their last letter although more than one syllable long.
_DOUBLED = frozenset(
    ("admit", "commit", "submit", "regret", "rebut", "refer", "prefer", "concur", "demur", "abhor", "permit")
)
# Prepositions that go with the verb rather than with what follows: "point out", "set forth".
_PARTICLES = frozenset(("out", "down", "off", "forth", "forward", "up", "in", "on", "by"))

# The base of a verb, and which form of it: base, third ("says"), past, participle ("given"; of most verbs the past serves), ing
Form = tuple[str, str]


class Cue(NamedTuple):
    """A row of cues.tsv. rest: its words behind the first. takes: letters of this row; all_takes: of all rows of the same words.

    joined: whether a preposition at its end must have a noun phrase behind it. attitude: "+", "-" or "". weak: takes things as
    often as words. rule: its words.
    """

    head: str
    rest: tuple[str, ...]
    group: str
    takes: str
    all_takes: str
    joined: bool
    attitude: str
    weak: bool
    rule: str


class Attitude(NamedTuple):
    """A row of attitudes.tsv: a noun or adjective of attitude. joins: the words that may join it to its object."""

    word: str
    attitude: str
    joins: frozenset[str]


@cache
def verb_forms() -> dict[str, tuple[Form, ...]]:
    """Every form of the first word of every cue: "said" -> (("say", "past"),)."""
    found: dict[str, dict[Form, None]] = {}
    for row in rows("cues"):
        base = row["cue"].split()[0]
        for word, kind in inflect(base, cell_list(row["forms"])):
            found.setdefault(word, {})[base, kind] = None
    return {word: tuple(forms) for word, forms in found.items()}


@cache
def cues_by_head() -> dict[str, tuple[Cue, ...]]:
    """The cues of a first word in its base form, the longest first."""
    by_head: dict[str, list[dict[str, str]]] = {}
    for row in rows("cues"):
        by_head.setdefault(row["cue"].split()[0], []).append(row)
    return {
        head: tuple(sorted((_as_cue(row, held) for row in held), key=lambda cue: -len(cue.rest)))
        for head, held in by_head.items()
    }


def _as_cue(row: dict[str, str], held: list[dict[str, str]]) -> Cue:
    """A row as a cue, with what the other rows of the same words allow."""
    head, *rest = row["cue"].split()
    same = [r for r in held if r["cue"] == row["cue"] and r["group"] not in ("light", "chain")]
    takes = "".join(dict.fromkeys("".join(r["takes"] for r in same)))
    stance = next((r for r in same if r["group"] == "stance"), row)
    joined = bool(rest) and (
        (rest[-1] in PREPOSITIONS and rest[-1] not in _PARTICLES) or takes.strip("q") in ("n", "on", "no")
    )
    weak = all(r["weak"] == "x" for r in same)
    return Cue(head, tuple(rest), row["group"], row["takes"], takes, joined, stance["attitude"], weak, row["cue"])


@cache
def attitudes(kind: str) -> dict[str, Attitude]:
    """The attitudes of a kind, noun or adjective, by word."""
    return {
        row["word"]: Attitude(row["word"], row["attitude"], frozenset(cell_list(row["joins"])))
        for row in rows("attitudes")
        if row["kind"] == kind
    }


def is_participle(word: str) -> bool:
    """Whether a folded word is the -ing form of a verb of the cue table."""
    return word.endswith("ing") and word in verb_forms()


def inflect(base: str, irregular: tuple[str, ...] = ()) -> list[Form]:
    """The forms of a verb, each with which it is. irregular: its past, and its participle if that differs."""
    if base == "be":
        return [("was", "past"), ("were", "past"), ("is", "third"), ("are", "third")]
    if base == "have":
        return [("have", "base"), ("has", "third"), ("had", "past"), ("having", "ing")]
    stem = base[:-1] if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) else base
    if base.endswith("y") and base[-2] not in _VOWELS:
        third, past = base[:-1] + "ies", base[:-1] + "ied"
    else:
        third = base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "cho", "go", "do", "to")) else "s")
        past = base + "d" if base.endswith("e") else base + "ed"
    ing = stem + "ing"
    if _doubles(base):
        past, ing = base + base[-1] + "ed", base + base[-1] + "ing"
    pasts = irregular or (past,)
    forms = [(base, "base"), (third, "third"), (ing, "ing"), (pasts[0], "past")]
    if len(pasts) > 1:
        forms.append((pasts[1], "participle"))
    return forms


def _doubles(base: str) -> bool:
    """Whether a verb doubles its last letter: "plan" and "admit" do, "list" and "open" do not."""
    if base in _DOUBLED:
        return True
    short = len(base) <= 4 and base[-1] not in "aeiouwxyhk" and base[-2] in _VOWELS
    return short and base[-3:-2] not in tuple(_VOWELS) and base not in ("list", "open")
