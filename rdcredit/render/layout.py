"""Layout: which figure stands in which cell. All addresses are assigned before a row is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdcredit.figure.expression import AnyColumn, AnyExpr, AnyLeaf, AnyLine, Column, Leaf, Line, Schedule
from rdcredit.figure.value import Missing
from rdcredit.figure.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdcredit.figure.evaluate import Evaluation
    from rdcredit.figure.value import Scalar
    from rdcredit.forms.form_6765 import FormLine

CHART_ROWS = 17
"""Rows a chart covers."""
FIRST_BLOCK_ROW = 6
"""The rows above hold the header of a tab: title, purpose, taxpayer, preparer."""


@dataclass(frozen=True, slots=True, eq=False)
class LinesBlock:
    """Figures below each other: label, value in each view, authority, how it came about."""

    title: str
    lines: tuple[AnyLine | AnyLeaf, ...]
    references: bool = False
    """Whether the figures stand elsewhere and are only pointed to."""


@dataclass(frozen=True, slots=True, eq=False)
class ScheduleBlock:
    """A schedule with its columns as they are, one physical column a view where they differ."""

    schedule: Schedule


@dataclass(frozen=True, slots=True, eq=False)
class FormBlock:
    """Lines of a form, each a reference to the cell its figure stands in."""

    title: str
    lines: tuple[FormLine, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TableBlock:
    """A table of source values and words, without formulas of its own unless ``total`` columns say so."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Scalar | None]]
    money: frozenset[int] = frozenset()
    """Positions of columns that hold money to the cent; they get a total row of formulas."""
    widths: tuple[int, ...] = ()
    note: str = ""
    totals: bool = True
    """Whether the money columns are added up in a last row."""
    difference: tuple[int, int] | None = None
    """Positions of two money columns; a last column of formulas shows the first less the second."""


@dataclass(frozen=True, slots=True, eq=False)
class TextBlock:
    """Paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ChartBlock:
    """A bar chart of a block of figures on the same tab: one group a figure, one bar a view."""

    title: str
    figures: LinesBlock


Block = ChartBlock | LinesBlock | ScheduleBlock | FormBlock | TableBlock | TextBlock


@dataclass(frozen=True, slots=True, eq=False)
class Tab:
    """One sheet: reference letter, name, what it is for and where its data come from."""

    ref: str
    name: str
    purpose: str
    source: str
    blocks: tuple[Block, ...]
    views: tuple[View, ...] = (View.SUPPORTED,)
    personal: bool = False

    @property
    def title(self) -> str:
        """The sheet's name in the workbook."""
        return f"{self.ref} {self.name}"


def column_letter(index: int) -> str:
    """The letters of a column counted from 1."""
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell."""

    tab: str
    column: int
    row: int

    def seen_from(self, tab: str) -> str:
        """The address, with the sheet's name where it is another sheet."""
        address = f"{column_letter(self.column)}{self.row}"
        return address if tab == self.tab else f"'{self.tab}'!{address}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The cells of one schedule column."""

    tab: str
    column: int
    first: int
    last: int

    def seen_from(self, tab: str) -> str:
        """The absolute range, with the sheet's name where it is another sheet."""
        letter = column_letter(self.column)
        address = f"${letter}${self.first}:${letter}${self.last}"
        return address if tab == self.tab else f"'{self.tab}'!{address}"


@dataclass(slots=True)
class Layout:
    """Where every line, leaf and schedule column stands."""

    figures: Evaluation
    spots: dict[tuple[int, View | None], Spot] = field(default_factory=dict)
    stretches: dict[tuple[int, int, View | None], Stretch] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    """The first row of each block."""
    _kept: list[object] = field(default_factory=list)
    """Keeps nodes and schedules alive so that identities stay theirs."""
    _gaps: dict[tuple[int, int, View], bool] = field(default_factory=dict)

    def spot(self, node: AnyExpr, view: View) -> Spot:
        """The cell of a line or leaf.

        Raises:
            KeyError: nothing was laid out for it.
        """
        found = self.spots.get((id(node), view)) or self.spots.get((id(node), None))
        if found is None:
            name = node.id if isinstance(node, Line | Leaf) else type(node).__name__
            raise KeyError(f"{name} stands on no sheet")
        return found

    def has(self, node: AnyExpr) -> bool:
        """Whether the node has a cell already."""
        return (id(node), None) in self.spots or any((id(node), v) in self.spots for v in View)

    def place(self, node: AnyExpr, view: View | None, spot: Spot) -> None:
        """Give a node its cell, unless it has one: the first place is its home."""
        if (id(node), view) not in self.spots:
            self.spots[id(node), view] = spot
            self._kept.append(node)

    def stretch(self, schedule: Schedule, column: AnyColumn, view: View) -> Stretch:
        """The cells of a schedule's column in a view.

        Raises:
            KeyError: the schedule was not laid out.
        """
        keys = ((id(schedule), id(column), view), (id(schedule), id(column), None))
        for key in keys:
            if key in self.stretches:
                return self.stretches[key]
        raise KeyError(f"column {column.id} of {schedule.id} stands on no sheet")

    def keep(self, schedule: Schedule) -> None:
        """Remember that a schedule has cells."""
        self._kept.append(schedule)

    def column_has_gap(self, schedule: Schedule, column: AnyColumn, view: View) -> bool:
        """Whether any cell of a schedule's column is missing as things stand."""
        key = (id(schedule), id(column), view)
        if key not in self._gaps:
            self._gaps[key] = any(
                isinstance(self.figures.seen_cell(schedule, column, i, view), Missing)
                for i in range(len(schedule.rows))
            )
        return self._gaps[key]


