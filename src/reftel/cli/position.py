"""`reftel position`: the ledger of one actor or of two side by side, as text, data, or a chart."""

from __future__ import annotations

import io
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reftel.cli.card import say_date
from reftel.cli.errors import said
from reftel.cli.output import Lines, count_of, ends_quietly, open_console, prepare_text, printable
from reftel.errors import ReftelError
from reftel.positions import SHIFTED, UNCHANGED, Entry, Ledger, Occasion, Signal, Step, say_held
from reftel.positions.chart import entry_sign, name_of
from reftel.query.dates import read_date
from reftel.tables import find_post
from reftel.workbench import Archive

FOUND, NOTHING = 0, 1
_SIGNALS = 6  # of a verdict that are listed
_QUOTED = 70  # characters of a statement that a signal quotes
_MOSTLY = 0.55  # share of a text that may be marked
_STYLES = {SHIFTED: "bold red", UNCHANGED: "bold green"}
_SIGN_STYLES = {"+": "green", "-": "red"}
_BY = {"sentence": "by its sentence", "heading": "by its heading", "paragraph": "by its paragraph"}


def lay_out(
    actors: Sequence[str],
    about: str,
    folder: str,
    since: str | None,
    until: str | None,
    wide: bool,
    form: str | None,
    chart: str | None,
    unmask: bool,
) -> int:
    """Prints the positions of one actor or two; the exit code. form: "json", "csv" or None for reading.

    unmask: whether protected sources keep their names in data and charts; on the user's own screen they do.
    """
    prepare_text()
    if chart is not None and Path(chart).suffix.lower() not in (".svg", ".png"):
        raise click.UsageError(f"A chart is drawn as SVG or PNG. Name it so: --chart {Path(chart).stem}.svg")
    with said(about), Archive.open(folder) as archive:
        low, high = _day(since, "--from", first=True), _day(until, "--to", first=False)
        if low is not None and high is not None and low > high:
            raise ReftelError(f"--from {since} lies behind --to {until}. Exchange the two.")
        masked = (form is not None or chart is not None) and not unmask
        ledgers = [archive.position(who, about, since=low, until=high, wide=wide, masked=masked) for who in actors]
        for note in archive.notes:
            click.echo(printable(note), err=True)
        if chart is not None:
            _draw(ledgers, chart)
    if form is not None:
        _WRITERS[form](ledgers)
    else:
        console = open_console()
        with ends_quietly():
            if len(ledgers) == 1:
                _print_ledger(console, ledgers[0])
            else:
                _print_sides(console, ledgers)
    return FOUND if any(ledger.occasions for ledger in ledgers) else NOTHING


def _day(text: str | None, option: str, *, first: bool) -> date | None:
    """The first or last day of a date as people type it."""
    if text is None:
        return None
    days = read_date(text)
    if days is None:
        raise ReftelError(f"{option} {text} is no date. Write it as 2008, 2008-12 or 2008-12-18.")
    return days[0] if first else days[1]


# ---- for reading


def _print_ledger(console: Console, ledger: Ledger) -> None:
    console.print(_title(ledger))
    if not ledger.occasions:
        _print_nothing(console, ledger)
        return
    console.print(_count(ledger))
    console.print()
    for i, occasion in enumerate(ledger.occasions):
        if i:
            entries = [entry for one in ledger.occasions[: i + 1] for entry in one.entries]
            console.print(Padding(_show_step(ledger.steps[i - 1], _owners(entries)), (0, 0, 1, 4)))
        console.print(_head(occasion))
        console.print(_show_entries(occasion))
        console.print()
    _print_notes(console, ledger)


def _title(ledger: Ledger) -> Text:
    return Text(printable(f"{name_of(ledger)} on {ledger.question}"), "bold")


def _count(ledger: Ledger) -> str:
    entries = sum(len(occasion.entries) for occasion in ledger.occasions)
    cables = {cable for occasion in ledger.occasions for cable in occasion.cables}
    return f"{count_of(entries, 'statement')} on {count_of(len(ledger.occasions), 'occasion')}, in {count_of(len(cables), 'cable')}."


def _print_nothing(console: Console, ledger: Ledger) -> None:
    console.print(f"No statement of {printable(ledger.who)} on this is in the archive.")
    _print_notes(console, ledger)
    if not ledger.omitted:
        console.print("Which names there are: reftel people. Whether cables are looked through: reftel status.")


def _print_notes(console: Console, ledger: Ledger) -> None:
    if ledger.omitted:
        them = "them" if ledger.omitted > 1 else "it"
        console.print(
            f"Left out: {count_of(ledger.omitted, 'statement')} whose paragraph alone touches the question. With {them}: --wide"
        )
    for note in ledger.notes:
        console.print(Text(printable(note)))


