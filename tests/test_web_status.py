"""The status page, the ledger, and adding files by way of the browser: real uploads, real processes."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archives import demo_home, write_telegram
from hypothesis import given
from hypothesis import strategies as st
from rooms import open_room, page, texts, token_of
from starlette.testclient import TestClient

from reftel.archive.lock import writing
from reftel.web.child import Limits, make_command
from reftel.web.guard import Session
from reftel.web.jobs import STATES, Job, Jobs
from reftel.web.pages.adding import read_wanted
from reftel.web.places import cable_path
from reftel.web.problems import ForbiddenError
from reftel.web.settings import Settings
from reftel.web.uploads import Form, safe_name
from reftel.workbench import Archive

posix = pytest.mark.skipif(os.name != "posix", reason="limits and signals are POSIX")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo archive that is written to, in a folder whose name no page may tell."""
    folder = tmp_path_factory.mktemp("very secret place") / "archive"
    shutil.copytree(demo_home(), folder)
    return folder


@pytest.fixture(scope="module")
def room(home: Path) -> Iterator[TestClient]:
    with open_room(home) as client:
        yield client


def jobs_of(room: TestClient) -> Jobs:
    app: Any = room.app
    while not hasattr(app, "state"):
        app = app.app
    jobs: Jobs = app.state.jobs
    return jobs


def token(room: TestClient) -> dict[str, str]:
    """The header that a script of a page sends."""
    return {"x-reftel-token": token_of(room)}


def send(room: TestClient, *files: tuple[str, bytes], **fields: str) -> Any:
    return room.post(
        "/status/add",
        files=[("files", file) for file in files] or {"files": ("", b"")},
        data=fields,
        headers=token(room),
        follow_redirects=False,
    )


def ended(room: TestClient, answer: Any) -> Job:
    assert answer.status_code == 303, answer.text
    job = jobs_of(room).wait(answer.headers["location"].rpartition("/")[2], 60)
    assert job is not None
    assert job.is_over
    return job


def telegram(tmp_path: Path, number: int, words: str = "") -> bytes:
    return write_telegram(tmp_path / "telegram.txt", number, words=words).read_bytes()


def uploaded(home: Path) -> list[str]:
    return sorted(path.name for path in home.glob("uploads/*/*"))


# ---- what is shown


def test_the_status_tells_what_the_archive_holds_and_what_is_cut_off(room: TestClient) -> None:
    tree = page(room, "/status")
    held = room.get("/status.json").json()
    assert f"This archive holds {held['cables']} cables from {held['sources']} texts" in texts(tree, ".lead")[0]
    reasons = texts(tree, ".troubles dt")
    assert [f"{one['times']} {one['reason']}" for one in held["partial"]] == reasons
    assert all(one["path"].startswith("/cable/") for one in held["partial"])


def test_every_count_finds_as_many_cables_as_it_says(room: TestClient) -> None:
    tree = page(room, "/status")
    links = [node for node in tree.css(".columns li") if node.css_first("a") is not None]
    assert len(links) > 20
    for node in links:
        href = (node.css_first("a").attributes["href"] or "").replace("/search?", "/search.json?")
        assert room.get(href).json()["total"] == int(node.css_first(".number").text()), href


def test_the_ledger_is_paged_filtered_and_leads_to_cables(room: TestClient) -> None:
    told = room.get("/status/ledger.json?outcome=partial&limit=3").json()
    assert told["total"] == told["counts"]["partial"] == 7
    assert [line["outcome"] for line in told["lines"]] == ["partial"] * 3
    rest = room.get("/status/ledger.json?outcome=partial&limit=3&page=2").json()
    assert not {line["what"] for line in told["lines"]} & {line["what"] for line in rest["lines"]}
    tree = page(room, "/status/ledger?outcome=partial")
    assert texts(tree, ".ledger a") == [
        line["address"] for line in room.get("/status/ledger.json?outcome=partial").json()["lines"]
    ]
    assert room.get("/status/ledger?outcome=nonsense").status_code == 400


@pytest.mark.parametrize("path", ["/status", "/status.json", "/status/ledger", "/status/ledger.json?limit=500"])
def test_no_path_of_the_server_is_told(room: TestClient, home: Path, path: str) -> None:
    answer = room.get(path)
    assert answer.status_code == 200
    assert str(home.parent.name) not in answer.text
    assert "../" not in answer.text
    assert "demo/collection" not in answer.text


