"""Which cost column of a bill counts, and in which year: paid or incurred under the method.

Accrual: the effective (net, amortised) cost of what was used in the credit year. Cash: the billed
cost of the billing months that were paid in the credit year. Both columns stay beside each other;
their difference by month is the bridge.

Source: IRC 41(b)(1), 446, 461; Reg. 1.461-4(d)(3).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from rdcredit.errors import Problem, Refused
from rdcredit.ingest.records import BILL_KEYS
from rdcredit.ledger.exact import exact_sum
from rdcredit.source import GroupRef

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from rdcredit.ingest.records import RolledBill
    from rdcredit.study.config import InputSettings, Study, TaxYearSettings

CostColumn = Literal["billed", "effective"]
_COLUMNS: tuple[CostColumn, ...] = ("billed", "effective")


class Timing(StrEnum):
    """What the method of accounting says of the year of a charge."""

    COUNTS = "in the year"
    USED_IN_ANOTHER_YEAR = "used in another year"
    PAID_IN_ANOTHER_YEAR = "paid in another year"
    NO_PAYMENT_DATE = "no payment date"
    PAID_BEFORE_USE = "paid in the year, used after it"


class Span(StrEnum):
    """Whether one charge covers more than a month, and whether it leaves the credit year."""

    MONTH = "one month"
    WITHIN = "within the year"
    BEYOND = "beyond the year"


@dataclass(frozen=True, slots=True)
class Charge:
    """One group of a bill: its key, both cost columns, and its year under the method.

    ``amount`` is that of the method's own column, the one on which dollars are conserved.
    """

    ref: GroupRef
    key: Mapping[str, str]
    billed: Decimal | None
    effective: Decimal | None
    amount: Decimal
    timing: Timing
    span: Span
    paid: date | None = None
    repeated: bool = False
    """Rows that agree in every column with another row of the export, and nobody has said they are separate."""


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """Billed against effective cost of one month: what prepayments and amortisation moved."""

    period: str
    currency: str
    billed: Decimal | None
    effective: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Effective less billed; None where the export has one column only."""
        if self.billed is None or self.effective is None:
            return None
        return exact_sum((self.effective, -self.billed))


def column_of(study: Study) -> CostColumn:
    """The cost column that counts under the taxpayer's method of accounting."""
    return "effective" if study.taxpayer.accounting_method == "accrual" else "billed"


def settings_of(bill: RolledBill, study: Study) -> InputSettings | None:
    """The ``[[inputs]]`` entry a bill was read from: by its id, else by its path."""
    bills = [i for i in study.inputs if i.role == "bill"]
    for entry in bills:
        if bill.input_id in {entry.id, entry.path, entry.path.rstrip("/")}:
            return entry
    unnamed = [i for i in bills if i.id is None]
    return unnamed[0] if len(bills) == len(unnamed) == 1 else None


def amounts_of(frame: pd.DataFrame, column: CostColumn) -> list[Decimal | None]:
    """A cost column as exact amounts; None where the export had no such column."""
    return _amounts(frame, column)


def _amounts(frame: pd.DataFrame, name: str) -> list[Decimal | None]:
    if name not in frame.columns:
        return [None] * len(frame)
    return [value if isinstance(value, Decimal) else None for value in frame[name].tolist()]


def charges_of(bill: RolledBill, study: Study) -> tuple[Charge, ...]:
    """Every group of the bill with its cost and its year, in the order of the group key.

    Raises:
        Refused: E236, the export lacks the column the method needs; E505, two payment dates of
            one month lie on different sides of a year's end.
    """
    payments, problems = _payments(settings_of(bill, study), study.credit_year)
    own = column_of(study)
    columns = {column: amounts_of(bill.groups, column) for column in _COLUMNS}
    keys = [bill.groups[name].astype(str).tolist() for name in BILL_KEYS]
    missing = sorted({keys[0][i] for i, value in enumerate(columns[own]) if value is None})
    if missing:
        problems.append(_no_column(bill, own, missing))
    if problems:
        raise Refused(problems)
    counts = [bill.groups[name].astype(int).tolist() for name in ("rows", "first_record", "last_record")]
    again = _repeated(bill, study, own)
    files = tuple(f.file for f in bill.files)
    charges = []
    for i, values in enumerate(zip(*keys, strict=True)):
        amount = columns[own][i] or Decimal(0)
        key = dict(zip(BILL_KEYS, values, strict=True))
        rows, first, last = (column[i] for column in counts)
        ref = GroupRef(files, tuple(key.items()), rows, amount, first, last)
        paid = payments.get(key["billing_month"])
        timing = _timing(key, own, paid, study.credit_year)
        span = _span(key, study.credit_year)
        whole = Charge(ref, key, columns["billed"][i], columns["effective"][i], amount, timing, span, paid)
        charges += _without_repeats(whole, again[i], own) if i in again else [whole]
    return tuple(sorted(charges, key=lambda c: (c.ref.key, c.repeated)))


