"""The commands of an archive, run as a user runs them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from archives import COMMAND, demo_archive, demo_home, environment, reftel, shared_archive, write_dump, write_telegram
from click.testing import CliRunner, Result
from conftest import COLLECTION

from reftel.cli import main
from reftel.workbench import Archive


def run(*args: str | Path, folder: Path | None = None, stdin: bytes | None = None) -> Result:
    """In this process, which is quicker; standard output is no terminal either way."""
    env = {**environment(folder or demo_home()), "REFTEL_ARCHIVE": str(folder or demo_home())}
    return CliRunner().invoke(
        main, list(map(str, args)), input=stdin, env=env, prog_name="reftel", catch_exceptions=False
    )


# ---- add, retry, status


@pytest.mark.parametrize(
    ("files", "code", "told"),
    [
        ({"a.txt": "good"}, 0, "1 added. The archive holds 1 cable."),
        (
            {"a.txt": "good", "b.txt": "bad"},
            3,
            "1 added; 1 could not be read (see: reftel status --failed). The archive holds 1 cable.",
        ),
        ({"b.txt": "bad"}, 1, "1 could not be read (see: reftel status --failed). The archive holds 0 cables."),
        ({}, 1, "No file was found. The archive holds 0 cables."),
        ({".a.txt": "good"}, 1, "The archive holds 0 cables."),
    ],
)
def test_add_ends_with_a_summary_and_a_code(tmp_path: Path, files: dict[str, str], code: int, told: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, kind in files.items():
        if kind == "good":
            write_telegram(folder / name, 1)
        else:
            (folder / name).write_text("milk\neggs\n")
    result = run("add", folder, folder=tmp_path / "archive")
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.endswith(told + "\n")
    if "bad" in files.values():
        assert "b.txt: No reader recognises the file." in result.stderr
    again = run("add", folder, folder=tmp_path / "archive")
    assert again.exit_code == code
    assert ("1 unchanged" in again.stderr) == ("good" in files.values() and ".a.txt" not in files)


def test_add_status_retry_and_status_again_in_real_processes(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("milk\neggs\n")
    assert reftel("add", COLLECTION, bad, cwd=tmp_path).returncode == 3
    assert (tmp_path / "reftel-archive" / "archive.sqlite").exists()
    status = reftel("status", cwd=tmp_path)
    assert status.returncode == 0
    assert status.stdout.startswith("50 cables from 57 sources.\nLast run: reftel add, ")
    for heading in (
        "By carrier",
        "By year",
        "By post",
        "By classification",
        "Could not be read",
        "Added, but something is cut",
    ):
        assert f"\n{heading}" in status.stdout
    failed = reftel("status", "--failed", cwd=tmp_path)
    assert failed.stdout.startswith("../bad.txt\tfailed\tNo reader recognises the file.")
    assert len(reftel("status", "--partial", cwd=tmp_path).stdout.splitlines()) == 7
    assert reftel("retry", "--failed", cwd=tmp_path).returncode == 1
    write_telegram(bad, 1)
    retried = reftel("retry", "--failed", cwd=tmp_path)
    assert (retried.returncode, retried.stderr) == (0, "1 added. The archive holds 51 cables from 58 sources.\n")
    retried = reftel("retry", "--failed", cwd=tmp_path)
    assert (retried.returncode, retried.stderr) == (
        0,
        "Nothing had failed. The archive holds 51 cables from 58 sources.\n",
    )
    assert reftel("status", "--failed", cwd=tmp_path).stdout == ""


def test_add_reads_standard_input(tmp_path: Path) -> None:
    text = write_telegram(tmp_path / "a.txt", 1).read_bytes()
    for data, told in ((text, "1 added."), (gzip.compress(text), "1 unchanged."), (b"milk", "1 could not be read")):
        result = run("add", "-", folder=tmp_path / "archive", stdin=data)
        assert told in result.stderr


def test_status_as_json_counts_what_is_inside() -> None:
    status = json.loads(run("status", "--json").stdout)
    assert (status["cables"], status["sources"], status["outcomes"]) == (50, 57, {"added": 50, "partial": 7})
    assert status["by_year"]["not known"] == 1
    assert sum(status["by_year"].values()) == sum(status["by_classification"].values()) == 50
    assert status["last_run"]["command"] == "add"
    assert sum(status["parsers"].values()) == 57
    assert sum(reason["times"] for reason in status["partial"]) == status["outcomes"]["partial"]


def test_commands_without_an_archive_say_how_to_begin_one(tmp_path: Path) -> None:
    for command in (
        ("search", "x"),
        ("status",),
        ("doctor",),
        ("rebuild",),
        ("retry", "--failed"),
        ("saved",),
        ("cite", "09X1"),
    ):
        result = run(*command, folder=tmp_path / "nowhere")
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: There is no archive in")
        assert "reftel add" in result.stderr
    assert not (tmp_path / "nowhere").exists()


def test_the_option_goes_before_the_variable(tmp_path: Path) -> None:
    write_telegram(tmp_path / "a.txt", 1)
    run("add", tmp_path / "a.txt", "--archive", tmp_path / "one", folder=tmp_path / "other")
    assert (tmp_path / "one").exists() and not (tmp_path / "other").exists()


# ---- search


def test_search_prints_cards_and_the_exact_total() -> None:
    result = run("search", "the", "--limit", "3")
    assert result.exit_code == 0
    assert [line[:3] for line in result.stdout.splitlines() if line[2:3].isdigit()] == ["  1", "  2", "  3"]
    total = shared_archive().count("the")
    assert result.stderr == f"1 to 3 of {total} cables. More: --offset 3; all: --all.\n"
    assert run("search", "the", "--offset", "3", "--limit", "2").stdout.startswith("  4")
    assert run("search", "the", "--offset", "1000").stderr == f"None beyond 1,000: {total} cables.\n"


def test_ids_of_all_pages_are_those_of_the_stream() -> None:
    whole = run("search", "--all", "--ids", "the").stdout.splitlines()
    paged: list[str] = []
    while page := run("search", "--ids", "--limit", "9", "--offset", len(paged), "the").stdout.splitlines():
        paged += page
    assert paged == whole
    assert run("search", "--all", "--offset", "5", "--ids", "the").stdout.splitlines() == whole[5:]
    assert all(shared_archive().find(address) for address in whole)


def test_json_lines_hold_what_the_cards_show() -> None:
    hits = [json.loads(line) for line in run("search", "--json", "--all", "kallaste").stdout.splitlines()]
    assert len(hits) == shared_archive().count("kallaste") > 1
    for hit in hits:
        text = shared_archive().get(hit["address"]).text
        for (start, end), (first, last) in zip(hit["snippet"]["marks"], hit["snippet"]["spans"], strict=True):
            assert hit["snippet"]["text"][start:end] == text[first:last]


def test_a_table_can_be_read_back() -> None:
    result = run("search", "--csv", "--unmask", "--all", "--sort", "date", "*")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    hits = list(shared_archive().search_all("*", sort="date"))
    assert [row["address"] for row in rows] == [hit.address for hit in hits]
    assert [row["subject"] for row in rows] == [hit.subject or "" for hit in hits]
    assert [row["snippet"] for row in rows] == [hit.snippet.text for hit in hits]


@pytest.mark.parametrize("subject", ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "'=1", "＝1", 'A "quoted", one'])
def test_a_cell_of_a_table_is_never_a_formula(tmp_path: Path, subject: str) -> None:
    path = write_dump(tmp_path / "a.txt", 1)
    path.write_text(path.read_text("utf-8").replace("TELEGRAM NUMBER 1", subject), encoding="utf-8")
    run("add", path, folder=tmp_path / "archive")
    [row] = csv.DictReader(io.StringIO(run("search", "--csv", "id:09LISBON1", folder=tmp_path / "archive").stdout))
    assert not row["subject"].startswith(("=", "+", "-", "@", "＝"))
    assert subject in row["subject"]


def test_every_form_of_output_is_empty_where_nothing_is_found() -> None:
    for form, empty in (
        ("--ids", ""),
        ("--json", ""),
        ("--csv", "address,date,post,classification,subject,paragraph,mark,snippet\n"),
    ):
        result = run("search", form, "nosuchwordanywhere")
        assert (result.exit_code, result.stdout) == (1, empty)


def test_a_part_of_a_query_that_matches_nothing_is_named() -> None:
    told = run("search", "kallaste nosuchwordanywhere").stderr
    count = shared_archive().count("kallaste")
    assert "nosuchwordanywhere" in told and f"{count} cables" in told
    told = run("search", "from:lisbon from:tallinn").stderr
    assert "Without" in told


def test_a_slip_in_a_query_is_pointed_at() -> None:
    result = run("search", 'kallaste AND (ferry OR "port')
    assert result.exit_code == 2
    assert "^" in result.stderr and "Traceback" not in result.stderr
    lines = result.stderr.splitlines()
    [caret] = [line for line in lines if line.strip() == "^"]
    assert lines[lines.index(caret) - 1][caret.index("^")] in '"('
    assert run("search", "colour:red").exit_code == 2


def test_explain_tells_how_many_each_part_matches() -> None:
    result = run("search", "--explain", "kallaste from:tallinn (ferry OR port)")
    assert result.exit_code == 0
    counts = [int(line.split()[0].replace(",", "")) for line in result.stdout.splitlines() if line.split()[0].isdigit()]
    archive = shared_archive()
    for part in ("kallaste", "from:tallinn", "ferry", "port", "ferry OR port", "kallaste from:tallinn (ferry OR port)"):
        assert archive.count(part) in counts, part
    assert result.stdout.splitlines()[-1].endswith("all of it")


@pytest.mark.parametrize("number", ["-1", "0", "99999999999999999999999999"])
def test_numbers_that_make_no_sense_are_refused_or_harmless(number: str) -> None:
    for option in ("--limit", "--offset"):
        result = run("search", option, number, "the")
        assert result.exit_code in (0, 2)


def test_a_terminal_gets_colours_unless_it_says_no(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    for value, coloured in ((None, True), ("1", False), ("", True)):
        env = environment(demo_home()) | {"TERM": "xterm"}
        env.pop("NO_COLOR")
        env |= {} if value is None else {"NO_COLOR": value}
        leader, follower = pty.openpty()
        subprocess.run(
            [*COMMAND, "search", "--limit", "1", "kallaste"], stdout=follower, env=env, check=True, timeout=60
        )
        os.close(follower)
        shown = b""
        try:
            while data := os.read(leader, 65536):
                shown += data
        except OSError:
            pass
        os.close(leader)
        assert b"kallaste" in shown.lower() or b"KALLASTE" in shown
        assert (b"\x1b[" in shown) == coloured, value


def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    command = f"{sys.executable} -c 'from reftel.cli import main; main()' search --all --json '*' | head -c 10"
    if os.name == "nt":
        pytest.skip("a shell of POSIX")
    done = subprocess.run(
        command, shell=True, capture_output=True, env=environment(demo_home()), check=False, timeout=60
    )
    assert len(done.stdout) == 10
    assert b"Traceback" not in done.stderr and b"Error" not in done.stderr


# ---- facets


def test_facets_count_over_all_hits() -> None:
    told = json.loads(run("facets", "--json", "*").stdout)
    assert (told["query"], told["total"]) == ("*", 50)
    assert set(told["facets"]) == {"year", "post", "country", "classification", "tag", "carrier"}
    assert {name: [tuple(v) for v in values] for name, values in told["facets"].items()} == shared_archive().facets("*")
    plain = run("facets", "--by", "post", "--limit", "2", "*").stdout
    assert plain.splitlines()[0] == "post" and " more" in plain and plain.endswith("50 cables.\n")
    assert run("facets", "nosuchwordanywhere").exit_code == 1


# ---- show, cite, export


def test_show_tells_the_sources_and_shows_each(tmp_path: Path) -> None:
    told = run("show", "08TALLINN402", "--sources")
    assert told.exit_code == 0
    assert "leads" in told.stdout and "dump" in told.stdout and "site" in told.stdout
    one, two = (run("show", "08TALLINN402", "--source", n).stdout for n in (1, 3))
    assert one != two and one == run("show", "08TALLINN402").stdout
    assert "there is no source 4" in run("show", "08TALLINN402", "--source", "4").stderr
    missing = run("show", "09NOWHERE1")
    assert missing.exit_code == 1 and missing.stderr.startswith("Error: ")


def test_an_id_of_two_texts_is_asked_back_and_shown(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    run("add", write_dump(tmp_path / "a.txt", 1, words="the ferry sank"), folder=folder)
    run("add", write_dump(tmp_path / "b.txt", 1, text=5, words="the bridge fell"), folder=folder)
    assert run("search", "--ids", "--sort", "length", "*", folder=folder).stdout.split() == [
        "09LISBON1~1",
        "09LISBON1~2",
    ]
    cited = run("cite", "09LISBON1", folder=folder)
    assert cited.exit_code == 1 and "09LISBON1~1, 09LISBON1~2" in cited.stderr
    assert run("cite", "09LISBON1~2", folder=folder).exit_code == 0
    assert "bridge fell" in run("show", "09LISBON1~2", folder=folder).stdout
    both = run("show", "09LISBON1", folder=folder).stdout
    assert "ferry sank" in both and "bridge fell" in both


def test_export_writes_all_that_a_query_finds(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = run("export", "--as", "jsonl", "--out", out, "--sort", "date", "from:tallinn")
    assert (result.exit_code, result.stdout) == (0, "")
    ids = [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()]
    assert ids == [hit.id for hit in shared_archive().search_all("from:tallinn", sort="date")]
    protected = "In 1 cable protected sources have pseudonyms; --unmask gives their names.\n"
    assert result.stderr == f"{len(ids)} cables written.\n{protected}"
    assert run("export", "--as", "csv", "nosuchwordanywhere").exit_code == 1
    assert run("export", "--as", "csv", "--out", tmp_path / "no" / "out.csv", "*").exit_code == 1


# ---- saved, doctor, rebuild


def test_a_saved_search_is_kept_run_and_forgotten(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    assert "No search has been saved yet" in run("saved", folder=folder).stdout
    assert run("search", "--save", "lisbon", "from:lisbon", folder=folder).exit_code == 0
    total = shared_archive().count("from:lisbon")
    kept = run("saved", folder=folder).stdout
    assert kept.startswith(f"lisbon\tfrom:lisbon\t{total} cables on ")
    assert run("saved", "lisbon", folder=folder).stdout.startswith("from:lisbon: none new since ")
    run("add", write_dump(tmp_path / "a.txt", 1), folder=folder)
    assert "1 new since" in run("saved", folder=folder).stdout
    new = run("saved", "lisbon", "--new", folder=folder).stdout
    assert new.startswith("from:lisbon: 1 new since ") and "09LISBON1 " in new and "  2  " not in new
    assert run("saved", "lisbon", "--new", folder=folder).exit_code == 1
    assert f"{total + 1} cables on " in run("saved", folder=folder).stdout
    assert run("saved", "lisbon", "--drop", folder=folder).stdout == "lisbon is forgotten.\n"
    gone = run("saved", "lisbon", folder=folder)
    assert gone.exit_code == 1 and "There is no saved search 'lisbon'" in gone.stderr
    assert run("search", "--save", " ", "x", folder=folder).exit_code == 1
    assert run("search", "--save", "bad", '"open', folder=folder).exit_code == 2
    assert "No search" in run("saved", folder=folder).stdout


def test_the_desk_outlives_rebuild_doctor_and_a_new_add(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    with Archive.open(folder) as archive, archive.desk() as desk:
        desk.save_search("lisbon", "from:lisbon", "2026-01-01")
        desk.add_note("08TALLINN96:3", "compare 08TALLINN97", "2026-01-01")
        desk.tag("08TALLINN96", "amber link")
    before = (folder / "desk.sqlite").read_bytes()
    run("add", COLLECTION, folder=folder)
    assert (
        run("rebuild", "--workers", "0", folder=folder).stdout
        == "0 sources parsed again; the index of 50 cables is made anew.\n"
    )
    doctor = run("doctor", folder=folder)
    assert (doctor.exit_code, doctor.stdout) == (
        0,
        "All is well: 50 cables from 57 sources; index and archive agree.\n",
    )
    assert (folder / "desk.sqlite").read_bytes() == before
    assert "Your note on 08TALLINN96:3, 2026-01-01: compare 08TALLINN97" in " ".join(
        run("show", "08TALLINN96", folder=folder).stdout.split()
    )


# ---- notes and the basket


def test_notes_are_written_listed_and_thrown_away(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    assert run("note", folder=folder).stdout.startswith("No note has been written yet")
    assert run("note", "08 tallinn 96:3", "compare", "this", folder=folder).stdout == "Note 1 on 08TALLINN96:3.\n"
    assert run("note", "08TALLINN96", "on all of it", folder=folder).stdout == "Note 2 on 08TALLINN96.\n"
    lines = run("note", folder=folder).stdout.splitlines()
    assert [line.split("\t")[:2] for line in lines] == [["2", "08TALLINN96"], ["1", "08TALLINN96:3"]]
    assert [line[:1] for line in run("note", "08TALLINN96", folder=folder).stdout.splitlines()] == ["1", "2"]
    assert run("note", "08TALLINN96:3", folder=folder).stdout.endswith("\tcompare this\n")
    assert run("note", "08TALLINN402", folder=folder).stdout.startswith("No note")
    assert run("note", "--drop", "1", folder=folder).stdout == "Note 1 on 08TALLINN96:3 is thrown away.\n"
    for args, said in (
        (("note", "08TALLINN96:99", "x"), "has no paragraph 99"),
        (("note", "09NOWHERE1", "x"), "There is no cable"),
        (("note", "--drop", "1"), "There is no note 1"),
    ):
        gone = run(*args, folder=folder)
        assert gone.exit_code == 1 and said in gone.stderr
    assert run("note", "08TALLINN96", "--drop", "2", folder=folder).exit_code == 2


def test_the_basket_is_filled_written_and_emptied(tmp_path: Path) -> None:
    folder = demo_archive(tmp_path)
    assert run("basket", folder=folder).stdout.startswith("The basket is empty")
    assert run("basket", "08TALLINN96:3", "--remark", "a hint", folder=folder).stdout == "1 item in the basket.\n"
    assert run("basket", "08TALLINN96:3", "09ANKARA1390", folder=folder).stdout == "2 items in the basket.\n"
    lines = [line.split("\t") for line in run("basket", folder=folder).stdout.splitlines()]
    assert [(line[0], line[1], line[3:]) for line in lines] == [
        ("1", "08TALLINN96:3", ["a hint"]),
        ("2", "09ANKARA1390", []),
    ]
    out = tmp_path / "b.docx"
    wrote = run("basket", "--as", "docx", "--out", out, folder=folder)
    assert (wrote.exit_code, wrote.stderr) == (0, "2 items written.\n") and out.read_bytes().startswith(b"PK")
    text = run("basket", "--as", "md", "--title", "Two", folder=folder).stdout
    assert text.startswith("# Two\n") and "\na hint\n" in text
    assert run("basket", "--drop", "1", folder=folder).stdout == "08TALLINN96:3 is taken out.\n"
    assert "1 item in the basket" in run("basket", "--drop", "2", folder=folder).stderr
    assert run("basket", "--clear", folder=folder).stdout == "The basket is empty.\n"
    assert run("basket", "--as", "md", folder=folder).exit_code == 1
    for args in (("--remark", "x"), ("--notes",), ("--out", "x"), ("09X1", "--clear"), ("--as", "md", "--drop", "1")):
        assert run("basket", *args, folder=folder).exit_code == 2
