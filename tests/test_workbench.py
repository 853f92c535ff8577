"""Archive, as a program or a notebook uses it."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest
from archives import demo_archive, new_archive, shared_archive, write_dump, write_telegram
from conftest import COLLECTION

import reftel
from reftel.archive.lock import BusyError, writing
from reftel.archive.store import DiskFullError
from reftel.errors import ReftelError
from reftel.model import Cable
from reftel.workbench import Archive


def test_an_archive_is_opened_filled_searched_and_read(tmp_path: Path) -> None:
    with reftel.Archive.open(tmp_path / "archive", create=True) as archive:
        report = archive.add([COLLECTION / "dump"], workers=0)
        assert report.added + report.partial == len(archive) == 33
        result = archive.search("kallaste from:tallinn", limit=3, facets=["year"])
        assert result.total >= len(result.hits) > 0
        cable = archive.get(result.hits[0].address)
        assert isinstance(cable, Cable) and "kallaste" in cable.text.lower()
        assert sum(count for _, count in result.facets["year"]) == result.total
    with Archive.open(str(tmp_path / "archive")) as archive:
        assert len(archive) == 33


def test_one_path_may_be_given_without_a_list(tmp_path: Path) -> None:
    path = write_telegram(tmp_path / "a.txt", 1)
    with new_archive(tmp_path) as archive:
        assert archive.add(path).added == 1
        assert archive.add(str(path)).unchanged == 1


def test_what_was_not_simply_added_is_a_line_of_the_report(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.txt").write_text("milk\neggs\n")
    write_telegram(tmp_path / "in" / "good.txt", 1)
    with new_archive(tmp_path) as archive:
        report = archive.add(tmp_path / "in")
        assert report[:5] == (1, 0, 0, 0, 1)
        assert [line.locator for line in report.lines] == ["../in/bad.txt"]
        with pytest.raises(ReftelError, match="There is no reader dunp"):
            archive.add(tmp_path / "in", reader="dunp")
        assert archive.add(tmp_path / "in").unchanged == 1


@pytest.mark.parametrize("address", ["08TALLINN96", "08 Tallinn 96", " 08tallinn96 ", "08 TALLINN 00096"])
def test_get_takes_an_id_in_any_usual_form(address: str) -> None:
    assert shared_archive().get(address).id == "08TALLINN96"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "#",
        "#0",
        "#999999999999",
        "~",
        "~1",
        "08TALLINN96~2",
        "08TALLINN96~0",
        "09NOWHERE1",
        "x" * 500,
        "'; --",
        "\0",
    ],
)
def test_get_of_what_is_not_there_says_so(address: str) -> None:
    assert shared_archive().find(address) == []
    with pytest.raises(ReftelError, match="There is no cable"):
        shared_archive().get(address)


def test_every_hit_can_be_got_by_its_address() -> None:
    archive = shared_archive()
    for hit in archive.search_all("*"):
        assert archive.get(hit.address) == archive.store.cable(hit.key)
        assert archive.get(f"#{hit.key}").id == hit.id


def test_cables_are_typed_records_one_by_one() -> None:
    archive = shared_archive()
    assert len([cable for cable in archive.cables() if isinstance(cable, Cable)]) == 50
    assert {cable.id for cable in archive.cables("from:tallinn")} == {
        hit.id for hit in archive.search_all("from:tallinn")
    }
    sorted_ids = [hit.id for hit in archive.search_all("from:lisbon", sort="-date")]
    assert [cable.id for cable in archive.cables("from:lisbon", sort="-date")] == sorted_ids
    assert len(list(islice(archive.cables("*"), 3))) == 3


def test_a_kept_record_is_the_one_that_is_parsed_from_the_file() -> None:
    [parsed] = reftel.read(COLLECTION / "dump" / "08TALLINN96.txt")
    kept = next(
        archive_cable
        for witness in shared_archive().witnesses(shared_archive().find("08TALLINN96")[0])
        if (archive_cable := shared_archive().store.source(witness.key)[0]).source.reader == "dump"
    )
    assert kept.paragraphs == parsed.paragraphs and kept.text == parsed.text and kept.segments == parsed.segments


def test_who_cites_a_cable_is_told_wherever_it_is_held() -> None:
    archive = shared_archive()
    cites, is_cited = set(), set()
    for hit in archive.search_all("*"):
        [named] = archive.find(hit.address)
        outgoing, incoming = archive.references(named)
        cites |= {(hit.address, held) for one in outgoing if one.reference.target for held in one.held}
        is_cited |= {(citing.id, hit.address) for citing in incoming}
    assert cites == is_cited and len(cites) > 10


def test_cables_and_results_show_themselves_in_a_notebook() -> None:
    archive = shared_archive()
    result = archive.search("kallaste", limit=2)
    table = result._repr_html_()  # type: ignore[attr-defined]
    assert table.startswith("<") and result.hits[0].address in table and f"2 of {result.total} cables" in table
    page = archive.get("08TALLINN96")._repr_html_()  # type: ignore[attr-defined]
    assert "KALLASTE" in page and "<script" not in page.lower()


def test_a_notebook_is_not_steered_by_a_cable(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        archive.add(write_dump(tmp_path / "a.txt", 1, words="<script>alert(1)</script> & the ferry"), workers=0)
        [hit] = archive.search("ferry").hits
        for shown in (archive.search("ferry")._repr_html_(), archive.get(hit.address)._repr_html_()):  # type: ignore[attr-defined]
            assert "<script>" not in shown


def test_only_one_writes_at_a_time(tmp_path: Path) -> None:
    path = write_telegram(tmp_path / "a.txt", 1)
    with new_archive(tmp_path) as archive:
        with writing(archive.folder):
            for write in (lambda: archive.add(path), archive.rebuild, archive.doctor):
                with pytest.raises(BusyError, match="wait until it has ended"):
                    write()  # type: ignore[no-untyped-call]
        assert archive.add(path).added == 1


def test_who_reads_goes_on_when_another_process_has_learnt_to_pack_better(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive, Archive.open(archive.folder) as reader:
        archive.add(write_dump(tmp_path / "1.txt", 1), workers=0)
        assert reader.get("09LISBON1").id == "09LISBON1"
        samples = [path.read_bytes() for path in sorted((COLLECTION / "dump").iterdir())]
        with archive.store.transaction():
            archive.store.learn({"text": samples, "record": samples, "findings": samples})
        archive.add(write_dump(tmp_path / "2.txt", 2, words="The clerk said the ferry is late."), workers=0)
        [named] = reader.find("09LISBON2")
        assert archive.store.has_learnt and archive.store.knows_findings
        assert reader.findings(named) is not None
        assert reader.cable(named).id == "09LISBON2"


def test_on_a_full_disk_what_the_index_holds_is_still_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = demo_archive(tmp_path)
    state = folder / "index" / "state.json"
    state.write_text(re.sub(r'"changed":\d+', '"changed":1', state.read_text("utf-8")), "utf-8")

    def fail(*_: object) -> None:
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr(Archive, "_follow_up", fail)
    with Archive.open(folder) as archive:
        assert archive.search("kallaste").total == shared_archive().search("kallaste").total
        assert archive.notes == ["The disk is full; the newest cables cannot be found yet."]


def test_explain_says_what_each_part_matches_and_what_is_left_without_it() -> None:
    archive = shared_archive()
    first, second = [part for part in archive.explain("kallaste -from:tallinn") if not part.depth]
    assert (first.count, first.without) == (archive.count("kallaste"), archive.count("-from:tallinn"))
    assert second.without == archive.count("kallaste")
    assert (first.at, second.at) == ((0, 8), (9, 22))


def test_adding_never_touches_the_desk(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    with Archive.open(folder) as archive:
        archive.add(write_dump(tmp_path / "a.txt", 1), workers=0)
        archive.rebuild(workers=0)
        archive.doctor()
    assert not (folder / "desk.sqlite").exists()
