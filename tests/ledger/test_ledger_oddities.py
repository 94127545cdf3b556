from datetime import date
from decimal import Decimal

from support.bills import bill, credit, group

from rdcredit.ledger.oddities import oddities


def found(*groups, begin=date(2025, 1, 1), end=date(2025, 3, 31)):
    return {f.code: f for f in oddities(bill(*groups), "effective", begin, end)}


def months(amounts, **key):
    return [group(amount, period=f"2025-{i:02d}", **key) for i, amount in enumerate(amounts, start=1)]


def test_an_even_bill_without_gaps_raises_nothing():
    rows = [g for i in range(2) for g in months(["100"] * 3, account=f"acct{i}")]
    assert found(*rows) == {}


def test_one_line_above_a_quarter_of_the_bill_is_pointed_out_with_its_dollars():
    finding = found(*months(["100", "100", "100"], account="a"), *months(["100"] * 3), group("700"))[
        "cost.outlier_share"
    ]
    assert finding.dollars == Decimal(700)
    assert "54 %" in finding.why


def test_exactly_a_quarter_is_not():
    assert found(*[group("100", account=str(i)) for i in range(4)], begin=date(2025, 3, 1)) == {}


def test_cents_read_as_dollars_stand_out_against_the_neighbouring_months():
    finding = found(*months(["10", "10", "1000"]))["cost.outlier_ratio"]
    assert finding.dollars == Decimal(1000)
    assert "2025-03" in finding.why
    assert "cost.outlier_ratio" not in found(*months(["10", "10", "999"]))


def test_months_of_the_credit_year_without_a_row_are_named():
    assert "2025-02" in found(group(period="2025-01"), group(period="2025-03"))["cost.missing_months"].why


def test_an_account_missing_in_a_month_others_have_is_named_by_its_last_digits():
    rows = [*months(["100"] * 3, account="999900001111"), *months(["41210", "0"], account="123412345678")]
    why = found(*rows)["cost.missing_account"].why
    assert why == "No rows for account ...5678 in 2025-03; was 0.00 in 2025-02."


def test_an_account_opened_during_the_year_is_not_missing_before():
    rows = [*months(["100"] * 3, account="old"), group("100", period="2025-03", account="new")]
    assert "cost.missing_account" not in found(*rows)


def test_a_bill_of_credits_only_is_no_outlier():
    assert "cost.outlier_share" not in found(credit("-5"))
