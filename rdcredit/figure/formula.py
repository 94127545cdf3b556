"""The second reading of an expression: an Excel formula over real cell addresses.

A :class:`Locator` knows where lines, leaves and columns stand; layout comes first. Lines that rest
on something missing when the workbook is written are guarded, because an empty cell is zero to
Excel: the guard is built from the same operations, so ``any`` short-circuits as in Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from rdcredit.figure.apply import UnknownOperation, operands_of
from rdcredit.figure.expression import (
    Add,
    AddMonths,
    All,
    Any,
    AnyColumn,
    AnyExpr,
    Column,
    ColumnTotal,
    Compare,
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
    Schedule,
    ShareOfTotal,
    Subtract,
    TotalWhere,
    When,
)
from rdcredit.figure.origin import FromLaw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdcredit.figure.expression import Expr
    from rdcredit.figure.view import View

    Where = tuple[tuple[Column[str], Expr[str]], ...]

MISSING_TEXT = "missing"
"""What a cell without a value says; text, so that arithmetic on it is an error and not a zero."""

_ATOM, _PRODUCT, _SUM, _RELATION = 4, 3, 2, 1


class Locator(Protocol):
    """Where things stand in the workbook, seen from the cell the formula is written into."""

    def cell(self, node: AnyExpr, view: View) -> str:
        """The address of a line's or leaf's cell in a view."""
        ...

    def row_cell(self, column: AnyColumn, view: View, offset: int = 0) -> str:
        """The address of a column's cell in this row, or ``offset`` rows away."""
        ...

    def column_range(self, schedule: Schedule, column: AnyColumn, view: View) -> str:
        """The absolute range of a column's cells."""
        ...

    def own_range(self, column: AnyColumn, view: View) -> str:
        """The absolute range of a column of the schedule the formula stands in."""
        ...

    def is_first_row(self) -> bool:
        """Whether the formula stands in the first row of its schedule."""
        ...

    def may_be_missing(self, node: AnyExpr, view: View, schedule: Schedule | None = None) -> bool:
        """Whether the node's cell, or a cell of a column of ``schedule`` (else this one), says that it is missing."""
        ...


def formula(node: AnyExpr, view: View, at: Locator) -> str:
    """The formula (without the equals sign) of a line's or column's cell."""
    if not isinstance(node, Line | Column) or node.expr is None:
        raise UnknownOperation(type(node).__name__)
    expr = cast("AnyExpr", node.expr)
    text = _text(expr, view, at)
    places = {Rounding.EXACT: "", Rounding.CENTS: ",2", Rounding.WHOLE_DOLLARS: ",0"}[node.rounding]
    if places:
        text = f"ROUND({text}{places})"
    guard = _gap(expr, view, at)
    return f'IF({guard},"{MISSING_TEXT}",{text})' if guard else text


def _text(expr: AnyExpr, view: View, at: Locator, outer: int = 0) -> str:
    text, strength = _read(expr, view, at)
    return f"({text})" if strength < outer else text


def _read(expr: AnyExpr, view: View, at: Locator) -> tuple[str, int]:
    match expr:
        case Constant(value):
            return str(value), _ATOM
        case Leaf() | Line():
            return at.cell(cast("AnyExpr", expr), view), _ATOM
        case Column():
            return at.row_cell(cast("AnyColumn", expr), view), _ATOM
        case Add(terms):
            return "+".join(_text(t, view, at, _SUM) for t in terms) or "0", _SUM
        case Subtract(left, right):
            return f"{_text(left, view, at, _SUM)}-{_text(right, view, at, _PRODUCT)}", _SUM
        case Multiply(left, right):
            return f"{_text(left, view, at, _PRODUCT)}*{_text(right, view, at, _PRODUCT)}", _PRODUCT
        case Divide(left, right):
            return f"{_text(left, view, at, _PRODUCT)}/{_text(right, view, at, _ATOM)}", _PRODUCT
        case Compare(comparison, left, right):
            return f"{_text(left, view, at, _SUM)}{comparison}{_text(right, view, at, _SUM)}", _RELATION
        case When(condition, then, otherwise):
            branches = (condition, cast("AnyExpr", then), cast("AnyExpr", otherwise))
            return f"IF({_list(branches, view, at)})", _ATOM
        case PreviousRow(column, opening):
            if at.is_first_row():
                return _read(opening, view, at)
            return at.row_cell(column, view, -1), _ATOM
        case ShareOfTotal(column):
            return f"{at.row_cell(column, view)}/SUM({at.own_range(column, view)})", _PRODUCT
        case ColumnTotal() | CountRows() | TotalWhere():
            return _sums(expr, view, at)
        case LookupExact(schedule=schedule) | LookupBanded(schedule=schedule) if not schedule.rows:
            return "NA()", _ATOM
        case LookupExact(wanted, schedule, key, result) | LookupBanded(wanted, schedule, key, result):
            kind = 0 if isinstance(expr, LookupExact) else 1
            keys, results = at.column_range(schedule, key, view), at.column_range(schedule, result, view)
            return f"INDEX({results},MATCH({_text(wanted, view, at)},{keys},{kind}))", _ATOM
        case _:
            return _function(expr, view, at), _ATOM


