"""Time: what share of a person's services went to which project, exact and without leave.

Hours weigh as they stand; percentages weigh by the days of their period. A record that reaches
outside the credit year, or across the beginning or the release of its component, is divided by
days. A record that does not add up is not mended: the person's wages are held and the fault is named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from rdcredit.determine.names import fold
from rdcredit.determine.project_map import activity_in_words, phases
from rdcredit.determine.reasons import table
from rdcredit.determine.spans import ONE_DAY, Span
from rdcredit.errors import Problem
from rdcredit.money import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from rdcredit.determine.project_map import Phase, Placement, ProjectMap
    from rdcredit.ingest.records import TimeKind, TimeRow
    from rdcredit.source import RowRef
    from rdcredit.study.config import ComponentSettings

HOURS_A_DAY = 24
WHOLE = 100
SET_ASIDE = "they were set aside when read, because they do not add up"
_PLACES = 2


@dataclass(frozen=True, slots=True)
class TimeKey:
    """One kind of time of a person: the same project, service, activity and phase of the component."""

    project: str
    kind: TimeKind
    activity: str = ""
    """Id of the activity the record names in so many words; empty where it names none."""
    phase: Phase = "development"
    estimated: bool = False
    """A percentage or somebody's recollection rather than recorded hours."""


@dataclass(frozen=True, slots=True)
class PersonTime:
    """A person's services of the credit year: ``fractions`` and ``unaccounted`` sum to one, or are empty."""

    fractions: Mapping[TimeKey, Fraction] = field(default_factory=dict)
    unaccounted: Fraction = Fraction(0)
    """Share of the time for which percentages were recorded that they leave open."""
    months: frozenset[str] = frozenset()
    """Months the records touch, leave and other years included."""
    basis: Literal["hours", "percentages", ""] = ""
    hours: Fraction = Fraction(0)
    """Hours of services in the year; zero where percentages were recorded."""
    fault: str = ""
    """Why the records cannot be used; empty when they can."""
    refs: tuple[RowRef, ...] = ()

    def months_in(self, year: Span) -> int:
        """How many months of the year the records touch."""
        return len(self.months & year.months())


NO_TIME = PersonTime()


@dataclass(frozen=True, slots=True)
class _Piece:
    """The days of one record inside the year and in one phase of its component."""

    row: TimeRow
    key: TimeKey | None
    """None for leave."""
    span: Span

    @property
    def amount(self) -> Fraction:
        """Hours, or percent times days."""
        if self.row.percent is not None:
            return Fraction(self.row.percent) * self.span.days
        whole = Span(self.row.begin, self.row.end)
        hours = Fraction(self.row.hours or 0)
        return hours if self.span == whole else hours * self.span.days / whole.days


def time_books(
    rows: Iterable[TimeRow], projects: ProjectMap, year: Span, set_aside: Iterable[TimeRow] = ()
) -> Mapping[str, PersonTime]:
    """The time of every person with records, by folded id.

    ``set_aside`` is time that the readers found not to add up; its people's records cannot be used.
    """
    by_person: dict[str, list[TimeRow]] = {}
    for row in rows:
        by_person.setdefault(fold(row.person), []).append(row)
    kinds = _Kinds(projects)
    books = {key: _person_time(own, kinds, year) for key, own in by_person.items()}
    refs: dict[str, list[RowRef]] = {}
    for row in set_aside:
        refs.setdefault(fold(row.person), []).append(row.ref)
    return books | {key: PersonTime(fault=SET_ASIDE, refs=tuple(own)) for key, own in refs.items()}


def _person_time(rows: Sequence[TimeRow], kinds: _Kinds, year: Span) -> PersonTime:
    """The services of one person in the credit year."""
    dated = [r for r in rows if r.begin <= r.end]
    months = frozenset[str]().union(*(Span(r.begin, r.end).months() for r in dated))
    here = [r for r in rows if r.begin > r.end or Span(r.begin, r.end).within(year)]
    book = PersonTime(months=months, refs=tuple(r.ref for r in here))
    if not here:
        return book
    fault = _fault_of_rows(here)
    if fault:
        return replace(book, fault=fault)
    pieces = [p for r in here for p in kinds.pieces(r, year)]
    in_percent = here[0].percent is not None
    too_much = _over_hundred(pieces) if in_percent else _over_a_day(here)
    if too_much:
        return replace(book, fault=too_much)
    return _shares(book, pieces, in_percent=in_percent)


def _shares(book: PersonTime, pieces: Sequence[_Piece], *, in_percent: bool) -> PersonTime:
    weights: dict[TimeKey, Fraction] = {}
    for piece in pieces:
        if piece.key is not None:
            weights[piece.key] = weights.get(piece.key, Fraction(0)) + piece.amount
    if any(weight < 0 for weight in weights.values()):
        return replace(book, fault="a correction takes away more than was booked")
    still_open = _open_percent(pieces) if in_percent else Fraction(0)
    services = sum(weights.values(), still_open)
    if not services:
        return replace(book, fault="they show leave or no time at all")
    return replace(
        book,
        fractions={key: weight / services for key, weight in weights.items() if weight},
        unaccounted=still_open / services,
        basis="percentages" if in_percent else "hours",
        hours=Fraction(0) if in_percent else services,
    )


