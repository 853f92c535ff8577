"""Readers in the reading room, all at once, while cables are being added; how long each page took, and how many failed.

    python bench/room.py ARCHIVE                     50 readers for a minute, each turning a page every five seconds
    python bench/room.py ARCHIVE --pause 0.5         in haste
    python bench/room.py ARCHIVE --add MORE          while `reftel add MORE` runs: files that the archive does not hold

Use a copy of an archive that matters: --add changes it. The pages are asked for over the network interface of this machine, as a browser does,
without their style sheets and fonts, which browsers keep, and after the processes of the room have opened the archive. An idle page of nothing (/healthz) is timed in the same run: what the machine and the
client take by themselves.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import httpx2 as httpx
from measure import describe_machine, find_percentile

from reftel import Archive

_HREF = re.compile(r'href="(/cable/[^"#]+)')
_MOST_WORDS = 400
_LOW = ["nice"] if shutil.which("nice") else []  # as the room's own jobs are: who reads goes before who adds


class Visit(NamedTuple):
    """One page that was asked for. status: 0 where the connection failed."""

    kind: str
    seconds: float
    status: int
    path: str


class Wanted(NamedTuple):
    """What readers ask for, drawn from the archive itself."""

    words: list[str]
    posts: list[str]
    addresses: list[str]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between two pages of a reader, on average")
    parser.add_argument(
        "--processes", type=int, help="that make pages; without it as many as the room itself would take"
    )
    parser.add_argument("--add", type=Path, help="what another process adds meanwhile")
    asked = parser.parse_args(arguments)
    wanted = draw_wanted(asked.archive)
    port = _free_port()
    command = [sys.executable, "-m", "reftel", "serve", "--archive", str(asked.archive), "--port", str(port)]
    command += [] if asked.processes is None else ["--processes", str(asked.processes)]
    room = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert room.stdout is not None
    room.stdout.readline()  # until it is open
    adding = None
    try:
        if asked.add is not None:
            adding = subprocess.Popen(
                [*_LOW, sys.executable, "-m", "reftel", "add", "--archive", str(asked.archive), str(asked.add)],
                stderr=subprocess.DEVNULL,
            )
        visits = asyncio.run(visit(f"http://127.0.0.1:{port}", wanted, asked.readers, asked.seconds, asked.pause))
        still = adding is not None and adding.poll() is None
    finally:
        for process in (adding, room):
            if process is not None:
                process.terminate()
                process.wait(30)
    print(describe_machine())
    with Archive.open(asked.archive) as archive:
        print(
            f"{len(archive):,} cables; {asked.readers} readers, a page every {asked.pause:g} s each, for {asked.seconds:g} s"
        )
    if asked.add is not None:
        print(f"meanwhile cables were added{'' if still else ', which ended before the readers did'}")
    for line in format_visits(visits):
        print(line)
    return 0


def draw_wanted(folder: Path) -> Wanted:
    """Words of all frequencies, posts and cables of an archive, the same ones every time."""
    dice = random.Random(7)
    with Archive.open(folder) as archive:
        spread = archive.facets("*", ("post",))
        posts = [name for name, _ in spread["post"][:60] if '"' not in name]
        keys = archive.store.column("SELECT key FROM cables WHERE lead IS NOT NULL ORDER BY key")
        some = dice.sample(keys, min(len(keys), _MOST_WORDS))
        texts = [archive.store.cable(key) for key in some[:80]]
        words = sorted({word.lower() for cable in texts for word in re.findall(r"\b[A-Za-z]{5,12}\b", cable.text)})
        return Wanted(
            dice.sample(words, min(len(words), _MOST_WORDS)), posts, [one for one in archive.addresses(some) if one]
        )


async def visit(room: str, wanted: Wanted, readers: int, seconds: float, pause: float) -> list[Visit]:
    """What all readers met with, in no order."""
    visits: list[Visit] = []
    limits = httpx.Limits(max_connections=readers + 2, max_keepalive_connections=readers + 2)
    async with httpx.AsyncClient(base_url=room, timeout=60, limits=limits, headers={"accept": "text/html"}) as client:
        for path in (
            "/search?q=minister",
            f"/cable/{wanted.addresses[0].replace('#', '_')}",
            "/statements?q=about:minister",
        ):
            await asyncio.gather(*(client.get(path) for _ in range(8)))  # every process opens the archive a first time
        until = time.monotonic() + seconds
        await asyncio.gather(*(_read(client, wanted, random.Random(i), until, pause, visits) for i in range(readers)))
    return visits


async def _read(
    client: httpx.AsyncClient, wanted: Wanted, dice: random.Random, until: float, pause: float, visits: list[Visit]
) -> None:
    """A reader: searches, turns a page, narrows, opens a cable, looks at statements."""
    await asyncio.sleep(dice.random() * pause)
    while time.monotonic() < until:
        word = dice.choice(wanted.words)
        both = f"{word} {dice.choice(wanted.words)}"
        found = await _get(client, "search: a word", f"/search?q={word}", visits)
        await _wait(dice, pause)
        opened = _HREF.findall(found)[1::2]
        if opened:
            await _get(client, "a cable out of the hits", opened[0].replace("&amp;", "&"), visits)
            await _wait(dice, pause)
        for kind, path in (
            ("search: two words", f"/search?q={both.replace(' ', '+')}"),
            (
                "search: narrowed to a post",
                f"/search?q={word}&f=from%3A%22{dice.choice(wanted.posts).replace(' ', '+')}%22",
            ),
            ("search: a phrase", f"/search?q=%22{both.replace(' ', '+')}%22&sort=-date"),
            ("a cable", f"/cable/{dice.choice(wanted.addresses).replace('#', '_')}"),
            ("statements", f"/statements?q=about:{word}"),
            ("completion", f"/complete.json?q={word[:3]}"),
            ("nothing (/healthz)", "/healthz"),
        ):
            if time.monotonic() >= until:
                return
            await _get(client, kind, path, visits)
            await _wait(dice, pause)


async def _wait(dice: random.Random, pause: float) -> None:
    await asyncio.sleep(dice.uniform(0.5, 1.5) * pause)


async def _get(client: httpx.AsyncClient, kind: str, path: str, visits: list[Visit]) -> str:
    begun = time.perf_counter()
    try:
        answer = await client.get(path)
    except httpx.HTTPError:
        visits.append(Visit(kind, time.perf_counter() - begun, 0, path))
        return ""
    visits.append(Visit(kind, time.perf_counter() - begun, answer.status_code, path))
    return answer.text


def format_visits(visits: Sequence[Visit]) -> list[str]:
    """A table: each kind of page with p50, p95, p99 in milliseconds, and what failed."""
    lines = [f"{'page':<28}{'asked':>7}{'p50':>8}{'p95':>8}{'p99':>8}{'errors':>8}"]
    for kind in [*sorted({one.kind for one in visits}), "all pages"]:
        some = [one for one in visits if kind in (one.kind, "all pages")]
        times = [1000 * one.seconds for one in some]
        errors = sum(one.status != 200 for one in some)
        shares = "".join(f"{find_percentile(times, share):8.0f}" for share in (0.5, 0.95, 0.99)) if times else ""
        lines.append(f"{kind:<28}{len(some):>7}{shares}{errors:>8}")
    return lines + [f"{one.status} {one.path}" for one in visits if one.status != 200][:10]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
