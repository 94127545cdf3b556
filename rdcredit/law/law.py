"""The law in force for one taxable year, as leaves of the line graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from rdcredit.figure.expression import Column, Leaf, Row, Schedule, Unit, numbers
from rdcredit.figure.origin import FromLaw
from rdcredit.figure.value import Known
from rdcredit.law.parameters import Basis, all_parameters

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

_UNITS = {
    "ratio": Unit.RATIO,
    "count": Unit.COUNT,
    "money": Unit.MONEY,
    "yes/no": Unit.YES_NO,
    "date": Unit.DATE,
}


@dataclass(frozen=True, slots=True, eq=False)
class StartupTable:
    """The schedule of section 41(c)(3)(B)(ii): QRE year, years in the ratio, fraction."""

    schedule: Schedule
    qre_year: Column[Fraction]
    first: Column[Fraction]
    last: Column[Fraction]
    fraction: Column[Fraction]
    origin: FromLaw

    def years_of_choice(self) -> tuple[int, int, int]:
        """From which QRE year on the years are chosen, and the first and last that may be."""
        cells = self.schedule.rows[-1].cells
        wanted = (self.qre_year, self.first, self.last)
        year, first, last = (int(known_number(cast("Leaf[Fraction]", cells[c.id]))) for c in wanted)
        return year, first, last


@dataclass(frozen=True, slots=True, eq=False)
class RegularLaw:
    """Section 41(a)(1), (c)(1)-(3)."""

    rate: Leaf[Fraction]
    minimum_base_share: Leaf[Fraction]
    fixed_base_cap: Leaf[Fraction]
    percentage_places: Leaf[Fraction]
    receipts_years: Leaf[Fraction]
    startup_percentage: Leaf[Fraction]
    startup_flat_years: Leaf[Fraction]
    startup_chosen_years: Leaf[Fraction]
    startup_counts_after: Leaf[date]
    startup_formed_after: Leaf[date]


@dataclass(frozen=True, slots=True, eq=False)
class AscLaw:
    """Section 41(c)(4)."""

    rate: Leaf[Fraction]
    special_rate: Leaf[Fraction]
    base_years: Leaf[Fraction]
    averaging_divisor: Leaf[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class PaymentsLaw:
    """Basic research payments and energy consortia, section 41(a)(2), (a)(3)."""

    rate: Leaf[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class ReducedCreditLaw:
    """Section 280C(c)(2)."""

    tax_rate: Leaf[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class WagesLaw:
    """Treas. Reg. 1.41-2(d)."""

    substantially_all: Leaf[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class ContractLaw:
    """Section 41(b)(3)."""

    general: Leaf[Fraction]
    consortium: Leaf[Fraction]
    energy: Leaf[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class SectionGLaw:
    """Who lists business components in Section G, and how many."""

    share: Leaf[Fraction]
    most_components: Leaf[Fraction]
    qre_limit: Leaf[Fraction]
    receipts_limit: Leaf[Fraction]
    mandatory: Leaf[bool]


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """Everything the law contributes to one taxable year."""

    begin: date
    end: date
    regular: RegularLaw
    startup: StartupTable
    asc: AscLaw
    payments: PaymentsLaw
    reduced_credit: ReducedCreditLaw
    wages: WagesLaw
    contract: ContractLaw
    section_g: SectionGLaw


def known_number(leaf: Leaf[Fraction]) -> Fraction:
    """The number in a leaf of the law, where Python has to choose or count."""
    value = leaf.value
    if not isinstance(value, Known):
        raise TypeError(f"{leaf.id} has no value")
    return value.value


def known_day(leaf: Leaf[date]) -> date:
    """The date in a leaf of the law."""
    value = leaf.value
    if not isinstance(value, Known):
        raise TypeError(f"{leaf.id} has no value")
    return value.value


class _Reader:
    """Leaves of the parameters in force for one taxable year."""

    def __init__(self, begin: date, end: date) -> None:
        self._begin, self._end = begin, end

    def _leaf(self, name: str) -> Leaf[Fraction] | Leaf[bool] | Leaf[date]:
        parameter = all_parameters()[name]
        on = self._end if parameter.basis in {Basis.TAX_YEAR_ENDS, Basis.PAID_OR_INCURRED} else self._begin
        value = cast("Known[Fraction]", Known(parameter.value_on(on)))
        origin = FromLaw(parameter.id, parameter.citation)
        return Leaf(f"law.{parameter.id}", parameter.title, value, origin, _UNITS[parameter.unit])

    def number(self, name: str) -> Leaf[Fraction]:
        return cast("Leaf[Fraction]", self._leaf(name))

    def day(self, name: str) -> Leaf[date]:
        return cast("Leaf[date]", self._leaf(name))

    def flag(self, name: str) -> Leaf[bool]:
        return cast("Leaf[bool]", self._leaf(name))

    def regular(self) -> RegularLaw:
        return RegularLaw(
            rate=self.number("regular.rate"),
            minimum_base_share=self.number("regular.minimum_base_share"),
            fixed_base_cap=self.number("regular.fixed_base_cap"),
            percentage_places=self.number("regular.percentage_places"),
            receipts_years=self.number("regular.receipts_years"),
            startup_percentage=self.number("regular.startup_percentage"),
            startup_flat_years=self.number("regular.startup_flat_years"),
            startup_chosen_years=self.number("regular.startup_chosen_years"),
            startup_counts_after=self.day("regular.startup_counts_after"),
            startup_formed_after=self.day("regular.startup_formed_after"),
        )

    def asc(self) -> AscLaw:
        return AscLaw(
            rate=self.number("asc.rate"),
            special_rate=self.number("asc.special_rate"),
            base_years=self.number("asc.base_years"),
            averaging_divisor=self.number("asc.averaging_divisor"),
        )

    def contract(self) -> ContractLaw:
        return ContractLaw(
            general=self.number("contract.general"),
            consortium=self.number("contract.consortium"),
            energy=self.number("contract.energy"),
        )

    def section_g(self) -> SectionGLaw:
        return SectionGLaw(
            share=self.number("section_g.share"),
            most_components=self.number("section_g.most_components"),
            qre_limit=self.number("section_g.qre_limit"),
            receipts_limit=self.number("section_g.receipts_limit"),
            mandatory=self.flag("section_g.mandatory"),
        )


def _startup_table(on: date) -> StartupTable:
    parameter = all_parameters()["regular.startup_table"]
    parameter.check(on)
    origin = FromLaw(parameter.id, parameter.citation)
    columns = {
        "qre_year": numbers("qre_year", "QRE year", unit=Unit.COUNT),
        "first": numbers("first", "first QRE year in the ratio", unit=Unit.COUNT),
        "last": numbers("last", "last QRE year in the ratio", unit=Unit.COUNT),
        "fraction": numbers("fraction", "fraction of the ratio", unit=Unit.COUNT),
    }
    rows = tuple(
        Row(
            str(row[0][1]),
            {
                key: Leaf(f"law.startup_table.{row[0][1]}.{key}", columns[key].label, Known(value), origin, Unit.COUNT)
                for key, value in row
            },
        )
        for row in parameter.rows
    )
    schedule = Schedule(
        "law.startup_table", parameter.title, tuple(columns.values()), rows, cite=str(parameter.citation)
    )
    return StartupTable(schedule, columns["qre_year"], columns["first"], columns["last"], columns["fraction"], origin)


def law_for(begin: date, end: date) -> Law:
    """The law for the taxable year from ``begin`` to ``end``.

    Parameters that go by the day an amount is paid or incurred are read at the end of the year;
    none of them has changed within the range it is verified for.

    Raises:
        Refused: a parameter is not verified for this year (E235).
    """
    read = _Reader(begin, end)
    return Law(
        begin=begin,
        end=end,
        regular=read.regular(),
        startup=_startup_table(begin),
        asc=read.asc(),
        payments=PaymentsLaw(rate=read.number("payments.rate")),
        reduced_credit=ReducedCreditLaw(tax_rate=read.number("reduced_credit.tax_rate")),
        wages=WagesLaw(substantially_all=read.number("wages.substantially_all")),
        contract=read.contract(),
        section_g=read.section_g(),
    )
