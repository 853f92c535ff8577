"""The readers: what each takes, what it claims, and that every step can be replayed."""

from __future__ import annotations

import sys
import tomllib
import tracemalloc
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from growth import grows_with_length
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.errors import ReftelError, UnreadableError
from reftel.model import Repair, Source
from reftel.readers import READERS, Failure, Progress, read_sources, read_text, replay
from reftel.readers.base import CERTAIN
from reftel.readers.cables_csv import MAX_ROW
from reftel.readers.page import visible_text

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
sys.path.insert(0, str(HERE.parent / "bench"))
from make_cables_csv import write_csv  # noqa: E402

DUMP = (
    "08LONDON3101\nFERRIES AND QUOTAS\nTue Jul 22 00:00:00 +0200 2008\nCONFIDENTIAL//NOFORN\nEmbassy London\n"
    "VZCZCXRO0001\nDE RUEHLO #3101/01 2040930\n"
    "TO RUEHC/SECSTATE WASHDC 1298C O N F I D E N T I A L LONDON 003101 \n \n"
    "¶1. (C) The ferries ran. \n"
)
PAGE = """<?xml version='1.0' encoding='utf-8' ?>
<!DOCTYPE html><html><head><title>Cable Viewer</title></head><body><h3>Browse latest releases</h3>
<div class='pane big'><h3>Viewing cable 08LONDON3101, FERRIES &amp; QUOTAS</h3>
<table class='cable'><tr><th>Reference ID</th></tr><tr><td><a href='/x'>08LONDON3101</a></td>
<td><a href='/d'>2008-07-22 15:03</a></td><td>2011-03-14 18:06</td><td><a>CONFIDENTIAL//NOFORN</a></td>
<td><a>Embassy London</a></td></tr></table>{blocks}</div></body></html>"""
HEADER_BLOCK = "<code><pre>DE RUEHLO #3101&#x000A;TO RUEHC/SECSTATE WASHDC</pre></code>"
BODY_BLOCK = (
    "<code><pre>C O N F I D E N T I A L LONDON 003101 &#x000A; &#x000A;"
    "TAGS: <a href='/t'>PREL</a> <a>UK</a>&#x000A;"
    "<a id='par1' href='#par1'>¶</a>1. (C) A &lt; B &amp; &quot;C&quot;.  &#x000A;</pre></code>"
)


def cases(name: str) -> list[Any]:
    rows = tomllib.loads((HERE / "cases" / name).read_text(encoding="utf-8"))["case"]
    return [
        pytest.param(row, id=row["name"], marks=[pytest.mark.xfail(strict=True)] if row.get("known") == "fails" else [])
        for row in rows
    ]


