"""Adding from the browser: jobs in a line, one at a time, each of them `reftel add` in a process of its own.

So nothing that comes from outside is ever parsed in the server. A process ends with the server at the latest, and what it has added
is kept.
"""

from __future__ import annotations

import logging
import secrets
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Condition, Event, Lock, Thread, Timer
from typing import Any

import msgspec

from reftel.archive.lock import BusyError, writing
from reftel.errors import ReftelError
from reftel.model import Record
from reftel.web.child import Limits, ask_to_end, read_events, say_code, start_adding
from reftel.web.locators import short_locator, without_paths

WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"
STATES = {
    WAITING: "it waits until what came before, or another program that writes to the archive, has ended",
    RUNNING: "its files are being read",
    DONE: "all its files were dealt with",
    STOPPED: "what was added until then is kept",
    FAILED: "what was added until then is kept",
}
MOST_FAILURES = 100  # that a job tells one by one; the ledger has all
_KEPT, _LINE = 50, 20  # jobs that are remembered, and that may wait
_GRACE = 10.0  # seconds between the request to stop and the end
_AGAIN = 1.0  # seconds between two looks whether the archive is free
_log = logging.getLogger("reftel.web")


class Failed(Record, frozen=True):
    """A file, member or row that could not be read. locator: its last component only."""

    locator: str
    reason: str
    remedy: str | None


class Job(Record, frozen=True):
    """A job as it stands. what: in words. state: one of STATES. stage: reading or indexing. lines: files, members and rows dealt with.

    bytes_total: of the files on disk, 0 before they are listed. failures: the first of them. skipped: what was passed over -> how many.
    why: it ended early, empty if it did not. run: its key in the ledger, None if it has not come so far.
    """

    key: str
    what: str
    state: str = WAITING
    stage: str = ""
    lines: int = 0
    outcomes: dict[str, int] = msgspec.field(default_factory=dict)
    bytes_done: int = 0
    bytes_total: int = 0
    indexed: int = 0
    to_index: int = 0
    failures: tuple[Failed, ...] = ()
    skipped: dict[str, int] = msgspec.field(default_factory=dict)
    why: str = ""
    run: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in (DONE, STOPPED, FAILED)


