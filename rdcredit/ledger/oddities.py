"""Named checks that find what looks wrong in a bill without deciding anything: gaps and outliers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.ledger.exact import from_units, units
from rdcredit.ledger.findings import Finding
from rdcredit.money import decimal_text, money_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rdcredit.ingest.records import RolledBill

OUTLIER_SHARE = Fraction(1, 4)
"""One group above this share of a bill's positive cost is pointed out."""
OUTLIER_RATIO = 100
"""A month this many times the median of the same line's other months: cents read as dollars."""
_ENOUGH_NEIGHBOURS = 2
_SERIES = ("provider", "account", "service_family", "service", "usage_type", "region", "charge_category", "tags")


@dataclass(frozen=True, slots=True)
class _Line:
    series: tuple[str, ...]
    account: str
    period: str
    amount: int


def oddities(bill: RolledBill, column: str, begin: date, end: date) -> tuple[Finding, ...]:
    """What a reader of the bill would ask about: large and hundredfold lines, missing months and accounts.

    ``begin`` and ``end`` are those of the credit year. Findings only: no dollar changes its bucket.
    """
    lines = _lines(bill, column)
    if not lines:
        return ()
    found = [*_large(lines), *_hundredfold(lines), *_missing_months(lines, begin, end), *_missing_accounts(lines)]
    source = f"source:{bill.input_id}"
    return tuple(Finding(code, title, why, from_units(dollars), (source,)) for code, title, why, dollars in found)


def _lines(bill: RolledBill, column: str) -> list[_Line]:
    frame = bill.groups
    series = zip(*(frame[name].astype(str).tolist() for name in _SERIES), strict=True)
    values = zip(series, frame["account"].astype(str), frame["period"].astype(str), frame[column], strict=True)
    return [_Line(s, account, period, units(a) if isinstance(a, Decimal) else 0) for s, account, period, a in values]


_Odd = tuple[str, str, str, int]


def _large(lines: Sequence[_Line]) -> Iterator[_Odd]:
    whole = sum(line.amount for line in lines if line.amount > 0)
    for line in lines:
        if whole and Fraction(line.amount, whole) > OUTLIER_SHARE:
            share = f"{decimal_text(Fraction(100 * line.amount, whole), 0)} %"
            yield (
                "cost.outlier_share",
                "One line is a large part of the bill",
                f"{_named(line)} in {line.period} is {share} of all cost: is the amount in the right unit?",
                line.amount,
            )


def _hundredfold(lines: Sequence[_Line]) -> Iterator[_Odd]:
    months: dict[tuple[str, ...], dict[str, int]] = {}
    for line in lines:
        here = months.setdefault(line.series, {})
        here[line.period] = here.get(line.period, 0) + line.amount
    for series, by_month in sorted(months.items()):
        for period, amount in sorted(by_month.items()):
            others = sorted(a for p, a in by_month.items() if p != period and a > 0)
            if len(others) < _ENOUGH_NEIGHBOURS:
                continue
            usual = others[len(others) // 2]
            if amount >= OUTLIER_RATIO * usual:
                named = f"{series[3]} {series[4]} of account {_short(series[1])}".replace("  ", " ")
                costs = f"costs {_dollars(amount)} in {period} and {_dollars(usual)} in a usual month"
                why = f"{named} {costs}: were cents read as dollars?"
                yield "cost.outlier_ratio", "One month is a hundred times its neighbours", why, amount


def _missing_months(lines: Sequence[_Line], begin: date, end: date) -> Iterator[_Odd]:
    seen = {line.period for line in lines}
    gaps = [month for month in _months(f"{begin:%Y-%m}", f"{end:%Y-%m}") if month not in seen]
    if gaps:
        yield (
            "cost.missing_months",
            "Months of the credit year without a row",
            f"No rows for {', '.join(gaps)}: was nothing used, or is a file missing?",
            0,
        )


def _missing_accounts(lines: Sequence[_Line]) -> Iterator[_Odd]:
    by_account: dict[str, dict[str, int]] = {}
    for line in lines:
        here = by_account.setdefault(line.account, {})
        here[line.period] = here.get(line.period, 0) + line.amount
    seen = {line.period for line in lines}
    for account, by_month in sorted(by_account.items()):
        before = min(by_month)
        # Months before an account's first row are not gaps: accounts are opened during a year.
        for month in _months(before, max(seen)):
            if month in by_month:
                before = month
            elif month in seen:
                was = by_month[before]
                yield (
                    "cost.missing_account",
                    "An account without rows in a month others have",
                    f"No rows for account {_short(account)} in {month}; was {_dollars(was)} in {before}.",
                    was,
                )


def _months(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:])
    while (name := f"{year:04d}-{month:02d}") <= last:
        yield name
        year, month = year + month // 12, month % 12 + 1


def _named(line: _Line) -> str:
    return f"{line.series[3]} {line.series[4]} of account {_short(line.account)}".replace("  ", " ")


def _short(account: str) -> str:
    return f"...{account[-4:]}" if account else "(none)"


def _dollars(whole: int) -> str:
    return money_text(from_units(whole))
