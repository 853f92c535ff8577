"""The commands that work with an archive, and what their help says; each does its work in a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc
from typing import Any, TypeVar

import click

from reftel.cli.options import (
    QUERY_CONTEXT,
    archive_option,
    paths_argument,
    query_argument,
    reader_option,
    sort_option,
    workers_option,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])
_FORMS = ("csv", "jsonl", "parquet", "text", "md", "bib", "ris", "csl")
_STYLES = ("chicago", "turabian", "bibtex", "ris", "csl")
_FACETS = ("year", "post", "country", "classification", "tag", "carrier")


@click.command("add")
@paths_argument
@archive_option
@reader_option
@workers_option
def add_command(paths: tuple[str, ...], archive: str, reader: str | None, workers: int | None) -> None:
    """Put cables into an archive; it is made if there is none.

    What is there already is left as it is, so the same command can be given again: after more files have come, or after it
    was stopped. Ctrl-C ends it at once, and what was reported as added is kept.

    \b
      reftel add dump/ cablegate.zip
      reftel add --archive ~/cables --reader dump more/
    """
    from reftel.cli.add import add_paths

    raise click.exceptions.Exit(add_paths(paths, archive, reader, workers))


@click.command("status")
@archive_option
@click.option("--failed", is_flag=True, help="List every file that could not be read, with reason and remedy.")
@click.option("--partial", is_flag=True, help="List every text that something is cut off.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def status_command(archive: str, failed: bool, partial: bool, as_json: bool) -> None:
    """Tell what is in an archive, and what could not be put in.

    \b
      reftel status
      reftel status --failed
    """
    from reftel.cli.status import print_status

    print_status(archive, failed, partial, as_json)


@click.command("retry")
@archive_option
@click.option("--failed", is_flag=True, required=True, help="The files that could not be read.")
@workers_option
def retry_command(archive: str, failed: bool, workers: int | None) -> None:
    """Add again what could not be read.

    After the files were mended, or after a new version of Reftel learnt to read them.

    \b
      reftel retry --failed
    """
    from reftel.cli.add import retry_failed

    raise click.exceptions.Exit(retry_failed(archive, workers))


@click.command("doctor")
@archive_option
def doctor_command(archive: str) -> None:
    """Examine an archive and mend what can be mended.

    Every page, text and record is looked at, and whether the index holds just what the archive does. Exit code 0 if all is
    well (be it mended), 3 if something is left to do.

    \b
      reftel doctor
    """
    from reftel.cli.mend import examine_archive

    raise click.exceptions.Exit(examine_archive(archive))


@click.command("rebuild")
@archive_option
@workers_option
def rebuild_command(archive: str, workers: int | None) -> None:
    """Parse again what an older version parsed, and make the index anew.

    To be run once after an upgrade of Reftel. Nothing that was added is needed any more: the texts are in the archive.

    \b
      reftel rebuild
    """
    from reftel.cli.mend import rebuild_archive

    raise click.exceptions.Exit(rebuild_archive(archive, workers))


class _QueryCommand(click.Command):
    """A command whose help lists the fields of the query language; they are loaded when it is asked for."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from reftel.query import FIELDS

        width = max(map(len, FIELDS)) + 1
        rows = [f"  {name + ':':<{width}}  {field.sentence}" for name, field in FIELDS.items() if name != "text"]
        whole = self.help
        self.help = cleandoc(whole or "").replace("{fields}", "\n".join(rows))
        super().format_help_text(ctx, formatter)
        self.help = whole


