"""The commands, run as a user runs them."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import zipfile
from io import StringIO
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import reftel
from reftel.cli import main
from reftel.cli.card import say_date
from reftel.cli.glyphs import ASCII, UNICODE, glyphs_for
from reftel.cli.output import printable
from reftel.cli.show import print_cable
from reftel.cli.tables import render_table
from reftel.errors import DEFECTS
from reftel.model import Provenance, Source
from reftel.query import FIELDS
from reftel.readers import READERS
from reftel.tables import TABLES, rows

ROOT = Path(__file__).parents[1]
COLLECTION = ROOT / "demo" / "collection"
DUMP = COLLECTION / "dump"
GOOD = DUMP / "08TALLINN96.txt"
# What no test may depend on: the terminal that the tests happen to run in.
PLAIN_ENV = {"COLUMNS": "80", "NO_COLOR": "", "FORCE_COLOR": "", "TERM": "dumb"}

TELEGRAM = """UNCLAS LONDON 000417

SIPDIS

E.O. 12958: N/A
TAGS: PREL UK
SUBJECT: TEST OF A TELEGRAM

1. (U) The first paragraph ends here.

2. (U) The second{extra} ends here.

SMITH
"""


def run(*args: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(
        main, [str(arg) for arg in args], input=stdin, env=PLAIN_ENV, prog_name="reftel", catch_exceptions=False
    )


def reftel_process(*args: str | Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from reftel.cli import main; main()", *map(str, args)]
    env = {**os.environ, **PLAIN_ENV}
    env.pop("FORCE_COLOR")
    return subprocess.run(command, capture_output=True, env=env, cwd=ROOT, check=False, **options)  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with a cable, a shopping list and a cable."""
    (tmp_path / "a.txt").write_bytes(GOOD.read_bytes())
    (tmp_path / "b.txt").write_text("milk\neggs\n")
    (tmp_path / "c.txt").write_bytes((DUMP / "08ADANA14.txt").read_bytes())
    return tmp_path


# --- parse -------------------------------------------------------------------------------------------


def test_parse_prints_one_object_a_cable_in_input_order() -> None:
    result = run("parse", DUMP)
    assert result.exit_code == 0
    locators = [json.loads(line)["source"]["locator"] for line in result.stdout.splitlines()]
    assert locators == sorted(locators)
    assert len(locators) == len(list(DUMP.iterdir()))


def test_parse_gives_the_keys_of_the_contract() -> None:
    record = json.loads(run("parse", GOOD).stdout)
    assert record["id"] == "08TALLINN96"
    assert record["dtg"] == "2008-02-06T14:12Z"
    assert record["from"]["post"] == "Embassy Tallinn"
    assert record["text"] == GOOD.read_bytes().decode()


def test_parse_prints_the_same_bytes_twice() -> None:
    once, again = reftel_process("parse", "demo/collection"), reftel_process("parse", "demo/collection")
    assert once.returncode == again.returncode == 0
    assert once.stdout == again.stdout
    assert once.stdout.count(b"\n") == len(once.stdout.splitlines()) > 50
    assert b"\r\n" not in once.stdout


def test_parse_pretty_is_the_same_record_indented() -> None:
    pretty = run("parse", "--pretty", GOOD).stdout
    assert pretty.startswith('{\n  "id": "08TALLINN96"')
    assert json.loads(pretty) == json.loads(run("parse", GOOD).stdout)


def test_parse_reads_standard_input() -> None:
    result = run("parse", "-", stdin=GOOD.read_bytes())
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert (record["id"], record["source"]["locator"]) == ("08TALLINN96", "stdin")


def test_parse_reads_a_pattern_an_archive_and_a_compressed_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "box.zip", "w") as box:
        box.writestr("in/x.txt", GOOD.read_bytes())
    (tmp_path / "y.txt.gz").write_bytes(gzip.compress(GOOD.read_bytes()))
    (tmp_path / "z.txt").write_bytes(GOOD.read_bytes())
    result = run("parse", tmp_path / "*.*")
    locators = [json.loads(line)["source"]["locator"] for line in result.stdout.splitlines()]
    assert [locator.removeprefix(tmp_path.as_posix()) for locator in locators] == [
        "/box.zip!in/x.txt",
        "/y.txt.gz!y.txt",
        "/z.txt",
    ]


def test_a_bad_file_is_one_line_on_stderr_and_exit_code_3(mixed: Path) -> None:
    result = run("parse", mixed)
    assert result.exit_code == 3
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["08TALLINN96", "08ADANA14"]
    failure, summary = result.stderr.splitlines()
    assert "b.txt" in failure and "--reader" in failure
    assert summary == "2 cables read; 1 could not be read."


