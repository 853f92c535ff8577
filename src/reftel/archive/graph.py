"""How cables hang together: which cite which, and which stand beside each other in the row of a post's serials."""

from __future__ import annotations

import msgspec

from reftel.archive.store import Named, Store
from reftel.cite import CableId
from reftel.model import Cable, Record, Reference

_MOST_TARGETS = 200
_FAR = 3  # years to look back and ahead for the neighbour
_DIGITS, _MOST = 7, 9_999_999  # of a serial


class Outgoing(Record, frozen=True):
    """A reference of a cable. held: the addresses of the cables that it names and the archive has; of its candidates where none is chosen."""

    reference: Reference
    held: tuple[str, ...]


def outgoing(store: Store, cable: Cable) -> list[Outgoing]:
    """The entries of the REF block, in order."""
    found = []
    for reference in cable.references:
        ids = (reference.target,) if reference.target else reference.candidates
        held = [named for cable_id in ids for named in store.cables_named(cable_id)]
        found.append(Outgoing(reference, tuple(store.address(named) for named in held)))
    return found


def incoming(store: Store, cable_id: str) -> list[Named]:
    """The cables whose REF block names this one, the oldest first; undated ones last."""
    keys = store.column("SELECT DISTINCT cable FROM cable_references WHERE target = ?", cable_id)
    return sorted(store.names(keys).values(), key=lambda named: (named.card.date or "9999", named.key))


def siblings(store: Store, cable: Cable, key: int, limit: int = 5) -> list[tuple[Named, int]]:
    """Other cables that cite what this one cites, and how many of its references they share; those that share most first."""
    targets = sorted({one.target for one in cable.references if one.target})[:_MOST_TARGETS]
    if not targets:
        return []
    rows = store.rows(
        "SELECT cable, count(DISTINCT target) FROM cable_references WHERE target IN (SELECT value FROM json_each(?)) AND cable <> ? "
        "GROUP BY cable ORDER BY 2 DESC, 1 LIMIT ?",
        (msgspec.json.encode(targets).decode(), key, limit),
    )
    named = store.names(row[0] for row in rows)
    return [(named[row[0]], row[1]) for row in rows if row[0] in named]


def neighbours(store: Store, cable_id: CableId) -> tuple[Named | None, Named | None]:
    """The cables of the same station with the next lower and the next higher serial, over the turn of the year too."""
    return _beside(store, cable_id, -1), _beside(store, cable_id, 1)


def _beside(store: Store, cable_id: CableId, step: int) -> Named | None:
    for year in range(cable_id.year, cable_id.year + step * (_FAR + 1), step):
        stem = f"{year % 100:02d}{cable_id.post}"
        serial = cable_id.serial if year == cable_id.year else 0 if step > 0 else _MOST
        found = _next_id(store, stem, serial, step)
        if found is not None:
            return store.cables_named(found)[0]
    return None


def _next_id(store: Store, stem: str, serial: int, step: int) -> str | None:
    """The id with the next serial above or below, of those that begin with year and station.

    Ids of one length are in the order of their serials, so that the index of ids finds the next one of each length at once.
    """
    # ":" is the character behind "9": nothing but serials of just this station lies between
    low, high = (f"{stem}{serial}", f"{stem}:") if step > 0 else (f"{stem}0", f"{stem}{serial}")
    digits = len(str(serial))
    lengths = range(digits, _DIGITS + 1) if step > 0 else range(digits, 0, -1)
    for length in lengths:
        if length != digits:
            low, high = f"{stem}0", f"{stem}:"
        found = store.column(
            "SELECT id FROM cables WHERE id > ? AND id < ? AND length(id) = ? AND lead IS NOT NULL "
            f"ORDER BY id {'ASC' if step > 0 else 'DESC'} LIMIT 1",
            low,
            high,
            len(stem) + length,
        )
        if found:
            return str(found[0])
    return None
