"""Damaged, lost and foreign files of an archive: said, mended or refused, never silently wrong."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from archives import demo_archive, demo_home, held_by, new_archive, write_dump
from click.testing import CliRunner
from conftest import COLLECTION

from reftel.archive.desk import Desk
from reftel.cli import main
from reftel.errors import ReftelError
from reftel.workbench import Archive

QUERIES = ('"the port"~5', "from:tallinn -harbour", "subject:energy", "kallaste~1")


def answers(archive: Archive) -> list[Any]:
    """What an archive says to some questions, whatever the order of what matches equally well."""
    found: list[Any] = [archive.search("*", facets=["year", "post", "tag"]).facets]
    for query in QUERIES:
        found.append(sorted((hit.address, hit.subject or "", hit.snippet.text) for hit in archive.search_all(query)))
    return found


@cache
def truth() -> list[Any]:
    with Archive.open(demo_home()) as archive:
        return answers(archive)


@cache
def demo_copy() -> Path:
    from archives import _demo

    return _demo()


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)


def blank(path: Path, at: int, size: int) -> None:
    data = bytearray(path.read_bytes())
    data[at : at + size] = bytes(len(data[at : at + size]))
    path.write_bytes(data)


def cut(path: Path, at: int) -> None:
    path.write_bytes(path.read_bytes()[:at])


def index_files(folder: Path) -> list[Path]:
    return [path for path in sorted((folder / "index").rglob("*")) if path.is_file() and path.stat().st_size]


# ---- the index


@pytest.mark.parametrize("part", ["", "cables", "passages", "state.json", "cables/meta.json", "passages/meta.json"])
def test_a_deleted_index_is_made_again(tmp_path: Path, part: str) -> None:
    folder = demo_archive(tmp_path)
    path = folder / "index" / part
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    with Archive.open(folder) as archive:
        assert answers(archive) == truth()
        assert archive.doctor().findings == ()


@pytest.mark.parametrize("how", ["empty", "halved", "gone"])
def test_a_file_of_the_index_that_is_cut_or_lost_is_noticed(tmp_path: Path, how: str) -> None:
    names = [path.relative_to(demo_home()) for path in index_files(demo_home())]
    first = ("empty", "halved", "gone").index(how)
    for i, name in enumerate([name for name in names if name.suffix != ".lock"][first::3]):
        folder = demo_archive(tmp_path / str(i))
        if how == "gone":
            (folder / name).unlink()
        else:
            cut(folder / name, 0 if how == "empty" else (folder / name).stat().st_size // 2)
        with Archive.open(folder) as archive:
            assert says_the_truth_or_refuses(archive), name
            archive.doctor()
            assert answers(archive) == truth(), name


def says_the_truth_or_refuses(archive: Archive) -> bool:
    try:
        return answers(archive) == truth()
    except ReftelError:
        return True


def test_the_doctor_finds_a_flipped_bit_of_the_index_and_mends_it(tmp_path: Path) -> None:
    chance = random.Random(7)
    names = [
        path.relative_to(demo_home()) for path in index_files(demo_home()) if path.suffix not in (".json", ".lock")
    ]
    for i, name in enumerate(names[::2]):
        folder = demo_archive(tmp_path / str(i))
        flip(folder / name, chance.randrange((folder / name).stat().st_size))
        with Archive.open(folder) as archive:
            report = archive.doctor()
            assert report.is_whole and len(report.findings) == 1, name
            assert answers(archive) == truth(), name


@pytest.mark.parametrize(
    "change",
    [
        lambda state: b"",
        lambda state: b"{",
        lambda state: b"\xff\xfe",
        lambda state: json.dumps(state | {"changed": state["changed"] + 1}).encode(),
        lambda state: json.dumps(state | {"changed": state["changed"] - 1}).encode(),
        lambda state: json.dumps(state | {"changed": 0}).encode(),
        lambda state: json.dumps(state | {"changed": "many"}).encode(),
        lambda state: json.dumps(state | {"archive": "0" * 32}).encode(),
        lambda state: json.dumps(state | {"schema": state["schema"] + 1}).encode(),
    ],
)
def test_a_damaged_note_of_how_far_the_index_goes_does_no_harm(
    tmp_path: Path, change: Callable[[dict[str, Any]], bytes]
) -> None:
    folder = demo_archive(tmp_path)
    path = folder / "index" / "state.json"
    path.write_bytes(change(json.loads(path.read_bytes())))
    with Archive.open(folder) as archive:
        assert answers(archive) == truth()
        assert archive.doctor().findings == ()


def test_the_index_of_another_archive_is_not_believed(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    with new_archive(tmp_path) as other:
        other.add([write_dump(tmp_path / f"{n}.txt", n) for n in range(1, 60)], workers=0)
    shutil.rmtree(folder / "index")
    shutil.copytree(tmp_path / "archive" / "index", folder / "index")
    with Archive.open(folder) as archive:
        assert answers(archive) == truth()


def test_an_older_truth_put_back_beside_a_newer_index_is_noticed(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    backup = (folder / "archive.sqlite").read_bytes()
    with Archive.open(folder) as archive:
        archive.add([write_dump(tmp_path / "a.txt", 1)], workers=0)
        assert archive.count("id:09LISBON1") == 1
    for name in ("archive.sqlite-wal", "archive.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "archive.sqlite").write_bytes(backup)
    with Archive.open(folder) as archive:
        assert answers(archive) == truth()
        archive.add([write_dump(tmp_path / "b.txt", 2)], workers=0)
        assert (archive.count("id:09LISBON1"), archive.count("id:09LISBON2")) == (0, 1)
        assert archive.doctor().findings == ()


def test_files_that_do_not_belong_to_the_index_are_left_alone(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    for name in ("index/.DS_Store", "index/cables/Thumbs.db", "index/cables/0123456789abcdef0123456789abcdef.store"):
        (folder / name).write_bytes(b"half of a segment that was never committed")
    with Archive.open(folder) as archive:
        assert archive.doctor().findings == ()
        assert answers(archive) == truth()


# ---- archive.sqlite


COMMANDS = (
    ("status", "--json"),
    ("search", "--all", "--json", "--sort", "date", "*"),
    ("cite", "08TALLINN96"),
)


def run(folder: Path, *args: str) -> tuple[int, str]:
    """Exit code and standard output of a command; what is not said in a sentence fails the test."""
    result = CliRunner().invoke(main, [*args, "--archive", str(folder)], prog_name="reftel")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


@cache
def true_outputs() -> list[tuple[int, str]]:
    return [run(demo_home(), *command) for command in COMMANDS]


def pages_of(path: Path) -> tuple[int, int]:
    with sqlite3.connect(path) as connection:
        found = (
            connection.execute("PRAGMA page_size").fetchone()[0],
            connection.execute("PRAGMA page_count").fetchone()[0],
        )
    connection.close()
    return found


@pytest.mark.parametrize("at", [0, 14, 16, 18, 20, 24, 28, 44, 47, 56, 60, 63, 68, 69, 92, 96, 100, 103, 105])
def test_a_flipped_byte_of_the_header_page_is_said_or_does_no_harm(tmp_path: Path, at: int) -> None:
    folder = demo_archive(tmp_path)
    flip(folder / "archive.sqlite", at)
    assert_said_or_true(folder)


@pytest.mark.parametrize("part", range(4))
def test_a_damaged_page_of_the_truth_is_said_or_does_no_harm(tmp_path: Path, part: int) -> None:
    size, count = pages_of(demo_home() / "archive.sqlite")
    for page in [*range(min(count, 12)), *range(12, count, 5)][part::4]:
        folder = demo_archive(tmp_path / str(page))
        blank(folder / "archive.sqlite", page * size, size)
        assert_said_or_true(folder)


def test_a_damaged_schema_is_said(tmp_path: Path) -> None:
    size, _ = pages_of(demo_home() / "archive.sqlite")
    chance = random.Random(3)
    for i in range(12):
        folder = demo_archive(tmp_path / str(i))
        flip(folder / "archive.sqlite", 7922 if not i else chance.randrange(size // 4, size))
        assert_said_or_true(folder)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9])
def test_a_truth_that_is_cut_off_is_said(tmp_path: Path, share: float) -> None:
    folder = demo_archive(tmp_path)
    cut(folder / "archive.sqlite", int(share * (folder / "archive.sqlite").stat().st_size))
    if share:
        assert_said_or_true(folder)
    else:  # an empty file is an empty archive: SQLite itself makes none other
        assert run(folder, "status")[0] == 0


def assert_said_or_true(folder: Path) -> None:
    for command, (code, output) in zip(COMMANDS, true_outputs(), strict=True):
        told = run(folder, *command)
        assert told[0] == 1 or told == (code, output), command
    code, told_by_doctor = run(folder, "doctor")
    assert code in (0, 1, 3)
    if code == 0:
        assert [run(folder, *command) for command in COMMANDS] == true_outputs(), told_by_doctor


def damage_text(folder: Path) -> str:
    """Flips a byte of a stored text where SQLite itself cannot tell; its locator."""
    with Archive.open(folder) as archive:
        [source] = archive.store.column("SELECT lead FROM cables WHERE id = '09ANKARA1402'")
        [locator] = archive.store.column("SELECT locator FROM sources WHERE key = ?", source)
        text = bytearray(archive.store.column("SELECT text FROM texts WHERE source = ?", source)[0])
        text[len(text) // 2] ^= 1
        archive.store.execute("UPDATE texts SET text = ? WHERE source = ?", (bytes(text), source))
    return str(locator)


@pytest.mark.parametrize("with_index", [True, False])
def test_the_doctor_names_the_damaged_text(tmp_path: Path, with_index: bool) -> None:
    folder = demo_archive(tmp_path)
    locator = damage_text(folder)
    if not with_index:
        shutil.rmtree(folder / "index")
    code, told = run(folder, "doctor")
    assert code == 3
    assert f"not mended: What was added from {locator} is damaged" in told


@pytest.mark.parametrize("workers", [0, 2])
def test_a_missing_text_is_said(tmp_path: Path, workers: int) -> None:
    folder = demo_archive(tmp_path)
    with Archive.open(folder) as archive:
        archive.store.execute("DELETE FROM texts WHERE source IN (SELECT lead FROM cables WHERE id = '09ANKARA1402')")
        with pytest.raises(ReftelError, match="A stored text is missing"):
            archive.rebuild(workers=workers)
        [finding] = archive.doctor().findings
        assert "A stored text is missing" in finding.said and not finding.mended


@pytest.mark.parametrize("workers", [0, 2])
def test_a_damaged_text_stops_a_rebuild_with_a_sentence(tmp_path: Path, workers: int) -> None:
    folder = demo_archive(tmp_path)
    damage_text(folder)
    with Archive.open(folder) as archive:
        with pytest.raises(ReftelError, match="reftel doctor"):
            archive.rebuild(workers=workers)
        assert archive.get("08TALLINN96").id == "08TALLINN96"


def test_the_doctor_makes_derived_rows_again(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    with Archive.open(folder) as archive:
        archive.store.execute("UPDATE cables SET subject = 'nonsense' WHERE key = 3")
        archive.store.execute("DELETE FROM paragraphs WHERE cable IN (4, 5)")
        report = archive.doctor()
        assert [(finding.said[:23], finding.mended) for finding in report.findings] == [
            ("The rows of 3 cables di", True)
        ]
        assert archive.doctor().findings == ()
        assert answers(archive) == truth()


@pytest.mark.parametrize("content", [b"", b"no database at all " * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_foreign_file_in_the_place_of_the_desk_is_said(tmp_path: Path, content: bytes) -> None:
    folder = demo_archive(tmp_path)
    (folder / "desk.sqlite").write_bytes(content)
    code, _ = run(folder, "saved")
    assert code == (1 if content else 0)
    assert run(folder, "search", "ferry")[0] in (0, 1)
    code, told = run(folder, "doctor")
    assert code == (3 if content else 0) and ("desk.sqlite is damaged" in told) == bool(content)


def test_another_programs_database_in_the_place_of_the_desk_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
        connection.execute("CREATE TABLE searches(photograph)")
    connection.close()
    with Desk(tmp_path) as desk, pytest.raises(ReftelError, match="desk"):
        desk.searches()


def test_nothing_is_written_to_a_damaged_archive_that_it_says_was_added(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    size, count = pages_of(folder / "archive.sqlite")
    blank(folder / "archive.sqlite", (count // 2) * size, size * 8)
    code, _ = run(folder, "add", str(COLLECTION), "--workers", "0")
    assert code in (0, 1, 3)
    code, _ = run(folder, "retry", "--failed")
    assert code in (0, 1)
    with Archive.open(folder) as archive:
        try:
            held = held_by(archive)
        except ReftelError:
            return
        assert len(held.cables) == 50
