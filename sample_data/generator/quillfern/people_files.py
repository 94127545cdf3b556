"""The tables of people: the people list, the payroll register, the time export and the survey."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
from openpyxl.styles import Font

from generator.charges import cents
from generator.days import days_of, is_working_day, last_working_day, months_of, next_month, on_or_before_working
from generator.files import csv_text, workbook
from generator.quillfern.company import CHANCE, YEAR
from generator.quillfern.roster import PEOPLE, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

PAY_PERIODS = 24
BONUS_DAY = date(YEAR, 12, 19)
_QUARTER = Decimal("0.25")
"""Hours are entered by the quarter."""
_WORKDAY = 32
"""Quarters of an hour in a working day."""
_LEAVE_DAYS = 17
_TWO_PROJECTS = 55
"""Percentage of days that a timesheet splits between two projects."""

PAYROLL_HEADER = (
    "Employee ID", "Employee Name", "Pay Date", "Pay Type", "Gross Pay", "Pre-Tax Deductions", "Taxable Wages",
)  # fmt: skip


class Check(NamedTuple):
    """One line of the payroll register."""

    person: Person
    paid: date
    kind: str
    gross: Decimal
    pretax: Decimal

    @property
    def taxable(self) -> Decimal:
        """Wages subject to withholding: gross less the deferral."""
        return self.gross - self.pretax


def _yes_no(value: bool) -> str:  # noqa: FBT001 - the one thing it formats
    return "Yes" if value else "No"


def people_csv() -> bytes:
    """The people list: role and place of everybody on the payroll."""
    header = ("Employee ID", "Employee Name", "Title", "Department", "Work Country", "Work State", "Officer", "Owner",
              "Role Evidence")  # fmt: skip
    rows = ((p.id, p.name, p.title, p.department, p.country, p.state, _yes_no(p.officer), _yes_no(p.owner), p.evidence)
            for p in PEOPLE)  # fmt: skip
    return csv_text(header, rows)


def _pay_days() -> Iterator[tuple[date, date, date]]:
    """(first day of the period, last day, pay date), twice a month."""
    for month in months_of(YEAR):
        middle = month.replace(day=15)
        yield month, middle, on_or_before_working(middle)
        yield month.replace(day=16), days_of(month)[-1], last_working_day(month)


def _check(person: Person, paid: date, kind: str, gross: Decimal) -> Check:
    return Check(person, paid, kind, gross, cents(gross * person.deferral / 100))


def _regular(person: Person) -> Iterator[Check]:
    for first, last, paid in _pay_days():
        days = [d for d in days_of(first.replace(day=1)) if first <= d <= last and is_working_day(d)]
        worked = [d for d in days if person.began <= d <= person.left]
        if worked:
            full = Decimal(person.salary) / PAY_PERIODS
            yield _check(person, paid, "Regular", cents(full * len(worked) / len(days)))


def checks() -> list[Check]:
    """Every line of the register, by pay date and person.

    One check of May was issued for twice the amount, voided and issued again.
    """
    lines: list[Check] = []
    for person in PEOPLE:
        lines.extend(_regular(person))
        if person.bonus and person.left > BONUS_DAY:
            lines.append(_check(person, BONUS_DAY, "Bonus", Decimal(person.bonus)))
    wrong = next(n for n, c in enumerate(lines) if c.person.id == "E-014" and c.paid == date(YEAR, 5, 15))
    right = lines[wrong]
    lines[wrong] = doubled = _check(right.person, right.paid, "Regular", right.gross * 2)
    lines.append(doubled._replace(paid=date(YEAR, 5, 20), kind="Void", gross=-doubled.gross, pretax=-doubled.pretax))
    lines.append(right._replace(paid=date(YEAR, 5, 20), kind="Correction"))
    return sorted(lines, key=lambda c: (c.paid, c.person.id, c.kind != "Void"))


def payroll_xlsx() -> bytes:
    """The register as the employer organisation exports it: a title, the lines, a totals row."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Payroll Register"
    bold = Font(bold=True)
    for title in ("Quillfern Tensorworks, Inc.", f"Payroll Register by Pay Date, 01/01/{YEAR} - 12/31/{YEAR}"):
        sheet.append([title])
    sheet.append([])
    sheet.append(PAYROLL_HEADER)
    lines = checks()
    for line in lines:
        sheet.append([line.person.id, line.person.name, datetime.combine(line.paid, time()), line.kind, line.gross,
                      line.pretax, line.taxable])  # fmt: skip
    sheet.append(["Totals", None, None, None, *(sum(getattr(c, key) for c in lines)
                                               for key in ("gross", "pretax", "taxable"))])  # fmt: skip
    for number in (1, 4, sheet.max_row):
        for cell in sheet[number]:
            cell.font = bold
    for row in sheet.iter_rows(min_row=5):
        row[2].number_format = "mm/dd/yyyy"
        for cell in row[4:]:
            cell.number_format = "#,##0.00"
    for column, width in zip("ABCDEFG", (12, 28, 12, 12, 14, 20, 16), strict=True):
        sheet.column_dimensions[column].width = width
    return workbook(book)


