"""Other information of the form: Section E, and Section G with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.credit.section_g import SectionG, section_g
from rdcredit.facts.records import Category
from rdcredit.figure.expression import (
    ColumnTotal,
    Expr,
    Leaf,
    Line,
    Rounding,
    Unit,
    all_,
    any_,
    known,
    missing,
    number,
    when,
)
from rdcredit.figure.origin import FromStatement
from rdcredit.figure.value import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from rdcredit.credit.base_years import BaseYear
    from rdcredit.facts.records import Facts
    from rdcredit.figure.view import View
    from rdcredit.law import Law
    from rdcredit.qre.components import TotalQre


@dataclass(frozen=True, slots=True, eq=False)
class OtherInformation:
    """Section E as figures; yes-or-no leaves are missing where nobody has answered."""

    components: Line[Fraction]
    acquisition_or_disposition: Leaf[bool]
    new_categories: Line[bool]
    asc_730_directive: Leaf[bool]
    asc_730_amount: Line[Fraction]
    controlled_group: Leaf[bool]
    section_g: SectionG


def _answer(leaf_id: str, label: str, answer: bool | None, source: str) -> Leaf[bool]:  # noqa: FBT001 - a stated fact
    origin = FromStatement(source, "taxpayer")
    value: Known[bool] | Missing = Missing((f"the answer to: {label}?",)) if answer is None else Known(answer)
    return Leaf(leaf_id, label, value, origin, Unit.YES_NO)


def _new_categories(facts: Facts, qre: TotalQre, base_years: Sequence[BaseYear]) -> Line[bool]:
    """Whether a category counts now that did not exist in the preceding year (derived, not asked)."""
    lines = {
        Category.WAGES: qre.wages,
        Category.SUPPLIES: qre.supplies,
        Category.COMPUTER_RENTAL: qre.computer_rental,
        Category.CONTRACT_RESEARCH: qre.contract_research,
    }
    if base_years:
        before = base_years[-1].categories
        found = any_(*(all_(line > 0, before[category].equals(0)) for category, line in lines.items()))
    elif not facts.history_is_complete:
        value = Missing(("whether there were earlier taxable years (state the day the taxpayer was formed)",))
        origin = FromStatement(facts.source, "taxable years")
        found = Leaf("s41.earlier_years_unknown", "categories of the preceding year", value, origin, Unit.YES_NO)
    else:
        origin = FromStatement(facts.source, "there is no earlier taxable year")
        found = known("s41.no_earlier_year", "no earlier year to compare with", False, origin, Unit.YES_NO)
    return Line(
        "s41.new_categories",
        "A category of expense counts this year that did not in the preceding year",
        found,
        "Form 6765, Section E; IRC 41(c)(5)(A)",
        Unit.YES_NO,
    )


def _component_count(facts: Facts, qre: TotalQre) -> Expr[Fraction]:
    if facts.components_stated:
        return ColumnTotal(qre.by_component.schedule, qre.by_component.generates)
    what = "the business components, which are not stated"
    origin = FromStatement(facts.source, "components")
    return missing("s41.components_not_stated", "business components", what, origin, Unit.COUNT)


def _directive_amount(facts: Facts, directive: Leaf[bool]) -> Line[Fraction]:
    """Line 19 of Appendix C of the directive, where it is applied; not stated in this release."""
    origin = FromStatement(facts.source, "taxpayer")
    amount = missing("taxpayer.asc_730_amount", "Appendix C, line 19", "the amount of Appendix C, line 19", origin)
    return Line(
        "taxpayer.asc_730_directive_amount",
        "QREs determined under the ASC 730 directive",
        when(directive, amount, number(0)),
        "Form 6765, Section E",
        rounding=Rounding.WHOLE_DOLLARS,
    )


def other_information(
    facts: Facts, law: Law, qre: TotalQre, base_years: Sequence[BaseYear], view: View
) -> OtherInformation:
    """Sections E and G.

    Source: Form 6765 (Rev. December 2024), lines 37 to 41 and 49 to 56.
    """
    t = facts.taxpayer
    directive = _answer(
        "taxpayer.asc_730_directive", "QREs were determined under the ASC 730 directive", t.asc_730_directive,
        facts.source,
    )  # fmt: skip
    return OtherInformation(
        components=Line(
            "s41.components_with_qre",
            "Business components that generated QREs",
            _component_count(facts, qre),
            "Form 6765, Section E",
            Unit.COUNT,
        ),
        acquisition_or_disposition=_answer(
            "taxpayer.major_acquisition_or_disposition",
            "A major portion of a trade or business was acquired or disposed of",
            t.major_acquisition_or_disposition,
            facts.source,
        ),
        new_categories=_new_categories(facts, qre, base_years),
        asc_730_directive=directive,
        asc_730_amount=_directive_amount(facts, directive),
        controlled_group=_answer(
            "taxpayer.controlled_group",
            "Member of a controlled group or under common control",
            t.controlled_group,
            facts.source,
        ),
        section_g=section_g(facts, law, qre, view),
    )
