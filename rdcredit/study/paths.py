"""Paths written in ``study.toml``: relative, with forward slashes, and never outside the study folder."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from rdcredit.errors import Problem, Refused, shown

_DRIVE = re.compile(r"[A-Za-z]:")
RESERVED = ("out", "build", "review", "templates")
"""Folders of the study that the program itself writes or reads for another purpose."""

_WHY = "A study must hold all that it was computed from, and must read nothing else on this computer."


def fault_of(text: str) -> str | None:
    """What is wrong with a path by its text alone; None where nothing is."""
    if any(not c.isprintable() for c in text):
        return "holds a character that cannot be printed"
    if "\\" in text:
        return "uses backslashes"
    if text.startswith(("/", "~")) or _DRIVE.match(text):
        return "is not relative to the study folder"
    parts = PurePosixPath(text).parts
    if ".." in parts:
        return "leaves the study folder"
    if not parts:
        return "is the study folder itself"
    return None


def inside(root: Path, text: str) -> Path:
    """The file or folder at ``text`` below ``root``, which need not exist.

    Raises:
        Refused: E124, also where a link on the way leads out of the study folder.
    """
    problem = outside_problem(root, text, place="study.toml")
    if problem:
        raise Refused([problem])
    return root.joinpath(*PurePosixPath(text).parts)


def outside_problem(root: Path, text: str, place: str) -> Problem | None:
    """The refusal of a path that does not stay in the study folder; None for one that does."""
    fault = fault_of(text)
    if fault is None:
        home = root.resolve()
        try:
            real = root.joinpath(*PurePosixPath(text).parts).resolve()
        except (OSError, RuntimeError):  # links that go round in a circle
            fault = "cannot be followed"
        else:
            fault = None if real.is_relative_to(home) and real != home else "leads out of the study folder by a link"
    if fault is None:
        return None
    return Problem(
        "E124",
        place,
        f"the path {shown(text)} {fault}",
        _WHY,
        'Copy the file into the folder inputs and write its path from the study folder, such as "inputs/march.csv".',
    )
