"""Scores `reftel parse` against the hand-read facts beside the checkout, and fails if the marks are missed.

    python tests/score.py         the table, and what was missed
    python tests/score.py -v      every fact that was read otherwise

Prints the table of the shared scorer. Where the shared folder is absent it says so and passes.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
# Of the mean over the fields, of each field, and of the page and section breaks, in per cent
MEAN, FIELD, BREAKS_FOUND, BREAKS_TRUE = 97.0, 92.0, 99.0, 98.0
_BREAK_ROWS = {"page_breaks": BREAKS_FOUND, "page_breaks_false": BREAKS_TRUE}
_ROW = re.compile(r"^(\w+) +(\d+)/(\d+) +[\d.]+$", re.MULTILINE)


def main() -> int:
    if not SHARED.is_dir():
        print(f"Nothing is scored: the hand-read facts are not at {SHARED}.")
        return 0
    table = run_scorer(verbose="-v" in sys.argv[1:])
    print(table, end="")
    misses = find_misses(table)
    print("\n".join(misses) if misses else "Every mark is reached.")
    return 1 if misses else 0


def run_scorer(verbose: bool) -> str:
    """What the shared scorer prints of our records."""
    texts = sorted(str(path) for path in (SHARED / "corpus" / "gold_texts").glob("*.txt"))
    command = [sys.executable, "-c", "from reftel.cli import main; main()", "parse", *texts]
    records = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    gold = SHARED / "gold"
    scorer = [sys.executable, str(SHARED / "score" / "headers.py"), str(gold / "headers.jsonl")]
    scorer += ["--breaks", str(gold / "pagebreaks.jsonl"), *(["-v"] if verbose else [])]
    return subprocess.run(scorer, check=True, input=records, stdout=subprocess.PIPE).stdout.decode()


def find_misses(table: str) -> list[str]:
    """A sentence for every mark that a table of the scorer misses; the breaks are no fields and not in the mean."""
    shares = {name: 100 * int(right) / int(scored) for name, right, scored in _ROW.findall(table) if int(scored)}
    fields = {name: share for name, share in shares.items() if name not in _BREAK_ROWS}
    missing = re.search(r"^cables \d+ missing (\d+)", table, re.MULTILINE)
    if not fields or missing is None:
        return ["The scorer printed no table."]
    mean = sum(fields.values()) / len(fields)
    misses = [f"{missing[1]} cables have no record."] if missing[1] != "0" else []
    if mean < MEAN:
        misses.append(f"The mean over the fields is {mean:.1f}, less than {MEAN:.0f}.")
    misses += [f"{name} is {share:.1f}, less than {FIELD:.0f}." for name, share in fields.items() if share < FIELD]
    misses += [
        f"{name} is {shares.get(name, 0):.1f}, less than {mark:.0f}."
        for name, mark in _BREAK_ROWS.items()
        if shares.get(name, 0) < mark
    ]
    return misses


if __name__ == "__main__":
    sys.exit(main())
