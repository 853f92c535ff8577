"""Values as pages say them: counts, days, and texts with what was found marked."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
# Marks that turn the direction of the text round them, and control characters: shown as one visible character each, so that offsets hold.
_UNSEEN = {
    **dict.fromkeys([*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)], "\ufffd"),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF], "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    0x0D: " ",  # which a browser would make one character with the line feed behind it
}


def say_count(number: int) -> str:
    """1234 is "1,234"."""
    return f"{number:,}"


def say_many(number: int, noun: str, plural: str = "") -> str:
    """ "1 cable", "2 cables", "no cables"."""
    said = "no" if number == 0 else say_count(number)
    return f"{said} {noun if number == 1 else plural or noun + 's'}"


def say_day(day: str | None) -> str:
    """ "2008-12-18" is "18 December 2008"; cut as it is: "2008-12" is "December 2008". "no date" for None."""
    if not day:
        return "no date"
    year, *rest = day[:10].split("-")
    if not rest:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


def coded(text: str) -> Markup:
    """A sentence of ours, with what stands between backticks as code; everything escaped."""
    pieces = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if i % 2 else escape(piece) for i, piece in enumerate(pieces)
    )


def say_moment(at: str) -> str:
    """ "2008-12-18T14:05:09Z" is "18 December 2008, 14:05 UTC"."""
    return f"{say_day(at)}, {at[11:16]} UTC"


def say_size(size: float) -> str:
    """Bytes: 2147483648 is "2.1 GB"."""
    if size >= 1e9:
        return f"{size / 1e9:,.1f} GB"
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.1f} kB"


def visible(text: str) -> str:
    """The text with each control character and mark of direction as one visible character: every length is kept."""
    return text.translate(_UNSEEN)


def mark_up(text: str, marks: Iterable[tuple[int, int]]) -> Markup:
    """A text with some ranges of it in `mark` elements; everything escaped. marks: in order, not overlapping."""
    pieces: list[str] = []
    done = 0
    for start, end in marks:
        pieces += [
            escape(visible(text[done:start])),
            Markup("<mark>"),
            escape(visible(text[start:end])),
            Markup("</mark>"),
        ]
        done = end
    return Markup("").join([*pieces, escape(visible(text[done:]))])
