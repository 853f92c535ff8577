"""`reftel add` and `reftel retry`: a bar while files go in, a line for each that does not, a summary."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from reftel.archive.ledger import ADDED, FAILED, PARTIAL, REPLACED, UNCHANGED, Line
from reftel.cli.output import count_of, printable
from reftel.cli.run import ALL_READ, NONE_READ, SOME_FAILED
from reftel.errors import ReftelError
from reftel.pipeline.tally import Tally
from reftel.workbench import Archive

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_TOLD = 20  # failures that are told of one by one
_BAR_AFTER = 1.0  # seconds


def add_paths(paths: Sequence[str], folder: str, reader: str | None, workers: int | None) -> int:
    """Adds all that is under the paths; the exit code."""
    with _open(folder, create=True) as archive:
        stdin = sys.stdin.buffer if "-" in paths else None
        return _watch(
            archive, lambda tally: archive.adding(paths, reader=reader, workers=workers, stdin=stdin, tally=tally)
        )


def retry_failed(folder: str, workers: int | None) -> int:
    """Adds again what failed; the exit code."""
    with _open(folder) as archive:
        return _watch(archive, lambda tally: archive.retrying(workers=workers, tally=tally), none="Nothing had failed.")


def _open(folder: str, create: bool = False) -> Archive:
    try:
        return Archive.open(folder, create=create)
    except ReftelError as error:
        raise click.ClickException(str(error)) from None


def _watch(archive: Archive, begin: Callable[[Tally], Iterator[Line]], none: str = "No file was found.") -> int:
    tally = Tally()
    watch = _Watch(tally)
    stopped = None
    lines = begin(tally)
    try:
        for line in lines:
            watch.see(line)
    except KeyboardInterrupt:
        lines.close()  # type: ignore[attr-defined]  # a generator
        stopped = "Stopped. What is counted here is kept; the same command goes on from there."
    except ReftelError as error:
        stopped = str(error)
    finally:
        watch.close()
    if stopped is not None:
        none = "Nothing was added."
    try:
        watch.tell(_summary(tally, len(archive), archive.count_sources(), none))
    except ReftelError as error:  # a damaged archive cannot even be counted
        stopped = stopped or str(error)
    if stopped is not None:
        watch.tell(stopped)
        return INTERRUPTED if stopped.startswith("Stopped") else NONE_READ
    failed = tally.outcomes.get(FAILED, 0)
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
        f"{counts[FAILED]:,} could not be read (see: reftel status --failed)" if counts.get(FAILED) else "",
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
        if line.outcome == FAILED:
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
            f"{tally.lines:,} files",
            f"{tally.lines / seconds:,.0f}/s",
            f"{tally.characters / seconds / 1e6:.1f} MB/s",
        ]
        failed = tally.outcomes.get(FAILED, 0)
        if failed:
            said.append(f"{failed:,} failed")
        self._bar.update(
            self._task,
            total=tally.reading.bytes_total or None,
            completed=tally.reading.bytes_done,
            said=", ".join(said),
        )
