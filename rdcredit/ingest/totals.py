"""Rows of a table that are sums of other rows: labelled totals are controls, unlabelled subtotals are refused."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from rdcredit.money import CENT

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL = re.compile(r"(?:grand|report|company|sub)?[\s-]*totals?\b.*", re.IGNORECASE | re.DOTALL)
_BARE_LABEL = re.compile(
    r"(?:grand|report|company|sub)?[\s-]*totals?\s*:?|sub-?totals?\b.*|totals? for\b.*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """What the search for sums needs of one row.

    ``measures`` are the amounts by column, None where a cell is blank; ``readable`` is False where
    a cell that is not blank is no amount. ``incomplete``: a required cell is blank.
    """

    label: str
    identifier: str
    measures: tuple[Decimal | None, ...]
    incomplete: bool
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Sums:
    """Which rows are sums of others, by position."""

    totals: tuple[int, ...]
    """Labelled total rows."""
    subtotals: tuple[tuple[int, int], ...]
    """(row, number of rows above it that it repeats): unlabelled."""
    differing: tuple[tuple[int, int, Decimal, Decimal], ...]
    """(row, measure, stated, sum of the rows): labelled totals that do not agree."""


class _Running:
    """Sums of the rows since some point, kept as rows are added."""

    def __init__(self, width: int) -> None:
        self.sums = [Decimal(0)] * width
        self.count = 0

    def add(self, line: Line) -> None:
        self.count += 1
        for i, measure in enumerate(line.measures):
            self.sums[i] += measure or 0

    def repeated_by(self, line: Line) -> bool:
        """Whether every amount of ``line`` is the sum here, to the cent, and not all are zero."""
        stated = [(i, m) for i, m in enumerate(line.measures) if m is not None]
        if not self.count or not any(m for _, m in stated):
            return False
        return all(_agree(m, self.sums[i]) for i, m in stated)


def find_sums(lines: Sequence[Line], *, uniform: bool) -> Sums:
    """Separate the sums of a table from its records.

    ``uniform`` says that records are identified by numbers of one make, so that a word among them
    ("Engineering") gives a subtotal away; vendors are not.
    """
    shapes = Counter(_shape(line.identifier) if uniform else "" for line in lines)
    usual = shapes.most_common(1)[0][0] if uniform and shapes else ""
    width = len(lines[0].measures) if lines else 0
    totals: list[int] = []
    subtotals: list[tuple[int, int]] = []
    differing: list[tuple[int, int, Decimal, Decimal]] = []
    all_rows, block = _Running(width), _Running(width)
    certain = True
    for at, line in enumerate(lines):
        repeated = next((r for r in (block, all_rows) if r.repeated_by(line)), None)
        if _LABEL.fullmatch(line.label) and (repeated or _stands_for_total(line)):
            totals.append(at)
            if not repeated and certain:
                differing.extend(_differences(at, line, all_rows))
            block = _Running(width)
        elif repeated and _is_subtotal(line, repeated.count, usual, shapes):
            subtotals.append((at, repeated.count))
            block = _Running(width)
        else:
            certain = certain and line.readable
            all_rows.add(line)
            block.add(line)
    return Sums(tuple(totals), tuple(subtotals), tuple(differing))


def _stands_for_total(line: Line) -> bool:
    """A vendor may be called "Total Energies"; a row of its name that lacks nothing is a record."""
    return line.incomplete or _BARE_LABEL.fullmatch(line.label) is not None


def _is_subtotal(line: Line, count: int, usual: str, shapes: Counter[str]) -> bool:
    """Whether a row that repeats the sum of ``count`` rows is no record of its own."""
    if not line.identifier:
        return True
    return count > 1 and (line.incomplete or _is_foreign(line, usual, shapes))


def _is_foreign(line: Line, usual: str, shapes: Counter[str]) -> bool:
    """Whether a row's identifier is a word where most have digits."""
    is_word = not any(c.isdigit() for c in line.identifier)
    return is_word and "9" in usual and shapes[usual] * 2 > shapes.total()


def _differences(at: int, line: Line, rows: _Running) -> list[tuple[int, int, Decimal, Decimal]]:
    return [
        (at, i, stated, rows.sums[i])
        for i, stated in enumerate(line.measures)
        if stated is not None and not _agree(stated, rows.sums[i])
    ]


def _agree(stated: Decimal, added: Decimal) -> bool:
    """To the cent: spreadsheets add binary fractions."""
    return abs(stated - added) * 2 < CENT


def _shape(identifier: str) -> str:
    """The make of an identifier: letters as A, digits as 9, runs of each as one."""
    masked = "".join("9" if c.isdigit() else "A" if c.isalpha() else c for c in identifier)
    return re.sub(r"(.)\1+", r"\1", masked)
