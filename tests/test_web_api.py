"""The API: what each endpoint answers, pages by cursor, problems, and what never leaves."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from archives import demo_home, new_archive, shared_archive, write_dump
from conftest import COLLECTION, ROOT
from rooms import open_room, token_of
from selectolax.lexbor import LexborHTMLParser
from starlette.routing import Route
from starlette.testclient import TestClient

from reftel.errors import ReftelError
from reftel.exports import cite
from reftel.exports.record import MEANINGS
from reftel.exports.statements import NAMES
from reftel.model import Cable
from reftel.positions.rows import describe_ledger
from reftel.web.api.document import COMMON, ERRORS, make_document
from reftel.web.api.endpoints import ENDPOINTS, PREFIX, Endpoint
from reftel.web.app import ROUTES
from reftel.web.rules import SAFE, is_read_only

LISTS = [
    ("search?query=*", "hits", "address"),
    ("search?query=kallaste&sort=-date", "hits", "address"),
    ("statements?query=said-by:minister", "statements", None),
    ("statements?query=about:pipeline&sort=date", "statements", None),
    ("cables/08TALLINN402/statements", "statements", "ordinal"),
    ("people", "people", None),
    ("people?query=from:tallinn", "people", None),
    ("cables/08TALLINN96/references", "incoming", "address"),
    ("coverage", "posts", "name"),
]


@pytest.fixture(scope="module")
def room() -> Iterator[TestClient]:
    with open_room(demo_home()) as client:
        yield client


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """An archive with two cables of one id, a file that could not be read, and a source that is to be protected."""
    folder = tmp_path_factory.mktemp("secret-folder")
    write_dump(folder / "in" / "a.txt", 1, words="Osk Tamm (strictly protect) told Poloff that the ferry would sink.")
    write_dump(folder / "in" / "b.txt", 1, text=5, words="The bridge fell.")
    third = write_dump(folder / "in" / "c.txt", 2, words="Tamm said that he had seen nothing. Ref 09LISBON3 tells it.")
    third.write_text(
        third.read_text("utf-8")
        .replace("PREL, PO", "PREL, (TAMM, OSK)")
        .replace("TELEGRAM NUMBER 2", "OSK TAMM'S FERRY")
    )
    (folder / "in" / "bad.txt").write_text("milk\neggs\n")
    with new_archive(folder) as archive:
        archive.add(folder / "in", workers=0)
    with open_room(folder / "archive") as client:
        yield client


def plain(value: object) -> Any:
    """A record as it comes out of JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))


def ask(room: TestClient, path: str, status: int = 200) -> Any:
    answer = room.get(f"{PREFIX}/{path}")
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == ("application/json" if status == 200 else "application/problem+json")
    return answer.json()


# ---- the endpoints


def test_search_finds_what_the_archive_finds(room: TestClient) -> None:
    told = ask(room, "search?query=kallaste+pipeline&sort=date&limit=3&facets=year,month,tag")
    held = shared_archive().search(
        "kallaste pipeline", sort="date", limit=3, facets=("year", "month", "tag"), masked=True
    )
    assert told["total"] == held.total
    assert told["hits"] == plain(held.hits)
    assert told["facets"] == {
        name: [{"value": value, "cables": cables} for value, cables in spread] for name, spread in held.facets.items()
    }


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("search?query=the&date_from=2008-02&date_to=2008-12-18", "(the) date:2008-02-01..2008-12-18"),
        ("search?query=the+OR+kallaste&date_from=2009", "(the OR kallaste) date:2009.."),
        ("search?query=-the&date_to=2007", "-the date:..2007"),
    ],
)
def test_dates_narrow_a_search(room: TestClient, asked: str, same: str) -> None:
    assert ask(room, asked)["total"] == shared_archive().count(same) > 0


def test_dates_narrow_statements_by_the_day_they_were_made(room: TestClient) -> None:
    told = ask(room, "statements?query=said-by:kallaste+about:pipeline&date_from=2008-09&date_to=2008-09&limit=100")
    assert told["total"] == shared_archive().count_said("said-by:kallaste about:pipeline said:2008-09") > 0
    assert {(one["said"] or one["date"])[:7] for one in told["statements"]} == {"2008-09"}


