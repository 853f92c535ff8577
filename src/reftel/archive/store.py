"""archive.sqlite, the truth: what was found where, as which cable, and which text leads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from reftel.archive.codec import NONE, Codec, train
from reftel.archive.entry import Card, Codecs, Entry, Rows, decode_record, make_card, make_rows, own_words
from reftel.archive.findings import (
    NO_ROWS,
    Found,
    decode_findings,
    make_finding_rows,
    write_finding_rows,
)
from reftel.archive.schema import prepare
from reftel.archive.witnesses import Weight, are_alike, decode_weight, encode_weight, rank
from reftel.errors import ReftelError
from reftel.model import Cable, Defect, Findings, Source
from reftel.query import view_cable

FILE = "archive.sqlite"
_PAGE = 8192  # bytes; most texts and records fit into one
_BUSY = 30_000  # milliseconds that a reader waits for a writer, and the other way round


class Witness(NamedTuple):
    """One source of a cable. leads: whether its text stands for the cable."""

    key: int
    locator: str
    reader: str
    characters: int
    weight: Weight
    superseded: bool
    leads: bool


class Kept(NamedTuple):
    """What putting an entry did.

    fresh: the cable was not there before and shares its id with none, so that the index can take the entry's document as it
    is, as change number `changed`. replaced: whether another text was at its place.
    """

    source: int
    cable: int
    changed: int
    replaced: bool
    fresh: bool


class Named(NamedTuple):
    """A cable in a list."""

    key: int
    id: str | None
    card: Card
    collides: bool


class Store:
    """One connection to the truth. Reading is always allowed; writing needs the lock (lock.py) and `transaction`."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.path = folder / FILE
        if not create and not self.path.exists():
            raise ReftelError(f"There is no archive in {folder}. To begin one: reftel add --archive {folder} PATH...")
        with said_of_damage(self.path):
            self.connection = sqlite3.connect(
                self.path, timeout=_BUSY / 1000, isolation_level=None, check_same_thread=False
            )
            if create:
                self.connection.execute(f"PRAGMA page_size = {_PAGE}")
            try:
                prepare(self.connection, self.path.name)
                self.connection.execute("PRAGMA journal_mode = WAL")
                self.connection.execute("PRAGMA synchronous = FULL")
                self.connection.execute("PRAGMA cache_size = -65536")
                self.codecs = self._load_codecs()
            except BaseException:
                self.connection.close()
                raise

    def close(self) -> None:
        self.connection.close()

    def execute(self, sql: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """One statement; ReftelError where the file is damaged or the disk is full."""
        with said_of_damage(self.path):
            return self.connection.execute(sql, tuple(values))

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows at once: a damaged page may come to light at any of them."""
        with said_of_damage(self.path):
            return self.connection.execute(sql, tuple(values)).fetchall()

    def column(self, sql: str, *values: Any) -> list[Any]:
        """The first column of all rows."""
        with said_of_damage(self.path):
            return [row[0] for row in self.connection.execute(sql, values)]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; on disk when it ends."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:  # a full disk has already rolled it back
                self.connection.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    # ---- what is there

    def __len__(self) -> int:
        """How many cables there are."""
        return int(self.column("SELECT count(*) FROM cables WHERE lead IS NOT NULL")[0])

    def find_digest(self, digest: bytes) -> tuple[int, str, bool] | None:
        """Key, locator and whether superseded, of the source that is the same thing; None if there is none."""
        row = self.execute("SELECT key, locator, superseded FROM sources WHERE digest = ?", (digest,)).fetchone()
        return (row[0], row[1], bool(row[2])) if row else None

    def cables_named(self, cable_id: str) -> list[Named]:
        """The cables of an id: none, one, or several whose texts differ, the oldest first."""
        return self._list("WHERE c.id = ? AND c.lead IS NOT NULL ORDER BY c.key", cable_id)

    def names(self, keys: Iterable[int]) -> dict[int, Named]:
        """Some cables as lists show them."""
        marks = msgspec.json.encode(list(keys)).decode()
        found = self._list("WHERE c.key IN (SELECT value FROM json_each(?)) AND c.lead IS NOT NULL", marks)
        return {named.key: named for named in found}

    def address(self, named: Named) -> str:
        """What a cable is called by: its id, `id~2` where several have it, `#key` where it has none."""
        if named.id is None:
            return f"#{named.key}"
        if not named.collides:
            return named.id
        keys = [other.key for other in self.cables_named(named.id)]
        return f"{named.id}~{keys.index(named.key) + 1}"

    def _list(self, where: str, *values: Any) -> list[Named]:
        sql = f"SELECT key, id, collides, date, post, country, classification, subject FROM cables c {where}"
        return [Named(row[0], row[1], Card(*row[3:]), bool(row[2])) for row in self.rows(sql, values)]

    def cable(self, key: int) -> Cable:
        """A cable by its leading text, with the defect that hangs on its neighbours. KeyError if there is none."""
        sql = "SELECT lead, collides, id FROM cables WHERE key = ? AND lead IS NOT NULL"
        row = self.execute(sql, (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        cable = self.source(row[0])[0]
        if cable.id != row[2]:
            raise DamagedError(
                f"archive.sqlite is damaged (cable {key} is not {row[2]}). Run `reftel doctor`; it says what to do."
            )
        if row[1]:
            cable = msgspec.structs.replace(cable, defects=(*cable.defects, self._collision(key, cable.id)))
        return cable

    def source(self, key: int) -> tuple[Cable, Source]:
        """What one source holds: the cable parsed from it, and the source itself."""
        row = self.packed(key)
        text = self.codecs.text.unpack(row[0], row[1]).decode()
        return decode_record(self.codecs.record.unpack(row[2], row[3]), text)

    def findings(self, key: int) -> Findings | None:
        """What was found in the leading text of a cable; None if nobody has looked. KeyError if there is no such cable."""
        lead = self.column("SELECT lead FROM cables WHERE key = ? AND lead IS NOT NULL", key)
        if not lead:
            raise KeyError(key)
        return self.source_findings(lead[0])

    def source_findings(self, source: int) -> Findings | None:
        """What was found in the text of one source; None if nobody has looked."""
        row = self.packed_findings(source)
        return decode_findings(self.codecs.findings.unpack(*row)) if row else None

    def findings_of(self, cable: Cable) -> Findings | None:
        """What was found in a cable that this archive gave; None if nobody has looked."""
        held = self.column(
            "SELECT key FROM sources WHERE sha256 = ? AND reader = ? ORDER BY locator = ? DESC, key",
            cable.source.sha256,
            cable.source.reader,
            cable.source.locator,
        )
        return self.source_findings(held[0]) if held else None

    def packed_findings(self, source: int) -> tuple[bytes, int] | None:
        """The findings of a source as they are stored, with the key of their dictionary; None if there are none."""
        row: tuple[bytes, int] | None = self.execute(
            "SELECT packed, dictionary FROM findings WHERE source = ?", (source,)
        ).fetchone()
        if row is not None and not self.codecs.findings.knows(row[1]):
            self.codecs = self._load_codecs()  # another process has learnt since
        return row

    def packed(self, source: int) -> tuple[bytes, int, bytes, int]:
        """A source's text and record as they are stored, each with the key of its dictionary."""
        row: tuple[bytes, int, bytes, int] | None = self.execute(
            "SELECT text, text_dictionary, record, record_dictionary FROM texts WHERE source = ?", (source,)
        ).fetchone()
        if row is None:
            raise ReftelError("A stored text is missing. Run `reftel doctor` to see what is hit and what can be done.")
        if not (self.codecs.text.knows(row[1]) and self.codecs.record.knows(row[3])):
            self.codecs = self._load_codecs()
        return row

    def witnesses(self, key: int) -> list[Witness]:
        """The sources of a cable, the leading one first."""
        lead = self.column("SELECT lead FROM cables WHERE key = ?", key)
        found = [
            Witness(row[0], row[1], row[2], row[3], decode_weight(row[4]), bool(row[5]), row[0] in lead)
            for row in self.rows(
                "SELECT key, locator, reader, characters, weight, superseded FROM sources WHERE cable = ?", (key,)
            )
        ]
        return sorted(found, key=lambda w: rank(w.weight, w.superseded, w.key))

    def carriers(self, key: int) -> list[str]:
        """The readers of a cable's sources, by name."""
        return self.column("SELECT DISTINCT reader FROM sources WHERE cable = ? ORDER BY reader", key)

    def changes(self, since: int) -> list[tuple[int, int, bool]]:
        """The cables that changed after number `since`, in order: key, number of the change, whether it is still there."""
        rows = self.rows(
            "SELECT key, changed, lead IS NOT NULL FROM cables WHERE changed > ? ORDER BY changed", (since,)
        )
        return [(row[0], row[1], bool(row[2])) for row in rows]

    def last_change(self) -> int:
        """The number of the newest change; 0 in an empty archive."""
        return int(self.column("SELECT coalesce(max(changed), 0) FROM cables")[0])

    # ---- putting things in: inside a transaction

    def put(self, entry: Entry, parser: str) -> Kept:
        """Keeps an entry whose digest is new: as a new cable, or as another witness of one that is there."""
        provenance = entry.provenance
        cable = self._witness_of(entry)
        is_new = cable is None
        if cable is None:
            cable = self._new_cable(entry)
        source = self._insert(
            "INSERT INTO sources(cable, locator, reader, digest, sha256, characters, parser, weight)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
            cable,
            provenance.locator,
            provenance.reader,
            entry.digest,
            provenance.sha256,
            entry.characters,
            parser,
            encode_weight(entry.weight),
        )
        self._insert(
            "INSERT INTO texts VALUES(?, ?, ?, ?, ?)",
            source,
            entry.text,
            entry.text_dictionary,
            entry.record,
            entry.record_dictionary,
        )
        if entry.found is not None:
            self._keep_found(source, entry.found)
        replaced = self._supersede(provenance.locator, source)
        if is_new:
            self.execute("UPDATE cables SET lead = ? WHERE key = ?", (source, cable))
            self._insert_rows(cable, entry.rows)
            if entry.found is not None:
                self._write_found(cable, entry.found)
        else:
            self._elect(cable)
        changed, collides = self.execute("SELECT changed, collides FROM cables WHERE key = ?", (cable,)).fetchone()
        return Kept(source, cable, changed, replaced, is_new and not collides)

    def found_again(self, source: int, locator: str) -> bool:
        """A text that is kept stands at a place, be it its own again or another; whether a different one stood there before.

        Its own place stays the first, until another text is found there: then it has moved.
        """
        cable, superseded = self.execute("SELECT cable, superseded FROM sources WHERE key = ?", (source,)).fetchone()
        if superseded:
            self.execute("UPDATE sources SET superseded = 0, locator = ? WHERE key = ?", (locator, source))
        replaced = self._supersede(locator, source)
        if superseded:
            self._elect(cable)
        return replaced

    def reparsed(self, source: int, entry: Entry, parser: str) -> None:
        """The entry of a newer parser takes the place of an older one's; the source may turn out to be another cable's."""
        old = int(self.column("SELECT cable FROM sources WHERE key = ?", source)[0])
        old_id = self.column("SELECT id FROM cables WHERE key = ?", old)[0]
        self.execute(
            "UPDATE sources SET parser = ?, weight = ? WHERE key = ?", (parser, encode_weight(entry.weight), source)
        )
        self.execute(
            "UPDATE texts SET record = ?, record_dictionary = ? WHERE source = ?",
            (entry.record, entry.record_dictionary, source),
        )
        # what an older parse was looked through for points into paragraphs that may be others now
        self.execute("DELETE FROM findings WHERE source = ?", (source,))
        if entry.found is not None:
            self._keep_found(source, entry.found)
        cable = old
        if entry.id != old_id:
            cable = self._witness_of(entry) or self._new_cable(entry)
            self.execute("UPDATE sources SET cable = ? WHERE key = ?", (cable, source))
            self._elect(old)
            self._settle(old_id)
        self._elect(cable, renew=True)

    def put_found(self, source: int, found: Found) -> None:
        """Keeps what was found in a source, in the place of what an older extractor found. The index must follow if it leads."""
        self._keep_found(source, found)
        for cable in self.column("SELECT key FROM cables WHERE lead = ?", source):
            self._write_found(cable, found)
            self.execute("UPDATE cables SET changed = ? WHERE key = ?", (self._next_change(), cable))

    def drop_findings(self, source: int) -> None:
        """Takes out what was found in a source; it counts as not looked through from now on."""
        self.execute("DELETE FROM findings WHERE source = ?", (source,))
        for cable in self.column("SELECT key FROM cables WHERE lead = ?", source):
            self._write_found(cable, None)
            self.execute("UPDATE cables SET changed = ? WHERE key = ?", (self._next_change(), cable))

    def learn(self, samples: Mapping[str, list[bytes]]) -> None:
        """Trains dictionaries on the first texts, records and findings, by kind, and packs with them from now on."""
        for kind, known in samples.items():
            data = train(known)
            if data is not None:
                self.execute("INSERT INTO dictionaries(kind, data) VALUES(?, ?)", (kind, data))
        self.codecs = self._load_codecs()

    @property
    def has_learnt(self) -> bool:
        """Whether there are dictionaries of texts and records."""
        return self.codecs.text.key != NONE or self.codecs.record.key != NONE

    @property
    def knows_findings(self) -> bool:
        """Whether there is a dictionary of findings."""
        return self.codecs.findings.key != NONE

    def dictionaries(self) -> dict[str, dict[int, bytes]]:
        """Kind -> key -> dictionary."""
        found: dict[str, dict[int, bytes]] = {"text": {}, "record": {}, "findings": {}}
        for key, kind, data in self.rows("SELECT key, kind, data FROM dictionaries"):
            found[kind][key] = data
        return found

    def meta(self, name: str) -> str | None:
        """A setting of the archive itself."""
        row = self.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_meta(self, name: str, value: str) -> None:
        self.execute("INSERT OR REPLACE INTO meta VALUES(?, ?)", (name, value))

    def rewrite_rows(self, key: int) -> None:
        """Makes the rows that are derived from a cable's leading record, and from what was found in it, again."""
        lead = self.column("SELECT lead FROM cables WHERE key = ?", key)[0]
        cable = self.source(lead)[0]
        self._write_rows(key, make_rows(cable))
        self._follow_lead(key, lead, cable)
        self._write_card(key, cable)
        self.execute("UPDATE cables SET id = ? WHERE key = ?", (cable.id, key))

    # ---- below

    def _load_codecs(self) -> Codecs:
        found = self.dictionaries()

        def codec(kind: str) -> Codec:
            return Codec(found[kind], lambda: self.dictionaries()[kind])

        return Codecs(codec("text"), codec("record"), codec("findings"))

    def _insert(self, sql: str, *values: Any) -> int:
        key = self.execute(sql, values).lastrowid
        assert key is not None
        return key

    def _next_change(self) -> int:
        return self.last_change() + 1

    def _new_cable(self, entry: Entry) -> int:
        key = self._insert(
            "INSERT INTO cables(id, changed, date, post, country, classification, subject) VALUES(?, ?, ?, ?, ?, ?, ?)",
            entry.id,
            self._next_change(),
            *msgspec.structs.astuple(entry.card),
        )
        if entry.id is not None:
            others = [named.key for named in self.cables_named(entry.id)]
            for other in (*others, key) if others else ():
                self.execute("UPDATE cables SET collides = 1, changed = ? WHERE key = ?", (self._next_change(), other))
        return key

    def _settle(self, cable_id: str | None) -> None:
        """Of the cables of an id one may have gone: a last one collides with none."""
        named = self.cables_named(cable_id) if cable_id is not None else []
        if len(named) == 1 and named[0].collides:
            self.execute(
                "UPDATE cables SET collides = 0, changed = ? WHERE key = ?", (self._next_change(), named[0].key)
            )

    def _witness_of(self, entry: Entry) -> int | None:
        """The cable that the entry is another copy of; None if there is none."""
        if entry.id is None:
            return None
        found = self.cables_named(entry.id)
        if not found:
            return None
        words = self._own_words(entry)
        return next(
            (named.key for named in found if are_alike(words, own_words(view_cable(self.cable(named.key))))), None
        )

    def _own_words(self, entry: Entry) -> list[str]:
        text = self.codecs.text.unpack(entry.text, entry.text_dictionary).decode()
        return own_words(
            view_cable(decode_record(self.codecs.record.unpack(entry.record, entry.record_dictionary), text)[0])
        )

    def _supersede(self, locator: str, source: int) -> bool:
        """Marks what stood at the locator before; whether there was anything."""
        before = self.execute(
            "SELECT key, cable FROM sources WHERE locator = ? AND key <> ? AND NOT superseded", (locator, source)
        ).fetchall()
        for key, cable in before:
            self.execute("UPDATE sources SET superseded = 1 WHERE key = ?", (key,))
            self._elect(cable)
        return bool(before)

    def _elect(self, cable: int, renew: bool = False) -> None:
        """Lets the best witness lead. The index must follow either way: the carriers have changed."""
        witnesses = self.witnesses(cable)
        old = self.column("SELECT lead FROM cables WHERE key = ?", cable)[0]
        lead = witnesses[0].key if witnesses else None
        self.execute("UPDATE cables SET lead = ?, changed = ? WHERE key = ?", (lead, self._next_change(), cable))
        if lead is None:
            self._write_rows(cable, Rows((), (), ()))
            self._write_found(cable, None)
        elif lead != old or renew:
            parsed = self.source(lead)[0]
            self._write_rows(cable, make_rows(parsed))
            self._write_card(cable, parsed)
            self._follow_lead(cable, lead, parsed)

    def _keep_found(self, source: int, found: Found) -> None:
        self.execute(
            "INSERT OR REPLACE INTO findings VALUES(?, ?, ?, ?)",
            (source, found.versions, found.packed, found.dictionary),
        )

    def _write_found(self, cable: int, found: Found | None) -> None:
        with said_of_damage(self.path):
            write_finding_rows(self.connection, cable, found.rows if found is not None else NO_ROWS)

    def _follow_lead(self, cable: int, lead: int, parsed: Cable) -> None:
        """The statements and entities of a cable are those of the text that leads."""
        findings = self.source_findings(lead)
        with said_of_damage(self.path):
            rows = make_finding_rows(parsed, findings) if findings is not None else NO_ROWS
            write_finding_rows(self.connection, cable, rows)

    def _write_card(self, key: int, cable: Cable) -> None:
        self.execute(
            "UPDATE cables SET date = ?, post = ?, country = ?, classification = ?, subject = ? WHERE key = ?",
            (*msgspec.structs.astuple(make_card(cable)), key),
        )

    def _write_rows(self, cable: int, rows: Rows) -> None:
        for table in ("paragraphs", "cable_references", "defects"):
            self.execute(f"DELETE FROM {table} WHERE cable = ?", (cable,))
        self._insert_rows(cable, rows)

    def _insert_rows(self, cable: int, rows: Rows) -> None:
        tables = (
            ("paragraphs", rows.paragraphs, 7),
            ("cable_references", rows.references, 6),
            ("defects", rows.defects, 6),
        )
        with said_of_damage(self.path):
            for table, values, width in tables:
                marks = ", ".join("?" * width)
                self.connection.executemany(
                    f"INSERT INTO {table} VALUES({marks})", [(cable, *value) for value in values]
                )

    def _collision(self, key: int, cable_id: str | None) -> Defect:
        others = [named.key for named in self.cables_named(cable_id or "") if named.key != key]
        found = ", ".join(w.locator for other in others for w in self.witnesses(other)[:1])
        return Defect("id-collides", None, f"another text under this id is in {found}")


@contextmanager
def said_of_damage(path: Path) -> Iterator[None]:
    """Turns what SQLite raises of a full disk, a damaged or a foreign file into a sentence."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise _damaged(path, error) from None
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise DiskFullError(
                "The disk is full. What was reported as added is kept; free some space and run the same command again."
            ) from None
        if code == sqlite3.SQLITE_IOERR:
            raise DiskFullError(
                f"The disk does not take or give any more ({error}). What was reported as added is kept; "
                "see to the disk and run the same command again."
            ) from None
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise ReftelError(f"{path.name} is held by another process. Try again when it has ended.") from None
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            raise ReftelError(f"{path} cannot be opened for writing ({error}). Check its permissions.") from None
        if str(error).startswith(_OF_DAMAGE):
            raise _damaged(path, error) from None
        raise
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise _damaged(path, error) from None
        raise


# What SQLite and Python say where the page of the schema is damaged, or a text is no UTF-8.
_OF_DAMAGE = ("no such table", "no such column", "unsupported file format", "Could not decode to UTF-8")


def _damaged(path: Path, error: Exception) -> DamagedError:
    said = " ".join(str(error).split())[:200]
    return DamagedError(
        f"{path.name} is damaged ({said}). Run `reftel doctor`; it says what can still be read and what to do."
    )


class DiskFullError(ReftelError):
    """The disk took no more; what was committed before is whole."""


class DamagedError(ReftelError):
    """SQLite found a page that it cannot have written."""
