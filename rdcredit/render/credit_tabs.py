"""The tabs of a credit: lead sheet, form, methods, base years, schedules, law.

Every figure, leaf and schedule the form rests on gets a home on the tab its id belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.figure.expression import AnyLeaf, AnyLine, Leaf, Line, Schedule
from rdcredit.figure.origin import FromLaw
from rdcredit.figure.trace import reachable
from rdcredit.forms.form_6765 import Form6765, roots_of
from rdcredit.render.layout import Block, ChartBlock, FormBlock, LinesBlock, ScheduleBlock, Tab, TableBlock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdcredit.credit.compute import Credit
    from rdcredit.figure.view import View

_HOMES: tuple[tuple[str, str, str, str], ...] = (
    # tab, name, purpose, id prefixes that live there
    ("A2", "Section G", "Business components as Section G lists them, largest first", "s41.section_g"),
    ("C", "Regular credit", "Fixed-base percentage, receipts, base amount and regular credit", "s41.regular"),
    ("D", "ASC", "Alternative simplified credit: three preceding years, any-one-year rule", "s41.asc year."),
    ("E", "Base years", "QREs of earlier years, by category, on the credit year's definition", "s41.base_years"),
    ("F", "Elections", "Elections, other payments, the current year credit", ""),
    ("H", "Wages", "Wages, share of qualified services, the 80 percent rule", "s41.wages.by_person s41.wages.officer"),
    ("H1", "Time", "Whose services went to which component", "s41.wages.time"),
    ("H3", "Wages by component", "Qualified wages divided among components", "s41.wages.by_component"),
    ("I", "Contract research", "Contract research at 65, 75 or 100 percent", "s41.contract_research"),
    ("J", "Supplies", "Supplies used in qualified research", "s41.supplies"),
    ("K", "Computer rental", "Right to use computers in qualified research", "s41.computer_rental"),
    ("L", "Components", "QREs by business component and category", "s41.qre s41.services s41.components_with_qre"),
)
_PERSONAL = {"H", "H1", "H3"}
_LAW = "X"


def _home(node_id: str) -> str:
    """The tab an id belongs to: the one with the longest matching prefix, else F."""
    best, length = "F", 0
    for ref, _, _, prefixes in _HOMES:
        for prefix in prefixes.split():
            if node_id.startswith(prefix) and len(prefix) > length:
                best, length = ref, len(prefix)
    return best


def _in_schedules(schedules: Iterable[Schedule]) -> set[int]:
    return {id(leaf) for s in schedules for row in s.rows for leaf in row.cells.values()}


def credit_tabs(credit: Credit, form: Form6765, views: tuple[View, ...], shown: View, source: str) -> tuple[Tab, ...]:
    """All tabs of a credit in the order of the workbook; ``shown`` is the view of the form."""
    nodes = reachable(roots_of(credit))
    schedules = [n for n in nodes if isinstance(n, Schedule)]
    housed = _in_schedules(schedules)
    lines: dict[str, list[AnyLine | AnyLeaf]] = {}
    law: list[AnyLine | AnyLeaf] = []
    for node in nodes:
        if isinstance(node, Leaf) and isinstance(node.origin, FromLaw):
            if id(node) not in housed:
                law.append(node)
        elif isinstance(node, Line) or (isinstance(node, Leaf) and id(node) not in housed):
            lines.setdefault(_home(node.id), []).append(node)
    by_tab: dict[str, list[Block]] = {ref: [] for ref, *_ in _HOMES}
    for schedule in schedules:
        if schedule is not credit.law.startup.schedule:
            by_tab[_home(schedule.id)].append(ScheduleBlock(schedule))
    for ref, found in lines.items():
        by_tab[ref].append(LinesBlock("Figures", tuple(found)))
    homes = tuple(
        Tab(ref, name, purpose, source, tuple(by_tab[ref]), (shown,) if ref == "A2" else views, ref in _PERSONAL)
        for ref, name, purpose, _ in _HOMES
        if by_tab[ref]
    )
    return (_lead(credit, views, source), _form_tab(form, shown, source), *homes, _law_tab(credit, law))


def _lead(credit: Credit, views: tuple[View, ...], source: str) -> Tab:
    regular, asc, current, qre = credit.regular, credit.asc, credit.current, credit.qre
    methods = LinesBlock(
        "Credit by method", (regular.gross, regular.reduced, asc.gross, asc.reduced, current.credit), references=True
    )
    categories = LinesBlock(
        "Qualified research expenses by category",
        (qre.wages, qre.supplies, qre.computer_rental, qre.contract_and_basic, qre.total),
        references=True,
    )
    choices = LinesBlock(
        "Method and election", (current.method, current.method_is_best, credit.reduced_elected), references=True
    )
    return Tab(
        "A",
        "Lead",
        "The credit under both methods, the one claimed, and the QREs behind it",
        source,
        (
            methods,
            ChartBlock("Credit by method", methods),
            choices,
            categories,
            ChartBlock("Qualified research expenses by category", categories),
        ),
        views,
    )


def _form_tab(form: Form6765, shown: View, source: str) -> Tab:
    title = f"Form 6765 ({form.revision})"
    sections = dict.fromkeys(line.section for line in form.lines)
    blocks = tuple(
        FormBlock(section if section != "Header" else title, tuple(x for x in form.lines if x.section == section))
        for section in sections
    )
    purpose = f"Every line of {title}, each a reference to the cell its figure stands in"
    return Tab("A1", "Form 6765", f"{purpose}. {form.banner}".strip(), source, blocks, (shown,))


def _law_tab(credit: Credit, leaves: Sequence[AnyLine | AnyLeaf]) -> Tab:
    return Tab(
        _LAW,
        "Law",
        "Every rate, threshold and date the computation takes from the law, with its authority",
        "the law data of this release, verified for the taxable year",
        (LinesBlock("Rates and thresholds", tuple(leaves)), ScheduleBlock(credit.law.startup.schedule)),
    )


def index_tab(tabs: Sequence[Tab], rows: Sequence[tuple[str, str]], source: str) -> Tab:
    """The first tab: what is where, and the particulars of the study."""
    listed = [(t.ref, t.name, t.purpose) for t in tabs]
    legend = [
        ("yellow", "input: a value from a source or a statement"),
        ("amber", "rests on an assumption that is named beside it"),
        ("red", "missing: the word stands where a value has to be found out"),
        ("no colour", "formula"),
    ]
    return Tab(
        "0",
        "Index",
        "What each tab holds, and how to read it",
        source,
        (
            TableBlock("Study", ("", ""), list(rows), widths=(24, 60)),
            TableBlock("Tabs", ("Ref", "Name", "What it holds"), listed, widths=(24, 60, 90)),
            TableBlock("Colours", ("Colour", "Meaning"), legend, widths=(24, 60)),
        ),
    )
