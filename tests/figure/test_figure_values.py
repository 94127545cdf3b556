"""What the operations on single values give, and which numbers a graph may hold of its own."""

from datetime import date
from fractions import Fraction

import pytest
from support.graphs import amount, assumed, by_view, leaf, line, unknown, value_of

from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import (
    CONSTANTS,
    AddMonths,
    Constant,
    DaysBetween,
    EndOfPeriod,
    IsOneOf,
    MonthsBetween,
    Round,
    Rounding,
    all_,
    any_,
    floor_at_zero,
    larger_of,
    not_,
    number,
    smaller_of,
    total,
    when,
)
from rdcredit.figure.value import Known, Missing
from rdcredit.figure.view import View

YES, NO, OPEN = leaf(True), leaf(False), unknown("the answer")


def test_arithmetic_is_exact():
    third = amount("1") / amount("3")
    assert value_of(third * amount("3")) == 1
    assert value_of(amount("0.1") + amount("0.2")) == Fraction("0.3")


def test_a_sum_of_nothing_is_zero():
    assert value_of(total([])) == 0


def test_whole_numbers_stand_on_either_side_of_a_sign():
    ten = amount("10")
    assert [value_of(e) for e in (ten + 1, 1 + ten, ten - 2, 2 - ten, ten * 12, ten / 2)] == [11, 11, 8, -8, 120, 5]


def test_smallest_and_largest_take_negative_numbers():
    assert value_of(smaller_of(amount("3"), amount("-4"), 0)) == -4
    assert value_of(larger_of(amount("-3"), amount("-4"))) == -3


@pytest.mark.parametrize(("given", "floored"), [("-0.01", 0), ("0", 0), ("0.01", Fraction("0.01"))])
def test_the_floor_cuts_below_zero_only(given, floored):
    assert value_of(floor_at_zero(amount(given))) == floored


@pytest.mark.parametrize(
    ("left", "right", "less", "at_most", "more", "at_least", "equal"),
    [
        ("0.7999999", "0.8", True, True, False, False, False),
        ("0.8", "0.8", False, True, False, True, True),
        ("0.8000001", "0.8", False, False, True, True, False),
    ],
)
def test_comparisons_at_the_threshold(left, right, less, at_most, more, at_least, equal):
    a, b = amount(left), amount(right)
    assert [value_of(e) for e in (a < b, a <= b, a > b, a >= b, a.equals(b))] == [less, at_most, more, at_least, equal]


def test_equality_of_expressions_stays_identity_and_truth_is_refused():
    a = amount("1")
    assert (a == amount("1")) is False
    with pytest.raises(TypeError, match="no truth of its own"):
        bool(a < 2)
    with pytest.raises(TypeError, match="no truth of its own"):
        assert all_(YES) and any_(YES)  # noqa: PT018 - the `and` is what is refused


@pytest.mark.parametrize("value", [3, 5, 100, -1, 14])
def test_a_number_of_the_law_cannot_be_a_constant(value):
    with pytest.raises(ValueError, match="make it a leaf"):
        Constant(value)
    with pytest.raises(ValueError, match="make it a leaf"):
        _ = amount("1") * value


def test_constants_are_those_of_arithmetic_and_the_calendar():
    assert CONSTANTS == (0, 1, 2, 12, 365)
    assert [value_of(number(c)) for c in CONSTANTS] == list(CONSTANTS)


# -- rounding

HALVES = [
    ("0.49", 0, "0"),
    ("0.50", 0, "1"),
    ("-0.49", 0, "0"),
    ("-0.50", 0, "-1"),
    ("1.5", 0, "2"),
    ("2.5", 0, "3"),
    ("-2.5", 0, "-3"),
    ("2.344999", 2, "2.34"),
    ("2.345", 2, "2.35"),
    ("-2.345", 2, "-2.35"),
    ("2.675", 2, "2.68"),
    ("0.125", 2, "0.13"),
    ("0.03846153846", 4, "0.0385"),
    ("0.00005", 4, "0.0001"),
]


@pytest.mark.parametrize(("given", "places", "wanted"), HALVES)
def test_halves_go_away_from_zero(given, places, wanted):
    rounded = Round(amount(given), leaf(places))
    assert value_of(rounded) == Fraction(wanted)


def test_a_line_rounds_and_what_follows_uses_the_rounded_value():
    shared = line(amount("100001") / 2, rounding=Rounding.WHOLE_DOLLARS)
    assert value_of(shared) == 50001
    assert value_of(line(shared * 2)) == 100002
    assert value_of(line(amount("10.005"), rounding=Rounding.CENTS)) == Fraction("10.01")
    assert value_of(line(amount("10.005"))) == Fraction("10.005")


# -- the calendar


@pytest.mark.parametrize(
    ("first", "last", "days", "months"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), 365, 12),
        (date(2024, 1, 1), date(2024, 12, 31), 366, 12),
        (date(2025, 7, 1), date(2025, 12, 31), 184, 6),
        (date(2025, 3, 31), date(2025, 4, 1), 2, 2),
        (date(2025, 3, 31), date(2025, 3, 31), 1, 1),
    ],
)
def test_days_and_months_count_both_ends_and_a_part_month_is_a_month(first, last, days, months):
    assert value_of(DaysBetween(leaf(first), leaf(last))) == days
    assert value_of(MonthsBetween(leaf(first), leaf(last))) == months


