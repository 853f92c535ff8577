"""Cables and result lists as HTML fragments for notebooks: inline styles only, everything escaped, light or dark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from reftel.errors import DEFECTS
from reftel.exports.body_text import body_parts, paragraph_text
from reftel.exports.card import card
from reftel.exports.entry import NO_SUBJECT, entry, printable, sender_of
from reftel.exports.notes import chicago
from reftel.model import Cable, Note, Paragraph, Record
from reftel.query.view import sent_day

# The page's own colours are kept; lines and remarks are grey that shows on white and on black.
_LINE = "1px solid rgba(128,128,128,.45)"
_CELL = "text-align:left;vertical-align:top;padding:.15em .9em .15em 0;white-space:normal;border:0"
_HEAD = f"{_CELL};border-bottom:{_LINE};font-weight:bold"
_FAINT = "opacity:.7"
_BLANK_LINES = re.compile(r"\n{2,}")
_COLUMNS = re.compile(r"[^\s.?!:;] {3,}\S")


class ResultRow(Record, frozen=True):
    """One row of a result list; what is None is left empty. snippet: text that shows the find."""

    id: str | None
    date: str | None
    sender: str | None
    subject: str | None
    classification: str | None
    snippet: str | None = None


def result_row(cable: Cable, snippet: str | None = None) -> ResultRow:
    """The row of a cable."""
    day, _ = sent_day(cable)
    subject = cable.subject or cable.source.claims.subject
    return ResultRow(
        cable.id, day.isoformat() if day else None, sender_of(cable), subject, cable.classification, snippet
    )


def cable_html(cable: Cable) -> str:
    """A cable as one `div`: card, paragraphs under their headings, citation, and what is odd."""
    return (
        f'<div style="max-width:48em;border:{_LINE};border-radius:4px;padding:.8em 1.2em;line-height:1.45">'
        f"{''.join(_parts(cable))}</div>"
    )


def table_html(rows: Iterable[ResultRow]) -> str:
    """A result list as one table, a row a cable."""
    names = ("Id", "Date", "From", "Subject", "Class")
    head = "".join(f'<th style="{_HEAD}">{name}</th>' for name in names)
    body = "".join(f"<tr>{_result_cells(one)}</tr>" for one in rows)
    return f'<table style="border-collapse:collapse;background:none"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _result_cells(one: ResultRow) -> str:
    subject = _text(one.subject or "")
    if one.snippet:
        subject += f'<div style="{_FAINT}">{_text(one.snippet)}</div>'
    plain = (_text(value or "") for value in (one.id, one.date, one.sender))
    first = "".join(f'<td style="{_CELL}">{value}</td>' for value in plain)
    return f'{first}<td style="{_CELL}">{subject}</td><td style="{_CELL}">{_text(one.classification or "")}</td>'


def _text(text: str) -> str:
    return escape(printable(text))


def _parts(cable: Cable) -> Iterator[str]:
    name = _text(cable.id or "id unknown")
    cited = entry(cable)
    title = _text(cited.title or NO_SUBJECT)
    yield f'<div style="font-weight:bold;font-size:1.15em;margin-bottom:.5em">{name}: {title}</div>'
    rows = "".join(
        f'<tr><td style="{_CELL};{_FAINT}">{escape(key)}</td><td style="{_CELL}">{escape(value)}</td></tr>'
        for key, value in card(cable)
    )
    yield f'<table style="border-collapse:collapse;background:none;margin:0 0 .8em 0">{rows}</table>'
    for part in body_parts(cable):
        if isinstance(part, Note):
            yield f'<div style="font-weight:bold;margin:1em 0 .3em 0">{_text(part.text)}</div>'
        else:
            yield from _paragraph(cable, part)
    if cable.signer:
        yield f'<p style="margin:.8em 0">{_text(cable.signer)}</p>'
    yield f'<div style="border-top:{_LINE};padding-top:.5em;{_FAINT}">{_text(chicago(cited, None))}</div>'
    if codes := dict.fromkeys(defect.code for defect in cable.defects):
        found = "".join(f"<li><code>{escape(code)}</code> {escape(DEFECTS[code])}</li>" for code in codes)
        yield f'<ul style="{_FAINT};margin:.5em 0 0 0;padding-left:1.2em">{found}</ul>'


def _paragraph(cable: Cable, paragraph: Paragraph) -> Iterator[str]:
    """Number and mark before the first block; sub-paragraphs begin a line, tables keep their columns."""
    number = f"{paragraph.number}." if paragraph.number is not None else ""
    mark = f"({paragraph.marking})" if paragraph.marking else ""
    lead = escape(" ".join(filter(None, (number, mark))))
    if lead:
        lead = f'<span style="{_FAINT}">{lead}</span> '
    labels = tuple({item.label for item in paragraph.items})
    for block in _BLANK_LINES.split(paragraph_text(cable, paragraph)):
        lines = [line for line in block.split("\n") if line.strip()]
        if sum(1 for line in lines if _COLUMNS.search(line)) > 1:
            columns = "\n".join(escape("".join(c for c in line if c.isprintable())) for line in lines)
            yield f'{lead}<pre style="overflow-x:auto;background:none;color:inherit">{columns}</pre>'
        else:
            begun = (
                f"{'<br>' if i and line.lstrip().startswith(labels) else ''}{_text(line)}"
                for i, line in enumerate(lines)
            )
            yield f'<p style="margin:.4em 0">{lead}{" ".join(begun)}</p>'
        lead = ""
