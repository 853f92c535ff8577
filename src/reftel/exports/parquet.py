"""A table of cables as Parquet, through pyarrow: the columns of the CSV with their types."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from itertools import islice
from typing import Any, BinaryIO

from reftel.errors import ReftelError
from reftel.exports.columns import COLUMNS, row
from reftel.model import Cable

ROW_GROUP = 1_000  # cables held in memory at once


def write_parquet(cables: Iterable[Cable], out: BinaryIO) -> int:
    """Writes row groups of ROW_GROUP cables and returns how many cables. ReftelError if pyarrow is not installed."""
    arrow, parquet = _load()
    kinds = {
        "text": arrow.string(),
        "list": arrow.list_(arrow.string()),
        "number": arrow.int32(),
        "date": arrow.date32(),
    }
    schema = arrow.schema([(column.name, kinds[column.kind]) for column in COLUMNS])
    count = 0
    waiting = iter(cables)
    with parquet.ParquetWriter(out, schema) as writer:
        while cells := [row(cable) for cable in islice(waiting, ROW_GROUP)]:
            columns = [
                arrow.array(values, field.type) for values, field in zip(zip(*cells, strict=True), schema, strict=True)
            ]
            writer.write_table(arrow.Table.from_arrays(columns, schema=schema), row_group_size=ROW_GROUP)
            count += len(cells)
    return count


def _load() -> tuple[Any, Any]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise ReftelError('Parquet needs pyarrow. Install it with: pip install "reftel[parquet]"') from None
