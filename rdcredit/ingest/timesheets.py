"""Time by person and project, in hours or as a percentage of a period."""

from __future__ import annotations

from calendar import monthrange
from functools import cache
from typing import TYPE_CHECKING

from rdcredit.errors import Problem
from rdcredit.ingest.columns import Column, Kind
from rdcredit.ingest.format import fold
from rdcredit.ingest.person import PERSON
from rdcredit.ingest.records import TimeRow
from rdcredit.ingest.tables import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from rdcredit.ingest.record import Record
    from rdcredit.ingest.records import TimeKind
    from rdcredit.ingest.tables import Table

WHO = Column(
    "Employee ID",
    Kind.IDENTIFIER,
    (*(alias for alias in PERSON.aliases if alias != "ID"), "User Email", "Username", "User", "Member", "Person"),
    personal=True,
)
"""Who worked. A bare "ID" is left out: in time exports it numbers the entries."""
DATE = Column("Date", Kind.DATE, ("Work Date", "Entry Date", "Spent Date", "Day", "Start Date", "Started At"))
BEGIN = Column("Period Start", Kind.DATE, ("Period Begin", "Period From", "From", "Week Starting", "Period", "Month"))
END = Column("Period End", Kind.DATE, ("Period To", "Period Through", "To", "Through", "Week Ending"))
PROJECT = Column("Project", aliases=("Project Name", "Project Code", "Job", "Job Number"))
ACTIVITY = Column("Activity", aliases=("Activity Type", "Work Type", "Activity Code", "Category", "Task"))
HOURS = Column(
    "Hours",
    Kind.HOURS,
    ("Hours Worked", "Duration (decimal)", "Duration (h)", "Duration", "Time (h)", "Total Hours", "Quantity"),
)
PERCENT = Column(
    "Percent", Kind.PERCENT, ("Percentage", "Percent of Time", "Time Percent", "Allocation %", "Allocation Percent")
)
SOURCE = Column("Source", aliases=("Record Type", "Basis"))

LAYOUT = Layout(
    columns=(WHO, DATE, BEGIN, END, PROJECT, ACTIVITY, HOURS, PERCENT, SOURCE),
    required=(
        (WHO, DATE, PROJECT, HOURS),
        (WHO, BEGIN, END, PROJECT, HOURS),
        (WHO, BEGIN, END, PROJECT, PERCENT),
        (WHO, BEGIN, PROJECT, HOURS),
        (WHO, BEGIN, PROJECT, PERCENT),
        (WHO, DATE, PROJECT, PERCENT),
    ),
)

_KINDS: dict[TimeKind, tuple[str, ...]] = {
    "research": (
        "research", "direct research", "qualified research", "r&d", "experimentation", "research and development",
        "engaging in research",
    ),
    "supervision": ("supervision", "direct supervision", "supervising", "research supervision"),
    "support": ("support", "direct support", "research support", "supporting research"),
    "leave": (
        "leave", "pto", "paid time off", "time off", "vacation", "holiday", "public holiday", "sick", "sick leave",
        "parental leave", "bereavement", "jury duty", "annual leave",
    ),
}  # fmt: skip
_KIND_BY_WORD: dict[str, TimeKind] = {fold(word): kind for kind, words in _KINDS.items() for word in words}


@cache
def time_kind(activity: str, project: str = "") -> TimeKind:
    """What time on an activity is, from its usual names; leave is also booked as a project."""
    if activity:
        return _KIND_BY_WORD.get(fold(activity), "unknown")
    return "leave" if _KIND_BY_WORD.get(fold(project)) == "leave" else "unknown"


def read_time(table: Table) -> tuple[TimeRow, ...]:
    """The rows whose period and quantity can be read."""
    rows = tuple(row for row in map(_row, table.records) if row is not None)
    _refuse_shares(table, rows)
    return rows


def _refuse_shares(table: Table, rows: Sequence[TimeRow]) -> None:
    """Percentages that are all 1 or less, and none with its sign, may be shares of one."""
    stated = [row.percent for row in rows if row.percent is not None]
    if stated and max(stated) <= 1 and not any("%" in cell for cell in table.values(PERCENT)):
        table.findings.problems.append(
            Problem(
                "E502",
                f"{table.file.path}, column {PERCENT.name}",
                "all percentages are 1 or less: they may be shares of one",
                "Read as percentages they would be a hundredth of what may be meant.",
                'Write them as percentages, as 25 or "25%".',
            )
        )


def _row(record: Record) -> TimeRow | None:
    person = record.identifier(WHO)
    project, activity = record.raw(PROJECT), record.text(ACTIVITY)
    kind = time_kind(activity, project)
    if not project and kind != "leave":
        record.hold(
            "E353",
            PROJECT,
            "the cell is blank",
            "Time on no project belongs to no business component; the wages for it are held.",
            "Book the time on a project in the source and export again.",
        )
    period = _period(record)
    hours, percent = _quantity(record)
    if hours is None and percent is None:
        record.frame.findings.doubtful.add(person)
    if period is None or (hours is None and percent is None):
        return None
    begin, end = period
    return TimeRow(record.ref, person, project, begin, end, hours, percent, kind, record.text(SOURCE), activity)


def _quantity(record: Record) -> tuple[Decimal | None, Decimal | None]:
    """Hours, or a percentage; a row that states both states two things."""
    if record.raw(HOURS) and record.raw(PERCENT):
        record.problem(
            Problem(
                "E505",
                record.place(),
                "the row states hours and a percentage",
                "They could differ, and one of them would be ignored.",
                "Leave one of the two cells blank.",
            )
        )
        return None, None
    if record.raw(PERCENT) or HOURS not in record.frame.positions:
        return None, record.percent(PERCENT)
    return record.hours(HOURS), None


def _period(record: Record) -> tuple[date, date] | None:
    required = record.frame.required
    if END in required:
        begin, end = record.day(BEGIN), record.day(END)
        if begin is None or end is None:
            return None
        if begin <= end:
            return begin, end
        _no_period(record, "the period ends before it begins")
        return None
    column = DATE if DATE in required else BEGIN
    first, is_month = record.first_day(column)
    if first is None:
        return None
    if is_month:
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    if column is DATE:
        return first, first
    _no_period(record, "the period has a start and no end")
    return None


def _no_period(record: Record, what: str) -> None:
    record.problem(
        Problem(
            "E351",
            record.place(),
            what,
            "The time would count in the wrong period or in none.",
            "Correct it in the source: a first and a last day, or a month as 2025-03.",
        )
    )
