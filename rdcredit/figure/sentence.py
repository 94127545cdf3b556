"""The third reading of an expression: a sentence a reviewer can check by hand.

``Alternative simplified credit before any reduction: 41,230 = 14% x 294,500, because ... is no``.
Only what currently decides the value is explained; the road not taken is named after it.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from rdcredit.figure.apply import UnknownOperation, operands_of
from rdcredit.figure.expression import (
    Add,
    AddMonths,
    All,
    Any,
    AnyExpr,
    AnyLine,
    Column,
    ColumnTotal,
    Compare,
    Comparison,
    Constant,
    CountRows,
    DaysBetween,
    Divide,
    EndOfPeriod,
    FloorAtZero,
    IsOneOf,
    Leaf,
    Line,
    LookupBanded,
    LookupExact,
    Maximum,
    Minimum,
    MonthsBetween,
    Multiply,
    Not,
    PreviousRow,
    Round,
    Rounding,
    ShareOfTotal,
    Subtract,
    TotalWhere,
    Unit,
    When,
)
from rdcredit.figure.value import Known, Missing, Scalar
from rdcredit.figure.view import View
from rdcredit.money import decimal_text, money_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdcredit.figure.evaluate import Evaluation

_RATIO_PLACES = 6
_LISTED = 4
_WORDS = {
    Comparison.LESS: "is less than",
    Comparison.AT_MOST: "is at most",
    Comparison.MORE: "is more than",
    Comparison.AT_LEAST: "is at least",
    Comparison.EQUAL: "is",
}
_NOT_WORDS = {
    Comparison.LESS: "is not less than",
    Comparison.AT_MOST: "is more than",
    Comparison.MORE: "is not more than",
    Comparison.AT_LEAST: "is less than",
    Comparison.EQUAL: "is not",
}


def shown(value: Scalar, unit: Unit, *, whole: bool = False) -> str:
    """A value as the field prints it: money with separators, ratios as percentages."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Fraction():
            if unit is Unit.RATIO:
                percent = decimal_text(value * 100, _RATIO_PLACES)
                return f"{percent.rstrip('0').rstrip('.')}%"
            if unit is Unit.MONEY:
                return money_text(value, 0 if whole or value.denominator == 1 else 2)
            plain = money_text(value, 0 if value.denominator == 1 else _RATIO_PLACES)
            return plain.rstrip("0").rstrip(".") if "." in plain else plain
        case date():
            return value.isoformat()
        case str():
            return value


def sentence(line: AnyLine, figures: Evaluation, view: View = View.SUPPORTED) -> str:
    """The line's sentence in a view: label, value, how it came about, citation."""
    value = figures.seen(line, view)
    cite = f" [{line.cite}]" if line.cite else ""
    if isinstance(value, Missing):
        return f"{line.label}: missing. To be found out: {'; '.join(value.what)}{cite}."
    reader = _Reader(figures, view)
    text = shown(value.value, line.unit, whole=line.rounding is Rounding.WHOLE_DOLLARS)
    how, because = reader.explain(line.expr)
    body = f"{line.label}: {text}"
    if how and how != text:
        body += f" = {how}"
    if because:
        body += f", because {because}"
    if value.assumed:
        body += f" (rests on assumptions: {'; '.join(value.assumed)})"
    return f"{body}{cite}."


