from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.bills import bill, credit, group, study

from rdcredit.cost.allocation import Rung, spread_negatives
from rdcredit.cost.basis import charges_of
from rdcredit.ledger.exact import exact_sum


def spread(*groups, workload=lambda charge: "", **settings):
    charges = charges_of(bill(*groups), study(**settings))
    return charges, spread_negatives(charges, [workload(c) for c in charges], "cloud")


def reduced(charges, result, field="usage_type"):
    """What each target lost, by one column of its key."""
    lost = {}
    for piece in result.pieces:
        name = charges[piece.target].key[field]
        lost[name] = lost.get(name, Decimal(0)) + piece.amount
    return lost


def rungs(result):
    return {piece.rung for piece in result.pieces}


def test_an_untagged_credit_lowers_the_price_of_the_usage_it_offset():
    charges, result = spread(
        group("300", usage_type="a", tags={"project": "x"}), group("100", usage_type="b"), credit("-40")
    )
    assert reduced(charges, result) == {"a": Decimal(-30), "b": Decimal(-10)}
    assert rungs(result) == {Rung.SERVICE}


def test_the_closest_relation_goes_first():
    charges, result = spread(group("300", usage_type="a"), group("100", usage_type="b"), credit("-40", usage_type="b"))
    assert reduced(charges, result) == {"b": Decimal(-40)}
    assert rungs(result) == {Rung.USAGE_TYPE}


def test_what_the_closest_relation_cannot_hold_climbs_on():
    charges, result = spread(group("300", usage_type="a"), group("10", usage_type="b"), credit("-40", usage_type="b"))
    assert reduced(charges, result) == {"a": Decimal(-30), "b": Decimal(-10)}


def test_a_credit_with_a_commitment_follows_the_usage_the_commitment_covered():
    charges, result = spread(
        group("50", usage_type="covered", commitment_id="sp-1", commitment_status="Used"),
        group("50", usage_type="idle", commitment_id="sp-1", commitment_status="Unused"),
        group("500", usage_type="other"),
        credit("-20", commitment_id="sp-1", account="payer"),
    )
    assert reduced(charges, result) == {"covered": Decimal(-20)}


@pytest.mark.parametrize(
    ("where", "rung"),
    [
        ({}, Rung.SERVICE),
        ({"service": "Other"}, Rung.ACCOUNT),
        ({"service": "Other", "account": "payer"}, Rung.PAYER_MONTH),
        ({"service": "Other", "account": "payer", "period": "2025-04"}, Rung.PAYER_YEAR),
        ({"service": "Other", "account": "payer", "provider": "Reseller"}, Rung.SOURCE),
    ],
)
def test_the_ladder_widens_from_service_to_source(where, rung):
    _, result = spread(group("100"), credit("-1", **where))
    assert rungs(result) == {rung}


def test_a_credit_that_nothing_ties_to_usage_is_a_finding_with_its_dollars():
    _, result = spread(group("100"), credit("-7", provider="Reseller"))
    [finding] = result.findings
    assert (finding.code, finding.dollars) == ("cost.credit_without_a_home", Decimal(7))


def test_credits_of_this_year_do_not_reduce_another_years_usage_while_this_years_is_left():
    charges, result = spread(
        group("100", period="2024-12", year_position="before", usage_type="old"),
        group("100", period="2025-06", usage_type="new"),
        credit("-30", period="2025-02"),
    )
    assert reduced(charges, result) == {"new": Decimal(-30)}


def test_negative_usage_reduces_its_own_workload_before_anything_else():
    def workload(charge):
        return "atlas" if "atlas" in charge.key["tags"] else "other"

    atlas, other = {"project": "atlas"}, {"project": "other"}
    charges, result = spread(
        group("100", tags=atlas, usage_type="a"),
        group("900", tags=other, usage_type="b"),
        group("-60", tags=atlas, usage_type="b"),
        workload=workload,
    )
    assert reduced(charges, result) == {"a": Decimal(-60)}
    assert rungs(result) == {Rung.WORKLOAD}


