"""On which line of a TOML text each key is written: the standard reader keeps no positions."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]
"""A key's place in the document: table names and, inside arrays of tables, positions from 0."""

_PIECE = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}=\n]"
    r"|[^\"'#\[\]{}=\n]+",
    re.DOTALL,
)


def key_lines(text: str) -> dict[Path, int]:
    """The line, from 1, of every table header and every key outside inline tables.

    ``text`` must be valid TOML.
    """
    lines: dict[Path, int] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    for line, key, is_value in _statements(text):
        if is_value:
            lines.setdefault(table + _names(f"{key} = 0"), line)
            continue
        double = key.startswith("[[")
        table = ()
        names = _names(key)
        for depth, name in enumerate(names):
            table = (*table, str(name))
            if double and depth == len(names) - 1:
                counts[table] = counts.get(table, -1) + 1
            if table in counts:
                table = (*table, counts[table])
        lines.setdefault(table, line)
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of the key at ``path``, or of the nearest table or inline table around it."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _statements(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each header or key with its line, and whether it is a key with a value."""
    line = start = 1
    depth = 0
    key = ""
    valued = False
    for match in _PIECE.finditer(text + "\n"):
        piece = match.group()
        if piece == "\n" and depth == 0:
            if key.strip():
                yield start, key.strip(), valued
            key, valued = "", False
        elif piece == "=" and depth == 0:
            valued = True
        elif not piece.startswith("#"):
            depth += (piece in ("[", "{")) - (piece in ("]", "}"))
            if not valued:
                start = start if key.strip() else line
                key += piece
        line += piece.count("\n")


def _names(statement: str) -> tuple[str, ...]:
    """The names of a dotted key or header, unquoted by the TOML reader itself."""
    names: list[str] = []
    value: object = tomllib.loads(statement)
    while isinstance(value, (dict, list)) and value:
        if isinstance(value, list):
            value = value[0]
        else:
            name, value = next(iter(value.items()))
            names.append(str(name))
    return tuple(names)
