"""What may be seen: protected names under pseudonyms unless the session shows them, and never a path of the server."""

from __future__ import annotations

import re

import msgspec

from reftel.model import Cable, Findings
from reftel.web.guard import Session
from reftel.workbench import Archive

_FOLDERS = re.compile(r"^.*[/\\]", re.DOTALL)


def as_shown(
    archive: Archive, cable: Cable, findings: Findings | None, session: Session
) -> tuple[Cable, Findings | None]:
    """A cable, and what was found in it, as whoever asks may see it."""
    if not session.unmasked:
        cable, findings = archive.mask_found(cable, findings)
    source = msgspec.structs.replace(cable.source, locator=short_locator(cable.source.locator))
    return msgspec.structs.replace(cable, source=source), findings


def short_locator(locator: str) -> str:
    """A locator without the folders of the server: "box.zip!inner/a.txt" for "/srv/held/box.zip!inner/a.txt"."""
    outer, bang, member = locator.partition("!")
    return f"{_FOLDERS.sub('', outer)}{bang}{member}"
