"""One run over an archive: begun and ended in the ledger, however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from reftel.archive import ledger
from reftel.archive.index import Index
from reftel.archive.ledger import Line
from reftel.archive.store import Store
from reftel.extract.names import People, read_people
from reftel.pipeline.tally import Tally
from reftel.pipeline.work import PEOPLE, Dictionaries

REPORT = "This is a mistake in Reftel. Report it, with the file if you can; then `reftel retry --failed`."
REPORT_EXTRACTOR = "This is a mistake in Reftel. Report it, with the file if you can; then `reftel extract`."


class Run(NamedTuple):
    """A run under way: its key in the ledger, and what gives the time (UTC, ISO)."""

    store: Store
    key: int
    clock: Callable[[], str]

    def write(self, line: Line) -> None:
        """A line of the ledger, inside the transaction of what it reports."""
        ledger.write_line(self.store, self.key, line)


@contextmanager
def running(store: Store, index: Index, command: str, clock: Callable[[], str], tally: Tally) -> Iterator[Run]:
    """A run of a command. What stops it is noted; what was not yet on disk is given up, in the index too."""
    run = tally.run = ledger.begin_run(store, command, clock())
    how = "interrupted"
    try:
        yield Run(store, run, clock)
        how = "finished"
    except Exception as error:
        if _is_of_ctrl_c(error):
            raise KeyboardInterrupt from None
        how = str(error) or type(error).__name__
        index.drop_writers()
        raise
    finally:
        if how == "interrupted":
            index.drop_writers()
        try:
            ledger.end_run(store, run, clock(), how, tally.reading.bytes_done)
        except Exception:
            if how == "finished":
                raise


def stored_dictionaries(store: Store) -> Dictionaries:
    """The dictionaries of an archive and its list of people, for its workers."""
    found = store.dictionaries()
    return Dictionaries(found["text"], found["record"], found["findings"], store.meta("people") or "")


def own_people(store: Store) -> People | None:
    """The archive's own list of people; None if it has none."""
    text = store.meta("people")
    return read_people(text, PEOPLE) if text else None


def sentence(text: str) -> str:
    """The text with a capital first and a stop last."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def _is_of_ctrl_c(error: BaseException | None) -> bool:
    """Whether an error came of Ctrl-C: it may strike inside a lock of Python's own, which then fails in its turn."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None
