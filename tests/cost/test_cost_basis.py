from datetime import date
from decimal import Decimal

import pytest
from support.bills import bill, group, study

from rdcredit.cost.basis import Span, Timing, bridge, charges_of, settings_of
from rdcredit.errors import Refused


def charges(*groups, **settings):
    return charges_of(bill(*groups), study(**settings))


def paid(month, day):
    return [{"role": "bill", "path": "inputs/bill.csv", "id": "cloud", "payments": [{"month": month, "paid": day}]}]


def test_accrual_counts_the_effective_column_and_cash_the_billed_one():
    row = group(billed="0", effective="7.5")
    assert charges(row)[0].amount == Decimal("7.5")
    assert charges(row, method="cash")[0].amount == Decimal(0)


@pytest.mark.parametrize(
    ("position", "timing"),
    [("in", Timing.COUNTS), ("before", Timing.USED_IN_ANOTHER_YEAR), ("after", Timing.USED_IN_ANOTHER_YEAR)],
)
def test_on_the_accrual_method_the_day_of_use_decides_the_year(position, timing):
    assert charges(group(year_position=position))[0].timing is timing


def test_december_used_and_paid_in_january_is_next_years_for_a_cash_taxpayer():
    [charge] = charges(group(period="2025-12"), method="cash", inputs=paid("2025-12", "2026-01-08"))
    assert charge.timing is Timing.PAID_IN_ANOTHER_YEAR
    assert charge.paid == date(2026, 1, 8)


def test_last_december_paid_this_january_counts_for_a_cash_taxpayer():
    row = group(period="2024-12", year_position="before")
    assert charges(row, method="cash", inputs=paid("2024-12", "2025-01-31"))[0].timing is Timing.COUNTS


def test_a_month_without_a_payment_date_is_never_assumed_paid():
    [charge] = charges(group(period="2025-05"), method="cash", inputs=paid("2025-06", "2025-07-01"))
    assert charge.timing is Timing.NO_PAYMENT_DATE


def test_paid_this_year_and_used_next_year_is_a_question_of_its_own():
    row = group(period="2026-01", billing_month="2025-12", year_position="after")
    assert charges(row, method="cash", inputs=paid("2025-12", "2025-12-20"))[0].timing is Timing.PAID_BEFORE_USE


def test_payment_dates_on_both_sides_of_the_year_end_are_refused():
    inputs = paid("2025-12", "2025-12-30")
    inputs[0]["payments"].append({"month": "2025-12", "paid": "2026-01-02"})
    with pytest.raises(Refused) as refused:
        charges(group(period="2025-12"), method="cash", inputs=inputs)
    assert [p.code for p in refused.value.problems] == ["E505"]


@pytest.mark.parametrize(("method", "lacking"), [("accrual", "effective"), ("cash", "billed")])
def test_an_export_without_the_methods_column_is_refused_and_the_month_named(method, lacking):
    with pytest.raises(Refused) as refused:
        charges(group(period="2025-07", **{lacking: "absent"}), group(period="2025-08"), method=method)
    [problem] = refused.value.problems
    assert problem.code == "E236"
    assert "2025-07" in problem.what
    assert "2025-08" not in problem.what


def test_the_column_the_method_does_not_count_may_be_missing():
    assert charges(group("3", billed="absent"))[0].billed is None


@pytest.mark.parametrize(
    ("spans_to", "span"),
    [("", Span.MONTH), ("2025-06", Span.WITHIN), ("2026-01", Span.WITHIN), ("2026-02", Span.BEYOND)],
)
def test_a_charge_through_december_stays_in_the_calendar_year(spans_to, span):
    assert charges(group(spans_to=spans_to))[0].span is span


def test_a_whole_december_reaches_beyond_a_year_that_ends_inside_it():
    tax_years = [{"begin": "2024-12-29", "end": "2025-12-27", "fifty_two_week": True}]
    assert charges(group(spans_to="2026-01"), tax_years=tax_years)[0].span is Span.BEYOND
    assert charges(group(spans_to="2025-12"), tax_years=tax_years)[0].span is Span.WITHIN


def test_the_bridge_shows_both_columns_by_month():
    lines = bridge(
        charges(
            group(period="2025-01", billed="1200", effective="0"),
            group(period="2025-01", billed="0", effective="100"),
            group(period="2025-02", billed="0", effective="100"),
        )
    )
    assert [(line.period, line.billed, line.effective, line.difference) for line in lines] == [
        ("2025-01", Decimal(1200), Decimal(100), Decimal(-1100)),
        ("2025-02", Decimal(0), Decimal(100), Decimal(100)),
    ]


def test_the_bridge_has_no_difference_where_one_column_is_missing():
    [line] = bridge(charges(group("5", billed="absent")))
    assert (line.billed, line.difference) == (None, None)


def test_charges_come_in_the_order_of_the_key_whatever_the_order_of_the_rows():
    rows = [group("1", account="b"), group("2", account="a"), group("3", period="2025-01")]
    assert charges(*rows) == charges(*reversed(rows))


def test_settings_are_found_by_id_else_by_path_and_never_guessed_among_several():
    two = [{"role": "bill", "path": "inputs/a/"}, {"role": "bill", "path": "inputs/b.csv", "id": "b"}]
    assert settings_of(bill(group(), input_id="b"), study(inputs=two)).path == "inputs/b.csv"
    assert settings_of(bill(group(), input_id="inputs/a"), study(inputs=two)).path == "inputs/a/"
    assert settings_of(bill(group(), input_id="other"), study(inputs=two)) is None
