"""How cables hang together: which cite which, and which stand beside each other in the row of a post's serials."""

from __future__ import annotations

from reftel.archive.store import Named, Store
from reftel.cite import CableId, parse_id
from reftel.model import Cable, Record, Reference

_FAR = 3  # years to look back and ahead for the neighbour


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


def neighbours(store: Store, cable_id: CableId) -> tuple[Named | None, Named | None]:
    """The cables of the same station with the next lower and the next higher serial, over the turn of the year too."""
    return _beside(store, cable_id, -1), _beside(store, cable_id, 1)


def _beside(store: Store, cable_id: CableId, step: int) -> Named | None:
    for year in range(cable_id.year, cable_id.year + step * (_FAR + 1), step):
        held = _serials(store, year, cable_id.post)
        if year == cable_id.year:
            held = [serial for serial in held if (serial - cable_id.serial) * step > 0]
        if held:
            serial = min(held) if step > 0 else max(held)
            return store.cables_named(str(CableId(year, cable_id.post, serial)))[0]
    return None


def _serials(store: Store, year: int, post: str) -> list[int]:
    """The serials that are held of a station's year."""
    stem = f"{year % 100:02d}{post}"
    # ":" is the character behind "9": nothing but serials of just this station lies between
    held = store.column("SELECT id FROM cables WHERE id >= ? AND id < ? AND lead IS NOT NULL", f"{stem}0", f"{stem}:")
    return [known.serial for one in held if (known := parse_id(one)) is not None and known.post == post]
