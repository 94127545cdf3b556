"""Expressions: the closed set of operations out of which every figure is built.

There are no user-defined operations. Nodes are defined in :mod:`rdcredit.figure.scalar` and
:mod:`rdcredit.figure.schedule`; the other rooms take them, and the functions that build them, from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.figure.scalar import (
    CONSTANTS,
    Add,
    AddMonths,
    All,
    Any,
    Compare,
    Comparison,
    Constant,
    DaysBetween,
    Divide,
    EndOfPeriod,
    Expr,
    FloorAtZero,
    IsOneOf,
    Leaf,
    Line,
    Maximum,
    Minimum,
    MonthsBetween,
    Multiply,
    Not,
    Round,
    Rounding,
    Subtract,
    Unit,
    When,
    number,
)
from rdcredit.figure.schedule import (
    AnyColumn,
    AnyExpr,
    AnyLeaf,
    AnyLine,
    Column,
    ColumnTotal,
    CountRows,
    LookupBanded,
    LookupExact,
    PreviousRow,
    Row,
    Schedule,
    ShareOfTotal,
    TotalWhere,
)
from rdcredit.figure.value import K, Known, Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from fractions import Fraction

    from rdcredit.figure.origin import Origin

__all__ = [
    "CONSTANTS",
    "OPERATIONS",
    "Add",
    "AddMonths",
    "All",
    "Any",
    "AnyColumn",
    "AnyExpr",
    "AnyLeaf",
    "AnyLine",
    "Column",
    "ColumnTotal",
    "Compare",
    "Comparison",
    "Constant",
    "CountRows",
    "DaysBetween",
    "Divide",
    "EndOfPeriod",
    "Expr",
    "FloorAtZero",
    "IsOneOf",
    "Leaf",
    "Line",
    "LookupBanded",
    "LookupExact",
    "Maximum",
    "Minimum",
    "MonthsBetween",
    "Multiply",
    "Not",
    "PreviousRow",
    "Round",
    "Rounding",
    "Row",
    "Schedule",
    "ShareOfTotal",
    "Subtract",
    "TotalWhere",
    "Unit",
    "When",
    "all_",
    "any_",
    "days",
    "floor_at_zero",
    "known",
    "larger_of",
    "missing",
    "not_",
    "number",
    "numbers",
    "running",
    "smaller_of",
    "total",
    "when",
    "words",
]

OPERATIONS: tuple[type[AnyExpr], ...] = (
    Constant, Add, Subtract, Multiply, Divide, Minimum, Maximum, FloorAtZero, Round, When, All, Any, Not, Compare,
    IsOneOf, DaysBetween, MonthsBetween, AddMonths, EndOfPeriod, ColumnTotal, CountRows, TotalWhere, LookupExact,
    LookupBanded, PreviousRow, ShareOfTotal, Leaf, Line, Column,
)  # fmt: skip
"""Every node there is; each has a value, a formula and a sentence."""


# -- building -----------------------------------------------------------------------------------


def total(terms: Iterable[Expr[Fraction]]) -> Expr[Fraction]:
    """The sum of the terms; zero where there are none."""
    found = tuple(terms)
    return Add(found) if found else Constant(0)


def smaller_of(*terms: Expr[Fraction] | int) -> Expr[Fraction]:
    """The smallest of the terms."""
    return Minimum(tuple(number(t) for t in terms))


def larger_of(*terms: Expr[Fraction] | int) -> Expr[Fraction]:
    """The largest of the terms."""
    return Maximum(tuple(number(t) for t in terms))


def floor_at_zero(operand: Expr[Fraction]) -> Expr[Fraction]:
    """The operand, or zero where it is negative."""
    return FloorAtZero(operand)


def when(condition: Expr[bool], then: Expr[K], otherwise: Expr[K]) -> Expr[K]:
    """``then`` where the condition holds, else ``otherwise``."""
    return When(condition, then, otherwise)


def any_(*operands: Expr[bool]) -> Expr[bool]:
    """Whether any operand is yes."""
    return Any(operands)


def all_(*operands: Expr[bool]) -> Expr[bool]:
    """Whether all operands are yes."""
    return All(operands)


def not_(operand: Expr[bool]) -> Expr[bool]:
    """The opposite of the operand."""
    return Not(operand)


def numbers(
    column_id: str,
    label: str,
    expr: Expr[Fraction] | None = None,
    unit: Unit = Unit.MONEY,
    rounding: Rounding = Rounding.EXACT,
    *,
    by_view: bool = False,
    width: int = 14,
) -> Column[Fraction]:
    """A column of amounts, ratios or counts."""
    return Column(column_id, label, unit, expr, rounding, by_view, width)


def running(
    column_id: str,
    label: str,
    opening: Expr[Fraction],
    step: Callable[[Expr[Fraction]], Expr[Fraction]],
    unit: Unit = Unit.MONEY,
    width: int = 14,
) -> Column[Fraction]:
    """A column that carries forward: ``step`` makes a row's cell out of the cell above it."""
    column: Column[Fraction] = Column(column_id, label, unit, width=width)
    # The only node that refers to itself (one row up), so its expression is set after it exists.
    object.__setattr__(column, "expr", step(PreviousRow(column, opening)))
    return column


def words(column_id: str, label: str, width: int = 22) -> Column[str]:
    """An input column of words."""
    return Column(column_id, label, Unit.TEXT, width=width)


def days(column_id: str, label: str) -> Column[date]:
    """An input column of dates."""
    return Column(column_id, label, Unit.DATE, width=12)


def known(leaf_id: str, label: str, value: K, origin: Origin, unit: Unit = Unit.MONEY) -> Leaf[K]:
    """A leaf with a value."""
    return Leaf(leaf_id, label, Known(value), origin, unit)


def missing(leaf_id: str, label: str, what: str, origin: Origin, unit: Unit = Unit.MONEY) -> Leaf[Fraction]:
    """A number that is not known; ``what`` says what has to be found out."""
    return Leaf(leaf_id, label, Missing((what,)), origin, unit)
