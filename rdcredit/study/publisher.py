"""Publishing a study: the whole set appears at once, or the earlier one stays as it was.

The set is built in a folder beside ``out``, forced to disk, and exchanged with ``out`` in one step
where the system has one, else by two renames; ``rdcredit.lock`` follows by an atomic replacement
prepared before. What a killed process leaves behind says how far it came (:func:`recover`):

============================ ================================ =======================
left behind                  how far it came                  the next start
============================ ================================ =======================
staging                      building                         removes it
staged lock, not that of out built, not exchanged             removes both
previous, no out             between the two renames          puts the earlier set back
staged lock, that of out     exchanged, not yet locked        puts the lock in place
staging or previous          exchanged and locked             removes the earlier set
============================ ================================ =======================
"""

from __future__ import annotations

import contextlib
import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, Refused
from rdcredit.source import file_digest
from rdcredit.study.calls import SYSTEM, Calls
from rdcredit.study.compare import is_edited
from rdcredit.study.exchange import PREVIOUS, STAGED_LOCK, STAGING, Exchange
from rdcredit.study.interrupts import uninterrupted
from rdcredit.study.lock import LOCK_NAME, holds, study_lock
from rdcredit.study.manifest import (
    DECISIONS,
    LOCK_FILE,
    MANIFEST_NAME,
    OUT,
    SETTINGS,
    Manifest,
    Sources,
    manifest_of,
    sources_of,
    walk,
)
from rdcredit.study.refusals import is_environment, refused_by_system

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EDITED = "out-edited"
"""Where an earlier set goes that somebody has worked in; its edits are not ours to delete."""
KEPT = "The set published before is unchanged."
NONE_YET = "Nothing was published."
_PUBLISHING = "publishing the results"
_ASIDE = f"The set published before is kept in {PREVIOUS}; the next run puts it back."
_HALFWAY = f"The new set is in {OUT}, but the disk did not confirm it; the next run completes it."


def publish(
    root: Path,
    build: Callable[[Path], None],
    *,
    sources: Sources | None = None,
    keep_as: str | None = None,
    calls: Calls = SYSTEM,
) -> Manifest:
    """Builds a set with ``build(folder)`` and publishes it as ``out`` of the study in ``root``.

    ``sources`` are the digests of what was read; by default those of the settings and decisions at
    the start. ``keep_as`` is a new folder of the study for the new set where ``out`` cannot be
    replaced, because a program has it open for example. The study's lock is taken unless this
    process holds it. Whatever goes wrong, interruptions included, leaves the set published before
    as it was.

    Raises:
        Refused: E701 (settings or decisions changed meanwhile), E704 (another run), E705 (the disk or
            its permissions, or a folder ``out`` of somebody else); and whatever ``build`` raises.
    """
    with study_lock(root):
        before = _digest_or_none(root / OUT / MANIFEST_NAME)
        with _told(root, "preparing the folder", before):
            recover(root, calls=calls)
            _refuse_foreign_folder(root)
            read = sources or sources_of(root)
        try:
            with _told(root, "preparing the folder", before):
                calls.mkdir(root / STAGING)
            with _told(root, "writing the results", before, ours=False):
                build(root / STAGING)
            with _told(root, _PUBLISHING, before):
                manifest = _stage(root, read, calls)
                _refuse_if_changed(root, read)
                _exchange(root, calls, keep_as)
            return manifest
        finally:
            with contextlib.suppress(OSError):  # what cannot be removed now is removed at the next start
                recover(root, calls=calls)


def _exchange(root: Path, calls: Calls, keep_as: str | None) -> None:
    """The few steps that must not be interrupted; undone where one of them fails."""
    with uninterrupted():
        exchange = Exchange(root, calls)
        try:
            exchange.do()
        except OSError as error:
            exchange.undo()
            if keep_as is None or (root / keep_as).exists():
                raise
            calls.rename(root / STAGING, root / keep_as)
            raise refused_by_system(error, _PUBLISHING, f"{KEPT} The new set is in {keep_as}.") from error


