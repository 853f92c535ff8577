"""Reading rooms for the tests: the application itself, spoken to without a network."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from reftel.web import Settings, make_app


def open_room(folder: Path, **settings: object) -> TestClient:
    """A client of a reading room on this machine. Use it in a `with` statement."""
    return TestClient(make_app(Settings(folder, **settings)), base_url="http://127.0.0.1")  # type: ignore[arg-type]