@pytest.mark.parametrize("of", ["cables", "statements"])
def test_explain_counts_each_part(room: TestClient, of: str) -> None:
    told = ask(room, f"explain?query=said-by:kallaste+pipeline&of={of}")
    archive = shared_archive()
    parts = archive.explain(told["query"]) if of == "cables" else archive.explain_said(told["query"])
    total = archive.count(told["query"]) if of == "cables" else archive.count_said(told["query"])
    assert (told["parts"], told["total"]) == (plain(parts), total)


def test_a_cable_is_its_record_without_the_text(room: TestClient) -> None:
    told = ask(room, "cables/08TALLINN402")
    assert [*told] == [name for name in MEANINGS if name != "text"]
    whole = ask(room, "cables/08TALLINN402?text=true")
    cable = msgspec.convert(whole, Cable)
    held = shared_archive().get("08TALLINN402")
    assert (cable.text, cable.paragraphs, cable.segments) == (held.text, held.paragraphs, held.segments)


@pytest.mark.parametrize(
    ("parts", "keys"), [("subject,from", ["from", "subject"]), ("id", ["id"]), ("text", ["text"]), ("id&text=true", ["id", "text"])]
)  # fmt: skip
def test_only_some_parts_of_a_record(room: TestClient, parts: str, keys: list[str]) -> None:
    assert [*ask(room, f"cables/08TALLINN402?parts={parts}")] == keys


@pytest.mark.parametrize("form", ["08TALLINN402", "08 Tallinn 402", "08tallinn00402", "#7", "_7"])
def test_a_cable_is_found_by_any_form_of_its_id(room: TestClient, form: str) -> None:
    found = ask(room, f"cables/{quote(form)}")["id"]
    assert found == shared_archive().find(form.replace("_", "#"))[0].id


def test_paragraphs_have_their_text_and_place(room: TestClient) -> None:
    told = ask(room, "cables/08TALLINN402/paragraphs")
    cable = shared_archive().get("08TALLINN402")
    assert [one["number"] for one in told["paragraphs"]] == [one.number for one in cable.paragraphs]
    for one in told["paragraphs"]:
        printed = " ".join(cable.text[start:end] for start, end in one["spans"])
        assert one["text"].split() == printed.split()
    assert told["paragraphs"][0]["role"] == ["summary"]


def test_statements_are_rows_that_can_be_verified(room: TestClient, tmp_path: Path) -> None:
    told = ask(room, "statements?query=said-by:kallaste&limit=30")["statements"]
    assert [*told[0]] == ["address", "ordinal", *NAMES]
    path = tmp_path / "said.json"
    path.write_bytes(msgspec.json.encode(told))
    checked = list(shared_archive().verify(path))
    assert len(checked) == len(told) == 30
    assert {one.verdict for one in checked} == {"holds"}


def test_statements_of_a_cable_are_all_of_them_in_order(room: TestClient) -> None:
    told = ask(room, "cables/08TALLINN402/statements?limit=500")
    [named] = shared_archive().find("08TALLINN402")
    findings = shared_archive().findings(named)
    assert findings is not None and told["extracted"]
    assert [one["ordinal"] for one in told["statements"]] == [*range(len(findings.statements))]
    assert {one["voice"] for one in told["statements"]} == {"reported", "drafter"}


def test_positions_are_the_ledger_of_the_archive(room: TestClient) -> None:
    told = ask(room, "positions?who=Kallaste&other=Wekulo&about=pipeline&date_from=2008&date_to=2008-12")
    assert [one["who"] for one in told["ledgers"]] == ["Kallaste", "Wekulo"]
    assert {occasion["date"][:4] for ledger in told["ledgers"] for occasion in ledger["occasions"]} == {"2008"}
    whole = ask(room, "positions?who=Kallaste&about=pipeline&wide=true")["ledgers"][0]
    held = describe_ledger(shared_archive().position("Kallaste", "pipeline", wide=True, masked=True))
    assert whole == plain(held)


def test_people_and_who_they_are(room: TestClient) -> None:
    first = ask(room, "people?limit=1")["people"][0]
    held = shared_archive().people(masked=True)
    assert first == plain(held[0])
    told = ask(room, f"people/who?name={quote(first['name'])}")
    assert told["profile"]["person"] == first and told["candidates"][0] == first


