"""Arguments and options that several commands share."""

from __future__ import annotations

import re
from difflib import get_close_matches

import click

SORTS = ("relevance", "date", "-date", "length", "-length")


def _known_reader(ctx: click.Context, param: click.Parameter, name: str | None) -> str | None:
    """The name as it stands; a usage error if there is no such reader. The readers are loaded only if one is named."""
    if name is None:
        return None
    from reftel.readers import READERS

    if name not in READERS:
        raise click.BadParameter(f"there is no reader {name!r}. There are: {', '.join(READERS)}.", ctx, param)
    return name


paths_argument = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
reader_option = click.option(
    "--reader",
    metavar="NAME",
    callback=_known_reader,
    help="Read every file as this form, instead of telling it by content.",
)
archive_option = click.option(
    "--archive",
    metavar="FOLDER",
    envvar="REFTEL_ARCHIVE",
    default="reftel-archive",
    show_default=True,
    help="The archive; else what the variable REFTEL_ARCHIVE names.",
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(0, 256),
    metavar="N",
    help="Processes that parse; by default one a core, 0 for none.",
)
unmask_option = click.option(
    "--unmask", is_flag=True, help="Leave protected sources their names; for your own use, not to be passed on."
)
_OPTION_LIKE = re.compile(r"--\S+|-\w")


def _no_options(ctx: click.Context, param: click.Parameter, pieces: tuple[str, ...]) -> tuple[str, ...]:
    """The pieces of a query; a usage error for one that is an option mistyped: `--limt`, `-n`."""
    for piece in pieces:
        if _OPTION_LIKE.fullmatch(piece):
            known = [name for option in ctx.command.params for name in option.opts]
            near = get_close_matches(piece, known, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"There is no option {piece}.{meant} To leave a word out: 'NOT word'.", ctx)
    return pieces


query_argument = click.argument("query", nargs=-1, required=True, metavar="QUERY", callback=_no_options)
sort_option = click.option(
    "--sort", type=click.Choice(SORTS), default="relevance", show_default=True, help="The order of the hits."
)
# A query may begin with a minus: what is no long option of the command is part of the query.
QUERY_CONTEXT = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
