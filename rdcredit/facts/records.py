"""What the credit needs to know, filled from a file of stated facts or from a study's ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Generic

from rdcredit.figure.apply import day_in_month, month_index
from rdcredit.figure.expression import Leaf, Unit
from rdcredit.figure.value import K, Known, Missing, Value
from rdcredit.figure.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from rdcredit.figure.origin import Origin

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Fact(Generic[K]):
    """A value that is known, assumed or missing, and where it comes from."""

    value: Value[K]
    origin: Origin

    def leaf(self, leaf_id: str, label: str, unit: Unit = Unit.MONEY) -> Leaf[K]:
        """The fact as a leaf of the line graph."""
        return Leaf(leaf_id, label, self.value, self.origin, unit)

    @property
    def known(self) -> K | None:
        """The bare value, or None where it is missing."""
        return self.value.value if isinstance(self.value, Known) else None


class EntityType(StrEnum):
    """Who files."""

    C_CORPORATION = "C corporation"
    S_CORPORATION = "S corporation"
    PARTNERSHIP = "partnership"
    SOLE_PROPRIETOR = "sole proprietor"
    ESTATE_OR_TRUST = "estate or trust"


class AccountingMethod(StrEnum):
    """The overall method of accounting: when an amount is paid or incurred."""

    ACCRUAL = "accrual"
    CASH = "cash"


class YearKind(StrEnum):
    """A taxable year of twelve months, a 52-53-week year (not a short year), or a short year."""

    FULL = "full"
    WEEKS = "52-53-week"
    SHORT = "short"


class Category(StrEnum):
    """The categories of QREs, section 41(b)."""

    WAGES = "wages"
    SUPPLIES = "supplies"
    COMPUTER_RENTAL = "computer_rental"
    CONTRACT_RESEARCH = "contract_research"


class Services(StrEnum):
    """The three kinds of qualified services, section 41(b)(2)(B)."""

    RESEARCH = "research"
    SUPERVISION = "supervision"
    SUPPORT = "support"


class PayeeKind(StrEnum):
    """Who is paid for contract research: decides the part that counts, section 41(b)(3)."""

    GENERAL = "general"
    CONSORTIUM = "consortium"
    ENERGY = "energy"


class Method(StrEnum):
    """How the credit is computed."""

    REGULAR = "regular"
    ASC = "asc"
    COMPARE = "compare"


class Answer(StrEnum):
    """An election that is made, not made, or still to be compared."""

    YES = "yes"
    NO = "no"
    COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """Who claims the credit."""

    name: str
    entity: EntityType
    accounting_method: AccountingMethod
    ein: str = ""
    activity_code: str = ""
    formed: date | None = None
    """First day of existence: years before it had neither receipts nor QREs."""
    controlled_group: bool | None = None
    major_acquisition_or_disposition: bool | None = None
    asc_730_directive: bool | None = None


@dataclass(frozen=True, slots=True)
class TaxYear:
    """One taxable year: its days, receipts and, for years before the credit year, QREs by category.

    ``receipts_base`` are gross receipts of Reg. 1.41-3(c); ``receipts_448c`` those of section 448(c).
    """

    begin: date
    end: date
    kind: YearKind
    receipts_base: Fact[Fraction]
    receipts_448c: Fact[Fraction]
    qre: Mapping[Category, Fact[Fraction]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The year as practitioners call it: the calendar year it ends in."""
        return f"{self.end.year}"

    @property
    def deemed_begin(self) -> date:
        """The day effective dates are compared with: for a 52-53-week year the nearest first of a month.

        Source: IRC 441(f)(2)(A); Treas. Reg. 1.441-2(c).
        """
        return _nearest_first(self.begin) if self.kind is YearKind.WEEKS else self.begin

    @property
    def deemed_end(self) -> date:
        """The last day effective dates are compared with: for a 52-53-week year the nearest end of a month."""
        after = self.end + timedelta(days=1)
        return _nearest_first(after) - timedelta(days=1) if self.kind is YearKind.WEEKS else self.end


def _nearest_first(day: date) -> date:
    """The first of a month nearest to a day; the earlier where two are as near."""
    this, following = day_in_month(month_index(day), 1), day_in_month(month_index(day) + 1, 1)
    return this if day - this <= following - day else following


