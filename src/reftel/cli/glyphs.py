"""The signs that are not a cable's own, in a form that the terminal can show."""

from __future__ import annotations

from typing import NamedTuple


class Glyphs(NamedTuple):
    """left, right: what a remark inside the text stands between. arrow: what a reference points with."""

    left: str
    right: str
    arrow: str
    rule: str

    def remark(self, text: str) -> str:
        """A remark that no cable printed."""
        return f"{self.left}{text}{self.right}"


UNICODE = Glyphs("‹", "›", "→", "─")
ASCII = Glyphs("<", ">", "->", "-")


def glyphs_for(encoding: str) -> Glyphs:
    """UNICODE if the encoding has all of it, else ASCII."""
    try:
        "".join(UNICODE).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