@click.command("search", cls=_QueryCommand, context_settings=QUERY_CONTEXT)
@query_argument
@archive_option
@sort_option
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="How many hits.")
@click.option("--offset", type=click.IntRange(0, 1 << 31), default=0, help="How many hits to pass over.")
@click.option("--all", "everything", is_flag=True, help="Every hit, as a stream.")
@click.option("--json", "form", flag_value="json", help="JSON Lines: one object a hit.")
@click.option("--ids", "form", flag_value="ids", help="Only the ids, one a line.")
@click.option("--csv", "form", flag_value="csv", help="A table with a head line.")
@click.option("--explain", is_flag=True, help="How the query was read, and how many cables each part matches.")
@click.option("--save", metavar="NAME", help="Keep the query under this name (see: reftel saved).")
def search_command(
    query: tuple[str, ...],
    archive: str,
    sort: str,
    limit: int,
    offset: int,
    everything: bool,
    form: str | None,
    explain: bool,
    save: str | None,
) -> None:
    """Find cables.

    Words must all be there; OR, -word, brackets, "phrases", "near words"~5, miss*, wording~1 and =Exact work. Fields narrow:

    \b
    {fields}

    In a shell, put a query with quotes, brackets or a star into single quotes.

    \b
      reftel search missile defense from:moscow
      reftel search '"missile defense" in:comment -iran date:2008-12..2009-11'
      reftel search --explain 'tag:"arms control" lavrov'
      reftel search --all --ids from:london > london.txt

    Exit code 0 if something was found, 1 if not.
    """
    from reftel.cli.search import search_archive

    raise click.exceptions.Exit(
        search_archive(" ".join(query), archive, sort, None if everything else limit, offset, form, explain, save)
    )


@click.command("facets", context_settings=QUERY_CONTEXT)
@query_argument
@archive_option
@click.option("--by", "facets", type=click.Choice(_FACETS), multiple=True, help="Only this facet; can be given again.")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="Values of each facet.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with all values.")
def facets_command(query: tuple[str, ...], archive: str, facets: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Count how all hits of a query spread over years, posts, countries, classifications, tags and carriers.

    \b
      reftel facets 'missile defense'
      reftel facets --by year --by post '*'
    """
    from reftel.cli.search import print_facets

    raise click.exceptions.Exit(print_facets(" ".join(query), archive, facets or _FACETS, limit, as_json))


@click.command("saved")
@click.argument("name", required=False)
@archive_option
@click.option("--drop", is_flag=True, help="Forget the search of that name.")
def saved_command(name: str | None, archive: str, drop: bool) -> None:
    """List the saved searches, or run one.

    With a NAME the search is run, and it is told how many cables have come since it was last run.

    \b
      reftel search --save abm 'missile defense from:moscow'
      reftel saved
      reftel saved abm
      reftel saved --drop abm
    """
    from reftel.cli.saved import list_saved, run_saved

    if drop and name is None:
        raise click.UsageError("Which search is to be forgotten? Name it: reftel saved --drop NAME")
    raise click.exceptions.Exit(list_saved(archive) if name is None else run_saved(archive, name, drop))


@click.command("cite")
@click.argument("name", metavar="ID[:PARAGRAPH]")
@archive_option
@click.option("--style", type=click.Choice(_STYLES), default="chicago", show_default=True, help="The form of it.")
def cite_command(name: str, archive: str, style: str) -> None:
    """Print the citation of a cable of the archive, or of one of its paragraphs.

    \b
      reftel cite 09LONDON2499
      reftel cite 09LONDON2499:3 --style bibtex
    """
    from reftel.cli.archived import cite_archived

    raise click.exceptions.Exit(cite_archived(name, archive, style))


@click.command("export", context_settings=QUERY_CONTEXT)
@query_argument
@archive_option
@sort_option
@click.option("--as", "form", type=click.Choice(_FORMS), required=True, help="The form (see: docs/exports.md).")
@click.option("--out", type=click.Path(dir_okay=False), metavar="FILE", help="Write to a file, not to standard output.")
def export_command(query: tuple[str, ...], archive: str, sort: str, form: str, out: str | None) -> None:
    """Write all cables that a query finds, however many.

    csv, jsonl and parquet are for data; text and md for reading; bib, ris and csl for reference managers. '*' is every cable.

    \b
      reftel export --as csv --out abm.csv missile defense from:moscow
      reftel export --as md --sort date 'tag:"arms control" date:2009' > arms.md
      reftel export --as jsonl '*' | zstd > everything.jsonl.zst
    """
    from reftel.cli.archived import export_archived

    raise click.exceptions.Exit(export_archived(" ".join(query), archive, form, sort, out))


COMMANDS = (
    add_command,
    search_command,
    facets_command,
    saved_command,
    export_command,
    cite_command,
    status_command,
    retry_command,
    doctor_command,
    rebuild_command,
)
