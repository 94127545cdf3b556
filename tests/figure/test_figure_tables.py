"""Schedules: totals cumulative by view, counts, lookups, the row above, shares."""

from fractions import Fraction

import pytest
from support.graphs import amount, bands, by_view, costs, leaf, line, schedule, unknown, value_of

from rdcredit.errors import Refused
from rdcredit.figure.apply import UnknownOperation
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import (
    ColumnTotal,
    CountRows,
    LookupBanded,
    LookupExact,
    Row,
    Schedule,
    ShareOfTotal,
    TotalWhere,
    Unit,
    numbers,
    running,
    words,
)
from rdcredit.figure.value import Missing
from rdcredit.figure.view import View

THREE = costs(("a", "10", "supported"), ("b", "20", "expected"), ("a", "40", "potential"), ("a", "80", "supported"))


def in_views(expr):
    return [value_of(expr, v) for v in View]


def test_totals_and_counts_are_cumulative_by_view():
    assert in_views(THREE.total()) == [90, 110, 150]
    assert in_views(THREE.of("a")) == [90, 90, 130]
    assert in_views(THREE.of("b")) == [0, 20, 20]
    assert in_views(THREE.count()) == [2, 3, 4]
    assert in_views(THREE.count("a")) == [2, 2, 3]


def test_an_unknown_key_totals_zero():
    assert value_of(THREE.of("nobody")) == 0


def test_a_missing_cell_counts_only_in_the_views_its_row_counts_in():
    held = costs(("a", "10", "supported"), ("a", None, "potential"))
    assert in_views(held.total())[:2] == [10, 10]
    assert in_views(held.total())[2] == Missing(("amount of row 2",))


def test_a_missing_cell_of_another_key_leaves_a_total_known():
    mixed = costs(("a", "10", "supported"), ("b", None, "supported"))
    assert value_of(mixed.of("a")) == 10
    assert isinstance(value_of(mixed.of("b")), Missing)
    assert isinstance(value_of(mixed.total()), Missing)


def test_a_missing_key_makes_a_keyed_total_and_count_missing():
    keyed = costs(("a", "10", "supported"))
    sought = unknown("which component", Unit.TEXT)
    assert value_of(TotalWhere(keyed.table, keyed.amount, ((keyed.component, sought),))) == Missing(
        ("which component",)
    )
    assert value_of(CountRows(keyed.table, keyed.component, sought)) == Missing(("which component",))


def test_two_keys_must_both_hold():
    component, kind, paid = words("component", "component"), words("kind", "kind"), numbers("paid", "paid")
    table = schedule((component, kind, paid), [("a", "x", "1"), ("a", "y", "2"), ("b", "x", "4")])
    both = TotalWhere(table, paid, ((component, leaf("a")), (kind, leaf("x"))))
    assert value_of(both) == 1


def test_a_row_reads_its_own_cells_and_rounds_its_own_column():
    from rdcredit.figure.expression import Rounding

    paid = numbers("paid", "paid")
    half = numbers("half", "half", paid / 2, rounding=Rounding.CENTS)
    table = schedule((paid, half), [("0.01",), ("0.03",)])
    assert [Evaluation().cell(table, half, i).value for i in (0, 1)] == [Fraction("0.01"), Fraction("0.02")]
    assert value_of(ColumnTotal(table, half)) == Fraction("0.03")


def test_a_line_stands_outside_the_row_it_is_read_in():
    paid = numbers("paid", "paid")
    first = schedule((paid,), [("1",), ("2",)])
    sum_of_all = line(ColumnTotal(first, paid))
    other = numbers("other", "other", paid / sum_of_all)
    table = schedule((paid, other), [("3",)])
    assert Evaluation().cell(table, other, 0).value == 1


def test_an_exact_lookup_takes_the_first_row_and_is_missing_where_there_is_none():
    table = bands(("6", "60"), ("8", "80"), ("8", "81"))
    look = lambda n: LookupExact(amount(n), table.table, table.key, table.result)  # noqa: E731 - short
    assert [value_of(look(n)) for n in ("6", "8")] == [60, 80]
    found = value_of(look("7"))
    assert isinstance(found, Missing)
    assert found.what[0].startswith("an entry for 7 in ")


@pytest.mark.parametrize(("wanted", "result"), [("5.99", None), ("6", 60), ("7.99", 60), ("8", 80), ("9", 80)])
def test_a_banded_lookup_takes_the_last_key_not_above(wanted, result):
    table = bands(("6", "60"), ("8", "80"))
    found = value_of(LookupBanded(amount(wanted), table.table, table.key, table.result))
    assert isinstance(found, Missing) if result is None else found == result


