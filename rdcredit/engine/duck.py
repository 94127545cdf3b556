"""DuckDB, driven through Ibis: opens sources and rolls them up.

Loads the query engine when imported; imported lazily, and for bills only inside the reading
child process. Nothing is downloaded: fetching and loading of extensions is off. Columns, types
and dialect are always declared by us; the engine's guessing of them is never used.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import ibis
from ibis.backends.duckdb import Backend

from rdcredit.engine.source import RECORD_LIMIT, ColumnarSource, Source, position_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import ibis.expr.types as ir
    import pyarrow as pa

Session: TypeAlias = Backend
"""A running engine."""

RECORD = "record"
"""The column added to every opened source: the number of the data record, from 1."""


def session(scratch: Path, memory: str = "1GiB", threads: int = 0) -> Session:
    """An engine that may use ``memory``, and ``scratch`` for what does not fit.

    ``threads`` 0 means as many as the machine has; results do not depend on it.
    """
    settings: dict[str, str | int] = {
        "memory_limit": memory,
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_persistent_secrets": "false",
    }
    if threads:
        settings["threads"] = threads
    # Layers of columns stay layers: fused into one, shared expressions would be written out many times.
    ibis.options.sql.fuse_selects = False
    engine = ibis.duckdb.connect(**settings)
    engine.settings["enable_progress_bar"] = False
    return engine


@contextmanager
def _engine_work() -> Iterator[None]:
    """Ibis asks DuckDB for tables by a name that newer releases of it announce to drop."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "fetch_arrow_table", DeprecationWarning)
        yield


@_engine_work()
def open_source(engine: Session, source: Source) -> ir.Table:
    """A file as a table with a ``record`` column.

    Text has the columns of :func:`~rdcredit.engine.source.position_name`, all text, the empty
    cell being null. A columnar file has its own names and types.
    """
    path = _exactly(source.path)
    if isinstance(source, ColumnarSource):
        table = engine.read_parquet(path, file_row_number=True, hive_partitioning=False)
        return table.rename({RECORD: "file_row_number"}).mutate(**{RECORD: lambda t: t[RECORD] + 1})
    table = engine.read_csv(
        path,
        columns={position_name(i): "VARCHAR" for i in range(source.columns)},
        auto_detect=False,
        header=True,
        skip=source.blank_lines_above,
        delim=",",
        quote='"',
        escape='"',
        compression="gzip" if source.gzip else "none",
        max_line_size=RECORD_LIMIT,
        null_padding=False,
        strict_mode=source.one_line_end,
        parallel=not source.breaks_in_cells,
        hive_partitioning=False,
    )
    return table.mutate(**{RECORD: ibis.row_number() + 1})


def _exactly(path: Path) -> str:
    """``path`` as a pattern that matches this one file, whatever signs its name holds."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


@_engine_work()
def rollup(
    engine: Session,
    table: ir.Table,
    key: Sequence[str],
    sums: Sequence[str] = (),
    extents: Sequence[str] = (),
    at_least: int = 1,
) -> pa.Table:
    """The groups of ``table`` by ``key``: exact sums, ``rows``, and ``first_``/``last_`` of ``extents``.

    Sums are of DECIMAL columns, so they do not depend on the number of threads or the order of
    rows; a sum over nulls only is null. Groups of fewer than ``at_least`` rows are left out.
    """
    measures: dict[str, ir.Value] = {"rows": table.count()}
    measures |= {name: table[name].sum().cast(table[name].type()) for name in sums}
    measures |= {f"first_{name}": table[name].min() for name in extents}
    measures |= {f"last_{name}": table[name].max() for name in extents}
    groups = table.group_by([*key]).aggregate(**measures)
    if at_least > 1:
        groups = groups.filter(groups["rows"] >= at_least)
    return engine.to_pyarrow(groups)


def union(tables: Sequence[ir.Table]) -> ir.Table:
    """All rows of tables that have the same columns."""
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


@_engine_work()
def kept_as_view(engine: Session, table: ir.Table) -> ir.Table:
    """``table`` under a name of the engine's own: several questions about it are then compiled once."""
    return engine.create_view(ibis.util.gen_name("rows"), table)


def keep(table: ir.Table, column: str, values: pa.Array) -> ir.Table:
    """The rows of ``table`` whose ``column`` is one of ``values``."""
    import pyarrow as pa  # noqa: PLC0415  # at run time needed here only

    wanted = ibis.memtable(pa.table({column: values}))
    return table.semi_join(wanted, column)


@_engine_work()
def fetch(engine: Session, table: ir.Table, order: Sequence[str], limit: int) -> pa.Table:
    """At most ``limit`` rows of ``table``, the first ones by ``order``."""
    return engine.to_pyarrow(table.order_by([*order]).limit(limit))
