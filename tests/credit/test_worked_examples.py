"""The worked examples, in Python and in the recalculated workbook."""

import json
import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.facts import credit_of
from support.office import convert_all, same, with_wrong_values
from support.once import once

from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.value import Missing
from rdcredit.figure.view import View
from rdcredit.forms.form_6765 import figures_of, form_6765
from rdcredit.money import rounded
from rdcredit.render.credit_tabs import credit_tabs
from rdcredit.render.workbook import write_workbook
from rdcredit.render.writer import Heading

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"), parse_float=Decimal)["case"]


def wanted_value(case, text):
    if text == "missing":
        return "missing"
    if text in {"yes", "no"}:
        return text == "yes"
    value = Fraction(text)
    return rounded(value, 0) if case.get("tolerance_of_whole_dollars") else value


def seen_value(value):
    return "missing" if isinstance(value, Missing) else value.value


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_the_worked_example_gives_its_figures(case):
    credit = credit_of(case)
    figures, known = Evaluation(), figures_of(credit)
    seen = {name: seen_value(figures.seen(known[name])) for name in case["figures"]}
    assert seen == {name: wanted_value(case, text) for name, text in case["figures"].items()}


TOGETHER = 5
"""Examples a workbook: the office program slows down on hundreds of sheets, and on many small files."""


@pytest.fixture(scope="module")
def recalculated(office, tmp_path_factory):
    """By example: formula cells, those that disagree, and the cells of its figures. Made once a session."""

    def make(folder):
        folder.mkdir()
        groups = [CASES[i : i + TOGETHER] for i in range(0, len(CASES), TOGETHER)]
        written = [_write_together(group, folder / f"{i}.xlsx") for i, group in enumerate(groups)]
        copies = [with_wrong_values(folder / f"{i}.xlsx", made, folder / f"wrong{i}.xlsx") for i, (made, _) in
                  enumerate(written)]  # fmt: skip
        found = {}
        for group, (made, credits_), path in zip(
            groups, written, convert_all(office, copies, "xlsx", folder), strict=True
        ):
            book = load_workbook(path, data_only=True)
            found |= {c["id"]: _compared(k, c, made, credits_[k], book) for k, c in enumerate(group)}
        (folder / "found.json").write_text(json.dumps(found), encoding="utf-8")

    folder = once(tmp_path_factory, "worked-examples", make)
    return json.loads((folder / "found.json").read_text(encoding="utf-8"))


def _write_together(group, path):
    credits_ = [credit_of(case) for case in group]
    tabs = [
        replace(tab, ref=f"{k} {tab.ref}")
        for k, credit in enumerate(credits_)
        for tab in credit_tabs(credit, form_6765(credit), (View.SUPPORTED,), View.SUPPORTED, "facts.toml")
    ]
    heading = Heading("Worked Example, Inc.", "2025", "draft", date(2026, 2, 10))
    return write_workbook(tabs, heading, path), credits_


def _compared(k, case, made, credit, book):
    mine = {at: value for at, value in made.values.items() if at[0].startswith(f"{k} ")}
    wrong = [
        f"{sheet} {address}: engine {wanted!r}, recalculated {book[sheet][address].value!r}"
        for (sheet, address), wanted in mine.items()
        if not same(wanted, book[sheet][address].value)
    ]
    known = figures_of(credit)
    for name, text in case["figures"].items():
        spot = made.layout.spot(known[name], View.SUPPORTED)
        seen = book[spot.tab].cell(spot.row, spot.column).value
        if not same(wanted_value(case, text), seen):
            wrong.append(f"{name}: the example says {text}, recalculated {seen!r}")
    return {"formulas": len(mine), "wrong": wrong}


@pytest.mark.office
@pytest.mark.parametrize("name", [c["id"] for c in CASES])
def test_the_recalculated_workbook_agrees(name, recalculated):
    assert recalculated[name]["formulas"] > 100
    assert recalculated[name]["wrong"] == []
