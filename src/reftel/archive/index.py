"""The search index: three Tantivy indexes, of cables, their passages and their statements, and a note of how far they follow the truth.

All of it can be deleted at any time. What is in it is made of `Document`s alone, and those of the stored records.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec
import tantivy

from reftel.archive.entry import SAID_TERMS, SAID_WORDS, Document, StatementDocument
from reftel.archive.segments import PARTS, STATE, Stamps, is_whole, stamp_files, touched_files
from reftel.archive.store import DiskFullError
from reftel.errors import ReftelError
from reftel.model import Record
from reftel.query.said import CONTENT, HEADING, PARAGRAPH, SENTENCE
from reftel.query.tree import Said
from reftel.query.view import GAP, LAST

SCHEMA = 3  # counts up when documents get other fields; an index of another number is built anew
FOLDER = "index"
_MOST_WORDS = 100_000  # whose frequency is kept
_HEAPS = {"cables": 160 << 20, "passages": 160 << 20, "statements": 160 << 20}  # bytes, of each writer
FACETS = ("year", "post", "country", "classification", "tag", "carrier")
TEXT_FIELDS = (
    "text",
    "subject",
    "heading",
    "summary",
    "comment",
    "action",
    "signer",
    "classified-by",
    "from",
    "to",
    "info",
    *SAID_WORDS,
)
TERM_FIELDS = (
    "from",
    "to",
    "info",
    "tag",
    "class",
    "caption",
    "ref",
    "mark",
    "has",
    "defect",
    "precedence",
    "id",
    "carrier",
    *SAID_TERMS,
)
NUMBER_FIELDS = ("date", "length", "section")
COLLIDES = "id-collides"
# What `about` is asked of in the index of statements. Of the paragraph it has words without their places, which would take three times
# the room: phrases are asked of the index of passages, and joined.
ABOUT = {CONTENT: "w_content", SENTENCE: "w_sentence", HEADING: "w_heading", PARAGRAPH: "w_paragraph"}
_ORDINAL_BITS = 20  # of a place; the largest message that was ever sent has fewer passages and statements
_UNDATED = 99999999

# Between the passages of a field stand words that the tokenizer drops but counts, so that no phrase crosses them.
_FILLER = "\x01"
_BETWEEN = f" {' '.join([_FILLER] * GAP)} "


class State(Record, frozen=True):
    """archive: the id of the archive the index was made of. changed: the last change of the truth that is in it.

    stamps: of the files as they were written; see segments.py.
    """

    schema: int
    archive: str
    changed: int
    stamps: Stamps = msgspec.field(default_factory=dict)


def text_field(name: str) -> str:
    """The index's field for a text field of the query language."""
    return f"w_{name.replace('-', '_')}"


def term_field(name: str) -> str:
    """The index's field for a keyword field of the query language."""
    return f"t_{name.replace('-', '_')}"


def number_field(name: str) -> str:
    """The index's field for a number field of the query language."""
    return f"n_{name.replace('-', '_')}"


def facet_field(name: str) -> str:
    """The index's field for a facet."""
    return f"f_{name}"


def place_of(key: int, ordinal: int) -> int:
    """A passage or statement as one number: the key of its cable and its place among the cable's."""
    return key << _ORDINAL_BITS | ordinal


def split_place(place: int) -> tuple[int, int]:
    """Key and ordinal of a place."""
    return place >> _ORDINAL_BITS, place & (1 << _ORDINAL_BITS) - 1


