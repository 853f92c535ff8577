"""The processes that make pages: they answer as the server itself would, and nobody notices when one dies."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.request import urlopen

import pytest
from archives import children_of, demo_home, new_archive, shared_archive, write_dump
from rooms import open_room, page, texts, token_of
from selectolax.lexbor import LexborHTMLParser
from starlette.routing import Route
from starlette.testclient import TestClient

from reftel.pipeline import child
from reftel.web.api import API
from reftel.web.clerk import Asked, encode
from reftel.web.clerks import Clerks
from reftel.web.guard import KEEPER, Session
from reftel.web.pages import PAGES
from reftel.web.problems import RoomError
from reftel.web.rules import SAFE, is_page_of_archive
from reftel.web.settings import Settings

COOKIE = {"reftel": "a" * 43}  # the same session, so that forms carry the same token
ADDRESS = shared_archive().search("minister", limit=1).hits[0].address

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are looked up in /proc")


@pytest.fixture(scope="module")
def alone() -> Iterator[TestClient]:
    """A room that makes its pages itself."""
    with open_room(demo_home()) as client:
        client.cookies.update(COOKIE)
        yield client


@pytest.fixture(scope="module")
def served() -> Iterator[TestClient]:
    """The same room with clerks."""
    with open_room(demo_home(), processes=2) as client:
        client.cookies.update(COOKIE)
        yield client


def paths() -> Iterator[str]:
    """An address of every route that a clerk answers."""
    for route in (*PAGES, *API):
        assert isinstance(route, Route)
        if "GET" in (route.methods or ()) and is_page_of_archive(route.path):
            path = re.sub(r"\{form(:\w+)?\}", "json", route.path)
            path = path.replace("{address}", ADDRESS).replace("{doc_id}", ADDRESS).replace("{station}", "TALLINN")
            yield re.sub(r"\{\w+(:\w+)?\}", "1", path)


ASKED = [
    "/?q=",
    "/search?q=minister&page=2",
    "/search?q=(",
    "/search.bib?q=minister",
    "/search.nothing?q=minister",
    "/complete.json?q=tal",
    "/statements?q=about:pipeline",
    "/positions?who=Kallaste&about=pipeline",
    f"/cable/{ADDRESS}?q=minister",
    f"/cable/{ADDRESS}.csl",
    "/cable/09NOWHERE1",
    "/cable?id=09%20NOWHERE%201",
    "/person?name=Kallaste",
    "/api/v1/search?query=minister&facets=tag",
    "/api/v1/search?query=(",
    "/api/v1/search?limit=many",
    "/desk/basket.md",
]


@pytest.mark.parametrize("path", [*dict.fromkeys(paths()), *ASKED])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_clerk_answers_as_the_server_would(alone: TestClient, served: TestClient, path: str, accept: str) -> None:
    one, other = (client.get(path, headers={"accept": accept}, follow_redirects=False) for client in (alone, served))
    assert other.status_code == one.status_code < 500
    assert dict(other.headers) == dict(one.headers)
    assert other.content == one.content


def test_a_clerk_needs_nothing_that_only_the_server_has(served: TestClient) -> None:
    """What it would need is missing there, and the page an error of ours."""
    for path in dict.fromkeys(paths()):
        assert served.request("HEAD", path).status_code < 500, path


@pytest.mark.parametrize("path", ["/status", "/login", "/names", "/help", "/theme", "/healthz", "/static/1/reftel.css"])
def test_what_is_the_servers_is_no_page_of_the_archive(path: str) -> None:
    assert not is_page_of_archive(path)


@pytest.mark.parametrize(
    ("method", "path", "accept", "by_clerk"),
    [
        ("GET", "/search?q=minister", "text/html", True),
        ("HEAD", "/search?q=minister", "text/html", True),
        ("GET", "/search.json?q=minister", "text/html", True),
        ("GET", "/search.csv?q=minister", "text/html", False),  # as they are found, to somebody who may read slowly
        ("GET", "/statements.jsonl?q=minister", "text/html", False),
        ("GET", "/statements?q=minister", "text/csv", False),
        ("GET", "/desk", "text/html", True),
        ("POST", "/desk/notes", "text/html", False),
        ("GET", "/status", "text/html", False),
        ("GET", "/nowhere", "text/html", False),
    ],
)
def test_who_answers_what(
    served: TestClient, monkeypatch: pytest.MonkeyPatch, method: str, path: str, accept: str, by_clerk: bool
) -> None:
    seen: list[str] = []
    answer = Clerks.answer

    async def watch(self: Clerks, asked: object) -> object:
        seen.append(path)
        return await answer(self, asked)  # type: ignore[arg-type]

    monkeypatch.setattr(Clerks, "answer", watch)
    served.request(method, path, headers={"accept": accept})
    assert bool(seen) == by_clerk
    assert method in SAFE or not by_clerk


def test_what_is_written_on_the_desk_stands_there_at_once(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(demo_home(), tmp_path / "archive"))
    with open_room(folder, processes=2) as room:
        for word in ("alpha", "beta", "gamma"):
            form = {"token": token_of(room), "address": ADDRESS, "text": f"remark {word}", "back": "/desk"}
            assert room.post("/desk/notes", data=form).status_code == 200
            assert f"remark {word}" in page(room, "/desk").html
            assert f"remark {word}" in page(room, f"/cable/{ADDRESS}").html


def test_what_is_added_is_found_by_a_clerk_that_has_the_archive_open(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        archive.add([write_dump(tmp_path / "1.txt", 1)], workers=0)
        with open_room(archive.folder, processes=1) as room:
            assert texts(page(room, "/search?q=*"), ".tabs a")[0] == "1 cable"
            archive.add([write_dump(tmp_path / "2.txt", 2)], workers=0)
            assert texts(page(room, "/search?q=*"), ".tabs a")[0] == "2 cables"


def test_names_are_masked_by_the_session_not_by_the_clerk(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(demo_home(), tmp_path / "archive"))
    with open_room(folder, processes=1) as room:
        people = texts(page(room, "/people"), "main")[0]
        room.post("/names", data={"token": token_of(room), "show": "1"})
        shown = texts(page(room, "/people"), "main")[0]
        assert people != shown
        assert room.get("/search.json?q=minister").status_code == 200
    with open_room(folder) as room:
        assert texts(page(room, "/people"), "main")[0] == people


@linux
def test_a_clerk_that_was_killed_is_replaced(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(demo_home(), tmp_path / "archive"))
    with open_room(folder, processes=1) as room:
        before = page(room, "/search?q=minister").html
        [first] = clerks_of(os.getpid(), folder)
        os.kill(first, signal.SIGKILL)
        assert page(room, "/search?q=minister").html is not None
        assert texts(page(room, "/search?q=minister"), ".hit h2") == texts_of(before)
        [second] = clerks_of(os.getpid(), folder)
        assert second != first
    assert not clerks_of(os.getpid(), folder)


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clerks that end over the word poison, sleep over the word opium, and print over the word noise."""
    code = (
        f"import os, sys, time; sys.path[:] = {sys.path!r}; from reftel.web import clerk; answer = clerk.answer\n"
        "def poisoned(app, asked):\n"
        "    if b'poison' in asked.query: os._exit(9)\n"
        "    if b'opium' in asked.query: time.sleep(600)\n"
        "    if b'noise' in asked.query: os.write(1, b'noise' * 100); print('noise')\n"
        "    return answer(app, asked)\n"
        "clerk.answer = poisoned\n"
        "clerk.main()"
    )
    command = [sys.executable, "-c", code]
    monkeypatch.setattr(
        child, "start", lambda _: subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    )


