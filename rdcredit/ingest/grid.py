"""The shape in which delimited text and worksheets reach the one table reader."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

TEXT, NUMBER, DATE, YES_NO, EMPTY, RAW = "t", "n", "d", "b", "-", "c"
"""What a cell was in its file: text, number, date or time, TRUE/FALSE, nothing; ``RAW`` is any cell of a text file."""

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row that is not blank.

    ``line`` is its line in a text file or its row in the sheet, from 1; ``kinds`` has one letter a
    cell. Numbers stand as their shortest decimal text, dates as ISO text, percentages with ``%``.
    """

    line: int
    cells: tuple[str, ...]
    kinds: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a text file or of one worksheet, above and below the header.

    ``counted`` is the number of rows by a count that does not use the reader: quote-aware line
    ends for text, row elements with a value for a worksheet.
    """

    rows: tuple[GridRow, ...]
    counted: int
    sheet: str = ""
    notes: tuple[str, ...] = ()


def normalised(text: str) -> str:
    """The one normalisation of text cells: NFC, plain blanks, no invisible joiners, no blanks at the ends."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(_SPACES).translate(_INVISIBLE)).strip()
