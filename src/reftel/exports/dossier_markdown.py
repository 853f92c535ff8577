"""A dossier as Markdown."""

from __future__ import annotations

import re
from typing import BinaryIO

from reftel.exports import dossier as parts
from reftel.exports.dossier import Dossier, Part, lay_out
from reftel.exports.entry import printable
from reftel.exports.markdown import escape, set_prose

_BLANK_LINES = re.compile(r"\n\s*\n")


def write_dossier_markdown(dossier: Dossier, out: BinaryIO) -> None:
    """Writes one document: a heading a cable, what is quoted as block quotations, the sources last."""
    out.write("\n\n".join(_set(part) for part in lay_out(dossier)).encode() + b"\n")


def _set(part: Part) -> str:
    text = part.text
    match part.kind:
        case parts.TITLE:
            return f"# {escape(text)}"
        case parts.CABLE | parts.SOURCES:
            return f"## {escape(text)}"
        case parts.QUOTE:
            return _quoted(set_prose(text, part.number, part.marking, part.labels))
        case parts.HEADING:
            return _quoted(f"**{escape(printable(text))}**")
        case parts.MADE | parts.LOST:
            return f"*{escape(text)}*"
        case parts.NOTE:
            return f"- Note, {_own(text)}".replace("\n", "\n  ")
        case parts.SOURCE:
            return f"- {escape(text)}"
        case parts.REMARK:
            return _own(text)
    return escape(text)


def _own(text: str) -> str:
    """What the user has written, its line breaks kept."""
    blocks = (block.split("\n") for block in _BLANK_LINES.split(text))
    return "\n\n".join("\\\n".join(escape(printable(line)) for line in block) for block in blocks)


def _quoted(text: str) -> str:
    """The text as a block quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