def test_references_are_followed_both_ways(room: TestClient) -> None:
    told = ask(room, "cables/08TALLINN561/references")
    assert [(one["reference"]["label"], one["held"]) for one in told["outgoing"]] == [
        ("A", ["08TALLINN402"]), ("B", []), ("C", []), ("D", []),
    ]  # fmt: skip
    for citing in told["incoming"]:
        outgoing = ask(room, f"cables/{citing['address']}/references")["outgoing"]
        assert "08TALLINN561" in [one["reference"]["target"] for one in outgoing]
        assert citing["subject"] == ask(room, f"cables/{citing['address']}")["subject"]


@pytest.mark.parametrize(("asked", "style", "number"), [("", "chicago", None), ("?style=ris", "ris", None), ("?style=csl&paragraph=3", "csl", 3)])  # fmt: skip
def test_a_citation_is_the_one_of_the_command_line(
    room: TestClient, asked: str, style: str, number: int | None
) -> None:
    cable = shared_archive().get("08TALLINN402")
    short = msgspec.structs.replace(cable, source=msgspec.structs.replace(cable.source, locator="08TALLINN402.txt"))
    assert ask(room, f"cables/08TALLINN402/citation{asked}")["citation"] == cite(short, style, number)


def test_coverage_is_what_the_archive_holds(room: TestClient) -> None:
    held = shared_archive().holdings()
    told = ask(room, "coverage?by=month&limit=500")
    assert told["posts"] == plain(held.posts)
    assert (told["total"], told["cables"], told["first"]) == (len(held.posts), held.cables, held.first)
    [tallinn] = ask(room, "coverage?post=amembassy%20tallinn")["posts"]
    [same] = [one for one in told["posts"] if one["name"] == tallinn["name"]]
    assert tallinn["years"] == [year | {"months": []} for year in same["years"]]


def test_status_counts_what_is_inside(room: TestClient) -> None:
    told = ask(room, "status")
    assert (told["status"]["cables"], told["status"]["sources"], told["left"]) == (50, 57, 0)
    assert told["status"]["outcomes"] == {"added": 50, "partial": 7}
    assert told["being_written"] is False


# ---- pages


