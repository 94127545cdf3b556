"""Reading one table of people, time, contracts or supplies, from delimited text or a worksheet alike.

The header is found by known names, columns a role does not need are left behind at once, total
rows become controls, and what remains are :class:`~rdcredit.ingest.record.Record` objects. Every
row below the header ends as a record, a repeated header or a total, and the count must agree
with a count that does not use the reader.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, Refused, shown
from rdcredit.ingest.below import Below
from rdcredit.ingest.columns import (
    ADDED_UP,
    HEADER_SEARCH,
    Column,
    Header,
    find_header,
    missing_columns,
    stated_overrides,
)
from rdcredit.ingest.delimited import read_delimited
from rdcredit.ingest.record import Findings, Frame, Record
from rdcredit.ingest.records import FileCount
from rdcredit.ingest.tablefile import TableFile, no_rows
from rdcredit.ingest.values import NotAValue, read_money
from rdcredit.money import ZERO, money_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdcredit.ingest.grid import Grid
    from rdcredit.ingest.sheets import Workbook
    from rdcredit.source import FileRef
    from rdcredit.study.config import InputSettings

SEPARATORS = (";", "\t", "|")
"""Separators that are recognised, in order to say so; a CSV file is separated by commas."""
_LEAST_MATCHES = 2


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a role, and the sets of them that make a table, the preferred set first.

    ``unique_rows``: two rows that agree in every cell are one payment given twice, unless the
    study says otherwise.
    """

    columns: tuple[Column, ...]
    required: tuple[tuple[Column, ...], ...]
    unique_rows: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The records of one table, and how its rows were counted."""

    input_id: str
    file: FileRef
    positions: Mapping[Column, int]
    required: tuple[Column, ...]
    """The set of required columns the header was found to fit."""
    records: tuple[Record, ...]
    findings: Findings
    counted: int
    read: int
    aside: int
    notes: tuple[str, ...]

    def has(self, column: Column) -> bool:
        """Whether the table has this column."""
        return column in self.positions

    def count(self) -> FileCount:
        """The import report of this table, once its records have been read."""
        notes = (*self.notes, *self.findings.notes())
        return FileCount(self.file, self.counted, self.read, ZERO, notes, records_aside=self.aside)

    def values(self, column: Column) -> tuple[str, ...]:
        """The cells of a column that are not blank."""
        return tuple(v for v in (r.raw(column) for r in self.records) if v)

    def with_values(self, column: Column, new: Mapping[str, str]) -> Table:
        """The same table with cells of one column replaced."""
        if not self.has(column):
            return self
        at = self.positions[column]
        records = tuple(
            replace(r, cells=(*r.cells[:at], new.get(r.cells[at], r.cells[at]), *r.cells[at + 1 :]))
            for r in self.records
        )
        return replace(self, records=records)


def read_table(file: TableFile, setting: InputSettings, input_id: str, layout: Layout, *, identical: bool) -> Table:
    """Read the one table of a file; ``identical`` says that identical rows have been accepted.

    Raises:
        Refused: the file cannot be trusted as a whole. Problems of single rows are in the table's findings.
    """
    place = file.ref.path
    overrides, problems = stated_overrides(setting.columns, layout.columns, place)
    if problems:
        raise Refused(problems)
    grid = _grid(file, setting, layout, overrides)
    required, header = _located(grid, layout, overrides, _place(place, grid.sheet))
    positions = {column: i for i, column in enumerate(header.positions)}
    frame = Frame(file.ref, grid.sheet, positions, required, setting.date_format, Findings())
    below = Below(frame, grid, header)
    records = below.records(unique=layout.unique_rows and not identical)
    counted = grid.counted - header.at - 1
    notes = (*grid.notes, *below.notes)
    return Table(
        input_id, file.ref, positions, required, records, frame.findings, counted, below.read, below.aside, notes
    )


def _grid(file: TableFile, setting: InputSettings, layout: Layout, overrides: Mapping[Column, str]) -> Grid:
    if not file.name.endswith(".xlsx"):
        return read_delimited(file.data, file.ref.path, "\t" if file.name.endswith(".tsv") else ",")
    from rdcredit.ingest.sheets import open_workbook  # noqa: PLC0415 - openpyxl loads slowly

    with open_workbook(file.data, file.ref.path) as book:
        grid = book.grid(_sheet(book, file.ref.path, setting, layout, overrides))
        return replace(grid, notes=(*book.notes(), *grid.notes))


def _sheet(book: Workbook, place: str, setting: InputSettings, layout: Layout, overrides: Mapping[Column, str]) -> str:
    """The sheet to read: the one stated, or the only visible one that holds a table of the role."""
    readable = [s.name for s in book.sheets if s.state != "veryHidden"]
    visible = [s.name for s in book.sheets if s.state == "visible"]
    why, code = "Another sheet could hold another year.", "E502"
    if setting.sheet:
        if setting.sheet in readable:
            return setting.sheet
        what = f"there is no sheet {shown(setting.sheet)}"
    elif len(visible) == 1:
        return visible[0]
    else:
        tops = {name: book.top(name, HEADER_SEARCH) for name in visible}
        scores = {name: find_header(rows, layout.columns, overrides)[1] for name, rows in tops.items()}
        best = max(scores.values(), default=0)
        likely = [name for name in visible if scores[name] == best]
        if len(likely) == 1 and best >= _LEAST_MATCHES:
            return likely[0]
        what, code = f"{len(likely)} sheets could hold the table", "E503"
        if best < _LEAST_MATCHES:
            what, code = "no sheet has the columns of this role", "E117"
    names = ", ".join(shown(name) for name in readable)
    raise Refused(
        [Problem(code, place, what, why, f"State sheet for this input in study.toml; the sheets are {names}.")]
    )


def _located(
    grid: Grid, layout: Layout, overrides: Mapping[Column, str], place: str
) -> tuple[tuple[Column, ...], Header]:
    """The set of required columns the header fits best, and where all columns stand."""
    if not grid.rows:
        raise Refused([no_rows(place, "the table holds no rows")])
    header, _ = find_header(grid.rows, layout.columns, overrides)
    if header is None:
        _refuse_other_separator(grid, layout, overrides, place)
        raise Refused(missing_columns(layout.required[0], grid.rows[0].cells, overrides, place))
    lacking = [[c for c in required if c not in header.positions] for required in layout.required]
    # The set of which least is missing; of equals the preferred one.
    best = min(range(len(lacking)), key=lambda i: (len(lacking[i]), i))
    missing = [*lacking[best], *(c for c in overrides if c not in header.positions and c not in lacking[best])]
    problems = missing_columns(missing, grid.rows[header.at].cells, overrides, place)
    problems += [_double(grid, header, column, places, place) for column, places in header.doubles.items()]
    if problems:
        raise Refused(problems)
    return layout.required[best], header


def _refuse_other_separator(grid: Grid, layout: Layout, overrides: Mapping[Column, str], place: str) -> None:
    for separator in SEPARATORS:
        rows = [replace(row, cells=tuple(",".join(row.cells).split(separator))) for row in grid.rows[:HEADER_SEARCH]]
        if find_header(rows, layout.columns, overrides)[0]:
            name = {"\t": "tab", ";": "semicolon", "|": "bar"}[separator]
            raise Refused(
                [
                    Problem(
                        "E115",
                        place,
                        f"the cells are separated by the {name}, not by commas",
                        "Such files often write decimals with a comma too; guessing could change the credit.",
                        "Export it as CSV with commas and decimal points, or as .xlsx.",
                    )
                ]
            )


def _double(grid: Grid, header: Header, column: Column, places: Sequence[int], place: str) -> Problem:
    """E116: two columns could be meant; with the sums of each where they are amounts."""
    named = []
    for at in places:
        name = shown(grid.rows[header.at].cells[at])
        if column.kind in ADDED_UP:
            cells = [row.cells[at] for row in grid.rows[header.at + 1 :] if at < len(row.cells)]
            name += f" (sum {_sum_text(cells)})"
        named.append(name)
    return Problem(
        "E116",
        place,
        f"{len(places)} columns could be {shown(column.name)}: {' and '.join(named)}",
        "The choice would change the figures.",
        f'Delete or rename all but one, or state columns = {{ "{column.name}" = "..." }} for this input in study.toml.',
    )


def _sum_text(cells: Sequence[str]) -> str:
    total = Decimal(0)
    for cell in cells:
        try:
            total += read_money(cell)
        except NotAValue:
            continue
    return money_text(total)


def _place(path: str, sheet: str) -> str:
    return f"{path} sheet {sheet}" if sheet else path
