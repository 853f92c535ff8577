"""The command line: `reftel parse`, `show`, `check`, `readers`, `tables`.

Here are the commands and what their help says; each does its work in a module of its own, loaded when it is called, so
that `reftel --help` answers at once.
"""

from __future__ import annotations

import click

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _known_reader(ctx: click.Context, param: click.Parameter, name: str | None) -> str | None:
    """The name as it stands; a usage error if there is no such reader. The readers are loaded only if one is named."""
    if name is None:
        return None
    from reftel.readers import READERS

    if name not in READERS:
        raise click.BadParameter(f"there is no reader {name!r}. There are: {', '.join(READERS)}.", ctx, param)
    return name


_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
_reader = click.option(
    "--reader",
    metavar="NAME",
    callback=_known_reader,
    help="Read every file as this form, instead of telling it by content.",
)


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="reftel", message="reftel %(version)s")
def main() -> None:
    """Reads U.S. diplomatic cables, in whatever state they are found.

    A PATH is a file, a folder, a pattern ("1979*.txt"), an archive (zip, tar, gz, bz2, xz, zst), or - for standard
    input. Text files, dump records, saved web pages and the big table of cables are told apart by their content.
    Nothing is ever changed or written beside them.

    \b
      reftel show 09LONDON2499.txt          read one cable in the terminal
      reftel check cables/                  what is damaged, lost or contradictory in a collection
      reftel parse cables/ > cables.jsonl   everything as data, one JSON object a cable

    Exit codes: 0 every file gave its cables; 3 some files did not; 1 none did; 2 the command was mistyped.
    """


@main.command("parse")
@_paths
@_reader
@click.option("--pretty", is_flag=True, help="Indent the JSON, for reading one cable.")
def parse_command(paths: tuple[str, ...], reader: str | None, pretty: bool) -> None:
    """Print every cable as data: JSON Lines, one object a cable.

    The cables come in the order of the files, the same bytes every time. A file that gives no cable is told of on
    standard error, and the others go on.

    \b
      reftel parse cables/ > cables.jsonl
      reftel parse archive.zip | head -1
      reftel parse --pretty 09LONDON2499.txt
      cat cable.txt | reftel parse -
    """
    from reftel.cli.jsonl import print_records

    raise click.exceptions.Exit(print_records(paths, reader, pretty))


@main.command("show")
@_paths
@_reader
def show_command(paths: tuple[str, ...], reader: str | None) -> None:
    """Show cables so that they can be read.

    A card with what the header says, then the paragraphs with their numbers, marks and headings. Page breaks, redactions
    and damage stay visible, and below the text every oddity is explained. All cables under the PATHs are shown, one
    after the other; for many, use a pager (reftel show cables/ | less).

    \b
      reftel show 09LONDON2499.txt
      reftel show archive.zip
      cat cable.txt | reftel show -
    """
    from reftel.cli.show import show_cables

    raise click.exceptions.Exit(show_cables(paths, reader))


@main.command("check")
@_paths
@_reader
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: one object a cable, with its defects.")
def check_command(paths: tuple[str, ...], reader: str | None, as_json: bool) -> None:
    """List what is damaged, missing or contradictory.

    First the defects of each cable, with the line where they stand; last a table of all kinds met and what they mean.
    Text that fits no part of a cable (unnamed-text) is quoted in full.

    \b
      reftel check cables/
      reftel check --json cables/ > defects.jsonl
    """
    from reftel.cli.check import check_cables

    raise click.exceptions.Exit(check_cables(paths, reader, as_json))


@main.command("readers")
def readers_command() -> None:
    """List the forms in which cables can be read.

    \b
      reftel readers
      reftel parse --reader telegram notes.txt
    """
    from reftel.cli.tables import print_readers

    print_readers()


@main.command("tables")
@click.argument("name", required=False)
def tables_command(name: str | None) -> None:
    """Show what Reftel knows of posts, tags, captions and the like.

    Without NAME: the tables and how many rows each has. With NAME: its rows, set for reading on a terminal, tab separated
    anywhere else.

    \b
      reftel tables
      reftel tables tags
      reftel tables posts | grep -i estonia
    """
    from reftel.cli.tables import print_table, print_tables

    if name is None:
        print_tables()
    else:
        print_table(name)


__all__ = ["main"]
