"""The desk in a real browser: words are selected, noted on and found again; keys, no scripts, eyes that see badly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import demo_archive, new_archive, write_dump
from axe_playwright_python.sync_playwright import Axe
from browsing import open_browser, serve_room, watched
from playwright.sync_api import Browser, Page, expect

from reftel.archive.anchors import make_anchor
from reftel.archive.desk import Desk
from reftel.workbench import Archive

pytestmark = pytest.mark.xdist_group("browser")

# Selects words of the text as a reader would, wherever they begin and end; a blank stands for any white space, or the end of a paragraph.
SELECT = """(words) => {
  const walker = document.createTreeWalker(document.querySelector(".leaf"), NodeFilter.SHOW_TEXT);
  const places = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest("[data-o]") || node.parentElement.closest(".x")) continue;
    for (let i = 0; i < node.data.length; i++) places.push([node, i]);
    text += node.data;
  }
  const found = new RegExp(words.split(" ").map(RegExp.escape ?? ((one) => one.replace(/[.*+?^${}()|[\\]\\\\]/g, "\\\\$&"))).join("\\\\s*")).exec(text);
  const [first, last] = [places[found.index], places[found.index + found[0].length - 1]];
  const range = document.createRange();
  range.setStart(...first);
  range.setEnd(last[0], last[1] + 1);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as one:
        yield one


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_archive(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def address(demo: Path) -> Iterator[str]:
    with serve_room(demo) as served:
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched(browser) as one:
        yield one


@pytest.fixture(autouse=True)
def fresh_desk(demo: Path) -> None:
    (demo / "desk.sqlite").unlink(missing_ok=True)


def select(page: Page, words: str) -> None:
    page.evaluate(SELECT, words)
    expect(page.get_by_role("toolbar")).to_be_visible()


def write_note(page: Page, words: str, text: str) -> None:
    """Selects words and notes something on them."""
    select(page, words)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    page.get_by_role("toolbar").get_by_label("Text").fill(text)
    with page.expect_navigation():
        page.get_by_role("toolbar").get_by_role("button", name="Keep").click()


def noted(page: Page) -> str:
    """The words that are marked as noted on, blanks single."""
    return " ".join("".join(page.locator("mark.noted").all_text_contents()).split())


def test_a_note_survives_a_new_parse_and_finds_its_words_in_a_better_text(
    browser: Browser, page: Page, tmp_path: Path
) -> None:
    path = write_dump(tmp_path / "a" / "1.txt", 1, words="Minister Tamm said the ferry sails on Sundays")
    with new_archive(tmp_path) as archive:
        archive.add(path, workers=0)
        folder = archive.folder
    with serve_room(folder) as address:
        page.goto(f"{address}/cable/09LISBON1")
        write_note(page, "the ferry sails on", "ask the port")
        assert noted(page) == "the ferry sails on" and page.url.endswith("#n1")
        expect(page.locator("#p4 .note .text")).to_have_text("ask the port")

        with Archive.open(folder) as archive:
            archive.store.execute("UPDATE sources SET parser = 'older'")
            assert archive.rebuild(workers=0) == 1
        page.reload()
        assert noted(page) == "the ferry sails on"

        better = path.read_text("utf-8").replace(
            "the ferry sails on Sundays",
            "that in winter, too, THE FERRY\n\nLISBON 00000001  002 OF 002\n\nsails on Sundays and on holidays",
        )
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "1.txt").write_text(better, "utf-8")
        with Archive.open(folder) as archive:
            before = archive.get("09LISBON1").source.sha256
            archive.add(tmp_path / "b", workers=0)
            assert archive.get("09LISBON1").source.sha256 != before
        page.reload()
        assert noted(page) == "THE FERRY sails on"
        expect(page.locator("#p4 .note .text")).to_have_text("ask the port")
        page.goto(f"{address}/desk")
        expect(page.locator(".note .text")).to_have_text("ask the port")
        expect(page.locator(".said")).to_have_count(0)


