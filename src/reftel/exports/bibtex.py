"""Entries for BibTeX and biblatex."""

from __future__ import annotations

import re

from reftel.exports.entry import NO_SUBJECT, Entry

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(entry: Entry, paragraph: int | None) -> str:
    """A `@misc` entry whose key is the id. Braces keep post names and titles as they are; text is UTF-8.

    `date` is for biblatex, `year` and `month` for BibTeX, whose year is "n.d." where there is none.
    """
    said = f"Telegram {entry.number}" if entry.number else "Telegram"
    if entry.recipients:
        said += f" to {', '.join(entry.recipients)}"
    note = [f"para. {paragraph}"] if paragraph is not None else []
    day = entry.day
    fields = (
        ("author", f"{{{{{escape(entry.sender)}}}}}" if entry.sender else ""),
        ("title", f"{{{{{escape(entry.title or NO_SUBJECT)}}}}}"),
        ("howpublished", _braced(said)),
        ("date", f"{{{day.isoformat()}}}" if day else ""),
        ("year", f"{{{day.year:04d}}}" if day else "{n.d.}"),
        ("month", _MONTHS[day.month - 1] if day else ""),
        ("keywords", _braced(", ".join(tag.replace(",", " ") for tag in entry.tags))),
        ("note", _braced("; ".join([*note, *entry.remarks]))),
        ("library", _braced(f"{entry.archive}: {entry.location}")),
    )
    lines = [f"  {name} = {value}" for name, value in fields if value]
    return f"@misc{{{entry.key},\n" + ",\n".join(lines) + "\n}"


def _braced(text: str) -> str:
    return f"{{{escape(text)}}}" if text else ""


_SPECIAL = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces that are escaped by a backslash too
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}
_OPENING = re.compile(r'(?:^|(?<=[\s(\[/—-]))"')


def escape(text: str) -> str:
    """The text as LaTeX prints it; straight quotation marks become ``pairs''."""
    escaped = "".join(_SPECIAL.get(c, c) for c in text)
    return _OPENING.sub("``", escaped).replace('"', "''")
