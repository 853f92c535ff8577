"""Files out of a form into the archive's folder, as they come: `uploads/<day and a random mark>/<safe name>`.

Nothing is held in memory or in a temporary folder, and no name is trusted. What breaks off or is too much leaves nothing behind.
"""

from __future__ import annotations

import errno
import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from itertools import count
from pathlib import Path
from typing import IO, NamedTuple

from anyio import to_thread
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from reftel.web.problems import BadRequestError, RoomError
from reftel.web.saying import say_size

FOLDER = "uploads"
MOST_FILES = 10_000
_MOST_FIELDS, _FIELD, _HEADERS = 20, 4096, 8192  # how many fields, and bytes of a field and of a part's headers
_LONGEST, _LONGEST_BYTES = 100, 200  # characters and bytes of a file's name
_SPARE = 256 << 20  # bytes that an upload leaves free on the disk
_UNSAFE = re.compile(r"[^\w.,()+=@ -]")
_DEVICES = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    "CONIN$",
    "CONOUT$",
    *(f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³"),
}


class TooMuchError(RoomError):
    """More is sent than is taken."""

    status, code, title = 413, "too-large", "Too large"


class DiskError(RoomError):
    """There is no room for it."""

    status, code, title = 507, "disk-full", "The disk is full"


class Form(NamedTuple):
    """What was sent. folder: where the files are, None if there are none; files: their names there."""

    fields: dict[str, str]
    folder: Path | None
    files: tuple[str, ...]


async def take_form(request: Request, archive: Path, most: int) -> Form:
    """The fields and files of a multipart form, the files on disk. most: bytes of all of it.

    RoomError if it is too large, breaks off or is no such form; nothing is left of it then.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise BadRequestError("This is no form with files.", "Send it as multipart/form-data.")
    announced = request.headers.get("content-length", "")
    _check_size(int(announced[:20]) if announced.isdecimal() else 0, archive, most)
    taker = _Taker(archive / FOLDER)
    size = 0
    try:
        parser = MultipartParser(options[b"boundary"], taker.callbacks(), max_header_size=_HEADERS)  # type: ignore[arg-type]
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise _too_much(most)
            await to_thread.run_sync(parser.write, chunk)
        if not taker.is_whole:
            raise BadRequestError("The upload broke off.", "Send it again.")
    except BaseException as error:
        taker.forget()
        raise _told(error) from None
    return Form(taker.fields, taker.folder, tuple(taker.files))


def safe_name(name: str, taken: Iterable[str] = ()) -> str:
    """A name for a file on any system, for one that came from outside; unlike those that are taken, in capitals or not.

    No folder, no mark that means something in a locator, no leading point, no device of Windows, and at most 100 characters.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _UNSAFE.sub("_", last).strip(" ").lstrip(".").rstrip(". ") or "file"
    stem, point, suffix = plain.rpartition(".")
    if not stem or len(suffix) > 10:
        stem, point, suffix = plain, "", ""
    if plain.partition(".")[0].rstrip().upper() in _DEVICES:
        stem = f"_{stem}"
    held = {one.casefold() for one in taken}
    for number in count(1):
        end = (f"-{number}" if number > 1 else "") + point + suffix
        made = _cut(stem, end) + end
        if made.casefold() not in held:
            break
    return made


def _cut(stem: str, rest: str) -> str:
    stem = stem[: _LONGEST - len(rest)]
    while len((stem + rest).encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" ") or "file"


class _Taker:
    """Takes the parts of a form as the parser finds them; runs on a thread."""

    def __init__(self, uploads: Path) -> None:
        self.fields: dict[str, str] = {}
        self.files: list[str] = []
        self.folder: Path | None = None
        self.is_whole = False
        self._uploads = uploads
        self._taken: set[str] = set()
        self._headers: dict[str, str] = {}
        self._header, self._value = b"", b""
        self._field: str | None = None
        self._data = b""
        self._file: IO[bytes] | None = None

    def callbacks(self) -> dict[str, Callable[..., None]]:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._read_header,
            "on_header_value": self._read_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": self._write,
            "on_part_end": self._close,
            "on_end": self._end,
        }

    def forget(self) -> None:
        """Leaves nothing behind."""
        if self._file is not None:
            self._file.close()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _begin(self) -> None:
        self._headers, self._field, self._data = {}, None, b""

    def _read_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _read_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._header.decode("latin-1").lower()] = self._value.decode("utf-8", "replace")
        self._header, self._value = b"", b""

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", ""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            self._field = name
            if len(self.fields) >= _MOST_FIELDS:
                raise TooMuchError(f"The form has more than {_MOST_FIELDS} fields.")
            return
        filename = options[b"filename"].decode("utf-8", "replace")
        if not filename:
            return  # a field in which no file was chosen
        if len(self.files) >= MOST_FILES:
            raise TooMuchError(f"There are more than {MOST_FILES:,} files.", "Send them in a zip archive, or in parts.")
        if self.folder is None:
            self._uploads.mkdir(exist_ok=True)
            self.folder = self._uploads / f"{date.today().isoformat()}-{secrets.token_hex(4)}"
            self.folder.mkdir()
        safe = safe_name(filename, self._taken)
        self._taken.add(safe)
        self.files.append(safe)
        self._file = (self.folder / safe).open("xb")

    def _write(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
        elif self._field is not None:
            self._data += data[start:end]
            if len(self._data) > _FIELD:
                raise TooMuchError(f"The field {self._field[:40]} is longer than {_FIELD:,} bytes.")

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        elif self._field is not None:
            self.fields[self._field] = self._data.decode("utf-8", "replace")

    def _end(self) -> None:
        self.is_whole = True


def _check_size(announced: int, archive: Path, most: int) -> None:
    if announced > most:
        raise _too_much(most)
    # What is uploaded is kept, and the archive grows by about as much again.
    if shutil.disk_usage(archive).free < 2 * announced + _SPARE:
        raise _no_room()


def _told(error: BaseException) -> BaseException:
    """What broke an upload, as it is answered."""
    match error:
        case MultipartParseError():
            return BadRequestError("The form cannot be read.", "Send it again.")
        case ClientDisconnect():
            return BadRequestError("The upload broke off.", "Send it again.")
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _no_room()
    return error


def _too_much(most: int) -> TooMuchError:
    return TooMuchError(
        f"This is more than {say_size(most)}, the most that is taken at a time.",
        "Send it in parts, or add it in a terminal: reftel add.",
    )


def _no_room() -> DiskError:
    return DiskError("There is too little room on the disk of the archive.", "Make some, and send the files again.")
