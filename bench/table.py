"""The big table of cables, made up and streamed: rate, and whether memory stays flat as the file grows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from make_cables_csv import write_csv
from one_pass import Pass, run_pass


class TableRun(NamedTuple):
    """One pass over a table of that many bytes; name says whether it was only read or parsed as well."""

    name: str
    size: int
    made: Pass


def measure_table(size: int) -> list[TableRun]:
    """Reads, then reads and parses, a made-up cables.csv of a quarter of `size` bytes, and one of `size`."""
    runs = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cables.csv"
        for length in (size // 4, size):
            with path.open("wb") as out:
                write_csv(out, size=length)
            runs += [
                TableRun(name, path.stat().st_size, run_pass(str(path), parse))
                for name, parse in (("read", False), ("read, parse and encode", True))
            ]
    return runs
