"""The method claimed and the current year credit: Form 6765, Section C."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.facts.records import Answer, EntityType, Method
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import (
    IsOneOf,
    Leaf,
    Line,
    Rounding,
    Unit,
    floor_at_zero,
    known,
    when,
)
from rdcredit.figure.origin import FromChoice, FromStatement
from rdcredit.figure.value import Known
from rdcredit.qre.components import stated_line

if TYPE_CHECKING:
    from fractions import Fraction

    from rdcredit.credit.alternative_simplified import AlternativeSimplified
    from rdcredit.credit.regular import RegularCredit
    from rdcredit.facts.records import Elections, Facts, OtherAmounts


@dataclass(frozen=True, slots=True, eq=False)
class CurrentYearCredit:
    """Section C as figures, and the check that the method claimed gives no less than the other."""

    method: Leaf[str]
    method_is_best: Line[bool]
    form_8932_overlap: Line[Fraction]
    own_credit: Line[Fraction]
    pass_through: Line[Fraction]
    credit: Line[Fraction]
    allocated_to_beneficiaries: Line[Fraction]
    after_beneficiaries: Line[Fraction]


def reduced_credit_elected(elections: Elections) -> Leaf[bool]:
    """Item A of the form. While it is being compared, figures show the smaller, reduced credit.

    Source: IRC 280C(c)(2); Treas. Reg. 1.280C-4: timely original return, irrevocable.
    """
    label = "Reduced credit under section 280C elected"
    if elections.reduced_credit is Answer.COMPARE:
        origin = FromChoice("yes", "open: the smaller figure is shown until the election is stated")
        return known("s280c.reduced_credit_elected", label, True, origin, Unit.YES_NO)
    stated = FromStatement(elections.where, "elections")
    return known("s280c.reduced_credit_elected", label, elections.reduced_credit is Answer.YES, stated, Unit.YES_NO)


def claimed_method(elections: Elections, regular: RegularCredit, asc: AlternativeSimplified) -> Leaf[str]:
    """The method the form is completed with: as elected, else the one with the larger credit.

    Where only one method can be computed it is that one; where neither can, the ASC.
    """
    label = "Method claimed"
    if elections.method is not Method.COMPARE:
        origin = FromStatement(elections.where, "elections")
        return known("s41.method", label, str(elections.method), origin, Unit.CHOICE)
    figures = Evaluation()
    by_regular, by_asc = figures.value(regular.credit), figures.value(asc.credit)
    if isinstance(by_regular, Known) and (not isinstance(by_asc, Known) or by_regular.value > by_asc.value):
        chosen = Method.REGULAR
    else:
        chosen = Method.ASC
    known_both = isinstance(by_regular, Known) and isinstance(by_asc, Known)
    check = "the larger credit of the two" if known_both else "the other method rests on a missing figure"
    return known("s41.method", label, str(chosen), FromChoice(str(chosen), check), Unit.CHOICE)


def current_year_credit(
    elections: Elections, other: OtherAmounts, regular: RegularCredit, asc: AlternativeSimplified
) -> CurrentYearCredit:
    """Own credit (the base of a payroll election) and the credit with what is passed through.

    Source: Form 6765, lines 27 to 32; IRC 41(f)(2), (g).
    """
    method = claimed_method(elections, regular, asc)
    is_regular = IsOneOf(method, (str(Method.REGULAR),))
    overlap = stated_line(
        other.form_8932_overlap, "s41.form_8932_overlap", "Form 8932 credit on wages also used here", "Form 6765"
    )
    own = Line(
        "s41.own_credit",
        "Credit before pass-through credits",
        floor_at_zero(when(is_regular, regular.credit, asc.credit) - overlap),
        "Form 6765, Section C",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    passed = stated_line(
        other.pass_through_credits,
        "s41.pass_through",
        "Research credit from pass-through entities",
        "IRC 41(f)(2), (g)",
    )
    credit = Line(
        "s41.current_year_credit",
        "Current year credit",
        own + passed,
        "Form 6765, Section C",
        rounding=Rounding.WHOLE_DOLLARS,
    )
    allocated = stated_line(
        other.allocated_to_beneficiaries,
        "s41.allocated_to_beneficiaries",
        "Amount allocated to beneficiaries of an estate or trust",
        "IRC 41(f)(2)(A)",
    )
    return CurrentYearCredit(
        method=method,
        method_is_best=Line(
            "s41.method_is_best",
            "The method claimed gives no less than the other",
            when(is_regular, regular.credit >= asc.credit, asc.credit >= regular.credit),
            "IRC 41(c)(4)(C)",
            Unit.YES_NO,
        ),
        form_8932_overlap=overlap,
        own_credit=own,
        pass_through=passed,
        credit=credit,
        allocated_to_beneficiaries=allocated,
        after_beneficiaries=Line(
            "s41.after_beneficiaries",
            "Credit less the part of beneficiaries",
            credit - allocated,
            "Form 6765, Section C; IRC 41(f)(2)(A)",
            rounding=Rounding.WHOLE_DOLLARS,
        ),
    )


def is_estate_or_trust(facts: Facts) -> bool:
    """Whether lines 31 and 32 are completed."""
    return facts.taxpayer.entity is EntityType.ESTATE_OR_TRUST
