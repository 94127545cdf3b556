"""Spreading credits, refunds and discounts over the usage they offset, before any tag is read.

A credit usually arrives without tags while the usage carries them. Left where it stands it would
leave tagged usage at full price, so every negative charge is carried to positive usage by a ladder
of ever wider relations, exactly, and never becomes a bucket of its own.

Source: IRC 41(b)(1) (amounts paid or incurred); accounting practice for credits and rebates.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.cost.basis import Timing
from rdcredit.ledger.exact import from_units, units
from rdcredit.ledger.findings import Finding
from rdcredit.money import BILL_SCALE, split_by_largest_remainder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from rdcredit.cost.basis import Charge

    Key = tuple[str, ...] | None
    KeyOf = Callable[[Charge, str], Key]


class Rung(StrEnum):
    """How a negative charge found the usage it reduces, the closest relation first."""

    TAX = "tax of the same bill"
    WORKLOAD = "same workload in the month"
    COMMITMENT = "same commitment"
    USAGE_TYPE = "same account, service and usage type in the month"
    SERVICE = "same account and service in the month"
    ACCOUNT = "same account in the month"
    PAYER_MONTH = "same payer in the month"
    PAYER_YEAR = "same payer in the year"
    SOURCE = "all usage of the source"
    REST = "all cost of the source"
    BEYOND = "more than all usage of the source"


_CLOSE = frozenset({Rung.WORKLOAD, Rung.COMMITMENT, Rung.USAGE_TYPE, Rung.SERVICE})
"""Rungs on which a refund may meet a purchase or an adjustment as well as usage."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of one negative charge, and the charge whose cost it reduces.

    ``source`` and ``target`` are positions among the charges handed in; ``amount`` is negative.
    """

    source: int
    target: int
    amount: Decimal
    rung: Rung


@dataclass(frozen=True, slots=True)
class Spread:
    """All negative charges of one bill, spread; ``homeless`` are those of a bill without any cost."""

    pieces: tuple[Piece, ...]
    homeless: tuple[int, ...]
    findings: tuple[Finding, ...]


def spread_negatives(charges: Sequence[Charge], workloads: Sequence[str], source: str = "") -> Spread:
    """Every negative charge carried to positive ones, proportionally to what is left of each.

    ``workloads`` gives each charge's workload id, empty where no identity tag is set: an untagged
    credit has no workload of its own. A charge is not reduced below zero while any other in its
    reach has cost left. Only a bill whose credits exceed all its cost goes below, and says so.

    Why rung by rung for all credits rather than credit by credit: a credit that can be matched
    closely is not crowded out by one that cannot.

    Not handled: the relation by resource id, which a rolled-up bill does not carry.
    """
    ladder = _Ladder(charges, workloads)
    for rung, key_of in _RUNGS:
        ladder.climb(rung, key_of)
    ladder.exceed()
    return Spread(tuple(ladder.pieces), tuple(ladder.homeless()), _findings(charges, ladder.pieces, source))


class _Ladder:
    """What is left to spread, and what is left to reduce, while the ladder is climbed."""

    def __init__(self, charges: Sequence[Charge], workloads: Sequence[str]) -> None:
        self.charges, self.workloads = charges, workloads
        amounts = [units(c.amount) for c in charges]
        self.left = {i: -a for i, a in enumerate(amounts) if a < 0}
        self.room = {i: a for i, a in enumerate(amounts) if a > 0}
        self.pieces: list[Piece] = []

    def climb(self, rung: Rung, key_of: KeyOf) -> None:
        """Spread what this relation can place."""
        if not any(self.left.values()):
            return
        targets: dict[tuple[str, ...], list[int]] = {}
        for i in (i for i, room in self.room.items() if room > 0):
            key = key_of(self.charges[i], self.workloads[i]) if _can_be_reduced(self.charges[i], rung) else None
            if key is not None:
                targets.setdefault((self.charges[i].key["currency"], *key), []).append(i)
        for i, owed in self.left.items():
            key = key_of(self.charges[i], self.workloads[i]) if owed else None
            if key is not None:
                self._place(i, targets.get((self.charges[i].key["currency"], *key), ()), rung)

    def exceed(self) -> None:
        """Place what no cost is left for on the usage, below zero: nothing else can carry it."""
        whole = {i: units(self.charges[i].amount) for i in self.room}
        for i, owed in self.left.items():
            if not owed:
                continue
            same = [t for t in whole if self.charges[t].key["currency"] == self.charges[i].key["currency"]]
            usage = [t for t in same if _is_usage(self.charges[t])] or same
            if usage:
                self._split(i, owed, usage, [whole[t] for t in usage], Rung.BEYOND)

    def homeless(self) -> list[int]:
        """Negative charges with nothing to reduce at all: a bill of credits only."""
        return [i for i, owed in self.left.items() if owed]

    def _place(self, i: int, targets: Sequence[int], rung: Rung) -> None:
        open_targets = [t for t in targets if self.room[t] > 0]
        owed = min(self.left[i], sum(self.room[t] for t in open_targets))
        if owed:
            self._split(i, owed, open_targets, [self.room[t] for t in open_targets], rung)

    def _split(self, i: int, owed: int, targets: Sequence[int], weights: Sequence[int], rung: Rung) -> None:
        parts = split_by_largest_remainder(from_units(-owed), [Fraction(w) for w in weights], BILL_SCALE)
        for target, part in zip(targets, parts, strict=True):
            if part:
                self.room[target] += units(part)
                self.pieces.append(Piece(i, target, part, rung))
        self.left[i] -= owed


def _is_usage(charge: Charge) -> bool:
    return charge.key["charge_category"] == "Usage" and charge.key["commitment_status"].casefold() != "unused"


def _can_be_reduced(charge: Charge, rung: Rung) -> bool:
    if charge.key["charge_category"] == "Tax":
        return rung in {Rung.TAX, Rung.REST}
    return rung in _CLOSE or rung is Rung.REST or _is_usage(charge)


def _tax(charge: Charge, _workload: str) -> Key:
    return (charge.key["provider"], charge.key["account"]) if charge.key["charge_category"] == "Tax" else None


def _workload(charge: Charge, workload: str) -> Key:
    return (workload, charge.key["period"]) if workload else None


def _commitment(charge: Charge, _workload: str) -> Key:
    used = charge.key["commitment_status"].casefold() != "unused"
    # A credit never crosses a year's end while its own year has cost to reduce.
    year = _year(charge, _workload) or ()
    return (charge.key["commitment_id"], *year) if charge.key["commitment_id"] and used else None


def _by(*columns: str) -> KeyOf:
    def key_of(charge: Charge, _workload: str) -> Key:
        return tuple(charge.key[column] for column in columns)

    return key_of


def _year(charge: Charge, _workload: str) -> Key:
    # What was not yet paid belongs to no year; it is kept with the year's own until it is known.
    outside = charge.timing in {Timing.USED_IN_ANOTHER_YEAR, Timing.PAID_IN_ANOTHER_YEAR}
    return ("another year" if outside else "the year",)


def _payer_year(charge: Charge, workload: str) -> Key:
    return (charge.key["provider"], *(_year(charge, workload) or ()))


_RUNGS: tuple[tuple[Rung, KeyOf], ...] = (
    (Rung.TAX, _tax),
    (Rung.WORKLOAD, _workload),
    (Rung.COMMITMENT, _commitment),
    (Rung.USAGE_TYPE, _by("provider", "account", "service", "usage_type", "period")),
    (Rung.SERVICE, _by("provider", "account", "service", "period")),
    (Rung.ACCOUNT, _by("provider", "account", "period")),
    (Rung.PAYER_MONTH, _by("provider", "period")),
    (Rung.PAYER_YEAR, _payer_year),
    (Rung.SOURCE, _year),
    (Rung.SOURCE, _by()),
    (Rung.REST, _by()),
)


def _findings(charges: Sequence[Charge], pieces: Sequence[Piece], source: str) -> tuple[Finding, ...]:
    found = []
    for rungs, code, title, why in (
        (
            {Rung.SOURCE, Rung.REST},
            "cost.credit_without_a_home",
            "Credits with no matching account or payer",
            "they reduce all usage of the source in proportion, because nothing ties them to any of it.",
        ),
        (
            {Rung.BEYOND},
            "cost.credits_exceed_usage",
            "Credits exceed the cost they could reduce",
            "usage goes below zero by the rest; the credits may belong to another year or another bill.",
        ),
    ):
        here = [p for p in pieces if p.rung in rungs]
        if here:
            dollars = from_units(-sum(units(p.amount) for p in here))
            months = sorted({charges[p.source].key["period"] for p in here})
            found.append(Finding(code, title, f"{', '.join(months)}: {why}", dollars, (f"source:{source}",)))
    return tuple(found)
