"""Expressions: the closed set of operations out of which every figure is built.

An expression is typed by what it yields: ``Expr[Fraction]`` for amounts, ratios and counts,
``Expr[bool]`` for yes or no, ``Expr[date]`` for days and ``Expr[str]`` for words. There are no
user-defined operations, and numbers enter through leaves with an origin only; the few constants
allowed are those of arithmetic and the calendar.

Comparisons are written ``a < b``; equality is ``a.equals(b)``, so that ``==`` keeps its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Generic

from rdcredit.figure.value import K, Known, Missing, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rdcredit.figure.origin import Origin
    from rdcredit.figure.view import View

CONSTANTS = (0, 1, 2, 12, 365)
"""Numbers an expression may hold of its own: arithmetic and the calendar."""


class Unit(StrEnum):
    """What kind of figure it is; decides how it is printed."""

    MONEY = "money"
    RATIO = "ratio"
    COUNT = "count"
    YES_NO = "yes/no"
    CHOICE = "choice"
    DATE = "date"
    TEXT = "text"


class Rounding(StrEnum):
    """Where a line is rounded; everything else stays exact. Halves go away from zero."""

    EXACT = "exact"
    CENTS = "cents"
    WHOLE_DOLLARS = "whole dollars"


class Expr(Generic[K]):
    """A node of the graph."""

    __slots__ = ()

    def __bool__(self) -> bool:
        raise TypeError("an expression has no truth of its own: use when(), any_() or all_()")

    def __add__(self: Expr[Fraction], other: Expr[Fraction] | int) -> Expr[Fraction]:
        return Add((*_terms(self), number(other)))

    def __radd__(self: Expr[Fraction], other: int) -> Expr[Fraction]:
        return Add((number(other), self))

    def __sub__(self: Expr[Fraction], other: Expr[Fraction] | int) -> Expr[Fraction]:
        return Subtract(self, number(other))

    def __rsub__(self: Expr[Fraction], other: int) -> Expr[Fraction]:
        return Subtract(number(other), self)

    def __mul__(self: Expr[Fraction], other: Expr[Fraction] | int) -> Expr[Fraction]:
        return Multiply(self, number(other))

    def __truediv__(self: Expr[Fraction], other: Expr[Fraction] | int) -> Expr[Fraction]:
        return Divide(self, number(other))

    def __lt__(self: Expr[Fraction], other: Expr[Fraction] | int) -> Expr[bool]:
        return Compare(Comparison.LESS, self, number(other))

    def __le__(self: Expr[Fraction], other: Expr[Fraction] | int) -> Expr[bool]:
        return Compare(Comparison.AT_MOST, self, number(other))

    def __gt__(self: Expr[Fraction], other: Expr[Fraction] | int) -> Expr[bool]:
        return Compare(Comparison.MORE, self, number(other))

    def __ge__(self: Expr[Fraction], other: Expr[Fraction] | int) -> Expr[bool]:
        return Compare(Comparison.AT_LEAST, self, number(other))

    def equals(self: Expr[Fraction], other: Expr[Fraction] | int) -> Expr[bool]:
        """Yes where both sides are the same number."""
        return Compare(Comparison.EQUAL, self, number(other))


# -- leaves and lines ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Expr[Fraction]):
    """A number of arithmetic or the calendar."""

    value: int

    def __post_init__(self) -> None:
        if self.value not in CONSTANTS:
            raise ValueError(f"{self.value} is not a constant of arithmetic or the calendar: make it a leaf")


@dataclass(frozen=True, slots=True, eq=False)
class Leaf(Expr[K]):
    """A value from outside the graph, or a value that is missing, with its origin.

    ``by_view`` replaces ``value`` where it differs from view to view (three cells in the workbook).
    """

    id: str
    label: str
    value: Value[K]
    origin: Origin
    unit: Unit = Unit.MONEY
    by_view: Mapping[View, Value[K]] | None = None

    def seen_in(self, view: View) -> Value[K]:
        """The value in one view."""
        return self.value if self.by_view is None else self.by_view[view]


@dataclass(frozen=True, slots=True, eq=False)
class Line(Expr[K]):
    """A figure: id, label, citation, unit, rounding and the expression that gives it.

    Ids follow the law (``s41.asc.tentative_credit``), never a form's line numbers.
    """

    id: str
    label: str
    expr: Expr[K]
    cite: str = ""
    unit: Unit = Unit.MONEY
    rounding: Rounding = Rounding.EXACT
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row of a schedule: its key and the leaves, or references to lines, of its input columns by id."""

    key: str
    cells: Mapping[str, AnyLeaf | AnyLine]


@dataclass(frozen=True, slots=True, eq=False)
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
        for row in self.rows:
            if set(row.cells) != wanted:
                raise ValueError(f"schedule {self.id} row {row.key}: cells are not those of its input columns")

    def column(self, column_id: str) -> AnyColumn:
        """The column of that id."""
        return next(c for c in self.columns if c.id == column_id)


# -- operations ---------------------------------------------------------------------------------


class Comparison(StrEnum):
    """The comparisons; the value is the sign in an Excel formula."""

    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    EQUAL = "="