def write(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def only_source(path: Path, **options: Any) -> Source:
    (item,) = read_sources([path], **options)
    assert isinstance(item, Source), item
    return item


def only_failure(path: Path, **options: Any) -> Failure:
    (item,) = read_sources([path], **options)
    assert isinstance(item, Failure), item
    return item


# --- which reader --------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", cases("readers_sniff.toml"))
def test_the_form_of_a_text_is_told_by_its_content(row: dict[str, str]) -> None:
    if row["reader"]:
        assert read_text(row["text"]).provenance.reader == row["reader"]
    else:
        with pytest.raises(UnreadableError, match="--reader"):
            read_text(row["text"])


def test_every_row_of_the_table_has_its_name_and_one_sentence() -> None:
    for name, reader in READERS.items():
        assert reader.name == name
        assert reader.description.endswith(".") and len(reader.description) < 100


def test_two_equally_sure_readers_are_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    rival = type(READERS["dump"])("rival", "A rival.", lambda text: CERTAIN, READERS["dump"].read)
    monkeypatch.setitem(READERS, "rival", rival)
    with pytest.raises(UnreadableError, match=r"dump or rival.*--reader"):
        read_text(DUMP, "x.txt")
    assert read_text(DUMP, reader="dump").provenance.reader == "dump"


def test_an_unknown_reader_is_named_with_those_there_are() -> None:
    with pytest.raises(UnreadableError, match=r"no reader fax.*dump, site, cables-csv, news, telegram"):
        list(read_sources(["x"], reader="fax"))


def test_a_text_that_no_reader_knows_can_be_forced_to_telegram(tmp_path: Path) -> None:
    path = write(tmp_path, "note.txt", "Plain words.")
    assert "--reader" in only_failure(path).reason and "note.txt" in only_failure(path).reason
    assert only_source(path, reader="telegram").text == "Plain words."


@pytest.mark.parametrize("reader", ["dump", "site", "cables-csv"])
def test_a_form_that_is_forced_on_the_wrong_text_says_what_is_missing(tmp_path: Path, reader: str) -> None:
    path = write(tmp_path, "note.txt", "Plain words.")
    assert "note.txt" in only_failure(path, reader=reader).reason


def test_the_docs_name_every_reader_and_every_limit() -> None:
    docs = (HERE.parent / "docs" / "readers.md").read_text(encoding="utf-8")
    for reader in READERS.values():
        assert f"### `{reader.name}`" in docs and reader.description in docs
    for limit in ("MAX_DOCUMENT", "MAX_MEMBER", "MAX_TOTAL", "MAX_RATIO", "MAX_DEPTH", "MAX_ROW"):
        assert f"`{limit}`" in docs


@pytest.mark.parametrize("form", ["dump", "site"])
def test_several_cables_in_one_file_are_no_cable_and_none_is_lost_silently(tmp_path: Path, form: str) -> None:
    text = {"dump": DUMP, "site": PAGE.format(blocks=HEADER_BLOCK + BODY_BLOCK)}[form]
    other = text.replace("08LONDON3101", "08LONDON3102")
    assert "holds 2" in only_failure(write(tmp_path, "two.txt", text + "\n" + other)).reason
    assert only_source(write(tmp_path, "one.txt", text)).provenance.reader == form


def test_a_dump_record_whose_own_lines_stand_in_it_again_is_one_cable(tmp_path: Path) -> None:
    text = DUMP + "\n" + DUMP
    assert only_source(write(tmp_path, "a.txt", text)).text == text


def test_a_dump_record_that_quotes_a_date_line_is_one_cable(tmp_path: Path) -> None:
    text = DUMP + "\nThe form said:\n08LONDON3101 was sent on\n\nTue Jul 22 00:00:00 +0200 2008\n"
    assert only_source(write(tmp_path, "a.txt", text)).text == text


# --- dump ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_dump_record_is_delivered_unchanged_with_its_five_lines_labelled(tmp_path: Path, end: str) -> None:
    text = DUMP.replace("\n", end)
    source = only_source(write(tmp_path, "a.txt", text))
    assert source.text == text
    assert source.header_end is None
    claims = source.provenance.claims
    assert (claims.id, claims.subject) == ("08LONDON3101", "FERRIES AND QUOTAS")
    assert (claims.classification, claims.origin) == ("CONFIDENTIAL//NOFORN", "Embassy London")
    assert [segment.kind for segment in source.furniture] == ["record_line"] * 5
    assert "".join(segment.span.of(text) for segment in source.furniture) == text[: text.index("VZCZC")]


@pytest.mark.parametrize(
    ("printed", "claimed"),
    [
        ("Thu Nov 05 00:00:00 +0100 2009", "2009-11-05"),
        ("Wed Aug 15 00:00:00 +0100 1979", "1979-08-15"),
        ("Thu Nov 05 00:00:00 CET 2009", "2009-11-05"),
    ],
)
def test_a_dump_date_is_a_day_and_no_instant(printed: str, claimed: str) -> None:
    record = DUMP.replace("Tue Jul 22 00:00:00 +0200 2008", printed)
    assert read_text(record).provenance.claims.date == claimed


def test_a_date_that_is_none_is_not_claimed() -> None:
    record = DUMP.replace("Tue Jul 22 00:00:00 +0200 2008", "22 July 2008")
    assert read_text(record, reader="dump").provenance.claims.date is None


def test_an_empty_subject_is_none_and_a_record_may_end_after_its_lines() -> None:
    source = read_text("\n".join(DUMP.replace("FERRIES AND QUOTAS", "").split("\n")[:5]))
    assert source.provenance.claims.subject is None
    assert source.furniture[-1].span.end == len(source.text)


# --- site ----------------------------------------------------------------------------------------------


def test_a_site_page_is_its_two_blocks_and_nothing_else(tmp_path: Path) -> None:
    source = only_source(write(tmp_path, "a.html", PAGE.format(blocks=HEADER_BLOCK + BODY_BLOCK)))
    header = "DE RUEHLO #3101\nTO RUEHC/SECSTATE WASHDC"
    body = 'C O N F I D E N T I A L LONDON 003101 \n \nTAGS: PREL UK\n¶1. (C) A < B & "C".  \n'
    assert source.text == f"{header}\n\n{body}"
    assert source.header_end == len(header)
    claims = source.provenance.claims
    assert claims.date == "2008-07-22T15"
    assert (claims.id, claims.subject) == ("08LONDON3101", "FERRIES & QUOTAS")
    assert (claims.classification, claims.origin) == ("CONFIDENTIAL//NOFORN", "Embassy London")
    assert source.provenance.repairs[1].step == "pre"
    assert "characters of page left out" in source.provenance.repairs[1].detail


@pytest.mark.parametrize(
    ("blocks", "text", "header_end"),
    [
        (HEADER_BLOCK + "<pre></pre>", "DE RUEHLO #3101\nTO RUEHC/SECSTATE WASHDC", 40),
        ("<pre></pre><pre>UNCLAS</pre>", "UNCLAS", 0),
        ("<pre>UNCLAS</pre>", "UNCLAS", None),
    ],
)
def test_a_block_may_be_empty_or_missing(blocks: str, text: str, header_end: int | None) -> None:
    source = read_text(PAGE.format(blocks=blocks))
    assert (source.text, source.header_end) == (text, header_end)


def test_of_a_saved_site_only_cable_pages_are_read_and_the_rest_is_counted(tmp_path: Path) -> None:
    index = "<html><head><title>Cable Viewer</title></head><body><table class='list'></table></body></html>"
    write(tmp_path, "cable/2008/07/08LONDON3101.html", PAGE.format(blocks=BODY_BLOCK))
    write(tmp_path, "date/2008-07_0.html", index)
    write(tmp_path, "static/gfx/logo.png", b"\x89PNG\r\n")
    write(tmp_path, "static/css/cables.css", "body {}")
    progress = Progress()
    (item,) = read_sources([tmp_path], progress=progress)
    assert isinstance(item, Source)
    assert progress.skipped == {
        "pages of the release site that show no cable": 1,
        "images, styles and scripts": 2,
    }
    assert isinstance(only_failure(tmp_path / "date/2008-07_0.html"), Failure), "named by the user: no skipping"


# --- cables.csv ----------------------------------------------------------------------------------------


def row(number: int, body: str = "S E C R E T LONDON 003101\nText.", **fields: str) -> str:
    cells = [
        str(number),
        fields.get("date", "7/2/2008 9:05"),
        fields.get("id", f"08LONDON{number}"),
        "Embassy London",
        "SECRET",
        fields.get("references", "08PARIS1|07STATE22"),
        fields.get("header", "DE RUEHLO\nTO RUEHC"),
        body,
    ]
    return ",".join('"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"' for cell in cells) + "\n"


def read_rows(tmp_path: Path, data: str | bytes) -> list[Source | Failure]:
    return list(read_sources([write(tmp_path, "cables.csv", data)]))


@pytest.mark.parametrize(
    "names", ["id,date,name,origin,class,refs,header,body\n", '"a","b","c","d","e","f","g","h"\r\n']
)
def test_a_row_of_column_names_is_passed_over(tmp_path: Path, names: str) -> None:
    row = '"1","7/22/2008 9:30","08LONDON3101","Embassy London","SECRET","","R 220930Z","1. Ferries."\n'
    (source,) = read_sources([write(tmp_path, "cables.csv", names + row)])
    assert isinstance(source, Source) and source.provenance.claims.id == "08LONDON3101"
    assert source.provenance.locator.endswith("cables.csv#1")


def test_a_row_is_a_source_with_the_columns_as_claims(tmp_path: Path) -> None:
    one, two = read_rows(tmp_path, row(1) + row(2, references=""))
    assert isinstance(one, Source) and isinstance(two, Source)
    assert one.text == "DE RUEHLO\nTO RUEHC\n\nS E C R E T LONDON 003101\nText."
    assert one.header_end == len("DE RUEHLO\nTO RUEHC")
    claims = one.provenance.claims
    assert (claims.id, claims.date, claims.origin) == ("08LONDON1", "2008-07-02T09:05", "Embassy London")
    assert claims.references == ("08PARIS1", "07STATE22")
    assert two.provenance.claims.references == ()
    assert two.provenance.locator.endswith("cables.csv#2")


@pytest.mark.parametrize(
    "body",
    [
        'He said "no" twice.',
        'ends with a quote"',
        '"',
        "back\\slash \\",
        "every line\\\nends so\\\n",
        "\n\nblank lines\n\n",
        "Windows\r\nline ends\r\n",
        "",
        'row within:\n34552,6/13/2005 15:12,05BOGOTA16,"Embassy ""Bogota""",SECRET,,"text","more"\nand on',
        "date within:\n12,7/2/2008 9:05,and on",
        "São Tomé — “quoted”",
    ],
)
def test_any_body_comes_back_as_it_was(tmp_path: Path, body: str) -> None:
    rows = read_rows(tmp_path, row(1) + row(2, body) + row(3))
    texts = [item.text[item.header_end :] for item in rows if isinstance(item, Source)]
    assert len(rows) == len(texts) == 3
    assert texts[1] == ("\n\n" + body if body else "")


def test_doubled_quotes_and_bare_cells_are_read_too(tmp_path: Path) -> None:
    (item,) = read_rows(tmp_path, '7,6/13/2005 15:12,05UNVIE16,UNVIE,SECRET,,"R 131512Z","He said ""no""."\n')
    assert isinstance(item, Source)
    assert item.text == 'R 131512Z\n\nHe said "no".'


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('"2","7/2/2008 9:05","08LONDON2","Embassy London","SECRET"\n', "5 columns instead of 8"),
        (
            '"2","7/2/2008 9:05","08LONDON2","Embassy London","SECRET","","head","never closed\n\nend\n',
            "quotes",
        ),
        (
            '"2","7/2/2008 9:05","08LONDON2","Embassy London","SECRET","","a","he "said" so"\nmore"\n',
            "quotes",
        ),
        (row(2).rstrip("\n") + ',"one too many"\n', "9 columns instead of 8"),
    ],
)
def test_a_broken_row_fails_alone_with_its_line(tmp_path: Path, broken: str, reason: str) -> None:
    first, failure, third = read_rows(tmp_path, row(1) + broken + row(3))
    assert isinstance(first, Source) and isinstance(third, Source)
    assert third.provenance.claims.id == "08LONDON3"
    assert isinstance(failure, Failure)
    assert failure.locator.endswith("cables.csv#2")
    assert "line 4:" in failure.reason and reason in failure.reason


