"""`reftel add`, `reftel retry` and `reftel extract`: a bar while files go in, a line for each that does not, a summary."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from reftel.archive.ledger import ADDED, EXTRACTED, FAILED, PARTIAL, REPLACED, UNCHANGED, UNEXTRACTED, Line
from reftel.archive.lock import BusyError
from reftel.cli.output import count_of, printable
from reftel.cli.progress import BROKE_OFF, BUSY, FINISHED, STOPPED, Ending, JsonWatch
from reftel.cli.run import ALL_READ, NONE_READ, SOME_FAILED
from reftel.errors import ReftelError
from reftel.pipeline.tally import Tally
from reftel.workbench import Archive

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_TOLD = 20  # failures that are told of one by one
_BAR_AFTER = 1.0  # seconds


def add_paths(
    paths: Sequence[str], folder: str, reader: str | None, workers: int | None, extract: bool, as_json: bool
) -> int:
    """Adds all that is under the paths; the exit code.

    extract: whether names and statements are looked for too. as_json: whether it is told as JSON Lines on standard output.
    """
    with open_archive(folder, create=True) as archive:
        stdin = sys.stdin.buffer if "-" in paths else None
        return watch(
            archive,
            lambda tally: archive.adding(
                paths, reader=reader, workers=workers, extract=extract, stdin=stdin, tally=tally
            ),
            as_json=as_json,
        )


def retry_failed(folder: str, workers: int | None) -> int:
    """Adds again what failed; the exit code."""
    with open_archive(folder) as archive:
        return watch(archive, lambda tally: archive.retrying(workers=workers, tally=tally), none="Nothing had failed.")


def open_archive(folder: str, create: bool = False) -> Archive:
    """The archive of a command; its sentence if there is none."""
    try:
        return Archive.open(folder, create=create)
    except ReftelError as error:
        raise click.ClickException(str(error)) from None


def watch(
    archive: Archive, begin: Callable[[Tally], Iterator[Line]], none: str = "No file was found.", as_json: bool = False
) -> int:
    """Lets a run go on to its end, or until Ctrl-C, and tells of it; the exit code.

    none: what to say if there was nothing to do; one that begins with "Nothing" is no failure. as_json: see JsonWatch.
    """
    tally = Tally()
    seen = JsonWatch(tally) if as_json else _Watch(tally)
    how, stopped = FINISHED, None
    lines = begin(tally)
    try:
        for line in lines:
            seen.see(line)
    except KeyboardInterrupt:
        lines.close()  # type: ignore[attr-defined]  # a generator
        how, stopped = STOPPED, "Stopped. What is counted here is kept; the same command goes on from there."
    except ReftelError as error:
        how, stopped = BUSY if isinstance(error, BusyError) else BROKE_OFF, str(error)
    finally:
        seen.close()
    if stopped is not None:
        none = "Nothing was done."
    said: list[str] = []
    try:
        said.append(_summary(tally, len(archive), archive.count_sources(), none))
        left = archive.count_unextracted() if stopped is None else 0
        if left:
            said.append(
                f"{count_of(left, 'cable')} still to be looked through for names and statements: reftel extract."
            )
    except ReftelError as error:  # a damaged archive cannot even be counted
        how, stopped = BROKE_OFF if how == FINISHED else how, stopped or str(error)
    seen.end(Ending(how, tuple(said), stopped))
    return _exit_code(tally, how, none)


def _exit_code(tally: Tally, how: str, none: str) -> int:
    if how != FINISHED:
        return INTERRUPTED if how == STOPPED else NONE_READ
    failed = tally.outcomes.get(FAILED, 0) + tally.outcomes.get(UNEXTRACTED, 0)
    if failed:
        return SOME_FAILED if tally.lines > failed else NONE_READ
    return ALL_READ if tally.lines or none.startswith("Nothing") else NONE_READ


def _summary(tally: Tally, cables: int, sources: int, none: str) -> str:
    counts = tally.outcomes
    added = counts.get(ADDED, 0) + counts.get(PARTIAL, 0)
    said = [
        f"{added:,} added" if added else "",
        f"of {counts[PARTIAL]:,} something is cut off" if counts.get(PARTIAL) else "",
        f"{counts[REPLACED]:,} replaced" if counts.get(REPLACED) else "",
        f"{counts[UNCHANGED]:,} unchanged" if counts.get(UNCHANGED) else "",
        f"{counts[EXTRACTED]:,} looked through" if counts.get(EXTRACTED) else "",
        f"{counts[FAILED]:,} could not be read (see: reftel status --failed)" if counts.get(FAILED) else "",
        f"{counts[UNEXTRACTED]:,} could not be looked through (see: reftel status --failed)"
        if counts.get(UNEXTRACTED)
        else "",
        *(f"{count:,} passed over ({what})" for what, count in sorted(tally.reading.skipped.items())),
    ]
    told = "; ".join(filter(None, said))
    whence = f" from {count_of(sources, 'source')}" if sources != cables else ""
    holds = f"The archive holds {count_of(cables, 'cable')}{whence}."
    return f"{told}. {holds}" if told else f"{none} {holds}"


class _Watch:
    """Standard error while an archive grows."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self._begun = time.monotonic()
        self._told = 0
        self._bar: Bar | None = None
        self._task: Any = None

    def see(self, line: Line) -> None:
        """One line of the ledger was written."""
        if line.outcome in (FAILED, UNEXTRACTED):
            self._told += 1
            if self._told <= _TOLD:
                said = " ".join(filter(None, (line.reason, line.remedy)))
                self.tell(printable(f"{line.locator or 'An empty path'}: {said}"))
            elif self._told == _TOLD + 1:
                self.tell("There are more; reftel status --failed will list them all.")
        if sys.stderr.isatty() and time.monotonic() - self._begun > _BAR_AFTER:
            self._draw()

    def tell(self, line: str) -> None:
        """One line, above the bar if there is one."""
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(line, err=True)

    def end(self, ending: Ending) -> None:
        """The last lines."""
        for sentence in (*ending.said, *filter(None, [ending.stopped])):
            self.tell(sentence)

    def close(self) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            with suppress(OSError):
                self._bar.stop()
            self._bar = None

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        tally = self.tally
        if self._bar is None:
            self._bar = Bar(
                TextColumn("{task.fields[tally].doing}"),  # looked up at each refresh: indexing yields no lines
                BarColumn(bar_width=20),
                TaskProgressColumn(),
                TextColumn("{task.fields[said]}"),
                TimeRemainingColumn(compact=True),
                console=Console(stderr=True),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._task = self._bar.add_task("", total=None, said="", tally=tally)
            self._bar.start()
        seconds = time.monotonic() - self._begun
        said = [
            f"{tally.lines:,} {'texts' if tally.stage == 'extracting' else 'files'}",
            f"{tally.lines / seconds:,.0f}/s",
            f"{tally.characters / seconds / 1e6:.1f} MB/s",
        ]
        failed = tally.outcomes.get(FAILED, 0) + tally.outcomes.get(UNEXTRACTED, 0)
        if failed:
            said.append(f"{failed:,} failed")
        self._bar.update(
            self._task,
            total=tally.reading.bytes_total or None,
            completed=tally.reading.bytes_done,
            said=", ".join(said),
        )
