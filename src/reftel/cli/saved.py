"""`reftel saved`: the searches that the user has kept."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from reftel.archive.desk import Saved
from reftel.archive.search import Result
from reftel.cli.errors import said
from reftel.cli.output import count_of, prepare_text, printable
from reftel.cli.search import print_page
from reftel.workbench import Archive


def list_saved(folder: str) -> int:
    """Prints all saved searches, by name, with how many cables are new to each; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        searches = desk.searches()
        if not searches:
            click.echo("No search has been saved yet. To save one: reftel search --save NAME QUERY")
        for saved in searches:
            found = f"{count_of(saved.total, 'cable')} on {saved.seen}" if saved.total is not None else "not yet run"
            new = archive.new_since(saved, limit=0)
            since = f"{new.total:,} new since" if new is not None and new.total else ""
            click.echo("\t".join(map(printable, filter(None, (saved.name, saved.query, found, since)))))
    return 0


def run_saved(folder: str, name: str, drop: bool, only_new: bool) -> int:
    """Runs or forgets one saved search; the exit code. only_new: prints all hits that are new, and no others."""
    prepare_text()
    with said(), Archive.open(folder) as archive, archive.desk() as desk:
        saved = desk.search_named(name)
        if drop:
            desk.drop_search(name)
            click.echo(printable(f"{name} is forgotten."))
            return 0
        seen = archive.see(saved, datetime.now(UTC).strftime("%Y-%m-%d"))
        new = archive.new_since(saved, limit=len(archive) if only_new else 0)
        click.echo(printable(f"{saved.query}: {_say_since(saved, new)}\n"))
        result = new if only_new and new is not None else archive.search(saved.query)
        print_page(result, 0)
        desk.saw_search(seen)
    return 0 if result.total else 1


def _say_since(saved: Saved, new: Result | None) -> str:
    if new is not None:
        return f"{f'{new.total:,}' if new.total else 'none'} new since {saved.seen}"
    if saved.seen is None:
        return "not run before"
    return (
        f"what is new since {saved.seen} cannot be told, for it was run on another archive or by an older Reftel; "
        "from now on it can"
    )
