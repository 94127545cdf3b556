"""Basic research payments and energy consortium payments: Form 6765, lines 1 to 4 and 14 to 19."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.figure.expression import Line, Rounding, floor_at_zero
from rdcredit.qre.components import stated_line

if TYPE_CHECKING:
    from fractions import Fraction

    from rdcredit.facts.records import OtherAmounts
    from rdcredit.law import Law


@dataclass(frozen=True, slots=True, eq=False)
class Payments:
    """What is paid to energy consortia and, above the base period amount, to qualified organizations."""

    energy_consortia: Line[Fraction]
    basic_research: Line[Fraction]
    basic_research_base: Line[Fraction]
    net_basic_research: Line[Fraction]
    together: Line[Fraction]
    credit: Line[Fraction]


def payments(other: OtherAmounts, law: Law) -> Payments:
    """The credit on these payments, the same under both methods.

    Source: IRC 41(a)(2), (a)(3), (e).

    Not handled: the computation of the base period amount, section 41(e)(3)-(5), which is stated.
    """
    energy = stated_line(
        other.energy_consortia, "s41.payments.energy_consortia", "Amounts paid to energy consortia", "IRC 41(a)(3)"
    )
    basic = stated_line(
        other.basic_research_payments, "s41.payments.basic_research", "Basic research payments", "IRC 41(e)(2)"
    )
    base = stated_line(
        other.basic_research_base,
        "s41.payments.basic_research_base",
        "Qualified organization base period amount",
        "IRC 41(e)(3)",
    )
    net = Line(
        "s41.payments.net_basic_research",
        "Basic research payments over the base period amount",
        floor_at_zero(basic - base),
        "IRC 41(e)(1)(A)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    together = Line(
        "s41.payments.together",
        "Energy consortium and net basic research payments",
        energy + net,
        "IRC 41(a)(2), (a)(3)",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    return Payments(
        energy_consortia=energy,
        basic_research=basic,
        basic_research_base=base,
        net_basic_research=net,
        together=together,
        credit=Line(
            "s41.payments.credit",
            "Credit on these payments",
            together * law.payments.rate,
            "IRC 41(a)(2), (a)(3)",
            rounding=Rounding.WHOLE_DOLLARS,
        ),
    )
