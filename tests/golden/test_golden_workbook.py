"""The sample's workbook, recalculated by an office program from formulas alone, shows what was published."""

import re
import zipfile
from datetime import datetime

import pytest
from openpyxl import load_workbook
from support.office import convert

WRONG = "12345"
"""A number that is also a day, for cells that show days."""


def with_wrong_results(path, copy):
    """A copy in which every formula shows a wrong value, so that nothing can be taken over."""

    def spoiled(xml):
        text = re.sub(r'(<c r="[A-Z]+\d+"[^>]*?) t="(?:str|b)"([^>]*><f>)', r"\1\2", xml.decode("utf-8"))
        return re.sub(r"(</f>)(<v>[^<]*</v>|<v */>)?", rf"\1<v>{WRONG}</v>", text).encode()

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, spoiled(data) if info.filename.startswith("xl/worksheets/sheet") else data)
    return copy


def cells(path, *, results):
    book = load_workbook(path, data_only=results)
    return {(s.title, c.coordinate): c for s in book for row in s.iter_rows() for c in row if c.value is not None}


def same(published, recalculated):
    if isinstance(published, bool) or isinstance(recalculated, bool):
        return published in (True, False) and bool(recalculated) == published
    if isinstance(published, (int, float)) and isinstance(recalculated, (int, float)):
        return abs(published - recalculated) <= max(abs(published), 1) * 1e-9
    if isinstance(published, datetime) or isinstance(recalculated, datetime):
        return published == recalculated
    return (published or "") == (recalculated or "")


@pytest.mark.office
def test_every_formula_recalculates_to_what_was_published(sample, office, tmp_path):
    path = sample / "out" / "workpapers.xlsx"
    formulas = [at for at, cell in cells(path, results=False).items() if cell.data_type == "f"]
    assert len(formulas) > 500
    spoiled = with_wrong_results(path, tmp_path / "spoiled.xlsx")
    published, wrong = cells(path, results=True), cells(spoiled, results=True)
    assert [at for at in formulas if wrong[at].value == published[at].value] == []
    again = cells(convert(office, spoiled, "xlsx", tmp_path), results=True)
    differing = [
        f"{at}: published {published[at].value!r}, recalculated {again[at].value if at in again else None!r}"
        for at in formulas
        if at not in published or at not in again or not same(published[at].value, again[at].value)
    ]
    assert differing == []


def test_no_cell_shows_an_error(sample):
    shown = cells(sample / "out" / "workpapers.xlsx", results=True)
    assert [at for at, cell in shown.items() if cell.data_type == "e" or str(cell.value).startswith("#")] == []