def taxable_total() -> Decimal:
    """What the year's W-3 states in box 1."""
    return sum((line.taxable for line in checks()), Decimal(0))


def _on_leave(person: Person) -> set[date]:
    """Days of leave, drawn over the time the person was employed."""
    year = [d for month in months_of(YEAR) for d in days_of(month) if is_working_day(d)]
    worked = [d for d in year if person.began <= d <= person.left]
    count = _LEAVE_DAYS * len(worked) // len(year)
    return {CHANCE.pick(worked, "leave", person.id, n) for n in range(count)}


def _day(person: Person, day: date) -> Iterator[tuple[str, str, Decimal]]:
    """(project, activity, hours) of one day's timesheet."""
    mix = person.later if person.later and day >= date(YEAR, 10, 1) else person.mix
    name = ("time", person.id, str(day))
    quarters = _WORKDAY + CHANCE.between(-2, 3, *name, "length")
    first = CHANCE.weighted(mix, *name, "first")
    others = tuple(entry for entry in mix if entry[0] != first)
    if not others or not CHANCE.happens(_TWO_PROJECTS, *name, "split"):
        yield *first, quarters * _QUARTER
        return
    second = CHANCE.weighted(others, *name, "second")
    longer = quarters * CHANCE.between(55, 80, *name, "share") // 100
    yield *first, longer * _QUARTER
    yield *second, (quarters - longer) * _QUARTER


def time_csv() -> bytes:
    """The time export: a line a person, day and project, in hours."""
    rows: list[tuple[str, ...]] = []
    leave = {person.id: _on_leave(person) for person in PEOPLE if person.record == "timesheet"}
    for day in (d for month in months_of(YEAR) for d in days_of(month) if is_working_day(d)):
        for person in (p for p in PEOPLE if p.id in leave and p.began <= day <= p.left):
            away = day in leave[person.id]
            entries = [("PTO", "Leave", _WORKDAY * _QUARTER)] if away else _day(person, day)
            rows.extend((person.id, f"{day:%Y-%m-%d}", project, activity, f"{hours.normalize():f}")
                        for project, activity, hours in entries)  # fmt: skip
    return csv_text(("Employee ID", "Date", "Project", "Activity", "Hours"), rows)


def survey_csv() -> bytes:
    """The quarterly survey of those who keep no timesheet: percentages that come to 100."""
    rows: list[tuple[str, ...]] = []
    for quarter in range(4):
        first = date(YEAR, 3 * quarter + 1, 1)
        last = days_of(next_month(next_month(first)))[-1]
        rows.extend(
            (
                p.id,
                f"{max(first, p.began):%Y-%m-%d}",
                f"{last:%Y-%m-%d}",
                project,
                activity,
                str(percent),
                f"Survey of quarter {quarter + 1}, {YEAR}",
            )
            for p in PEOPLE
            for (project, activity), percent in (p.quarters[quarter] if p.quarters else ())
        )
    return csv_text(("Employee ID", "Period Start", "Period End", "Project", "Activity", "Percent", "Source"), rows)
