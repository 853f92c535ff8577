"""The commands of the desk, and what their help says: notes and the basket. Saved searches are in `archive`."""

from __future__ import annotations

import click

from reftel.cli.options import archive_option, unmask_option

_FORMS = ("md", "docx", "bib", "ris", "csl")


@click.command("note")
@click.argument("address", required=False, metavar="[ID[:PARAGRAPH]]")
@click.argument("words", nargs=-1, metavar="[TEXT]")
@archive_option
@click.option("--drop", type=int, metavar="N", help="Throw note N away.")
def note_command(address: str | None, words: tuple[str, ...], archive: str, drop: int | None) -> None:
    """Write a note on a cable or paragraph, or list the notes.

    With a TEXT a note is written; without one the notes on the cable are listed, without an ID all notes, the newest first.
    Notes are kept beside the archive; see docs/desk.md. Notes on words of a text are made in the reading room (reftel serve).

    \b
      reftel note 09LONDON2499:3 compare with the minister
      reftel note 09LONDON2499
      reftel note --drop 7
    """
    from reftel.cli.kept import drop_note, list_notes, write_note

    if drop is not None and address is not None:
        raise click.UsageError("To throw a note away give its number alone: reftel note --drop N")
    if drop is not None:
        code = drop_note(archive, drop)
    elif address is not None and words:
        code = write_note(archive, address, " ".join(words))
    else:
        code = list_notes(archive, address)
    raise click.exceptions.Exit(code)


@click.command("basket")
@click.argument("addresses", nargs=-1, metavar="[ID[:PARAGRAPH]]...")
@archive_option
@click.option("--remark", metavar="TEXT", help="What to say of what is put in.")
@click.option("--drop", type=click.IntRange(1), metavar="N", help="Take the Nth out.")
@click.option("--clear", is_flag=True, help="Take everything out.")
@click.option("--as", "form", type=click.Choice(_FORMS), help="Write it as one document (see: docs/desk.md).")
@click.option("--out", type=click.Path(dir_okay=False), metavar="FILE", help="Write to a file, not to standard output.")
@click.option("--title", default="Basket", show_default=True, metavar="TEXT", help="The title of the document.")
@click.option("--notes", is_flag=True, help="With the notes on what is quoted.")
@unmask_option
def basket_command(
    addresses: tuple[str, ...],
    archive: str,
    remark: str | None,
    drop: int | None,
    clear: bool,
    form: str | None,
    out: str | None,
    title: str,
    notes: bool,
    unmask: bool,
) -> None:
    """Gather cables and paragraphs, and write them as one document with citations.

    With an ID that cable or paragraph is put in; without one the basket is listed. With --as it is written, in its order,
    each quotation with its citation and remark, the sources last. Whom a drafter asks to protect has a pseudonym.

    \b
      reftel basket 08TALLINN96:3 --remark "the first hint"
      reftel basket
      reftel basket --as docx --out amber.docx --title "The Amber Link"
    """
    from reftel.cli.kept import change_basket, list_basket, put_in_basket, write_basket

    if sum((bool(addresses), drop is not None, clear, form is not None)) > 1:
        raise click.UsageError("One thing at a time: put in, --drop, --clear, or --as.")
    if remark is not None and not addresses:
        raise click.UsageError("The remark is on what is put in. Name it: reftel basket ID --remark TEXT")
    if form is None and (out or notes):
        raise click.UsageError("In which form is it to be written? Name it: --as md")
    if form is not None:
        code = write_basket(archive, form, out, title, notes, unmask)
    elif addresses:
        code = put_in_basket(archive, addresses, remark or "")
    elif clear or drop is not None:
        code = change_basket(archive, drop)
    else:
        code = list_basket(archive)
    raise click.exceptions.Exit(code)


COMMANDS = (note_command, basket_command)
