"""Positions: what an actor said on a question, when, and whether it changed. Cases in, a Ledger out; nothing is stored."""

from __future__ import annotations

from reftel.positions.coverage import coverage, say_held
from reftel.positions.ledger import make_ledger
from reftel.positions.records import (
    SHIFTED,
    SIGNAL_KINDS,
    UNCHANGED,
    UNCLEAR,
    VERDICTS,
    Case,
    Difference,
    Entry,
    Held,
    Ledger,
    Occasion,
    Signal,
    Step,
)

__all__ = [
    "SHIFTED",
    "SIGNAL_KINDS",
    "UNCHANGED",
    "UNCLEAR",
    "VERDICTS",
    "Case",
    "Difference",
    "Entry",
    "Held",
    "Ledger",
    "Occasion",
    "Signal",
    "Step",
    "coverage",
    "make_ledger",
    "say_held",
]
