"""Ledgers as data: one object that keeps their shape, or a row a statement; both hold what `reftel verify` needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from reftel.exports.statements import NAMES, describe
from reftel.positions.chart import name_of
from reftel.positions.records import Entry, Ledger

OWN_COLUMNS = ("actor", "question", "occasion", "verdict", "why", "about", "via", "acting", "signals")
COLUMNS = (*OWN_COLUMNS, *NAMES)


def describe_ledger(ledger: Ledger) -> dict[str, Any]:
    """The ledger as JSON has it: each statement with all the columns of an export of statements, so that it can be verified."""
    plain: dict[str, Any] = msgspec.to_builtins(ledger)
    for shown, occasion in zip(plain["occasions"], ledger.occasions, strict=True):
        shown["entries"] = [
            {
                **describe(entry.said),
                **{key: value for key, value in one.items() if key not in ("said", "speaker", "content")},
            }
            for one, entry in zip(shown["entries"], occasion.entries, strict=True)
        ]
    return plain


def list_rows(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """A row a statement, with the columns of COLUMNS; verdict and why are of its occasion against the one before, empty on the first."""
    for i, occasion in enumerate(ledger.occasions):
        step = ledger.steps[i - 1] if i else None
        for entry in occasion.entries:
            yield {
                **describe(entry.said),
                "actor": name_of(ledger),
                "question": ledger.question,
                "occasion": occasion.date,
                "verdict": step.verdict if step else None,
                "why": step.why if step else None,
                "about": entry.about,
                "via": "; ".join(entry.via) or None,
                "acting": entry.acting,
                "signals": _say_signals(entry),
            }


def _say_signals(entry: Entry) -> str | None:
    """ "polarity + 120-131; commitment - 140-152"."""
    said = (f"{s.kind} {s.value}".strip() + f" {s.span.start}-{s.span.end}" for s in entry.signals)
    return "; ".join(said) or None
