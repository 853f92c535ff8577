"""Which cables a cable names, which of them are held, and which cables name it."""

from __future__ import annotations

from reftel.archive.store import Named, Store
from reftel.model import Record


class Outgoing(Record, frozen=True):
    """An entry of the REF block. ordinal: index into Cable.references. target: the id it names, None unless exactly one fits.

    held: what `Archive.get` takes, of the cables that the archive holds under that id; mostly one, or none.
    """

    ordinal: int
    label: str | None
    text: str
    kind: str
    target: str | None
    held: tuple[str, ...]


class Incoming(Record, frozen=True):
    """An entry of another cable's REF block that names this one. key, address: of that cable; ordinal: index into its references."""

    key: int
    address: str
    ordinal: int
    label: str | None
    text: str


class References(Record, frozen=True):
    """The references of a cable: outgoing in the order of their print, incoming by the date of the cables, undated ones last."""

    outgoing: tuple[Outgoing, ...]
    incoming: tuple[Incoming, ...]


def find_references(store: Store, named: Named) -> References:
    """What a cable names, and what names it. Who names an id that several cables have may mean any of them, and is listed with each."""
    return References(tuple(_outgoing(store, named)), tuple(_incoming(store, named)) if named.id is not None else ())


def _outgoing(store: Store, named: Named) -> list[Outgoing]:
    rows = store.rows(
        "SELECT ordinal, label, text, kind, target FROM cable_references WHERE cable = ? ORDER BY ordinal", (named.key,)
    )
    held = {
        target: tuple(store.address(one) for one in store.cables_named(target))
        for target in {row[4] for row in rows if row[4] is not None}
    }
    return [
        Outgoing(ordinal, label, text, kind, target, held.get(target, ()))
        for ordinal, label, text, kind, target in rows
    ]


def _incoming(store: Store, named: Named) -> list[Incoming]:
    rows = store.rows(
        "SELECT r.cable, r.ordinal, r.label, r.text FROM cable_references r JOIN cables c ON c.key = r.cable"
        " WHERE r.target = ? AND r.cable <> ? AND c.lead IS NOT NULL ORDER BY c.date IS NULL, c.date, c.key, r.ordinal",
        (named.id, named.key),
    )
    citing = store.names({row[0] for row in rows})
    return [Incoming(row[0], store.address(citing[row[0]]), *row[1:]) for row in rows]
