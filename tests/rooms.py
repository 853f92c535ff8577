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


def page(room: TestClient, path: str, status: int = 200, **asked: str) -> LexborHTMLParser:
    """A page as a browser gets it. asked: parameters beside those of the path."""
    answer = room.get(path, headers={"accept": "text/html"}, params=asked or None)
    assert answer.status_code == status, answer.text[:500]
    return LexborHTMLParser(answer.text)


def texts(tree: LexborHTMLParser, selector: str) -> list[str]:
    """The texts of some elements, blanks single."""
    return [" ".join(node.text().split()) for node in tree.css(selector)]