@pytest.mark.usefixtures("poisoned")
def test_a_page_that_kills_every_clerk_is_told_and_the_room_stays_open() -> None:
    with open_room(demo_home(), processes=1) as room:
        bad = page(room, "/search?q=poison", status=503)
        assert "was killed twice" in texts(bad, "main")[0]
        data = room.get("/search.json?q=poison")
        assert (data.status_code, data.json()["code"]) == (503, "killed")
        assert "cable" in texts(page(room, "/search?q=minister"), ".tabs a")[0]


@pytest.mark.usefixtures("poisoned")
def test_a_page_that_takes_too_long_is_ended_and_no_other_reader_gets_it() -> None:
    async def ask() -> None:
        clerks = Clerks(Settings(demo_home(), processes=1), longest=1.0)
        try:
            with pytest.raises(RoomError, match="took longer than 1 second"):
                await clerks.answer(request_for(b"q=opium"))
        finally:
            await clerks.close()
        clerks = Clerks(Settings(demo_home(), processes=2))
        try:
            slow = asyncio.create_task(clerks.answer(request_for(b"q=opium")))
            others = [request_for(b"q=%b" % word) for word in (b"minister", b"pipeline", b"nothing")]
            found = await asyncio.gather(*map(clerks.answer, others))
            for asked, answer in zip(others, found, strict=True):
                assert f'"query":"{asked.query[2:].decode()}"' in answer.body.decode()
            assert not slow.done()
            slow.cancel()  # as by a server that ends
            with pytest.raises(asyncio.CancelledError):
                await slow
            again = await asyncio.gather(*map(clerks.answer, others))
            assert [answer.body for answer in again] == [answer.body for answer in found]
            slow = asyncio.create_task(clerks.answer(request_for(b"q=opium")))
            await asyncio.sleep(0.1)
        finally:
            await clerks.close()
        with pytest.raises(RoomError, match="being closed"):
            await slow

    asyncio.run(ask())


