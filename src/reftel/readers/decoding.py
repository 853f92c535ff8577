"""Bytes to text, every step recorded as a Repair so that it can be done again (`decode_as`)."""

from __future__ import annotations

import codecs
import re

from reftel.errors import RefusedError
from reftel.model import Repair

GUESSED = " (guessed)"
RETURNS = ", carriage returns made line feeds"

# How files begin that hold no plain text, and what to do about each.
NOT_TEXT = (
    (b"%PDF", "is a PDF. Save it as text first"),
    (b"{\\rtf", "is a rich-text document. Save it as plain text first"),
    (b"\xd0\xcf\x11\xe0", "is an old Office document. Save it as plain text first"),
    (b"\x89PNG", "is an image. Turn it into text first"),
    (b"\xff\xd8\xff", "is an image. Turn it into text first"),
    (b"GIF8", "is an image. Turn it into text first"),
    (b"II*\x00", "is an image. Turn it into text first"),
    (b"MM\x00*", "is an image. Turn it into text first"),
    (b"SQLite format 3", "is a database, not a document"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive. Unpack it first"),
    (b"Rar!\x1a\x07", "is a RAR archive. Unpack it first"),
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Tab, line feed, form feed, carriage return, Control-Z and escape do occur in old text files.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1c-\x1f\x7f]")


def decode(raw: bytes, locator: str) -> tuple[str, Repair]:
    """The text of a file and the step that made it: `decode` with `utf-8`, `utf-16`, `cp1252 (guessed)` ...

    A byte order mark is obeyed, then UTF-8 is tried, then Windows-1252 is guessed (Latin-1 where even that
    leaves bytes without a meaning). Line ends stay as they are, but where every one is a lone carriage return, as old
    Macintosh programs wrote them, they become line feeds. RefusedError if the bytes are no text.
    """
    for magic, what in NOT_TEXT:
        if raw.startswith(magic):
            raise RefusedError(f"{locator} {what}.")
    encoding = _declared(raw) or _utf16_unmarked(raw)
    if encoding is None:
        if b"\x00" in raw:
            raise RefusedError(f"{locator} holds NUL bytes and is no text. Save it as text first.")
        encoding = "utf-8"
    try:
        return _decoded(raw, encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise RefusedError(f"{locator} looks like {encoding} but is not. Save it as UTF-8 text first.") from None
    if len(_CONTROL.findall(raw)) * 50 > len(raw):
        raise RefusedError(f"{locator} is no text: it holds too many control bytes. Save it as text first.")
    return _decoded(raw, guess_single_byte(raw))


def _decoded(raw: bytes, encoding: str) -> tuple[str, Repair]:
    text = decode_as(raw, encoding)
    if "\r" not in text or "\n" in text:
        return text, Repair("decode", encoding)
    return text.replace("\r", "\n"), Repair("decode", encoding + RETURNS)


def decode_as(raw: bytes, detail: str) -> str:
    """The text as the detail of a `decode` step says (`cp1252 (guessed)`); else UnicodeDecodeError."""
    encoding = detail.removesuffix(RETURNS)
    text = raw.decode(encoding.removesuffix(GUESSED))
    return text if encoding == detail else text.replace("\r", "\n")


def guess_single_byte(raw: bytes) -> str:
    """`cp1252 (guessed)`, or `latin-1 (guessed)` where a byte has no meaning in Windows-1252."""
    try:
        raw.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1" + GUESSED
    return "cp1252" + GUESSED


def _declared(raw: bytes) -> str | None:
    return next((name for bom, name in _BOMS if raw.startswith(bom)), None)


def _utf16_unmarked(raw: bytes) -> str | None:
    """UTF-16 without its mark: nearly every second byte of English text is then NUL."""
    head = raw[:4096]
    if b"\x00" not in head:
        return None
    half = len(head) // 2
    for encoding, high, low in (("utf-16-le", head[1::2], head[0::2]), ("utf-16-be", head[0::2], head[1::2])):
        if half and high.count(0) > half * 0.8 and low.count(0) == 0:
            return encoding + GUESSED
    return None
