"""What the demo collection reads as: golden records, and the table of truth in demo/README.md.

After a change, look at the difference, and accept it with REFTEL_UPDATE_GOLDEN=1 pytest tests/test_golden.py.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, demo_sources
from views import print_of, with_quotes

from reftel.cite import parse_id
from reftel.model import Cable, Span
from reftel.parse import parse

GOLDEN = Path(__file__).parent / "golden"
UPDATE = "REFTEL_UPDATE_GOLDEN"


def golden_path(place: str) -> Path:
    return GOLDEN / (re.sub(r"[^\w.]+", "-", place) + ".json")


def quote(text: str) -> str:
    """A stretch, short: its first 40 and last 20 characters."""
    return text if len(text) <= 64 else f"{text[:40]} ... {text[-20:]}"


def golden_view(place: str, cable: Cable) -> dict[str, Any]:
    view = with_quotes(cable, lambda span: quote(print_of(cable, span)))
    view["source"]["locator"] = place
    view["segments"] = [f"{s.kind}: {s.span.of(cable.text)[:40]!r}" for s in cable.segments if s.kind != "blank"]
    view["defects"] = [f"{d.code}: {d.detail} @ {_where(cable, d.span)}" for d in cable.defects]
    del view["text"]
    return {key: value for key, value in view.items() if value not in (None, (), [], {})}


def _pretty(view: dict[str, Any]) -> str:
    """JSON with one line a field, and one an entry of a list."""
    fields = []
    for key, value in view.items():
        if isinstance(value, (list, tuple)) and (key in ("segments", "defects") or isinstance(value[0], dict)):
            entries = ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in value)
            fields.append(f' "{key}": [\n{entries}\n ]')
        else:
            fields.append(f' "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _where(cable: Cable, span: Span | None) -> str:
    return "-" if span is None else repr(quote(cable.text[span.start : max(span.end, span.start + 12)]))


@pytest.mark.parametrize("place", demo_sources())
def test_a_cable_of_the_demo_reads_as_before(place: str) -> None:
    path = golden_path(place)
    view = golden_view(place, parse(demo_sources()[place]))
    now = _pretty(view)
    if os.environ.get(UPDATE):
        path.write_text(now, "utf-8", newline="\n")
    before = path.read_text("utf-8") if path.exists() else ""
    if now != before:
        lines = difflib.unified_diff(before.splitlines(), now.splitlines(), "before", "now", n=1, lineterm="")
        pytest.fail("\n".join([f"{place} reads otherwise. To accept: {UPDATE}=1", *lines]), pytrace=False)


def test_every_golden_record_has_its_cable() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {golden_path(place).name for place in demo_sources()}


def truth() -> dict[str, list[str]]:
    """The rows of the table in demo/README.md, by place in the collection."""
    rows = {}
    for line in (ROOT / "demo" / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == 8 and cells[0].lstrip("| ").startswith("`"):
            place = cells[0].strip("|` ").replace(", row ", "#").replace(": ", "!")
            rows[place] = cells[1:]
    return rows


def cable_at(place: str) -> Cable:
    found = [name for name in demo_sources() if name == place or name.startswith(f"{place}!")]
    return parse(demo_sources()[found[0]])


def none_or_first_word(cell: str) -> str | None:
    return None if cell.startswith("none") else cell.split(" (")[0]


KINDS = {"e-mail": "email", "call": "call", "daily report": "daily report", "other": "other"}


def references_in(cell: str) -> list[tuple[str | None, str, str | None]]:
    """ "A 07HELSINKI902; C e-mail" -> (label, kind, target) of each; what is of another cable is left out."""
    found: list[tuple[str | None, str, str | None]] = []
    for entry in re.sub(r"\([^)]*\)", "", cell).split(";"):
        entry = entry.strip()
        if entry.startswith(("none", "foreign")) or not entry:
            continue
        label, rest = (entry[0], entry[2:].strip()) if entry[1:2] == " " else (None, entry)
        target = rest if parse_id(rest) else None
        found.append((label, KINDS.get(rest, "cable"), target))
    return found


def test_the_table_of_truth_names_every_source() -> None:
    places = {name.partition("!")[0] if name.startswith("papers.txt.gz") else name for name in demo_sources()}
    assert set(truth()) == places


@pytest.mark.parametrize("place", truth())
def test_a_cable_of_the_demo_is_read_as_it_is(place: str) -> None:
    _, own_id, dtg, numbered, signer, references, _ = truth()[place]
    cable = cable_at(place)
    assert {
        "id": cable.id,
        "dtg": cable.dtg,
        "numbered": sum(p.number is not None for p in cable.paragraphs),
        "signer": cable.signer,
        "references": [(r.label, r.kind, r.target) for r in cable.references],
    } == {
        "id": none_or_first_word(own_id),
        "dtg": none_or_first_word(dtg),
        "numbered": int(numbered.split()[0]),
        "signer": none_or_first_word(signer),
        "references": references_in(references),
    }
