"""The message centre's lines round a header: office grids, queue numbers, PAGE lines, clearances."""

from __future__ import annotations

import re

from reftel.model import Office

PAGE_LINE = re.compile(r"PAGE\s\d{1,2}\s.{0,60}?\d{6}Z|PAGE\s\d{1,2}\s{2,}[A-Z]")
"""`PAGE 01        HARARE  05461  01 OF 02  271458Z`: station cut to six letters, serial, section, time."""

BANNER = re.compile(
    r"(?:TOP SECRET|SECRET|CONFIDENTIAL|LIMITED OFFICIAL USE|UNCLASSIFIED|UNCLAS)(?:\s+P[A-Z]{2}\d{3,5})?\Z"
)
"""A class word alone on its line, with the print queue's number (`PTQ2529`) on the first page."""

_CELL = re.compile(r"([A-Z]{1,6})-(\d\d)(?!\d)")
_GRID = re.compile(
    r"(?:(ACTION|ORIGIN|INFO)\s+)?((?:\(?[A-Z]{1,6}-\d\d(?!\S)\s*+)*+)(?:(?:\)\s*)?/\d{3}\s?[A-Z]{0,2})?\Z"
)
_NOTE = re.compile(
    r"-{6,}+\s*[0-9A-F]{6}\b"  # ------------------8A8E0D  271459Z /38
    r"|[A-Z]{2,3}\d{4}\Z"  # TED8265
    r"|\d{6}\Z"  # 029700, the serial alone
    r"|(?:SOURCE|DRAFTED(?: BY)?|APPROVED(?: BY)?|CLEARED(?: BY)?|CLEARANCES?|DRAFTER)\s?:"
    r"|(?:[A-Z]{2,8} )?GRNC\Z|GR ?\d{1,4}\Z|BT\Z"  # group count (not counted); break
    r"|ACTION (?:COPY|OFFICE)|\)\Z"
)


def read_grid_line(line: str, heading: str | None) -> tuple[str, tuple[Office, ...]] | None:
    """The heading and the offices of one line of a distribution grid; None if it is no such line.

    heading: that of the line before (ACTION, ORIGIN, INFO), for lines that go on without one.
    """
    grid = _GRID.match(line)
    if grid is None or not (grid[2] or (line[0] in "/)" and heading)):
        return None
    heading = grid[1] or heading or "INFO"
    action = heading == "ACTION"
    return heading, tuple([Office(name, int(copies), action) for name, copies in _CELL.findall(grid[2])])


def is_message_centre(line: str) -> bool:
    """Whether a line is the message centre's own: queue and message-centre numbers, drafter, group count."""
    return _NOTE.match(line) is not None


def opens_drafting(line: str) -> bool:
    """Whether a line opens the list of drafter and clearances; then all lines up to the DTG belong to it."""
    return line.startswith(("ORIGIN ", "DRAFTED", "APPROVED", "SOURCE:"))
