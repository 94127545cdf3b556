"""Days and months of the sample's calendar."""

from __future__ import annotations

from datetime import date, timedelta

DAY = timedelta(days=1)
_SATURDAY = 5


def month_start(year: int, month: int) -> date:
    """The first day of a month, which stands for the month."""
    return date(year, month, 1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_of(year: int) -> tuple[date, ...]:
    """The twelve months of a calendar year."""
    return tuple(month_start(year, month) for month in range(1, 13))


def days_of(month: date) -> tuple[date, ...]:
    """Every day of a month."""
    return tuple(month + n * DAY for n in range((next_month(month) - month).days))


def is_working_day(day: date) -> bool:
    """Monday to Friday; the sample company keeps no list of holidays."""
    return day.weekday() < _SATURDAY


def last_working_day(month: date) -> date:
    """The last Monday-to-Friday of a month."""
    return max(day for day in days_of(month) if is_working_day(day))


def on_or_before_working(day: date) -> date:
    """The day itself, or the working day before a weekend."""
    while not is_working_day(day):
        day -= DAY
    return day
