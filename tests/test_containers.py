"""Files, folders, globs, archives and the members inside them; hostile ones above all."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import stat
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from reftel.model import Source
from reftel.readers import Failure, Progress, read_sources, replay, streams


def telegram(number: int) -> bytes:
    return f"R 220930Z JUL 08\nFM AMEMBASSY LONDON\nUNCLAS LONDON {number:06d}\n\n1. Ferry {number}.\n".encode()


def make_zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def make_tar(members: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def read_here(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *paths: str, progress: Progress | None = None
) -> tuple[list[str], list[Failure]]:
    """Locators of what was read and the failures, the folder being the current one."""
    monkeypatch.chdir(folder)
    items = list(read_sources(paths, progress=progress))
    return (
        [item.provenance.locator for item in items if isinstance(item, Source)],
        [item for item in items if isinstance(item, Failure)],
    )


MEMBERS = {"dump/b.txt": telegram(2), "dump/a.txt": telegram(1), "dump/c/d.txt": telegram(3)}
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes,
    "tar.gz": gzip.compress,
    "tar.bz2": bz2.compress,
    "tar.xz": lzma.compress,
    "tar.zst": zstandard.ZstdCompressor().compress,
}


# --- what the user names -------------------------------------------------------------------------------


def test_a_folder_is_read_by_name_and_hidden_files_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = {"cables/.git/x.txt": telegram(8), "cables/.x.txt": telegram(9)}
    put(tmp_path, {f"cables/{name}": data for name, data in MEMBERS.items()} | hidden)
    progress = Progress()
    locators, failures = read_here(monkeypatch, tmp_path, "cables", progress=progress)
    assert locators == ["cables/dump/a.txt", "cables/dump/b.txt", "cables/dump/c/d.txt"]
    assert not failures
    assert progress.skipped == {"hidden files and folders": 2}
    assert progress.bytes_done == progress.bytes_total == sum(map(len, MEMBERS.values()))


def test_paths_are_read_in_the_order_given_and_globs_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, MEMBERS)
    locators, failures = read_here(monkeypatch, tmp_path, "dump/c/d.txt", "./dump/*.txt", "**/d.txt")
    assert locators == ["dump/c/d.txt", "dump/a.txt", "dump/b.txt", "dump/c/d.txt"]
    assert not failures


def test_what_does_not_exist_fails_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, MEMBERS)
    locators, failures = read_here(monkeypatch, tmp_path, "nowhere.txt", "*.zip", "dump/a.txt")
    assert locators == ["dump/a.txt"]
    assert [failure.reason for failure in failures] == [
        "There is no file or folder nowhere.txt. Check the path.",
        "Nothing matches *.zip. Check the pattern.",
    ]


@pytest.mark.parametrize("path", ["x" * 5000, "a\0b", "*\0", "x/" * 3000, "", "[", "~", "\ud800"])
def test_a_path_that_cannot_be_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    locators, failures = read_here(monkeypatch, tmp_path, path)
    assert not locators
    assert len(failures) == 1


def test_a_folder_that_cannot_be_listed_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {"in/a.txt": telegram(1), "in/shut/b.txt": telegram(2)})
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    locators, failures = read_here(monkeypatch, tmp_path, "in")
    assert locators == ["in/a.txt"]
    assert failures == [Failure("in/shut", "The folder in/shut cannot be listed: Permission denied.")]


def test_a_file_that_may_not_be_read_or_is_a_broken_link_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, {"in/a.txt": telegram(1)})
    (tmp_path / "in" / "b.txt").symlink_to(tmp_path / "gone.txt")
    os.mkfifo(tmp_path / "in" / "c.txt")
    locators, failures = read_here(monkeypatch, tmp_path, "in")
    assert locators == ["in/a.txt"]
    assert [failure.locator for failure in failures] == ["in/b.txt", "in/c.txt"]


def test_a_name_that_is_no_utf8_gives_a_locator_that_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9\n.txt"
    Path(os.fsdecode(path)).write_bytes(telegram(1))
    locators, _ = read_here(monkeypatch, tmp_path, ".")
    assert locators == ["caf\ufffd\ufffd.txt"]
    locators[0].encode()


def test_standard_input_is_read_whatever_it_holds() -> None:
    for data, locator in (
        (telegram(1), "stdin"),
        (gzip.compress(telegram(1)), "stdin!stdin"),
        (make_zip({"a.txt": telegram(1)}), "stdin!a.txt"),
        (make_tar({"a.txt": telegram(1)}, "w:gz"), "stdin!a.txt"),
    ):
        (item,) = read_sources(["-"], stdin=io.BytesIO(data))
        assert isinstance(item, Source)
        assert (item.provenance.locator, item.text) == (locator, telegram(1).decode())


# --- archives ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_tar_archive_is_read_member_by_member(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str) -> None:
    put(tmp_path, {f"x.{packing}": PACKINGS[packing](make_tar(MEMBERS))})
    progress = Progress()
    locators, failures = read_here(monkeypatch, tmp_path, f"x.{packing}", progress=progress)
    assert locators == [f"x.{packing}!dump/b.txt", f"x.{packing}!dump/a.txt", f"x.{packing}!dump/c/d.txt"]
    assert not failures
    assert progress.bytes_done == progress.bytes_total > 0


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_archive_is_read_member_by_member(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: int) -> None:
    extra = {"dump/": b"", "__MACOSX/dump/._a.txt": b"\x00", "dump/.hidden": b"\x00"}
    put(tmp_path, {"x.zip": make_zip(MEMBERS | extra, method)})
    progress = Progress()
    locators, failures = read_here(monkeypatch, tmp_path, "x.zip", progress=progress)
    assert locators == ["x.zip!dump/b.txt", "x.zip!dump/a.txt", "x.zip!dump/c/d.txt"]
    assert not failures
    assert progress.skipped == {"hidden files and folders": 2}


@pytest.mark.parametrize("suffix", ["gz", "bz2", "xz", "zst"])
def test_a_compressed_file_is_its_only_member(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    put(tmp_path, {f"a.txt.{suffix}": PACKINGS[f"tar.{suffix}"](telegram(1))})
    assert read_here(monkeypatch, tmp_path, f"a.txt.{suffix}") == ([f"a.txt.{suffix}!a.txt"], [])


def test_rows_of_a_compressed_table_are_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = '"{0}","7/2/2008 9:05","08LONDON{0}","Embassy London","SECRET","","R","S E C R E T"\n'
    table = "".join(row.format(number) for number in (1, 2)).encode()
    put(tmp_path, {"cables.csv.gz": gzip.compress(table), "x.zip": make_zip({"cables.csv": table})})
    locators, failures = read_here(monkeypatch, tmp_path, "cables.csv.gz", "x.zip")
    assert locators == [
        "cables.csv.gz!cables.csv#1",
        "cables.csv.gz!cables.csv#2",
        "x.zip!cables.csv#1",
        "x.zip!cables.csv#2",
    ]
    assert not failures


def test_an_archive_inside_an_archive_is_read_and_the_next_level_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = {"a.txt": telegram(1)}
    put(
        tmp_path,
        {
            "one.zip": make_zip({"x.tar.gz": make_tar(inner, "w:gz"), "y.zip": make_zip(inner), "z.txt": telegram(2)}),
            "two.tar": make_tar({"x.zip": make_zip({"y.zip": make_zip(inner), "b.txt": telegram(3)})}),
        },
    )
    locators, failures = read_here(monkeypatch, tmp_path, "one.zip", "two.tar")
    assert locators == [
        "one.zip!x.tar.gz!a.txt",
        "one.zip!y.zip!a.txt",
        "one.zip!z.txt",
        "two.tar!x.zip!b.txt",
    ]
    assert [failure.locator for failure in failures] == ["two.tar!x.zip!y.zip"]
    assert "Unpack" in failures[0].reason


def test_members_can_be_replayed_from_their_bytes(tmp_path: Path) -> None:
    data = telegram(1) + "café".encode("cp1252")
    put(tmp_path, {"x.zip": make_zip({"a.txt": data})})
    (item,) = read_sources([tmp_path / "x.zip"])
    assert isinstance(item, Source)
    assert replay(data, item.provenance.repairs) == item.text


# --- hostile archives ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "C:\\evil.txt", "..\\evil.txt"])
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_leads_out_is_refused_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    members = {name: telegram(1), "good.txt": telegram(2)}
    put(tmp_path, {f"x.{kind}": make_zip(members) if kind == "zip" else make_tar(members)})
    locators, failures = read_here(monkeypatch, tmp_path, f"x.{kind}")
    assert locators == [f"x.{kind}!good.txt"]
    (failure,) = failures
    assert "not read" in failure.reason and failure.reason.endswith(".")


def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("tty", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        good = tarfile.TarInfo("good.txt")
        good.size = len(telegram(1))
        archive.addfile(good, io.BytesIO(telegram(1)))
    put(tmp_path, {"x.tar": out.getvalue()})
    locators, failures = read_here(monkeypatch, tmp_path, "x.tar")
    assert locators == ["x.tar!good.txt"]
    assert ["is a link" in failure.reason for failure in failures] == [True, True, False]
    assert "device" in failures[2].reason


def test_links_and_locked_members_in_a_zip_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("locked.txt", telegram(1))
        archive.writestr("good.txt", telegram(2))
    data = bytearray(out.getvalue())
    entry = data.rindex(b"locked.txt") - 46  # its row of the central directory
    data[entry + 8] |= 1
    put(tmp_path, {"x.zip": bytes(data)})
    locators, failures = read_here(monkeypatch, tmp_path, "x.zip")
    assert locators == ["x.zip!good.txt"]
    assert ["link" in failures[0].reason, "encrypted" in failures[1].reason] == [True, True]


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz", "zst"])
@pytest.mark.parametrize("start", [b"", b'"1","7/2/2008 9:05","08LONDON1","Embassy London","SECRET","","","'])
def test_a_bomb_is_refused_in_little_memory_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str, start: bytes
) -> None:
    bomb = start + b"\n" * (40 << 20)
    put(tmp_path, {f"bomb.{packing}": PACKINGS[f"tar.{packing}"](bomb), "good.txt": telegram(1)})
    del bomb
    tracemalloc.start()
    try:
        locators, failures = read_here(monkeypatch, tmp_path, f"bomb.{packing}", "good.txt")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert locators == ["good.txt"]
    assert any("expands to more than 200 times its size" in failure.reason for failure in failures)
    assert peak < 70 << 20


def test_a_bomb_in_a_zip_is_refused_and_its_neighbours_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(
        tmp_path,
        {"x.zip": make_zip({"a.txt": telegram(1), "bomb.txt": b"\n" * (40 << 20), "c.txt": telegram(3)})},
    )
    locators, failures = read_here(monkeypatch, tmp_path, "x.zip")
    assert locators == ["x.zip!a.txt"]
    assert [failure.locator for failure in failures] == ["x.zip!bomb.txt", "x.zip!c.txt"]


@pytest.mark.parametrize(("limit", "words"), [("MAX_MEMBER", "expands to more than"), ("MAX_TOTAL", "came before")])
def test_absolute_limits_hold_where_the_ratio_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    monkeypatch.setattr(streams, limit, 3_000_000)
    noise = telegram(1) + random.Random(1).randbytes(1_200_000).hex().encode()
    put(tmp_path, {"x.zip": make_zip({"a.txt": noise, "b.txt": noise + noise[:700_000]})})
    locators, failures = read_here(monkeypatch, tmp_path, "x.zip")
    assert locators == ["x.zip!a.txt"]
    assert words in failures[0].reason


def test_a_document_longer_than_any_cable_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reftel.readers.MAX_DOCUMENT", 100_000)
    put(tmp_path, {"a.txt": telegram(1) * 2_000, "b.txt": telegram(2)})
    locators, failures = read_here(monkeypatch, tmp_path, "a.txt", "b.txt")
    assert locators == ["b.txt"]
    assert "Split it" in failures[0].reason


def test_a_tar_header_that_claims_gigabytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 3 << 30
    put(tmp_path, {"x.tar": make_tar({"a.txt": telegram(1)})[:1024] + info.tobuf() + b"x" * 5_000_000})
    locators, failures = read_here(monkeypatch, tmp_path, "x.tar")
    assert locators == ["x.tar!a.txt"]
    assert "longer than any real one" in failures[0].reason


def test_an_office_document_is_no_archive_of_cables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {"x.docx": make_zip({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})})
    locators, failures = read_here(monkeypatch, tmp_path, "x.docx")
    assert not locators
    assert "Office document. Save it as plain text first." in failures[0].reason


@pytest.mark.parametrize("packing", ["zip", *PACKINGS])
def test_a_damaged_archive_is_a_failure_and_never_a_crash(packing: str) -> None:
    members = {f"{number}.txt": telegram(number) * 20 for number in range(6)}
    whole = make_zip(members) if packing == "zip" else PACKINGS[packing](make_tar(members))
    dice = random.Random(packing)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(dice.choice((1, 3))):
            data[dice.randrange(4, len(data))] = dice.randrange(256)
        cut = bytes(data[: dice.randrange(len(data))] if dice.random() < 0.5 else data)
        for item in read_sources(["-"], stdin=io.BytesIO(cut)):
            if isinstance(item, Failure):
                assert item.reason.endswith((".", ")")), item.reason


@pytest.mark.parametrize("packing", PACKINGS)
def test_an_archive_that_breaks_off_says_so(packing: str) -> None:
    dice = random.Random(1)
    members = {f"{number}.txt": telegram(number) + dice.randbytes(3000).hex().encode() for number in range(6)}
    whole = PACKINGS[packing](make_tar(members))
    items = list(read_sources(["-"], stdin=io.BytesIO(whole[: len(whole) // 2])))
    assert isinstance(items[-1], Failure)
    assert "damaged" in items[-1].reason


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    put(tmp_path, MEMBERS | {"x.zip": make_zip(MEMBERS), "bad.bin": b"\x00\x01"})
    assert list(read_sources([tmp_path])) == list(read_sources([tmp_path]))
