"""What the engine is asked to open: a text file under a declared dialect, or a columnar file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RECORD_LIMIT = 2 * 1024 * 1024
"""The longest record, in bytes, that is read from a text file."""


@dataclass(frozen=True, slots=True)
class TextSource:
    """Comma-separated text, plain or gzip, whose dialect our own pass over the bytes has established."""

    path: Path
    columns: int
    """Cells of a record; the engine calls them by position, see :func:`position_name`."""
    gzip: bool = False
    blank_lines_above: int = 0
    """Blank lines above the header."""
    one_line_end: bool = True
    """Whether all records end alike; a file of mixed line ends needs the engine's lenient reader."""
    breaks_in_cells: bool = False
    """Whether quoted cells hold line breaks; such a file is read by one thread."""


@dataclass(frozen=True, slots=True)
class ColumnarSource:
    """A parquet file, read with its own column names and types."""

    path: Path


Source = TextSource | ColumnarSource


def position_name(position: int) -> str:
    """The engine's name of the text column at ``position`` (from 0): headers never name columns."""
    return f"c{position:04d}"
