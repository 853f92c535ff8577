"""Cursors: where a list goes on, which list it is, and as of which state of the archive it was begun."""

from __future__ import annotations

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from reftel.web.problems import BadRequestError
from reftel.workbench import Archive

CURSOR = r"^[A-Za-z0-9_-]{27}$"
_LAYOUT = struct.Struct(">IQ8s")  # how many to pass over, the archive's change when the list was begun, which list


class CursorError(BadRequestError):
    """A cursor that no page of this list has given."""

    code, title = "cursor", "The cursor belongs to another list"


class Place(NamedTuple):
    """Where a page begins, and how much it holds. began: the archive's last change when the first page was asked for."""

    offset: int
    limit: int
    began: int
    list: bytes


def find_place(archive: Archive, endpoint: str, values: Mapping[str, Any]) -> Place:
    """The place that `cursor` and `limit` tell; the beginning without a cursor. CursorError if it is of another list.

    A list is an endpoint with all its parameters but these two.
    """
    asked = {name: value for name, value in values.items() if name not in ("cursor", "limit")}
    told = blake2b(msgspec.json.encode((endpoint, asked)), digest_size=8).digest()
    if values["cursor"] is None:
        return Place(0, values["limit"], archive.store.last_change(), told)
    offset, began, known = _LAYOUT.unpack(urlsafe_b64decode(values["cursor"] + "="))
    if known != told:
        raise CursorError(
            "The cursor was given for another endpoint, query, order or filter.",
            "Keep all other parameters as they were (limit may differ), or leave the cursor out to begin anew.",
        )
    return Place(offset, values["limit"], began, told)


def tell_page(archive: Archive, place: Place, total: int) -> dict[str, Any]:
    """What every page says: how many there are in all, the cursor of the next page, and whether the archive has changed since the first."""
    after = place.offset + place.limit
    following = None
    if after < total:
        packed = _LAYOUT.pack(after, place.began, place.list)
        following = urlsafe_b64encode(packed).decode().rstrip("=")
    return {"total": total, "next": following, "changed": archive.store.last_change() != place.began}
