"""Statements of a settings file as tax facts: taxpayer, taxable years, elections.

What nobody has stated becomes a missing fact that says what has to be found out; ``none`` is an
answer and becomes zero, with the statement as its origin.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.facts.records import (
    AccountingMethod,
    Answer,
    Category,
    Elections,
    EntityType,
    Fact,
    Method,
    OtherAmounts,
    Taxpayer,
    TaxYear,
    missing_fact,
    year_kind,
)
from rdcredit.figure.origin import FromStatement
from rdcredit.figure.value import Known

if TYPE_CHECKING:
    from rdcredit.study.config import (
        ElectionSettings,
        OtherSettings,
        PriorQre,
        PriorQreSettings,
        TaxpayerSettings,
        TaxYearSettings,
    )


def stated(amount: Decimal, document: str, place: str) -> Fact[Fraction]:
    """An amount the taxpayer states."""
    return Fact(Known(Fraction(amount)), FromStatement(document, place))


def taxpayer_facts(settings: TaxpayerSettings) -> Taxpayer:
    """``[taxpayer]`` as facts."""
    return Taxpayer(
        name=settings.name,
        entity=EntityType(settings.entity),
        accounting_method=AccountingMethod(settings.accounting_method),
        ein=settings.ein,
        activity_code=settings.activity_code,
        formed=settings.formed,
        controlled_group=settings.controlled_group,
        major_acquisition_or_disposition=settings.major_acquisition_or_disposition,
        asc_730_directive=settings.asc_730_directive,
    )


def election_facts(settings: ElectionSettings, document: str) -> Elections:
    """``[elections]`` as facts."""
    return Elections(
        method=Method(settings.method),
        reduced_credit=Answer(settings.reduced_credit),
        startup_years=settings.startup_years,
        where=document,
    )


def _receipts(amount: Decimal | str, what: str, document: str, place: str) -> Fact[Fraction]:
    if isinstance(amount, str):
        return missing_fact(what, FromStatement(document, place))
    return stated(amount, document, place)


def _prior(value: PriorQre, category: Category, year: TaxYearSettings, source: str, document: str) -> Fact[Fraction]:
    words = str(category).replace("_", " ")
    place = f"taxable year ended {year.end}" + (f" ({source})" if source else "")
    origin = FromStatement(document, place)
    match value:
        case Decimal():
            return stated(value, document, place)
        case "none":
            return Fact(Known(Fraction(0)), FromStatement(document, f"{place}: there were none"))
        case "restate":
            what = f"{words} QREs of the year ended {year.end}, restated on the credit year's definition"
        case _:
            what = f"{words} QREs of the year ended {year.end}"
    return missing_fact(what, origin)


def _qre(year: TaxYearSettings, document: str) -> dict[Category, Fact[Fraction]]:
    found: PriorQreSettings | str | None = year.qre
    if found is None or found == "unknown":
        return {c: _prior("unknown", c, year, "", document) for c in Category}
    if isinstance(found, str):
        return {c: _prior("none", c, year, year.qre_source, document) for c in Category}
    return {c: _prior(getattr(found, c.value), c, year, found.source, document) for c in Category}


def year_facts(year: TaxYearSettings, document: str) -> TaxYear:
    """One ``[[tax_years]]`` entry as facts."""
    place = f"taxable year ended {year.end}"
    return TaxYear(
        begin=year.begin,
        end=year.end,
        kind=year_kind(year.begin, year.end, fifty_two_week=year.fifty_two_week),
        receipts_base=_receipts(
            year.receipts.base, f"gross receipts (Reg. 1.41-3(c)) of the year ended {year.end}", document, place
        ),
        receipts_448c=_receipts(
            year.receipts.s448c, f"section 448(c) gross receipts of the year ended {year.end}", document, place
        ),
        qre=_qre(year, document),
    )


def nothing_else(document: str, entity: EntityType) -> OtherAmounts:
    """No other amounts of the form are claimed; no overlap with Form 8932 is assumed, and says so."""
    none = Fact(Known(Fraction(0)), FromStatement(document, "nothing is claimed"))
    no_overlap = Fact(
        Known(Fraction(0), ("no wages were also used for the credit of Form 8932",)),
        FromStatement(document, "not stated"),
    )
    return OtherAmounts(
        energy_consortia=none,
        basic_research_payments=none,
        basic_research_base=none,
        basic_research_applicable=none,
        form_8932_overlap=no_overlap,
        pass_through_credits=none,
        allocated_to_beneficiaries=(
            missing_fact("the part of the credit allocated to beneficiaries", FromStatement(document, "other"))
            if entity is EntityType.ESTATE_OR_TRUST
            else none
        ),
    )


def other_facts(settings: OtherSettings, document: str, entity: EntityType) -> OtherAmounts:
    """``[other]`` as facts; the base period amount of basic research payments is missing until it is stated."""
    default = nothing_else(document, entity)

    def fact(name: str) -> Fact[Fraction]:
        amount = getattr(settings, name)
        found: Fact[Fraction] = getattr(default, name)
        return found if amount is None else stated(amount, document, f"other, {name}")

    base = fact("basic_research_base")
    if settings.basic_research_payments and settings.basic_research_base is None:
        what = "the qualified organization base period amount (at least half of the payments for a younger company)"
        base = missing_fact(what, FromStatement(document, "other"))
    return OtherAmounts(
        energy_consortia=fact("energy_consortia"),
        basic_research_payments=fact("basic_research_payments"),
        basic_research_base=base,
        basic_research_applicable=fact("basic_research_applicable"),
        form_8932_overlap=fact("form_8932_overlap"),
        pass_through_credits=fact("pass_through_credits"),
        allocated_to_beneficiaries=fact("allocated_to_beneficiaries"),
    )
