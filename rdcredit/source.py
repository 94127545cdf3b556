"""Where a dollar stands in the files a taxpayer handed over."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

_CHUNK = 1 << 20


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class FileRef:
    """One input file: its path inside the study folder (POSIX form) and its content digest."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class RowRef:
    """One record of a table of people, time, contracts or supplies.

    ``record`` counts data records from 1, below the header; ``sheet`` is empty for CSV.
    """

    file: FileRef
    record: int
    sheet: str = ""

    def __str__(self) -> str:
        sheet = f" sheet {self.sheet}" if self.sheet else ""
        return f"{self.file.path}{sheet} row {self.record:,}"


@dataclass(frozen=True, slots=True)
class GroupRef:
    """The rows of a bill that share one group key.

    ``count`` and ``total`` are those of the group; ``first`` and ``last`` are record numbers
    where the reader has them (a single text file), else 0.
    """

    files: tuple[FileRef, ...]
    key: tuple[tuple[str, str], ...]
    count: int
    total: Decimal
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        first = self.files[0].path if self.files else "no file"
        more = f" and {len(self.files) - 1} more files" if len(self.files) > 1 else ""
        return f"{first}{more}: {self.count:,} rows"
