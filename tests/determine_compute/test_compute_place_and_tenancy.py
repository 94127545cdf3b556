from decimal import Decimal
from fractions import Fraction

import pytest
from support.bills import RESEARCH, bill, credit, group, study
from support.heard import bucket, buckets, determined, parts_of

from rdcredit.determine.compute import determine_bill

AI = "AI and Machine Learning"
SHARES = {"sparse-decoder": Fraction(1, 2)}


def usage(**key):
    return group(**({"tags": RESEARCH} | key))


def tenancy(stated):
    return [{"role": "bill", "path": "inputs/bill.csv", "id": "cloud", "tenancy": stated}]


def test_the_researchers_place_decides_and_not_the_servers():
    # Poland on a US region: foreign. Texas on an EU region: a question. Puerto Rico: the United States.
    assert bucket(usage(region="us-east-1"), us_share={"sparse-decoder": Fraction(0)}) == "excluded:foreign research"
    assert bucket(usage(region="eu-west-1")) == "held:place: people in the United States, region outside it"
    assert bucket(usage(region="us-east-1")) == "qualified:sparse-decoder"


def test_people_in_both_places_divide_the_dollars_by_their_time():
    parts = parts_of(usage(amount="80000"), us_share=SHARES)
    assert buckets(parts) == {"excluded:foreign research": Decimal(40000), "qualified:sparse-decoder": Decimal(40000)}


def test_a_divided_amount_is_whole_again_to_the_last_decimal():
    parts = parts_of(usage(amount="0.000000000100"), us_share={"sparse-decoder": Fraction(1, 3)})
    assert sorted(p.amount for p in parts) == [Decimal("3.3E-11"), Decimal("6.7E-11")]


def test_the_credit_of_divided_usage_is_divided_too():
    parts = parts_of(usage(amount="100"), credit("-10"), us_share=SHARES)
    assert buckets(parts) == {"excluded:foreign research": Decimal(45), "qualified:sparse-decoder": Decimal(45)}


@pytest.mark.parametrize("us_share", [{}, {"sparse-decoder": None}])
def test_nobody_recorded_is_a_question(us_share):
    assert bucket(usage(), us_share=us_share) == "held:place: who ran the work, and where"


@pytest.mark.parametrize(
    "region", ["", "global", "us-gov-west-1", "eastus2", "US West (Oregon)", "us-ashburn-1", "us-central1"]
)
def test_a_region_at_home_or_none_at_all_asks_nothing(region):
    assert bucket(usage(region=region)) == "qualified:sparse-decoder"


@pytest.mark.parametrize("region", ["northeurope", "ap-south-1", "europe-west4", "moon-base-1"])
def test_a_region_abroad_or_unrecognised_asks_and_does_not_exclude(region):
    assert determined(usage(region=region)).counts_in == "potential"


def test_dollars_excluded_for_another_reason_are_not_divided_by_place():
    [part] = parts_of(usage(charge_category="Tax"), us_share=SHARES)
    assert str(part.determination.bucket) == "excluded:tax on the bill"


def test_a_share_outside_zero_to_one_is_refused():
    with pytest.raises(ValueError):
        parts_of(usage(), us_share={"sparse-decoder": Fraction(3, 2)})


@pytest.mark.parametrize(
    ("usage_type", "expected"),
    [
        ("USW2-DedicatedUsage:p4d.24xlarge", "held:tenancy: dedicated host"),
        ("HostUsage:m5", "held:tenancy: dedicated host"),
        ("BoxUsage:i3.metal", "held:tenancy: bare metal"),
        ("BM.GPU.H100.8", "held:tenancy: bare metal"),
        ("USE1-HyperPod:ml.p5", "held:tenancy: exclusive cluster"),
        ("USW2-BoxUsage:p5.48xlarge", "qualified:sparse-decoder"),
        ("APS3-SpotUsage:g5.xlarge", "qualified:sparse-decoder"),
    ],
)
def test_exposed_tenancy_is_held_and_shared_hosts_are_not(usage_type, expected):
    assert bucket(usage(usage_type=usage_type)) == expected


def test_a_reserved_price_on_shared_hosts_is_a_price_and_not_a_tenancy():
    row = usage(pricing_category="Committed", commitment_id="ri-1", commitment_status="Used")
    assert bucket(row) == "qualified:sparse-decoder"


