"""Adding files in a real browser: chosen, dropped, without a script; and how far it is told to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import new_archive, write_dump
from axe_playwright_python.sync_playwright import Axe
from browsing import open_browser, serve_room, watched
from playwright.sync_api import Browser, FilePayload, Page, expect

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as one:
        yield one


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("room")
    with new_archive(folder) as archive:
        archive.add([write_dump(folder / "held" / "1.txt", 1)], workers=0)
    with serve_room(archive.folder) as served:
        yield served


def see_it_added(page: Page, address: str, cable: str) -> None:
    """The page of a job comes to its end, and the cable is found."""
    expect(page.locator(".state")).to_have_text("done", timeout=60_000)
    page.goto(f"{address}/search?q=id:{cable}")
    expect(page.locator(".hit")).to_have_count(1)


def test_files_that_are_chosen_are_sent_and_added(browser: Browser, address: str, tmp_path: Path) -> None:
    files = [write_dump(tmp_path / f"{number}.txt", number) for number in (11, 12)]
    with watched(browser) as page:
        page.goto(f"{address}/status")
        page.locator("#files").set_input_files(files)
        with page.expect_navigation(url="**/status/jobs/*"):
            page.get_by_role("button", name="Add", exact=True).first.click()
        expect(page.locator("progress, [role=progressbar]").first).to_be_attached()
        see_it_added(page, address, "09LISBON12")


def test_a_file_that_is_dropped_is_sent_and_added(browser: Browser, address: str, tmp_path: Path) -> None:
    text = write_dump(tmp_path / "21.txt", 21).read_text("utf-8")
    with watched(browser) as page:
        page.goto(f"{address}/status")
        dropped = page.evaluate_handle(
            "text => { const data = new DataTransfer(); data.items.add(new File([text], '21.txt')); return data; }",
            text,
        )
        with page.expect_navigation(url="**/status/jobs/*"):
            page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})
        see_it_added(page, address, "09LISBON21")


def test_without_a_script_a_form_does_it(browser: Browser, address: str, tmp_path: Path) -> None:
    with watched(browser, scripts=False) as page:
        page.goto(f"{address}/status")
        page.locator("#files").set_input_files(write_dump(tmp_path / "31.txt", 31))
        page.get_by_role("button", name="Add", exact=True).first.click()
        see_it_added(page, address, "09LISBON31")


def test_what_no_reader_knows_is_told_with_its_reason(browser: Browser, address: str) -> None:
    junk = FilePayload(name="<b>junk.bin", mimeType="application/octet-stream", buffer=bytes(range(256)) * 40)
    with watched(browser) as page:
        page.goto(f"{address}/status")
        page.locator("#files").set_input_files(junk)
        with page.expect_navigation(url="**/status/jobs/*"):
            page.get_by_role("button", name="Add", exact=True).first.click()
        expect(page.locator("#failures")).to_contain_text("is no text", timeout=60_000)
        found = Axe().run(page).response["violations"]
        assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
        page.goto(f"{address}/status")
        expect(page.locator(".troubles")).to_be_visible()