class Index:
    """The index of one archive. Whoever writes holds the archive's lock; reading sees the last commit."""

    def __init__(self, folder: Path, archive: str) -> None:
        self.folder = folder / FOLDER
        self._archive = archive
        self._writers: tuple[tantivy.IndexWriter, ...] | None = None
        self.pending: dict[int, int] = {}  # what was added since the last commit: key -> number of the change
        self.is_touched = False  # whether files look as if somebody had written to them, and yet are whole
        # since the last commit: what statements answered, as the keys of their cables; in how many cables words stand
        self.kept: dict[Said, list[int]] = {}
        self._frequencies: dict[str, int] = {}
        self.state: State | None = None
        self.refresh()

    @property
    def changed(self) -> int:
        """The last change of the truth that can be found."""
        return self.state.changed if self.state else 0

    @property
    def exists(self) -> bool:
        """Whether there is anything to search in."""
        return self.state is not None

    @staticmethod
    def discard(folder: Path) -> None:
        """Throws the index of an archive away. Needs the lock."""
        shutil.rmtree(folder / FOLDER, ignore_errors=True)

    def clear(self) -> None:
        """Throws the index away and begins an empty one. Needs the lock."""
        self.drop_writers()
        self.discard(self.folder.parent)
        for name in PARTS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.cables = tantivy.Index(_cable_schema(), str(self.folder / "cables"))
        self.passages = tantivy.Index(_passage_schema(), str(self.folder / "passages"))
        self.statements = tantivy.Index(_statement_schema(), str(self.folder / "statements"))
        self._register()
        self._write_state(0)

    def refresh(self) -> None:
        """Sees what was committed since, by this process or another; afterwards there may be no index any more."""
        was, self.state = self.state, self._read_state()
        if self.state is None or self.state == was:
            return
        self._forget()
        self._check_files(self.state)
        if was is None:
            with said_of_reading():
                self._open()
        else:
            self._reload()

    def add(self, key: int, changed: int, document: Document, carriers: Iterable[str], collides: bool) -> None:
        """A cable that the index does not hold."""
        cables, passages, statements = self._writing()
        self.pending[key] = changed
        with _said():
            cables.add_document(_make_cable(key, changed, document, carriers, collides))
            for ordinal, words in enumerate(document.words["text"]):
                if words:
                    found = tantivy.Document()
                    found.add_integer("key", key)
                    found.add_integer("place", place_of(key, ordinal))
                    found.add_text("words", words)
                    passages.add_document(found)
            for ordinal, statement in enumerate(document.statements):
                statements.add_document(_make_statement(key, ordinal, statement))

    def remove(self, key: int) -> None:
        """Takes a cable out, if it is in."""
        self.pending.pop(key, None)
        for writer in self._writing():
            with _said():
                writer.delete_documents_by_term("key", key)

    def commit(self, changed: int) -> None:
        """Everything up to this change of the truth can be found from now on, also after a crash."""
        if not self.exists:
            self.clear()
        if self._writers is not None:
            with _said():
                for writer in self._writers:
                    writer.commit()
        self.pending.clear()
        self._write_state(changed)
        self._reload()

    def frequency(self, word: str) -> int:
        """In the texts of how many cables a folded word stands; those taken out since the last merge may still count."""
        found = self._frequencies.get(word)
        if found is None:
            if len(self._frequencies) >= _MOST_WORDS:
                self._frequencies.clear()
            with said_of_reading():
                found = self._frequencies[word] = self.cables.searcher().doc_freq(text_field("text"), word)
        return found

    def close(self) -> None:
        """Lets merges end and gives up the writers; what was not committed is gone."""
        writers, self._writers = self._writers, None
        for writer in writers or ():
            with _said():
                writer.wait_merging_threads()
        if writers and self.state is not None:
            self._write_state(self.state.changed)  # merging has made other files

    def stamp(self) -> None:
        """Notes the files as they are, after they were found whole though they look touched. Needs the lock."""
        if self.state is not None:
            self._write_state(self.state.changed)
        self.is_touched = False

    def drop_writers(self) -> None:
        """Gives up the writers at once, after an error; what was not committed is gone."""
        self._writers = None
        self.pending.clear()

    def held(self) -> dict[int, int]:
        """Every cable that can be found: key -> number of its last change."""
        searcher = self.cables.searcher()
        found: dict[int, int] = {}
        if searcher.num_docs:
            with said_of_reading():
                hits = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs, count=False).hits
                addresses = [address for _, address in hits]
                keys = searcher.fast_field_values("key", addresses)
                changes = searcher.fast_field_values("changed", addresses)
            for key, change in zip(keys, changes, strict=True):
                assert isinstance(key, int) and isinstance(change, int)
                if key in found:
                    raise DamagedIndexError(_DAMAGED)
                found[key] = change
        return found

    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    # ---- below

    def _check_files(self, state: State) -> None:
        """A file that was touched since it was written is read through. DamagedIndexError if its checksum does not hold."""
        touched = touched_files(self.folder, state.stamps)
        bad = [name for name in touched if not is_whole(self.folder / name)]
        if bad:
            self.state = None
            raise DamagedIndexError(f"{_DAMAGED} ({', '.join(bad[:3])})")
        self.is_touched = bool(touched)

    def _forget(self) -> None:
        self.kept.clear()
        self._frequencies.clear()

    def _reload(self) -> None:
        with said_of_reading():
            for name in PARTS:
                getattr(self, name).reload()

    def _open(self) -> None:
        self.cables = tantivy.Index.open(str(self.folder / "cables"))
        self.passages = tantivy.Index.open(str(self.folder / "passages"))
        self.statements = tantivy.Index.open(str(self.folder / "statements"))
        self._register()

    def _register(self) -> None:
        words = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
            .filter(tantivy.Filter.custom_stopword([_FILLER]))
            .build()
        )
        for index in (self.cables, self.passages, self.statements):
            index.register_tokenizer("words", words)

    def _writing(self) -> tuple[tantivy.IndexWriter, ...]:
        if self._writers is None:
            if not self.exists:
                self.clear()
            with _said():
                self._writers = tuple(
                    getattr(self, part).writer(heap_size=_HEAPS[part], num_threads=1) for part in PARTS
                )
        return self._writers

    def _read_state(self) -> State | None:
        """None if there is no index, or one of another schema or archive."""
        try:
            state = msgspec.json.decode((self.folder / STATE).read_bytes(), type=State)
        except (OSError, msgspec.DecodeError):
            return None
        return state if (state.schema, state.archive) == (SCHEMA, self._archive) else None

    def _write_state(self, changed: int) -> None:
        self.state = State(SCHEMA, self._archive, changed, stamp_files(self.folder))
        fresh = self.folder / f"{STATE}.new"
        with _said(), fresh.open("wb") as file:
            file.write(msgspec.json.encode(self.state))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / STATE)
        self._forget()