def _head(occasion: Occasion) -> Text:
    day = say_date(occasion.date) if occasion.date and len(occasion.date) == 10 else occasion.date or "no date"
    head = Text(printable(day), "bold")
    if occasion.date and not occasion.told:
        head.append(" (the cable's date)", "dim")
    head.append(printable(f"  {', '.join(occasion.cables)}"))
    return head.append(printable(f"  {', '.join(occasion.posts)}"), "dim")


def _show_entries(occasion: Occasion) -> Table:
    """A row a statement: paragraph and mark, sign, words."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", style="dim", min_width=8, no_wrap=True)
    table.add_column(width=1)
    table.add_column(ratio=1)
    several = len(occasion.cables) > 1
    for entry in occasion.entries:
        sign = entry_sign(entry)
        table.add_row(_place(entry, several), Text(sign, _SIGN_STYLES.get(sign, "")), _words(entry))
    for remark in occasion.remarks:
        where = f"{remark.cable}: " if several and remark.cable else ""
        table.add_row("", "", Text(printable(f'{where}the drafter remarks: "{remark.words}"'), "italic"))
    return table


def _place(entry: Entry, several: bool) -> Text:
    number = f"{entry.said.number}." if entry.said.number is not None else ""
    mark = f"({entry.said.marking})" if entry.said.marking else ""
    cable = f"{entry.said.cable}\n" if several and entry.said.cable else ""
    return Text(printable(f"{cable}{number} {mark}".strip(" ")))


def _words(entry: Entry) -> Text:
    """Cue and content, then what is to be known of them."""
    cue = "".join(text for text, role in entry.said.pieces if role == "cue")
    words = Text(printable(" ".join(cue.split())), "bold")
    if cue:
        words.append(" ")
    words.append(printable(entry.content))
    remarks = [f"as {' and '.join(entry.via)} tells it"] if entry.via else []
    remarks += [f"for {entry.acting}"] if entry.acting else []
    if entry.said.statement.kind == "implicit":
        remarks.append(f"no cue; {round(100 * entry.said.statement.confidence)} % sure")
    remarks += [f"in the {entry.part}"] if entry.part else []
    remarks += [f"so in the summary too ({', '.join(_numbers(entry))})"] if entry.repeats else []
    remarks += [_BY[entry.about]] if entry.about in _BY else []
    if remarks:
        words.append(printable(f"  [{'; '.join(remarks)}]"), "dim")
    return words


def _numbers(entry: Entry) -> list[str]:
    return ["unnumbered" if number is None else str(number) for number in dict.fromkeys(entry.repeats)]


def _owners(entries: Sequence[Entry]) -> dict[Signal | tuple[str | None, int | None], Entry]:
    """The statement that each signal is of, also by cable and ordinal."""
    owners: dict[Signal | tuple[str | None, int | None], Entry] = {}
    for entry in entries:
        owners[entry.said.cable, entry.said.ordinal] = entry
        owners.update(dict.fromkeys(entry.signals, entry))
    return owners


def _show_step(step: Step, owners: Mapping[Signal | tuple[str | None, int | None], Entry]) -> Table:
    """The verdict, what it rests on, the two wordings, and what is not held."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(ratio=1)
    rows = [
        (signal_kind(signal), _say_signal(signal, owners.get(signal) or owners.get((signal.cable, signal.ordinal))))
        for signal in step.signals[:_SIGNALS]
    ]
    if len(step.signals) > _SIGNALS:
        rows.append(("", Text(f"and {len(step.signals) - _SIGNALS} more of them", "dim")))
    if step.differs is not None:
        rows += [("then", _marked(step.differs.before)), ("now", _marked(step.differs.after))]
    for held in step.held:
        post = find_post(held.post)
        rows.append(("held", Text(printable(f"{say_held(held, post.name if post else None)}."), "dim")))
    for label, words in rows:
        table.add_row(label, words)
    verdict = Text(step.verdict.upper(), _STYLES.get(step.verdict, "bold yellow"))
    against = f"  Against {say_date(step.against)}, as nothing is plain between." if step.against else ""
    verdict.append(printable(f"{against}  {step.why}"), "not bold default")
    shown = Table.grid()
    shown.add_column()
    shown.add_row(verdict)
    shown.add_row(Padding(table, (0, 0, 0, 2)))
    return shown


def signal_kind(signal: Signal) -> str:
    """ "polarity -", "same"."""
    return f"{signal.kind} {signal.value}".strip()


