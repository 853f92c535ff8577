"""The reading room: an archive in the browser. Pages are made on the server; scripts only make them quicker to use."""

from __future__ import annotations

from reftel.web.app import make_app
from reftel.web.settings import Settings

__all__ = ["Settings", "make_app"]
