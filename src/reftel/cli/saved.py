"""`reftel saved`: the searches that the user has kept."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from reftel.cli.errors import said
from reftel.cli.output import prepare_text, printable
from reftel.cli.search import print_page
from reftel.workbench import Archive


def list_saved(folder: str) -> int:
    """Prints all saved searches, by name; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        searches = desk.searches()
    if not searches:
        click.echo("No search has been saved yet. To save one: reftel search --save NAME QUERY")
    for saved in searches:
        found = f"{saved.total:,} cables on {saved.seen}" if saved.seen and saved.total is not None else "not yet run"
        click.echo("\t".join(map(printable, (saved.name, saved.query, found))))
    return 0


def run_saved(folder: str, name: str, drop: bool) -> int:
    """Runs or forgets one saved search; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        saved = desk.search_named(name)
        if drop:
            desk.drop_search(name)
            click.echo(printable(f"{name} is forgotten."))
            return 0
        result = archive.search(saved.query)
        if saved.total is not None and saved.seen is not None:
            more = result.total - saved.total
            since = f"{more:,} more" if more > 0 else f"{-more:,} fewer" if more < 0 else "none more"
            click.echo(printable(f"{saved.query}: {since} since {saved.seen}\n"))
        print_page(result, 0)
        desk.saw_search(name, result.total, datetime.now(UTC).strftime("%Y-%m-%d"))
    return 0 if result.total else 1
