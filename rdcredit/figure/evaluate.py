"""The first reading of an expression: its value, exact, in one of the three views."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from rdcredit.figure.apply import UnknownOperation, applied, operands_of
from rdcredit.figure.expression import (
    All,
    Any,
    AnyColumn,
    AnyExpr,
    Column,
    ColumnTotal,
    Constant,
    CountRows,
    Expr,
    Leaf,
    Line,
    LookupBanded,
    LookupExact,
    PreviousRow,
    Rounding,
    Schedule,
    ShareOfTotal,
    TotalWhere,
    When,
)
from rdcredit.figure.keys import ambiguous_key, spreadsheet_key
from rdcredit.figure.value import K, Known, Missing, Scalar, Value, merged
from rdcredit.figure.view import View
from rdcredit.money import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PLACES = {Rounding.CENTS: 2, Rounding.WHOLE_DOLLARS: 0}
AnyValue = Value[Fraction] | Value[bool] | Value[date] | Value[str]


@dataclass(frozen=True, slots=True)
class _Place:
    """The row of a schedule an expression is read in."""

    schedule: Schedule
    index: int


@dataclass(slots=True)
class Evaluation:
    """Values of figures, each computed once a view."""

    _seen: dict[tuple[int, View, int, int], AnyValue] = field(default_factory=dict)
    _index: dict[tuple[int, int, View], dict[str, tuple[int, ...]] | Missing] = field(default_factory=dict)
    _kept: list[object] = field(default_factory=list)
    """Keeps nodes alive so that identities in the cache stay theirs."""

    def value(self, expr: Expr[K], view: View = View.SUPPORTED) -> Value[K]:
        """The value of an expression in one view."""
        return self._read(expr, view, None)

    def seen(self, node: AnyExpr, view: View = View.SUPPORTED) -> AnyValue:
        """The value of a node whose kind is not known to the caller."""
        return self._read(cast("Expr[Fraction]", node), view, None)

    def cell(self, schedule: Schedule, column: Column[K], row: int, view: View = View.SUPPORTED) -> Value[K]:
        """The value of one cell of a schedule."""
        return self._read(column, view, _Place(schedule, row))

    def seen_cell(self, schedule: Schedule, column: AnyColumn, row: int, view: View = View.SUPPORTED) -> AnyValue:
        """The value of one cell of a column whose kind is not known to the caller."""
        return self._read(cast("Column[Fraction]", column), view, _Place(schedule, row))

    # -- machinery

    def _read(self, expr: Expr[K], view: View, place: _Place | None) -> Value[K]:
        if isinstance(expr, Constant | Leaf):
            return cast("Value[K]", _leaf(cast("AnyExpr", expr), view))
        key = (id(expr), view, id(place.schedule) if place else 0, place.index if place else -1)
        if key not in self._seen:
            self._kept.append(expr)
            self._seen[key] = self._compute(cast("AnyExpr", expr), view, place)
        return cast("Value[K]", self._seen[key])

    def _compute(self, expr: AnyExpr, view: View, place: _Place | None) -> AnyValue:
        match expr:
            case Line():
                # A line stands outside any row, whoever refers to it.
                return _rounded(cast("AnyValue", self._read(expr.expr, view, None)), expr.rounding)
            case Column():
                return self._column(expr, view, place)
            case When(condition, then, otherwise):
                return self._when(condition, then, otherwise, view, place)
            case All(operands):
                return self._quantified(operands, view, place, decisive=False)
            case Any(operands):
                return self._quantified(operands, view, place, decisive=True)
            case ColumnTotal() | CountRows() | TotalWhere() | LookupExact() | LookupBanded():
                return self._table(expr, view, place)
            case PreviousRow() | ShareOfTotal():
                return self._in_row(expr, view, place)
            case _:
                return self._scalar(expr, view, place)

    def _scalar(self, expr: AnyExpr, view: View, place: _Place | None) -> AnyValue:
        operands = operands_of(expr)
        values = [self._read(cast("Expr[Fraction]", o), view, place) for o in operands]
        gaps = [v for v in values if isinstance(v, Missing)]
        if gaps:
            return Missing(merged(*(g.what for g in gaps)))
        known = [v for v in values if isinstance(v, Known)]
        result = applied(expr, [cast("Scalar", v.value) for v in known])
        if isinstance(result, Missing):
            return result
        return cast("AnyValue", Known(cast("Fraction", result), merged(*(v.assumed for v in known))))

    def _when(
        self, condition: Expr[bool], then: Expr[K], otherwise: Expr[K], view: View, place: _Place | None
    ) -> Value[K]:
        decided = self._read(condition, view, place)
        if isinstance(decided, Missing):
            return decided
        taken = self._read(then if decided.value else otherwise, view, place)
        if isinstance(taken, Missing):
            return taken
        return Known(taken.value, merged(decided.assumed, taken.assumed))

    def _quantified(
        self, operands: Sequence[Expr[bool]], view: View, place: _Place | None, *, decisive: bool
    ) -> Value[bool]:
        values = [self._read(o, view, place) for o in operands]
        known = [v for v in values if isinstance(v, Known)]
        deciding = [v for v in known if v.value is decisive]
        if deciding:
            # One known answer settles it; prefer one that rests on no assumption.
            return Known(decisive, min((v.assumed for v in deciding), key=len))
        gaps = [v for v in values if isinstance(v, Missing)]
        if gaps:
            return Missing(merged(*(g.what for g in gaps)))
        return Known(not decisive, merged(*(v.assumed for v in known)))

    def _column(self, column: Column[K], view: View, place: _Place | None) -> Value[K]:
        if place is None:
            raise UnknownOperation(f"column {column.id} is read outside its schedule")
        if column.expr is None:
            return cast("Value[K]", self.seen(place.schedule.rows[place.index].cells[column.id], view))
        return cast("Value[K]", _rounded(cast("AnyValue", self._read(column.expr, view, place)), column.rounding))

    def counted_rows(self, schedule: Schedule, view: View) -> tuple[int, ...]:
        """The rows that count in a view, by position."""
        everything = range(len(schedule.rows))
        if schedule.counts_in is None:
            return tuple(everything)
        marks = view.counts()
        cells = ((i, self.cell(schedule, schedule.counts_in, i, view)) for i in everything)
        return tuple(i for i, mark in cells if isinstance(mark, Known) and mark.value in marks)

    def _sum(self, schedule: Schedule, column: Column[Fraction], rows: Iterable[int], view: View) -> Value[Fraction]:
        values = [self.cell(schedule, column, i, view) for i in rows]
        gaps = [v for v in values if isinstance(v, Missing)]
        if gaps:
            return Missing(merged(*(g.what for g in gaps)))
        known = [v for v in values if isinstance(v, Known)]
        return Known(sum((v.value for v in known), Fraction(0)), merged(*(v.assumed for v in known)))

    def _table(
        self,
        expr: ColumnTotal | CountRows | TotalWhere | LookupExact | LookupBanded,
        view: View,
        place: _Place | None,
    ) -> Value[Fraction]:
        match expr:
            case ColumnTotal(schedule, column):
                return self._sum(schedule, column, self.counted_rows(schedule, view), view)
            case CountRows(schedule, key, wanted):
                where = ((key, wanted),) if key is not None and wanted is not None else ()
                rows = self._matching(schedule, where, view, place)
                return rows if isinstance(rows, Missing) else Known(Fraction(len(rows)))
            case TotalWhere(schedule, column, where):
                rows = self._matching(schedule, where, view, place)
                return rows if isinstance(rows, Missing) else self._sum(schedule, column, rows, view)
            case LookupExact() | LookupBanded():
                return self._lookup(expr, view, place)

    def _matching(
        self, schedule: Schedule, where: Sequence[tuple[Column[str], Expr[str]]], view: View, place: _Place | None
    ) -> tuple[int, ...] | Missing:
        if not where:
            return self.counted_rows(schedule, view)
        kept: set[int] | None = None
        for key, wanted in where:
            sought = self._read(wanted, view, place)
            if isinstance(sought, Missing):
                return sought
            spreadsheet_key(sought.value, schedule.label)
            index = self._keyed(schedule, key, view)
            if isinstance(index, Missing):
                return index
            matching = set(index.get(sought.value, ()))
            kept = matching if kept is None else kept & matching
        return tuple(sorted(kept or ()))

    def _keyed(self, schedule: Schedule, key: Column[str], view: View) -> dict[str, tuple[int, ...]] | Missing:
        """The rows that count in a view by the word in a key column."""
        cached = self._index.get((id(schedule), id(key), view))
        if cached is not None:
            return cached
        found: dict[str, list[int]] = {}
        folded: dict[str, str] = {}
        result: dict[str, tuple[int, ...]] | Missing | None = None
        for i in self.counted_rows(schedule, view):
            word = self.cell(schedule, key, i, view)
            if isinstance(word, Missing):
                result = word
                break
            if word.value not in found:
                other = folded.setdefault(spreadsheet_key(word.value, schedule.label), word.value)
                if other != word.value:
                    raise ambiguous_key(schedule.label, f'"{other}" and "{word.value}" are one and the same')
            found.setdefault(word.value, []).append(i)
        self._kept.append(schedule)
        stored = result if result is not None else {word: tuple(rows) for word, rows in found.items()}
        self._index[id(schedule), id(key), view] = stored
        return stored

    def _lookup(self, expr: LookupExact | LookupBanded, view: View, place: _Place | None) -> Value[Fraction]:
        wanted = self._read(expr.wanted, view, place)
        if isinstance(wanted, Missing):
            return wanted
        found: int | None = None
        banded = isinstance(expr, LookupBanded)
        for i in range(len(expr.schedule.rows)):
            key = self.cell(expr.schedule, expr.key, i, view)
            if isinstance(key, Missing):
                return key
            if key.value <= wanted.value if banded else key.value == wanted.value and found is None:
                found = i
        if found is None:
            return Missing((f"an entry for {wanted.value} in {expr.schedule.label}",))
        return self.cell(expr.schedule, expr.result, found, view)

    def _above(self, place: _Place, column: Column[Fraction], view: View) -> Value[Fraction]:
        """The cell in the row above; rows not yet computed are computed from the top, not by recursion."""
        first = place.index - 1
        while first and (id(column), view, id(place.schedule), first) not in self._seen:
            first -= 1
        for row in range(first, place.index - 1):
            self.cell(place.schedule, column, row, view)
        return self.cell(place.schedule, column, place.index - 1, view)

    def _in_row(self, expr: PreviousRow | ShareOfTotal, view: View, place: _Place | None) -> Value[Fraction]:
        if place is None:
            raise UnknownOperation("a row operation is read outside its schedule")
        match expr:
            case PreviousRow(column, opening):
                if place.index == 0:
                    return self._read(opening, view, None)
                return self._above(place, column, view)
            case ShareOfTotal(column):
                whole = self._sum(place.schedule, column, range(len(place.schedule.rows)), view)
                part = self.cell(place.schedule, column, place.index, view)
                if isinstance(whole, Missing):
                    return whole
                if isinstance(part, Missing):
                    return part
                if whole.value == 0:
                    return Missing((f"a total of {column.label} other than zero",))
                return Known(part.value / whole.value, merged(part.assumed, whole.assumed))


def _leaf(expr: AnyExpr, view: View) -> AnyValue:
    if isinstance(expr, Constant):
        return Known(Fraction(expr.value))
    return cast("Leaf[Fraction]", expr).seen_in(view)


def _rounded(value: AnyValue, rounding: Rounding) -> AnyValue:
    if isinstance(value, Missing) or rounding is Rounding.EXACT or not isinstance(value.value, Fraction):
        return value
    return Known(rounded(value.value, _PLACES[rounding]), value.assumed)
