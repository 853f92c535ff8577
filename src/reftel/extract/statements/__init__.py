"""Who is told to have said what: every attribution in the paragraphs of a cable."""

from __future__ import annotations

from reftel.extract.statements.assemble import find_statements

VERSION = "1"

__all__ = ["VERSION", "find_statements"]
