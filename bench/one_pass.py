"""One pass over a path in a process of its own, as `reftel parse` makes it: nothing is kept but counts.

    python bench/one_pass.py cables.csv

Prints one JSON object: cables, failures, bytes (of JSON made), cpu, wall (seconds), peak (bytes, or null).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec
from measure import peak_memory, time_call

from reftel.pipeline.read import parse_source
from reftel.readers import Failure, read_sources


class Pass(NamedTuple):
    """What one pass gave; cpu and wall in seconds, peak in bytes (None where the system does not say)."""

    cables: int
    failures: int
    bytes: int
    cpu: float
    wall: float
    peak: int | None


def run_pass(path: str, parse: bool) -> Pass:
    """One pass in a new process, so that its memory is its own. parse: else only read."""
    command = [sys.executable, str(Path(__file__).resolve()), path]
    if not parse:
        command.append("--read-only")
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Pass(**json.loads(done.stdout))


def make_pass(path: str, parse: bool) -> Pass:
    """One pass in this process."""
    counts = {"cables": 0, "failures": 0, "bytes": 0}

    def work() -> None:
        encode = msgspec.json.Encoder().encode
        for item in read_sources([path]):
            if isinstance(item, Failure):
                counts["failures"] += 1
                continue
            counts["cables"] += 1
            if parse:
                counts["bytes"] += len(encode(parse_source(item)))

    spell = time_call(work)
    return Pass(counts["cables"], counts["failures"], counts["bytes"], spell.cpu, spell.wall, peak_memory())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", help="a file, folder or archive of cables")
    parser.add_argument("--read-only", action="store_true", help="read the cables without parsing them")
    asked = parser.parse_args()
    print(json.dumps(make_pass(asked.path, parse=not asked.read_only)._asdict()))


if __name__ == "__main__":
    main()
