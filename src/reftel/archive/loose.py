"""Loose notes: those that have lost their cable, their paragraph or their words, until a text comes that has them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reftel.archive.anchors import place_all
from reftel.archive.desk import Note
from reftel.archive.store import Named, Store
from reftel.cite import split_address


def find_loose(store: Store, notes: Iterable[Note], find: Callable[[str], list[Named]]) -> list[Note]:
    """The loose ones of some notes, the newest first. A text is read only where another leads than that of an anchor.

    find: the cables of an address, the oldest first.
    """
    by_cable: dict[str, list[Note]] = {}
    for note in notes:
        by_cable.setdefault(split_address(note.address)[0], []).append(note)
    loose = []
    for address, some in by_cable.items():
        found = find(address)
        loose += _loose_on(store, found[0].key, some) if found else some
    return sorted(loose, key=lambda note: -note.key)


def _loose_on(store: Store, cable: int, notes: list[Note]) -> list[Note]:
    numbers = store.column("SELECT number FROM paragraphs WHERE cable = ?", cable)
    loose = [note for note in notes if note.anchor is None and split_address(note.address)[1] not in (None, *numbers)]
    sql = "SELECT s.sha256 FROM cables c JOIN sources s ON s.key = c.lead WHERE c.key = ?"
    leading = store.column(sql, cable)
    moved = [(note, note.anchor) for note in notes if note.anchor is not None and note.anchor.sha256 not in leading]
    if moved:
        places = place_all([anchor for _, anchor in moved], store.cable(cable))
        loose += [note for (note, _), at in zip(moved, places, strict=True) if at is None]
    return loose
