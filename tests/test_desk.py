"""The desk: saved searches, notes, tags and the basket, kept through versions, writers and other archives."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from archives import demo_archive, new_archive, write_dump

from reftel.archive.anchors import Anchor
from reftel.archive.desk import Desk, Saved
from reftel.archive.lock import writing
from reftel.errors import ReftelError
from reftel.model import Span
from reftel.workbench import Archive

ANCHOR = Anchor("ab" * 32, Span(10, 19), "the ferry", "before ", " after")
# What version 0.1 of Reftel made of an empty file, and what a user had put in.
VERSION_1 = """
CREATE TABLE searches(name TEXT PRIMARY KEY, query TEXT NOT NULL, saved TEXT NOT NULL, seen TEXT, total INTEGER);
CREATE TABLE notes(key INTEGER PRIMARY KEY, address TEXT NOT NULL, text TEXT NOT NULL, written TEXT NOT NULL);
CREATE INDEX notes_by_address ON notes(address);
CREATE TABLE tags(address TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(address, tag)) WITHOUT ROWID;
PRAGMA application_id = 1382377028;
PRAGMA user_version = 1;
INSERT INTO searches VALUES('abm', 'missile defense', '2026-01-01', '2026-01-02', 7), ('new', 'ferry', '2026-01-03', NULL, NULL);
INSERT INTO notes VALUES(3, '09LONDON2499:3', 'compare 08TALLINN96', '2026-01-04'), (9, '#17', 'no id', '2026-01-05');
INSERT INTO tags VALUES('09LONDON2499', 'sea'), ('#17', 'sea'), ('#17', 'air');
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_nothing_is_written_before_something_is_kept(desk: Desk) -> None:
    assert desk.searches() == desk.notes("09X1") == desk.tags("09X1") == desk.tagged("x") == desk.all_tags() == []
    assert desk.find_notes() == ([], 0) and desk.authors() == [] and desk.basket().items() == []
    assert not desk.path.exists() and desk.is_whole()


