"""Endpoints on the archive as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version

import msgspec

from reftel.archive.holdings import PostHoldings, pick_post
from reftel.archive.ledger import Reason
from reftel.web.api.answers import ArchiveStatus, CoveragePage
from reftel.web.api.calls import Call
from reftel.web.api.cursors import tell_page
from reftel.web.discretion import short_locator, without_folders
from reftel.web.problems import NotFoundError
from reftel.workbench import Archive


def show_coverage(archive: Archive, call: Call) -> CoveragePage:
    """A page of the posts with what is held of each, or one of them. NotFoundError if nothing is held of it."""
    place, values = call.place(archive), call.values
    holdings = call.room.remember(archive, ("holdings",), archive.holdings)
    posts = holdings.posts
    if values["post"] is not None:
        one = pick_post(holdings, values["post"])
        if one is None:
            raise NotFoundError(
                f"This archive holds no cable of a post {values['post']}.", "The posts that it has: /api/v1/coverage."
            )
        posts = (one,)
    shown = posts[place.offset : place.offset + place.limit]
    return CoveragePage(
        **tell_page(archive, place, len(posts)),
        cables=holdings.cables,
        senderless=holdings.senderless,
        first=holdings.first,
        last=holdings.last,
        posts=shown if values["by"] == "month" else tuple(map(_without_months, shown)),
    )


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


def _without_months(post: PostHoldings) -> PostHoldings:
    years = tuple(msgspec.structs.replace(year, months=()) for year in post.years)
    return msgspec.structs.replace(post, years=years)


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
