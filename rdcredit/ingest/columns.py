"""Columns of a table by meaning, and finding them in a header by folded names, aliases and stated overrides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, shown
from rdcredit.ingest.format import fold
from rdcredit.study.names import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdcredit.ingest.grid import GridRow

HEADER_SEARCH = 60
"""Rows looked at for a header; above it stand titles, addresses and report dates."""
_LEAST_MATCHES = 2


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    AMOUNT = "amount"
    HOURS = "hours"
    DATE = "date"
    PERCENT = "percent"
    SHARE = "share"
    YES_NO = "yes or no"
    COUNTRY = "country"
    YEAR = "year"


ADDED_UP = (Kind.AMOUNT, Kind.HOURS)
"""Kinds of which a total row states the sum."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of a role: its canonical header, other headers it is known by, and how it is read.

    Each is one constant of its role's module, compared by identity: it is the key of every cell.

    Of several aliases found in one header, the first listed is read; amounts of money are asked
    about instead, because the choice would change a figure.
    """

    name: str
    kind: Kind = Kind.TEXT
    aliases: tuple[str, ...] = ()
    personal: bool = False
    """Its values are never printed in a message."""
    instead: str = ""
    """What people often offer instead of it and why that does not do: a sentence for the message that it is missing."""

    @property
    def names(self) -> tuple[str, ...]:
        """Folded header names, the canonical one first."""
        return tuple(filter(None, (fold(name) for name in (self.name, *self.aliases))))


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands; ``doubles`` are columns of which several candidates were found."""

    at: int
    """Position of the header row among the rows of the grid."""
    positions: Mapping[Column, int]
    doubles: Mapping[Column, tuple[int, ...]]


def find_header(
    rows: Sequence[GridRow], columns: Sequence[Column], overrides: Mapping[Column, str]
) -> tuple[Header | None, int]:
    """The first row, near the top, that names the most columns; and how many it names.

    Returns no header where no row names two of them.
    """
    best: Header | None = None
    most = 0
    for at, row in enumerate(rows[:HEADER_SEARCH]):
        found = _match(at, row.cells, columns, overrides)
        if len(found.positions) > most:
            best, most = found, len(found.positions)
    return (best if most >= _LEAST_MATCHES else None), most


def _match(at: int, cells: Sequence[str], columns: Sequence[Column], overrides: Mapping[Column, str]) -> Header:
    folded = [fold(cell) for cell in cells]
    claimed = {fold(name) for name in overrides.values()}
    positions: dict[Column, int] = {}
    doubles: dict[Column, tuple[int, ...]] = {}
    for column in columns:
        names = (
            (fold(overrides[column]),) if column in overrides else tuple(n for n in column.names if n not in claimed)
        )
        by_name = [[i for i, header in enumerate(folded) if header == name] for name in names]
        candidates = [places for places in by_name if places]
        if not candidates:
            continue
        positions[column] = candidates[0][0]
        is_canonical = bool(by_name[0])
        if len(candidates[0]) > 1:
            doubles[column] = tuple(candidates[0])
        elif len(candidates) > 1 and column.kind == Kind.AMOUNT and not is_canonical:
            doubles[column] = tuple(sorted(i for places in candidates for i in places))
    return Header(at, positions, doubles)


def stated_overrides(
    stated: Mapping[str, str], columns: Sequence[Column], place: str
) -> tuple[dict[Column, str], list[Problem]]:
    """``columns = { ... }`` of an input by column, and the keys that name none."""
    known = {fold(column.name): column for column in columns}
    overrides: dict[Column, str] = {}
    problems = []
    for key, header in stated.items():
        if column := known.get(fold(key)):
            overrides[column] = header
            continue
        near = nearest(key, [c.name for c in columns])
        problems.append(
            Problem(
                "E501",
                f"study.toml, columns of {place}",
                f"{shown(key)} is not a column of this role",
                "The setting would have no effect.",
                f"Use {shown(near)}." if near else f"The columns are: {', '.join(c.name for c in columns)}.",
            )
        )
    return overrides, problems


def missing_columns(
    missing: Sequence[Column], headers: Sequence[str], overrides: Mapping[Column, str], place: str
) -> list[Problem]:
    """E117 for each required column, with the header it may have been meant by.

    Only a header close to a known name is printed: in a file without a header row the first row
    holds values of persons.
    """
    problems = []
    for column in missing:
        if column in overrides:
            what = f"the header {shown(overrides[column])}, named in study.toml for {column.name}, is not in the file"
            wanted = overrides[column]
        else:
            what, wanted = f"the column {shown(column.name)} is missing", column.name
        near = _near_header(wanted, column, headers)
        hint = f"If {shown(near)} is it, state" if near else "Export it, or state its header:"
        header = near or "its header"
        problems.append(
            Problem(
                "E117",
                place,
                what,
                column.instead or "Nothing stands in for it, and nothing is guessed.",
                f'{hint} columns = {{ "{column.name}" = "{header}" }} for this input in study.toml.',
            )
        )
    return problems


def _near_header(wanted: str, column: Column, headers: Sequence[str]) -> str | None:
    for name in (wanted, column.name, *column.aliases):
        by_fold = {fold(h): h for h in headers if h.strip()}
        if near := nearest(fold(name), by_fold):
            return by_fold[near]
    return None
