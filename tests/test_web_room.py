"""The archives that a reading room holds open, and what it keeps of them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from archives import new_archive, write_dump

from reftel.errors import ReftelError
from reftel.web.room import Room
from reftel.web.settings import Settings


def test_what_was_made_is_kept_until_the_archive_has_changed(tmp_path: Path) -> None:
    now = [0.0]
    made: list[int] = []

    def make() -> int:
        now[0] += 2.0  # it takes two seconds
        made.append(len(made))
        return made[-1]

    with new_archive(tmp_path) as archive:
        room = Room(Settings(archive.folder), lambda: now[0])
        assert [room.remember(archive, ("a",), make) for _ in range(2)] == [0, 0]
        archive.add([write_dump(tmp_path / "1.txt", 1)], workers=0, extract=False)
        assert room.remember(archive, ("a",), make) == 0  # changed, but just made
        assert room.remember(archive, ("b",), make) == 1
        now[0] += 41.0
        assert [room.remember(archive, ("a",), make) for _ in range(2)] == [2, 2]
        room.close()


def test_a_thing_is_made_once_for_all_threads(tmp_path: Path) -> None:
    made: list[int] = []
    waiting = threading.Barrier(4)
    with new_archive(tmp_path) as archive:
        room = Room(Settings(archive.folder))

        def ask() -> None:
            waiting.wait()
            with room.archive() as one:
                room.remember(one, ("a",), lambda: made.append(1))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made == [1]
        room.close()


def test_a_slip_gives_the_archive_back_and_a_crash_closes_it(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        room = Room(Settings(archive.folder))
        with room.archive() as first:
            pass
        with pytest.raises(ReftelError), room.archive() as again:
            assert again is first
            raise ReftelError("a slip")
        with pytest.raises(ZeroDivisionError), room.archive() as again:
            assert again is first
            _ = 1 / 0
        with room.archive() as other:
            assert other is not first
        room.close()
