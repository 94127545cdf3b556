"""The chapters that are figures of the credit: QREs, both methods, the form, the law's own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rdcredit.figure.expression import AnyLeaf, AnyLine, Leaf, Line, Schedule
from rdcredit.figure.origin import FromLaw
from rdcredit.figure.trace import reachable
from rdcredit.figure.value import Known, Missing
from rdcredit.figure.view import View
from rdcredit.forms.form_6765 import roots_of
from rdcredit.render.narrative_figure_records import (
    Computation,
    ContractRow,
    CostRow,
    FigureRow,
    FormPages,
    FormRow,
    LawItem,
    LawUsed,
    ListedRow,
    PersonRow,
    QreChapters,
)
from rdcredit.render.narrative_numbers import count_of, law_number
from rdcredit.render.narrative_records import ViewRow
from rdcredit.render.templating import Number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from fractions import Fraction

    from rdcredit.credit.compute import Credit
    from rdcredit.forms.form_6765 import Form6765
    from rdcredit.render.narrative_numbers import Figures

_MOST_ROWS = 60
_ANSWER_SECTIONS = ("Header", "Section E, other information")


def in_views(figures: Figures, label: str, node: AnyLine | AnyLeaf) -> ViewRow:
    """A figure in the view shown and in all three."""
    supported, expected, potential = (figures.of(node, v) for v in View)
    return ViewRow(label, figures.of(node), supported, expected, potential)


def cells_in_views(figures: Figures, label: str, schedule: Schedule, column: str, row: int) -> ViewRow:
    """A cell of a schedule of whole dollars in the view shown and in all three."""
    found = schedule.column(column)
    supported, expected, potential = (figures.cell(schedule, found, row, v, whole=True) for v in View)
    return ViewRow(label, figures.cell(schedule, found, row, whole=True), supported, expected, potential)


# -- both methods ---------------------------------------------------------------------------------


def computation(credit: Credit, figures: Figures) -> Computation:
    """Every figure of Sections A, B and C with its sentence."""
    regular, asc, current = credit.regular, credit.asc, credit.current
    return Computation(
        regular=_rows(
            figures, credit.qre.total, regular.fixed_base.determined, regular.fixed_base.percentage,
            regular.average_receipts, regular.base_before_minimum, regular.over_base, regular.half_of_qre,
            regular.incremental, regular.credit_base, regular.gross, regular.reduced,
        ),
        asc=_rows(
            figures, credit.qre.total, asc.any_year_without, asc.prior_total, asc.half_of_average, asc.over_half,
            asc.tentative, asc.gross, asc.reduced,
        ),
        current=_rows(figures, current.own_credit, current.credit, current.method_is_best),
    )  # fmt: skip


def _rows(figures: Figures, *lines: AnyLine) -> tuple[FigureRow, ...]:
    return tuple(FigureRow(line.label, figures.of(line), figures.how(line)) for line in lines)


# -- QREs by category -----------------------------------------------------------------------------


def qre_chapters(credit: Credit, figures: Figures, mask: Callable[[str], str]) -> QreChapters:
    """The schedules of each category; rows that count in no view are left to the workbook."""
    found = {n.id: n for n in reachable(roots_of(credit)) if isinstance(n, Schedule)}
    qre = credit.qre
    people, people_left = _people(found.get("s41.wages.by_person"), figures)
    supplies, supplies_left = _costs(found.get("s41.supplies"), figures, mask)
    computers, computers_left = _costs(found.get("s41.computer_rental"), figures, mask)
    contracts, contracts_left = _contracts(found.get("s41.contract_research"), figures)
    return QreChapters(
        wages=figures.sentence(qre.wages),
        people=people,
        people_left=people_left,
        officers=figures.sentence(qre.officers_wages),
        supplies=figures.sentence(qre.supplies),
        supply_rows=supplies,
        supplies_left=supplies_left,
        computers=figures.sentence(qre.computer_rental),
        computer_rows=computers,
        computers_left=computers_left,
        contracts=figures.sentence(qre.contract_research),
        contract_rows=contracts,
        contracts_left=contracts_left,
        basic=figures.sentence(qre.contract_and_basic),
    )


def _left(schedule: Schedule, shown: int, what: str) -> str:
    if shown >= len(schedule.rows):
        return ""
    count = count_of(len(schedule.rows) - shown, f"rows of {schedule.id} not shown")
    return f"{what}: {count}; see the workbook."


def _ranked(schedule: Schedule, column: str, figures: Figures) -> list[int]:
    """Rows by the size of a column in the widest view; what is missing comes first, what is nothing not at all."""
    found: list[tuple[int, Fraction | None]] = []
    for i in range(len(schedule.rows)):
        value = figures.evaluation.seen_cell(schedule, schedule.column(column), i, View.POTENTIAL)
        if isinstance(value, Missing):
            found.append((i, None))
        elif value.value:
            found.append((i, cast("Fraction", value.value)))
    return [i for i, v in sorted(found, key=lambda pair: (pair[1] is not None, -abs(pair[1] or 0), pair[0]))]


def _text(figures: Figures, schedule: Schedule, column: str, row: int) -> str:
    return figures.cell(schedule, schedule.column(column), row).text


def _people(schedule: Schedule | None, figures: Figures) -> tuple[tuple[PersonRow, ...], str]:
    if schedule is None:
        return (), ""
    rows = []
    for i in _ranked(schedule, "qualified", figures):

        def number(column: str, row: int = i) -> Number:
            return figures.cell(schedule, schedule.column(column), row)

        rows.append(
            PersonRow(
                id=_text(figures, schedule, "person", i),
                name=_text(figures, schedule, "name", i),
                officer=_text(figures, schedule, "officer", i),
                wages=number("wages"),
                share=number("share"),
                counted=number("counted_share"),
                qualified=number("qualified"),
            )
        )
    return tuple(rows), _left(schedule, len(rows), "People without qualified services in any view")


def _costs(schedule: Schedule | None, figures: Figures, mask: Callable[[str], str]) -> tuple[tuple[CostRow, ...], str]:
    if schedule is None:
        return (), ""
    order = _ranked(schedule, "amount", figures)[:_MOST_ROWS]
    rows = tuple(
        CostRow(
            description=mask(_text(figures, schedule, "description", i)),
            component=_text(figures, schedule, "component", i),
            view=_text(figures, schedule, "counts_in", i),
            amount=figures.cell(schedule, schedule.column("amount"), i),
        )
        for i in order
    )
    return rows, _left(schedule, len(rows), "Further rows")


def _contracts(schedule: Schedule | None, figures: Figures) -> tuple[tuple[ContractRow, ...], str]:
    """By the contract's id: a contractor may be a person."""
    if schedule is None:
        return (), ""
    order = _ranked(schedule, "amount", figures)[:_MOST_ROWS]
    rows = tuple(
        ContractRow(
            contract=schedule.rows[i].key.partition("/")[0],
            component=_text(figures, schedule, "component", i),
            payee=_text(figures, schedule, "payee_kind", i),
            view=_text(figures, schedule, "counts_in", i),
            amount=figures.cell(schedule, schedule.column("amount"), i),
            percentage=figures.cell(schedule, schedule.column("percentage"), i),
            applicable=figures.cell(schedule, schedule.column("applicable"), i),
        )
        for i in order
    )
    return rows, _left(schedule, len(rows), "Further rows")


