"""Writes tabs to a workbook: formulas into cells, their values into the post-write pass.

Imports openpyxl; loaded late.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from openpyxl.worksheet.properties import PageSetupProperties

from rdcredit.figure.expression import AnyColumn, AnyLeaf, AnyLine, Leaf, Line, Rounding, Schedule, Unit
from rdcredit.figure.formula import MISSING_TEXT, formula
from rdcredit.figure.sentence import sentence
from rdcredit.figure.value import Known, Missing
from rdcredit.render import cells
from rdcredit.render.book import Book, CellValue, Heading, remember, shown_value
from rdcredit.render.cells import (
    HEAD,
    QUIET_TEXT,
    RUNNING_TEXT,
    SECTION,
    TITLE,
    Look,
    cell,
    formula_cell,
    number_format,
    safe_text,
)
from rdcredit.render.layout import (
    At,
    Block,
    ChartBlock,
    FormBlock,
    LinesBlock,
    ScheduleBlock,
    Spot,
    Tab,
    TableBlock,
    TextBlock,
    column_letter,
    lay_out,
    schedule_columns,
)
from rdcredit.render.plain_blocks import chart_rows, table_rows, text_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet
    from openpyxl.worksheet.worksheet import Worksheet

    from rdcredit.figure.evaluate import AnyValue, Evaluation
    from rdcredit.figure.view import View

__all__ = ["Book", "CellValue", "Heading", "write_book"]

_WORDS = {Unit.CHOICE, Unit.YES_NO, Unit.TEXT}


def write_book(tabs: Sequence[Tab], figures: Evaluation, heading: Heading, path: Path) -> Book:
    """Write the tabs to ``path``; formula cells hold no values until the post-write pass.

    Raises:
        KeyError: a formula refers to a figure that stands on no tab.
    """
    book = Book(lay_out(tabs, figures), figures, heading)
    stamp = datetime(heading.dated.year, heading.dated.month, heading.dated.day)  # noqa: DTZ001 - a stated day, not a moment
    properties = book.workbook.properties
    properties.creator, properties.title = "rdcredit", safe_text(f"{heading.taxpayer}: research credit, {heading.year}")
    properties.created = properties.modified = stamp
    for tab in tabs:
        _write_tab(book, tab)
    book.workbook.save(path)
    return book


def _write_tab(book: Book, tab: Tab) -> None:
    sheet = book.workbook.create_sheet(tab.title)
    widths = _widths(tab)
    # The stub of the write-only sheet leaves out what it shares with the ordinary one.
    ordinary = cast("Worksheet", sheet)
    _dress_sheet(ordinary, widths)
    for at, row in enumerate(_rows(book, sheet, tab), start=1):
        lines = max((_lines_of(c, widths[j] if j < len(widths) else 0) for j, c in enumerate(row)), default=1)
        if lines > 1:
            ordinary.row_dimensions[at].height = lines * _LINE_HEIGHT + 2
        sheet.append(row)


def _rows(book: Book, sheet: WriteOnlyWorksheet, tab: Tab) -> Iterable[list[Cell]]:
    yield from _header(sheet, book.heading, tab)
    for block in tab.blocks:
        yield from _block(book, sheet, tab, block)
        yield []


def _lines_of(made: Cell, width: int) -> int:
    """How many lines a wrapped text takes: not every program fits heights to it on opening."""
    if not (isinstance(made.value, str) and made.alignment.wrap_text and width and made.data_type == "s"):
        return 1
    return max(1, -(-len(made.value) * 20 // (width * 21)))


_LINE_HEIGHT = 13


def _dress_sheet(sheet: Worksheet, widths: Sequence[int]) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = "B6"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet.oddFooter is not None:
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"
    for i, width in enumerate(widths, start=1):
        sheet.column_dimensions[column_letter(i)].width = width


def _is_mixed(tab: Tab) -> bool:
    """Whether schedules share the columns: sentences then run over to the right instead of wrapping."""
    return any(isinstance(b, ScheduleBlock) for b in tab.blocks)


def _widths(tab: Tab) -> list[int]:
    widths: list[int] = []

    def need(wanted: Iterable[int]) -> None:
        for i, width in enumerate(wanted):
            if i < len(widths):
                widths[i] = max(widths[i], width)
            else:
                widths.append(width)

    for block in tab.blocks:
        match block:
            case LinesBlock() if _is_mixed(tab):
                need([44, *[16] * len(tab.views), 28])
            case LinesBlock():
                need([56, *[17] * len(tab.views), 30, 90])
            case FormBlock():
                need([9, 64, 20, 44])
            case ScheduleBlock(schedule):
                need(c.width for c, _ in schedule_columns(schedule, tab.views))
            case TableBlock():
                need((*(block.widths or [18] * len(block.header)), *([16] if block.difference else [])))
            case TextBlock():
                need([110])
            case ChartBlock():
                need([56])
    return widths


def _header(sheet: WriteOnlyWorksheet, heading: Heading, tab: Tab) -> list[list[Cell]]:
    marks = f"{heading.taxpayer} | taxable year {heading.year} | {heading.status}"
    if heading.banner:
        marks += f" | {heading.banner}"
    people = f"Prepared by {heading.prepared_by or '(open)'}, reviewed by {heading.reviewed_by or '(open)'}"
    return [
        [cell(sheet, tab.title, TITLE)],
        [cell(sheet, tab.purpose, Look(ink=cells.INK))],
        [cell(sheet, f"{marks} | dated {heading.dated.isoformat()}", Look(ink=cells.QUIET))],
        [cell(sheet, f"Source: {tab.source}. {people}.", Look(ink=cells.QUIET))],
        [],
    ]


def _block(book: Book, sheet: WriteOnlyWorksheet, tab: Tab, block: Block) -> Iterable[list[Cell]]:
    match block:
        case LinesBlock():
            return _lines(book, sheet, tab, block)
        case ScheduleBlock(schedule):
            return _schedule(book, sheet, tab, schedule)
        case FormBlock():
            return _form(book, sheet, tab, block)
        case TableBlock():
            return table_rows(book, sheet, tab, block)
        case TextBlock():
            return text_rows(sheet, block)
        case ChartBlock():
            return chart_rows(book, sheet, tab, block)


# -- values -------------------------------------------------------------------------------------


def _input(sheet: WriteOnlyWorksheet, book: Book, tab: Tab, at: Spot, value: AnyValue, unit: Unit) -> Cell:
    """The cell of a leaf: an input in its colour, amber where assumed, the word where missing."""
    if isinstance(value, Missing):
        return cell(sheet, MISSING_TEXT, Look(fill=cells.MISSING_FILL, ink=cells.INPUT_INK, right=True))
    fill = cells.ASSUMED_FILL if value.assumed else cells.INPUT_FILL
    look = Look(format=number_format(unit), fill=fill, ink=cells.INPUT_INK, wrap=unit is Unit.TEXT)
    if isinstance(value.value, Fraction) and not cells.terminates(value.value):
        remember(book, tab, at.column, at.row, value.value)
        return formula_cell(sheet, f"{value.value.numerator}/{value.value.denominator}", look)
    return cell(sheet, value.value, look)


def _computed(
    sheet: WriteOnlyWorksheet, book: Book, tab: Tab, at: Spot, text: str, value: AnyValue, look: Look
) -> Cell:
    """The cell of a line: its formula, and its value for the post-write pass."""
    remember(book, tab, at.column, at.row, shown_value(value))
    if isinstance(value, Known) and value.assumed:
        look = Look(look.format, bold=look.bold, fill=cells.ASSUMED_FILL)
    elif isinstance(value, Missing):
        look = Look(look.format, bold=look.bold, fill=cells.MISSING_FILL, right=True)
    return formula_cell(sheet, text, look)


# -- blocks -------------------------------------------------------------------------------------


def _lines(book: Book, sheet: WriteOnlyWorksheet, tab: Tab, block: LinesBlock) -> Iterable[list[Cell]]:
    yield [cell(sheet, block.title, SECTION)]
    names = [v.capitalize() for v in tab.views] if len(tab.views) > 1 else ["Amount"]
    yield [cell(sheet, name, HEAD) for name in ("Figure", *names, "Authority or source", "How it comes about")]
    start = book.layout.starts[id(block)] + 2
    for i, node in enumerate(block.lines):
        yield _line_row(book, sheet, tab, node, start + i)


def _line_row(book: Book, sheet: WriteOnlyWorksheet, tab: Tab, node: AnyLine | AnyLeaf, row: int) -> list[Cell]:
    made = [cell(sheet, node.label, Look(wrap=True, bold=isinstance(node, Line) and node.unit is Unit.MONEY))]
    for j, view in enumerate(tab.views):
        made.append(_line_cell(book, sheet, tab, node, view, Spot(tab.title, 2 + j, row)))
    made.append(cell(sheet, _authority(node), QUIET_TEXT))
    how = sentence(node, book.figures, tab.views[0]) if isinstance(node, Line) else ""
    made.append(cell(sheet, how, RUNNING_TEXT if _is_mixed(tab) else QUIET_TEXT))
    return made


def _authority(node: AnyLine | AnyLeaf) -> str:
    from rdcredit.figure.origin import describe  # noqa: PLC0415 - one use

    return node.cite if isinstance(node, Line) else describe(node.origin)


def _line_cell(book: Book, sheet: WriteOnlyWorksheet, tab: Tab, node: AnyLine | AnyLeaf, view: View, at: Spot) -> Cell:
    value = book.figures.seen(node, view)
    home = book.layout.spot(node, view)
    if home != at:  # the figure stands elsewhere: point to it
        rounding = node.rounding if isinstance(node, Line) else Rounding.EXACT
        look = Look(number_format(node.unit, rounding), right=node.unit in _WORDS)
        return _computed(sheet, book, tab, at, home.seen_from(tab.title), value, look)
    if isinstance(node, Leaf):
        return _input(sheet, book, tab, at, value, node.unit)
    where = At(book.layout, tab.title)
    look = Look(number_format(node.unit, node.rounding), bold=node.unit is Unit.MONEY)
    return _computed(sheet, book, tab, at, formula(node, view, where), value, look)


def _schedule(book: Book, sheet: WriteOnlyWorksheet, tab: Tab, schedule: Schedule) -> Iterable[list[Cell]]:
    yield [cell(sheet, f"{schedule.label}{f' [{schedule.cite}]' if schedule.cite else ''}", SECTION)]
    physical = schedule_columns(schedule, tab.views)
    yield [cell(sheet, c.label + (f" ({v})" if v is not None else ""), HEAD) for c, v in physical]
    start = book.layout.starts[_block_of(tab, schedule)] + 2
    for i in range(len(schedule.rows)):
        yield [
            _schedule_cell(book, sheet, tab, schedule, column, view or tab.views[0], Spot(tab.title, j, start + i), i)
            for j, (column, view) in enumerate(physical, start=1)
        ]


def _block_of(tab: Tab, schedule: Schedule) -> int:
    return next(id(b) for b in tab.blocks if isinstance(b, ScheduleBlock) and b.schedule is schedule)


def _schedule_cell(
    book: Book,
    sheet: WriteOnlyWorksheet,
    tab: Tab,
    schedule: Schedule,
    column: AnyColumn,
    view: View,
    at: Spot,
    row: int,
) -> Cell:
    value = book.figures.seen_cell(schedule, column, row, view)
    if column.expr is None:
        node = schedule.rows[row].cells[column.id]
        home = book.layout.spot(node, view)
        if isinstance(node, Leaf) and home == at:
            return _input(sheet, book, tab, at, value, column.unit)
        text = home.seen_from(tab.title)
    else:
        text = formula(column, view, At(book.layout, tab.title, schedule, row))
    return _computed(sheet, book, tab, at, text, value, Look(number_format(column.unit, column.rounding)))


def _form(book: Book, sheet: WriteOnlyWorksheet, tab: Tab, block: FormBlock) -> Iterable[list[Cell]]:
    yield [cell(sheet, block.title, SECTION)]
    yield [cell(sheet, name, HEAD) for name in ("Line", "Label", "Amount", "Authority, or why it is blank")]
    start = book.layout.starts[id(block)] + 2
    for i, line in enumerate(block.lines):
        made = [cell(sheet, line.line, Look(bold=True)), cell(sheet, line.label, Look(wrap=True))]
        if line.figure is None:
            made += [cell(sheet, None), cell(sheet, line.blank, QUIET_TEXT)]
        else:
            at = Spot(tab.title, 3, start + i)
            made += [_form_cell(book, sheet, tab, line.figure, at), cell(sheet, _authority(line.figure), QUIET_TEXT)]
        yield made


def _form_cell(book: Book, sheet: WriteOnlyWorksheet, tab: Tab, node: AnyLine | AnyLeaf, at: Spot) -> Cell:
    view = tab.views[0]
    value = book.figures.seen(node, view)
    address = book.layout.spot(node, view).seen_from(tab.title)
    rounding = Rounding.WHOLE_DOLLARS if node.unit is Unit.MONEY else Rounding.EXACT
    if node.unit is not Unit.YES_NO:
        return _computed(sheet, book, tab, at, address, value, Look(number_format(node.unit, rounding), bold=True))
    words: AnyValue = Known("Yes" if value.value else "No", value.assumed) if isinstance(value, Known) else value
    text = f'IF({address}="{MISSING_TEXT}","{MISSING_TEXT}",IF({address},"Yes","No"))'
    return _computed(sheet, book, tab, at, text, words, Look(bold=True, right=True))
