"""Nodes of the graph that stand by themselves: leaves, lines and the operations on single values.

An expression is typed by what it yields: ``Expr[Fraction]`` for amounts, ratios and counts,
``Expr[bool]`` for yes or no, ``Expr[date]`` for days and ``Expr[str]`` for words. Numbers enter
through leaves with an origin only; the few constants allowed are those of arithmetic and the calendar.

Comparisons are written ``a < b``; equality is ``a.equals(b)``, so that ``==`` keeps its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Generic

from rdcredit.figure.value import K, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Constant(Expr[Fraction]):
    """A number of arithmetic or the calendar."""

    value: int

    def __post_init__(self) -> None:
        if self.value not in CONSTANTS:
            raise ValueError(f"{self.value} is not a constant of arithmetic or the calendar: make it a leaf")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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


# -- operations ---------------------------------------------------------------------------------


class Comparison(StrEnum):
    """The comparisons; the value is the sign in an Excel formula."""

    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    EQUAL = "="


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Add(Expr[Fraction]):
    """The sum of the terms."""

    terms: tuple[Expr[Fraction], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Subtract(Expr[Fraction]):
    """Left less right."""

    left: Expr[Fraction]
    right: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Multiply(Expr[Fraction]):
    """Left times right."""

    left: Expr[Fraction]
    right: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Divide(Expr[Fraction]):
    """Left by right; missing where right is zero."""

    left: Expr[Fraction]
    right: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Minimum(Expr[Fraction]):
    """The smallest of the terms."""

    terms: tuple[Expr[Fraction], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Maximum(Expr[Fraction]):
    """The largest of the terms."""

    terms: tuple[Expr[Fraction], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FloorAtZero(Expr[Fraction]):
    """The operand, or zero where it is negative."""

    operand: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Round(Expr[Fraction]):
    """The operand to a number of decimal places, halves away from zero."""

    operand: Expr[Fraction]
    places: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class When(Expr[K]):
    """One of two branches; only the branch taken is read."""

    condition: Expr[bool]
    then: Expr[K]
    otherwise: Expr[K]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class All(Expr[bool]):
    """Yes where every operand is; no as soon as one known operand is no."""

    operands: tuple[Expr[bool], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Any(Expr[bool]):
    """Yes as soon as one known operand is; otherwise missing wins."""

    operands: tuple[Expr[bool], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Not(Expr[bool]):
    """The opposite."""

    operand: Expr[bool]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Compare(Expr[bool]):
    """Whether two numbers stand in a relation."""

    comparison: Comparison
    left: Expr[Fraction]
    right: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class IsOneOf(Expr[bool]):
    """Whether a word is one of a list of words."""

    operand: Expr[str]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DaysBetween(Expr[Fraction]):
    """Days of a period, its first and last day included."""

    first: Expr[date]
    last: Expr[date]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MonthsBetween(Expr[Fraction]):
    """Calendar months of which a period has at least one day: a part month counts as a month."""

    first: Expr[date]
    last: Expr[date]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AddMonths(Expr[date]):
    """The same day a number of months later, or the last day of a shorter month."""

    day: Expr[date]
    months: Expr[Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EndOfPeriod(Expr[date]):
    """The last day of the month ``months`` after the month of ``day``."""

    day: Expr[date]
    months: Expr[Fraction]


def number(value: Expr[Fraction] | int) -> Expr[Fraction]:
    """An operand as an expression; whole numbers must be allowed constants."""
    return Constant(value) if isinstance(value, int) else value


def _terms(operand: Expr[Fraction]) -> tuple[Expr[Fraction], ...]:
    return operand.terms if isinstance(operand, Add) else (operand,)
