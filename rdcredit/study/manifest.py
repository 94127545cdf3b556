"""What a published set consists of and what it was made from: ``out/manifest.json`` and ``rdcredit.lock``.

Both are the same bytes for the same content: sorted, without times, paths outside the study or
anything of the machine but the versions of what decides the bytes.
"""

from __future__ import annotations

import json
import platform
import zlib
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib import metadata
from typing import TYPE_CHECKING, Any

from rdcredit import __version__
from rdcredit.errors import Problem, Refused
from rdcredit.source import FileRef, file_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

OUT, MANIFEST_NAME, LOCK_FILE = "out", "manifest.json", "rdcredit.lock"
SETTINGS, DECISIONS = "study.toml", "review/decisions.jsonl"
_FORMAT = 1
_LIBRARIES = (
    "docxtpl",
    "duckdb",
    "ibis-framework",
    "jinja2",
    "lxml",
    "matplotlib",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "pydantic",
    "pyspark",
    "python-docx",
    "scikit-learn",
    "scipy",
)
"""Libraries whose release can change a published byte; those that are not installed are left out."""
_LOCK_NOTE = "Written by rdcredit last of all: what out/ must hold. rdcredit verify compares the two."


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of the published set; ``path`` is below ``out``, with forward slashes."""

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What a study was computed from: digests of its settings, of the reviewer's decisions and of every input."""

    study: str
    decisions: str
    """Empty where nobody has decided anything yet."""
    inputs: tuple[FileRef, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of ``manifest.json``, which does not list itself."""

    versions: tuple[tuple[str, str], ...]
    sources: Sources
    files: tuple[PublishedFile, ...]

    def content(self) -> bytes:
        """The bytes of ``manifest.json``."""
        return _json(self._record())

    def digest(self) -> str:
        """SHA-256 of :meth:`content`."""
        return sha256(self.content()).hexdigest()

    def lock_content(self) -> bytes:
        """The bytes of ``rdcredit.lock``: the manifest, and the digest of its file."""
        return _json({"note": _LOCK_NOTE, "manifest_digest": self.digest(), "manifest": self._record()})

    def _record(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "versions": dict(self.versions),
            "study": self.sources.study,
            "decisions": self.sources.decisions,
            "inputs": [{"path": f.path, "digest": f.digest} for f in self.sources.inputs],
            "files": [{"path": f.path, "size": f.size, "digest": f.digest} for f in self.files],
        }


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """The releases that decide the bytes of the outputs: the program, Python, compression, libraries."""
    found = {"rdcredit": __version__, "python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return tuple(sorted(found.items()))


def sources_of(root: Path, inputs: Iterable[FileRef] = ()) -> Sources:
    """The digests of a study's settings and decisions as they are now, with those of the files that were read."""
    decisions = root / DECISIONS
    return Sources(
        study=file_digest(root / SETTINGS),
        decisions=file_digest(decisions) if decisions.is_file() else "",
        inputs=_in_order(inputs),
    )


def _in_order(inputs: Iterable[FileRef]) -> tuple[FileRef, ...]:
    return tuple(sorted(set(inputs), key=lambda f: (f.path, f.digest)))


def manifest_of(folder: Path, sources: Sources) -> Manifest:
    """The manifest of a folder that is about to be published.

    Raises:
        ValueError: it holds something that is neither a file nor a folder, or a manifest already.
    """
    files: list[PublishedFile] = []
    for path in walk(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file() or name == MANIFEST_NAME:
            raise ValueError(f"{name} cannot be part of a published set")
        files.append(PublishedFile(name, path.stat().st_size, file_digest(path)))
    return Manifest(versions(), replace(sources, inputs=_in_order(sources.inputs)), tuple(files))


def walk(folder: Path) -> Iterator[Path]:
    """Everything below ``folder`` that is not a folder itself, in the order of the paths; links are not followed."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    yield from sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def read_manifest(root: Path) -> Manifest:
    """``out/manifest.json`` of the study in ``root``.

    Raises:
        Refused: E707 (nothing is published), E706 (the file is damaged), E709 (a later form of it).
    """
    return manifest_in(root / OUT)


def manifest_in(folder: Path) -> Manifest:
    """The manifest of a folder that is or was published.

    Raises:
        Refused: as for :func:`read_manifest`.
    """
    return _manifest(_document(folder / MANIFEST_NAME), f"{OUT}/{MANIFEST_NAME}")


def read_lock(root: Path) -> tuple[Manifest, str]:
    """``rdcredit.lock`` of the study in ``root``: the manifest, and the digest its file must have.

    Raises:
        Refused: as for :func:`read_manifest`.
    """
    match _document(root / LOCK_FILE):
        case {"manifest": dict(record), "manifest_digest": str(digest)}:
            return _manifest(record, LOCK_FILE), digest
    raise Refused([_damaged(LOCK_FILE)])


def _document(path: Path) -> Mapping[str, Any]:
    name = path.name if path.name == LOCK_FILE else f"{OUT}/{path.name}"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problem = Problem(
            "E707", name, "the study has no published set", "There is nothing to look at yet.",
            "Run the study first: rdcredit run STUDY",
        )  # fmt: skip
        raise Refused([problem]) from None
    except (OSError, ValueError, RecursionError):
        raise Refused([_damaged(name)]) from None
    return document if isinstance(document, dict) else {}


def _manifest(record: Mapping[str, Any], name: str) -> Manifest:
    if isinstance(record.get("format"), int) and record["format"] > _FORMAT:
        problem = Problem(
            "E709", name, "it was published by a later version of rdcredit",
            "This version might misread what the later one wrote.", "Use that version, or run the study again.",
        )  # fmt: skip
        raise Refused([problem])
    try:
        return Manifest(
            versions=tuple((str(k), str(v)) for k, v in record["versions"].items()),
            sources=Sources(
                record["study"], record["decisions"], tuple(FileRef(f["path"], f["digest"]) for f in record["inputs"])
            ),
            files=tuple(PublishedFile(f["path"], f["size"], f["digest"]) for f in record["files"]),
        )
    except (KeyError, TypeError, AttributeError):
        raise Refused([_damaged(name)]) from None


def _damaged(name: str) -> Problem:
    return Problem(
        "E706", name, "the file cannot be read, so it was changed after publishing",
        "What was published can no longer be told from what was edited.", "Run the study again to publish it anew.",
    )  # fmt: skip


def _json(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()