def recover(root: Path, *, calls: Calls = SYSTEM) -> None:
    """Finishes or undoes what an earlier process left; nothing happens after an orderly end.

    The caller holds the study's lock.
    """
    out, staging, previous = root / OUT, root / STAGING, root / PREVIOUS
    staged = root / STAGED_LOCK
    if staged.exists():
        if _locked_digest(staged) == _digest_or_none(out / MANIFEST_NAME):
            calls.rename(staged, root / LOCK_FILE)
            calls.fsync(root)
        else:
            staged.unlink()
    _discard(root, staging)
    if previous.exists():
        if out.exists():
            calls.rename(previous, staging)
            _discard(root, staging)
        else:
            calls.rename(previous, out)
            calls.fsync(root)


def _stage(root: Path, sources: Sources, calls: Calls) -> Manifest:
    """Forces the built set to disk, with its manifest, and prepares the lock that goes with it."""
    staging = root / STAGING
    files = list(walk(staging))
    manifest = manifest_of(staging, sources)
    for path in files:
        calls.fsync(path)
    calls.write(staging / MANIFEST_NAME, manifest.content())
    calls.fsync(staging / MANIFEST_NAME)
    for folder in sorted({parent for path in files for parent in path.parents if staging in parent.parents}):
        calls.fsync(folder)
    calls.fsync(staging)
    calls.write(root / STAGED_LOCK, manifest.lock_content())
    calls.fsync(root / STAGED_LOCK)
    calls.fsync(root)
    return manifest


def _refuse_if_changed(root: Path, read: Sources) -> None:
    """The settings and decisions are still those that were read, and the study is still ours."""
    now = sources_of(root)
    for name, before, after in ((SETTINGS, read.study, now.study), (DECISIONS, read.decisions, now.decisions)):
        if before != after:
            raise _refusal(
                "E701", name, "the file changed while the study was computed",
                "The results would not be those of the file beside them.", "Run the study again.",
            )  # fmt: skip
    if not holds(root):
        raise _refusal(
            "E704", LOCK_NAME, "the lock of this run was removed while it ran",
            "Another run may have begun meanwhile.", "Run the study again when no other run is going on.",
        )  # fmt: skip


def _refuse_foreign_folder(root: Path) -> None:
    """``out`` will be replaced as a whole, so it must be a folder this program made, or empty."""
    out = root / OUT
    foreign = out.is_symlink() or (
        out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MANIFEST_NAME).is_file()))
    )
    if foreign:
        raise _refusal(
            "E705", OUT, "it was not published by this program",
            "Publishing replaces the folder as a whole, and what is in it would be lost.",
            "Move or rename it, then run again.",
        )  # fmt: skip


def _refusal(code: str, place: str, what: str, why: str, fix: str) -> Refused:
    return Refused([Problem(code, place, what, why, fix)], KEPT)


def _discard(root: Path, folder: Path) -> None:
    """Removes a set that was replaced or never published, unless somebody worked in it."""
    if not folder.exists():
        return
    if not is_edited(folder):
        shutil.rmtree(folder)
        return
    number = 1
    while (kept := root / (EDITED if number == 1 else f"{EDITED}-{number}")).exists():
        number += 1
    folder.rename(kept)


@contextmanager
def _told(root: Path, doing: str, before: str | None, *, ours: bool = True) -> Iterator[None]:
    """Turns a refusal of the system into E705; in the code of others (``ours`` false) only a plain one."""
    try:
        yield
    except OSError as error:
        if not ours and not is_environment(error):
            raise
        raise refused_by_system(error, doing, _state(root, before)) from error


def _state(root: Path, before: str | None) -> str:
    """What became of the output, read from what is there; ``before`` is the digest of the earlier manifest."""
    if not (root / OUT).exists():
        return _ASIDE if (root / PREVIOUS).exists() else NONE_YET
    return KEPT if _digest_or_none(root / OUT / MANIFEST_NAME) == before else _HALFWAY


def _locked_digest(lock: Path) -> str | None:
    """The digest of the manifest a lock belongs to; None where there is none."""
    try:
        return str(json.loads(lock.read_bytes())["manifest_digest"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _digest_or_none(path: Path) -> str | None:
    try:
        return file_digest(path)
    except OSError:
        return None
