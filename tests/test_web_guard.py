"""Who may come into the reading room, what he may do there, and what is written down of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from archives import demo_home
from argon2 import PasswordHasher
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from rooms import open_room, token_of
from selectolax.lexbor import LexborHTMLParser
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

from reftel.archive.accounts import EDITOR, KEEPER, READER, ROLES, Accounts, LogLine
from reftel.archive.passwords import hash_password
from reftel.errors import ReftelError
from reftel.web import Settings, make_app
from reftel.web.app import ROUTES
from reftel.web.forms import check_token
from reftel.web.limits import Failures, Rate, network_of
from reftel.web.places import own_path
from reftel.web.problems import ForbiddenError
from reftel.web.rules import RULES, SAFE, find_rule, is_open
from reftel.web.sessions import IDLE, LONGEST
from reftel.web.settings import is_loopback

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
USERS = {"rita": READER, "edith": EDITOR, "karl": KEEPER}
PASSWORD = "amber link and ferry"
AT = "2026-03-01T10:00:00Z"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_772_359_200.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a user of each role; not to be written to."""
    folder = tmp_path_factory.mktemp("guarded") / "archive"
    shutil.copytree(demo_home(), folder)
    secrets = {name: hash_password(name, PASSWORD, CHEAP) for name in USERS}
    for name, role in USERS.items():
        Accounts(folder).add_user(name, role, secrets[name], AT)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """The same, to be written to."""
    return Path(shutil.copytree(template, tmp_path / "archive"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


def visit(folder: Path, clock: Clock, *, address: str = "192.0.2.7", **settings: object) -> TestClient:
    """A browser that nobody has logged in with, in a room that others can reach."""
    whole = Settings(folder, **{"hosts": ("room.test",), **settings})  # type: ignore[arg-type]
    app = make_app(whole, hasher=CHEAP, clock=clock)
    return TestClient(app, base_url="https://room.test", client=(address, 50000), follow_redirects=False)


@pytest.fixture
def browser(folder: Path, clock: Clock) -> TestClient:
    return visit(folder, clock)


def log_in(browser: TestClient, name: str, password: str = PASSWORD, **fields: str) -> int:
    """The status of the answer; 303 if it was right."""
    form = {"name": name, "password": password, "token": token_of(browser, "/login"), **fields}
    return browser.post("/login", data=form).status_code


def routes(found: Iterable[BaseRoute], above: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route of the application, with something in the place of each parameter."""
    for route in found:
        if isinstance(route, Mount):
            yield from routes(route.routes, above + route.path) if route.routes else [("GET", above + route.path + "/")]
        else:
            assert isinstance(route, Route), f"the tests do not know what {route} is"
            path = re.sub(r"\{form(:\w+)?\}", "json", above + route.path)
            for method in sorted(route.methods or ()):
                yield method, re.sub(r"\{\w+(:\w+)?\}", "1", path)


EVERY = sorted(set(routes(ROUTES)))
UNSAFE = [(method, path) for method, path in EVERY if method not in SAFE]
GETS = [path for method, path in EVERY if method == "GET"]


# --- who may what: all routes there are


@pytest.mark.parametrize(("method", "path"), UNSAFE)
def test_what_changes_something_has_a_rule(method: str, path: str) -> None:
    assert find_rule(path) is not None, f"{path} needs a row in reftel.web.rules.RULES"


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_without_a_login_there_is_nothing_but_the_login(template: Path, method: str, path: str) -> None:
    browser = visit(template, Clock())
    page = browser.request(method, path, headers={"accept": "text/html"})
    data = browser.request(method, path, headers={"accept": "application/json"})
    if is_open(path):
        assert page.status_code not in (303, 401)
    elif "." in path or (path.startswith("/api/") and path != "/api/v1/docs"):
        assert (page.status_code, page.headers["www-authenticate"]) == (401, 'Bearer realm="reftel"')
    else:
        assert page.status_code == 303
        assert page.headers["location"].startswith("/login")
        assert (data.status_code, data.headers["content-type"]) == (401, "application/problem+json")


@pytest.mark.parametrize(("method", "path"), UNSAFE)
def test_a_role_below_the_rule_is_refused(folder: Path, clock: Clock, method: str, path: str) -> None:
    rule = find_rule(path)
    assert rule is not None
    for name, role in USERS.items():
        browser = visit(folder, clock)
        assert log_in(browser, name) == 303
        token = token_of(browser)
        answer = browser.request(method, path, headers={"x-reftel-token": token})
        may = not rule.role or list(ROLES).index(role) >= list(ROLES).index(rule.role)
        assert (answer.status_code != 403) is may, (name, answer.text)


FORGED: list[tuple[str, dict[str, str]]] = [
    ("no token", {}),
    ("another's token", {"x-reftel-token": "0" * 40}),
    ("the page of another site", {"origin": "https://evil.test"}),
    ("another port", {"origin": "https://room.test:8443"}),
    ("a page without origin", {"origin": "null"}),
    ("another site, by the browser's word", {"sec-fetch-site": "cross-site"}),
    ("a neighbour, by the browser's word", {"sec-fetch-site": "same-site"}),
]


@pytest.mark.parametrize("headers", [pytest.param(headers, id=name) for name, headers in FORGED])
@pytest.mark.parametrize(("method", "path"), UNSAFE)
def test_a_forged_form_is_refused(template: Path, method: str, path: str, headers: dict[str, str]) -> None:
    """Also where nobody logs in, and everything is allowed."""
    with open_room(template) as browser:
        token = token_of(browser)
        is_foreign = bool(headers) and "x-reftel-token" not in headers
        if not is_foreign and method != "POST":
            return  # a browser asks before it sends this elsewhere, and is told no
        right = {"x-reftel-token": token} if is_foreign else {}
        answer = browser.request(method, path, headers=right | headers)
        assert answer.status_code == 403
        assert "out of date" in answer.text or "another site" in answer.text


@pytest.mark.parametrize("path", GETS)
def test_no_answer_names_a_path_of_the_machine(template: Path, path: str) -> None:
    with open_room(template) as room:
        text = room.get(path).text
    assert str(template.parent) not in text
    assert str(ROOT) not in text


@pytest.mark.parametrize("path", GETS)
def test_every_page_is_sealed(template: Path, path: str) -> None:
    with open_room(template) as room:
        answer = room.get(path)
    rules = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"], rules["frame-ancestors"]) == ("'self'", "'self'", "'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.headers["content-type"].startswith("text/html"):
        tree = LexborHTMLParser(answer.text)
        assert not [node for node in tree.css("script") if not node.attributes.get("src")]
        assert not tree.css("style, iframe, object, embed, base")
        named = {name for node in tree.css("*") for name in node.attributes}
        assert not {name for name in named if name == "style" or name.startswith("on")}


# --- forms


def test_a_form_is_taken_with_the_token_of_its_page(template: Path) -> None:
    with open_room(template) as browser:
        token = token_of(browser)
        back = {"back": "/search?q=a"}
        for headers, form in (
            ({}, {"token": token}),
            ({"x-reftel-token": token}, {}),
            ({"origin": "http://127.0.0.1"}, {"token": token}),
        ):
            answer = browser.post(
                "/theme", data=form | back | {"theme": "dark"}, headers=headers, follow_redirects=False
            )
            assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=a")
            assert answer.headers["set-cookie"].startswith("theme=dark; HttpOnly;")
        assert 'data-theme="dark"' in browser.get("/nowhere", headers={"accept": "text/html"}).text


def test_the_token_of_a_form_tells_nothing_of_the_cookie(template: Path) -> None:
    with open_room(template) as browser:
        page = browser.get("/nowhere", headers={"accept": "text/html"}).text
        assert browser.cookies["reftel"] not in page


def test_only_pages_give_cookies(template: Path) -> None:
    """What is kept by caches must not carry one."""
    with open_room(template) as browser:
        for path in ("/healthz", "/search.json?q=a", "/static/1/reftel.css"):
            assert "set-cookie" not in browser.get(path).headers


def test_a_form_of_another_site_takes_no_cookie_away(template: Path) -> None:
    """A browser sends it without the cookie, and would keep what it is given."""
    answer = open_room(template).post("/theme", headers={"accept": "text/html", "origin": "https://evil.test"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_program_on_this_machine_needs_no_form(template: Path) -> None:
    """What a browser would have to ask for before it sends it cannot be forged."""
    with open_room(template) as room:
        assert room.put("/theme").status_code == 405
        assert room.post("/theme", json={}, follow_redirects=False).status_code == 303
        assert room.post("/theme", content=b"{}", headers={"content-type": "text/plain"}).status_code == 403
        assert room.post("/theme", content=b"").status_code == 403
        header = {"authorization": "Bearer reftel_abc"}
        assert room.post("/theme", headers=header, follow_redirects=False).status_code == 303
        assert room.post("/theme", json={}, headers={"origin": "http://evil.test"}).status_code == 403


def test_elsewhere_a_program_needs_the_token_of_its_session(browser: TestClient) -> None:
    log_in(browser, "rita")
    assert browser.post("/theme", json={}).status_code == 403
    assert browser.post("/theme", json={}, headers={"x-reftel-token": token_of(browser)}).status_code == 303


def form_of(*fields: tuple[str, str]) -> bytes:
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    return ("".join(parts) + "--x--\r\n").encode()


class Body:
    """What a client sends, piece by piece; it counts what was asked for."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces, self.taken = list(pieces), 0

    async def __call__(self) -> Message:
        self.taken += 1
        more = self.taken < len(self.pieces)
        return {"type": "http.request", "body": self.pieces[self.taken - 1], "more_body": more}


def upload(pieces: Iterable[bytes]) -> tuple[Request, Body]:
    body = Body(pieces)
    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers}), body


@pytest.mark.anyio
@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_of_an_upload_only_the_first_field_is_waited_for(size: int) -> None:
    sent = form_of(("token", "right"), ("file", "y" * 20_000))
    pieces = [sent[i : i + size] for i in range(0, len(sent), size)]
    request, body = upload(pieces)
    receive = await check_token(request, body, "right")
    assert body.taken * size < 200 + size
    handed = [await receive() for _ in pieces]
    assert b"".join(message["body"] for message in handed) == sent


@pytest.mark.anyio
@pytest.mark.parametrize(
    "sent",
    [
        form_of(("token", "wrong")),
        form_of(("file", "y"), ("token", "right")),
        form_of(("file", "y" * 20_000), ("token", "right")),
        form_of(("mytoken", "right")),
        b"",
        b"--x",
    ],
)
async def test_an_upload_without_the_token_in_front_is_refused(sent: bytes) -> None:
    request, body = upload([sent[i : i + 100] for i in range(0, len(sent), 100)] or [b""])
    with pytest.raises(ForbiddenError):
        await check_token(request, body, "right")
    assert body.taken <= 42


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("announced", [True, False])
def test_a_form_is_at_most_a_megabyte(template: Path, announced: bool) -> None:
    with open_room(template) as browser:
        token = token_of(browser)
        body = b"theme=dark&back=" + b"x" * 1_100_000
        sent = body if announced else iter([body[i : i + 50_000] for i in range(0, len(body), 50_000)])
        headers = {"content-type": "application/x-www-form-urlencoded", "x-reftel-token": token}
        answer = browser.post("/theme", content=sent, headers=headers)
        assert answer.status_code == 413
        assert "1,048,576 bytes" in answer.text


def test_what_is_read_whole_is_bounded_where_uploads_are_not(template: Path) -> None:
    with open_room(template) as browser:
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            headers = {"content-type": kind, "x-reftel-token": token_of(browser)}
            assert browser.post("/status/files", content=b"x" * 1_100_000, headers=headers).status_code == 413


def test_a_form_of_very_many_fields_is_refused(template: Path) -> None:
    with open_room(template) as browser:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        assert browser.post("/theme", content=b"a=b&" * 2000, headers=headers).status_code == 400


# --- the login


def test_a_login_leads_to_the_page_that_was_asked_for(browser: TestClient) -> None:
    asked = browser.get("/search?q=kallaste&sort=date", headers={"accept": "text/html"})
    assert asked.headers["location"] == "/login?next=/search%3Fq%3Dkallaste%26sort%3Ddate"
    after = (
        LexborHTMLParser(browser.get(asked.headers["location"]).text).css_first("input[name=next]").attributes["value"]
    )
    form = {"name": " RITA ", "password": PASSWORD, "next": after, "token": token_of(browser, "/login")}
    answer = browser.post("/login", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=kallaste&sort=date")
    assert browser.get("/search?q=kallaste").status_code == 200
    assert browser.get("/login?next=/search%3Fq%3Da").headers["location"] == "/search?q=a"


@pytest.mark.parametrize(("name", "password"), [("rita", "wrong"), ("nobody", PASSWORD), ("", ""), ("a b", PASSWORD)])
def test_a_wrong_login_does_not_say_what_was_wrong(browser: TestClient, name: str, password: str) -> None:
    form = {"name": name, "password": password, "token": token_of(browser, "/login")}
    answer = browser.post("/login", data=form)
    assert answer.status_code == 403
    assert "Name or password is wrong." in answer.text
    assert password not in answer.text.replace("is wrong", "") or not password
    assert browser.get("/search", headers={"accept": "text/html"}).status_code == 303


def test_a_login_takes_the_same_hash_for_who_is_there_and_who_is_not(folder: Path) -> None:
    hashes: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            hashes.append(str(hash))
            return bool(super().verify(hash, password))

    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    app = make_app(Settings(folder, hosts=("room.test",)), hasher=hasher)
    browser = TestClient(app, base_url="https://room.test", follow_redirects=False)
    for name in ("rita", "nobody", "a b"):
        assert log_in(browser, name, "wrong password") == 403
    assert len(hashes) == 3
    assert len({one.rpartition("$")[0].rpartition("$")[0] for one in hashes}) == 1


def test_a_login_gives_another_cookie(browser: TestClient) -> None:
    token_of(browser, "/login")
    before = browser.cookies["__Host-reftel"]
    assert log_in(browser, "rita") == 303
    after = browser.cookies["__Host-reftel"]
    assert after != before
    browser.cookies.clear()
    browser.cookies.set("__Host-reftel", before, domain="room.test")
    assert browser.get("/search", headers={"accept": "text/html"}).status_code == 303


@pytest.mark.parametrize(("scheme", "name", "secure"), [("https", "__Host-reftel", True), ("http", "reftel", False)])
def test_the_cookie_is_for_this_room_alone(folder: Path, clock: Clock, scheme: str, name: str, secure: bool) -> None:
    browser = visit(folder, clock)
    browser.base_url = f"{scheme}://room.test"
    form = {"name": "rita", "password": PASSWORD, "token": token_of(browser, "/login")}
    said = browser.post("/login", data=form).headers["set-cookie"]
    value, *attributes = said.split("; ")
    assert re.fullmatch(rf"{name}=[\w-]{{43}}", value)
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Lax"} | ({"Secure"} if secure else set())


def test_no_secret_is_kept(browser: TestClient, folder: Path) -> None:
    assert log_in(browser, "rita") == 303
    kept = (folder / "accounts.sqlite").read_bytes()
    assert browser.cookies["__Host-reftel"].encode() not in kept
    assert PASSWORD.encode() not in kept


@pytest.mark.parametrize(
    ("next", "after"),
    [
        ("/search?q=a", "/search?q=a"),
        ("//evil.test/", "/"),
        ("/\\evil.test", "/"),
        ("/\t/evil.test", "/"),
        ("https://evil.test/", "/"),
        ("javascript:alert(1)", "/"),
        ("search", "/"),
        ("", "/"),
        ("/" + "a" * 5000, "/"),
    ],
)
def test_a_login_leads_to_no_other_place(browser: TestClient, next: str, after: str) -> None:
    form = {"name": "rita", "password": PASSWORD, "next": next, "token": token_of(browser, "/login")}
    assert browser.post("/login", data=form).headers["location"] == after
    assert browser.get("/login", params={"next": next}).headers["location"] == after


@given(st.text(max_size=30) | st.text(max_size=30, alphabet="/\\.:@ \t\n\u2028ex"))
def test_no_text_is_a_way_out(text: str) -> None:
    found = own_path(text)
    assert found == "/" or (found == text and re.match(r"/(?![/\\])", found) and found.isprintable())


# --- how sessions end


def is_in(browser: TestClient) -> bool:
    return browser.get("/search", headers={"accept": "text/html"}).status_code == 200


def test_a_session_ends_when_it_is_not_used(browser: TestClient, clock: Clock) -> None:
    log_in(browser, "rita")
    for _ in range(4):
        clock.now += IDLE - 1
        assert is_in(browser)
    clock.now += IDLE + 1
    assert not is_in(browser)


def test_a_session_ends_after_a_week_however_much_it_is_used(browser: TestClient, clock: Clock) -> None:
    log_in(browser, "rita")
    begun = clock.now
    while clock.now + IDLE / 2 < begun + LONGEST:
        clock.now += IDLE / 2
        assert is_in(browser)
    clock.now = begun + LONGEST + 1
    assert not is_in(browser)


def test_a_logout_ends_the_session_for_good(browser: TestClient) -> None:
    log_in(browser, "rita")
    cookie = browser.cookies["__Host-reftel"]
    assert browser.post("/logout", data={"token": token_of(browser)}).status_code == 303
    browser.cookies.set("__Host-reftel", cookie, domain="room.test")
    assert not is_in(browser)


def test_a_running_room_follows_at_once(browser: TestClient, folder: Path) -> None:
    accounts = Accounts(folder)
    log_in(browser, "karl")
    browser.post("/names", data={"token": token_of(browser), "show": "yes"})
    assert "are shown" in browser.get("/search?q=a").text
    accounts.give_role("karl", READER, AT)
    assert browser.get("/names").status_code == 403
    assert "are shown" not in browser.get("/search?q=a").text
    accounts.give_role("karl", KEEPER, AT)
    assert "are shown" not in browser.get("/search?q=a").text
    accounts.change_password("karl", hash_password("karl", "another password", CHEAP), AT)
    assert not is_in(browser)
    assert log_in(browser, "karl", "another password") == 303
    accounts.drop_user("karl", AT)
    assert not is_in(browser)
    assert log_in(browser, "karl", "another password") == 403


def test_a_hash_of_another_cost_is_renewed_at_the_login(folder: Path) -> None:
    accounts = Accounts(folder)
    before = accounts.secret("rita")
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    app = make_app(Settings(folder, hosts=("room.test",)), hasher=dearer)
    browser = TestClient(app, base_url="https://room.test", follow_redirects=False)
    assert log_in(browser, "rita", "wrong password") == 403
    assert accounts.secret("rita") == before
    assert log_in(browser, "rita") == 303
    assert "m=16,t=2" in (accounts.secret("rita") or "")
    assert log_in(TestClient(app, base_url="https://room.test", follow_redirects=False), "rita") == 303


# --- programs


def test_a_token_is_a_login_without_forms(folder: Path, clock: Clock) -> None:
    accounts = Accounts(folder)
    accounts.add_token("rita", "reftel_abc", AT)
    program = visit(folder, clock)
    header = {"authorization": "Bearer reftel_abc"}
    assert program.get("/search.json?q=kallaste", headers=header).json()["total"] > 0
    assert program.post("/theme", headers=header).status_code == 303
    assert program.post("/names", headers=header).status_code == 403
    assert program.post("/theme", headers=header | {"origin": "https://evil.test"}).status_code == 403
    for bad in ("Bearer reftel_abd", "Bearer ", "Basic cml0YTp4"):
        answer = program.get("/search.json?q=kallaste", headers={"authorization": bad})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="reftel"')
    accounts.drop_tokens("rita", AT)
    assert program.get("/search.json?q=kallaste", headers=header).status_code == 401


def test_the_api_answers_a_token_and_tells_others_to_log_in(folder: Path, clock: Clock) -> None:
    Accounts(folder).add_token("rita", "reftel_abc", AT)
    program = visit(folder, clock)
    asked = "/api/v1/search?query=kallaste"
    refused = program.get(asked)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="reftel"')
    assert (refused.headers["content-type"], refused.json()["code"]) == ("application/problem+json", "login")
    assert "reftel user token" in refused.json()["remedy"]
    assert program.get(asked, headers={"authorization": "Bearer reftel_abc"}).json()["total"] > 0
    assert program.post(asked, headers={"authorization": "Bearer reftel_abc"}).status_code == 405
    assert program.get("/api/v1/docs").headers["location"] == "/login?next=/api/v1/docs"


def test_a_token_never_shows_protected_names(folder: Path, clock: Clock) -> None:
    Accounts(folder).add_token("karl", "reftel_abc", AT)
    program = visit(folder, clock)
    header = {"authorization": "Bearer reftel_abc"}
    assert program.post("/names", data={"show": "yes"}, headers=header).status_code == 303
    masked = open_room(folder).get("/statements.jsonl?q=*").text
    assert program.get("/statements.jsonl?q=*", headers=header).text == masked


# --- protected names, and the log


def lines(folder: Path) -> list[LogLine]:
    return [line for line in Accounts(folder).lines() if line.what != "user added"]


def test_only_a_keeper_sees_protected_names(folder: Path, clock: Clock) -> None:
    for name in ("rita", "edith"):
        browser = visit(folder, clock)
        log_in(browser, name)
        assert browser.get("/names").status_code == 403
        assert "/names" not in browser.get("/search?q=a").text
        assert browser.post("/names", data={"token": token_of(browser), "show": "yes"}).status_code == 403
        assert "are shown" not in browser.get("/search?q=a").text
    assert {line.what for line in lines(folder)} == {"login"}


@pytest.mark.parametrize("local", [True, False])
def test_names_that_are_shown_are_in_the_log(folder: Path, clock: Clock, local: bool) -> None:
    browser = open_room(folder) if local else visit(folder, clock)
    if not local:
        log_in(browser, "karl")
    masked = browser.get("/statements.jsonl?q=*").text
    assert "/names?back=" in browser.get("/search?q=a", headers={"accept": "text/html"}).text
    form = {"token": token_of(browser, "/names?back=/search"), "show": "yes", "back": "/search?q=a"}
    assert browser.post("/names", data=form, follow_redirects=False).headers["location"] == "/search?q=a"
    page = browser.get("/search?q=a").text
    assert "Names that drafters asked to protect are shown" in page
    shown = browser.get("/statements.jsonl?q=*").text
    assert shown != masked
    browser.get("/static/1/reftel.css")
    browser.get("/search.json?q=(")
    browser.post("/names", data={"token": form["token"]})
    assert browser.get("/statements.jsonl?q=*").text == masked
    who, address = ("local", "testclient") if local else ("karl", "192.0.2.7")
    assert [(line.who, line.what, line.detail) for line in lines(folder) if line.what != "login"] == [
        (who, "names shown", address),
        (who, "export with names", "/statements.jsonl?q=*"),
        (who, "names hidden", address),
    ]


def test_names_are_not_shown_where_the_log_cannot_be_written(folder: Path) -> None:
    room = open_room(folder)
    token = token_of(room)
    (folder / "accounts.sqlite").write_bytes(b"no database at all" * 100)
    answer = room.post("/names", data={"token": token, "show": "yes"}, headers={"accept": "text/html"})
    assert answer.status_code >= 400
    assert str(folder) not in answer.text
    assert "are shown" not in room.get("/search?q=a").text


def test_names_shown_to_one_browser_are_not_shown_to_another(folder: Path) -> None:
    app = make_app(Settings(folder))
    one, other = (TestClient(app, base_url="http://127.0.0.1") for _ in range(2))
    one.post("/names", data={"token": token_of(one), "show": "yes"})
    token_of(other)
    assert "are shown" in one.get("/search?q=a").text
    assert "are shown" not in other.get("/search?q=a").text


def test_the_log_tells_who_came_and_who_failed_to(browser: TestClient, folder: Path) -> None:
    log_in(browser, "rita", "wrong password")
    log_in(browser, "my secret password", "rita")
    log_in(browser, "rita")
    browser.post("/logout", data={"token": token_of(browser)})
    assert [line[1:] for line in lines(folder)] == [
        ("rita", "failed login", "192.0.2.7"),
        ("", "failed login", "192.0.2.7"),
        ("rita", "login", "192.0.2.7"),
        ("rita", "logout", "192.0.2.7"),
    ]


# --- names of the room, and ways to it


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:9000", 200),
        ("LOCALHOST", 200),
        ("[::1]:8087", 200),
        ("evil.test", 421),
        ("", 421),
    ],
)
def test_a_room_answers_to_its_own_names(template: Path, host: str, status: int) -> None:
    assert open_room(template).get("/healthz", headers={"host": host}).status_code == status


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-proto"])
def test_what_comes_through_a_proxy_needs_a_login(template: Path, header: str) -> None:
    answer = open_room(template).get("/healthz", headers={header: "192.0.2.7"})
    assert answer.status_code == 403
    assert "reftel serve --proxy" in answer.text


