"""Quillfern's AWS bill of 2025: its workloads, and everything a bill holds besides usage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.charges import (
    ZERO,
    Charge,
    Commitment,
    apportion,
    billed_by_month,
    cents,
    daily_charges,
    monthly_charge,
)
from generator.days import DAY, days_of, month_start, months_of
from generator.quillfern import aws_skus as sku
from generator.quillfern.aws_workloads import WORKLOADS
from generator.quillfern.company import CHANCE, CORPORATE, COST_STEP, PAYER, PRODUCTION, RESEARCH, VIRGINIA, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PLAN = Commitment(
    f"arn:aws:savingsplans::{PAYER.id}:savingsplan/{CHANCE.code(8, '0123456789abcdef', 'plan')}-41d2-9c07-quillfern25",
    "compute-2025-03",
    "Compute Savings Plans",
)
PLAN_BEGINS = date(YEAR, 3, 1)
PLAN_PRICE = Decimal("0.72")
"""What the plan charges for a dollar at list price."""

CREDITS = {1: 22000, 2: 21000, 3: 20000, 4: 19000, 5: 13000}
"""The start-up programme's credits, in dollars by month; 95,000 in all, used up in May."""
SUPPORT_SHARE = Decimal("0.028")
TAX_SHARE = Decimal("0.0021")
IDENTICAL = 6
"""Pairs of rows that agree in every column: log charges of two accounts' shared trail, a real habit of the export."""


def _covered(charges: Sequence[Charge]) -> list[Charge]:
    """The charges with the savings plan applied: covered rows, unused rows and the plan's own fee."""
    committed = sku.SAVINGS_PLAN.price * 24
    left = {day: committed for month in months_of(YEAR) for day in days_of(month) if day >= PLAN_BEGINS}
    result = []
    for charge in charges:
        cost = (charge.listed * PLAN_PRICE).quantize(COST_STEP)
        if not charge.planned or cost > left.get(charge.begin, ZERO):
            result.append(charge)
            continue
        left[charge.begin] -= cost
        result.append(
            replace(charge, billed=ZERO, effective=cost, pricing="Committed", commitment=PLAN, commitment_status="Used")
        )
    for day, unused in left.items():
        fee = Charge(day, day + DAY, month_start(day.year, day.month), PAYER, None, sku.SAVINGS_PLAN, Decimal(24),
                     committed, ZERO, committed, category="Purchase", frequency="Recurring", pricing="Committed",
                     commitment=PLAN, resource="savings-plan")  # fmt: skip
        result.append(fee)
        if unused:
            result.append(
                replace(fee, quantity=(unused / sku.SAVINGS_PLAN.price).quantize(COST_STEP), billed=ZERO,
                        effective=unused, listed=ZERO, category="Usage", frequency="Usage-Based",
                        commitment_status="Unused", text="Unused commitment of the Compute Savings Plan")
            )  # fmt: skip
    return result


def _is_offset(charge: Charge) -> bool:
    """Whether the programme pays for it: use of computers at list price, late corrections aside."""
    computers = charge.sku.family in ("Compute", "AI and Machine Learning")
    return computers and charge.category == "Usage" and not (charge.commitment or charge.charge_class)


def _credits(charges: Sequence[Charge]) -> Iterator[Charge]:
    """Promotional credits: a row a month, account and usage type they offset, without tags or resource."""
    for month, dollars in CREDITS.items():
        groups: dict[tuple[str, str, str], list[Charge]] = {}
        for charge in charges:
            if charge.billing.month == month and _is_offset(charge):
                region = charge.region.prefix if charge.region else ""
                groups.setdefault((charge.account.id, region, charge.sku.usage), []).append(charge)
        ordered = [groups[key] for key in sorted(groups) if sum(c.billed for c in groups[key]) > 1]
        weights = [int(sum(c.billed for c in group)) for group in ordered]
        for group, part in zip(ordered, apportion(Decimal(dollars), weights, Decimal("0.01")), strict=True):
            yield monthly_charge(
                group[0].billing, group[0].account, group[0].sku, -part, group[0].region, quantity=ZERO,
                category="Credit", frequency="One-Time", pricing="Other",
                text="Start-up programme promotional credits, credit from account: 041726538810",
            )  # fmt: skip


def _corrections(charges: Sequence[Charge]) -> Iterator[Charge]:
    """What was corrected late: a December 2024 charge, an April overcharge, a failed host, a year-end adjustment."""
    training = next(c for c in charges if c.sku == sku.P4D and c.tags.get("project") == "sparse-decoder")

    def late(begin: date, billing: int, dollars: str, text: str, **more: object) -> Charge:
        amount = Decimal(dollars)
        return replace(training, begin=begin, end=begin + DAY, billing=month_start(YEAR, billing),
                       quantity=(amount / training.sku.price).quantize(COST_STEP), billed=amount, effective=amount,
                       listed=amount, text=text, **more)  # type: ignore[arg-type]  # fmt: skip

    yield late(date(YEAR - 1, 12, 29), 1, "412.35", "Late usage of p4d.24xlarge in December", charge_class="Correction")
    yield late(date(YEAR, 4, 14), 6, "-1842.60", "Correction of p4d.24xlarge hours billed in April",
               charge_class="Correction")  # fmt: skip
    yield late(date(YEAR, 8, 19), 8, "-2960.40", "Refund for p4d.24xlarge instance impairment")


def _identical(charges: Sequence[Charge]) -> Iterator[Charge]:
    """Second copies of a few log charges: separate charges that agree in every column."""
    logs = [charge for charge in charges if charge.sku == sku.CLOUDWATCH]
    return iter(logs[:: len(logs) // IDENTICAL][:IDENTICAL])


def _fees(month: date, usage: Decimal) -> Iterator[Charge]:
    """What comes once a month and is not use of a computer."""
    yield monthly_charge(month, PRODUCTION, sku.OBSERVABILITY, Decimal("912.00"), category="Purchase",
                         frequency="Recurring", publisher="Gristwell Software, Inc.")  # fmt: skip
    tokens = CHANCE.between(380, 690, "hosted model", str(month))
    yield monthly_charge(month, RESEARCH, sku.HOSTED_MODEL, Decimal(tokens), VIRGINIA, quantity=Decimal(tokens),
                         publisher="Larkmoor Models, Inc.", tags={"project": "eval-harness", "environment": "test"},
                         resource="hosted-model")  # fmt: skip
    yield monthly_charge(month, PAYER, sku.TAX, cents(usage * TAX_SHARE), category="Tax", pricing="")
    if month.month in (2, 9):
        yield monthly_charge(month, CORPORATE, sku.REGISTRAR, Decimal("38.00"), category="Purchase",
                             frequency="One-Time")  # fmt: skip


def _support(month: date, total: Decimal) -> Charge:
    """The support fee, with the part of a cent that makes the month's invoice come to whole cents."""
    fee = cents(total * SUPPORT_SHARE)
    rest = total - cents(total)
    return monthly_charge(month, PAYER, sku.SUPPORT, fee - rest, frequency="Recurring", category="Purchase")


def charges() -> list[Charge]:
    """Every row of the bill."""
    usage = [charge for load in WORKLOADS for charge in daily_charges(load, YEAR, CHANCE, COST_STEP)]
    usage.sort(key=lambda charge: charge.begin)
    bill = _covered(usage)
    bill.extend([*_corrections(usage), *_identical(usage)])
    bill.extend(list(_credits(bill)))
    for month, total in billed_by_month(bill).items():
        bill.extend(_fees(month, total))
    bill.extend([_support(month, total) for month, total in billed_by_month(bill).items()])
    return bill