def test_a_provider_nobody_knows_is_unknown_and_potential_only():
    made = determined(usage(provider="Northwind GPU", publisher="Northwind GPU", issuer="Northwind GPU"))
    assert (str(made.bucket), made.counts_in) == ("held:tenancy: unknown", "potential")


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("shared", "qualified:sparse-decoder"),
        ("reserved shared", "qualified:sparse-decoder"),
        ("exclusive cluster", "held:tenancy: exclusive cluster"),
        ("bare metal", "held:tenancy: bare metal"),
        ("owned", "excluded:owned hardware"),
    ],
)
def test_the_tenancy_set_for_an_input_stands_where_the_bill_shows_none(stated, expected):
    for row in (usage(), usage(provider="Northwind GPU", publisher="Northwind GPU", issuer="")):
        assert bucket(row, inputs=tenancy(stated)) == expected


@pytest.mark.parametrize(
    ("usage_type", "shown"),
    [
        ("BoxUsage:i3.metal", "bare metal"),
        ("DedicatedUsage:p4d", "dedicated host"),
        ("Standard_E104i_v5", "dedicated host"),
    ],
)
def test_what_the_bill_shows_goes_before_the_tenancy_set_for_its_input(usage_type, shown):
    assert bucket(usage(usage_type=usage_type), inputs=tenancy("shared")) == f"held:tenancy: {shown}"


def test_a_bill_in_another_currency_is_held_and_enters_no_view():
    made = determined(usage(currency="EUR"))
    assert (str(made.bucket), made.counts_in) == ("held:amount in another currency than dollars", None)


def test_a_licence_billed_among_computers_is_not_the_use_of_one():
    row = usage(usage_type="Licensing Fee for Windows Server 2022 (CPU cost)")
    assert bucket(row) == "excluded:software licence"
    held = usage(usage_type="Commitment v1: A2 Cpu in Iowa for 1 Year")
    assert bucket(held) == "held:commitment fee among usage rows"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ({"service_family": "Storage", "service": "Amazon S3"}, "held:right to use computers: storage"),
        ({"usage_type": "EBS:VolumeUsage.gp3"}, "held:right to use computers: storage"),
        ({"usage_type": "USW2-DataTransfer-Out-Bytes"}, "held:right to use computers: network"),
        ({"service_family": "Databases", "service": "Amazon RDS"}, "held:right to use computers: database"),
        ({"service_family": "Analytics", "service": "Amazon Athena"}, "held:right to use computers: Analytics"),
        ({"service_family": AI, "service": "Amazon Textract"}, "held:right to use computers: API calls"),
        ({"service_family": AI, "service": "Amazon Lex"}, f"held:right to use computers: {AI}"),
        ({"service_family": AI, "service": "Amazon SageMaker"}, "qualified:sparse-decoder"),
        ({"service_family": AI, "service": "Azure Machine Learning"}, "qualified:sparse-decoder"),
        ({"service_family": "Business Applications", "service": "Chat"}, "excluded:software subscription"),
        ({"service_family": "Other", "service": "Amazon Registrar"}, "excluded:not the use of a computer"),
    ],
)  # fmt: skip
def test_which_services_are_computers(key, expected):
    assert bucket(usage(**key)) == expected


def test_of_several_questions_the_bucket_names_the_first_and_lists_the_rest():
    row = group(
        service_family="Storage", provider="Northwind GPU", publisher="", issuer="", tags={"project": "unlisted"}
    )
    made = determined(row)
    assert str(made.bucket) == "held:which component does this belong to"
    assert made.questions == (
        "which component does this belong to",
        "right to use computers: storage",
        "tenancy: unknown",
        "place: who ran the work, and where",
        "is the work qualified research",
    )


def test_an_exclusion_at_any_gate_wins_over_a_question_at_another():
    row = usage(provider="Northwind GPU", publisher="", issuer="", year_position="before")
    assert bucket(row) == "excluded:used in another year"


def test_two_methods_two_columns_one_total_each():
    rows = bill(usage(billed="0", effective="10"), usage(account="b", billed="120", effective="0"))
    accrual = determine_bill(rows, study(), SHARES)
    cash = determine_bill(rows, study(method="cash"), SHARES)
    assert sum(p.amount for p in accrual) == 10
    assert sum(p.amount for p in cash) == 120