def test_an_untagged_credit_is_not_kept_to_untagged_usage():
    charges, result = spread(
        group("100", tags={"project": "x"}, usage_type="tagged"),
        group("100", usage_type="untagged"),
        credit("-100"),
        workload=lambda charge: "x" if "x" in charge.key["tags"] else "",
    )
    assert reduced(charges, result) == {"tagged": Decimal(-50), "untagged": Decimal(-50)}


def test_a_tax_refund_reduces_tax_first_and_usage_only_by_the_rest():
    charges, result = spread(
        group("100", usage_type="machine"),
        group("8", charge_category="Tax", service="", usage_type="tax"),
        group("-10", charge_category="Tax", service="", usage_type="tax refund"),
    )
    assert reduced(charges, result) == {"tax": Decimal(-8), "machine": Decimal(-2)}


def test_a_promotional_credit_does_not_reduce_tax_while_usage_is_left():
    charges, result = spread(
        group("10", usage_type="machine"), group("8", charge_category="Tax", usage_type="tax"), credit("-12")
    )
    assert reduced(charges, result) == {"machine": Decimal(-10), "tax": Decimal(-2)}


def test_a_refund_of_a_purchase_meets_the_purchase():
    charges, result = spread(
        group("100", usage_type="machine"),
        group("40", charge_category="Purchase", service="Support", usage_type="plan"),
        group("-40", charge_category="Purchase", service="Support", usage_type="plan"),
        method="cash",
    )
    assert reduced(charges, result) == {"plan": Decimal(-40)}


def test_currencies_are_never_mixed():
    charges, result = spread(
        group("100", currency="EUR", usage_type="euro"), group("1", usage_type="dollar"), credit("-50", currency="EUR")
    )
    assert reduced(charges, result) == {"euro": Decimal(-50)}


def test_credits_beyond_all_cost_take_usage_below_zero_and_say_so():
    charges, result = spread(group("30", usage_type="a"), group("10", usage_type="b"), credit("-60"))
    assert reduced(charges, result) == {"a": Decimal(-45), "b": Decimal(-15)}
    assert [(f.code, f.dollars) for f in result.findings] == [("cost.credits_exceed_usage", Decimal(20))]


def test_a_bill_of_credits_only_has_nothing_to_reduce():
    _, result = spread(credit("-60"), credit("-1", account="b"))
    assert result.pieces == ()
    assert len(result.homeless) == 2


def test_one_third_of_a_cent_is_not_lost():
    charges, result = spread(
        group("1", usage_type="a"), group("1", usage_type="b"), group("1", usage_type="c"), credit("-0.01")
    )
    assert exact_sum(p.amount for p in result.pieces) == Decimal("-0.01")
    assert min(reduced(charges, result).values()) == Decimal("-0.003333333334")


amounts = st.decimals(min_value="-5000", max_value="5000", places=12, allow_nan=False)


@given(st.lists(st.tuples(amounts, st.sampled_from("ab"), st.sampled_from("xy"), st.booleans()), max_size=12))
def test_every_negative_dollar_is_placed_once_and_nothing_sinks_below_zero_while_cost_is_left(rows):
    groups = [
        group(str(a), account=account, service=service, charge_category="Credit" if a < 0 and is_credit else "Usage")
        for a, account, service, is_credit in rows
    ]
    charges, result = spread(*groups)
    negative = exact_sum(c.amount for c in charges if c.amount < 0)
    positive = exact_sum(c.amount for c in charges if c.amount > 0)
    homeless = exact_sum(charges[i].amount for i in result.homeless)
    assert exact_sum(p.amount for p in result.pieces) + homeless == negative
    assert all(p.amount < 0 for p in result.pieces)
    left = {i: c.amount for i, c in enumerate(charges) if c.amount > 0}
    for piece in result.pieces:
        left[piece.target] += piece.amount
    if positive + negative >= 0:
        assert all(amount >= 0 for amount in left.values())
    assert bool(result.homeless) == (negative < 0 and not left)
