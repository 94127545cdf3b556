"""Operations on single values: what each gives for known operands, and which operands it has."""

from __future__ import annotations

import calendar
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from rdcredit.figure.expression import (
    Add,
    AddMonths,
    All,
    Any,
    AnyExpr,
    Column,
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
    Subtract,
    When,
)
from rdcredit.figure.value import Missing, Scalar
from rdcredit.money import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence


class UnknownOperation(TypeError):
    """A node that is not in the closed set."""


def month_index(day: date) -> int:
    """Months since year zero."""
    return day.year * 12 + day.month - 1


def day_in_month(index: int, day: int) -> date:
    """That day of the month with the index, or the month's last day."""
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))


def operands_of(expr: AnyExpr) -> tuple[AnyExpr, ...]:
    """The operands of a scalar operation, in the order they are written."""
    match expr:
        case Add(terms) | Minimum(terms) | Maximum(terms):
            return terms
        case Subtract(left, right) | Multiply(left, right) | Divide(left, right) | Compare(_, left, right):
            return (left, right)
        case FloorAtZero(operand) | Not(operand) | IsOneOf(operand, _):
            return (cast("AnyExpr", operand),)
        case Round(operand, places):
            return (operand, places)
        case DaysBetween(first, last) | MonthsBetween(first, last):
            return (first, last)
        case AddMonths(day, months) | EndOfPeriod(day, months):
            return (day, months)
        case When(condition, then, otherwise):
            return (condition, cast("AnyExpr", then), cast("AnyExpr", otherwise))
        case All(operands) | Any(operands):
            return operands
        case Constant() | Leaf():
            return ()
        case Line():
            return (cast("AnyExpr", expr.expr),)
        case _:
            raise UnknownOperation(type(expr).__name__)


def _compared(comparison: Comparison, left: Fraction, right: Fraction) -> bool:
    match comparison:
        case Comparison.LESS:
            return left < right
        case Comparison.AT_MOST:
            return left <= right
        case Comparison.MORE:
            return left > right
        case Comparison.AT_LEAST:
            return left >= right
        case Comparison.EQUAL:
            return left == right


def applied(expr: AnyExpr, values: Sequence[Scalar]) -> Scalar | Missing:
    """A scalar operation on known operands."""
    match expr:
        case Compare(comparison, _, _):
            left, right = cast("Sequence[Fraction]", values)
            return _compared(comparison, left, right)
        case Not():
            return not values[0]
        case IsOneOf(_, options):
            return values[0] in options
        case DaysBetween() | MonthsBetween() | AddMonths() | EndOfPeriod():
            return _calendar(expr, values)
        case _:
            return _arithmetic(expr, cast("Sequence[Fraction]", values))


def _arithmetic(expr: AnyExpr, n: Sequence[Fraction]) -> Fraction | Missing:
    match expr:
        case Add():
            return sum(n, Fraction(0))
        case Subtract():
            return n[0] - n[1]
        case Multiply():
            return n[0] * n[1]
        case Divide(_, right):
            if n[1] == 0:
                return Missing((f"{_name(right)} other than zero (nothing can be divided by it)",))
            return n[0] / n[1]
        case Minimum():
            return min(n)
        case Maximum():
            return max(n)
        case FloorAtZero():
            return max(n[0], Fraction(0))
        case Round():
            return rounded(n[0], int(n[1]))
        case _:
            raise UnknownOperation(type(expr).__name__)


def _calendar(expr: DaysBetween | MonthsBetween | AddMonths | EndOfPeriod, values: Sequence[Scalar]) -> Scalar:
    first = cast("date", values[0])
    match expr:
        case DaysBetween():
            return Fraction((cast("date", values[1]) - first).days + 1)
        case MonthsBetween():
            return Fraction(month_index(cast("date", values[1])) - month_index(first) + 1)
        case AddMonths():
            return day_in_month(month_index(first) + _whole(values[1]), first.day)
        case EndOfPeriod():
            return day_in_month(month_index(first) + _whole(values[1]), 31)


def _whole(value: Scalar) -> int:
    return int(cast("Fraction", value))


def _name(expr: Expr[Fraction]) -> str:
    if isinstance(expr, Leaf | Line | Column):
        return f"a value of {expr.label}"
    return "a divisor"
