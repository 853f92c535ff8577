"""Real cables: the two seeds, 2,190 dump records, 579 pages of the release site, hand-read facts of 38.

They lie in the folder `shared` beside the checkout and are no part of the project; without it these tests are skipped.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import score
from conftest import ROOT
from views import fields_kept_by_cable_text, print_of, squash, with_quotes

from reftel.errors import DEFECTS
from reftel.exports import record
from reftel.exports.cable_text import render
from reftel.model import SEGMENT_KINDS, Cable
from reftel.parse import parse
from reftel.readers import Failure, read_sources, read_text

SHARED = ROOT.parent / "shared"

# One group, so that one worker reads the corpus and no other.
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.xdist_group("corpus"),
    pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="the shared corpus is not beside the checkout"),
]


def read_all(*paths: Path) -> list[Cable]:
    cables = []
    for item in read_sources(paths):
        assert not isinstance(item, Failure), item.reason
        cables.append(parse(item))
    return cables


@cache
def dump_cables() -> list[Cable]:
    return read_all(SHARED / "corpus" / "dump.tar.xz")


@cache
def site_cables() -> list[Cable]:
    return read_all(SHARED / "corpus" / "site.tar.xz")


def seed(number: str) -> Cable:
    [path] = sorted((SHARED / "seeds").glob(f"{number}_*"))
    [cable] = read_all(path)
    return cable


def codes(cable: Cable) -> Counter[str]:
    return Counter(defect.code for defect in cable.defects)


def texts(cable: Cable) -> list[str]:
    return [squash(" ".join(print_of(cable, span) for span in p.spans)) for p in cable.paragraphs]


def test_the_news_page_gives_an_inferred_id_and_what_is_left_of_the_header() -> None:
    cable = seed("000")
    assert (cable.id, cable.basis["id"]) == ("08MOSCOW3707", "inferred")
    assert "3707" in cable.evidence["id"]
    assert cable.dtg == "2008-12-22T06:11Z"
    assert cable.precedence == ("PRIORITY",)
    assert (cable.sections, cable.basis["sections"]) == (3, "inferred")
    assert cable.eo == "12958"
    lost = (cable.tags, cable.subject, cable.signer, cable.to, cable.info, cable.classification, cable.references)
    assert not any(lost), "nothing is invented to fill a gap"


def test_the_news_page_tells_what_is_missing() -> None:
    found = codes(seed("000"))
    missing = {"missing-header-lines", "missing-class-line", "missing-tags", "missing-subject", "missing-signature"}
    assert missing <= set(found)
    assert "missing-dtg" not in found
    assert "missing-eo" not in found


def test_the_news_page_has_fourteen_paragraphs_and_lost_three_last_lines() -> None:
    cable = seed("000")
    assert [p.number for p in cable.paragraphs if p.number is not None] == list(range(1, 15))
    lost = [d for d in cable.defects if d.code == "lost-text"]
    ends = {p.spans[-1].end: p.number for p in cable.paragraphs if p.spans}
    assert [ends[d.span.end] for d in lost if d.span] == [2, 5, 6]


def test_the_dump_seed_gives_every_hand_read_fact(tmp_path: Path) -> None:
    facts = (SHARED / "gold" / "headers.jsonl").read_text("utf-8").splitlines()
    gold = tmp_path / "one.jsonl"
    gold.write_text("\n".join(line for line in facts if json.loads(line)["id"] == "09LONDON2499"), "utf-8")
    table = score_table([seed("003")], gold)
    assert len(table) > 15
    assert {field: share for field, share in table.items() if share[0] < share[1]} == {}


def test_the_dump_seed_has_thirteen_marked_paragraphs_and_twelve_headings() -> None:
    cable = seed("003")
    numbered = [p for p in cable.paragraphs if p.number is not None]
    assert [p.number for p in numbered] == list(range(1, 14))
    assert all(p.marking for p in numbered)
    assert numbered[6].marking == "SBU"
    assert numbered[0].heading is None
    headings = [p.heading for p in numbered[1:]]
    assert None not in headings
    assert len(set(headings)) == len(cable.headings) == 12


def test_the_dump_seed_reads_on_across_its_three_section_breaks() -> None:
    cable = seed("003")
    breaks = [s.span for s in cable.segments if s.kind == "section_break"]
    assert len(breaks) == 3
    cut = [
        [p.number for p in cable.paragraphs if p.spans and p.spans[0].start < one.start and one.end < p.spans[-1].end]
        for one in breaks
    ]
    assert cut == [[3], [], [13]]  # the second stands between two paragraphs
    assert not any("00002499" in text for text in texts(cable))


def test_a_reference_that_is_no_cable_is_kept_without_a_target() -> None:
    kinds = [(r.kind, r.target) for r in seed("003").references]
    assert ("daily report", None) in kinds


def test_every_dump_record_and_every_page_is_read() -> None:
    assert len(dump_cables()) == 2190
    assert len(site_cables()) == 579
    for cable in (*dump_cables(), *site_cables()):
        assert "".join(s.span.of(cable.text) for s in cable.segments) == cable.text
        assert {s.kind for s in cable.segments} <= set(SEGMENT_KINDS)
        assert {d.code for d in cable.defects} <= set(DEFECTS)


def test_hardly_any_text_is_left_without_a_name() -> None:
    named: Counter[str] = Counter()
    for cable in (*dump_cables(), *site_cables()):
        for segment in cable.segments:
            named[segment.kind] += segment.span.end - segment.span.start
    assert named["unknown"] / named.total() < 0.005


def portable(cable: Cable) -> dict[str, Any]:
    """The record without its carrier: spans replaced by their text."""
    whole = with_quotes(cable, lambda span: squash(span.of(cable.text)))
    for key in ("source", "text", "segments", "basis"):
        del whole[key]
    # where nothing is printed, the place is an empty span; what compares the carrier's claims is the carrier's
    claims = ("id-disagrees", "date-disagrees", "classification-disagrees", "subject-disagrees", "id-malformed")
    whole["defects"] = [(d.code, d.detail) for d in cable.defects if d.code not in claims]
    return whole


def test_the_dump_and_the_site_give_the_same_cable() -> None:
    """A dump record glues header and body, the site keeps them apart: a glue point read wrongly shows here."""
    by_id = {cable.source.claims.id: cable for cable in dump_cables()}
    pairs = [(by_id[c.source.claims.id], c) for c in site_cables() if c.source.claims.id in by_id]
    assert len(pairs) > 500
    unlike = {}
    for ours, theirs in pairs:
        a, b = portable(ours), portable(theirs)
        if keys := [key for key in a if a[key] != b[key]]:
            unlike[ours.source.claims.id] = keys
    assert unlike == {}


KEPT_AT_LEAST = {"numbers": 98.0, "markings": 98.0, "headings": 97.0, "roles": 98.0, "text": 96.5}
KEPT_ELSE = 99.5


def test_a_rendered_telegram_keeps_the_fields_of_real_cables() -> None:
    """Not of every cable: where the print is so damaged that a paragraph's end is a guess, a clean print may be read better."""
    lost: Counter[str] = Counter()
    cables = dump_cables()[::2]
    for cable in cables:
        before = fields_kept_by_cable_text(cable)
        after = fields_kept_by_cable_text(parse(read_text(render(cable))))
        lost.update(key for key in before if before[key] != after[key])
    kept = {key: 100 * (1 - lost[key] / len(cables)) for key in fields_kept_by_cable_text(cables[0])}
    assert {k: round(v, 2) for k, v in kept.items() if v < KEPT_AT_LEAST.get(k, KEPT_ELSE)} == {}


def test_records_of_real_cables_come_back_whole() -> None:
    assert all(record.decode(record.encode(cable)) == cable for cable in dump_cables()[::10])


def score_table(cables: list[Cable], gold: Path) -> dict[str, tuple[int, int]]:
    """Field -> right, scored: of the scorer beside the corpus."""
    lines = b"\n".join(record.encode(cable) for cable in cables)
    command = [sys.executable, str(SHARED / "score" / "headers.py"), str(gold)]
    table = subprocess.run(command, input=lines, capture_output=True, check=True).stdout.decode()
    return {m[1]: (int(m[2]), int(m[3])) for m in re.finditer(r"^(\w+) +(\d+)/(\d+) ", table, re.MULTILINE)}


def test_hand_read_facts_reach_every_mark() -> None:
    assert score.find_misses(score.run_scorer(verbose=False)) == []
