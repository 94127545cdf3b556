"""A refusal of the operating system, told as what the user can do about it."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

_FULL = ("the disk is full", "Free some space on the disk that holds the study, then run again.")
_RELEASE = (
    "Close the published files in Excel, Word or a preview window, pause a program that synchronises or scans the "
    "folder, look at who may write to the folder, then run again."
)
_DENIED = ("permission was denied", _RELEASE)
_READ_ONLY = ("the disk is read-only", "Copy the study to a disk that can be written to, then run it there.")
_REASONS: Mapping[int, tuple[str, str]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: ("the space allowed to you is used up", _FULL[1]),
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EBUSY: ("the file is in use", _RELEASE),
    errno.ETXTBSY: ("the file is in use", _RELEASE),
    errno.EROFS: _READ_ONLY,
    errno.EIO: ("the disk reports an error", "Look at the disk or network drive that holds the study, then run again."),
    errno.EFBIG: ("the file is larger than this disk allows", "Copy the study to another disk, then run it there."),
    errno.EMFILE: ("too many files are open", "Close other programs, then run again."),
    errno.ENFILE: ("too many files are open", "Close other programs, then run again."),
    errno.ENAMETOOLONG: ("the path is too long for this disk", "Move the study to a folder with a shorter path."),
}
_SHARING_VIOLATION = 32
"""What Windows reports for a file another program has open."""


def is_environment(error: OSError) -> bool:
    """Whether the disk, its permissions or another program refused, rather than a mistake of ours."""
    return error.errno in _REASONS or getattr(error, "winerror", None) == _SHARING_VIOLATION


def refused_by_system(error: OSError, doing: str, state: str) -> Refused:
    """E705 for ``error``; ``doing`` says what was attempted, from the study folder's point of view."""
    if getattr(error, "winerror", None) == _SHARING_VIOLATION:
        reason, fix = "the file is open in another program", _RELEASE
    else:
        name = errno.errorcode.get(error.errno or 0, "unknown")
        reason, fix = _REASONS.get(
            error.errno or 0,
            (f"the system refused ({name})", "Look at the disk that holds the study, then run again."),
        )
    problem = Problem(
        "E705",
        "",
        f"{doing} failed: {reason}",
        "A set that is only partly written could be taken for a whole one.",
        fix,
    )
    return Refused([problem], state)
