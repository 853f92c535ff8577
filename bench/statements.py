"""How fast statements are found, beside one plain regular expression over the same texts; whether time grows with length alone.

    python bench/statements.py                 400 made-up cables
    python bench/statements.py FOLDER          the cables of a folder, one a file
    python bench/statements.py --rounds 9      more rounds (default 5)

Figures are kilobytes of cable text a second on one core, in processor time: median, lowest and highest of the rounds.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
from make_cables import make_records
from measure import Range, find_range, peak_memory, time_call

from reftel import parse
from reftel.extract.names import find_names
from reftel.extract.statements import find_statements
from reftel.model import Cable, Entity, Span
from reftel.pipeline.read import read_cables

# The yardstick: a name, a verb of saying, and what stands behind "that".
BASELINE = re.compile(
    r"\b(?P<source>(?:[A-Z][\w'-]+ ){1,4})(?P<cue>said|told|noted|stressed|added|claimed|argued|explained)\b"
    r"[^.]{0,60}?\bthat (?P<content>[^.]{1,300})\."
)
MADE = 400
# One text so many times over.
TIMES = (1, 2, 4, 8)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="a folder of cables (default: made-up ones)")
    parser.add_argument("--cables", type=int, default=MADE, help=f"how many made-up cables (default {MADE})")
    parser.add_argument("--rounds", type=int, default=5, help="how often each job is done (default 5)")
    asked = parser.parse_args(arguments)
    cables = load_cables(asked.folder, asked.cables)
    if not cables:
        parser.error("no cable is there. Name a folder that holds some.")
    size = sum(len(cable.text.encode()) for cable in cables)
    print(f"{len(cables):,} cables, {size / 1e6:.1f} MB")
    print_rates(cables, size, asked.rounds)
    print_growth(max(cables, key=lambda cable: len(cable.paragraphs)))
    peak = peak_memory()
    print(f"peak memory {peak / 1e6:.0f} MB" if peak else "peak memory: not told by this system")
    return 0


def load_cables(folder: Path | None, made: int) -> list[Cable]:
    """The cables of a folder, or made-up ones; files that are none are left out."""
    if folder is None:
        return [parse(record) for record in make_records(made)]
    return [item for item in read_cables([folder]) if isinstance(item, Cable)]


def print_rates(cables: list[Cable], size: int, rounds: int) -> None:
    """The jobs in turns, so that a slow minute meets them alike."""
    entities = [find_names(cable) for cable in cables]

    def over(work: Callable[[Cable, tuple[Entity, ...]], object]) -> Callable[[], object]:
        return lambda: [work(cable, held) for cable, held in zip(cables, entities, strict=True)]

    jobs = {
        "one regular expression": over(lambda cable, _: sum(1 for _ in BASELINE.finditer(cable.text))),
        "names": over(lambda cable, _: find_names(cable)),
        "statements": over(find_statements),
        "both": over(lambda cable, _: find_statements(cable, find_names(cable))),
    }
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            seconds[name].append(time_call(job).cpu)
    print("| job | kB/s: median (lowest to highest) | times the regex |")
    print("|---|---|---|")
    base = find_range(seconds["one regular expression"]).median
    for name, held in seconds.items():
        rate: Range = find_range([size / 1000 / max(s, 1e-9) for s in held])
        times = find_range(held).median / max(base, 1e-9)
        print(f"| {name} | {rate.median:,.0f} ({rate.low:,.0f} to {rate.high:,.0f}) | {times:.1f} |")
    print(f"found: {sum(len(find_statements(c, e)) for c, e in zip(cables, entities, strict=True)):,} statements,")
    print(f"       {sum(1 for cable in cables for _ in BASELINE.finditer(cable.text)):,} matches of the expression")


def print_growth(cable: Cable) -> None:
    """Microseconds a character on the body of one cable, so many times over: the same if time grows with length alone."""
    for times in TIMES:
        longer = repeat_body(cable, times)
        spent = min(time_call(lambda cable=longer: find_statements(cable)).cpu for _ in range(3))
        print(
            f"one text {times} times, {len(longer.text):,} characters: {spent / len(longer.text) * 1e6:.2f} us a character"
        )


def repeat_body(cable: Cable, times: int) -> Cable:
    """A cable with its text and paragraphs so many times over."""
    length = len(cable.text)
    paragraphs = [
        msgspec.structs.replace(
            p, spans=tuple(Span(s.start + n * length, s.end + n * length) for s in p.spans), items=()
        )
        for n in range(times)
        for p in cable.paragraphs
    ]
    return msgspec.structs.replace(cable, text=cable.text * times, paragraphs=tuple(paragraphs))


if __name__ == "__main__":
    sys.exit(main())
