"""Measures Reftel on this machine and prints what it found.

    python bench/run.py                      everything (some minutes)
    python bench/run.py rates stages         only those
    python bench/run.py --small              everything at a small size (some seconds)
    python bench/run.py --corpus dump/ rates

docs/performance.md says what each figure means.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator

import hostile
from measure import Range, describe_machine
from one_pass import run_pass
from rates import measure_rates, read_sources
from records import RecordFile, load_records, make_records, thin
from stages import find_slowest, split_functions, split_stages
from table import measure_table

from reftel.errors import ReftelError


def main(arguments: list[str] | None = None) -> int:
    asked = _ask(arguments)
    print(describe_machine())
    try:
        for name in asked.names or BENCHES:
            print()
            for line in BENCHES[name](asked):
                print(line, flush=True)
    except ReftelError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _ask(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(BENCHES)} (default: all)"
    )
    parser.add_argument(
        "--corpus", help="a folder or archive of cables, one a file (default: the shared corpus or the demo's)"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each job of rates is done (default 5)")
    parser.add_argument(
        "--table-bytes", type=int, default=200_000_000, help="size of the made-up cables.csv (default 200 MB)"
    )
    parser.add_argument("--small", action="store_true", help="little of everything, to see that it runs")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in BENCHES]
    if unknown:
        parser.error(f"there is no {unknown[0]!r}. There are: {', '.join(BENCHES)}")
    return asked


def show_rates(asked: argparse.Namespace) -> Iterator[str]:
    """Cables a second, beside the yardsticks, and the memory of one pass."""
    what, records = _records(asked)
    size = sum(len(record.raw) for record in records)
    rounds = 2 if asked.small else asked.rounds
    yield f"rates: {what}, {size / 1e6:.1f} MB; {rounds} rounds, median (lowest to highest) on the processor"
    rates = measure_rates(records, rounds)
    yardstick = next(rate for rate in rates if rate.name == "one regex pass").per_cable.median
    yield f"{'':26}{'cables/s':>27}{'MB/s':>9}{'cables/s by the clock':>25}{'times the regex':>18}"
    for rate in rates:
        yield (
            f"{rate.name:26}{_show(rate.cpu_rate):>27}{rate.megabytes.median:9.1f}{rate.wall_rate.median:25,.0f}"
            f"{rate.per_cable.median / yardstick:18.1f}"
        )
    noisiest = max(rate.cpu_rate.noise for rate in rates)
    yield f"noise: the rounds of one job differ by up to {noisiest:.0%}"


def show_memory(asked: argparse.Namespace) -> Iterator[str]:
    """One pass over the corpus as `reftel parse` makes it, in a process of its own."""
    from records import DEMO, SHARED

    path = asked.corpus or str(SHARED if SHARED.exists() and not asked.small else DEMO)
    one = run_pass(path, parse=True)
    peak = "unknown here" if one.peak is None else f"{one.peak / 1e6:.0f} MB"
    yield f"one pass (files to JSON, unpacking included): {one.cables:,} cables in {one.wall:.1f} s, peak memory {peak}"


def show_stages(asked: argparse.Namespace) -> Iterator[str]:
    """Where the parser's time goes."""
    what, records = _records(asked)
    sources = read_sources(records)
    stages = split_stages(sources)
    whole = sum(stage.microseconds for stage in stages)
    yield f"stages: {what}; microseconds of its own for a cable, and the share"
    for stage in stages:
        if stage.microseconds >= whole / 200:
            yield f"{stage.name:40}{stage.microseconds:10.1f}{stage.microseconds / whole:8.1%}"
    yield f"{'all':40}{whole:10.1f}"
    yield ""
    yield "functions with the most time of their own (under a profiler, which slows small ones down)"
    for function in split_functions(thin(sources, 600), 25):
        yield f"{function.name:70}{function.microseconds:10.1f}"
    yield ""
    yield "slowest cables for their length"
    for slow in find_slowest(sources, 8):
        yield f"{slow.locator.rpartition('/')[2]:40}{slow.length:10,} characters{slow.milliseconds:10.1f} ms"


def show_hostile(asked: argparse.Namespace) -> Iterator[str]:
    """Time against size on texts made to be slow."""
    largest = 4_000 if asked.small else 400_000
    yield f"hostile texts: characters, seconds at {hostile.DOUBLINGS + 1} sizes that double, and the gentler of the last two ratios"
    slow = []
    for shape in hostile.SHAPES:
        growth = hostile.grow(shape, largest if asked.small else hostile.LARGE.get(shape, largest))
        if growth.verdict:
            slow.append(growth)
        seconds = " ".join(f"{taken:8.3f}" for taken in growth.seconds)
        refused = "(refused)" if growth.refused else ""
        yield f"{shape:30}{growth.sizes[-1]:12,}  {seconds:36}{growth.factor:6.1f}  {growth.verdict}{refused}"
    yield f"{len(hostile.SHAPES)} shapes, {len(slow)} not linear or too slow"
    for growth in slow:
        yield f"{growth.shape}:"
        for at in hostile.find_culprits(growth):
            yield f"    {at}"


def show_table(asked: argparse.Namespace) -> Iterator[str]:
    """The big table, streamed at two sizes."""
    size = 400_000 if asked.small else asked.table_bytes
    yield "cables.csv, made up and streamed, each pass in a process of its own"
    yield f"{'':26}{'MB':>8}{'rows':>10}{'rows/s':>10}{'MB/s':>9}{'peak memory':>14}"
    for run in measure_table(size):
        seconds = max(run.made.cpu, 1e-6)
        peak = "unknown" if run.made.peak is None else f"{run.made.peak / 1e6:.0f} MB"
        yield (
            f"{run.name:26}{run.size / 1e6:8.0f}{run.made.cables:10,}{run.made.cables / seconds:10,.0f}"
            f"{run.size / seconds / 1e6:9.1f}{peak:>14}"
        )
        if run.made.failures:
            yield f"{run.made.failures} rows could not be read"


def _records(asked: argparse.Namespace) -> tuple[str, list[RecordFile]]:
    if asked.small and asked.corpus is None:
        return "60 records made from the demo collection", make_records(60)
    what, records = load_records(asked.corpus)
    return (what, thin(records, 60)) if asked.small else (what, records)


def _show(found: Range) -> str:
    return f"{found.median:,.0f} ({found.low:,.0f} to {found.high:,.0f})"


BENCHES: dict[str, Callable[[argparse.Namespace], Iterator[str]]] = {
    "rates": show_rates,
    "memory": show_memory,
    "stages": show_stages,
    "hostile": show_hostile,
    "table": show_table,
}

if __name__ == "__main__":
    sys.exit(main())
