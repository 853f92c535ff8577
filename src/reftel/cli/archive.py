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
    unmask_option,
    workers_option,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])
_FORMS = ("csv", "jsonl", "parquet", "text", "md", "bib", "ris", "csl")
_STYLES = ("chicago", "turabian", "bibtex", "ris", "csl")
_SAID_SORTS = ("relevance", "date", "-date")
_FACETS = ("year", "post", "country", "classification", "tag", "carrier")
_SPREADS = (*_FACETS, "month")


@click.command("add")
@paths_argument
@archive_option
@reader_option
@workers_option
@click.option("--no-extract", is_flag=True, help="Leave names and statements for later (see: reftel extract).")
@click.option(
    "--progress",
    type=click.Choice(("bar", "json")),
    default="bar",
    show_default=True,
    help="How to tell how far it has come: a bar on a terminal, or JSON Lines on standard output.",
)
def add_command(
    paths: tuple[str, ...], archive: str, reader: str | None, workers: int | None, no_extract: bool, progress: str
) -> None:
    """Put cables into an archive; it is made if there is none.

    Each cable is parsed and looked through for names and statements. What is there already is left as it is, so the same
    command can be given again: after more files have come, or after it was stopped. Ctrl-C ends it at once, and what was
    reported as added is kept.

    \b
      reftel add dump/ cablegate.zip
      reftel add --archive ~/cables --reader dump more/
      reftel add --no-extract dump/ && reftel extract
    """
    from reftel.cli.add import add_paths

    raise click.exceptions.Exit(add_paths(paths, archive, reader, workers, not no_extract, progress == "json"))


@click.command("extract")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@archive_option
@reader_option
@workers_option
@click.option(
    "--people",
    metavar="FILE",
    help="A list of people, offices and names of your own (TSV), to be kept with the archive.",
)
def extract_command(
    paths: tuple[str, ...], archive: str, reader: str | None, workers: int | None, people: str | None
) -> None:
    """Look for names and statements: who is named, and who is told to have said what.

    Without a PATH, in the archive: in every text that was added with --no-extract or that an older version looked through.
    Can be stopped at any time; the same command goes on from there. With a PATH, in the cables of files: JSON Lines, one
    object a cable, on standard output.

    \b
      reftel extract
      reftel extract 09LONDON2499.txt
      reftel extract dump/ > findings.jsonl
      reftel extract --people my-people.tsv
    """
    from reftel.cli.extract import extract_archive, print_findings

    if not paths and reader is not None:
        raise click.UsageError("--reader is for files. Name a PATH, or leave it out.")
    if paths and workers is not None:
        raise click.UsageError("--workers is for the archive. Leave out either it or the PATHs.")
    code = print_findings(paths, reader, people) if paths else extract_archive(archive, workers, people)
    raise click.exceptions.Exit(code)


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