@pytest.mark.parametrize(
    ("settings", "demands"),
    [
        ({}, False),
        ({"host": "::1"}, False),
        ({"hosts": ("localhost",)}, False),
        ({"login": True}, True),
        ({"host": "192.0.2.1"}, True),
        ({"host": "0.0.0.0", "hosts": ("127.0.0.1",)}, True),
        ({"hosts": ("room.test",)}, True),
    ],
)
def test_where_others_can_come_one_has_to_log_in(settings: dict[str, object], demands: bool) -> None:
    assert Settings(Path(), **settings).demands_login is demands  # type: ignore[arg-type]


def test_a_room_for_others_needs_a_user() -> None:
    with pytest.raises(ReftelError, match="reftel user add NAME --role keeper"):
        make_app(Settings(demo_home(), "192.0.2.1"))


def test_what_needs_a_login_is_kept_by_no_browser(browser: TestClient, folder: Path) -> None:
    log_in(browser, "rita")
    assert browser.get("/search?q=a").headers["cache-control"] == "private, no-store"
    assert open_room(folder).get("/search?q=a").headers["cache-control"] == "no-cache"


def test_the_pages_before_the_login_show_nothing_of_the_archive(browser: TestClient) -> None:
    tree = LexborHTMLParser(browser.get("/login").text)
    assert not tree.css("nav")
    assert {node.attributes["action"] for node in tree.css("form")} == {"/login", "/theme"}