def test_bare_rows_after_a_quote_that_is_never_closed_are_found_by_their_number(tmp_path: Path) -> None:
    start = "{0},6/13/2005 15:12,05UNVIE{0},UNVIE,SECRET,,"
    bare = start + '"R 131512Z","Text\n9,6/13/2005 15:12,05UNVIE9,UNVIE,,{1}\n'
    rows = read_rows(tmp_path, bare.format(1, '"') + bare.format(2, "") + bare.format(3, '"') + bare.format(4, '"'))
    assert [isinstance(item, Source) for item in rows] == [True, False, True, True]


def test_a_row_that_is_no_utf8_is_guessed_and_says_so(tmp_path: Path) -> None:
    data = row(1).encode() + row(2, "caf\xe9").encode("cp1252") + row(3, "café").encode()
    rows = read_rows(tmp_path, data)
    steps = [item.provenance.repairs[0].detail for item in rows if isinstance(item, Source)]
    assert steps == ["utf-8", "cp1252 (guessed)", "utf-8"]
    for item in rows:
        assert isinstance(item, Source)
        assert replay(data, item.provenance.repairs) == item.text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_table_with_a_byte_order_mark_is_read(tmp_path: Path, encoding: str) -> None:
    data = (row(1) + row(2, "naïve")).encode(encoding)
    one, two = read_rows(tmp_path, data)
    assert isinstance(one, Source) and isinstance(two, Source)
    assert one.provenance.claims.id == "08LONDON1"
    assert replay(data, two.provenance.repairs) == two.text


