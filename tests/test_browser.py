"""The reading room in a real browser: keys, links, scripts and their absence, accessibility, hostile texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import demo_home, new_archive
from axe_playwright_python.sync_playwright import Axe
from browsing import open_browser, serve_room, watched
from playwright.sync_api import Browser, Page, expect

from reftel.web.pages import PAGES

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as one:
        yield one


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serve_room(demo_home()) as served:
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched(browser) as one:
        yield one


def test_from_a_search_to_a_citation_by_keys_alone(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("kallaste pipeline")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".tabs")).to_contain_text("6 cables")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".hit.here")).to_have_count(1)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert re.search(r"/cable/08TALLINN96\?q=kallaste\+pipeline#i\d+$", page.url)
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.className") == "find here"
    assert page.evaluate("document.activeElement.textContent").lower() in ("kallaste", "pipeline")
    with page.expect_navigation():
        page.keyboard.press("c")
    expect(page.locator("#cite-chicago")).to_contain_text("telegram 08TALLINN96, February 6, 2008")


def test_a_paragraph_has_an_address_and_a_citation(page: Page, address: str) -> None:
    page.goto(f"{address}/cable/08TALLINN402")
    page.locator("#p6 .permalink").click()
    assert page.url.endswith("#p6")
    page.goto(page.url)
    expect(page.locator("#p6")).to_be_in_viewport()
    page.locator("#p6 .cite").click()
    expect(page.locator("#cite-chicago")).to_contain_text("para. 6")
    page.locator("button[data-copy=cite-ris]").click()
    expect(page.locator("button[data-copy=cite-ris]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("TY  - ")


def test_completion_by_keys(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("kallaste from:tal")
    option = page.locator("[role=option]").first
    expect(option).to_contain_text("Embassy Tallinn")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    assert page.locator("#q").get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_have_value('kallaste from:"Embassy Tallinn" ')
    expect(page.locator("[role=listbox]")).to_be_hidden()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".tabs")).to_contain_text("8 cables")


def test_brushing_the_months_narrows_the_search(page: Page, address: str) -> None:
    page.goto(f"{address}/search?q=kallaste")
    bars = page.locator("svg[data-brush] rect.room")
    first, last = bars.nth(31).bounding_box(), bars.nth(43).bounding_box()
    assert first and last
    said = bars.nth(31).get_attribute("data-at"), bars.nth(43).get_attribute("data-at")
    page.mouse.move(first["x"] + 3, first["y"] + 30)
    page.mouse.down()
    page.mouse.move(last["x"] + 3, last["y"] + 40, steps=6)
    with page.expect_navigation():
        page.mouse.up()
    assert page.url.endswith(f"f=date%3A{said[0]}..{said[1]}")
    expect(page.locator("a.chip")).to_contain_text(f"date:{said[0]}..{said[1]}")
    with page.expect_navigation():
        page.locator("svg[data-brush] a").first.click()
    expect(page.locator("a.chip")).to_have_count(2)


def test_positions_are_laid_out_and_each_claim_leads_to_its_sentence(page: Page, address: str) -> None:
    page.goto(f"{address}/positions")
    page.get_by_label("Who", exact=True).fill("kallaste")
    page.get_by_label("and who else").fill("ozdurak")
    page.get_by_label("On", exact=True).fill("amber OR lease")
    with page.expect_navigation():
        page.get_by_role("button", name="Lay out").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Arvo Kallaste and Nihat Ozdurak")
    claim = page.locator(".told a").first
    words = " ".join((claim.text_content() or "").split()[-4:])
    with page.expect_navigation():
        claim.click()
    anchor = page.url.rpartition("#")[2]
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()
    text = page.locator(f".para:has(#{anchor}) .print").text_content() or ""
    assert words in " ".join(text.split())


def test_single_keys_can_be_turned_off(page: Page, address: str) -> None:
    page.goto(f"{address}/help")
    page.get_by_role("button", name="Turn single keys off").click()
    page.goto(address)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "q"


PATHS = [
    "/",
    "/search?q=kallaste",
    "/search?q=kallaste+zeppelin",
    "/search?q=from:(",
    "/statements",
    "/statements?q=said-by:kallaste",
    "/cable/08TALLINN402?q=kallaste",
    "/cable/09QUITO733",
    "/cable/08TALLINN402/source",
    "/cable/08TALLINN402/compare?right=3",
    "/cable/08TALLINN402/cite",
    "/login",
    "/posts",
    "/posts?country=Estonia",
    "/posts/TALLINN",
    "/names",
    "/people",
    "/person?name=kallaste",
    "/person?name=foreign+minister+of+estonia",
    "/help",
    "/status",
    "/status/ledger",
    "/positions",
    "/positions?who=kallaste&about=amber+OR+survey",
    "/positions?who=kallaste&other=ozdurak&about=amber+OR+lease",
    "/api/v1/docs",
    "/desk",
    "/desk/new?name=none",
]


# No pages: one leads on, one needs a job (tests/test_browser_status.py), files
UNSEEN = ("/cable", "/status/jobs/{key}", "/desk/basket")


@pytest.mark.parametrize("path", PATHS)
def test_no_serious_fault_for_who_cannot_see_well(browser: Browser, address: str, path: str) -> None:
    for dark in (False, True):
        with watched(browser, dark=dark) as page:
            page.goto(f"{address}{path}")
            found = Axe().run(page).response["violations"]
            serious = [
                (one["id"], [node["html"][:160] for node in one["nodes"][:3]], one["nodes"][0].get("failureSummary"))
                for one in found
                if one["impact"] in ("serious", "critical")
            ]
            assert not serious, serious
            page.context.clear_cookies()
            if "(" in path:
                break


def test_every_page_is_looked_at() -> None:
    shown = {re.sub(r"\?.*", "", path) for path in PATHS}
    for route in PAGES:
        path = getattr(route, "path", "")
        pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path))
        methods = getattr(route, "methods", None) or {"GET"}
        if "GET" in methods and "{form}" not in path and not path.endswith(".json") and path not in UNSEEN:
            assert any(pattern.fullmatch(one) for one in shown), f"{path} is not among PATHS"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", [path for path in PATHS if "from:(" not in path])
def test_nothing_runs_out_of_the_page(browser: Browser, address: str, path: str, width: int) -> None:
    with watched(browser, width=width) as page:
        page.goto(f"{address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_reading_and_searching_need_no_script(browser: Browser, address: str) -> None:
    with watched(browser, scripts=False) as page:
        page.goto(address)
        page.locator("#q").fill("kallaste pipeline")
        page.keyboard.press("Enter")
        expect(page.locator(".tabs")).to_contain_text("6 cables")
        page.locator(".facets a", has_text="Embassy Tallinn").first.click()
        expect(page.locator("a.chip")).to_have_count(1)
        page.locator("svg[data-brush] a").first.click()
        expect(page.locator("a.chip")).to_have_count(2)
        page.locator(".hit h2 a").first.click()
        expect(page.locator("mark.find").first).to_be_visible()
        page.locator(".sign, .permalink").first.focus()
        page.get_by_role("link", name="As found").click()
        expect(page.locator("pre.sheet")).to_be_visible()


HOSTILE = (
    '<script>window.hurt = 1</script><img src="http://evil.example/x.png" onerror="window.hurt = 2">'
    '<svg onload="window.hurt = 3"></svg>\' onfocus=hurt() autofocus \u202egnp.exe\u202c </p></article></main> {{ 7 * 7 }} &#x3C;b>'
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    long = "the harbour master said that the ferry would be late and that <b>nobody</b> knew why " * 125_000
    for number, words in ((7, HOSTILE), (8, long)):
        (folder / f"{number}.txt").write_text(
            f"UNCLAS LISBON {number:06}\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: PREL, PO\nSUBJECT: {HOSTILE[:60]}\n\n"
            f"1. (U) Minister Osk {HOSTILE} Tamm said {words}.\n\n2. (U) The end.\n\nHALVORSEN\n",
            "utf-8",
        )
    with new_archive(folder) as archive:
        archive.add([folder / "7.txt"], workers=0)
        archive.add([folder / "8.txt"], workers=0, extract=False)
        return archive.folder


def test_a_hostile_cable_does_nothing(browser: Browser, hostile: Path) -> None:
    with serve_room(hostile) as address:
        for path in (
            "/search?q=minister",
            "/statements?q=minister",
            "/cable/_1",
            "/cable/_1/source",
            "/cable/_1/cite",
            "/cable/_2",
        ):
            with watched(browser) as page:
                page.goto(f"{address}{path}")
                page.keyboard.press("Tab")
                assert page.evaluate("window.hurt") is None
                assert page.locator("main").count() == 1
                assert "49" not in page.title()
                assert page.evaluate("document.body.innerText").count("\u202e") == 0


def test_a_paragraph_of_ten_million_characters_can_be_read(browser: Browser, hostile: Path) -> None:
    with serve_room(hostile) as address, watched(browser) as page:
        page.goto(f"{address}/cable/_2?q=ferry", timeout=60_000)
        expect(page.get_by_role("link", name="The text goes on")).to_be_visible()
        with page.expect_navigation():
            page.get_by_role("link", name="The text goes on").click()
        expect(page.locator(".print").first).to_contain_text("the ferry would be late")
