from decimal import Decimal
from fractions import Fraction

import pytest
from support.bills import RESEARCH, bill, credit, group, study
from support.heard import bucket, buckets, determined, examined, parts_of

from rdcredit.determine.compute import determine_bill


def usage(**key):
    return group(**({"tags": RESEARCH} | key))


def paid(**months):
    stated = [{"month": month.replace("_", "-"), "paid": day} for month, day in months.items()]
    return [{"role": "bill", "path": "inputs/bill.csv", "id": "cloud", "payments": stated}]


def test_usage_of_an_experiment_on_shared_hosts_by_people_at_home_qualifies():
    determination = determined(usage())
    assert str(determination.bucket) == "qualified:sparse-decoder"
    assert determination.counts_in == "supported"
    assert determination.rule == "activity.experimentation.architecture-experiment"
    assert "IRC 41(d)(1)(C)" in determination.authority


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ({"charge_category": "Tax"}, "excluded:tax on the bill"),
        ({"service": "AWS Support (Business)"}, "excluded:support plan"),
        ({"service": "AWSSupportEnterprise"}, "excluded:support plan"),
        ({"publisher": "Red Hat Inc."}, "excluded:marketplace or third-party product"),
        ({"year_position": "after"}, "excluded:used in another year"),
        ({"commitment_id": "ri-1", "commitment_status": "Unused"}, "held:idle or unused capacity"),
        ({"usage_type": "USW2-UnusedBox:p5.48xlarge"}, "held:idle or unused capacity"),
        ({"spans_to": "2026-03"}, "held:charge reaches into another year"),
        ({"charge_category": "Adjustment"}, "held:adjustment: what does it correct"),
        ({"charge_category": "Credit"}, "held:reversal of a credit: which usage does it concern"),
        ({"charge_category": "Levy"}, "held:what kind of charge is this"),
    ],
)
def test_charges_that_are_not_usage_of_the_year_are_set_aside_by_name(key, expected):
    assert bucket(usage(**key)) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ({"commitment_id": "ri-1"}, "held:commitment purchase: how much of it was used"),
        ({"spans_to": "2025-12", "charge_frequency": "One-Time"}, "held:prepayment: which months does it pay for"),
        ({"charge_frequency": "One-Time"}, "held:purchase: what was bought"),
        (
            {"charge_frequency": "One-Time", "usage_type": "Credit Pack 500"},
            "held:prepaid credits: when were they used",
        ),
        ({"charge_frequency": "Recurring"}, "qualified:sparse-decoder"),
    ],
)
def test_a_purchase_counts_only_where_its_month_of_use_is_plain(key, expected):
    assert bucket(usage(charge_category="Purchase", **key)) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ({"commitment_id": "ri-1"}, "excluded:commitment purchase, counted as it is used"),
        ({}, "excluded:prepayment, counted as it is used"),
    ],
)
def test_on_the_accrual_method_a_purchase_without_effective_cost_counts_through_its_use(key, expected):
    row = usage(charge_category="Purchase", charge_frequency="One-Time", billed="36000", effective="0", **key)
    assert bucket(row) == expected


@pytest.mark.parametrize(
    "issuer", ["Amazon Web Services EMEA SARL", "Amazon Web Services Canada, Inc.", "Amazon Web Services, Inc."]
)
def test_a_subsidiary_of_the_provider_is_not_a_third_party(issuer):
    assert bucket(usage(publisher=issuer, issuer=issuer)).startswith("qualified:")


def test_a_reseller_that_only_invoices_the_providers_computers_is_not_a_third_party():
    assert bucket(usage(issuer="Cloud Resale GmbH")).startswith("qualified:")


def test_an_unknown_provider_that_publishes_itself_is_not_a_third_party():
    row = usage(provider="Northwind GPU", publisher="Northwind GPU, Inc.", issuer="Northwind GPU LLC")
    assert bucket(row) == "held:tenancy: unknown"


