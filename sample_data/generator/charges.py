"""Charges as every provider bills them, and the plans they are drawn from.

A :class:`Workload` says what the company ran, on which resources and for how many dollars a month;
:func:`daily_charges` turns it into a believable row a day and resource. The provider's layout
(which columns, how tags and times are written) is added afterwards by ``aws``, ``azure`` and
``gpu_cloud``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from generator.days import DAY, days_of, is_working_day, months_of, next_month

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from generator.chance import Chance

Tags = dict[str, str]
Rhythm = Literal["always", "working", "burst"]
"""Every day about the same; working days; or training runs that come and go."""

ZERO = Decimal(0)
_QUANTITY = Decimal("0.000001")
_BURST_DAYS = 62
"""Percentage of days on which a workload of bursts runs."""
_LESS = (8800, 10000)
"""Ten-thousandths of its plan that a resource really uses in a month."""


@dataclass(frozen=True, slots=True)
class Account:
    """A linked account, subscription or project of the provider."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region, and how the provider's usage types begin there."""

    id: str
    name: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Sku:
    """Something with a price: what is used, how it is counted and what it costs."""

    service: str
    family: str
    usage: str
    price: Decimal
    unit: str
    text: str
    code: str = ""
    operation: str = ""
    resource: str = ""
    """Kind of resource, as the provider names it."""


@dataclass(frozen=True, slots=True)
class Workload:
    """A plan: so many dollars a month, January first, on some resources with some tags."""

    name: str
    account: Account
    region: Region | None
    sku: Sku
    spend: tuple[int, ...]
    """Dollars planned, at most."""
    tags: tuple[Tags, ...] = ({},)
    """The spellings found on its resources, in turn."""
    rhythm: Rhythm = "working"
    resources: int = 1
    tagged_from: int = 1
    """Month from which its tags were activated; earlier rows carry none."""
    pricing: str = "Standard"
    planned: bool = False
    """May be covered by the savings plan."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A reservation or savings plan that rows refer to."""

    id: str
    name: str
    kind: str
    category: str = "Spend"


@dataclass(frozen=True, slots=True)
class Charge:
    """One row of a bill, before it is put into a provider's layout."""

    begin: date
    end: date
    """Exclusive."""
    billing: date
    """First day of the month it was billed in."""
    account: Account
    region: Region | None
    sku: Sku
    quantity: Decimal
    billed: Decimal
    effective: Decimal
    listed: Decimal
    tags: Tags = field(default_factory=dict)
    resource: str = ""
    category: str = "Usage"
    charge_class: str = ""
    frequency: str = "Usage-Based"
    pricing: str = "Standard"
    text: str = ""
    """Description where it is not the one of the SKU."""
    commitment: Commitment | None = None
    commitment_status: str = ""
    publisher: str = ""
    """Who sells it, where that is not the provider."""
    planned: bool = False
    credits: Decimal | None = None
    """What was drawn from a prepaid pack, in the provider's own currency."""


def cents(amount: Decimal) -> Decimal:
    """An amount rounded to the cent."""
    return amount.quantize(Decimal("0.01"))


def apportion(total: Decimal, weights: Sequence[int], step: Decimal) -> list[Decimal]:
    """``total`` divided by ``weights`` in multiples of ``step``; the last part takes the rest."""
    whole = sum(weights)
    parts = [(total * weight / whole).quantize(step) for weight in weights[:-1]]
    return [*parts, total - sum(parts, ZERO)]


def run_days(workload: Workload, resource: int, month: date, chance: Chance) -> dict[date, int]:
    """The days of ``month`` on which a resource ran, with how much on each."""
    name = (workload.name, resource)
    if workload.rhythm == "always":
        return {day: chance.between(96, 104, *name, str(day)) for day in days_of(month)}
    if workload.rhythm == "working":
        return {day: chance.between(60, 140, *name, str(day)) for day in days_of(month) if is_working_day(day)}
    days = [day for day in days_of(month) if chance.happens(_BURST_DAYS, *name, "ran", str(day))]
    return {day: chance.between(20, 240, *name, str(day)) for day in days or days_of(month)[:1]}


def daily_charges(workload: Workload, year: int, chance: Chance, cost_step: Decimal) -> Iterator[Charge]:
    """The charges of a workload over ``year``, a row a resource and day it ran."""
    price = workload.sku.price
    for month, dollars in zip(months_of(year), workload.spend, strict=True):
        for number in range(workload.resources if dollars else 0):
            days = run_days(workload, number, month, chance)
            spend = Decimal(dollars) / workload.resources * chance.between(*_LESS, workload.name, number, str(month))
            quantity = (spend / _LESS[1] / price).quantize(_QUANTITY)
            tags = workload.tags[number % len(workload.tags)] if month.month >= workload.tagged_from else {}
            for day, used in zip(days, apportion(quantity, list(days.values()), _QUANTITY), strict=True):
                cost = (used * price).quantize(cost_step)
                yield Charge(
                    begin=day,
                    end=day + DAY,
                    billing=month,
                    account=workload.account,
                    region=workload.region,
                    sku=workload.sku,
                    quantity=used,
                    billed=cost,
                    effective=cost,
                    listed=cost,
                    tags=tags,
                    resource=f"{workload.name}/{number}",
                    pricing=workload.pricing,
                    planned=workload.planned,
                )


def monthly_charge(
    month: date, account: Account, sku: Sku, amount: Decimal, region: Region | None = None, **more: object
) -> Charge:
    """One charge for a whole month: support, tax, a subscription, a credit."""
    charge = {
        "begin": month,
        "end": next_month(month),
        "billing": month,
        "account": account,
        "region": region,
        "sku": sku,
        "quantity": Decimal(1),
        "billed": amount,
        "effective": amount,
        "listed": amount,
        **more,
    }
    return Charge(**charge)  # type: ignore[arg-type]  # a record filled from one dictionary


def billed_by_month(charges: Sequence[Charge]) -> dict[date, Decimal]:
    """What each month's invoice comes to."""
    totals: dict[date, Decimal] = {}
    for charge in charges:
        totals[charge.billing] = totals.get(charge.billing, ZERO) + charge.billed
    return dict(sorted(totals.items()))
