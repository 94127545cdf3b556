"""What the readers hand on: one record shape a role, whatever the format it came from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from rdcredit.errors import Problem
    from rdcredit.source import FileRef, RowRef

BILL_KEYS = (
    "period",  # month of ChargePeriodStart, YYYY-MM
    "year_position",  # before | in | after the credit year, by ChargePeriodStart
    "spans_to",  # month after the last one charged, where a charge covers more than one month; else empty
    "billing_month",  # YYYY-MM of BillingPeriodStart
    "invoice_id",
    "provider",
    "publisher",
    "issuer",
    "account",
    "service_family",  # FOCUS ServiceCategory
    "service",
    "usage_type",
    "region",
    "charge_category",  # Usage | Purchase | Tax | Credit | Adjustment
    "charge_class",  # Correction or empty
    "charge_frequency",
    "pricing_category",
    "commitment_id",
    "commitment_status",
    "currency",
    "tags",  # canonical JSON text, keys sorted; {} when there are none
)
"""The group key of a bill: text columns, never null, in this order."""

BILL_SUMS = ("billed", "effective")
"""DECIMAL(38,12) sums of a bill's two cost columns; null where the export has no such column."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that could not be read as money or time: kept with its raw text (masked if personal) and counted."""

    file: FileRef
    record: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class FileCount:
    """What was read from one file, by an independent count of its bytes and by the engine."""

    file: FileRef
    records_counted: int
    records_read: int
    rounding_difference: Decimal
    """Sum of what digits beyond the scale were worth (of a bill: in its billed column)."""
    notes: tuple[str, ...] = ()
    rounding_difference_effective: Decimal = Decimal(0)
    """The same for a bill's effective column."""
    records_aside: int = 0
    """Total rows, used as a control and never summed; part of both counts."""


@dataclass(frozen=True, slots=True)
class RolledBill:
    """One ``[[inputs]]`` of role *bill*, rolled up.

    ``groups`` is a pandas frame with the columns of :data:`BILL_KEYS` (text), ``billed`` and
    ``effective`` (Arrow decimal128(38,12)), ``rows``, ``first_record``, ``last_record`` (int64;
    record numbers 0 where several files or a columnar file share a group) and ``identical_rows``
    (int64: rows beyond the first that agree in every column) with ``identical_billed`` and
    ``identical_effective`` (decimal128, what those rows add to the sums). Sorted by the key; all
    columns are Arrow-backed. For each file ``records_read`` is the rows in groups, held and aside.
    """

    input_id: str
    format: str
    why_recognised: str
    files: tuple[FileCount, ...]
    groups: pd.DataFrame
    held: tuple[HeldRow, ...]
    first_day: date | None
    last_day: date | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PayRow:
    """One line of a payroll register, or one person's W-2 box 1 for a calendar year.

    ``taxable`` is section 3401(a) wages: taxable pay, or gross less declared pre-tax deductions.
    """

    ref: RowRef
    person: str
    name: str
    taxable: Decimal
    pay_date: date | None
    """None for a yearly W-2 figure; then ``year`` is its calendar year."""
    year: int | None = None
    gross: Decimal | None = None
    pretax: Decimal | None = None
    kind: str = "regular"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person: role and place. Every field but the id may be unknown."""

    ref: RowRef
    person: str
    name: str
    title: str = ""
    department: str = ""
    country: str = ""
    """ISO two-letter code; Puerto Rico and the possessions count as the United States."""
    state: str = ""
    officer: bool | None = None
    owner: bool | None = None
    evidence_of_role: str = ""
    """The record that shows what an officer or manager did, where there is one."""


TimeKind = Literal["research", "supervision", "support", "leave", "unknown"]


@dataclass(frozen=True, slots=True)
class TimeRow:
    """Time of one person on one project: hours of a day or month, or a percentage of a period.

    Exactly one of ``hours`` and ``percent`` is set. ``percent`` is of the period's time, 0 to 100.
    """

    ref: RowRef
    person: str
    project: str
    begin: date
    end: date
    hours: Decimal | None
    percent: Decimal | None
    kind: TimeKind = "unknown"
    source: str = ""
    """What the record is: timesheet, tickets, survey."""
    activity: str = ""
    """The activity as the record writes it, where it says more than ``kind`` (``maintenance``)."""


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """The abstract of one contract for research: None where nobody has read it yet."""

    ref: RowRef
    contract: str
    vendor: str
    signed: date | None = None
    paid_regardless_of_success: bool | None = None
    rights_to_results: bool | None = None
    success_contingent_share: Decimal | None = None
    payee_kind: Literal["general", "consortium", "energy"] = "general"
    """65 %, 75 % (qualified research consortium) or 100 % (energy research, 41(b)(3)(D))."""
    document: str = ""
    related_party: bool | None = None


@dataclass(frozen=True, slots=True)
class ContractorPayment:
    """One payment, or bill, to a contractor for services."""

    ref: RowRef
    vendor: str
    contract: str
    project: str
    amount: Decimal
    currency: str
    performed_begin: date | None
    performed_end: date | None
    paid: date | None
    country: str = ""
    """Where the work was done, ISO two-letter code; empty is unknown."""
    kind: str = "services"
    """services | expenses | platform fee | tax"""
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """One purchase of tangible supplies."""

    ref: RowRef
    vendor: str
    description: str
    project: str
    amount: Decimal
    currency: str
    incurred: date | None
    paid: date | None
    tangible: bool | None = None
    depreciable: bool | None = None
    account: str = ""


@dataclass(frozen=True, slots=True)
class PeopleInputs:
    """Everything read from tables of people, contracts and supplies."""

    pay: tuple[PayRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    time: tuple[TimeRow, ...] = ()
    contracts: tuple[ContractTerms, ...] = ()
    payments: tuple[ContractorPayment, ...] = ()
    supplies: tuple[SupplyRow, ...] = ()
    files: tuple[tuple[str, FileCount], ...] = ()
    """(input id, what was read) per file."""
    held: tuple[HeldRow, ...] = ()
    """Rows whose amount or quantity could not be read: their dollars are unknown and counted nowhere."""
    held_time: tuple[TimeRow, ...] = ()
    """All time of persons whose time does not add up or has a row in ``held``; not in ``time``, so that
    their wages are held."""
    problems: tuple[Problem, ...] = ()
