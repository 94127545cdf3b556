"""Whether a published set is still what was published, and its sources what they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rdcredit.errors import Problem, Refused
from rdcredit.source import file_digest
from rdcredit.study.manifest import (
    DECISIONS,
    MANIFEST_NAME,
    OUT,
    SETTINGS,
    PublishedFile,
    manifest_in,
    read_lock,
    walk,
)

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["changed", "missing", "extra"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not what ``rdcredit.lock`` says; ``path`` is from the study folder."""

    path: str
    kind: Kind

    def problem(self) -> Problem:
        """The same for the reader of ``verify``."""
        what = {
            "changed": "differs from what was published",
            "missing": "was published and is no longer there",
            "extra": "was not published by this program",
        }[self.kind]
        return Problem(
            "E706", self.path, what, "A study that is relied on must be the one that was computed.",
            "Keep edited copies elsewhere, and run the study again to publish it anew.",
        )  # fmt: skip


def compare(root: Path) -> tuple[Difference, ...]:
    """How ``out`` differs from what was published, by path; empty where it does not.

    Raises:
        Refused: nothing was published, or ``rdcredit.lock`` cannot be read.
    """
    manifest, manifest_digest = read_lock(root)
    due = {f.path: f for f in manifest.files}
    due[MANIFEST_NAME] = PublishedFile(MANIFEST_NAME, -1, manifest_digest)
    out = root / OUT
    there = {path.relative_to(out).as_posix(): path for path in walk(out)} if out.is_dir() else {}
    kinds: dict[str, Kind] = {}
    for name in sorted(due.keys() | there.keys()):
        if name not in there:
            kinds[name] = "missing"
        elif name not in due:
            kinds[name] = "extra"
        elif not _is_same(there[name], due[name]):
            kinds[name] = "changed"
    return tuple(Difference(f"{OUT}/{name}", kind) for name, kind in kinds.items())


def compare_sources(root: Path) -> tuple[Difference, ...]:
    """Which of the files the published set was computed from have changed since, or are gone.

    Raises:
        Refused: as for :func:`compare`.
    """
    sources = read_lock(root)[0].sources
    due = {SETTINGS: sources.study, **{f.path: f.digest for f in sources.inputs}}
    if sources.decisions or (root / DECISIONS).exists():
        due[DECISIONS] = sources.decisions
    found: list[Difference] = []
    for name, digest in sorted(due.items()):
        path = root / name
        if not path.is_file():
            found.append(Difference(name, "missing"))
        elif file_digest(path) != digest:
            found.append(Difference(name, "changed" if digest else "extra"))
    return tuple(found)


def is_edited(folder: Path) -> bool:
    """Whether a once published folder was changed since, by its own manifest; False for one without a manifest."""
    try:
        manifest = manifest_in(folder)
    except Refused:
        return False
    due = {f.path: f for f in manifest.files}
    there = {path.relative_to(folder).as_posix(): path for path in walk(folder)}
    return any(
        name not in due or not _is_same(path, due[name])
        for name, path in there.items()
        if name != MANIFEST_NAME and not _is_passing(path.name)
    )


def _is_passing(name: str) -> bool:
    """Files that office programs and file managers leave in any folder they look at."""
    return name.startswith(("~$", ".~lock.", "._")) or name in {".DS_Store", "Thumbs.db", "desktop.ini"}


def _is_same(path: Path, published: PublishedFile) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    if published.size >= 0 and path.stat().st_size != published.size:
        return False
    return file_digest(path) == published.digest
