"""Exports of many cables: read back what was written, and pull no more than is written."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from conftest import demo_sources
from hypothesis import given
from hypothesis import strategies as st
from test_citation import TELEGRAM, cable_of, read_bibtex
from views import fields_kept_by_cable_text

import reftel
from reftel.errors import ReftelError
from reftel.exports import EXPORTS, record
from reftel.exports.columns import COLUMNS, row
from reftel.exports.csv_table import _cell as cell
from reftel.exports.markdown import escape
from reftel.exports.parquet import ROW_GROUP
from reftel.model import Cable
from reftel.parse import parse


def demo() -> list[Cable]:
    return [parse(source) for source in demo_sources().values()]


def written(name: str, cables: Iterable[Cable]) -> bytes:
    out = io.BytesIO()
    EXPORTS[name].write(cables, out)
    return out.getvalue()


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_says_how_many_cables_it_wrote(name: str) -> None:
    export = EXPORTS[name]
    assert export.sentence.endswith(".")
    assert re.fullmatch("[a-z]+", export.extension)
    for cables in ([], demo()[:1], demo()):
        assert export.write(iter(cables), io.BytesIO()) == len(cables)


@pytest.mark.parametrize("name", EXPORTS)
def test_the_same_cables_give_the_same_bytes(name: str) -> None:
    assert written(name, demo()) == written(name, demo())


@pytest.mark.parametrize("name", [name for name, export in EXPORTS.items() if not export.binary])
def test_text_is_utf_8_without_a_mark(name: str) -> None:
    assert not written(name, demo()).decode("utf-8").startswith("\ufeff")


class Watched(io.BytesIO):
    """Notes how many cables were pulled when something was written."""

    def __init__(self) -> None:
        super().__init__()
        self.pulled = 0
        self.seen: list[int] = []

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.seen.append(self.pulled)
        return len(data)

    def feed(self, cable: Cable, count: int) -> Iterator[Cable]:
        for n in range(count):
            self.pulled += 1
            yield msgspec.structs.replace(cable, id=f"08TALLINN{n + 1}")


@pytest.mark.parametrize("name", ["csv", "jsonl", "text", "bib", "ris", "csl"])
def test_a_cable_is_written_before_the_next_is_pulled(name: str) -> None:
    out = Watched()
    assert EXPORTS[name].write(out.feed(cable_of(TELEGRAM), 2_000), out) == 2_000
    assert set(range(1, 2_001)) <= set(out.seen)


def test_parquet_is_written_in_row_groups() -> None:
    pytest.importorskip("pyarrow")
    out = Watched()
    assert EXPORTS["parquet"].write(out.feed(cable_of(TELEGRAM), 2 * ROW_GROUP), out) == 2 * ROW_GROUP
    assert ROW_GROUP in out.seen


def test_a_document_waits_outside_memory_until_its_contents_are_known() -> None:
    cable = cable_of(TELEGRAM)

    def peak(count: int) -> int:
        out = Watched()
        tracemalloc.start()
        EXPORTS["md"].write(out.feed(cable, count), out)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(10)
    assert peak(400) < peak(40) + 100_000


# ---- csv


def unguarded(text: str) -> str:
    return text[1:] if re.match(r"'+[=+\-@＝＋－＠]", text) else text


def test_csv_read_back_has_the_values_of_the_cables() -> None:
    head, *lines = csv.reader(io.StringIO(written("csv", demo()).decode(), newline=""))
    assert head == [column.name for column in COLUMNS]
    for line, cable in zip(lines, demo(), strict=True):
        for text, column, value in zip(line, COLUMNS, row(cable), strict=True):
            if column.kind == "list":
                assert isinstance(value, tuple)
                assert text.split(";") == [one.replace(";", ",") for one in value] or not (text or value)
            else:
                assert unguarded(text) == ("" if value is None else str(value))


def test_a_row() -> None:
    values = dict(zip((column.name for column in COLUMNS), row(cable_of(TELEGRAM)), strict=True))
    assert values == {
        "id": "08TALLINN96",
        "date": date(2008, 2, 6),
        "time": "14:12",
        "from_post": "Embassy Tallinn",
        "from_country": "Estonia",
        "to": ("Secretary of State",),
        "info": (),
        "classification": "CONFIDENTIAL",
        "captions": ("SIPDIS",),
        "tags": ("PREL", "ENRG", "OVIP", "MAREK,JOLANTA", "EN"),
        "subject": "MAREK'S PIPE TRIP AIMS TO MOVE AMBER RELATIONSHIP FORWARD",
        "references": (),
        "signer": "STRATTON",
        "summary": None,
        "words": 11,
        "redactions": 0,
        "defects": (),
        "carrier": "telegram",
        "locator": "cables/a.txt",
        "sha256": cable_of(TELEGRAM).source.sha256,
        "citation": (
            'Embassy Tallinn, "Marek\'s Pipe Trip Aims to Move Amber Relationship Forward," to Secretary of State, '
            "telegram 08TALLINN96, February 6, 2008."
        ),
    }


def test_the_summary_is_on_one_line() -> None:
    text = TELEGRAM.replace("1. (C) The", "1. (C) SUMMARY: The").replace("survey.", "survey\nship.  END SUMMARY.")
    values = dict(zip((column.name for column in COLUMNS), row(cable_of(text)), strict=True))
    assert "The minister was cross about the survey ship." in str(values["summary"])


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("+1", "'+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        (("=A", "B;C"), "'=A;B,C"),
        ("A=1", "A=1"),
        ("'tis", "'tis"),
        (("A", "=B"), "A;=B"),
        (-1, "-1"),
        (0, "0"),
        (None, ""),
        ((), ""),
    ],
)
def test_a_cell_is_never_a_formula(value: str | tuple[str, ...] | int | None, printed: str) -> None:
    assert cell(value) == printed


@given(st.text(max_size=20))
def test_the_guard_of_a_cell_can_be_undone(text: str) -> None:
    assert unguarded(cell(text)) == text


# ---- the others


def test_jsonl_read_back_is_the_cables() -> None:
    assert [record.decode(line) for line in written("jsonl", demo()).splitlines()] == demo()


def test_parquet_read_back_has_the_types_and_values() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(written("parquet", demo())))
    assert table.column_names == [column.name for column in COLUMNS]
    assert [str(table.schema.field(name).type) for name in ("date", "words", "tags")] == [
        "date32[day]",
        "int32",
        "list<element: string>",
    ]
    for found, cable in zip(table.to_pylist(), demo(), strict=True):
        wanted = [list(value) if isinstance(value, tuple) else value for value in row(cable)]
        assert list(found.values()) == wanted


def test_without_pyarrow_a_sentence_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ReftelError, match=re.escape('pip install "reftel[parquet]"')):
        EXPORTS["parquet"].write([], io.BytesIO())


def test_telegrams_read_back_are_the_same_cables(tmp_path: Path) -> None:
    parts = written("text", demo()).decode().split("\f\n")
    for n, part in enumerate(parts):
        (tmp_path / f"{n:03d}.txt").write_text(part, "utf-8", newline="")
    again = list(reftel.read(tmp_path))
    assert list(map(fields_kept_by_cable_text, again)) == list(map(fields_kept_by_cable_text, demo()))


def test_a_form_feed_in_a_text_parts_no_telegrams() -> None:
    cables = [cable_of(TELEGRAM.replace("cross about", "cross\f\nabout"))] * 2
    assert written("text", cables).count(b"\f") == 1


def test_bib_read_back_has_a_key_once() -> None:
    found = read_bibtex(written("bib", demo()).decode())
    assert len({key for key, _ in found}) == len(found) == len(demo())
    assert "08TALLINN96-2" in dict(found)


def test_ris_read_back_has_a_record_a_cable() -> None:
    text = written("ris", demo()).decode()
    assert "\n" not in text.replace("\r\n", "")
    assert text.count("TY  - PCOMM\r\n") == text.count("ER  - \r\n") == len(demo())


def test_csl_is_one_array() -> None:
    items = json.loads(written("csl", demo()))
    assert len({item["id"] for item in items}) == len(demo())
    assert json.loads(written("csl", [])) == []


# ---- Markdown


def test_a_document_of_one_cable() -> None:
    text = TELEGRAM.replace("1. (C)", "COMMENT\n-------\n\n1. (C)")
    assert written("md", [cable_of(text)]).decode() == (
        "# Marek's Pipe Trip Aims to Move Amber Relationship Forward\n\n"
        "| Telegram | 08TALLINN96 |\n|---|---|\n"
        "| Date | February 6, 2008, 14:12 UTC |\n"
        "| From | Embassy Tallinn |\n"
        "| To | Secretary of State |\n"
        "| Classification | CONFIDENTIAL, SIPDIS |\n"
        "| Precedence | IMMEDIATE, PRIORITY |\n"
        "| Tags | PREL; ENRG; OVIP; MAREK,JOLANTA; EN |\n"
        "| Subject | MAREK'S PIPE TRIP AIMS TO MOVE AMBER RELATIONSHIP FORWARD |\n"
        "| Found in | cables/a.txt (read as telegram) |\n\n"
        "## COMMENT\n\n"
        "**1. (C)** The minister was cross about the survey.\n\n"
        "**2. (C)** He may come round.\n\n"
        "STRATTON\n\n"
        "---\n\n"
        'Cite as: Embassy Tallinn, "Marek\'s Pipe Trip Aims to Move Amber Relationship Forward," to Secretary of State, '
        "telegram 08TALLINN96, February 6, 2008.\n"
    )


def test_of_several_cables_the_contents_go_first() -> None:
    text = written("md", demo()).decode()
    links = re.findall(r"^\d+\. \[.*?\]\(#(cable-\d+)\)", text, re.MULTILINE)
    assert links == re.findall(r'^<a id="(cable-\d+)"></a>', text, re.MULTILINE)
    assert len(links) == len(demo())


def test_wide_gaps_between_sentences_are_no_table() -> None:
    text = TELEGRAM.replace("cross about the survey.", "cross.    He left.\nHe came.    He spoke.")
    assert "cross. He left.\nHe came. He spoke." in written("md", [cable_of(text)]).decode()


def test_sub_paragraphs_begin_a_line_and_tables_keep_their_columns() -> None:
    body = (
        "1. (C) He asked for:\n-- A ship.\n-- A map.\n\n2. (C) Catch in tons:\n\n"
        "Year    Cod    Tuna\n1998    12     3\n1999    14     2\n\n3. (C) End"
    )
    text = written(
        "md", [cable_of(TELEGRAM.replace("1. (C) The minister was cross about the survey.\n\n2. (C) He", body))]
    )
    assert "asked for:\\\n\\-- A ship.\\\n\\-- A map." in text.decode()
    assert "    Year    Cod    Tuna\n    1998    12     3" in text.decode()


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a *b* _c_ [d](e) <f> `g` h|i", r"a \*b\* \_c\_ \[d\](e) \<f\> \`g\` h\|i"),
        ("28. Its leader", r"28\. Its leader"),
        ("- no list", r"\- no list"),
        ("-- no rule", r"\-- no rule"),
        ("in 28. He", "in 28. He"),
        ("well-known", "well-known"),
    ],
)
def test_markdown_prints_what_the_cable_has(text: str, printed: str) -> None:
    assert escape(text) == printed


@pytest.mark.parametrize("name", ["md", "text", "bib", "ris", "csl", "csv", "jsonl"])
@given(text=st.text())
def test_any_text_can_be_exported(name: str, text: str) -> None:
    assert EXPORTS[name].write([cable_of(text)], io.BytesIO()) == 1
