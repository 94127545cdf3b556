"""``study.toml`` as a validated record: what the taxpayer and the preparer state about the study.

Unknown keys are refused with the nearest known name; all problems are reported at once
(:mod:`rdcredit.study.load`). Amounts are exact decimals, written as text or as TOML numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from rdcredit.money import NotAnAmount, read_amount

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
"""Dates outside are typing errors; date arithmetic inside cannot overflow."""
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STARTUP_CHOICE = frozenset(range(5, 11))
_STARTUP_CHOSEN = 5


@dataclass(frozen=True, slots=True)
class Hint:
    """What a key takes, for messages: in words, as TOML to paste, and why it is asked for."""

    wanted: str
    example: str
    why: str = ""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=False)


def _exact(value: object) -> object:
    # ValueError rather than TypeError: pydantic collects the former and lets the latter through.
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ValueError("not an amount")  # noqa: TRY004 - see above
    try:
        return read_amount(value if isinstance(value, str) else str(value))
    except NotAnAmount as error:
        raise ValueError(str(error)) from error


def _share(value: Decimal) -> Decimal:
    if not 0 <= value <= 1:
        raise ValueError("not between 0 and 1")
    return value


def _plain_day(value: object) -> object:
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        value = date.fromisoformat(value)
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError("not a date")  # noqa: TRY004 - as above
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError("year out of range")
    return value


def _startup_selection(value: tuple[int, ...]) -> tuple[int, ...]:
    if value and (len(value) != _STARTUP_CHOSEN or len(set(value) & _STARTUP_CHOICE) != _STARTUP_CHOSEN):
        raise ValueError("not five different years")
    return value


_AMOUNT = Hint('an exact amount such as "1234.56"', '"1234.56"')
_MONTH = Hint('a month such as "2025-03"', '"2025-03"')

Amount = Annotated[Decimal, BeforeValidator(_exact), _AMOUNT]
Share = Annotated[
    Decimal, BeforeValidator(_exact), AfterValidator(_share), Hint('a share from "0" to "1", such as "0.95"', '"0.95"')
]
Day = Annotated[
    date,
    BeforeValidator(_plain_day),
    Hint(f"a date such as 2025-12-31, without quotes, from {_FIRST_YEAR} to {_LAST_YEAR}", "2025-12-31"),
]
Month = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"), _MONTH]
Identifier = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
    Hint("a short name of letters, digits, dots, dashes and underscores", '"short-name"'),
]
Named = Annotated[str, Field(pattern=r"\S"), Hint("a text that is not empty", '"..."')]
YesNo = StrictBool

EntityType = Literal["C corporation", "S corporation", "partnership", "sole proprietor", "estate or trust"]
AccountingMethod = Annotated[
    Literal["accrual", "cash"],
    Hint(
        '"accrual" or "cash"',
        '"accrual"   # or "cash"',
        "The method of accounting decides in which year a cost counts (paid or incurred), so it has no default: "
        "state the method the return is filed on.",
    ),
]
Status = Literal["estimate", "draft", "final"]
Category = Literal["wages", "supplies", "computer_rental", "contract_research"]
PriorQre = Amount | Literal["restate", "unknown", "none"]
"""An earlier year's QREs of one category: an amount on this year's definition, ``none`` (there were
no such expenses: say by whom in ``source``), ``restate`` or ``unknown`` (both are missing)."""


class StudySettings(_Table):
    """``[study]``: the state of the study and the date printed on its documents."""

    status: Status
    dated: Day
    prepared_by: str = ""
    reviewed_by: str = ""
    firm: str = ""
    original_return: YesNo = True


class TaxpayerSettings(_Table):
    """``[taxpayer]``: who claims the credit."""

    name: Named
    entity: EntityType
    accounting_method: AccountingMethod
    ein: Annotated[
        str, Field(pattern=r"^([0-9]{2}-[0-9]{7})?$"), Hint('nine digits such as "12-3456789"', '"12-3456789"')
    ] = ""
    activity_code: Annotated[str, Field(pattern=r"^([0-9]{6})?$"), Hint('six digits such as "541715"', '"541715"')] = ""
    formed: Day | None = None
    trade_or_business_began: Day | None = None
    payroll_under: Literal["own EIN", "PEO"] = "own EIN"
    peo: str = ""
    controlled_group: YesNo | None = None
    major_acquisition_or_disposition: YesNo | None = None
    asc_730_directive: YesNo | None = None


class ReceiptsSettings(_Table):
    """Gross receipts of one year: Reg. 1.41-3(c) for the base amount, section 448(c) for the size tests."""

    base: Amount | Literal["unknown"] = "unknown"
    s448c: Amount | Literal["unknown"] = "unknown"


class PriorQreSettings(_Table):
    """QREs of an earlier year by category, and where they come from."""

    wages: PriorQre = "unknown"
    supplies: PriorQre = "unknown"
    computer_rental: PriorQre = "unknown"
    contract_research: PriorQre = "unknown"
    source: str = ""


class TaxYearSettings(_Table):
    """``[[tax_years]]``: one taxable year; the last one listed is the credit year."""

    begin: Day
    end: date
    fifty_two_week: YesNo = False
    receipts: ReceiptsSettings = ReceiptsSettings()
    qre: PriorQreSettings | Literal["none", "unknown"] | None = None
    """Absent for the credit year; ``none`` says the year had no QREs at all (by whom: ``qre_source``)."""
    qre_source: str = ""


class ElectionSettings(_Table):
    """``[elections]``: what the return elects, or ``compare`` while that is open."""

    method: Literal["regular", "asc", "compare"] = "compare"
    reduced_credit: Literal["yes", "no", "compare"] = "compare"
    startup_years: Annotated[
        tuple[StrictInt, ...],
        AfterValidator(_startup_selection),
        Hint("five different QRE years from the 5th to the 10th, such as [5, 6, 7, 8, 9]", "[5, 6, 7, 8, 9]"),
    ] = ()
    """QRE years (5 to 10) chosen for the fixed-base percentage from the eleventh year on."""
    payroll_credit: Amount | None = None
    """The part of the credit elected against payroll tax, section 41(h); absent: not elected."""


class ComponentSettings(_Table):
    """``[[components]]``: a business component and the tags or projects that belong to it."""

    id: Identifier
    name: Named
    kind: Literal["product", "process", "software", "technique", "formula", "invention"]
    use: Literal["not internal", "internal", "dual", "unknown"] = "unknown"
    """For software only: Reg. 1.41-4(c)(6)."""
    began: Day | None = None
    released: Day | None = None
    """Ready for commercial sale or use: section 41(d)(4)(A) applies to work after it."""
    information_sought: str = ""
    uncertainty: str = ""
    alternatives: str = ""
    evaluation: str = ""
    technological_basis: str = ""
    funded: YesNo | None = None
    meets_80_percent: Literal["yes", "no", "not shown"] = "not shown"
    """Whether substantially all of the component's research is a process of experimentation."""
    meets_80_percent_source: str = ""
    select: tuple[dict[str, str | tuple[str, ...]], ...] = ()
    """Each entry is a conjunction of tag = value or tag = [values]; entries are alternatives.
    ``account``, ``service`` and ``service_family`` select on those columns."""
    projects: tuple[str, ...] = ()
    """Names of projects in time records and contractor payments."""


