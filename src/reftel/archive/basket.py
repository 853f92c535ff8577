"""The basket: cables, paragraphs and words, in an order, each with a remark, that are to become one document."""

from __future__ import annotations

from typing import NamedTuple

from reftel.archive.anchors import Anchor
from reftel.archive.desk_file import ANCHOR, DeskFile, anchor_values, read_anchor
from reftel.errors import ReftelError

MOST = 1_000  # items
_LONGEST_REMARK = 20_000  # characters


class Item(NamedTuple):
    """What lies in a basket: a cable or a paragraph by its address, or, with an anchor, words of a cable. remark: "" without one."""

    key: int
    address: str
    remark: str
    added: str
    anchor: Anchor | None


class Basket:
    """The basket of one user. There is one for each: what is to be several documents is made one after the other."""

    def __init__(self, file: DeskFile, owner: str) -> None:
        self._file, self._owner = file, owner

    def items(self) -> list[Item]:
        """All that is in it, in order."""
        sql = f"SELECT key, address, remark, added, {ANCHOR} FROM basket WHERE owner = ? ORDER BY place, key"
        return [Item._make((*row[:4], read_anchor(row[4:]))) for row in self._file.rows(sql, self._owner)]

    def add(self, address: str, at: str, *, anchor: Anchor | None = None, remark: str = "") -> int:
        """Puts something in, at the end; its key. What lies there already is left as it is."""
        remark = _checked(remark)
        with self._file.transaction():
            items = self.items()
            for item in items:
                if (item.address, item.anchor) == (address, anchor):
                    return item.key
            if len(items) >= MOST:
                raise ReftelError(f"A basket holds at most {MOST:,} items. Export it, clear it and go on.")
            sql = (
                f"INSERT INTO basket(owner, place, address, remark, added, {ANCHOR}) "
                "SELECT ?1, coalesce(max(place), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM basket WHERE owner = ?1"
            )
            key = self._file.write(sql, self._owner, address, remark, at, *anchor_values(anchor)).lastrowid
        assert key is not None
        return key

    def remark(self, key: int, remark: str) -> None:
        """Gives an item another remark. ReftelError if it is not in this basket."""
        self._demand(key)
        self._file.write("UPDATE basket SET remark = ? WHERE key = ?", _checked(remark), key)

    def move(self, key: int, by: int) -> None:
        """Moves an item up (-1) or down (1), by so many places; at the ends it stays. ReftelError if it is not in this basket."""
        with self._file.transaction():
            self._demand(key)
            keys = [item.key for item in self.items()]
            at = keys.index(key)
            keys.insert(max(at + by, 0), keys.pop(at))
            for place, each in enumerate(keys, 1):
                self._file.write("UPDATE basket SET place = ? WHERE key = ?", place, each)

    def drop(self, key: int) -> None:
        """Takes an item out, if it is in."""
        self._file.write("DELETE FROM basket WHERE key = ? AND owner = ?", key, self._owner)

    def clear(self) -> None:
        """Takes everything out."""
        self._file.write("DELETE FROM basket WHERE owner = ?", self._owner)

    def _demand(self, key: int) -> None:
        if all(item.key != key for item in self.items()):
            raise ReftelError(f"There is no item {key} in the basket. It may have been taken out.")


def _checked(remark: str) -> str:
    remark = remark.replace("\r\n", "\n").strip()
    if len(remark) > _LONGEST_REMARK:
        raise ReftelError(f"A remark has at most {_LONGEST_REMARK:,} characters; this one has {len(remark):,}.")
    return remark