def test_a_field_of_ten_megabytes_is_read(tmp_path: Path) -> None:
    body = "long line of a cable\n" * 500_000
    rows = read_rows(tmp_path, row(1) + row(2, body) + row(3))
    assert [isinstance(item, Source) for item in rows] == [True, True, True]
    assert isinstance(rows[1], Source) and rows[1].text.endswith(body)


def test_a_quote_that_is_never_closed_costs_one_row_and_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reftel.readers.cables_csv.MAX_ROW", 1 << 16)
    assert MAX_ROW > 1 << 16
    endless = '"2","7/2/2008 9:05","08LONDON2","Embassy London","SECRET","","","' + "x" * (5 << 20) + "\n"
    data = (row(1) + endless + row(3)).encode()
    rows = list(read_sources(["-"], stdin=BytesIO(data)))
    assert [isinstance(item, Source) for item in rows] == [True, False, True]
    assert isinstance(rows[1], Failure) and "never closed" in rows[1].reason


def test_the_made_up_table_is_the_same_every_time_and_every_row_is_a_cable() -> None:
    one, two = BytesIO(), BytesIO()
    assert write_csv(one, rows=200) == write_csv(two, rows=200) == 200
    assert one.getvalue() == two.getvalue()
    items = list(read_sources(["-"], stdin=BytesIO(one.getvalue())))
    assert len([item for item in items if isinstance(item, Source)]) == 200


