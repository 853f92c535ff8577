"""`reftel search` and `reftel facets`: hits as cards, ids, a table or data; how a query was read; how hits spread."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

import click
import msgspec

from reftel.archive.explain import Part, say_why
from reftel.archive.hits import COLUMNS, hit_row
from reftel.archive.search import Hit, Result
from reftel.archive.snippet import Snippet
from reftel.cli.errors import said
from reftel.cli.output import WIDEST, Lines, count_of, prepare_text, printable
from reftel.query import parse_query
from reftel.workbench import Archive

FOUND, NOTHING = 0, 1
_MARGIN = " " * 5
_COLOURS = {"SECRET": "red", "CONFIDENTIAL": "blue", "UNCLASSIFIED": "green"}
_WORD = re.compile(r"\S+")


def search_archive(
    text: str,
    folder: str,
    sort: str,
    limit: int | None,
    offset: int,
    form: str | None,
    explain: bool,
    save: str | None,
    unmask: bool,
) -> int:
    """Prints hits; the exit code. limit: None for all. form: "json", "ids", "csv" or None for cards.

    unmask: whether protected sources keep their names in JSON and CSV; on the user's own screen they do.
    """
    prepare_text()
    with said(text), Archive.open(folder) as archive:
        query = parse_query(text)
        if save is not None:
            today = datetime.now(UTC).strftime("%Y-%m-%d")
            with archive.desk() as desk:
                desk.save_search(save, text, today)
                desk.saw_search(archive.see(desk.search_named(save.strip()), today))
        if explain:
            print_explanation(query.notes, archive.explain(query), archive.count(query))
            return FOUND
        if limit is None:
            hits: Iterable[Hit] = islice(archive.search_all(query, sort=sort), offset, None)
            total = archive.count(query)
        else:
            result = archive.search(query, limit=limit, offset=offset, sort=sort)
            hits, total = result.hits, result.total
        for note in (*query.notes, *archive.notes):
            click.echo(printable(note), err=True)
        if form is None:
            _print_cards(hits, offset)
        else:
            _WRITERS[form](hits if unmask or form == "ids" else archive.masked_hits(hits))
        _print_end(total, offset, limit)
        if not total:
            print_diagnosis(archive.explain(query), "cable")
        return FOUND if total else NOTHING


def print_page(result: Result, offset: int) -> None:
    """The hits of a page as cards, and how many there are."""
    _print_cards(result.hits, offset)
    _print_end(result.total, offset, len(result.hits))


def print_facets(text: str, folder: str, facets: Sequence[str], limit: int, as_json: bool) -> int:
    """Prints how the hits of a query spread; the exit code."""
    prepare_text()
    with said(text), Archive.open(folder) as archive:
        query = parse_query(text)
        spread = archive.facets(query, facets)
        total = archive.count(query)
    if as_json:
        with Lines() as lines:
            lines.write(msgspec.json.encode({"query": text, "total": total, "facets": spread}))
        return FOUND if total else NOTHING
    for name, values in spread.items():
        shown = values if name in ("year", "month") else values[:limit]
        click.echo(f"{name}")
        for value, count in shown:
            click.echo(printable(f"  {value:<40}{count:>9,}"))
        if len(values) > len(shown):
            click.echo(f"  and {len(values) - len(shown):,} more")
    click.echo(f"{count_of(total, 'cable')}.")
    return FOUND if total else NOTHING


def _print_cards(hits: Iterable[Hit], offset: int) -> None:
    """Three lines or more for each hit: what it is, its subject, and the words that were found. (rich takes too long to load.)"""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    with Lines() as lines:
        for i, hit in enumerate(hits, offset + 1):
            head = (
                click.style(f"{i:>3}", dim=True),
                click.style(printable(hit.address), bold=True),
                hit.date or "no date",
                printable(hit.post or "unknown sender"),
                click.style(printable(hit.classification or ""), fg=_COLOURS.get(hit.classification or "")),
            )
            _print(lines, "  ".join(head).rstrip())
            for line in textwrap.wrap(printable(hit.subject or "no subject"), width - len(_MARGIN)):
                _print(lines, _MARGIN + click.style(line, bold=True))
            for line in _set_snippet(hit.snippet, width - len(_MARGIN)) if hit.snippet.kind != "subject" else ():
                _print(lines, _MARGIN + line)
            _print(lines, "")


def _print(lines: Lines, line: str) -> None:
    """Colours only for a terminal that wants them."""
    plain = not sys.stdout.isatty() or bool(os.environ.get("NO_COLOR"))
    lines.print(click.unstyle(line) if plain else line)


def _set_snippet(snippet: Snippet, width: int) -> Iterator[str]:
    """The snippet in lines of a width, its marks in bold."""
    number = f"{snippet.number}. " if snippet.number is not None else ""
    mark = f"({printable(snippet.marking)}) " if snippet.marking else ""
    kind = f"{snippet.kind}: " if snippet.paragraph is None and snippet.text else ""
    lead = (number + mark + kind).rstrip()
    words = [(click.style(lead, dim=True), len(lead))] if lead else []
    for match in _WORD.finditer(snippet.text):
        found = any(start < match.end() and match.start() < end for start, end in snippet.marks)
        word = printable(match[0])
        if words and sum(length + 1 for _, length in words) + len(word) > width:
            yield " ".join(styled for styled, _ in words)
            words = []
        words.append((click.style(word, bold=True, fg="yellow") if found else word, len(word)))
    if words:
        yield " ".join(styled for styled, _ in words)


def _print_end(total: int, offset: int, limit: int | None) -> None:
    told = count_of(total, "cable")
    if limit is not None and total > limit:
        last = min(offset + limit, total)
        told = f"{offset + 1:,} to {last:,} of {told}" if last > offset else f"None beyond {offset:,}: {told}"
        if last < total:
            told += f". More: --offset {last}; all: --all"
    click.echo(f"{told}.", err=not sys.stdout.isatty())


def _write_json(hits: Iterable[Hit]) -> None:
    with Lines() as lines:
        for hit in hits:
            lines.write(msgspec.json.encode(hit))


def _write_ids(hits: Iterable[Hit]) -> None:
    with Lines() as lines:
        for hit in hits:
            lines.print(hit.address)


def _write_csv(hits: Iterable[Hit]) -> None:
    from reftel.exports.csv_table import guard_cell

    with Lines() as lines:
        lines.print(",".join(COLUMNS))
        for hit in hits:
            row = io.StringIO()
            csv.writer(row, lineterminator="").writerow(
                [guard_cell(cell) if isinstance(cell, str) else cell for cell in hit_row(hit).values()]
            )
            lines.print(row.getvalue())


_WRITERS = {"json": _write_json, "ids": _write_ids, "csv": _write_csv}


def print_explanation(notes: Iterable[str], parts: Sequence[Part], total: int) -> None:
    """Each part of a query and how many match it."""
    for part in parts:
        click.echo(printable(f"{part.count:>9,}  {'    ' * part.depth}{part.said}"))
    click.echo(f"{total:>9,}  all of it")
    for note in notes:
        click.echo(printable(note))


def print_diagnosis(parts: Sequence[Part], noun: str) -> None:
    """Why nothing was found. noun: what was looked for, "cable" or "statement"."""
    for sentence in say_why(parts, noun):
        click.echo(printable(sentence), err=True)
