"""One table file of the study: opened safely, read once, and of the kind its name says."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, Refused
from rdcredit.ingest.files import Kind, input_files, kind_of
from rdcredit.ingest.package import other_workbook, workbook_kind
from rdcredit.source import FileRef

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 128 << 20
"""Largest table of people, time or contracts, packed or unpacked."""

_ENDINGS = (".csv", ".csv.gz", ".tsv", ".txt", ".xlsx")
_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ods", ".numbers")
_LEFT_BEHIND = (".", "~$")
"""How the names of files begin that spreadsheet programs and file managers leave behind."""
_CHUNK = 1 << 20
_HEAD = 1 << 12


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file's reference, with the digest of exactly the bytes in ``data``; gzip already unpacked."""

    ref: FileRef
    data: bytes

    @property
    def name(self) -> str:
        """The file's name in lower case."""
        return self.ref.path.rpartition("/")[2].lower()


def table_paths(root: Path, path: str) -> tuple[str, ...]:
    """The files an ``[[inputs]]`` path names: itself, or the tables directly inside that folder, sorted.

    Raises:
        Refused: E102 nothing is there; E125 or E468 the folder holds something that is no table.
    """
    here = root / path
    if not os.path.lexists(here):
        raise Refused([_not_found(path, "there is no such file or folder")])
    if here.is_symlink() or not here.is_dir() or not here.resolve().is_relative_to(root.resolve()):
        return (path,)  # a file, or something read_file refuses
    names = sorted(entry.name for entry in here.iterdir() if not entry.name.startswith(_LEFT_BEHIND))
    if not names:
        raise Refused([_not_found(path, "the folder holds no table")])
    base = path.rstrip("/")
    if foreign := [name for name in names if not name.lower().endswith(_ENDINGS)]:
        raise Refused(_no_table(f"{base}/{name}") for name in foreign)
    return tuple(f"{base}/{name}" for name in names)


def read_file(root: Path, path: str, limit: int = MAX_BYTES) -> TableFile:
    """The bytes of a regular file inside the study folder.

    Raises:
        Refused: E124 it is outside or not regular; E121 larger than ``limit``; E468 and E125 no
            table by its name; E104 another kind than the name says; E101 a gzip file that ends
            early; E105 nothing in it.
    """
    if (root / path).is_dir():
        raise Refused([_not_a_file(path)])
    (found,) = input_files(root, path)
    with found.path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > limit:
            raise Refused([_too_large(found.place, limit)])
        packed = stream.read(size)
    if not packed:
        raise Refused([no_rows(found.place, "the file is empty")])
    if not found.place.lower().endswith(_ENDINGS):
        raise Refused([_no_table(found.place, packed)])
    kind = kind_of(packed[:_HEAD], found.path)
    if not _fits(path.lower(), kind):
        raise Refused([_misnamed(found.place, kind)])
    data = _unpacked(found.place, packed, limit) if kind == Kind.GZIP else packed
    return TableFile(FileRef(found.place, hashlib.sha256(packed).hexdigest()), data)


def _fits(name: str, kind: Kind) -> bool:
    if name.endswith(".xlsx"):
        # Old, protected and foreign workbooks are named by the workbook reader.
        return kind in (Kind.WORKBOOK, Kind.ZIP, Kind.OLD_OFFICE)
    if name.endswith(".gz"):
        return kind == Kind.GZIP
    return kind in (Kind.TEXT, Kind.EMPTY, Kind.UTF16)


def no_rows(place: str, what: str) -> Problem:
    """E105: a table without records is a question, not zero."""
    return Problem(
        "E105",
        place,
        what,
        "An empty table would count as nothing paid or worked, which the file does not say.",
        "Export it again, or take the file out of study.toml.",
    )


def _unpacked(place: str, packed: bytes, limit: int) -> bytes:
    pieces = bytearray()
    try:
        # The standard reader goes through all members of a joined file and checks their lengths.
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            while chunk := stream.read(_CHUNK):
                pieces += chunk
                if len(pieces) > limit:
                    raise Refused([_too_large(place, limit)])
    except (EOFError, gzip.BadGzipFile, zlib.error):
        problem = Problem(
            "E101",
            place,
            "the gzip file ends early or is damaged",
            "Rows are missing from it.",
            "Download or export the file again.",
        )
        raise Refused([problem]) from None
    return bytes(pieces)


def _not_found(path: str, what: str) -> Problem:
    return Problem(
        "E102",
        path,
        what,
        "The study names this input; without it dollars or hours are missing.",
        "Put the file there, or correct the path in study.toml (relative to the study folder).",
    )


def _not_a_file(path: str) -> Problem:
    return Problem(
        "E124",
        path,
        "this is a folder, or leads to one, where a table is expected",
        "A study reads only regular files inside its own folder, so that anyone can run it again.",
        "Name the file itself, or a folder inside the study that directly holds the tables.",
    )


def _no_table(place: str, data: bytes = b"") -> Problem:
    """E468 for a workbook of another kind, E125 for anything else that is no table."""
    if place.lower().endswith(_OTHER_WORKBOOKS):
        ending = place.rpartition(".")[2].lower()
        return other_workbook(place, workbook_kind(data) or f"a workbook of another kind (.{ending})")
    return Problem(
        "E125",
        place,
        "this is no table the program reads",
        "A file that is passed over in silence could hold dollars or hours.",
        "Move it out of the folder, or name the tables one by one in study.toml.",
    )


def _too_large(place: str, limit: int) -> Problem:
    return Problem(
        "E121",
        place,
        f"the table is larger than {limit >> 20:,} MB",
        "Reading it could exhaust the machine, and no table of people or contracts is that large.",
        "Export fewer columns or a shorter period per file.",
    )


def _misnamed(place: str, kind: Kind) -> Problem:
    return Problem(
        "E104",
        place,
        f"the file is really {kind.value}, which its name does not say",
        "A download that failed, or a renamed file, is easily taken for the export.",
        "Export the table again as CSV UTF-8 or .xlsx and keep the name's ending.",
    )
