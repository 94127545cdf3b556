"""The files behind an ``[[inputs]]`` entry: found safely, and what they really are.

Nothing is opened before it is known to be a regular file inside the study folder.
"""

from __future__ import annotations

import os
import stat
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, Refused, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_READ = (".csv", ".csv.gz", ".gz", ".parquet")
_BESIDE = ("manifest.json", "manifest.csv", ".md5", ".sha256", ".crc", "thumbs.db", "desktop.ini")
"""Ends of the names of files that exporters and systems put beside the data."""


class Kind(StrEnum):
    """What the first bytes of a file say it is."""

    EMPTY = "an empty file"
    TEXT = "text"
    UTF16 = "UTF-16 text"
    GZIP = "a gzip file"
    PARQUET = "a parquet file"
    WORKBOOK = "an Excel workbook"
    OLD_OFFICE = "an old Office or password-protected file"
    ZIP = "a zip archive"
    HTML = "a web page"
    XML = "an XML file"
    JSON = "a JSON file"
    PDF = "a PDF file"


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file of an input: where it is, and its name in messages (relative to the study)."""

    path: Path
    place: str


def input_files(root: Path, path: str) -> tuple[InputFile, ...]:
    """The data files of the input ``path`` (a file or folder), sorted by name.

    Files that exporters put beside their data (manifests, checksums, hidden files) are left out.

    Raises:
        Refused: E102 nothing there, E124 outside the study or no regular file, E125 a file that is
            no known kind of export. All of them at once.
    """
    home = root.resolve()
    top = root / path
    if not os.path.lexists(top):
        raise Refused([_missing(path, "there is no such file or folder")])
    problems: list[Problem] = []
    found: list[InputFile] = []
    named = not top.is_dir()
    for candidate in _walk(top):
        place = candidate.relative_to(root).as_posix() if candidate.is_relative_to(root) else path
        fault = _unsafe(candidate, home)
        if fault:
            problems.append(_unsafe_problem(place, fault))
        elif named or candidate.name.lower().endswith(_READ):
            found.append(InputFile(candidate, place))
        elif not _is_beside(candidate.name):
            problems.append(_unknown(place))
    if not problems and not found:
        problems.append(_missing(path, "the folder holds no export"))
    if problems:
        raise Refused(problems)
    return tuple(sorted(found, key=lambda f: f.place))


def _walk(top: Path) -> Iterator[Path]:
    """The entries below ``top`` that are not folders; links to folders are entries too."""
    if top.is_symlink() or not top.is_dir():
        yield top
        return
    for entry in sorted(top.iterdir()):
        yield from _walk(entry)


def _unsafe(path: Path, home: Path) -> str:
    """Why ``path`` must not be opened; empty when it may."""
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except (OSError, RuntimeError):
        return "it is a link that leads nowhere"
    if not real.is_relative_to(home):
        return "it lies outside the study folder"
    if not stat.S_ISREG(mode):
        return "it is not a regular file"
    return ""


def _is_beside(name: str) -> bool:
    lower = name.lower()
    return lower.startswith((".", "_")) or lower.endswith(_BESIDE)


def kind_of(head: bytes, path: Path | None = None) -> Kind:
    """What a file is, by its first bytes; ``path`` is looked into to tell a workbook from an archive."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    marks = (
        (b"\x1f\x8b", Kind.GZIP),
        (b"PAR1", Kind.PARQUET),
        (b"\xd0\xcf\x11\xe0", Kind.OLD_OFFICE),
        (b"%PDF", Kind.PDF),
        (b"\xff\xfe", Kind.UTF16),
        (b"\xfe\xff", Kind.UTF16),
    )
    for mark, kind in marks:
        if head.startswith(mark):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return Kind.WORKBOOK if path and _has_workbook(path) else Kind.ZIP
    lower = text[:64].lower()
    if lower.startswith((b"<!doctype html", b"<html")):
        return Kind.HTML
    if lower.startswith(b"<?xml"):
        return Kind.XML
    if lower.startswith((b"{", b"[")):
        return Kind.JSON
    return Kind.TEXT if text else Kind.EMPTY


def _has_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def not_what_it_says(place: str, kind: Kind) -> Problem:
    """E104 for a file whose content is ``kind`` and not what its name promises."""
    return Problem(
        "E104",
        place,
        f"the file is really {kind.value}",
        "Reading one kind of file as another gives wrong rows or none.",
        "Download the export again, or unpack it, so that name and content agree (.csv, .csv.gz or .parquet).",
    )


def _unsafe_problem(place: str, fault: str) -> Problem:
    return Problem(
        "E124",
        place,
        f"the file was not opened: {fault}",
        "A study reads only regular files inside its own folder, so that anyone can run it again.",
        "Copy the file itself into the study's inputs folder.",
    )


def _missing(path: str, what: str) -> Problem:
    return Problem(
        "E102",
        path,
        what,
        "The study names this input, and a missing bill is not a bill of zero.",
        "Put the export there, or correct the path under [[inputs]] in study.toml.",
    )


def _unknown(place: str) -> Problem:
    return Problem(
        "E125",
        place,
        f"a file named {shown(place.rpartition('/')[2])} is no kind of export that is read",
        "A file left unread in a folder of bills could be a part of the bill.",
        "Move it out of the folder, or export it as .csv, .csv.gz or .parquet.",
    )
