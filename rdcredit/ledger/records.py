"""The ledger's records: buckets, and the parts into which source dollars are divided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rdcredit.figure.view import View

if TYPE_CHECKING:
    from decimal import Decimal

    from rdcredit.source import GroupRef, RowRef

__all__ = ["Bucket", "BucketKind", "Determination", "Part", "QreCategory", "View"]


class BucketKind(StrEnum):
    """Where a dollar ends: qualified for a component, excluded for a reason, or held by a question."""

    QUALIFIED = "qualified"
    EXCLUDED = "excluded"
    HELD = "held"


class QreCategory(StrEnum):
    """The categories of qualified research expenses, section 41(b)."""

    WAGES = "wages"
    SUPPLIES = "supplies"
    COMPUTER_RENTAL = "computer_rental"
    CONTRACT_RESEARCH = "contract_research"


@dataclass(frozen=True, slots=True)
class Bucket:
    """``qualified:<component>``, ``excluded:<reason>`` or ``held:<question>``."""

    kind: BucketKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Determination:
    """What became of one workload, person-project or contract, and why.

    ``counts_in`` is the first view in which the dollars enter the credit: *supported* for
    qualified dollars, *expected* or *potential* for held ones that could qualify, None for
    dollars that never do. ``component`` is set wherever one is known, also for held dollars.
    ``questions`` lists every open question, the one naming the bucket first.
    """

    bucket: Bucket
    counts_in: View | None
    component: str
    rule: str
    why: str
    authority: str
    questions: tuple[str, ...] = ()
    road_not_taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the dollars of one source row or group.

    ``amount`` is in the source's own cost column and currency (bills: up to 12 decimals; tables:
    as written). The parts of a row sum to the row. ``subject`` is the readable id of the workload,
    person or contract that was decided on; ``period`` is the month (``YYYY-MM``) of the dollars.
    """

    source: str
    ref: RowRef | GroupRef
    period: str
    currency: str
    category: QreCategory
    subject: str
    amount: Decimal
    determination: Determination
    tags: str = ""
    note: str = ""
    """How the part came about where that is not plain: ``credit spread by account and service``."""
