"""Walking the graph: which figures rest on which, down to the leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rdcredit.figure.evaluate import operands_of
from rdcredit.figure.expression import (
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
