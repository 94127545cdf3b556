"""Identifiers that spreadsheets take for numbers, dates or each other stay apart, in the ledger and in SUMIFS."""

from decimal import Decimal
from fractions import Fraction

import pytest
from support.office import differences
from support.studies import total
from support.study_folder import StudyFolder, employee, hours, pay

from rdcredit.determine.facts_of_ledger import person_keys
from rdcredit.pipeline import compute_study, determined_study
from rdcredit.render.published import write_study_workbook

IDS = ["0012", "12", "1E5", "100000", "MAR5", "5-Mar", "NaN", "TRUE", "E*1", "E?1", "<>", "e-1"]
"""SUMIFS compares text that looks like a number as one, ignores case, and knows ``*``, ``?`` and ``<``."""


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    folder = StudyFolder(
        bill=[], contractors=[], contracts=[], supplies=[],
        people=[employee(i) for i in IDS],
        payroll=[pay(i, f"{2**n}000.00") for n, i in enumerate(IDS)],
        time=[row for i in IDS for row in (hours(i, "4"), hours(i, "4", "admin", "Administration"))],
    )  # fmt: skip
    return compute_study(determined_study(folder.write(tmp_path_factory.mktemp("ids") / "study")))


def test_each_identifier_is_a_person_of_its_own(material):
    for n, person in enumerate(IDS):
        own = [p for p in material.parts if p.subject == f"person:{person}"]
        assert total(own) == Decimal(f"{2**n}000.00")
    assert len(material.credit.facts.people) == len(IDS)
    half = Fraction(sum(2**n for n in range(len(IDS))) * 1000, 2)
    assert material.figures.seen(material.credit.qre.wages, material.view).value == half


def test_keys_differ_by_more_than_case_and_look_like_no_number_or_pattern():
    ids = [*IDS, "E-1", "E_1", "P-12"]
    keys = person_keys(ids)
    assert len({key.casefold() for key in keys.values()}) == len(ids)
    for key in keys.values():
        assert key[0].isalpha()
        assert not set(key) & set("*?<>=~")


@pytest.mark.office
def test_the_workbook_of_such_identifiers_recalculates_to_the_same_cents(material, office, tmp_path):
    path = tmp_path / "workpapers.xlsx"
    written = write_study_workbook(material, path)
    assert len(written.values) > 100
    assert differences(office, path, written, tmp_path) == []