class Jobs:
    """The jobs of a server. They are gone when it ends; the ledger keeps what they did."""

    def __init__(self, folder: Path, limits: Limits = Limits()) -> None:  # noqa: B008 (frozen)
        self.folder, self.limits = folder.resolve(), limits
        self._jobs: dict[str, _Work] = {}
        self._line: SimpleQueue[_Work] = SimpleQueue()
        self._changed = Condition()
        self._closed = Event()
        self._thread: Thread | None = None

    def start(self, what: str, paths: Sequence[Path]) -> Job:
        """A new job, last in the line. ReftelError if too many wait."""
        with self._changed:
            if sum(not work.job.is_over for work in self._jobs.values()) > _LINE:
                raise ReftelError(f"More than {_LINE} jobs wait already. Try again when some of them are done.")
            work = _Work(Job(secrets.token_hex(6), what), tuple(paths))
            over = [key for key, old in self._jobs.items() if old.job.is_over]
            for key in over[: max(0, len(self._jobs) - _KEPT + 1)]:
                del self._jobs[key]
            self._jobs[work.job.key] = work
            if self._thread is None:
                self._thread = Thread(target=self._work, name="reftel-jobs", daemon=True)
                self._thread.start()
        self._line.put(work)
        return work.job

    def get(self, key: str) -> Job | None:
        """A job as it stands; None if there is none of this key."""
        work = self._jobs.get(key)
        return work.job if work is not None else None

    def all(self) -> list[Job]:
        """All that are remembered, the newest first."""
        return [work.job for work in reversed(list(self._jobs.values()))]

    def wait(self, key: str, seconds: float, until: Callable[[Job], bool] = lambda job: job.is_over) -> Job | None:
        """A job once something holds of it, or after some time as it stands then; without `until`, once it is over."""
        with self._changed:
            self._changed.wait_for(lambda: (job := self.get(key)) is None or until(job), seconds)
        return self.get(key)

    def stop(self, key: str) -> None:
        """Stops a job, be it waiting or running. Nothing happens to one that is over."""
        if key in self._jobs:
            self._jobs[key].stop("Somebody stopped it.")

    def close(self) -> None:
        """Stops all, and waits until the last process has ended."""
        self._closed.set()
        for work in list(self._jobs.values()):
            work.stop(_CLOSED)
        if self._thread is not None:
            self._line.put(_Work(Job("", ""), ()))  # so that the thread wakes up
            self._thread.join()
        for work in self._jobs.values():
            if not work.job.is_over:
                self._tell(work, state=STOPPED, why=work.why)

    # ---- on the thread

    def _work(self) -> None:
        while not self._closed.is_set():
            work = self._line.get()
            try:
                while not work.job.is_over and not work.stopped.is_set() and not self._closed.is_set():
                    if self._is_free():
                        self._run(work)
                    else:
                        work.stopped.wait(_AGAIN)
            except Exception as error:  # our own bug, or no process can be started; those in the line go on
                _log.error("While adding %s:", work.job.what, exc_info=error)
                self._tell(work, state=FAILED, why="The process that adds cannot be started or followed.")
            if not work.job.is_over:
                self._tell(work, state=STOPPED, why=work.why or _CLOSED)

    def _is_free(self) -> bool:
        try:
            with writing(self.folder):
                return True
        except BusyError:
            return False
        except ReftelError:
            return True  # the command will say what is wrong

    def _run(self, work: _Work) -> None:
        """One process from its begin to its end. A job that found another one writing is left waiting."""
        process = work.process = start_adding(self.folder, work.paths, self.limits)
        self._tell(work, state=RUNNING, stage="reading")
        clock = Timer(self.limits.seconds, work.stop, [f"It took longer than {_say_seconds(self.limits.seconds)}."])
        clock.daemon = True
        clock.start()
        if work.stopped.is_set():
            work.interrupt()
        end: dict[str, Any] | None = None
        try:
            for event in read_events(process):
                if event["event"] == "end":
                    end = event
                elif event["event"] == "failed":
                    self._add_failure(work, event)
                else:
                    self._tell(work, **{name: event[name] for name in _PROGRESS})
            code = process.wait()
        finally:
            clock.cancel()
            work.give_up()
        if end is None:
            ended = f"The process that adds has ended too early ({say_code(code)}), most likely at a limit of memory or time."
            self._tell(work, state=STOPPED if work.why else FAILED, why=work.why or ended)
        elif end["how"] != "busy" or work.stopped.is_set():
            self._tell(work, **self._ending(work, end))
        else:
            self._tell(work, state=WAITING)

    def _add_failure(self, work: _Work, event: dict[str, Any]) -> None:
        failed = Failed(
            short_locator(event["locator"]), without_paths(event["reason"] or "", self.folder), event["remedy"]
        )
        if len(work.job.failures) < MOST_FAILURES:
            self._tell(work, failures=(*work.job.failures, failed))

    def _ending(self, work: _Work, end: dict[str, Any]) -> dict[str, Any]:
        is_done = end["how"] == "finished"
        why = "" if is_done else work.why or without_paths(end["stopped"] or "", self.folder)
        state = DONE if is_done else STOPPED if work.why else FAILED
        return {"state": state, "why": why, **{name: end[name] for name in ("run", "outcomes", "skipped")}}

    def _tell(self, work: _Work, **changes: Any) -> None:
        with self._changed:
            work.job = msgspec.structs.replace(work.job, **changes)
            self._changed.notify_all()


_CLOSED = "The reading room was closed."
_PROGRESS = ("stage", "lines", "outcomes", "bytes_done", "bytes_total", "indexed", "to_index")


class _Work:
    """A job with what it needs. why: it was stopped, if it was."""

    def __init__(self, job: Job, paths: tuple[Path, ...]) -> None:
        self.job, self.paths = job, paths
        self.stopped, self.why = Event(), ""
        self.process: subprocess.Popen[bytes] | None = None
        self._asking = Lock()
        self._killer: Timer | None = None

    def stop(self, why: str) -> None:
        """Lets it end soon; at once if it has not begun."""
        if self.job.is_over or self.stopped.is_set():
            return
        self.why = why
        self.stopped.set()
        self.interrupt()

    def interrupt(self) -> None:
        """Asks the process to end, once, and ends it if it does not."""
        with self._asking:
            process = self.process
            if process is None or process.poll() is not None or self._killer is not None:
                return
            ask_to_end(process)
            self._killer = Timer(_GRACE, process.kill)
            self._killer.daemon = True
            self._killer.start()

    def give_up(self) -> None:
        """The process has ended."""
        if self._killer is not None:
            self._killer.cancel()
        self.process = None


def _say_seconds(seconds: float) -> str:
    return f"{seconds / 3600:,.0f} hours" if seconds >= 7200 else f"{seconds:,.0f} seconds"
