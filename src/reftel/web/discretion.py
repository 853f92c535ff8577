"""What may be seen: protected names under pseudonyms unless the session shows them, and never a path of the server."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import msgspec

from reftel.errors import ProtectedError
from reftel.model import Cable, Defect, Findings
from reftel.positions.records import Ledger
from reftel.query import Query
from reftel.web.guard import Session
from reftel.workbench import Archive

_FOLDERS = re.compile(r"^.*[/\\]", re.DOTALL)
_ROW = re.compile(r"#\d{1,12}\Z", re.ASCII)
_ARCHIVE = re.compile(r"\.(?:zip|tar|t?gz|t?bz2|t?xz|t?zst)\Z", re.IGNORECASE)
# A path from the root of a drive, from the folder above, or from this one; up to a blank or a quotation mark
_PATH = re.compile(r"(?<![\w./\\])(?:[A-Za-z]:[\\/]|\.{0,2}/)[^\s\"'<>|]*")


def as_shown(
    archive: Archive, cable: Cable, findings: Findings | None, session: Session
) -> tuple[Cable, Findings | None]:
    """A cable, and what was found in it, as whoever asks may see it."""
    if not session.unmasked:
        cable, findings = archive.mask_found(cable, findings)
    source = msgspec.structs.replace(cable.source, locator=short_locator(cable.source.locator))
    defects = tuple(_without_place(defect) for defect in cable.defects)
    return msgspec.structs.replace(cable, source=source, defects=defects), findings


def position_as_shown(archive: Archive, who: str, about: Query, masked: bool, **asked: Any) -> Ledger:
    """The ledger as whoever asks may see it; of a protected source the empty one that somebody unknown has, so that nothing is told."""
    try:
        return archive.position(who, about, masked=masked, **asked)
    except ProtectedError:
        return Ledger(who, about.text, (), (), ())


def short_locator(locator: str) -> str:
    """A locator without the folders of the server: "box.zip!inner/a.txt" for "/srv/held/box.zip!inner/a.txt"."""
    outer, bang, member = locator.partition("!")
    if not bang or not _ARCHIVE.search(outer):  # the mark stands in names of folders, too
        return _FOLDERS.sub("", locator)
    return f"{_FOLDERS.sub('', outer)}!{member}"


def without_folders(text: str, locator: str, folder: Path) -> str:
    """A sentence on a file without the folders of the server. locator: of the file, as seen from the archive's folder."""
    outer, bang, _ = locator.partition("!")
    path = outer if bang and _ARCHIVE.search(outer) else _ROW.sub("", locator)
    parts = Path(os.path.normpath(Path.cwd() / folder / path)).parts
    for i in range(len(parts) - 1):  # as somebody may have typed it, the longest first
        typed = Path(*parts[i:])
        text = text.replace(str(typed), typed.name).replace(typed.as_posix(), typed.name)
    if "/" in path:
        text = text.replace(path, parts[-1])
    return _PATH.sub(lambda found: short_locator(found[0]), text)


def _without_place(defect: Defect) -> Defect:
    """The one defect whose detail names files of the server, without them."""
    if defect.code != "id-collides":
        return defect
    return msgspec.structs.replace(defect, detail="another text has this id")
