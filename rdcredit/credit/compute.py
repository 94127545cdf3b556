"""The credit of one taxable year from facts and law, top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.credit.alternative_simplified import AlternativeSimplified, alternative_simplified_credit
from rdcredit.credit.base_years import BaseYear, base_year
from rdcredit.credit.current_year import CurrentYearCredit, current_year_credit, reduced_credit_elected
from rdcredit.credit.other_information import OtherInformation, other_information
from rdcredit.credit.payments import Payments, payments
from rdcredit.credit.regular import RegularCredit, regular_credit
from rdcredit.figure.view import View
from rdcredit.qre.components import TotalQre, total_qre

if TYPE_CHECKING:
    from rdcredit.facts.records import Facts
    from rdcredit.figure.expression import Leaf
    from rdcredit.law import Law


@dataclass(frozen=True, slots=True, eq=False)
class Credit:
    """Every figure of the study: QREs, both methods, the current year credit, other information."""

    facts: Facts
    law: Law
    qre: TotalQre
    base_years: tuple[BaseYear, ...]
    payments: Payments
    reduced_elected: Leaf[bool]
    regular: RegularCredit
    asc: AlternativeSimplified
    current: CurrentYearCredit
    other: OtherInformation


def compute_credit(facts: Facts, law: Law, view: View = View.SUPPORTED) -> Credit:
    """The credit under both methods; ``view`` is the one the form shows.

    Not handled: short years by acquisition, groups, the payroll election, the section 38 limit.
    """
    qre = total_qre(facts, law)
    base_years = tuple(base_year(y) for y in facts.preceding)
    paid = payments(facts.other, law)
    reduced = reduced_credit_elected(facts.elections)
    regular = regular_credit(facts, law, qre.total, base_years, paid, reduced)
    asc = alternative_simplified_credit(facts, law, qre.total, base_years, paid, reduced)
    return Credit(
        facts=facts,
        law=law,
        qre=qre,
        base_years=base_years,
        payments=paid,
        reduced_elected=reduced,
        regular=regular,
        asc=asc,
        current=current_year_credit(facts.elections, facts.other, regular, asc),
        other=other_information(facts, law, qre, base_years, view),
    )
