"""What the workers do: sources to entries, stored records to documents and findings; and how these are told across a pipe."""

from __future__ import annotations

import re
import traceback
from pathlib import PurePath

import msgspec

from reftel.archive.codec import Codec
from reftel.archive.entry import Codecs, Document, Entry, decode_record, make_document, make_entry
from reftel.archive.findings import Found, decode_findings, pack_findings
from reftel.extract import extract
from reftel.extract.names import People, read_people
from reftel.model import Cable, Findings, Record, Source
from reftel.parse import parse
from reftel.query import view_cable


class Crash(Record, frozen=True, tag=True):
    """Reftel itself failed on a source; trace: where."""

    reason: str
    trace: str


class Parsed(Record, frozen=True, tag=True):
    """What came of one source. crash: where an extractor failed on its cable, which is kept all the same."""

    entry: Entry
    crash: Crash | None = None


class Dictionaries(Record, frozen=True, tag=True):
    """From now on texts, records and findings are packed with these: key -> dictionary. people: the archive's own list, "" if none."""

    text: dict[int, bytes]
    record: dict[int, bytes]
    findings: dict[int, bytes]
    people: str = ""


class ToParse(Record, frozen=True, tag=True):
    """Sources to be made entries of. extracts: whether the cables are looked through for names and statements too."""

    sources: tuple[Source, ...]
    extracts: bool


class StoredRecord(Record, frozen=True):
    """A stored text and record, and what was found in it if somebody looked; each with the key of its dictionary."""

    key: int
    text: bytes
    text_dictionary: int
    record: bytes
    record_dictionary: int
    findings: tuple[bytes, int] | None = None


class ToIndex(Record, frozen=True, tag=True):
    """Stored records to be made documents of."""

    records: tuple[StoredRecord, ...]


class ToParseAgain(Record, frozen=True, tag=True):
    """Stored sources to be parsed anew; what was looked through is looked through anew."""

    records: tuple[StoredRecord, ...]


class ToExtract(Record, frozen=True, tag=True):
    """Stored records to be looked through for names and statements."""

    records: tuple[StoredRecord, ...]


PEOPLE = "of the archive"  # what errors call its list
_FILE = re.compile(r'File "([^"\n]+)"')
Job = ToParse | ToIndex | ToParseAgain | ToExtract
Message = Dictionaries | Job


class Hand:
    """One worker: it knows the dictionaries and does job after job."""

    def __init__(self, dictionaries: Dictionaries) -> None:
        self.learn(dictionaries)

    def learn(self, dictionaries: Dictionaries) -> None:
        """Takes other dictionaries, and another list of people."""
        self._people = read_people(dictionaries.people, PEOPLE) if dictionaries.people else None
        self._codecs = Codecs(Codec(dictionaries.text), Codec(dictionaries.record), Codec(dictionaries.findings))

    def parse(self, job: ToParse) -> tuple[Parsed | Crash, ...]:
        """The entry of each source, or why there is none."""
        return tuple(self._parse(source, job.extracts) for source in job.sources)

    def parse_again(self, job: ToParseAgain) -> tuple[Parsed | Crash, ...]:
        """The entry of each stored source, parsed by this version."""
        return tuple(self._parse(self._unpack(record)[1], record.findings is not None) for record in job.records)

    def extract(self, job: ToExtract) -> tuple[Found | Crash, ...]:
        """What is found in each stored record, or why there is nothing."""
        return tuple(self._extract_stored(record) for record in job.records)

    def index(self, job: ToIndex) -> tuple[Document, ...]:
        """The document of each stored record."""
        return tuple(self._document(record) for record in job.records)

    def _parse(self, source: Source, extracts: bool) -> Parsed | Crash:
        try:
            cable = parse(source)
            findings = _extract(cable, self._people) if extracts else None
            crash = findings if isinstance(findings, Crash) else None
            found = findings if isinstance(findings, Findings) else None
            return Parsed(make_entry(source, cable, self._codecs, found), crash)
        except Exception as error:  # our own bug: it goes to the ledger, and the other files go on
            return _crash(error)

    def _extract_stored(self, stored: StoredRecord) -> Found | Crash:
        cable, _ = self._unpack(stored)
        findings = _extract(cable, self._people)
        return findings if isinstance(findings, Crash) else pack_findings(cable, findings, self._codecs.findings)

    def _document(self, stored: StoredRecord) -> Document:
        cable, _ = self._unpack(stored)
        findings = decode_findings(self._codecs.findings.unpack(*stored.findings)) if stored.findings else None
        return make_document(cable, view_cable(cable), findings)

    def _unpack(self, stored: StoredRecord) -> tuple[Cable, Source]:
        text = self._codecs.text.unpack(stored.text, stored.text_dictionary).decode()
        return decode_record(self._codecs.record.unpack(stored.record, stored.record_dictionary), text)


def _extract(cable: Cable, people: People | None) -> Findings | Crash:
    try:
        return extract(cable, people)
    except Exception as error:  # our own bug, as above
        return _crash(error)


def _crash(error: Exception) -> Crash:
    return Crash(f"{type(error).__name__}: {error}", _without_folders(traceback.format_exc()))


def _without_folders(trace: str) -> str:
    """The traceback with the last parts of each path: an archive is given away, and its machine is nobody's concern."""
    return _FILE.sub(lambda match: f'File "{"/".join(PurePath(match[1]).parts[-3:])}"', trace)


encode = msgspec.msgpack.Encoder().encode
decode_message = msgspec.msgpack.Decoder(Message).decode
# Instead of what was asked for, a sentence: why a stored text cannot be read.
decode_parsed = msgspec.msgpack.Decoder(tuple[Parsed | Crash, ...] | str).decode
decode_found = msgspec.msgpack.Decoder(tuple[Found | Crash, ...] | str).decode
decode_documents = msgspec.msgpack.Decoder(tuple[Document, ...] | str).decode
