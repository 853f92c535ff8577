"""`reftel show`: cables set for reading in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from reftel.cli.body import render_body
from reftel.cli.card import level_style, render_card
from reftel.cli.defects import Finding, list_findings
from reftel.cli.glyphs import Glyphs, glyphs_for
from reftel.cli.output import ends_quietly, prepare_text, printable
from reftel.cli.run import Run
from reftel.errors import DEFECTS
from reftel.model import Cable

_WIDEST = 100  # columns; longer lines of prose are hard to read
_CODE_WIDTH = max(map(len, DEFECTS))


def show_cables(paths: Sequence[str], reader: str | None) -> int:
    """Prints all cables under the paths, one after the other; the exit code."""
    prepare_text()
    console = open_console()
    with Run(paths, reader, bar=False) as run:
        for cable in run.cables():
            with ends_quietly():
                print_cable(cable, console)
        return run.end()


def open_console() -> Console:
    """Standard output: colours only on a terminal, lines of at most 100 columns."""
    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, _WIDEST)
    return console


def print_cable(cable: Cable, console: Console) -> None:
    """One cable: title, card, text, and what is odd about it."""
    if console.is_terminal:
        _lay_out(cable, console)
        return
    with console.capture() as captured:
        _lay_out(cable, console)
    # rich fills its columns with blanks, which in a file are only noise
    console.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))
    console.file.flush()


def _lay_out(cable: Cable, console: Console) -> None:
    glyphs = glyphs_for(console.encoding)
    title = Text(printable(" ".join(filter(None, (cable.id or "No id", cable.classification)))))
    console.print(Rule(title, characters=glyphs.rule, style=level_style(cable.classification)))
    console.print(Text(printable(cable.subject or cable.source.claims.subject or "No subject"), "bold"))
    console.print()
    console.print(render_card(cable, glyphs))
    console.print()
    console.print(Rule(characters=glyphs.rule, style="dim"))
    for part in render_body(cable, glyphs):
        console.print(part)
    if not cable.paragraphs:
        console.print(Text("There is no text of its own.", "dim"))
        console.print()
    _print_findings(list(list_findings(cable)), console, glyphs)


def _print_findings(findings: list[Finding], console: Console, glyphs: Glyphs) -> None:
    if not findings:
        console.print(Text("Nothing odd was found in this cable.", "dim"))
        console.print()
        return
    console.print(Rule(Text("What is odd about it"), characters=glyphs.rule, style="yellow", align="left"))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold yellow", no_wrap=True, min_width=_CODE_WIDTH)
    table.add_column(ratio=1)
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    for code, same in by_code.items():
        table.add_row(code, Text(DEFECTS.get(code, "")))
        for finding in same:
            told = [f"line {finding.line}" if finding.line else "", finding.said]
            if any(told):
                table.add_row("", Text(": ".join(filter(None, told)), "dim"))
    console.print(table)
    console.print()
