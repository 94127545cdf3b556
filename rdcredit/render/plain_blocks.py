"""Blocks without figures of their own: tables of source values, charts over figures, paragraphs.

Imports openpyxl; loaded late.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from rdcredit.figure.expression import Unit
from rdcredit.money import rounded
from rdcredit.render import cells
from rdcredit.render.book import Book, remember
from rdcredit.render.cells import (
    HEAD,
    SECTION,
    Look,
    cell,
    formula_cell,
    number_format,
    safe_text,
)
from rdcredit.render.layout import CHART_ROWS, ChartBlock, Tab, TableBlock, TextBlock, column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet
    from openpyxl.worksheet.worksheet import Worksheet

    from rdcredit.figure.value import Scalar

_TIE_PLACES = 6
"""Decimals a difference is shown to: binary spreadsheets cannot subtract twelve decimals exactly."""


def table_rows(book: Book, sheet: WriteOnlyWorksheet, tab: Tab, block: TableBlock) -> Iterable[list[Cell]]:
    """The rows of a table of source values, its difference column and its totals."""
    yield [cell(sheet, block.title, SECTION)]
    if block.note:
        yield [cell(sheet, block.note, Look(ink=cells.QUIET))]
    names = (*block.header, "Difference") if block.difference else block.header
    yield [cell(sheet, name, HEAD) for name in names]
    money = Look(number_format(Unit.MONEY))
    first = _first_row(book, block)
    for i, row in enumerate(block.rows):
        made = [cell(sheet, v, money if j in block.money else Look(wrap=False)) for j, v in enumerate(row)]
        if block.difference:
            made.append(_difference(book, sheet, tab, block, first + i, row))
        yield made
    if block.money and block.totals:
        yield _total_row(book, sheet, tab, block)


def _first_row(book: Book, block: TableBlock) -> int:
    return book.layout.starts[id(block)] + (3 if block.note else 2)


def _difference(
    book: Book, sheet: WriteOnlyWorksheet, tab: Tab, block: TableBlock, at: int, row: Sequence[Scalar | None]
) -> Cell:
    """One column less another, as a formula: what must be zero for a tie-out to hold."""
    left, right = cast("tuple[int, int]", block.difference)
    exact = cast("Fraction", row[left]) - cast("Fraction", row[right])
    remember(book, tab, len(block.header) + 1, at, rounded(exact, _TIE_PLACES))
    text = f"ROUND({column_letter(left + 1)}{at}-{column_letter(right + 1)}{at},{_TIE_PLACES})"
    return formula_cell(
        sheet,
        text,
        Look(number_format(Unit.MONEY), bold=True, fill=cells.CHECK_FILL if not exact else cells.MISSING_FILL),
    )


def _total_row(book: Book, sheet: WriteOnlyWorksheet, tab: Tab, block: TableBlock) -> list[Cell]:
    first = _first_row(book, block)
    last = first + len(block.rows) - 1
    made = []
    look = Look(number_format(Unit.MONEY), bold=True, top_line=True)
    for j in range(len(block.header)):
        if j not in block.money:
            made.append(cell(sheet, "Total" if j == 0 else None, Look(bold=True, top_line=True)))
            continue
        letter = column_letter(j + 1)
        amounts = [row[j] for row in block.rows]
        exact = sum((Fraction(a) for a in amounts if isinstance(a, Fraction)), Fraction(0))
        remember(book, tab, j + 1, last + 1, exact)
        made.append(formula_cell(sheet, f"SUM({letter}{first}:{letter}{last})" if block.rows else "0", look))
    return made


def chart_rows(book: Book, sheet: WriteOnlyWorksheet, tab: Tab, block: ChartBlock) -> Iterable[list[Cell]]:
    """A native chart over the cells of the figures; it follows them when they change."""
    ordinary = cast("Worksheet", sheet)
    first = book.layout.starts[id(block.figures)] + 1
    last = first + len(block.figures.lines)
    chart = BarChart()
    chart.type, chart.style, chart.title = "bar", 10, block.title
    chart.height, chart.width = 7.6, 24
    chart.y_axis.numFmt, chart.y_axis.delete, chart.x_axis.delete = "#,##0", False, False
    chart.x_axis.scaling.orientation = "maxMin"
    chart.gapWidth = 60
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill="DDE3EA")))
    data = Reference(ordinary, min_col=2, max_col=1 + len(tab.views), min_row=first, max_row=last)
    chart.add_data(data, titles_from_data=True)
    chart.set_categories(Reference(ordinary, min_col=1, min_row=first + 1, max_row=last))
    for series, colour in zip(chart.series, _BARS, strict=False):
        series.graphicalProperties.solidFill = colour
    if len(tab.views) == 1:
        chart.legend = None
    ordinary.add_chart(chart, f"A{book.layout.starts[id(block)]}")
    return ([] for _ in range(CHART_ROWS - 1))


_BARS = ("14304F", "4F86C6", "B9CFE8")


def text_rows(sheet: WriteOnlyWorksheet, block: TextBlock) -> Iterable[list[Cell]]:
    """The rows of a block of paragraphs."""
    yield [cell(sheet, block.title, SECTION)]
    for paragraph in block.paragraphs:
        yield [cell(sheet, safe_text(paragraph), Look(wrap=True))]
