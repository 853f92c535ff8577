"""file -> Source: one row of READERS for each form in which cables come.

for item in read_sources(["archive.zip", "dump/"]):
    ...  # a Source, or a Failure that says why there is none
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec

from reftel.errors import ReftelError, UnreadableError
from reftel.model import Repair, Source
from reftel.readers.base import CERTAIN, MAX_DOCUMENT, NO, Delivery, Failure, Input, Progress, Reader, make_source
from reftel.readers.cables_csv import read_csv, row_text, sniff_csv, stream_csv
from reftel.readers.decoding import decode, decode_as
from reftel.readers.dump import read_dump, sniff_dump
from reftel.readers.inputs import is_page_part, open_inputs
from reftel.readers.news import page_text, read_news, sniff_news
from reftel.readers.site import is_navigation, read_site, sniff_site
from reftel.readers.streams import read_up_to
from reftel.readers.telegram import read_telegram, sniff_telegram

__all__ = ["READERS", "Delivery", "Failure", "Progress", "Reader", "read_sources", "read_text", "replay"]

READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        Reader("dump", "One dump record: five lines about the cable, then the cable.", sniff_dump, read_dump),
        Reader("site", "A cable's page of the 2011 release site, navigation and all.", sniff_site, read_site),
        Reader(
            "cables-csv",
            "The table of all cables: eight columns, one cable a row.",
            sniff_csv,
            read_csv,
            stream_csv,
        ),
        Reader("news", "A news site's page of a cable, as text or as HTML.", sniff_news, read_news),
        Reader("telegram", "The plain text of one cable, and nothing else.", sniff_telegram, read_telegram),
    )
}


def read_sources(
    paths: Iterable[str | Path],
    reader: str | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Iterator[Source | Failure]:
    """Every cable found under the paths, in order, and a Failure for each file that gave none.

    paths: files, folders, globs, archives, or `-` for stdin. reader: a name of READERS, where sniffing is not
    wanted; UnreadableError if there is none of that name, the only error raised. progress: see Progress.
    """
    forced = _named(reader)
    progress = progress if progress is not None else Progress()
    for item in open_inputs(paths, stdin, progress):
        if isinstance(item, Failure):
            yield item
            continue
        try:
            yield from _read_input(item, forced, progress)
        except ReftelError as error:
            yield Failure(item.locator, str(error))
        except OSError as error:
            yield Failure(item.locator, f"{item.locator} cannot be read: {error.strerror or error}.")


def read_text(text: str, locator: str = "text", reader: str | None = None) -> Source:
    """The Source of one text at hand. UnreadableError if no reader takes it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnreadableError(f"{locator} holds halves of characters (surrogates). Decode it again.") from None
    chosen = _named(reader) or _choose(text, locator)
    return make_source(_deliver(chosen, text, locator), chosen.name, locator)


def replay(raw: bytes, repairs: Iterable[Repair]) -> str:
    """The text that a reader delivered, made again from the raw bytes and the repairs it recorded.

    raw: the file or archive member; for a row of cables.csv the whole file. ValueError for a step that is not
    a reader's.
    """
    steps = [(repair.step, repair.detail) for repair in repairs]
    if len(steps) == 2 and steps[1][0] == "row":
        # Each row is decoded by itself, so the file as a whole need not be decodable.
        encoding = steps[0][1]
        return row_text(decode_as(raw, encoding).encode() if _is_wide(encoding) else raw, int(steps[1][1]))
    text = ""
    for step, detail in steps:
        if step == "decode":
            text = decode_as(raw, detail)
        elif step == "pre":
            text = read_site(text).text
        elif step == "visible-text":
            text = page_text(text)
        else:
            raise ValueError(f"no reader has a step {step!r}")
    return text


def _named(name: str | None) -> Reader | None:
    if name is None:
        return None
    if name not in READERS:
        raise UnreadableError(f"There is no reader {name}. There are: {', '.join(READERS)}.")
    return READERS[name]


def _read_input(item: Input, forced: Reader | None, progress: Progress) -> Iterator[Source | Failure]:
    if item.found and forced is None and is_page_part(item.locator):
        progress.skipped["images, styles and scripts"] += 1
        return
    streaming = _streaming(item.head, forced)
    if streaming is not None and streaming.stream is not None:
        yield from streaming.stream(item.head, item.rest, item.locator)
        return
    raw = item.head + read_up_to(item.rest, MAX_DOCUMENT + 1 - len(item.head))
    if len(raw) > MAX_DOCUMENT:
        raise UnreadableError(
            f"{item.locator} is longer than {MAX_DOCUMENT >> 20} MB, which no single cable is. "
            "Split it into one file a cable."
        )
    text, decoding = decode(raw, item.locator)
    chosen = forced or _choose_or_skip(text, item, progress)
    if chosen is None:
        return
    if chosen.stream is not None:
        # A table in UTF-16: as UTF-8 it can be streamed row by row, and replay does the same.
        for row in chosen.stream(text.encode(), BytesIO(), item.locator):
            yield _with_decoding(row, decoding) if isinstance(row, Source) else row
        return
    yield make_source(_deliver(chosen, text, item.locator), chosen.name, item.locator, [decoding])


def _streaming(head: bytes, forced: Reader | None) -> Reader | None:
    """The reader that takes the file as a stream, if its first bytes already tell."""
    if b"\x00" in head:
        return None  # UTF-16, or no text: decode will tell
    if forced is not None:
        return forced if forced.stream else None
    start = head.removeprefix(b"\xef\xbb\xbf")[:4096].decode("utf-8", "replace")
    return next((row for row in READERS.values() if row.stream and row.sniff(start) == CERTAIN), None)


def _with_decoding(source: Source, decoding: Repair) -> Source:
    provenance = source.provenance
    repairs = (decoding, *provenance.repairs[1:])
    return msgspec.structs.replace(source, provenance=msgspec.structs.replace(provenance, repairs=repairs))


def _is_wide(encoding: str) -> bool:
    return encoding.startswith(("utf-16", "utf-32"))


def _choose_or_skip(text: str, item: Input, progress: Progress) -> Reader | None:
    if item.found and is_navigation(text):
        progress.skipped["pages of the release site that show no cable"] += 1
        return None
    return _choose(text, item.locator)


def _choose(text: str, locator: str) -> Reader:
    """The surest reader of a text. UnreadableError if none is sure at all, or two are equally."""
    if not text.strip():
        raise UnreadableError(f"{locator} is empty. There is nothing to read in it.")
    try:
        sure = {name: reader.sniff(text) for name, reader in READERS.items()}
    except UnreadableError as error:
        raise UnreadableError(f"{locator} cannot be read. {error}") from None
    best = max(sure.values())
    names = [name for name, certainty in sure.items() if certainty == best]
    if best == NO:
        raise UnreadableError(
            f"No reader recognises {locator}. If it is a cable, name a reader with --reader (see: reftel readers)."
        )
    if len(names) > 1:
        raise UnreadableError(
            f"{locator} could be read by {' or '.join(names)}. Name one of them with --reader (see: reftel readers)."
        )
    return READERS[names[0]]


def _deliver(reader: Reader, text: str, locator: str) -> Delivery:
    try:
        return reader.read(text)
    except UnreadableError as error:
        raise UnreadableError(f"{locator} cannot be read as {reader.name}. {error}") from None
