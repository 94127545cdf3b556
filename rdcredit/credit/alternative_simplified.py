"""The alternative simplified credit (ASC), section 41(c)(4): Form 6765, Section B.

Not to be confused with the ASC 730 directive, which is about how QREs are shown to the examiner.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.credit.base_years import BaseYear, year_name
from rdcredit.facts.records import Facts, TaxYear, YearKind
from rdcredit.figure.expression import (
    DaysBetween,
    Expr,
    Leaf,
    Line,
    Rounding,
    Unit,
    any_,
    floor_at_zero,
    known,
    missing,
    number,
    total,
    when,
)
from rdcredit.figure.origin import FromStatement
from rdcredit.law.law import known_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdcredit.credit.payments import Payments
    from rdcredit.law import Law

_ORDINALS = ("first", "second", "third")


@dataclass(frozen=True, slots=True, eq=False)
class AlternativeSimplified:
    """Section B as figures; ``gross`` is before the reduced-credit election, ``credit`` after it."""

    prior: tuple[Line[Fraction] | Leaf[Fraction], ...]
    any_year_without: Line[bool]
    prior_total: Line[Fraction]
    half_of_average: Line[Fraction]
    over_half: Line[Fraction]
    tentative: Line[Fraction]
    gross: Line[Fraction]
    reduced: Line[Fraction]
    credit: Line[Fraction]


def _year_days(year: TaxYear, facts: Facts) -> Expr[Fraction]:
    origin = FromStatement(facts.source, "taxable years")
    first = known(f"year.{year.end}.begin", f"first day of {year_name(year)}", year.begin, origin, Unit.DATE)
    last = known(f"year.{year.end}.end", f"last day of {year_name(year)}", year.end, origin, Unit.DATE)
    return DaysBetween(first, last)


def _prior(facts: Facts, base_years: Sequence[BaseYear], count: int) -> tuple[Line[Fraction] | Leaf[Fraction], ...]:
    """QREs of the three preceding taxable years, the latest first; short ones on a 365-day footing."""
    found: list[Line[Fraction] | Leaf[Fraction]] = []
    origin = FromStatement(facts.source, "taxable years")
    latest_first = list(reversed(base_years))
    for i in range(count):
        if i < len(latest_first):
            b = latest_first[i]
            if b.year.kind is YearKind.SHORT:
                found.append(
                    Line(
                        f"s41.asc.prior_qre.{b.year.end}",
                        f"{b.qre.label}, on a 365-day footing",
                        b.qre * 365 / _year_days(b.year, facts),
                        "Treas. Reg. 1.41-9(c)(3)",
                    )
                )
            else:
                found.append(b.qre)
            continue
        label = f"QREs of the {_ORDINALS[i]} preceding taxable year"
        if facts.history_is_complete:
            place = f"the company was formed on {facts.taxpayer.formed}: there was no such year"
            found.append(known(f"s41.asc.prior_qre.{i + 1}", label, Fraction(0), FromStatement(facts.source, place)))
        else:
            what = f"QREs of the {_ORDINALS[i]} preceding taxable year, or the day the company was formed"
            found.append(missing(f"s41.asc.prior_qre.{i + 1}", label, what, origin))
    return tuple(found)


def alternative_simplified_credit(
    facts: Facts,
    law: Law,
    total_qre: Line[Fraction],
    base_years: Sequence[BaseYear],
    payments: Payments,
    reduced_elected: Leaf[bool],
) -> AlternativeSimplified:
    """The ASC with the any-one-year rule and the reduced-credit election.

    Source: IRC 41(c)(4); 280C(c)(2); Treas. Reg. 1.41-9.
    """
    prior = _prior(facts, base_years, int(known_number(law.asc.base_years)))
    # "If there are no qualified research expenses in any one of the 3 preceding taxable years"
    any_year_without = Line(
        "s41.asc.any_year_without",
        "Any one of the three preceding taxable years had no QREs",
        any_(*(p.equals(0) for p in prior)),
        "IRC 41(c)(4)(B)(i)",
        Unit.YES_NO,
    )
    prior_sum = total(prior)
    if facts.credit_year.kind is YearKind.SHORT:
        prior_sum = prior_sum * _year_days(facts.credit_year, facts) / 365
    prior_total = Line(
        "s41.asc.prior_total",
        "QREs of the three preceding taxable years",
        prior_sum,
        "IRC 41(c)(4)(A); Treas. Reg. 1.41-9(c)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    half_of_average = Line(
        "s41.asc.half_of_average_prior_qre",
        "Half of the average QREs of the three preceding taxable years",
        prior_total / law.asc.averaging_divisor,
        "IRC 41(c)(4)(A)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    over_half = Line(
        "s41.asc.over_half_of_average",
        "QREs over half of that average",
        floor_at_zero(total_qre - half_of_average),
        "IRC 41(c)(4)(A)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    tentative = Line(
        "s41.asc.tentative_credit",
        "Alternative simplified credit on QREs",
        when(any_year_without, law.asc.special_rate * total_qre, law.asc.rate * over_half),
        "IRC 41(c)(4)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    gross = Line(
        "s41.asc.gross_credit",
        "Alternative simplified credit, not reduced",
        payments.credit + tentative,
        "IRC 41(a), (c)(4)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    reduced = Line(
        "s41.asc.reduced_credit",
        "Alternative simplified credit, reduced",
        gross * (number(1) - law.reduced_credit.tax_rate),
        "IRC 280C(c)(2)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    return AlternativeSimplified(
        prior=prior,
        any_year_without=any_year_without,
        prior_total=prior_total,
        half_of_average=half_of_average,
        over_half=over_half,
        tentative=tentative,
        gross=gross,
        reduced=reduced,
        credit=Line(
            "s41.asc.credit",
            "Alternative simplified credit",
            when(reduced_elected, reduced, gross),
            "IRC 41(c)(4); 280C(c)(2)",
            rounding=Rounding.WHOLE_DOLLARS,
        ),
    )