def test_a_text_that_is_there_already_names_the_other_file_without_its_place(
    room: TestClient, home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "my own cables"
    write_telegram(folder / "one.txt", 6001)
    assert ended(room, send(room, path=str(folder / "one.txt"))).outcomes == {"added": 1}
    shutil.copy(folder / "one.txt", folder / "two.txt")
    job = ended(room, send(room, path=str(folder / "two.txt")))
    (line,) = room.get(f"/status/ledger.json?run={job.run}").json()["lines"]
    assert (line["what"], line["reason"]) == ("two.txt", "The same text was added from one.txt.")


# ---- files that are sent


def test_a_file_is_sent_read_and_found(room: TestClient, home: Path, tmp_path: Path) -> None:
    job = ended(room, send(room, ("zebra.txt", telegram(tmp_path, 4711, "The zebra is back"))))
    assert (job.state, job.outcomes, job.what) == ("done", {"added": 1}, "zebra.txt")
    assert room.get("/search.json?q=zebra").json()["total"] == 1
    lines = room.get(f"/status/ledger.json?run={job.run}").json()["lines"]
    assert [(line["what"], line["path"]) for line in lines] == [("zebra.txt", cable_path(lines[0]["address"]))]
    with Archive.open(home) as archive:
        held = archive.store.column("SELECT locator FROM sources ORDER BY key DESC LIMIT 1")[0]
    assert re.fullmatch(r"uploads/\d{4}-\d\d-\d\d-[0-9a-f]{8}/zebra\.txt", held)
    assert (home / held).is_file()


def test_a_job_is_told_as_a_page_and_as_data(room: TestClient, tmp_path: Path) -> None:
    answer = send(room, ("a.txt", telegram(tmp_path, 4712)), ("notes.xyz", b"\0\1\2" * 999))
    job = ended(room, answer)
    assert (job.state, job.lines) == ("done", 2)
    told = room.get(f"{answer.headers['location']}.json").json()
    assert told["outcomes"] == {"added": 1, "failed": 1}
    assert [one["locator"] for one in told["failures"]] == ["notes.xyz"]
    tree = page(room, answer.headers["location"])
    assert texts(tree, "#failures dt") == ["notes.xyz"]
    assert "done" in texts(tree, "#state")[0]
    assert tree.css_first("meta[http-equiv]") is None
    assert "notes.xyz" in texts(page(room, "/status"), ".jobs a")[0]


def test_a_script_is_told_where_the_job_is(room: TestClient, tmp_path: Path) -> None:
    answer = room.post(
        "/status/add",
        files=[("files", ("b.txt", telegram(tmp_path, 4713)))],
        headers={**token(room), "accept": "application/json"},
    )
    assert answer.status_code == 202
    job = jobs_of(room).wait(answer.json()["job"].rpartition("/")[2], 60)
    assert job is not None
    assert job.state == "done"


def test_a_bomb_is_refused_with_its_reason(room: TestClient) -> None:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * (40 << 20))
    job = ended(room, send(room, ("box.zip", box.getvalue())))
    assert job.outcomes == {"failed": 1}
    assert job.failures[0].locator == "box.zip!bomb.txt"
    assert "expands to more than" in job.failures[0].reason


def test_a_name_is_never_trusted(room: TestClient, home: Path, tmp_path: Path) -> None:
    names = ["../../../evil.txt", "/etc/passwd", "CON.txt", "a\\b\\c.txt", ".hidden.txt", "c.txt"]
    job = ended(room, send(room, *((name, telegram(tmp_path, 4720 + i)) for i, name in enumerate(names))))
    assert job.outcomes == {"added": 6}
    newest = max(home.glob("uploads/*"), key=lambda path: path.stat().st_mtime_ns)
    assert sorted(path.name for path in newest.iterdir()) == sorted(
        ["evil.txt", "passwd", "_CON.txt", "c.txt", "hidden.txt", "c-2.txt"]
    )
    assert not (home.parent / "evil.txt").exists()


