"""Notes for footnotes: Chicago and Turabian."""

from __future__ import annotations

from datetime import date

from reftel.exports.entry import NO_SUBJECT, Entry

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def chicago(entry: Entry, paragraph: int | None, last: int | None = None) -> str:
    """Embassy Tallinn, "A Pipe Too Far," to Secretary of State, telegram 08TALLINN96, February 6, 2008, para. 3.

    Of three or more addressees the first stands for all ("et al."), as the 18th edition has it of authors. last: where what
    is cited runs on from `paragraph` to another one: "paras. 3-5".
    """
    return _sentence(
        entry.sender,
        _quoted(entry.title),
        f"to {_names(entry.recipients, 2)}" if entry.recipients else None,
        *_which(entry, paragraph, last),
    )


def turabian(entry: Entry, paragraph: int | None) -> str:
    """Embassy Tallinn to Secretary of State, "A Pipe Too Far," telegram 08TALLINN96, February 6, 2008, para. 3.

    Of four or more addressees the first stands for all, as the 9th edition has it of authors.
    """
    between = f"to {_names(entry.recipients, 3)}" if entry.recipients else None
    return _sentence(
        " ".join(filter(None, (entry.sender, between))) or None,
        _quoted(entry.title),
        *_which(entry, paragraph),
    )


def _which(entry: Entry, paragraph: int | None, last: int | None = None) -> tuple[str | None, ...]:
    place = None if paragraph is None else f"para. {paragraph}"
    if last is not None and last != paragraph:
        place = f"paras. {paragraph}-{last}"
    return (
        f"telegram {entry.number}" if entry.number else "telegram",
        say_day(entry.day, entry.day_supplied),
        place,
    )


def say_day(day: date | None, supplied: bool) -> str:
    """ "November 5, 2009"; in brackets where it stands on no telegram, "n.d." where nobody tells it."""
    if day is None:
        return "n.d."
    said = f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
    return f"[{said}]" if supplied else said


def _names(names: tuple[str, ...], most: int) -> str:
    """ "A", "A and B", "A, B, and C"; "A et al." where there are more than `most`."""
    if len(names) > most:
        return f"{names[0]} et al."
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


_QUOTES = str.maketrans('"“”„', "'‘’‘")


def _quoted(title: str | None) -> str:
    """The title in quotation marks with the comma that follows it inside; marks within become single."""
    if title is None:
        return f"{NO_SUBJECT},"
    return f'"{title.translate(_QUOTES)},"'


def _sentence(*parts: str | None) -> str:
    """The parts that are there, a comma between them, a full stop at the end."""
    text = ""
    for part in filter(None, parts):
        text += f"{'' if not text else ' ' if text.endswith((',', chr(34))) else ', '}{part}"
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."