# --- how often


def test_who_fails_often_has_to_wait(browser: TestClient, clock: Clock) -> None:
    for _ in range(5):
        assert log_in(browser, "rita", "wrong password") == 403
    form = {"name": "rita", "password": PASSWORD, "token": token_of(browser, "/login")}
    answer = browser.post("/login", data=form, headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert answer.json()["code"] == "too-many"
    clock.now += 1
    assert browser.post("/login", data=form).status_code == 303


def test_an_address_that_tries_many_names_has_to_wait(folder: Path, clock: Clock) -> None:
    browser = visit(folder, clock)
    for i in range(20):
        assert log_in(browser, f"name{i}", "wrong password") == 403
    assert log_in(browser, "rita") == 429
    assert log_in(visit(folder, clock, address="192.0.2.8"), "rita") == 303


def test_pauses_grow_and_failures_are_forgotten() -> None:
    failures = Failures(free=3, longest=60)
    pauses = []
    now = 0.0
    for _ in range(12):
        failures.count("rita", now)
        pauses.append(failures.wait("rita", now))
        now += pauses[-1]
    assert pauses == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert failures.wait("edith", now) == 0
    failures.count("rita", now + 3700)
    assert failures.wait("rita", now + 3700) == 0
    failures.forgive("rita", all_of_them=True)
    assert failures.wait("rita", now + 3700) == 0


def test_many_attempts_at_once_are_many() -> None:
    failures = Failures(free=3, longest=60)
    passed = 0
    for _ in range(50):
        if not failures.wait("rita", 0):
            failures.count("rita", 0)
            passed += 1
    assert passed == 3


def test_an_address_may_ask_so_often_a_minute(folder: Path, clock: Clock) -> None:
    browser = visit(folder, clock, per_minute=30)
    answers = [browser.get("/login").status_code for _ in range(35)]
    assert answers == [200] * 30 + [429] * 5
    refused = browser.get("/search.json?q=a")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
    assert refused.headers["content-type"] == "application/problem+json"
    clock.now += 10
    assert [browser.get("/login").status_code for _ in range(6)] == [200] * 5 + [429]


def test_this_machine_may_ask_as_often_as_it_likes(folder: Path, clock: Clock) -> None:
    browser = visit(folder, clock, per_minute=3, address="127.0.0.1")
    assert {browser.get("/login").status_code for _ in range(10)} == {200}


def test_no_flood_of_addresses_fills_the_memory() -> None:
    rate, failures = Rate(10), Failures(5, 60)
    for i in range(12_000):
        rate.take(f"10.0.{i // 256}.{i % 256}", 0)
        failures.count(str(i), 0)
    assert len(rate._buckets) == len(failures._failed) == 10_000


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::/64"),
        ("2001:db8:1:2::", "2001:0db8:0001:0002::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80:0000:0000:0000::/64"),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("0.0.0.0", False), ("room.test", False)]
)
def test_what_is_this_machine(host: str, own: bool) -> None:
    assert is_loopback(host) is own


# --- the tables


def test_what_no_rule_has_is_a_keepers(browser: TestClient) -> None:
    log_in(browser, "edith")
    answer = browser.post("/search", headers={"x-reftel-token": token_of(browser)})
    assert answer.status_code == 403
    assert "the role keeper" in answer.text


def test_there_is_no_web_socket(template: Path) -> None:
    with pytest.raises(WebSocketDisconnect), open_room(template).websocket_connect("/search"):
        pass


def test_every_rule_names_a_role_there_is() -> None:
    assert {rule.role for rule in RULES} <= {"", *ROLES}


@pytest.mark.parametrize(
    ("path", "rule"),
    [("/desk", "/desk"), ("/desk/notes/3", "/desk"), ("/desk.json", "/desk"), ("/desktop", None), ("/", None)],
)
def test_a_rule_holds_for_all_below_it(path: str, rule: str | None) -> None:
    found = find_rule(path)
    assert (found and found.path) == rule
