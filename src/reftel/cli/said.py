"""`reftel said`: statements as cards or data, and how a query was read."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import click

from reftel.cli.errors import said
from reftel.cli.output import WIDEST, Lines, count_of, ends_quietly, prepare_text, printable
from reftel.cli.search import FOUND, NOTHING, print_diagnosis, print_explanation
from reftel.model import Attribution
from reftel.query import parse_query
from reftel.workbench import Archive

_MARGIN = " " * 5
_PIECE = re.compile(r"\s+|\S+")
# How words are marked where there are no colours: [who] *says* <what>.
_PLAIN = {"source": ("[", "]"), "cue": ("*", "*"), "content": ("<", ">")}
_STYLES: dict[str, dict[str, Any]] = {
    "source": {"fg": "cyan", "bold": True},
    "cue": {"fg": "yellow", "bold": True},
    "content": {"fg": "green"},
    "bold": {"bold": True},
    "dim": {"dim": True},
    "positive": {"fg": "green"},
    "negative": {"fg": "red"},
}
_STANCES = {"+": "positive", "-": "negative"}


def print_said(
    text: str, folder: str, sort: str, limit: int | None, offset: int, form: str | None, explain: bool, unmask: bool
) -> int:
    """Prints statements; the exit code. limit: None for all. form: "jsonl", "csv" or None for cards.

    unmask: whether protected sources keep their names in a form other than cards; on the user's own screen they do.
    """
    prepare_text()
    with said(text), Archive.open(folder) as archive:
        query = parse_query(text)
        if explain:
            notes = archive.said(query, limit=0).query.notes
            print_explanation(notes, archive.explain_said(query), archive.count_said(query))
            return FOUND
        result = archive.said(query, limit=limit or 0, offset=offset if limit else 0, sort=sort)
        total = result.total
        hits: Iterable[Attribution] = result.hits
        if limit is None:
            hits = islice(archive.said_all(query, sort=sort), offset, None)
        for note in (*result.query.notes, *archive.notes):
            click.echo(printable(note), err=True)
        if form is None:
            _print_cards(hits, offset)
        else:
            _write(hits if unmask else archive.masked(hits), form)
        _print_end(total, offset, limit)
        if not total:
            left = archive.count_unextracted()
            if left:
                click.echo(
                    f"{count_of(left, 'cable')} not looked through by this version yet. Run: reftel extract", err=True
                )
            print_diagnosis(archive.explain_said(query), "statement")
        return FOUND if total else NOTHING


def _write(hits: Iterable[Attribution], form: str) -> None:
    from reftel.exports.statements import write_attributions

    with ends_quietly():
        write_attributions(form, hits, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _print_cards(hits: Iterable[Attribution], offset: int) -> None:
    """Three lines or more for each statement: when and who, where it stands, and the words."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    plain = not sys.stdout.isatty() or bool(os.environ.get("NO_COLOR"))
    with Lines() as lines:
        for i, hit in enumerate(hits, offset + 1):
            first, *rest = _set(_head(hit), width - len(_MARGIN))
            shown = [f"{click.style(f'{i:>3}', dim=True)}  {first}", *(_MARGIN + line for line in rest)]
            for words in (_place(hit), _doubt(hit), _sentence(hit, plain)):
                shown += [_MARGIN + line for line in _set(words, width - len(_MARGIN))]
            for line in shown:
                lines.print(click.unstyle(line) if plain else line)
            lines.print("")


def _head(hit: Attribution) -> Iterator[tuple[str, str]]:
    """Day, speaker, addressee, kind and stance, word by word with how each is shown; the day of the cable if the speech's is not told."""
    statement = hit.statement
    yield from _words(statement.date or hit.date or "no date", "bold")
    if statement.date is None and hit.date is not None:
        yield from _words("(cable)", "dim")
    yield "  ", ""
    yield from _words(statement.speaker or hit.source or "speaker not told", "bold")
    if statement.addressee:
        yield from _words("-> " + statement.addressee, "")
    yield "  ", ""
    kind = statement.kind + (", negated" if statement.negated else "")
    yield from _words(kind, "dim")
    if statement.polarity:
        stance = _STANCES[statement.polarity]
        yield from _words(f", {stance}", stance, tight=True)
    if statement.voice == "drafter":
        yield from _words(", the drafter's own", "dim", tight=True)


def _place(hit: Attribution) -> Iterator[tuple[str, str]]:
    """Cable, paragraph, mark, heading."""
    yield from _words(hit.cable or f"#{hit.key}", "bold")
    if hit.number is not None:
        yield from _words(f"paragraph {hit.number}", "")
    if hit.marking:
        yield from _words(f"({hit.marking})", "")
    if hit.heading:
        yield "  ", ""
        yield from _words(hit.heading, "dim")


def _doubt(hit: Attribution) -> Iterator[tuple[str, str]]:
    """What a reader should know before quoting: words that nobody is told to have said, or another one tells."""
    if hit.statement.kind == "implicit":
        sure = round(100 * hit.statement.confidence)
        yield from _words(
            f"Implicit: no word says who speaks; taken to go on with the speaker before ({sure} % sure).", "dim"
        )
    if hit.teller is not None:
        yield from _words(f"Second hand: as told by {hit.teller}.", "dim")


def _sentence(hit: Attribution, plain: bool) -> Iterator[tuple[str, str]]:
    """The sentence with its source, cue and content marked: by colours, or where there are none by signs."""
    for words, role in hit.pieces:
        text = words
        start, end = len(words) - len(words.lstrip()), len(words.rstrip())
        if role and plain and start < end:
            left, right = _PLAIN[role]
            text = f"{words[:start]}{left}{words[start:end]}{right}{words[end:]}"
        for piece in _PIECE.findall(text):
            yield (" ", "") if piece.isspace() else (piece, role)


def _words(text: str, style: str, *, tight: bool = False) -> Iterator[tuple[str, str]]:
    """The words of a text, each with a blank before it; tight: the first without."""
    for i, word in enumerate(text.split()):
        if i or not tight:
            yield " ", ""
        yield word, style


def _set(pieces: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    """Pieces set in lines of a width; blanks stand where they are pieces, and lines break there."""
    line, length, gap = "", 0, 0
    word, size = "", 0
    for text, style in (*pieces, (" ", "")):
        if text.isspace():
            if word:
                if line and length + gap + size > width:
                    yield line
                    line, length, gap = "", 0, 0
                line += " " * (gap if line else 0) + word
                length += (gap if length else 0) + size
                word, size, gap = "", 0, 0
            gap = max(gap, len(text))
        else:
            shown = printable(text)
            word += _style(shown, style)
            size += len(shown)
    if line:
        yield line


def _style(text: str, style: str) -> str:
    return click.style(text, **_STYLES[style]) if style else text


def _print_end(total: int, offset: int, limit: int | None) -> None:
    told = count_of(total, "statement")
    if limit is not None and total > limit:
        last = min(offset + limit, total)
        told = f"{offset + 1:,} to {last:,} of {told}" if last > offset else f"None beyond {offset:,}: {told}"
        if last < total:
            told += f". More: --offset {last}; all: --all"
    click.echo(f"{told}.", err=not sys.stdout.isatty())
