"""Reads the demo collection, damage and all, puts it into an archive, and asks it. Run it with `make demo`.

Everything in the collection is fiction; see demo/README.md.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

import reftel
from reftel.cli import main as reftel_command
from reftel.cli.defects import list_findings
from reftel.cli.glyphs import glyphs_for
from reftel.cli.output import prepare_text
from reftel.cli.show import open_console, print_cable

BIN = ".venv/Scripts" if os.name == "nt" else ".venv/bin"
COLLECTION = "demo/collection"
ARCHIVE = "demo/archive"
SHOWN = f"{COLLECTION}/dump/09SECTION01OF02QUITO733.txt"  # a malformed id, a lost section, no signature: all told
CARRIERS = {
    "dump": "dump records",
    "site": "pages of the release site",
    "cables-csv": "rows of the big table of cables",
    "news": "pages of a news site",
    "telegram": "plain telegrams",
}
FEW = 12  # cables, and kinds of defects, that are listed
QUESTIONS = (
    (
        "What did the drafters make of a refusal? The word, in their comments only:",
        "search --sort date --limit 3 'refusal in:comment'",
    ),
    (
        "One minister and one survey, as Tallinn told it in eleven months:",
        "search --sort date 'from:tallinn kallaste survey date:2008-02..2009-01'",
    ),
    (
        "Who cites the first of these, 08TALLINN96?",
        "search --sort date ref:08TALLINN96",
    ),
    ("Who else wrote of him in these years?", "facets --by year --by post 'kallaste date:2008..2009'"),
    (
        "One cable came in three carriers; the best text leads, the others are kept:",
        "show 08TALLINN402 --sources",
    ),
    ("A footnote:", "cite 08TALLINN402:6"),
    ("Who is the minister, and who reports him?", "who kallaste"),
    (
        "And how he moved on the pipeline: what he said, occasion by occasion, and what each verdict rests on:",
        "position kallaste --about 'amber OR pipeline OR survey'",
    ),
)


def main(mode: str = "print", port: str = "8087") -> int:
    """The demo, from the first heading to the closing line; then the reading room on a port, if mode is "serve"."""
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

    heading(console, "An archive of them, and what it can be asked")
    print_answers(console)

    heading(console, "What to try next")
    for command, what in (
        (
            f"reftel search --archive {ARCHIVE} 'wekulo (consent OR refus*)'",
            "a question of your own; docs/query.md has the language",
        ),
        (
            f"reftel position --archive {ARCHIVE} ozdurak --about lease --chart ozdurak.svg",
            "one who does not move, and a picture of it",
        ),
        (f"reftel serve --archive {ARCHIVE}", "the reading room: the same archive in a browser"),
        (f"reftel check {COLLECTION}", "every defect, with line numbers"),
        (f"reftel parse {COLLECTION} > cables.jsonl", "everything as data"),
        ("reftel add YOUR-FILES", "your own: texts, saved pages, archives, folders"),
    ):
        console.print(Text(f"  {BIN}/{command}", "bold"))
        console.print(Text("      " + what))
    if mode != "serve":
        return 0
    console.print()
    heading(console, "The reading room")
    console.print(Text("The same archive in a browser. Ctrl-C ends the demo."))
    sys.stdout.flush()
    reftel_command(["serve", "--port", port], standalone_mode=False)  # of the archive that print_answers named
    return 0


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
    """A line each for some of the cables, from all years."""
    copies: dict[str, list[reftel.Cable]] = {}
    for cable in cables:
        copies.setdefault(cable.id or cable.source.locator, []).append(cable)
    rows = sorted(
        (
            date_of(cable) or "undated",
            cable.id or "-",
            sender_of(cable),
            cable.subject or cable.source.claims.subject or "-",
        )
        for cable, *_ in copies.values()
    )
    few = rows[:: max(1, len(rows) // FEW)][:FEW]
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, cells in zip(("date", "id", "from"), zip(*few, strict=True), strict=False):
        table.add_column(name, no_wrap=True, min_width=max(map(len, cells)))
    table.add_column("subject", no_wrap=True, ratio=1, overflow="crop")
    for row in few:
        table.add_row(*map(Text, row))
    print_stripped(console, table)
    twice = sum(len(same) > 1 for same in copies.values())
    console.print(f"And {len(rows) - len(few)} more. {twice} cables are here in two carriers or three.\n")


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
    for code in sorted(times, key=lambda code: (-times[code], code))[:FEW]:
        table.add_row(str(times[code]), code, Text(reftel.DEFECTS[code]))
        table.add_row("", "", Text(example[code], "dim"))
    print_stripped(console, table)
    console.print(f"And {len(times) - FEW} kinds more.\n")


def print_answers(console: Console) -> None:
    """The collection goes into an archive of the demo's own; a few commands, and what they print."""
    os.environ["REFTEL_ARCHIVE"] = ARCHIVE
    shutil.rmtree(ARCHIVE, ignore_errors=True)
    for why, command in (("The archive is a folder:", f"add {COLLECTION}"), *QUESTIONS):
        console.print(Text(why))
        console.print(Text(f"$ reftel {command}", "bold"))
        sys.stdout.flush()
        reftel_command(shlex.split(command), standalone_mode=False)
        console.print()


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
    sys.exit(main(*sys.argv[1:3]))
