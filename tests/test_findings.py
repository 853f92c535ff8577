"""What is found in cables, kept in an archive: made while adding or later, by version, following the leading text."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from archives import PEOPLE, demo_archive, held_by, new_archive, reftel, start_reftel, write_dump, write_telegram
from conftest import COLLECTION, ROOT
from finder import found_by_test

import reftel as package
from reftel.archive import findings as kept
from reftel.archive.ledger import EXTRACTED, EXTRACTIONS, UNEXTRACTED, latest
from reftel.archive.store import Store
from reftel.errors import ReftelError
from reftel.extract import EXTRACTORS, extract
from reftel.extract.names import load_people
from reftel.model import Cable, Findings, Span
from reftel.pipeline import work
from reftel.pipeline.mask import Mask
from reftel.workbench import Archive

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
TABLES = ("statements", "entities", "protected")
MANY = 600


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> None:
    """An extractor of the tests' own, which no better rules will change. Only in this process: workers=0."""
    for module in ("work", "mask", "verify"):
        monkeypatch.setattr(f"reftel.pipeline.{module}.extract", found_by_test)


def rows_of(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """The rows, and the findings unpacked: the dictionary may be another one."""
    held: dict[str, list[tuple[Any, ...]]] = {table: store.rows(f"SELECT * FROM {table}") for table in TABLES}
    sources = store.rows("SELECT f.source, s.sha256, f.versions FROM findings f JOIN sources s ON s.key = f.source")
    held["findings"] = sorted((sha, versions, store.source_findings(key)) for key, sha, versions in sources)
    return held


def statements_of(archive: Archive, cable_id: str) -> list[tuple[str, str]]:
    rows = archive.store.rows(
        "SELECT speaker, cue FROM statements JOIN cables ON key = cable WHERE id = ? ORDER BY ordinal", (cable_id,)
    )
    return [(row[0], row[1]) for row in rows]


# ---- made while adding, or later


def test_what_is_kept_is_what_the_extractors_find(tmp_path: Path) -> None:
    with Archive.open(demo_archive(tmp_path)) as archive:
        people = load_people(PEOPLE)
        for key in archive.store.column("SELECT key FROM cables WHERE lead IS NOT NULL"):
            assert archive.store.findings(key) == extract(archive.store.cable(key), people)
        assert archive.count_unextracted() == 0
        (named,) = archive.find("08TALLINN96")
        assert archive.findings(named) == extract(archive.get("08TALLINN96"), people)


def test_a_list_of_people_stays_with_the_archive_until_another_comes(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("kind\tname\tkey\nperson\tArvo Kallaste\tthe-minister\n", "utf-8")
    path = COLLECTION / "dump/08TALLINN96.txt"
    with new_archive(tmp_path) as archive:
        archive.add(path, workers=0)

        def keys() -> set[str | None]:
            (named,) = archive.find("08TALLINN96")
            findings = archive.findings(named)
            assert findings is not None
            return {entity.identity for entity in findings.entities if entity.name == "Arvo Kallaste"}

        assert keys() == {None}
        assert archive.extract(people=own, workers=0).extracted == 1
        assert keys() == {"the-minister"}
        assert archive.extract(workers=0).extracted == 0  # nothing is left to do
        archive.add(COLLECTION / "dump/08TALLINN402.txt", workers=0)
        assert archive.count_unextracted() == 0  # what comes later is looked through with it
        own.write_text("kind\tname\n", "utf-8")
        assert archive.extract(people=own, workers=0).extracted == 2
        assert keys() == {None}
        own.write_text("kind\tname\npony\tBess\n", "utf-8")
        with pytest.raises(ReftelError, match="row 2, column kind: 'pony' is none of person"):
            archive.take_people(own)


@pytest.mark.parametrize("workers", [0, 2])
def test_adding_without_and_looking_later_is_adding(tmp_path: Path, workers: int) -> None:
    with Archive.open(tmp_path / "one", create=True) as one, Archive.open(tmp_path / "two", create=True) as two:
        one.add(COLLECTION, workers=workers)
        two.add(COLLECTION, workers=workers, extract=False)
        assert two.count_unextracted() == len(two) == 50
        assert two.store.findings(1) is None
        assert two.store.rows("SELECT * FROM findings") == two.store.rows("SELECT * FROM statements") == []
        report = two.extract(workers=workers)
        assert (report.extracted, report.unextracted, report.lines) == (57, 0, ())
        assert rows_of(one.store) == rows_of(two.store)
        assert held_by(one) == held_by(two)
        assert two.doctor().findings == ()
        assert two.extract().extracted == 0


def test_the_ledger_tells_by_which_versions(tmp_path: Path) -> None:
    versions = kept.say_versions(EXTRACTORS)
    write_telegram(tmp_path / "a.txt", 1)
    write_telegram(tmp_path / "b.txt", 2)
    with new_archive(tmp_path) as archive:
        archive.add(tmp_path / "a.txt")
        archive.add(tmp_path / "b.txt", extract=False)
        archive.extract()
        lines = archive.store.rows("SELECT locator, outcome, versions FROM ledger ORDER BY key")
        runs = archive.store.column("SELECT command || ' ' || how FROM runs")
    assert lines == [
        ("../a.txt", "added", versions),
        ("../b.txt", "added", None),
        ("../b.txt", EXTRACTED, versions),
    ]
    assert runs == ["add finished", "add finished", "extract finished"]


def test_only_what_another_version_found_is_looked_through_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        write_telegram(tmp_path / "in" / f"{number}.txt", number)
    with new_archive(tmp_path) as archive:
        archive.add(tmp_path / "in", workers=0)
        before = archive.store.last_change()
        archive.store.execute("UPDATE findings SET versions = 'names 0.1' WHERE source IN (2, 4)")
        lines = list(archive.extracting(workers=0))
        assert [(line.source, line.outcome) for line in lines] == [(2, EXTRACTED), (4, EXTRACTED)]
        assert archive.store.last_change() == before + 2  # so that the index follows
        monkeypatch.setitem(EXTRACTORS, "names", "99")
        assert archive.count_unextracted() == 5
        assert archive.extract(workers=0).extracted == 5
        assert archive.extract(workers=0).extracted == 0


def test_a_run_that_is_closed_keeps_what_it_gave(tmp_path: Path) -> None:
    for number in range(80):
        write_telegram(tmp_path / "in" / f"{number:02}.txt", number)
    with new_archive(tmp_path) as archive:
        archive.add(tmp_path / "in", workers=0, extract=False)
        lines = archive.extracting(workers=0)
        next(lines)
        lines.close()  # type: ignore[attr-defined]  # a generator
        assert archive.store.column("SELECT how FROM runs ORDER BY key DESC LIMIT 1") == ["interrupted"]
        done = 80 - archive.count_unextracted()
        assert 0 < done < 80
        assert archive.extract(workers=0).extracted == 80 - done
        assert archive.doctor().findings == ()


def test_many_findings_get_a_dictionary_of_their_own(tmp_path: Path) -> None:
    for number in range(700):
        write_telegram(tmp_path / "in" / f"{number:03}.txt", number, words="Minister Tamm said the ferry is late.")
    with (
        Archive.open(tmp_path / "one", create=True) as one,
        Archive.open(tmp_path / "two", create=True) as two,
        Archive.open(tmp_path / "one") as other,
    ):
        one.add(tmp_path / "in", workers=0)
        assert not other.store.has_learnt
        assert len(list(other.cables())) == 700  # what was learnt after it was opened is looked up
        assert other.store.findings(700) is not None
        two.add(tmp_path / "in", workers=0, extract=False)
        assert two.store.has_learnt
        assert not two.store.knows_findings
        two.extract(workers=0)
        assert one.store.knows_findings
        assert two.store.knows_findings
        assert rows_of(one.store) == rows_of(two.store)


# ---- failures


@pytest.fixture
def fails_on_two(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(cable: Cable, people: object) -> Findings:
        if cable.id and cable.id.endswith("LISBON2"):
            raise ZeroDivisionError("of the test")
        return found_by_test(cable)

    monkeypatch.setattr(work, "extract", fail)


def add_three(tmp_path: Path, archive: Archive, **options: Any) -> None:
    for number in (1, 2, 3):
        write_dump(tmp_path / "in" / f"{number}.txt", number)
    archive.add(tmp_path / "in", workers=0, **options)


@pytest.mark.usefixtures("fails_on_two")
@pytest.mark.parametrize("later", [False, True])
def test_an_extractor_that_fails_on_a_cable_costs_only_its_findings(
    tmp_path: Path, later: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_archive(tmp_path) as archive:
        add_three(tmp_path, archive, extract=not later)
        if later:
            assert archive.extract(workers=0).unextracted == 1
        assert len(archive) == archive.search("*").total == 3
        assert archive.count_unextracted() == 1
        (line,) = latest(archive.store, UNEXTRACTED)
        assert (line.locator, line.reason) == ("../in/2.txt", "ZeroDivisionError: of the test.")
        assert "reftel extract" in (line.remedy or "")
        assert "Traceback" in (line.trace or "")
        status = json.loads(reftel("status", "--json", folder=archive.folder).stdout)
        assert status["outcomes"] == {"added": 3}  # the file itself was read
        assert status["unextracted"][0]["times"] == 1
        assert "ZeroDivisionError" in reftel("status", "--failed", folder=archive.folder).stdout
        monkeypatch.undo()
        assert archive.extract(workers=0).extracted == 1
        assert list(latest(archive.store, UNEXTRACTED)) == []
        assert archive.count_unextracted() == 0


# ---- the leading text


@pytest.mark.usefixtures("said")
def test_statements_are_those_of_the_leading_text(tmp_path: Path) -> None:
    """The fuller text, which comes later, leads; when its file is changed into another cable's, the first leads again."""
    short = write_dump(tmp_path / "short.txt", 7, words="Osk Tamm said the ferry is late.")
    whole = short.read_text("utf-8").replace(
        "\n\nHALVORSEN", "\n\n5. (U) Ida Roos said it is not. Nobody knows.\n\nHALVORSEN"
    )
    (tmp_path / "whole.txt").write_text(whole, "utf-8")
    with new_archive(tmp_path) as archive:
        archive.add(short, workers=0)
        assert statements_of(archive, "09LISBON7") == [("Osk Tamm", "said")]
        archive.add(tmp_path / "whole.txt", workers=0)
        assert statements_of(archive, "09LISBON7") == [("Osk Tamm", "said"), ("Ida Roos", "said")]
        write_dump(tmp_path / "whole.txt", 8)
        archive.add(tmp_path / "whole.txt", workers=0)
        assert statements_of(archive, "09LISBON7") == [("Osk Tamm", "said")]
        assert archive.doctor().findings == ()


@pytest.mark.usefixtures("said")
def test_a_cable_whose_file_holds_another_keeps_its_statements_and_its_protection(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.txt", 7, words="Osk Tamm (strictly protect) said the ferry is late.")
    with new_archive(tmp_path) as archive:
        archive.add(path, workers=0)
        assert archive.store.column("SELECT name FROM protected") == ["Osk Tamm"]
        write_dump(path, 8)
        archive.add(path, workers=0)
        assert statements_of(archive, "09LISBON7") == [("Osk Tamm", "said")]
        assert archive.store.column("SELECT name FROM protected") == ["Osk Tamm"]


@pytest.mark.usefixtures("said")
def test_what_is_parsed_again_is_looked_through_again_if_it_was(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        one = write_dump(tmp_path / "one.txt", 1, words="Osk Tamm said the ferry is late.")
        two = write_dump(tmp_path / "two.txt", 2, words="Osk Tamm said the ferry is early.")
        archive.add(one, workers=0)
        archive.add(two, workers=0, extract=False)
        before = rows_of(archive.store)
        archive.store.execute("UPDATE sources SET parser = '0'")
        assert archive.rebuild(workers=0) == 2
        assert rows_of(archive.store) == before
        assert len(before["findings"]) == 1


@pytest.mark.usefixtures("said")
def test_rows_tell_who_is_named_and_who_speaks(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        path = write_dump(tmp_path / "a.txt", 7, words="Osk Tamm said he must refuse. Mia Tämm said so.")
        archive.add(path, workers=0)
        rows = archive.store.rows("SELECT name, folded, mentions, statements, protected FROM entities")
        assert rows == [("Osk Tamm", "osk tamm", 1, 1, 0), ("Mia Tämm", "mia tamm", 1, 1, 0)]
        ((polarity, spans),) = archive.store.rows("SELECT polarity, spans FROM statements WHERE ordinal = 0")
        text = archive.get("09LISBON7").text
        assert polarity == "-"
        assert Span(*json.loads(spans)[2][0]).of(text) == "he must refuse"
        for query in ("entities WHERE folded = 'a'", "statements WHERE folded = 'a'", "protected WHERE folded = 'a'"):
            (plan,) = archive.store.rows(f"EXPLAIN QUERY PLAN SELECT cable FROM {query}")
            assert plan[3].startswith("SEARCH")


# ---- older archives


def make_v1(tmp_path: Path) -> Path:
    """The demo archive as version 1 left it."""
    folder = demo_archive(tmp_path)
    new = folder / "archive.sqlite"
    old = folder / "old.sqlite"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript((ROOT / "tests" / "cases" / "archive_v1.sql").read_text("utf-8"))
        connection.execute("ATTACH ? AS new", (str(new),))
        for (table,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table}({columns}) SELECT {columns} FROM new.{table}")
        connection.execute("DELETE FROM dictionaries WHERE kind = 'findings'")
        connection.commit()
        connection.execute(f"PRAGMA application_id = {0x52656674}")
        connection.execute("PRAGMA user_version = 1")
    for name in ("archive.sqlite-wal", "archive.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)
    old.replace(new)
    return folder


def test_an_archive_of_version_1_is_brought_up_to_date(tmp_path: Path) -> None:
    folder = make_v1(tmp_path)
    with Archive.open(folder) as archive, Archive.open(demo_archive(tmp_path / "other")) as fresh:
        assert archive.store.column("PRAGMA user_version") == [2]
        assert archive.count_unextracted() == len(archive) == 50
        assert archive.search("kallaste").total == fresh.search("kallaste").total
        assert archive.doctor().findings == ()
        archive.extract(workers=0)
        assert rows_of(archive.store) == rows_of(fresh.store)
        assert archive.doctor().findings == ()


def test_a_new_archive_has_the_tables_of_one_brought_up_to_date(tmp_path: Path) -> None:
    def tables(store: Store) -> set[tuple[Any, ...]]:
        named = store.column("SELECT name FROM sqlite_master WHERE type = 'table'")
        columns = {(table, *row[1:]) for table in named for row in store.rows(f"PRAGMA table_info({table})")}
        return columns | {(name,) for name in store.column("SELECT name FROM sqlite_master WHERE type = 'index'")}

    with Archive.open(make_v1(tmp_path)) as old, new_archive(tmp_path) as new:
        assert tables(old.store) == tables(new.store)


# ---- the doctor


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE statements SET speaker = 'Nobody'",
        "DELETE FROM entities",
        "DELETE FROM protected",
        "INSERT INTO protected VALUES('a b', 1, 'A B')",
    ],
)
def test_the_doctor_makes_rows_again(tmp_path: Path, harm: str) -> None:
    with new_archive(tmp_path) as archive:
        path = write_dump(tmp_path / "a.txt", 7, words="Osk Tamm (strictly protect) said the ferry is late.")
        archive.add(path, workers=0)
        before = rows_of(archive.store)
        archive.store.execute(harm)
        (finding,) = archive.doctor().findings
        assert finding.mended
        assert rows_of(archive.store) == before


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize("harm", ["packed = zeroblob(90)", "packed = substr(packed, 1, 20)", "source = 99"])
def test_findings_that_are_damaged_are_taken_out_and_made_again(tmp_path: Path, harm: str) -> None:
    with new_archive(tmp_path) as archive:
        path = write_dump(tmp_path / "a.txt", 7, words="Osk Tamm said the ferry is late.")
        archive.add(path, workers=0)
        before = rows_of(archive.store)
        archive.store.execute(f"UPDATE findings SET {harm}")
        report = archive.doctor()
        assert not report.is_whole
        assert "reftel extract" in (report.findings[0].remedy or "")
        assert archive.extract(workers=0).extracted == 1
        assert archive.doctor().findings == ()
        assert rows_of(archive.store) == before


# ---- stopped and killed


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of so many telegrams that looking through them can be watched."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(1, MANY + 1):
        write_telegram(folder / "in" / f"{number:04}.txt", number, lines=40)
    with Archive.open(folder / "archive", create=True) as archive:
        archive.add(folder / "in", extract=False)
    return folder / "archive"


@pytest.fixture
def waiting(many: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(many, tmp_path / "archive"))


def looked_through(folder: Path) -> set[str]:
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{folder / 'archive.sqlite'}?mode=ro", uri=True)) as store,
    ):
        return {row[0] for row in store.execute("SELECT locator FROM ledger WHERE outcome = 'extracted'")}
    return set()


def wait_for_first(process: subprocess.Popen[str], folder: Path) -> None:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        if looked_through(folder):
            return
        time.sleep(0.01)
    raise AssertionError(process.communicate())


def assert_all_is_found(folder: Path, promised: set[str]) -> None:
    """The rest is looked through by the next call, nothing twice."""
    again = reftel("extract", folder=folder)
    assert again.returncode == 0, again.stderr
    with Archive.open(folder) as archive:
        lines = archive.store.column("SELECT locator FROM ledger WHERE outcome = 'extracted'")
        assert len(lines) == len(set(lines)) == MANY
        assert promised <= set(lines)
        assert archive.count_unextracted() == 0
        assert archive.doctor().findings == ()


@posix
def test_ctrl_c_ends_looking_through_with_a_summary(waiting: Path) -> None:
    process = start_reftel("extract", "--workers", "1", folder=waiting)
    wait_for_first(process, waiting)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    promised = looked_through(waiting)
    assert f"{len(promised):,} looked through. The archive holds {MANY} cables." in told
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
    assert_all_is_found(waiting, promised)


@posix
def test_a_killed_run_is_gone_on_with(waiting: Path) -> None:
    process = start_reftel("extract", "--workers", "2", folder=waiting)
    wait_for_first(process, waiting)
    process.kill()
    process.communicate(timeout=60)
    assert_all_is_found(waiting, looked_through(waiting))


# ---- commands


def test_add_says_what_it_leaves(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    path = write_telegram(tmp_path / "a.txt", 1)
    added = reftel("add", "--no-extract", path, folder=folder)
    assert added.returncode == 0
    assert "1 cable still to be looked through for names and statements: reftel extract." in added.stderr
    assert "not looked for yet" in reftel("status", folder=folder).stdout
    done = reftel("extract", folder=folder)
    assert (done.returncode, done.stderr) == (0, "1 looked through. The archive holds 1 cable.\n")
    again = reftel("extract", folder=folder)
    assert (again.returncode, again.stderr) == (0, "Nothing was left to look through. The archive holds 1 cable.\n")
    assert "still to be" not in reftel("add", path, folder=folder).stderr


def test_extract_of_files_prints_one_object_a_cable(tmp_path: Path) -> None:
    paths = [COLLECTION / "dump" / "08TALLINN96.txt", COLLECTION / "dump" / "09TALLINN214.txt"]
    done = reftel("extract", *paths)
    assert done.returncode == 0
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["doc"] for row in rows] == ["08TALLINN96", "09TALLINN214"]
    for row, cable in zip(rows, package.read(paths), strict=True):
        findings = package.extract(cable)
        assert row["sha256"] == cable.source.sha256
        assert row["versions"] == EXTRACTORS
        assert len(row["entities"]) == len(findings.entities)
        for told, statement in zip(row["statements"], findings.statements, strict=True):
            assert told["cue"] == (list(statement.cue) if statement.cue else None)
            assert told["content"] == [list(span) for span in statement.content]
            assert told["para"] == (cable.paragraphs[statement.paragraph].number or 0)
            assert told["kind"] == statement.kind
    assert not (tmp_path / "reftel-archive").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--reader", "dump"), "--reader is for files"),
        (("--workers", "0", "a.txt"), "--workers is for the archive"),
    ],
)
def test_options_of_extract_that_do_not_fit_are_said(args: tuple[str, ...], said: str) -> None:
    done = reftel("extract", *args)
    assert done.returncode == 2
    assert said in done.stderr


def test_extract_without_an_archive_says_so(tmp_path: Path) -> None:
    done = reftel("extract", folder=tmp_path / "nowhere")
    assert done.returncode == 1
    assert "There is no archive in" in done.stderr


def test_extract_stays_a_function_when_its_sub_package_is_imported() -> None:
    code = "import reftel.extract.names, reftel; assert callable(reftel.extract), reftel.extract; reftel.Findings"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(TypeError, match=r"use reftel\.parse first"):
        package.extract("a text")  # type: ignore[arg-type]


# ---- masks


@pytest.fixture
def protecting(tmp_path: Path, said: None) -> Iterator[Archive]:
    """09LISBON1 protects Osk Tamm, 09LISBON2 only names him, 09LISBON3 too and nobody finds it, 09LISBON4 not at all."""
    texts = {
        1: "Osk Tamm (strictly protect) said the ferry is late.",
        2: "Osk Tamm said the ferry is early. Ida Roos said it is not.",
        3: "Nobody but Osk Tamm knows.",
        4: "Ida Roos said it is not.",
    }
    for number, words in texts.items():
        write_dump(tmp_path / "in" / f"{number}.txt", number, words=words)
    with new_archive(tmp_path) as archive:
        archive.add(tmp_path / "in", workers=0)
        yield archive


def test_who_is_protected_in_one_cable_is_masked_in_all(protecting: Archive) -> None:
    plain = {cable.id: cable for cable in protecting.cables()}
    masked = {cable.id: protecting.mask(cable) for cable in plain.values()}
    assert masked["09LISBON4"] is plain["09LISBON4"]
    for name in ("09LISBON1", "09LISBON2", "09LISBON3"):
        assert "Tamm" in plain[name].text
        assert "Tamm" not in masked[name].text
        assert len(masked[name].text) == len(plain[name].text)
        assert masked[name].paragraphs == plain[name].paragraphs
    at = plain["09LISBON1"].text.index("Osk Tamm")
    pseudonym = masked["09LISBON1"].text[at : at + 8]
    assert pseudonym in masked["09LISBON2"].text
    assert "Ida Roos" in masked["09LISBON2"].text


def test_a_bare_surname_may_be_anothers_in_the_cable_of_another_post(protecting: Archive, tmp_path: Path) -> None:
    lisbon = write_dump(tmp_path / "5.txt", 5, words="It is not, Tamm said yesterday.")
    oslo = tmp_path / "6.txt"
    oslo.write_text(lisbon.read_text("utf-8").replace("LISBON", "OSLO").replace("Lisbon", "Oslo"), "utf-8")
    protecting.add([lisbon, oslo], workers=0)
    assert "Tamm" not in protecting.mask(protecting.get("09LISBON5")).text
    assert "Tamm" in protecting.mask(protecting.get("09OSLO5")).text


def test_a_name_alone_is_masked_as_it_would_be_in_a_cable(protecting: Archive) -> None:
    mask = Mask(protecting.store)
    assert mask.name("Ida Roos") == "Ida Roos"
    assert mask.name("Osk Tamm") == mask.name("Osk Tamm") != "Osk Tamm"
    assert "Tamm" not in mask.name("Tamm")


def test_the_secret_is_made_when_somebody_has_to_be_masked(protecting: Archive) -> None:
    protecting.mask(protecting.get("09LISBON4"))
    assert protecting.store.meta("secret") is None
    protecting.mask(protecting.get("09LISBON1"))
    assert len(protecting.store.meta("secret") or "") == 32


def test_pseudonyms_last_as_long_as_the_archive_and_differ_between_two(protecting: Archive, tmp_path: Path) -> None:
    first = protecting.mask(protecting.get("09LISBON1")).text
    with Archive.open(protecting.folder) as again:
        assert again.mask(again.get("09LISBON1")).text == first
    with Archive.open(tmp_path / "other", create=True) as other:
        other.add(tmp_path / "in", workers=0)
        assert other.mask(other.get("09LISBON1")).text != first


def test_what_was_not_looked_through_is_looked_through_before_it_is_masked(tmp_path: Path, said: None) -> None:
    path = write_dump(tmp_path / "a.txt", 7, words="Osk Tamm (strictly protect) said the ferry is late.")
    with new_archive(tmp_path) as archive:
        archive.add(path, workers=0, extract=False)
        assert "Tamm" not in archive.mask(archive.get("09LISBON7")).text


def test_a_cable_that_cannot_be_looked_through_is_not_let_out(
    tmp_path: Path, said: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(cable: Cable, people: object) -> Findings:
        raise ZeroDivisionError("of the test")

    monkeypatch.setattr("reftel.pipeline.mask.extract", fail)
    with new_archive(tmp_path) as archive:
        asks = "Osk Tamm (strictly protect) told us that the ferry was late"
        archive.add(write_dump(tmp_path / "a.txt", 7, words=asks), workers=0, extract=False)
        archive.add(write_dump(tmp_path / "b.txt", 8), workers=0, extract=False)
        with pytest.raises(ReftelError, match="Whom 09LISBON7 protects cannot be told"):
            archive.mask(archive.get("09LISBON7"))
        assert archive.mask(archive.get("09LISBON8")).id == "09LISBON8"  # which asks to protect nobody


def test_a_cable_that_nobody_looked_through_is_masked_by_what_others_ask(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        archive.add(
            write_dump(tmp_path / "a.txt", 7, words="Minister Osk Tamm (strictly protect) told us no"), workers=0
        )
        for number, words in ((8, "Mr. Tamm said that he had said no"), (9, "the ferry to Osk Tamm island is late")):
            archive.add(write_dump(tmp_path / f"{number}.txt", number, words=words), workers=0, extract=False)
            assert "Tamm" not in archive.mask(archive.get(f"09LISBON{number}")).text


def test_statements_are_masked_in_order(protecting: Archive) -> None:
    from reftel.query.attributions import attribute

    store = protecting.store
    plain = [a for key in (2, 1, 4) for a in attribute(store.cable(key), store.findings(key), key)]  # type: ignore[arg-type]
    masked = list(protecting.masked(plain))
    assert [(a.key, a.ordinal) for a in masked] == [(a.key, a.ordinal) for a in plain]
    assert [a.speaker for a in (m.statement for m in masked)].count("Ida Roos") == 2
    assert "Tamm" not in repr(masked)


@pytest.mark.parametrize("form", ["csv", "jsonl", "text", "md"])
def test_an_export_masks_unless_it_is_asked_not_to(protecting: Archive, form: str) -> None:
    folder = protecting.folder
    masked = reftel("export", "--as", form, "*", folder=folder)
    plain = reftel("export", "--as", form, "--unmask", "*", folder=folder)
    assert "Tamm" not in masked.stdout
    assert "Tamm" in plain.stdout or form == "csv"
    assert "In 3 cables protected sources have pseudonyms; --unmask gives their names." in masked.stderr
    assert "pseudonyms" not in plain.stderr


def test_an_export_says_whom_it_cannot_know(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.txt", 7)
    with new_archive(tmp_path) as archive:
        archive.add(path, extract=False)
    done = reftel("export", "--as", "csv", "*", folder=tmp_path / "archive")
    assert "Whom 1 cable of the archive protect is not known yet: reftel extract." in done.stderr


def test_there_is_no_findings_of_a_cable_that_is_not_there(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive, pytest.raises(KeyError):
        archive.store.findings(1)
    with pytest.raises(ReftelError, match="damaged"), new_archive(tmp_path) as archive:
        archive.store.codecs.findings.unpack(b"nothing", 0)


def test_every_line_of_the_ledger_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "archive.md").read_text("utf-8")
    for outcome, meaning in EXTRACTIONS.items():
        assert f"| `{outcome}` | {meaning} |" in page
