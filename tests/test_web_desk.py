"""The desk in the reading room: notes at their place, forms without scripts, the basket as a file; who may, and who may not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from archives import demo_archive, new_archive, write_dump
from argon2 import PasswordHasher
from docx import Document
from rooms import open_room, page, texts, token_of
from starlette.testclient import TestClient

from reftel.archive.accounts import EDITOR, KEEPER, READER, Accounts
from reftel.archive.desk import Desk
from reftel.archive.passwords import hash_password
from reftel.model import Cable
from reftel.web import Settings, make_app
from reftel.workbench import Archive

HTML = {"accept": "text/html"}
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "amber link and ferry"
Send = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return demo_archive(tmp_path)


@pytest.fixture
def room(folder: Path) -> Iterator[TestClient]:
    with open_room(folder) as client:
        yield client


@pytest.fixture
def send(room: TestClient) -> Send:
    """Sends a form as a page of the room would; where one is sent next."""
    token = token_of(room)

    def post(path: str, **fields: object) -> str:
        data = {"token": token, **{name: str(value) for name, value in fields.items()}}
        answer = room.post(path, data=data, follow_redirects=False, headers=HTML)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    return post


@pytest.fixture
def cable(folder: Path) -> Cable:
    with Archive.open(folder) as archive:
        return archive.get("08TALLINN96")


def at(cable: Cable, words: str) -> dict[str, object]:
    """The fields that say which words are meant, as the script fills them in."""
    found = re.search(r"\s+".join(map(re.escape, words.split())), cable.text)
    assert found is not None
    return {
        "address": cable.id,
        "sha256": cable.source.sha256,
        "start": found.start(),
        "end": found.end(),
        "back": f"/cable/{cable.id}?q=kallaste",
    }


# ---- notes on the page of a cable


def test_a_note_on_words_stands_at_them(room: TestClient, send: Send, cable: Cable) -> None:
    words = "protection would bring warships"
    there = send("/desk/notes", text="compare\nthis", **at(cable, words))
    assert there == "/cable/08TALLINN96?q=kallaste#n1"
    tree = page(room, there)
    assert " ".join("".join(node.text() for node in tree.css("mark.noted[data-n='1']")).split()) == words
    assert len(tree.css("#n1.x")) == 1
    assert texts(tree, "#p3 .note blockquote a") == [words] and texts(tree, "#p3 .note .text") == ["compare this"]
    assert texts(tree, "#notes .note") == []


def test_a_highlight_is_a_note_without_text(room: TestClient, send: Send, cable: Cable) -> None:
    send("/desk/notes", text="", **at(cable, "old munitions"))
    tree = page(room, "/cable/08TALLINN96")
    assert texts(tree, "mark.noted.bare") == ["old munitions"]
    assert texts(tree, ".note .soft")[0].startswith("Highlight, ")
    send("/desk/notes/1", text="a word on it")
    assert texts(page(room, "/cable/08TALLINN96"), "mark.noted.bare") == []


def test_notes_overlap_each_other_and_what_was_looked_for(room: TestClient, send: Send, cable: Cable) -> None:
    send("/desk/notes", **at(cable, "Kallaste opened a one-hour meeting"))
    send("/desk/notes", **at(cable, "one-hour meeting at the ministry"))
    tree = page(room, "/cable/08TALLINN96?q=meeting")
    runs = [(node.attributes["data-n"], " ".join(node.text().split())) for node in tree.css("#p2 mark.noted")]
    assert [text for n, text in runs if n == "1 2"] == ["one-hour", "meeting"]
    assert " ".join(text for n, text in runs if n == "2") == "at the ministry"
    assert texts(tree, "#p2 mark.noted mark.find") == ["meeting"]


def test_without_a_script_a_paragraph_has_a_form(room: TestClient, send: Send, cable: Cable, folder: Path) -> None:
    form = {field.attributes["name"]: field.attributes.get("value") for field in page(room, "/cable/08TALLINN96").css("#p4 .own form [name]")}  # fmt: skip
    assert form["paragraph"] == "3" and form["sha256"] == cable.source.sha256
    base = {name: form[name] or "" for name in ("address", "sha256", "paragraph")}
    assert send("/desk/notes", text="on all of it", **base) == "/cable/08TALLINN96#n1"
    send("/desk/notes", text="on some", words="  the LAW left  ", **base)
    send("/desk/notes", text="", **base)
    with Desk(folder) as desk:
        notes = desk.notes("08TALLINN96")
    assert [(note.address, note.anchor.quote if note.anchor else None) for note in notes[:2]] == [
        ("08TALLINN96:4", None),
        ("08TALLINN96", "the law left"),
    ]
    assert notes[2].anchor is not None and notes[2].anchor.quote.startswith("Turning to the permit")
    tree = page(room, "/cable/08TALLINN96")
    assert texts(tree, "#p4 .note .text") == ["on all of it", "on some"] and len(tree.css("#p4 .note")) == 3
    answer = room.post("/desk/notes", data={**base, "token": token_of(room), "text": "x", "words": "zeppelin"})
    assert answer.status_code == 400 and "has no words" in answer.text


def test_a_note_on_the_whole_cable_stands_below_it(room: TestClient, send: Send) -> None:
    send("/desk/notes", address="08TALLINN96", text="on <b>all</b> of it")
    tree = page(room, "/cable/08TALLINN96")
    assert texts(tree, "#notes .note .text") == ["on <b>all</b> of it"] and not tree.css(".para .note")
    answer = room.post("/desk/notes", data={"address": "08TALLINN96", "text": " ", "token": token_of(room)})
    assert answer.status_code == 400 and "needs some words" in answer.text


def test_a_note_is_changed_and_thrown_away(room: TestClient, send: Send, cable: Cable) -> None:
    send("/desk/notes", text="first", **at(cable, "old munitions"))
    assert send("/desk/notes/1", text="second") == "/cable/08TALLINN96#n1"
    tree = page(room, "/cable/08TALLINN96")
    assert texts(tree, ".note .text") == ["second"] and "changed" in texts(tree, ".note .soft")[0]
    assert send("/desk/notes/1/drop", back="/desk?q=x#notes") == "/desk?q=x#notes"
    assert not page(room, "/cable/08TALLINN96").css(".note, mark.noted")
    assert room.post("/desk/notes/1/drop", data={"token": token_of(room)}).status_code == 400


def test_a_form_that_is_out_of_date_is_told_so(room: TestClient, cable: Cable) -> None:
    fields = {**at(cable, "old munitions"), "sha256": "0" * 64, "token": token_of(room)}
    answer = room.post("/desk/notes", data=fields)
    assert answer.status_code == 409 and "Another text of this cable leads" in answer.text


@pytest.mark.parametrize(
    ("path", "fields", "status", "said"),
    [
        ("/desk/notes", {"address": "09NOWHERE1", "text": "x"}, 404, "no cable"),
        ("/desk/notes", {"address": "", "text": "x"}, 404, "no cable"),
        ("/desk/notes", {"address": "08TALLINN96", "start": "x", "end": "9"}, 400, "start is"),
        ("/desk/notes", {"address": "08TALLINN96", "start": "9", "end": "5"}, 400, "no place 9 to 5"),
        ("/desk/notes", {"address": "08TALLINN96", "start": "0", "end": "999999999"}, 400, "no place"),
        ("/desk/notes", {"address": "08TALLINN96", "paragraph": "99", "text": "x"}, 400, "no paragraph"),
        ("/desk/notes", {"address": "08TALLINN96", "text": "x" * 20_001}, 400, "at most 20,000"),
        ("/desk/notes/77", {"text": "x"}, 400, "no note 77"),
        ("/desk/tags", {"address": "08TALLINN96", "tag": ""}, 400, "A tag is a word"),
        ("/desk/basket/5", {"by": "1"}, 400, "no item 5"),
        ("/desk/basket/5", {"by": "99999"}, 400, "moves by -1 or 1"),
        ("/desk/searches", {"name": "x", "query": "from:("}, 400, "cannot be read"),
        ("/desk/searches", {"name": "", "query": "x"}, 400, "needs a name"),
        ("/desk/searches/change", {"name": "none"}, 400, "no saved search"),
    ],
)
def test_a_slip_is_told(
    room: TestClient, cable: Cable, path: str, fields: dict[str, str], status: int, said: str
) -> None:
    answer = room.post(path, data={"sha256": cable.source.sha256, **fields, "token": token_of(room)}, headers=HTML)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text[-900:]


@pytest.mark.parametrize(
    ("back", "there"),
    [
        ("/desk", "/desk#n1"),
        ("//evil.example/x", "/#n1"),
        ("https://evil.example/", "/#n1"),
        ("/\\evil.example", "/#n1"),
        ("", "/cable/08TALLINN96#n1"),
    ],
)
def test_one_is_never_led_to_another_site(send: Send, back: str, there: str) -> None:
    assert send("/desk/notes", address="08TALLINN96", text="x", back=back) == there


def test_a_program_gets_an_answer_as_data(room: TestClient, cable: Cable) -> None:
    fields = {**at(cable, "old munitions"), "text": "x"}
    answer = room.post("/desk/notes", data=fields, headers={"accept": "application/json", "x-reftel-token": token_of(room)})  # fmt: skip
    assert answer.json() == {"note": 1, "address": "08TALLINN96", "place": "/cable/08TALLINN96#n1"}


def test_a_note_follows_its_words_to_another_text_and_is_loose_where_they_are_gone(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a" / "1.txt", 1, words="the ferry sails on Sundays")
    with new_archive(tmp_path) as archive:
        archive.add(path, workers=0)
        cable, folder = archive.get("09LISBON1"), archive.folder
    with open_room(folder) as room:
        token = token_of(room)
        for fields in ({"text": "ask", **at(cable, "ferry sails on")}, {"text": "no. 4", "address": "09LISBON1", "sha256": cable.source.sha256, "paragraph": "3"}):  # fmt: skip
            assert room.post("/desk/notes", data={"token": token, **fields}, follow_redirects=False).status_code == 303
        better = path.read_text("utf-8").replace(
            "the ferry sails on Sundays", "the ferry\nsails on\nSundays, and a bus goes daily to the port"
        )
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "1.txt").write_text(better, "utf-8")
        with Archive.open(folder) as archive:
            archive.add(tmp_path / "b", workers=0)
        assert texts(page(room, "/cable/09LISBON1"), "mark.noted") == ["ferry sails on"]
        assert not page(room, "/desk").css(".loose")
        cut = re.sub(r"4\. \(U\).*?\n\n", "", better, flags=re.DOTALL)
        (tmp_path / "b" / "1.txt").write_text(cut, "utf-8")
        path.unlink()
        with Archive.open(folder) as archive:
            archive.add(tmp_path / "b", workers=0)
            archive.store.execute("UPDATE sources SET superseded = 1 WHERE locator LIKE '%a/1.txt'")
            archive.store._elect(1)
        tree = page(room, "/cable/09LISBON1")
        assert not tree.css("mark.noted") and len(tree.css("#notes .note.loose")) == 2
        assert "ferry sails on" in texts(tree, "#notes .note.loose")[0]
        assert "2 notes have lost the place" in texts(page(room, "/desk"), ".said")[0]
        assert len(page(room, "/desk?loose=1").css(".note.loose")) == 2


# ---- tags, searches, the basket


def test_tags_are_put_on_and_taken_away(room: TestClient, send: Send) -> None:
    assert send("/desk/tags", address="08 tallinn 96", tag="amber link") == "/cable/08TALLINN96#tags"
    send("/desk/tags", address="08TALLINN402", tag="amber link")
    assert texts(page(room, "/cable/08TALLINN96"), "#tags .chip a") == ["amber link"]
    tree = page(room, "/desk?tag=amber+link")
    assert texts(tree, "#tags .chip") == ["amber link 2"]
    assert texts(tree, "#notes > ul a") == ["08TALLINN402", "08TALLINN96"]
    send("/desk/tags", address="08TALLINN96", drop="amber link")
    assert texts(page(room, "/desk"), "#tags .chip") == ["amber link 1"]


def test_a_saved_search_tells_what_is_new(room: TestClient, send: Send, folder: Path, tmp_path: Path) -> None:
    assert send("/desk/searches", name="lisbon", query="from:lisbon") == "/desk#searches"
    assert "nothing new since" in texts(page(room, "/desk"), ".saved")[0]
    with Archive.open(folder) as archive:
        archive.add(write_dump(tmp_path / "a.txt", 1), workers=0)
    tree = page(room, "/desk")
    assert texts(tree, ".saved .new") == ["1 new"]
    tree = page(room, tree.css_first(".saved .new").attributes["href"] or "")
    assert texts(tree, ".hit .meta a") == ["09LISBON1"]
    send("/desk/searches/change", name="lisbon")
    assert "nothing new since" in texts(page(room, "/desk"), ".saved")[0]
    with Desk(folder) as desk:
        desk.saw_search(desk.search_named("lisbon")._replace(archive="another"))
    assert "what is new cannot be told" in texts(page(room, "/desk"), ".saved")[0]
    assert "cannot be told" in texts(page(room, "/desk/new?name=lisbon"), ".said")[0]
    send("/desk/searches/change", name="lisbon", drop="1")
    assert not page(room, "/desk").css(".saved")


def test_the_basket_is_filled_ordered_and_written(room: TestClient, send: Send, cable: Cable) -> None:
    assert send("/desk/basket", address="09ANKARA1390") == "/cable/09ANKARA1390#notes"
    assert texts(page(room, "/cable/09ANKARA1390"), ".tools a[href='/desk#basket']") == ["In the basket"]
    send("/desk/basket", address="08TALLINN96", sha256=cable.source.sha256, paragraph="2")
    send("/desk/basket", **at(cable, "old munitions on the sea bed"))
    assert texts(page(room, "/desk"), ".basket li > p a") == ["09ANKARA1390", "08TALLINN96:3", "08TALLINN96"]
    assert send("/desk/basket/1", by="1") == "/desk#item-1"
    send("/desk/basket/3", remark="a <b>hint</b>")
    send("/desk/basket/1", drop="1")
    tree = page(room, "/desk")
    assert texts(tree, ".basket li > p a") == ["08TALLINN96:3", "08TALLINN96"]
    assert texts(tree, ".basket .text") == ["a <b>hint</b>"]
    assert texts(tree, ".basket blockquote")[1] == "old munitions on the sea bed"
    answer = room.get("/desk/basket.md?title=Amber+Link%3A+%22notes%22")
    assert answer.headers["content-disposition"] == 'attachment; filename="Amber-Link-notes.md"'
    assert answer.text.startswith("# Amber Link: ") and "> **3. (C)** old munitions" in answer.text
    assert "demo/collection" not in answer.text
    document = Document(BytesIO(room.get("/desk/basket.docx").content))
    assert [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"][-1] == "Sources"
    for form in ("bib", "ris", "csl"):
        assert room.get(f"/desk/basket.{form}").status_code == 200
    assert room.get("/desk/basket.exe").status_code == 404
    send("/desk/basket/clear")
    assert room.get("/desk/basket.md").status_code == 400 and not page(room, "/desk").css(".basket")


# ---- whom a drafter asks to protect


def protected(folder: Path) -> tuple[Cable, str]:
    """A cable with somebody to be protected, and his name as it prints it."""
    with Archive.open(folder) as archive:
        for key, name in archive.store.rows("SELECT cable, name FROM protected ORDER BY cable"):
            held = archive.store.cable(key)
            if name in held.text and held.id:
                return held, name
    pytest.fail("no demo cable protects a source by a full name")


def test_no_protected_name_is_told_by_a_note_or_the_basket(room: TestClient, send: Send, folder: Path) -> None:
    held, name = protected(folder)
    send("/desk/notes", text=f"is {name} to be believed?", **at(held, name))
    send("/desk/basket", **at(held, name))
    send("/desk/basket/1", remark=f"{name} again")
    for path in (f"/cable/{held.id}", "/desk", "/desk/basket.md?notes=1"):
        answer = room.get(path, headers=HTML)
        assert answer.status_code == 200 and name not in answer.text and name.split()[-1] not in answer.text, path
    tree = page(room, f"/cable/{held.id}")
    assert len("".join(node.text() for node in tree.css("mark.noted"))) == len(name)
    assert not tree.css(".note textarea")  # what is shown is not what was written, so it is not offered to be changed
    room.post("/names", data={"show": "1", "token": token_of(room), "back": "/desk"})
    assert f"is {name} to be believed?" in texts(page(room, f"/cable/{held.id}"), ".note .text")
    assert page(room, "/desk").css(".basket textarea")


# ---- several users


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = demo_archive(tmp_path_factory.mktemp("desk"))
    for name, role in (("rita", READER), ("edith", EDITOR), ("emil", EDITOR), ("karl", KEEPER)):
        Accounts(folder).add_user(name, role, hash_password(name, PASSWORD, CHEAP), "2026-03-01T10:00:00Z")
    return folder


def test_everybody_reads_notes_but_only_author_and_keeper_drop_them(guarded: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(guarded, tmp_path / "archive"))
    app = make_app(Settings(folder, host="0.0.0.0", hosts=("room.test",)), hasher=CHEAP, clock=lambda: 1_772_359_200.0)

    def visit(name: str) -> TestClient:
        client = TestClient(app, base_url="http://room.test", client=("192.0.2.7", 5))
        data = {"token": token_of(client, "/login"), "name": name, "password": PASSWORD}
        assert client.post("/login", data=data, follow_redirects=False).status_code == 303
        return client

    def post(client: TestClient, path: str, **fields: str) -> int:
        data = {"token": token_of(client, "/desk"), **fields}
        return client.post(path, data=data, headers=HTML, follow_redirects=False).status_code

    edith, emil, karl, rita = map(visit, ("edith", "emil", "karl", "rita"))
    assert post(edith, "/desk/notes", address="08TALLINN96", text="by edith") == 303
    assert post(edith, "/desk/basket", address="08TALLINN96") == 303
    assert post(rita, "/desk/notes", address="08TALLINN96", text="by rita") == 403
    for client in (edith, emil, karl, rita):
        tree = page(client, "/cable/08TALLINN96")
        assert texts(tree, "#notes .note .text") == ["by edith"] and "edith, " in texts(tree, "#notes .note .soft")[0]
        assert bool(tree.css("#notes .note form")) == (client in (edith, karl))
        assert bool(tree.css(".own, .write, .marking")) == (client is not rita)
        assert bool(page(client, "/desk").css(".basket li")) == (client is edith)
    assert post(emil, "/desk/notes/1", text="mine now") == 403
    assert post(emil, "/desk/notes/1/drop") == 403
    assert post(emil, "/desk/basket/1", drop="1") == 303
    assert page(edith, "/desk").css(".basket li")
    assert post(edith, "/desk/notes/1", text="by edith, too") == 303
    assert texts(page(rita, "/desk?author=edith"), ".note .text") == ["by edith, too"]
    assert post(karl, "/desk/notes/1/drop") == 303
    assert not page(rita, "/desk").css(".note")


def test_who_asks_the_desk_for_a_protected_name_finds_nothing_by_it(room: TestClient, send: Send, folder: Path) -> None:
    held, name = protected(folder)
    send("/desk/notes", text=f"is {name} to be believed?", **at(held, name))
    send("/desk/searches", name="x", query=f'"{name}"')
    tree = page(room, "/desk", q=name)
    assert not tree.css(".note") and "No note is like that" in tree.html  # type: ignore[operator]
    assert len(page(room, "/desk", q="believed").css(".note")) == 1
    assert "no cables on" in texts(page(room, "/desk"), ".saved")[0]
    room.post("/names", data={"show": "1", "token": token_of(room), "back": "/desk"})
    assert len(page(room, "/desk", q=name).css(".note")) == 1
