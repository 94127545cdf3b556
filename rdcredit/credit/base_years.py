"""QREs and gross receipts of the taxable years before the credit year, as figures.

Base-year QREs are given on the credit year's definition (section 41(c)(5)); a category still to be
restated is missing and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.facts.records import Category, YearKind
from rdcredit.figure.expression import (
    Column,
    Expr,
    IsOneOf,
    Leaf,
    Line,
    MonthsBetween,
    Row,
    Schedule,
    Unit,
    days,
    known,
    numbers,
    total,
    when,
    words,
)
from rdcredit.figure.origin import FromStatement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from fractions import Fraction

    from rdcredit.facts.records import Facts, TaxYear


def year_name(year: TaxYear) -> str:
    """A year in words: ``2024``, or with its days where it is not a calendar year."""
    if year.kind is YearKind.FULL and year.begin.month == 1 and year.begin.day == 1:
        return year.label
    return f"the year from {year.begin} to {year.end}"


@dataclass(frozen=True, slots=True, eq=False)
class BaseYear:
    """One earlier year with its QREs as a figure."""

    year: TaxYear
    categories: dict[Category, Leaf[Fraction]]
    qre: Line[Fraction]


def base_year(year: TaxYear) -> BaseYear:
    """The QREs of one earlier year by category, and in all.

    Source: IRC 41(c)(5)(A); Treas. Reg. 1.41-9(c)(2).
    """
    name = year_name(year)
    leaves = {
        category: year.qre[category].leaf(
            f"s41.base_years.{year.end}.{category}", f"{str(category).replace('_', ' ').capitalize()} QREs of {name}"
        )
        for category in Category
    }
    line = Line(
        f"s41.base_years.{year.end}.qre",
        f"QREs of {name}, on the credit year's definition",
        total(leaves.values()),
        "IRC 41(c)(5)(A); Treas. Reg. 1.41-9(c)(2)",
    )
    return BaseYear(year, leaves, line)


@dataclass(frozen=True, slots=True, eq=False)
class YearColumns:
    """The columns every schedule of years starts with."""

    name: Column[str]
    begin: Column[date]
    end: Column[date]
    kind: Column[str]

    def all(self) -> tuple[Column[str] | Column[date], ...]:
        """The columns in order."""
        return (self.name, self.begin, self.end, self.kind)


def year_columns() -> YearColumns:
    """New columns for a schedule with a row a taxable year."""
    return YearColumns(
        words("year", "taxable year", width=30),
        days("begin", "begins"),
        days("end", "ends"),
        words("kind", "kind of year", width=12),
    )


def year_cells(schedule_id: str, year: TaxYear, source: str) -> dict[str, Leaf[str] | Leaf[date]]:
    """The cells of :func:`year_columns` for one year."""
    origin = FromStatement(source, f"taxable year ended {year.end}")
    base = f"{schedule_id}.{year.end}"
    return {
        "year": known(f"{base}.year", "taxable year", year_name(year), origin, Unit.TEXT),
        "begin": known(f"{base}.begin", "first day", year.begin, origin, Unit.DATE),
        "end": known(f"{base}.end", "last day", year.end, origin, Unit.DATE),
        "kind": known(f"{base}.kind", "kind of year", str(year.kind), origin, Unit.TEXT),
    }


@dataclass(frozen=True, slots=True, eq=False)
class Receipts:
    """Gross receipts of earlier years, short years put on a twelve-month footing."""

    schedule: Schedule
    annualised: Column[Fraction]


def is_short(kind: Expr[str]) -> Expr[bool]:
    """Whether a year is short; a 52-53-week year is not."""
    return IsOneOf(kind, (str(YearKind.SHORT),))


def base_receipts(facts: Facts, years: Sequence[TaxYear]) -> Receipts:
    """Receipts of Reg. 1.41-3(c) of the given years.

    Source: Treas. Reg. 1.41-3(b): a short year's receipts times twelve by its months.
    """
    schedule_id = "s41.regular.receipts"
    columns = year_columns()
    receipts = numbers("receipts", "gross receipts")
    months = numbers("months", "months", MonthsBetween(columns.begin, columns.end), Unit.COUNT, width=9)
    annualised = numbers(
        "annualised", "on a twelve-month footing", when(is_short(columns.kind), receipts * 12 / months, receipts)
    )
    rows = tuple(
        Row(
            str(y.end),
            {
                **year_cells(schedule_id, y, facts.source),
                "receipts": y.receipts_base.leaf(f"{schedule_id}.{y.end}", f"gross receipts of {year_name(y)}"),
            },
        )
        for y in years
    )
    schedule = Schedule(
        schedule_id,
        "Gross receipts of the preceding taxable years",
        (*columns.all(), receipts, months, annualised),
        rows,
        cite="IRC 41(c)(1)(B); Treas. Reg. 1.41-3(b), (c)",
    )
    return Receipts(schedule, annualised)