def test_a_model_api_is_held_by_name_even_when_sold_through_the_marketplace():
    row = usage(
        service="Foundation Model (Amazon Bedrock Edition)", publisher="A Model Company", service_family="Other"
    )
    assert bucket(row) == "held:third-party model API: Foundation Model (Amazon Bedrock Edition)"
    assert determined(row).counts_in == "potential"


def test_cash_paid_in_the_year_counts_and_the_usage_day_plays_no_role():
    row = usage(period="2024-12", year_position="before")
    assert bucket(row, method="cash", inputs=paid(**{"2024_12": "2025-01-09"})) == "qualified:sparse-decoder"


def test_cash_paid_next_year_is_another_years():
    row = usage(period="2025-12")
    made = determined(row, method="cash", inputs=paid(**{"2025_12": "2026-01-09"}))
    assert str(made.bucket) == "excluded:paid in another year"
    assert "2026-01-09" in made.why


def test_cash_without_a_payment_date_asks_when_it_was_paid():
    assert bucket(usage(), method="cash") == "held:when was it paid"


def test_cash_paid_this_year_and_used_next_year_is_potential_only():
    row = usage(period="2026-01", billing_month="2025-12", year_position="after")
    made = determined(row, method="cash", inputs=paid(**{"2025_12": "2025-12-09"}))
    assert (str(made.bucket), made.counts_in) == ("held:prepaid and used in another year", "potential")


def test_promotional_credits_are_no_cost():
    # 60 % of usage at 500,000 list is research; 200,000 of free credit leaves 300,000 paid.
    parts = parts_of(usage(amount="300000"), group("200000", tags={"project": "site"}), credit("-200000"))
    assert buckets(parts)["qualified:sparse-decoder"] == Decimal(180000)


def test_a_credit_that_cancels_all_usage_leaves_no_qualified_dollar():
    parts = parts_of(usage(amount="60"), usage(amount="40", usage_type="b"), credit("-100"))
    assert buckets(parts) == {"qualified:sparse-decoder": Decimal(0)}


def test_every_piece_of_a_credit_says_how_it_was_spread():
    parts = parts_of(usage(amount="60"), credit("-6", account="payer", service="Credits"))
    [piece] = [p for p in parts if p.amount < 0]
    assert piece.note == "credit spread by same payer in the month"
    assert piece.ref.total == Decimal(-6)
    assert piece.determination == next(p for p in parts if p.amount > 0).determination


def test_a_bill_of_credits_only_is_held_and_not_lost():
    assert bucket(credit("-60")) == "held:which component does this belong to"
    assert "credit: which usage did it reduce" in determined(credit("-60")).questions


def test_corrections_of_closed_months_are_shown_with_their_dollars():
    findings = {f.code: f for f in examined(usage(), group("-3", charge_class="Correction", tags=RESEARCH)).findings}
    assert findings["compute.corrections"].dollars == Decimal(-3)


def repeated(count, amount, **study_keys):
    """A group of five rows, of which some repeat others in every column."""
    made = bill(group("100", rows=5, tags=RESEARCH))
    made.groups["identical_rows"] = count
    for column in ("identical_billed", "identical_effective"):
        made.groups[column] = [Decimal(amount)]
    found = determine_bill(made, study(**study_keys), {"sparse-decoder": Fraction(1)})
    return {str(p.determination.bucket): (p.amount, p.ref.count) for p in found}


def test_rows_that_repeat_others_are_held_until_somebody_says_they_are_separate():
    asked = "held:identical rows: separate charges or exported twice"
    assert repeated(2, "40") == {"qualified:sparse-decoder": (60, 3), asked: (40, 2)}
    accepted = [{"input": "cloud", "by": "A. Controller", "date": "2026-01-15"}]
    assert repeated(2, "40", identical_rows=accepted) == {"qualified:sparse-decoder": (100, 5)}
