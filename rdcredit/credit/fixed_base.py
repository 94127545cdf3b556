"""The fixed-base percentage, section 41(c)(3): start-up rule, 1984-1988 history, cap, rounding."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from rdcredit.credit.base_years import BaseYear, year_cells, year_columns
from rdcredit.figure.expression import (
    Column,
    ColumnTotal,
    Expr,
    Leaf,
    Line,
    LookupBanded,
    Round,
    Row,
    Schedule,
    Unit,
    all_,
    known,
    missing,
    number,
    numbers,
    running,
    smaller_of,
    when,
)
from rdcredit.figure.origin import FromChoice, FromStatement, Origin
from rdcredit.law.law import known_day, known_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rdcredit.facts.records import Facts, TaxYear
    from rdcredit.law import Law

_CITE = "IRC 41(c)(3)(B)(ii)"


@dataclass(frozen=True, slots=True, eq=False)
class FixedBase:
    """The percentage and what it rests on; ``qre_years`` is None for a company with 1984-1988 history."""

    percentage: Line[Fraction]
    determined: Line[Fraction]
    qre_year: Line[Fraction] | None
    qre_years: Schedule | None


def fixed_base_percentage(facts: Facts, base_years: Sequence[BaseYear], law: Law) -> FixedBase:
    """The fixed-base percentage, never above the cap.

    Source: IRC 41(c)(3).

    Not handled: acquisitions and dispositions, section 41(f)(3); the group's start-up test.
    """
    if facts.base_history is not None:
        determined, qre_year, years = _established(facts, law), None, None
    else:
        determined, qre_year, years = _startup(facts, base_years, law)
    percentage = Line(
        "s41.regular.fixed_base_percentage",
        "Fixed-base percentage",
        smaller_of(determined, law.regular.fixed_base_cap),
        "IRC 41(c)(3)(C)",
        Unit.RATIO,
    )
    return FixedBase(percentage, determined, qre_year, years)


def _established(facts: Facts, law: Law) -> Line[Fraction]:
    history = facts.base_history
    if history is None:
        raise ValueError("there is no base period history")
    qre = history.qre.leaf("s41.regular.base_period_qre", "QREs of the years beginning in 1984 to 1988")
    receipts = history.receipts.leaf("s41.regular.base_period_receipts", "gross receipts of the same years")
    return Line(
        "s41.regular.determined_percentage",
        "Aggregate QREs by aggregate gross receipts, 1984 to 1988",
        Round(qre / receipts, law.regular.percentage_places),
        "IRC 41(c)(3)(A), (D)",
        Unit.RATIO,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _QreYears:
    schedule: Schedule
    has: Column[Fraction]
    qre_used: Column[Fraction]
    receipts_used: Column[Fraction]


def _startup(facts: Facts, base_years: Sequence[BaseYear], law: Law) -> tuple[Line[Fraction], Line[Fraction], Schedule]:
    counted = [b for b in base_years if b.year.begin > known_day(law.regular.startup_counts_after)]
    plain = _years_schedule(facts, counted, None, law)
    earlier: Expr[Fraction] = ColumnTotal(plain.schedule, plain.has)
    formed = facts.taxpayer.formed
    if not facts.history_is_complete:
        earlier = _unknown_history(facts, "all taxable years since the company was formed (state its first day)")
    elif formed is not None and formed <= known_day(law.regular.startup_formed_after):
        earlier = _unknown_history(facts, "the QREs and receipts of the taxable years beginning in 1984 to 1988")
    qre_year = Line(
        "s41.regular.qre_year",
        "Which taxable year with QREs the credit year is",
        earlier + 1,
        _CITE,
        Unit.COUNT,
    )
    years = _years_schedule(facts, counted, qre_year, law)
    used = ColumnTotal(years.schedule, years.qre_used)
    qre = Line("s41.regular.startup_qre", "Aggregate QREs of the years in the ratio", used, _CITE)
    receipts = Line(
        "s41.regular.startup_receipts",
        "Aggregate gross receipts of the years in the ratio",
        ColumnTotal(years.schedule, years.receipts_used),
        _CITE,
    )
    table = law.startup
    fraction = LookupBanded(qre_year, table.schedule, table.qre_year, table.fraction)
    determined = Line(
        "s41.regular.determined_percentage",
        "Percentage of a start-up company",
        when(
            qre_year <= law.regular.startup_flat_years,
            law.regular.startup_percentage,
            # The fraction is part of the determined percentage: rounding comes after it.
            Round(qre / receipts * fraction, law.regular.percentage_places),
        ),
        "IRC 41(c)(3)(B)(ii), (D)",
        Unit.RATIO,
    )
    return determined, qre_year, years.schedule


def _unknown_history(facts: Facts, what: str) -> Leaf[Fraction]:
    return missing(
        "s41.regular.earlier_qre_years",
        "Earlier taxable years with QREs",
        what,
        FromStatement(facts.source, "taxable years"),
        Unit.COUNT,
    )


def _years_schedule(
    facts: Facts, base_years: Sequence[BaseYear], qre_year: Line[Fraction] | None, law: Law
) -> _QreYears:
    """Earlier years counted by QREs; with ``qre_year``, also which of them are in the ratio."""
    schedule_id = "s41.regular.qre_years" if qre_year is not None else "s41.regular.qre_years_count"
    columns = year_columns()
    qre = numbers("qre", "QREs")
    receipts = numbers("receipts", "gross receipts")
    chosen = numbers("chosen", "chosen (1 or 0)", unit=Unit.COUNT, width=9)
    has = numbers("has", "has QREs", when(qre > 0, number(1), number(0)), Unit.COUNT, width=9)
    counter = running("counter", "QRE years so far", number(0), lambda above: above + has, Unit.COUNT, width=9)
    first: Expr[Fraction] = number(0)
    last: Expr[Fraction] = number(0)
    if qre_year is not None:
        table = law.startup
        first = LookupBanded(qre_year, table.schedule, table.qre_year, table.first)
        last = LookupBanded(qre_year, table.schedule, table.qre_year, table.last)
    flat = qre_year <= law.regular.startup_flat_years if qre_year is not None else number(0).equals(0)
    in_ratio = all_(has.equals(1), counter >= first, counter <= last, chosen.equals(1))
    used = numbers(
        "used",
        "in the ratio",
        when(flat, number(0), when(in_ratio, number(1), number(0))),
        Unit.COUNT,
        width=9,
    )
    qre_used = numbers("qre_used", "QREs in the ratio", when(used.equals(1), qre, number(0)))
    receipts_used = numbers("receipts_used", "receipts in the ratio", when(used.equals(1), receipts, number(0)))
    choice = startup_choice(facts, base_years, law)
    rows = []
    for b in base_years:
        base = f"{schedule_id}.{b.year.end}"
        rows.append(
            Row(
                str(b.year.end),
                {
                    **year_cells(schedule_id, b.year, facts.source),
                    "qre": b.qre,
                    "receipts": b.year.receipts_base.leaf(f"{base}.receipts", f"gross receipts of {b.year.label}"),
                    "chosen": known(f"{base}.chosen", "chosen", choice.of(b.year), choice.origin, Unit.COUNT),
                },
            )
        )
    schedule = Schedule(
        schedule_id,
        "Taxable years with QREs since formation",
        (*columns.all(), qre, receipts, has, counter, chosen, used, qre_used, receipts_used),
        tuple(rows),
        cite=_CITE,
    )
    return _QreYears(schedule, has, qre_used, receipts_used)


@dataclass(frozen=True, slots=True)
class StartupChoice:
    """From the eleventh QRE year on: the five of the fifth to tenth QRE years the taxpayer takes.

    ``dropped`` holds the last days of the years left out; ``ratios`` the ratio of every combination.
    """

    dropped: frozenset[date]
    origin: Origin
    ratios: tuple[tuple[tuple[int, ...], Fraction], ...] = ()

    def of(self, year: TaxYear) -> Fraction:
        """1 for a year that may be in the ratio, 0 for one left out by choice."""
        return Fraction(0 if year.end in self.dropped else 1)


def startup_choice(facts: Facts, base_years: Sequence[BaseYear], law: Law) -> StartupChoice:
    """Which five years form the ratio; the lowest ratio unless the elections name the years.

    Source: IRC 41(c)(3)(B)(ii)(VII): "any 5 years" chosen by the taxpayer.
    """
    no_choice = StartupChoice(frozenset(), law.startup.origin)
    since, first, last = law.startup.years_of_choice()
    numbered = _numbered(base_years)
    if numbered is None or len(numbered) + 1 < since:
        return no_choice
    window = [(n, b) for n, b in numbered if first <= n <= last]
    ratios = []
    for picked in combinations(window, int(known_number(law.regular.startup_chosen_years))):
        qre = sum((_qre(b) for _, b in picked), Fraction(0))
        receipts = [b.year.receipts_base.known for _, b in picked]
        known_receipts = sum((r for r in receipts if r is not None), Fraction(0))
        if None not in receipts and known_receipts > 0:
            ratios.append((tuple(n for n, _ in picked), qre / known_receipts))
    if not ratios:
        return no_choice
    stated = tuple(sorted(facts.elections.startup_years))
    lowest = min(ratios, key=lambda r: (r[1], r[0]))[0]
    taken, why = (
        (stated, "stated in the elections")
        if stated in {r[0] for r in ratios}
        else (lowest, "the lowest ratio of all combinations")
    )
    dropped = frozenset(b.year.end for n, b in window if n not in taken)
    origin = FromChoice(f"QRE years {', '.join(str(n) for n in taken)}", why)
    return StartupChoice(dropped, origin, tuple(ratios))


def _qre(base: BaseYear) -> Fraction:
    return sum((f.known or Fraction(0) for f in base.year.qre.values()), Fraction(0))


def _numbered(base_years: Sequence[BaseYear]) -> list[tuple[int, BaseYear]] | None:
    """Years with QREs and their number, or None where a year's QREs are missing."""
    if any(f.known is None for b in base_years for f in b.year.qre.values()):
        return None
    with_qre = [b for b in base_years if _qre(b) > 0]
    return list(enumerate(with_qre, start=1))
