"""The docs name everything there is, and nothing that is not there."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import ROOT

from reftel import Archive
from reftel.cli import main
from reftel.errors import DEFECTS
from reftel.exports import EXPORTS, STYLES
from reftel.exports.columns import COLUMNS, Column
from reftel.model import REFERENCE_KINDS, SEGMENT_KINDS
from reftel.readers import READERS
from reftel.tables import TABLES
from reftel.web.api.document import ERRORS
from reftel.web.api.endpoints import ENDPOINTS, Endpoint

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "demo").glob("*.md")])


def page(name: str) -> str:
    path = ROOT / "docs" / name
    return path.read_text("utf-8") if path.exists() else ""


def commands() -> dict[str, click.Command]:
    return dict(main.commands)


def subcommands() -> list[tuple[str, click.Command]]:
    """The commands of groups, each with the name of its group."""
    return [
        (name, sub)
        for name, group in commands().items()
        if isinstance(group, click.Group)
        for sub in group.commands.values()
    ]


def options() -> list[tuple[str, str]]:
    found = [
        (name, max(parameter.opts, key=len))
        for name, command in [*commands().items(), *subcommands()]
        for parameter in command.params
        if isinstance(parameter, click.Option)
    ]
    return list(dict.fromkeys(found))


def section(title: str) -> str:
    """What stands under a heading of the second rank in commands.md."""
    return page("commands.md").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_the_docs(name: str) -> None:
    assert f"$ reftel {name}" in section(f"`reftel {name}`")
    assert f"(#reftel-{name})" in page("commands.md")


@pytest.mark.parametrize(("group", "name"), [(group, sub.name) for group, sub in subcommands()])
def test_every_command_of_a_group_is_in_the_docs(group: str, name: str) -> None:
    assert f"$ reftel {group} {name}" in section(f"`reftel {group}`")


@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_is_in_the_docs(command: str, option: str) -> None:
    heading = re.compile(rf"^### `(-\w, )?{option}\b", re.MULTILINE)
    assert heading.search(section(f"`reftel {command}`") + section("Options of several commands"))


@pytest.mark.parametrize("name", READERS)
def test_every_reader_is_in_the_docs(name: str) -> None:
    assert f"`{name}`" in page("readers.md")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_in_the_docs(name: str) -> None:
    assert f"`{name}`" in page("tables.md")


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_is_in_the_docs(name: str) -> None:
    assert f"| `{name}` |" in page("exports.md")


@pytest.mark.parametrize("name", STYLES)
def test_every_citation_style_is_in_the_docs(name: str) -> None:
    assert f"| `{name}` |" in page("exports.md")


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_every_column_is_in_the_docs(column: Column) -> None:
    assert f"| `{column.name}` | {column.kind} | {column.meaning} |" in page("exports.md")


@pytest.mark.parametrize("code", DEFECTS)
def test_every_defect_is_in_the_docs_with_its_sentence(code: str) -> None:
    said = page("defects.md").partition(f"### `{code}`\n")[2].partition("\n#")[0]
    assert DEFECTS[code] in said
    assert "Looks like: " in said
    assert "What to do: " in said


def test_no_defect_in_the_docs_is_unknown() -> None:
    assert set(re.findall(r"^### `(.+)`$", page("defects.md"), re.MULTILINE)) == set(DEFECTS)


@pytest.mark.parametrize("kind", [*SEGMENT_KINDS, *REFERENCE_KINDS])
def test_every_kind_is_in_the_docs(kind: str) -> None:
    what = SEGMENT_KINDS.get(kind) or REFERENCE_KINDS[kind]
    assert f"| `{kind}` | {what} |" in page("record.md")


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_endpoint_is_in_the_docs(endpoint: Endpoint) -> None:
    taken = ", ".join(f"`{one.name}`" for one in endpoint.parameters if one.place == "query")
    row = " | ".join(filter(None, (f"`{endpoint.path}`", endpoint.sentence, taken)))
    assert f"| {row} |" in page("api.md")


@pytest.mark.parametrize("status", ERRORS)
def test_every_error_of_the_api_is_in_the_docs(status: int) -> None:
    assert f"| {status} | {ERRORS[status]} |" in page("api.md")


# --- examples ----------------------------------------------------------------------------------------

PLAIN_ENV = {"COLUMNS": "80", "NO_COLOR": "1", "REFTEL_ARCHIVE": None}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the examples find where they run: the demo collection, and an archive of it."""
    folder = tmp_path_factory.mktemp("template")
    shutil.copytree(ROOT / "demo", folder / "demo", ignore=shutil.ignore_patterns("archive"))
    with Archive.open(folder / "reftel-archive", create=True) as archive:
        archive.add(folder / "demo" / "collection")
    return folder


@pytest.fixture
def checkout(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of one example; it may change there what it likes."""
    folder = tmp_path / "checkout"
    shutil.copytree(template, folder)
    monkeypatch.chdir(folder)
    return folder


def blocks(kind: str) -> dict[Path, list[str]]:
    """The fenced blocks of a kind, by page."""
    fence = re.compile(rf"^```{kind}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return {path: found for path in PAGES if (found := fence.findall(path.read_text("utf-8")))}


SESSIONS = [
    pytest.param(block, id=f"{path.stem}: {block.partition(chr(10))[0][:40]}")
    for path, found in blocks("console").items()
    for block in found
]


def tidy(text: str) -> str:
    """Without the blanks at line ends, which no reader of a page can see."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@pytest.mark.parametrize("block", SESSIONS)
def test_the_docs_print_what_comes_out(block: str, checkout: Path) -> None:
    """A line "..." stands for any lines, "..." at the end of one for the rest of it. Without `add` there is an archive."""
    if block.startswith("$ reftel add"):
        shutil.rmtree(checkout / "reftel-archive")
    for step in re.split(r"^\$ reftel ", block, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        result = CliRunner().invoke(
            main, shlex.split(command), env=PLAIN_ENV, prog_name="reftel", catch_exceptions=False
        )
        pattern = ".*\n".join(map(re.escape, expected.split("...\n")))
        assert re.fullmatch(pattern, tidy(result.output), re.DOTALL), f"{command}\n{tidy(result.output)}"


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in blocks("python")])
@pytest.mark.usefixtures("checkout")
def test_the_python_in_the_docs_runs(path: Path) -> None:
    """All blocks of a page, one after the other. A comment behind an expression begins with its value."""
    names: dict[str, object] = {}
    for block in blocks("python")[path]:
        for node in ast.parse(block).body:
            line = block.splitlines()[(node.end_lineno or 1) - 1]
            comment = line.partition("  # ")[2]
            if isinstance(node, ast.Expr) and comment:
                value = eval(compile(ast.Expression(node.value), path.name, "eval"), names)
                assert comment.startswith((repr(value), f'"{value}"', str(value)))
            else:
                exec(compile(ast.Module([node], []), path.name, "exec"), names)


# --- links and paths ---------------------------------------------------------------------------------

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
