"""Small graphs: leaves and schedules by hand, an example of every operation, a workbook of any figures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import count

from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import (
    Add,
    AddMonths,
    All,
    Any,
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
    Row,
    Schedule,
    ShareOfTotal,
    Subtract,
    TotalWhere,
    Unit,
    When,
    known,
    number,
    numbers,
    running,
    words,
)
from rdcredit.figure.origin import FromStatement
from rdcredit.figure.sentence import _Reader, sentence
from rdcredit.figure.trace import reachable
from rdcredit.figure.value import Known, Missing
from rdcredit.figure.view import View
from rdcredit.render.layout import At, LinesBlock, ScheduleBlock, Tab, lay_out

STATED = FromStatement("facts.toml", "test")
VIEWS = tuple(View)
_serial = count(1)


def leaf(value, label="", unit=None, leaf_id=""):
    """A known leaf; numbers as text or int, days as dates, words and yes/no as they are."""
    if isinstance(value, bool):
        unit = unit or Unit.YES_NO
    elif isinstance(value, date):
        unit = unit or Unit.DATE
    elif isinstance(value, (int, Fraction)):
        value, unit = Fraction(value), unit or Unit.MONEY
    else:
        unit = unit or Unit.TEXT
    leaf_id = leaf_id or f"leaf.{next(_serial)}"
    return known(leaf_id, label or leaf_id, value, STATED, unit)


def amount(text, label="", unit=Unit.MONEY):
    return leaf(Fraction(text), label, unit)


def unknown(what="the missing thing", unit=Unit.MONEY):
    leaf_id = f"leaf.{next(_serial)}"
    return Leaf(leaf_id, leaf_id, Missing((what,)), STATED, unit)


def assumed(value, why):
    leaf_id = f"leaf.{next(_serial)}"
    return Leaf(leaf_id, leaf_id, Known(Fraction(value) if isinstance(value, (int, str)) else value, (why,)), STATED)


def by_view(supported, expected, potential, unit=Unit.MONEY):
    """A leaf with three values; ``None`` is missing."""
    leaf_id = f"leaf.{next(_serial)}"
    values = {
        view: Missing((f"{leaf_id} {view}",)) if v is None else Known(Fraction(v) if isinstance(v, (int, str)) else v)
        for view, v in zip(VIEWS, (supported, expected, potential), strict=True)
    }
    return Leaf(leaf_id, leaf_id, values[View.SUPPORTED], STATED, unit, values)


def line(expr, label="", line_id="", unit=Unit.MONEY, **keys):
    line_id = line_id or f"line.{next(_serial)}"
    return Line(line_id, label or line_id, expr, unit=unit, **keys)


def schedule(columns, rows, counts_in=None, schedule_id=""):
    """A schedule from rows of plain values; ``None`` is a missing number."""
    schedule_id = schedule_id or f"schedule.{next(_serial)}"
    inputs = [c for c in columns if c.expr is None]
    made = []
    for i, values in enumerate(rows):
        cells = {}
        for column, value in zip(inputs, values, strict=True):
            if isinstance(value, (Leaf, Line)):
                cells[column.id] = value
            elif value is None:
                cells[column.id] = unknown(f"{column.id} of row {i + 1}")
            elif isinstance(value, str) and column.unit is not Unit.TEXT:
                cells[column.id] = amount(value, unit=column.unit)
            else:
                cells[column.id] = leaf(value, unit=column.unit)
        made.append(Row(str(i + 1), cells))
    return Schedule(schedule_id, schedule_id, tuple(columns), tuple(made), counts_in=counts_in)


@dataclass(frozen=True)
class Costs:
    """A table of costs by component, marked with the view they count in."""

    table: Schedule
    component: Column
    amount: Column
    marks: Column

    def total(self):
        return ColumnTotal(self.table, self.amount)

    def of(self, component):
        return TotalWhere(self.table, self.amount, ((self.component, leaf(component)),))

    def count(self, component=None):
        if component is None:
            return CountRows(self.table)
        return CountRows(self.table, self.component, leaf(component))


def costs(*rows):
    """Rows of (component, amount, view)."""
    component, paid, marks = words("component", "component"), numbers("amount", "amount"), words("marks", "counts in")
    return Costs(schedule((component, paid, marks), rows, counts_in=marks), component, paid, marks)


@dataclass(frozen=True)
class Bands:
    table: Schedule
    key: Column
    result: Column


def bands(*rows):
    """A table of keys and results, keys ascending."""
    key, result = numbers("key", "key", unit=Unit.COUNT), numbers("result", "result")
    return Bands(schedule((key, result), rows), key, result)


@dataclass(frozen=True)
class Example:
    """An operation in use: by itself, or as the formula of a column of ``table``."""

    node: object
    table: Schedule | None = None
    column: Column | None = None
    value: object = None


def _scalar(node, value):
    return Example(
        node, value=Fraction(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else value
    )


def _running():
    paid = numbers("paid", "paid")
    so_far = running("so_far", "paid so far", amount("100"), lambda above: above + paid)
    table = schedule((paid, so_far), [("10",), ("20",)])
    return Example(so_far.expr, table, so_far, Fraction(130))


def _share():
    paid = numbers("paid", "paid")
    share = numbers("share", "share", ShareOfTotal(paid), Unit.RATIO)
    table = schedule((paid, share), [("10",), ("30",)])
    return Example(share.expr, table, share, Fraction(3, 4))


def _column():
    paid = numbers("paid", "paid")
    twice = numbers("twice", "twice", paid * 2)
    table = schedule((paid, twice), [("10",), ("30",)])
    return Example(twice.expr, table, twice, Fraction(60))


def _lookup(kind, wanted):
    found = bands(("6", "60"), ("8", "80"))
    return _scalar(kind(amount(wanted, unit=Unit.COUNT), found.table, found.key, found.result), "60")


_SPENT = [("a", "10", "supported"), ("b", "20", "supported"), ("a", "5", "expected")]

EXAMPLES: dict[type, Callable[[], Example]] = {
    Constant: lambda: _scalar(number(2), 2),
    Leaf: lambda: _scalar(amount("41.5"), "41.5"),
    Line: lambda: _scalar(line(amount("41.5")), "41.5"),
    Column: _column,
    Add: lambda: _scalar(Add((amount("1"), amount("2"), amount("3.5"))), "6.5"),
    Subtract: lambda: _scalar(Subtract(amount("1"), amount("2")), "-1"),
    Multiply: lambda: _scalar(Multiply(amount("3"), amount("0.14", unit=Unit.RATIO)), "0.42"),
    Divide: lambda: _scalar(Divide(amount("1"), amount("3")), "1/3"),
    Minimum: lambda: _scalar(Minimum((amount("1"), amount("-2"))), "-2"),
    Maximum: lambda: _scalar(Maximum((amount("1"), amount("-2"))), "1"),
    FloorAtZero: lambda: _scalar(FloorAtZero(amount("-2")), "0"),
    Round: lambda: _scalar(Round(amount("2.345"), amount("2", unit=Unit.COUNT)), "2.35"),
    When: lambda: _scalar(When(leaf(True), amount("1"), amount("2")), "1"),
    All: lambda: _scalar(All((leaf(True), leaf(False))), False),
    Any: lambda: _scalar(Any((leaf(False), leaf(True))), True),
    Not: lambda: _scalar(Not(leaf(False)), True),
    Compare: lambda: _scalar(Compare(Comparison.AT_LEAST, amount("0.8"), amount("0.8")), True),
    IsOneOf: lambda: _scalar(IsOneOf(leaf("asc"), ("regular", "asc")), True),
    DaysBetween: lambda: _scalar(DaysBetween(leaf(date(2024, 1, 1)), leaf(date(2024, 12, 31))), 366),
    MonthsBetween: lambda: _scalar(MonthsBetween(leaf(date(2024, 11, 30)), leaf(date(2025, 1, 1))), 3),
    AddMonths: lambda: _scalar(AddMonths(leaf(date(2024, 1, 31)), number(1)), date(2024, 2, 29)),
    EndOfPeriod: lambda: _scalar(EndOfPeriod(leaf(date(2024, 1, 15)), number(1)), date(2024, 2, 29)),
    ColumnTotal: lambda: _scalar(costs(*_SPENT).total(), 30),
    CountRows: lambda: _scalar(costs(*_SPENT).count("a"), 1),
    TotalWhere: lambda: _scalar(costs(*_SPENT).of("a"), 10),
    LookupExact: lambda: _lookup(LookupExact, "6"),
    LookupBanded: lambda: _lookup(LookupBanded, "7"),
    PreviousRow: _running,
    ShareOfTotal: _share,
}
"""Every operation once, with the value it must have (in the second row, for columns)."""


@dataclass(frozen=True)
class Readings:
    value: object
    formula: str
    sentence: str


def readings_of(example, view=View.SUPPORTED):
    """The three readings of an example, by the public doors of the figure room."""
    from rdcredit.figure.formula import formula

    figures = Evaluation()
    if example.table is None:
        holder = line(example.node, "the figure")
        layout = lay_out(tabs_of([holder]), figures)
        value = figures.seen(holder, view)
        return Readings(value, formula(holder, view, At(layout, "T")), sentence(holder, figures, view))
    layout = lay_out(tabs_of([], [example.table]), figures)
    value = figures.seen_cell(example.table, example.column, 1, view)
    text = formula(example.column, view, At(layout, "T", example.table, 1))
    return Readings(value, text, _Reader(figures, view).read(example.node))


def tabs_of(lines, schedules=(), views=VIEWS):
    """One tab that gives a home to these figures and to everything they rest on."""
    nodes = reachable([*lines, *schedules])
    tables = [n for n in nodes if isinstance(n, Schedule)]
    housed = {id(cell) for t in tables for row in t.rows for cell in row.cells.values() if isinstance(cell, Leaf)}
    figures = tuple(n for n in nodes if not isinstance(n, Schedule) and id(n) not in housed)
    return (Tab("T", "figures", "test", "test", (LinesBlock("Figures", figures), *map(ScheduleBlock, tables)), views),)


def value_of(expr, view=View.SUPPORTED):
    """The bare value of an expression, or its Missing."""
    found = Evaluation().seen(expr, view)
    return found if isinstance(found, Missing) else found.value