@pytest.mark.parametrize(("path", "items", "key"), LISTS)
def test_paging_gives_each_hit_once_and_the_total_is_exact(
    room: TestClient, path: str, items: str, key: str | None
) -> None:
    joint = "&" if "?" in path else "?"
    whole = ask(room, f"{path}{joint}limit=500")
    assert whole["next"] is None
    paged: list[Any] = []
    limit = max(1, whole["total"] // 5)
    page = ask(room, f"{path}{joint}limit={limit}")
    while True:
        assert (page["total"], page["changed"]) == (whole["total"], False)
        paged += page[items]
        if page["next"] is None:
            break
        page = ask(room, f"{path}{joint}limit={limit}&cursor={page['next']}")
    assert len(paged) == whole["total"] or whole["total"] > 500
    assert paged[:500] == whole[items]
    if key is not None:
        assert len({one[key] for one in paged}) == len(paged)


@pytest.mark.parametrize(
    "other",
    [
        "search?query=minister&limit=2&cursor={}",
        "search?query=kallaste&sort=date&limit=2&cursor={}",
        "search?query=kallaste&date_from=2008&cursor={}",
        "search?query=kallaste&facets=year&cursor={}",
        "statements?query=kallaste&cursor={}",
        "people?query=kallaste&cursor={}",
    ],
)
def test_a_cursor_of_another_list_is_refused(room: TestClient, other: str) -> None:
    cursor = ask(room, "search?query=kallaste&limit=2")["next"]
    ask(room, f"search?query=kallaste&limit=3&cursor={cursor}")
    problem = ask(room, other.format(cursor), 400)
    assert (problem["code"], "leave the cursor out" in problem["remedy"]) == ("cursor", True)


def test_beyond_the_last_page_there_is_nothing(room: TestClient) -> None:
    for path, items, _ in LISTS:
        joint = "&" if "?" in path else "?"
        cursor = ask(room, f"{path}{joint}limit=1")["next"]
        far = urlsafe_b64encode(b"\xff" * 4 + urlsafe_b64decode(f"{cursor}=")[4:]).decode().rstrip("=")
        page = ask(room, f"{path}{joint}limit=500&cursor={far}")
        assert (page[items], page["next"], page["total"] > 0) == ([], None, True)


def test_a_page_says_that_the_archive_has_changed_since_the_first(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        for number in (1, 2, 3):
            archive.add(write_dump(tmp_path / f"{number}.txt", number), workers=0)
        with open_room(tmp_path / "archive") as room:
            first = ask(room, "search?query=*&sort=date&limit=1")
            archive.add(write_dump(tmp_path / "4.txt", 4), workers=0)
            second = ask(room, f"search?query=*&sort=date&limit=1&cursor={first['next']}")
            third = ask(room, f"search?query=*&sort=date&limit=1&cursor={second['next']}")
            again = ask(room, "search?query=*&sort=date&limit=1")
    assert [page["changed"] for page in (first, second, third, again)] == [False, True, True, False]
    assert [page["total"] for page in (first, second)] == [3, 4]


# ---- problems


@pytest.mark.parametrize(
    ("path", "status", "code", "said"),
    [
        ("search", 400, "parameter", "query=pipeline"),
        ("search?query=", 400, "parameter", "characters"),
        (f"search?query={'a' * 4001}", 400, "parameter", "4,000"),
        ("search?query=a&query=b", 400, "parameter", "once"),
        ("search?query=a&q=b", 400, "parameter", "query, date_from, date_to, sort, facets, limit, cursor"),
        ("search?query=a&limit=0", 400, "parameter", "1 to 500"),
        ("search?query=a&limit=501", 400, "parameter", "1 to 500"),
        ("search?query=a&limit=05", 400, "parameter", "1 to 500"),
        ("search?query=a&limit=%D9%A5", 400, "parameter", "1 to 500"),
        ("search?query=a&sort=size", 400, "parameter", "relevance"),
        ("search?query=a&facets=year,year", 400, "parameter", "once"),
        ("search?query=a&facets=", 400, "parameter", "classification"),
        ("search?query=a&date_from=2008-02-30", 400, "parameter", "2008-12-18"),
        ("search?query=a&date_from=2008%0A", 400, "parameter", "2008-12-18"),
        ("search?query=a&date_from=2009&date_to=2008", 400, "dates", "Exchange"),
        ("search?query=a&cursor=x", 400, "parameter", "next"),
        (f"search?query=a&cursor={'A' * 27}", 400, "cursor", "leave the cursor out"),
        ("search?query=from:(", 400, "query", "/help"),
        ("cables/08TALLINN402?text=1", 400, "parameter", "true or false"),
        ("cables/08TALLINN402?parts=subject,size", 400, "parameter", "transmission"),
        ("cables/08TALLINN402?id=08TALLINN96", 400, "parameter", "text, parts"),
        ("status?verbose=true", 400, "parameter", "takes none"),
        ("cables/09NOWHERE1", 404, "not-found", "/api/v1/search"),
        ("cables/%00", 404, "not-found", "/api/v1/search"),
        ("cables/08TALLINN402/citation?paragraph=99", 404, "not-found", "from 1 to 6"),
        ("people/who?name=Zeppelin", 404, "not-found", "/api/v1/people"),
        ("coverage?post=Atlantis", 404, "not-found", "/api/v1/coverage"),
        ("positions?who=...&about=pipeline", 400, "request", "/api/v1/docs"),
        ("nowhere", 404, "not-found", "/api/v1/docs"),
        ("search/", 404, "not-found", "/api/v1/docs"),
        (f"search?query={'a' * 60_001}", 414, "long-address", "Ask for less"),
    ],
)
def test_a_problem_has_a_code_and_a_remedy(room: TestClient, path: str, status: int, code: str, said: str) -> None:
    problem = ask(room, path, status)
    assert (problem["status"], problem["code"]) == (status, code)
    assert said in problem["remedy"]
    assert problem["detail"]


def test_the_place_of_a_slip_is_told(room: TestClient) -> None:
    assert ask(room, "search?query=kallaste+class:x", 400)["at"] == [15, 16]


def test_several_cables_of_one_id_are_named(guarded: TestClient) -> None:
    problem = ask(guarded, "cables/09LISBON1", 409)
    assert (problem["code"], problem["candidates"]) == ("ambiguous", ["09LISBON1~1", "09LISBON1~2"])
    texts = [ask(guarded, f"cables/{address}?parts=text")["text"] for address in problem["candidates"]]
    assert ("ferry" in texts[0], "bridge" in texts[1]) == (True, True)


def test_other_methods_are_told_which_there_are(room: TestClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = room.request(method, f"{PREFIX}/search?query=a")
        assert (answer.status_code, answer.json()["code"]) == (405, "method")
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
        assert "Allow" in answer.json()["remedy"]


def test_head_and_options_answer_without_a_body(room: TestClient) -> None:
    for path in ("search?query=kallaste", "cables/08TALLINN402", "openapi.json"):
        answer = room.options(f"{PREFIX}/{path}")
        assert (answer.status_code, answer.headers["allow"], answer.text) == (204, "GET, HEAD, OPTIONS", "")
        head, got = room.head(f"{PREFIX}/{path}"), room.get(f"{PREFIX}/{path}")
        assert (head.status_code, head.text) == (200, "")
        assert head.headers["content-type"] == got.headers["content-type"]


def test_a_room_that_is_called_by_another_name_answers_with_a_problem(room: TestClient) -> None:
    answer = room.get(f"{PREFIX}/status", headers={"host": "evil.example"})
    assert (answer.status_code, answer.headers["content-type"]) == (421, "application/problem+json")
    assert (answer.json()["code"], bool(answer.json()["remedy"])) == ("host", True)


def test_nothing_below_the_api_takes_what_is_sent() -> None:
    routes = [route for route in ROUTES if isinstance(route, Route) and is_read_only(route.path)]
    assert len(routes) > len(ENDPOINTS)
    assert {method for route in routes for method in route.methods or ()} <= set(SAFE)


def test_a_mistake_of_ours_is_a_problem_that_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret-folder")

    monkeypatch.setattr("reftel.workbench.Archive.status", fail)
    with open_room(demo_home()) as room:
        room._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
        problem = ask(room, "status", 500)
    assert (problem["code"], "secret" in str(problem), bool(problem["remedy"])) == ("bug", False, True)


# ---- what never leaves


def all_answers(room: TestClient) -> Iterator[tuple[str, str]]:
    """Every endpoint's answer, for every cable and for what is asked of no cable."""
    addresses = [one["address"] for one in ask(room, "search?query=*&limit=500")["hits"]]
    for path in (
        "search?query=*&limit=500&facets=tag,post,carrier", "search?query=ferry", "explain?query=ferry", "statements?query=*&limit=500",
        "statements?query=voice:drafter", "people?limit=500", "coverage?by=month", "status", "openapi.json", "docs", "positions?who=Kallaste&about=pipeline",
        "cables/09NOWHERE1", "people/who?name=Zeppelin", "people/who?name=Tamm", "positions?who=Tamm&about=ferry", "nowhere",
    ):  # fmt: skip
        yield path, room.get(f"{PREFIX}/{path}").text
    for address in addresses:
        for below in ("?text=true", "/paragraphs", "/statements", "/references", *(f"/citation?style={s}" for s in ("chicago", "turabian", "bibtex", "ris", "csl"))):  # fmt: skip
            path = f"cables/{quote(address)}{below}"
            yield path, room.get(f"{PREFIX}/{path}").text


def test_no_answer_tells_a_folder_of_the_server(room: TestClient, guarded: TestClient) -> None:
    folders = [str(demo_home()), demo_home().parent.name, str(COLLECTION), "demo/collection", "collection/", str(ROOT)]
    for path, answer in all_answers(room):
        assert not [folder for folder in folders if folder in answer], path
    for path, answer in all_answers(guarded):
        assert "secret-folder" not in answer and "../" not in answer and "in/" not in answer, path


def test_failures_are_told_by_their_last_name(guarded: TestClient) -> None:
    [failure] = ask(guarded, "status")["status"]["failures"]
    assert (failure["example"], failure["times"]) == ("bad.txt", 1)
    assert "/" not in failure["reason"]


def test_no_answer_tells_a_protected_name(guarded: TestClient) -> None:
    asked = {"people/who?name=Tamm", "positions?who=Tamm&about=ferry"}  # what was typed may be told back
    seen = {path: answer for path, answer in all_answers(guarded) if path not in asked}
    assert any("strictly protect" in answer for answer in seen.values())
    for path, answer in seen.items():
        assert not re.search(r"\bosk\b|tamm", answer, re.IGNORECASE), path
    assert ask(guarded, "search?query=tamm")["total"] == ask(guarded, "statements?query=tamm")["total"] == 0
    assert ask(guarded, "explain?query=tamm")["parts"][0]["count"] == 0
    assert ask(guarded, "people?query=tamm")["total"] == 0
    assert guarded.get("/api/v1/people/who?name=Tamm").status_code == 404  # as of anybody unknown
    (told,), (unknown,) = (ask(guarded, f"positions?who={who}&about=ferry")["ledgers"] for who in ("Tamm", "Zeppelin"))
    assert {**told, "who": ""} == {**unknown, "who": ""}


def test_who_has_the_names_shown_has_them_here_too(guarded: TestClient) -> None:
    asked = "people/who?name=Tamm"
    guarded.post("/names", data={"token": token_of(guarded), "show": "yes"})
    shown = ask(guarded, asked)
    guarded.cookies.clear()
    assert (shown["name"], shown["candidates"][0]["name"]) == ("Tamm", "Osk Tamm")
    assert guarded.get(f"{PREFIX}/{asked}").status_code == 404


# ---- the document and its page


def test_every_endpoint_is_in_the_document_with_its_parameters_and_errors() -> None:
    document = make_document()
    for endpoint in ENDPOINTS:
        told = document["paths"][PREFIX + endpoint.path]["get"]
        assert [one["name"] for one in told["parameters"]] == [one.name for one in endpoint.parameters]
        assert {"200", *map(str, (*COMMON, *endpoint.errors))} == set(told["responses"])
        assert re.findall(r"{(\w+)}", endpoint.path) == [one.name for one in endpoint.parameters if one.place == "path"]
        for parameter in told["parameters"]:
            assert parameter["description"].endswith(".") and parameter["schema"]
    assert {endpoint.name for endpoint in ENDPOINTS} >= {
        "search", "explain", "cable", "paragraphs", "statements", "positions", "people", "references", "citation", "coverage", "status",
    }  # fmt: skip
    assert set(document["components"]["responses"]) == {f"Error{status}" for status in ERRORS}


def test_every_shape_in_the_document_says_what_it_is() -> None:
    shapes = make_document()["components"]["schemas"]
    for name, shape in shapes.items():
        assert shape["description"], name
        assert "prefixItems" not in str(shape), name
    assert shapes["Span"] == {
        "title": "Span", "type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2,
        "description": shapes["Span"]["description"],
    }  # fmt: skip
    assert {name: one["description"] for name, one in shapes["CableRecord"]["properties"].items()} == MEANINGS
    assert shapes["CableRecord"].get("required", []) == []
    assert shapes["Hit"]["properties"]["address"]["description"]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_the_page_has_an_example_of_each_endpoint_that_works(room: TestClient, endpoint: Endpoint) -> None:
    tree = LexborHTMLParser(room.get(f"{PREFIX}/docs").text)
    section = tree.css_first(f"section[aria-labelledby='{endpoint.name}']")
    example = section.css_first("a").attributes["href"]
    assert example and room.get(example).status_code == 200
    assert f"curl 'http://127.0.0.1{example}'" in section.text()
    assert [node.text() for node in section.css("th code")] == [one.name for one in endpoint.parameters]


def test_the_probes_tell_whether_the_archive_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise ReftelError("archive.sqlite is damaged.")

    with open_room(demo_home()) as room:
        assert (room.get("/healthz").text, room.get("/readyz").text) == ("ok\n", "ready\n")
        monkeypatch.setattr("reftel.workbench.Archive.__len__", fail)
        answer = room.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready\n")
