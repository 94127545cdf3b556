"""The published JSON files: the graph, the form's lines, the headline results.

These shapes are interfaces: keys are only ever added. Amounts are text, exact; names and pay of
people are left out.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rdcredit.figure.expression import AnyLeaf, AnyLine, Leaf, Line, Rounding, Schedule, Unit
from rdcredit.figure.formula import formula
from rdcredit.figure.origin import describe
from rdcredit.figure.sentence import sentence
from rdcredit.figure.trace import ColumnOf, reachable, steps_below
from rdcredit.figure.value import Missing
from rdcredit.forms.form_6765 import roots_of
from rdcredit.ledger.records import BucketKind
from rdcredit.money import decimal_text
from rdcredit.render.cells import number_text
from rdcredit.render.layout import At, Layout, column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdcredit.credit.compute import Credit
    from rdcredit.figure.evaluate import AnyValue, Evaluation
    from rdcredit.figure.view import View
    from rdcredit.forms.form_6765 import Form6765
    from rdcredit.render.material import StudyMaterial

VERSION = 1
_PERSONAL = ("s41.wages.by_person", "s41.wages.by_component", "s41.wages.time")
_PERSONAL_CELLS = {"name", "wages"}


def value_text(value: AnyValue, unit: Unit, rounding: Rounding = Rounding.EXACT) -> str | bool | None:
    """A value for JSON: exact numbers as text, yes and no as booleans, missing as null."""
    if isinstance(value, Missing):
        return None
    match value.value:
        case bool():
            return value.value
        case Fraction():
            if unit is Unit.MONEY and (rounding is Rounding.WHOLE_DOLLARS or value.value.denominator == 1):
                return decimal_text(value.value, 0)
            return number_text(value.value)
        case date():
            return value.value.isoformat()
        case str():
            return value.value


def state(value: AnyValue) -> str:
    """``known``, ``assumed`` or ``missing``."""
    if isinstance(value, Missing):
        return "missing"
    return "assumed" if value.assumed else "known"


def trace_json(credit: Credit, figures: Evaluation, layout: Layout, views: tuple[View, ...]) -> dict[str, Any]:
    """``trace.json``: every figure, leaf and schedule with value, formula, sentence, inputs and cell."""
    nodes = []
    for node in reachable(roots_of(credit)):
        if isinstance(node, Schedule):
            nodes.append(_schedule(node, figures, layout, views))
        elif isinstance(node, Line):
            nodes.append(_line(node, figures, layout, views))
        elif not node.id.startswith(("s41.wages.person", "s41.wages.time")):
            nodes.append(_leaf(node, figures, layout, views))
    return {"version": VERSION, "views": [str(v) for v in views], "nodes": nodes}


def _cell(layout: Layout, node: AnyLine | AnyLeaf, view: View) -> str:
    spot = layout.spot(node, view)
    return spot.seen_from("")


def _line(node: AnyLine, figures: Evaluation, layout: Layout, views: tuple[View, ...]) -> dict[str, Any]:
    value = figures.seen(node, views[0])
    return {
        "id": node.id,
        "kind": "line",
        "label": node.label,
        "unit": str(node.unit),
        "rounding": str(node.rounding),
        "state": state(value),
        "missing": list(value.what) if isinstance(value, Missing) else [],
        "value": {str(v): value_text(figures.seen(node, v), node.unit, node.rounding) for v in views},
        "cell": {str(v): _cell(layout, node, v) for v in views},
        "formula": {str(v): f"={formula(node, v, At(layout, layout.spot(node, v).tab))}" for v in views},
        "sentence": sentence(node, figures, views[0]),
        "cite": node.cite,
        "inputs": [s.id for s in steps_below(node)],
    }


def _leaf(node: AnyLeaf, figures: Evaluation, layout: Layout, views: tuple[View, ...]) -> dict[str, Any]:
    value = figures.seen(node, views[0])
    return {
        "id": node.id,
        "kind": "leaf",
        "label": node.label,
        "unit": str(node.unit),
        "state": state(value),
        "missing": list(value.what) if isinstance(value, Missing) else [],
        "value": {str(views[0]): value_text(value, node.unit)},
        "cell": {str(views[0]): _cell(layout, node, views[0])},
        "origin": describe(node.origin),
        "inputs": [],
    }


def _schedule(node: Schedule, figures: Evaluation, layout: Layout, views: tuple[View, ...]) -> dict[str, Any]:
    hidden = node.id in _PERSONAL
    rows = []
    for i, row in enumerate(node.rows):
        cells = {}
        for column in node.columns:
            if hidden and (column.id in _PERSONAL_CELLS or column.unit is Unit.MONEY):
                continue
            stretch = layout.stretch(node, column, views[0])
            entry: dict[str, Any] = {
                "value": value_text(figures.seen_cell(node, column, i, views[0]), column.unit, column.rounding),
                "cell": f"'{stretch.tab}'!{column_letter(stretch.column)}{stretch.first + i}",
            }
            leaf = row.cells.get(column.id)
            if isinstance(leaf, Leaf) and column.unit is not Unit.TEXT:
                entry["origin"] = describe(leaf.origin)
            elif isinstance(leaf, Line):
                entry["figure"] = leaf.id
            cells[column.id] = entry
        rows.append({"key": row.key, "cells": cells})
    return {
        "id": node.id,
        "kind": "schedule",
        "label": node.label,
        "cite": node.cite,
        "columns": [
            {
                "id": c.id,
                "label": c.label,
                "unit": str(c.unit),
                "computed": c.expr is not None,
                "inputs": [s.id for s in steps_below(ColumnOf(node, c))],
            }
            for c in node.columns
        ],
        "rows": rows,
    }


def form_json(form: Form6765, figures: Evaluation, layout: Layout, view: View) -> dict[str, Any]:
    """``form6765.json``: the lines of the form with value, state, figure, authority and cell."""
    lines = []
    for line in form.lines:
        entry: dict[str, Any] = {"line": line.line, "section": line.section, "label": line.label}
        if line.figure is None:
            entry |= {"value": None, "state": "blank", "figure": None, "why": line.blank}
        else:
            value = figures.seen(line.figure, view)
            rounding = Rounding.WHOLE_DOLLARS if line.figure.unit is Unit.MONEY else Rounding.EXACT
            entry |= {
                "value": value_text(value, line.figure.unit, rounding),
                "state": state(value),
                "figure": line.figure.id,
                "cite": line.figure.cite if isinstance(line.figure, Line) else describe(line.figure.origin),
                "cell": _cell(layout, line.figure, view),
            }
        lines.append(entry)
    return {"version": VERSION, "form": "6765", "revision": form.revision, "banner": form.banner, "view": str(view),
            "lines": lines}  # fmt: skip


def results_json(material: StudyMaterial) -> dict[str, Any]:
    """``results.json``: headline figures, QREs by category and component, buckets, findings, tie-outs."""
    credit, figures, views = material.credit, material.figures, material.views

    def by_view(line: AnyLine) -> dict[str, str | bool | None]:
        return {str(v): value_text(figures.seen(line, v), line.unit, line.rounding) for v in views}

    totals = credit.qre.by_component
    components = [
        {
            "component": row.key,
            "qre": {
                str(v): value_text(figures.seen_cell(totals.schedule, totals.qre, i, v), Unit.MONEY) for v in views
            },
        }
        for i, row in enumerate(totals.schedule.rows)
    ]
    return {
        "version": VERSION,
        "study": {
            "taxpayer": material.study.taxpayer.name,
            "year": [credit.facts.credit_year.begin.isoformat(), credit.facts.credit_year.end.isoformat()],
            "status": material.study.study.status,
            "dated": material.study.study.dated.isoformat(),
            "method": value_text(figures.seen(credit.current.method), Unit.CHOICE),
            "inputs_digest": material.digest,
        },
        "credit": {
            "regular": {"gross": by_view(credit.regular.gross), "reduced": by_view(credit.regular.reduced)},
            "asc": {"gross": by_view(credit.asc.gross), "reduced": by_view(credit.asc.reduced)},
            "current_year": by_view(credit.current.credit),
        },
        "qre": {
            "wages": by_view(credit.qre.wages),
            "supplies": by_view(credit.qre.supplies),
            "computer_rental": by_view(credit.qre.computer_rental),
            "contract_research": by_view(credit.qre.contract_and_basic),
            "total": by_view(credit.qre.total),
        },
        "components": components,
        "buckets": _buckets(material),
        "findings": [
            {"code": f.code, "title": f.title, "why": f.why, "dollars": f"{f.dollars:f}", "subjects": list(f.subjects),
             "blocks_final": f.blocks_final}
            for f in material.findings
        ],
        "reconciliation": [
            {"label": t.label, "read": f"{t.read:f}", "stated": f"{t.stated:f}", "difference": f"{t.difference:f}",
             "source": t.source, "must_tie": t.must_tie}
            for t in material.tie_outs
        ],
    }  # fmt: skip


def _buckets(material: StudyMaterial) -> list[dict[str, str]]:
    found: dict[tuple[str, str, str, str], Fraction] = defaultdict(Fraction)
    for part in material.parts:
        bucket = part.determination.bucket
        found[bucket.kind, bucket.name, str(part.category), part.currency] += Fraction(part.amount)
    order = {BucketKind.QUALIFIED: 0, BucketKind.HELD: 1, BucketKind.EXCLUDED: 2}
    return [
        {"bucket": kind, "name": name, "category": category, "currency": currency, "amount": number_text(amount)}
        for (kind, name, category, currency), amount in sorted(
            found.items(), key=lambda item: (order[BucketKind(item[0][0])], -abs(item[1]), item[0])
        )
    ]


def all_json(material: StudyMaterial, layout: Layout) -> Iterable[tuple[str, dict[str, Any]]]:
    """Each published JSON file by name."""
    yield "trace.json", trace_json(material.credit, material.figures, layout, material.views)
    yield "form6765.json", form_json(material.form, material.figures, layout, material.view)
    yield "results.json", results_json(material)
