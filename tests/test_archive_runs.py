"""Adding as it goes wrong: stopped, killed, alone and in company, on a full disk."""

from __future__ import annotations

import errno
import json
import os
import shutil
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
from archives import children_of, held_by, new_archive, outcomes, reftel, start_reftel, write_telegram

from reftel.archive.index import Index
from reftel.archive.ledger import last_run, latest
from reftel.archive.lock import BusyError, writing
from reftel.archive.store import DiskFullError
from reftel.pipeline import child
from reftel.workbench import Archive

MANY, FEW = 600, 200
posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of so many telegrams that adding them can be watched."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(1, MANY + 1):
        write_telegram(folder / f"{number:04}.txt", number, lines=12)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def acknowledged(folder: Path) -> set[str]:
    """The locators that the ledger says are there; empty while there is no archive yet."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{folder / 'archive.sqlite'}?mode=ro", uri=True)) as store,
    ):
        return {row[0] for row in store.execute("SELECT locator FROM ledger WHERE outcome = 'added'")}
    return set()


def wait_for_first_lines(process: subprocess.Popen[str], folder: Path) -> set[str]:
    """What is acknowledged once the adding is well under way."""
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        if found := acknowledged(folder):
            return found
        time.sleep(0.02)
    raise AssertionError(process.communicate())


def assert_whole(folder: Path, promised: set[str], count: int = MANY) -> None:
    """So many telegrams are there, once, found, and what was promised before is among them."""
    with Archive.open(folder) as archive:
        held = held_by(archive)
        assert len(held.sources) == len(held.cables) == len(held.indexed) == len(set(held.indexed)) == count
        assert promised <= {locator for locator, _ in held.sources}
        assert archive.doctor().findings == ()


# ---- stopped and killed


@posix
def test_ctrl_c_leaves_with_a_summary_and_the_next_run_goes_on(folder: Path, many: Path) -> None:
    process = start_reftel("add", "--workers", "1", many, folder=folder)
    wait_for_first_lines(process, folder)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    promised = acknowledged(folder)
    assert 0 < len(promised) < MANY
    assert f"{len(promised):,} added. The archive holds {len(promised):,} cables." in told
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
    status = json.loads(reftel("status", "--json", folder=folder).stdout)
    assert (status["cables"], status["last_run"]["how"]) == (len(promised), "interrupted")
    again = reftel("add", many, folder=folder)
    assert again.returncode == 0
    assert (
        f"{MANY - len(promised):,} added; {len(promised):,} unchanged. The archive holds {MANY:,} cables."
        in again.stderr
    )
    assert_whole(folder, promised)


@posix
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the children of a process are looked up in /proc")
def test_a_killed_run_loses_nothing_and_leaves_no_process_behind(folder: Path, many: Path) -> None:
    process = start_reftel("add", "--workers", "2", many, folder=folder)
    wait_for_first_lines(process, folder)
    workers = children_of(process.pid)
    promised = acknowledged(folder)
    process.kill()
    process.communicate(timeout=60)
    assert workers
    end = time.monotonic() + 20
    while any(Path(f"/proc/{pid}/exe").exists() for pid in workers):
        assert time.monotonic() < end
        time.sleep(0.05)
    with Archive.open(folder) as archive:
        held = held_by(archive)
        assert promised <= {locator for locator, _ in held.sources}
        assert len(held.indexed) == len(held.cables) < MANY
        assert archive.doctor().findings == ()
    assert reftel("add", many, folder=folder).returncode == 0
    assert_whole(folder, promised)


def test_ctrl_c_inside_a_lock_of_pythons_is_ctrl_c(tmp_path: Path, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise RuntimeError("release unlocked lock")

    with new_archive(tmp_path) as archive:
        with monkeypatch.context() as patch:
            patch.setattr("reftel.pipeline.add.follow", fail)
            with pytest.raises(KeyboardInterrupt):
                archive.add(sorted(many.iterdir())[:3], workers=0)
        run = last_run(archive.store)
        assert run is not None and run.how == "interrupted"
        assert archive.count("*") == 3


def test_an_iterator_that_is_closed_keeps_what_it_gave(tmp_path: Path, many: Path) -> None:
    with new_archive(tmp_path) as archive:
        lines = archive.adding([many], workers=0)
        given = [next(lines).locator for _ in range(3)]
        lines.close()  # type: ignore[attr-defined]
        assert set(given) <= {locator for locator, _ in held_by(archive).sources}
        assert archive.add(sorted(many.iterdir())[:60], workers=0).failed == 0


# ---- several processes


def test_a_second_writer_gets_one_clear_sentence_and_readers_none(folder: Path, many: Path) -> None:
    process = start_reftel("add", "--workers", "1", many, folder=folder)
    try:
        wait_for_first_lines(process, folder)
        for command in (("add", many), ("rebuild",), ("doctor",)):
            second = reftel(*command, folder=folder)
            if process.poll() is None:
                assert second.returncode == 1
                assert "Another process is writing to this archive." in second.stderr
                assert "Traceback" not in second.stderr
        assert reftel("search", "--ids", "ferry OR harbour", folder=folder).returncode in (0, 1)
        assert reftel("status", folder=folder).returncode == 0
    finally:
        _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert_whole(folder, set())


def test_a_reader_finds_more_and_more_while_another_process_adds(folder: Path, many: Path) -> None:
    process = start_reftel("add", "--workers", "1", many, folder=folder)
    try:
        wait_for_first_lines(process, folder)
        totals, sizes = [], []
        with Archive.open(folder) as archive:
            while process.poll() is None:
                totals.append(archive.search("*", limit=2, facets=["post"]).total)
                sizes.append(len(archive))
            totals.append(archive.count("*"))
    finally:
        _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert totals == sorted(totals) and sizes == sorted(sizes)
    assert totals[-1] == MANY


def test_two_processes_that_begin_the_same_archive_at_once_get_on(folder: Path, many: Path) -> None:
    paths = sorted(many.iterdir())
    for i in range(2):
        shutil.rmtree(folder, ignore_errors=True)
        both = [start_reftel("add", "--workers", "0", *paths[j : j + 10], folder=folder) for j in (0, 10)]
        told = [process.communicate(timeout=120)[1] for process in both]
        for process, said in zip(both, told, strict=True):
            assert process.returncode == 0 or "Another process is writing" in said, (i, said)
            assert "Traceback" not in said
        assert 0 in [process.returncode for process in both]
        with Archive.open(folder) as archive:
            assert archive.doctor().findings == ()
            assert archive.count("*") == len(archive) in (10, 20)


def test_a_search_that_would_have_to_write_while_another_writes_says_so(tmp_path: Path, many: Path) -> None:
    with new_archive(tmp_path) as archive:
        archive.add(sorted(many.iterdir())[:3], workers=0)
        archive.store.execute("UPDATE cables SET changed = 99 WHERE key = 1")
        with writing(archive.folder):
            assert archive.count("*") == 3
        assert archive.notes == ["Another process is adding; the newest cables cannot be found yet."]
        assert archive.count("*") == 3


@pytest.mark.parametrize("harm", ["damaged", "gone"])
def test_a_reader_leaves_an_index_alone_that_another_process_is_making(tmp_path: Path, many: Path, harm: str) -> None:
    with new_archive(tmp_path) as archive:
        archive.add(sorted(many.iterdir())[:3], workers=0)
    index = tmp_path / "archive" / "index"
    if harm == "gone":
        shutil.rmtree(index)
    else:
        (index / "cables" / "meta.json").write_bytes(b"{")
    before = sorted(index.rglob("*"))
    with Archive.open(tmp_path / "archive") as archive:
        with writing(archive.folder), pytest.raises(BusyError):
            archive.search("*")
        assert sorted(index.rglob("*")) == before
        assert archive.count("*") == 3


# ---- workers


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the children of a process are looked up in /proc")
def test_a_worker_killed_over_a_chunk_loses_nothing(tmp_path: Path, many: Path) -> None:
    with new_archive(tmp_path) as archive:
        before = set(children_of(os.getpid()))
        lines = archive.adding(sorted(many.iterdir())[:150], workers=1)
        found = [next(lines)]
        killed = set(children_of(os.getpid())) - before
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        found += lines
        assert killed
        assert outcomes(found) == ["added"] * 150
        assert len(held_by(archive).indexed) == 150


def test_a_text_that_kills_its_worker_is_the_only_one_lost(
    tmp_path: Path, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        f"import os, sys; sys.path[:] = {sys.path!r}; from reftel.pipeline import work; parse = work.parse\n"
        "work.parse = lambda source: os._exit(9) if 'poison' in source.text else parse(source)\n"
        "from reftel.pipeline.worker import main; main()"
    )
    command = [sys.executable, "-c", code]
    monkeypatch.setattr(
        child, "start", lambda _: subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    )
    paths = [*sorted(many.iterdir())[:59], write_telegram(tmp_path / "poison.txt", 9999, words="poison")]
    with new_archive(tmp_path) as archive:
        lines = list(archive.adding(paths, workers=1))
        assert sorted(outcomes(lines)) == ["added"] * 59 + ["failed"]
        [line] = latest(archive.store, "failed")
        assert line.locator == "../poison.txt"
        assert "was killed" in (line.reason or "")


# ---- a full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    path = tmp_path / "small"
    path.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("a small file system can be mounted by root on Linux only")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    yield path
    subprocess.run(["umount", "-l", path], check=True)


@pytest.mark.parametrize("size", ["500k", "900k"])
def test_a_full_disk_stops_the_run_and_space_lets_it_go_on(small_disk: Path, many: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", small_disk], check=True)
    folder, some = small_disk / "archive", sorted(many.iterdir())[:FEW]
    stopped = reftel("add", "--workers", "0", *some, folder=folder)
    assert stopped.returncode == 1
    assert "The disk is full. What was reported as added is kept" in stopped.stderr
    assert "Traceback" not in stopped.stderr and "panicked" not in stopped.stderr
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    promised = acknowledged(folder)
    assert reftel("add", "--workers", "0", *some, folder=folder).returncode == 0
    assert_whole(folder, promised, FEW)


def test_a_truth_that_takes_no_more_stops_the_run(tmp_path: Path, many: Path) -> None:
    some = sorted(many.iterdir())[:FEW]
    with new_archive(tmp_path) as archive:
        pages = archive.store.column("PRAGMA page_count")[0]
        archive.store.column(f"PRAGMA max_page_count = {pages + 30}")
        given = []
        with pytest.raises(DiskFullError, match="free some space"):
            for line in archive.adding(some, workers=0):
                given.append(line.locator)
        assert set(given) <= {locator for locator, _ in held_by(archive).sources}
        archive.store.column("PRAGMA max_page_count = 100000")
        report = archive.add(some, workers=0)
        assert report.added + report.unchanged == FEW
        assert report.unchanged >= len(given)
    assert_whole(tmp_path / "archive", set(given), FEW)


@pytest.mark.parametrize("size", [2, 60])
def test_an_index_that_takes_no_more_stops_the_run_and_catches_up(
    tmp_path: Path, many: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    paths = sorted(many.iterdir())[:size]

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with new_archive(tmp_path) as archive:
        archive.add(paths[:1], workers=0)
        with monkeypatch.context() as patch:
            patch.setattr("reftel.archive.index.os.fsync", full)
            with pytest.raises(DiskFullError):
                archive.add(paths, workers=0)
            assert 1 <= archive.search("*").total <= size
            assert archive.notes[-1] == "The disk is full; the newest cables cannot be found yet."
        assert archive.search("*").total == len(archive) == size
        assert archive.doctor().findings == ()


class _FullWriter:
    """A writer of Tantivy's whose disk is full."""

    def __init__(self, when: str) -> None:
        self.when = when

    def add_document(self, _: object) -> None:
        self._write("add")

    def delete_documents_by_term(self, *_: object) -> None:
        self._write("add")

    def commit(self) -> None:
        self._write("commit")

    def _write(self, what: str) -> None:
        if what == self.when:
            raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")


@pytest.mark.parametrize("when", ["add", "commit"])
def test_a_writer_of_the_index_that_fails_stops_the_run_and_catches_up(
    tmp_path: Path, many: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def fail(index: Any) -> tuple[_FullWriter, _FullWriter, _FullWriter]:
        index._writers = index._writers or (_FullWriter(when), _FullWriter(when), _FullWriter(when))
        return index._writers  # type: ignore[no-any-return]

    paths = sorted(many.iterdir())[:20]
    with new_archive(tmp_path) as archive:
        with monkeypatch.context() as patch:
            patch.setattr(Index, "_writing", fail)
            with pytest.raises(DiskFullError):
                archive.add(paths, workers=0)
        assert archive.search("*").total == len(archive) == 20
        assert archive.add(paths, workers=0).unchanged == 20
        assert archive.doctor().findings == ()