def _say_signal(signal: Signal, entry: Entry | None) -> Text:
    """The words of a signal, and where they stand; of the statement's own sign more than the cue."""
    words = signal.words
    if signal.kind == "polarity" and signal.where == "cue" and entry is not None and entry.content not in words:
        words = textwrap.shorten(f"{words} {entry.content}", _QUOTED, placeholder=" ...")
    where = ["the drafter" if signal.where == "remark" else signal.where]
    if entry is not None and entry.said.number is not None:
        where.insert(0, f"paragraph {entry.said.number}")
    if not signal.strong:
        where.append("weak")
    shown = Text(printable(f'"{words}"'), "" if signal.strong else "dim")
    return shown.append(printable(f"  {signal.cable or 'no id'}, {', '.join(where)}"), "dim")


def _marked(pieces: Sequence[tuple[str, bool]]) -> Text:
    """The words that the other side lacks in bold and between stars, which a terminal without colours shows.

    None is marked where hardly one is left.
    """
    whole = sum(len(piece) for piece, _ in pieces)
    most = sum(len(piece) for piece, differs in pieces if differs) > _MOSTLY * whole
    shown = Text()
    for piece, differs in pieces:
        marks = differs and not most
        shown.append(printable(f"*{piece}*" if marks else piece), "bold" if marks else "")
    return shown


# ---- two side by side


def _print_sides(console: Console, ledgers: Sequence[Ledger]) -> None:
    console.print(Text(printable(f"{' and '.join(map(name_of, ledgers))} on {ledgers[0].question}"), "bold"))
    for ledger in ledgers:
        console.print(Text(printable(f"{name_of(ledger)}: {_count(ledger)}")))
    if any(ledger.occasions for ledger in ledgers):
        table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 1, 0), expand=True)
        table.add_column("date", no_wrap=True)
        for ledger in ledgers:
            table.add_column(Text(printable(name_of(ledger))), ratio=1)
        for day, cells in _align(ledgers):
            table.add_row(day, *cells)
        console.print()
        console.print(table)
    for ledger in ledgers:
        if ledger.omitted or ledger.notes:
            console.print(Text(printable(f"{name_of(ledger)}:"), "bold"))
            _print_notes(console, ledger)


def _align(ledgers: Sequence[Ledger]) -> Iterator[tuple[str, list[Text]]]:
    """A row a date on which either speaks, in order."""
    sides = [
        {occasion.date or "no date": (i, occasion) for i, occasion in enumerate(ledger.occasions)} for ledger in ledgers
    ]
    for day in sorted({day for side in sides for day in side}):
        cells = []
        for ledger, side in zip(ledgers, sides, strict=True):
            cell = Text()
            if day in side:
                i, occasion = side[day]
                if i:
                    step = ledger.steps[i - 1]
                    cell.append(f"{step.verdict}\n", _STYLES.get(step.verdict, "bold yellow"))
                cell.append_text(_short(occasion))
            cells.append(cell)
        yield day, cells


def _short(occasion: Occasion) -> Text:
    """Every statement in a line or two, and the cables."""
    shown = Text()
    for entry in occasion.entries:
        sign = entry_sign(entry)
        cue = " ".join("".join(text for text, role in entry.said.pieces if role == "cue").split())
        shown.append(f"{sign or '.'} ", _SIGN_STYLES.get(sign, "dim"))
        shown.append(printable(f"{cue} "), "bold")
        shown.append(printable(f"{entry.content}\n"))
    return shown.append(printable(", ".join(occasion.cables)), "dim")


# ---- data


def _write_json(ledgers: Sequence[Ledger]) -> None:
    from reftel.positions.rows import describe_ledger

    with Lines() as lines:
        for ledger in ledgers:
            lines.write(msgspec.json.encode(describe_ledger(ledger)))


def _write_csv(ledgers: Sequence[Ledger]) -> None:
    from reftel.exports.statements import write_rows
    from reftel.positions.rows import COLUMNS, list_rows

    rows = (row for ledger in ledgers for row in list_rows(ledger))
    out = io.BytesIO()
    write_rows("csv", rows, out, COLUMNS)
    with ends_quietly():
        sys.stdout.buffer.write(out.getvalue())
        sys.stdout.buffer.flush()


_WRITERS = {"json": _write_json, "csv": _write_csv}


def _draw(ledgers: Sequence[Ledger], name: str) -> None:
    from reftel.positions.chart import draw_chart

    svg = draw_chart(ledgers)
    if name.lower().endswith(".png"):
        from reftel.positions.png import render_png

        data = render_png(svg)
    else:
        data = svg.encode()
    try:
        Path(name).write_bytes(data)
    except OSError as error:
        raise ReftelError(f"{name} cannot be written: {error.strerror or error}.") from None
    click.echo(f"Drawn: {printable(name)}", err=True)
