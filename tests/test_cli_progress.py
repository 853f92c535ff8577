"""`reftel add --progress json`: what a program that looks on is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from archives import COMMAND, environment, reftel, start_reftel, write_telegram
from conftest import COLLECTION, ROOT

from reftel.archive.lock import writing
from reftel.cli.progress import ENDINGS
from reftel.workbench import Archive

posix = pytest.mark.skipif(os.name != "posix", reason="signals to a process are POSIX")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    for number in range(800):
        write_telegram(folder / f"{number:04}.txt", number, lines=20)
    return folder


def events(told: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.splitlines()]


def test_a_run_is_told_line_by_line_and_ends_with_the_summary(tmp_path: Path) -> None:
    done = reftel("add", "--progress", "json", COLLECTION, ROOT / "demo" / "README.md", folder=tmp_path / "archive")
    *others, end = events(done.stdout)
    assert (done.returncode, done.stderr) == (3, "")
    assert (end["event"], end["how"], end["run"]) == ("end", "finished", 1)
    assert end["outcomes"] == {"added": 50, "partial": 7, "failed": 1}
    assert end["said"].endswith("The archive holds 50 cables from 57 sources.")
    failed = [event for event in others if event["event"] == "failed"]
    assert [(event["reason"], event["outcome"]) for event in failed] == [("No reader recognises the file.", "failed")]
    assert failed[0]["remedy"].startswith("If it is a cable")
    last = [event for event in others if event["event"] == "progress"][-1]
    assert last["lines"] == 58
    assert last["bytes_done"] == last["bytes_total"] > 100_000


def test_an_archive_that_is_being_written_is_told_as_busy(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    Archive.open(folder, create=True).close()
    with writing(folder):
        done = reftel("add", "--progress", "json", COLLECTION, folder=folder)
    end = events(done.stdout)[-1]
    assert (done.returncode, end["how"]) == (1, "busy")
    assert end["stopped"].startswith("Another process is writing")


@posix
def test_ctrl_c_is_told_as_stopped(tmp_path: Path, many: Path) -> None:
    process = start_reftel("add", "--workers", "0", "--progress", "json", many, folder=tmp_path / "archive")
    assert process.stdout is not None
    first = process.stdout.readline()  # it is in the middle of it
    process.send_signal(signal.SIGINT)
    told, errors = process.communicate(timeout=60)
    end = events(first + told)[-1]
    assert (process.returncode, end["how"], errors) == (130, "stopped", "")
    with Archive.open(tmp_path / "archive") as archive:
        assert archive.count_sources() == end["outcomes"].get("added", 0) < 800


@posix
def test_a_run_that_nobody_looks_at_any_more_stops(tmp_path: Path, many: Path) -> None:
    folder = tmp_path / "archive"
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [*COMMAND, "add", "--workers", "0", "--progress", "json", str(many)],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment(folder),
    )
    os.close(writer)
    os.read(reader, 1)
    os.close(reader)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, b"")
    with Archive.open(folder) as archive:
        assert archive.count_sources() < 800


@pytest.mark.parametrize("how", ENDINGS)
def test_every_way_to_end_is_in_the_docs(how: str) -> None:
    assert f"| `{how}` | {ENDINGS[how]} |" in (ROOT / "docs" / "commands.md").read_text("utf-8")
