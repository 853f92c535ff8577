"""Places of files as pages show them: what they are called, never where they lie on this machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

# What can be nothing but a path: it begins at a root, a drive, or with dots.
_PATH = re.compile(r"""(?<![\w/\\.])(?:[A-Za-z]:|\.{1,2})?[/\\][^\s"']+""")
_SAME = "The same text was added from "


def short_locator(locator: str) -> str:
    """The last component of the path, and that of the member: "../x/box.zip!y/a.txt" is "box.zip!a.txt"."""
    path, mark, member = locator.partition("!")
    return _last(path) + mark + _last(member.rpartition("!")[2])


def without_paths(said: str, folder: Path) -> str:
    """A sentence in which every path is only its last component. folder: the archive's, whose path may have blanks."""
    if said.startswith(_SAME):
        return f"{_SAME}{short_locator(said.removeprefix(_SAME))}"
    for path in {str(folder), str(folder.absolute()), str(folder.resolve())}:
        if len(path) > 1:
            said = said.replace(f"{path}{os.sep}", "").replace(path, "the archive's folder")
    return _PATH.sub(lambda found: _last(found.group().rstrip("/\\")) or found.group(), said)


def _last(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]