def test_a_large_table_is_read_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "cables.csv"
    with path.open("wb") as out:
        count = write_csv(out, size=20_000_000)
    tracemalloc.start()
    try:
        sources = sum(isinstance(item, Source) for item in read_sources([path]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sources == count
    assert peak < 8_000_000


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), max_size=4))
def test_any_table_comes_back_cell_by_cell(bodies: list[str]) -> None:
    data = "".join(row(number, "B" + body + "E") for number, body in enumerate(bodies, start=1)).encode()
    items = list(read_sources(["-"], reader="cables-csv", stdin=BytesIO(data)))
    texts = [item.text.partition("\n\n")[2] if isinstance(item, Source) else item for item in items]
    assert texts == ["B" + body + "E" for body in bodies]


# --- news ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", cases("readers_news.toml"))
def test_of_a_news_page_only_the_page_is_furniture(row: dict[str, Any]) -> None:
    source = read_text(row["page"])
    assert source.provenance.reader == "news"
    assert source.text == row["page"]
    assert source.provenance.claims.subject == row["title"]
    pieces = [segment.span.of(source.text) for segment in source.furniture]
    for wanted in row["furniture"]:
        assert any(wanted in piece for piece in pieces), wanted
    for wanted in row["cable"]:
        assert not any(wanted in piece for piece in pieces), wanted
    assert sum(len(piece) for piece in pieces) < len(source.text)


def as_html(page: str) -> str:
    blocks = page.strip().split("\n\n")
    lines = [f"<p>{block.replace(chr(10), '<br>' + chr(10))}</p>" for block in blocks if block.strip()]
    return (
        "<!DOCTYPE html>\n<html><head><title>x</title><script>var a = '<p>';</script></head><body>"
        "<nav>Home | World</nav><div><article>" + "\n".join(lines) + "</article></div></body></html>"
    )


@pytest.mark.parametrize("row", cases("readers_news.toml"))
def test_the_same_page_in_html_gives_the_same_furniture(row: dict[str, Any]) -> None:
    source = read_text(as_html(row["page"]))
    assert source.provenance.reader == "news"
    assert "Home | World" not in source.text or "body taken" in source.provenance.repairs[-1].detail
    assert source.provenance.claims.subject == row["title"]
    pieces = [segment.span.of(source.text) for segment in source.furniture]
    for wanted in row["furniture"]:
        assert any(" ".join(wanted.split()) in piece for piece in pieces), wanted
    for wanted in row["cable"]:
        assert not any(wanted in piece for piece in pieces), wanted