class ControlTotal(_Table):
    """A total the taxpayer states from another document, compared on every run."""

    source: Named
    amount: Amount
    month: Month | None = None
    column: Literal["billed", "effective", "amount"] = "amount"


class PaymentSettings(_Table):
    """When the charges of one billing month were paid (cash method)."""

    month: Month
    paid: Day


class InputSettings(_Table):
    """``[[inputs]]``: a file or folder and its role in the study."""

    role: Literal["bill", "payroll", "time", "contractors", "contracts", "people", "supplies"]
    path: Named
    id: Identifier | None = None
    control: tuple[ControlTotal, ...] = ()
    payments: tuple[PaymentSettings, ...] = ()
    date_format: Literal["", "month-first", "day-first"] = ""
    """How dates are written where they are ambiguous: ``month-first`` or ``day-first``."""
    sheet: str = ""
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$"), Hint('a currency code such as "USD"', '"USD"')] = ""
    tenancy: Literal["", "shared", "reserved shared", "dedicated host", "bare metal", "exclusive cluster", "owned"] = ""
    """Stated for a provider whose bill does not show it."""
    columns: dict[str, str] = {}
    """Our column = the file's header, where they differ."""


class AcceptedIdenticalRows(_Table):
    """The statement that identical rows of a source are separate charges, and whose it is."""

    input: str
    by: str
    date: Day


class OtherSettings(_Table):
    """``[other]``: amounts of the form that do not come from QREs; not stated means not claimed."""

    energy_consortia: Amount | None = None
    basic_research_payments: Amount | None = None
    basic_research_base: Amount | None = None
    basic_research_applicable: Amount | None = None
    form_8932_overlap: Amount | None = None
    pass_through_credits: Amount | None = None
    allocated_to_beneficiaries: Amount | None = None


class WorkloadSettings(_Table):
    """``[workloads]``: the tags that identify a workload, and other names for them."""

    identity: tuple[str, ...] = ("project", "application", "component", "environment", "team", "workload")
    aliases: dict[str, tuple[str, ...]] = {}
    production: tuple[str, ...] = ("prod", "production", "live", "prd")
    development: tuple[str, ...] = ("dev", "development", "test", "staging", "experiment", "research", "sandbox")


class ProjectSettings(_Table):
    """``[[projects]]``: what a project that is in no component is, for time and contractor records."""

    name: str
    activity: Identifier
    """A reason of the rules: ``backoffice_ga``, ``marketing_sales``, ``leave`` and so on."""


class Statement(_Table):
    """A fact stated by a person that settles a question about a workload, person or contract."""

    about: str
    question: str
    answer: str
    by: Named
    date: Day
    document: str = ""


class ClassifierSettings(_Table):
    """``[classifier]``: the threshold of the classifier and who accepted it."""

    threshold: Share = Decimal("0.95")
    accepted_by: str = ""


class Study(_Table):
    """The whole of ``study.toml``."""

    study: StudySettings
    taxpayer: TaxpayerSettings
    tax_years: tuple[TaxYearSettings, ...] = Field(min_length=1)
    elections: ElectionSettings = ElectionSettings()
    components: tuple[ComponentSettings, ...] = ()
    projects: tuple[ProjectSettings, ...] = ()
    inputs: tuple[InputSettings, ...] = ()
    workloads: WorkloadSettings = WorkloadSettings()
    classifier: ClassifierSettings = ClassifierSettings()
    other: OtherSettings = OtherSettings()
    statements: tuple[Statement, ...] = ()
    identical_rows: tuple[AcceptedIdenticalRows, ...] = ()

    @property
    def credit_year(self) -> TaxYearSettings:
        """The taxable year the credit is computed for."""
        return self.tax_years[-1]
