"""What the workers do: sources to entries, stored records to documents; and how both are told across a pipe."""

from __future__ import annotations

import re
import traceback
from pathlib import PurePath

import msgspec

from reftel.archive.codec import Codec
from reftel.archive.entry import Codecs, Document, Entry, decode_record, make_document, make_entry
from reftel.model import Cable, Record, Source
from reftel.parse import parse
from reftel.query import view_cable


class Crash(Record, frozen=True, tag=True):
    """Reftel itself failed on a source; trace: where."""

    reason: str
    trace: str


class Parsed(Record, frozen=True, tag=True):
    """What came of one source."""

    entry: Entry


class Dictionaries(Record, frozen=True, tag=True):
    """From now on texts and records are packed with these: key -> dictionary."""

    text: dict[int, bytes]
    record: dict[int, bytes]


class ToParse(Record, frozen=True, tag=True):
    """Sources to be made entries of."""

    sources: tuple[Source, ...]


class StoredRecord(Record, frozen=True):
    """A stored text and record, each with the key of its dictionary."""

    key: int
    text: bytes
    text_dictionary: int
    record: bytes
    record_dictionary: int


class ToIndex(Record, frozen=True, tag=True):
    """Stored records to be made documents of."""

    records: tuple[StoredRecord, ...]


class ToParseAgain(Record, frozen=True, tag=True):
    """Stored sources to be parsed anew."""

    records: tuple[StoredRecord, ...]


_FILE = re.compile(r'File "([^"\n]+)"')
Job = ToParse | ToIndex | ToParseAgain
Message = Dictionaries | Job
Answer = tuple[Parsed | Crash, ...] | tuple[Document, ...]


class Hand:
    """One worker: it knows the dictionaries and does job after job."""

    def __init__(self, dictionaries: Dictionaries) -> None:
        self.learn(dictionaries)

    def learn(self, dictionaries: Dictionaries) -> None:
        """Takes other dictionaries."""
        self._codecs = Codecs(Codec(dictionaries.text), Codec(dictionaries.record))

    def parse(self, sources: tuple[Source, ...]) -> tuple[Parsed | Crash, ...]:
        """The entry of each source, or why there is none."""
        return tuple(self._parse(source) for source in sources)

    def parse_again(self, records: tuple[StoredRecord, ...]) -> tuple[Parsed | Crash, ...]:
        """The entry of each stored source, parsed by this version."""
        return self.parse(tuple(self._unpack(record)[1] for record in records))

    def index(self, records: tuple[StoredRecord, ...]) -> tuple[Document, ...]:
        """The document of each stored record."""
        cables = (self._unpack(record)[0] for record in records)
        return tuple(make_document(cable, view_cable(cable)) for cable in cables)

    def _parse(self, source: Source) -> Parsed | Crash:
        try:
            return Parsed(make_entry(source, parse(source), self._codecs))
        except Exception as error:  # our own bug: it goes to the ledger, and the other files go on
            return Crash(f"{type(error).__name__}: {error}", _without_folders(traceback.format_exc()))

    def _unpack(self, stored: StoredRecord) -> tuple[Cable, Source]:
        text = self._codecs.text.unpack(stored.text, stored.text_dictionary).decode()
        return decode_record(self._codecs.record.unpack(stored.record, stored.record_dictionary), text)


def _without_folders(trace: str) -> str:
    """The traceback with the last parts of each path: an archive is given away, and its machine is nobody's concern."""
    return _FILE.sub(lambda match: f'File "{"/".join(PurePath(match[1]).parts[-3:])}"', trace)


encode = msgspec.msgpack.Encoder().encode
decode_message = msgspec.msgpack.Decoder(Message).decode
# Instead of what was asked for, a sentence: why a stored text cannot be read.
decode_parsed = msgspec.msgpack.Decoder(tuple[Parsed | Crash, ...] | str).decode
decode_documents = msgspec.msgpack.Decoder(tuple[Document, ...] | str).decode
