"""desk.sqlite, the user's own: saved searches, notes and highlights, tags, a basket. Adding cables never touches it.

Notes, tags and what lies in the basket hang on the address of a cable ("09LONDON2499") or of a paragraph ("09LONDON2499:3"), and on
anchors in its text, so that they outlive a new parse, a better witness and a rebuilt archive.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

from reftel.archive.anchors import Anchor
from reftel.archive.basket import Basket
from reftel.archive.desk_file import ANCHOR, DeskFile, anchor_values, literal, read_anchor
from reftel.errors import ReftelError

LONGEST_NOTE = 20_000  # characters
LONGEST_NAME = 100  # characters of a saved search's name, and of a tag


class Saved(NamedTuple):
    """A saved search.

    seen: when it was last run; total: how many cables it found then; both None if it never was. archive, newest: in which archive
    that was, and the highest key of a cable that it could find there; None also if an older version of Reftel ran it.
    """

    name: str
    query: str
    saved: str
    seen: str | None
    total: int | None
    archive: str | None
    newest: int | None


class Note(NamedTuple):
    """A note on a cable, a paragraph, or, with an anchor, on words of a cable. Without text it is a highlight.

    changed: when its text was last changed, else None. author: None where the archive has one user.
    """

    key: int
    address: str
    text: str
    written: str
    changed: str | None
    author: str | None
    anchor: Anchor | None


class Desk:
    """The desk beside an archive, for one thread; its file is made when something is first kept.

    Searches and tags belong to all who work with the archive; everybody reads all notes; each has a basket of his own.
    """

    def __init__(self, folder: Path) -> None:
        self._file = DeskFile(folder)
        self.path = self._file.path

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- saved searches

    def save_search(self, name: str, query: str, at: str) -> None:
        """Keeps a search under a name; a search that had the name is replaced."""
        name = _name(name, "A saved search needs a name")
        self._file.write("INSERT OR REPLACE INTO searches(name, query, saved) VALUES(?, ?, ?)", name, query, at)

    def searches(self) -> list[Saved]:
        """All saved searches, by name."""
        sql = "SELECT name, query, saved, seen, total, archive, newest FROM searches ORDER BY name"
        return [Saved(*row) for row in self._file.rows(sql)]

    def search_named(self, name: str) -> Saved:
        """One saved search. ReftelError if there is none of that name."""
        found = next((saved for saved in self.searches() if saved.name == name), None)
        if found is None:
            names = ", ".join(saved.name for saved in self.searches()) or "none yet"
            raise ReftelError(f"There is no saved search {name!r}. There are: {names}.")
        return found

    def saw_search(self, saved: Saved) -> None:
        """Notes that a saved search was run and what it found, as Archive.see tells it."""
        sql = "UPDATE searches SET seen = ?, total = ?, archive = ?, newest = ? WHERE name = ?"
        self._file.write(sql, saved.seen, saved.total, saved.archive, saved.newest, saved.name)

    def drop_search(self, name: str) -> None:
        """Forgets a saved search. ReftelError if there is none of that name."""
        self._file.write("DELETE FROM searches WHERE name = ?", self.search_named(name).name)

    # ---- notes

    def add_note(
        self, address: str, text: str, at: str, *, anchor: Anchor | None = None, author: str | None = None
    ) -> int:
        """Writes a note on a cable, a paragraph or, with an anchor, some words; its key. Without text the words are highlighted.

        ReftelError if it has neither text nor anchor, or is too long.
        """
        text = _text(text)
        if not text and anchor is None:
            raise ReftelError("A note needs some words. Without any, words of the text can be highlighted.")
        sql = f"INSERT INTO notes(address, text, written, author, {ANCHOR}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        key = self._file.write(sql, address, text, at, author, *anchor_values(anchor)).lastrowid
        assert key is not None
        return key

    def note(self, key: int) -> Note:
        """One note. ReftelError if there is none of that number."""
        found = self._notes("WHERE key = ?", key)
        if not found:
            raise ReftelError(f"There is no note {key}. It may have been thrown away.")
        return found[0]

    def notes(self, *addresses: str) -> list[Note]:
        """The notes on a cable, its paragraphs and its words, the oldest first. addresses: all by which it is or was called."""
        found: dict[int, Note] = {}
        for address in addresses:
            where = "WHERE address = ? OR address LIKE ? ESCAPE '\\'"
            found |= {note.key: note for note in self._notes(where, address, f"{literal(address)}:%")}
        return [found[key] for key in sorted(found)]

    def find_notes(
        self, words: str = "", *, tag: str = "", author: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[list[Note], int]:
        """Some notes, the newest first, and how many there are: those that have all words, on cables or paragraphs with a tag, by an author.

        Words are looked for in the note, in the words of the text that it stands at, and in the address.
        """
        wanted = " AND ".join(
            ["text || ' ' || coalesce(quote, '') || ' ' || address LIKE ? ESCAPE '\\'"] * len(words.split())
        )
        tagged = (
            "EXISTS(SELECT 1 FROM tags t WHERE t.tag = ? AND (t.address = notes.address "
            "OR substr(notes.address, 1, length(t.address) + 1) = t.address || ':'))"
        )
        parts = [wanted, tagged if tag else "", "author = ?" if author else ""]
        where = " AND ".join(filter(None, parts)) or "1"
        values = [*(f"%{literal(word)}%" for word in words.split()), *filter(None, (tag, author))]
        total = self._file.rows(f"SELECT count(*) FROM notes WHERE {where}", *values)
        page = self._notes(f"WHERE {where} ORDER BY key DESC LIMIT ? OFFSET ?", *values, limit, offset)
        return page, int(total[0][0]) if total else 0

    def authors(self) -> list[str]:
        """Who has written notes, by name."""
        return [
            row[0] for row in self._file.rows("SELECT DISTINCT author FROM notes WHERE author IS NOT NULL ORDER BY 1")
        ]

    def change_note(self, key: int, text: str, at: str) -> None:
        """Gives a note another text. ReftelError if there is none of that number, or if nothing would be left of it."""
        text = _text(text)
        if not text and self.note(key).anchor is None:
            raise ReftelError("A note needs some words. To throw it away, drop it.")
        self._file.write("UPDATE notes SET text = ?, changed = ? WHERE key = ?", text, at, self.note(key).key)

    def drop_note(self, key: int) -> None:
        """Throws a note away."""
        self._file.write("DELETE FROM notes WHERE key = ?", key)

    # ---- tags

    def tag(self, address: str, tag: str) -> None:
        """Tags a cable or paragraph; twice is once."""
        self._file.write("INSERT OR IGNORE INTO tags VALUES(?, ?)", address, _name(tag, "A tag is a word or some"))

    def untag(self, address: str, tag: str) -> None:
        """Takes a tag away again."""
        self._file.write("DELETE FROM tags WHERE address = ? AND tag = ?", address, tag.strip())

    def tags(self, address: str) -> list[str]:
        """The tags of a cable or paragraph."""
        return [row[0] for row in self._file.rows("SELECT tag FROM tags WHERE address = ? ORDER BY tag", address)]

    def tagged(self, tag: str) -> list[str]:
        """The addresses that have a tag."""
        sql = "SELECT address FROM tags WHERE tag = ? ORDER BY address"
        return [row[0] for row in self._file.rows(sql, tag.strip())]

    def all_tags(self) -> list[tuple[str, int]]:
        """Every tag, by name, and how many cables and paragraphs have it."""
        return [
            (tag, count) for tag, count in self._file.rows("SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY 1")
        ]

    # ---- the rest

    def basket(self, owner: str | None = None) -> Basket:
        """The basket of a user; None where the archive has one user."""
        return Basket(self._file, owner or "")

    def is_whole(self) -> bool:
        """Whether every page of the file can be read; true where there is no file."""
        if not self.path.exists():
            return True
        try:
            return self._file.rows("PRAGMA integrity_check") == [("ok",)]
        except (ReftelError, sqlite3.DatabaseError):
            return False

    def _notes(self, where: str, *values: Any) -> list[Note]:
        sql = f"SELECT key, address, text, written, changed, author, {ANCHOR} FROM notes {where}"
        return [Note._make((*row[:6], read_anchor(row[6:]))) for row in self._file.rows(sql, *values)]


def _name(text: str, what: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST_NAME:
        raise ReftelError(f"{what} of at most {LONGEST_NAME} letters.")
    return text


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_NOTE:
        raise ReftelError(f"A note has at most {LONGEST_NOTE:,} characters; this one has {len(text):,}.")
    return text
