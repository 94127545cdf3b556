"""Section G of the form: the business components listed, and whether the section is required."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.credit.base_years import is_short, year_name
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import (
    Column,
    ColumnTotal,
    Line,
    MonthsBetween,
    Row,
    Schedule,
    TotalWhere,
    Unit,
    all_,
    any_,
    known,
    missing,
    not_,
    numbers,
    when,
    words,
)
from rdcredit.figure.origin import FromChoice, FromStatement
from rdcredit.figure.value import Known
from rdcredit.law.law import known_number

if TYPE_CHECKING:
    from rdcredit.facts.records import Facts, TaxYear
    from rdcredit.figure.view import View
    from rdcredit.law import Law
    from rdcredit.qre.components import ComponentTotals, TotalQre

_FORM = "Form 6765, Section G"


@dataclass(frozen=True, slots=True, eq=False)
class SectionG:
    """The business components listed, largest first, and whether the list is long enough."""

    schedule: Schedule
    columns: tuple[Column[Fraction], ...]
    """Wages by kind and in all, supplies, computer rental, contract research."""
    totals: tuple[Line[Fraction], ...]
    listed_qre: Line[Fraction]
    enough: Line[bool]
    required: Line[bool]
    exempt: Line[bool]


def _ordered(totals: ComponentTotals, view: View) -> list[tuple[int, Fraction]]:
    """Component rows with QREs in a view, largest first; ties by position."""
    figures = Evaluation()
    found = []
    for i in range(len(totals.schedule.rows)):
        value = figures.cell(totals.schedule, totals.qre, i, view)
        if isinstance(value, Known) and value.value > 0:
            found.append((i, value.value))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _listed(qre: TotalQre, law: Law, view: View) -> list[int]:
    """Positions of the components listed; the share is of all QREs, basic research payments included."""
    order = _ordered(qre.by_component, view)
    whole = Evaluation().value(qre.total, view)
    everything = whole.value if isinstance(whole, Known) else sum((q for _, q in order), Fraction(0))
    wanted = everything * known_number(law.section_g.share)
    most = int(known_number(law.section_g.most_components))
    listed: list[int] = []
    reached = Fraction(0)
    for i, amount in order[:most]:
        if reached >= wanted:
            break
        listed.append(i)
        reached += amount
    return listed


def section_g(facts: Facts, law: Law, qre: TotalQre, view: View) -> SectionG:
    """The components of Section G: in descending order until 80 percent of QREs, at most 50.

    The order and the cut are chosen here; ``enough`` says in the workbook whether they still hold.

    Source: Form 6765 instructions, Section G.

    Not handled: amounts under the ASC 730 directive; sampling.
    """
    totals = qre.by_component
    component = words("component", "component id")
    where = ((totals.component, component),)
    sources = (
        totals.research_wages,
        totals.supervision_wages,
        totals.support_wages,
        totals.wages,
        totals.supplies,
        totals.computer_rental,
        totals.contract_research,
    )
    columns = tuple(
        numbers(source.id, source.label, TotalWhere(totals.schedule, source, where), by_view=True) for source in sources
    )
    ein, code = words("ein", "EIN", width=13), words("code", "activity code", width=11)
    name = words("name", "component", width=30)
    kind, software = words("kind", "type", width=14), words("software_use", "software", width=14)
    sought = words("information_sought", "information sought to be discovered", width=60)
    total = numbers("qre", "QREs", TotalWhere(totals.schedule, totals.qre, ((totals.component, component),)),
                    by_view=True)  # fmt: skip
    listed = _listed(qre, law, view)
    rows = []
    for i in listed:
        c = facts.components[i]
        chosen = FromChoice(c.id, "largest QREs first, up to the cut-off")
        cells = {
            "component": c.id, "ein": facts.taxpayer.ein, "code": facts.taxpayer.activity_code, "name": c.name,
            "kind": c.kind, "software_use": c.software_use, "information_sought": c.information_sought,
        }  # fmt: skip
        rows.append(
            Row(c.id, {k: known(f"s41.section_g.{c.id}.{k}", k, v, chosen, Unit.TEXT) for k, v in cells.items()})
        )
    schedule = Schedule(
        "s41.section_g",
        "Section G: business components",
        (component, ein, code, name, kind, software, sought, *columns, total),
        tuple(rows),
        cite=_FORM,
    )
    listed_qre = Line(
        "s41.section_g.listed_qre", "QREs of the components listed", ColumnTotal(schedule, total),
        "Form 6765 instructions, Section G",
    )  # fmt: skip
    with_qre = ColumnTotal(totals.schedule, totals.generates)
    most = law.section_g.most_components
    count = known("s41.section_g.count", "components listed", Fraction(len(listed)),
                  FromChoice(f"{len(listed)} components", "the cut-off"), Unit.COUNT)  # fmt: skip
    enough = Line(
        "s41.section_g.enough",
        "The list reaches its share of total QREs, its greatest length, or every component",
        any_(listed_qre >= law.section_g.share * qre.total, count >= most, count >= with_qre),
        "Form 6765 instructions, Section G",
        Unit.YES_NO,
    )
    exempt, required = _exemption(facts, law, qre)
    column_totals = tuple(
        Line(
            f"s41.section_g.{c.id}.total",
            f"{c.label}, total of the list",
            ColumnTotal(schedule, c),
            "Form 6765, Section G",
        )
        for c in columns
    )
    return SectionG(schedule, columns, column_totals, listed_qre, enough, required, exempt)


def _receipts_tested(facts: Facts) -> Line[Fraction]:
    """Section 448(c) receipts of the preceding year, a short year put on a twelve-month footing."""
    origin = FromStatement(facts.source, "taxable years")
    label = "Section 448(c) gross receipts of the prior period"
    if not facts.preceding and not facts.history_is_complete:
        what = "section 448(c) gross receipts of the prior period, or the day the taxpayer was formed"
        return Line(
            "s41.section_g.receipts", label, missing("s41.section_g.unlisted", label, what, origin), "IRC 448(c)(3)"
        )
    if not facts.preceding:
        expr = known("s41.section_g.no_prior_period", "no prior period", Fraction(0), origin)
        return Line("s41.section_g.receipts", label, expr, "IRC 448(c)(3)")
    year: TaxYear = facts.preceding[-1]
    receipts = year.receipts_448c.leaf("s41.section_g.receipts_stated", f"section 448(c) receipts of {year_name(year)}")
    kind = known("s41.section_g.kind", "kind of year", str(year.kind), origin, Unit.TEXT)
    first = known("s41.section_g.begin", "first day", year.begin, origin, Unit.DATE)
    last = known("s41.section_g.end", "last day", year.end, origin, Unit.DATE)
    annualised = when(is_short(kind), receipts * 12 / MonthsBetween(first, last), receipts)
    return Line("s41.section_g.receipts", label, annualised, "IRC 448(c)(3)(B)")


def _exemption(facts: Facts, law: Law, qre: TotalQre) -> tuple[Line[bool], Line[bool]]:
    """Whether an original return is small enough to leave Section G out, and whether it is required.

    Both money tests are of the controlled group: where there is one, or nobody has said, they are missing.

    Not handled: the exemption of a qualified small business that elects the payroll credit; QREs and
    receipts of other members of a group.
    """
    original = known(
        "s41.section_g.original_return", "original return", facts.original_return,
        FromStatement(facts.source, "study"), Unit.YES_NO,
    )  # fmt: skip
    alone = facts.taxpayer.controlled_group is False
    group_qre = qre.total if alone else missing(
        "s41.section_g.group_qre", "total QREs of the controlled group",
        "the total QREs of the controlled group, or that there is no group",
        FromStatement(facts.source, "taxpayer"),
    )  # fmt: skip
    exempt = Line(
        "s41.section_g.exempt",
        "Small enough to leave Section G out",
        all_(original, group_qre <= law.section_g.qre_limit, _receipts_tested(facts) <= law.section_g.receipts_limit),
        "Form 6765 instructions, Section G",
        Unit.YES_NO,
    )
    required = Line(
        "s41.section_g.required",
        "Section G is required",
        all_(law.section_g.mandatory, not_(exempt)),
        "Form 6765, Section F, item A",
        Unit.YES_NO,
    )
    return exempt, required
