"""The desk: saved searches and what is new to them, the basket, notes, tags."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from reftel.archive.basket import Item
from reftel.archive.desk import Saved
from reftel.archive.search import Hit, Result
from reftel.cite import split_address
from reftel.errors import ReftelError
from reftel.exports import DOSSIERS
from reftel.exports.dossier import QUOTE, Dossier, Excerpt, quote, say_lost
from reftel.exports.entry import NO_SUBJECT, entry
from reftel.text import one_line
from reftel.web.asked import read_choice, read_offset
from reftel.web.discretion import short_locator
from reftel.web.guard import Session, session_of
from reftel.web.kept import Kept, show_all
from reftel.web.places import cable_path
from reftel.web.problems import NotFoundError
from reftel.web.rendering import render
from reftel.workbench import Archive

_SHOWN = 200  # items of a basket; one that holds more is still exported whole
_QUOTED = 320  # characters of a quotation
_NO_DAY = "1970-01-01"  # of a dossier that is only looked at


class Searched(NamedTuple):
    """A saved search. new: how many cables have come since it was seen; None where that cannot be told, then `why` says why."""

    saved: Saved
    new: int | None
    why: str


class Gathered(NamedTuple):
    """An item of the basket. words: what it quotes, cut; lost: why it quotes nothing; may_change: the remark is shown as it is."""

    key: int
    address: str
    path: str
    title: str
    words: str
    lost: str
    remark: str
    may_change: bool


class Top(NamedTuple):
    """All that the desk shows. left: how many more items the basket has; loose: how many notes have lost their place. tagged: address, path and subject of what has the tag that is asked for."""

    searches: list[Searched]
    items: list[Gathered]
    left: int
    notes: list[Kept]
    total: int
    loose: int
    tags: list[tuple[str, int]]
    tagged: list[tuple[str, str, str]]
    authors: list[str]


async def show_desk(request: Request) -> Response:
    """The desk. q, tag, author: which notes; loose: those alone that have lost their place."""
    session = session_of(request)
    offset, limit = read_offset(request)
    words, tag, author = (request.query_params.get(name, "").strip()[:200] for name in ("q", "tag", "author"))
    only_loose = read_choice(request, "loose", ("", "1")) == "1"

    def look(archive: Archive) -> Top:
        with archive.desk() as desk:
            loose = archive.loose_notes(desk)
            found = loose if only_loose else desk.find_notes(words, tag=tag, author=author, limit=-1)[0]
            if words and not only_loose and not session.unmasked:
                # who asks for a protected name must not learn from what is found that somebody has written it
                shown = show_all(archive, found, session)
                found = [note for note, kept in zip(found, shown, strict=True) if kept.holds(words)]
            items = desk.basket(session.user).items()
            return Top(
                [_searched(archive, saved, session) for saved in desk.searches()],
                _gathered(archive, items[:_SHOWN], session),
                max(len(items) - _SHOWN, 0),
                show_all(archive, found[offset : offset + limit], session),
                len(found),
                len(loose),
                desk.all_tags(),
                [_name(archive, address, session) for address in desk.tagged(tag)] if tag else [],
                desk.authors(),
            )

    top = await request.app.state.room.run(look)
    return render(
        request,
        "desk.html",
        top=top,
        words=words,
        tag=tag,
        author=author,
        only_loose=only_loose,
        offset=offset,
        limit=limit,
        forms=DOSSIERS,
    )


async def show_new(request: Request) -> Response:
    """The cables that are new to a saved search."""
    session = session_of(request)
    name = request.query_params.get("name", "")
    offset, limit = read_offset(request)

    def look(archive: Archive) -> tuple[Saved, Result | None, list[Hit]]:
        with archive.desk() as desk:
            saved = desk.search_named(name)
        new = archive.new_since(saved, limit=limit, offset=offset, sort="-date", masked=not session.unmasked)
        hits = () if new is None else new.hits if session.unmasked else archive.masked_hits(new.hits)
        return saved, new, list(hits)

    saved, new, hits = await request.app.state.room.run(look)
    return render(request, "desk_new.html", saved=saved, new=new, hits=hits, offset=offset, limit=limit)


async def send_basket(request: Request) -> Response:
    """One's basket as one document, in one of the forms of DOSSIERS. title: of it; notes: whether the notes on what is quoted are in it."""
    session = session_of(request)
    name = request.path_params["form"]
    if name not in DOSSIERS:
        raise NotFoundError(f"The basket is not to be had as {name}.", f"There are: {', '.join(DOSSIERS)}.")
    form = DOSSIERS[name]
    title = one_line(request.query_params.get("title", ""))[:200] or "Basket"
    with_notes = bool(request.query_params.get("notes"))

    def look(archive: Archive) -> bytes:
        with archive.desk() as desk:
            dossier = archive.dossier(
                desk.basket(session.user).items(),
                title=title,
                made=datetime.now(UTC).strftime("%Y-%m-%d"),
                notes=desk if with_notes else None,
                masked=not session.unmasked,
            )
        if not dossier.excerpts:
            raise ReftelError("The basket is empty. Put cables, paragraphs or words into it where you read them.")
        out = BytesIO()
        form.write(_without_folders(dossier), out)
        return out.getvalue()

    data = await request.app.state.room.run(look)
    stem = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-")[:60] or "basket"
    head = {"content-disposition": f'attachment; filename="{stem}.{form.extension}"'}
    return Response(data, media_type=form.media, headers=head)


