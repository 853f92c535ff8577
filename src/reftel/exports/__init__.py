"""Cable -> file: one row of EXPORTS for each form in which a cable can be written."""

from __future__ import annotations

from collections.abc import Callable

from reftel.exports import cable_text, record
from reftel.model import Cable, Record

__all__ = ["EXPORTS", "Export"]


class Export(Record, frozen=True):
    """One row of EXPORTS. render: the bytes of one cable, UTF-8."""

    name: str
    sentence: str
    render: Callable[[Cable], bytes]


EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        Export("record", "The whole record as one line of JSON; nothing is left out.", record.encode),
        Export(
            "cable-text",
            "A clean telegram: header, marks, paragraphs, signature; page breaks and carriers' noise gone.",
            lambda cable: cable_text.render(cable).encode(),
        ),
    )
}
