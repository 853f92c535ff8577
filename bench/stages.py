"""Where the parser's time goes: by stage, by function and by cable, so that the next optimiser knows where to look."""

from __future__ import annotations

import cProfile
import functools
import importlib
import pstats
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from reftel.model import Source
from reftel.pipeline.read import parse_source


class Share(NamedTuple):
    """A stage or function and the microseconds it takes of its own for a cable, on the processor."""

    name: str
    microseconds: float


class Slow(NamedTuple):
    """A cable, its length in characters, and the milliseconds it takes on the processor."""

    locator: str
    length: int
    milliseconds: float


def split_stages(sources: list[Source]) -> list[Share]:
    """The stages that `parse` calls, the dearest first; "parse itself" is what is left for its own lines.

    Timed by wrapping the names in the namespaces that call them, so a stage that is added or renamed is seen
    without a change here. Time in one stage that another called is counted to the inner one.
    """
    with _timed_stages() as spent:
        for source in sources:
            parse_source(source)
    return sorted(
        (Share(name, seconds / len(sources) * 1e6) for name, seconds in spent.items()),
        key=lambda share: -share.microseconds,
    )


def split_functions(sources: list[Source], most: int) -> list[Share]:
    """The functions with the most time of their own. A profiler slows small functions down: believe the order only."""
    spent = profile_functions(lambda: [parse_source(source) and None for source in sources])
    shares = [Share(name, seconds / len(sources) * 1e6) for name, seconds in spent.items()]
    return sorted(shares, key=lambda share: -share.microseconds)[:most]


def profile_functions(work: Callable[[], object]) -> dict[str, float]:
    """Seconds of each of Reftel's functions under a profiler; what they call outside it (patterns) is theirs."""
    profile = cProfile.Profile()
    profile.enable()
    work()
    profile.disable()
    spent: dict[str, float] = {}
    rows: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for key, (_, _, own, _, callers) in rows.items():
        if name := _name(key):
            spent[name] = spent.get(name, 0.0) + own
            continue
        for caller, (_, _, _, inside) in callers.items():
            if name := _name(caller):
                spent[name] = spent.get(name, 0.0) + inside
    return spent


def find_slowest(sources: list[Source], most: int) -> list[Slow]:
    """The cables that take longest for their length, the better of two runs each."""
    found = []
    for source in sources:
        best = min(_seconds(source) for _ in range(2))
        found.append(Slow(source.provenance.locator, len(source.text), best * 1e3))
    return sorted(found, key=lambda slow: -slow.milliseconds / max(slow.length, 2000))[:most]


def _seconds(source: Source) -> float:
    begun = time.process_time()
    parse_source(source)
    return time.process_time() - begun


def _name(key: tuple[str, int, str]) -> str:
    """`parse/body.py:93 read_body`; empty for a function that is not Reftel's."""
    file, line, function = key
    _, found, inside = file.replace("\\", "/").rpartition("/reftel/")
    return f"{inside}:{line} {function}" if found else ""


@contextmanager
def _timed_stages() -> Iterator[dict[str, float]]:
    # Not `import reftel.parse`: of the package, that name is the public function.
    package = importlib.import_module("reftel.parse")
    rooms = [package, importlib.import_module("reftel.parse.reading")]
    spent = {"parse itself": 0.0}
    inner = [0.0]  # per open stage: seconds spent in the stages it called
    plain: list[tuple[Any, str, Any]] = []

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        spent.setdefault(name, 0.0)

        @functools.wraps(function)
        def run(*args: Any, **named: Any) -> Any:
            inner.append(0.0)
            begun = time.process_time()
            try:
                return function(*args, **named)
            finally:
                taken = time.process_time() - begun
                spent[name] += taken - inner.pop()
                inner[-1] += taken

        return run

    for room in rooms:
        for name, value in vars(room).items():
            home = getattr(value, "__module__", "") or ""
            if callable(value) and not isinstance(value, type) and home.startswith("reftel.parse.") and name[0] != "_":
                plain.append((room, name, value))
    whole = package.parse
    try:
        for room, name, value in plain:
            setattr(room, name, timed(name, value))
        pipeline = importlib.import_module("reftel.pipeline")
        pipeline.parse = timed("parse itself", whole)  # type: ignore[attr-defined]
        yield spent
    finally:
        for room, name, value in plain:
            setattr(room, name, value)
        pipeline.parse = whole  # type: ignore[attr-defined]
