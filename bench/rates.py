"""How many cables a second, beside what the machine takes for simple passes over the same texts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from measure import Range, Spell, find_range, time_call
from records import RecordFile

from reftel.errors import ReftelError
from reftel.model import Cable, Source
from reftel.pipeline.read import parse_source
from reftel.readers import read_text
from reftel.readers.decoding import decode

_encode = msgspec.json.Encoder().encode
# The yardstick: one plain pass that has to look at every character.
_WORD = re.compile(r"\b[A-Z]{4,}\b")


class Rate(NamedTuple):
    """What several rounds of one job gave. per_cable: microseconds on the processor."""

    name: str
    per_cable: Range
    cpu_rate: Range
    wall_rate: Range
    megabytes: Range


def read_record(record: RecordFile) -> Source:
    """Bytes to Source, as a reader does it: decoded, told by its content, delivered."""
    text, _ = decode(record.raw, record.locator)
    return read_text(text, record.locator)


def read_sources(records: list[RecordFile]) -> list[Source]:
    """The sources of all records that a reader takes."""
    sources = []
    for record in records:
        try:
            sources.append(read_record(record))
        except ReftelError:
            continue
    return sources


def measure_rates(records: list[RecordFile], rounds: int) -> list[Rate]:
    """Every job over all the records, the rounds of the jobs interleaved so that noise meets them alike."""
    sources = read_sources(records)
    locators = {source.provenance.locator for source in sources}
    kept = [record for record in records if record.locator in locators]
    texts = [source.text for source in sources]
    lines = [_encode(parse_source(source)) for source in sources]
    jobs: dict[str, Callable[[], object]] = {
        "decode the bytes": lambda: [record.raw.decode(errors="replace") and None for record in kept],
        "one regex pass": lambda: [sum(1 for _ in _WORD.finditer(text)) for text in texts],
        "decode the records' JSON": lambda: [json.loads(line) and None for line in lines],
        "read": lambda: [read_record(record) and None for record in kept],
        "parse": lambda: [parse_source(source) and None for source in sources],
        "read, parse and encode": lambda: [bool(_encode(_read_and_parse(record))) for record in kept],
    }
    spells: dict[str, list[Spell]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            spells[name].append(time_call(job))
    size = sum(len(record.raw) for record in kept)
    return [_rate(name, taken, len(kept), size) for name, taken in spells.items()]


def _read_and_parse(record: RecordFile) -> Cable:
    return parse_source(read_record(record))


def _rate(name: str, spells: list[Spell], cables: int, size: int) -> Rate:
    tick = 1e-6  # a clock that is too coarse for a small collection says 0
    cpu = [max(spell.cpu, tick) for spell in spells]
    wall = [max(spell.wall, tick) for spell in spells]
    return Rate(
        name,
        find_range([seconds / cables * 1e6 for seconds in cpu]),
        find_range([cables / seconds for seconds in cpu]),
        find_range([cables / seconds for seconds in wall]),
        find_range([size / seconds / 1e6 for seconds in cpu]),
    )
