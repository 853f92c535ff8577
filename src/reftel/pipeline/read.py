"""Files and texts to cables, and to what is found in these: read -> parse -> extract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from reftel.errors import UnreadableError
from reftel.model import Cable, Findings, Source
from reftel.parse import parse
from reftel.readers import Failure, Progress, read_sources, read_text

if TYPE_CHECKING:
    from reftel.extract.names import People


def read_cables(
    paths: Iterable[str | Path],
    reader: str | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Iterator[Cable | Failure]:
    """Every cable under the paths, in order, and a Failure for each file that gave none. See readers.read_sources."""
    for item in read_sources(paths, reader=reader, stdin=stdin, progress=progress):
        yield item if isinstance(item, Failure) else parse(item)


def parse_source(source: Source) -> Cable:
    """The cable in a source; never raises."""
    return parse(source)


def find_in(cable: Cable, people: People | None = None) -> Findings:
    """The names and statements of a cable. people: the user's own list."""
    from reftel.extract import extract  # its tables are no use to what only parses

    return extract(cable, people)


def parse_text(text: str) -> Cable:
    """The cable in one text at hand. UnreadableError if no reader takes it for one."""
    try:
        return parse(read_text(text))
    except UnreadableError as error:
        if "\n" not in text and len(text) < 300:  # a path, most likely
            raise UnreadableError(f"{text!r} is not the text of a cable. To read a file, use reftel.read.") from error
        raise
