"""Every statement of the demo collection, as a golden file.

After a change, look at the difference, and accept it with REFTEL_UPDATE_GOLDEN=1 pytest tests/test_statements_golden.py.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest
from conftest import demo_sources
from test_statements import shown

from reftel.extract.statements import find_statements
from reftel.parse import parse

GOLDEN = Path(__file__).parent / "cases" / "statements_demo.txt"
UPDATE = "REFTEL_UPDATE_GOLDEN"


def demo_statements() -> str:
    """The statements of each cable under its place, with paragraph, voice, speaker and day; names are not looked up."""
    lines = []
    for place, source in demo_sources().items():
        cable = parse(source)
        lines.append(f"== {place}")
        for statement in find_statements(cable):
            where = [str(statement.paragraph), "drafter" if statement.voice == "drafter" else "", statement.date or ""]
            lines.append(
                f"{' '.join(w for w in where if w)} | {statement.speaker or '-'} | {shown(cable.text, statement)}"
            )
    return "\n".join(lines) + "\n"


def test_the_statements_of_the_demo_are_as_before() -> None:
    now = demo_statements()
    if os.environ.get(UPDATE):
        GOLDEN.write_text(now, "utf-8", newline="\n")
    before = GOLDEN.read_text("utf-8") if GOLDEN.exists() else ""
    if now != before:
        lines = difflib.unified_diff(before.splitlines(), now.splitlines(), "before", "now", n=0, lineterm="")
        pytest.fail("\n".join([f"The demo says otherwise. To accept: {UPDATE}=1", *lines]), pytrace=False)
