"""The command line: here are the commands that read files and what their help says; in `archive` are those of an archive.

Each does its work in a module of its own, loaded when it is called, so that `reftel --help` answers at once.
"""

from __future__ import annotations

import click

from reftel.cli.actors import COMMANDS as ON_ACTORS
from reftel.cli.archive import COMMANDS
from reftel.cli.desk import COMMANDS as ON_DESK
from reftel.cli.options import archive_option, paths_argument, reader_option
from reftel.cli.serving import COMMANDS as OPENING

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="reftel", message="reftel %(version)s")
def main() -> None:
    """Reads, keeps and finds U.S. diplomatic cables, in whatever state they come.

    A PATH is a file, a folder, a pattern ("1979*.txt"), an archive (zip, tar, gz, bz2, xz, zst), or - for standard
    input. Text files, dump records, saved web pages and the big table of cables are told apart by their content.
    Nothing is ever changed or written beside them.

    \b
      reftel show 09LONDON2499.txt          read one cable in the terminal
      reftel check cables/                  what is damaged, lost or contradictory in a collection
      reftel parse cables/ > cables.jsonl   everything as data, one JSON object a cable
      reftel add cables/                    put a collection into an archive
      reftel search missile defense         find cables in it

    Exit codes: 0 every file gave its cables, or something was found; 3 some files did not; 1 none did, or nothing was
    found; 2 the command was mistyped.
    """


@main.command("parse")
@paths_argument
@reader_option
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
@click.argument("names", nargs=-1, required=True, metavar="PATH|ID[:PARAGRAPH]...")
@reader_option
@archive_option
@click.option("--sources", is_flag=True, help="Where the archive has the cable from, and why which text leads.")
@click.option("--source", "nth", type=click.IntRange(1), metavar="N", help="Show the Nth of them, not the leading one.")
def show_command(names: tuple[str, ...], reader: str | None, archive: str, sources: bool, nth: int | None) -> None:
    """Show cables so that they can be read, from files or, by id, from the archive.

    A card with what the header says, then the paragraphs with their numbers, marks and headings. Page breaks, redactions
    and damage stay visible, and below the text every oddity is explained. All cables under the PATHs are shown, one
    after the other; for many, use a pager (reftel show cables/ | less). What is no file here is looked up in the archive.

    \b
      reftel show 09LONDON2499.txt
      cat cable.txt | reftel show -
      reftel show 09LONDON2499            the cable of the archive
      reftel show 09LONDON2499:3          its paragraph 3
      reftel show 09LONDON2499 --sources
    """
    from reftel.cli.show import show_named

    raise click.exceptions.Exit(show_named(names, reader, archive, sources, nth))


@main.command("check")
@paths_argument
@reader_option
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


for _command in (*COMMANDS, *ON_ACTORS, *ON_DESK, *OPENING):
    main.add_command(_command)

__all__ = ["main"]
