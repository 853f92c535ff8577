"""bench/ runs, at tiny sizes; how fast it is nobody asserts here. And tests/score.py tells a missed mark."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

import reftel
from reftel.model import Cable, Source
from reftel.pipeline.read import read_cables
from reftel.readers import read_sources, read_text

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tests")]

import archive  # noqa: E402
import compose  # noqa: E402
import hostile  # noqa: E402
import kill  # noqa: E402
import make_cables  # noqa: E402
import measure  # noqa: E402
import memory  # noqa: E402
import one_pass  # noqa: E402
import peers  # noqa: E402
import queries  # noqa: E402
import rates  # noqa: E402
import records  # noqa: E402
import run  # noqa: E402
import schedule  # noqa: E402
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
    from reftel.pipeline import read as pipeline

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


def test_made_cables_are_the_same_every_time_and_however_many_follow() -> None:
    few = list(make_cables.make_records(40))
    assert few == list(make_cables.make_records(60))[:40]
    assert few[30:] == list(make_cables.make_records(10, first=30))
    assert len(set(few)) == 40


def test_another_seed_makes_other_cables() -> None:
    assert not set(make_cables.make_records(5)) & set(make_cables.make_records(5, seed=2))


def test_made_cables_are_read_as_they_were_meant() -> None:
    world = compose.make_world()
    for number in [*range(120), *range(200_000, 200_080)]:
        made = compose.make_cable(world, number)
        slip = made.slip
        cable = reftel.parse(read_text(make_cables.make_record(made)))
        assert cable.id == slip.cable.id
        assert [reference.target for reference in cable.references] == [cited.id for cited in slip.cites]
        assert all(cited.number < number for cited in slip.cites)
        assert cable.classification == made.level.claimed.partition("/")[0]
        assert cable.dtg is None or cable.dtg.startswith(slip.day.isoformat())
        assert cable.origin is None or cable.origin.post == slip.cable.post.origin
        assert cable.signer
        assert cable.subject
        assert not [segment for segment in cable.segments if segment.kind in ("unknown", "injected", "page_break")]
        # A partial extract has no header, and that is meant.
        assert {defect.code for defect in cable.defects} <= {"partial-extract", "missing-header", "missing-dtg"}


def test_every_made_cable_has_an_id_of_its_own() -> None:
    plan = schedule.make_schedule(1)
    assert len(plan.posts) == schedule.POSTS
    ids = {schedule.cable_of(plan, number).id for number in range(schedule.MOST)}
    assert len(ids) == schedule.MOST


def test_made_cables_are_as_long_as_real_ones() -> None:
    lengths = [len(record.encode()) for record in make_cables.make_records(500)]
    assert 6500 < sum(lengths) / 500 < 8700
    assert min(lengths) < 2000
    assert max(lengths) > 25_000


def test_both_forms_hold_the_same_cables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump, table = tmp_path / "dump", tmp_path / "table"
    assert make_cables.main(["--cables", "30", "--first", "985", str(dump)]) == 0
    assert make_cables.main(["--cables", "30", "--first", "985", "--form", "csv", str(table)]) == 0
    assert capsys.readouterr().err.count("30 cables") == 2
    assert sorted(path.name for path in dump.iterdir()) == ["000", "001"]
    found = [
        sorted(str(source.provenance.claims.id) for source in read_sources([folder]) if isinstance(source, Source))
        for folder in (dump, table)
    ]
    assert len(found[0]) == 30
    assert found[0] == found[1]


def test_more_cables_than_there_are_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        make_cables.main(["--cables", "300000", str(tmp_path)])
    assert stopped.value.code == 2


@pytest.fixture(scope="module")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make_cables.write_dump(folder, 60)
    return folder


def test_full_text_search_finds_what_is_there(made_folder: Path, tmp_path: Path) -> None:
    built = peers.build_fts(made_folder, tmp_path / "fts5.sqlite")
    cables = [cable for cable in read_cables([made_folder]) if isinstance(cable, Cable)]
    assert built.cables == len(cables) == 60
    with closing(sqlite3.connect(tmp_path / "fts5.sqlite")) as connection:
        here = queries.Query("filtered", "", '"the"', queries.Filter("ANKARA", "PREL", 2009))
        assert peers.run_fts(connection, queries.Query("frequent word", "the", '"the"', facets=True)) == 60
        wanted = [c for c in cables if (c.id or "").startswith("09ANKARA") and "PREL" in c.tags]
        assert peers.run_fts(connection, here) == len(wanted)
        assert peers.count_word(connection, "Summary") == sum("summary" in cable.text.lower() for cable in cables)


def test_queries_are_of_every_kind_and_the_same_every_time(made_folder: Path, tmp_path: Path) -> None:
    peers.build_fts(made_folder, tmp_path / "fts5.sqlite")
    with closing(sqlite3.connect(tmp_path / "fts5.sqlite")) as connection:
        made = [
            queries.make_queries(compose.make_world(), 60, lambda word: peers.count_word(connection, word), 5)
            for _ in range(2)
        ]
        assert made[0] == made[1]
        assert len({query.kind for query in made[0]}) == 10
        assert len(made[0]) == 50
        # A phrase is taken from a cable that is there.
        phrases = [query for query in made[0] if query.kind == "phrase"]
        assert all(peers.run_fts(connection, query) for query in phrases)


def test_peers_print_a_table(made_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert peers.main([str(made_folder), "--queries", "3"]) == 0
    printed = capsys.readouterr().out
    for words in ("60 cables", "rare word", "all facets", "fuzzy: FTS5 has no such search"):
        assert words in printed
    assert ("grep -rc, phrase" in printed) == (shutil.which("grep") is not None)


def test_peers_of_an_empty_folder_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert peers.main([str(tmp_path)]) == 1
    assert "make_cables.py" in capsys.readouterr().err


def test_percentile_is_the_smallest_value_that_so_many_do_not_exceed() -> None:
    hundred = [float(value) for value in range(1, 101)]
    assert [measure.find_percentile(hundred, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert measure.find_percentile([7.0], 0.95) == 7


def test_memory_of_a_process_is_watched_where_the_system_tells_it() -> None:
    with memory.Watch(os.getpid()) as watch:
        pass
    if not Path("/proc/self/smaps_rollup").exists():
        assert watch.peak is None
        return
    assert watch.peak is not None
    assert watch.peak.whole >= watch.peak.own > 5_000_000


WHOLE = kill.State(frozenset({("a", "added"), ("b", "partial")}), frozenset("ab"), ("x", "y"), (2, 1))


@pytest.mark.parametrize(
    ("before", "after", "faults"),
    [
        (WHOLE._replace(lines=frozenset()), WHOLE, []),
        (WHOLE._replace(lines=frozenset({("a", "added")})), WHOLE, []),
        (WHOLE, WHOLE._replace(lines=WHOLE.lines | {("a", "unchanged")}), []),
        (WHOLE, WHOLE._replace(lines=frozenset({("a", "added")})), ["1 lines of the ledger are gone"]),
        (WHOLE, WHOLE._replace(sources=frozenset("a")), ["1 texts are gone that were reported as added"]),
        (WHOLE, WHOLE._replace(ids=("x", "x", "y")), ["1 cables stand twice, x among them"]),
        (WHOLE, WHOLE._replace(ids=("x",)), ["there are 1 cables instead of 2"]),
        (WHOLE, WHOLE._replace(totals=(2, 0)), ["the queries find (2, 0) cables instead of (2, 1)"]),
        (WHOLE, WHOLE._replace(doctor=3), ["reftel doctor ends with 3"]),
    ],
)
def test_each_fault_after_a_kill_is_told(before: kill.State, after: kill.State, faults: list[str]) -> None:
    assert kill.find_faults(before, after, WHOLE) == faults


def test_archive_that_was_killed_before_its_tables_holds_nothing(tmp_path: Path) -> None:
    assert kill.read_state(tmp_path) == kill.State(frozenset(), frozenset(), ())


def test_archive_is_measured_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert archive.main(["--cables", "60", "--queries", "3", "--starts", "2"]) == 0
    printed = capsys.readouterr().out
    for words in ("reftel add:", "on disk:", "fuzzy", "cold start, reftel search", "adding 1,000 more", "SQLite FTS5"):
        assert words in printed
    assert "WRONG" not in printed


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system cannot kill a group of processes")
def test_killed_add_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    assert [found.faults for found in kill.kill_adds(tmp_path, cables=150, instants=3, seed=1)] == [[], [], []]


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
