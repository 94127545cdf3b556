"""Re-performance: the study is computed again and compared with what was published."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, Refused
from rdcredit.ingest.sheets import contents
from rdcredit.render.published import WORKBOOK
from rdcredit.source import file_digest
from rdcredit.study.compare import compare, compare_sources
from rdcredit.study.manifest import read_lock, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_CELLS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found; nothing in ``problems`` means that everything agrees."""

    problems: tuple[Problem, ...]
    files: int
    other_versions: tuple[str, ...]
    """Libraries whose release is not the one the set was published with."""


def verify(root: Path, compute_again: Callable[[Path], None], progress: Callable[[str], None]) -> Verified:
    """Compare the published set with its lock, its sources, and a fresh computation.

    ``compute_again`` writes the set anew into an empty folder, every input read again.

    Where something was changed and the study can therefore no longer be computed, why not is part of the difference.

    Raises:
        Refused: nothing was published, or the study cannot be computed although nothing was changed.
    """
    manifest, _ = read_lock(root)
    progress("comparing published files with the lock")
    problems = [d.problem() for d in (*compare(root), *compare_sources(root))]
    with tempfile.TemporaryDirectory(prefix="rdcredit-verify-") as temporary:
        again = Path(temporary)
        progress("computing the study again")
        try:
            compute_again(again)
        except Refused as refused:
            if not problems:
                raise
            problems += (_no_longer_computed(p) for p in refused.problems)
        for file in manifest.files:
            made = again / file.path
            if made.exists() and file_digest(made) != file.digest:
                problems.append(_differs(file.path))
        edited = root / "out" / WORKBOOK
        made = again / WORKBOOK
        if edited.is_file() and made.is_file() and file_digest(edited) != file_digest(made):
            problems += _edited_cells(edited, made)
    now, then = dict(versions()), dict(manifest.versions)
    other = tuple(f"{name} {then.get(name, 'absent')} -> {now.get(name, 'absent')}" for name in sorted(now | then)
                  if now.get(name) != then.get(name))  # fmt: skip
    return Verified(tuple(dict.fromkeys(problems)), len(manifest.files), other)


def _no_longer_computed(p: Problem) -> Problem:
    return Problem("E706", p.place, f"the study can no longer be computed: {p.code}, {p.what}", p.why, p.fix)


def _differs(path: str) -> Problem:
    return Problem(
        "E706",
        f"out/{path}",
        "a fresh computation gives another file",
        "A study must come out the same from the same inputs.",
        "Look at the cells named below, or run the study again where a library or an input has changed.",
    )


def _edited_cells(edited: Path, made: Path) -> Iterable[Problem]:
    """The cells in which the published workbook differs from a fresh one."""
    place = f"out/{WORKBOOK}"
    try:
        there, wanted = contents(edited.read_bytes(), place), contents(made.read_bytes(), place)
    except Refused as refused:
        yield from refused.problems
        return
    differing = sorted(at for at in there.keys() | wanted.keys() if there.get(at) != wanted.get(at))
    # Programs that save a workbook again change what every formula shows, and hide the one cell somebody typed into.
    typed = [at for at in differing if there.get(at, ("",))[0] != wanted.get(at, ("",))[0]]
    found = typed or differing
    for sheet, address in found[:_CELLS_SHOWN]:
        yield _cell(f"sheet {sheet} cell {address}", "the cell is not what the study computes")
    if len(found) > _CELLS_SHOWN:
        yield _cell("", f"{len(found) - _CELLS_SHOWN:,} more cells are not what the study computes")


def _cell(where: str, what: str) -> Problem:
    return Problem(
        "E706",
        f"out/{WORKBOOK} {where}".rstrip(),
        what,
        "Somebody may rely on a number that the inputs do not support.",
        "Keep edited copies elsewhere, and run the study again.",
    )
