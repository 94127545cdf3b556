"""What a parquet file says of itself, checked before the query engine reads it.

Loads pyarrow when imported; imported lazily, inside the reading child process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from rdcredit.errors import Problem, Refused, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MAGIC = b"PAR1"
_KNOWN_EXTENSIONS = frozenset({"arrow.json", "arrow.uuid", "arrow.bool8"})
_EXTENSION_NAME = b"ARROW:extension:name"
_BATCH = 65_536
_FAULTS = (pa.ArrowException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class ColumnarFacts:
    """The columns and rows a parquet file declares."""

    names: tuple[str, ...]
    floating: frozenset[str]
    """Columns of binary floating-point numbers."""
    records: int
    checksums: bool
    problems: tuple[Problem, ...] = field(default=())


def inspect(path: Path, place: str) -> ColumnarFacts:
    """Names, types and row count from the file's own footer.

    Raises:
        Refused: E101 cut off, E105 no rows, E122 damaged, E123 a type that would run code to be read.
    """
    with path.open("rb") as stream:
        stream.seek(0, 2)
        size = stream.tell()
        stream.seek(max(size - len(_MAGIC), 0))
        if stream.read() != _MAGIC:
            raise Refused([damaged(place, "it ends before its footer")])
    try:
        file = pq.ParquetFile(path)
        schema = file.schema_arrow
        records = file.metadata.num_rows
        counted = sum(file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups))
        checksums = _has_checksums(path, file.metadata)
    except _FAULTS as fault:
        raise Refused([damaged(place, "its footer cannot be read")]) from fault
    strange = sorted(_extension_names(schema))
    if strange:
        raise Refused([_extension(place, name) for name in strange])
    if records != counted or records < 0:
        raise Refused([damaged(place, "it contradicts itself about its number of rows")])
    if not records:
        raise Refused([_no_rows(place)])
    floating = frozenset(f.name for f in schema if pa.types.is_floating(f.type))
    return ColumnarFacts(tuple(schema.names), floating, records, checksums)


def verify_checksums(path: Path, place: str, columns: Iterable[str]) -> None:
    """Read ``columns`` once with the file's own page checksums, which few writers add and no engine checks.

    Raises:
        Refused: E122, a page does not agree with its checksum.
    """
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
        for _ in file.iter_batches(batch_size=_BATCH, columns=sorted(columns)):
            pass
    except _FAULTS as fault:
        raise Refused([damaged(place, "a page does not agree with its checksum")]) from fault


def _extension_names(schema: pa.Schema) -> set[str]:
    names = set()
    for column in schema:
        name = (column.metadata or {}).get(_EXTENSION_NAME, b"").decode("utf-8", "replace")
        if isinstance(column.type, pa.BaseExtensionType):
            name = column.type.extension_name
        if name and name not in _KNOWN_EXTENSIONS:
            names.add(name)
    return names


def _has_checksums(path: Path, metadata: pq.FileMetaData) -> bool:
    """Whether the first page of any column carries a checksum."""
    with path.open("rb") as stream:
        for group in range(metadata.num_row_groups):
            for position in range(metadata.num_columns):
                column = metadata.row_group(group).column(position)
                stream.seek(column.dictionary_page_offset or column.data_page_offset)
                if _page_has_checksum(stream.read(32)):
                    return True
    return False


def _page_has_checksum(header: bytes) -> bool:
    """Whether a page header (Thrift compact protocol) has field 4, the checksum, after its first three."""
    integer_field, at = 0x15, 0
    for _ in range(3):
        if at >= len(header) or header[at] != integer_field:
            return False
        at += 1
        while at < len(header) and header[at] & 0x80:
            at += 1
        at += 1
    return at < len(header) and header[at] == integer_field


def damaged(place: str, what: str) -> Problem:
    """E122."""
    return Problem(
        "E122",
        place,
        f"the parquet file is damaged: {what}",
        "Amounts read from a damaged file can be wrong without any other sign.",
        "Download the export again.",
    )


def _extension(place: str, name: str) -> Problem:
    return Problem(
        "E123",
        place,
        f"a column has the unknown extension type {shown(name)}",
        "Such types can carry code that runs when the file is read.",
        "Export again with plain column types.",
    )


def _no_rows(place: str) -> Problem:
    return Problem(
        "E105",
        place,
        "the file has no rows",
        "A bill without rows is not a bill of zero.",
        "Export the period again, or take the file out of the inputs if nothing was billed.",
    )
