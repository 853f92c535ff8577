"""`reftel show`: cables set for reading in a terminal, from files or from an archive."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from reftel.cite import looks_like_address
from reftel.cli.body import render_body, render_paragraph
from reftel.cli.card import level_style, render_card
from reftel.cli.defects import Finding, list_findings
from reftel.cli.glyphs import Glyphs, glyphs_for
from reftel.cli.output import ends_quietly, open_console, prepare_text, printable
from reftel.cli.run import Run
from reftel.errors import DEFECTS, ReftelError
from reftel.model import Cable

_CODE_WIDTH = max(map(len, DEFECTS))


def show_named(names: Sequence[str], reader: str | None, folder: str, sources: bool, nth: int | None) -> int:
    """Prints the cables that are named, by path or by id, one after the other; the exit code."""
    paths = [name for name in names if _is_path(name)]
    if paths and len(paths) < len(names):
        raise click.UsageError("Give either files or ids of the archive, not both at once.")
    if sources or nth is not None or not paths:
        # Only ids that no file bears: the archive is asked.
        from reftel.cli.archived import show_archived

        return show_archived(names, folder, sources, nth)
    return show_cables(names, reader)


def _is_path(name: str) -> bool:
    """Whether a name is meant as a path: there is such a file, or it looks like nothing else."""
    if name == "-" or glob.has_magic(name) or Path(name).exists():
        return True
    cable, _, paragraph = name.rpartition(":")
    return not looks_like_address(cable if paragraph.isdecimal() and cable else name)


def show_cables(paths: Sequence[str], reader: str | None) -> int:
    """Prints all cables under the paths, one after the other; the exit code."""
    prepare_text()
    console = open_console()
    with Run(paths, reader, bar=False) as run:
        for cable in run.cables():
            with ends_quietly():
                print_cable(cable, console)
        return run.end()


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


def print_paragraph(cable: Cable, number: int, console: Console) -> None:
    """One paragraph, under its heading. ReftelError if the cable has none of that number."""
    found = [paragraph for paragraph in cable.paragraphs if paragraph.number == number]
    if not found:
        numbers = [str(p.number) for p in cable.paragraphs if p.number is not None]
        known = f"Its numbers run from {numbers[0]} to {numbers[-1]}." if numbers else "None of them is numbered."
        raise ReftelError(f"{cable.id} has no paragraph {number}. {known}")
    glyphs = glyphs_for(console.encoding)
    console.print(Text(printable(f"{cable.id}: {cable.subject or 'no subject'}"), "dim"), soft_wrap=True)
    for paragraph in found:
        if paragraph.heading:
            console.print(Text(printable(paragraph.heading), "bold"))
        console.print(render_paragraph(cable, paragraph, glyphs))
        console.print()


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
