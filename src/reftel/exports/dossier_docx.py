"""A dossier as a Word document, through python-docx. The same dossier gives the same bytes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from reftel.errors import ReftelError
from reftel.exports import dossier as parts
from reftel.exports.dossier import Dossier, Part, lay_out
from reftel.exports.entry import printable

# What a part is set in. Styles below "Quote" are made here; the others are Word's own, so that a contents list can be made of them.
_STYLES = {
    parts.TITLE: "Title",
    parts.MADE: "Subtitle",
    parts.CABLE: "Heading 1",
    parts.SOURCES: "Heading 1",
    parts.HEADING: "Quoted Heading",
    parts.QUOTE: "Quoted Text",
    parts.ABOUT: "Telegram",
    parts.CITATION: "Citation",
    parts.SOURCE: "Bibliography",
    parts.REMARK: "Normal",
    parts.LOST: "Telegram",
    parts.NOTE: "Reader's Note",
}
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_COLUMNS = re.compile(r"[^\s.?!:;] {3,}\S")
_SERIF, _FIXED = "Cambria", "Courier New"


def write_dossier_docx(dossier: Dossier, out: BinaryIO) -> None:
    """Writes one document: a heading a cable, what is quoted in a style of its own, the sources last with hanging indents.

    ReftelError if python-docx is not installed.
    """
    document = _load().Document()
    _make_styles(document)
    styles = {kind: document.styles[name] for kind, name in _STYLES.items()}
    for part in lay_out(dossier):
        _set(document.add_paragraph(style=styles[part.kind]), part)
    _set_properties(document, dossier)
    made = BytesIO()
    document.save(made)
    _copy_undated(made, out)


def _load() -> Any:
    try:
        return import_module("docx")
    except ImportError:
        raise ReftelError('A Word document needs python-docx. Install it with: pip install "reftel[docx]"') from None


def _make_styles(document: Any) -> None:
    """(name, style it rests on, size in points, left indent, first line, space after, italic, bold)"""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    rows = (
        ("Quoted Text", "Normal", 11, 24, 0, 4, False, False),
        ("Quoted Heading", "Normal", 11, 24, 0, 4, False, True),
        ("Telegram", "Normal", 9.5, 0, 0, 6, True, False),
        ("Citation", "Normal", 9.5, 24, 0, 8, False, False),
        ("Reader's Note", "Normal", 10, 24, -12, 6, True, False),
        ("Bibliography", "Normal", 11, 36, -36, 6, False, False),
    )
    document.styles["Normal"].font.name = _SERIF
    for name, base, size, left, first, after, italic, bold in rows:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles[base]
        style.font.size, style.font.italic, style.font.bold = Pt(size), italic, bold
        style.paragraph_format.left_indent = Pt(left)
        style.paragraph_format.first_line_indent = Pt(first)
        style.paragraph_format.space_after = Pt(after)
    for name in ("Quoted Text", "Quoted Heading", "Telegram"):
        document.styles[name].paragraph_format.keep_with_next = name != "Quoted Text"


def _set(paragraph: Any, part: Part) -> None:
    """The text of a part in its paragraph, number and mark in bold. Prose that is quoted flows; columns get a face of fixed width."""
    mark = f"({part.marking})" if part.marking else ""
    lead = (
        "Note."
        if part.kind == parts.NOTE
        else " ".join(filter(None, (f"{part.number}." if part.number is not None else "", mark)))
    )
    if lead:
        paragraph.add_run(f"{printable(lead)} ").bold = True
    for i, block in enumerate(_BLANK_LINES.split(part.text)):
        lines = block.split("\n")
        has_columns = part.kind == parts.QUOTE and sum(1 for line in lines if _COLUMNS.search(line)) > 1
        if has_columns:
            lines = ["".join(c for c in line if c.isprintable()) for line in lines]
        else:
            lines = [printable(line) for line in lines]
        if part.kind == parts.QUOTE and not has_columns:
            lines = _flow(lines, part.labels)
        run = paragraph.add_run(("\n\n" if i else "") + "\n".join(lines))
        if has_columns:
            run.font.name = _FIXED


def _flow(lines: list[str], labels: tuple[str, ...]) -> list[str]:
    """The lines of a telegram as one, but for sub-paragraphs, which begin a line."""
    flowing: list[str] = []
    for line in lines:
        if flowing and not line.startswith(labels):
            flowing[-1] += f" {line}"
        else:
            flowing.append(line)
    return flowing


def _set_properties(document: Any, dossier: Dossier) -> None:
    """Title and day; nobody's name, and no clock's time."""
    made = datetime.fromisoformat(dossier.made.replace("Z", "+00:00"))
    made = made.astimezone(UTC).replace(tzinfo=None) if made.tzinfo else made
    told = document.core_properties
    told.title, told.created, told.modified = printable(dossier.title)[:255], made, made
    told.author = told.last_modified_by = told.comments = told.keywords = told.subject = ""
    told.revision = 1


def _copy_undated(made: BytesIO, out: BinaryIO) -> None:
    """The archive that a Word document is, without the time at which each file of it was written."""
    with ZipFile(made) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            info = ZipInfo(name)  # of 1980
            info.compress_type = ZIP_DEFLATED
            info.create_system = 3  # else it would tell whether it was made on Windows
            new.writestr(info, old.read(name))
