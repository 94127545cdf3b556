"""A correct ``study.toml`` gives the record it states, exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rdcredit.study.load import load_study


@pytest.fixture
def loaded(tmp_path, study_toml):
    (tmp_path / "study.toml").write_text(study_toml, encoding="utf-8")
    return load_study(tmp_path)


def test_the_complete_file_is_accepted(refused, study_toml):
    assert refused(study_toml) == ()


def test_amounts_are_exact_decimals_and_dates_are_dates(loaded):
    assert loaded.tax_years[0].qre.wages == Decimal("412000.00")
    assert loaded.inputs[1].control[0].amount == Decimal("5120447.12")
    assert loaded.credit_year.begin == date(2025, 1, 1)


def test_an_amount_written_as_a_number_keeps_every_digit(tmp_path, study_toml):
    text = study_toml.replace('amount = "41210.33"', "amount = 0.1000000000000000055511151231")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert load_study(tmp_path).inputs[0].control[0].amount == Decimal("0.1000000000000000055511151231")


def test_what_is_not_stated_of_an_earlier_year_is_unknown_and_not_zero(loaded):
    assert loaded.tax_years[0].qre.supplies == "unknown"
    assert loaded.tax_years[1].receipts.base == "unknown"


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_files_saved_by_windows_editors_are_read(refused, study_toml, change):
    assert refused(change(study_toml)) == ()


def test_a_date_in_quotes_is_read_as_the_date(refused, study_toml):
    assert refused(study_toml.replace("dated = 2026-02-10", 'dated = "2026-02-10"')) == ()


def test_a_fiscal_year_a_short_year_and_a_53_week_year_are_accepted(changed):
    assert (
        changed(
            "begin = 2024-01-01\nend = 2024-12-31", "begin = 2024-03-01\nend = 2024-06-29",
            "begin = 2025-01-01\nend = 2025-12-31", "begin = 2024-06-30\nend = 2025-07-05\nfifty_two_week = true",
            'month = "2025-03"', 'month = "2025-08"',
        )
        == ()
    )  # fmt: skip


def test_a_year_from_a_29_february_may_last_to_the_next_28(changed):
    assert (
        changed(
            "begin = 2024-01-01\nend = 2024-12-31", "begin = 2024-02-29\nend = 2025-02-28",
            "begin = 2025-01-01\nend = 2025-12-31", "begin = 2025-03-01\nend = 2026-01-31",
        )
        == ()
    )  # fmt: skip


def test_two_sheets_of_one_workbook_are_two_inputs(changed):
    assert (
        changed(
            "[workloads]",
            '[[inputs]]\nrole = "people"\npath = "inputs/hr.xlsx"\nsheet = "people"\n'
            '[[inputs]]\nrole = "time"\npath = "inputs/hr.xlsx"\nsheet = "time"\n[workloads]',
        )
        == ()
    )


def test_an_unknown_earlier_year_of_a_component_is_no_contradiction(changed):
    assert changed("began = 2024-11-04\n", "") == ()
