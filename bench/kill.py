"""Kills `reftel add` at random instants, lets it go on, and looks whether anything was lost or doubled.

    python bench/kill.py                 a hundred instants
    python bench/kill.py --instants 3 --cables 300

What is acknowledged is what the ledger says. Each time: all of it is still there after the next run, no cable stands
twice, `reftel doctor` finds store and index agreed, and the counts of ten queries are those of an archive that was left alone.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from compose import make_world
from make_cables import write_dump
from measure import describe_machine, find_range

import reftel

STORED = ("added", "replaced", "partial")  # outcomes that promise a text
QUERIES = 10
_FILES = ("archive.sqlite", "archive.sqlite-wal")


class State(NamedTuple):
    """An archive as it stands. lines: locator and outcome of the ledger; sources: locators; ids: of its cables.

    totals: hits of the ten queries. doctor: exit code.
    """

    lines: frozenset[tuple[str, str]]
    sources: frozenset[str]
    ids: tuple[str, ...]
    totals: tuple[int, ...] = ()
    doctor: int = 0


class Kill(NamedTuple):
    """One try. after: seconds until the kill; stored: cables acknowledged by then; faults: what was wrong, in words."""

    after: float
    stored: int
    faults: list[str]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--instants", type=int, default=100, help="how often to kill (default 100)")
    parser.add_argument("--cables", type=int, default=1500, help="how many cables are added each time (default 1,500)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other instants (default 1)")
    asked = parser.parse_args(arguments)
    if not hasattr(os, "killpg"):
        print("This system cannot kill a group of processes; nothing was tried.")
        return 0
    print(describe_machine())
    with TemporaryDirectory() as folder:
        kills = []
        for kill in kill_adds(Path(folder), asked.cables, asked.instants, asked.seed):
            kills.append(kill)
            for fault in kill.faults:
                print(f"killed after {kill.after:.3f} s with {kill.stored:,} stored: {fault}", flush=True)
    wrong = sum(bool(kill.faults) for kill in kills)
    stored = find_range([float(kill.stored) for kill in kills])
    print(
        f"{len(kills)} kills of an add of {asked.cables:,} cables, {wrong} with a fault; "
        f"{stored.low:,.0f} to {stored.high:,.0f} cables were stored at the kill (median {stored.median:,.0f})"
    )
    return 1 if wrong else 0


def kill_adds(folder: Path, cables: int, instants: int, seed: int) -> Iterator[Kill]:
    """Adds undisturbed, then kills and resumes `instants` times, each time in a new archive."""
    dice = random.Random(f"kill {seed}")
    files, home = folder / "cables", folder / "archive"
    write_dump(files, cables)
    begun = time.perf_counter()
    _finish(_start_add(home, files))
    whole_time = time.perf_counter() - begun
    whole = read_state(home, complete=True)
    for _ in range(instants):
        shutil.rmtree(home)
        after = dice.uniform(0, whole_time)
        process = _start_add(home, files)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        before = read_state(home)
        _finish(_start_add(home, files))
        kept = sum(outcome in STORED for _, outcome in before.lines)
        yield Kill(after, kept, find_faults(before, read_state(home, complete=True), whole))


def find_faults(before: State, after: State, whole: State) -> list[str]:
    """What is wrong with an archive that was killed (before) and resumed (after), beside one left alone (whole)."""
    faults = []
    promised = {locator for locator, outcome in before.lines if outcome in STORED}
    twice = sorted(cable_id for cable_id, number in Counter(after.ids).items() if number > 1)
    if before.lines - after.lines:
        faults.append(f"{len(before.lines - after.lines)} lines of the ledger are gone")
    if promised - after.sources:
        faults.append(f"{len(promised - after.sources)} texts are gone that were reported as added")
    if twice:
        faults.append(f"{len(twice)} cables stand twice, {twice[0]} among them")
    if set(after.ids) != set(whole.ids):
        faults.append(f"there are {len(set(after.ids)):,} cables instead of {len(set(whole.ids)):,}")
    if after.totals != whole.totals:
        faults.append(f"the queries find {after.totals} cables instead of {whole.totals}")
    if after.doctor:
        faults.append(f"reftel doctor ends with {after.doctor}")
    return faults


def read_state(home: Path, complete: bool = False) -> State:
    """The archive's state; nothing of it where the tables are not made yet. complete: with queries and doctor.

    Read from a copy of the files, so that looking mends nothing.
    """
    with TemporaryDirectory() as spare:
        for name in _FILES:
            if (home / name).exists():
                shutil.copy(home / name, spare)
        with closing(sqlite3.connect(Path(spare) / _FILES[0])) as store:
            if not store.execute("SELECT 1 FROM sqlite_master WHERE name = 'ledger'").fetchone():
                return State(frozenset(), frozenset(), ())
            lines = frozenset(store.execute("SELECT locator, outcome FROM ledger"))
            sources = frozenset(locator for (locator,) in store.execute("SELECT locator FROM sources"))
            ids = tuple(row[0] for row in store.execute("SELECT id FROM cables WHERE lead IS NOT NULL ORDER BY id"))
    if not complete:
        return State(lines, sources, ids)
    doctor = subprocess.run(_command("doctor", home), capture_output=True)
    return State(lines, sources, ids, count_queries(home), doctor.returncode)


def count_queries(home: Path) -> tuple[int, ...]:
    """The hits of ten queries: frequent words, a phrase, a prefix, a field, a date."""
    words = [word for word in make_world().words.words[:400:40] if len(word) > 2][: QUERIES - 4]
    asked = [*words, '"end summary"', "min*", "tag:PREL", "date:2008"]
    with reftel.Archive.open(home) as archive:
        return tuple(archive.count(query) for query in asked)


def _start_add(home: Path, files: Path) -> subprocess.Popen[bytes]:
    """In a group of its own, so that its workers are killed with it."""
    return subprocess.Popen(
        _command("add", home, str(files)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def _finish(process: subprocess.Popen[bytes]) -> None:
    _, errors = process.communicate()
    if process.returncode:
        raise SystemExit(f"reftel add ended with {process.returncode}:\n{errors.decode(errors='replace')[-2000:]}")


def _command(name: str, home: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "reftel", name, "--archive", str(home), *more]


if __name__ == "__main__":
    sys.exit(main())
