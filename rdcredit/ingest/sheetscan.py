"""A first look at one worksheet's XML: its extent, hidden rows, errors and formulas without a result.

The spreadsheet library does not say which rows are hidden, which formulas were saved without a
result, or how far the sheet extends before it has filled the gaps; this pass does, in bounded
memory, and gives the count of rows against which the library's reading is checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

MAX_COLUMNS = 2_000
MAX_CELLS = 6_000_000
_SPARSE_AREA = 20_000_000
_SPARSE_FILL = 100

_EXTERNAL = re.compile(r"(?<!\w)\[\d+\][^\[\]()]*!")
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_TRUE = ("1", "true")
_ALPHABET = 26


@dataclass(slots=True)
class SheetScan:
    """What one pass over a worksheet found."""

    filled_rows: int = 0
    """Rows with at least one value."""
    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    hidden_rows: int = 0
    """Hidden rows with a value: by hand, by a filter or in a collapsed group."""
    hidden_columns: int = 0
    merged: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)
    """(address, what) of error values, external references and formulas without a result."""

    def is_absurd(self) -> bool:
        """Whether the sheet is far larger than any table of people: too wide, too full or nearly empty."""
        area = self.last_row * self.last_column
        sparse = area > _SPARSE_AREA and self.cells * _SPARSE_FILL < area
        return self.last_column > MAX_COLUMNS or self.cells > MAX_CELLS or sparse


def scan_sheet(part: IO[bytes]) -> SheetScan:
    """Read a worksheet's XML once; the package has been inspected, so that it declares no entities.

    Raises:
        expat.ExpatError: the XML is malformed.
    """
    scanner = _Scanner()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.characters
    parser.ParseFile(part)
    return scanner.scan


class _Scanner:
    """Where in the sheet the parser stands, and the cell it is in."""

    def __init__(self) -> None:
        self.scan = SheetScan()
        self._row = self._column = 0
        self._row_hidden = self._row_filled = False
        self._type = ""
        self._formula: str | None = None
        self._value: str | None = None
        self._inline = False
        self._inside = ""
        """``v`` or ``f`` while their text is read."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row = int(attributes.get("r", self._row + 1))
                self._column = 0
                self._row_hidden, self._row_filled = attributes.get("hidden") in _TRUE, False
            case "c":
                self._column = _column(attributes.get("r", ""), self._column + 1)
                self._type = attributes.get("t", "n")
                self._formula = self._value = None
                self._inline = False
            case "v":
                self._inside, self._value = "v", ""
            case "f":
                self._inside, self._formula = "f", ""
            case "is":
                self._inline = True
            case "mergeCell":
                self.scan.merged += 1
            case "col" if attributes.get("hidden") in _TRUE:
                self.scan.hidden_columns += int(attributes.get("max", "1")) - int(attributes.get("min", "1")) + 1

    def characters(self, text: str) -> None:
        if self._inside == "v":
            self._value = (self._value or "") + text
        elif self._inside == "f":
            self._formula = (self._formula or "") + text

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v" | "f":
                self._inside = ""
            case "c":
                self._end_cell()
            case "row":
                self.scan.filled_rows += self._row_filled
                self.scan.hidden_rows += self._row_filled and self._row_hidden

    def _end_cell(self) -> None:
        scan = self.scan
        if fault := self._fault():
            scan.errors.append((f"{column_letters(self._column)}{self._row}", fault))
        if self._value or self._inline:
            scan.cells += 1
            scan.last_row, scan.last_column = max(scan.last_row, self._row), max(scan.last_column, self._column)
            self._row_filled = True

    def _fault(self) -> str:
        if self._type == "e":
            return f"the error {self._value or 'of an unknown kind'}"
        if self._formula is None:
            return ""
        if _EXTERNAL.search(self._formula):
            return "a link to another workbook"
        # A formula whose result is an empty text says so by its type.
        without_result = self._value is None if self._type == "str" else not self._value
        return "a formula without a saved result" if without_result else ""


def _column(address: str, otherwise: int) -> int:
    match = _ADDRESS.fullmatch(address)
    if not match:
        return otherwise
    number = 0
    for letter in match.group(1):
        number = number * _ALPHABET + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Column 28 as ``AB``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, _ALPHABET)
        letters = chr(ord("A") + rest) + letters
    return letters
