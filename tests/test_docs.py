"""The docs name everything there is, and nothing that is not there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest
from conftest import ROOT

from reftel.cli import main
from reftel.errors import DEFECTS
from reftel.exports import EXPORTS
from reftel.model import REFERENCE_KINDS, SEGMENT_KINDS
from reftel.readers import READERS
from reftel.tables import TABLES

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "demo").glob("*.md")])


def page(name: str) -> str:
    path = ROOT / "docs" / name
    return path.read_text("utf-8") if path.exists() else ""


def commands() -> dict[str, click.Command]:
    return dict(main.commands)


def options() -> list[tuple[str, str]]:
    return [
        (name, option)
        for name, command in commands().items()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if option.startswith("--")
    ]


@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_the_docs(name: str) -> None:
    assert f"reftel {name}" in page("commands.md")


@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_is_in_the_docs(command: str, option: str) -> None:
    assert re.search(rf"{option}\b", page("commands.md"))


@pytest.mark.parametrize("name", READERS)
def test_every_reader_is_in_the_docs(name: str) -> None:
    assert f"`{name}`" in page("readers.md")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_in_the_docs(name: str) -> None:
    assert f"`{name}`" in page("tables.md")


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_is_in_the_docs(name: str) -> None:
    assert f"| `{name}` |" in page("record.md")


@pytest.mark.parametrize("code", DEFECTS)
def test_every_defect_is_in_the_docs_with_its_sentence(code: str) -> None:
    section = page("defects.md").partition(f"### `{code}`\n")[2].partition("\n#")[0]
    assert DEFECTS[code] in section
    assert "Looks like: " in section
    assert "What to do: " in section


def test_no_defect_in_the_docs_is_unknown() -> None:
    assert set(re.findall(r"^### `(.+)`$", page("defects.md"), re.MULTILINE)) == set(DEFECTS)


@pytest.mark.parametrize("kind", [*SEGMENT_KINDS, *REFERENCE_KINDS])
def test_every_kind_is_in_the_docs(kind: str) -> None:
    what = SEGMENT_KINDS.get(kind) or REFERENCE_KINDS[kind]
    assert f"| `{kind}` | {what} |" in page("record.md")


LINK = re.compile(r"\]\(([^()\s]+)\)")


def links() -> list[tuple[Path, str]]:
    found = []
    for path in PAGES:
        prose = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        found += [(path, target) for target in LINK.findall(prose) if not re.match(r"[a-z]+:", target)]
    return found


@pytest.mark.parametrize(
    ("path", "target"), [pytest.param(p, t, id=f"{p.relative_to(ROOT).as_posix()}-{t}") for p, t in links()]
)
def test_a_link_leads_somewhere(path: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    there = (path.parent / name).resolve() if name else path
    assert there.exists()
    if anchor:
        headings = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
        assert anchor in anchors


# Put together, so that this file does not name them itself.
MACHINE_PATH = re.compile("|".join(rf"(?<![\w.])/{name}/" for name in ("work", "root", "home")))
SCRATCH_PATH = re.compile(r"(?<![\w.])/" + r"tmp/")


def tracked_files() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout, so there is no list of tracked files")
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", "replace")
        in_tests = path.is_relative_to(ROOT / "tests")
        if MACHINE_PATH.search(text) or (not in_tests and SCRATCH_PATH.search(text)):
            found.append(path.relative_to(ROOT).as_posix())
    assert found == []
