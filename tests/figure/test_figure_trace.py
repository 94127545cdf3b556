"""Walking the graph: inputs of a figure, everything it rests on, cycles."""

import pytest
from support.graphs import amount, costs, line, unknown

from rdcredit.figure.expression import when
from rdcredit.figure.trace import inputs_of, reachable


def test_the_inputs_of_a_figure_are_the_named_things_met_first():
    a, b = amount("1"), amount("2")
    inner = line(a + 1)
    outer = line(inner * b + inner)
    assert inputs_of(outer) == (inner, b)
    assert inputs_of(inner) == (a,)
    assert inputs_of(a) == ()


def test_a_branch_not_taken_is_still_an_input():
    a, b, gap = amount("1"), amount("2"), unknown()
    assert set(inputs_of(line(when(a > b, gap, b)))) == {a, b, gap}


def test_inputs_come_before_what_uses_them_and_each_once():
    spent = costs(("a", "1", "supported"))
    sum_of_all = line(spent.total())
    half = line(sum_of_all / 2)
    order = reachable([half, sum_of_all])
    assert order == (spent.table, sum_of_all, half)


def test_a_total_where_names_the_word_it_looks_for():
    spent = costs(("a", "1", "supported"))
    of_a = line(spent.of("a"))
    assert [type(n).__name__ for n in inputs_of(of_a)] == ["Schedule", "Leaf"]


def test_a_cycle_of_lines_is_an_error_that_names_one_of_them():
    first = line(amount("1"), line_id="s41.first")
    second = line(first + 1, line_id="s41.second")
    object.__setattr__(first, "expr", second + 1)
    with pytest.raises(ValueError, match=r"cycle at s41\.(first|second)"):
        reachable([second])
