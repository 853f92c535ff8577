"""What every tool answers from: one archive, and whether protected names may be told."""

from __future__ import annotations

from typing import NamedTuple

from reftel.archive.store import Named
from reftel.errors import ReftelError
from reftel.mcp.lines import words
from reftel.model import Cable
from reftel.workbench import Archive


class Room(NamedTuple):
    """masked: protected sources have pseudonyms, in what is told and in what can be asked for."""

    archive: Archive
    masked: bool = True


class Opened(NamedTuple):
    """A cable as it may be told. address: what tells it from all others of the archive."""

    address: str
    named: Named
    cable: Cable


def open_document(room: Room, doc_id: str) -> Opened:
    """The cable of an id. ReftelError if there is none, or if several have the id and none of them is named."""
    found = room.archive.find(doc_id)
    if not found:
        raise ReftelError(
            f"There is no cable {words(doc_id, 60)} in this archive. An id is like 09LONDON2499; search_cables finds ids."
        )
    if len(found) > 1:
        names = ", ".join(f"{found[0].id}~{i + 1}" for i in range(len(found)))
        raise ReftelError(f"{len(found)} cables have the id {found[0].id}. Name one of them: {names}.")
    cable = room.archive.cable(found[0])
    return Opened(address_of(room, found[0]), found[0], room.archive.mask(cable) if room.masked else cable)


def address_of(room: Room, named: Named) -> str:
    """ "09LONDON2499"; "09LONDON2499~2" of several that share the id; "#17" where the id cannot be told."""
    if named.id is None or not named.collides:
        return named.id or f"#{named.key}"
    keys = [other.key for other in room.archive.find(named.id)]
    return f"{named.id}~{keys.index(named.key) + 1}"