@pytest.mark.parametrize(
    "words",
    [
        "Kallaste opened a one-hour meeting",  # over a link, tints and a mark
        "patrol it,\" Kallaste said. He added that",  # over line breaks of the print
        "had not yet decided. End summary. A Project Against Its Neighbors Kallaste opened",  # over paragraphs and a heading
    ],
)  # fmt: skip
def test_what_is_selected_is_what_is_marked(page: Page, address: str, demo: Path, words: str) -> None:
    page.goto(f"{address}/cable/08TALLINN96?q=kallaste")
    select(page, words)
    with page.expect_navigation():
        page.get_by_role("button", name="Highlight").click()
    assert noted(page).replace(" ", "") == words.replace(" ", "")
    with Archive.open(demo) as archive, Desk(demo) as desk:
        [note] = desk.notes("08TALLINN96")
        assert note.anchor is not None
        said = " ".join(note.anchor.span.of(archive.get("08TALLINN96").text).split())
        assert said.startswith(words[:30]) and said.endswith(words[-12:])


def test_offsets_count_code_points_not_units_of_utf_16(page: Page, tmp_path: Path) -> None:
    path = write_dump(tmp_path / "1.txt", 1, words="\U0001f6a2\U0001f6a2 the ferry \U0001f6a2 sails on")
    with new_archive(tmp_path) as archive:
        archive.add(path, workers=0)
        folder = archive.folder
    with serve_room(folder) as address:
        page.goto(f"{address}/cable/09LISBON1")
        select(page, "ferry \U0001f6a2 sails")
        with page.expect_navigation():
            page.get_by_role("button", name="Highlight").click()
        assert noted(page) == "ferry \U0001f6a2 sails"
    with Desk(folder) as desk:
        [note] = desk.notes("09LISBON1")
        assert note.anchor is not None and note.anchor.quote == "ferry \U0001f6a2 sails"


def test_words_are_marked_by_keys_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/cable/08TALLINN96")
    select(page, "old munitions")
    expect(page.locator("[data-said]")).to_contain_text("Press m")
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.textContent") == "Highlight"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("typed m and n")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert noted(page) == "old munitions"
    expect(page.locator("#p3 .note .text")).to_have_text("typed m and n")
    select(page, "spawning grounds")
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar")).to_be_hidden()


def test_a_word_is_selected_by_the_mouse(page: Page, address: str) -> None:
    page.goto(f"{address}/cable/08TALLINN96")
    page.locator("#p8 .print").get_by_text("ferry", exact=False).first.dblclick(position={"x": 12, "y": 8})
    expect(page.get_by_role("toolbar")).to_be_visible()
    word = page.evaluate("getSelection().toString().trim()")
    with page.expect_navigation():
        page.get_by_role("button", name="Highlight").click()
    assert noted(page) == word != ""


def test_selected_words_go_to_the_basket_and_out_as_a_document(page: Page, address: str) -> None:
    page.goto(f"{address}/cable/08TALLINN96")
    select(page, "then they patrol it")
    with page.expect_navigation():
        page.get_by_role("toolbar").get_by_role("button", name="To the basket").click()
    with page.expect_navigation():
        page.locator(".tools").get_by_role("button", name="To the basket").click()
    page.goto(f"{address}/desk")
    with page.expect_navigation():
        page.get_by_role("button", name="Move 08TALLINN96 down").click()
    expect(page.locator(".basket blockquote").last).to_have_text("then they patrol it")
    page.get_by_label("Title").fill("Amber")
    with page.expect_download() as download:
        page.get_by_role("button", name="Word").click()
    assert download.value.suggested_filename == "Amber.docx"
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    text = Path(download.value.path()).read_text("utf-8")
    assert text.startswith("# Amber\n") and "> **3. (C)** then they patrol it\n" in text


