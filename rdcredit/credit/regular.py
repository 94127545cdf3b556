"""The regular credit, section 41(a)(1), (c)(1)-(3): Form 6765, Section A."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.credit.base_years import BaseYear, base_receipts
from rdcredit.credit.fixed_base import FixedBase, fixed_base_percentage
from rdcredit.facts.records import YearKind
from rdcredit.figure.expression import (
    ColumnTotal,
    CountRows,
    Expr,
    Leaf,
    Line,
    MonthsBetween,
    Rounding,
    Schedule,
    Unit,
    floor_at_zero,
    known,
    missing,
    number,
    smaller_of,
    when,
)
from rdcredit.figure.origin import FromStatement
from rdcredit.law.law import known_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from rdcredit.credit.payments import Payments
    from rdcredit.facts.records import Facts
    from rdcredit.law import Law


@dataclass(frozen=True, slots=True, eq=False)
class RegularCredit:
    """Section A as figures; ``gross`` is before the reduced-credit election, ``credit`` after it."""

    fixed_base: FixedBase
    receipts: Schedule
    average_receipts: Line[Fraction]
    base_before_minimum: Line[Fraction]
    over_base: Line[Fraction]
    half_of_qre: Line[Fraction]
    incremental: Line[Fraction]
    credit_base: Line[Fraction]
    gross: Line[Fraction]
    reduced: Line[Fraction]
    credit: Line[Fraction]


def _average_receipts(facts: Facts, law: Law) -> tuple[Schedule, Expr[Fraction]]:
    """Average receipts of up to four preceding years: those in existence, none giving zero."""
    wanted = int(known_number(law.regular.receipts_years))
    years = facts.preceding[-wanted:]
    receipts = base_receipts(facts, years)
    origin = FromStatement(facts.source, "taxable years")
    if len(years) < wanted and not facts.history_is_complete:
        return receipts.schedule, missing(
            "s41.regular.receipts.unlisted",
            "receipts of years not listed",
            f"gross receipts of {wanted - len(years)} more preceding years, or the day the company was formed",
            origin,
        )
    if not years:
        return receipts.schedule, number(0)
    return receipts.schedule, ColumnTotal(receipts.schedule, receipts.annualised) / CountRows(receipts.schedule)


def regular_credit(
    facts: Facts,
    law: Law,
    total_qre: Line[Fraction],
    base_years: Sequence[BaseYear],
    payments: Payments,
    reduced_elected: Leaf[bool],
) -> RegularCredit:
    """The regular credit with the minimum base amount and the reduced-credit election.

    Source: IRC 41(a)(1), (c)(1)-(3); 280C(c)(2); Treas. Reg. 1.41-3.
    """
    fixed_base = fixed_base_percentage(facts, base_years, law)
    receipts, average = _average_receipts(facts, law)
    average_receipts = Line(
        "s41.regular.average_receipts",
        "Average annual gross receipts of the four preceding years",
        average,
        "IRC 41(c)(1)(B); Treas. Reg. 1.41-3(a)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    product = average_receipts * fixed_base.percentage
    year = facts.credit_year
    if year.kind is YearKind.SHORT:
        origin = FromStatement(facts.source, "taxable years")
        first = known("credit_year.begin", "first day of the credit year", year.begin, origin, Unit.DATE)
        last = known("credit_year.end", "last day of the credit year", year.end, origin, Unit.DATE)
        product = product * MonthsBetween(first, last) / 12
    base_before_minimum = Line(
        "s41.regular.base_before_minimum",
        "Base amount before the minimum",
        product,
        "IRC 41(c)(1); Treas. Reg. 1.41-3(b)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    over_base = Line(
        "s41.regular.over_base",
        "QREs over that base amount",
        floor_at_zero(total_qre - base_before_minimum),
        "IRC 41(a)(1)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    half_of_qre = Line(
        "s41.regular.half_of_qre",
        "Half of the QREs: the base amount is never less than the other half",
        total_qre * law.regular.minimum_base_share,
        "IRC 41(c)(2)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    incremental = Line(
        "s41.regular.incremental",
        "QREs over the base amount",
        smaller_of(over_base, half_of_qre),
        "IRC 41(a)(1), (c)(2)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    credit_base = Line(
        "s41.regular.credit_base",
        "Amount the regular credit is computed on",
        payments.energy_consortia + payments.net_basic_research + incremental,
        "IRC 41(a)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    reduced_rate = law.regular.rate * (number(1) - law.reduced_credit.tax_rate)

    def credit(line_id: str, label: str, rate: Expr[Fraction], cite: str) -> Line[Fraction]:
        return Line(line_id, label, credit_base * rate, cite, rounding=Rounding.WHOLE_DOLLARS)

    gross = credit("s41.regular.gross_credit", "Regular credit, not reduced", law.regular.rate, "IRC 41(a)")
    reduced = credit("s41.regular.reduced_credit", "Regular credit, reduced", reduced_rate, "IRC 280C(c)(2)")
    return RegularCredit(
        fixed_base=fixed_base,
        receipts=receipts,
        average_receipts=average_receipts,
        base_before_minimum=base_before_minimum,
        over_base=over_base,
        half_of_qre=half_of_qre,
        incremental=incremental,
        credit_base=credit_base,
        gross=gross,
        reduced=reduced,
        credit=Line(
            "s41.regular.credit",
            "Regular credit",
            when(reduced_elected, reduced, gross),
            "IRC 41(a); 280C(c)(2)",
            rounding=Rounding.WHOLE_DOLLARS,
        ),
    )
