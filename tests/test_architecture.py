"""Imports run one way: faces -> pipeline -> stages -> what stages share -> records and errors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "src" / "reftel"
FACES = {"cli", "web", "mcp"}
STAGES = {"readers", "parse", "extract", "archive", "exports"}
SHARED = {"text", "cite", "tables", "query", "masking", "serials"}
BASE = {"model", "errors"}

BELOW_FACES = STAGES | SHARED | BASE | {"positions", "settings", "pipeline", "workbench", ""}

# What each part may import, besides itself. A citation is read with the posts at hand, so cite stands on tables.
ALLOWED: dict[str, set[str]] = {
    **{name: set[str]() for name in BASE},
    **dict.fromkeys(SHARED, BASE),
    "cite": BASE | {"tables"},
    "query": BASE | {"tables", "cite", "text"},
    **dict.fromkeys(STAGES, SHARED | BASE),
    "settings": BASE,
    "masking": BASE | {"text"},
    "positions": SHARED | BASE | {"exports"},
    "pipeline": STAGES | SHARED | BASE | {"settings", "masking"},
    "workbench": STAGES | SHARED | BASE | {"positions", "settings", "pipeline"},
    "": STAGES | SHARED | BASE | {"positions", "settings", "pipeline", "workbench"},
    "__main__": {"cli"},
    **dict.fromkeys(FACES, BELOW_FACES),
    "cli": BELOW_FACES | FACES - {"cli"},  # its commands start the others
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(module: str) -> str:
    """The part a dotted name belongs to: "reftel.parse.body" is of "parse"; of the package itself "" (its public names)."""
    names = module.split(".")
    return names[1] if len(names) > 1 else ""


def imports_of(path: Path) -> Iterator[str]:
    """Parts that a module imports, inside functions and for type checking included."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (part_of(a.name) for a in node.names if a.name.split(".")[0] == "reftel")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively; write out the module's name"
            if node.module == "reftel":
                parts = {a.name for a in node.names}
                yield from (name if name in ALLOWED else "" for name in parts)
            elif node.module and node.module.startswith("reftel."):
                yield part_of(node.module)


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_stands_below_it(path: Path) -> None:
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    own = "" if own == "__init__" else own
    assert own in ALLOWED, f"{own} has no place in the picture of ARCHITECTURE.md"
    assert set(imports_of(path)) - {own} <= ALLOWED[own]


def test_the_picture_has_no_circle() -> None:
    below = {name: set(parts) for name, parts in ALLOWED.items()}
    while below:
        bottom = {name for name, parts in below.items() if not parts & set(below)}
        assert bottom, f"these import each other: {sorted(below)}"
        below = {name: parts for name, parts in below.items() if name not in bottom}


def test_the_walk_sees_imports_inside_functions(tmp_path: Path) -> None:
    path = tmp_path / "late.py"
    path.write_text(
        "def run():\n    from reftel.cli import main\n    from reftel import parse\n    import reftel.readers\n"
    )
    assert sorted(imports_of(path)) == ["cli", "parse", "readers"]