@click.command("coverage")
@click.argument("post", nargs=-1, metavar="[POST]")
@archive_option
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: one object a post, with its years and months.")
def coverage_command(post: tuple[str, ...], archive: str, as_json: bool) -> None:
    """Tell how much of what each post sent the archive holds, by year; of one post by month.

    Posts number their cables from 1 each year, so the serials that are held tell how many were sent. A number with ~ is
    reckoned from the serials before and after; where too little is held none is given.

    \b
      reftel coverage
      reftel coverage tallinn
      reftel coverage --json > coverage.jsonl
    """
    from reftel.cli.coverage import print_coverage

    raise click.exceptions.Exit(print_coverage(" ".join(post), archive, as_json))


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
        whole = self.help
        self.help = cleandoc(whole or "")
        for place, of in (("{fields}", "cable"), ("{statement fields}", "statement")):
            fields = [field for field in FIELDS.values() if field.of == of and field.name != "text"]
            rows = [f"  {field.name + ':':<{width}}  {field.sentence}" for field in fields]
            self.help = self.help.replace(place, "\n".join(rows))
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
@unmask_option
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
    unmask: bool,
) -> None:
    """Find cables.

    Words must all be there; OR, -word, brackets, "phrases", "near words"~5, miss*, wording~1 and =Exact work. Fields narrow:

    \b
    {fields}

    Fields of statements find the cables that hold such a statement (to see all of them: reftel said):

    \b
    {statement fields}

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
        search_archive(
            " ".join(query), archive, sort, None if everything else limit, offset, form, explain, save, unmask
        )
    )


@click.command("said", cls=_QueryCommand, context_settings=QUERY_CONTEXT)
@query_argument
@archive_option
@click.option("--sort", type=click.Choice(_SAID_SORTS), default="relevance", show_default=True, help="Their order.")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="How many statements.")
@click.option("--offset", type=click.IntRange(0, 1 << 31), default=0, help="How many statements to pass over.")
@click.option("--all", "everything", is_flag=True, help="Every statement, as a stream.")
@click.option("--json", "form", flag_value="jsonl", help="JSON Lines: one object a statement, with its offsets.")
@click.option("--csv", "form", flag_value="csv", help="A table with a head line.")
@click.option("--explain", is_flag=True, help="How the query was read, and how many statements each part matches.")
@unmask_option
def said_command(
    query: tuple[str, ...],
    archive: str,
    sort: str,
    limit: int,
    offset: int,
    everything: bool,
    form: str | None,
    explain: bool,
    unmask: bool,
) -> None:
    """Find who said what to whom: statements, with their words.

    The query is as for search. Its fields of statements all hold of the one statement that is shown, the other words and
    fields of its cable:

    \b
    {statement fields}

    \b
      reftel said said-by:lavrov 'about:"missile defense"'
      reftel said --sort date stance:- about:nato from:moscow 2008
      reftel said --all --csv said-by:lavrov > lavrov.csv

    In --json and --csv, which are made to be given away, protected sources have pseudonyms. Exit code 0 if something was
    found, 1 if not.
    """
    from reftel.cli.said import print_said

    shown = None if everything else limit
    raise click.exceptions.Exit(print_said(" ".join(query), archive, sort, shown, offset, form, explain, unmask))


@click.command("facets", context_settings=QUERY_CONTEXT)
@query_argument
@archive_option
@click.option("--by", "facets", type=click.Choice(_SPREADS), multiple=True, help="Only this facet; can be given again.")
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
@click.option(
    "--new", "only_new", is_flag=True, help="Only the cables that have come since it was last run, all of them."
)
@click.option("--drop", is_flag=True, help="Forget the search of that name.")
def saved_command(name: str | None, archive: str, only_new: bool, drop: bool) -> None:
    """List the saved searches, or run one.

    With a NAME the search is run, and it is told how many of the cables have come into the archive since it was last run.

    \b
      reftel search --save abm 'missile defense from:moscow'
      reftel saved
      reftel saved abm
      reftel saved --new abm
      reftel saved --drop abm
    """
    from reftel.cli.saved import list_saved, run_saved

    if name is None and (drop or only_new):
        raise click.UsageError("Which search is meant? Name it: reftel saved --new NAME, reftel saved --drop NAME")
    raise click.exceptions.Exit(list_saved(archive) if name is None else run_saved(archive, name, drop, only_new))


@click.command("cite")
@click.argument("name", metavar="ID[:PARAGRAPH]")
@archive_option
@click.option("--style", type=click.Choice(_STYLES), default="chicago", show_default=True, help="The form of it.")
@unmask_option
def cite_command(name: str, archive: str, style: str, unmask: bool) -> None:
    """Print the citation of a cable of the archive, or of one of its paragraphs.

    \b
      reftel cite 09LONDON2499
      reftel cite 09LONDON2499:3 --style bibtex
    """
    from reftel.cli.archived import cite_archived

    raise click.exceptions.Exit(cite_archived(name, archive, style, unmask))


@click.command("export", context_settings=QUERY_CONTEXT)
@query_argument
@archive_option
@sort_option
@click.option("--as", "form", type=click.Choice(_FORMS), required=True, help="The form (see: docs/exports.md).")
@click.option("--out", type=click.Path(dir_okay=False), metavar="FILE", help="Write to a file, not to standard output.")
@unmask_option
def export_command(query: tuple[str, ...], archive: str, sort: str, form: str, out: str | None, unmask: bool) -> None:
    """Write all cables that a query finds, however many.

    csv, jsonl and parquet are for data; text and md for reading; bib, ris and csl for reference managers. '*' is every cable.
    Whom a drafter asks to protect, in these or in other cables of the archive, has a pseudonym.

    \b
      reftel export --as csv --out abm.csv missile defense from:moscow
      reftel export --as md --sort date 'tag:"arms control" date:2009' > arms.md
      reftel export --as jsonl '*' | zstd > everything.jsonl.zst
    """
    from reftel.cli.archived import export_archived

    raise click.exceptions.Exit(export_archived(" ".join(query), archive, form, sort, out, unmask))


@click.command("verify")
@click.argument("file", type=click.Path(dir_okay=False), metavar="FILE")
@archive_option
@click.option(
    "--texts",
    multiple=True,
    metavar="PATH",
    help="Files that hold the texts, instead of an archive; can be given again.",
)
def verify_command(file: str, archive: str, texts: tuple[str, ...]) -> None:
    """Check an export of statements against the texts it quotes.

    FILE is a CSV, JSON Lines or JSON file of `reftel said` or `reftel position`. Each row's text is found by its SHA-256; are
    the words of the cells the words at their offsets, and do the extractors still find the statement there? Rows that do not
    hold are printed with the reason. Exit code 0 if all hold, 1 if any does not.

    \b
      reftel verify abm.csv
      reftel verify --texts dump/ abm.csv
    """
    from reftel.cli.verify import verify_export

    raise click.exceptions.Exit(verify_export(file, archive, texts))


COMMANDS = (
    add_command,
    extract_command,
    search_command,
    said_command,
    facets_command,
    saved_command,
    export_command,
    cite_command,
    status_command,
    coverage_command,
    retry_command,
    doctor_command,
    rebuild_command,
    verify_command,
)