def is_leave(row: TimeRow, placement: Placement) -> bool:
    """Whether a record is of leave, by its kind, its project or its activity in so many words."""
    activity = activity_in_words(row.activity)
    return row.kind == "leave" or placement.is_leave or (activity is not None and activity.effect == "leave")


class _Kinds:
    """What kind of time a record is of, remembered: few kinds recur in thousands of records."""

    def __init__(self, projects: ProjectMap) -> None:
        self._projects = projects
        self._known: dict[tuple[str, TimeKind, str, str, bool], tuple[TimeKey | None, ComponentSettings | None]] = {}
        self._in_phase: dict[tuple[TimeKey, Phase], TimeKey] = {}

    def of(self, row: TimeRow) -> tuple[TimeKey | None, ComponentSettings | None]:
        """The kind of a record, None for leave, and the component of its project."""
        written = (row.project, row.kind, row.activity, row.source, row.percent is not None)
        if written not in self._known:
            placement = self._projects.place(row.project)
            activity = activity_in_words(row.activity)
            key = TimeKey(
                project=placement.project,
                kind=row.kind,
                activity=activity.id if activity else "",
                estimated=row.percent is not None or bool(_recollection().search(fold(row.source))),
            )
            self._known[written] = (None if is_leave(row, placement) else key, placement.component)
        return self._known[written]

    def pieces(self, row: TimeRow, year: Span) -> list[_Piece]:
        """The days of a record inside the year, by phase of its component."""
        here = Span(row.begin, row.end).within(year)
        if here is None:
            return []
        key, component = self.of(row)
        if key is None:
            return [_Piece(row, None, here)]
        return [_Piece(row, self._in(key, phase), span) for span, phase in phases(component, here)]

    def _in(self, key: TimeKey, phase: Phase) -> TimeKey:
        if key.phase == phase:
            return key
        if (key, phase) not in self._in_phase:
            self._in_phase[key, phase] = replace(key, phase=phase)
        return self._in_phase[key, phase]


@cache
def _recollection() -> re.Pattern[str]:
    words = table("people")["estimates"]["sources"]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})s?(?!\w)")


def _fault_of_rows(rows: Sequence[TimeRow]) -> str:
    for row in rows:
        if row.begin > row.end:
            return f"{row.ref} ends before it begins"
        if (row.hours is None) == (row.percent is None):
            return f"{row.ref} gives neither or both of hours and percent"
        if row.percent is not None and row.percent < 0:
            return f"{row.ref} is a negative percentage"
    if len({row.percent is None for row in rows}) > 1:
        return "hours and percentages are mixed"
    return ""


def _over_a_day(rows: Sequence[TimeRow]) -> str:
    """Hours of one day, or of one period, beyond what it has."""
    totals: dict[Span, Decimal] = {}
    for row in rows:
        span = Span(row.begin, row.end)
        totals[span] = totals.get(span, Decimal(0)) + (row.hours or Decimal(0))
    for span, hours in totals.items():
        if hours > HOURS_A_DAY * span.days:
            return f"{_days(span)} has {decimal_text(Fraction(hours), _PLACES)} hours"
    return ""


def _by_interval(pieces: Sequence[_Piece]) -> Mapping[Span, list[_Piece]]:
    """The pieces in force in each stretch of days in which they do not change."""
    cuts: list[date] = sorted({p.span.begin for p in pieces} | {p.span.end + ONE_DAY for p in pieces})
    stretches = [Span(b, e - ONE_DAY) for b, e in pairwise(cuts)]
    in_force: dict[Span, list[_Piece]] = {}
    for piece in pieces:
        for at in range(bisect_left(cuts, piece.span.begin), bisect_left(cuts, piece.span.end + ONE_DAY)):
            in_force.setdefault(stretches[at], []).append(piece)
    return in_force


def _percent(pieces: Iterable[_Piece]) -> Fraction:
    return sum((Fraction(p.row.percent or 0) for p in pieces), Fraction(0))


def _over_hundred(pieces: Sequence[_Piece]) -> str:
    for span, in_force in _by_interval(pieces).items():
        total = _percent(in_force)
        if total > WHOLE:
            return f"{_days(span)} has {decimal_text(total, _PLACES)} %"
    return ""


def _open_percent(pieces: Sequence[_Piece]) -> Fraction:
    left = ((WHOLE - _percent(in_force)) * span.days for span, in_force in _by_interval(pieces).items())
    return sum(left, Fraction(0))


def _days(span: Span) -> str:
    return span.begin.isoformat() if span.days == 1 else f"{span.begin.isoformat()} to {span.end.isoformat()}"


def time_problems(books: Mapping[str, PersonTime], shown_as: Mapping[str, str]) -> tuple[Problem, ...]:
    """One problem for each person whose time does not add up; ``shown_as`` gives the study-local ids.

    What the readers set aside they have reported themselves.
    """
    return tuple(
        Problem(
            "E241",
            str(book.refs[0]) if book.refs else "",
            f"time of {shown_as.get(key, 'a person')} cannot be used: {book.fault}",
            "The share of services decides how much of the person's wages counts; all of them are held.",
            "Correct the time records, or give hours or percentages throughout.",
            held=True,
        )
        for key, book in books.items()
        if book.fault and book.fault != SET_ASIDE
    )
