"""Strict reading of delimited text: UTF-8, every quote closed, and rows counted twice by different means."""

from __future__ import annotations

import codecs
import csv
import io
import re

from rdcredit.errors import Problem, Refused
from rdcredit.ingest.grid import RAW, Grid, GridRow

MAX_CELL = 100_000
"""Longest cell; Excel's own limit is a third of it."""
MAX_CELL_LINES = 200
"""A cell over more lines than this is an unclosed quote rather than a text."""

_BLANK = ' \t\r\n",'
_BLANK_BYTES = _BLANK.encode()
_LINE_END = re.compile(rb"\r\n|\n|\r")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_delimited(data: bytes, place: str, separator: str = ",") -> Grid:
    """The rows of a CSV or TSV file that are not blank.

    Raises:
        Refused: E109 not UTF-8, with the offset; E113 a quote is never closed; E119 a cell is too
            large; E702 where the two counts of rows differ.
    """
    notes = []
    if data.startswith(codecs.BOM_UTF8):
        data, notes = data[len(codecs.BOM_UTF8) :], ["byte order mark at the start"]
    text = _decoded(data, place, offset=len(codecs.BOM_UTF8) if notes else 0)
    _refuse_long_lines(data, place)
    rows = tuple(_rows(text, place, separator))
    counted = count_records(data)
    if counted != len(rows):
        raise Refused(
            [_quotes(place, 1, f"the file has {counted:,} rows by its line ends, {len(rows):,} by its quotes")]
        )
    return Grid(rows, counted, notes=tuple(notes))


def count_records(data: bytes) -> int:
    """Records that are not blank, by line ends outside quotes: independent of the reader, which it checks."""
    count = 0
    quoted = filled = False
    for line in _LINE_END.split(data):
        filled = filled or bool(line.strip(_BLANK_BYTES))
        quoted ^= line.count(b'"') % 2 == 1
        if not quoted:
            count += filled
            filled = False
    return count + filled


def _decoded(data: bytes, place: str, offset: int) -> str:
    if data.startswith(_UTF16):
        raise Refused([_not_utf8(place, "the file is UTF-16 text")])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte {data[error.start]:#04x} at offset {error.start + offset:,} (line {line:,}) is not UTF-8"
        raise Refused([_not_utf8(place, what)]) from None


def _refuse_long_lines(data: bytes, place: str) -> None:
    """Find a line no table has before the text is split into Python objects."""
    start, line = 0, 1
    limit = 4 * MAX_CELL
    for end in (m.start() for m in _LINE_END.finditer(data)):
        if end - start > limit:
            break
        start, line = end + 1, line + 1
    else:
        if len(data) - start <= limit:
            return
    raise Refused([_too_large(place, line)])


def _rows(text: str, place: str, separator: str) -> list[GridRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[GridRow] = []
    line = 1
    try:
        for cells in reader:
            if reader.line_num - line >= MAX_CELL_LINES:
                raise Refused([_quotes(place, line, f"a quoted cell runs over {reader.line_num - line:,} lines")])
            if any(len(cell) > MAX_CELL for cell in cells):
                raise Refused([_too_large(place, line)])
            if any(cell.strip(_BLANK) for cell in cells):
                rows.append(GridRow(line, tuple(cells), RAW * len(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error) and reader.line_num == line:
            raise Refused([_too_large(place, line)]) from None
        raise Refused([_quotes(place, line, "a quoted cell opened on this line is not closed properly")]) from None
    return rows


def _not_utf8(place: str, what: str) -> Problem:
    return Problem(
        "E109",
        place,
        what,
        "Names and projects would be read wrong.",
        'Save it as "CSV UTF-8" from the spreadsheet program, or export it again in UTF-8.',
    )


def _quotes(place: str, line: int, what: str) -> Problem:
    return Problem(
        "E113",
        f"{place} line {line:,}",
        what,
        "Rows after it may be swallowed into one cell.",
        "Close the quote, or double a quotation mark that belongs to the text, and save again.",
    )


def _too_large(place: str, line: int) -> Problem:
    return Problem(
        "E119",
        f"{place} line {line:,}",
        "a line or cell is too large for a table",
        "The file may be damaged or of another kind; reading on could exhaust the memory.",
        "Export the table again as CSV with one record a line.",
    )
