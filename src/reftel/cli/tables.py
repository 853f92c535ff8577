"""`reftel readers` and `reftel tables`: what Reftel can read, and what it knows."""

from __future__ import annotations

import difflib
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator

import click

from reftel.cli.output import Lines, prepare_text
from reftel.readers import READERS
from reftel.tables import TABLES, rows

_GAP = "  "


def print_readers() -> None:
    """Each reader and what it takes."""
    for name, reader in READERS.items():
        click.echo(f"{name:<12}{reader.description}")
    click.echo("\nA file's form is told by its content. To force one: reftel parse --reader NAME PATH")


def print_tables() -> None:
    """Each table, its size and what it holds."""
    for name, sentence in TABLES.items():
        click.echo(f"{name:<15}{len(rows(name)):>5} rows  {sentence}")
    click.echo("\nThe rows of one: reftel tables NAME")


def print_table(name: str) -> None:
    """The rows of one table; on a terminal set for reading, else as tab-separated values. UsageError if there is none."""
    if name not in TABLES:
        near = difflib.get_close_matches(name, TABLES, n=1, cutoff=0.5)
        meant = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(TABLES)}."
        raise click.BadParameter(f"there is no table {name!r}. {meant}", param_hint="NAME")
    prepare_text()
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    with Lines() as lines:
        for line in render_table(rows(name), width):
            lines.print(line)


def render_table(table: tuple[dict[str, str], ...], width: int | None) -> Iterator[str]:
    """The lines of a table: columns if they fit into the width, else one block a row; as it is stored if width is None."""
    columns = list(table[0]) if table else []
    if width is None:
        yield "\t".join(columns)
        yield from ("\t".join(row.values()) for row in table)
        return
    widths = [max(len(cell) for cell in (column, *(row[column] for row in table))) for column in columns]
    if sum(widths) + len(_GAP) * (len(widths) - 1) <= width:
        yield _align(columns, widths)
        yield _align(("-" * each for each in widths), widths)
        yield from (_align(row.values(), widths) for row in table)
    else:
        for row in table:
            yield from _block(row, width)


def _align(cells: Iterable[str], widths: list[int]) -> str:
    return _GAP.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _block(row: dict[str, str], width: int) -> Iterator[str]:
    """The first cell, and below it the others that hold something."""
    (_, head), *others = row.items()
    yield head
    margin = max(len(column) for column, _ in others) + 4
    for column, cell in others:
        if cell:
            wrapped = textwrap.wrap(cell.replace("|", " | "), max(width - margin, 20)) or [""]
            yield f"  {column.ljust(margin - 2)}{wrapped[0]}"
            yield from (" " * margin + line for line in wrapped[1:])
    yield ""