def test_visible_text_keeps_the_lines_a_reader_would_see() -> None:
    page = (
        "<html><body><style>p {}</style><p>One\n two<br>three</p><div>four<div>five</div></div><!-- six -->"
        "<pre>seven\n  eight</pre>nine <b>ten</b> <i>eleven</i><ul><li>a</li><li>b &amp; c</li></ul></body>"
    )
    expected = "One two\nthree\n\nfour\nfive\n\nseven\n  eight\n\nnine ten eleven\n\na\nb & c\n"
    assert visible_text(page) == (expected, "body")


def test_the_longest_article_of_a_page_is_its_main_part() -> None:
    teaser, story = "Harbour news. " * 30, "1. (U) Ferries. " * 40
    parts = "".join(f"<article>{part}</article>" for part in (teaser, story, teaser))
    page = f"<html><body>{parts}</body></html>"
    assert visible_text(page) == (story.strip() + "\n", "article")


def test_a_page_may_be_nested_deep_but_not_beyond_reason() -> None:
    def nested(depth: int) -> str:
        return "<html><body>" + "<div>" * depth + "UNCLAS LONDON 003101" + "</div>" * depth + "</body></html>"

    assert read_text(nested(2_000)).text.strip() == "UNCLAS LONDON 003101"
    with pytest.raises(UnreadableError, match="nested deeper"):
        read_text(nested(100_000))


def test_a_tag_with_thousands_of_attributes_is_refused() -> None:
    with pytest.raises(UnreadableError, match="attributes"):
        read_text("<html><body " + " ".join(f"a{i}=1" for i in range(20_000)) + ">UNCLAS LONDON 003101")


@pytest.mark.corpus
def test_the_seeds_are_read() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared folder is not beside the checkout")
    (page,) = read_sources(sorted((SHARED / "seeds").glob("000*")))
    (record,) = read_sources(sorted((SHARED / "seeds").glob("003*")))
    assert isinstance(page, Source) and isinstance(record, Source)
    assert page.provenance.reader == "news"
    assert [segment.span[0] == 0 for segment in page.furniture] == [True, False, False]
    left = page.text[page.furniture[0].span.end : page.furniture[2].span.start].strip()
    assert left.startswith("DE RUEHMO") and left.endswith('"I agree."')
    assert record.provenance.reader == "dump"
    assert record.provenance.claims.id == "09LONDON2499"


# --- decoding and replay -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "detail"),
    [("\r", "utf-8, carriage returns made line feeds"), ("\r\n", "utf-8"), ("\n", "utf-8"), ("\n\r", "utf-8")],
)
def test_only_lone_carriage_returns_become_line_feeds(tmp_path: Path, end: str, detail: str) -> None:
    data = DUMP.replace("\n", end).encode()
    source = only_source(write(tmp_path, "a.txt", data), reader="telegram")
    assert source.text == (DUMP if end == "\r" else data.decode())
    assert source.provenance.repairs[0].detail == detail
    assert replay(data, source.provenance.repairs) == source.text


@pytest.mark.parametrize(
    ("encoding", "detail"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("utf-16-le", "utf-16-le (guessed)"),
        ("utf-16-be", "utf-16-be (guessed)"),
        ("cp1252", "cp1252 (guessed)"),
    ],
)
def test_the_encoding_is_recorded_and_can_be_replayed(tmp_path: Path, encoding: str, detail: str) -> None:
    data = DUMP.replace("¶", "café ").encode(encoding)
    source = only_source(write(tmp_path, "a.txt", data))
    assert source.text == DUMP.replace("¶", "café ")
    assert source.provenance.repairs[0].detail == detail
    assert replay(data, source.provenance.repairs) == source.text


