"""`reftel note` and `reftel basket`: what the user keeps on the desk."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import click

from reftel.archive.desk import Note
from reftel.cite import split_address
from reftel.cli.errors import said
from reftel.cli.output import count_of, ends_quietly, prepare_text, printable
from reftel.errors import ReftelError
from reftel.text import one_line
from reftel.workbench import Archive

_QUOTED = 60  # characters of the words that a list shows


def write_note(folder: str, name: str, text: str) -> int:
    """Writes a note on a cable or paragraph; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        address = _address(archive, name)
        key = desk.add_note(address, text, _today())
        click.echo(printable(f"Note {key} on {address}."))
    return 0


def list_notes(folder: str, name: str | None) -> int:
    """Prints the notes on a cable, or all, the newest first; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        if name is None:
            notes, _ = desk.find_notes(limit=-1)
        else:
            address = _address(archive, name)
            notes = [note for note in desk.notes(split_address(address)[0]) if _is_on(note, address)]
        for note in notes:
            click.echo("\t".join(map(printable, (str(note.key), note.address, note.written[:10], say_note(note)))))
        if not notes:
            click.echo("No note has been written yet. To write one: reftel note ID TEXT")
    return 0


def drop_note(folder: str, key: int) -> int:
    """Throws a note away; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        note = desk.note(key)
        desk.drop_note(key)
        click.echo(printable(f"Note {key} on {note.address} is thrown away."))
    return 0


def say_note(note: Note) -> str:
    """A note on one line, with the words that it stands at."""
    words = one_line(note.anchor.quote) if note.anchor is not None else ""
    if len(words) > _QUOTED:
        words = f"{words[:_QUOTED].rstrip()}..."
    return ": ".join(filter(None, (f'"{words}"' if words else "", one_line(note.text))))


def put_in_basket(folder: str, names: Sequence[str], remark: str) -> int:
    """Puts cables and paragraphs into the basket; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        addresses = [_address(archive, name) for name in names]
        for address in addresses:
            desk.basket().add(address, _today(), remark=remark)
        click.echo(f"{count_of(len(desk.basket().items()), 'item')} in the basket.")
    return 0


def list_basket(folder: str) -> int:
    """Prints what lies in the basket, numbered; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        items = desk.basket().items()
        for i, item in enumerate(items, 1):
            found = archive.find(split_address(item.address)[0])
            subject = one_line(found[0].card.subject or "no subject") if found else "not in this archive"
            words = f'"{one_line(item.anchor.quote)[:_QUOTED]}"' if item.anchor is not None else ""
            told = (str(i), item.address, words or subject, one_line(item.remark))
            click.echo("\t".join(map(printable, told)).rstrip())
        if not items:
            click.echo("The basket is empty. To put something in: reftel basket ID[:PARAGRAPH]")
    return 0


def change_basket(folder: str, nth: int | None) -> int:
    """Takes the nth item out of the basket, or all; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        basket = desk.basket()
        items = basket.items()
        if nth is None:
            basket.clear()
            click.echo("The basket is empty.")
            return 0
        if nth > len(items):
            raise ReftelError(f"There is no item {nth}: {count_of(len(items), 'item')} in the basket.")
        basket.drop(items[nth - 1].key)
        click.echo(printable(f"{items[nth - 1].address} is taken out."))
    return 0


def write_basket(folder: str, form: str, out: str | None, title: str, notes: bool, unmask: bool) -> int:
    """Writes the basket as one document; the exit code. out: a file, or None for standard output."""
    from reftel.exports import DOSSIERS

    chosen = DOSSIERS[form]
    if out is None and chosen.binary and sys.stdout.isatty():
        raise click.ClickException(f"{form} is no text for a terminal. Name a file: --out basket.{chosen.extension}")
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        items = desk.basket().items()
        dossier = archive.dossier(items, title=title, made=_today(), notes=desk if notes else None, masked=not unmask)
        if not dossier.excerpts:
            raise ReftelError("The basket is empty. To put something in: reftel basket ID[:PARAGRAPH]")
        made = BytesIO()
        chosen.write(dossier, made)
        if out is None:
            with ends_quietly():
                sys.stdout.buffer.write(made.getvalue())
                sys.stdout.buffer.flush()
        else:
            try:
                Path(out).write_bytes(made.getvalue())
            except OSError as error:
                raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from None
    click.echo(f"{count_of(len(dossier.excerpts), 'item')} written.", err=True)
    return 0


def _address(archive: Archive, name: str) -> str:
    """The address of a cable or paragraph in its usual form. ReftelError if there is none, or more than one."""
    address, number = split_address(name)
    cable = archive.get(address)
    usual = archive.store.address(archive.find(address)[0])
    if number is None:
        return usual
    if all(paragraph.number != number for paragraph in cable.paragraphs):
        raise ReftelError(f"{usual} has no paragraph {number}.")
    return f"{usual}:{number}"


def _is_on(note: Note, address: str) -> bool:
    return split_address(address)[1] is None or note.address == address


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")
