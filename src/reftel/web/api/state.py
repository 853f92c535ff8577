"""Endpoints on the archive as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version

import msgspec

from reftel.archive.ledger import Reason
from reftel.web.api.answers import ArchiveStatus
from reftel.web.api.calls import Call
from reftel.web.discretion import short_locator, without_folders
from reftel.workbench import Archive


def show_status(archive: Archive, call: Call) -> ArchiveStatus:
    """What `reftel status` prints, without the folders of the server."""
    status = archive.status()
    run = status.last_run
    if run is not None and run.how is not None:
        run = msgspec.structs.replace(run, how=without_folders(run.how, "", archive.folder))
    status = msgspec.structs.replace(
        status,
        failures=_without_folders(archive, status.failures),
        partial=_without_folders(archive, status.partial),
        unextracted=_without_folders(archive, status.unextracted),
        last_run=run,
    )
    return ArchiveStatus(version("reftel"), archive.is_being_written(), archive.count_unextracted(), status)


def _without_folders(archive: Archive, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(
        msgspec.structs.replace(
            one,
            reason=without_folders(one.reason, one.example, archive.folder),
            remedy=without_folders(one.remedy, one.example, archive.folder) if one.remedy else one.remedy,
            example=short_locator(one.example),
        )
        for one in reasons
    )
