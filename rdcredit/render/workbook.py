"""The workbook: tabs written, then values filled in. Imports openpyxl and lxml; loaded late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.figure.evaluate import Evaluation
from rdcredit.render.package import fill_values
from rdcredit.render.writer import Book, Heading, write_book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rdcredit.render.layout import Layout, Tab
    from rdcredit.render.writer import CellValue


@dataclass(frozen=True, slots=True)
class Written:
    """A finished workbook: where figures stand, and what each formula cell shows."""

    layout: Layout
    titles: tuple[str, ...]
    values: Mapping[tuple[str, str], CellValue]


def write_workbook(tabs: Sequence[Tab], heading: Heading, path: Path, figures: Evaluation | None = None) -> Written:
    """Write a complete workbook to ``path``; the same tabs always give the same bytes.

    Raises:
        KeyError: a formula refers to a figure that stands on no tab.
    """
    book: Book = write_book(tabs, figures or Evaluation(), heading, path)
    titles = tuple(t.title for t in tabs)
    fill_values(path, titles, book.values)
    return Written(book.layout, titles, book.values)