@pytest.mark.parametrize("command", ["parse", "show", "check"])
def test_nothing_read_is_exit_code_1(command: str, tmp_path: Path) -> None:
    missing = run(command, tmp_path / "nowhere.txt")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert missing.stderr.count("\n") == 1 and "There is no file or folder" in missing.stderr
    empty = run(command, tmp_path)
    assert (empty.exit_code, empty.stdout) == (1, "")
    assert empty.stderr.startswith("No cable was found in ")


def test_one_good_file_says_nothing_on_stderr() -> None:
    assert run("parse", GOOD).stderr == ""


def test_what_was_passed_over_is_counted() -> None:
    result = run("parse", COLLECTION / "site")
    assert result.exit_code == 0
    assert result.stderr == "5 cables read; 2 passed over (pages of the release site that show no cable).\n"


def test_reader_option_forces_a_reader() -> None:
    result = run("parse", "--reader", "telegram", GOOD)
    assert json.loads(result.stdout)["source"]["reader"] == "telegram"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["parse"], "Missing argument 'PATH...'"),
        (["parse", "--reader", "dunp", "x.txt"], "there is no reader 'dunp'. There are: dump, site"),
        (["parse", "--colour", "x.txt"], "No such option"),
        (["prase", "x.txt"], "No such command 'prase'"),
        (["tables", "tagz"], "there is no table 'tagz'. Did you mean tags?"),
        (["tables", "qqqqqq"], "There are: posts, post_places, address_words"),
    ],
)
def test_a_mistyped_command_is_exit_code_2(args: list[str], says: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


@pytest.mark.skipif(os.name == "nt", reason="a shell's pipes")
@pytest.mark.parametrize("command", ["parse", "show"])
def test_a_reader_that_goes_away_ends_it_quietly(command: str) -> None:
    words = [command, *["demo/collection"] * 20]
    process = subprocess.Popen(
        [sys.executable, "-c", "from reftel.cli import main; main()", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout and process.stderr
    assert process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 141
    assert said == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "reftel", "parse", str(GOOD)], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert process.returncode == 1
    assert process.stderr.decode().strip().splitlines()[-1].startswith("Error: The output cannot be written: ")


def test_a_cable_in_another_encoding_comes_out_as_utf8() -> None:
    result = reftel_process("parse", "demo/collection/telegrams/08OSLO511.txt")
    assert "Nygård" in result.stdout.decode("utf-8")


# --- show --------------------------------------------------------------------------------------------


def test_show_sets_header_text_and_damage() -> None:
    shown = run("show", DUMP / "09SECTION01OF02QUITO733.txt").stdout
    assert "09QUITO733 UNCLASSIFIED" in shown
    assert "ECUADOR: TUNA CLOSURE HOLDS, SO FAR" in shown
    assert re.search(r"^Sent +27 August 2009, 17:18 UTC  ROUTINE$", shown, re.M)
    assert re.search(r"^From +Embassy Quito \(AMEMBASSY QUITO, RUEHQT\)$", shown, re.M)
    assert re.search(r"^Tags +EFIS +commercial fishing", shown, re.M)
    assert "A. 08 QUITO 955  → 08QUITO955" in shown
    assert re.search(r"^ 1\. SBU +SUMMARY: The six-week", shown, re.M)
    assert "‹injected: * Missing Section 002 *›" in shown
    assert "section-missing" in shown
    assert DEFECTS["id-malformed"][:40] in shown


def test_show_says_where_a_break_cuts_a_sentence_and_where_text_is_lost() -> None:
    cut = " ".join(run("show", DUMP / "08NAIROBI1344.txt").stdout.split())
    assert "‹section break: NAIROBI 00001344 002.2 OF 002› changed its mind" in cut
    lost = " ".join(run("show", COLLECTION / "news" / "09TALLINN300.txt").stdout.split())
    assert "review the mission in the ‹the rest of this line is lost›" in lost
    assert "(inferred from" in lost


def test_show_says_what_the_carrier_only_claims() -> None:
    shown = run("show", DUMP / "05TALLINN611.txt").stdout
    assert "05TALLINN611  (the carrier's word; none is printed)" in shown
    assert "5 July 2005 (the carrier's date; none is printed)" in shown


def test_show_puts_sub_paragraphs_on_lines_of_their_own() -> None:
    shown = run("show", DUMP / "09STATE104417.txt").stdout
    assert len(re.findall(r"^ {14}-- ", shown, re.M)) == 4


def test_show_folds_a_long_list_of_addressees(tmp_path: Path) -> None:
    posts = "\n".join(f"AMEMBASSY {name}" for name in ("PARIS", "ROME", "OSLO", "RIGA", "MINSK", "BERN") * 2)
    head = f"R 121200Z JAN 98\nFM AMEMBASSY LONDON\nTO SECSTATE WASHDC\nINFO {posts}\n"
    (tmp_path / "x.txt").write_text(head + TELEGRAM.format(extra=""))
    assert "; AMEMBASSY ROME; and 4 more" in " ".join(run("show", tmp_path / "x.txt").stdout.split())


def test_show_sets_all_cables_of_a_path() -> None:
    result = run("show", COLLECTION / "box.zip")
    assert [name for name in ("08NAIROBI2216", "09RIGA77", "09ADDISABABA1730") if f" {name} " in result.stdout] == [
        "08NAIROBI2216",
        "09RIGA77",
        "09ADDISABABA1730",
    ]
    assert result.stderr == "3 cables read.\n"


def test_show_has_no_colours_and_no_trailing_blanks_off_a_terminal() -> None:
    shown = reftel_process("show", "demo/collection/dump/08NAIROBI1344.txt").stdout.decode()
    assert "\x1b" not in shown
    assert [line for line in shown.splitlines() if line != line.rstrip()] == []
    assert max(map(len, shown.splitlines())) <= 80


def test_show_has_colours_on_a_terminal() -> None:
    (cable,) = reftel.read(DUMP / "08NAIROBI1344.txt")
    screen = Console(file=StringIO(), force_terminal=True, color_system="standard", width=90, highlight=False)
    print_cable(cable, screen)
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "\x1b[7mXXXXXXXXXXXX" in shown  # a redaction, reversed


def test_show_needs_no_more_than_ascii() -> None:
    process = subprocess.run(
        [
            sys.executable,
            "-c",
            "from reftel.cli import main; main()",
            "show",
            "demo/collection/telegrams/08OSLO511.txt",
        ],
        capture_output=True,
        env={**os.environ, **PLAIN_ENV, "PYTHONIOENCODING": "ascii"},
        cwd=ROOT,
        check=False,
    )
    assert process.returncode == 0
    assert b"J\\xf8rgen" in process.stdout
    assert b"---- No id UNCLASSIFIED ----" in process.stdout


def test_a_cable_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(TELEGRAM.format(extra=" \x1b[2J\x1b]0;owned\x07 \u202e"), "utf-8")
    for command in ("show", "check"):
        result = run(command, tmp_path / "x.txt")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", result.stdout)
    assert r"\x1b[2J\x1b]0;owned\x07 \u202e ends here." in run("show", tmp_path / "x.txt").stdout


def test_show_keeps_columns(tmp_path: Path) -> None:
    extra = " is a table:\n\nParty     Seats    Before\nReds      12       9\nBlues     4        17\n\nIt"
    (tmp_path / "x.txt").write_text(TELEGRAM.format(extra=extra))
    assert re.search(r"^ +Reds      12       9\n +Blues     4        17$", run("show", tmp_path / "x.txt").stdout, re.M)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=400), st.sampled_from(sorted(path.name for path in DUMP.iterdir())), st.integers(0, 4000))
