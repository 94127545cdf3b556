"""Real FOCUS exports, where they are at hand; they are no part of the project."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

REALDATA = Path(__file__).parents[2].parent / "shared" / "realdata"
YEAR = (date(2024, 1, 1), date(2024, 12, 31))

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not REALDATA.is_dir(), reason="no real exports beside the repository"),
]


def test_the_public_sample_of_a_thousand_rows_is_read_to_the_last_digit(roll):
    path = REALDATA / "focus-sample-1.0" / "focus_sample.csv"
    rolled = roll(path, year=YEAR)
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert rolled.format == "FOCUS 1.0"
    assert sum(rolled.groups["rows"].to_pylist()) == len(rows) == rolled.files[0].records_counted
    for name, column in (("billed", "BilledCost"), ("effective", "EffectiveCost")):
        assert sum(rolled.groups[name].to_pylist()) == sum(Decimal(row[column]) for row in rows)
    assert sum(rolled.groups["billed"].to_pylist()) == Decimal("20.52022672899")
    assert sum(rolled.groups["effective"].to_pylist()) == Decimal("14.97651418586")
    assert (rolled.held, rolled.problems) == ((), ())


def test_examples_of_the_specification_lose_no_row(roll, refusal):
    folder = REALDATA / "focus-spec-examples"
    whole = folder / "saas_examples__spend_agreements__saas_spend_agreements_b2.csv"
    rolled = roll(whole, year=YEAR)
    assert sum(rolled.groups["rows"].to_pylist()) + len(rolled.held) == rolled.files[0].records_counted == 14
    assert {held.column for held in rolled.held} == {"ChargePeriodStart"}, "years of two digits are held"
    partial = folder / "commitment_discount_scenarios__commitment_discount_usage_scenario_1.csv"
    assert {p.code for p in refusal(partial)} == {"E117"}
