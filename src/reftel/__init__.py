"""Reftel: diplomatic cables in, typed and fully accounted-for records out.

import reftel

for cable in reftel.read("dump/"):
    print(cable.id, cable.dtg, cable.subject)

Everything typed points back into `cable.text` with a Span: `span.of(cable.text)` is what was printed there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from os import PathLike, fspath
from types import ModuleType
from typing import TYPE_CHECKING, Any

from reftel.errors import DEFECTS, ReftelError

if TYPE_CHECKING:
    from reftel.archive.search import Hit, Result
    from reftel.model import SEGMENT_KINDS, Cable, Defect, Entity, Findings, Segment, Source, Span, Statement
    from reftel.query import Query, QueryError
    from reftel.readers import Failure
    from reftel.workbench import Archive

__all__ = [
    "DEFECTS",
    "SEGMENT_KINDS",
    "Archive",
    "Cable",
    "Defect",
    "Entity",
    "Failure",
    "Findings",
    "Hit",
    "Query",
    "QueryError",
    "ReftelError",
    "Result",
    "Segment",
    "Source",
    "Span",
    "Statement",
    "extract",
    "parse",
    "read",
]

# Fetched when first asked for: `reftel --help` needs none of them, and msgspec and the readers take 0.2 s to load.
_LATER = {
    "SEGMENT_KINDS": "reftel.model",
    "Archive": "reftel.workbench",
    "Cable": "reftel.model",
    "Defect": "reftel.model",
    "Entity": "reftel.model",
    "Failure": "reftel.readers",
    "Findings": "reftel.model",
    "Hit": "reftel.archive.search",
    "Query": "reftel.query",
    "QueryError": "reftel.query",
    "Result": "reftel.archive.search",
    "Segment": "reftel.model",
    "Source": "reftel.model",
    "Span": "reftel.model",
    "Statement": "reftel.model",
}


def read(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]],
    *,
    reader: str | None = None,
    failures: list[Failure] | None = None,
) -> Iterator[Cable]:
    """The cables of a file, folder, pattern or archive, or of several, one by one and in order.

    failures: a list of yours that takes a Failure (locator, reason) for each file, member or row that gave no cable, while
    reading goes on. Without it the first of them raises ReftelError. reader: see `reftel readers`; else told by content.

    bad = []
    cables = {cable.id: cable for cable in reftel.read("dump/", failures=bad)}
    """
    from reftel.pipeline.read import read_cables
    from reftel.readers import Failure

    if not isinstance(paths, (str, PathLike, Iterable)) or isinstance(paths, bytes):
        raise TypeError(f"read takes a path or several, not {type(paths).__name__}. For a text, use reftel.parse.")
    named = [paths] if isinstance(paths, (str, PathLike)) else list(paths)
    for item in read_cables([fspath(path) for path in named], reader=reader):
        if not isinstance(item, Failure):
            yield item
        elif failures is not None:
            failures.append(item)
        else:
            error = ReftelError(item.reason)
            error.add_note("To read on past such files, pass a list that takes them: failures=[].")
            raise error


def parse(source: Source | str) -> Cable:
    """The cable in a Source, or in the text of one, however it is damaged: what is odd is in `cable.defects`.

    ReftelError if the text looks like no form of cable at all; a Source never raises. TypeError for anything else.
    """
    from reftel.model import Source
    from reftel.pipeline.read import parse_source, parse_text

    if isinstance(source, str):
        return parse_text(source)
    if not isinstance(source, Source):
        raise TypeError(
            f"parse takes the text of a cable as a str, or a Source, not {type(source).__name__}. "
            "To read a file, use reftel.read."
        )
    return parse_source(source)


def extract(cable: Cable) -> Findings:
    """The names and statements of a cable: who is named in it, and who is told to have said what.

    for statement in reftel.extract(cable).statements:
        print(statement.speaker, statement.cue and statement.cue.of(cable.text))
    """
    from reftel.model import Cable
    from reftel.pipeline.read import find_in

    if not isinstance(cable, Cable):
        raise TypeError(f"extract takes a Cable, not {type(cable).__name__}. For a text, use reftel.parse first.")
    return find_in(cable)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("reftel")
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module 'reftel' has no attribute {name!r}")


class _Package(ModuleType):
    """This package: importing its sub-packages `parse` and `extract` does not hide the functions of those names."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in ("parse", "extract") or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
