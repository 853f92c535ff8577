"""Cables that many tests read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings

from reftel.model import Source
from reftel.readers import Failure, read_sources

ROOT = Path(__file__).resolve().parents[1]
COLLECTION = ROOT / "demo" / "collection"

# Timing differs from machine to machine; what is tested is what comes out.
settings.register_profile("reftel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("reftel")


@cache
def demo_sources() -> dict[str, Source]:
    """Every source of the demo collection, by its place in it: "dump/08TALLINN96.txt", "cables.csv#3"."""
    found = {}
    for item in read_sources([COLLECTION]):
        assert not isinstance(item, Failure), item.reason
        found[item.provenance.locator.partition("collection/")[2]] = item
    return found