def test_any_cable_can_be_shown(noise: str, name: str, at: int) -> None:
    printed = (DUMP / name).read_text("utf-8")
    text = printed[:at] + noise + printed[at:]
    cable = reftel.parse(Source(text=text, provenance=Provenance("x", "dump", "")))
    print_cable(cable, Console(file=StringIO(), width=60))


# --- check -------------------------------------------------------------------------------------------


def test_check_lists_defects_with_lines_and_a_table_of_codes() -> None:
    result = run("check", DUMP / "08USNATO388.txt", GOOD)
    assert result.exit_code == 0
    assert re.search(r"08USNATO388\.txt  08USNATO388\n  paragraph-gap +line \d+ +5 missing", result.stdout)
    assert re.search(r"^paragraph-gap +1 +1  A paragraph number is skipped\.$", result.stdout, re.M)
    assert "1 of 2 cables without any defect." in result.stdout
    assert "08TALLINN96" not in result.stdout


def test_check_gives_the_line_where_a_defect_stands() -> None:
    line = int(re.findall(r"false-pilcrow +line (\d+)", run("check", DUMP / "08TALLINN561.txt").stdout)[0])
    assert "¶16." in (DUMP / "08TALLINN561.txt").read_text("utf-8").split("\n")[line - 1]


def test_check_quotes_unnamed_text_in_full() -> None:
    result = run("check", COLLECTION)
    for cable in reftel.read(COLLECTION):
        for segment in cable.segments:
            if segment.kind == "unknown":
                assert f'"{printable(" ".join(segment.span.of(cable.text).split()))}"' in result.stdout


