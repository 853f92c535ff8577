"""How cables hang together: what cites what, and what stands beside what."""

from __future__ import annotations

from pathlib import Path

import pytest
from archives import new_archive, shared_archive, write_dump

from reftel.cite import parse_id

SERIALS = [3, 9, 10, 11, 99, 100, 1000, 1001]


def test_the_neighbours_are_those_of_the_next_serials(tmp_path: Path) -> None:
    for serial in SERIALS:
        write_dump(tmp_path / "dump" / f"{serial}.txt", serial)
    with new_archive(tmp_path) as archive:
        archive.add([tmp_path / "dump"], workers=0, extract=False)
        for i, serial in enumerate(SERIALS):
            before, after = archive.neighbours(archive.find(f"09LISBON{serial}")[0])
            assert (before.id if before else None) == (f"09LISBON{SERIALS[i - 1]}" if i else None)
            assert (after.id if after else None) == (f"09LISBON{SERIALS[i + 1]}" if serial != SERIALS[-1] else None)


def test_the_neighbours_in_the_demo_are_of_the_same_post() -> None:
    archive = shared_archive()
    for cable in archive.cables():
        known = parse_id(cable.id or "")
        if known is None:
            continue
        held = sorted(
            (one.year, one.serial)
            for other in archive.cables()
            if (one := parse_id(other.id or "")) is not None
            and one.post == known.post
            and abs(one.year - known.year) <= 3
        )
        before, after = archive.neighbours(archive.find(cable.id or "")[0])
        place = held.index((known.year, known.serial))
        for beside, expected in (
            (before, held[place - 1 : place] if place else []),
            (after, held[place + 1 : place + 2]),
        ):
            found = parse_id(beside.id or "") if beside else None
            if found is not None:
                assert [(found.year, found.serial)] == expected


@pytest.mark.parametrize(
    ("address", "cited", "cites"),
    [("08TALLINN402", ["08USNATO388", "08TALLINN561"], ["08TALLINN96", "08HELSINKI137", "08USUNNEWYORK655"])],
)
def test_references_lead_both_ways(address: str, cited: list[str], cites: list[str]) -> None:
    outgoing, incoming = shared_archive().references(shared_archive().find(address)[0])
    assert [one.id for one in incoming] == sorted(cited, key=lambda one: {"08USNATO388": 1}.get(one, 2))
    assert [held for one in outgoing for held in one.held] == cites


def test_what_is_near_speaks_of_the_same_things() -> None:
    archive = shared_archive()
    near = archive.near(archive.find("08TALLINN402")[0])
    assert "08TALLINN402" not in [one.id for one in near]
    assert all("AMBER" in (archive.get(one.id or "").text.upper()) for one in near)


def test_siblings_cite_what_a_cable_cites() -> None:
    archive = shared_archive()
    for key in archive.store.column("SELECT key FROM cables WHERE lead IS NOT NULL"):
        (named,) = archive.find(f"#{key}")
        cable = archive.cable(named)
        own = {one.target for one in cable.references if one.target}
        for other, shared in archive.siblings(named):
            theirs = {one.target for one in archive.cable(other).references}
            assert (other.key != named.key, shared) == (True, len(own & theirs))
    assert archive.siblings(archive.find("08TALLINN561")[0])
