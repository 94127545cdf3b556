from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.bills import DEVELOPMENT, RESEARCH, bill, credit, group, study

from rdcredit.determine import compute
from rdcredit.determine.compute import determine_bill, examine_bill, explain
from rdcredit.errors import Refused
from rdcredit.ingest.records import BILL_KEYS
from rdcredit.ledger.exact import exact_sum

HOME = {"sparse-decoder": Fraction(2, 3)}
PAID = [{"month": f"2025-{m:02d}", "paid": f"2025-{m:02d}-28"} for m in range(1, 12)]

GROUPS = st.builds(
    lambda amount, **key: group(str(amount), **key),
    st.decimals(min_value="-1000", max_value="90000", places=12, allow_nan=False),
    billed=st.decimals(min_value="-1000", max_value="90000", places=12, allow_nan=False).map(str),
    rows=st.integers(1, 9),
    period=st.sampled_from(["2025-01", "2025-12", "2026-01"]),
    year_position=st.sampled_from(["before", "in", "after"]),
    spans_to=st.sampled_from(["", "2025-12", "2026-06"]),
    account=st.sampled_from(["a", "b"]),
    provider=st.sampled_from(["AWS", "Northwind GPU", "Microsoft"]),
    service=st.sampled_from(["Amazon EC2", "Amazon S3", "AWS Support", "Amazon Bedrock"]),
    service_family=st.sampled_from(["Compute", "Storage", ""]),
    charge_category=st.sampled_from(["Usage", "Purchase", "Tax", "Credit", "Adjustment", "Odd"]),
    charge_frequency=st.sampled_from(["Usage-Based", "Recurring", "One-Time", ""]),
    commitment_id=st.sampled_from(["", "ri-1"]),
    commitment_status=st.sampled_from(["", "Used", "Unused"]),
    currency=st.sampled_from(["USD", "EUR"]),
    tags=st.sampled_from([{}, RESEARCH, DEVELOPMENT, {"project": "shop", "environment": "prod"}, {"owner": "kim"}]),
)


def distinct(rows):
    """One group a key, as a reader hands them on."""
    return list({tuple(r[key] for key in BILL_KEYS): r for r in rows}.values())


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(GROUPS, min_size=1, max_size=8), method=st.sampled_from(["accrual", "cash"]))
def test_every_dollar_of_the_methods_column_ends_in_exactly_one_bucket(rows, method):
    inputs = [{"role": "bill", "path": "inputs/bill.csv", "id": "cloud", "payments": PAID}]
    column = "effective" if method == "accrual" else "billed"
    rows = distinct(rows)
    parts = determine_bill(bill(*rows), study(method=method, inputs=inputs), HOME)
    for currency in ("USD", "EUR"):
        for period in ("2025-01", "2025-12", "2026-01"):
            place = {"currency": currency, "period": period}
            read = exact_sum(r[column] for r in rows if all(r[k] == v for k, v in place.items()))
            kept = exact_sum(p.amount for p in parts if (p.currency, p.period) == (currency, period))
            assert kept == read
    assert sum(p.ref.count for p in {p.ref: p for p in parts}.values()) == sum(r["rows"] for r in rows)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(GROUPS, min_size=1, max_size=6))
def test_the_order_of_the_rows_changes_nothing(rows):
    rows = distinct(rows)
    assert determine_bill(bill(*rows), study(), HOME) == determine_bill(bill(*reversed(rows)), study(), HOME)


def test_a_stage_that_loses_a_cent_publishes_nothing(monkeypatch):
    monkeypatch.setattr(compute, "_split", lambda amount, cases: (amount - Decimal("0.01"),) * len(cases))
    with pytest.raises(Refused) as refused:
        determine_bill(bill(group(tags=RESEARCH)), study(), HOME)
    assert {p.code for p in refused.value.problems} == {"E702"}


def test_every_stage_is_on_record():
    result = examine_bill(bill(group("10", tags=RESEARCH, rows=3), credit("-4")), study(), HOME)
    assert [(t.stage, t.amount, t.rows) for t in result.stages] == [
        (stage, Decimal(6), 4) for stage in ("read", "cost", "allocated", "determined")
    ]


def test_control_totals_of_the_input_come_with_the_bill():
    control = [{"month": "2025-03", "amount": "10.00", "source": "invoice 2025-03"}]
    inputs = [{"role": "bill", "path": "inputs/bill.csv", "id": "cloud", "control": control}]
    [line] = examine_bill(bill(group("10", tags=RESEARCH)), study(inputs=inputs), HOME).controls
    assert line.agrees


def test_an_explanation_holds_every_opinion_the_road_not_taken_and_the_net_dollars():
    rows = bill(group("100", tags=RESEARCH), group("50", tags={"project": "x"}), credit("-30"))
    workload = "111122223333 | Compute | project=sparse-decoder, workload=ablation-7"
    home, abroad = explain(rows, study(), HOME, workload)
    assert (home.amount, abroad.amount) == (Decimal("53.333333333333"), Decimal("26.666666666667"))
    assert str(home.determination.bucket) == "qualified:sparse-decoder"
    assert str(abroad.determination.bucket) == "excluded:foreign research"
    assert {o.gate for o in home.opinions} == {
        "component", "cost", "right to use computers", "tenancy", "place", "activity",
    }  # fmt: skip
    assert home.circumstances["people"] == "united states"
    assert explain(rows, study(), HOME, "no such workload") == ()
