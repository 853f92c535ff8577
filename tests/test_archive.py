"""Adding: once, again, after changes; the ledger; witnesses; what is done again. In this process, without workers."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from archives import demo_archive, held_by, new_archive, outcomes, write_dump, write_telegram
from conftest import COLLECTION

from reftel.archive import schema
from reftel.archive.ledger import count_outcomes, last_run, latest
from reftel.errors import ReftelError
from reftel.model import Cable
from reftel.parse import parse
from reftel.pipeline import work
from reftel.workbench import Archive


def add(archive: Archive, *paths: Path) -> list[tuple[str, str]]:
    """What became of each: the last part of its locator, and the outcome."""
    return [(line.locator.rpartition("/")[2], line.outcome) for line in archive.adding(paths, workers=0)]


def failed(archive: Archive) -> list[str]:
    return [line.locator.rpartition("/")[2] for line in latest(archive.store, "failed")]


def all_found(archive: Archive) -> list[str]:
    return sorted(hit.address for hit in archive.search_all("*"))


# ---- adding


def test_the_same_thing_added_again_does_nothing_and_says_so(tmp_path: Path) -> None:
    with Archive.open(demo_archive(tmp_path)) as archive:
        before, changed = held_by(archive), archive.store.last_change()
        report = archive.add([COLLECTION], workers=0)
        assert report[:5] == (0, 57, 0, 0, 0)
        assert report.lines == ()
        assert held_by(archive) == before
        assert archive.store.last_change() == changed


def test_the_demo_collection_is_fifty_cables_from_more_sources(tmp_path: Path) -> None:
    with Archive.open(demo_archive(tmp_path)) as archive:
        assert len(archive) == len(all_found(archive)) == archive.search("*").total == 50
        assert count_outcomes(archive.store) == {"added": 50, "partial": 7}
        assert archive.doctor().findings == ()


def test_every_line_of_the_ledger_has_parser_time_and_reason(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("milk\neggs\n")
    good = write_telegram(tmp_path / "good.txt", 1)
    with new_archive(tmp_path) as archive:
        lines = {line.locator: line for line in archive.adding([tmp_path / "list.txt", good], workers=0)}
        bad, whole = lines["../list.txt"], lines["../good.txt"]
        assert bad.outcome == "failed" and bad.reason and bad.remedy and bad.parser
        assert whole.outcome == "added" and whole.source is not None
        assert all(line.at.endswith("Z") and len(line.at) == 20 for line in lines.values())
        assert list(latest(archive.store, "failed")) == [bad]


@pytest.mark.parametrize("files", [{}, {".hidden.txt": "milk"}, {"sub/.git/x.txt": "milk"}])
def test_a_folder_without_cables_makes_an_empty_archive_that_works(tmp_path: Path, files: dict[str, str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    with new_archive(tmp_path) as archive:
        assert archive.add([folder], workers=0)[:5] == (0, 0, 0, 0, 0)
        assert archive.search("*").total == 0
        assert archive.search("ferry", facets=["year", "post"]).facets == {"year": [], "post": []}
        assert list(archive.search_all("ferry")) == list(archive.cables()) == []
        assert archive.doctor().is_whole
        assert archive.rebuild(workers=0) == 0
    with Archive.open(tmp_path / "archive") as archive:
        assert archive.search("*").total == len(archive) == 0


def test_an_archive_in_the_folder_that_is_added_is_no_part_of_it(tmp_path: Path) -> None:
    for number in (1, 2):
        write_telegram(tmp_path / "index" / f"{number}.txt", number)
    with new_archive(tmp_path) as archive:
        archive.desk().tag("09X1", "sea")
        for outcome in ("added", "unchanged"):
            assert add(archive, tmp_path) == [("1.txt", outcome), ("2.txt", outcome)]
        assert archive.doctor().findings == ()


def test_an_archive_that_nothing_was_added_to_can_be_searched(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        assert archive.search("ferry").total == archive.count("*") == 0
        assert archive.explain("ferry")[0].count == 0


def test_a_file_that_cannot_be_read_is_a_line_and_the_others_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write_telegram(folder / "a.txt", 1)
    (folder / "b.txt").write_text("milk\neggs\n")
    write_telegram(folder / "c.txt", 2)
    with new_archive(tmp_path) as archive:
        assert add(archive, folder) == [("a.txt", "added"), ("b.txt", "failed"), ("c.txt", "added")]
        assert failed(archive) == ["b.txt"]
        assert add(archive, folder / "nowhere.txt") == [("nowhere.txt", "failed")]


def test_a_file_that_failed_is_mended_and_retried(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("milk\neggs\n")
    with new_archive(tmp_path) as archive:
        add(archive, path)
        assert outcomes(archive.retrying(workers=0)) == ["failed"]
        write_telegram(path, 1)
        assert outcomes(archive.retrying(workers=0)) == ["added"]
        assert failed(archive) == []
        assert list(archive.retrying(workers=0)) == []
        assert last_run(archive.store).command == "retry"  # type: ignore[union-attr]


def test_a_file_mended_with_a_text_that_is_there_already_stands_no_longer_at_failed(tmp_path: Path) -> None:
    good, bad = write_telegram(tmp_path / "good.txt", 1), tmp_path / "bad.txt"
    bad.write_text("milk\neggs\n")
    with new_archive(tmp_path) as archive:
        add(archive, good, bad)
        shutil.copy(good, bad)
        assert outcomes(archive.retrying(workers=0)) == ["unchanged"]
        assert failed(archive) == []
        assert list(archive.retrying(workers=0)) == []
        bad.write_text("milk\neggs\n")
        assert add(archive, bad) == [("bad.txt", "failed")]
        assert failed(archive) == ["bad.txt"]


@pytest.mark.parametrize("name", ["wow!.txt", "cable #3.txt", "a!b#c!d.txt", "in #2/x.txt"])
def test_a_file_with_a_locators_marks_in_its_name_is_retried(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("milk\neggs\n")
    with new_archive(tmp_path) as archive:
        add(archive, path)
        write_telegram(path, 1)
        assert outcomes(archive.retrying(workers=0)) == ["added"]
        assert failed(archive) == []


def write_zip(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as box:
        for name, data in members:
            box.writestr(name, data)
    return path


def test_a_zip_with_a_bad_member_gives_the_others_and_can_be_mended(tmp_path: Path) -> None:
    one, two = (write_telegram(tmp_path / f"{n}.txt", n).read_bytes() for n in (1, 2))
    box = write_zip(tmp_path / "box.zip", ("a.txt", one), ("b.txt", b"milk\neggs\n"), ("c.txt", two))
    with new_archive(tmp_path) as archive:
        assert add(archive, box) == [
            ("box.zip!a.txt", "added"),
            ("box.zip!b.txt", "failed"),
            ("box.zip!c.txt", "added"),
        ]
        three = write_telegram(tmp_path / "3.txt", 3).read_bytes()
        write_zip(box, ("a.txt", one), ("b.txt", three), ("c.txt", two))
        assert outcomes(archive.retrying(workers=0)) == ["unchanged", "added", "unchanged"]
        assert failed(archive) == []


def test_a_zip_that_was_no_zip_at_all_is_mended(tmp_path: Path) -> None:
    box = tmp_path / "box.zip"
    box.write_bytes(b"PK\x03\x04" + b"no zip " * 50)
    with new_archive(tmp_path) as archive:
        assert add(archive, box) == [("box.zip", "failed")]
        write_zip(box, ("a.txt", write_telegram(tmp_path / "1.txt", 1).read_bytes()))
        assert outcomes(archive.retrying(workers=0)) == ["added"]
        assert failed(archive) == []
        box.write_bytes(b"PK\x03\x04" + b"no zip " * 50)
        add(archive, box)
        assert failed(archive) == ["box.zip"]


def test_standard_input_is_told_apart_by_what_came_through_it(tmp_path: Path) -> None:
    texts = [write_telegram(tmp_path / f"{n}.txt", n).read_bytes() for n in (1, 2, 1)]
    with new_archive(tmp_path) as archive:
        found = [line for text in texts for line in archive.adding(["-"], stdin=io.BytesIO(text), workers=0)]
        assert outcomes(found) == ["added", "added", "unchanged"]
        assert found[0].locator.startswith("stdin:") and found[0].locator == found[2].locator != found[1].locator
        assert len(archive) == 2


# ---- files that change, move, come back


def test_a_changed_file_is_replaced_and_its_older_text_stays(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.txt", 1, words="the ferry sank")
    with new_archive(tmp_path) as archive:
        add(archive, path)
        write_dump(path, 1, words="the ferry swam")
        assert add(archive, path) == [("a.txt", "replaced")]
        assert (archive.count("sank"), archive.count("swam")) == (0, 1)
        [named] = archive.find("09LISBON1")
        lead, older = archive.witnesses(named)
        assert (lead.leads, lead.superseded, older.leads, older.superseded) == (True, False, False, True)
        assert "sank" in archive.cable(named, older).text
        assert archive.doctor().findings == ()


def test_a_file_changed_back_leads_again_with_its_first_text(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.txt", 1, words="the ferry sank")
    with new_archive(tmp_path) as archive:
        for word in ("sank", "swam", "sank"):
            write_dump(path, 1, words=f"the ferry {word}")
            add(archive, path)
        assert (archive.count("sank"), archive.count("swam")) == (1, 0)
        assert archive.store.column("SELECT count(*) FROM sources") == [2]
        assert add(archive, path) == [("a.txt", "unchanged")]
        assert archive.doctor().findings == ()


def test_a_superseded_text_does_not_lead_even_if_it_is_longer(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.txt", 1, lines=5)
    with new_archive(tmp_path) as archive:
        add(archive, path)
        write_dump(path, 1, lines=3)
        add(archive, path)
        [named] = archive.find("09LISBON1")
        lead, older = archive.witnesses(named)
        assert lead.weight.points < older.weight.points


def test_a_moved_and_a_copied_file_are_the_same_text(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.txt", 1)
    with new_archive(tmp_path) as archive:
        add(archive, path)
        shutil.copy(path, tmp_path / "copy.txt")
        path.rename(tmp_path / "moved.txt")
        [one, other] = archive.adding([tmp_path / "copy.txt", tmp_path / "moved.txt"], workers=0)
        assert outcomes([one, other]) == ["unchanged", "unchanged"]
        assert one.reason and "a.txt" in one.reason
        assert len(archive) == archive.store.column("SELECT count(*) FROM sources")[0] == 1


def test_a_copy_leads_on_when_the_first_place_gets_another_text(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.txt", 1, lines=5)
    with new_archive(tmp_path) as archive:
        add(archive, path)
        shutil.copy(path, tmp_path / "b.txt")
        write_dump(path, 1, lines=3)
        add(archive, path, tmp_path / "b.txt")
        [named] = archive.find("09LISBON1")
        lead, other = archive.witnesses(named)
        assert (lead.locator, lead.superseded, other.superseded) == ("../b.txt", False, False)
        assert lead.weight.points > other.weight.points
        assert add(archive, path, tmp_path / "b.txt") == [("a.txt", "unchanged"), ("b.txt", "unchanged")]


def test_a_file_that_became_a_copy_of_another_no_longer_stands_for_its_old_text(tmp_path: Path) -> None:
    long, short = write_dump(tmp_path / "a.txt", 1, lines=5), write_dump(tmp_path / "b.txt", 1, lines=3)
    with new_archive(tmp_path) as archive:
        add(archive, long, short)
        shutil.copy(short, long)
        assert add(archive, long, short) == [("a.txt", "replaced"), ("b.txt", "unchanged")]
        [named] = archive.find("09LISBON1")
        lead, older = archive.witnesses(named)
        assert (lead.locator, lead.superseded, older.superseded) == ("../b.txt", False, True)
        assert add(archive, long, short) == [("a.txt", "unchanged"), ("b.txt", "unchanged")]
        assert archive.doctor().findings == ()


def test_two_files_that_changed_places_stay_what_they_were(tmp_path: Path) -> None:
    one, two = write_dump(tmp_path / "a.txt", 1), write_dump(tmp_path / "b.txt", 2)
    with new_archive(tmp_path) as archive:
        add(archive, one, two)
        first, second = one.read_bytes(), two.read_bytes()
        one.write_bytes(second)
        two.write_bytes(first)
        add(archive, one, two)
        assert all_found(archive) == ["09LISBON1", "09LISBON2"]
        add(archive, one, two)
        assert archive.store.column("SELECT count(*) FROM sources WHERE superseded") == [0]
        assert {w[0] for w in add(archive, one, two) if w[1] != "unchanged"} == set()


def test_a_row_put_in_before_the_others_of_a_table_takes_no_lead_away(tmp_path: Path) -> None:
    path = tmp_path / "cables.csv"
    rows = (COLLECTION / "cables.csv").read_bytes()
    path.write_bytes(rows)
    with new_archive(tmp_path) as archive:
        add(archive, path)
        before = len(archive)
        body = "UNCLAS LISBON 000007\n\nTAGS: PREL, PO\nSUBJECT: NEW ROW\n\n1. (U) A row that was not there before.\n\nHALVORSEN"
        new = f'"1","3/1/2009 10:00","09LISBON7","Embassy Lisbon","UNCLASSIFIED","","R 011000Z MAR 09\nFM AMEMBASSY LISBON","{body}"\n'
        path.write_bytes(new.encode() + rows)
        add(archive, path)
        assert len(archive) == before + 1
        assert archive.store.column("SELECT locator FROM sources WHERE superseded") == []
        assert {outcome for _, outcome in add(archive, path)} == {"unchanged"}
        assert archive.doctor().findings == ()


# ---- witnesses


def test_one_cable_from_three_carriers_is_one_cable_with_three_sources(tmp_path: Path) -> None:
    paths = [
        COLLECTION / "dump" / "08TALLINN402.txt",
        COLLECTION / "site" / "cable" / "2008" / "09" / "08TALLINN402.html",
    ]
    with new_archive(tmp_path) as archive:
        for path in paths:
            add(archive, path)
        [named] = archive.find("08TALLINN402")
        witnesses = archive.witnesses(named)
        assert {w.reader for w in witnesses} == {"dump", "site"}
        assert [w.leads for w in witnesses] == [True, False]
        assert archive.get("08TALLINN402") == archive.cable(named, witnesses[0])
        assert {archive.cable(named, w).source.reader for w in witnesses} == {"dump", "site"}
        assert archive.count("carrier:dump") == archive.count("carrier:site") == 1
        assert dict(archive.facets("*")["carrier"]) == {"dump": 1, "site": 1}


def test_the_order_in_which_witnesses_come_makes_no_difference(tmp_path: Path) -> None:
    paths = [write_dump(tmp_path / f"{n}.txt", 1, lines=n, words=f"copy {n}") for n in (3, 5, 4)]
    for i, order in enumerate((paths, paths[::-1], [paths[1], paths[2], paths[0]])):
        with Archive.open(tmp_path / f"archive{i}", create=True) as archive:
            for path in order:
                add(archive, path)
            assert [w.locator for w in archive.witnesses(archive.find("09LISBON1")[0])] == [
                "../5.txt",
                "../4.txt",
                "../3.txt",
            ]
            assert archive.doctor().findings == ()


def test_a_better_text_takes_the_lead_and_is_the_one_that_is_found(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        add(archive, write_dump(tmp_path / "short.txt", 1, lines=2, words="the ferry sank"))
        assert archive.count("sank") == 1
        add(archive, write_dump(tmp_path / "long.txt", 1, lines=6, words="the ferry swam"))
        assert (archive.count("sank"), archive.count("swam"), len(archive)) == (0, 1, 1)
        add(archive, write_dump(tmp_path / "shorter.txt", 1, lines=2, words="the ferry flew"))
        assert (archive.count("flew"), archive.count("swam"), len(archive)) == (0, 1, 1)
        [named] = archive.find("09LISBON1")
        assert archive.witnesses(named)[0].locator == "../long.txt"


def test_a_witness_of_which_something_is_cut_off_does_not_lead(tmp_path: Path) -> None:
    cut = write_dump(tmp_path / "cut.txt", 1, lines=6)
    text = cut.read_text("utf-8")
    cut.write_text(
        text.replace(
            "VZCZC",
            "This record is a partial extract of the original cable. The full text of the original cable is not available.\n\nVZCZC",
        ),
        encoding="utf-8",
    )
    with new_archive(tmp_path) as archive:
        assert add(archive, cut) == [("cut.txt", "partial")]
        add(archive, write_dump(tmp_path / "whole.txt", 1, lines=3))
        [named] = archive.find("09LISBON1")
        lead, other = archive.witnesses(named)
        assert (lead.locator, lead.weight.cut, other.weight.cut) == ("../whole.txt", 0, 1)
        assert other.weight.points > lead.weight.points


def test_one_id_with_two_texts_is_two_cables_with_a_defect(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        add(archive, write_dump(tmp_path / "a.txt", 1, words="the ferry sank"))
        assert archive.count("defect:id-collides") == 0
        add(archive, write_dump(tmp_path / "b.txt", 1, text=5, words="the bridge fell"))
        assert len(archive) == archive.count("id:09LISBON1") == archive.count("defect:id-collides") == 2
        assert archive.count("sank") == archive.count("fell") == 1
        assert all_found(archive) == ["09LISBON1~1", "09LISBON1~2"]
        with pytest.raises(ReftelError, match=r"09LISBON1~1, 09LISBON1~2"):
            archive.get("09LISBON1")
        first, second = archive.get("09LISBON1~1"), archive.get("09 LISBON 1~2")
        assert "sank" in first.text and "fell" in second.text
        for cable, other in ((first, "b.txt"), (second, "a.txt")):
            assert [d.detail for d in cable.defects if d.code == "id-collides"] == [
                f"another text under this id is in ../{other}"
            ]
        assert archive.find("09LISBON1~3") == archive.find("09LISBON1~0") == []
        add(archive, write_dump(tmp_path / "c.txt", 1, text=5, lines=4, words="the bridge fell down"))
        assert len(archive) == 2
        assert archive.doctor().findings == ()


# ---- what Reftel itself does wrong


def test_a_parser_that_raises_is_a_line_with_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    for n in (1, 2, 3):
        write_telegram(folder / f"{n}.txt", n, words="poison" if n == 2 else "bread")

    def parse_or_raise(source: Any) -> Cable:
        if "poison" in source.text:
            raise ZeroDivisionError("by a poisoned cable")
        return parse(source)

    monkeypatch.setattr(work, "parse", parse_or_raise)
    with new_archive(tmp_path) as archive:
        assert add(archive, folder) == [("1.txt", "added"), ("2.txt", "failed"), ("3.txt", "added")]
        [line] = latest(archive.store, "failed")
        assert line.reason == "ZeroDivisionError: by a poisoned cable."
        assert "parse_or_raise" in (line.trace or "")
        assert line.remedy and "retry --failed" in line.remedy
        assert str(Path(__file__).parent) not in (line.trace or "")
        monkeypatch.undo()
        assert outcomes(archive.retrying(workers=0)) == ["added"]
        assert failed(archive) == []


# ---- rebuild


def set_version(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    for module in ("add", "mend"):
        monkeypatch.setattr(f"reftel.pipeline.{module}.VERSION", version)


def test_rebuild_parses_only_what_an_older_version_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_archive(tmp_path) as archive:
        add(archive, write_dump(tmp_path / "a.txt", 1), write_dump(tmp_path / "b.txt", 2))
        assert archive.rebuild(workers=0) == 0
        set_version(monkeypatch, "next")
        add(archive, write_dump(tmp_path / "c.txt", 3))
        before = held_by(archive)
        (tmp_path / "a.txt").unlink()
        assert archive.rebuild(workers=0) == 2
        assert archive.rebuild(workers=0) == 0
        assert held_by(archive) == before
        assert set(archive.store.column("SELECT parser FROM sources")) == {"next"}
        assert archive.doctor().findings == ()


def test_rebuild_moves_a_source_whose_id_is_another_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_archive(tmp_path) as archive:
        add(archive, write_dump(tmp_path / "a.txt", 1), write_dump(tmp_path / "b.txt", 2))
        add(archive, write_dump(tmp_path / "c.txt", 3, text=-2))  # the words of number 1001... of none of the others
        set_version(monkeypatch, "next")
        new_ids = {"09LISBON1": "09LISBON11", "09LISBON3": "09LISBON2"}

        def parse_anew(source: Any) -> Cable:
            cable = parse(source)
            return msgspec.structs.replace(cable, id=new_ids.get(cable.id or "", cable.id))

        monkeypatch.setattr(work, "parse", parse_anew)
        assert archive.rebuild(workers=0) == 3
        assert all_found(archive) == ["09LISBON11", "09LISBON2~1", "09LISBON2~2"]
        assert archive.find("09LISBON1") == archive.find("09LISBON3") == []
        assert archive.get("09LISBON11").id == "09LISBON11"
        assert archive.count("defect:id-collides") == 2
        assert archive.doctor().findings == ()


def test_an_id_that_collides_no_longer_loses_its_defect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_archive(tmp_path) as archive:
        add(
            archive,
            write_dump(tmp_path / "a.txt", 1),
            write_dump(tmp_path / "b.txt", 1, text=5, words="the bridge fell"),
        )
        assert archive.count("defect:id-collides") == 2
        set_version(monkeypatch, "next")

        def parse_anew(source: Any) -> Cable:
            cable = parse(source)
            return msgspec.structs.replace(cable, id="09LISBON9") if "the bridge fell" in source.text else cable

        monkeypatch.setattr(work, "parse", parse_anew)
        archive.rebuild(workers=0)
        assert all_found(archive) == ["09LISBON1", "09LISBON9"]
        assert archive.count("defect:id-collides") == 0
        assert not [d for cable in archive.cables() for d in cable.defects if d.code == "id-collides"]
        assert archive.doctor().findings == ()


def test_two_ids_that_turn_out_to_be_one_become_witnesses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_archive(tmp_path) as archive:
        add(archive, write_dump(tmp_path / "a.txt", 1))
        other = (
            (tmp_path / "a.txt").read_text("utf-8").replace("09LISBON1\n", "09LISBON8\n").replace("000001", "000008")
        )
        (tmp_path / "b.txt").write_text(other, encoding="utf-8")
        add(archive, tmp_path / "b.txt")
        assert len(archive) == 2
        set_version(monkeypatch, "next")
        monkeypatch.setattr(work, "parse", lambda source: msgspec.structs.replace(parse(source), id="09LISBON1"))
        archive.rebuild(workers=0)
        assert all_found(archive) == ["09LISBON1"]
        assert len(archive.witnesses(archive.find("09LISBON1")[0])) == 2
        assert archive.doctor().findings == ()


# ---- the folder


def test_an_archive_moved_elsewhere_works_and_goes_on(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    with Archive.open(folder) as archive:
        before = held_by(archive)
    moved = tmp_path / "some where" / "else"
    moved.parent.mkdir()
    folder.rename(moved)
    with Archive.open(moved) as archive:
        assert held_by(archive) == before
        assert archive.notes == []
        assert archive.doctor().findings == ()
        assert archive.add([COLLECTION / "dump"], workers=0).unchanged == 33
        assert len(archive) == 50


def test_archive_and_cables_moved_together_keep_their_locators(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "in").mkdir(parents=True)
    write_dump(home / "in" / "a.txt", 1)
    (home / "in" / "bad.txt").write_text("milk\neggs\n")
    with Archive.open(home / "archive", create=True) as archive:
        add(archive, home / "in")
    home.rename(tmp_path / "new")
    with Archive.open(tmp_path / "new" / "archive") as archive:
        write_dump(tmp_path / "new" / "in" / "bad.txt", 2)
        assert outcomes(archive.retrying(workers=0)) == ["added"]
        lines = list(archive.adding([tmp_path / "new" / "in"], workers=0))
        assert [(line.locator, line.outcome, line.reason) for line in lines] == [
            ("../in/a.txt", "unchanged", None),
            ("../in/bad.txt", "unchanged", None),
        ]


def test_no_absolute_path_is_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("milk\neggs\n")
    poison = write_telegram(tmp_path / "poison.txt", 1, words="poison")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04" + b"no zip " * 50)
    collection = tmp_path / "collection"
    shutil.copytree(COLLECTION, collection)

    def parse_or_raise(source: Any) -> Cable:
        if "poison" in source.text:
            raise ZeroDivisionError(source.provenance.locator)
        return parse(source)

    monkeypatch.setattr(work, "parse", parse_or_raise)
    with new_archive(tmp_path) as archive:
        add(archive, bad, poison, tmp_path / "broken.zip", tmp_path / "nowhere.txt", collection)
        copy = tmp_path / "copy.sqlite"
        archive.store.execute("VACUUM INTO ?", (str(copy),))
    stored = b"".join(path.read_bytes() for path in [copy, *(tmp_path / "archive").rglob("*")] if path.is_file())
    for path in (tmp_path, Path(os.__file__).parent, Path(work.__file__).parents[3]):
        assert str(path).encode() not in stored


def test_a_newer_archive_is_refused(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    with sqlite3.connect(folder / "archive.sqlite") as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(ReftelError, match="newer version of Reftel"):
        Archive.open(folder)


@pytest.mark.parametrize("version", [0, 5])
def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path, version: int) -> None:
    path = tmp_path / "archive.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE photographs(name)")
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    before = path.read_bytes()
    for create in (False, True):
        with pytest.raises(ReftelError, match="no archive of Reftel's"):
            Archive.open(tmp_path, create=create)
    assert path.read_bytes() == before


def test_an_older_archive_is_brought_up_to_date_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = demo_archive(tmp_path)
    now = schema.VERSION
    steps = {
        now: "ALTER TABLE cables ADD COLUMN mood TEXT; UPDATE cables SET mood = 'calm';",
        now + 1: "INSERT INTO meta VALUES('moods', (SELECT count(*) FROM cables WHERE mood = 'calm'));",
    }
    monkeypatch.setattr(schema, "VERSION", now + 2)
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    with Archive.open(folder) as archive:
        assert archive.store.meta("moods") == "50"
        assert archive.store.column("PRAGMA user_version") == [now + 2]
        assert archive.search("*").total == 50


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = demo_archive(tmp_path)
    now = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", now + 1)
    monkeypatch.setattr(schema, "MIGRATIONS", {now: "ALTER TABLE cables ADD COLUMN mood TEXT; SELECT nonsense(1);"})
    with pytest.raises(sqlite3.OperationalError, match="nonsense"):
        Archive.open(folder)
    monkeypatch.undo()
    with Archive.open(folder) as archive:
        assert "mood" not in [row[1] for row in archive.store.execute("PRAGMA table_info(cables)")]
        assert archive.search("*").total == 50


def test_there_is_no_archive_where_none_was_made(tmp_path: Path) -> None:
    with pytest.raises(ReftelError, match="There is no archive in"):
        Archive.open(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReftelError, match="cannot be made"):
        Archive.open(tmp_path / "file" / "archive", create=True)
    assert not (tmp_path / "nowhere").exists()
