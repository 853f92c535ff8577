"""Writes made-up cables in any number: real headers, tags, lengths and word frequencies; invented posts' business.

    python bench/make_cables.py --cables 20000 DIR                one dump record a file, a thousand in a folder
    python bench/make_cables.py --cables 20000 --form csv DIR     the same cables in DIR/cables.csv

The same seed gives the same bytes, and the first cables are the same however many follow. 251,287 are 1.9 GB.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

from compose import MadeCable, make_cable, make_world
from make_cables_csv import write_csv
from schedule import MOST

FOLDER = 1000  # cables in one


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cables", type=int, default=20_000, help="how many (default 20,000)")
    parser.add_argument("--first", type=int, default=0, help="number of the first one (default 0)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other cables (default 1)")
    parser.add_argument("--form", choices=FORMS, default="dump", help="dump: a file each; csv: one cables.csv")
    parser.add_argument("dir", type=Path, help="the folder to write to")
    asked = parser.parse_args(arguments)
    if not 0 <= asked.first <= asked.first + asked.cables <= MOST:
        parser.error(f"there are {MOST:,} cables, numbered from 0. Ask for fewer with --cables.")
    size = FORMS[asked.form](asked.dir, asked.cables, asked.seed, asked.first)
    print(f"{asked.cables:,} cables, {size / 1e6:,.1f} MB", file=sys.stderr)
    return 0


def write_dump(folder: Path, cables: int, seed: int = 1, first: int = 0) -> int:
    """Writes dump records `000/05PARIS17.txt` on all cores; gives their bytes."""
    last = first + cables
    parts = [
        (folder / f"{begin // FOLDER:03d}", max(begin, first), min(begin + FOLDER, last), seed)
        for begin in range(first - first % FOLDER, last, FOLDER)
    ]
    if len(parts) < 4:  # not worth a process
        return sum(map(_write_folder, parts))
    with ProcessPoolExecutor() as workers:
        return sum(workers.map(_write_folder, parts))


def _write_folder(part: tuple[Path, int, int, int]) -> int:
    home, first, last, seed = part
    home.mkdir(parents=True, exist_ok=True)
    size = 0
    for record in make_records(last - first, seed, first):
        name, raw = record.partition("\n")[0], record.encode()
        (home / f"{name}.txt").write_bytes(raw)
        size += len(raw)
    return size


def write_table(folder: Path, cables: int, seed: int = 1, first: int = 0) -> int:
    """Writes `cables.csv`; gives its bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "cables.csv"
    with path.open("wb") as out:
        write_csv(out, rows=cables, seed=seed, first=first)
    return path.stat().st_size


def make_records(cables: int, seed: int = 1, first: int = 0) -> Iterator[str]:
    """That many dump records."""
    world = make_world(seed)
    for number in range(first, first + cables):
        yield make_record(make_cable(world, number))


def make_record(cable: MadeCable) -> str:
    """A cable as the dump has it: five lines of the carrier's, the header, and the body glued to its last line."""
    slip = cable.slip
    return (
        f"{slip.cable.id}\n{cable.subject}\n{_dump_date(slip.day)}\n{cable.level.claimed}\n{slip.cable.post.origin}\n"
        f"{cable.header}{cable.body}"
    )


def _dump_date(day: date) -> str:
    """`Thu Nov 05 00:00:00 +0100 2009`, in English whatever the locale; the offset is Central Europe's."""
    weekday = "MonTueWedThuFriSatSun"[day.weekday() * 3 :][:3]
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[day.month * 3 - 3 :][:3]
    offset = "+0200" if 4 <= day.month <= 10 else "+0100"
    return f"{weekday} {month} {day.day:02d} 00:00:00 {offset} {day.year}"


FORMS: dict[str, Callable[[Path, int, int, int], int]] = {"dump": write_dump, "csv": write_table}

if __name__ == "__main__":
    sys.exit(main())
