"""Made-up cables as a cables.csv of any size: the form and the quirks of the real table.

The same seed and size give the same bytes. Rows are about 8 KB. `make_cables.py --form csv` writes such a table.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import BinaryIO

from compose import MadeCable, make_cable, make_world
from schedule import MOST


def make_rows(seed: int = 1, first: int = 0) -> Iterator[bytes]:
    """Rows, each with its line end, numbered from 1, as many as there are cables (schedule.MOST)."""
    world = make_world(seed)
    for number in range(first, MOST):
        yield _make_row(random.Random(f"row {seed} {number}"), number - first + 1, make_cable(world, number))


def write_csv(out: BinaryIO, rows: int | None = None, size: int | None = None, seed: int = 1, first: int = 0) -> int:
    """Writes that many rows, or rows until `size` bytes are reached; gives the number of rows."""
    written = count = 0
    for row in make_rows(seed, first):
        if (rows is not None and count >= rows) or (size is not None and written >= size):
            break
        out.write(row)
        written += len(row)
        count += 1
    return count


def _make_row(dice: random.Random, number: int, cable: MadeCable) -> bytes:
    slip = cable.slip
    fields = [
        str(number),
        f"{slip.day.month}/{slip.day.day}/{slip.day.year} {slip.hour}:{slip.minute:02d}",
        slip.cable.id,
        slip.cable.post.origin,
        cable.level.claimed,
        "|".join(cited.id for cited in slip.cites),
        cable.header,
        _add_quirk(dice, cable),
    ]
    return ",".join(_quote(field) for field in fields).encode() + b"\n"


def _add_quirk(dice: random.Random, cable: MadeCable) -> str:
    """The body; one in twenty-five with something that partners did to theirs."""
    chance = dice.random()
    own = cable.slip.cable
    if chance < 0.01:  # a csv row, pasted into the body
        pasted = f'{own.serial},6/13/2005 15:12,{own.id},"Embassy ""Old""",SECRET,,"'
        return cable.body.replace("\n \n", f"\n{pasted}\n \n", 1)
    if chance < 0.02:
        return cable.body.replace("\n", "\\\n")
    if chance < 0.03:  # letters beyond ASCII
        return f"{cable.body}\nThe café near the Plaza São João — “closed” — reopened. \n"
    if chance < 0.04:
        return cable.body.replace("\n", "\r\n")
    return cable.body


def _quote(field: str) -> str:
    escaped = field.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
