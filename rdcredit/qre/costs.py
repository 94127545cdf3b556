"""The schedule shape that supplies and computer rental share: an amount and its component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.figure.expression import Column, Row, Schedule, Unit, known, numbers, words
from rdcredit.figure.origin import FromStatement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from rdcredit.facts.records import Cost


@dataclass(frozen=True, slots=True, eq=False)
class CostSchedule:
    """A row a cost; amounts to the cent, marked with the view they count in."""

    schedule: Schedule
    component: Column[str]
    amount: Column[Fraction]


def cost_schedule(schedule_id: str, label: str, cite: str, costs: Sequence[Cost], source: str) -> CostSchedule:
    """The schedule of a category whose QRE is the cost itself."""
    description = words("description", "what it is", width=72)
    component = words("component", "component id")
    amount = numbers("amount", "amount paid or incurred")
    counts_in = words("counts_in", "counts in", width=12)
    rows = []
    for i, cost in enumerate(costs, start=1):
        stated = FromStatement(source, cost.description)
        base = f"{schedule_id}.{i}"
        rows.append(
            Row(
                cost.id,
                {
                    "description": known(f"{base}.description", "what it is", cost.description, stated, Unit.TEXT),
                    "component": known(f"{base}.component", "component id", cost.component, stated, Unit.TEXT),
                    "amount": cost.amount.leaf(f"{base}.amount", cost.description),
                    "counts_in": known(f"{base}.counts_in", "counts in", str(cost.counts_in), stated, Unit.TEXT),
                },
            )
        )
    schedule = Schedule(
        schedule_id, label, (description, component, amount, counts_in), tuple(rows), cite=cite, counts_in=counts_in
    )
    return CostSchedule(schedule, component, amount)
