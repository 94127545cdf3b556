"""The worked examples, in Python and in the recalculated workbook."""

import tomllib
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Recalculated:
    credit: object
    prefix: str
    """What the names of the example's tabs start with."""
    written: object
    book: object


@pytest.fixture(scope="module")
def recalculated(office, tmp_path_factory):
    """Every example's tabs, a few examples a workbook, with wrong cached values; recalculated once a session."""
    here = tmp_path_factory.mktemp("examples")
    credits_ = {case["id"]: credit_of(case) for case in CASES}
    groups = [list(credits_.items())[i : i + TOGETHER] for i in range(0, len(CASES), TOGETHER)]
    written = [_write_together(group, here / f"{i}.xlsx") for i, group in enumerate(groups)]

    def convert_copies(folder):
        folder.mkdir()
        copies = [with_wrong_values(here / f"{i}.xlsx", made, folder / f"{i}.xlsx") for i, made in enumerate(written)]
        convert_all(office, copies, "xlsx", folder)

    folder = once(tmp_path_factory, "worked-examples", convert_copies) / "converted-xlsx"
    found = {}
    for i, (group, made) in enumerate(zip(groups, written, strict=True)):
        book = load_workbook(folder / f"{i}.xlsx", data_only=True)
        found |= {name: Recalculated(credit, f"{k} ", made, book) for k, (name, credit) in enumerate(group)}
    return found


def _write_together(group, path):
    tabs = [
        replace(tab, ref=f"{k} {tab.ref}")
        for k, (_, credit) in enumerate(group)
        for tab in credit_tabs(credit, form_6765(credit), (View.SUPPORTED,), View.SUPPORTED, "facts.toml")
    ]
    return write_workbook(tabs, Heading("Worked Example, Inc.", "2025", "draft", date(2026, 2, 10)), path)


@pytest.mark.office
@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_the_recalculated_workbook_agrees(case, recalculated):
    example = recalculated[case["id"]]
    mine = {at: value for at, value in example.written.values.items() if at[0].startswith(example.prefix)}
    assert len(mine) > 100
    wrong = [
        f"{sheet} {address}: engine {wanted!r}, recalculated {example.book[sheet][address].value!r}"
        for (sheet, address), wanted in mine.items()
        if not same(wanted, example.book[sheet][address].value)
    ]
    assert not wrong
    known = figures_of(example.credit)
    for name, text in case["figures"].items():
        spot = example.written.layout.spot(known[name], View.SUPPORTED)
        cell = example.book[spot.tab].cell(spot.row, spot.column).value
        assert same(wanted_value(case, text), cell), name
