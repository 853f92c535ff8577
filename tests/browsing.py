"""A real browser before a real server, for tests of the reading room. Debian's chromium, or whichever there is."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from reftel.web import Settings, make_app

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser without a window. The test is skipped, saying so, where there is none."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("There is no Chromium on this machine; install it to run the tests in a browser.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serve_room(folder: Path, **settings: object) -> Iterator[str]:
    """The address of a reading room that is served as `reftel serve` does, on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = make_app(Settings(folder, port=port, **settings))  # type: ignore[arg-type]
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
        assert thread.is_alive(), "the server did not come up"
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


class Watched:
    """A page that is watched: no request to another host, no error on the console, none in a script."""

    def __init__(self, browser: Browser, *, scripts: bool = True, dark: bool = False, width: int = 1280) -> None:
        self.context = browser.new_context(
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": 900},
            accept_downloads=True,
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or ""))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _hear(self, message: ConsoleMessage) -> None:
        """An answer of 400 or 404 that was asked for is told on the console, too; it is no error of the page."""
        if message.type == "error" and not message.text.startswith("Failed to load resource: the server responded"):
            self.errors.append(message.text)

    def close(self) -> None:
        self.context.close()
        assert self.hosts <= {"127.0.0.1", ""}, f"requests left this machine: {self.hosts}"
        assert not self.errors, self.errors


@contextmanager
def watched(browser: Browser, *, scripts: bool = True, dark: bool = False, width: int = 1280) -> Iterator[Page]:
    """A fresh page; what it did is looked at when the test is over."""
    made = Watched(browser, scripts=scripts, dark=dark, width=width)
    try:
        yield made.page
    except BaseException:
        made.context.close()
        raise
    made.close()