_Repeats = tuple[int, dict[CostColumn, Decimal | None]]
"""Rows that repeat others of their group: how many, and what they add up to by cost column."""


def _repeated(bill: RolledBill, study: Study, own: CostColumn) -> dict[int, _Repeats]:
    """By group, the rows beyond the first that agree in every column: how many, and what they add up to.

    Empty where the study says that identical rows of this input are separate charges.
    """
    accepted = {entry.input for entry in study.identical_rows}
    settings = settings_of(bill, study)
    names = {bill.input_id} | ({settings.id, settings.path} if settings else set())
    if names & accepted or f"identical_{own}" not in bill.groups.columns:
        return {}
    rows = bill.groups["identical_rows"].astype(int).tolist()
    sums = {column: _amounts(bill.groups, f"identical_{column}") for column in _COLUMNS}
    return {i: (n, {column: sums[column][i] for column in _COLUMNS}) for i, n in enumerate(rows) if n}


def _without_repeats(whole: Charge, again: _Repeats, own: CostColumn) -> list[Charge]:
    """A group as the rows that stand once, and the rows that repeat them."""
    count, sums = again

    def less(amount: Decimal | None, part: Decimal | None) -> Decimal | None:
        return amount if amount is None or part is None else exact_sum((amount, -part))

    billed, effective = sums["billed"], sums["effective"]
    repeated = sums[own] or Decimal(0)
    amount = less(whole.amount, repeated) or Decimal(0)
    return [
        replace(
            whole,
            ref=replace(whole.ref, count=whole.ref.count - count, total=amount),
            billed=less(whole.billed, billed),
            effective=less(whole.effective, effective),
            amount=amount,
        ),
        replace(
            whole,
            ref=replace(whole.ref, count=count, total=repeated),
            billed=billed,
            effective=effective,
            amount=repeated,
            repeated=True,
        ),
    ]


def bridge(charges: Sequence[Charge]) -> tuple[BridgeLine, ...]:
    """Both cost columns by month and currency, side by side."""
    months: dict[tuple[str, str], list[Charge]] = {}
    for charge in charges:
        months.setdefault((charge.key["period"], charge.key["currency"]), []).append(charge)
    return tuple(
        BridgeLine(period, currency, _total([c.billed for c in here]), _total([c.effective for c in here]))
        for (period, currency), here in sorted(months.items())
    )


def _total(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [a for a in amounts if a is not None]
    return exact_sum(known) if len(known) == len(amounts) else None


def _timing(key: Mapping[str, str], own: CostColumn, paid: date | None, year: TaxYearSettings) -> Timing:
    in_year = key["year_position"] == "in"
    if own == "effective":
        return Timing.COUNTS if in_year else Timing.USED_IN_ANOTHER_YEAR
    if paid is None:
        return Timing.NO_PAYMENT_DATE
    if not year.begin <= paid <= year.end:
        return Timing.PAID_IN_ANOTHER_YEAR
    return Timing.PAID_BEFORE_USE if key["year_position"] == "after" else Timing.COUNTS


def _span(key: Mapping[str, str], year: TaxYearSettings) -> Span:
    until = key["spans_to"]
    if not until:
        return Span.MONTH
    # A year that ends inside a month holds only a part of that month.
    whole_month = year.end.day == monthrange(year.end.year, year.end.month)[1]
    last_month = f"{year.end:%Y-%m}"
    first_outside = _month_after(last_month) if whole_month else last_month
    return Span.BEYOND if until > first_outside else Span.WITHIN


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def _payments(entry: InputSettings | None, year: TaxYearSettings) -> tuple[dict[str, date], list[Problem]]:
    dates: dict[str, set[date]] = {}
    for payment in entry.payments if entry else ():
        dates.setdefault(payment.month, set()).add(payment.paid)
    problems = [
        Problem(
            "E505",
            "study.toml",
            f"the charges of {month} are stated as paid both inside and outside the credit year",
            why="On the cash method the payment date decides in which year a cost counts.",
            fix="Give one payment date for the month, or split the month's files into two inputs.",
        )
        for month, stated in sorted(dates.items())
        if len({year.begin <= day <= year.end for day in stated}) > 1
    ]
    return {month: max(stated) for month, stated in dates.items()}, problems


def _no_column(bill: RolledBill, own: CostColumn, months: Sequence[str]) -> Problem:
    method = "accrual" if own == "effective" else "cash"
    needed = "an amortised or effective cost column" if own == "effective" else "a billed or invoiced cost column"
    return Problem(
        "E236",
        ", ".join(f.file.path for f in bill.files) or bill.input_id,
        f"the {own} cost of {', '.join(months)} is missing, which the {method} method counts",
        why="Another column would count prepayments in another year, or a commitment twice.",
        fix=f"Export the bill again with {needed}.",
    )
