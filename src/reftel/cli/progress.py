"""How a run over an archive goes on, as JSON Lines on standard output: for a program that started it and looks on.

One object a line, told apart by `event`: "progress" at most every half a second, "failed" for each line of the ledger that
failed, as soon as it is on disk, and "end" as the last. When nobody reads on, the run is stopped as by Ctrl-C.
"""

from __future__ import annotations

import _thread
import sys
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import NamedTuple

import click
import msgspec

from reftel.archive.ledger import FAILED, UNEXTRACTED, Line
from reftel.cli.output import ends_quietly
from reftel.pipeline.tally import Tally

FINISHED, STOPPED, BUSY, BROKE_OFF = "finished", "stopped", "busy", "broke off"
# how a run ended
ENDINGS = {
    FINISHED: "all files were dealt with, be it that some of them failed",
    STOPPED: "by Ctrl-C, or because nobody reads on",
    BUSY: "another process is writing to the archive",
    BROKE_OFF: "for another reason, which `stopped` tells",
}
_EVERY = 0.5  # seconds


class Ending(NamedTuple):
    """How a run ended. how: one of ENDINGS; said: its last sentences; stopped: what stopped it, None if nothing did."""

    how: str
    said: tuple[str, ...]
    stopped: str | None


class JsonWatch:
    """Standard output while an archive grows."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self._last = b""
        self._gone = False
        self._lock, self._closed = Lock(), Event()
        self._ticker = Thread(target=self._tick, daemon=True)
        self._ticker.start()

    def see(self, line: Line) -> None:
        """One line of the ledger was written. KeyboardInterrupt when nobody reads on."""
        if line.outcome in (FAILED, UNEXTRACTED):
            self._write(
                {
                    "event": "failed",
                    "locator": line.locator,
                    "outcome": line.outcome,
                    "reason": line.reason,
                    "remedy": line.remedy,
                }
            )
        if self._gone:
            raise KeyboardInterrupt

    def close(self) -> None:
        """Nothing is told any more but the end."""
        self._closed.set()
        self._ticker.join()

    def end(self, ending: Ending) -> None:
        """The last line."""
        self._tell_progress()
        tally = self.tally
        self._write(
            {
                "event": "end",
                "how": ending.how,
                "run": tally.run,
                "outcomes": tally.outcomes,
                "skipped": dict(tally.reading.skipped),
                "said": " ".join(ending.said),
                "stopped": ending.stopped,
            }
        )

    def _tick(self) -> None:
        while not self._closed.wait(_EVERY):
            self._tell_progress()
            if self._gone:  # the main thread may be where no line comes by: indexing
                _thread.interrupt_main()
                return

    def _tell_progress(self) -> None:
        tally = self.tally
        self._write(
            {
                "event": "progress",
                "stage": tally.stage,
                "lines": tally.lines,
                "outcomes": dict(tally.outcomes),
                "bytes_done": tally.reading.bytes_done,
                "bytes_total": tally.reading.bytes_total,
                "indexed": tally.indexed,
                "to_index": tally.to_index,
            }
        )

    def _write(self, event: dict[str, object]) -> None:
        """One line, unless it would say what the last one did."""
        line = msgspec.json.encode(event) + b"\n"
        with self._lock:
            if self._gone or line == self._last:
                return
            self._last = line
            with suppress(click.exceptions.Exit, click.ClickException):
                with ends_quietly():
                    sys.stdout.buffer.write(line)
                    sys.stdout.buffer.flush()
                return
            self._gone = True
