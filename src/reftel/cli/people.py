"""`reftel people` and `reftel who`: the persons of an archive, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reftel.cli.errors import said
from reftel.cli.output import Lines, count_of, ends_quietly, open_console, prepare_text, printable
from reftel.positions.people import Person, Profile, Tenure
from reftel.workbench import Archive

FOUND, NOTHING = 0, 1
_SHOWN = 8  # of a list, before it is cut


def list_people(query: str, folder: str, limit: int, as_json: bool, unmask: bool) -> int:
    """Prints the persons of the cables that a query finds; the exit code. query: "" for all cables.

    unmask: whether protected sources keep their names in JSON; on the user's own screen they do.
    """
    prepare_text()
    with said(query), Archive.open(folder) as archive:
        persons = archive.people(query or None, masked=as_json and not unmask)
        _tell_unextracted(archive, persons)
    if as_json:
        with Lines() as lines:
            for person in persons:
                lines.write(msgspec.json.encode(person))
    elif persons:
        console = open_console()
        with ends_quietly():
            _print_persons(console, persons[:limit])
            more = len(persons) - limit
            console.print(
                f"{count_of(len(persons), 'person')}." + (f" {limit} shown; more: --limit N" if more > 0 else "")
            )
    else:
        click.echo("No person is found.")
    return FOUND if persons else NOTHING


def tell_who(name: str, folder: str, as_json: bool, unmask: bool) -> int:
    """Prints who somebody is, or the candidates if the name fits several; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive:
        profile, candidates = archive.who(name, masked=as_json and not unmask)
        _tell_unextracted(archive, candidates)
    if as_json:
        with Lines() as lines:
            # What was typed may be a name that has a pseudonym in the rest.
            typed = None if not unmask and any(one.protected for one in candidates) else name
            lines.write(msgspec.json.encode({"name": typed, "profile": profile, "candidates": candidates}))
        return FOUND if candidates else NOTHING
    console = open_console()
    with ends_quietly():
        if profile is not None:
            _print_profile(console, profile)
            if len(candidates) > 1:
                console.print("\nPerhaps others of this name, perhaps not:")
                _print_persons(console, candidates[1:])
        elif candidates:
            console.print(
                Text(printable(f"{name} fits {count_of(len(candidates), 'person')}. Name one in full:"), "bold")
            )
            _print_persons(console, candidates)
        else:
            console.print(Text(printable(f"Nobody of the name {name} is found. Who is: reftel people")))
    return FOUND if candidates else NOTHING


def _tell_unextracted(archive: Archive, persons: Sequence[Person]) -> None:
    for note in archive.notes:
        click.echo(printable(note), err=True)
    if not persons and archive.count_unextracted():
        click.echo("Not all cables are looked through for names yet: reftel extract", err=True)


def _print_persons(console: Console, persons: Iterable[Person]) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("cables", "named", "says"):
        table.add_column(name, justify="right")
    table.add_column("person", ratio=2)
    table.add_column("office, country", ratio=3)
    for person in persons:
        offices = sorted(person.offices, key=lambda office: -office.cables)[:2]
        what = "; ".join([*dict.fromkeys(office.role for office in offices), *person.countries[:2]])
        protected = "  (protected)" if person.protected else ""
        table.add_row(
            f"{person.cables:,}",
            f"{person.mentions:,}",
            f"{person.statements:,}",
            Text(printable(person.name + protected), "bold"),
            Text(printable(what)),
        )
    console.print(table)


def _print_profile(console: Console, profile: Profile) -> None:
    person = profile.person
    head = Text(printable(person.name), "bold")
    if person.protected:
        head.append("  a drafter asks to protect this source", "red")
    console.print(head)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True, min_width=13)
    grid.add_column(ratio=1)
    others = [name for name in person.names if name != person.name]
    grid.add_row("Named", Text(_say_counts(person)))
    if others:
        grid.add_row("Also as", Text(printable(", ".join(others[:_SHOWN]))))
    if person.countries:
        grid.add_row("Country", Text(printable(", ".join(person.countries[:_SHOWN]))))
    if person.identity:
        grid.add_row("In the tables", Text(printable(person.identity)))
    if person.offices:
        grid.add_row("Offices", Text(printable("\n".join(map(_say_office, person.offices[-_SHOWN:])))))
    years = (
        f"{year}  {count_of(cables, 'cable')}, {count_of(mentions, 'mention')}"
        for year, cables, mentions in profile.years
    )
    grid.add_row("By year", Text("\n".join(years)))
    if profile.kinds:
        grid.add_row("Statements", Text(", ".join(f"{count:,} {kind}" for kind, count in profile.kinds)))
    grid.add_row("Reported by", _ranked(profile.reported_by))
    if profile.with_whom:
        grid.add_row("With", _ranked(profile.with_whom))
    if profile.evidence:
        told = (f"{sentence} ({cable or 'no id'})" for sentence, cable in profile.evidence[:_SHOWN])
        grid.add_row("Evidence", Text(printable("\n".join(told))))
    console.print(grid)


def _say_counts(person: Person) -> str:
    span = f", {person.first} to {person.last}" if person.first else ""
    return f"{count_of(person.mentions, 'time')} in {count_of(person.cables, 'cable')}{span}"


def _say_office(office: Tenure) -> str:
    """ "Foreign Minister, 2008-02-06 to 2009-10-30, 5 cables, first in 08TALLINN96"."""
    when = office.first or "no date"
    if office.last and office.last != office.first:
        when += f" to {office.last}"
    country = f" ({office.country})" if office.country else ""
    first = f", first in {office.cable}" if office.cable else ""
    return f"{office.role}{country}, {when}, {count_of(office.cables, 'cable')}{first}"


def _ranked(items: Sequence[tuple[str, int]]) -> Text:
    shown = ", ".join(f"{name} {count:,}" for name, count in items[:_SHOWN])
    return Text(printable(shown + (f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else "")))
