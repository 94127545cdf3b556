"""Schedules, and the operations that read their columns: totals, counts, lookups, the row above."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.figure.scalar import Expr, Leaf, Line, Rounding, Unit
from rdcredit.figure.value import K

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Column(Expr[K]):
    """A column of a schedule; as an expression, this row's cell.

    ``expr`` is None for an input column, whose cells are leaves. ``by_view`` columns differ from
    view to view in more than which rows count (the 80 % rule) and have three physical columns.
    """

    id: str
    label: str
    unit: Unit
    expr: Expr[K] | None = None
    rounding: Rounding = Rounding.EXACT
    by_view: bool = False
    width: int = 14


AnyLeaf = Leaf[Fraction] | Leaf[bool] | Leaf[date] | Leaf[str]
AnyLine = Line[Fraction] | Line[bool] | Line[date] | Line[str]
AnyColumn = Column[Fraction] | Column[bool] | Column[date] | Column[str]
AnyExpr = Expr[Fraction] | Expr[bool] | Expr[date] | Expr[str]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Row:
    """One row of a schedule: its key and the leaves, or references to lines, of its input columns by id."""

    key: str
    cells: Mapping[str, AnyLeaf | AnyLine]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Schedule:
    """A table, one row an employee, contract, workload, component or year.

    ``counts_in`` is the input column that names the first view a row counts in; totals are then
    cumulative by view. A row computes once whatever the view.
    """

    id: str
    label: str
    columns: tuple[AnyColumn, ...]
    rows: tuple[Row, ...]
    cite: str = ""
    counts_in: Column[str] | None = None
    note: str = ""
    totals: tuple[AnyLine, ...] = field(default=())

    def __post_init__(self) -> None:
        ids = [c.id for c in self.columns]
        if len(set(ids)) != len(ids):
            raise ValueError(f"schedule {self.id} has two columns of one id")
        wanted = {c.id for c in self.columns if c.expr is None}
        by_view = {c.id for c in self.columns if c.by_view}
        for row in self.rows:
            if set(row.cells) != wanted:
                raise ValueError(f"schedule {self.id} row {row.key}: cells are not those of its input columns")
            for name, leaf in row.cells.items():
                if isinstance(leaf, Leaf) and leaf.by_view is not None and name not in by_view:
                    raise ValueError(f"schedule {self.id} column {name}: one cell cannot hold three views")

    def column(self, column_id: str) -> AnyColumn:
        """The column of that id."""
        return next(c for c in self.columns if c.id == column_id)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ColumnTotal(Expr[Fraction]):
    """The total of a schedule's column, cumulative by view."""

    schedule: Schedule
    column: Column[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CountRows(Expr[Fraction]):
    """How many rows of a schedule count, in all or where ``key`` holds ``wanted``."""

    schedule: Schedule
    key: Column[str] | None = None
    wanted: Expr[str] | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TotalWhere(Expr[Fraction]):
    """The total of a column over the rows whose keys have the given values, cumulative by view.

    Keys are identifiers: a key that Excel would read as a criterion (``>5``, ``a*``) is refused.
    """

    schedule: Schedule
    column: Column[Fraction]
    where: tuple[tuple[Column[str], Expr[str]], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LookupExact(Expr[Fraction]):
    """The ``result`` of the row whose ``key`` is the wanted number; missing where there is none."""

    wanted: Expr[Fraction]
    schedule: Schedule
    key: Column[Fraction]
    result: Column[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LookupBanded(Expr[Fraction]):
    """The ``result`` of the last row whose ``key`` is not above the wanted number; keys ascend."""

    wanted: Expr[Fraction]
    schedule: Schedule
    key: Column[Fraction]
    result: Column[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PreviousRow(Expr[Fraction]):
    """The cell of ``column`` in the row above; ``opening`` in the first row."""

    column: Column[Fraction]
    opening: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ShareOfTotal(Expr[Fraction]):
    """This row's cell of ``column`` by the column's total; missing where the total is zero."""

    column: Column[Fraction]