def _searched(archive: Archive, saved: Saved, session: Session) -> Searched:
    try:
        new = archive.new_since(saved, limit=0, masked=not session.unmasked)
    except ReftelError as error:
        return Searched(saved, None, str(error))
    if new is not None:
        return Searched(saved, new.total, "")
    if saved.seen is None:
        return Searched(saved, None, "not looked at yet")
    return Searched(saved, None, "last looked at in another archive, or by an older Reftel")


def _gathered(archive: Archive, items: list[Item], session: Session) -> list[Gathered]:
    dossier = archive.dossier(items, title="", made=_NO_DAY, masked=not session.unmasked)
    return [_show_item(item, excerpt) for item, excerpt in zip(items, dossier.excerpts, strict=True)]


def _show_item(item: Item, excerpt: Excerpt) -> Gathered:
    address, number = split_address(item.address)
    quoted = [part for part in quote(excerpt) if part.kind == QUOTE]
    words = excerpt.lost or (" ".join(one_line(part.text[:_QUOTED]) for part in quoted[:3]))
    path = cable_path(address, span=excerpt.span) if excerpt.span else cable_path(address)
    return Gathered(
        key=item.key,
        address=item.address,
        path=path if number is None else f"{path}#p{number}",
        title=(entry(excerpt.cable).title or NO_SUBJECT) if excerpt.cable is not None else "",
        words=f"{words[:_QUOTED].rstrip()} …" if len(words) > _QUOTED else words,
        lost="" if quoted else say_lost(excerpt),
        remark=excerpt.remark,
        may_change=excerpt.remark == item.remark,
    )


def _name(archive: Archive, address: str, session: Session) -> tuple[str, str, str]:
    cable, number = split_address(address)
    path = cable_path(cable) + (f"#p{number}" if number is not None else "")
    found = archive.find(cable)[:1]
    for one in found if session.unmasked else archive.masked_names(found):
        return address, path, one.card.subject or "no subject"
    return address, path, "not in this archive"


def _without_folders(dossier: Dossier) -> Dossier:
    """The same without the folders of the server in which its sources lie."""
    excerpts = []
    for excerpt in dossier.excerpts:
        if excerpt.cable is not None:
            source = msgspec.structs.replace(excerpt.cable.source, locator=short_locator(excerpt.cable.source.locator))
            cable = msgspec.structs.replace(excerpt.cable, source=source)
            excerpt = msgspec.structs.replace(excerpt, cable=cable)
        excerpts.append(excerpt)
    return msgspec.structs.replace(dossier, excerpts=tuple(excerpts))
