"""The few system calls that change a published set, in one record, so that a test can make any of them fail."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_CANNOT = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What systems answer that do not know a call, or not on this kind of disk."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Writing, forcing to disk and renaming."""

    mkdir: Callable[[Path], None]
    write: Callable[[Path, bytes], None]
    """Makes or replaces a file."""
    fsync: Callable[[Path], None]
    """Forces a file, or the entries of a folder, to disk."""
    rename: Callable[[Path, Path], None]
    """Replaces a file at the new name; a folder there must be absent or empty."""
    exchange: Callable[[Path, Path], bool]
    """Swaps two folders in one step; False where the system or the disk cannot, and nothing was done."""


def _mkdir(path: Path) -> None:
    path.mkdir()


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _fsync(path: Path) -> None:
    is_folder = path.is_dir()
    if is_folder and sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if not (is_folder and error.errno in _CANNOT):
            raise
    finally:
        os.close(handle)


def _rename(old: Path, new: Path) -> None:
    old.replace(new)


def _exchange(one: Path, other: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    rename.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


SYSTEM = Calls(mkdir=_mkdir, write=_write, fsync=_fsync, rename=_rename, exchange=_exchange)
"""The real ones."""