def _list(operands: Iterable[AnyExpr], view: View, at: Locator) -> str:
    return ",".join(_text(o, view, at) for o in operands)


def _function(expr: AnyExpr, view: View, at: Locator) -> str:
    if isinstance(expr, All | Any):
        return _quantifier(expr, view, at)
    arguments = _list(operands_of(expr), view, at)
    match expr:
        case Minimum():
            return f"MIN({arguments})"
        case Maximum():
            return f"MAX({arguments})"
        case FloorAtZero():
            return f"MAX(0,{arguments})"
        case Round():
            return f"ROUND({arguments})"
        case Not():
            return f"NOT({arguments})"
        case IsOneOf(_, options):
            if any('"' in option for option in options):
                raise UnknownOperation("a word with a quotation mark")
            return "OR(" + ",".join(f'{arguments}="{option}"' for option in options) + ")"
        case DaysBetween(first, last):
            return f"({_text(last, view, at)}-{_text(first, view, at)}+1)"
        case MonthsBetween(first, last):
            a, b = _text(first, view, at), _text(last, view, at)
            return f"((YEAR({b})-YEAR({a}))*12+MONTH({b})-MONTH({a})+1)"
        case AddMonths():
            return f"EDATE({arguments})"
        case EndOfPeriod():
            return f"EOMONTH({arguments})"
        case _:
            raise UnknownOperation(type(expr).__name__)


def _quantifier(expr: All | Any, view: View, at: Locator) -> str:
    """AND or OR. An operand that may be missing takes no part, so that another can still settle it."""
    name, neutral = ("AND", "TRUE") if isinstance(expr, All) else ("OR", "FALSE")
    parts = []
    for operand in expr.operands:
        text, gap = _text(operand, view, at), _gap(operand, view, at)
        parts.append(f"IF({gap},{neutral},{text})" if gap else text)
    return f"{name}({','.join(parts)})" if parts else neutral


def _conditions(expr: ColumnTotal | CountRows | TotalWhere) -> Where:
    """The keys a total or count goes by, and the words wanted of them."""
    match expr:
        case TotalWhere():
            return expr.where
        case CountRows(key=key, wanted=wanted) if key is not None and wanted is not None:
            return ((key, wanted),)
        case _:
            return ()


def _criteria(schedule: Schedule, where: Where, view: View, at: Locator) -> str:
    pairs = (f"{at.column_range(schedule, key, view)},{_text(wanted, view, at)}" for key, wanted in where)
    return ",".join(pairs)


def _sums(expr: ColumnTotal | CountRows | TotalWhere, view: View, at: Locator) -> tuple[str, int]:
    """SUM, SUMIFS and COUNTIFS; one term for each mark the view counts."""
    schedule = expr.schedule
    if not schedule.rows:
        return "0", _ATOM
    criteria = _criteria(schedule, _conditions(expr), view, at)
    if isinstance(expr, CountRows):
        if not criteria and schedule.counts_in is None:
            return f"ROWS({at.column_range(schedule, schedule.columns[0], view)})", _ATOM
        return _added_up("COUNTIFS(", criteria, expr, view, at)
    column = at.column_range(schedule, expr.column, view)
    if not criteria and schedule.counts_in is None:
        return f"SUM({column})", _ATOM
    return _added_up(f"SUMIFS({column},", criteria, expr, view, at)


def _added_up(
    head: str, criteria: str, expr: ColumnTotal | CountRows | TotalWhere, view: View, at: Locator
) -> tuple[str, int]:
    """A SUMIFS or COUNTIFS that starts with ``head``, once for each mark the view counts."""
    schedule = expr.schedule
    if schedule.counts_in is None:
        return f"{head}{criteria}".removesuffix(",") + ")", _ATOM
    marks = at.column_range(schedule, schedule.counts_in, view)
    more = f",{criteria}" if criteria else ""
    terms = [f'{head}{marks},"{mark}"{more})' for mark in view.counts()]
    return "+".join(terms), (_ATOM if len(terms) == 1 else _SUM)


# -- guards -------------------------------------------------------------------------------------


def _or(conditions: Iterable[str]) -> str:
    found = list(dict.fromkeys(c for c in conditions if c))
    if not found:
        return ""
    return found[0] if len(found) == 1 else f"OR({','.join(found)})"


