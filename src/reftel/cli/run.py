"""One run over the user's paths: cables come out; failures, the bar, the last line and the exit code are seen to."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from reftel.cli.output import printable
from reftel.model import Cable
from reftel.pipeline.read import read_cables
from reftel.readers import Failure, Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

ALL_READ, NONE_READ, SOME_FAILED = 0, 1, 3
_BAR_AFTER = 1.0  # seconds


class Run:
    """Reads the cables under some paths and keeps count.

    with Run(paths, reader) as run:
        for cable in run.cables():
            ...
    exit_code = run.end()

    bar: whether a progress bar may be drawn on standard error (only ever on a terminal, and after a second).
    """

    def __init__(self, paths: Sequence[str], reader: str | None, *, bar: bool) -> None:
        self.read = 0
        self.failed = 0
        self._paths = paths
        self._reader = reader
        self._progress = Progress()
        self._begun = time.monotonic()
        self._may_draw = bar and sys.stderr.isatty()
        self._bar: Bar | None = None
        self._task: Any = None

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self._close_bar()

    def cables(self) -> Iterator[Cable]:
        """The cables, in order; each failure is told on standard error, in one line."""
        stdin = sys.stdin.buffer if "-" in self._paths else None
        for item in read_cables(self._paths, reader=self._reader, stdin=stdin, progress=self._progress):
            if isinstance(item, Failure):
                self.failed += 1
                self._tell(printable(" ".join(item.reason.split())))
            else:
                self.read += 1
                yield item
            if self._may_draw and time.monotonic() - self._begun > _BAR_AFTER:
                self._draw()
        self._close_bar()

    def end(self) -> int:
        """The exit code, after a last line on standard error where there was more than one thing to read."""
        skipped = [f"{count:,} passed over ({what})" for what, count in sorted(self._progress.skipped.items())]
        if self.read + self.failed == 0:
            named = ", ".join(self._paths[:3]) + (", ..." if len(self._paths) > 3 else "")
            self._tell(printable("; ".join([f"No cable was found in {named}", *skipped])) + ".")
        elif self.read + self.failed > 1 or skipped:
            said = [f"{self.read:,} {'cable' if self.read == 1 else 'cables'} read"]
            if self.failed:
                said.append(f"{self.failed:,} could not be read")
            self._tell("; ".join([*said, *skipped]) + ".")
        if not self.read:
            return NONE_READ
        return SOME_FAILED if self.failed else ALL_READ

    def _tell(self, line: str) -> None:
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(line, err=True)

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        if self._bar is None:
            self._bar = Bar(
                TextColumn("{task.fields[read]:,} cables"),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[rate]:,.0f} cables/s"),
                TimeRemainingColumn(compact=True),
                console=Console(stderr=True),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            # Of standard input nobody knows how long it is: the bar then only moves.
            self._task = self._bar.add_task("", total=self._progress.bytes_total or None, read=0, rate=0.0)
            self._bar.start()
        self._bar.update(
            self._task,
            completed=self._progress.bytes_done,
            read=self.read,
            rate=self.read / (time.monotonic() - self._begun),
        )

    def _close_bar(self) -> None:
        if self._bar is not None:
            with suppress(OSError):  # standard error may be gone
                self._bar.stop()
            self._bar = None
