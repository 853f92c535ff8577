"""A request as its endpoint gets it: read, in bounds, and with who is asking."""

from __future__ import annotations

from typing import Any, NamedTuple

from reftel.archive.store import Named
from reftel.errors import AmbiguousError
from reftel.model import Cable, Findings
from reftel.web.api.cursors import Place, find_place
from reftel.web.discretion import as_shown
from reftel.web.guard import Session
from reftel.web.places import address_of
from reftel.web.problems import NotFoundError
from reftel.web.room import Room
from reftel.workbench import Archive


class Call(NamedTuple):
    """endpoint: its name. values: of its parameters, by name, None where nothing is given and nothing is the default. room: keeps what is costly to make."""

    endpoint: str
    values: dict[str, Any]
    session: Session
    room: Room

    @property
    def masked(self) -> bool:
        """Whether protected names stand under pseudonyms."""
        return not self.session.unmasked

    def place(self, archive: Archive) -> Place:
        """Where the page begins that is asked for."""
        return find_place(archive, self.endpoint, self.values)

    def find_cable(self, archive: Archive) -> Named:
        """The cable that `id` names. NotFoundError if there is none, AmbiguousError if several have the id."""
        address = address_of(self.values["id"])
        found = archive.find(address)
        if not found:
            raise NotFoundError(
                f"There is no cable {address} in this archive.",
                "Ids are told by /api/v1/search. One that is cited need not be held: see the references of the cable that cites it.",
            )
        if len(found) > 1:
            candidates = tuple(archive.store.address(one) for one in found)
            raise AmbiguousError(f"Several cables have the id {found[0].id}.", candidates)
        return found[0]

    def show_cable(self, archive: Archive, named: Named) -> tuple[Cable, Findings | None]:
        """A cable, and what was found in it, as whoever asks may see it."""
        return as_shown(archive, archive.cable(named), archive.findings(named), self.session)
