"""Writers of the sample's containers, with fixed times and order so that bytes repeat."""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import openpyxl

_ZIP_TIME = (2025, 1, 1, 0, 0, 0)
_MADE = datetime(2026, 1, 9, 12, 0)  # noqa: DTZ001 - workbook properties hold a time without a zone
_MODIFIED = re.compile(rb">[^<]*</dcterms:modified>")
_DEFLATE = 9
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""Deflate, no flags, no time, slowest compression, unknown operating system (RFC 1952)."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]], *, end: str = "\n", bom: bool = False) -> bytes:
    """A CSV file in UTF-8; cells are quoted only where they must be, None is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def gzipped(content: bytes) -> bytes:
    """One gzip member without name or time.

    Why: the header is written here because the byte for the operating system in the one that
    :func:`gzip.compress` writes differs between Python versions.
    """
    packer = zlib.compressobj(_DEFLATE, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    return _GZIP_HEADER + packed + struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)


def parquet(columns: Mapping[str, pa.DataType], rows: Sequence[Mapping[str, object]]) -> bytes:
    """A parquet file of ``columns``; a row without a column has a null there."""
    schema = pa.schema(list(columns.items()))
    table = pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in rows], schema=schema)
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def workbook(book: openpyxl.Workbook) -> bytes:
    """An xlsx package whose times do not depend on when it was made."""
    book.properties.creator = "Payroll reports"
    book.properties.created = book.properties.modified = _MADE
    made = io.BytesIO()
    book.save(made)
    fixed = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _with_fixed_times(content)
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.external_attr = 0o600 << 16
            target.writestr(entry, content, zipfile.ZIP_DEFLATED, _DEFLATE)
    return fixed.getvalue()


def _with_fixed_times(core: bytes) -> bytes:
    """Core properties with the modification time, which openpyxl sets to now, put back."""
    fixed = f">{_MADE:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>".encode()
    changed, count = _MODIFIED.subn(fixed, core)
    if count != 1:
        raise ValueError("the core properties do not hold one modification time")
    return changed
