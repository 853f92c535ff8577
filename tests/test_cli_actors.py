"""The commands position, people and who, as they are typed."""

from __future__ import annotations

import csv
import io
import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from archives import PLAIN_ENV, demo_home, write_dump
from click.testing import CliRunner, Result

from reftel import Archive
from reftel.cli import main
from reftel.exports.statements import NAMES


def run(*arguments: str) -> Result:
    env = {**PLAIN_ENV, "REFTEL_ARCHIVE": str(demo_home())}
    return CliRunner().invoke(main, arguments, env=env, prog_name="reftel", catch_exceptions=False)


ASKED = ("position", "kallaste", "--about", "amber OR survey")


def test_a_ledger_is_laid_out_by_date() -> None:
    shown = run(*ASKED)
    assert shown.exit_code == 0
    assert shown.output.index("08TALLINN96") < shown.output.index("08TALLINN402") < shown.output.index("09TALLINN214")
    assert "Tallinn sent between them, this archive holds" in " ".join(shown.output.split())
    assert all(len(line) <= 80 for line in shown.output.splitlines())


def test_a_ledger_of_some_months() -> None:
    shown = run(*ASKED, "--from", "2008-07", "--to", "2008-10")
    assert "08TALLINN402" in shown.output
    assert "08TALLINN96  " not in shown.output


def test_two_actors_stand_side_by_side() -> None:
    shown = run("position", "--who", "kallaste", "--who", "vilhena", "--about", "amber OR fisheries")
    assert shown.exit_code == 0
    assert "Kallaste" in shown.output
    assert "Vilhena" in shown.output
    assert all(len(line) <= 80 for line in shown.output.splitlines())


def test_json_has_every_statement_with_its_offsets() -> None:
    shown = run(*ASKED, "--json")
    (ledger,) = map(json.loads, shown.stdout.splitlines())
    assert len(ledger["steps"]) == len(ledger["occasions"]) - 1
    for entry in (entry for occasion in ledger["occasions"] for entry in occasion["entries"]):
        assert set(NAMES) <= set(entry)
        assert entry["content_at"]


def test_csv_is_a_table_of_statements_with_verdicts() -> None:
    rows = list(csv.DictReader(io.StringIO(run(*ASKED, "--csv").stdout)))
    assert rows[0]["verdict"] == ""
    assert {row["verdict"] for row in rows[1:]} - {""} <= {"shifted", "unchanged", "not enough evidence"}
    assert all(row["sha256"] and row["content_at"] for row in rows)


def test_a_chart_is_drawn(tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    shown = run(*ASKED, "--chart", str(file))
    assert shown.exit_code == 0
    assert ET.fromstring(file.read_text("utf-8")).tag.endswith("svg")


def test_a_png_needs_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    shown = run(*ASKED, "--chart", str(tmp_path / "chart.png"))
    assert (shown.exit_code, 'pip install "reftel[chart]"' in shown.output) == (1, True)


def test_a_png_is_drawn_where_the_extra_is_there(tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    file = tmp_path / "chart.png"
    assert run(*ASKED, "--chart", str(file)).exit_code == 0
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("position", "--about", "amber"), 2, "Whose position?"),
        (("position", "a", "--who", "b", "--who", "c", "--about", "amber"), 2, "Name one, or two"),
        (("position", "kallaste"), 2, "--about"),
        (("position", "kallaste", "--about", '"amber'), 2, '"amber'),
        (("position", "kallaste", "--about", "amber", "--from", "spring"), 1, "--from spring is no date."),
        (
            ("position", "kallaste", "--about", "amber", "--from", "2010", "--to", "2008"),
            1,
            "--from 2010 lies behind --to 2008.",
        ),
        (("position", "kallaste", "--about", "amber", "--chart", "x.jpg"), 2, "--chart x.svg"),
        (("position", "nobodyhere", "--about", "amber"), 1, "No statement of nobodyhere"),
        (("who", "nobodyhere"), 1, "Nobody of the name nobodyhere"),
        (("people", "nosuchwordatall"), 1, "No person is found."),
    ],
)
def test_a_mistake_is_one_sentence(arguments: tuple[str, ...], code: int, told: str) -> None:
    shown = run(*arguments)
    assert (shown.exit_code, told in " ".join(shown.output.split())) == (code, True), shown.output


@pytest.fixture
def protecting(tmp_path: Path) -> Path:
    """A file with two cables: one that protects Tarmo Vihalem, and one that names him in its subject."""
    text = "ferry was late. Tarmo Vihalem, a banker (strictly protect), said the ferry was late. Tarmo Vihalem welcomed the ferry."
    one = write_dump(tmp_path / "a.txt", 7, words=text)
    two = write_dump(tmp_path / "b.txt", 8)
    told = two.read_text("utf-8")
    subject = next(line for line in told.splitlines() if line.startswith("SUBJECT:"))
    two.write_text(told.replace(subject, "SUBJECT: TARMO VIHALEM GOES HOME"), encoding="utf-8")
    with Archive.open(tmp_path / "archive", create=True) as archive:
        archive.add([one, two], workers=0)
    return tmp_path / "archive"


@pytest.mark.parametrize("arguments", [("position", "vihalem", "--about", "ferry", "--json"), ("position", "tarmo vihalem", "--about", "train", "--csv")])  # fmt: skip
def test_a_protected_source_has_no_ledger_to_be_given_away(protecting: Path, arguments: tuple[str, ...]) -> None:
    shown = run(*arguments, "--archive", str(protecting))
    assert shown.exit_code == 1
    assert shown.stdout == ""
    assert "so this ledger is not to be given away" in shown.stderr
    assert "given away" not in run(*arguments, "--archive", str(protecting), "--unmask").stderr


def test_what_was_typed_does_not_tell_a_pseudonym(protecting: Path) -> None:
    shown = run("who", "vihalem", "--json", "--archive", str(protecting)).stdout
    assert "ihalem" not in shown
    assert json.loads(shown)["name"] is None


def test_a_citation_has_no_protected_name(protecting: Path) -> None:
    shown = run("cite", "09LISBON8", "--archive", str(protecting))
    assert "ihalem" not in shown.stdout
    assert "--unmask gives the name" in shown.stderr
    assert "ihalem" in run("cite", "09LISBON8", "--archive", str(protecting), "--unmask").stdout


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_hits_that_leave_have_no_protected_name(protecting: Path, form: str) -> None:
    ask = ("search", form, "ferry OR home", "--archive", str(protecting))
    masked, plain = run(*ask).stdout, run(*ask, "--unmask").stdout
    assert "ihalem" not in masked.lower()
    assert "ihalem" in plain.lower()
    assert (len(masked), masked.count("09LISBON")) == (len(plain), plain.count("09LISBON"))


def test_a_country_has_its_own_ledger() -> None:
    assert "Kallaste on" not in run("position", "estonia", "--about", "amber").output


def test_a_bad_list_of_people_is_one_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "people.tsv"
    bad.write_text("kind\tname\nghost\tOsk Tamm\n", encoding="utf-8")
    for more in ((), (str(bad),)):
        shown = run("extract", *more, "--people", str(bad))
        assert shown.exit_code == 1
        assert "row 2, column kind" in shown.stderr


def test_people_and_who_write_json() -> None:
    people = run("people", "--json")
    assert all(json.loads(line)["name"] for line in people.stdout.splitlines())
    told = json.loads(run("who", "nobodyhere", "--json").stdout)
    assert told == {"name": "nobodyhere", "profile": None, "candidates": []}
