"""Contract research expenses: 65, 75 or 100 percent of what is paid to others for qualified research.

The amounts given are those owed whatever the success, for work in the United States, paid or
incurred in the year (prepaid amounts when the work is done, section 41(b)(3)(B)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.facts.records import PayeeKind
from rdcredit.figure.expression import Column, IsOneOf, Rounding, Row, Schedule, Unit, known, numbers, when, words
from rdcredit.figure.origin import FromStatement

if TYPE_CHECKING:
    from fractions import Fraction

    from rdcredit.facts.records import Facts
    from rdcredit.law import Law


@dataclass(frozen=True, slots=True, eq=False)
class ContractResearch:
    """A row a contract and component; ``applicable`` is the part that is a QRE, to the cent."""

    schedule: Schedule
    component: Column[str]
    amount: Column[Fraction]
    applicable: Column[Fraction]


def contract_research(facts: Facts, law: Law) -> ContractResearch:
    """The schedule of contract research.

    Source: IRC 41(b)(3)(A), (C), (D).
    """
    description = words("description", "contractor and contract", width=40)
    component = words("component", "component id")
    payee = words("payee_kind", "kind of payee", width=12)
    amount = numbers("amount", "amount paid or incurred")
    percentage = numbers(
        "percentage",
        "applicable percentage",
        when(
            IsOneOf(payee, (str(PayeeKind.ENERGY),)),
            law.contract.energy,
            when(IsOneOf(payee, (str(PayeeKind.CONSORTIUM),)), law.contract.consortium, law.contract.general),
        ),
        Unit.RATIO,
    )
    applicable = numbers("applicable", "applicable amount", amount * percentage, rounding=Rounding.CENTS)
    counts_in = words("counts_in", "counts in", width=12)
    rows = []
    for i, c in enumerate(facts.contracts, start=1):
        stated = FromStatement(facts.source, c.description)
        base = f"s41.contract_research.{i}"
        rows.append(
            Row(
                c.id,
                {
                    "description": known(f"{base}.description", description.label, c.description, stated, Unit.TEXT),
                    "component": known(f"{base}.component", component.label, c.component, stated, Unit.TEXT),
                    "payee_kind": known(f"{base}.payee_kind", payee.label, str(c.payee_kind), stated, Unit.TEXT),
                    "amount": c.amount.leaf(f"{base}.amount", c.description),
                    "counts_in": known(f"{base}.counts_in", counts_in.label, str(c.counts_in), stated, Unit.TEXT),
                },
            )
        )
    schedule = Schedule(
        "s41.contract_research",
        "Contract research expenses",
        (description, component, payee, amount, percentage, applicable, counts_in),
        tuple(rows),
        cite="IRC 41(b)(3)",
        counts_in=counts_in,
    )
    return ContractResearch(schedule, component, amount, applicable)
