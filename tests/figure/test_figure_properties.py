"""Random graphs: values against exact fractions, formulas against a small reader of Excel's grammar."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from support.formula_reader import FormulaReader
from support.graphs import amount, costs, line, tabs_of, unknown, value_of

from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import Leaf, Unit, all_, any_, floor_at_zero, larger_of, smaller_of, when
from rdcredit.figure.formula import formula
from rdcredit.figure.sentence import sentence
from rdcredit.figure.value import Missing
from rdcredit.figure.view import View
from rdcredit.money import rounded
from rdcredit.render.layout import At, lay_out

GAP = "gap"
AMOUNTS = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=1000)
LEAVES = st.one_of(AMOUNTS.map(lambda v: (amount(v), v)), st.just(None).map(lambda _: (unknown(), GAP)))


def _either(operation):
    return lambda pair: (
        operation(pair[0][0], pair[1][0]),
        GAP if GAP in (pair[0][1], pair[1][1]) else operation(pair[0][1], pair[1][1]),
    )


def _plus(a, b):
    return a + b


def _minus(a, b):
    return a - b


def _times(a, b):
    return a * b


def _over(pair):
    (a, x), (b, y) = pair
    return a / b, GAP if GAP in (x, y) or y == 0 else x / y


def _least(pair):
    (a, x), (b, y) = pair
    return smaller_of(a, b), GAP if GAP in (x, y) else min(x, y)


def _most(pair):
    (a, x), (b, y) = pair
    return larger_of(a, b), GAP if GAP in (x, y) else max(x, y)


def _floor(one):
    a, x = one
    return floor_at_zero(a), GAP if x == GAP else max(x, Fraction(0))


def _branch(four):
    (a, x), (b, y), (then, p), (other, q) = four
    return when(a < b, then, other), GAP if GAP in (x, y) else (p if x < y else q)


TREES = st.recursive(
    LEAVES,
    lambda t: st.one_of(
        st.tuples(t, t).map(_either(_plus)),
        st.tuples(t, t).map(_either(_minus)),
        st.tuples(t, t).map(_either(_times)),
        st.tuples(t, t).map(_over),
        st.tuples(t, t).map(_least),
        st.tuples(t, t).map(_most),
        t.map(_floor),
        st.tuples(t, t, t, t).map(_branch),
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_a_tree_evaluates_to_its_exact_fraction_or_is_missing(tree):
    expr, wanted = tree
    found = value_of(expr)
    assert isinstance(found, Missing) if wanted == GAP else found == wanted


def _balanced(text):
    depth, quoted = 0, False
    for c in text:
        if c == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(c, 0)
        if depth < 0:
            return False
    return depth == 0 and not quoted


def _as_excel_reads_it(expr):
    holder = line(expr)
    tabs = tabs_of([holder], views=(View.SUPPORTED,))
    figures = Evaluation()
    layout = lay_out(tabs, figures)
    text = formula(holder, View.SUPPORTED, At(layout, "T figures"))
    assert _balanced(text)
    cells = {}
    for node in tabs[0].blocks[0].lines:
        if isinstance(node, Leaf):
            value = figures.seen(node)
            cells[layout.spot(node, View.SUPPORTED).seen_from("T figures")] = (
                "missing" if isinstance(value, Missing) else value.value
            )
    return FormulaReader(text, cells).value()


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_the_formula_of_a_tree_has_the_value_of_the_tree(tree):
    expr, wanted = tree
    assert _as_excel_reads_it(expr) == ("missing" if wanted == GAP else wanted)


def _compared(three):
    (left, a), (right, b), is_less = three
    expr = left + 1 < right if is_less else (left + 1).equals(right)
    return expr, GAP if GAP in (a, b) else (a + 1 < b if is_less else a + 1 == b)


def _of_several(build, *, decisive):
    return lambda pairs: (build(*(e for e, _ in pairs)), _settled([w for _, w in pairs], decisive))


def _settled(values, decisive):
    if decisive in [v for v in values if v != GAP]:
        return decisive
    return GAP if GAP in values else not decisive


CONDITIONS = st.recursive(
    st.tuples(LEAVES, LEAVES, st.booleans()).map(_compared),
    lambda t: st.one_of(
        st.lists(t, min_size=1, max_size=3).map(_of_several(any_, decisive=True)),
        st.lists(t, min_size=1, max_size=3).map(_of_several(all_, decisive=False)),
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(CONDITIONS)
def test_a_condition_with_gaps_reads_the_same_in_python_and_in_excel(condition):
    expr, wanted = condition
    found = value_of(expr)
    assert isinstance(found, Missing) if wanted == GAP else found is wanted
    assert _as_excel_reads_it(expr) == ("missing" if wanted == GAP else wanted)


@settings(max_examples=50, deadline=None)
@given(TREES)
def test_every_tree_has_a_sentence_that_ends_with_a_stop(tree):
    said = sentence(line(tree[0], "The figure"), Evaluation())
    assert said.startswith("The figure: ")
    assert said.endswith(".")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), AMOUNTS, st.sampled_from([str(v) for v in View])), max_size=12))
def test_the_totals_of_the_keys_sum_to_the_total_in_every_view(rows):
    spent = costs(*((key, str(value), mark) for key, value, mark in rows))
    for view in View:
        parts = sum(value_of(spent.of(key), view) for key in "abc")
        assert parts == value_of(spent.total(), view)
        assert value_of(spent.count(), view) == sum(1 for _, _, mark in rows if mark in view.counts())


@given(AMOUNTS, st.integers(min_value=0, max_value=6))
def test_rounding_is_symmetric_and_never_off_by_more_than_half(value, places):
    found = rounded(value, places)
    assert rounded(-value, places) == -found
    assert abs(found - value) <= Fraction(1, 2 * 10**places)
    assert (found * 10**places).denominator == 1


@given(AMOUNTS)
def test_units_do_not_change_a_value(value):
    assert value_of(line(amount(value), unit=Unit.RATIO)) == value
