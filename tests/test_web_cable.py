"""The page of a cable, its source as found, its citations and files; how a text is set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from archives import demo_home, new_archive, shared_archive
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from rooms import open_room, page, texts
from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.testclient import TestClient

import reftel
from reftel.model import Cable, Findings, Span
from reftel.text import one_line
from reftel.web.differences import compare_texts
from reftel.web.discretion import short_locator, without_folders
from reftel.web.leaf import CUT_OUT, make_leaf, paragraph_ids
from reftel.web.places import address_segment
from reftel.web.saying import visible
from reftel.web.typesetting import GLOSS, LINK, MARK, TINT, Layer, Layers, find_blocks, set_text


@pytest.fixture(scope="module")
def room() -> Iterator[TestClient]:
    with open_room(demo_home()) as client:
        yield client


def own_text(node: LexborNode) -> str:
    """The text of an element without what is ours in it."""
    tree = LexborHTMLParser(node.html or "")
    for ours in tree.css(".x"):
        ours.decompose()
    return tree.body.text() if tree.body else ""


def test_every_character_of_the_text_stands_where_its_offset_says(room: TestClient) -> None:
    for address in ("08TALLINN402", "09QUITO733", "88NAIROBI17245", "08USNATO388"):
        cable = shared_archive().get(address)
        tree = page(room, f"/cable/{address}?q=the+minister")
        masked = shared_archive().mask(cable)
        pieces = tree.css(".leaf [data-o]")
        assert pieces, address
        for piece in pieces:
            start = int(piece.attributes["data-o"] or "")
            said = own_text(piece)
            assert visible(masked.text[start : start + len(said)]) == said


def test_all_of_each_paragraph_is_shown(room: TestClient) -> None:
    for cable in shared_archive().cables():
        address = cable.id
        if address is None or len(shared_archive().find(address)) > 1:
            continue
        masked = shared_archive().mask(cable)
        shown = "".join(own_text(node) for node in page(room, f"/cable/{address}").css(".print [data-o]"))
        whole = "".join(span.of(masked.text) for p in masked.paragraphs for span in p.spans)
        assert "".join(shown.split()) == "".join(visible(whole).split()), address


def test_the_head_says_what_is_known(room: TestClient) -> None:
    tree = page(room, "/cable/08TALLINN402")
    card = {row.css_first("dt").text(): " ".join(row.css_first("dd").text().split()) for row in tree.css(".card > div")}
    assert card["From"] == "Embassy Tallinn"
    assert "PREL external political relations" in card["Tags"]
    links = {node.text(): node.attributes["href"] for node in tree.css(".card li a")}
    assert links["TALLINN 96"] == "/cable/08TALLINN96"
    assert "08TALLINN561" in card["Cited by"]
    assert card["Found in"].startswith("08TALLINN402.txt read as dump")
    assert texts(tree, ".beside a") == ["← 08TALLINN96", "08TALLINN561 →"]
    assert "08TALLINN561" in " ".join(texts(tree, ".near li"))


def test_a_reference_that_is_not_held_has_no_link(room: TestClient) -> None:
    held = shared_archive()
    for cable in held.cables():
        for one in held.references(held.find(cable.id or "#1")[0])[0]:
            if one.reference.target and not one.held:
                tree = page(room, f"/cable/{cable.id}")
                assert any(f"{one.reference.target}, not in this archive" in text for text in texts(tree, ".card li"))
                return
    pytest.fail("every reference of the demo is held")


def test_the_margin_says_who_says_what(room: TestClient) -> None:
    tree = page(room, "/cable/08TALLINN402")
    first = tree.css_first("#p1 .margin")
    assert " ".join(first.text().split()).startswith("Kallaste told")
    findings = shared_archive().findings(shared_archive().find("08TALLINN402")[0])
    assert findings is not None
    assert len(tree.css(".leaf [id^=s]")) == len(findings.statements)


def test_hits_are_marked_and_counted(room: TestClient) -> None:
    tree = page(room, "/cable/08TALLINN402?q=kallaste+pipeline")
    assert {text.lower() for text in texts(tree, ".leaf mark.find")} == {"kallaste", "pipeline"}
    assert texts(tree, ".hitbar mark") == [f"{len(tree.css('.leaf mark.find'))} words"]


def test_a_link_to_a_span_marks_just_these_characters(room: TestClient) -> None:
    cable = shared_archive().get("08TALLINN402")
    start = cable.text.index("a voting monitor")
    tree = page(room, f"/cable/08TALLINN402?at={start}-{start + 16}")
    assert "".join(node.text() for node in tree.css("mark.at")) == "a voting monitor"
    assert len(tree.css("#at")) == 1


@pytest.mark.parametrize("at", ["99999999-999999999", "1000000-1000001"])
def test_a_span_that_is_not_there_leaves_the_text(room: TestClient, at: str) -> None:
    tree = page(room, f"/cable/08TALLINN96?at={at}")
    assert len(tree.css("section.para")) == len(page(room, "/cable/08TALLINN96").css("section.para"))
    assert "are not in this text" in texts(tree, "main")[0]


def test_a_masked_cable_says_so(room: TestClient) -> None:
    assert "has a pseudonym" in texts(page(room, "/cable/09ANKARA287"), "main")[0]
    assert "has a pseudonym" not in texts(page(room, "/cable/95NAIROBI6620"), "main")[0]


def test_reference_managers_find_the_cable(room: TestClient) -> None:
    tree = page(room, "/cable/08TALLINN402")
    meta = {node.attributes["name"]: node.attributes["content"] for node in tree.css("meta[name^=citation]")}
    assert meta["citation_date"] == "2008-09-17"
    assert meta["citation_technical_report_number"] == "08TALLINN402"
    kinds = {node.attributes["type"]: node.attributes["href"] for node in tree.css("link[rel=alternate]")}
    assert kinds["application/x-bibtex"] == "/cable/08TALLINN402.bib"
    assert "rft.identifier=08TALLINN402" in (tree.css_first("span.Z3988").attributes["title"] or "")


@pytest.mark.parametrize(
    ("form", "begins"), [("bib", "@"), ("ris", "TY  - "), ("csl", "["), ("md", "# "), ("json", "{"), ("txt", "")]
)
def test_a_cable_as_a_file(room: TestClient, form: str, begins: str) -> None:
    answer = room.get(f"/cable/08TALLINN402.{form}")
    assert answer.status_code == 200
    assert answer.text.startswith(begins)
    assert "demo/collection" not in answer.text


def test_citations_of_a_paragraph(room: TestClient) -> None:
    assert "para. 6" in texts(page(room, "/cable/08TALLINN402/cite?paragraph=6"), "#cite-chicago")[0]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/cable/09NOWHERE1", 404, "There is no cable 09NOWHERE1"),
        ("/cable/08TALLINN402?at=9-2", 400, "two offsets"),
        ("/cable/08TALLINN402?start=x", 400, "an offset"),
        ("/cable/08TALLINN402/source?witness=9", 400, "from 1 to 3"),
        ("/cable/08TALLINN402/cite?paragraph=99", 400, "has no paragraph 99"),
        ("/cable/08TALLINN402.exe", 404, "There are: json"),
        ("/cable/08TALLINN402?q=from:(", 400, "The query cannot be read"),
    ],
)
def test_a_slip_is_told(room: TestClient, path: str, status: int, said: str) -> None:
    answer = room.get(path)
    assert (answer.status_code, said in answer.text) == (status, True)


def test_an_id_in_any_form_leads_to_its_cable(room: TestClient) -> None:
    answer = room.get("/cable", params={"id": "08 Tallinn 00402"}, follow_redirects=False)
    assert answer.headers["location"] == "/cable/08TALLINN402"


def test_the_source_is_shown_whole_and_named(room: TestClient) -> None:
    cable = shared_archive().mask(shared_archive().get("08TALLINN402"))
    tree = page(room, "/cable/08TALLINN402/source")
    assert "".join(node.text() for node in tree.css("pre.sheet [data-o]")) == visible(cable.text)
    assert any("the DE line" in text for text in texts(tree, "aside li"))


def test_a_hostile_cable_is_only_text(tmp_path: Path) -> None:
    words = (
        '<script>alert(1)</script> <img src=x onerror=alert(1)> "quoted" \u202ereversed\u202c &amp; \x01 </p></main>'
    )
    path = tmp_path / "hostile.txt"
    path.write_text(
        "UNCLAS LISBON 000007\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: PREL, <b>X</b>\nSUBJECT: A <i>SUBJECT</i> ONLOAD=ALERT(1)\n\n"
        f"1. (U) Minister <b>Osk</b> Tamm said {words}.\n\n2. (U) End.\n\nHALVORSEN\n",
        "utf-8",
    )
    with new_archive(tmp_path) as archive:
        archive.add([path], workers=0)
        (address,) = map(address_segment, archive.addresses([1]))
        folder = archive.folder
    with open_room(folder) as room:
        for place in (
            f"/cable/{address}",
            f"/cable/{address}/source",
            f"/cable/{address}/cite",
            "/search?q=minister",
            "/statements?q=tamm",
        ):
            answer = room.get(place)
            assert answer.status_code == 200
            tree = LexborHTMLParser(answer.text)
            assert not tree.css("main script, main img, main b, main i"), place
            assert not any(name.startswith("on") for node in tree.css("main *") for name in node.attributes), place
            assert "\u202e" not in answer.text and "\x01" not in answer.text, place


def test_a_very_long_text_goes_on_over_several_pages(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    words = "the ferry to the islands is late again and nobody says why "
    path.write_text(
        f"UNCLAS LISBON 000007\n\nE.O. 12958: N/A\nTAGS: PREL\nSUBJECT: LONG\n\n1. (U) {words * 12_000}.\n\n2. (U) The end of it.\n\nHALVORSEN\n",
        "utf-8",
    )
    with new_archive(tmp_path) as archive:
        archive.add([path], workers=0, extract=False)
        whole = archive.get("#1")
        (address,) = map(address_segment, archive.addresses([1]))
        folder = archive.folder
    seen = ""
    with open_room(folder) as room:
        next_page: str | None = f"/cable/{address}"
        for _ in range(9):
            assert next_page is not None
            tree = page(room, next_page)
            seen += "".join(own_text(node) for node in tree.css(".print [data-o]"))
            onward = [n.attributes["href"] for n in tree.css(".leaf .said a")]
            next_page = onward[0] if onward else None
            if next_page is None:
                break
    expected = "".join(span.of(whole.text) for p in whole.paragraphs for span in p.spans)
    assert "".join(seen.split()) == "".join(expected.split())


def test_two_texts_of_a_cable_side_by_side(room: TestClient) -> None:
    tree = page(room, "/cable/08TALLINN402/compare")
    assert texts(tree, ".sidebyside thead th")[1:] == ["1. dump 08TALLINN402.txt", "2. site 08TALLINN402.html"]
    assert texts(page(room, "/cable/08TALLINN402/compare?left=1&right=1"), ".said") == ["No word differs."]
    news = page(room, "/cable/08TALLINN402/compare?right=3")
    assert tree.css(".sidebyside tr.same") or tree.css(".said")
    assert news.css(".sidebyside ins, .sidebyside del")


def with_text(paragraphs: list[str]) -> Cable:
    text = (
        "UNCLAS LISBON 000007\n\nSUBJECT: X\n\n"
        + "\n\n".join(f"{i}. (U) {t}" for i, t in enumerate(paragraphs, 1))
        + "\n\nHALVORSEN\n"
    )
    return reftel.parse(text)


@given(
    st.lists(
        st.lists(st.sampled_from(["ferry", "late", "minister", "quota"]), min_size=1, max_size=6),
        min_size=1,
        max_size=5,
    ),
    st.data(),
)
def test_what_is_not_marked_is_the_same_on_both_sides(paragraphs: list[list[str]], data: st.DataObject) -> None:
    other = [data.draw(st.permutations(words)) for words in paragraphs]
    compared = compare_texts(
        with_text([" ".join(words) for words in paragraphs]), with_text([" ".join(words) for words in other])
    )
    for row in compared.rows:
        if row.kind == "changed":
            same = [[w for words, only in side if not only for w in words.split()] for side in (row.left, row.right)]
            assert same[0] == same[1]
    assert (compared.left_only == 0) == (compared.right_only == 0)


# --- setting a text ------------------------------------------------------------------------------------

SPANS = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda ends: Span(min(ends), max(ends)))
LAYERS = st.lists(st.tuples(SPANS, st.sampled_from([MARK, TINT, GLOSS])), max_size=12)


@given(text=st.text(min_size=60, max_size=60), layers=LAYERS, cut=st.integers(0, 60))
def test_any_layers_leave_the_text_as_it_is(text: str, layers: list[tuple[Span, str]], cut: int) -> None:
    laid = Layers([Layer(span, kind, "a", "b") for span, kind in layers] + [Layer(Span(10, 20), LINK, "who", "/x")])
    set_ = [set_text(text, span, laid) for span in (Span(0, cut), Span(cut, 60))]
    tree = LexborHTMLParser(f"<main><pre>\n{set_[0]}{set_[1]}</pre></main>")
    assert tree.css_first("main").text() == visible(text)


@given(text=st.text(alphabet="ab. \n", max_size=80), cuts=st.lists(st.integers(0, 80), max_size=6))
def test_blocks_hold_every_word_of_their_pieces(text: str, cuts: list[int]) -> None:
    ends = sorted({min(cut, len(text)) for cut in cuts})
    spans = [Span(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    blocks = list(find_blocks(text, spans))
    shown = "".join(span.of(text) for block in blocks for span in block.spans)
    assert shown.split() == "".join(span.of(text) for span in spans).split() or not shown.strip()
    assert all(len(block.gaps) == len(block.spans) - 1 for block in blocks)


def test_a_page_break_inside_a_sentence_leaves_one_block() -> None:
    text = "He said he\n\nLISBON 00000007  002 OF 003\n\nwould go.\n\nHe went."
    first, second = Span(0, 12), Span(41, len(text))
    blocks = list(find_blocks(text, [first, second]))
    assert [[span.of(text).split() for span in block.spans] for block in blocks] == [
        [["He", "said", "he"], ["would", "go."]],
        [["He", "went."]],
    ]


def test_all_that_was_cut_out_of_a_text_is_told_where_it_stood() -> None:
    seen: set[str] = set()
    for cable in shared_archive().cables():
        if not cable.paragraphs or not cable.paragraphs[0].spans:
            continue
        leaf = make_leaf(cable, None, None, None)
        told = Markup(" ").join(
            [*(m for part in leaf.parts for m in (*part.before, *(b[1] for b in part.blocks))), *leaf.after]
        )
        tips = [tip.text() for tip in LexborHTMLParser(told).css(".tip")]
        for segment in cable.segments:
            words = one_line(segment.span.of(cable.text))[:60]
            if segment.kind in CUT_OUT and segment.span.start > cable.paragraphs[0].spans[0].start:
                assert any(words in tip for tip in tips), (cable.id, segment)
                seen.add(segment.kind)
    assert {"page_break", "section_break", "foreign_cable", "injected"} <= seen


def test_a_break_between_two_paragraphs_stands_in_the_margin_of_the_second(room: TestClient) -> None:
    tree = page(room, "/cable/95NAIROBI6620")
    [note] = tree.css(".margin .breaknote")
    assert note.text().startswith("¦ page breakLeft out here: the artefact between two pages:")
    assert note.parent is not None and note.parent.parent is not None
    assert note.parent.parent.attributes["id"] == "p2"
    assert "foreign cable" in page(room, "/cable/07TALLINN688").css(".leaf > .breaknote")[-1].text()


@pytest.mark.parametrize(
    ("numbers", "ids"),
    [([1, 2, 3], ["p1", "p2", "p3"]), ([None, 1, 1, None], ["u1", "p1", "p1-2", "u2"]), ([], [])],
)
def test_paragraphs_have_names_of_their_own(numbers: list[int | None], ids: list[str]) -> None:
    held = shared_archive().get("08TALLINN402").paragraphs[0]
    assert paragraph_ids([msgspec.structs.replace(held, number=number) for number in numbers]) == ids


@pytest.mark.parametrize(
    ("locator", "short"),
    [
        ("/srv/held/box.zip!inner/a.txt", "box.zip!inner/a.txt"),
        ("a.txt", "a.txt"),
        ("C:\\held\\a.txt", "a.txt"),
        ("held/table.csv#3", "table.csv#3"),
        ("/srv/hers!/a.txt", "a.txt"),
        ("../hers!/box.zip!inner/a.txt", "a.txt"),
        ("stdin:0f1e2d3c4b5a", "stdin:0f1e2d3c4b5a"),
    ],
)
def test_no_folder_of_the_server_is_told(locator: str, short: str) -> None:
    assert short_locator(locator) == short


@pytest.mark.parametrize(
    ("locator", "said", "shown"),
    [
        ("../in put/t.csv#3", "Row 3 of in put/t.csv, line 7: 9 columns.", "Row 3 of t.csv, line 7: 9 columns."),
        ("../in/box.zip!a/b.txt", "/srv/in/box.zip!a/b.txt is damaged.", "box.zip!a/b.txt is damaged."),
        ("../in/a.txt", "Errno 2: '/mnt/other/b.txt' is gone.", "Errno 2: 'b.txt' is gone."),
        ("../in/a.txt", "No SUBJECT/TAGS line, and N/A.", "No SUBJECT/TAGS line, and N/A."),
        ("", "An empty path was given.", "An empty path was given."),
    ],
)
def test_no_reason_tells_a_folder_of_the_server(locator: str, said: str, shown: str) -> None:
    assert without_folders(said, locator, Path("/srv/archive")) == shown


def test_a_leaf_without_findings_has_no_voices() -> None:
    cable: Cable = shared_archive().get("08TALLINN402")
    nothing: Findings | None = None
    leaf = make_leaf(cable, nothing, None, None)
    assert not any(part.voices for part in leaf.parts)
    assert (
        json.dumps([part.id for part in leaf.parts if part.place is not None]) == '["p1", "p2", "p3", "p4", "p5", "p6"]'
    )