def test_a_desk_of_the_first_version_is_brought_up_to_date_and_loses_nothing(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
        connection.executescript(VERSION_1)
    connection.close()
    for _ in range(2):
        with Desk(tmp_path) as desk:
            assert desk.searches() == [
                ("abm", "missile defense", "2026-01-01", "2026-01-02", 7, None, None),
                ("new", "ferry", "2026-01-03", None, None, None, None),
            ]
            assert desk.notes("09LONDON2499") == [
                (3, "09LONDON2499:3", "compare 08TALLINN96", "2026-01-04", None, None, None)
            ]
            assert [(note.key, note.text) for note in desk.find_notes()[0]] == [
                (9, "no id"),
                (3, "compare 08TALLINN96"),
            ]
            assert desk.all_tags() == [("air", 1), ("sea", 2)] and desk.tagged("sea") == ["#17", "09LONDON2499"]
            assert desk.is_whole()
    with Desk(tmp_path) as desk:
        assert desk.add_note("09X1", "one more", "2026-01-06", anchor=ANCHOR, author="ann") == 10
        assert desk.basket().add("09X1:2", "2026-01-06")


def test_a_desk_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        desk.tag("09X1", "sea")
    with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    with Desk(tmp_path) as desk, pytest.raises(ReftelError, match="newer version"):
        desk.tags("09X1")


# ---- saved searches


def test_a_saved_search_is_kept_replaced_and_forgotten(desk: Desk) -> None:
    desk.save_search("one", "ferry", "2026-01-01")
    desk.save_search(" one ", "port", "2026-01-02")
    desk.saw_search(Saved("one", "port", "2026-01-02", "2026-01-03", 5, "a", 9))
    assert desk.search_named("one") == ("one", "port", "2026-01-02", "2026-01-03", 5, "a", 9)
    for name in (" ", "x" * 101):
        with pytest.raises(ReftelError, match="at most 100 letters"):
            desk.save_search(name, "ferry", "2026-01-01")
    desk.drop_search("one")
    with pytest.raises(ReftelError, match="There are: none yet"):
        desk.drop_search("one")


def saved(archive: Archive, desk: Desk, name: str = "ferry") -> Saved:
    """The search of that name, seen now."""
    desk.saw_search(archive.see(desk.search_named(name), "2026-01-02"))
    return desk.search_named(name)


def test_new_since_is_just_what_came_in_since(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive, archive.desk() as desk:
        write = [write_dump(tmp_path / f"{i}.txt", i, words="the ferry" if i % 2 else "a bus") for i in range(1, 7)]
        archive.add(write[:3], workers=0)
        desk.save_search("ferry", "ferry", "2026-01-01")
        assert archive.new_since(desk.search_named("ferry")) is None
        seen = saved(archive, desk)
        assert (seen.total, seen.newest, seen.seen) == (2, 3, "2026-01-02")
        new = archive.new_since(seen)
        assert new is not None and (new.total, new.hits) == (0, ())
        archive.add(write, workers=0)
        new = archive.new_since(seen)
        assert new is not None and (new.total, [hit.id for hit in new.hits]) == (1, ["09LISBON5"])
        # one more witness of an old cable is no new cable, and neither is a text parsed again
        archive.add(write_dump(tmp_path / "again" / "1.txt", 1, words="the ferry and more of it"), workers=0)
        archive.rebuild(workers=0)
        assert [hit.id for hit in archive.new_since(seen).hits] == ["09LISBON5"]  # type: ignore[union-attr]
        again = archive.new_since(saved(archive, desk))
        assert again is not None and again.total == 0


def test_new_since_counts_exactly_however_many_there_are(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive, archive.desk() as desk:
        archive.add(write_dump(tmp_path / "a" / "0.txt", 100), workers=0)
        desk.save_search("all", "from:lisbon", "2026-01-01")
        seen = saved(archive, desk, "all")
        for i in range(1, 31):
            write_dump(tmp_path / "b" / f"{i}.txt", i)
        archive.add(tmp_path / "b", workers=0)
        first = archive.new_since(seen, limit=10, sort="date")
        rest = archive.new_since(seen, limit=100, offset=10, sort="date")
        assert first is not None and rest is not None
        assert (first.total, len(first.hits), len(rest.hits)) == (30, 10, 20)
        assert len({hit.key for hit in (*first.hits, *rest.hits)}) == 30


def test_in_another_archive_nothing_is_compared(tmp_path: Path) -> None:
    write_dump(tmp_path / "in" / "1.txt", 1)
    with new_archive(tmp_path) as archive, archive.desk() as desk:
        archive.add(tmp_path / "in", workers=0)
        desk.save_search("all", "*", "2026-01-01")
        seen = saved(archive, desk, "all")
    with Archive.open(tmp_path / "rebuilt", create=True) as other:
        other.add(tmp_path / "in", workers=0)
        assert other.new_since(seen) is None
        begun = other.see(seen, "2026-01-03")
        assert begun.archive == other.name != seen.archive and begun.newest == 1
        new = other.new_since(begun)
        assert new is not None and new.total == 0


def test_what_cannot_be_found_yet_is_still_to_come(tmp_path: Path) -> None:
    """While another process adds, the index lags behind the truth."""
    folder = demo_archive(tmp_path)
    with Archive.open(folder) as archive, archive.desk() as desk:
        desk.save_search("all", "*", "2026-01-01")
        seen = saved(archive, desk, "all")
        assert seen.newest == 50
        archive.store.execute(
            "INSERT INTO cables(id, lead, changed) SELECT '09X1', lead, 9999 FROM cables WHERE key = 1"
        )
        archive.store.execute("UPDATE cables SET changed = 10000 WHERE key = 7")
        with writing(folder):
            assert archive.see(seen, "2026-01-03").newest == 50
            assert archive.see(seen._replace(newest=3), "2026-01-03").newest == 6
            assert archive.see(seen._replace(archive="another"), "2026-01-03").newest == 6


# ---- notes


def test_notes_hang_on_cables_paragraphs_and_words(desk: Desk) -> None:
    for address in ("09X1", "09X1:3", "09X12", "09X_:1", "09X1:4"):
        desk.add_note(address, f"on {address}", "2026-01-01")
    key = desk.add_note("09X1", "", "2026-01-02", anchor=ANCHOR, author="ann")
    assert [note.address for note in desk.notes("09X1")] == ["09X1", "09X1:3", "09X1:4", "09X1"]
    assert [note.address for note in desk.notes("09X_")] == ["09X_:1"]
    assert desk.note(key) == (key, "09X1", "", "2026-01-02", None, "ann", ANCHOR)
    desk.change_note(key, "a word on it\r\n", "2026-01-03")
    assert desk.note(key)[2:5] == ("a word on it", "2026-01-02", "2026-01-03")
    desk.drop_note(key)
    with pytest.raises(ReftelError, match=f"There is no note {key}"):
        desk.note(key)
    with pytest.raises(ReftelError, match="There is no note"):
        desk.change_note(key, "x", "2026-01-03")


def test_a_note_needs_words_or_a_place(desk: Desk) -> None:
    with pytest.raises(ReftelError, match="needs some words"):
        desk.add_note("09X1", " \n", "2026-01-01")
    with pytest.raises(ReftelError, match="at most 20,000"):
        desk.add_note("09X1", "x" * 20_001, "2026-01-01")
    key = desk.add_note("09X1", "x", "2026-01-01")
    with pytest.raises(ReftelError, match="needs some words"):
        desk.change_note(key, "", "2026-01-01")
    assert not desk.notes("09X2") and len(desk.notes("09X1")) == 1


def test_notes_are_found_by_words_tag_and_author(desk: Desk) -> None:
    one = desk.add_note("09X1", "the 50% ferry", "2026-01-01")
    two = desk.add_note("09X1:3", "Ferry and bus", "2026-01-01", author="ann")
    three = desk.add_note("09X12", "", "2026-01-01", anchor=ANCHOR, author="bob")
    desk.tag("09X1", "sea")
    desk.tag("09X12:1", "sea")

    def found(*words: str, **filters: str) -> list[int]:
        notes, total = desk.find_notes(*words, **filters)  # type: ignore[arg-type]
        assert len(notes) == total
        return [note.key for note in notes]

    assert found() == [three, two, one]
    assert found("ferry") == [three, two, one]
    assert found("FERRY bus") == found("bus ferry") == [two]
    assert found("50%") == found("0%") == [one] and found("5_") == found("0x") == []
    assert found("09x12") == [three]
    assert found(tag="sea") == [two, one] and found(tag="se") == []
    assert found(author="ann") == [two] and found("ferry", tag="sea", author="ann") == [two]
    assert desk.authors() == ["ann", "bob"]
    page, total = desk.find_notes(limit=1, offset=1)
    assert ([note.key for note in page], total) == ([two], 3)


def test_tags_are_counted(desk: Desk) -> None:
    for address, tag in (("09X1", "sea "), ("09X1", "sea"), ("09X1:2", "sea"), ("09X1", "air")):
        desk.tag(address, tag)
    assert (desk.tags("09X1"), desk.tagged("sea"), desk.all_tags()) == (
        ["air", "sea"],
        ["09X1", "09X1:2"],
        [("air", 1), ("sea", 2)],
    )
    desk.untag("09X1", "sea")
    assert desk.tags("09X1") == ["air"]
    with pytest.raises(ReftelError, match="A tag is a word"):
        desk.tag("09X1", " ")


# ---- the basket


def test_the_basket_keeps_an_order_and_remarks(desk: Desk) -> None:
    basket = desk.basket()
    one = basket.add("09X1", "2026-01-01", remark=" first ")
    two = basket.add("09X1:3", "2026-01-01")
    three = basket.add("09X1", "2026-01-01", anchor=ANCHOR)
    assert [one, two, three] == [basket.add("09X1", "later"), two, basket.add("09X1", "later", anchor=ANCHOR)]
    assert [(item.address, item.remark, item.anchor) for item in basket.items()] == [
        ("09X1", "first", None),
        ("09X1:3", "", None),
        ("09X1", "", ANCHOR),
    ]

    def keys() -> list[int]:
        return [item.key for item in basket.items()]

    basket.move(three, -1)
    assert keys() == [one, three, two]
    basket.move(one, -1)
    basket.move(two, 1)
    assert keys() == [one, three, two]
    basket.move(one, 5)
    assert keys() == [three, two, one]
    basket.remark(two, "why")
    basket.drop(three)
    four = basket.add("09X4", "2026-01-02")
    assert keys() == [two, one, four] and basket.items()[0].remark == "why"
    for change in (lambda: basket.remark(three, "x"), lambda: basket.move(three, 1)):
        with pytest.raises(ReftelError, match=f"There is no item {three}"):
            change()  # type: ignore[no-untyped-call]
    with pytest.raises(ReftelError, match="at most 20,000"):
        basket.remark(two, "x" * 20_001)
    basket.clear()
    assert keys() == []


def test_each_user_has_a_basket_of_his_own(desk: Desk) -> None:
    mine, hers, common = desk.basket("ann"), desk.basket("eve"), desk.basket()
    key = mine.add("09X1", "2026-01-01")
    hers.add("09X1", "2026-01-01")
    hers.drop(key)
    with pytest.raises(ReftelError, match="no item"):
        hers.remark(key, "x")
    hers.clear()
    assert [len(one.items()) for one in (mine, hers, common)] == [1, 0, 0]


def test_a_basket_is_full_at_a_thousand(desk: Desk) -> None:
    basket = desk.basket()
    basket.add("09X0", "2026-01-01")
    desk._file.write(
        "INSERT INTO basket(owner, place, address, remark, added) WITH RECURSIVE n(i) AS "
        "(VALUES(2) UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT '', i, '09X' || i, '', '' FROM n"
    )
    with pytest.raises(ReftelError, match="at most 1,000"):
        basket.add("09Y1", "2026-01-01")
    assert len(basket.items()) == 1000


# ---- several at once


def test_threads_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    def write(who: int) -> None:
        for i in range(4):
            with Desk(tmp_path) as desk:
                desk.add_note("09X1", f"{who} {i}", "2026-01-01")
                desk.basket().add(f"09X{who}:{i}", "2026-01-01")
                desk.notes("09X1")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with Desk(tmp_path) as desk:
        assert {note.text for note in desk.notes("09X1")} == {f"{who} {i}" for who in range(8) for i in range(4)}
        assert len(desk.basket().items()) == 32 and desk.is_whole()


def test_processes_that_begin_a_desk_together_wait_for_each_other(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from reftel.archive.desk import Desk\n"
        "for i in range(5):\n"
        "    with Desk(Path(sys.argv[1])) as desk: desk.add_note('09X1', sys.argv[2] + str(i), '2026-01-01')\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name], stderr=subprocess.PIPE) for name in "abcd"
    ]
    assert [(each.communicate(timeout=60)[1], each.returncode) for each in started] == [(b"", 0)] * 4
    with Desk(tmp_path) as desk:
        assert {note.text for note in desk.notes("09X1")} == {name + str(i) for name in "abcd" for i in range(5)}


def test_who_finds_the_desk_held_waits_for_its_turn_and_may_read_meanwhile(tmp_path: Path) -> None:
    def tag(folder: Path) -> None:
        with Desk(folder) as other:
            other.tag("09X1", "land")

    with Desk(tmp_path) as desk, Desk(tmp_path) as reader, ThreadPoolExecutor(1) as pool:
        desk.tag("09X1", "sea")
        with desk._file.transaction():
            desk.tag("09X1", "air")
            waiting = pool.submit(tag, tmp_path)
            assert reader.tags("09X1") == ["sea"]
        waiting.result(timeout=30)
        assert desk.tags("09X1") == ["air", "land", "sea"]
