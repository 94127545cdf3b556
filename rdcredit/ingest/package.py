"""The zip package of a workbook, inspected before anything inside it is parsed.

Names that leave the package, parts that unpack to absurd sizes, document type declarations and
kinds of workbook that are not read are found here, from the package's own directory and a
streamed look at its bytes; no XML parser has seen the file by then.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

_CHUNK = 1 << 20
_OVERLAP = 32
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:")
_ENCRYPTED_FLAG = 0x1
_STRICT_NAMESPACE = b"purl.oclc.org/ooxml"

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a workbook of people-sized tables may unpack to."""

    entries: int = 10_000
    part: int = 256 << 20
    total: int = 512 << 20
    ratio: int = 250
    """Unpacked bytes per packed byte, for parts larger than ``ratio_from``."""
    ratio_from: int = 4 << 20


DEFAULT_LIMITS = Limits()


def workbook_kind(data: bytes) -> str:
    """The kind of spreadsheet file these bytes are, in words; empty when it is a plain ``.xlsx`` or no spreadsheet."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "a password-protected workbook"
        return "an old Excel workbook (.xls)"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            names = {info.filename for info in infos}
            if any(info.flag_bits & _ENCRYPTED_FLAG for info in infos):
                return "a password-protected zip file"
            if "mimetype" in names and b"opendocument" in package.open("mimetype").read(256):
                return "an OpenDocument file (.ods)"
            return _office_kind(package, names)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        return ""


def _office_kind(package: zipfile.ZipFile, names: AbstractSet[str]) -> str:
    if "xl/workbook.bin" in names:
        return "a binary workbook (.xlsb)"
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return "a workbook with macros (.xlsm)"
    if "xl/workbook.xml" in names:
        with package.open("xl/workbook.xml") as part:
            head = part.read(_CHUNK)
        if _STRICT_NAMESPACE in head:
            return "a Strict Open XML workbook"
    return ""


def inspect_package(data: bytes, place: str, limits: Limits = DEFAULT_LIMITS) -> tuple[Problem, ...]:
    """What forbids parsing this workbook; empty when it may be parsed."""
    if kind := workbook_kind(data):
        return (other_workbook(place, kind),)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            found = [*_bad_names(infos, place), *_bad_sizes(infos, place, limits)]
            return tuple(found) or tuple(_bad_parts(package, place, limits))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return (
            Problem(
                "E101",
                place,
                "the workbook is cut off or damaged",
                "Rows may be missing from it.",
                "Export or copy the workbook again.",
            ),
        )


def other_workbook(place: str, kind: str) -> Problem:
    """E468: a kind of workbook that is not read."""
    return Problem(
        "E468",
        place,
        f"this is {kind}",
        "Such files can hide their contents or run code, and are not read.",
        "Save it as an ordinary workbook (.xlsx) or as CSV UTF-8, without a password, and give that file.",
    )


def _bad_names(infos: list[zipfile.ZipInfo], place: str) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for info in infos:
        name = info.orig_filename
        reason = _name_fault(info)
        folded = name.casefold()
        if not reason and folded in seen:
            reason = "has the same name as another entry" + ("" if seen[folded] == name else " but for capital letters")
        seen.setdefault(folded, name)
        if reason:
            yield Problem(
                "E474",
                place,
                f"the entry {shown(name)} of the workbook {reason}",
                "A package made by a spreadsheet program has no such entry; this one may be built to do harm.",
                "Open the workbook in a spreadsheet program you trust, save it as a new .xlsx file and give that.",
            )


def _name_fault(info: zipfile.ZipInfo) -> str:
    name = info.orig_filename
    if name.startswith("/") or _DRIVE.match(name):
        return "is an absolute path"
    if "\\" in name:
        return "is written with a backslash"
    if "\x00" in name:
        return "contains a NUL byte"
    if ".." in name.split("/"):
        return "leaves the package"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a symbolic link"
    return ""


def _bad_sizes(infos: list[zipfile.ZipInfo], place: str, limits: Limits) -> Iterator[Problem]:
    if len(infos) > limits.entries:
        yield _too_large("E121", place, f"the workbook has {len(infos):,} entries")
    if sum(info.file_size for info in infos) > limits.total:
        yield _too_large("E121", place, f"the workbook unpacks to more than {limits.total >> 20} MB")
    for info in infos:
        packed = max(info.compress_size, 1)
        bomb = info.file_size > limits.ratio_from and info.file_size // packed > limits.ratio
        if info.file_size > limits.part or bomb:
            yield _part_too_large(info, place)


def _part_too_large(info: zipfile.ZipInfo, place: str) -> Problem:
    code = "E472" if info.filename.startswith("xl/worksheets/") else "E121"
    what = f"{shown(info.filename)} unpacks from {info.compress_size:,} to {info.file_size:,} bytes or more"
    return _too_large(code, place, what)


def _too_large(code: str, place: str, what: str) -> Problem:
    return Problem(
        code,
        place,
        what,
        "A table of people or contracts is never that large; reading it could exhaust the machine.",
        "Copy the rows you need into a new workbook, or export them as CSV.",
    )


def _bad_parts(package: zipfile.ZipFile, place: str, limits: Limits) -> Iterator[Problem]:
    total = 0
    for info in package.infolist():
        tail = b""
        size = 0
        declared = False
        with package.open(info) as part:
            while chunk := part.read(_CHUNK):
                size += len(chunk)
                total += len(chunk)
                if size > limits.part or total > limits.total:
                    yield _part_too_large(info, place)
                    return
                # Without its NUL bytes, UTF-16 text is searched like UTF-8.
                window = tail + chunk.replace(b"\x00", b"")
                declared = declared or _DECLARATION.search(window) is not None
                tail = window[-_OVERLAP:]
        if declared:
            yield Problem(
                "E470",
                place,
                f"the part {shown(info.filename)} declares a document type or entity",
                "Spreadsheet programs never write one; it can make a reader fetch files or fill the memory.",
                "Open the workbook in a spreadsheet program you trust, save it as a new .xlsx file and give that.",
            )
