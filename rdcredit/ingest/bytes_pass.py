"""One pass over the bytes of a text export, independent of the query engine.

It counts the records that the engine must find, and refuses what engines read differently or
silently: broken quotes, ragged rows, wrong encodings, rows without end. The pass streams: memory
does not grow with the file. It is vectorised: whole blocks are compared at once, and only the few
bytes that shape records (commas, quotation marks, line breaks) are looked at one by one.

Loads numpy when imported; imported lazily by the rooms that read rows.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from rdcredit.engine.source import RECORD_LIMIT
from rdcredit.errors import Problem
from rdcredit.ingest.header import BOM, GZIP_FAULTS, Header, ends_early, no_rows, not_utf8, opened, too_large, unclosed

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Positions = npt.NDArray[np.int64]

_BLOCK = 512 * 1024
_QUOTE, _COMMA, _LF, _CR = b'",\n\r'
_EXAMPLES = 20
_TOTAL = re.compile(rb'^[",\s]*(grand[ _-]?|sub[ _-]?)?total', re.IGNORECASE | re.MULTILINE)
_SWALLOWED = 1000
"""Line breaks in one cell from which on its quotation mark is taken to be left open."""


@dataclass(slots=True)
class TextFacts:
    """What the bytes of a file show. Records are numbered from 1, below the header."""

    records: int = 0
    """Data records: without the header, repeated headers and records of empty cells only."""
    blank: int = 0
    """Blank lines."""
    empty_records: int = 0
    """Records of empty cells only."""
    may_have_totals: bool = False
    """Whether a record starts with a word for a total."""
    repeated_headers: int = 0
    nul_bytes: int = 0
    breaks_in_cells: bool = False
    crlf: bool = False
    lf: bool = False
    problems: list[Problem] = field(default_factory=list)
    ragged: int = 0

    @property
    def one_line_end(self) -> bool:
        """Whether all records end in the same way."""
        return not (self.crlf and self.lf)

    def notes(self) -> tuple[str, ...]:
        """What was mended or is worth knowing, for the import report."""
        said = (
            (self.blank, "{:,} blank lines were skipped"),
            (self.empty_records, "{:,} rows of empty cells were dropped"),
            (self.repeated_headers, "{:,} repeated header lines were dropped"),
            (self.nul_bytes, "{:,} NUL bytes were found"),
        )
        return tuple(text.format(n) for n, text in said if n)


class _Stop(Exception):
    """The rest of the file cannot be read in step."""


def examine(path: Path, place: str, header: Header) -> TextFacts:
    """Count the records of a text export and collect what is wrong with it.

    After a broken quote or a row without end the rest is not looked at, since it would be read
    out of step.
    """
    scan = _Scan(place, header)
    try:
        with opened(path, gzipped=header.gzip) as stream:
            rest = stream.read(len(BOM)).removeprefix(BOM)
            scan.offset = len(BOM) if header.bom else 0
            while block := stream.read(_BLOCK):
                rest = scan.feed(rest + block)
            scan.finish(rest)
    except GZIP_FAULTS:
        scan.facts.problems.append(ends_early(place))
    except _Stop:
        pass
    else:
        if not scan.facts.records:
            scan.facts.problems.append(no_rows(place, "there is nothing below its header"))
    return scan.facts


class _Scan:
    """The state carried from block to block; each block fed starts where a record starts."""

    def __init__(self, place: str, header: Header) -> None:
        self.place, self.header = place, header
        self.facts = TextFacts()
        self.offset = 0
        self.number = -1  # of the record before the block; the header is record 0
        self.commas = len(header.names) - 1
        self.mark = max(header.names, key=len).encode()

    def feed(self, data: bytes) -> bytes:
        """Take in the whole records of ``data``; what follows them is returned."""
        bytes_ = np.frombuffer(data, np.uint8)
        if _QUOTE not in data:
            shape = np.flatnonzero((bytes_ == _LF) | (bytes_ == _COMMA))
            signs = bytes_[shape]
            quotes = shape[:0]
        else:
            shape = np.flatnonzero((bytes_ == _LF) | (bytes_ == _COMMA) | (bytes_ == _QUOTE))
            signs = bytes_[shape]
            is_quote = signs == _QUOTE
            quotes = shape[is_quote]
            outside = (np.cumsum(is_quote, dtype=np.uint8) & 1) == 0
            inside_breaks = bool(((signs == _LF) & ~outside).any())
            plain = outside & ~is_quote
            shape, signs = shape[plain], signs[plain]
            self.facts.breaks_in_cells |= inside_breaks
        ends = shape[signs == _LF]
        self._check_quotes(data, bytes_, quotes, ends)
        if not len(ends):
            self._check_room(data, quotes)
            return data
        last = int(ends[-1]) + 1
        if _CR in data:
            self._check_returns(bytes_[:last], quotes)
        self._records(data, bytes_, shape[signs == _COMMA], ends)
        self._check_text(data[:last])
        self.offset += last
        rest = data[last:]
        self._check_room(rest, quotes[quotes >= last] - last)
        return rest

    def finish(self, rest: bytes) -> None:
        """Take in the last record, which may lack its line end."""
        if not rest:
            return
        if rest.count(b'"') % 2:
            self._check_text(rest)
            self.facts.problems.append(unclosed(self.place, self.number + 1))
            raise _Stop
        self.feed(rest + (b"\r\n" if self.facts.crlf and not self.facts.lf else b"\n"))

    def _check_room(self, rest: bytes, quotes: Positions) -> None:
        """Stop at a record longer than the limit; a cell that swallows line after line was left open."""
        if len(rest) <= RECORD_LIMIT:
            return
        left_open = len(quotes) % 2 and rest.count(b"\n") > _SWALLOWED
        self.facts.problems.append((unclosed if left_open else too_large)(self.place, self.number + 1))
        raise _Stop

    def _check_quotes(self, data: bytes, bytes_: npt.NDArray[np.uint8], quotes: Positions, ends: Positions) -> None:
        """Quoted cells begin after, and end before, a comma or line end; anything else is out of step."""
        if not len(quotes):
            return
        opens, closes = quotes[0::2], quotes[1::2]
        before = np.where(opens > 0, bytes_[np.maximum(opens - 1, 0)], _LF)
        follows = np.minimum(closes + 1, len(data) - 1)
        after = np.where(closes + 1 < len(data), bytes_[follows], _LF)
        stray = opens[~np.isin(before, (_COMMA, _LF, _QUOTE))]
        broken = closes[~np.isin(after, (_COMMA, _LF, _CR, _QUOTE))]
        if not len(stray) and not len(broken):
            return
        first_stray = int(stray[0]) if len(stray) else len(data)
        first_broken = int(broken[0]) if len(broken) else len(data)
        begin = first_stray if first_stray < first_broken else int(opens[np.searchsorted(opens, first_broken) - 1])
        lines = ends[ends < begin]
        blank = self._blank_lines(data, np.append(lines, begin))
        record = self.number + 1 + len(lines) - int(blank[: len(lines)].sum())
        fault = _stray_quote if first_stray < first_broken else unclosed
        self.facts.problems.append(fault(self.place, record))
        raise _Stop

    @staticmethod
    def _starts(ends: Positions) -> Positions:
        return np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))

    def _blank_lines(self, data: bytes, ends: Positions) -> npt.NDArray[np.bool_]:
        bytes_ = np.frombuffer(data, np.uint8)
        lengths = ends - self._starts(ends)
        cr = (lengths > 0) & (bytes_[np.maximum(ends - 1, 0)] == _CR)
        return np.asarray(lengths - cr == 0)

    def _records(self, data: bytes, bytes_: npt.NDArray[np.uint8], commas: Positions, ends: Positions) -> None:
        starts = self._starts(ends)
        lengths = ends - starts
        if int(lengths.max()) > RECORD_LIMIT:
            record = self.number + 1 + int(np.argmax(lengths > RECORD_LIMIT))
            self.facts.problems.append(too_large(self.place, record))
            raise _Stop
        cr = (lengths > 0) & (bytes_[np.maximum(ends - 1, 0)] == _CR)
        content = lengths - cr
        blank = content == 0
        self.facts.crlf |= bool((cr & ~blank).any())
        self.facts.lf |= bool((~cr & ~blank).any())
        cells = np.diff(np.searchsorted(commas, ends), prepend=0)
        numbers = self.number + np.cumsum(~blank)
        ragged = ~blank & (cells != self.commas)
        empty = ~blank & (content == self.commas) & (cells == self.commas)
        repeated = self._repeated_headers(data, starts, ends, numbers)
        if ragged.any():
            self._ragged(numbers[ragged], cells[ragged] + 1)
        header_here = int(self.number < 0 <= int(numbers[-1]))
        self.facts.blank += int(blank.sum())
        self.facts.empty_records += int(empty.sum())
        self.facts.repeated_headers += repeated
        self.facts.records += len(ends) - int(blank.sum()) - int(empty.sum()) - repeated - header_here
        self.number = int(numbers[-1])

    def _check_returns(self, bytes_: npt.NDArray[np.uint8], quotes: Positions) -> None:
        """A carriage return belongs to a line end, or to the text of a quoted cell."""
        returns = np.flatnonzero(bytes_ == _CR)
        lone = returns[bytes_[np.minimum(returns + 1, len(bytes_) - 1)] != _LF]
        inside = (np.searchsorted(quotes, lone) & 1) == 1
        self.facts.breaks_in_cells |= bool(inside.any())
        if not inside.all():
            self.facts.problems.append(_lone_return(self.place))
            raise _Stop

    def _repeated_headers(self, data: bytes, starts: Positions, ends: Positions, numbers: Positions) -> int:
        """How many records of the block, other than the first of the file, are the header once more."""
        found, at = set(), data.find(self.mark)
        while at >= 0:
            index = int(np.searchsorted(ends, at))
            if index >= len(ends):
                break
            record = data[int(starts[index]) : int(ends[index])].removeprefix(BOM).removesuffix(b"\r")
            if int(numbers[index]) > 0 and _cells(record) == self.header.names:
                found.add(index)
            at = data.find(self.mark, int(ends[index]))
        return len(found)

    def _ragged(self, numbers: Positions, cells: Positions) -> None:
        for number, found in zip(numbers[:_EXAMPLES].tolist(), cells[:_EXAMPLES].tolist(), strict=True):
            if self.facts.ragged < _EXAMPLES:
                self.facts.problems.append(_ragged_row(self.place, number, found, self.commas + 1))
            self.facts.ragged += 1
        self.facts.ragged += len(numbers[_EXAMPLES:])

    def _check_text(self, records: bytes) -> None:
        if b"\0" in records:
            self.facts.nul_bytes += records.count(0)
        if not self.facts.may_have_totals and (b"otal" in records or b"OTAL" in records):
            self.facts.may_have_totals = bool(_TOTAL.search(records))
        if records.isascii():
            return
        try:
            records.decode()
        except UnicodeDecodeError as fault:
            self.facts.problems.append(not_utf8(self.place, self.offset + fault.start))
            raise _Stop from fault


def _cells(record: bytes) -> tuple[str, ...]:
    try:
        return tuple(cell.strip() for cell in next(csv.reader([record.decode()]), []))
    except (UnicodeDecodeError, csv.Error):
        return ()


def _ragged_row(place: str, record: int, found: int, expected: int) -> Problem:
    return Problem(
        "E112",
        f"{place} row {record:,}" if record else f"{place} header",
        f"the row has {found:,} cells where the header has {expected:,}",
        "From the missing or extra cell on, every amount stands under a wrong column.",
        "Export again, or correct the row.",
    )


def _stray_quote(place: str, record: int) -> Problem:
    return Problem(
        "E114",
        f"{place} row {record:,}" if record else f"{place} header",
        "a quotation mark stands inside a cell that is not quoted",
        "Programs disagree about where such a cell ends, and with it about the amounts after it.",
        'Export again with text cells quoted and inner quotation marks doubled ("").',
    )


def _lone_return(place: str) -> Problem:
    return Problem(
        "E115",
        place,
        "rows end in a carriage return alone",
        "The whole file would be read as a single row.",
        "Save the export with ordinary line ends.",
    )
