"""What the study remembers of its bills in ``build/``: digests of files, and tables rolled up from them.

Everything here can be deleted at any time; it is made again from the inputs.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from rdcredit import __version__
from rdcredit.ingest.records import BILL_KEYS
from rdcredit.source import file_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from rdcredit.ingest.files import InputFile
    from rdcredit.study.config import InputSettings

SHAPE = 1
"""To be raised whenever the content of a rolled-up table changes its meaning."""


def folder(build: Path) -> Path:
    """Where rolled-up bills are kept."""
    place = build / "bills"
    place.mkdir(parents=True, exist_ok=True)
    return place


def digests(build: Path, files: Sequence[InputFile], *, rehash: bool) -> tuple[str, ...]:
    """The content digest of each file; remembered by path, size, modification time and inode.

    ``rehash`` reads every file again whatever is remembered.
    """
    memory = folder(build) / "digests.json"
    known = {} if rehash else _load(memory)
    fresh = dict(known)
    found = []
    for file in files:
        state = os.stat(file.path)  # noqa: PTH116  # all fields of one call
        identity = [state.st_size, state.st_mtime_ns, state.st_ino, state.st_dev]
        entry = known.get(file.place)
        digest = entry[1] if entry and entry[0] == identity else file_digest(file.path)
        fresh[file.place] = [identity, digest]
        found.append(digest)
    if fresh != known:
        store(memory, fresh)
    return tuple(found)


def forget(build: Path, files: Sequence[InputFile]) -> None:
    """Drop the remembered digests of ``files``, which have changed."""
    memory = folder(build) / "digests.json"
    places = {file.place for file in files}
    store(memory, {place: entry for place, entry in _load(memory).items() if place not in places})


def key(files: Sequence[InputFile], found: Sequence[str], spec: InputSettings, credit_year: tuple[date, date]) -> str:
    """The name of a rolled-up table: everything its content depends on, as one digest."""
    parts = {
        "shape": SHAPE,
        "version": __version__,
        "keys": BILL_KEYS,
        "files": [[f.place, digest] for f, digest in zip(files, found, strict=True)],
        "credit_year": [day.isoformat() for day in credit_year],
        "date_format": spec.date_format,
        "currency": spec.currency,
        "columns": sorted(spec.columns.items()),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def facts(build: Path, name: str) -> dict[str, Any] | None:
    """The facts of a table that is there and whole, or None."""
    table, memory = paths(build, name)
    content = _load(memory)
    if not content or not table.is_file() or file_digest(table) != content.get("table_digest"):
        return None
    return content


def paths(build: Path, name: str) -> tuple[Path, Path]:
    """The table and the facts of one rolled-up bill."""
    place = folder(build)
    return place / f"{name}.parquet", place / f"{name}.json"


def _load(path: Path) -> dict[str, Any]:
    """What a memory holds; nothing where it is missing or damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def store(path: Path, content: dict[str, Any]) -> None:
    """Write a memory as a whole or not at all."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")
    fresh.replace(path)