def test_check_json_is_one_object_a_cable() -> None:
    result = run("check", "--json", DUMP / "08USNATO388.txt", GOOD)
    damaged, whole = map(json.loads, result.stdout.splitlines())
    assert whole == {"locator": GOOD.as_posix(), "id": "08TALLINN96", "defects": []}
    (defect,) = damaged["defects"]
    assert defect["code"] == "paragraph-gap"
    assert isinstance(defect["line"], int) and len(defect["span"]) == 2 and defect["detail"]


def test_check_exit_codes_are_those_of_parse(mixed: Path) -> None:
    assert run("check", mixed).exit_code == 3
    assert run("check", "--json", mixed).exit_code == 3


# --- readers, tables, help ---------------------------------------------------------------------------


def test_readers_lists_every_reader() -> None:
    shown = run("readers").stdout
    for name, reader in READERS.items():
        assert re.search(rf"^{name} +{re.escape(reader.description)}$", shown, re.M)


def test_tables_lists_every_table_with_its_size() -> None:
    shown = run("tables").stdout
    for name in TABLES:
        assert re.search(rf"^{name} +{len(rows(name))} rows  ", shown, re.M)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_off_a_terminal_is_tab_separated(name: str) -> None:
    head, *lines = run("tables", name).stdout.splitlines()
    assert [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines] == list(rows(name))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_on_a_terminal_fits_into_it(name: str) -> None:
    for width in (80, 120):
        lines = list(render_table(rows(name), width))
        assert max(map(len, lines)) <= width
        begun = {line[:end] for line in lines for end in range(1, min(len(line), 40) + 1)}
        for row in rows(name):
            assert next(iter(row.values()))[:40] in begun


def test_help_has_an_example_for_every_command() -> None:
    for name, command in main.commands.items():
        shown = run(name, "--help").stdout
        assert f"reftel {name}" in shown.split("\n", 2)[2]
        assert command.help
    assert "Exit codes" in run("--help").stdout


def test_the_help_of_search_lists_every_field() -> None:
    shown = run("search", "--help").stdout
    for name in FIELDS:
        assert name == "text" or re.search(rf"^    {name}: +\S", shown, re.M)


def test_version_is_that_of_the_package() -> None:
    assert run("--version").stdout == f"reftel {reftel.__version__}\n"


def test_help_loads_neither_parser_nor_readers() -> None:
    code = (
        "import sys\nfrom reftel.cli import main\nmain(['--help'], standalone_mode=False)\n"
        "heavy = {'rich', 'msgspec', 'reftel.parse', 'reftel.readers', 'reftel.tables'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_demo_runs_and_ends_by_serving() -> None:
    environment = {**os.environ, **PLAIN_ENV, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "demo/run.py", "serve", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT, encoding="utf-8") as demo:
        try:
            assert demo.stdout is not None
            lines = []
            for line in demo.stdout:
                lines.append(line)
                if line.startswith("The reading room is open at "):
                    break
            shown = "".join(lines)
            with urlopen(shown.rpartition(" at ")[2].partition(" ")[0]) as hall:
                assert "holds 50 cables" in hall.read().decode()
        finally:
            demo.terminate()
    for said in (
        "What they are",
        "What is odd about them",
        "09QUITO733 UNCLASSIFIED",
        "8. (C) ... bargains later",
        "SWEDEN WILL NOT STAND IN THE WAY OF THE AMBER LINK",
        "leads     426",
        "September 17, 2008, para. 6.",
        "What to try next",
    ):
        assert said in shown
    assert "Not read" not in shown and "\x1b" not in shown


# --- small parts -------------------------------------------------------------------------------------


def test_say_date() -> None:
    assert say_date("2008-06-10T13:40Z") == "10 June 2008, 13:40 UTC"
    assert say_date("2008-06-10") == "10 June 2008"
    assert say_date("2008-06-10T13") == "10 June 2008"
    assert say_date("soon") == "soon"


def test_printable_leaves_what_can_be_seen() -> None:
    assert printable("Åse said “no” – ¶2.\u00a0") == "Åse said “no” – ¶2.\u00a0"
    assert printable("a\tb\x00c\x9bd\u200be") == r"a b\x00c\x9bd\u200be"


def test_glyphs_are_those_that_the_encoding_has() -> None:
    assert glyphs_for("utf-8") is UNICODE
    assert glyphs_for("ascii") is ASCII
    assert glyphs_for("cp1252") is ASCII
    assert glyphs_for("no-such-encoding") is ASCII
