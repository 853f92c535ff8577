"""`reftel user`: who may come into the reading room; and `reftel serve` for several people, until it would open."""

from __future__ import annotations

import os
import socket
import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import new_archive
from argon2 import PasswordHasher
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from reftel.archive.accounts import LOGGED, ROLES, Accounts
from reftel.archive.passwords import check_password, fold_name
from reftel.cli import main
from reftel.cli import serving as spelled
from reftel.cli import user as user_module
from reftel.cli.serve import listen
from reftel.errors import ReftelError
from reftel.workbench import Archive

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "amber link and ferry"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty archive; what hashes its passwords is cheap."""
    monkeypatch.setattr(user_module, "PasswordHasher", lambda: CHEAP)
    with new_archive(tmp_path) as archive:
        yield archive.folder


def user(folder: Path, *args: str, said: str = "") -> Result:
    return CliRunner().invoke(main, ["user", *args, "--archive", str(folder)], input=said, catch_exceptions=False)


def add(folder: Path, name: str, password: str = PASSWORD, *options: str) -> Result:
    return user(folder, "add", name, "--password-stdin", *options, said=f"{password}\n")


def test_users_are_added_ranked_and_dropped(folder: Path) -> None:
    assert "no users yet" in user(folder, "list").output
    assert add(folder, "Anna").output == "anna may come in as reader.\n"
    assert add(folder, "boris", PASSWORD, "--role", "keeper").exit_code == 0
    assert user(folder, "list").output == "anna\treader\tnever logged in\nboris\tkeeper\tnever logged in\n"
    assert user(folder, "role", "ANNA", "editor").output == "anna is editor now.\n"
    assert user(folder, "drop", "boris").output == "boris may not come in any more.\n"
    assert user(folder, "list").output == "anna\teditor\tnever logged in\n"
    log = [line.split("\t")[1:] for line in user(folder, "log").output.splitlines()]
    assert log == [
        ["local", "user added", "anna, reader"],
        ["local", "user added", "boris, keeper"],
        ["local", "role changed", "anna, editor"],
        ["local", "user dropped", "boris"],
    ]


def test_a_password_is_asked_for_twice_and_not_shown(folder: Path) -> None:
    answer = user(folder, "add", "anna", said=f"{PASSWORD}\nanother one\n{PASSWORD}\n{PASSWORD}\n")
    assert answer.exit_code == 0
    assert "do not match" in answer.output
    assert PASSWORD not in answer.output
    assert check_password(Accounts(folder), "anna", PASSWORD, CHEAP)
    assert not check_password(Accounts(folder), "anna", "another one", CHEAP)


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("anna", "too short", "at least 10 characters"),
        ("anna", "", "at least 10 characters"),
        ("anna", "x" * 1001, "at most 1,000"),
        ("annabel-lee", "ANNABEL-LEE", "The password is the name"),
        ("", PASSWORD, "can be no user's name"),
        ("two words", PASSWORD, "can be no user's name"),
        ("-anna", PASSWORD, "No such option"),
        ("a" * 65, PASSWORD, "can be no user's name"),
        ("an\x00na", PASSWORD, "can be no user's name"),
    ],
)
def test_a_name_or_password_that_will_not_do_is_refused(folder: Path, name: str, password: str, said: str) -> None:
    answer = add(folder, name, password)
    assert answer.exit_code != 0
    assert said in answer.output
    assert Accounts(folder).users() == []


def test_a_user_is_added_once_and_an_unknown_one_is_told(folder: Path) -> None:
    add(folder, "anna")
    assert "There is a user anna already." in add(folder, "ANNA").output
    for command in (["role", "boris", "editor"], ["drop", "boris"], ["token", "boris"], ["token", "boris", "--drop"]):
        answer = user(folder, *command)
        assert answer.exit_code == 1
        assert "There is no user boris. There are: anna." in answer.output
    assert "There is no user boris" in user(folder, "password", "boris", "--password-stdin", said=PASSWORD).output


def test_another_password_ends_what_the_old_one_opened(folder: Path) -> None:
    add(folder, "anna")
    accounts = Accounts(folder)
    token = user(folder, "token", "anna").stdout.strip()
    accounts.begin_session("session", "anna", "", "2026-03-01T10:00:00Z")
    assert accounts.find_token(token) == ("anna", "reader")
    user(folder, "password", "anna", "--password-stdin", said="another password\n")
    assert accounts.find_token(token) is None
    assert accounts.find_session("session", "2026", "2026") is None
    assert check_password(accounts, "anna", "another password", CHEAP)


def test_a_token_is_shown_once_and_can_be_taken_back(folder: Path) -> None:
    add(folder, "anna")
    one, other = (user(folder, "token", "anna").stdout.strip() for _ in range(2))
    assert one != other
    assert one.encode() not in (folder / "accounts.sqlite").read_bytes()
    assert Accounts(folder).find_token(one) == Accounts(folder).find_token(other) == ("anna", "reader")
    user(folder, "token", "anna", "--drop")
    assert Accounts(folder).find_token(one) is Accounts(folder).find_token(other) is None


def test_a_user_of_the_same_name_inherits_nothing(folder: Path) -> None:
    add(folder, "anna")
    token = user(folder, "token", "anna").stdout.strip()
    Accounts(folder).begin_session("session", "anna", "", "2026-03-01T10:00:00Z")
    user(folder, "drop", "anna")
    add(folder, "anna")
    assert Accounts(folder).find_token(token) is None
    assert Accounts(folder).find_session("session", "2026", "2026") is None


@given(st.text(max_size=40))
def test_a_name_is_one_however_it_is_typed(name: str) -> None:
    try:
        folded = fold_name(name)
    except ReftelError:
        return
    assert fold_name(folded) == folded
    assert fold_name(unicodedata.normalize("NFD", folded)) == folded
    assert fold_name(f" {folded} ") == folded


def test_a_password_is_one_however_its_accents_are_composed(folder: Path) -> None:
    add(folder, "anna", unicodedata.normalize("NFD", "fährgeld für öl"))
    assert check_password(Accounts(folder), "anna", unicodedata.normalize("NFC", "fährgeld für öl"), CHEAP)


def test_the_file_is_made_when_it_is_needed_and_for_its_owner(folder: Path) -> None:
    user(folder, "list")
    user(folder, "log")
    assert not (folder / "accounts.sqlite").exists()
    add(folder, "anna")
    if os.name == "posix":
        assert (folder / "accounts.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_none_of_reftels_is_left_alone(folder: Path) -> None:
    with sqlite3.connect(folder / "accounts.sqlite") as other:
        other.execute("CREATE TABLE other(a)")
    other.close()
    assert "is no file of Reftel's" in add(folder, "anna").output


def test_a_file_of_a_newer_version_is_left_alone(folder: Path) -> None:
    add(folder, "anna")
    with sqlite3.connect(folder / "accounts.sqlite") as newer:
        newer.execute("PRAGMA user_version = 9")
    newer.close()
    assert "made by a newer version of Reftel" in user(folder, "list").output


def test_the_doctor_sees_that_the_accounts_are_damaged(folder: Path) -> None:
    add(folder, "anna")
    path = folder / "accounts.sqlite"
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 8192)
    with Archive.open(folder) as archive:
        assert [finding.said for finding in archive.doctor().findings] == ["accounts.sqlite is damaged."]


def test_without_an_archive_there_are_no_users(tmp_path: Path) -> None:
    assert "There is no archive in" in user(tmp_path / "none", "list").output


def test_the_commands_know_the_roles_there_are() -> None:
    assert tuple(ROLES) == spelled.ROLES


def test_every_kind_of_line_in_the_log_is_in_the_docs() -> None:
    page = (Path(__file__).parents[1] / "docs" / "reading-room.md").read_text("utf-8")
    for what, detail in LOGGED.items():
        assert f"| {what} | {detail} |" in page
    for role, meaning in ROLES.items():
        assert f"| `{role}` | {meaning} |" in page


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--host", "0.0.0.0"], "--hostname NAME"),
        (["--host", "::"], "--hostname NAME"),
        (["--host", "0.0.0.0", "--hostname", "room.test"], "there are no users yet. Add one: reftel user add"),
        (["--login"], "there are no users yet"),
        (["--hostname", "room.test"], "there are no users yet"),
        (["--proxy", "127.0.0.1"], "there are no users yet"),
        (["--proxy", "everywhere"], "everywhere is no address"),
        (["--tls-cert", "cert.pem"], "Give both"),
        (["--tls-cert", "no.pem", "--tls-key", "no.pem"], "cannot be read"),
        (["--tls-cert", __file__, "--tls-key", __file__], "are no certificate and its private key"),
    ],
)
def test_a_room_that_would_not_be_safe_is_not_opened(folder: Path, args: list[str], said: str) -> None:
    answer = CliRunner().invoke(main, ["serve", "--archive", str(folder), "--port", "0", *args], catch_exceptions=False)
    assert answer.exit_code == 1
    assert said in answer.output


def test_who_connects_is_answered_without_waiting_for_more() -> None:
    """asyncio turns Nagle's algorithm off for sockets that say they are TCP, and for no others."""
    listener = listen("127.0.0.1", 0)
    with listener, socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
        assert accepted.proto == socket.IPPROTO_TCP
