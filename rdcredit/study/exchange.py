"""The exchange of the published set for a new one, and its undoing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdcredit.study.manifest import LOCK_FILE, OUT

if TYPE_CHECKING:
    from pathlib import Path

    from rdcredit.study.calls import Calls

STAGING, PREVIOUS, STAGED_LOCK = ".rdcredit-staging", ".rdcredit-previous", ".rdcredit-staged.lock"


@dataclass(slots=True)
class Exchange:
    """Brings the staged set to ``out`` and its lock into place; remembers which steps were made."""

    root: Path
    calls: Calls
    _swapped: bool = field(default=False, init=False)
    _aside: bool = field(default=False, init=False)
    _in_place: bool = field(default=False, init=False)
    _locked: bool = field(default=False, init=False)
    _earlier_lock: bytes | None = field(default=None, init=False)

    def do(self) -> None:
        """All steps.

        Raises:
            OSError: a step failed; :meth:`undo` takes back those before it.
        """
        out, staging, lock = self.root / OUT, self.root / STAGING, self.root / LOCK_FILE
        self._earlier_lock = lock.read_bytes() if lock.exists() else None
        if out.exists() and self.calls.exchange(staging, out):
            self._swapped = True
        else:
            if out.exists():
                self.calls.rename(out, self.root / PREVIOUS)
                self._aside = True
            self.calls.rename(staging, out)
            self._in_place = True
        self.calls.rename(self.root / STAGED_LOCK, lock)
        self._locked = True
        self.calls.fsync(self.root)

    def undo(self) -> None:
        """Back to the set and the lock that were there before.

        The lock comes last here too: a process killed in between leaves the same traces as one
        killed on the way forward.

        Raises:
            OSError: a step back failed too; the next start sees how far things came.
        """
        out, staging, lock = self.root / OUT, self.root / STAGING, self.root / LOCK_FILE
        if self._locked and self._earlier_lock is not None:
            self.calls.write(self.root / STAGED_LOCK, self._earlier_lock)
        if self._swapped:
            self.calls.exchange(staging, out)
        if self._in_place:
            self.calls.rename(out, staging)
        if self._aside:
            self.calls.rename(self.root / PREVIOUS, out)
        if self._locked and self._earlier_lock is not None:
            self.calls.rename(self.root / STAGED_LOCK, lock)
        elif self._locked:
            lock.unlink()
