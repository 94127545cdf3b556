"""Worked cases of the wage and contract rules."""

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from people_builders import box_1, buckets, component, hours, make_study, pay, payment, person, terms

from rdcredit.determine.contracts import determine_contracts
from rdcredit.determine.wages import determine_wages
from rdcredit.ingest.records import PeopleInputs
from rdcredit.ledger.records import BucketKind, View
from rdcredit.money import decimal_text

CASES = tomllib.loads((Path(__file__).parent / "data" / "cases.toml").read_text())
PROJECTS = [
    {"name": "sales", "activity": "marketing_sales"},
    {"name": "brand", "activity": "marketing_sales"},
    {"name": "leave", "activity": "leave"},
]


@pytest.mark.parametrize("case", CASES["wages"], ids=lambda c: c["id"])
def test_wages(case):
    begin, end = case["tax_year"]
    rows = [
        pay(p["taxable"], on=p["on"], **{k: Decimal(p[k]) for k in ("gross", "pretax") if k in p}) for p in case["pay"]
    ]
    rows += [box_1(amount, year=int(year)) for year, amount in case.get("box_1", {}).items()]
    time = [hours(t["hours"], t["project"], t.get("begin", begin), t.get("end", end)) for t in case["time"]]
    study = make_study(begin=begin, end=end, projects=PROJECTS)
    made = determine_wages(PeopleInputs(pay=tuple(rows), people=(person(),), time=tuple(time)), study)
    (row,) = made.rows
    assert row.wages == Decimal(case["wages"])
    assert row.qualified_wages(View.SUPPORTED) == Decimal(case["qualified"])
    assert row.qualified_share(View.SUPPORTED) == Fraction(case["share"])
    assert sum(p.amount for p in made.parts) == sum(r.taxable for r in rows)
    assert not made.problems


@pytest.mark.parametrize("case", CASES["contracts"], ids=lambda c: c["id"])
def test_contracts(case):
    share = Decimal(case["success_contingent_share"]) if "success_contingent_share" in case else None
    named = dict.fromkeys((p["contract"], p["vendor"]) for p in case["payments"])
    contracts = tuple(terms(contract, vendor, success_contingent_share=share) for contract, vendor in named)
    payments = tuple(
        payment(**{"begin": "2025-06-02", "end": "2025-06-27", "paid": "2025-07-10"} | p) for p in case["payments"]
    )
    began = case.get("trade_or_business_began", "2020-01-01")
    begin, end = case.get("tax_year", ("2025-01-01", "2025-12-31"))
    study = make_study(
        begin=begin, end=end, method=case["method"], taxpayer={"trade_or_business_began": began}, projects=PROJECTS
    )
    made = determine_contracts(PeopleInputs(contracts=contracts, payments=payments), study)
    assert buckets(made.parts) == case["buckets"]
    qualified = sum(p.amount for p in made.parts if p.determination.bucket.kind == BucketKind.QUALIFIED)
    assert decimal_text(Fraction(qualified) * 65 / 100, 2) == case["qre_at_65_percent"]


def test_in_house_wages_before_the_trade_or_business_still_count():
    study = make_study([component()], taxpayer={"trade_or_business_began": "2025-07-01"})
    rows = (pay("150000", on="2025-03-31"),)
    made = determine_wages(PeopleInputs(pay=rows, people=(person(),), time=(hours("100"),)), study)
    assert buckets(made.parts) == {"qualified:atlas": "150,000.00"}