@pytest.mark.usefixtures("poisoned")
def test_what_is_printed_is_no_part_of_an_answer() -> None:
    with open_room(demo_home(), processes=1) as room:
        for word in ("noise", "minister", "noise"):
            assert room.get(f"/search.json?q={word}").json()["query"] == word


def test_after_a_failure_nobody_gets_the_answer_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    read = child._read
    failing = [False]

    def fail(stream: BinaryIO) -> object:
        if failing[0]:
            failing[0] = False
            raise MemoryError
        return read(stream)

    monkeypatch.setattr(child, "_read", fail)

    async def ask() -> None:
        clerks = Clerks(Settings(demo_home(), processes=1))
        try:
            for word in (b"alpha", b"beta", b"gamma"):
                failing[0] = word == b"beta"
                if failing[0]:
                    with pytest.raises(MemoryError):
                        await clerks.answer(request_for(b"q=" + word))
                found = await clerks.answer(request_for(b"q=" + word))
                assert f'"query":"{word.decode()}"' in found.body.decode()
        finally:
            await clerks.close()

    asyncio.run(ask())


def test_a_process_that_cannot_be_started_is_told_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: str) -> None:
        raise FileNotFoundError(2, "No such file", "python")

    monkeypatch.setattr(child, "start", fail)
    with open_room(demo_home(), processes=1) as room:
        assert "No process could be started" in texts(page(room, "/search?q=minister", status=503), "main")[0]
        assert room.get("/status").status_code == 200
    assert "No such file" in caplog.text


@linux
@pytest.mark.usefixtures("poisoned")
def test_a_clerk_ends_in_the_middle_of_a_page_when_the_server_is_gone() -> None:
    one = child.Child("reftel.web.clerk")
    one.tell(encode(Settings(demo_home())))
    one.tell(encode(request_for(b"q=opium")))
    process = one._process
    assert process is not None and process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=20) == 0
    one.end()


def request_for(query: bytes) -> Asked:
    """A search, as data."""
    path, session = "/search.json", Session(None, KEEPER, False, "")
    return Asked("GET", "http", path, path.encode(), query, ((b"host", b"127.0.0.1"),), ("127.0.0.1", 80), session)


@linux
def test_clerks_end_with_a_server_that_is_killed(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(demo_home(), tmp_path / "archive"))
    command = [sys.executable, "-m", "reftel", "serve", "--archive", str(folder), "--port", "0", "--processes", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().partition("http")[2].partition(" ")[0]
            with urlopen(f"http{address}search?q=minister") as answer:
                assert answer.status == 200
            clerks = children_of(server.pid)
            assert clerks
        finally:
            server.kill()
    for _ in range(600):
        if not any(Path(f"/proc/{pid}/exe").exists() for pid in clerks):
            return
        time.sleep(0.05)
    pytest.fail("a clerk outlived the server")


def clerks_of(pid: int, folder: Path) -> list[int]:
    """The processes of clerks that work for the room of an archive."""
    found = []
    for one in children_of(pid):
        held = Path(f"/proc/{one}/fd")
        try:
            opened = [str(fd.readlink()) for fd in held.iterdir()]
        except OSError:
            continue  # it has just ended
        if any(path.startswith(str(folder)) for path in opened):
            found.append(one)
    return found


def texts_of(html: str | None) -> list[str]:
    return texts(LexborHTMLParser(html or ""), ".hit h2")
