"""The formats of billing exports, and which of them a file is.

A new format is one module that declares a :class:`~rdcredit.ingest.format.Format`, and one entry
in :data:`FORMATS`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, Refused, shown
from rdcredit.ingest.files import Kind, kind_of, not_what_it_says
from rdcredit.ingest.focus import FOCUS
from rdcredit.ingest.format import Format, fold
from rdcredit.ingest.header import Header, read_header

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMATS: tuple[Format, ...] = (FOCUS,)
"""Every billing format that is read, in the order in which they are tried."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file was found to be, and why."""

    format: Format
    version: str
    why: str
    names: tuple[str, ...]
    """Its columns, in their order."""
    header: Header | None
    """The header of a text file; None for parquet."""

    @property
    def label(self) -> str:
        """Format and version: ``FOCUS 1.2``."""
        return f"{self.format.name} {self.version}"


def recognise(path: Path, place: str = "", stated: Mapping[str, str] | None = None) -> Recognised:
    """The format of one billing export, by its columns and never by its name.

    ``stated`` maps our column names to the export's headers where the taxpayer says so.

    Raises:
        Refused: the file is not what its name says, its header cannot be read, or E125 no format has it.
    """
    place = place or path.name
    if path.name.lower().endswith(".parquet"):
        names, header = _parquet_names(path, place), None
    else:
        header = read_header(path, place)
        names = header.names
    known = {ours for ours, theirs in (stated or {}).items() if fold(theirs) in {fold(n) for n in names}}
    folded = frozenset(fold(name) for name in (*names, *known))
    for candidate in FORMATS:
        why = candidate.recognise(folded)
        if why:
            return Recognised(candidate, candidate.version(folded), why, names, header)
    raise Refused([_not_recognised(place, names)])


def _parquet_names(path: Path, place: str) -> tuple[str, ...]:
    with path.open("rb") as stream:
        kind = kind_of(stream.read(512), path)
    if kind is not Kind.PARQUET:
        raise Refused([not_what_it_says(place, kind)])
    from rdcredit.ingest.columnar import inspect  # noqa: PLC0415  # loads pyarrow, which text files do not need

    return inspect(path, place).names


def _not_recognised(place: str, names: tuple[str, ...]) -> Problem:
    ours = {fold(column.name): column.name for fmt in FORMATS for column in fmt.columns}
    near = [(name, ours[m[0]]) for name in names if (m := difflib.get_close_matches(fold(name), list(ours), 1, 0.75))]
    nearest = "; ".join(f"{shown(theirs)} resembles {mine}" for theirs, mine in near[:3])
    first = ", ".join(shown(name) for name in names[:4])
    return Problem(
        "E125",
        place,
        f"no billing format has these columns: {first}" + (f" ({nearest})" if nearest else ""),
        "The cost column of an unknown format would have to be guessed.",
        "Export the bill in a format that `rdcredit formats` lists; every large provider offers FOCUS.",
    )