def _gap(expr: AnyExpr, view: View, at: Locator) -> str:
    """A formula that is true where the expression is missing; empty where it cannot be."""
    match expr:
        case Constant():
            return ""
        case Leaf() | Line():
            node = cast("AnyExpr", expr)
            return f'{at.cell(node, view)}="{MISSING_TEXT}"' if at.may_be_missing(node, view) else ""
        case Column():
            column = cast("AnyColumn", expr)
            return f'{at.row_cell(column, view)}="{MISSING_TEXT}"' if at.may_be_missing(column, view) else ""
        case When(condition, then, otherwise):
            return _gap_of_branches(condition, cast("AnyExpr", then), cast("AnyExpr", otherwise), view, at)
        case All(operands):
            return _gap_of_quantified(operands, view, at, decisive="FALSE")
        case Any(operands):
            return _gap_of_quantified(operands, view, at, decisive="TRUE")
        case Divide(left, right):
            zero = "" if _never_zero(right) else f"{_text(right, view, at, _SUM)}=0"
            gap = _gap(right, view, at)
            right_gap = f"IF({gap},TRUE,{zero})" if gap and zero else gap or zero
            return _or((_gap(left, view, at), right_gap))
        case ColumnTotal() | CountRows() | TotalWhere():
            return _gap_of_sum(expr, view, at)
        case LookupExact() | LookupBanded():
            return _gap_of_lookup(expr, view, at)
        case PreviousRow(column, opening):
            if at.is_first_row():
                return _gap(opening, view, at)
            above = f'{at.row_cell(column, view, -1)}="{MISSING_TEXT}"'
            return above if at.may_be_missing(column, view) else ""
        case ShareOfTotal(column):
            own = at.own_range(column, view)
            unknown = f'COUNTIF({own},"{MISSING_TEXT}")>0' if at.may_be_missing(column, view) else ""
            return _or((unknown, f"SUM({own})=0"))
        case _:
            return _or(_gap(o, view, at) for o in operands_of(expr))


def _never_zero(expr: AnyExpr) -> bool:
    if isinstance(expr, Constant):
        return expr.value != 0
    return isinstance(expr, Leaf) and isinstance(expr.origin, FromLaw)


def _gap_of_branches(condition: AnyExpr, then: AnyExpr, otherwise: AnyExpr, view: View, at: Locator) -> str:
    undecided, first, second = (_gap(e, view, at) for e in (condition, then, otherwise))
    branches = ""
    if first or second:
        branches = f"IF({_text(condition, view, at)},{first or 'FALSE'},{second or 'FALSE'})"
    if undecided and branches:
        return f"IF({undecided},TRUE,{branches})"
    return undecided or branches


def _gap_of_quantified(operands: tuple[AnyExpr, ...], view: View, at: Locator, *, decisive: str) -> str:
    gaps = [_gap(o, view, at) for o in operands]
    if not any(gaps):
        return ""
    settled = [
        f"IF({gap},FALSE,({_text(o, view, at)})={decisive})" if gap else f"({_text(o, view, at)})={decisive}"
        for o, gap in zip(operands, gaps, strict=True)
    ]
    return f"AND(NOT(OR({','.join(settled)})),{_or(gaps)})"


def _gap_of_sum(expr: ColumnTotal | CountRows | TotalWhere, view: View, at: Locator) -> str:
    """True where a key is missing, or a cell of the column among the rows that are added up."""
    where, schedule = _conditions(expr), expr.schedule
    gaps = [_gap(wanted, view, at) for _, wanted in where]
    if schedule.rows:
        gaps += [_gap_of_range(schedule, key, view, at) for key, _ in where]
        if not isinstance(expr, CountRows) and at.may_be_missing(expr.column, view, schedule):
            column = at.column_range(schedule, expr.column, view)
            text, _ = _added_up(
                f'COUNTIFS({column},"{MISSING_TEXT}",', _criteria(schedule, where, view, at), expr, view, at
            )
            gaps.append(f"{text}>0")
    return _or(gaps)


def _gap_of_range(schedule: Schedule, column: AnyColumn, view: View, at: Locator) -> str:
    if not at.may_be_missing(column, view, schedule):
        return ""
    return f'COUNTIF({at.column_range(schedule, column, view)},"{MISSING_TEXT}")>0'


def _gap_of_lookup(expr: LookupExact | LookupBanded, view: View, at: Locator) -> str:
    schedule = expr.schedule
    if not schedule.rows:
        return "TRUE"
    kind = 0 if isinstance(expr, LookupExact) else 1
    place = f"MATCH({_text(expr.wanted, view, at)},{at.column_range(schedule, expr.key, view)},{kind})"
    nowhere = _or((_gap(expr.wanted, view, at), _gap_of_range(schedule, expr.key, view, at), f"ISNA({place})"))
    if not at.may_be_missing(expr.result, view, schedule):
        return nowhere
    return f'IF({nowhere},TRUE,INDEX({at.column_range(schedule, expr.result, view)},{place})="{MISSING_TEXT}")'
