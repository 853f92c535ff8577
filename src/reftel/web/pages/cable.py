"""One cable: its head, its text with all that is known of it, what it cites and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reftel.archive.graph import Outgoing
from reftel.archive.store import Named, Witness
from reftel.exports import EXPORTS, STYLES, cite
from reftel.exports.entry import Entry, entry, recipient_name
from reftel.exports.openurl import coins
from reftel.model import Cable, Defect, Findings, Span
from reftel.query import parse_query
from reftel.tables import Tag, find_tag
from reftel.web.asked import read_number
from reftel.web.data import BIBLIOGRAPHIES
from reftel.web.differences import Compared, compare_texts
from reftel.web.discretion import as_shown, short_locator
from reftel.web.guard import session_of
from reftel.web.kept import OnCable, show_cable_notes
from reftel.web.leaf import Leaf, make_leaf, paragraph_ids
from reftel.web.places import address_of, cable_path
from reftel.web.problems import BadRequestError, NotFoundError
from reftel.web.rendering import render
from reftel.web.sheet import make_sheet
from reftel.workbench import Archive

# suffix -> name in EXPORTS, media type
FORMS = {
    "json": ("jsonl", "application/json"),
    "md": ("md", "text/markdown; charset=utf-8"),
    "txt": ("text", "text/plain; charset=utf-8"),
    **{name: (name, media) for name, media in BIBLIOGRAPHIES.items()},
}
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


_MASKED = (
    "Whom a drafter asks to protect has a pseudonym of the same length here, such as Pk7qxxx, also in the source as found: see "
    "Protected names at the foot of the page."
)
_NOT_THERE = "The characters that the address asks for are not in this text."


class Shown(NamedTuple):
    """All that the page of a cable shows. siblings: cables that cite what it cites, and how much of it. near: those near it in content."""

    address: str
    named: Named
    cable: Cable
    findings: Findings | None
    leaf: Leaf
    entry: Entry
    tags: list[tuple[str, Tag | None]]
    outgoing: list[Outgoing]
    incoming: list[Named]
    before: Named | None
    after: Named | None
    siblings: list[tuple[Named, int]]
    near: list[Named]
    witnesses: list[Witness]
    flaws: list[tuple[Defect, str]]
    kept: OnCable
    notes: list[str]


async def show_cable(request: Request) -> Response:
    """The page of a cable. q: what is marked in it; at: a span that is gone to; start: the offset from which a long text goes on."""
    address = address_of(request.path_params["address"])
    text = request.query_params.get("q", "").strip()
    query = parse_query(text) if text else None
    at, start = _read_span(request), _read_start(request)
    session = session_of(request)

    def look(archive: Archive) -> Shown:
        named = find_one(archive, address)
        whole = archive.cable(named)
        cable, findings = as_shown(archive, whole, archive.findings(named), session)
        there = at if at is not None and at.end <= len(cable.text) else None
        begin = start if start is not None else there.start - 2000 if there is not None and there.start > 200_000 else 0
        outgoing, incoming = archive.references(named)

        def show(some: Iterable[Named | None]) -> list[Named]:
            named = [one for one in some if one is not None]
            return named if session.unmasked else list(archive.masked_names(named))

        before, after = (next(iter(show([one])), None) for one in archive.neighbours(named))
        siblings = [(show([one])[0], shared) for one, shared in archive.siblings(named)]

        kept = show_cable_notes(archive, named, whole, cable, session)
        return Shown(
            archive.store.address(named), named, cable, findings,
            make_leaf(cable, findings, query, there, max(begin, 0), kept.layers),
            entry(cable), [(tag, find_tag(tag)) for tag in cable.tags], outgoing, show(incoming),
            before, after, siblings, show(archive.near(named)), archive.witnesses(named), _flaws(cable), kept,
            [*archive.notes, *([_MASKED] if cable.text != whole.text else []), *([_NOT_THERE] if there is not at else [])],
        )  # fmt: skip

    shown = await request.app.state.room.run(look)
    return render(
        request, "cable.html", shown=shown, cable=shown.cable, asked=text, styles=STYLES, cite=cite, forms=FORMS,
        recipient_name=recipient_name, coins=coins(shown.entry), start=start or 0,
    )  # fmt: skip


async def show_source(request: Request) -> Response:
    """The source as it was found, each stretch named. `witness` counts the texts of the cable from 1, the leading one first."""
    session = session_of(request)
    start = _read_start(request) or 0

    def look(archive: Archive) -> tuple[str, Cable, list[Witness], int]:
        named = find_one(archive, address_of(request.path_params["address"]))
        witnesses = archive.witnesses(named)
        nth = read_number(request, "witness", 1, 1, len(witnesses))
        cable, _ = as_shown(archive, archive.cable(named, witnesses[nth - 1]), None, session)
        return archive.store.address(named), cable, witnesses, nth

    address, cable, witnesses, nth = await request.app.state.room.run(look)
    sheet = make_sheet(cable, start)
    return render(request, "source.html", address=address, cable=cable, witnesses=witnesses, nth=nth, sheet=sheet)


async def show_comparison(request: Request) -> Response:
    """Two texts of a cable side by side, with the words that differ. left, right: count its texts from 1, the leading one first."""
    session = session_of(request)

    def look(archive: Archive) -> tuple[str, list[Witness], int, int, Compared]:
        named = find_one(archive, address_of(request.path_params["address"]))
        witnesses = archive.witnesses(named)
        left = read_number(request, "left", 1, 1, len(witnesses))
        right = read_number(request, "right", min(2, len(witnesses)), 1, len(witnesses))
        one, other = (
            as_shown(archive, archive.cable(named, witnesses[nth - 1]), None, session)[0] for nth in (left, right)
        )
        return archive.store.address(named), witnesses, left, right, compare_texts(one, other)

    address, witnesses, left, right, compared = await request.app.state.room.run(look)
    return render(
        request, "compare.html", address=address, witnesses=witnesses, left=left, right=right, compared=compared,
        short_locator=short_locator,
    )  # fmt: skip


async def send_cable(request: Request) -> Response:
    """A cable as a file: its record, a document, or a bibliography of one."""
    form = request.path_params["form"]
    if form not in FORMS:
        raise NotFoundError(f"A cable is not to be had as {form}.", f"There are: {', '.join(FORMS)}.")
    name, media = FORMS[form]
    session = session_of(request)

    def look(archive: Archive) -> tuple[str, bytes]:
        named = find_one(archive, address_of(request.path_params["address"]))
        cable, _ = as_shown(archive, archive.cable(named), None, session)
        out = BytesIO()
        EXPORTS[name].write([cable], out)
        return archive.store.address(named), out.getvalue()

    address, data = await request.app.state.room.run(look)
    stem = re.sub(r"[^\w~-]", "_", address)
    return Response(
        data, media_type=media, headers={"content-disposition": f'inline; filename="{stem}.{EXPORTS[name].extension}"'}
    )


async def show_citations(request: Request) -> Response:
    """The citations of a cable, or of one of its numbered paragraphs, in every style."""
    session = session_of(request)
    said = request.query_params.get("paragraph", "")
    if said and not (said.isascii() and said.isdigit()):
        raise BadRequestError(f"The paragraph {said!r} is no number.", "Give the number that is printed before it.")

    def look(archive: Archive) -> tuple[str, list[tuple[str, str, str]]]:
        named = find_one(archive, address_of(request.path_params["address"]))
        cable, _ = as_shown(archive, archive.cable(named), None, session)
        number = int(said) if said else None
        told = [(style.name, style.sentence, cite(cable, style.name, number)) for style in STYLES.values()]
        return archive.store.address(named), told

    address, told = await request.app.state.room.run(look)
    return render(request, "cite.html", address=address, paragraph=said, told=told)


async def go_to_cable(request: Request) -> Response:
    """From an id in any form to the page of its cable."""
    wanted = request.query_params.get("id", "").strip()
    found: list[str] = await request.app.state.room.run(
        lambda archive: [archive.store.address(named) for named in archive.find(wanted)]
    )
    if not found:
        raise NotFoundError(f"There is no cable {wanted} in this archive.", "Look for it among the cables: id:...")
    return RedirectResponse(cable_path(found[0]), 303)


def find_one(archive: Archive, address: str) -> Named:
    """The cable of an address; of several with one id the first. NotFoundError if there is none."""
    found = archive.find(address)
    if not found:
        raise NotFoundError(f"There is no cable {address} in this archive.", "It may be cited and yet not be held.")
    return found[0]


def _flaws(cable: Cable) -> list[tuple[Defect, str]]:
    """What is odd, each with the id of the paragraph in which it lies, or nothing."""
    ids = paragraph_ids(cable.paragraphs)
    found = []
    for defect in cable.defects:
        place = ""
        if defect.span is not None:
            for paragraph, name in zip(cable.paragraphs, ids, strict=True):
                if paragraph.spans and paragraph.spans[0].start <= defect.span.start < paragraph.spans[-1].end:
                    place = name
                    break
        found.append((defect, place))
    return found


def _read_span(request: Request) -> Span | None:
    text = request.query_params.get("at", "")
    if not text:
        return None
    match = _SPAN.fullmatch(text)
    if match is None or int(match[1]) >= int(match[2]):
        raise BadRequestError(f"at is {text!r}.", "Give two offsets, such as 120-164.")
    return Span(int(match[1]), int(match[2]))


def _read_start(request: Request) -> int | None:
    text = request.query_params.get("start", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequestError(f"start is {text!r}.", "Give an offset, a whole number.")
    return int(text) if text else None
