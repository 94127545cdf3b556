"""A fault of ``study.toml`` before its line is known, and its place in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, shown
from rdcredit.study.positions import line_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdcredit.study.positions import Path

FILE_NAME = "study.toml"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one key; ``at`` is the key's path in the document."""

    code: str
    at: Path
    what: str
    why: str
    fix: str

    def problem(self, lines: Mapping[Path, int], file: str = FILE_NAME) -> Problem:
        """The same as a problem with its place in the file."""
        return Problem(self.code, place(self.at, lines, file), self.what, self.why, self.fix)


def header(path: Path) -> str:
    """The header of the table at ``path`` as TOML writes it: ``[study]``, ``[[inputs]] 2``; empty for the document."""
    names = ".".join(str(step) for step in path if isinstance(step, str))
    if not names:
        return ""
    if isinstance(path[-1], int):
        return f"[[{names}]] {path[-1] + 1}"
    return f"[{names}]"


def place(path: Path, lines: Mapping[Path, int], file: str = FILE_NAME) -> str:
    """``study.toml line 12, [[components]] 2, key released``."""
    line = line_of(lines, path)
    where = f"{file} line {line:,}" if line else file
    indexes = [i for i, step in enumerate(path) if isinstance(step, int)]
    split = indexes[0] + 1 if indexes else min(1, len(path) - 1)
    table = header(path[:split])
    key = ".".join(_step(step) for step in path[split:])
    return ", ".join(part for part in (where, table, f"key {key}" if key else "") if part)


def said(value: object) -> str:
    """A value of the document as a message may print it, whatever its type."""
    match value:
        case str():
            return shown(value)
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list() | tuple():
            return "a list"
        case int() if value.bit_length() > _LONGEST_NUMBER:
            return "a very long number"
        case _:
            return shown(str(value))[1:-1]


_LONGEST_NUMBER = 200
"""Bits; Python refuses to print numbers of thousands of digits, and nobody reads them."""


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return str(step + 1)
    return step if step.isascii() and step.isprintable() else shown(step)