def test_bytes_without_meaning_in_windows_1252_become_latin_1(tmp_path: Path) -> None:
    data = DUMP.encode("latin-1") + b"\x9d"
    source = only_source(write(tmp_path, "a.txt", data))
    assert source.provenance.repairs[0].detail == "latin-1 (guessed)"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.4 ...", "PDF. Save it as text first"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"{\\rtf1 UNCLAS}", "rich-text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Office"),
        (b"UNCLAS\x00\x01\x02\x03 binary", "NUL"),
        (bytes(range(1, 256)) * 4, "control bytes"),
        (b"\xff\xfeU\x00N\x00\x00\xd8", "utf-16"),
        (b"", "empty"),
        (b" \n \n", "empty"),
    ],
)
def test_what_is_no_text_is_refused_with_a_way_out(tmp_path: Path, data: bytes, words: str) -> None:
    failure = only_failure(write(tmp_path, "a.bin", data))
    assert words in failure.reason and "a.bin" in failure.reason


def test_a_text_with_half_characters_is_refused() -> None:
    with pytest.raises(UnreadableError, match="surrogates"):
        read_text("UNCLAS LONDON 003101\n\ud800")


def test_a_step_that_is_no_readers_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="no reader has a step"):
        replay(b"", [Repair("fax", "")])


BITS = st.sampled_from(
    [
        "Cablegate: Ferries\n",
        "Advertisement\n",
        "© Post\n",
        "\n",
        "1. (C) Text",
        "08LONDON3101\n",
        "Tue Jul 22 00:00:00 +0200 2008\n",
        "UNCLAS LONDON 003101\n",
        "<html><body>",
        "<table class='cable'>",
        "<pre>",
        "</pre>",
        "<p>",
        "<br>",
        '"1","7/2/2008 9:05","08LONDON1",',
        '"',
        "\\",
        ",",
        "\r\n",
        "\ufeff",
        "This record is a partial extract of the original cable.",
    ]
)
TEXTS = st.lists(BITS | st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=12).map("".join)


@settings(max_examples=200)
@given(TEXTS)
def test_any_text_is_read_or_refused_and_every_reading_can_be_replayed(text: str) -> None:
    data = text.encode()
    for name in (None, *READERS):
        for item in read_sources(["-"], reader=name, stdin=BytesIO(data)):
            if isinstance(item, Failure):
                assert item.reason.endswith((".", ")"))
                continue
            assert replay(data, item.provenance.repairs) == item.text
            at = 0
            for segment in item.furniture:
                assert at <= segment.span.start < segment.span.end <= len(item.text)
                at = segment.span.end
            assert item.header_end is None or 0 <= item.header_end <= len(item.text)
        try:
            source = read_text(text, reader=name)
        except ReftelError:
            continue
        assert source.provenance.locator == "text"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for item in read_sources(["-"], stdin=BytesIO(data)):
        if isinstance(item, Source):
            assert replay(data, item.provenance.repairs) == item.text


@pytest.mark.parametrize(
    "bit", ["1", '"1","7/2/2008 9:05",', "<div>", "Cable: ", "C ", "A\n\n", " ", "¶", "--", "©\n\n", "(c) "]
)
def test_reading_time_grows_with_length_only(bit: str) -> None:
    def read_all(data: bytes) -> None:
        for name in (None, "news", "cables-csv", "site", "telegram"):
            list(read_sources(["-"], reader=name, stdin=BytesIO(data)))

    assert grows_with_length(lambda count: (bit * count).encode(), read_all, 5_000, 40_000)


@pytest.mark.corpus
def test_a_site_page_and_its_dump_record_have_the_same_characters() -> None:
    archives = [SHARED / "corpus" / "dump.tar.xz", SHARED / "corpus" / "site.tar.xz"]
    if not archives[0].exists():
        pytest.skip("the shared folder is not beside the checkout")
    records, pages = (
        {item.provenance.claims.id: item for item in read_sources([path]) if isinstance(item, Source)}
        for path in archives
    )
    assert (len(records), len(pages)) == (2190, 579)
    for cable_id, page in pages.items():
        record = records[cable_id]
        assert page.header_end is not None
        glued = page.text[: page.header_end] + page.text[page.header_end :].removeprefix("\n\n")
        assert record.text[record.furniture[-1].span.end :] == glued
        assert page.provenance.claims.classification == record.provenance.claims.classification
        assert (page.provenance.claims.date or "")[:10] == record.provenance.claims.date
