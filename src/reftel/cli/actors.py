"""The commands about those who speak and are spoken of, and what their help says; each does its work in a module of its own."""

from __future__ import annotations

import click

from reftel.cli.options import QUERY_CONTEXT, archive_option, unmask_option


@click.command("position")
@click.argument("name", nargs=-1, metavar="[WHO]")
@archive_option
@click.option("--about", required=True, metavar="QUERY", help='The question, as a query: words, "phrases", OR.')
@click.option("--who", "others", multiple=True, metavar="WHO", help="A second one, to be laid beside the first.")
@click.option("--from", "since", metavar="DATE", help="Nothing said before: 2008, 2008-12 or 2008-12-18.")
@click.option("--to", "until", metavar="DATE", help="Nothing said after.")
@click.option("--wide", is_flag=True, help="Also statements that only their paragraph puts on the question.")
@click.option("--json", "form", flag_value="json", help="JSON Lines: one object an actor.")
@click.option("--csv", "form", flag_value="csv", help="A table, one row a statement, each cell with its offsets.")
@click.option("--chart", metavar="FILE", type=click.Path(dir_okay=False), help="Draw it: FILE.svg or FILE.png.")
@unmask_option
def position_command(
    name: tuple[str, ...],
    archive: str,
    about: str,
    others: tuple[str, ...],
    since: str | None,
    until: str | None,
    wide: bool,
    form: str | None,
    chart: str | None,
    unmask: bool,
) -> None:
    """Lay out what somebody said on a question, by date, and whether it changed.

    Statements are gathered by occasion. Between each two it is told whether the position is unchanged, has shifted, or that the
    evidence is not enough, with the words that this rests on, and how much of what the post sent between them the archive
    holds. WHO is a name or office, or a part of it.

    \b
      reftel position lavrov --about '"missile defense"'
      reftel position --who lavrov --who miliband --about 'iran OR sanctions' --from 2009
      reftel position lavrov --about nato --chart lavrov-nato.svg

    Exit code 0 if there is a statement, 1 if not.
    """
    from reftel.cli.position import lay_out

    actors = [one for one in (" ".join(name), *others) if one.strip()]
    if not 1 <= len(actors) <= 2:
        raise click.UsageError("Whose position? Name one, or two: reftel position --who A --who B --about QUERY.")
    raise click.exceptions.Exit(lay_out(actors, about, archive, since, until, wide, form, chart, unmask))


@click.command("people", context_settings=QUERY_CONTEXT)
@click.argument("query", nargs=-1, metavar="[QUERY]")
@archive_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many persons.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: one object a person, all of them.")
@unmask_option
def people_command(query: tuple[str, ...], archive: str, limit: int, as_json: bool, unmask: bool) -> None:
    """List the persons in the cables that a query finds, or in all of them.

    Those in most cables first, with their offices and countries as the cables give them, and in how many cables they are named,
    how often, and how many statements they make.

    \b
      reftel people
      reftel people from:tallinn date:2008
    """
    from reftel.cli.people import list_people

    raise click.exceptions.Exit(list_people(" ".join(query), archive, limit, as_json, unmask))


@click.command("who")
@click.argument("name", nargs=-1, required=True, metavar="NAME")
@archive_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@unmask_option
def who_command(name: tuple[str, ...], archive: str, as_json: bool, unmask: bool) -> None:
    """Tell who somebody is: offices over time, who reports it, with whom, and what kind of statements.

    If the name fits several persons they are listed, and nobody is merged with anybody.

    \b
      reftel who lavrov
      reftel who "arvo kallaste"
    """
    from reftel.cli.people import tell_who

    raise click.exceptions.Exit(tell_who(" ".join(name), archive, as_json, unmask))


COMMANDS = (position_command, people_command, who_command)