@given(st.lists(st.text(), max_size=8))
def test_any_names_become_safe_and_different_ones(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        safe = safe_name(name, taken)
        assert safe.casefold() not in {one.casefold() for one in taken}
        assert 0 < len(safe) <= 100
        assert len(safe.encode()) <= 200
        assert not set(safe) & set('/\\:*?"<>|!#\0\n')
        assert not safe.startswith((".", " "))
        assert not safe.endswith((".", " "))
        taken.append(safe)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("08TALLINN96.txt", "08TALLINN96.txt"),
        ("été 2008 (2).txt", "été 2008 (2).txt"),
        ("aux", "_aux"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("..", "file"),
        ("", "file"),
        ("x" * 300 + ".txt", "x" * 96 + ".txt"),
        ("a!b#c.zip", "a_b_c.zip"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


# ---- what is not taken


def test_more_than_the_limit_is_not_taken_announced_or_not(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    shutil.copytree(demo_home(), folder)
    with open_room(folder, upload_limit=20_000) as room:
        answer = send(room, ("large.txt", b"x" * 30_000))
        assert (answer.status_code, "20.0 kB" in answer.text) == (413, True)
        head = b'--B\r\nContent-Disposition: form-data; name="files"; filename="large.txt"\r\n\r\n'

        def pieces() -> Iterator[bytes]:
            yield head
            for _ in range(30):
                yield b"x" * 1000

        streamed = room.post(
            "/status/add",
            content=pieces(),
            headers={**token(room), "content-type": "multipart/form-data; boundary=B"},
        )
        assert streamed.status_code == 413
        assert uploaded(folder) == []
        assert list(folder.glob("uploads/*")) == []


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b'--B\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhalf of', "B", "broke off"),
        (b"no form at all", "B", "cannot be read"),
        (b"--B--\r\n", "B", "No file was chosen"),
        (
            b'--B\r\nContent-Disposition: form-data; name="path"\r\n\r\n/no/such/folder\r\n--B--\r\n',
            "B",
            "no file or folder",
        ),
        (b"a=b", "", "no form with files"),
    ],
)
def test_a_broken_upload_leaves_nothing_behind(room: TestClient, home: Path, body: bytes, kind: str, said: str) -> None:
    before = uploaded(home)
    of = f"multipart/form-data; boundary={kind}" if kind else "text/csv"
    answer = room.post("/status/add", content=body, headers={**token(room), "content-type": of})
    assert answer.status_code == 400
    assert said in answer.text
    assert uploaded(home) == before


def test_a_full_disk_is_told_before_anything_is_written(
    room: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))  # type: ignore[attr-defined]
    before = uploaded(home)
    answer = send(room, ("a.txt", b"x"))
    assert (answer.status_code, uploaded(home)) == (507, before)


