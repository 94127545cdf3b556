"""QREs by business component and category: the rows of Form 6765, Section G, and Section F's totals.

Each amount of a component is a figure of the form, so it is rounded to whole dollars here; the
totals of Section F are totals of these rounded amounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.citation import Citation
from rdcredit.facts.records import Services
from rdcredit.figure.expression import (
    Column,
    ColumnTotal,
    Expr,
    Leaf,
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
from rdcredit.figure.origin import FromLaw, FromStatement
from rdcredit.qre.computer_rental import computer_rental
from rdcredit.qre.contract_research import ContractResearch, contract_research
from rdcredit.qre.supplies import supplies
from rdcredit.qre.wages import Wages, wages

if TYPE_CHECKING:
    from fractions import Fraction

    from rdcredit.facts.records import Fact, Facts
    from rdcredit.law import Law
    from rdcredit.qre.costs import CostSchedule


@dataclass(frozen=True, slots=True, eq=False)
class ComponentTotals:
    """One row a business component; the columns are those of Section G, 50 to 56, and their sum."""

    schedule: Schedule
    component: Column[str]
    research_wages: Column[Fraction]
    supervision_wages: Column[Fraction]
    support_wages: Column[Fraction]
    wages: Column[Fraction]
    supplies: Column[Fraction]
    computer_rental: Column[Fraction]
    contract_research: Column[Fraction]
    qre: Column[Fraction]
    generates: Column[Fraction]
    """1 where the component has QREs, else 0."""


@dataclass(frozen=True, slots=True, eq=False)
class TotalQre:
    """Section F: QREs by category over all components."""

    by_component: ComponentTotals
    wages: Line[Fraction]
    supplies: Line[Fraction]
    computer_rental: Line[Fraction]
    contract_research: Line[Fraction]
    basic_research: Line[Fraction]
    contract_and_basic: Line[Fraction]
    total: Line[Fraction]
    officers_wages: Line[Fraction]


def _services_word(services: Services) -> Leaf[str]:
    origin = FromLaw("qualified services", Citation("IRC 41(b)(2)(B)"))
    return known(f"s41.services.{services}", f"kind of service: {services}", str(services), origin, Unit.TEXT)


def _dollars(column_id: str, label: str, expr: Expr[Fraction]) -> Column[Fraction]:
    return numbers(column_id, label, expr, rounding=Rounding.WHOLE_DOLLARS, by_view=True)


def component_totals(
    facts: Facts, wage: Wages, supply: CostSchedule, rental: CostSchedule, contract: ContractResearch
) -> ComponentTotals:
    """The schedule of QREs by component, from the four category schedules."""
    component = words("component", "component id")
    name = words("name", "business component", width=34)

    def services(kind: Services, label: str) -> Column[Fraction]:
        where = ((wage.allocation_component, component), (wage.allocation_services, _services_word(kind)))
        return _dollars(f"{kind}_wages", label, TotalWhere(wage.allocation, wage.allocated, where))

    def cost(
        column_id: str, label: str, schedule: Schedule, amount: Column[Fraction], key: Column[str]
    ) -> Column[Fraction]:
        return _dollars(column_id, label, TotalWhere(schedule, amount, ((key, component),)))

    research = services(Services.RESEARCH, "direct research wages")
    supervision = services(Services.SUPERVISION, "direct supervision wages")
    support = services(Services.SUPPORT, "direct support wages")
    wages_ = numbers("wages", "wages", research + supervision + support, by_view=True)
    supplies_ = cost("supplies", "supplies", supply.schedule, supply.amount, supply.component)
    computer = cost("computer_rental", "computer rental", rental.schedule, rental.amount, rental.component)
    contracts = cost(
        "contract_research", "contract research", contract.schedule, contract.applicable, contract.component
    )
    qre = numbers("qre", "QREs", wages_ + supplies_ + computer + contracts, by_view=True)
    generates = numbers("generates", "has QREs", when(qre > 0, number(1), number(0)), Unit.COUNT, by_view=True, width=9)
    rows = []
    for c in facts.components:
        origin = FromStatement(facts.source, f"component {c.id}")
        rows.append(
            Row(
                c.id,
                {
                    "component": known(f"component.{c.id}.id", "component id", c.id, origin, Unit.TEXT),
                    "name": known(f"component.{c.id}.name", "business component", c.name, origin, Unit.TEXT),
                },
            )
        )
    schedule = Schedule(
        "s41.qre.by_component",
        "QREs by business component",
        (component, name, research, supervision, support, wages_, supplies_, computer, contracts, qre, generates),
        tuple(rows),
        cite="IRC 41(b), (d)(2)(B); Form 6765, Section G",
    )
    return ComponentTotals(
        schedule, component, research, supervision, support, wages_, supplies_, computer, contracts, qre, generates
    )


def stated_line(fact: Fact[Fraction], line_id: str, label: str, cite: str) -> Line[Fraction]:
    """A stated amount as a line of the form, in whole dollars."""
    return Line(
        line_id, label, fact.leaf(f"{line_id}.stated", f"{label}, as stated"), cite, rounding=Rounding.WHOLE_DOLLARS
    )


def total_qre(facts: Facts, law: Law) -> TotalQre:
    """The QREs of the credit year by category, and in all.

    Source: IRC 41(b); Form 6765, Section F.
    """
    wage = wages(facts, law)
    totals = component_totals(facts, wage, supplies(facts), computer_rental(facts), contract_research(facts, law))

    def category(line_id: str, label: str, column: Column[Fraction], cite: str) -> Line[Fraction]:
        return Line(line_id, label, ColumnTotal(totals.schedule, column), cite, rounding=Rounding.WHOLE_DOLLARS)

    wage_line = category("s41.qre.wages", "Wages for qualified services", totals.wages, "IRC 41(b)(2)(A)(i)")
    supply_line = category("s41.qre.supplies", "Supplies", totals.supplies, "IRC 41(b)(2)(A)(ii)")
    computer_line = category(
        "s41.qre.computer_rental",
        "Rental or lease cost of computers",
        totals.computer_rental,
        "IRC 41(b)(2)(A)(iii); Treas. Reg. 1.41-2(b)(4)",
    )
    contract_line = category(
        "s41.qre.contract_research",
        "Applicable amount of contract research expenses",
        totals.contract_research,
        "IRC 41(b)(3)",
    )
    basic = stated_line(
        facts.other.basic_research_applicable,
        "s41.qre.basic_research",
        "Applicable amount of basic research payments",
        "IRC 41(e)(1)(B)",
    )
    contract_and_basic = Line(
        "s41.qre.contract_and_basic",
        "Contract research and basic research payments",
        contract_line + basic,
        "IRC 41(b)(1)(B), (e)(1)(B)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    return TotalQre(
        by_component=totals,
        wages=wage_line,
        supplies=supply_line,
        computer_rental=computer_line,
        contract_research=contract_line,
        basic_research=basic,
        contract_and_basic=contract_and_basic,
        total=Line(
            "s41.qre.total",
            "Total qualified research expenses",
            wage_line + supply_line + computer_line + contract_and_basic,
            "IRC 41(b)(1)",
            rounding=Rounding.WHOLE_DOLLARS,
        ),
        officers_wages=wage.officers_wages,
    )
