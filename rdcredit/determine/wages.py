"""Wages of the taxable year: whose, for which work, and whether they are for qualified services.

Section 41(b)(2)(B), (D) and Reg. 1.41-2(c), (d). A pay row passes the gates cost (paid in the
taxable year), place, role and time, and for each share of the person's time the gates component
and activity. The 80 % rule of Reg. 1.41-2(d)(2) is a figure line and is not applied here; the rows
give the unrounded shares it needs.

Not handled: wages used for the work opportunity credit, earned income of the self-employed, the
2.5-month rule for accrued bonuses, and the bridge from box 1 to section 3401(a) wages beyond what
the pay records state.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from rdcredit.determine.apportion import apportion
from rdcredit.determine.desk import Desk
from rdcredit.determine.gates import Gate, Opinion, Verdict
from rdcredit.determine.names import fold
from rdcredit.determine.people import people_register, place_check, role_check
from rdcredit.determine.people_reports import box_1_differs, wage_controls, wage_findings, wage_problems
from rdcredit.determine.project_map import activities, phase_checks, placement_checks, unmapped
from rdcredit.determine.reasons import NOBODY, Reviewed, counts_in
from rdcredit.determine.spans import month_before, month_of
from rdcredit.determine.timebook import NO_TIME, TimeKey, time_books
from rdcredit.ledger.records import Part, QreCategory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdcredit.determine.controls import Reconciliation
    from rdcredit.determine.people import Person
    from rdcredit.determine.project_map import Placement
    from rdcredit.determine.timebook import PersonTime
    from rdcredit.errors import Problem
    from rdcredit.ingest.records import PayRow, PeopleInputs, TimeKind
    from rdcredit.ledger.findings import Finding
    from rdcredit.ledger.records import Determination, View
    from rdcredit.source import RowRef
    from rdcredit.study.config import Study

GATES = (Gate.COST, Gate.PLACE, Gate.ROLE, Gate.TIME, Gate.COMPONENT, Gate.ACTIVITY)
"""The order in which an exclusion names the bucket."""
PERSON_GATES = (Gate.COST, Gate.PLACE, Gate.ROLE, Gate.TIME)
"""The gates of wages for which no time is known: the time question comes before that of the component."""
CURRENCY = "USD"

Service = Literal["research", "supervision", "support", ""]


@dataclass(frozen=True, slots=True)
class TimeShare:
    """A share of one person's services of the year, with the wages it carries.

    ``fraction`` is exact and of all services of the year; ``kind`` is empty where the time is on no
    component, or no time is known.
    """

    component: str
    project: str
    kind: Service
    fraction: Fraction
    wages: Decimal
    determination: Determination
    after_release: bool = False
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class PersonWages:
    """One person's wages of the taxable year, before the 80 % rule."""

    person: str
    name: str
    title: str
    department: str
    country: str
    state: str
    officer: bool | None
    owner: bool | None
    executive: bool
    wages: Decimal
    undated: Decimal
    """Wages held because it is open whether they were paid in the taxable year; not in ``wages``."""
    shares: tuple[TimeShare, ...]
    """Sum to one in ``fraction`` and to ``wages`` in ``wages``; empty where no wages are of the year."""
    time_basis: str
    time_refs: tuple[RowRef, ...]

    @property
    def subject(self) -> str:
        """The study-local id: ``person:E014``."""
        return f"person:{self.person}"

    def qualified_share(self, view: View) -> Fraction:
        """The unrounded share of the year's services that is qualified in ``view``, Reg. 1.41-2(d)(2)."""
        return sum((s.fraction for s in self.shares if counts_in(s.determination, view)), Fraction(0))

    def qualified_wages(self, view: View) -> Decimal:
        """The wages of those services, before the 80 % rule."""
        return sum((s.wages for s in self.shares if counts_in(s.determination, view)), Decimal(0))