def test_who_is_no_keeper_is_offered_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That nothing is taken from him either is tested with the door."""
    monkeypatch.setattr(Session, "is_keeper", property(lambda self: False))
    with open_room(home) as room:
        assert page(room, "/status").css_first("form[action='/status/add']") is None


# ---- a place of this machine


def test_a_folder_of_this_machine_is_added(room: TestClient, tmp_path: Path) -> None:
    folder = tmp_path / "my cables"
    for number in (5001, 5002):
        write_telegram(folder / f"{number}.txt", number)
    job = ended(room, send(room, path=str(folder)))
    assert (job.state, job.what, job.outcomes) == ("done", "my cables", {"added": 2})


def test_a_room_that_others_reach_takes_no_path(tmp_path: Path) -> None:
    form = Form({"path": str(tmp_path)}, None, ())
    assert read_wanted(form, Settings(tmp_path)) == (tmp_path.name, [tmp_path.resolve()])
    with pytest.raises(ForbiddenError):
        read_wanted(form, Settings(tmp_path, host="10.1.2.3"))


# ---- jobs


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    for number in range(900):
        write_telegram(folder / f"{number:04}.txt", number, lines=20)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Archive.open(tmp_path / "archive", create=True).close()
    return tmp_path / "archive"


def wait_until_running(jobs: Jobs, key: str) -> None:
    job = jobs.wait(key, 60, until=lambda job: job.bytes_done > 0)
    assert job is not None
    assert job.state == "running"


def test_jobs_wait_in_line_and_what_is_stopped_keeps_what_was_added(folder: Path, many: Path) -> None:
    jobs = Jobs(folder)
    try:
        first, second = jobs.start("many", [many]), jobs.start("again", [many / "0001.txt"])
        wait_until_running(jobs, first.key)
        assert (waiting := jobs.get(second.key)) is not None
        assert waiting.state == "waiting"
        jobs.stop(first.key)
        stopped, done = jobs.wait(first.key, 60), jobs.wait(second.key, 60)
        assert stopped is not None
        assert done is not None
        assert (stopped.state, stopped.why) == ("stopped", "Somebody stopped it.")
        assert done.state == "done"
        with Archive.open(folder) as archive:
            assert archive.count_sources() < 900
            assert archive.doctor().findings == ()
    finally:
        jobs.close()


def test_the_end_of_the_room_ends_the_process(folder: Path, many: Path) -> None:
    jobs = Jobs(folder)
    job, later = jobs.start("many", [many]), jobs.start("later", [many])
    wait_until_running(jobs, job.key)
    process = jobs._jobs[job.key].process
    assert process is not None
    jobs.close()
    assert process.poll() is not None
    assert [one.state for one in jobs.all()] == ["stopped", "stopped"]
    assert later.key == jobs.all()[0].key


def test_a_job_waits_while_another_program_writes(folder: Path, many: Path) -> None:
    jobs = Jobs(folder)
    try:
        with writing(folder):
            job = jobs.start("one", [many / "0001.txt"])
            held = jobs.wait(job.key, 0.2)
            assert held is not None
            assert held.state == "waiting"
        done = jobs.wait(job.key, 60)
        assert done is not None
        assert done.outcomes == {"added": 1}
    finally:
        jobs.close()


def test_a_job_ends_when_its_time_is_over_and_the_next_one_goes_on(folder: Path, many: Path) -> None:
    jobs = Jobs(folder, Limits(seconds=0))
    try:
        job = jobs.wait(jobs.start("many", [many]).key, 60)
        assert job is not None
        assert (job.state, job.why) == ("stopped", "It took longer than 0 seconds.")
        jobs.limits = Limits()
        again = jobs.wait(jobs.start("one", [many / "0001.txt"]).key, 60)
        assert again is not None
        assert again.state == "done"
    finally:
        jobs.close()


@posix
@pytest.mark.parametrize("limits", [Limits(cpu=0), Limits(memory=12 << 20), Limits(file=1000)])
def test_a_process_that_reaches_a_limit_is_told(folder: Path, many: Path, limits: Limits) -> None:
    jobs = Jobs(folder, limits)
    try:
        job = jobs.wait(jobs.start("one", [many / "0001.txt"]).key, 60)
        assert job is not None
        assert job.state == "failed"
        assert "limit of memory or time" in job.why or "disk does not take" in job.why
    finally:
        jobs.close()


@posix
def test_the_limits_hold_in_the_command(folder: Path) -> None:
    command = make_command(folder, [], Limits(memory=1 << 30, cpu=77, file=1 << 20))
    at = command.index("reftel") - 3
    assert command[at : at + 4] == [sys.executable, "-P", "-m", "reftel"]
    asked = "import resource as r; print([r.getrlimit(getattr(r, 'RLIMIT_' + n))[0] for n in ('DATA', 'CPU', 'FSIZE', 'CORE')])"
    done = subprocess.run([*command[:at], sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([1 << 30, 77, 1 << 20, 0])


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_a_job_has_a_page(room: TestClient, state: str) -> None:
    jobs = jobs_of(room)
    job = jobs.start("a.txt", [])
    jobs.wait(job.key, 60)
    work = jobs._jobs[job.key]
    work.job = Job(job.key, "a <b>", state=state, stage="reading", lines=3, bytes_done=50, bytes_total=100, why="")
    tree = page(room, f"/status/jobs/{job.key}")
    assert state in texts(tree, "#state")[0]
    assert (tree.css_first("progress") is not None) == (state == "running")
    assert ("http-equiv" in (tree.html or "")) == (state in ("waiting", "running"))
    assert texts(tree, "h1") == ["Adding a <b>"]


def test_a_job_is_stopped_by_a_form(room: TestClient) -> None:
    job = jobs_of(room).start("a.txt", [Path("nowhere.txt")])
    answer = room.post(
        f"/status/jobs/{job.key}/stop", files={"token": (None, "x")}, headers=token(room), follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/status/jobs/{job.key}")
    assert room.post("/status/jobs/nothing/stop", headers=token(room)).status_code == 404
    assert room.get("/status/jobs/nothing").status_code == 404