def year_kind(begin: date, end: date, *, fifty_two_week: bool) -> YearKind:
    """Whether a period is twelve months, a 52-53-week year or short."""
    if fifty_two_week:
        return YearKind.WEEKS
    full = day_in_month(month_index(begin) + MONTHS_A_YEAR, begin.day) - timedelta(days=1)
    return YearKind.FULL if end >= full else YearKind.SHORT


@dataclass(frozen=True, slots=True)
class Person:
    """One person's section 3401(a) wages of the taxable year; ``officer`` feeds line 38."""

    id: str
    name: str
    wages: Fact[Fraction]
    officer: bool = False


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """The share of one person's services spent for one component, as one kind of qualified service.

    ``share`` is of all services in the year, leave in neither part. ``counts_in`` is the first view
    it counts in.
    """

    person: str
    component: str
    services: Services
    share: Fact[Fraction]
    counts_in: View = View.SUPPORTED


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount paid or incurred in the year for one component: supplies or computer rental."""

    id: str
    description: str
    component: str
    amount: Fact[Fraction]
    counts_in: View = View.SUPPORTED


@dataclass(frozen=True, slots=True)
class ContractCost:
    """An amount paid or incurred for contract research, before the 65, 75 or 100 percent."""

    id: str
    description: str
    component: str
    payee_kind: PayeeKind
    amount: Fact[Fraction]
    counts_in: View = View.SUPPORTED


@dataclass(frozen=True, slots=True)
class Component:
    """A business component as Form 6765 lists it."""

    id: str
    name: str
    kind: str = ""
    software_use: str = ""
    information_sought: str = ""


@dataclass(frozen=True, slots=True)
class Elections:
    """What the return elects; ``startup_years`` are the QRE years chosen from the eleventh on."""

    method: Method
    reduced_credit: Answer
    startup_years: tuple[int, ...] = ()
    where: str = ""
    """Where the elections are stated."""


@dataclass(frozen=True, slots=True)
class OtherAmounts:
    """Amounts of Form 6765 that do not come from QREs."""

    energy_consortia: Fact[Fraction]
    basic_research_payments: Fact[Fraction]
    basic_research_base: Fact[Fraction]
    basic_research_applicable: Fact[Fraction]
    """The part treated as contract research, at the payee's percentage (line 46)."""
    form_8932_overlap: Fact[Fraction]
    pass_through_credits: Fact[Fraction]
    allocated_to_beneficiaries: Fact[Fraction]


@dataclass(frozen=True, slots=True)
class BaseHistory:
    """QREs and receipts of the years beginning in 1984 to 1988, for a company that is not a start-up."""

    qre: Fact[Fraction]
    receipts: Fact[Fraction]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the credit of one taxable year is computed from.

    ``years`` ends with the credit year; the years before it are consecutive.
    """

    taxpayer: Taxpayer
    years: tuple[TaxYear, ...]
    elections: Elections
    components: tuple[Component, ...]
    people: tuple[Person, ...]
    time: tuple[ServiceTime, ...]
    supplies: tuple[Cost, ...]
    computer_rental: tuple[Cost, ...]
    contracts: tuple[ContractCost, ...]
    other: OtherAmounts
    components_stated: bool = True
    """Whether QREs are divided among business components at all."""
    base_history: BaseHistory | None = None
    original_return: bool = True
    source: str = "facts"
    """The file or study the facts were read from, for sentences about what is missing."""

    @property
    def credit_year(self) -> TaxYear:
        """The taxable year the credit is computed for."""
        return self.years[-1]

    @property
    def preceding(self) -> tuple[TaxYear, ...]:
        """The taxable years before it, the latest last."""
        return self.years[:-1]

    @property
    def history_is_complete(self) -> bool:
        """Whether the listed years reach back to the taxpayer's first day."""
        return self.taxpayer.formed is not None and self.years[0].begin <= self.taxpayer.formed


def missing_fact(what: str, origin: Origin) -> Fact[Fraction]:
    """A number nobody has stated."""
    return Fact(Missing((what,)), origin)