@dataclass(frozen=True, slots=True, eq=False)
class Add(Expr[Fraction]):
    """The sum of the terms."""

    terms: tuple[Expr[Fraction], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Subtract(Expr[Fraction]):
    """Left less right."""

    left: Expr[Fraction]
    right: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class Multiply(Expr[Fraction]):
    """Left times right."""

    left: Expr[Fraction]
    right: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class Divide(Expr[Fraction]):
    """Left by right; missing where right is zero."""

    left: Expr[Fraction]
    right: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class Minimum(Expr[Fraction]):
    """The smallest of the terms."""

    terms: tuple[Expr[Fraction], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Maximum(Expr[Fraction]):
    """The largest of the terms."""

    terms: tuple[Expr[Fraction], ...]


@dataclass(frozen=True, slots=True, eq=False)
class FloorAtZero(Expr[Fraction]):
    """The operand, or zero where it is negative."""

    operand: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class Round(Expr[Fraction]):
    """The operand to a number of decimal places, halves away from zero."""

    operand: Expr[Fraction]
    places: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class When(Expr[K]):
    """One of two branches; only the branch taken is read."""

    condition: Expr[bool]
    then: Expr[K]
    otherwise: Expr[K]


@dataclass(frozen=True, slots=True, eq=False)
class All(Expr[bool]):
    """Yes where every operand is; no as soon as one known operand is no."""

    operands: tuple[Expr[bool], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Any(Expr[bool]):
    """Yes as soon as one known operand is; otherwise missing wins."""

    operands: tuple[Expr[bool], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not(Expr[bool]):
    """The opposite."""

    operand: Expr[bool]


@dataclass(frozen=True, slots=True, eq=False)
class Compare(Expr[bool]):
    """Whether two numbers stand in a relation."""

    comparison: Comparison
    left: Expr[Fraction]
    right: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class IsOneOf(Expr[bool]):
    """Whether a word is one of a list of words."""

    operand: Expr[str]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DaysBetween(Expr[Fraction]):
    """Days of a period, its first and last day included."""

    first: Expr[date]
    last: Expr[date]


@dataclass(frozen=True, slots=True, eq=False)
class MonthsBetween(Expr[Fraction]):
    """Calendar months of which a period has at least one day: a part month counts as a month."""

    first: Expr[date]
    last: Expr[date]


@dataclass(frozen=True, slots=True, eq=False)
class AddMonths(Expr[date]):
    """The same day a number of months later, or the last day of a shorter month."""

    day: Expr[date]
    months: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class EndOfPeriod(Expr[date]):
    """The last day of the month ``months`` after the month of ``day``."""

    day: Expr[date]
    months: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class ColumnTotal(Expr[Fraction]):
    """The total of a schedule's column, cumulative by view."""

    schedule: Schedule
    column: Column[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class CountRows(Expr[Fraction]):
    """How many rows of a schedule count, in all or where ``key`` holds ``wanted``."""

    schedule: Schedule
    key: Column[str] | None = None
    wanted: Expr[str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TotalWhere(Expr[Fraction]):
    """The total of a column over the rows whose keys have the given values, cumulative by view.

    Keys are identifiers: a key that Excel would read as a criterion (``>5``, ``a*``) is refused.
    """

    schedule: Schedule
    column: Column[Fraction]
    where: tuple[tuple[Column[str], Expr[str]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class LookupExact(Expr[Fraction]):
    """The ``result`` of the row whose ``key`` is the wanted number; missing where there is none."""

    wanted: Expr[Fraction]
    schedule: Schedule
    key: Column[Fraction]
    result: Column[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class LookupBanded(Expr[Fraction]):
    """The ``result`` of the last row whose ``key`` is not above the wanted number; keys ascend."""

    wanted: Expr[Fraction]
    schedule: Schedule
    key: Column[Fraction]
    result: Column[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class PreviousRow(Expr[Fraction]):
    """The cell of ``column`` in the row above; ``opening`` in the first row."""

    column: Column[Fraction]
    opening: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class ShareOfTotal(Expr[Fraction]):
    """This row's cell of ``column`` by the column's total; missing where the total is zero."""

    column: Column[Fraction]


OPERATIONS: tuple[type[AnyExpr], ...] = (
    Constant, Add, Subtract, Multiply, Divide, Minimum, Maximum, FloorAtZero, Round, When, All, Any, Not, Compare,
    IsOneOf, DaysBetween, MonthsBetween, AddMonths, EndOfPeriod, ColumnTotal, CountRows, TotalWhere, LookupExact,
    LookupBanded, PreviousRow, ShareOfTotal, Leaf, Line, Column,
)  # fmt: skip
"""Every node there is; each has a value, a formula and a sentence."""


# -- building -----------------------------------------------------------------------------------


def number(value: Expr[Fraction] | int) -> Expr[Fraction]:
    """An operand as an expression; whole numbers must be allowed constants."""
    return Constant(value) if isinstance(value, int) else value


def _terms(operand: Expr[Fraction]) -> tuple[Expr[Fraction], ...]:
    return operand.terms if isinstance(operand, Add) else (operand,)


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
