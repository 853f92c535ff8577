"""Two real cables, eleven months apart: one position that moved, and one that did not."""

from __future__ import annotations

from pathlib import Path

import pytest
from archives import new_archive
from conftest import ROOT

from reftel.extract import EXTRACTORS

SEEDS = ROOT.parent / "shared" / "seeds"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.xdist_group("corpus"),
    pytest.mark.skipif(not SEEDS.is_dir(), reason="the two cables are not beside the checkout"),
    pytest.mark.skipif(EXTRACTORS["statements"] == "0", reason="the extractor of statements is not there yet"),
]


@pytest.mark.parametrize(
    ("question", "verdict", "rests"),
    [
        ('"missile defense"', "shifted", "polarity"),
        ("nato", "unchanged", "same"),
        ('"nato enlargement"', "unchanged", "same"),
        ('"nato enlargement" OR georgia OR nrc', "unchanged", "same"),
        ("start", "not enough evidence", "overlap"),
    ],
)
def test_lavrov_moves_on_missile_defense_and_not_on_nato(
    tmp_path: Path, question: str, verdict: str, rests: str
) -> None:
    with new_archive(tmp_path) as archive:
        archive.add(SEEDS, workers=0)
        ledger = archive.position("lavrov", question)
        assert [(o.date or "")[:7] for o in ledger.occasions] == ["2008-12", "2009-11"]
        (step,) = ledger.steps
        assert (step.verdict, rests in {signal.kind for signal in step.signals}) == (verdict, True), step.why
