"""The formula of a line: real addresses, brackets where Excel needs them, guards where something is missing."""

import pytest
from support.graphs import amount, bands, by_view, costs, leaf, line, schedule, tabs_of, unknown

from rdcredit.figure.apply import UnknownOperation
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import (
    CountRows,
    IsOneOf,
    LookupExact,
    Rounding,
    Unit,
    all_,
    any_,
    numbers,
    running,
    when,
)
from rdcredit.figure.formula import formula
from rdcredit.figure.view import View
from rdcredit.render.layout import At, lay_out

A, B, C = amount("1"), amount("2"), amount("4")
GAP = unknown()


def written(expr, view=View.SUPPORTED, views=(View.SUPPORTED,), **keys):
    """The formula of a line, with the addresses of leaves replaced by their ids."""
    holder = line(expr, **keys)
    tabs = tabs_of([holder], views=views)
    layout = lay_out(tabs, Evaluation())
    text = formula(holder, view, At(layout, "T figures"))
    names = {id(A): "a", id(B): "b", id(C): "c", id(GAP): "gap"}
    for block in tabs[0].blocks[:1]:
        for node in block.lines:
            if id(node) in names:
                text = text.replace(layout.spot(node, view).seen_from("T figures"), names[id(node)])
    return text


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (A + B - C, "a+b-c"),
        (A - (B - C), "a-(b-c)"),
        (A - (B + C), "a-(b+c)"),
        ((A - B) * C, "(a-b)*c"),
        (A * B + C, "a*b+c"),
        (A / (B * C), "a/(b*c)"),
        (A / B / C, "a/b/c"),
        (A / (B / C), "a/(b/c)"),
        (A * 365 / 12, "a*365/12"),
        (when(A > B, A, B), "IF(a>b,a,b)"),
        (all_(A >= B, B.equals(C)), "AND(a>=b,b=c)"),
        (any_(A + B < C), "OR(a+b<c)"),
    ],
)
def test_brackets_stand_where_they_change_the_result_and_nowhere_else(expr, text):
    from rdcredit.figure.expression import Divide

    found = written(expr)
    if isinstance(expr, Divide) and found.startswith("IF("):
        found = found.partition('"missing",')[2][:-1]
    assert found == text


def test_a_line_rounds_inside_the_formula():
    assert written(A * B, rounding=Rounding.WHOLE_DOLLARS) == "ROUND(a*b,0)"
    assert written(A * B, rounding=Rounding.CENTS) == "ROUND(a*b,2)"


def test_another_sheet_is_named_in_the_address():
    holder = line(A + B)
    layout = lay_out(tabs_of([holder], views=(View.SUPPORTED,)), Evaluation())
    assert formula(holder, View.SUPPORTED, At(layout, "Other")).startswith("'T figures'!B")


def test_a_line_without_gaps_has_no_guard():
    assert "missing" not in written(A + B * C)


def test_a_line_on_something_missing_is_guarded():
    assert written(A + GAP) == 'IF(gap="missing","missing",a+gap)'


def test_a_guard_on_a_branch_follows_the_condition():
    assert written(when(A > B, GAP, C)) == 'IF(IF(a>b,gap="missing",FALSE),"missing",IF(a>b,gap,c))'


def test_a_guard_on_any_lets_a_known_yes_settle_it():
    text = written(any_(GAP.equals(0), A.equals(0)), unit=Unit.YES_NO)
    assert text.endswith(',"missing",OR(IF(gap="missing",FALSE,gap=0),a=0))')
    assert 'AND(NOT(OR(IF(gap="missing",FALSE,(gap=0)=TRUE),(a=0)=TRUE)),gap="missing")' in text


def test_a_divisor_that_can_be_zero_is_guarded_and_one_of_the_law_is_not():
    from rdcredit.citation import Citation
    from rdcredit.figure.expression import known
    from rdcredit.figure.origin import FromLaw

    assert written(A / B) == 'IF(b=0,"missing",a/b)'
    assert written(A / 12) == "a/12"
    assert written(A / 0) == 'IF(0=0,"missing",a/0)'
    rate = known("law.rate", "rate", B.value.value, FromLaw("rate", Citation("IRC 41")), Unit.RATIO)
    assert "missing" not in written(A / rate)


def test_totals_add_one_sumifs_for_each_mark_the_view_counts():
    spent = costs(("a", "1", "supported"), ("b", "2", "expected"))
    texts = [written(spent.total(), v) for v in View]
    assert [t.count("SUMIFS(") for t in texts] == [1, 2, 3]
    assert all('"supported"' in t for t in texts)
    assert '"potential"' not in texts[1]


def test_a_total_looks_for_gaps_only_among_the_rows_it_adds():
    spent = costs(("a", "1", "supported"), ("b", None, "potential"))
    text = written(spent.of("a"), View.POTENTIAL)
    assert text.count("COUNTIFS(") == 3
    assert text.index("COUNTIFS(") < text.index("SUMIFS(")


def test_totals_and_lookups_of_an_empty_table():
    nothing = costs()
    assert written(nothing.total()) == "0"
    assert written(nothing.count()) == "0"
    table = bands()
    assert written(LookupExact(A, table.table, table.key, table.result)) == 'IF(TRUE,"missing",NA())'


def test_rows_without_marks_are_summed_and_counted_plainly():
    paid = numbers("paid", "paid")
    table = schedule((paid,), [("1",), ("2",)])
    from rdcredit.figure.expression import ColumnTotal

    assert written(ColumnTotal(table, paid)).startswith("SUM($")
    assert written(CountRows(table)).startswith("ROWS($")


def test_the_first_row_of_a_running_column_takes_the_opening_value():
    paid = numbers("paid", "paid")
    so_far = running("so_far", "so far", A, lambda above: above + paid)
    table = schedule((paid, so_far), [("10",), ("20",)])
    layout = lay_out(tabs_of([A], [table], (View.SUPPORTED,)), Evaluation())
    rows = [formula(so_far, View.SUPPORTED, At(layout, "T figures", table, i)) for i in (0, 1)]
    top = layout.stretch(table, so_far, View.SUPPORTED).first
    assert rows == [f"{layout.spot(A, View.SUPPORTED).seen_from('T figures')}+A{top}", f"B{top}+A{top + 1}"]


def test_each_view_has_its_own_column_of_cells():
    held = by_view("1", "2", "3")
    holder = line(held * 2)
    layout = lay_out(tabs_of([holder]), Evaluation())
    texts = [formula(holder, v, At(layout, "T figures")) for v in View]
    assert [t[0] for t in texts] == ["B", "C", "D"]


def test_a_word_with_a_quotation_mark_cannot_enter_a_formula():
    with pytest.raises(UnknownOperation, match="quotation mark"):
        written(IsOneOf(leaf("x"), ('a",1)+("',)), unit=Unit.YES_NO)


def test_any_and_all_of_nothing_are_words_excel_knows():
    assert written(any_(), unit=Unit.YES_NO) == "FALSE"
    assert written(all_(), unit=Unit.YES_NO) == "TRUE"


def test_a_figure_without_a_cell_is_an_error_not_a_guess():
    holder = line(A + B)
    layout = lay_out(tabs_of([A]), Evaluation())
    with pytest.raises(KeyError, match="stands on no sheet"):
        formula(holder, View.SUPPORTED, At(layout, "T figures"))
