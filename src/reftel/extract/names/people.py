"""People: the user's own list of people, offices and names, which takes part before the tables."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from reftel.errors import ReftelError
from reftel.extract.names.lexicon import Thing, folded
from reftel.extract.names.titles import office_of
from reftel.model import ENTITY_KINDS
from reftel.tables import find_post
from reftel.tables.nations import spoken_country

COLUMNS = ("kind", "name", "aliases", "role", "country", "post", "start", "end", "key")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


class Listed(NamedTuple):
    """A row of a user's list. names: name and aliases; country: as entities are called; post: its name; start, end: ISO, "" where open."""

    kind: str
    name: str
    names: tuple[str, ...]
    role: str | None
    country: str | None
    post: str | None
    start: str
    end: str
    key: str

    def on(self, date: str) -> bool:
        """Whether the row holds on an ISO date; a date that is cut holds for the whole of its year or month."""
        return (not self.start or self.start <= date) and (not self.end or date[: len(self.end)] <= self.end)


class People:
    """A user's list, to be asked by name and by office. text: as it was read; mark: eight hex digits, another for another list."""

    def __init__(self, listed: Iterable[Listed], text: str = "") -> None:
        self.listed = tuple(listed)
        self.text = text

    @cached_property
    def mark(self) -> str:
        """What stands beside the version of the names that the list took part in."""
        return hashlib.blake2b(repr(self.listed).encode(), digest_size=4).hexdigest()

    @cached_property
    def by_name(self) -> dict[tuple[str, ...], tuple[Listed, ...]]:
        """The folded words of a person's name or alias -> the persons of that name."""
        found: dict[tuple[str, ...], tuple[Listed, ...]] = {}
        for row in self.listed:
            if row.kind == "person":
                for name in row.names:
                    found[folded(name)] = tuple(dict.fromkeys((*found.get(folded(name), ()), row)))
        return found

    @cached_property
    def by_first(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """The first folded word of a person's name -> the names that begin with it, longest first."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for name in self.by_name:
            found.setdefault(name[0], []).append(name)
        return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in found.items()}

    @cached_property
    def things(self) -> dict[str, tuple[tuple[tuple[str, ...], Thing], ...]]:
        """Like lexicon.phrases, of the rows that are no persons."""
        found: dict[str, list[tuple[tuple[str, ...], Thing]]] = {}
        for row in self.listed:
            if row.kind != "person":
                for name in row.names:
                    words = tuple(name.split())
                    found.setdefault(words[0], []).append((words, Thing(row.kind, row.name, row.country, "list")))
        return {first: tuple(sorted(items, key=lambda item: -len(item[0]))) for first, items in found.items()}

    def named(self, words: tuple[str, ...], date: str) -> tuple[Listed, ...]:
        """The persons of a folded name; if several, those whose dates hold on the day."""
        fits = self.by_name.get(words, ())
        now = tuple(row for row in fits if date and row.on(date))
        return now if len(fits) > 1 and now else fits

    def holding(self, office: str, country: str | None, date: str) -> tuple[Listed, ...]:
        """The persons who have an office of a country on a day, as far as the list tells."""
        return tuple(
            row
            for row in self.listed
            if row.kind == "person"
            and row.role
            and office_of(row.role) == office
            and row.country == country
            and row.on(date)
        )


def load_people(path: str | Path) -> People:
    """The list in a TSV file; see read_people. ReftelError if it cannot be read."""
    try:
        text = Path(path).read_text("utf-8-sig")
    except OSError as error:
        raise ReftelError(f"The list of people {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ReftelError(f"The list of people {path} is not UTF-8. Save it as text in UTF-8.") from error
    return read_people(text, path)


def read_people(text: str, path: str | Path) -> People:
    """The list in the text of a TSV file, which `path` names in errors.

    Columns: kind, name, aliases, role, country, post, start, end, key; all but kind and name may be left out. aliases: separated by ";". start, end: ISO dates, which may be cut to year or month. key: what identity says; without one it is
    made from the name. ReftelError says what is wrong with which row and column.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise ReftelError(
            f"The list of people {path} is empty. Its first line names the columns: {', '.join(COLUMNS)}."
        )
    table = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    columns = [cell.strip().lower() for cell in table[0]]
    unknown = [c for c in columns if c not in COLUMNS]
    if unknown or not {"kind", "name"} <= set(columns):
        what = f"has no column {unknown[0]!r}" if unknown else "needs the columns kind and name"
        raise ReftelError(
            f"A list of people {what}, in {path}. Its columns are {', '.join(COLUMNS)}, separated by tabs."
        )
    listed = [_row(dict(zip(columns, cells, strict=False)), number, path) for number, cells in enumerate(table[1:], 2)]
    return People(listed, text)


def _row(cells: dict[str, str], number: int, path: str | Path) -> Listed:
    row = {column: cells.get(column, "").strip() for column in COLUMNS}
    if row["kind"] not in ENTITY_KINDS:
        raise _wrong(path, number, "kind", f"{row['kind']!r} is none of {', '.join(ENTITY_KINDS)}")
    if not folded(row["name"]):
        raise _wrong(path, number, "name", "it is empty")
    for column in ("start", "end"):
        if row[column] and not _DATE.fullmatch(row[column]):
            raise _wrong(path, number, column, f"{row[column]!r} is no date; write 2008, 2008-12 or 2008-12-22")
    country = spoken_country(row["country"]) if row["country"] else None
    if row["country"] and country is None:
        country = row["country"]
    post = find_post(row["post"]) if row["post"] else None
    if row["post"]:
        if post is None:
            raise _wrong(path, number, "post", f"{row['post']!r} is no post that the tables know")
        country = country or spoken_country(post.country)
    aliases = tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip())
    key = row["key"] or "-".join(folded(row["name"]))
    return Listed(
        kind=row["kind"],
        name=row["name"],
        names=(row["name"], *aliases),
        role=row["role"] or None,
        country=country,
        post=post.name if post is not None else None,
        start=row["start"],
        end=row["end"],
        key=key,
    )


def _wrong(path: str | Path, number: int, column: str, what: str) -> ReftelError:
    return ReftelError(f"In the list of people {path}, row {number}, column {column}: {what}.")
