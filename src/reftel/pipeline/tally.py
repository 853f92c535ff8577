"""How far adding has come."""

from __future__ import annotations

from dataclasses import dataclass, field

from reftel.readers.base import Progress


@dataclass
class Tally:
    """How far adding has come: pass one in, look at it after each line.

    stage: "reading" or "extracting", then "indexing". outcomes: how many lines of each kind. bytes_total counts files on disk.
    run: its key in the ledger, None before it has begun.
    """

    run: int | None = None
    stage: str = "reading"
    outcomes: dict[str, int] = field(default_factory=dict)
    reading: Progress = field(default_factory=Progress)
    characters: int = 0
    indexed: int = 0
    to_index: int = 0

    @property
    def lines(self) -> int:
        """How many files, members and rows were dealt with."""
        return sum(self.outcomes.values())

    @property
    def doing(self) -> str:
        """What is being done, for a bar: "reading", or "indexing 1,200 of 5,000"."""
        return (
            f"indexing {self.indexed:,} of {self.to_index:,}"
            if self.stage == "indexing" and self.to_index
            else self.stage
        )
