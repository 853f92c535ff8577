"""Reading rooms for the tests: the application itself, spoken to without a network."""

from __future__ import annotations

from pathlib import Path

from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from reftel.web import Settings, make_app


def open_room(folder: Path, **settings: object) -> TestClient:
    """A client of a reading room on this machine. Use it in a `with` statement."""
    return TestClient(make_app(Settings(folder, **settings)), base_url="http://127.0.0.1")  # type: ignore[arg-type]


def token_of(client: TestClient, path: str = "/nowhere") -> str:
    """The token that forms of this client's session have to carry, out of a page."""
    found = LexborHTMLParser(client.get(path, headers={"accept": "text/html"}).text).css_first("input[name=token]")
    assert found is not None
    return found.attributes["value"] or ""
