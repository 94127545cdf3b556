"""Headers of text exports: read by us, so that no engine names, renames or guesses a column.

Columns are matched by folded name and alias, never by position.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.engine.source import RECORD_LIMIT
from rdcredit.errors import Problem, Refused, shown
from rdcredit.ingest.files import Kind, kind_of, not_what_it_says
from rdcredit.ingest.format import Format, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

BOM = b"\xef\xbb\xbf"
GZIP_FAULTS = (EOFError, gzip.BadGzipFile, zlib.error)
"""What a gzip file that is cut off or damaged raises."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first record of a text export."""

    names: tuple[str, ...]
    gzip: bool
    bom: bool
    blank_lines_above: int

    @property
    def folded(self) -> frozenset[str]:
        """The names as they are compared."""
        return frozenset(fold(name) for name in self.names)


def opened(path: Path, *, gzipped: bool) -> BinaryIO:
    """The text of a file as bytes; all members of a gzip file, one after the other."""
    return gzip.open(path, "rb") if gzipped else path.open("rb")  # type: ignore[return-value]  # both read bytes


def read_header(path: Path, place: str) -> Header:
    """The header of a ``.csv`` or ``.csv.gz`` file.

    Raises:
        Refused: E101, E104, E105, E109, E113, E115 or E119: what keeps the header from being read.
    """
    gzipped = _really_gzip(path, place)
    try:
        with opened(path, gzipped=gzipped) as stream:
            head = stream.read(RECORD_LIMIT)
    except GZIP_FAULTS as fault:
        raise Refused([ends_early(place)]) from fault
    if gzipped and (kind := kind_of(head)) not in {Kind.TEXT, Kind.EMPTY}:
        raise Refused([not_utf8(place, 0, "UTF-16") if kind is Kind.UTF16 else not_what_it_says(place, kind)])
    bom = head.startswith(BOM)
    text = head.removeprefix(BOM)
    line, above = _first_record(text, place)
    try:
        names = next(csv.reader([line.decode()], strict=True))
    except UnicodeDecodeError as fault:
        raise Refused([not_utf8(place, fault.start + (len(BOM) if bom else 0))]) from fault
    except csv.Error as fault:
        raise Refused([unclosed(place, 0)]) from fault
    if len(names) == 1 and any(sign in names[0] for sign in ";\t|"):
        raise Refused([other_separator(place, names[0])])
    return Header(tuple(name.strip() for name in names), gzipped, bom, above)


def _really_gzip(path: Path, place: str) -> bool:
    """Whether the file is gzip, which its name must say too."""
    with path.open("rb") as stream:
        head = stream.read(512)
    kind = kind_of(head, path)
    promised = Kind.GZIP if path.name.lower().endswith(".gz") else Kind.TEXT
    if kind is Kind.EMPTY:
        raise Refused([no_rows(place, "it is empty")])
    if kind is Kind.UTF16:
        raise Refused([not_utf8(place, 0, "UTF-16")])
    if kind is not promised:
        raise Refused([not_what_it_says(place, kind)])
    return kind is Kind.GZIP


def _first_record(text: bytes, place: str) -> tuple[bytes, int]:
    """The first record that is not blank, without its line end, and the number of blank lines above it."""
    above = begin = 0
    while begin < len(text):
        end = _record_end(text, begin)
        if end < 0:
            if len(text) >= RECORD_LIMIT - len(BOM):
                raise Refused([too_large(place, 0)])
            end = len(text)
        line = text[begin:end].removesuffix(b"\r")
        if line.strip():
            return line, above
        above, begin = above + 1, end + 1
    raise Refused([no_rows(place, "it holds blank lines only")])


def _record_end(text: bytes, begin: int) -> int:
    """The position of the line break that ends the record, the one inside no quoted cell; -1 if none."""
    end = text.find(b"\n", begin)
    while end >= 0 and text.count(b'"', begin, end) % 2:
        end = text.find(b"\n", end + 1)
    return end


@dataclass(frozen=True, slots=True)
class Match:
    """The columns of one file that its format reads: our name to position; and what is wrong."""

    positions: Mapping[str, int]
    missing: tuple[str, ...]
    doubled: tuple[tuple[str, tuple[int, ...]], ...]
    """Names carried by two or more columns, with the positions."""


