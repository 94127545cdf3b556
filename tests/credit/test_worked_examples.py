"""The worked examples, in Python and in the recalculated workbook."""

import subprocess
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.facts import credit_of
from support.office import WRONG, convert, same

from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.value import Missing
from rdcredit.figure.view import View
from rdcredit.forms.form_6765 import figures_of, form_6765
from rdcredit.money import rounded
from rdcredit.render.credit_tabs import credit_tabs
from rdcredit.render.package import fill_values
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


@pytest.fixture(scope="module")
def recalculated(office, tmp_path_factory):
    """Every example's workbook with wrong cached values, recalculated in one run of the office program."""
    folder = tmp_path_factory.mktemp("parity")
    written = {}
    for case in CASES:
        credit = credit_of(case)
        tabs = credit_tabs(credit, form_6765(credit), (View.SUPPORTED,), View.SUPPORTED, "facts.toml")
        path = folder / f"{case['id']}.xlsx"
        heading = Heading("Worked Example, Inc.", "2025", "draft", credit.facts.credit_year.end)
        made = write_workbook(tabs, heading, path)
        fill_values(path, made.titles, dict.fromkeys(made.values, WRONG))
        written[case["id"]] = (credit, made)
    first = convert(office, folder / f"{CASES[0]['id']}.xlsx", "xlsx", folder)
    rest = [folder / f"{c['id']}.xlsx" for c in CASES[1:]]
    subprocess.run(
        [office, f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", "xlsx",
         "--outdir", first.parent, *rest],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    return {
        name: (credit, made, load_workbook(first.parent / f"{name}.xlsx", data_only=True))
        for name, (credit, made) in written.items()
    }


@pytest.mark.office
@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_the_recalculated_workbook_agrees(case, recalculated):
    credit, made, book = recalculated[case["id"]]
    wrong = [
        f"{sheet} {address}: engine {wanted!r}, recalculated {book[sheet][address].value!r}"
        for (sheet, address), wanted in made.values.items()
        if not same(wanted, book[sheet][address].value)
    ]
    assert not wrong
    known = figures_of(credit)
    for name, text in case["figures"].items():
        spot = made.layout.spot(known[name], View.SUPPORTED)
        cell = book[spot.tab].cell(spot.row, spot.column).value
        assert same(wanted_value(case, text), cell), name