class _Reader:
    """Explains expressions in one view."""

    def __init__(self, figures: Evaluation, view: View) -> None:
        self._figures, self._view = figures, view

    def explain(self, expr: AnyExpr) -> tuple[str, str]:
        """How the value comes about, and why this branch was taken."""
        if isinstance(expr, When):
            decided = self._figures.value(expr.condition, self._view)
            yes = isinstance(decided, Known) and bool(decided.value)
            taken, other = (expr.then, expr.otherwise) if yes else (expr.otherwise, expr.then)
            how, inner = self.explain(cast("AnyExpr", taken))
            why = self.reason(expr.condition)
            road = self.outline(cast("AnyExpr", other))
            because = f"{why} (otherwise {road})"
            return how, f"{because}, and {inner}" if inner else because
        if isinstance(expr, Compare | All | Any | Not | IsOneOf):
            return "", self.reason(expr)
        return self.read(expr), ""

    # -- numbers

    def read(self, expr: AnyExpr, *, inner: bool = False) -> str:
        """The expression with the values of its operands in place."""
        match expr:
            case Constant(value):
                return str(value)
            case Leaf() | Line():
                return self._node(expr)
            case Column():
                return expr.label
            case Add(terms) if len(terms) > _LISTED:
                return f"the sum of {len(terms)} amounts"
            case Add(terms):
                return _wrapped(" + ".join(self.read(t, inner=True) for t in terms) or "0", inner=inner)
            case Subtract(left, right):
                text = f"{self.read(left, inner=True)} - {self.read(right, inner=True)}"
                return _wrapped(text, inner=inner)
            case Multiply(left, right):
                return f"{self.read(left, inner=True)} x {self.read(right, inner=True)}"
            case Divide(left, right):
                return f"{self.read(left, inner=True)} / {self.read(right, inner=True)}"
            case When():
                how, because = self.explain(expr)
                return f"{how} ({because})"
            case _:
                return self._call(expr)

    def _call(self, expr: AnyExpr) -> str:
        match expr:
            case Minimum(terms):
                return f"the smaller of {self._list(terms)}"
            case Maximum(terms):
                return f"the larger of {self._list(terms)}"
            case FloorAtZero(operand):
                return f"{self.read(operand)}, not less than zero"
            case Round(operand, places):
                return f"{self.read(operand)}, rounded to {self.read(places)} decimals"
            case DaysBetween(first, last):
                return f"days from {self.read(first)} to {self.read(last)}"
            case MonthsBetween(first, last):
                return f"months from {self.read(first)} to {self.read(last)}"
            case AddMonths(day, months):
                return f"{self.read(day)} and {self.read(months)} months"
            case EndOfPeriod(day, months):
                return f"the end of the month {self.read(months)} after {self.read(day)}"
            case _:
                return self._table(expr)

    def _table(self, expr: AnyExpr) -> str:
        match expr:
            case ColumnTotal(schedule, column):
                rows = len(self._figures.counted_rows(schedule, self._view))
                return f"the total of {column.label} over {rows:,} rows of {schedule.label}"
            case CountRows(schedule, _, wanted):
                where = f" for {self.read(wanted)}" if wanted is not None else ""
                return f"the rows of {schedule.label}{where}"
            case TotalWhere(schedule, column, where):
                keys = " and ".join(self.read(wanted) for _, wanted in where)
                return f"the total of {column.label} in {schedule.label} for {keys}"
            case LookupExact(wanted, schedule, _, result) | LookupBanded(wanted, schedule, _, result):
                return f"{result.label} for {self.read(wanted)} in {schedule.label}"
            case PreviousRow(column, opening):
                return f"{column.label} of the row above ({self.read(opening)} in the first)"
            case ShareOfTotal(column):
                return f"this row's share of the total of {column.label}"
            case Compare() | All() | Any() | Not() | IsOneOf():
                return self.reason(expr)
            case _:
                raise UnknownOperation(type(expr).__name__)

    def _list(self, terms: Sequence[AnyExpr]) -> str:
        return " and ".join(self.read(t) for t in terms)

    def _node(self, node: AnyExpr) -> str:
        value = self._figures.seen(node, self._view)
        if isinstance(value, Missing):
            return f"missing {cast('Leaf[Fraction]', node).label}"
        whole = isinstance(node, Line) and node.rounding is Rounding.WHOLE_DOLLARS
        return shown(value.value, cast("Leaf[Fraction]", node).unit, whole=whole)

    # -- conditions

    def reason(self, expr: AnyExpr) -> str:
        """Why the condition holds or does not, by what decides it alone."""
        value = self._figures.seen(expr, self._view)
        holds = isinstance(value, Known) and bool(value.value)
        match expr:
            case Leaf() | Line():
                return f"“{expr.label}” is {'yes' if holds else 'no'}"
            case Compare(comparison, left, right):
                words = (_WORDS if holds else _NOT_WORDS)[comparison]
                return f"{self._named(left)} {words} {self.read(right)}"
            case IsOneOf(operand, options):
                return f"{self._named(cast('AnyExpr', operand))} is {'' if holds else 'not '}{' or '.join(options)}"
            case Not(operand):
                return self.reason(operand)
            case Any(operands) if holds:
                return self.reason(next(o for o in operands if self._is(o, wanted=True)))
            case All(operands) if not holds:
                return self.reason(next((o for o in operands if self._is(o, wanted=False)), operands[0]))
            case Any(operands) | All(operands):
                return " and ".join(self.reason(o) for o in operands)
            case _:
                return self.read(expr)

    def _is(self, expr: AnyExpr, *, wanted: bool) -> bool:
        value = self._figures.seen(expr, self._view)
        return isinstance(value, Known) and value.value is wanted

    def _named(self, expr: AnyExpr) -> str:
        if isinstance(expr, Leaf | Line):
            return f"{expr.label} ({self._node(cast('AnyExpr', expr))})"
        return self.read(expr)

    # -- the road not taken

    def outline(self, expr: AnyExpr) -> str:
        """The expression in the names of its operands, for a branch that was not read."""
        match expr:
            case Leaf(unit=Unit.RATIO):
                return self._node(expr)
            case Leaf() | Line() | Column():
                return expr.label
            case Multiply(left, right):
                return f"{self.outline(left)} x {self.outline(right)}"
            case Divide(left, right):
                return f"{self.outline(left)} / {self.outline(right)}"
            case Subtract(left, right):
                return f"({self.outline(left)} less {self.outline(right)})"
            case FloorAtZero(operand):
                return self.outline(operand)
            case Constant(value):
                return str(value)
            case Add(terms):
                return "(" + " plus ".join(self.outline(t) for t in terms) + ")"
            case Minimum(terms):
                return f"the smaller of {' and '.join(self.outline(t) for t in terms)}"
            case Maximum(terms):
                return f"the larger of {' and '.join(self.outline(t) for t in terms)}"
            case When(_, then, otherwise):
                return f"{self.outline(cast('AnyExpr', then))} or {self.outline(cast('AnyExpr', otherwise))}"
            case ColumnTotal() | CountRows() | TotalWhere() | LookupExact() | LookupBanded():
                return self._table(expr)
            case _:
                return ", ".join(self.outline(o) for o in operands_of(expr))


def _wrapped(text: str, *, inner: bool) -> str:
    return f"({text})" if inner else text