def match(names: Sequence[str], fmt: Format, stated: Mapping[str, str]) -> Match:
    """Which column of a file is which column of its format.

    ``stated`` maps our names to this export's headers, where the taxpayer says so; then a
    column's own name counts, then an alias.
    """
    by_name: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        if name:
            by_name.setdefault(name, []).append(position)
    by_fold: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        by_fold.setdefault(fold(name), []).append(position)
    doubled = {name: tuple(places) for name, places in by_name.items() if len(places) > 1}
    positions: dict[str, int] = {}
    for column in fmt.columns:
        spellings = (stated.get(column.name, ""), column.name, *column.aliases)
        folded = next((f for s in spellings if s and (f := fold(s)) in by_fold), None)
        if folded is None:
            continue
        places = by_fold[folded]
        positions[column.name] = places[0]
        if len(places) > 1 and names[places[0]] not in doubled:
            doubled[names[places[0]]] = tuple(places)
    missing = tuple(c.name for c in fmt.columns if c.required and c.name not in positions)
    return Match(positions, missing, tuple(sorted(doubled.items())))


def missing_column(place: str, fmt: Format, column: str, names: Sequence[str]) -> Problem:
    """E117: a required column is not there; the nearest headers are named."""
    known = {fold(name): name for name in names if name}
    near = difflib.get_close_matches(fold(column), list(known), n=2, cutoff=0.6)
    nearest = f"; the nearest are {' and '.join(shown(known[n]) for n in near)}" if near else ""
    return Problem(
        "E117",
        place,
        f"the column {column} is missing{nearest}",
        f"A {fmt.name} bill cannot be read without it, and it is never taken from its position.",
        f'Export again with it, or name its header: columns = {{ {column} = "..." }} under this input in study.toml.',
    )


def renamed_column(place: str, column: str, candidate: str, others: str) -> Problem:
    """E118: a column that other files of the same series have is missing here, and a new one stands there."""
    return Problem(
        "E118",
        place,
        f"the column {column} is missing, although {others} has it; {shown(candidate)} is new here",
        "A column that changes its name within one series would otherwise lose its dollars.",
        f"If they are the same, write columns = {{ {column} = {shown(candidate)} }} under this input in study.toml.",
    )


def doubled_column(place: str, name: str, sums: Sequence[str]) -> Problem:
    """E116: one header twice, with what each of the columns adds up to."""
    each = " and ".join(sums)
    return Problem(
        "E116",
        place,
        f"the column {shown(name)} appears {len(sums)} times; the columns add up to {each}",
        "Which of the columns is meant changes the amounts, and cannot be guessed.",
        "Remove or rename the column that is not meant, in the export's own settings.",
    )


def ends_early(place: str) -> Problem:
    """E101."""
    return Problem(
        "E101",
        place,
        "the file ends early or its compressed data are damaged",
        "The rows after the break would be missing from the bill.",
        "Download the export again and compare its size with the original.",
    )


def no_rows(place: str, what: str) -> Problem:
    """E105."""
    return Problem(
        "E105",
        place,
        f"the file has no rows: {what}",
        "A bill without rows is not a bill of zero.",
        "Export the period again, or take the file out of the inputs if nothing was billed.",
    )


def not_utf8(place: str, offset: int, really: str = "") -> Problem:
    """E109."""
    found = f"the file is {really} text" if really else f"the byte at offset {offset:,} is not UTF-8 text"
    return Problem(
        "E109",
        place,
        found,
        "Names and tags in another encoding would be read wrongly, and with them their workload.",
        "Save the export as UTF-8.",
    )


def unclosed(place: str, record: int) -> Problem:
    """E113; record 0 is the header."""
    return Problem(
        "E113",
        _row(place, record),
        "a quoted cell opens here and is never properly closed",
        "Every row after it is swallowed into one cell, or read out of step.",
        "Export again, or close the quotation mark in that row.",
    )


def too_large(place: str, record: int) -> Problem:
    """E119; record 0 is the header."""
    return Problem(
        "E119",
        _row(place, record),
        f"a row is longer than {RECORD_LIMIT:,} bytes",
        "No billing export has such rows; the file is damaged or hostile.",
        "Export again, and look at this row in the original.",
    )


def other_separator(place: str, header: str) -> Problem:
    """E115."""
    sign = next(name for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")) if mark in header)
    return Problem(
        "E115",
        place,
        f"columns are separated by {sign}, not by commas",
        "Such files often write a decimal comma as well, and 1,234 would change its meaning by a thousand.",
        "Export again with commas between columns and a point as decimal sign.",
    )


def _row(place: str, record: int) -> str:
    return f"{place} row {record:,}" if record else f"{place} header"