def test_a_lookup_of_or_in_something_missing_is_missing():
    table = bands(("6", "60"), ("8", None))
    assert value_of(LookupExact(unknown("the year"), table.table, table.key, table.result)) == Missing(("the year",))
    assert value_of(LookupExact(amount("8"), table.table, table.key, table.result)) == Missing(("result of row 2",))
    holed = bands(("6", "60"), (None, "80"))
    assert value_of(LookupExact(amount("8"), holed.table, holed.key, holed.result)) == Missing(("key of row 2",))


def test_a_lookup_in_an_empty_table_is_missing():
    table = bands()
    assert isinstance(value_of(LookupBanded(amount("8"), table.table, table.key, table.result)), Missing)


def test_a_running_column_starts_from_its_opening_value():
    paid = numbers("paid", "paid")
    so_far = running("so_far", "so far", amount("100"), lambda above: above + paid)
    table = schedule((paid, so_far), [("10",), ("20",), ("30",)])
    assert [Evaluation().cell(table, so_far, i).value for i in range(3)] == [110, 130, 160]


def test_a_gap_in_a_running_column_reaches_every_row_below_it():
    paid = numbers("paid", "paid")
    so_far = running("so_far", "so far", amount("0"), lambda above: above + paid)
    table = schedule((paid, so_far), [("10",), (None,), ("30",)])
    figures = Evaluation()
    states = [isinstance(figures.cell(table, so_far, i), Missing) for i in range(3)]
    assert states == [False, True, True]


def test_the_last_row_of_a_long_running_column_can_be_asked_first():
    paid = numbers("paid", "paid")
    so_far = running("so_far", "so far", amount("0"), lambda above: above + paid)
    table = schedule((paid, so_far), [("1",)] * 3000)
    assert Evaluation().cell(table, so_far, 2999).value == 3000


def test_shares_of_a_total_sum_to_one_and_a_total_of_zero_is_missing():
    paid = numbers("paid", "paid")
    share = numbers("share", "share", ShareOfTotal(paid), Unit.RATIO)
    table = schedule((paid, share), [("1",), ("1",), ("1",)])
    assert value_of(ColumnTotal(table, share)) == 1
    nothing = schedule((paid, share), [("0",), ("0",)])
    assert Evaluation().cell(nothing, share, 0) == Missing(("a total of paid other than zero",))
    holed = schedule((paid, share), [("1",), (None,)])
    assert Evaluation().cell(holed, share, 0) == Missing(("paid of row 2",))


def test_columns_and_row_operations_are_refused_outside_their_schedule():
    paid = numbers("paid", "paid")
    for node in (paid, ShareOfTotal(paid)):
        with pytest.raises(UnknownOperation, match="outside its schedule"):
            Evaluation().value(node)


def test_a_schedule_refuses_two_columns_of_one_id_and_rows_without_their_cells():
    paid = numbers("paid", "paid")
    with pytest.raises(ValueError, match="two columns of one id"):
        Schedule("s", "s", (paid, numbers("paid", "again")), ())
    with pytest.raises(ValueError, match="cells are not those"):
        Schedule("s", "s", (paid,), (Row("1", {}),))


def test_a_cell_that_differs_by_view_needs_a_column_that_does():
    with pytest.raises(ValueError, match="three views"):
        schedule((numbers("paid", "paid"),), [(by_view("1", "2", "3"),)])
    stated = numbers("paid", "paid", by_view=True)
    assert in_views(ColumnTotal(schedule((stated,), [(by_view("1", "2", "3"),), ("10",)]), stated)) == [11, 12, 13]


# -- keys, as a spreadsheet matches them


@pytest.mark.parametrize("word", [">5", "a*", "=x", "wh?t", "~a", "<b"])
def test_a_key_that_reads_as_a_criterion_is_refused(word):
    keyed = costs((word, "10", "supported"))
    with pytest.raises(Refused, match="E345"):
        value_of(keyed.of("a"))
    with pytest.raises(Refused, match="E345"):
        value_of(THREE.of(word))


@pytest.mark.parametrize(("one", "other"), [("007", "7"), ("E-1", "e-1"), ("1234567890123456", "1234567890123457")])
def test_two_keys_a_spreadsheet_takes_for_one_are_refused(one, other):
    keyed = costs((one, "10", "supported"), (other, "20", "supported"))
    with pytest.raises(Refused, match="E345"):
        value_of(keyed.of(one))


@pytest.mark.parametrize(("one", "other"), [("E-007", "E-7"), ("a.b", "a-b"), ("component 1", "component 10")])
def test_keys_that_differ_to_a_spreadsheet_are_kept_apart(one, other):
    keyed = costs((one, "10", "supported"), (other, "20", "supported"))
    assert value_of(keyed.of(one)) == 10
