"""The sentence of a line: value, how it came about, why this branch, and the road not taken."""

from datetime import date
from fractions import Fraction

import pytest
from support.graphs import amount, assumed, by_view, costs, leaf, line, unknown

from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import (
    DaysBetween,
    IsOneOf,
    Rounding,
    Unit,
    all_,
    any_,
    floor_at_zero,
    not_,
    smaller_of,
    total,
    when,
)
from rdcredit.figure.sentence import sentence, shown
from rdcredit.figure.view import View


def said(figure, view=View.SUPPORTED):
    return sentence(figure, Evaluation(), view)


def asc(*prior):
    """The branch of the alternative simplified credit, small."""
    years = [amount(p, label=f"QREs of {2024 - i}") for i, p in enumerate(prior)]
    without = line(any_(*(y.equals(0) for y in years)), "Any year had no QREs", unit=Unit.YES_NO)
    special, rate = amount("0.06", "special rate", Unit.RATIO), amount("0.14", "rate", Unit.RATIO)
    qre, over = amount("700000", "total QREs"), amount("294500", "QREs over half of the average")
    return without, line(
        when(without, special * qre, rate * over),
        "Alternative simplified credit",
        cite="IRC 41(c)(4)",
        rounding=Rounding.WHOLE_DOLLARS,
    )


def test_the_sentence_names_the_branch_taken_the_reason_and_the_road_not_taken():
    _, credit = asc("1", "2", "3")
    assert said(credit) == (
        "Alternative simplified credit: 41,230 = 14% x 294,500.00, because “Any year had no QREs” is no "
        "(otherwise 6% x total QREs) [IRC 41(c)(4)]."
    ).replace("294,500.00", "294,500")


def test_the_other_branch_names_the_first_road():
    without, credit = asc("1", "0", "3")
    assert "42,000 = 6% x 700,000" in said(credit)
    assert "(otherwise 14% x QREs over half of the average)" in said(credit)
    assert said(without) == "Any year had no QREs: yes, because QREs of 2023 (0) is 0."


def test_an_any_that_fails_gives_every_reason():
    without, _ = asc("1", "2", "3")
    assert said(without) == (
        "Any year had no QREs: no, because QREs of 2024 (1) is not 0 and QREs of 2023 (2) is not 0 "
        "and QREs of 2022 (3) is not 0."
    )


def test_an_all_that_fails_gives_the_one_reason_that_decides():
    small = line(
        all_(amount("1", "QREs") <= amount("2", "limit"), amount("9", "receipts") <= amount("5", "most")),
        "Small",
        unit=Unit.YES_NO,
    )
    assert said(small) == "Small: no, because receipts (9) is more than 5."


def test_a_settled_any_does_not_mention_what_is_missing():
    open_year = unknown("QREs of 2022")
    settled = line(any_(open_year.equals(0), amount("0", "QREs of 2023").equals(0)), "Any", unit=Unit.YES_NO)
    assert said(settled) == "Any: yes, because QREs of 2023 (0) is 0."


def test_a_missing_line_says_what_has_to_be_found_out():
    figure = line(unknown("the payroll of March") + unknown("the rent"), "Total", cite="IRC 41(b)")
    assert said(figure) == "Total: missing. To be found out: the payroll of March; the rent [IRC 41(b)]."


def test_an_assumption_is_printed_with_the_value_it_carries():
    figure = line(assumed("2", "no overlap with Form 8932") + 1, "Net")
    assert said(figure) == "Net: 3 = 2 + 1 (rests on assumptions: no overlap with Form 8932)."


def test_brackets_keep_the_arithmetic_readable():
    figure = line((amount("5") - amount("2")) * (amount("1") + amount("1")), "Product")
    assert said(figure) == "Product: 6 = (5 - 2) x (1 + 1)."


def test_many_terms_are_counted_not_listed():
    assert said(line(total([amount("1")] * 5), "Sum")) == "Sum: 5 = the sum of 5 amounts."


def test_conditions_in_words():
    chosen = IsOneOf(leaf("asc", "Method claimed"), ("regular",))
    figure = line(when(not_(chosen), amount("1", "asc"), amount("2", "regular")), "Credit")
    assert said(figure) == "Credit: 1, because Method claimed (asc) is not regular (otherwise regular)."


def test_the_sentence_of_a_view_speaks_of_that_view():
    figure = line(by_view("10", "15", None) * 2, "Held")
    assert said(figure, View.SUPPORTED) == "Held: 20 = 10 x 2."
    assert said(figure, View.EXPECTED) == "Held: 30 = 15 x 2."
    assert said(figure, View.POTENTIAL).startswith("Held: missing.")


def test_totals_name_their_table_and_rows_in_the_view():
    spent = costs(("a", "10", "supported"), ("a", "20", "expected"))
    figure = line(spent.total(), "Supplies")
    assert "over 1 rows" in said(figure)
    assert "over 2 rows" in said(figure, View.EXPECTED)


def test_floors_limits_and_days_are_said_in_words():
    assert said(line(floor_at_zero(amount("1") - amount("3")), "Over")) == "Over: 0 = 1 - 3, not less than zero."
    assert said(line(smaller_of(amount("1"), amount("3")), "Base")) == "Base: 1 = the smaller of 1 and 3."
    days = DaysBetween(leaf(date(2025, 1, 1)), leaf(date(2025, 1, 31)))
    assert said(line(days, "Days", unit=Unit.COUNT)) == "Days: 31 = days from 2025-01-01 to 2025-01-31."


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Fraction("0.14"), Unit.RATIO, "14%"),
        (Fraction("0.0385"), Unit.RATIO, "3.85%"),
        (Fraction(1, 3), Unit.RATIO, "33.333333%"),
        (Fraction(0), Unit.RATIO, "0%"),
        (Fraction(1), Unit.RATIO, "100%"),
        (Fraction("1234567.5"), Unit.MONEY, "1,234,567.50"),
        (Fraction(1234567), Unit.MONEY, "1,234,567"),
        (Fraction("-0.001"), Unit.MONEY, "0.00"),
        (Fraction(10), Unit.COUNT, "10"),
        (Fraction(1, 6), Unit.COUNT, "0.166667"),
        (True, Unit.YES_NO, "yes"),
        (date(2025, 1, 31), Unit.DATE, "2025-01-31"),
        ("asc", Unit.CHOICE, "asc"),
    ],
)
def test_values_are_printed_as_the_field_prints_them(value, unit, text):
    assert shown(value, unit) == text
