"""The published workbook of the shipped sample, recalculated cell by cell."""

import re

import pytest
from openpyxl import load_workbook
from support.office import differences, published_values
from support.studies import sample  # noqa: F401 - a fixture

PLAIN_FUNCTIONS = {
    "AND", "COUNTIF", "COUNTIFS", "EDATE", "EOMONTH", "IF", "INDEX", "ISNA", "MATCH", "MAX", "MIN", "MONTH", "NA",
    "NOT", "OR", "ROUND", "ROWS", "SUM", "SUMIFS", "YEAR",
}  # fmt: skip
LONGEST_FORMULA = 8192

pytestmark = pytest.mark.filterwarnings("ignore:Cell .* is marked as a date")


@pytest.fixture
def workpapers(sample):  # noqa: F811 - the fixture by its name
    return sample / "out" / "workpapers.xlsx"


def test_every_formula_cell_of_the_sample_shows_a_value(workpapers):
    published = published_values(workpapers)
    assert len(published.values) > 1000
    assert [at for at, value in published.values.items() if value is None] == []


def test_no_cell_of_the_sample_shows_an_error(workpapers):
    book = load_workbook(workpapers, data_only=True)
    errors = [
        f"{sheet.title} {cell.coordinate}: {cell.value}"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]
    assert errors == []


def test_formulas_keep_to_functions_and_lengths_every_spreadsheet_knows(workpapers):
    """No function that Excel stores under a prefix or that is missing from older versions."""
    formulas = [c.value for s in load_workbook(workpapers) for row in s.iter_rows() for c in row if c.data_type == "f"]
    bare = [re.sub(r"'[^']*'!|\"[^\"]*\"", "", f) for f in formulas]
    assert {name for f in bare for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", f)} <= PLAIN_FUNCTIONS
    assert max(map(len, formulas)) < LONGEST_FORMULA


@pytest.mark.office
def test_the_recalculated_workpapers_of_the_sample_are_those_published(office, workpapers, tmp_path):
    assert differences(office, workpapers, published_values(workpapers), tmp_path) == []
