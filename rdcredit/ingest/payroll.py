"""Wages: a payroll register with pay dates, or a list of W-2 box 1 figures.

Wages of the credit are those of section 3401(a): taxable pay by pay date. A register without
taxable wages is read as gross pay less declared pre-tax deductions; gross pay alone and net pay
are never read as wages. Void, reversal and off-cycle rows stay as they are, negative ones included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.errors import Problem
from rdcredit.ingest.columns import Column, Kind
from rdcredit.ingest.person import NAMES, PERSON, name_of
from rdcredit.ingest.records import PayRow
from rdcredit.ingest.tables import Layout

if TYPE_CHECKING:
    from decimal import Decimal

    from rdcredit.ingest.record import Record
    from rdcredit.ingest.tables import Table

PAY_DATE = Column(
    "Pay Date",
    Kind.DATE,
    ("Check Date", "Payment Date", "Paid Date", "Pay Day", "Payday", "Date Paid", "Payroll Date"),
    instead="A pay period does not say when it was paid, and the date of payment decides the year.",
)
PAY_TYPE = Column("Pay Type", aliases=("Payroll Type", "Run Type", "Earning Type", "Earnings", "Earnings Code", "Type"))
GROSS = Column("Gross Pay", Kind.AMOUNT, ("Gross", "Gross Earnings", "Gross Wages", "Total Gross"), personal=True)
PRETAX = Column(
    "Pre-Tax Deductions",
    Kind.AMOUNT,
    ("Pretax Deductions", "Employee Pre-Tax Deductions", "Total Pre-Tax Deductions", "Pre Tax", "Pre-Tax Deduction"),
    personal=True,
)
TAXABLE = Column(
    "Taxable Wages",
    Kind.AMOUNT,
    (
        "Federal Taxable Wages", "FIT Taxable Wages", "FIT Taxable", "Federal Taxable", "Taxable Pay", "Taxable Gross",
        "Federal Wages", "FIT Wages", "Federal Income Tax Wages",
    ),
    personal=True,
    instead="Gross pay without its pre-tax deductions, or net pay, is not wages under section 3401(a).",
)  # fmt: skip
YEAR = Column("Tax Year", Kind.YEAR, ("Year", "W-2 Year", "Calendar Year"))
BOX_1 = Column(
    "W-2 Box 1",
    Kind.AMOUNT,
    ("Box 1", "Box 1 Wages", "W2 Box 1 Wages", "Wages, Tips, Other Compensation", "Wages Tips Other Comp"),
    personal=True,
)

LAYOUT = Layout(
    columns=(PERSON, *NAMES, PAY_DATE, PAY_TYPE, GROSS, PRETAX, TAXABLE, YEAR, BOX_1),
    required=((PERSON, PAY_DATE, TAXABLE), (PERSON, PAY_DATE, GROSS, PRETAX), (PERSON, YEAR, BOX_1)),
    unique_rows=True,
)


def read_pay(table: Table) -> tuple[PayRow, ...]:
    """The rows of a register or of a W-2 list whose amounts can be read."""
    read = _w2_row if BOX_1 in table.required else _register_row
    return tuple(row for row in map(read, table.records) if row is not None)


def _w2_row(record: Record) -> PayRow | None:
    person, name, year, taxable = (
        record.identifier(PERSON),
        name_of(record),
        record.year(YEAR),
        record.amount(BOX_1),
    )
    if taxable is None:
        return None
    return PayRow(record.ref, person, name, taxable, pay_date=None, year=year, kind="W-2 box 1")


def _register_row(record: Record) -> PayRow | None:
    person, name, day = record.identifier(PERSON), name_of(record), record.day(PAY_DATE)
    kind = record.text(PAY_TYPE).casefold() or "regular"
    given = {column: _given(record, column) for column in (GROSS, PRETAX, TAXABLE)}
    if any(value is None and _is_needed(record, column) for column, value in given.items()):
        return None
    gross, pretax, taxable = given[GROSS], given[PRETAX], given[TAXABLE]
    if taxable is None:
        if gross is None or pretax is None:
            return None
        _check_deduction(record, gross, pretax)
        taxable = gross - pretax
    return PayRow(record.ref, person, name, taxable, day, gross=gross, pretax=pretax, kind=kind)


def _is_needed(record: Record, column: Column) -> bool:
    return column in record.frame.required or bool(record.raw(column))


def _given(record: Record, column: Column) -> Decimal | None:
    """An amount; a blank one is a fault only where the wages are read from it."""
    return record.amount(column) if _is_needed(record, column) else None


def _check_deduction(record: Record, gross: Decimal, pretax: Decimal) -> None:
    if gross * pretax < 0 or abs(pretax) > abs(gross):
        record.problem(
            Problem(
                "E242",
                record.place(PRETAX),
                "the deduction has another sign than the gross pay, or exceeds it",
                "Gross less such a deduction would overstate the wages.",
                "Export deductions with the sign of the pay they reduce, or export taxable wages.",
            )
        )
