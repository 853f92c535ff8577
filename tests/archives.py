"""Archives for the tests: the demo collection, added once a process and copied for each test."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from conftest import COLLECTION, ROOT

from reftel.query import View, view_with_statements
from reftel.workbench import Archive

PEOPLE = ROOT / "demo" / "people.tsv"
# What no test may depend on: the terminal that the tests happen to run in.
PLAIN_ENV = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
COMMAND = [sys.executable, "-c", "from reftel.cli import main; main()"]

_WORDS = re.findall(
    r"\w+",
    "harbour ferry quota customs ledger bridge winter wheat council survey turbine glacier border market embassy pilot "
    "inspector railway timber cannery lighthouse fleet accord budget minister festival archive mountain valley tariff",
)


class Held(NamedTuple):
    """What an archive holds, to be compared. sources: locator and SHA-256; cables: id and locator of the leading text."""

    sources: list[tuple[str, str]]
    cables: list[tuple[str | None, str]]
    indexed: list[str]


@cache
def demo_home() -> Path:
    """The one demo archive of this process; not to be written to."""
    home = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    with Archive.open(home / "archive", create=True) as archive:
        archive.take_people(PEOPLE)
        archive.add([COLLECTION], workers=0)
    return home / "archive"


def demo_archive(tmp_path: Path) -> Path:
    """A copy of the demo archive, at a place of its own."""
    folder = tmp_path / "demo-archive"
    shutil.copytree(demo_home(), folder)
    return folder


@cache
def shared_archive() -> Archive:
    """The demo archive, open; nothing may be written to it."""
    return Archive.open(demo_home())


def new_archive(tmp_path: Path) -> Archive:
    """An empty archive."""
    return Archive.open(tmp_path / "archive", create=True)


def write_telegram(path: Path, number: int, *, words: str = "", text: int = 0, lines: int = 3) -> Path:
    """Writes an invented telegram, LISBON <number>. text: another number is another text. words: of its last paragraph."""
    step = number + 1000 * text
    said = [
        " ".join(_WORDS[(step * 7 + i * i * (step % 11 + 1)) % len(_WORDS)] for i in range(14 * j, 14 * j + 14))
        for j in range(lines)
    ]
    body = "\n\n".join(f"{i}. (U) The {text}." for i, text in enumerate([*said, words or f"note {number}"], 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"UNCLAS LISBON {number:06}\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: PREL, PO\nSUBJECT: TELEGRAM NUMBER {number}\n\n"
        f"{body}\n\nHALVORSEN\n",
        encoding="utf-8",
    )
    return path


def write_dump(path: Path, number: int, *, words: str = "", text: int = 0, lines: int = 3) -> Path:
    """Writes an invented record of the dump, 09LISBON<number>."""
    telegram = write_telegram(path, number, words=words, text=text, lines=lines).read_text("utf-8")
    day = number % 28 + 1
    path.write_text(
        f"09LISBON{number}\nTELEGRAM NUMBER {number}\nSun Mar {day:02} 00:00:00 +0100 2009\nUNCLASSIFIED\nEmbassy Lisbon\n"
        f"VZCZCXYZ0000\nRR RUEHWEB\nDE RUEHLI #{number:04} 0{58 + day}1412\nZNR UUUUU ZZH\nR {day:02}1412Z MAR 09\n"
        f"FM AMEMBASSY LISBON\nTO SECSTATE WASHDC\n{telegram}",
        encoding="utf-8",
    )
    return path


def held_by(archive: Archive) -> Held:
    """What is in both stores. The index is let catch up first."""
    store = archive.store
    sources = sorted(tuple(row) for row in store.execute("SELECT locator, sha256 FROM sources"))
    leads = store.execute("SELECT c.id, s.locator FROM cables c JOIN sources s ON s.key = c.lead").fetchall()
    indexed = sorted(hit.address for hit in archive.search_all("*"))
    return Held(sources, sorted(leads, key=str), indexed)


def views(archive: Archive) -> Iterator[tuple[int, View]]:
    """Every cable of the archive as the second evaluator sees it."""
    for key in archive.store.column("SELECT key FROM cables WHERE lead IS NOT NULL ORDER BY key"):
        store = archive.store
        yield key, view_with_statements(store.cable(key), store.findings(key), store.carriers(key))


def outcomes(lines: Iterator[object] | list[object]) -> list[str]:
    """The outcomes of ledger lines, in order."""
    return [line.outcome for line in lines]  # type: ignore[attr-defined]


def reftel(*args: str | Path, folder: Path | None = None, **options: object) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own. folder: the archive."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*COMMAND, *map(str, args)],
        capture_output=True,
        env=environment(folder),
        check=False,
        **{"text": True, "encoding": "utf-8", "timeout": 120, **options},
    )


def start_reftel(*args: str | Path, folder: Path) -> subprocess.Popen[str]:
    """The same, not waited for; in a process group of its own, so that all of it can be stopped."""
    return subprocess.Popen(
        [*COMMAND, *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(folder),
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def environment(folder: Path | None) -> dict[str, str]:
    """The environment of a command, without what the machine's own may hold."""
    env = {**os.environ, **PLAIN_ENV}
    env.pop("FORCE_COLOR", None)
    env.pop("REFTEL_ARCHIVE", None)
    return env | ({"REFTEL_ARCHIVE": str(folder)} if folder else {})


def children_of(pid: int) -> list[int]:
    """The processes that a process has started, on Linux."""
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in path.read_text().split()]
    return found