@dataclass(frozen=True, slots=True)
class WageDetermination:
    """What became of every pay row, and what the credit and the reviewer need to know of each person."""

    parts: tuple[Part, ...]
    rows: tuple[PersonWages, ...]
    findings: tuple[Finding, ...]
    reconciliation: tuple[Reconciliation, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Slice:
    """A share of a person's services before the pay it carries is known."""

    weight: Fraction
    checks: tuple[Opinion, ...]
    placement: Placement | None = None
    key: TimeKey | None = None


def determine_wages(inputs: PeopleInputs, study: Study, reviewed: Reviewed = NOBODY) -> WageDetermination:
    """The determination of every pay row of the inputs.

    The parts of a pay row sum to its taxable pay, and a person's parts of one kind to the person's
    year split once by largest remainder.

    Time of unknown kind on a component's project counts as engaging in research (the determination
    says so). Wages paid in a month for which, and for the month before which, a person has no time
    on record are held; so is time that percentages leave open. Unknown funding of a component and
    unknown use of software hold nothing and stay open questions (see
    :func:`~rdcredit.determine.project_map.open_points`).
    """
    desk = Desk.open(inputs, study, reviewed)
    register = people_register(inputs)
    books = time_books(inputs.time, desk.projects, desk.year, set_aside=inputs.held_time)
    pay: dict[str, list[PayRow]] = {}
    for row in inputs.pay:
        pay.setdefault(fold(row.person), []).append(row)
    payrolls = [_Payroll(desk, register[key], rows, books.get(key, NO_TIME)) for key, rows in pay.items()]
    parts = tuple(part for payroll in payrolls for part in payroll.parts())
    rows = tuple(payroll.row() for payroll in payrolls)
    return WageDetermination(
        parts=parts,
        rows=rows,
        findings=(
            *wage_findings(parts, rows, register, books),
            *(box_1_differs(pay, register) if is_calendar_year(study) else ()),
        ),
        reconciliation=wage_controls(inputs, study),
        problems=(
            *desk.projects.problems,
            *unmapped((t.project for t in inputs.time), desk.projects),
            *wage_problems(parts, register, books),
        ),
    )


@dataclass(frozen=True, slots=True)
class _PayClass:
    """Pay rows of one person about which the same is to be said, with their amounts by slice of time."""

    cost: Opinion
    rows: tuple[PayRow, ...]
    slices: tuple[tuple[_Slice, Determination], ...]
    amounts: tuple[tuple[Decimal, ...], ...]
    """One tuple a row, one amount a slice."""

    @property
    def total(self) -> Decimal:
        """The pay of the rows."""
        return sum((r.taxable for r in self.rows), Decimal(0))

    def wages(self, at: int) -> Decimal:
        """The pay that falls to one slice."""
        return sum((row[at] for row in self.amounts), Decimal(0))


class _Payroll:
    """One person's pay, divided into classes and slices of time."""

    def __init__(self, desk: Desk, person: Person, rows: Sequence[PayRow], time: PersonTime) -> None:
        self.desk, self.person, self.rows, self.time = desk, person, rows, time
        self.about = (person.subject,)
        place = place_check(person.country, desk.answers, self.about)
        self.person_checks = (place, role_check(person, desk.answers))
        registered = {r.pay_date.year for r in rows if r.pay_date}
        grouped: dict[tuple[str, bool], list[PayRow]] = {}
        for row in rows:
            grouped.setdefault((_cost_reason(row, desk, registered), self._covers(row)), []).append(row)
        self.classes = [self._pay_class(*key, own) for key, own in grouped.items()]

    def _covers(self, row: PayRow) -> bool:
        """Whether time is on record for the month of the pay or the one before, in which it may have been earned."""
        if row.pay_date is None or not self.time.fractions:
            return True
        return not self.time.months.isdisjoint({month_of(row.pay_date), month_before(row.pay_date)})

    def _pay_class(self, reason: str, covered: bool, rows: list[PayRow]) -> _PayClass:  # noqa: FBT001  # half of a key
        year = self.desk.year
        facts = {"begin": year.begin.isoformat(), "end": year.end.isoformat()}
        cost = self.desk.answers.opinion(reason, self.about, **facts)
        slices = self._slices(covered=covered)
        return _PayClass(
            cost=cost,
            rows=tuple(rows),
            slices=tuple((s, self._determine(cost, s, is_open=reason in OPEN_DATES)) for s in slices),
            amounts=apportion([r.taxable for r in rows], [s.weight for s in slices]),
        )

    def _determine(self, cost: Opinion, piece: _Slice, *, is_open: bool) -> Determination:
        gates = PERSON_GATES if piece.key is None else GATES
        checks = (cost, *self.person_checks, *piece.checks)
        settled = () if is_open else (Gate.COST,)
        return self.desk.determine(checks, gates, self.about, piece.placement, settled=settled)

    def _slices(self, *, covered: bool) -> list[_Slice]:
        ask = self.desk.answers.opinion
        if self.time.fault:
            return [_Slice(Fraction(1), (ask("wages.time.fault", self.about, fault=self.time.fault),))]
        if not self.time.fractions and not self.time.unaccounted:
            return [_Slice(Fraction(1), (ask("wages.time.none", self.about),))]
        recorded = ask("wages.time.recorded", self.about, basis=self.time.basis)
        if not covered:
            months = ask("wages.time.months", self.about)
            if months.verdict != Verdict.PASSES:
                return [_Slice(Fraction(1), (months,))]
            recorded = months
        slices = [self._time_slice(key, weight, recorded) for key, weight in self.time.fractions.items()]
        if self.time.unaccounted:
            left_open = ask("wages.time.unaccounted", self.about)
            slices.append(_Slice(self.time.unaccounted, (left_open,)))
        return slices

    def _time_slice(self, key: TimeKey, weight: Fraction, recorded: Opinion) -> _Slice:
        answers, placement = self.desk.answers, self.desk.projects.place(key.project)
        kind = "activity.kind-assumed" if key.kind == "unknown" else "activity.kind"
        checks = [recorded, *phase_checks(placement, key.phase, answers, self.about)]
        checks += placement_checks(placement, answers)
        if placement.component:
            checks.append(answers.opinion(kind, placement.about, kind=_KIND_WORDS.get(key.kind, key.kind)))
        checks.extend(_named_activity(key, placement, self.desk))
        return _Slice(weight, tuple(checks), placement, key)

    def parts(self) -> list[Part]:
        """The parts of every pay row, in the order of the rows; parts of nothing only where a row has no other."""
        made: dict[RowRef, list[Part]] = {row.ref: [] for row in self.rows}
        for pay in self.classes:
            for row, amounts in zip(pay.rows, pay.amounts, strict=True):
                own = [(s, d, amount) for (s, d), amount in zip(pay.slices, amounts, strict=True)]
                made[row.ref].extend(self._part(row, *entry) for entry in [e for e in own if e[2]] or own[:1])
        return [part for parts in made.values() for part in parts]

    def _part(self, row: PayRow, piece: _Slice, determination: Determination, amount: Decimal) -> Part:
        return Part(
            source=self.desk.source(row.ref),
            ref=row.ref,
            period=pay_month(row),
            currency=CURRENCY,
            category=QreCategory.WAGES,
            subject=self.person.subject,
            amount=amount,
            determination=determination,
            tags=_tags(piece),
        )

    def row(self) -> PersonWages:
        """The person's year: its shares weigh the classes of pay by their dollars."""
        in_year = [pay for pay in self.classes if self._is_of_the_year(pay)]
        weights = [Fraction(sum((abs(r.taxable) for r in pay.rows), Decimal(0))) for pay in in_year]
        total = sum(weights, Fraction(0))
        shares = tuple(
            TimeShare(
                component=determination.component,
                project=piece.key.project if piece.key else "",
                kind=service(piece.key.kind) if piece.key and determination.component else "",
                fraction=piece.weight * (weight / total if total else Fraction(1, len(in_year))),
                wages=pay.wages(at),
                determination=determination,
                after_release=bool(piece.key and piece.key.phase == "after"),
                estimated=bool(piece.key and piece.key.estimated),
            )
            for pay, weight in zip(in_year, weights, strict=True)
            for at, (piece, determination) in enumerate(pay.slices)
        )
        person = self.person
        return PersonWages(
            person=person.person,
            name=person.name,
            title=person.title,
            department=person.department,
            country=person.country,
            state=person.state,
            officer=person.officer,
            owner=person.owner,
            executive=bool(person.rank),
            wages=sum((s.wages for s in shares), Decimal(0)),
            undated=sum((pay.total for pay in self.classes if self._is_undated(pay)), Decimal(0)),
            shares=shares,
            time_basis=self.time.basis,
            time_refs=self.time.refs,
        )

    def _cost_verdict(self, pay: _PayClass) -> Verdict:
        """What the dates on record, a statement or, where they leave it open, the reviewer says of the year."""
        spoken = (o for o in self.desk.reviewed.get(self.person.subject, ()) if o.gate == Gate.COST)
        first = next(spoken, None) if pay.cost.rule in OPEN_DATES else None
        return (first or pay.cost).verdict

    def _is_of_the_year(self, pay: _PayClass) -> bool:
        return self._cost_verdict(pay) == Verdict.PASSES

    def _is_undated(self, pay: _PayClass) -> bool:
        return self._cost_verdict(pay) == Verdict.HELD


OPEN_DATES = frozenset({"wages.box-1-straddles", "wages.undated"})
_KIND_WORDS: Mapping[TimeKind, str] = {
    "research": "engaging in research",
    "supervision": "direct supervision of research",
    "support": "direct support of research",
}


def service(kind: TimeKind) -> Service:
    """The column of a service on the form: research, supervision or support; unknown is research."""
    return kind if kind in ("research", "supervision", "support") else "research"


def pay_month(row: PayRow) -> str:
    """The month of a pay row's dollars: that of its pay date; the last of its year for a Form W-2."""
    if row.pay_date is not None:
        return month_of(row.pay_date)
    return f"{row.year:04d}-12" if row.year is not None else ""


def _cost_reason(row: PayRow, desk: Desk, registered: set[int]) -> str:
    """Which rule says whether a pay row's wages are of the taxable year.

    Box 1 of Form W-2 counts only where the taxable year is that calendar year, or the part of it
    since the taxpayer was formed; with a pay register of the same year it is a control total.
    """
    year = desk.year
    if row.pay_date is not None:
        return "wages.in-year" if year.holds(row.pay_date) else "wages.other-year"
    if row.year is None:
        return "wages.undated"
    if row.year in registered:
        return "wages.stated-again"
    if not year.begin.year <= row.year <= year.end.year:
        return "wages.other-year"
    return "wages.box-1" if is_calendar_year(desk.study) else "wages.box-1-straddles"


def is_calendar_year(study: Study) -> bool:
    """Whether the credit year is a calendar year, or runs from the taxpayer's formation to 31 December."""
    begin, end = study.credit_year.begin, study.credit_year.end
    full_begin = begin.replace(month=1, day=1)
    full_end = begin.replace(month=12, day=31)
    return end == full_end and begin in (full_begin, study.taxpayer.formed)


def _named_activity(key: TimeKey, placement: Placement, desk: Desk) -> tuple[Opinion, ...]:
    """What the activity a time record names in so many words says of the work.

    An excluded activity needs no component; maintenance is one only after the release of its own.
    """
    activity = activities().get(key.activity)
    component = placement.component
    if activity is None or activity.effect in ("development", "research", "leave"):
        return ()
    if activity.effect == "excluded":
        where = f'Time recorded on "{placement.project}"' if placement.project else "Time recorded on no project"
        return (activity.exclusion(where),)
    if component is None:
        return ()
    named = activity.words[0] if activity.words else activity.name
    released = key.phase == "after"
    reason = "activity.maintenance-after-release" if released else "activity.maintenance-before-release"
    return (desk.answers.opinion(reason, placement.about, activity=named, component=component.id),)


def _tags(piece: _Slice) -> str:
    if piece.key is None:
        return ""
    tags = {"project": piece.key.project}
    if piece.placement and piece.placement.component:
        tags["service"] = service(piece.key.kind)
    if piece.key.activity:
        tags["activity"] = piece.key.activity
    return json.dumps(tags, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
