"""The one reader of ``.xlsx`` workbooks: values as text cells, exactly and without surprises.

Formulas are read by their saved results, macros and links never run. The package is inspected
first (:mod:`rdcredit.ingest.package`), then each worksheet (:mod:`rdcredit.ingest.sheetscan`),
and only then is the file given to openpyxl, in its streaming mode. This module imports openpyxl
at the top and is itself imported only where a workbook is read.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from rdcredit.errors import Problem, Refused, shown
from rdcredit.ingest.grid import DATE, EMPTY, NUMBER, TEXT, YES_NO, Grid, GridRow
from rdcredit.ingest.package import DEFAULT_LIMITS, Limits, inspect_package
from rdcredit.ingest.sheetscan import SheetScan, scan_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.workbook import Workbook as OpenpyxlWorkbook

_EXAMPLES = 20
_PADDED_ID = re.compile(r"0{2,}")
_SSN_FORMAT = re.compile(r"000\\?-00\\?-0000")
_SSN_DIGITS = 9
_MALFORMED = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, SyntaxError, EOFError, OSError,
    zipfile.BadZipFile, zlib.error, ExpatError, InvalidFileException,
)  # fmt: skip
"""What openpyxl is known to raise on XML that is well formed but is no worksheet."""

VISIBLE, HIDDEN, VERY_HIDDEN = "visible", "hidden", "veryHidden"


@dataclass(frozen=True, slots=True)
class SheetName:
    """A worksheet and whether a user of the workbook can see it."""

    name: str
    state: str


class Workbook:
    """An open workbook; :meth:`grid` reads one of its sheets."""

    def __init__(self, book: OpenpyxlWorkbook, place: str) -> None:
        self._book = book
        self._place = place
        self._scans: dict[str, SheetScan] = {}
        self.sheets = tuple(SheetName(s.title, s.sheet_state) for s in book.worksheets)

    def notes(self) -> tuple[str, ...]:
        """Sheets that are not shown to a user of the workbook."""
        hidden = sum(s.state == HIDDEN for s in self.sheets)
        very = sum(s.state == VERY_HIDDEN for s in self.sheets)
        found = []
        if hidden:
            found.append(f"hidden sheets, read only if named in study.toml: {hidden}")
        if very:
            found.append(f"very hidden sheets, never read: {very}")
        return tuple(found)

    def scan(self, name: str) -> SheetScan:
        """The extent of a sheet and what is wrong with its cells.

        Raises:
            Refused: E472, the sheet is absurdly large; E101, it is damaged.
        """
        if name in self._scans:
            return self._scans[name]
        sheet: Any = self._book[name]
        with _damage_refused(self._place), sheet._get_source() as part:  # noqa: SLF001 - the part's path has no public name
            scan = scan_sheet(part)
        if scan.is_absurd():
            what = f"sheet {shown(name)} reaches row {scan.last_row:,} and column {scan.last_column:,}"
            raise Refused(
                [
                    Problem(
                        "E472",
                        self._place,
                        f"{what} with {scan.cells:,} filled cells",
                        "A stray cell far from the table, or a table of another kind, would fill the memory.",
                        "Copy the table alone into a new workbook.",
                    )
                ]
            )
        self._scans[name] = scan
        return scan

    def top(self, name: str, limit: int) -> tuple[GridRow, ...]:
        """The first rows of a sheet, to look for a header."""
        scan = self.scan(name)
        return tuple(self._rows(name, min(limit, scan.last_row), scan.last_column))

    def grid(self, name: str) -> Grid:
        """All rows of a sheet that hold a value.

        Raises:
            Refused: E467 with cell addresses, E472, E101; E702 where two counts of the rows differ.
        """
        scan = self.scan(name)
        problems = [self._cell_problem(name, address, what) for address, what in scan.errors[:_EXAMPLES]]
        if more := len(scan.errors) - len(problems):
            problems.append(self._cell_problem(name, scan.errors[_EXAMPLES][0], f"one of {more:,} further such values"))
        if problems:
            raise Refused(problems)
        rows = tuple(self._rows(name, scan.last_row, scan.last_column))
        if len(rows) != scan.filled_rows:
            raise Refused([_count_differs(self._place, name, scan.filled_rows, len(rows))])
        filled = tuple(row for row in rows if any(cell.strip() for cell in row.cells))
        return Grid(filled, scan.filled_rows - (len(rows) - len(filled)), name, _scan_notes(scan))

    def close(self) -> None:
        """Release the file."""
        self._book.close()

    def _cell_problem(self, sheet: str, address: str, what: str) -> Problem:
        return Problem(
            "E467",
            f"{self._place} sheet {sheet} cell {address}",
            f"the cell holds {what}",
            "Its true value is not in this file, and a guess could change the credit.",
            "Correct the cell or paste the value into it, let the spreadsheet program recalculate, and save.",
        )

    def _rows(self, name: str, last_row: int, last_column: int) -> Iterator[GridRow]:
        if not last_row:
            return
        sheet: Any = self._book[name]
        with _damage_refused(self._place), warnings.catch_warnings():
            # openpyxl warns of parts it would not write back (validation, slicers); nothing is written here.
            warnings.simplefilter("ignore", UserWarning)
            cells = sheet.iter_rows(min_row=1, max_row=last_row, max_col=last_column)
            for line, row in enumerate(cells, start=1):
                if any(cell.value is not None for cell in row):
                    read = [_cell(cell) for cell in row]
                    yield GridRow(line, tuple(text for text, _ in read), "".join(kind for _, kind in read))


@contextmanager
def open_workbook(data: bytes, place: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[Workbook]:
    """Open the bytes of an ``.xlsx`` file; ``place`` is its path inside the study, for messages.

    Raises:
        Refused: E468 another kind of workbook, E470 a document type, E472 and E121 sizes,
            E474 entry names, E101 damage.
    """
    if problems := inspect_package(data, place, limits):
        raise Refused(problems)
    with _damage_refused(place), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # as in Workbook._rows
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    workbook = Workbook(book, place)
    try:
        yield workbook
    finally:
        workbook.close()


def contents(data: bytes, place: str, limits: Limits = DEFAULT_LIMITS) -> dict[tuple[str, str], tuple[str, str]]:
    """Every filled cell of a workbook by sheet and address: what was put in (formula or value), what it shows.

    Raises:
        Refused: as :func:`open_workbook`.
    """
    if problems := inspect_package(data, place, limits):
        raise Refused(problems)
    found: dict[tuple[str, str], list[str]] = {}
    for results in (False, True):
        with _damage_refused(place), warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # as in Workbook._rows
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=results, keep_links=False)
            for sheet in book.worksheets:
                for row in sheet.iter_rows():
                    for cell in row:
                        if cell.value is not None:
                            key = (sheet.title, cell.coordinate)
                            found.setdefault(key, []).append(_cell(cell)[0])
            book.close()
    return {key: (seen[0], seen[-1]) for key, seen in found.items()}


@contextmanager
def _damage_refused(place: str) -> Iterator[None]:
    try:
        yield
    except _MALFORMED as error:
        raise Refused(
            [
                Problem(
                    "E101",
                    place,
                    "the workbook is cut off or damaged",
                    "Rows may be missing from it.",
                    "Open it in a spreadsheet program, repair it, save it as a new .xlsx file and give that.",
                )
            ]
        ) from error


def _count_differs(place: str, sheet: str, counted: int, read: int) -> Problem:
    return Problem(
        "E702",
        f"{place} sheet {sheet}",
        f"the sheet has {counted:,} rows with values, {read:,} were read",
        "Rows would be missing from the study.",
        "Save the sheet as CSV UTF-8 and give that file instead.",
    )


def _scan_notes(scan: SheetScan) -> tuple[str, ...]:
    notes = []
    if scan.hidden_rows:
        notes.append(f"hidden or filtered rows, read like the others: {scan.hidden_rows:,}")
    if scan.hidden_columns:
        notes.append(f"hidden columns: {scan.hidden_columns:,}")
    if scan.merged:
        notes.append(f"merged ranges, of which only the first cell has a value: {scan.merged:,}")
    return tuple(notes)


def _cell(cell: Any) -> tuple[str, str]:
    """A cell as exact text, and what it was."""
    value = cell.value
    match value:
        case None:
            return "", EMPTY
        case bool():
            return ("TRUE" if value else "FALSE"), YES_NO
        case int() | float():
            return _number(value, cell.number_format or ""), NUMBER
        case datetime() | date() | time() | timedelta():
            return _moment(value), DATE
        case _:
            return str(value), TEXT


def _number(value: float, number_format: str) -> str:
    exact = Decimal(repr(value))
    if "%" in number_format:
        return f"{_plain(exact * 100)}%"
    text = _plain(exact)
    if text.isdigit():
        if _SSN_FORMAT.search(number_format):
            digits = text.zfill(_SSN_DIGITS)
            return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
        if _PADDED_ID.fullmatch(number_format):
            return text.zfill(len(number_format))
    return text


def _plain(exact: Decimal) -> str:
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: datetime | date | time | timedelta) -> str:
    match value:
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="seconds")
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
