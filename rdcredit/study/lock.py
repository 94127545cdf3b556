"""One run at a time on one study: a lock file that names its owner and survives the owner's death.

The file is created exclusively, with its content, which is atomic also on network drives. On one
computer the few steps of taking a lock are further serialised by an advisory lock on the study
folder, so that two processes cannot both recover the same stale file. A lock is stale when its
process is gone, or its number now belongs to another process (the start of a process tells two
apart). The owner on another computer cannot be looked at: such a lock is respected.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import platform
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rdcredit.errors import NOTHING_WRITTEN, Problem, Refused, shown
from rdcredit.study.refusals import refused_by_system

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_NAME = ".rdcredit-run.lock"
_POLL_SECONDS = 0.1
_ENDED = frozenset("ZX")
"""States of a process that has ended but is still listed."""
_STATE, _START = 0, 19
"""Positions in /proc/<pid>/stat after the name of the program, see proc(5)."""
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_HALF_WRITTEN_SECONDS = 60
"""A lock without a readable owner is being written, or its writer died; after this long it is the latter."""
_FOLDER_LOCK_TRIES = 50
_MARK = os.urandom(8).hex()
_NO_PROCESS_HAS_IT = 2**31


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that holds a study.

    ``space`` tells apart containers that share a host name and a folder but not their processes;
    ``start`` is when the process began, in the system's own count, empty where it is not known;
    ``mark`` is drawn at random by each process, so that it knows its own locks.
    """

    pid: int
    host: str
    space: str
    start: str
    mark: str


@contextmanager
def study_lock(root: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Holds the study in ``root`` for this process; a nested call in the same process is free.

    ``wait_seconds`` is how long to wait for a run that is going on (infinity: until it ends).

    Raises:
        Refused: E704 naming the owner, or E705 where no file can be made in the folder.
    """
    mine = this_process()
    if holds(root):
        yield
        return
    deadline = time.monotonic() + wait_seconds
    try:
        while (other := _take(root, mine)) is not None:
            if time.monotonic() >= deadline:
                raise Refused([_held(*other)])
            time.sleep(_POLL_SECONDS)
    except OSError as error:
        raise refused_by_system(error, f"the study's lock file {LOCK_NAME}", NOTHING_WRITTEN) from error
    try:
        yield
    finally:
        if holds(root):
            with contextlib.suppress(OSError):  # a lock that cannot be removed is stale when this process ends
                (root / LOCK_NAME).unlink()


def this_process() -> Owner:
    """The owner a lock taken now would name."""
    pid = os.getpid()
    return Owner(pid, platform.node(), _space(), _start_of(pid) or "", _MARK)


def holds(root: Path) -> bool:
    """Whether this process holds the study in ``root``."""
    return _read(root / LOCK_NAME) == this_process()


def _take(root: Path, mine: Owner) -> tuple[Owner | None, float] | None:
    """None when the lock is ours now; else who holds it and the age of the lock in seconds."""
    path = root / LOCK_NAME
    probe = root / f"{LOCK_NAME}.{mine.pid}-{mine.mark}"
    with _folder_lock(root):
        try:
            while True:
                probe.write_text(json.dumps(asdict(mine)) + "\n", encoding="utf-8")
                if _created(path, probe):
                    _sweep(root, path)
                    return None
                with contextlib.suppress(FileNotFoundError):  # released meanwhile
                    owner = _read(path)
                    age = _age(path, probe)
                    stale = _gone(owner) if owner else age > _HALF_WRITTEN_SECONDS
                    if not stale:
                        return owner, age
                    _clear(path, owner, probe.with_name(f"{probe.name}.stale"))
        finally:
            probe.unlink(missing_ok=True)


def _age(path: Path, now: Path) -> float:
    """How much older than ``now`` a file is; both times are the file system's, so clocks need not agree."""
    return max(now.stat().st_mtime - path.stat().st_mtime, 0.0)


def _clear(path: Path, owner: Owner | None, aside: Path) -> None:
    """Removes the stale lock of ``owner``, and nobody else's.

    Where no advisory lock keeps others away, a new run may have taken the place of the stale file
    since it was read; its lock is given back. Should a third run have come between, the one that
    lost its lock notices before it publishes.
    """
    if _read(path) != owner:
        return
    path.replace(aside)
    if _read(aside) != owner:
        _created(path, aside)
    aside.unlink()


def _sweep(root: Path, lock: Path) -> None:
    """Removes what a process left that was killed while it took the lock."""
    for leftover in root.glob(f"{LOCK_NAME}.*"):
        with contextlib.suppress(OSError):
            if _age(leftover, lock) > _HALF_WRITTEN_SECONDS:
                leftover.unlink()


def _created(path: Path, probe: Path) -> bool:
    """Whether ``path`` could be made as a new file with the content of ``probe``."""
    try:
        os.link(probe, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    else:
        return True
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as stream:
        stream.write(probe.read_bytes())
    return True


@contextmanager
def _folder_lock(root: Path) -> Iterator[None]:
    """Serialises the taking of locks on one computer, where the file system knows advisory locks."""
    if sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415 - Windows has no such module

    handle = os.open(root, os.O_RDONLY)
    try:
        for _ in range(_FOLDER_LOCK_TRIES):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_POLL_SECONDS / 2)
            except OSError:
                break
            else:
                break
        yield
    finally:
        os.close(handle)


def _read(path: Path) -> Owner | None:
    """The owner a lock file names; None where there is no file or no owner can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    match content:
        case {"pid": int(pid), "host": str(host), "space": str(space), "start": str(start), "mark": str(mark)}:
            return Owner(pid, host, space, start, mark) if 0 < pid < _NO_PROCESS_HAS_IT else None
    return None


def _gone(owner: Owner) -> bool:
    """Whether the owner is known to have ended."""
    if (owner.host, owner.space) != (platform.node(), _space()):
        return False
    start = _start_of(owner.pid)
    return start is None or bool(start and owner.start and start != owner.start)


def _start_of(pid: int) -> str | None:
    """When process ``pid`` began; empty where the system does not say, None where there is no such process."""
    if sys.platform == "win32":  # there, a signal to look would stop the process
        return ""
    with contextlib.suppress(PermissionError):  # it belongs to someone else, so it exists
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return None
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return None if fields[_STATE] in _ENDED else f"{boot}:{fields[_START]}"


def _space() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def _held(owner: Owner | None, age: float) -> Problem:
    who = f"process {owner.pid} on {shown(owner.host)}" if owner else "a process that is just starting"
    return Problem(
        "E704",
        LOCK_NAME,
        f"another run holds this study: {who}, for {_in_words(age)}",
        "Two runs that publish at once could mix their results.",
        "Wait until it has ended. If that computer was switched off or no rdcredit runs there any more, delete the "
        f"file {LOCK_NAME} in the study folder.",
    )


def _in_words(seconds: float) -> str:
    for size, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"), (1, "second")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count:,} {name}{'s' if count > 1 else ''}"
    return "less than a second"