# -- the form -------------------------------------------------------------------------------------


def form_pages(credit: Credit, form: Form6765, figures: Figures) -> FormPages:
    """Header items and Section E as answered, and the components Section G would list."""
    answers = tuple(
        FormRow(
            line.line,
            line.label,
            Number("", f"line {line.line}") if line.figure is None else figures.of(line.figure),
            line.blank,
        )
        for line in form.lines
        if line.section in _ANSWER_SECTIONS
    )
    section_g = credit.other.section_g
    return FormPages(
        revision=form.revision,
        answers=answers,
        section_g=f"{figures.sentence(section_g.required)} {figures.sentence(section_g.listed_qre)}",
        listed=tuple(_listed(section_g.schedule, i, figures) for i in range(len(section_g.schedule.rows))),
    )


def _listed(schedule: Schedule, row: int, figures: Figures) -> ListedRow:
    def number(column: str) -> Number:
        return figures.cell(schedule, schedule.column(column), row, whole=True)

    return ListedRow(
        component=_text(figures, schedule, "name", row),
        kind=_text(figures, schedule, "kind", row),
        wages=number("wages"),
        supplies=number("supplies"),
        computer_rental=number("computer_rental"),
        contract_research=number("contract_research"),
        qre=number("qre"),
    )


# -- the law's own numbers ------------------------------------------------------------------------


def law_used(credit: Credit) -> LawUsed:
    """The rates and thresholds the text names, and all that the figures rest on."""
    law = credit.law
    resting = [n for n in reachable(roots_of(credit)) if isinstance(n, Leaf) and isinstance(n.origin, FromLaw)]
    by_id = {n.id: cast("Leaf[Fraction]", n) for n in resting if n.id.startswith("law.") and isinstance(n.value, Known)}
    table = {cell.id for row in law.startup.schedule.rows for cell in row.cells.values()}
    return LawUsed(
        regular_rate=_item(law.regular.rate),
        minimum_base_share=_item(law.regular.minimum_base_share),
        fixed_base_cap=_item(law.regular.fixed_base_cap),
        asc_rate=_item(law.asc.rate),
        asc_special_rate=_item(law.asc.special_rate),
        reduced_tax_rate=_item(law.reduced_credit.tax_rate),
        wages_substantially_all=_item(law.wages.substantially_all),
        contract_general=_item(law.contract.general),
        contract_consortium=_item(law.contract.consortium),
        contract_energy=_item(law.contract.energy),
        all=_items(leaf for leaf_id, leaf in by_id.items() if leaf_id not in table),
    )


def _items(leaves: Iterable[Leaf[Fraction]]) -> tuple[LawItem, ...]:
    return tuple(sorted((_item(leaf) for leaf in leaves), key=lambda item: (item.cite, item.label)))


def _item(leaf: Leaf[Fraction]) -> LawItem:
    cite = str(leaf.origin.citation) if isinstance(leaf.origin, FromLaw) else ""
    return LawItem(leaf.label, law_number(leaf), cite)


def computed_lines(credit: Credit) -> tuple[AnyLine | AnyLeaf, ...]:
    """Every line and leaf the credit rests on, for what is missing and what is assumed."""
    nodes = reachable(roots_of(credit))
    return tuple(n for n in nodes if isinstance(n, Line | Leaf))
