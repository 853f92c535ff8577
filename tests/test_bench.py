"""bench/ runs, at tiny sizes; how fast it is nobody asserts here. And tests/score.py tells a missed mark."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tests")]

import hostile  # noqa: E402
import measure  # noqa: E402
import one_pass  # noqa: E402
import rates  # noqa: E402
import records  # noqa: E402
import run  # noqa: E402
import score  # noqa: E402
import stages  # noqa: E402


def test_every_bench_prints_something(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["rates", "memory", "stages", "--small"]) == 0
    printed = capsys.readouterr().out
    for words in ("read, parse and encode", "times the regex", "peak memory", "read_body", "slowest cables"):
        assert words in printed


def test_table_is_streamed_whole_at_both_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["table", "--small"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("read, parse and encode") == 2
    assert "could not be read" not in printed


def test_unknown_bench_is_a_usage_error() -> None:
    with pytest.raises(SystemExit) as stopped:
        run.main(["speed"])
    assert stopped.value.code == 2


def test_corpus_that_is_not_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["rates", "--corpus", str(tmp_path / "none")]) == 1
    assert "--corpus" in capsys.readouterr().err


@pytest.mark.parametrize("shape", hostile.SHAPES)
def test_hostile_shape_is_made_to_size_and_grown(shape: str) -> None:
    assert len(hostile.SHAPES[shape](8000)) > 4000
    growth = hostile.grow(shape, 400)
    assert len(growth.sizes) == len(growth.seconds) == hostile.DOUBLINGS + 1
    assert list(growth.sizes) == sorted(growth.sizes)


def test_growth_is_judged_by_its_last_doublings() -> None:
    sizes = (1000, 2000, 4000, 8000)
    assert hostile.Growth("line", sizes, (0.01, 0.02, 0.04, 0.08)).verdict == ""
    assert hostile.Growth("step", sizes, (0.006, 0.012, 0.043, 0.09)).verdict == ""
    assert hostile.Growth("square", sizes, (0.01, 0.03, 0.11, 0.43)).verdict == "NOT LINEAR"
    assert hostile.Growth("heavy", sizes, (0.1, 0.2, 0.4, 0.8)).verdict == "TOO SLOW"
    assert hostile.Growth("endless", (1000,), (9.0,)).verdict == "NOT LINEAR"
    assert hostile.Growth("tiny", sizes, (0.0, 0.0, 0.0, 0.001)).verdict == ""


def test_culprits_name_functions_of_reftel() -> None:
    culprits = hostile.find_culprits(hostile.Growth("paragraphs", (2000,), (0.01,)))
    assert culprits
    assert all(".py:" in culprit for culprit in culprits)


def test_made_records_are_the_same_every_time_and_all_different() -> None:
    made = records.make_records(90)
    assert made == records.make_records(90)
    assert len({record.raw for record in made}) == 90
    assert all(rates.read_record(record).provenance.reader == "dump" for record in made)


def test_copy_has_its_serial_wherever_it_is_printed() -> None:
    first = records.RecordFile("a", b"08TALLINN402\nx\nTALLINN 000402\nTALLINN 00000402  002 OF 003\n1402 4023")
    assert records._renumber(first, 9).raw.decode() == (
        "08TALLINN411\nx\nTALLINN 000411\nTALLINN 00000411  002 OF 003\n1402 4023"
    )


def test_stage_timers_leave_the_parser_as_it_was() -> None:
    from reftel import pipeline

    before = pipeline.parse
    shares = stages.split_stages(rates.read_sources(records.make_records(3)))
    assert pipeline.parse is before
    assert {"parse itself", "read_body"} <= {share.name for share in shares}


def test_one_pass_counts_cables_and_failures(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(records.make_records(1)[0].raw)
    (tmp_path / "b.txt").write_text("no cable", encoding="utf-8")
    made = one_pass.make_pass(str(tmp_path), parse=True)
    assert (made.cables, made.failures) == (1, 1)
    assert made.bytes > 1000


def test_range_and_memory() -> None:
    assert measure.find_range([3.0, 1.0, 2.0]) == (1.0, 2.0, 3.0)
    assert measure.find_range([3.0, 1.0, 2.0]).noise == 1.0
    peak = measure.peak_memory()
    assert peak is None or peak > 5_000_000


TABLE = """id                   38/38    100.0
tags                 37/38     97.4
page_breaks          31/31    100.0
page_breaks_false    31/31    100.0
cables 38 missing 0 mean 99.9
"""


def test_score_that_reaches_every_mark_has_no_miss() -> None:
    assert score.find_misses(TABLE) == []


@pytest.mark.parametrize(
    ("old", "new", "miss"),
    [
        ("tags                 37/38", "tags                 34/38", "tags is 89.5, less than 92."),
        ("id                   38/38", "id                   35/38", "The mean over the fields is 94.7, less than 97."),
        ("page_breaks          31/31", "page_breaks          30/31", "page_breaks is 96.8, less than 99."),
        ("page_breaks_false    31/31", "page_breaks_false    30/31", "page_breaks_false is 96.8, less than 98."),
        ("missing 0", "missing 2", "2 cables have no record."),
    ],
)
def test_score_tells_each_mark_that_is_missed(old: str, new: str, miss: str) -> None:
    assert miss in score.find_misses(TABLE.replace(old, new))


def test_score_without_a_table_is_a_miss() -> None:
    assert score.find_misses("Traceback") == ["The scorer printed no table."]


def test_score_passes_and_says_so_where_the_facts_are_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(score, "SHARED", tmp_path / "shared")
    assert score.main() == 0
    assert "Nothing is scored" in capsys.readouterr().out
