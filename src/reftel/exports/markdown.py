"""Cables as Markdown: a card, numbered paragraphs under their headings, and how to cite them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from reftel.errors import DEFECTS
from reftel.exports.body_text import body_parts, paragraph_text
from reftel.exports.card import card
from reftel.exports.entry import NO_SUBJECT, Entry, entry, printable
from reftel.exports.notes import chicago
from reftel.model import Cable, Note, Paragraph


def write_markdown(cables: Iterable[Cable], out: BinaryIO) -> int:
    """Writes one document and returns how many cables it holds; of several, a table of contents goes first.

    The cables wait in a temporary file until the contents are known, so memory stays flat.
    """
    count = 0
    with TemporaryFile() as contents, TemporaryFile() as documents:
        for cable in cables:
            count += 1
            name = cable.id or "no id"
            cited = entry(cable)
            contents.write(f"{count}. [{escape(name)}](#cable-{count}): {_title(cited)}\n".encode())
            documents.write(f'\n<a id="cable-{count}"></a>\n\n{_document(cable, cited)}'.encode())
        if count > 1:
            out.write(f"# {count} cables\n\n".encode())
            _copy(contents, out)
            _copy(documents, out)
        elif count:
            out.write(_document(cable, cited).encode())
    return count


def _copy(held: BinaryIO, out: BinaryIO) -> None:
    held.seek(0)
    copyfileobj(held, out)


def _document(cable: Cable, cited: Entry) -> str:
    return "\n\n".join(_blocks(cable, cited)) + "\n"


def _blocks(cable: Cable, cited: Entry) -> Iterator[str]:
    yield f"# {_title(cited)}"
    rows = "\n".join(f"| {name} | {escape(value)} |" for name, value in card(cable))
    yield f"| Telegram | {escape(cable.id or 'id unknown')} |\n|---|---|\n{rows}"
    for part in body_parts(cable):
        yield f"## {escape(printable(part.text))}" if isinstance(part, Note) else _paragraph(cable, part)
    if cable.signer:
        yield escape(printable(cable.signer))
    if cable.defects:
        codes = dict.fromkeys(defect.code for defect in cable.defects)
        yield "\n".join(["---", "", "What is odd in this text:", "", *(f"- {code}: {DEFECTS[code]}" for code in codes)])
    yield f"---\n\nCite as: {escape(chicago(cited, None))}"


def _title(cited: Entry) -> str:
    return escape(cited.title or NO_SUBJECT)


_BLANK_LINES = re.compile(r"\n{2,}")
# A wide gap that ends no sentence: the columns of a table, which only a fixed width keeps.
_COLUMNS = re.compile(r"[^\s.?!:;] {3,}\S")


def _paragraph(cable: Cable, paragraph: Paragraph) -> str:
    """Number and mark in bold, lines as printed; sub-paragraphs begin a line, tables stay in columns."""
    labels = {item.label for item in paragraph.items}
    return set_prose(paragraph_text(cable, paragraph), paragraph.number, paragraph.marking, labels)


def set_prose(text: str, number: int | None, marking: str | None, labels: Collection[str] = ()) -> str:
    """A text as Markdown prints it, lines and columns kept, number and mark in bold. labels: what begins a line of its own."""
    mark = f"({escape(marking)})" if marking else ""
    lead = " ".join(filter(None, (f"{number}." if number is not None else "", mark)))
    blocks = []
    for block in _BLANK_LINES.split(text):
        lines = [line for line in block.split("\n") if line.strip()]
        if sum(1 for line in lines if _COLUMNS.search(line)) > 1:
            blocks.append("\n".join(f"    {_without_controls(line)}" for line in lines))
            continue
        said = [escape(printable(line)) for line in lines]
        for i in range(1, len(said)):
            if lines[i].lstrip().startswith(tuple(labels)):
                said[i - 1] += "\\"  # a line break that stays
        blocks.append("\n".join(said))
    if not lead:
        return "\n\n".join(blocks)
    parted = "\n\n" if blocks[0].startswith("    ") else " "
    return f"**{lead}**{parted if blocks[0] else ''}" + "\n\n".join(blocks)


def _without_controls(line: str) -> str:
    return "".join(c for c in line if c.isprintable())


_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&#]|^(?:[-+=]|\d++(?=[.)]))", re.MULTILINE)


def escape(text: str) -> str:
    """The text as Markdown prints it, letter for letter."""
    return _SPECIAL.sub(lambda m: f"{m[0]}\\" if m[0].isdigit() else f"\\{m[0]}", text)
