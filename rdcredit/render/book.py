"""A workbook in the making: its heading, its layout, and what each formula cell must show.

Imports openpyxl; loaded late.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from openpyxl import Workbook

from rdcredit.figure.formula import MISSING_TEXT
from rdcredit.figure.value import Missing
from rdcredit.render.cells import safe_text
from rdcredit.render.layout import Layout, Tab, column_letter

if TYPE_CHECKING:
    from rdcredit.figure.evaluate import AnyValue, Evaluation

CellValue = Fraction | bool | str | date
"""What a formula cell holds once recalculated; ``missing`` is text."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The header every tab carries."""

    taxpayer: str
    year: str
    status: str
    dated: date
    prepared_by: str = ""
    reviewed_by: str = ""
    banner: str = ""


@dataclass(slots=True)
class Book:
    """A workbook being written: its layout, and the value each formula cell must show."""

    layout: Layout
    figures: Evaluation
    heading: Heading
    workbook: Workbook = field(default_factory=lambda: Workbook(write_only=True))
    values: dict[tuple[str, str], CellValue] = field(default_factory=dict)
    """By sheet and address."""


def shown_value(value: AnyValue) -> CellValue:
    """A value as its cell shows it."""
    if isinstance(value, Missing):
        return MISSING_TEXT
    return safe_text(value.value) if isinstance(value.value, str) else value.value


def remember(book: Book, tab: Tab, column: int, row: int, value: CellValue) -> None:
    """Note what a formula cell must show."""
    book.values[tab.title, f"{column_letter(column)}{row}"] = value
