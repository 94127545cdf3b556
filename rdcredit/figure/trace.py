"""Walking the graph: which figures rest on which, down to the leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from rdcredit.figure.apply import operands_of
from rdcredit.figure.expression import (
    AnyColumn,
    AnyExpr,
    AnyLeaf,
    AnyLine,
    Column,
    ColumnTotal,
    CountRows,
    Leaf,
    Line,
    LookupBanded,
    LookupExact,
    PreviousRow,
    Schedule,
    ShareOfTotal,
    TotalWhere,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def _direct(expr: AnyExpr) -> Iterator[AnyExpr | Schedule]:
    """What an expression refers to, one step down."""
    match expr:
        case Leaf():
            return
        case Column():
            if expr.expr is not None:
                yield cast("AnyExpr", expr.expr)
        case ColumnTotal(schedule, _):
            yield schedule
        case CountRows(schedule, _, wanted):
            yield schedule
            if wanted is not None:
                yield wanted
        case TotalWhere(schedule, _, where):
            yield schedule
            for _, wanted in where:
                yield wanted
        case LookupExact(wanted, schedule, _, _) | LookupBanded(wanted, schedule, _, _):
            yield schedule
            yield wanted
        case PreviousRow(_, opening):
            yield opening
        case ShareOfTotal():
            return
        case _:
            yield from operands_of(expr)


def _nearest(start: Iterable[AnyExpr | Schedule]) -> Iterator[AnyLine | AnyLeaf | Schedule]:
    """The named things met first below ``start``."""
    for item in start:
        if isinstance(item, Schedule):
            yield item
        elif isinstance(item, Line | Leaf):
            yield cast("AnyLine | AnyLeaf", item)
        else:
            yield from _nearest(_direct(item))


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """One column of one schedule, as a step of a trace."""

    schedule: Schedule
    column: AnyColumn

    @property
    def id(self) -> str:
        """Schedule and column: ``s41.qre.by_component#supplies``."""
        return f"{self.schedule.id}#{self.column.id}"


Step = AnyLine | AnyLeaf | ColumnOf


def _columns(expr: AnyExpr, here: Schedule | None) -> Iterator[Step]:
    """The named things met first below an expression, schedules by the columns that are used."""
    match expr:
        case Line() | Leaf():
            yield expr
        case Column():
            if here is not None:
                yield ColumnOf(here, expr)
        case ColumnTotal(schedule, column):
            yield ColumnOf(schedule, column)
        case TotalWhere(schedule, column, where):
            yield ColumnOf(schedule, column)
            for _, wanted in where:
                if not isinstance(wanted, Column):
                    yield from _columns(wanted, here)
        case CountRows(schedule, key, _):
            yield ColumnOf(schedule, key if key is not None else schedule.columns[0])
        case LookupExact(wanted, schedule, _, result) | LookupBanded(wanted, schedule, _, result):
            yield ColumnOf(schedule, result)
            yield from _columns(wanted, here)
        case PreviousRow(column, opening):
            if here is not None:
                yield ColumnOf(here, column)
            yield from _columns(opening, here)
        case ShareOfTotal(column):
            if here is not None:
                yield ColumnOf(here, column)
        case _:
            for operand in operands_of(expr):
                yield from _columns(operand, here)


def steps_below(step: Step) -> tuple[Step, ...]:
    """What a figure, or a column of a schedule, is computed from directly, each once."""
    if isinstance(step, ColumnOf):
        if step.column.expr is not None:
            found = _columns(step.column.expr, step.schedule)
        else:
            cells = (row.cells[step.column.id] for row in step.schedule.rows)
            found = (cell for cell in cells if isinstance(cell, Line))
        return tuple(dict.fromkeys(s for s in found if s != step))
    return () if isinstance(step, Leaf) else tuple(dict.fromkeys(_columns(step.expr, None)))


def inputs_of(node: AnyLine | AnyLeaf | Schedule) -> tuple[AnyLine | AnyLeaf | Schedule, ...]:
    """The lines, leaves and schedules a figure or schedule is computed from directly, each once."""
    if isinstance(node, Leaf):
        return ()
    if isinstance(node, Schedule):
        start: list[AnyExpr | Schedule] = [c.expr for c in node.columns if c.expr is not None]
        start += [cell for row in node.rows for cell in row.cells.values() if isinstance(cell, Line)]
    else:
        start = [node.expr]
    return tuple(dict.fromkeys(_nearest(start)))


def reachable(roots: Iterable[AnyLine | AnyLeaf | Schedule]) -> tuple[AnyLine | AnyLeaf | Schedule, ...]:
    """Everything the roots rest on, the roots included, inputs before what uses them."""
    order: dict[int, AnyLine | AnyLeaf | Schedule] = {}
    visiting: set[int] = set()

    def visit(node: AnyLine | AnyLeaf | Schedule) -> None:
        if id(node) in order:
            return
        if id(node) in visiting:
            if isinstance(node, Schedule):  # two schedules may read different columns of each other
                return
            raise ValueError(f"the graph has a cycle at {node.id}")
        visiting.add(id(node))
        for below in inputs_of(node):
            visit(below)
        visiting.discard(id(node))
        order[id(node)] = node

    for root in roots:
        visit(root)
    return tuple(order.values())
