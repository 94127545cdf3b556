"""The credit of stated facts, shown: form lines, sentences, JSON, workbook."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdcredit.credit.compute import Credit, compute_credit
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import Line, Rounding, Unit
from rdcredit.figure.sentence import sentence, shown
from rdcredit.figure.value import Missing
from rdcredit.figure.view import View
from rdcredit.forms.form_6765 import Form6765, figures_of, form_6765
from rdcredit.law import law_for

if TYPE_CHECKING:
    from pathlib import Path

    from rdcredit.facts.records import Facts

_TOLD = (
    "s41.qre.total", "s41.regular.fixed_base_percentage", "s41.regular.credit", "s41.asc.any_year_without",
    "s41.asc.tentative_credit", "s41.asc.credit", "s41.own_credit",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class StatedCredit:
    """A credit computed from stated facts."""

    credit: Credit
    form: Form6765
    figures: Evaluation

    def form_rows(self) -> list[tuple[str, str, str]]:
        """The form's lines as text: number, label, amount or why it is blank."""
        rows = []
        for line in self.form.lines:
            if line.figure is None:
                rows.append((line.line, line.label, f"({line.blank})"))
                continue
            value = self.figures.seen(line.figure)
            whole = line.figure.unit is Unit.MONEY
            text = "missing" if isinstance(value, Missing) else shown(value.value, line.figure.unit, whole=whole)
            rows.append((line.line, line.label, text))
        return rows

    def sentences(self) -> list[str]:
        """How the main figures come about."""
        known = figures_of(self.credit)
        return [sentence(known[name], self.figures) for name in _TOLD if name in known]  # type: ignore[arg-type] # these are lines

    def as_json(self) -> dict[str, Any]:
        """Every figure and form line with its state."""
        from rdcredit.render.json_files import state, value_text  # noqa: PLC0415 - imports the office libraries

        figures = {}
        for name, node in figures_of(self.credit).items():
            value = self.figures.seen(node)
            rounding = node.rounding if isinstance(node, Line) else Rounding.EXACT
            figures[name] = {
                "label": node.label, "value": value_text(value, node.unit, rounding), "state": state(value)
            }  # fmt: skip
        lines = [
            {"line": x.line, "label": x.label, "figure": x.figure.id if x.figure is not None else None, "why": x.blank}
            for x in self.form.lines
        ]
        return {"version": 1, "revision": self.form.revision, "banner": self.form.banner, "figures": figures,
                "lines": lines}  # fmt: skip


def stated_credit(facts: Facts) -> StatedCredit:
    """Compute the credit of stated facts.

    Raises:
        Refused: a parameter of the law or the form is not verified for the year (E235).
    """
    year = facts.credit_year
    credit = compute_credit(facts, law_for(year.deemed_begin, year.deemed_end))
    return StatedCredit(credit, form_6765(credit), Evaluation())


def write_stated_workbook(computed: StatedCredit, path: Path) -> None:
    """A workbook of the credit with live formulas; it appears complete or not at all."""
    from rdcredit.render.credit_tabs import credit_tabs, index_tab  # noqa: PLC0415 - imports the office libraries
    from rdcredit.render.workbook import write_workbook  # noqa: PLC0415
    from rdcredit.render.writer import Heading  # noqa: PLC0415

    facts = computed.credit.facts
    year = facts.credit_year
    tabs = credit_tabs(computed.credit, computed.form, (View.SUPPORTED,), View.SUPPORTED, facts.source)
    index = index_tab(tabs, [("Taxpayer", facts.taxpayer.name), ("Facts", facts.source)], facts.source)
    heading = Heading(
        facts.taxpayer.name, f"{year.begin} to {year.end}", "estimate from stated facts", year.end,
        banner=computed.form.banner,
    )  # fmt: skip
    staged = path.with_name(f".{path.name}.{os.getpid()}.new")
    staged.touch()  # a place that cannot be written to is told before anything is built
    try:
        write_workbook((index, *tabs), heading, staged, computed.figures)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
