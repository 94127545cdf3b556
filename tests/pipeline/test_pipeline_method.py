"""Accrual and cash: which column of a bill counts, and in which year."""

from collections import defaultdict
from decimal import Decimal

import pytest
from support.study_folder import RESEARCH, StudyFolder, charge

from rdcredit.pipeline import compute_study, determined_study


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """March was billed lower than it cost; the bill is read once for all tests."""
    study = StudyFolder(
        bill=[
            charge("900.00", "2025-03", RESEARCH, EffectiveCost="1000.00"),
            charge("70.00", "2025-06", RESEARCH),
            charge("30.00", "2025-12", RESEARCH),
        ]
    )
    return study.write(tmp_path_factory.mktemp("method") / "study")


@pytest.fixture
def under(folder):
    """The bill's dollars by month and bucket, and the tie-outs, under a method of accounting."""

    def determined(method, payments=""):
        study = StudyFolder(bill=[charge("1000.00")])
        study.edits = [('accounting_method = "accrual"', f'accounting_method = "{method}"')]
        study.of_input["bill"] = payments
        (folder / "study.toml").write_text(study.settings(), encoding="utf-8")
        found = determined_study(folder)
        dollars = defaultdict(Decimal)
        for part in found.parts:
            if part.source == "bill":
                dollars[part.period, str(part.determination.bucket)] += part.amount
        return dollars, {t.label: t for t in compute_study(found).tie_outs}

    return determined


def test_accrual_counts_the_effective_cost_of_what_was_used(under):
    dollars, ties = under("accrual")
    assert dollars == {
        ("2025-03", "qualified:sparse-decoder"): Decimal(1000),
        ("2025-06", "qualified:sparse-decoder"): Decimal(70),
        ("2025-12", "qualified:sparse-decoder"): Decimal(30),
    }
    assert ties["bill: dollars in buckets"].stated == ties["bill: dollars in buckets"].read == 1100
    assert ties["bill billed"].stated == ties["bill billed"].read == 1000  # the invoice shows what was billed


def test_cash_counts_the_billed_cost_of_months_paid_in_the_year(under):
    payments = 'payments = [{ month = "2025-03", paid = 2025-04-08 }, { month = "2025-12", paid = 2026-01-08 }]'
    dollars, ties = under("cash", payments)
    assert dollars == {
        ("2025-03", "qualified:sparse-decoder"): Decimal(900),
        ("2025-06", "held:when was it paid"): Decimal(70),  # nobody said
        ("2025-12", "excluded:paid in another year"): Decimal(30),
    }
    assert ties["bill: dollars in buckets"].stated == ties["bill: dollars in buckets"].read == 1000
