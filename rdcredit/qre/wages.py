"""Wages for qualified services: the person's wages, the share of services, the 80 percent rule.

Not handled: wages used for the work opportunity credit, which must be left out of the wages given;
self-employed earned income, section 401(c)(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.figure.expression import (
    Column,
    ColumnTotal,
    Line,
    Rounding,
    Row,
    Schedule,
    TotalWhere,
    Unit,
    known,
    number,
    numbers,
    when,
    words,
)
from rdcredit.figure.origin import FromStatement

if TYPE_CHECKING:
    from fractions import Fraction

    from rdcredit.facts.records import Facts
    from rdcredit.law import Law


@dataclass(frozen=True, slots=True, eq=False)
class Wages:
    """Three schedules: time (person by component), wages (a row a person), wages by component."""

    time: Schedule
    by_person: Schedule
    qualified: Column[Fraction]
    allocation: Schedule
    allocation_component: Column[str]
    allocation_services: Column[str]
    allocated: Column[Fraction]
    officers_wages: Line[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class _Time:
    schedule: Schedule
    person: Column[str]
    share: Column[Fraction]


def _time(facts: Facts) -> _Time:
    """Whose services went where: the matrix of people and components."""
    person = words("person", "person")
    component = words("component", "component id")
    services = words("services", "services", width=13)
    share = numbers("share", "share of services", unit=Unit.RATIO)
    counts_in = words("counts_in", "counts in", width=12)
    rows = []
    for i, t in enumerate(facts.time, start=1):
        stated = FromStatement(facts.source, f"time of {t.person}")
        base = f"s41.wages.time.{i}"
        rows.append(
            Row(
                f"{t.person}/{t.component}/{t.services}/{t.counts_in}",
                {
                    "person": known(f"{base}.person", "person", t.person, stated, Unit.TEXT),
                    "component": known(f"{base}.component", "component id", t.component, stated, Unit.TEXT),
                    "services": known(f"{base}.services", "services", str(t.services), stated, Unit.TEXT),
                    "share": t.share.leaf(f"{base}.share", "share of services", Unit.RATIO),
                    "counts_in": known(f"{base}.counts_in", "counts in", str(t.counts_in), stated, Unit.TEXT),
                },
            )
        )
    schedule = Schedule(
        "s41.wages.time",
        "Qualified services by person and component",
        (person, component, services, share, counts_in),
        tuple(rows),
        cite="IRC 41(b)(2)(B); Treas. Reg. 1.41-2(d)(1)",
        counts_in=counts_in,
    )
    return _Time(schedule, person, share)


@dataclass(frozen=True, slots=True, eq=False)
class _ByPerson:
    schedule: Schedule
    person: Column[str]
    share: Column[Fraction]
    qualified: Column[Fraction]
    officer: Column[str]


def _by_person(facts: Facts, law: Law, time: _Time) -> _ByPerson:
    """A row a person: wages, share of qualified services, wages that count."""
    person = words("person", "person")
    name = words("name", "name")
    officer = words("officer", "officer", width=9)
    paid = numbers("wages", "wages, section 3401(a)")
    share = numbers(
        "share",
        "share of qualified services",
        TotalWhere(time.schedule, time.share, ((time.person, person),)),
        Unit.RATIO,
        by_view=True,
    )
    # "Substantially all": at least 80 percent, before any rounding, counts as all.
    counted = numbers(
        "counted_share",
        "share counted (80 percent rule)",
        when(share >= law.wages.substantially_all, number(1), share),
        Unit.RATIO,
        by_view=True,
    )
    qualified = numbers("qualified", "qualified wages", paid * counted, rounding=Rounding.CENTS, by_view=True)
    rows = []
    for p in facts.people:
        stated = FromStatement(facts.source, f"person {p.id}")
        base = f"s41.wages.person.{p.id}"
        rows.append(
            Row(
                p.id,
                {
                    "person": known(f"{base}.id", "person", p.id, stated, Unit.TEXT),
                    "name": known(f"{base}.name", "name", p.name, stated, Unit.TEXT),
                    "officer": known(f"{base}.officer", "officer", "yes" if p.officer else "no", stated, Unit.TEXT),
                    "wages": p.wages.leaf(f"{base}.wages", f"wages of {p.id}"),
                },
            )
        )
    schedule = Schedule(
        "s41.wages.by_person",
        "Wages for qualified services by person",
        (person, name, officer, paid, share, counted, qualified),
        tuple(rows),
        cite="IRC 41(b)(2)(D); Treas. Reg. 1.41-2(d)(2)",
    )
    return _ByPerson(schedule, person, share, qualified, officer)


def wages(facts: Facts, law: Law) -> Wages:
    """Qualified wages by person, and their division among components in proportion to services.

    Where the 80 percent rule adds wages, the addition follows the person's qualified services.

    Source: IRC 41(b)(2)(B), (D); Treas. Reg. 1.41-2(d).
    """
    time = _time(facts)
    people = _by_person(facts, law, time)
    person = words("person", "person")
    component = words("component", "component id")
    services = words("services", "services", width=13)
    share = numbers("share", "share of services", unit=Unit.RATIO)
    counts_in = words("counts_in", "counts in", width=12)
    of_person = ((people.person, person),)
    qualified_share = TotalWhere(people.schedule, people.share, of_person)
    allocated = numbers(
        "allocated",
        "qualified wages",
        # Nothing of a person's services counts in this view: nothing is allocated.
        when(
            qualified_share.equals(0),
            number(0),
            TotalWhere(people.schedule, people.qualified, of_person) * share / qualified_share,
        ),
        by_view=True,
    )
    allocation = Schedule(
        "s41.wages.by_component",
        "Qualified wages by person and component",
        (person, component, services, share, counts_in, allocated),
        time.schedule.rows,
        cite="IRC 41(d)(2)(B)",
        counts_in=counts_in,
    )
    yes = known("s41.wages.officer_yes", "officer", "yes", FromStatement(facts.source, "people"), Unit.TEXT)
    return Wages(
        time=time.schedule,
        by_person=people.schedule,
        qualified=people.qualified,
        allocation=allocation,
        allocation_component=component,
        allocation_services=services,
        allocated=allocated,
        officers_wages=Line(
            "s41.wages.officers",
            "Officers' wages included in qualified wages",
            TotalWhere(people.schedule, people.qualified, ((people.officer, yes),)),
            "Form 6765, Section E",
            rounding=Rounding.WHOLE_DOLLARS,
        ),
    )


def total_wages(found: Wages) -> Line[Fraction]:
    """Qualified wages to the cent, before division among components."""
    return Line(
        "s41.wages.total",
        "Qualified wages of all people",
        ColumnTotal(found.by_person, found.qualified),
        "IRC 41(b)(2)(A)(i)",
    )