def block_height(block: Block) -> int:
    """Rows a block takes, its title and a blank row after it included."""
    match block:
        case LinesBlock():
            return len(block.lines) + 3
        case ScheduleBlock(schedule):
            return len(schedule.rows) + 3
        case FormBlock():
            return len(block.lines) + 3
        case TableBlock():
            return len(block.rows) + 3 + (1 if block.money and block.totals else 0) + (1 if block.note else 0)
        case TextBlock():
            return len(block.paragraphs) + 2
        case ChartBlock():
            return CHART_ROWS


def schedule_columns(schedule: Schedule, views: Sequence[View]) -> list[tuple[AnyColumn, View | None]]:
    """The physical columns of a schedule: one a view where the column differs by view."""
    physical: list[tuple[AnyColumn, View | None]] = []
    for column in schedule.columns:
        if column.by_view and len(views) > 1:
            physical += [(column, view) for view in views]
        else:
            physical.append((column, None))
    return physical


def lay_out(tabs: Sequence[Tab], figures: Evaluation) -> Layout:
    """Addresses for everything on the tabs, in their order."""
    layout = Layout(figures)
    for tab in tabs:
        row = FIRST_BLOCK_ROW
        for block in tab.blocks:
            layout.starts[id(block)] = row
            if isinstance(block, LinesBlock) and not block.references:
                _place_lines(layout, tab, block, row)
            elif isinstance(block, ScheduleBlock):
                _place_schedule(layout, tab, block.schedule, row)
            row += block_height(block)
    return layout


def _place_lines(layout: Layout, tab: Tab, block: LinesBlock, row: int) -> None:
    for i, node in enumerate(block.lines):
        at = row + 2 + i
        if isinstance(node, Leaf) and node.by_view is None:
            layout.place(node, None, Spot(tab.title, 2, at))
            continue
        for j, view in enumerate(tab.views):
            layout.place(node, view if len(tab.views) > 1 else None, Spot(tab.title, 2 + j, at))


def _place_schedule(layout: Layout, tab: Tab, schedule: Schedule, row: int) -> None:
    first, last = row + 2, row + 1 + len(schedule.rows)
    layout.keep(schedule)
    for j, (column, view) in enumerate(schedule_columns(schedule, tab.views), start=1):
        layout.stretches[id(schedule), id(column), view] = Stretch(tab.title, j, first, last)
        if column.expr is not None:
            continue
        for i, entry in enumerate(schedule.rows):
            node = entry.cells[column.id]
            if isinstance(node, Leaf):
                layout.place(node, None if node.by_view is None else view, Spot(tab.title, j, first + i))


@dataclass(frozen=True, slots=True)
class At:
    """The cell a formula is written into: the locator of the figure room."""

    layout: Layout
    tab: str
    schedule: Schedule | None = None
    row: int = 0
    """Index of the schedule's row."""

    def cell(self, node: AnyExpr, view: View) -> str:
        """The address of a line's or leaf's cell."""
        return self.layout.spot(node, view).seen_from(self.tab)

    def row_cell(self, column: AnyColumn, view: View, offset: int = 0) -> str:
        """The address of a column's cell in this row."""
        stretch = self._own(column, view)
        return f"{column_letter(stretch.column)}{stretch.first + self.row + offset}"

    def column_range(self, schedule: Schedule, column: AnyColumn, view: View) -> str:
        """The range of a column's cells."""
        return self.layout.stretch(schedule, column, view).seen_from(self.tab)

    def own_range(self, column: AnyColumn, view: View) -> str:
        """The range of a column of this schedule."""
        return self._own(column, view).seen_from(self.tab)

    def is_first_row(self) -> bool:
        """Whether this is the schedule's first row."""
        return self.row == 0

    def may_be_missing(self, node: AnyExpr, view: View, schedule: Schedule | None = None) -> bool:
        """Whether the node's value, or a cell of the column, is missing as things stand."""
        if isinstance(node, Leaf | Line):
            return isinstance(self.layout.figures.seen(node, view), Missing)
        table = schedule or self.schedule
        return isinstance(node, Column) and table is not None and self.layout.column_has_gap(table, node, view)

    def _own(self, column: AnyColumn, view: View) -> Stretch:
        if self.schedule is None:
            raise KeyError(f"column {column.id} is used outside a schedule")
        return self.layout.stretch(self.schedule, column, view)
