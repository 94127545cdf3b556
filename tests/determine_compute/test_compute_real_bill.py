"""A published sample of real, anonymised bills of three providers, rolled up by a plain loop."""

import csv
import json
from decimal import Decimal

import pytest
from support.bills import bill, group, study
from support.heard import buckets

from rdcredit.determine.compute import examine_bill
from rdcredit.ingest.records import BILL_KEYS
from rdcredit.ledger.exact import exact_sum

COLUMNS = {
    "provider": "ProviderName",
    "publisher": "PublisherName",
    "issuer": "InvoiceIssuerName",
    "account": "SubAccountId",
    "service_family": "ServiceCategory",
    "service": "ServiceName",
    "usage_type": "ChargeDescription",
    "region": "RegionId",
    "charge_category": "ChargeCategory",
    "charge_class": "ChargeClass",
    "charge_frequency": "ChargeFrequency",
    "pricing_category": "PricingCategory",
    "commitment_id": "CommitmentDiscountId",
    "commitment_status": "CommitmentDiscountStatus",
    "currency": "BillingCurrency",
}


def text(value):
    return "" if value == "NULL" else value


def rolled_up(path):
    groups = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            key = {name: text(row[column]) for name, column in COLUMNS.items()}
            key |= {
                "period": row["ChargePeriodStart"][:7],
                "billing_month": row["BillingPeriodStart"][:7],
                "tags": text(row["Tags"]) or "{}",
            }
            billed, effective = Decimal(row["BilledCost"]), Decimal(row["EffectiveCost"])
            place = tuple(key.get(name, "") for name in BILL_KEYS)
            made = groups.setdefault(place, key | {"billed": Decimal(0), "effective": Decimal(0), "rows": 0})
            made["billed"] += billed
            made["effective"] += effective
            made["rows"] += 1
    return bill(*(group("0", **(g | {"tags": json.loads(g["tags"])})) for g in groups.values()))


@pytest.fixture(scope="module")
def sample(realdata):
    return rolled_up(realdata / "focus-sample-1.0" / "focus_sample.csv")


def settings_of(method):
    inputs = [
        {
            "role": "bill",
            "path": "inputs/bill.csv",
            "id": "cloud",
            "payments": [{"month": "2024-09", "paid": "2024-10-03"}],
        }
    ]
    components = [
        {
            "id": "lens",
            "name": "Matrix engine",
            "kind": "software",
            "use": "not internal",
            "funded": False,
            "meets_80_percent": "yes",
            "meets_80_percent_source": "time records",
            "select": [{"application": "BrightPathMatrix"}],
        }
    ]
    return study(method=method, inputs=inputs, components=components, year=2024)


def examined(sample, method):
    return examine_bill(sample, settings_of(method), {"lens": 1})


@pytest.mark.realdata
@pytest.mark.parametrize(("method", "column"), [("accrual", "effective"), ("cash", "billed")])
def test_every_dollar_of_a_real_bill_ends_in_a_bucket_and_ties_exactly(sample, method, column):
    result = examined(sample, method)
    total = exact_sum(sample.groups[column])
    assert exact_sum(p.amount for p in result.parts) == total
    assert sum(buckets(result.parts).values()) == total
    assert {t.rows for t in result.stages} == {1000}
    assert all(p.determination.bucket.name for p in result.parts)


@pytest.mark.realdata
def test_a_real_bills_subsidiaries_are_not_third_parties_and_its_marketplace_product_is(sample):
    excluded = [p for p in examined(sample, "accrual").parts if "third-party" in p.determination.bucket.name]
    assert {dict(p.ref.key)["publisher"] for p in excluded} == {"Red Hat Inc."}


@pytest.mark.realdata
def test_a_real_promotional_credit_and_negative_usage_reduce_what_they_offset(sample):
    spread = {p.note for p in examined(sample, "accrual").parts if p.note}
    assert any(note.startswith("credit spread by") for note in spread)
    assert any(note.startswith("negative usage spread by same workload") for note in spread)
    assert not [p for p in examined(sample, "accrual").parts if p.amount < 0 and not p.note]


@pytest.mark.realdata
def test_development_of_a_real_component_counts_net_of_the_credit_and_production_does_not(sample):
    found = buckets(examined(sample, "cash").parts)
    assert found["qualified:lens"] > 0
    assert found["excluded:after commercial production"] > 0
