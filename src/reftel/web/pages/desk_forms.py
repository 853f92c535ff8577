"""The forms of the desk: what they write, and where one stands afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reftel.cite import split_address
from reftel.query import parse_query
from reftel.web.forms import read_field
from reftel.web.guard import session_of
from reftel.web.kept import demand_own
from reftel.web.pages.cable import find_one
from reftel.web.places import cable_path, own_path
from reftel.web.problems import BadRequestError
from reftel.web.targets import Target, read_target
from reftel.web.wanted import wanted_form
from reftel.workbench import Archive

# ---- notes


async def add_note(request: Request) -> Response:
    """Writes a note on a cable, a paragraph or some words; without a text these are highlighted."""
    form, session = await _read(request), session_of(request)

    def write(archive: Archive) -> tuple[int, Target]:
        target = read_target(archive, form, session, marks=not form.get("text", "").strip())
        with archive.desk() as desk:
            return desk.add_note(
                target.address, form.get("text", ""), _now(), anchor=target.anchor, author=session.user
            ), target

    key, target = await request.app.state.room.run(write)
    there = target.place.partition("#")[0] + f"#n{key}"
    return _answer(request, form, {"note": key, "address": target.address}, there)


async def change_note(request: Request) -> Response:
    """Gives a note another text."""
    form, session, key = await _read(request), session_of(request), request.path_params["key"]

    def write(archive: Archive) -> str:
        with archive.desk() as desk:
            note = desk.note(key)
            demand_own(session, note)
            desk.change_note(key, form.get("text", ""), _now())
        return f"{cable_path(split_address(note.address)[0])}#n{key}"

    return _answer(request, form, {"note": key}, await request.app.state.room.run(write))


async def drop_note(request: Request) -> Response:
    """Throws a note away."""
    form, session, key = await _read(request), session_of(request), request.path_params["key"]

    def write(archive: Archive) -> str:
        with archive.desk() as desk:
            note = desk.note(key)
            demand_own(session, note)
            desk.drop_note(key)
        return cable_path(split_address(note.address)[0])

    return _answer(request, form, {"note": key}, await request.app.state.room.run(write))


# ---- tags


async def tag(request: Request) -> Response:
    """Tags a cable, or takes a tag away again (`drop`)."""
    form = await _read(request)

    def write(archive: Archive) -> str:
        address = archive.store.address(find_one(archive, form.get("address", "")))
        with archive.desk() as desk:
            if form.get("drop"):
                desk.untag(address, form["drop"])
            else:
                desk.tag(address, form.get("tag", ""))
        return address

    address = await request.app.state.room.run(write)
    return _answer(request, form, {"address": address}, f"{cable_path(address)}#tags")


# ---- the basket


async def put_in(request: Request) -> Response:
    """Puts a cable, a paragraph or some words into one's basket."""
    form, session = await _read(request), session_of(request)

    def write(archive: Archive) -> tuple[int, Target]:
        target = read_target(archive, form, session)
        with archive.desk() as desk:
            key = desk.basket(session.user).add(target.address, _now(), anchor=target.anchor)
        return key, target

    key, target = await request.app.state.room.run(write)
    return _answer(request, form, {"item": key, "address": target.address}, target.place)


async def change_item(request: Request) -> Response:
    """Moves an item of one's basket (`by`), gives it another remark (`remark`), or takes it out (`drop`)."""
    form, session, key = await _read(request), session_of(request), request.path_params["key"]
    by = form.get("by", "")
    if by not in ("", "-1", "1"):
        raise BadRequestError(f"An item moves by -1 or 1, not by {by!r}.")

    def write(archive: Archive) -> None:
        with archive.desk() as desk:
            basket = desk.basket(session.user)
            if form.get("drop"):
                basket.drop(key)
            elif by:
                basket.move(key, int(by))
            else:
                basket.remark(key, form.get("remark", ""))

    await request.app.state.room.run(write)
    return _answer(request, form, {"item": key}, "/desk#basket" if form.get("drop") else f"/desk#item-{key}")


async def clear_basket(request: Request) -> Response:
    """Takes everything out of one's basket."""
    form, session = await _read(request), session_of(request)

    def write(archive: Archive) -> None:
        with archive.desk() as desk:
            desk.basket(session.user).clear()

    await request.app.state.room.run(write)
    return _answer(request, form, {}, "/desk#basket")


# ---- saved searches


async def save_search(request: Request) -> Response:
    """Keeps a search under a name, as seen now."""
    form, session = await _read(request), session_of(request)
    name, text = form.get("name", "").strip(), form.get("query", "")
    parse_query(text)  # a slip is told now, not when it is run

    def write(archive: Archive) -> None:
        with archive.desk() as desk:
            desk.save_search(name, text, _now()[:10])
            desk.saw_search(archive.see(desk.search_named(name), _now()[:10], masked=not session.unmasked))

    await request.app.state.room.run(write)
    return _answer(request, form, {"name": name}, "/desk#searches")


async def change_search(request: Request) -> Response:
    """Notes that a saved search was seen, or forgets it (`drop`)."""
    form, session = await _read(request), session_of(request)
    name = form.get("name", "")

    def write(archive: Archive) -> None:
        with archive.desk() as desk:
            if form.get("drop"):
                desk.drop_search(name)
            else:
                desk.saw_search(archive.see(desk.search_named(name), _now()[:10], masked=not session.unmasked))

    await request.app.state.room.run(write)
    return _answer(request, form, {"name": name}, "/desk#searches")


# ---- forms and their answers


async def _read(request: Request) -> Mapping[str, str]:
    form = await request.form(max_files=0, max_fields=50)
    return {name: read_field(form, name) for name in form}


def _answer(request: Request, form: Mapping[str, str], told: Mapping[str, object], place: str) -> Response:
    """Back to the page that sent the form, at the fragment of a place, else to the place; a program is told what was done, as JSON."""
    if wanted_form(request) == "json":
        return Response(msgspec.json.encode({**told, "place": place}), media_type="application/json")
    if form.get("back"):
        path, _, fragment = own_path(form["back"]).partition("#")
        place = f"{path}#{place.partition('#')[2] or fragment}"
    return RedirectResponse(place.rstrip("#"), 303)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