@pytest.mark.parametrize(
    ("day", "months", "later", "end"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29), date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 1, 15), 12, date(2026, 1, 15), date(2026, 1, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 12, 31), 0, date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_months_later_end_with_the_shorter_month(day, months, later, end):
    assert value_of(AddMonths(leaf(day), number(months))) == later
    assert value_of(EndOfPeriod(leaf(day), number(months))) == end


def test_one_of_a_list_of_words():
    assert value_of(IsOneOf(leaf("asc"), ("regular", "asc"))) is True
    assert value_of(IsOneOf(leaf("compare"), ("regular", "asc"))) is False


# -- missing


def test_missing_is_contagious_and_names_everything_that_is_missing_once():
    gap = unknown("the payroll of March")
    found = value_of(gap + amount("1") + unknown("the rent") + gap * 2)
    assert found == Missing(("the payroll of March", "the rent"))


def test_missing_times_zero_is_missing():
    assert isinstance(value_of(unknown() * 0), Missing)


@pytest.mark.parametrize("build", [lambda m: smaller_of(m, 0), lambda m: larger_of(m, 0), floor_at_zero,
                                   lambda m: not_(m > 0), lambda m: m.equals(0), lambda m: Round(m, number(2)),
                                   lambda m: line(m, rounding=Rounding.WHOLE_DOLLARS)])  # fmt: skip
def test_no_operation_turns_missing_into_a_number(build):
    assert value_of(build(unknown("rent"))) == Missing(("rent",))


def test_a_missing_day_is_contagious_too():
    from rdcredit.figure.expression import Unit

    assert value_of(DaysBetween(leaf(date(2025, 1, 1)), unknown("the end", Unit.DATE))) == Missing(("the end",))


def test_a_condition_reads_only_the_branch_taken():
    gap = unknown("the other road")
    assert value_of(when(YES, amount("1"), gap)) == 1
    assert value_of(when(NO, gap, amount("2"))) == 2
    assert value_of(when(YES, gap, amount("2"))) == Missing(("the other road",))


def test_a_missing_condition_takes_no_branch():
    assert value_of(when(OPEN, amount("1"), amount("1"))) == Missing(("the answer",))


ANY = [
    ((YES, NO), True), ((NO, NO), False), ((NO, YES, OPEN), True), ((OPEN, YES), True), ((NO, OPEN), None),
    ((OPEN, OPEN), None), ((), False),
]  # fmt: skip
ALL = [
    ((YES, YES), True), ((YES, NO), False), ((OPEN, NO), False), ((NO, OPEN), False), ((YES, OPEN), None),
    ((OPEN,), None), ((), True),
]  # fmt: skip


@pytest.mark.parametrize(("operands", "wanted"), ANY)
def test_any_is_settled_by_one_known_yes(operands, wanted):
    found = value_of(any_(*operands))
    assert found == Missing(("the answer",)) if wanted is None else found is wanted


@pytest.mark.parametrize(("operands", "wanted"), ALL)
def test_all_is_settled_by_one_known_no(operands, wanted):
    found = value_of(all_(*operands))
    assert found == Missing(("the answer",)) if wanted is None else found is wanted


def test_division_by_zero_is_missing_and_names_the_divisor():
    receipts = amount("0", label="average receipts")
    assert value_of(amount("1") / receipts) == Missing(
        ("a value of average receipts other than zero (nothing can be divided by it)",)
    )
    assert isinstance(value_of(amount("0") / 0), Missing)


# -- assumptions


def test_assumptions_are_contagious_and_listed_once():
    a, b = assumed("1", "no cash bonuses"), assumed("2", "no overlap")
    assert Evaluation().value(a + b * a) == Known(Fraction(3), ("no cash bonuses", "no overlap"))
    assert Evaluation().value(line(a, rounding=Rounding.CENTS)) == Known(Fraction(1), ("no cash bonuses",))


def test_an_assumption_on_the_road_not_taken_does_not_count():
    assert Evaluation().value(when(YES, amount("1"), assumed("2", "no overlap"))) == Known(Fraction(1))


def test_an_assumed_condition_marks_the_result():
    guess = assumed("0", "no QREs in 2022")
    assert Evaluation().value(when(guess.equals(0), amount("1"), amount("2"))).assumed == ("no QREs in 2022",)


def test_a_known_answer_settles_any_without_the_assumption_of_another():
    guess = assumed("0", "no QREs in 2022")
    assert Evaluation().value(any_(guess.equals(0), amount("0").equals(0))) == Known(value=True)
    assert Evaluation().value(any_(guess.equals(0), amount("1").equals(0))) == Known(True, ("no QREs in 2022",))


# -- views


def test_a_leaf_may_differ_from_view_to_view_and_what_rests_on_it_follows():
    held = by_view("10", "15", None)
    doubled = line(held * 2)
    assert [value_of(doubled, v) for v in (View.SUPPORTED, View.EXPECTED)] == [20, 30]
    assert isinstance(value_of(doubled, View.POTENTIAL), Missing)


def test_each_view_contains_the_one_before_it():
    assert [v.counts() for v in View] == [
        (View.SUPPORTED,),
        (View.SUPPORTED, View.EXPECTED),
        (View.SUPPORTED, View.EXPECTED, View.POTENTIAL),
    ]
