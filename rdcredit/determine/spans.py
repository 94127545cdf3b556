"""Spans of whole days: clipping them to a year and cutting them at dates the law cares about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ONE_DAY = timedelta(days=1)
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Span:
    """The days from ``begin`` to ``end``, both included."""

    begin: date
    end: date

    @property
    def days(self) -> int:
        """How many days the span has."""
        return (self.end - self.begin).days + 1

    def within(self, other: Span) -> Span | None:
        """The days both spans share, or None."""
        begin, end = max(self.begin, other.begin), min(self.end, other.end)
        return Span(begin, end) if begin <= end else None

    def holds(self, day: date) -> bool:
        """Whether ``day`` is one of the span's."""
        return self.begin <= day <= self.end

    def cut(self, before: Iterable[date]) -> tuple[Span, ...]:
        """The span divided so that each date of ``before`` inside it begins a piece."""
        starts = [self.begin, *sorted({d for d in before if self.begin < d <= self.end})]
        ends = [start - ONE_DAY for start in starts[1:]] + [self.end]
        return tuple(Span(b, e) for b, e in zip(starts, ends, strict=True))

    def months(self) -> frozenset[str]:
        """Every month (``YYYY-MM``) the span touches."""
        first = self.begin.year * MONTHS + self.begin.month - 1
        last = self.end.year * MONTHS + self.end.month - 1
        return frozenset(_month_text(n) for n in range(first, last + 1))


def month_of(day: date) -> str:
    """The month of ``day`` as ``YYYY-MM``."""
    return _month_text(day.year * MONTHS + day.month - 1)


def month_before(day: date) -> str:
    """The month before that of ``day``."""
    return _month_text(day.year * MONTHS + day.month - 2)


def _month_text(number: int) -> str:
    year, month = divmod(number, MONTHS)
    return f"{year:04d}-{month + 1:02d}"
