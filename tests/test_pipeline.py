"""The public names of the package, and the one place where stages meet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import reftel
from reftel.model import Cable
from reftel.pipeline.read import read_cables
from reftel.readers import Failure, read_sources

COLLECTION = Path(__file__).parents[1] / "demo" / "collection"
GOOD = COLLECTION / "dump" / "08TALLINN96.txt"


def test_read_takes_one_path_or_several() -> None:
    assert [cable.id for cable in reftel.read(GOOD)] == ["08TALLINN96"]
    assert [cable.id for cable in reftel.read(str(GOOD))] == ["08TALLINN96"]
    assert [cable.id for cable in reftel.read([GOOD, COLLECTION / "papers.txt.gz"])] == ["08TALLINN96", "09LONDON2870"]


def test_read_raises_for_a_file_without_a_cable_and_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("milk\neggs\n")
    with pytest.raises(reftel.ReftelError, match="No reader recognises") as caught:
        list(reftel.read(tmp_path))
    assert "failures=[]" in "".join(caught.value.__notes__)


def test_read_goes_on_past_a_bad_file_if_it_is_given_a_list(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("milk\neggs\n")
    (tmp_path / "b.txt").write_bytes(GOOD.read_bytes())
    bad: list[reftel.Failure] = []
    assert [cable.id for cable in reftel.read(tmp_path, failures=bad)] == ["08TALLINN96"]
    assert [failure.locator for failure in bad] == [(tmp_path / "a.txt").as_posix()]


def test_read_names_the_readers_when_one_is_mistyped() -> None:
    with pytest.raises(reftel.ReftelError, match="There is no reader dunp"):
        list(reftel.read(GOOD, reader="dunp"))


def test_parse_takes_a_text_or_a_source() -> None:
    (source,) = read_sources([GOOD])
    assert isinstance(source, reftel.Source)
    from_source, from_text = reftel.parse(source), reftel.parse(source.text)
    assert from_source.id == from_text.id == "08TALLINN96"
    assert from_source.paragraphs == from_text.paragraphs
    assert from_source.source.locator != from_text.source.locator


def test_parse_of_a_path_says_what_to_use_instead() -> None:
    with pytest.raises(reftel.ReftelError, match=r"Use reftel\.read|use reftel\.read"):
        reftel.parse(str(GOOD))


@pytest.mark.parametrize("wrong", [b"bytes", None, 5])
def test_what_is_neither_path_nor_text_is_told_what_to_use(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"use reftel\.read"):
        reftel.parse(wrong)
    with pytest.raises(TypeError, match=r"use reftel\.parse"):
        next(reftel.read(wrong))


def test_parse_of_what_is_no_cable_raises() -> None:
    with pytest.raises(reftel.ReftelError, match="No reader recognises"):
        reftel.parse("milk\neggs\n")


def test_parse_stays_a_function_when_its_sub_package_is_imported() -> None:
    code = "import reftel.parse.marks, reftel; assert callable(reftel.parse), reftel.parse; reftel.read; reftel.Cable"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_is_there() -> None:
    assert {name for name in reftel.__all__ if not hasattr(reftel, name)} == set()
    assert reftel.Cable is Cable
    assert reftel.__version__[0].isdigit()
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = reftel.nonsense


def test_spans_quote_the_text() -> None:
    (cable,) = reftel.read(GOOD)
    (subject,) = (segment.span for segment in cable.segments if segment.kind == "subject")
    assert subject.of(cable.text).startswith("SUBJECT: ")


def test_pipeline_gives_failures_in_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("milk\neggs\n")
    items = list(read_cables([GOOD, tmp_path / "a.txt", GOOD]))
    assert [type(item) for item in items] == [Cable, Failure, Cable]