def test_all_of_it_can_be_done_without_a_script(browser: Browser, address: str) -> None:
    with watched(browser, scripts=False) as page:
        page.goto(f"{address}/cable/08TALLINN96")
        page.locator("#p3 .own summary").focus()
        page.keyboard.press("Enter")
        page.locator("#p3 .own textarea").fill("without a script")
        page.locator("#p3 .own").get_by_label("On these words of it").fill("old munitions on the sea bed")
        page.locator("#p3 .own").get_by_role("button", name="Keep").click()
        assert noted(page) == "old munitions on the sea bed"
        expect(page.get_by_role("toolbar")).to_be_hidden()
        page.locator("#p4 .own summary").click()
        page.locator("#p4 .own").get_by_role("button", name="To the basket").click()
        page.get_by_label("Tag", exact=True).fill("amber link")
        page.get_by_role("button", name="Add", exact=True).click()
        page.goto(f"{address}/desk")
        expect(page.locator(".basket li")).to_contain_text("08TALLINN96:4")
        page.locator(".basket details summary").click()
        page.get_by_label(re.compile("Remark on")).fill("look at this")
        page.locator(".basket details").get_by_role("button", name="Keep").click()
        expect(page.locator(".basket .text")).to_have_text("look at this")
        page.get_by_role("button", name="Take 08TALLINN96:4 out").click()
        expect(page.locator(".basket")).to_have_count(0)
        page.locator("#tags a", has_text="amber link").click()
        expect(page.locator(".note .text")).to_have_text("without a script")
        page.get_by_role("button", name="Throw away").click()
        expect(page.locator(".note")).to_have_count(0)


def fill_desk(folder: Path) -> None:
    """A desk that shows all it can."""
    with Archive.open(folder) as archive, archive.desk() as desk:
        cable = archive.get("08TALLINN96")
        start = cable.text.index("munitions")
        anchor = make_anchor(cable, start, start + 9)
        desk.add_note("08TALLINN96", "on words\nin two lines", "2026-01-01", anchor=anchor, author="ann")
        desk.add_note("08TALLINN96", "", "2026-01-01", anchor=anchor)
        desk.add_note("08TALLINN96:4", "x" * 300, "2026-01-01")
        desk.add_note("08TALLINN96", "on all", "2026-01-01")
        desk.add_note("09NOWHERE1:3", "loose", "2026-01-01")
        desk.tag("08TALLINN96", "amber link")
        desk.basket().add("08TALLINN96", "2026-01-01", anchor=anchor, remark="why")
        desk.basket().add("09NOWHERE1", "2026-01-01")
        desk.save_search("all", "*", "2026-01-01")
        desk.saw_search(archive.see(desk.search_named("all"), "2026-01-01")._replace(newest=20))
        desk.save_search("old", "ferry", "2026-01-01")


@pytest.mark.parametrize("path", ["/desk", "/desk/new?name=all", "/desk?loose=1", "/cable/08TALLINN96"])
def test_a_full_desk_has_no_serious_fault_for_who_cannot_see_well(
    browser: Browser, demo: Path, address: str, path: str
) -> None:
    fill_desk(demo)
    for dark, width in ((False, 1280), (True, 390)):
        with watched(browser, dark=dark, width=width) as page:
            page.goto(f"{address}{path}")
            if path.startswith("/cable"):
                for one in page.locator(".own summary").all()[:2]:
                    one.click()
                select(page, "spawning grounds")
                page.get_by_role("toolbar").get_by_role("button", name="Note").click()
            found = Axe().run(page).response["violations"]
            serious = [
                (one["id"], [node["html"][:160] for node in one["nodes"][:3]], one["nodes"][0].get("failureSummary"))
                for one in found
                if one["impact"] in ("serious", "critical")
            ]
            assert not serious, serious
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_words_on_the_desk_are_only_words(page: Page, demo: Path, address: str) -> None:
    hostile = '<script>window.hurt = 1</script><img src=x onerror="window.hurt = 2">\u202egnp {{ 7 * 7 }}'
    with Archive.open(demo) as archive, archive.desk() as desk:
        for at in ("08TALLINN96", "08TALLINN96:3"):
            desk.add_note(at, hostile, "2026-01-01", author="<b>x")
        desk.tag("08TALLINN96", hostile[:90])
        desk.basket().add("08TALLINN96", "2026-01-01", remark=hostile)
        desk.save_search(hostile[:90], "ferry", "2026-01-01")
    for path in ("/desk", "/cable/08TALLINN96", "/"):
        page.goto(f"{address}{path}")
        assert page.evaluate("window.hurt") is None
        assert page.locator("main img, main script").count() == 0
        assert page.evaluate("document.body.innerText").count("\u202e") == 0
