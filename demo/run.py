"""Reads the demo collection, damage and all, and prints what it found. Run it with `make demo`.

Everything in the collection is fiction; see demo/README.md.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

import reftel
from reftel.cli.defects import list_findings
from reftel.cli.glyphs import glyphs_for
from reftel.cli.output import prepare_text
from reftel.cli.show import open_console, print_cable

BIN = ".venv/Scripts" if os.name == "nt" else ".venv/bin"
COLLECTION = "demo/collection"
SHOWN = f"{COLLECTION}/dump/09SECTION01OF02QUITO733.txt"  # a malformed id, a lost section, no signature: all told
CARRIERS = {
    "dump": "dump records",
    "site": "pages of the release site",
    "cables-csv": "rows of the big table of cables",
    "news": "pages of a news site",
    "telegram": "plain telegrams",
}


def main() -> None:
    """The demo, from the first heading to the closing line."""
    os.chdir(Path(__file__).resolve().parents[1])  # so that paths are printed as a user would type them
    prepare_text()
    console = open_console()
    begun = time.perf_counter()
    failures: list[reftel.Failure] = []
    cables = list(reftel.read(COLLECTION, failures=failures))
    took = time.perf_counter() - begun

    heading(console, "Reftel reads a collection of cables")
    console.print("The cables are invented; their forms, eras and damages are those of the real ones.\n")
    print_carriers(console, cables)
    for failure in failures:
        console.print(f"Not read: {failure.reason}")
    characters = sum(len(cable.text) for cable in cables)
    console.print(
        f"\n{len(cables)} cables, {characters:,} characters, read in {took:.1f} s. "
        "Every character belongs to a named part of its cable, or is listed as unnamed-text.\n"
    )

    heading(console, "What they are")
    print_list(console, cables)

    heading(console, "What is odd about them")
    print_damage(console, cables)

    heading(console, f"One of them: reftel show {SHOWN}")
    for cable in cables:
        if cable.source.locator == SHOWN:
            print_cable(cable, console)

    heading(console, "What to try next")
    for command, what in (
        (f"reftel show {COLLECTION}/news/09TALLINN300.txt", "a page that has lost lines; the id is found all the same"),
        (f"reftel check {COLLECTION}", "all of the above, with line numbers"),
        (f"reftel parse {COLLECTION} > cables.jsonl", "everything as data"),
        ("reftel show YOUR-FILE", "your own: text, saved page, archive or folder"),
    ):
        console.print(Text(f"  {BIN}/{command}", "bold"))
        console.print(Text("      " + what))


def heading(console: Console, title: str) -> None:
    """A line across the page."""
    console.print(Rule(Text(title, "bold"), characters=glyphs_for(console.encoding).rule, align="left"))


def print_carriers(console: Console, cables: list[reftel.Cable]) -> None:
    """How many cables each carrier gave."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="bold")
    table.add_column()
    for reader, what in CARRIERS.items():
        table.add_row(str(sum(cable.source.reader == reader for cable in cables)), what)
    packed = sum("!" in cable.source.locator for cable in cables)
    print_stripped(console, table)
    console.print(f"{packed} of them were inside archives (box.zip, papers.txt.gz).")


def print_list(console: Console, cables: list[reftel.Cable]) -> None:
    """One line a cable, by date."""
    rows = [
        (cable.id or "-", date_of(cable) or "-", sender_of(cable), cable.subject or cable.source.claims.subject or "-")
        for cable in sorted(cables, key=lambda cable: (date_of(cable) or "~", cable.id or ""))
    ]
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, cells in zip(("id", "date", "from"), zip(*rows, strict=True), strict=False):
        table.add_column(name, no_wrap=True, min_width=max(map(len, cells)))
    table.add_column("subject", no_wrap=True, ratio=1, overflow="crop")
    for row in rows:
        table.add_row(*map(Text, row))
    print_stripped(console, table)
    twice = sum(count > 1 for count in Counter(cable.id for cable in cables if cable.id).values())
    console.print(f"{twice} of them are here twice, in two carriers.\n")


def sender_of(cable: reftel.Cable) -> str:
    """The post, an embassy by its city alone."""
    sender = cable.origin.post or cable.origin.plad if cable.origin else cable.source.claims.origin
    return (sender or "-").removeprefix("Embassy ")


def date_of(cable: reftel.Cable) -> str | None:
    """The day of its date-time group; where none is printed, the carrier's."""
    date = cable.dtg or cable.source.claims.date
    return date[:10] if date else None


def print_damage(console: Console, cables: list[reftel.Cable]) -> None:
    """Each kind of defect: how often, what it means, and one place where it was met."""
    times: dict[str, int] = {}
    example: dict[str, str] = {}
    for cable in cables:
        for finding in list_findings(cable):
            times[finding.code] = times.get(finding.code, 0) + 1
            at = f", line {finding.line}" if finding.line else ""
            said = f": {shorten(finding.said)}" if finding.said else ""
            example.setdefault(finding.code, f"{cable.id or cable.source.locator}{at}{said}")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="bold")
    table.add_column(style="yellow", no_wrap=True)
    table.add_column(ratio=1)
    for code in sorted(times, key=lambda code: (-times[code], code)):
        table.add_row(str(times[code]), code, Text(reftel.DEFECTS[code]))
        table.add_row("", "", Text(example[code], "dim"))
    print_stripped(console, table)


def shorten(text: str) -> str:
    """At most 70 characters of it."""
    return text if len(text) <= 70 else f"{text[:67]}..."


def print_stripped(console: Console, table: Table) -> None:
    """The table, without the blanks that fill its last column."""
    with console.capture() as captured:
        console.print(table)
    shown = captured.get() if console.is_terminal else "\n".join(map(str.rstrip, captured.get().splitlines())) + "\n"
    console.file.write(shown + "\n")


if __name__ == "__main__":
    main()
