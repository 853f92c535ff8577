"""Scores the persons that `find_names` finds against the hand-read ones beside the checkout.

    python tests/score_people.py          precision and recall of persons and of mentions
    python tests/score_people.py -v       every person missed and every one too many
    python tests/score_people.py 08CAIRO1637 10SEOUL62      these documents only

A person is found if a person found shares a mention with it whose last word is the same. A mention is found if one of any
person overlaps it with the same last word (or, of a bare title, overlaps it). Where the shared folder is absent it says so and passes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from reftel import read
from reftel.extract.names import find_names
from reftel.model import Entity

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Not looked at while the rules were written
UNSEEN = {
    "04DUBLIN1739", "06ZAGREB1050", "08JERUSALEM1498", "08TBILISI1343", "09BRASILIA1230", "09VILNIUS495",
    "10MADRID67", "10NEWDELHI367", "10WARSAW110",
}  # fmt: skip
PERSONS = MENTIONS = 90.0


class Person(NamedTuple):
    """A hand-read or found person. named: with a name of its own, not a bare office."""

    name: str
    mentions: tuple[tuple[int, int], ...]
    named: bool


class Counts(NamedTuple):
    """Found of gold, true of found, of persons and of mentions; exact: mentions whose span is the same."""

    persons: int = 0
    persons_gold: int = 0
    persons_true: int = 0
    persons_made: int = 0
    mentions: int = 0
    mentions_gold: int = 0
    mentions_true: int = 0
    mentions_made: int = 0
    exact: int = 0


def main(arguments: Sequence[str]) -> int:
    """Prints the table; 1 if a mark is missed, else 0."""
    folder = SHARED
    if not folder.is_dir():
        print(f"No persons are scored: the hand-read ones are not at {SHARED}.")
        return 0
    chosen = {a for a in arguments if not a.startswith("-")}
    rows: dict[str, list[Counts]] = {"seen": [], "unseen": []}
    named: dict[str, list[Counts]] = {"seen": [], "unseen": []}
    for path in sorted((folder / "gold" / "statements").glob("*.people.jsonl")):
        doc = path.name.split(".")[0]
        if chosen and doc not in chosen:
            continue
        (cable,) = read(folder / "corpus" / "gold_texts" / f"{doc}.txt")
        gold = read_gold(path, cable.text)
        made = [as_person(e) for e in find_names(cable) if e.kind in ("person", "office")]
        shelf = "unseen" if doc in UNSEEN else "seen"
        verbose = "-v" in arguments
        if verbose:
            print(f"== {doc}")
        rows[shelf].append(compare(cable.text, gold, made, verbose=False))
        named[shelf].append(
            compare(
                cable.text, [p for p in gold if p.named], [p for p in made if p.named], verbose=verbose, everyone=gold
            )
        )
    missed = 0
    for title, table in (("named persons", named), ("with bare offices", rows)):
        for shelf, counts in (*table.items(), ("all", [c for held in table.values() for c in held])):
            if counts:
                total = Counts(*(sum(column) for column in zip(*counts, strict=True)))
                print(f"{title:18} {shelf:7} {len(counts):3} documents  {tell(total)}")
                if title == "named persons" and shelf == "all":
                    missed = int(min(rates(total)) < PERSONS)
    return missed


def read_gold(path: Path, text: str) -> list[Person]:
    """The hand-read persons of a document."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        spans = [tuple(span) for span in row["mentions"]]
        bare = [tuple(s) for key in ("office_mentions", "title_mentions") for s in row.get(key, ())]
        printed = {_last(text[s:e]) for s, e in spans}
        named = bool(spans) and any(_last(w) in printed for w in row["name"].split()) and not _is_office(row["name"])
        named = named or (any(not _is_office(text[s:e]) for s, e in spans) and bool(spans))
        found.append(Person(row["name"], (*spans, *bare), named))
    return found


