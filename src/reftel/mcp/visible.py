"""Text that shows all there is in it: a cable may hold characters that only a machine would read."""

from __future__ import annotations


class _Signs(dict[int, str]):
    """Code point -> the one character that is shown for it; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = sign = _sign(code)
        return sign


def visible(text: str) -> str:
    """The text with one visible character in the place of each that is not, so that offsets stay true. Line breaks stay.

    A control character becomes its picture (U+2400 and on); a mark of direction, a blank of no width, a tag character and whatever
    else cannot be seen becomes U+FFFD, any other white space a blank.
    """
    return text.translate(_SIGNS)


def _sign(code: int) -> str:
    char = chr(code)
    if char == "\n":
        return char
    if code < 0x20 and char not in "\t\r":
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if char.isspace() and code not in _SEPARATORS:
        return " "
    return char if char.isprintable() and not any(first <= code <= last for first, last in _UNSEEN) else "\ufffd"


_SEPARATORS = (0x85, 0x2028, 0x2029)  # which some programs show as line breaks
# Letters and marks that count as printable, and yet nothing is seen of them: fillers, joiners, variation selectors.
_UNSEEN = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0), (0xE0000, 0xE0FFF),
)  # fmt: skip
_SIGNS = _Signs()