class DamagedIndexError(ReftelError):
    """The index cannot be read; nothing is lost, it can be made again."""


@contextmanager
def said_of_reading() -> Iterator[None]:
    """Turns what Tantivy raises, or panics of, while it reads a damaged index into a sentence."""
    try:
        yield
    except ReftelError:
        raise
    except (ValueError, OSError) as error:
        raise DamagedIndexError(_DAMAGED) from error
    except BaseException as error:  # a panic is no Exception, and its type cannot be imported
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedIndexError(_DAMAGED) from None


_DAMAGED = "The index is damaged. Nothing is lost: run `reftel rebuild` to make it again."


class _said:  # noqa: N801 (a context manager, used like a function)
    """Turns what Tantivy raises of a full disk or a damaged file into a sentence."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, at: object) -> Literal[False]:
        if isinstance(error, (ValueError, OSError)):
            text = str(error)
            if "No space left" in text or "StorageFull" in text or "os error 28" in text or "os error 112" in text:
                raise DiskFullError(
                    "The disk is full. What was reported as added is kept; free some space and run the same command again."
                ) from error
            raise DamagedIndexError(f"{_DAMAGED} ({text})") from error
        return False


def _make_cable(
    key: int, changed: int, document: Document, carriers: Iterable[str], collides: bool
) -> tantivy.Document:
    found = tantivy.Document()
    found.add_integer("key", key)
    found.add_integer("changed", changed)
    for name, passages in document.words.items():
        found.add_text(text_field(name), _BETWEEN.join(passages))
    found.add_text("exact", document.exact)
    extra: dict[str, Collection[str]] = {"carrier": list(carriers), **({"defect": [COLLIDES]} if collides else {})}
    for name, values in document.terms.items():
        for value in values:
            found.add_text(term_field(name), value)
    if collides:
        found.add_text(term_field("has"), "defect")
    for name, more in extra.items():
        for value in more:
            found.add_text(term_field(name), value)
    for name, number in document.numbers.items():
        found.add_integer(number_field(name), number)
    date = document.numbers.get("date")
    found.add_integer("by_date", (date or 0) << 32 | key)
    found.add_integer("by_date_up", (date or _UNDATED) << 32 | key)
    found.add_integer("by_length", document.numbers.get("length", 0) << 32 | key)
    for name, values in {**document.facets, "carrier": tuple(carriers)}.items():
        for value in values:
            found.add_text(facet_field(name), value)
    return found


def _make_statement(key: int, ordinal: int, statement: StatementDocument) -> tantivy.Document:
    found = tantivy.Document()
    found.add_integer("key", key)
    found.add_integer("place", place_of(key, ordinal))
    for name in SAID_WORDS:
        found.add_text(text_field(name), _BETWEEN.join(statement.words[name]))
    if statement.paragraph is not None:
        found.add_integer("passage", place_of(key, statement.paragraph))
    for at, field in ABOUT.items():
        found.add_text(field, statement.words["about"][at])
    for name, values in statement.terms.items():
        for value in values:
            found.add_text(term_field(name), value)
    said = statement.numbers.get("said")
    if said is not None:
        found.add_integer(number_field("said"), said)
        found.add_integer(number_field("said" + LAST), statement.numbers.get("said" + LAST, said))
    # the date, then the place in the archive: keys and ordinals too large for it only sort less well
    order = min(key, (1 << 24) - 1) << 12 | min(ordinal, (1 << 12) - 1)
    found.add_integer("by_date", (said or 0) << 36 | order)
    found.add_integer("by_date_up", (said or _UNDATED) << 36 | order)
    return found


def _cable_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("key", fast=True, indexed=True)
    for name in ("changed", "by_date", "by_date_up", "by_length"):
        builder.add_integer_field(name, fast=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(text_field(name), tokenizer_name="words", index_option="position")
    builder.add_text_field("exact", tokenizer_name="words", index_option="basic")
    for name in TERM_FIELDS:
        builder.add_text_field(term_field(name), tokenizer_name="raw", index_option="basic")
    for name in NUMBER_FIELDS:
        builder.add_integer_field(number_field(name), fast=True)
    for name in FACETS:
        builder.add_text_field(facet_field(name), tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


def _passage_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("key", "place"):
        builder.add_integer_field(name, fast=True, indexed=True)
    builder.add_text_field("words", tokenizer_name="words", index_option="position")
    return builder.build()


def _statement_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("key", "place", "passage"):
        builder.add_integer_field(name, fast=True, indexed=True)
    for name in ("by_date", "by_date_up", number_field("said"), number_field("said" + LAST)):
        builder.add_integer_field(name, fast=True)
    for name in (*map(text_field, SAID_WORDS), *ABOUT.values()):
        option: Literal["basic", "position"] = "basic" if name == ABOUT[PARAGRAPH] else "position"
        builder.add_text_field(name, tokenizer_name="words", index_option=option)
    for name in SAID_TERMS:
        builder.add_text_field(term_field(name), tokenizer_name="raw", index_option="basic")
    return builder.build()
