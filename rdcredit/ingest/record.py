"""One record of a table, its cells read by kind; what cannot be read becomes a problem, never a guess.

An unreadable amount sets its row aside: the dollars are unknown, so the row is kept in
``Findings.held`` and asked about. An unreadable cell of another required column refuses the
file; of an optional one it leaves the field unknown and asks.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from rdcredit.errors import Problem, shown
from rdcredit.ingest.columns import Kind
from rdcredit.ingest.grid import DATE, NUMBER, TEXT
from rdcredit.ingest.records import HeldRow
from rdcredit.ingest.values import (
    NeedsFormat,
    NotAValue,
    OutOfRange,
    has_decimal_comma,
    read_country,
    read_day,
    read_hours,
    read_money,
    read_month,
    read_percent,
    read_share,
    read_yes_no,
)
from rdcredit.source import FileRef, RowRef

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from decimal import Decimal

    from rdcredit.ingest.columns import Column

_DAMAGED = re.compile(r"\d(?:\.\d+)?E\+\d{2,}", re.IGNORECASE)
_EXACT_DIGITS = 15
"""Digits a spreadsheet keeps of a number; later ones become zeros."""
_LOST_DIGITS = re.compile(r"\d{15}0{2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_YEAR = re.compile(r"(?:19|20)\d\d")

_Read = TypeVar("_Read")


@dataclass(slots=True)
class Findings:
    """Problems, rows set aside and counted notes of one table while it is read."""

    problems: list[Problem] = field(default_factory=list)
    held: list[HeldRow] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """Notes, to be printed with their counts."""
    unformatted: dict[Column, tuple[str, str, int]] = field(default_factory=dict)
    """Date columns in need of a format: first place, its value as it may be shown, how many cells."""

    doubtful: set[str] = field(default_factory=set)
    """Persons of whom a row of time was set aside: their other rows no longer show how they divided it."""
    days: dict[Column, set[date]] = field(default_factory=dict)
    """Days read from required date columns, to say what the table covers."""

    def close(self) -> None:
        """Turn what was counted by column into problems."""
        for place, value, count in self.unformatted.values():
            self.problems.append(
                Problem(
                    "E351",
                    place,
                    f"{value} and {count - 1:,} other dates of this column could be month first or day first"
                    if count > 1
                    else f"the date {value} could be month first or day first",
                    "The order decides in which year a payment or an hour counts.",
                    'State date_format = "month-first" or "day-first" for this input, or export dates as 2025-01-31.',
                )
            )
        self.unformatted.clear()

    def notes(self) -> tuple[str, ...]:
        """The counted notes, and the days and months the table covers."""
        counted = [f"{note}: {count:,}" for note, count in sorted(self.counts.items()) if count]
        # First days of periods leave months out by their nature.
        gaps = len(self.days) == 1
        return (*counted, *(f"{column.name}: {_coverage(days, gaps=gaps)}" for column, days in self.days.items()))


def _coverage(days: set[date], *, gaps: bool) -> str:
    """First and last day, and with ``gaps`` the months between them that have none."""
    first, last = min(days), max(days)
    if not gaps:
        return f"{first} to {last}"
    present = {(day.year, day.month) for day in days}
    months = (divmod(n, 12) for n in range(first.year * 12 + first.month - 1, last.year * 12 + last.month))
    without = [f"{year}-{month + 1:02}" for year, month in months if (year, month + 1) not in present]
    return f"{first} to {last}" + (f", no rows in {', '.join(without)}" if without else "")


@dataclass(frozen=True, slots=True)
class Frame:
    """What all records of one table share."""

    file: FileRef
    sheet: str
    positions: Mapping[Column, int]
    required: tuple[Column, ...]
    """Columns in which a blank or unreadable cell is a fault."""
    date_format: str
    findings: Findings


@dataclass(frozen=True, slots=True)
class Record:
    """One record: ``number`` counts rows below the header from 1, ``line`` is its place in the file."""

    frame: Frame
    number: int
    line: int
    cells: tuple[str, ...]
    kinds: str

    @property
    def ref(self) -> RowRef:
        """Where it stands, for the ledger."""
        return RowRef(self.frame.file, self.number, self.frame.sheet)

    def place(self, column: Column | None = None) -> str:
        """Where it stands, for a message."""
        at = f"{self.ref} (line {self.line:,})"
        return f"{at}, column {column.name}" if column else at

    def raw(self, column: Column) -> str:
        """The cell as text; empty where the table has no such column."""
        position = self.frame.positions.get(column)
        return "" if position is None else self.cells[position]

    def text(self, column: Column) -> str:
        """A text; a control character in it refuses the file."""
        cell = self.raw(column)
        if match := _CONTROL.search(cell):
            self._refuse(
                "E109", column, f"the text holds the control character {shown(match[0])}", "Names would not match."
            )
        elif not cell and column in self.frame.required:
            self._refuse("E503", column, "the cell is blank", "The row cannot be assigned to anyone or anything.")
        return cell

    def identifier(self, column: Column) -> str:
        """An identifier, kept as text exactly; one that a spreadsheet has damaged refuses the file."""
        cell = self.text(column)
        kind = self.kinds[self.frame.positions[column]] if column in self.frame.positions else ""
        lost = (kind == NUMBER and len(cell) > _EXACT_DIGITS) or _LOST_DIGITS.fullmatch(cell)
        if lost or _DAMAGED.fullmatch(cell) or kind == DATE:
            fate = "was turned into a date" if kind == DATE else "has lost its last digits"
            self.problem(
                Problem(
                    "E355",
                    self.place(column),
                    f"the identifier {fate} in a spreadsheet program: {shown(cell, personal=column.personal)}",
                    "It no longer says who or what is meant.",
                    "Export the table again and do not open it in a spreadsheet first, or format the column as text.",
                )
            )
        return cell

    def amount(self, column: Column) -> Decimal | None:
        """An amount; None, with the row set aside, where it is blank or cannot be read."""
        return self._measure(column, read_money)

    def hours(self, column: Column) -> Decimal | None:
        """Hours, treated as an amount is."""
        return self._measure(column, read_hours)

    def percent(self, column: Column) -> Decimal | None:
        """A percentage from 0 to 100, treated as an amount is."""
        return self._measure(column, read_percent)

    def day(self, column: Column) -> date | None:
        """A day, or None where the cell is blank or unreadable; then asked about, or refused if required."""
        return self._dated(column, lambda text: read_day(text, self.frame.date_format))

    def first_day(self, column: Column) -> tuple[date | None, bool]:
        """A day or a whole month: its first day, and whether it is a month."""
        cell = self.raw(column)
        try:
            month = read_month(cell)
        except NotAValue:
            month = None
        return (month, True) if month else (self.day(column), False)

    def yes_no(self, column: Column) -> bool | None:
        """An answer, or None where nobody has given one."""
        return self._asked(column, read_yes_no, 'Write "yes" or "no", or leave the cell blank.')

    def share(self, column: Column) -> Decimal | None:
        """A share from 0 to 1, or None."""
        return self._asked(column, read_share, 'Write "25%" or "0.25".')

    def country(self, column: Column) -> str:
        """A two-letter country code, or empty where the place is unknown."""
        return self._asked(column, read_country, 'Write the country or its two-letter code, for example "US".') or ""

    def year(self, column: Column) -> int | None:
        """A calendar year; anything else refuses the file."""
        cell = self.raw(column)
        if _YEAR.fullmatch(cell):
            return int(cell)
        self._refuse("E351", column, f"{shown(cell)} is not a year", "The amount would count in no year.")
        return None

    def problem(self, problem: Problem) -> None:
        """Add a problem to those of the table."""
        self.frame.findings.problems.append(problem)

    def hold(self, code: str, column: Column, what: str, why: str, fix: str) -> None:
        """Ask about this row; the run goes on."""
        self.problem(Problem(code, self.place(column), what, why, fix, held=True))

    def set_aside(self, column: Column) -> None:
        """Keep the row among those that could not be used."""
        text = shown(self.raw(column), personal=True) if column.personal else self.raw(column)
        self.frame.findings.held.append(HeldRow(self.frame.file, self.number, column.name, text))

    def _refuse(self, code: str, column: Column, what: str, why: str) -> None:
        self.problem(Problem(code, self.place(column), what, why, "Correct the cell in the source and export again."))

    def _measure(self, column: Column, read: Callable[[str], Decimal]) -> Decimal | None:
        cell = self.raw(column)
        try:
            value = read(cell)
        except OutOfRange as error:
            self._refuse("E227", column, f"the cell {error}", "It cannot be an amount of money or time.")
            return None
        except NotAValue as error:
            self._unreadable_measure(column, cell, error)
            return None
        if self.kinds[self.frame.positions[column]] == TEXT:
            self.frame.findings.counts["numbers stored as text, read by rule"] += 1
        self.frame.findings.counts[f"negative cells of {column.name}"] += value < 0
        return value

    def _unreadable_measure(self, column: Column, cell: str, error: NotAValue) -> None:
        value = f" {shown(cell, personal=column.personal)}" if cell else ""
        if has_decimal_comma(cell):
            self.problem(
                Problem(
                    "E115",
                    self.place(column),
                    f"the cell{value} is written with a decimal comma",
                    "Guessing where the decimals begin could change the credit.",
                    "Export the table with decimal points.",
                )
            )
            return
        self.set_aside(column)
        code = "E241" if column.kind == Kind.PERCENT and "percent" in str(error) else "E214"
        self.hold(
            code,
            column,
            f"the cell{value} {error}",
            "Blank is not zero: the row is set aside and counts for nothing until it is answered.",
            "Write the amount, or 0 if that is what is meant, in the source and export again.",
        )

    def _dated(self, column: Column, read: Callable[[str], date]) -> date | None:
        cell = self.raw(column)
        if not cell:
            if column in self.frame.required:
                self._refuse("E503", column, "the cell is blank", "It decides in which year the row counts.")
            return None
        try:
            day = read(cell)
        except NeedsFormat:
            known = self.frame.findings.unformatted
            place, value, count = known.get(column, (self.place(column), shown(cell), 0))
            known[column] = (place, value, count + 1)
        except NotAValue as error:
            problem = Problem(
                "E351",
                self.place(column),
                f"the date {shown(cell, personal=column.personal)} {error}",
                "The date decides in which year the row counts.",
                "Write the date in full, as 2025-01-31, in the source and export again.",
                held=column not in self.frame.required,
            )
            self.problem(problem)
        else:
            if column in self.frame.required:
                self.frame.findings.days.setdefault(column, set()).add(day)
            return day
        return None

    def _asked(self, column: Column, read: Callable[[str], _Read], fix: str) -> _Read | None:
        cell = self.raw(column)
        if not cell:
            return None
        try:
            return read(cell)
        except NotAValue as error:
            value = shown(cell, personal=column.personal)
            self.hold(
                "E502", column, f"{value} {error}", "The field is treated as unknown, which holds the dollars.", fix
            )
            return None