def _is_office(words: str) -> bool:
    """Whether the words are a bare office and no name."""
    return bool(
        re.fullmatch(
            r"(?:(?:the|a|his|her|The|His)\s+)?(?:[\w./’'-]+\s+)*?(?i:ambassad[eo]rs?(?: .*)?|charge.*|dcm|adcm|poloff|econoff|pol ?fsn|pm|po|cda|"
            r"principal officer.*|consul general|econ/c|polcouns|executive office staff assistant|president(?: of .*)?|"
            r"attorney general|the ag|potus|vpotus|minister of .*|the minister of .*|colleague.*|.*prosecutor|.*judge|suspect|"
            r"reporter|pol/econ\s+counselor|.*commander|operations officer|.*representative.*|predecessor|father|.*watcher|.*organizer)",
            " ".join(words.split()),
        )
    )


def as_person(entity: Entity) -> Person:
    """A found entity as what is compared."""
    return Person(
        entity.name,
        tuple((m.span.start, m.span.end) for m in entity.mentions),
        any(m.form in ("name", "title") for m in entity.mentions),
    )


def compare(
    text: str, gold: list[Person], made: list[Person], *, verbose: bool, everyone: list[Person] | None = None
) -> Counts:
    """The counts of one document. everyone: persons that are no mistake if found."""
    c = Counts()
    pairs = [(i, j) for i, g in enumerate(gold) for j, m in enumerate(made) if _meet(text, g.mentions, m.mentions)]
    hit = {i for i, _ in pairs}
    others = everyone or gold
    fine = {j for j, m in enumerate(made) if any(_meet(text, g.mentions, m.mentions) for g in others)}
    # a hand-read person that two found ones share was split: only one of them is true
    first: dict[int, int] = {}
    for i, j in pairs:
        first.setdefault(i, j)
    split = {j for i, j in pairs if first[i] != j and not any(first[k] == j for k, jj in pairs if jj == j)}
    gold_spans = [s for g in gold for s in g.mentions]
    made_spans = [s for m in made for s in m.mentions]
    other_spans = [s for g in others for s in g.mentions]
    if verbose:
        print(*(f"   missed    {g.name}" for i, g in enumerate(gold) if i not in hit), sep="\n")
        print(*(f"   too many  {m.name}  x{len(m.mentions)}" for j, m in enumerate(made) if j not in fine), sep="\n")
        print(*(f"   split     {m.name}" for j, m in enumerate(made) if j in split), sep="\n")
        lost = [" ".join(text[s:e].split()) for s, e in gold_spans if not _any(text, (s, e), made_spans)]
        wrong = [" ".join(text[s - 20 : e + 20].split()) for s, e in made_spans if not _any(text, (s, e), other_spans)]
        print("   lost mentions", lost)
        print("   false mentions", wrong)
    return c._replace(
        persons=len(hit),
        persons_gold=len(gold),
        persons_true=len(fine - split),
        persons_made=len(made),
        mentions=sum(_any(text, s, made_spans) for s in gold_spans),
        mentions_gold=len(gold_spans),
        mentions_true=sum(_any(text, s, other_spans) for s in made_spans),
        mentions_made=len(made_spans),
        exact=len(set(gold_spans) & set(made_spans)),
    )


def _meet(text: str, a: Sequence[tuple[int, int]], b: Sequence[tuple[int, int]]) -> bool:
    return any(_same(text, x, y) for x in a for y in b)


def _any(text: str, span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(_same(text, span, other) for other in spans)


def _same(text: str, a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1] and (_last(text[slice(*a)]) == _last(text[slice(*b)]))


def _last(words: str) -> str:
    found = _WORD.findall(words)
    return found[-1].removesuffix("'s").removesuffix("’s").lower() if found else ""


def rates(c: Counts) -> tuple[float, float, float, float]:
    """Precision and recall of persons, then of mentions, in per cent."""
    return (
        100 * c.persons_true / max(c.persons_made, 1),
        100 * c.persons / max(c.persons_gold, 1),
        100 * c.mentions_true / max(c.mentions_made, 1),
        100 * c.mentions / max(c.mentions_gold, 1),
    )


def tell(c: Counts) -> str:
    """A line of the table."""
    p, r, mp, mr = rates(c)
    return (
        f"persons P {p:5.1f} R {r:5.1f} F {2 * p * r / max(p + r, 1):5.1f}   mentions P {mp:5.1f} R {mr:5.1f} "
        f"F {2 * mp * mr / max(mp + mr, 1):5.1f}   same span {100 * c.exact / max(c.mentions_gold, 1):5.1f}"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
