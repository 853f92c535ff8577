"""The command coverage, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

from archives import PLAIN_ENV, demo_home, new_archive
from click.testing import CliRunner, Result

from reftel.cli import main


def run(*arguments: str, folder: Path | None = None) -> Result:
    env = {**PLAIN_ENV, "REFTEL_ARCHIVE": str(folder or demo_home())}
    return CliRunner().invoke(main, arguments, env=env, prog_name="reftel", catch_exceptions=False)


def test_every_post_is_listed_those_of_which_most_is_held_first() -> None:
    shown = run("coverage")
    assert shown.exit_code == 0
    assert shown.output.index("Embassy Tallinn") < shown.output.index("Consulate Adana") < shown.output.index("USNATO")
    assert "1 of ~99" in shown.output
    assert "2010: 1 of 12" in " ".join(shown.output.split())
    assert all(len(line) <= 80 for line in shown.output.splitlines())


def test_one_post_is_told_by_month_in_any_spelling() -> None:
    shown = run("coverage", "amembassy", "tallinn")
    assert shown.output.startswith("Embassy Tallinn, Estonia: 9 cables\n")
    assert "  2009-02     0     ~32" in shown.output
    assert "214 to 219" in shown.output


def test_data_has_a_line_for_each_post() -> None:
    lines = run("coverage", "--json").output.splitlines()
    posts = [json.loads(line) for line in lines]
    assert {"ADANA", "TALLINN", "STATE"} <= {post["key"] for post in posts}
    adana = next(post for post in posts if post["key"] == "ADANA")
    assert [(year["year"], year["held"]) for year in adana["years"]] == [(2006, 1), (2008, 1), (2009, 1)]
    assert run("coverage", "--json", "adana").output.splitlines() == [line for line in lines if '"key":"ADANA"' in line]


def test_a_post_of_which_nothing_is_held_is_a_sentence() -> None:
    shown = run("coverage", "moscow")
    assert (shown.exit_code, "holds no cable of a post moscow" in shown.output) == (1, True)


def test_an_empty_archive_has_no_posts(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    assert run("coverage", folder=archive.folder).exit_code == 1
    assert run("coverage", "--json", folder=archive.folder).output == ""
