"""The tables of a run, written from the record row by row: CSV as everywhere, and Parquet with types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from breastview import atomic
from breastview.errors import ClusterError
from breastview.exporters import _rows, _streams, csv

Rows = Callable[[], Iterable[Mapping[str, Any]]]
"""Gives the rows, from the beginning whenever it is called."""

_GROUP = 10_000


def write_csv(rows: Rows, path: Path) -> None:
    """Write the same table as `exporters.csv` makes of readings.

    Raises
    ------
    ExportError
        If it cannot be written; nothing is left under its name.
    """
    with csv.table(path) as add:
        for row in rows():
            add({name: row.get(name) for name in _rows.COLUMNS})


def write_parquet(rows: Rows, path: Path) -> None:
    """Write the same columns with their types; what has no value is null.

    Raises
    ------
    ExportError, ClusterError
        If it cannot be written, or pyarrow is not installed; nothing is left under its name.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        remedy = 'Install it: pip install "breastview[cluster]".'
        raise ClusterError("Parquet needs pyarrow, which is not installed", path, remedy) from error
    schema = pyarrow.schema(list(_types(rows(), pyarrow).items()))
    with (
        _streams.explained(path), atomic.written(path) as temporary,
        parquet.ParquetWriter(temporary, schema, compression="zstd") as writer,
    ):  # fmt: skip
        for group in _groups(rows()):
            whole = [{name: row.get(name) for name in _rows.COLUMNS} for row in group]
            writer.write_table(pyarrow.Table.from_pylist(whole, schema))


def _types(rows: Iterable[Mapping[str, Any]], arrow: Any) -> dict[str, Any]:
    """Return the type of each column, from all its values: text where there are none."""
    found: dict[str, set[type]] = {name: set() for name in _rows.COLUMNS}
    for row in rows:
        for name, kinds in found.items():
            if row.get(name) is not None:
                kinds.add(type(row[name]))
    return {name: _type(kinds, arrow) for name, kinds in found.items()}


def _type(kinds: set[type], arrow: Any) -> Any:
    if list in kinds:
        return arrow.list_(arrow.string())
    if kinds == {bool}:
        return arrow.bool_()
    if kinds == {int}:
        return arrow.int64()
    return arrow.float64() if kinds and kinds <= {int, float} else arrow.string()


def _groups(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    remaining = iter(rows)
    while group := list(islice(remaining, _GROUP)):
        yield group
