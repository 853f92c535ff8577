"""Exports of statements, and whether they still say what the texts say."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from archives import new_archive, reftel, write_dump
from conftest import COLLECTION, ROOT
from finder import found_by_test
from hypothesis import given
from hypothesis import strategies as st

from reftel import read
from reftel.errors import ReftelError
from reftel.exports.csv_table import guard_cell
from reftel.exports.quoted import _unguard, read_quoted
from reftel.exports.statements import COLUMNS, FORMS, NAMES, describe, read_spans, write_attributions, write_rows
from reftel.extract import EXTRACTORS
from reftel.model import Attribution, Findings, Span, Statement
from reftel.pipeline.verify import VERDICTS, Checked, verify_file
from reftel.query.attributions import attribute
from reftel.workbench import Archive

TEXTS = {
    1: "Osk Tamm (strictly protect) said the ferry is\nlate. Ida Roos said it is not.",
    2: "Osk Tamm said =SUM(A1) is no reason.",
}


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    for module in ("work", "mask", "verify"):
        monkeypatch.setattr(f"reftel.pipeline.{module}.extract", found_by_test)
    for number, words in TEXTS.items():
        write_dump(tmp_path / "in" / f"{number}.txt", number, words=words)
    archive = new_archive(tmp_path)
    archive.add(tmp_path / "in", workers=0)
    return archive


def all_of(archive: Archive) -> list[Attribution]:
    store = archive.store
    keys = store.column("SELECT key FROM cables ORDER BY key")
    return [a for key in keys if (found := store.findings(key)) for a in attribute(store.cable(key), found, key)]


def export(archive: Archive, path: Path, form: str = "csv", masked: bool = False) -> Path:
    statements = all_of(archive)
    with path.open("wb") as out:
        assert write_attributions(form, archive.masked(statements) if masked else statements, out) == 3
    return path


def verdicts(checked: list[Checked]) -> list[str]:
    return [row.verdict for row in checked]


def verify(archive: Archive, path: Path) -> list[Checked]:
    return list(archive.verify(path))


# ---- the table


def test_a_row_quotes_the_words_at_its_offsets(archive: Archive) -> None:
    first, *_ = all_of(archive)
    row = describe(first)
    text = archive.get("09LISBON1").text
    assert (row["cable"], row["paragraph"], row["marking"], row["speaker"]) == ("09LISBON1", 4, "U", "Osk Tamm")
    assert (row["source"], row["cue"], row["content"]) == ("Osk Tamm", "said", "the ferry is late")
    assert row["content_at"][0].of(text) == "the ferry is\nlate"
    assert row["sentence"] == "Osk Tamm (strictly protect) said the ferry is late."
    assert row["versions"] == EXTRACTORS
    assert tuple(row) == NAMES


def test_parts_of_the_content_that_do_not_touch_are_told_apart() -> None:
    (cable,) = read(COLLECTION / "dump" / "08TALLINN96.txt")
    paragraph = cable.paragraphs[0]
    start = paragraph.spans[0].start
    findings = found_by_test(cable)
    made = msgspec.structs.replace(
        findings,
        statements=(
            msgspec.convert(
                {
                    **dict.fromkeys(("source", "speaker", "cue", "polarity", "addressee", "nested_in", "date")),
                    "date_span": None,
                    "speakers": (),
                    "addressees": (),
                    "content": [[start, start + 5], [start + 5, start + 9], [start + 12, start + 20]],
                    "sentence": [start, start + 20],
                    "kind": "implicit",
                    "quoted": False,
                    "negated": False,
                    "paragraph": 0,
                    "voice": "reported",
                    "confidence": 0.4,
                    "rule": "test",
                },
                Statement,
            ),
        ),
    )
    (row,) = attribute(cable, made)
    text = cable.text
    assert row.content == " ... ".join(
        " ".join(part.split()) for part in (text[start : start + 9], text[start + 12 : start + 20])
    )
    assert (row.source, row.cue) == (None, None)


def test_a_csv_is_safe_in_a_spreadsheet_and_comes_back(archive: Archive, tmp_path: Path) -> None:
    path = export(archive, tmp_path / "said.csv")
    raw = path.read_bytes()
    assert raw.count(b"\r\n") == 4
    rows = list(csv.DictReader(io.StringIO(raw.decode(), newline="")))
    assert rows[2]["content"] == "'=SUM(A1) is no reason"
    assert rows[0]["content_at"] == "-".join(map(str, describe(all_of(archive)[0])["content_at"][0]))
    assert list(read_quoted(path))[2].told["content"] == "=SUM(A1) is no reason"


@pytest.mark.parametrize("form", FORMS[:3])
def test_each_form_gives_the_same_rows_back(archive: Archive, tmp_path: Path, form: str) -> None:
    plain = list(read_quoted(export(archive, tmp_path / "said.csv")))
    assert list(read_quoted(export(archive, tmp_path / f"said.{form}", form))) == plain


def test_parquet_has_a_type_for_each_column(archive: Archive, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(export(archive, tmp_path / "said.parquet", "parquet"))
    assert table.column_names == list(NAMES)
    assert table["content_at"].to_pylist() == [[list(s) for s in describe(a)["content_at"]] for a in all_of(archive)]
    assert table["paragraph"].to_pylist() == [4, 4, 4]


def test_columns_of_ones_own_stand_where_they_are_named(archive: Archive) -> None:
    rows = [{**describe(a), "verdict": "shifted", "signs": 2, "wide": False} for a in all_of(archive)]
    out = io.BytesIO()
    assert write_rows("csv", rows, out, ("verdict", "signs", "wide", "speaker")) == 3
    assert out.getvalue().decode().splitlines()[:2] == ["verdict,signs,wide,speaker", "shifted,2,false,Osk Tamm"]


def test_nothing_is_an_empty_table() -> None:
    made = {}
    for form in FORMS[:3]:
        out = io.BytesIO()
        assert write_attributions(form, [], out) == 0
        made[form] = out.getvalue()
    assert made == {"csv": (",".join(NAMES) + "\r\n").encode(), "jsonl": b"", "json": b"[]\n"}


def test_every_column_has_a_meaning() -> None:
    assert all(column.meaning for column in COLUMNS)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(
    ("cell", "spans"),
    [
        ("", ()),
        ("1-2", (Span(1, 2),)),
        ("1-2;3-4", (Span(1, 2), Span(3, 4))),
        ("1-2;", None),
        ("1", None),
        ("-1-2", None),
        ("1-2, 3-4", None),
        ("１-２", None),
    ],
)
def test_spans_of_a_cell(cell: str, spans: Any) -> None:
    assert read_spans(cell) == spans


@given(st.text(max_size=20))
def test_a_guarded_cell_comes_back(text: str) -> None:
    cell = guard_cell(text) if len(text) > 1 else text
    assert _unguard(cell) == text


# ---- whether it holds


@pytest.mark.parametrize("form", FORMS[:3])
def test_an_export_holds(archive: Archive, tmp_path: Path, form: str) -> None:
    assert verdicts(verify(archive, export(archive, tmp_path / "said", form))) == ["holds"] * 3


def test_an_export_holds_against_the_files_themselves(archive: Archive, tmp_path: Path) -> None:
    path = export(archive, tmp_path / "said.csv")
    assert verdicts(list(verify_file(path, None, [tmp_path / "in"]))) == ["holds"] * 3
    assert verdicts(list(verify_file(path, None, [tmp_path / "in" / "2.txt"]))) == ["absent", "absent", "holds"]


def changed(path: Path, change: Callable[[dict[str, str]], None]) -> Path:
    """The CSV with its first row changed."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
    change(rows[0])
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, NAMES)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("cells", "verdict", "detail"),
    [
        (
            {"content": "the ferry is early"},
            "differs",
            "content is 'the ferry is early', the text has 'the ferry is late'",
        ),
        ({"content_at": "1-9"}, "differs", "content is 'the ferry is late', the text has"),
        ({"content_at": "999999-9999999"}, "differs", "the text has ''"),
        ({"cue": ""}, "differs", "cue is '', the text has 'said'"),
        ({"speaker": "Ida Roos"}, "differs", "speaker is 'Ida Roos', and 'Osk Tamm' now"),
        ({"polarity": "+"}, "differs", "polarity is '+', and '' now"),
        ({"sha256": "0" * 64}, "absent", "no text here has the SHA-256 000000000000..."),
        ({"versions": "names 0.1"}, "drifted", "made by names 0.1, here are"),
        ({"versions": "names 0.1", "speaker": "O. Tamm"}, "drifted", "; speaker is 'O. Tamm', and 'Osk Tamm' now"),
        ({"cue_at": "", "cue": ""}, "lost", "made by test of"),
        ({"date": "2001-01-01"}, "differs", "date is '2001-01-01', and '2009-03-02' now"),
        ({"classification": "SECRET"}, "differs", "classification is 'SECRET'"),
        ({"rule": "x"}, "differs", "rule is 'x', and 'test' now"),
        ({"confidence": "0.1"}, "differs", "confidence is '0.1'"),
    ],
)
def test_a_row_that_was_changed_is_told(
    archive: Archive, tmp_path: Path, cells: dict[str, str], verdict: str, detail: str
) -> None:
    path = changed(export(archive, tmp_path / "said.csv"), lambda row: row.update(cells))
    first, *others = verify(archive, path)
    assert (first.place, first.cable, first.verdict) == ("row 1", "09LISBON1", verdict)
    assert detail in (first.detail or "")
    assert verdicts(others) == ["holds", "holds"]


