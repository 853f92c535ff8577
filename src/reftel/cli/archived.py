"""Cables of an archive, by id: shown, cited, exported; and which sources they have."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from reftel.archive.store import Named, Witness
from reftel.cite import split_address
from reftel.cli.errors import said
from reftel.cli.kept import say_note
from reftel.cli.output import count_of, ends_quietly, open_console, prepare_text, printable
from reftel.cli.show import print_cable, print_paragraph
from reftel.errors import ReftelError
from reftel.model import Cable
from reftel.workbench import Archive


def show_archived(names: Sequence[str], folder: str, sources: bool, nth: int | None) -> int:
    """Prints cables of an archive, or paragraphs of them, or where they are from; the exit code.

    nth: which of the sources; None for the leading one.
    """
    prepare_text()
    console = open_console()
    with said(), Archive.open(folder) as archive, archive.desk() as desk, ends_quietly():
        for name in names:
            address, paragraph = split_address(name)
            for found in _find(archive, address):
                if sources:
                    _print_sources(found, archive.witnesses(found))
                    continue
                cable = _cable(archive, found, nth)
                if paragraph is not None:
                    print_paragraph(cable, paragraph, console)
                else:
                    print_cable(cable, console)
                for note in desk.notes(archive.store.address(found), found.id or address):
                    by = f"{note.author}'s note" if note.author else "Your note"
                    told = f"{by} on {note.address}, {note.written[:10]}: {say_note(note)}"
                    console.print(Text(printable(told), "italic"))
    return 0


def cite_archived(name: str, folder: str, style: str, unmask: bool) -> int:
    """Prints the citation of a cable or paragraph; the exit code. unmask: whether protected sources keep their names."""
    from reftel.exports import cite

    prepare_text()
    with said(), Archive.open(folder) as archive:
        address, paragraph = split_address(name)
        cable = archive.get(address)
        plain = cite(cable, style, paragraph)
        told = plain if unmask else cite(archive.mask(cable), style, paragraph)
        click.echo(told)
    if told != plain:
        click.echo("A protected source has a pseudonym here; --unmask gives the name.", err=True)
    return 0


def export_archived(query: str, folder: str, form: str, sort: str, out: str | None, unmask: bool) -> int:
    """Writes all cables that a query finds, as a stream; the exit code. out: a file, or None for standard output.

    unmask: whether protected sources keep their names.
    """
    from reftel.exports import EXPORTS

    export = EXPORTS[form]
    if out is None and export.binary and sys.stdout.isatty():
        raise click.ClickException(f"{form} is no text for a terminal. Name a file: --out cables.{export.extension}")
    with said(query), Archive.open(folder) as archive:
        cables = archive.cables(query, sort=sort)  # before the file is opened: a slip must not cost an older one
        masked: list[str | None] = []
        if not unmask:
            cables = _mask(archive, cables, masked)
        if out is None:
            with ends_quietly():
                count = export.write(cables, sys.stdout.buffer)
                sys.stdout.buffer.flush()
        else:
            try:
                with Path(out).open("wb") as file:
                    count = export.write(cables, file)
            except OSError as error:
                raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from None
        left = 0 if unmask else archive.count_unextracted()
    click.echo(f"{count_of(count, 'cable')} written.", err=True)
    if masked:
        told = f"In {count_of(len(masked), 'cable')} protected sources have pseudonyms; --unmask gives their names."
        click.echo(told, err=True)
    if left:
        told = f"Whom {count_of(left, 'cable')} of the archive protect is not known yet: reftel extract."
        click.echo(told, err=True)
    return 0 if count else 1


def _mask(archive: Archive, cables: Iterable[Cable], masked: list[str | None]) -> Iterator[Cable]:
    """The cables, masked; the ids of those in which somebody is protected go to a list."""
    for cable in cables:
        found = archive.mask(cable)
        if found is not cable:
            masked.append(cable.id)
        yield found


def _find(archive: Archive, address: str) -> list[Named]:
    found = archive.find(address)
    if not found:
        if Path(address).exists():
            raise ReftelError(f"{address} is a file; only cables of an archive have sources. Give the id of one.")
        raise ReftelError(f"There is no cable {address} in the archive {archive.folder}, and no file of that name.")
    return found


def _cable(archive: Archive, found: Named, nth: int | None) -> Cable:
    if nth is None:
        return archive.cable(found)
    witnesses = archive.witnesses(found)
    if nth > len(witnesses):
        raise ReftelError(f"{found.id} has {len(witnesses)} sources; there is no source {nth}.")
    return archive.cable(found, witnesses[nth - 1])


def _print_sources(found: Named, witnesses: Sequence[Witness]) -> None:
    console = open_console()
    console.print(Text(printable(f"{found.id or f'#{found.key}'}: {found.card.subject or 'no subject'}"), "bold"))
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("", "points", "words", "cut", "missing", "damaged", "read as", "found in"):
        table.add_column(name, justify="right" if name not in ("read as", "found in", "") else "left", overflow="fold")
    for i, witness in enumerate(witnesses, 1):
        weight = witness.weight
        mark = "leads" if witness.leads else "replaced since" if witness.superseded else str(i)
        cells = (weight.points, weight.words, weight.cut, weight.missing, weight.damage)
        table.add_row(mark, *(f"{cell:,}" for cell in cells), witness.reader, printable(witness.locator))
    console.print(table)
    console.print(
        Text(
            "First comes a text that is still at its place, has more than a header and of which nothing is cut off; then the one "
            "with most points: one a word, less 20 for each missing part of the head and 10 for each damaged place.",
            "dim",
        )
    )
    console.print()