def test_a_statement_that_is_no_longer_found_is_told(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export(archive, tmp_path / "said.csv")

    def nothing(cable: Any, people: object) -> Findings:
        return msgspec.structs.replace(found_by_test(cable), statements=())

    monkeypatch.setattr("reftel.pipeline.verify.extract", nothing)
    assert verdicts(verify(archive, path)) == ["lost"] * 3


def test_a_masked_export_is_known_for_one(archive: Archive, tmp_path: Path) -> None:
    path = export(archive, tmp_path / "said.csv", masked=True)
    assert "Tamm" not in path.read_text("utf-8")
    assert verdicts(verify(archive, path)) == ["masked", "holds", "masked"]
    changed(path, lambda row: row.update(content="the ferry is early"))
    assert verdicts(verify(archive, path)) == ["differs", "holds", "masked"]


def test_rows_are_found_however_deep_they_stand(archive: Archive, tmp_path: Path) -> None:
    rows = [json.loads(msgspec.json.encode(describe(a))) for a in all_of(archive)]
    ledger = {
        "who": "Osk Tamm",
        "occasions": [{"day": "x", "said": rows[:2]}, {"said": [], "other": {"pair": [rows[2]]}}],
    }
    path = tmp_path / "ledger.json"
    path.write_text(json.dumps(ledger, indent=2), "utf-8")
    assert [(row.place, row.verdict) for row in verify(archive, path)] == [
        ("row 1", "holds"),
        ("row 2", "holds"),
        ("row 3", "holds"),
    ]


def test_some_columns_are_enough(archive: Archive, tmp_path: Path) -> None:
    few = ("content", "sha256", "source_at", "cue_at", "content_at")
    path = tmp_path / "few.csv"
    with path.open("wb") as out:
        write_rows("csv", map(describe, all_of(archive)), out, few)
    assert verdicts(verify(archive, path)) == ["holds"] * 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "quotes nothing"),
        (b"a,b\n1,2\n", "quotes nothing"),
        (b'{"a": 1}\n{"b": 2}\n', "quotes nothing"),
        (b'{"a": 1}\n{"b": \n', "Line 2 of said is no JSON"),
        (b"\xff\xfe\x00", "no UTF-8"),
        (b"sha256,content_at\nabc,1-2\n", "The sha256 in row 1 of said is none"),
        (b"sha256,content_at\n" + b"0" * 64 + b",1:2\n", "content_at in row 1 of said holds no offsets"),
        (b'[{"sha256": "' + b"0" * 64 + b'", "content_at": [[1]]}]', "content_at in row 1 of said holds no offsets"),
        (b"[" * 5000, "is no JSON"),
    ],
)
def test_what_is_no_export_is_said(archive: Archive, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "said"
    path.write_bytes(content)
    with pytest.raises(ReftelError, match=said):
        verify(archive, path)


def test_texts_that_are_not_there_are_said(archive: Archive, tmp_path: Path) -> None:
    path = export(archive, tmp_path / "said.csv")
    with pytest.raises(ReftelError, match="nowhere"):
        list(verify_file(path, None, [tmp_path / "nowhere"]))
    (tmp_path / "in" / "notes.xyz").write_text("milk and eggs")
    assert verdicts(list(verify_file(path, None, [tmp_path / "in"]))) == ["holds"] * 3


def test_a_file_that_is_not_there_is_said(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ReftelError, match="cannot be read"):
        verify(archive, tmp_path / "nothing")


# ---- the command


def test_the_command_tells_what_does_not_hold(tmp_path: Path) -> None:
    write_dump(tmp_path / "in" / "1.txt", 1, words="Osk Tamm said the ferry is late.")
    with new_archive(tmp_path) as archive:
        archive.add(tmp_path / "in", workers=0)
        (cable,) = archive.cables()
    path = tmp_path / "said.csv"
    with path.open("wb") as out:
        write_attributions("csv", attribute(cable, found_by_test(cable)), out)
    done = reftel("verify", path, folder=tmp_path / "archive")
    assert done.returncode in (0, 1)  # as the extractors in use find the statement, or not
    assert done.stderr.startswith("1 row: 1 ")
    changed(path, lambda row: row.update(content="the ferry is early"))
    done = reftel("verify", path, folder=tmp_path / "archive")
    assert done.returncode == 1
    assert done.stdout.startswith("row 1  09LISBON1  differs  content is 'the ferry is early', the text has")
    assert done.stderr == "1 row: 1 differs.\n"
    assert reftel("verify", "--texts", tmp_path / "in", path).stderr == "1 row: 1 differs.\n"
    assert "There is no archive" in reftel("verify", path, folder=tmp_path / "nowhere").stderr


def test_every_column_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "exports.md").read_text("utf-8")
    for column in COLUMNS:
        assert f"| `{column.name}` | {column.kind} | {column.meaning} |" in page


def test_every_verdict_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    for verdict, meaning in VERDICTS.items():
        assert f"| `{verdict}` | {meaning} |" in page
